"""`charge` 记入台账: concealed, false or late reporting is proposed for the ledger with the loss it caused (P3.6.5)."""

from dataclasses import replace

from maild.domain.charge import read_charge
from maild.domain.directory import Person
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.ordering import Order, Result
from maild.workflow.plan import Plan


def charge(order: Order) -> Result:
    """A proposal for each person named, else for the case's handler; whoever the pack names decides it."""
    text = order.command.text.strip()
    said = read_charge(text)
    if said is None:
        return Result(refusal="charge-how", detail=text)
    people = _named(text, order)
    if not people:
        return Result(refusal="charge-how", detail=text)
    data: dict[str, object] = {"entry": "reporting", "state": "proposed", "kind": said.kind, "loss": said.loss,
                               "text": text}  # fmt: skip
    events = tuple(happened(order, "ledger-proposed", data | {"person": person.address}) for person in people)
    case = replace(order.case, last_human_event=order.office.now)
    names = "、".join(person.name for person in people)
    return Result(plan=Plan(cases=(case,), happenings=events), echo=echo(order, order.clocks, person_name=names))


def _named(text: str, order: Order) -> tuple[Person, ...]:
    """Whom the text names; the handler where it names nobody, and nobody where a name may mean several."""
    mentions = order.office.index.mentions(text)
    if any(len(one.people) != 1 for one in mentions):
        return ()
    named = dict.fromkeys(one.people[0].address for one in mentions)
    found = [order.office.index.person(address) for address in named or (order.case.handler or "",)]
    return tuple(person for person in found if person is not None)
