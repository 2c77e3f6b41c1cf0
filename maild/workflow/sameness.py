"""Two letters of one writer that are perhaps the same: marked and offered to be merged, never merged (casework 2)."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from difflib import SequenceMatcher

from maild.domain.case import Case, State
from maild.domain.directory import Person
from maild.domain.merging import OVER, why_not
from maild.domain.permission import standing
from maild.domain.verb import COORDINATOR
from maild.workflow.facts import Facts
from maild.workflow.office import Office
from maild.workflow.plan import Line
from maild.workflow.sight import Sight, is_barred, may_read_letter, sight

SAME = "perhaps-same"
"""A line of the digest: two open cases that are perhaps one."""
SAME_WITHIN = timedelta(days=7)
_ALIKE = 0.6
_COMPARED = 2000
_MOST = 20


def perhaps_same(case: Case, facts: Facts) -> Sequence[Case]:
    """Cases of the same sender within seven days whose text is alike; a merged one stands for nothing any more."""
    if not case.requester.address:
        return ()
    earlier = facts.cases_of(case.requester.address, case.received - SAME_WITHIN)
    others = (one for one in earlier if one.number != case.number and one.state is not State.MERGED)
    return [one for one in others if one.requester.unconfirmed or _alike(one, case)]


def lines_of(case: Case, same: Iterable[Case]) -> tuple[Line, ...]:
    """What tomorrow's digest says of them."""
    return tuple(
        Line(kind=SAME, number=case.number, data={"other": one.number}) for one in same if one.state not in OVER
    )


def noticed(case: Case, same: Iterable[Case], person: Person, office: Office) -> list[dict[str, object]]:
    """Rows of a notice: the cases that this reader may know of, and whether to merge them is offered."""
    known = [one for one in same if sight(one, person, office) >= Sight.FACTS]
    return [
        {"number": one.number, "summary": one.summary if may_read_letter(one, person, office) else "",
         "offer": can_be_offered(case, one, person, office)}
        for one in known
    ]  # fmt: skip


def can_be_offered(case: Case, into: Case, person: Person, office: Office) -> bool:
    """Whether to merge these would be carried out, or at least proposed, on this person's word."""
    if case.state in OVER or why_not(case, into, office.index, unheard=office.pack.routes.coordinator_hears_nothing):
        return False
    if sight(into, person, office) < Sight.FACTS or any(is_barred(case, one, office.index) for one in _hands(into)):
        return False
    return all(
        COORDINATOR in standing(person, one, index=office.index, coordinator=office.coordinator(one))
        for one in (case, into)
    )


def rows(lines: Iterable[Line], person: Person, office: Office, facts: Facts) -> list[dict[str, str]]:
    """Rows of the digest: what can still be merged, as far as its reader may know of both."""
    pairs = ((facts.case(line.number or ""), facts.case(str(line.data.get("other", "")))) for line in lines)
    return [
        {"number": one.number, "other": other.number,
         "summary": one.summary if may_read_letter(one, person, office) else ""}
        for one, other in pairs
        if one is not None and other is not None and sight(one, person, office) >= Sight.FACTS
        and can_be_offered(one, other, person, office)
    ][:_MOST]  # fmt: skip


def _hands(case: Case) -> tuple[str, ...]:
    return tuple(one for one in (case.handler, *case.joined) if one)


def _alike(one: Case, other: Case) -> bool:
    first, second = (f"{c.subject}\n{c.summary}"[:_COMPARED] for c in (one, other))
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= _ALIKE
