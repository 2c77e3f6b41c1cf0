"""What the author wrote new: no banner, no quoted history, no signature, no disclaimer (parse-contract.md)."""

import re

from maild.mail.banners import BANNERS, without_banner
from maild.mail.htmlquote import marked_text
from maild.mail.quoting import Passage, is_marked, own_passages
from maild.mail.signature import without_signature

_INVISIBLE = re.compile("[\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad]")
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
MAX_TEXT, MAX_LINES = 500_000, 6_000
"""What lies beyond is kept with the mail, but not read for what is new."""
_BLANK_RUN = re.compile(r"\n{4,}")


def fresh_text(text: str, html: str = "", *, author_name: str = "", banners: tuple[str, ...] = BANNERS) -> str:
    """What the author wrote new; "" when there is only a quotation.

    `html` helps where the client marked the history by elements and `text` carries no marks. With `author_name`
    a signature that begins with that name is known for certain.
    """
    lines = _lines(text)
    from_text = _fresh(lines, author_name, banners)
    if not html or any(is_marked(line) for line in lines):
        return from_text
    marked, found = marked_text(html)
    from_html = _fresh(_lines(marked), author_name, banners)
    if found:
        return from_html if from_html or _is_all_history(marked) else from_text
    return from_html if _is_beginning(from_html, from_text) else from_text


def _is_all_history(marked: str) -> bool:
    return all(is_marked(line) for line in marked.split("\n") if line.strip())


def _is_beginning(short: str, long: str) -> bool:
    """Whether `long` only goes on where `short` ends: the page showed an end that its text did not."""
    return bool(short) and "".join(long.split()).startswith("".join(short.split()))


def _lines(text: str) -> list[str]:
    clean = _INVISIBLE.sub("", _LINE_END.sub("\n", text[:MAX_TEXT])).replace("\xa0", " ")
    return [line.rstrip() if line != "-- " else line for line in clean.split("\n")[:MAX_LINES]]


def _fresh(lines: list[str], author_name: str, banners: tuple[str, ...]) -> str:
    start = next((index for index, line in enumerate(lines) if line.strip()), len(lines))
    passages = own_passages(without_banner(lines[start:], banners))
    kept = [_own(one, author_name, last=index == len(passages) - 1) for index, one in enumerate(passages)]
    return _BLANK_RUN.sub("\n\n\n", "\n\n".join(one for one in kept if one)).strip()


def _own(passage: Passage, author_name: str, *, last: bool) -> str:
    lines = list(passage.lines)
    trimmed = without_signature(lines, author_name=author_name) if last or passage.quoted_below else lines
    return "\n".join(trimmed).strip("\n").rstrip()
