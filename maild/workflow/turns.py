"""Whose turn it is among the members of a unit that shares its cases, least loaded or in turn (casework 3)."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from maild.domain.case import Case
from maild.domain.directory import Deliver
from maild.workflow.facts import Facts
from maild.workflow.office import Office
from maild.workflow.plan import Plan, Tally

_TURN = "turn"
_MOMENT = timedelta(minutes=1)


class Turns(Mapping[str, int]):
    """How far each member stands from the next case: the least is next. The past is asked only where a unit shares."""

    def __init__(self, office: Office, facts: Facts) -> None:
        self._office, self._facts = office, facts

    def __getitem__(self, address: str) -> int:
        if self._office.pack.routes.members == "least-loaded":
            near = self._facts.cases_near(self._office.box.address, [address], [])
            return sum(case.handler == address for case in near)
        last = self._facts.last(_TURN, address)
        if last is None:
            return 0
        return int(last.timestamp()) * 1000 + self._facts.count(_TURN, address, last - _MOMENT)

    def __iter__(self) -> Iterator[str]:
        return (person.address for person in self._office.index.directory.people)

    def __len__(self) -> int:
        return len(self._office.index.directory.people)


def turn_of(case: Case, office: Office) -> Plan:
    """That this handler had the turn, where the unit shares among its members."""
    unit = office.index.unit(case.unit) if case.unit else None
    if unit is None or unit.deliver is not Deliver.MEMBERS or case.handler is None:
        return Plan()
    return Plan(tallies=(Tally(kind=_TURN, who=case.handler, number=case.number),))
