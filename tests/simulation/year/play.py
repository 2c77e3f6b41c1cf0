"""One year of the office: mail comes by the almanac, people answer, files change, nights are short; oracles watch."""

import heapq
import logging
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

from tests.simulation.dice import Dice
from tests.simulation.year.almanac import DAY, Almanac, instant, local
from tests.simulation.year.letters import MIX, Draft, Letters
from tests.simulation.year.office import Arrived, Office
from tests.simulation.year.people import People, Words
from tests.simulation.year.post import answer, letter
from tests.simulation.year.tree import Tree, read

FIRST = date(2026, 1, 5)
MEMORY = Path("/dev/shm")  # noqa: S108  files that nobody keeps need no disk
GRID = timedelta(minutes=15)
A_DAY = 5
"""New letters of a working day; with what people write because of them some twenty mails and more."""


@dataclass
class Written:
    """One mail that was delivered to the office."""

    at: datetime
    digest: str
    sender: str
    draft: Draft | None = None
    words: Words | None = None
    authentic: bool = True


@dataclass
class Year:
    """What is played, and all that was seen of it."""

    office: Office
    dice: Dice
    days: int
    a_day: int = A_DAY
    first: date = FIRST
    kinds: Sequence[str] = MIX
    almanac: Almanac = field(default_factory=Almanac)
    written: list[Written] = field(default_factory=list)
    arrived: list[Arrived] = field(default_factory=list)
    changes: list[datetime] = field(default_factory=list)
    """When directory or calendar were changed."""
    known_delegates: set[str] = field(default_factory=set)
    asked: Counter[str] = field(default_factory=Counter)
    """How often each oracle had something to look at."""
    _coming: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _count: int = 0

    def __post_init__(self) -> None:
        self.letters = Letters(self.dice, self.kinds)
        self.trees: list[tuple[datetime, Tree]] = []
        self.once_entitled: set[str] = set()
        """Who was of HR or of the GM's office once."""
        self.look()
        self.people = People(self.dice, self.almanac, self.letters, self._type_of, self._handler_of)

    @property
    def tree(self) -> Tree:
        """The directory as the oracle reads it now."""
        return self.trees[-1][1]

    def tree_at(self, at: datetime) -> Tree:
        """The directory that was in force then."""
        return next((tree for since, tree in reversed(self.trees) if since <= at), self.trees[0][1])

    def changed_between(self, start: datetime, end: datetime) -> bool:
        """Whether files changed in between, so that what was reckoned before stands as it was."""
        return any(start <= at <= end for at in self.changes)

    def look(self) -> None:
        """The oracle reads the directory file."""
        self.trees.append((self.office.now, read(self.office.directory.read_text("utf-8"))))

    def at(self, moment: datetime, act: Callable[[], None]) -> None:
        """Something happens then."""
        self._count += 1
        heapq.heappush(self._coming, (moment, self._count, act))

    def play(self) -> None:
        """From the first morning to the last evening."""
        end = instant(self.first + self.days * DAY, time(0))
        for ahead in range(self.days):
            self._plan_day(self.first + ahead * DAY)
        while self.office.now < end:
            self._happen()
            self._pass()
            self.office.now = min(self._next(), end)

    def write(
        self, raw: bytes, sender: str, *, draft: Draft | None = None, words: Words | None = None, authentic: bool = True
    ) -> None:
        """A mail arrives."""
        digest = self.office.deliver(raw, authentic=authentic)
        self.written.append(
            Written(at=self.office.now, digest=digest, sender=sender, draft=draft, words=words, authentic=authentic)
        )

    def _plan_day(self, day: date) -> None:
        count = self.a_day - 4 + self.dice.below(9) if self.almanac.works(day) else self.dice.below(3)
        for _ in range(count):
            minutes = 7 * 60 + self.dice.below(14 * 60)
            moment = instant(day, time(minutes // 60, minutes % 60))
            draft = self.letters.next()
            self.at(moment, partial(self._send, draft, moment))

    def _send(self, draft: Draft, moment: datetime) -> None:
        self.write(letter(draft, moment), draft.sender, draft=draft)

    def _happen(self) -> None:
        while self._coming and self._coming[0][0] <= self.office.now:
            heapq.heappop(self._coming)[2]()

    def _pass(self) -> None:
        new = self.office.one_pass()
        self.arrived += new
        for one in new:
            for words in self.people.read(one):
                self._count += 1
                mark = f"r{self._count}"
                self.at(words.at, partial(self._answer, words, mark))

    def _answer(self, words: Words, mark: str) -> None:
        sender = words.sender or words.to.to
        closed = words.about == "order" and self._state_of(words.to.number) in {"closed", "merged"}
        if sender in self.people.gone or (closed and self.dice.hits(0.95)):
            return
        raw = answer(words.to, words.text, words.at, mark, sender=sender, machine=words.machine)
        self.write(raw, sender, words=words)

    def _next(self) -> datetime:
        """The next quarter of an hour in which something may happen, and each morning's."""
        now = self.office.now
        moments = [at for at in (self._coming[0][0] if self._coming else None, self.office.next_due()) if at]
        morning = local(now)
        clocks = (time(8, 30), time(9))
        moments += [instant(morning.date() + (morning.time() >= clock) * DAY, clock) for clock in clocks]
        soonest = max(min(moments), now + timedelta(minutes=1))
        return _on_grid(soonest)

    def _type_of(self, number: str) -> str:
        found = self.office.rows('select type from "case" where number = :number', number=number)
        return str(found[0][0]) if found else ""

    def _state_of(self, number: str) -> str:
        found = self.office.rows('select state from "case" where number = :number', number=number)
        return str(found[0][0]) if found else ""

    def _handler_of(self, number: str) -> str:
        found = self.office.rows('select handler from "case" where number = :number', number=number)
        return str(found[0][0]) if found else ""


def _on_grid(moment: datetime) -> datetime:
    begin = moment.replace(minute=0, second=0, microsecond=0)
    steps = -((begin - moment) // GRID)
    return begin + steps * GRID


@contextmanager
def playing(
    seed: int, days: int, *, first: date = FIRST, a_day: int = A_DAY, kinds: Sequence[str] = MIX
) -> Iterator[Year]:
    """A year that is ready to be played; it is gone afterwards."""
    logger = logging.getLogger("maild")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
            dice = Dice(seed, 0.0)
            with Office(Path(folder), dice, instant(first, time(8))) as office:
                yield Year(office=office, dice=dice, days=days, a_day=a_day, first=first, kinds=kinds)
    finally:
        logger.setLevel(before)
