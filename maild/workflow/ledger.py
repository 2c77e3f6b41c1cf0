"""What happened to cases becomes proposals for the ledger; a person approves each before it counts (P3.6).

One function looks at everything that a plan records, so that no stage has to remember. What maild only watched, or
took in as history, proposes nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from maild.domain.assign import in_supervisory_body
from maild.domain.case import Case, Event
from maild.domain.conflict import kept
from maild.domain.directory import Person
from maild.domain.emptyanswer import COPY, EMPTY
from maild.domain.ledger import Entry, EntryState
from maild.workflow.facts import Facts
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Plan
from maild.workflow.sight import Sight, is_barred, sight

_LATE = {"relay": "late-relay", "accept": "late-accept", "first-answer": "late-answer", "answer": "late-answer",
         "resolve": "late-resolve", "idle": "idle"}  # fmt: skip
_TWICE = 2
ALIAS = "alias"
_PAID_BY = "hr"


def proposed(plan: Plan, office: Office, facts: Facts) -> tuple[Entry, ...]:
    """The entries that this plan's events propose, and those that an undone order takes back."""
    if office.box.mode == "observe":
        return ()
    known = {case.number: case for case in plan.cases}
    found = []
    for happening in plan.happenings:
        case = known.get(happening.number) or facts.case(happening.number)
        if case is not None and not case.origin:
            found += [*_of(case, happening.event, office, facts=facts), *_undone(case, happening.event, facts)]
    return tuple(found)


def _of(case: Case, event: Event, office: Office, *, facts: Facts) -> Iterator[Entry]:
    data = event.data
    if event.kind == "escalated" and data.get("overdue") and str(data.get("clock")) in _LATE:
        whose = str(data.get("subject") or data.get("handler") or "")
        mark = f"{data['clock']}:{data['due']}:{whose}"
        yield from _entry(case, _LATE[str(data["clock"])], whose, mark=mark, event=event, office=office)
    elif event.kind == "refused" and data.get("why") in {EMPTY, COPY}:
        earlier = [e for e in facts.events(case.number) if e.kind == event.kind and e.actor == event.actor]
        if sum(e.data.get("why") in {EMPTY, COPY} for e in earlier) + 1 == _TWICE:
            yield from _entry(case, "empty-answers", event.actor, mark=event.actor, event=event, office=office)
    elif event.kind == "reopened" and data.get("times") == _TWICE:
        yield from _entry(
            case, "reopened-twice", str(data.get("handler") or ""), mark="reopened", event=event, office=office
        )
    elif event.kind == "ledger-proposed":
        yield from _ordered(case, event, office, facts=facts)


def _ordered(case: Case, event: Event, office: Office, *, facts: Facts) -> Iterator[Entry]:
    """An award or a sanction that a person's finding brought; a name that fits several people stays a name.

    The same finding said again (属实 at once, and 属实 with the closing) brings no second one.
    """
    cause, mail = str(event.data.get("entry")), str(event.data.get("mail", ""))
    written = str(event.data.get("to") or event.data.get("person") or "")
    person = office.index.person(written)
    if person is None and written != ALIAS:
        fitting = office.index.fitting(written)
        person = fitting[0] if len(fitting) == 1 else None
    whose, who = (person.address, "") if person else ("", written)
    stands = (e for e in facts.ledger_of(case.number) if e.state is not EntryState.WITHDRAWN)
    if not any((e.cause, e.person, e.who) == (cause, whose, who) for e in stands):
        yield from _entry(case, cause, whose, mark=f"{written}:{mail}", event=event, office=office, who=who)


def _entry(
    case: Case, cause: str, whose: str, *, mark: str, event: Event, office: Office, who: str = ""
) -> Iterator[Entry]:  # fmt: skip
    rule = office.pack.ledger.rule_for(cause, case.type)
    person = office.index.person(whose)
    if rule is None or not (whose or who):
        return
    decides = decider(case, rule.decides, person, office)
    unit = office.index.unit_of(whose) if whose else None
    yield Entry(
        case=case.number, rule=rule.id, cause=cause, person=person.address if person else "",
        who=who or ("" if person else whose), unit=unit.id if unit else None, points=rule.points, amount=rule.amount,
        origin=f"{case.number}:{cause}:{mark}", mail=str(event.data.get("mail", "")), proposed_at=event.at,
        decides=decides.address if decides else "", name_zh=rule.name.zh, name_en=rule.name.en, role=rule.decides,
        note=str(event.data.get("loss", "")),
    )  # fmt: skip


