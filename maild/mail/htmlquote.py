"""HTML as text in which the history that a client wrapped in elements of its own carries `>` marks.

Gmail, Yahoo, Apple, Thunderbird, Outlook, NetEase, Exmail, DingTalk and others say in class, id or style what they
quote. A tokenizer of this module's own, because it must be linear on damaged input; nothing is fetched or run.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from maild.mail.stylesheet import Sheet, style_sheet
from maild.mail.visibility import PLAIN, Look, look_inside

MAX_HTML = 300_000
"""More of a page is not read; what is new stands at its top."""

_TAG = re.compile(r"<(?:!--|[!?]|(/?[a-zA-Z][\w:-]{0,40}))")
_BLANK = re.compile(r"[ \t\r\n\f\xa0]+")
_HEADINGS = frozenset(
    ("h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header", "footer", "address", "fieldset")
)
_BREAKING = _HEADINGS | {
    *("p", "div", "br", "tr", "li", "ul", "ol", "table", "blockquote", "pre", "hr", "center", "dl", "dt", "dd"),
}
_VOID = frozenset(
    ("br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr")
)
_SILENT = frozenset(("script", "style", "head", "title", "template", "noscript"))
_QUOTE_ATTRIBUTES = re.compile(
    r"(?:class|id|name)\s*=\s*[\"']?[^\"'<>]{0,200}?(?<![\w-])(?:x_)*(?:gmail_quote|gmail_attr|yahoo_quoted\w*|"
    r"protonmail_quote|"
    r"moz-cite-prefix|moz-forward-container|tutanota_quote|zmail_extra|mail-quote-collapse|replymessage|"
    r"isreplycontent|isforwardcontent|"
    r"divrplyfwdmsg|olk_src_body_section|appendonsend|mail-editor-reference-message-container|reply-intro|"
    r"ntes[-_]\w{0,30}quote|"
    r"ntes-reply|__aliyun_previous_wrap|alimail-quote|quoted-content|quote-container|"
    r"ms-outlook-mobile-reference-message|"
    r"stopspelling|wissreply|history-quote-wrapper|lark-mail-quote\w*|adit-html-block--quoted|quote[-_]?body|"
    r"mailcontent_quote)(?![\w])",
    re.IGNORECASE,
)
_BELOW_TOO = re.compile(r"(?:divrplyfwdmsg|appendonsend|stopspelling|reply-intro)", re.IGNORECASE)
_CITE = re.compile(
    r"type\s*=\s*[\"']?cite|border-left(?:-\w+)?\s*:\s*(?!none|0\b|medium\s*none)|"
    r"class\s*=\s*[\"']?[^\"'>]{0,80}quote",
    re.IGNORECASE,
)
_SIGN_RULE = re.compile(r"width\s*:\s*(?:50|210)px", re.IGNORECASE)
"""The short rule that QQ Mail and Foxmail draw above a signature, be it a nickname or a card."""
_AUTHORS_OWN = re.compile(r"(?<![\w-])style\s*=|indent", re.IGNORECASE)
"""A blockquote with a style that draws no line is an author's indentation; a bare one is a client's quotation."""
_AROUND_QUOTES = re.compile(r"gmail_quote(?!\w*_attr)", re.IGNORECASE)
"""Gmail wraps the attribution and all quotations of a reply, and with them what is answered between them."""
_FORWARDED = re.compile(r"-{5,}")
_TYPED_NOW = re.compile(r"class\s*=\s*[\"']?[^\"'>]{0,200}?(?<![\w-])(?:elementToProof|ContentPasted\d)(?![\w-])")
"""What Outlook on the web marks as written in this mail; in what it quotes, it puts x_ before every class."""
_ANNOUNCES = re.compile(
    r"见下|如下|下面|下方|以下|逐条|逐一|[红蓝绿]字|[红蓝绿]色|邮件中|原文中|文中"
    r"|in ?line|below|in (?:red|blue|green)|within|comments",
    re.IGNORECASE,
)
"""What stands at the top of a mail whose answers stand in the quoted one."""
_ANNOUNCED_IN = 80


@dataclass
class _Element:
    """An open element; `quoting`, `silent` and `own` say what it adds to the writer while it is open."""

    name: str
    quoting: bool
    silent: bool
    own: bool
    look: Look
    """How the text before it looked."""


@dataclass
class _Writer:
    """Text so far, and how many quoting elements are open."""

    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    stack: list[_Element] = field(default_factory=list)
    look: Look = PLAIN
    sheet: Sheet = field(default_factory=dict)
    quoted: int = 0
    silent: int = 0
    own: int = 0
    below: bool = False
    found: bool = False
    around: _Element | None = None
    """The element around all quotations, as long as it may be one between which answers stand."""
    answers: list[int] = field(default_factory=list)
    """The lines below a header block that may be answers."""

    def break_line(self, *, force: bool = False) -> None:
        text = _BLANK.sub(" ", "".join(self.line)).strip()
        if text or force:
            own = self.below and self.own and not self.quoted
            mark = "> " if self.quoted or (self.below and not own) else ""
            if own:
                self.answers.append(len(self.lines))
            self.lines.append(mark + text if text else mark.strip())
        self.line = []

    def marked(self) -> list[str]:
        """The lines; answers within a quoted mail count where nothing else was written, or what announces them."""
        top = "".join(one for one in self.lines[: self.answers[0]] if not one.startswith(">")) if self.answers else ""
        if top.strip(" _-") and not (len(top) <= _ANNOUNCED_IN and _ANNOUNCES.search(top)):
            for index in self.answers:
                self.lines[index] = f"> {self.lines[index]}".strip()
        return self.lines


def marked_text(page: str) -> tuple[str, bool]:
    """The page as text with `>` before history, and whether its structure showed any."""
    writer = _Writer(sheet=style_sheet(page[:MAX_HTML]))
    for kind, content in _tokens(page[:MAX_HTML]):
        if kind == "text":
            _write(writer, content)
        elif kind.startswith("/"):
            _close(writer, kind[1:])
        else:
            _open(writer, kind, content)
    writer.break_line()
    return "\n".join(writer.marked()), writer.found


def _tokens(page: str) -> Iterator[tuple[str, str]]:
    """Pairs of tag name and attributes, or of "text" and characters; each character is looked at a bounded time."""
    at = 0
    while tag := _TAG.search(page, at):
        if tag.start() > at:
            yield "text", page[at : tag.start()]
        closing = "-->" if tag[0] == "<!--" else ">"
        end = page.find(closing, tag.end())
        if end < 0:
            at = tag.end() if closing == "-->" else len(page)
            break
        if tag[1]:
            yield tag[1].lower(), page[tag.end() : min(end, tag.end() + 2000)]
        at = end + len(closing)
    yield "text", page[at:]


def _write(writer: _Writer, characters: str) -> None:
    if writer.silent or writer.look.hidden:
        return
    written = html.unescape(characters[:200]).strip() if writer.around is not None else ""
    if written and (writer.quoted == 1 or _FORWARDED.search(written)):
        # Words of its own before the first quotation: a forwarded mail, all of it history.
        writer.around = None
    kept = bool(writer.stack) and writer.stack[-1].name == "pre"
    first, *more = html.unescape(characters).split("\n") if kept else [html.unescape(characters)]
    writer.line.append(first)
    for one in more:
        writer.break_line(force=True)
        writer.line.append(one)


def _open(writer: _Writer, name: str, attributes: str) -> None:
    if name in _BREAKING:
        writer.break_line(force=name == "br")
    if name in ("td", "th", "img"):
        writer.line.append(" ")
    if name == "hr":
        rule = "-- " if _SIGN_RULE.search(attributes) else "_" * 32
        writer.lines.append("> " + "_" * 32 if writer.quoted or writer.below else rule)
    quoting = _quotes(name, attributes)
    if quoting and _BELOW_TOO.search(attributes):
        writer.below = writer.found = True
    if name in _VOID or attributes.endswith("/"):
        return
    if len(writer.stack) < 2000:
        own = writer.below and _TYPED_NOW.search(attributes) is not None
        element = _Element(name, quoting, name in _SILENT, own, writer.look)
        if quoting and not writer.quoted and name == "div" and _AROUND_QUOTES.search(attributes):
            writer.around = element
        writer.stack.append(element)
        writer.look = look_inside(writer.look, attributes, writer.sheet)
        writer.quoted += quoting
        writer.silent += element.silent
        writer.own += own
        writer.found = writer.found or quoting


def _quotes(name: str, attributes: str) -> bool:
    if name == "blockquote" and (_CITE.search(attributes) or not _AUTHORS_OWN.search(attributes)):
        return True
    if not attributes:
        return False
    return bool(_QUOTE_ATTRIBUTES.search(attributes))


def _close(writer: _Writer, name: str) -> None:
    if name in _BREAKING:
        writer.break_line(force=name == "p")
    for depth in range(len(writer.stack) - 1, max(-1, len(writer.stack) - 30), -1):
        if writer.stack[depth].name == name:
            writer.look = writer.stack[depth].look
            for one in writer.stack[depth:]:
                writer.quoted -= one.quoting
                writer.silent -= one.silent
                writer.own -= one.own
            closed = writer.stack[depth]
            del writer.stack[depth:]
            _let_answers_stand(writer, closed)
            return


def _let_answers_stand(writer: _Writer, closed: _Element) -> None:
    """Behind the first quotation within an element around all of them, what is not quoted again is an answer."""
    around = writer.around
    if around is None or closed is around:
        writer.around = None
    elif closed.quoting and closed.name == "blockquote" and writer.quoted == 1:
        around.quoting, writer.quoted, writer.around = False, 0, None
