"""A directive goes round: to each receiver a mail with an own key, watched until all have signed (P3.3.6, P3.5.1)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from maild.domain.assign import handled_as, may_handle
from maild.domain.case import Case, Clock, ClockKind, Event, State
from maild.domain.circulation import STEPS, Item, with_item
from maild.domain.directory import Person
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address, Authentication, Mail
from maild.domain.permission import is_management
from maild.domain.receivers import receivers_in
from maild.domain.sla import clocks_for
from maild.domain.transitions import Trigger, move
from maild.workflow.localtime import when
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.originals import pairs
from maild.workflow.plan import Happening, Plan, Sent
from maild.workflow.sight import is_barred
from maild.workflow.view import unit_label

_ROUND = frozenset({LetterKind.CIRCULATION.value, LetterKind.FORM.value})


def named_receivers(case: Case, mail: Mail, office: Office) -> tuple[Item, ...]:
    """The receivers that a letter names, where letters of its type go round; nobody whom the case excludes."""
    if case.type not in office.pack.circulating.types or case.confidential:
        return ()
    found = receivers_in(mail.fresh_text or mail.text, office.index, apart=_writer(case, office),
                         coordinator=office.pack.coordinator)  # fmt: skip
    return tuple(item for item in found if not is_barred(case, item.receiver, office.index))


def goes_round(mail: Mail, authentication: Authentication, office: Office) -> bool:
    """Whether this letter goes round by itself: of who may send it round, and where nothing waits for a release.

    While maild only watches or assists, the coordinator has it with the one click (casework 1, "The first day").
    """
    return office.box.mode == "live" and may_send_round(mail, authentication, office)


def may_send_round(mail: Mail, authentication: Authentication, office: Office) -> bool:
    """Whether who wrote this letter sends it round by the own word: authenticated, of a role that the pack names."""
    person = office.index.person(mail.author.address)
    if person is None or authentication is not Authentication.AUTHENTICATED:
        return False
    by = set(office.pack.circulating.by)
    return not by.isdisjoint(person.roles) or ("gm" in by and is_management(person))


def offering(letter: Letter, case: Case, receivers: Sequence[Item], office: Office) -> Letter:
    """The coordinator's letter of a directive that does not go round by itself, with the one click that sends it.

    The list is the one that the letter names, else all departments.
    """
    takes = letter.kind in {LetterKind.ASSIGNMENT, LetterKind.NOTICE} and letter.keyed
    if not takes or case.confidential or case.type not in office.pack.circulating.types:
        return letter
    units = (office.index.unit(item.unit) for item in receivers)
    names = "、".join(unit_label(unit, letter.language) for unit in units if unit)
    everybody = "各部门" if letter.language.startswith("zh") else "all departments"
    proposal = {"verb": "circulate", "object": names or everybody, "who": str(len(receivers)) if names else "…"}
    return replace(letter, data={**letter.data, "proposals": [proposal]})


def warned(plan: Plan, authentication: Authentication) -> Plan:
    """The plan of a new directive whose origin nobody vouches for: its letters inside say so (security.md)."""
    if authentication is Authentication.AUTHENTICATED:
        return plan
    inside = {LetterKind.ASSIGNMENT, LetterKind.NOTICE}
    letters = (replace(x, data={**x.data, "unverified": True}) if x.kind in inside else x for x in plan.letters)
    return replace(plan, letters=tuple(letters))


def sent_round(
    case: Case, items: Sequence[Item], office: Office, *, mail: Mail, by: str, order: str = "", start: datetime,
) -> Plan:  # fmt: skip
    """The case on its way to these receivers, besides those who have it already; `order` stands above the letter."""
    today = office.now.astimezone(office.zone).date()
    new = tuple(with_stand_in(item, case, office, today=today) for item in items)
    going = replace(
        case, state=move(case.state, Trigger.CIRCULATE), circulation=(*case.circulation, *new),
        steps=case.steps or office.pack.circulating.steps,
    )  # fmt: skip
    text = f"{mail.topic}\n{order}\n{mail.fresh_text}"
    clocks = tuple(clock for item in new for clock in _clocks(going, item, office, text=text, start=start))
    letters = tuple(
        circulation_letter(going, item, to, office, mail=mail, order=order, clocks=clocks)
        for item in new for to in (item.receiver, *item.beside)
    )  # fmt: skip
    data: dict[str, object] = {"receivers": [item.receiver for item in new], "steps": list(going.steps)}
    event = Event(kind="circulated", at=office.now, actor=by, data=data)
    return Plan(
        cases=(going,), clocks=clocks, letters=letters, happenings=(Happening(number=case.number, event=event),)
    )


def circulation_letter(
    case: Case, item: Item, to: str, office: Office, *, mail: Mail, order: str = "", clocks: Sequence[Clock],
) -> Letter:  # fmt: skip
    """The mail of one receiver, or of who stands in for them, with the letter and its attachments."""
    person, unit = office.index.person(to), office.index.unit(item.unit)
    language = (person.language if person else unit.language if unit else None) or "zh"
    due = {c.kind: c.due for c in clocks if c.subject == item.receiver}
    absent = office.index.person(item.receiver) if to != item.receiver else None
    data: dict[str, object] = {
        "mail": mail.sha256, "attach": True, "order": order, "by": mail.author.name or mail.author.address,
        "steps": list(case.steps), "stand_in_for": absent.name if absent else "",
        "key_data": {"receiver": item.receiver},
        "unit_name": unit_label(unit, language) if unit else "",
        "relay_text": _when(due.get(ClockKind.RELAY), case, to, language, office=office),
        "done_text": _when(due.get(ClockKind.RECEIPT), case, to, language, office=office),
    }  # fmt: skip
    name = person.name if person else unit.name if unit else ""
    return Letter(
        kind=LetterKind.CIRCULATION, to=Address(address=to, name=name), language=language, case=case.number, data=data,
        lane=Lane.WORK if case.urgency in {"high", "critical"} else Lane.BULK, keyed=True, attachments=pairs(mail),
    )  # fmt: skip


def register_letter(case: Case, person: Person, office: Office, *, what: str) -> Letter:
    """Who has signed and who has not, to the coordinator or to who sent the letter; `what`: started or complete."""
    data: dict[str, object] = {"what": what, "rows": register(case, office, person.address, person.language)}
    return Letter(kind=LetterKind.CIRCULATED, to=to_person(person), language=person.language, case=case.number,
                  data=data, keyed=True)  # fmt: skip


def register(case: Case, office: Office, reader: str, language: str) -> list[dict[str, object]]:
    """One row a receiver: unit, person, when each step was taken, and which are open."""
    rows = []
    for item in case.circulation:
        unit, person = office.index.unit(item.unit), office.index.person(item.receiver)
        taken = [
            {"step": step, "at_text": when(at, office, reader, language, case=case)}
            for step in STEPS if (at := item.at(step))
        ]  # fmt: skip
        rows.append({
            "unit_name": unit_label(unit, language) if unit else "", "returned": item.returned,
            "person_name": person.name if person else item.receiver, "taken": taken,
            "open": list(item.owes(case.steps)),
        })  # fmt: skip
    return rows


def told_of_round(case: Case, office: Office, *, what: str) -> tuple[Letter, ...]:
    """The register to the coordinator; at the end also to the colleague whose letter it was."""
    people = [office.index.person(case.handler) or office.coordinator_person(case)]
    if what == "complete":
        people.append(office.index.person(case.requester.address))
    return tuple(register_letter(case, one, office, what=what) for one in dict.fromkeys(people) if one is not None)


def stands_in(case: Case, item: Item, address: str, office: Office) -> bool:
    """Whether this delegate may sign for a receiver."""
    allowed = not case.confidential or may_handle(office.index, address, handled_as(case.type, case.confidential))
    return allowed and not is_barred(case, address, office.index) and not item.is_of((address,))


def reopened_item(sent: Sent, case: Case) -> Plan:
    """A circulation or form that came back marks the item of its receiver, unless they have signed (casework 7)."""
    item = next((one for one in case.circulation if one.receiver == sent.recipient), None)
    if item is None or sent.kind not in _ROUND or case.state is not State.CIRCULATING or item.signed:
        # A bounce that comes after a receipt speaks of a mail that somebody has read.
        return Plan()
    back = replace(item, returned=True)
    return Plan(cases=(replace(case, circulation=with_item(case.circulation, back)),))


def with_stand_in(item: Item, case: Case, office: Office, *, today: date) -> Item:
    """A receiver who is away by the directory, and the delegate beside them."""
    present = office.index.present(item.receiver, today)
    if present is None or present.address == item.receiver or not stands_in(case, item, present.address, office):
        return item
    return replace(item, beside=(*item.beside, present.address))


def _clocks(case: Case, item: Item, office: Office, *, text: str, start: datetime) -> tuple[Clock, ...]:
    """The clocks of one receiver, by the calendar of where they work: to pass it on, and to have it carried out."""
    own = clocks_for(replace(case, received=start), text=text, deadlines=office.pack.deadlines,
                     calendar=office.calendar_at(item.receiver), receivers=(item.receiver,))  # fmt: skip
    relay = tuple(clock for clock in own if clock.kind is ClockKind.RELAY)
    whole = (clock for clock in own if clock.kind is ClockKind.RESOLVE)
    return (*relay, *(replace(clock, kind=ClockKind.RECEIPT, subject=item.receiver) for clock in whole))


def _when(moment: datetime | None, case: Case, reader: str, language: str, *, office: Office) -> str:
    return when(moment, office, reader, language, case=case) if moment else ""


def _writer(case: Case, office: Office) -> tuple[str, ...]:
    person = office.index.person(case.requester.address)
    return person.addresses if person else (case.requester.address,)
