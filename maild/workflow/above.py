"""Who stands above a case: to whom it is handed up, and who decides about more time for it (P3.3.7, casework 5)."""

from collections.abc import Iterable

from maild.domain.assign import handled_as, upwards
from maild.domain.case import Case
from maild.domain.directory import Person
from maild.workflow.office import Office
from maild.workflow.sight import exclusion_of


def above(case: Case, actor: Person, office: Office) -> Person | None:
    """The nearest superior over the case and over who acts on it; never one whom the case excludes."""
    start = _lowest(case, actor, office)
    row = upwards(start, handled_as(case.type, case.confidential), routes=office.pack.routes, index=office.index,
                  exclusion=exclusion_of(case, office.index))  # fmt: skip
    own = row.index(actor.address) + 1 if actor.address in row else 0
    return _first(row[own:], case, actor, office)


def head_for(case: Case, actor: Person, office: Office) -> Person | None:
    """Who decides about the handler's deadlines: the head of the unit, and of the head's own the next above."""
    unit = office.index.unit(case.unit) if case.unit else None
    out = exclusion_of(case, office.index)
    head = office.index.person(unit.head) if unit and unit.head and not case.confidential else None
    if head is not None and not out.bars(head.address) and head.address not in _own(case, actor):
        return head
    return above(case, actor, office)


def _lowest(case: Case, actor: Person, office: Office) -> str:
    """From where it goes up: the unit's head where head or deputy act, else the handler."""
    unit = office.index.unit(case.unit) if case.unit else None
    leads = unit is not None and unit.head is not None and actor.address in {unit.head, unit.deputy}
    return (unit.head if leads and unit else None) or case.handler or actor.address


def _first(row: Iterable[str], case: Case, actor: Person, office: Office) -> Person | None:
    people = (office.index.person(one) for one in row)
    return next((one for one in people if one and one.address not in _own(case, actor)), None)


def _own(case: Case, actor: Person) -> set[str | None]:
    return {actor.address, case.handler, case.requester.address}
