"""A connection is cut at every command of a pass: before the server heard it, and when its answer was lost."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from maild.domain.value import value
from tests.journeys.desk import TestDesk
from tests.journeys.post import mail
from tests.journeys.proxy import END_OF_MAIL, BadLine
from tests.journeys.varied import copies, doubled, unaccounted

LATER = timedelta(hours=1)
"""By when a mail whose answer was lost was tried again."""
USUAL = 2
"""Passes without harm before: the first one makes folders and writes more letters than later ones."""
Deliver = Callable[[bytes], object]


@value
class Swept:
    """What came of a sweep."""

    places: int
    harmed: int
    lost: int
    """How often the answer to a letter's data was lost."""
    broken: tuple[str, ...]
    """Promises that were not kept, each with its place."""


def through(desk: TestDesk, port: int, line: BadLine) -> None:
    """From now on the installation reaches the server of this port over the line."""
    config = desk.folder / "maild.toml"
    config.write_text(config.read_text("utf-8").replace(f"port = {port}\n", f"port = {line.port}\n"), "utf-8")


def new_mail(number: int) -> bytes:
    """A mail of somebody new."""
    return mail(f"投诉：第 {number} 台机器坏了", sender=f"customer{number}@mail-a.example")


def sweep_commands(
    desk: TestDesk, line: BadLine, deliver: Deliver, *, reaches: bool, places: slice = slice(None)
) -> Swept:
    """For each of these commands of a pass one new mail over a line that breaks there, then over a good one.

    `reaches`: the server hears the command, and its answer is lost.
    """
    for number in range(USUAL):
        deliver(new_mail(number))
        desk.later(LATER)
    commands, broken = range(1, line.carried.commands + 1)[places], list[str]()
    for number, place in enumerate(commands, USUAL):
        broken += _cut(desk, line, deliver, reaches=reaches, at=(number, place))
    return Swept(places=len(commands), harmed=line.harmed, lost=_lost(line), broken=tuple(broken))


def _cut(desk: TestDesk, line: BadLine, deliver: Deliver, *, reaches: bool, at: tuple[int, int]) -> Iterator[str]:
    number, place = at
    deliver(new_mail(number))
    line.cut_command(place, reaches=reaches)
    desk.one_pass()
    line.good()
    desk.later(LATER)
    wrong = unaccounted(desk)
    if len(desk.cases()) != number + 1:
        wrong.append(f"{len(desk.cases())} cases of {number + 1} mails")
    if doubled(desk) != _lost(line):
        wrong.append(f"{doubled(desk)} letters arrived twice, {_lost(line)} answers were lost")
    wrong += [f"{ident} lies in Sent {count} times" for ident, count in copies(desk).items() if count > 1]
    yield from (f"command {place}: {sentence}" for sentence in wrong)


def _lost(line: BadLine) -> int:
    return sum(said.endswith(END_OF_MAIL) for said in line.unanswered)