def decider(case: Case, role: str, concerned: Person | None, office: Office) -> Person | None:
    """Who approves: who holds the role, never the one concerned, nor anybody below them, nor whom the case excludes.

    Where nobody of the role is left, somebody above; at last the supervisory body; None where there is nobody.
    """
    index, today = office.index, office.now.astimezone(office.zone).date()
    first = [office.coordinator_person(case)] if role == office.pack.coordinator else []
    heads = {unit.head for unit in index.directory.units}
    holders = sorted(index.with_role(role), key=lambda one: one.address not in heads)
    rest = [*index.with_role("gm"), *(p for a in index.directory.supervisory_body if (p := index.person(a)))]
    for person in (*first, *holders, *rest):
        present = index.present(person.address, today) if person else None
        for one in (present, person):
            if one is not None and _may_decide(one, case, concerned, office):
                return one
    return None


def _may_decide(person: Person, case: Case, concerned: Person | None, office: Office) -> bool:
    index = office.index
    own = concerned is not None and (person == concerned or index.is_below(person.address, concerned.address))
    writer = index.person(case.requester.address) == person
    out = is_barred(case, person.address, index) or kept(case.excluded).bars(person.address)
    if own or writer or out:
        return False
    roles = set(person.roles)
    entitled = not case.confidential or not roles.isdisjoint(office.pack.routes.entitled)
    if sight(case, person, office) < Sight.FACTS:
        return False
    return entitled or in_supervisory_body(index, person.address)


def entries_of(idents: object, facts: Facts) -> list[Entry]:
    """The entries of these ids, in their order."""
    wanted = [int(str(one)) for one in idents] if isinstance(idents, list) else []
    known = {entry.id: entry for entry in facts.ledger_by_id(wanted)}
    return [known[ident] for ident in wanted if ident in known]


def settled(
    entries: Sequence[Entry], state: EntryState, who: str, office: Office, *, mail: str = "", note: str = ""
) -> Plan:
    """The entries in their new state, each an event of its case; `who` is a first address, "requester" or "maild"."""
    now = office.now
    changed = tuple(replace(e, state=state, decided_at=now, decided_by=who, note=note or e.note) for e in entries)
    happenings = tuple(
        Happening(number=e.case, event=Event(
            kind=f"ledger-{state.value}", at=now, actor=who, human=who != "maild",
            data={"id": e.id, "entry": e.rule, "mail": mail, "note": note},
        )) for e in changed
    )  # fmt: skip
    return Plan(entries=changed, happenings=happenings)


def pays_it(entry: Entry, office: Office, facts: Facts) -> Person | None:
    """Who pays what was approved: HR, or who stands in where HR is excluded."""
    case = facts.case(entry.case)
    return decider(case, _PAID_BY, office.index.person(entry.person), office) if case else None


def _undone(case: Case, event: Event, facts: Facts) -> Iterator[Entry]:
    """The proposals of an order that was taken back, while nobody has decided them and no other order stands for them.

    属实 said twice proposes once: with the first one undone, the second still stands.
    """
    if event.kind != "undone":
        return
    history = facts.events(case.number)
    gone = {str(event.data.get("order", "")), *(str(e.data.get("order")) for e in history if e.kind == "undone")}
    for entry in facts.ledger_of(case.number):
        orders = {entry.mail, *(str(e.data.get("mail", "")) for e in history if _proposes(e, entry))} - {""}
        if entry.state is EntryState.PROPOSED and orders and orders <= gone:
            yield replace(entry, state=EntryState.WITHDRAWN, decided_at=event.at, decided_by=event.actor)


def _proposes(event: Event, entry: Entry) -> bool:
    """Whether this event of its case proposed this entry, or would have, had it not stood there already."""
    written = str(event.data.get("to") or event.data.get("person") or "")
    own = entry.origin.startswith(f"{entry.case}:{entry.cause}:{written}:")
    return event.kind == "ledger-proposed" and event.data.get("entry") == entry.cause and own
