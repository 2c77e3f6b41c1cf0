"""A sealed letter's own words without what could tell who wrote it, and what was cut (security.md, "The seal").

Too much is cut rather than too little: every telephone, address and number goes, whoever's it is. What the words tell
by themselves ("I am the only woman on the night shift") nobody but a person can find.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from maild.domain.alias import by_what_known, searched
from maild.domain.case import Case
from maild.domain.disguise import plain, replaced, seeker_of_calls
from maild.domain.value import value
from maild.mail.contacts import is_contact_line, is_name_line
from maild.mail.knownby import ADDRESS, LABELLED, NUMBERS, is_label_of

NAME, AT, NUMBER, SIGNATURE = "name", "address", "number", "signature"
_MARKS = {True: "[已隐去]", False: "[removed]"}
_HAN = re.compile(r"[\u3400-\u9fff]")
_LAST_LINES = 5


@value
class Cut:
    """How often something of one kind was cut out of one paragraph."""

    part: int
    what: str
    count: int


@value
class Redacted:
    """The paragraphs that are left, numbered from 1 as they stand, and what was cut out of each."""

    parts: tuple[str, ...]
    cuts: tuple[Cut, ...]


def redacted(texts: Sequence[str], case: Case) -> Redacted:
    """The words of these letters as they may leave; the case says by what its requester could be known."""
    parts: list[str] = []
    cuts: list[Cut] = []
    for text in texts:
        own = _Cutting(case, _MARKS[bool(_HAN.search(text))])
        for paragraph in _paragraphs(own.unsigned(text)):
            parts.append(own.cleaned(paragraph))
            cuts += own.counted(len(parts))
    return Redacted(parts=tuple(parts), cuts=tuple(cuts))


class _Cutting:
    """Cuts one letter, and counts."""

    def __init__(self, case: Case, mark: str) -> None:
        self._people, self._numbers = searched(case)
        self._calls, self._blamed = seeker_of_calls(by_what_known(case).names), frozenset(case.names)
        self._signed, self._mark = frozenset(case.known_by.lines), mark
        self._count: Counter[str] = Counter()

    def unsigned(self, text: str) -> str:
        """The text with one mark where it was signed: known lines anywhere, names and ways to reach one at the end."""
        lines = text.strip().splitlines()
        gone = {at for at, line in enumerate(lines) if line.strip() in self._signed and line.strip()}
        for at in range(len(lines) - 1, max(0, len(lines) - 1 - _LAST_LINES), -1):
            line = lines[at].strip()
            if line and at not in gone and not (is_contact_line(line) or is_name_line(line)):
                break
            gone |= {at} if line else set()
        kept = ["\0" if at in gone else line for at, line in enumerate(lines)]
        return re.sub(r"\0(?:\s*\0)*", "\0", "\n".join(kept))

    def cleaned(self, paragraph: str) -> str:
        """One paragraph, everything that tells put under the mark."""
        done = replaced(ADDRESS, lambda _found: self._cut(AT), paragraph)
        for pattern in NUMBERS:
            done = replaced(pattern, lambda _found: self._cut(NUMBER), done)
        done = self._numbers.sub(lambda _found: self._cut(NUMBER), done)
        done = replaced(LABELLED, self._labelled, done)
        done = self._people.sub(lambda found: self._cut(AT if "@" in plain(found) else NAME), done)
        done = self._calls.sub(lambda found: found if found in self._blamed else self._cut(NAME), done)
        return done.replace("\0", self._cut(SIGNATURE)) if "\0" in done else done

    def counted(self, part: int) -> Iterator[Cut]:
        """What was cut since the last time this was asked."""
        yield from (Cut(part=part, what=what, count=count) for what, count in sorted(self._count.items()))
        self._count.clear()

    def _labelled(self, found: str) -> str:
        """工号 A102317 keeps its label."""
        said = LABELLED.fullmatch(plain(found))
        if said is None or not is_label_of(said):
            return found
        return found[: said.start(1)] + self._cut(NUMBER)

    def _cut(self, what: str) -> str:
        self._count[what] += 1
        return self._mark


def _paragraphs(text: str) -> list[str]:
    """Parted by empty lines; by every line where there are none, as from a telephone."""
    blocks = [one.strip() for one in re.split(r"\n[ \t\u3000]*\n", text) if one.strip()]
    lines = [one.strip() for one in text.splitlines() if one.strip()]
    return blocks if len(blocks) > 1 else lines
