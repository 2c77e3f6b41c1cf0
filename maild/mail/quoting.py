"""Tells the author's own lines from quoted history.

Three things begin history: a header block or separator (all below is old), an attribution line (what is marked with
`>` below it is old; without marks, all of it), and `>` marks by themselves. Lines between quoted lines are answers
and stay. Every step looks at each line a bounded number of times.
"""

import re
from dataclasses import dataclass

from maild.mail.attribution import Attribution, attributions
from maild.mail.headerblock import header_block, inline_block, is_rule, is_separator, is_title

_MARK = re.compile(r"^[ \t\u3000]{0,4}[>＞]")
_NO_MARK = re.compile(r"<{2,}\s*$")
_OPEN_LINK = re.compile(r"[<(]\s?(?:https?://|mailto:|www\.)[^<>()\s]*\s*$", re.IGNORECASE)
_LINK_END = re.compile(r"^\s*(?:\(https?://[^\s()]{1,500}\)|[^\s()]{0,500}\))\s*>?\s*$")
_GAP = 6
"""Lines between a rule or title and the header block below it; QQ Mail's app leaves five."""
_HEAD_ONLY = re.compile(r"^[ \t]{0,4}[>＞][\s>＞]*$")


@dataclass(frozen=True)
class Passage:
    """Lines that the author wrote in one go; `quoted_below` where history follows them."""

    lines: tuple[str, ...]
    quoted_below: bool


def is_marked(line: str) -> bool:
    """Whether the line carries a quotation mark."""
    return bool(_MARK.match(line)) and not _NO_MARK.search(line[-20:])


def own_passages(lines: list[str]) -> tuple[Passage, ...]:
    """What the author wrote, in order, without the quoted history."""
    return _Reader(lines).read()


class _Reader:
    """One walk over the lines of a text."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._heads = attributions(lines)
        self._passages: list[Passage] = []
        self._own: list[str] = []
        self._at = 0
        self._memo_end = -1

    def read(self) -> tuple[Passage, ...]:
        while self._at < len(self._lines) and self._step():
            pass
        self._close(quoted_below=self._at < len(self._lines))
        return tuple(self._passages)

    def _step(self) -> bool:
        """Read on from here; False where everything below is history."""
        line = self._lines[self._at]
        head = self._heads.get(self._at)
        if head is not None and (head.sure or self._marked_after(head.end)):
            return self._pass_attribution(head)
        if is_marked(line) and not self._closes_link():
            return self._pass_marked()
        if line.strip():
            return self._pass_written(line)
        self._own.append(line)
        self._at += 1
        return True

    def _pass_written(self, line: str) -> bool:
        end = self._history_head()
        if end >= 0:
            return self._pass_head(end)
        inline = inline_block(line)
        if inline >= 0:
            self._own.append(line[:inline])
            return False
        self._own.append(line)
        self._at += 1
        return True

    def _history_head(self) -> int:
        """The last line of a separator or header block that begins here; -1 for a line of the author."""
        if is_separator(self._lines, self._at):
            return self._at
        line = self._lines[self._at]
        start = self._first_after(self._at) if is_rule(line) or is_title(line) else self._at
        if start >= len(self._lines) or start - self._at > _GAP or start <= self._memo_end:
            return -1
        block = header_block(self._lines, start)
        if block is not None and not block.sent and not self._has_text():
            self._memo_end = block.end
            return -1
        return block.end if block is not None else -1

    def _has_text(self) -> bool:
        return bool(self._passages) or any(one.strip() for one in self._own)

    def _pass_head(self, end: int) -> bool:
        if not self._marked_after(end):
            return False
        self._close(quoted_below=True)
        self._at = end + 1
        return True

    def _pass_attribution(self, head: Attribution) -> bool:
        if head.before.strip():
            self._own.append(head.before)
        return self._pass_head(head.end)

    def _first_after(self, index: int) -> int:
        at = index + 1
        while at < len(self._lines) and not self._lines[at].strip():
            at += 1
        return at

    def _marked_after(self, index: int) -> bool:
        """Whether the first written line after `index` carries a mark."""
        at = self._first_after(index)
        return at < len(self._lines) and is_marked(self._lines[at])

    def _closes_link(self) -> bool:
        return self._at > 0 and bool(_OPEN_LINK.search(self._lines[self._at - 1][-600:]))

    def _pass_marked(self) -> bool:
        self._close(quoted_below=True)
        while self._at < len(self._lines) and (is_marked(self._lines[self._at]) or self._runs_on()):
            self._at += 1
        return True

    def _runs_on(self) -> bool:
        """The tail of a quoted line that a client wrapped, or of a link; the mark was lost at the fold."""
        line, above = self._lines[self._at], self._lines[self._at - 1]
        if not line.strip() or self._at + 1 >= len(self._lines) or not is_marked(self._lines[self._at + 1]):
            return False
        if _LINK_END.match(line[:600]):
            return True
        wrapped = is_marked(above) and len(above) >= 60 and len(line) <= 25
        return wrapped and (line.lstrip()[:1].islower() or not _HEAD_ONLY.match(self._lines[self._at + 1]))

    def _close(self, *, quoted_below: bool) -> None:
        if any(one.strip() for one in self._own):
            self._passages.append(Passage(tuple(self._own), quoted_below))
        self._own = []
