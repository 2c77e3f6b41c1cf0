"""A forwarded mail is judged by its original where the text on top only hands it on."""

import re

from maild.domain.verdict import Writing

_PREFIX = re.compile(r"\s*(?:fwd?|wg|tr|转发|轉發|转寄|轉寄|转|轉)\s*[:：]", re.IGNORECASE)
_FROM = re.compile(r"^[>\s]*(?:发件人|發件人|寄件者|寄件人|from|von|de)\s*[:：].*$", re.IGNORECASE | re.MULTILINE)
_HEADER = re.compile(
    r"[>\s]*(?:发件人|發件人|寄件者|寄件人|收件人|收件者|抄送|副本|日期|发送时间|傳送時間|时间|主题|主旨|"
    r"from|to|cc|date|sent|subject|von|an|gesendet|betreff)\s*[:：]",
    re.IGNORECASE,
)
_LONGEST_NOTE = 200


def matter(writing: Writing) -> str:
    """The text to judge: the newest text, and below it the innermost forwarded original."""
    if not _PREFIX.match(writing.subject) or len(writing.text) > _LONGEST_NOTE or writing.text in {"", writing.quoted}:
        return writing.text
    starts = [found.start() for found in _FROM.finditer(writing.quoted)]
    if not starts:
        return writing.text
    return f"{writing.text}\n{_original(writing.quoted[starts[-1] :])}"


def _original(block: str) -> str:
    """Its author's line and its words, without the other header lines."""
    lines = block.split("\n")
    rest = lines[1:]
    while rest and (not rest[0].strip() or _HEADER.match(rest[0])):
        rest = rest[1:]
    return "\n".join([lines[0], *rest])
