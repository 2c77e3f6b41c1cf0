"""HTML as text a person can read: blocks as lines, cells with a gap between them, no script, no style, nothing hidden.

Read once from left to right; what is damaged is taken as text, and nothing is fetched or run.
"""

import html
import re
from collections.abc import Iterator

from maild.mail.stylesheet import Sheet, style_sheet
from maild.mail.visibility import PLAIN, Look, look_inside

_TAG = re.compile(r"<(?:!--|[!?]|(/?[a-zA-Z][\w:-]{0,40}))")
_META_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_BLANK = re.compile(r"[ \t\r\n\f\v\xa0]+")
_PARAGRAPH = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "ul", "ol", "table", "dl"])
_LINE = frozenset(
    [
        *("address", "article", "aside", "center", "dd", "div", "dt", "fieldset", "figure", "footer", "form", "header"),
        *("hr", "li", "main", "nav", "section", "tr", "caption", "body", "option", "legend"),
    ]
)
_VOID = frozenset(["br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "wbr"])
_SILENT = frozenset(["script", "style", "head", "title", "template", "noscript", "object", "select"])
_MANY_LINES = re.compile(r"\n{3,}")
_DEEPEST = 400


def declared_charset(page: bytes) -> str | None:
    """The charset that the page's own `meta` names."""
    found = _META_CHARSET.search(page, 0, 4096)
    return found[1].decode("ascii") if found else None


def tokens(page: str) -> Iterator[tuple[str, str]]:
    """Pairs of tag name (with "/" when closing) and attributes, or of "" and characters."""
    at = 0
    while tag := _TAG.search(page, at):
        if tag.start() > at:
            yield "", page[at : tag.start()]
        closing = "-->" if tag[0] == "<!--" else ">"
        end = _end(page, tag.end(), closing)
        if end < 0:
            at = len(page) if closing == "-->" or not tag[1] else tag.end()
            break
        if tag[1]:
            yield tag[1].lower(), page[tag.end() : min(end, tag.end() + 4000)]
        at = end + len(closing)
    yield "", page[at:]


def _end(page: str, start: int, closing: str) -> int:
    """Where a tag or comment ends; a `>` between quotation marks of an attribute does not end it."""
    end = page.find(closing, start)
    if closing == ">" and end >= 0:
        inside = page[start:end]
        for mark in ('="', "='"):
            if inside.count(mark) and inside.count(mark[1], inside.rfind(mark)) == 1:
                quote = page.find(mark[1], end, end + 2000)
                behind = page.find(closing, quote) if quote >= 0 else -1
                return behind if 0 <= behind < end + 4000 else end
    return end


class _Writer:
    """The text so far and the elements that are open."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._lines: list[str] = []
        self._line: list[str] = []
        self._open: list[tuple[str, bool, Look]] = []
        self._look = PLAIN
        self._silent = 0
        self._kept = 0

    def text(self) -> str:
        """Everything, lines trimmed, never more than one blank line in a row."""
        self.end_line()
        return _MANY_LINES.sub("\n\n", "\n".join(self._lines)).strip("\n")

    def characters(self, text: str) -> None:
        """Running text; its own line ends count only inside `pre`."""
        if self._silent or self._look.hidden:
            return
        text = html.unescape(text) if "&" in text else text
        if not self._kept:
            self._line.append(text)
            return
        *lines, last = text.replace("\r\n", "\n").split("\n")
        for line in lines:
            self._line.append(line)
            self.end_line(force=True)
        self._line.append(last)

    def end_line(self, *, force: bool = False) -> None:
        """Begin a new line where something stands on this one, or in any case."""
        joined = "".join(self._line)
        text = joined.rstrip() if self._kept else _BLANK.sub(" ", joined).strip()
        if text or force:
            self._lines.append(text)
        self._line = []

    def open(self, name: str, attributes: str) -> None:
        """An element begins."""
        self._part(name, closing=False)
        if name in _VOID or (attributes.endswith("/") and name not in _LINE and name not in _PARAGRAPH):
            return
        if len(self._open) < _DEEPEST:
            silent = name in _SILENT
            self._open.append((name, silent, self._look))
            self._look = look_inside(self._look, attributes, self._sheet)
            self._silent += silent
            self._kept += name == "pre"

    def close(self, name: str) -> None:
        """An element ends, with those inside that were left open."""
        for depth in range(len(self._open) - 1, max(-1, len(self._open) - 40), -1):
            if self._open[depth][0] == name:
                self._look = self._open[depth][2]
                for inner, silent, _ in self._open[depth:]:
                    self._silent -= silent
                    self._kept -= inner == "pre"
                del self._open[depth:]
                break
        self._part(name, closing=True)

    def _part(self, name: str, *, closing: bool) -> None:
        """The line ends, gaps and marks that belong to an element's edge."""
        if self._silent:
            return
        if name == "br":
            self.end_line(force=True)
        elif name in _PARAGRAPH:
            self.end_line()
            self._blank_line()
        elif name in _LINE:
            self.end_line()
            self._line += ["- "] if name == "li" and not closing else []
        elif name in {"td", "th"}:
            self._line.append(" ")

    def _blank_line(self) -> None:
        if self._lines and self._lines[-1]:
            self._lines.append("")


def html_text(page: str) -> str:
    """The page as text."""
    writer = _Writer(style_sheet(page))
    for name, content in tokens(page):
        if not name:
            writer.characters(content)
        elif name[0] == "/":
            writer.close(name[1:])
        else:
            writer.open(name, content)
    return writer.text()
