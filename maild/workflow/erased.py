"""An erasure that was ordered by mail (security.md, "Confirmed by a second mail"): what waits for it, who hears of it.

The order is remembered as a line of the case, which the erasure itself takes away: it is done once, and whatever stops
the process before, it is done after. The letter that tells of it is written when nothing is left to quote.
"""

from collections.abc import Mapping, Sequence

from maild.domain.case import Case
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address
from maild.domain.value import value
from maild.workflow.facts import Facts
from maild.workflow.holding import NOBODYS
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Line
from maild.workflow.sealholders import who_hears

ORDERED = "erase"
"""Lines that ask for an erasure."""


@value
class Ordered:
    """One erasure that somebody has ordered, and said so twice."""

    number: str
    numbers: tuple[str, ...]
    """The cases that its confirmation named: no more than these are erased by it."""
    by: str
    """First address of who ordered it."""
    reason: str
    message_id: str
    """Of the mail that ordered it: the answer stands below it."""


@value
class Outcome:
    """What became of it."""

    why_not: str = ""
    """A reason code where nothing was erased."""
    mails: int = 0
    left: tuple[tuple[str, str], ...] = ()
    """Copies that maild does not take away: which, and where where that is known."""


def line_for(ordered: Ordered) -> Line:
    """As the database remembers it until it is done."""
    data: dict[str, object] = {"numbers": list(ordered.numbers), "by": ordered.by, "reason": ordered.reason,
                               "message_id": ordered.message_id}  # fmt: skip
    return Line(kind=ORDERED, who=NOBODYS, number=ordered.number, data=data)


def ordered_by(line: Line) -> Ordered:
    """What such a line asks for."""
    said: Mapping[str, object] = line.data
    numbers = said.get("numbers")
    return Ordered(number=line.number or "", numbers=tuple(map(str, numbers)) if isinstance(numbers, list) else (),
                   by=str(said.get("by", "")), reason=str(said.get("reason", "")),
                   message_id=str(said.get("message_id", "")))  # fmt: skip


def one_with(case: Case, facts: Facts) -> tuple[Case, ...]:
    """The case and those that are one with it, merged with it or split from the same letter: they go together."""
    found, reached = {case.number: case}, [case]
    while reached:
        one = reached.pop()
        first = one.split_from or one.number
        for number in dict.fromkeys((*one.absorbed, one.merged_into, one.split_from, *one.links)):
            near = facts.case(number) if number and number not in found else None
            if near is not None and (number not in one.links or first in {near.split_from, near.number}):
                found[number] = near
                reached.append(near)
    return tuple(found.values())


def letters(before: Case, ordered: Ordered, outcome: Outcome, office: Office) -> tuple[Letter, ...]:
    """To who ordered it, what became of it; where it was done, also to the other who may erase.

    `before` is the case with all whom it excludes. No letter holds a word or a Message-ID of what is gone.
    """
    person = office.index.person(ordered.by)
    if person is None:
        return ()
    told: list[tuple[Address, str, bool]] = [(to_person(person), "", False)]
    if not outcome.why_not:
        hears, instead = who_hears(before, person, office, roles=office.pack.routes.erasers)
        told += [(one, person.name, instead) for one in hears]
    return tuple(_letter(to, ordered, outcome, office, by=by, instead=instead) for to, by, instead in told)


def _letter(to: Address, ordered: Ordered, outcome: Outcome, office: Office, *, by: str, instead: bool) -> Letter:
    reader = office.index.person(to.address)
    left: Sequence[Mapping[str, str]] = [{"what": what, "where": where} for what, where in outcome.left]
    data: dict[str, object] = {
        "by": by, "numbers": list(ordered.numbers), "reason": ordered.reason, "why_not": outcome.why_not,
        "mails": outcome.mails, "left": [] if by else list(left), "supervisors": instead,
    }  # fmt: skip
    return Letter(kind=LetterKind.ERASED, to=to, language=reader.language if reader else "zh", case=ordered.number,
                  data=data, lane=Lane.ECHO, in_reply_to="" if by else ordered.message_id)  # fmt: skip
