"""What waits for the coordinator: one mail with a numbered list, and what a reply to it lets go or drops (casework 1).

The first held letter is told at once, further ones in one mail every ten minutes; what still waits comes again with
the morning's digest. The list is always whole, so that the newest one is the one to answer.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from maild.domain.arrival import is_older
from maild.domain.case import Case, Clock, ClockKind, Event, State
from maild.domain.directory import Person
from maild.domain.letgo import read_wish
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Authentication, Mail
from maild.domain.numbered import Numbered
from maild.domain.sla import clocks_for, dropped, ended
from maild.workflow.acknowledge import only_copied
from maild.workflow.books import Books
from maild.workflow.facts import Facts
from maild.workflow.holding import HELD, held_letter
from maild.workflow.localtime import when
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.originals import Originals
from maild.workflow.plan import Happening, Line, Plan, Tally
from maild.workflow.recognise import Recognition
from maild.workflow.related import mails_of
from maild.workflow.sight import Sight, sight

TOGETHER = timedelta(minutes=10)
MOST_ROWS = 60
_LISTED = "held-listed"
_NOT_BEGUN = frozenset({State.NEW, State.ASSIGNED, State.REOPENED})
Waiting = tuple[int, datetime, Line]
Item = dict[str, object]


def waiting_list(office: Office, books: Books, *, anyway: bool) -> Plan:
    """The list, when something waits that was not told yet, or `anyway` with the digest; never while observing."""
    waiting = books.lines(office.box.address, HELD)
    person = office.coordinator_person()
    if office.box.mode == "observe" or not waiting or person is None:
        return Plan()
    told = books.last(_LISTED, office.box.address)
    is_new = told is None or max(at for _, at, _ in waiting) > told
    if not anyway and not (is_new and (told is None or office.now - told >= TOGETHER)):
        return Plan()
    letter = _list(_items(waiting, person, office, facts=books), person)
    return Plan(letters=(letter,), tallies=(Tally(kind=_LISTED, who=office.box.address),))


def orders_about_held(
    mail: Mail, recognition: Recognition, office: Office, *, facts: Facts, originals: Originals
) -> Plan:
    """What the coordinator says of a list: release, drop, or something that is asked back."""
    key, person = recognition.key, recognition.person
    assert key is not None and person is not None  # noqa: S101, PT018  a key holder has both
    listed = [dict(one) for one in _rows(key.data.get("items"))]
    waiting = facts.lines(office.box.address, HELD)
    wish = read_wish(mail.fresh_text, [int(str(one["n"])) for one in listed])
    problem = _problem(wish, recognition, office, sure=bool(key.data.get("sure")))
    if wish is None or problem:
        letter = _list(_items(waiting, person, office, facts=facts), person, problem=problem, mail=mail)
        return Plan(disposition="asked-back", letters=(letter,))
    plan = Plan(disposition="command", command=True)
    chosen = [(one, int(str(one["n"])) in wish.yes) for one in listed if int(str(one["n"])) in wish.yes | wish.no]
    done: dict[bool, list[str]] = {True: [], False: []}
    for one, goes in chosen:
        own = [held for held in waiting if held[0] in _idents(one)]
        case = facts.case(str(one["number"]))
        if own and case is not None:
            done[goes].append(case.number)
            deed = _let_go if goes else _drop
            plan += deed(case, own, person, office=office, facts=facts, originals=originals)
    rest = [held for held in waiting if held[0] not in plan.settled]
    items = _items(rest, person, office, facts=facts)
    echo = _list(items, person, mail=mail, done={"released": done[True], "dropped": done[False]})
    return plan + Plan(letters=(echo,))


def _problem(wish: Numbered | None, recognition: Recognition, office: Office, *, sure: bool) -> str:
    if office.box.mode == "observe":
        return "observing"
    if wish is None:
        return "not-understood"
    return "unsure" if recognition.authentication is Authentication.UNKNOWN and not sure else ""


def _let_go(
    case: Case, held: Sequence[Waiting], person: Person, *, office: Office, facts: Facts, originals: Originals
) -> Plan:
    """The letters leave as of now, and the handler's time begins now; one to a former handler is left out."""
    letters = [held_letter(line) for _, _, line in held]
    letters = [one for one in letters if not _is_overtaken(one, case, office)]
    begins = case.state in _NOT_BEGUN and any(one.kind is not LetterKind.ACKNOWLEDGEMENT for one in letters)
    now = office.now
    free = replace(case, origin="", supervisors=() if case.origin else case.supervisors, last_human_event=now)
    data: dict[str, object] = {"letters": [one.kind.value for one in letters]}
    event = Event(kind="released", at=now, actor=person.address, human=True, data=data)
    running = facts.clocks(case.number)
    met = tuple(ended(c, now) for c in running if c.kind is ClockKind.TRIAGE and case.type != "unclassified")
    kinds = {c.kind for c in running if c.id not in {one.id for one in met}}
    mails = mails_of(case, facts)
    first = originals.mail(mails[0].sha256) if mails else None
    begun: tuple[Clock, ...] = ()
    if begins and first is not None and not only_copied(first, office):
        anew = replace(free, received=now)
        text = f"{first.subject}\n{first.fresh_text}"
        all_clocks = clocks_for(anew, text=text, deadlines=office.pack.deadlines, calendar=office.calendar_of(anew))
        begun = tuple(clock for clock in all_clocks if clock.kind not in kinds)
    return Plan(
        cases=(free,), letters=tuple(_as_of_now(one, case, office) for one in letters), clocks=(*met, *begun),
        happenings=(Happening(number=case.number, event=event),), settled=tuple(ident for ident, _, _ in held),
    )  # fmt: skip


def _as_of_now(letter: Letter, case: Case, office: Office) -> Letter:
    """A letter that waited; an acknowledgement that comes late names the day of arrival (casework 1)."""
    data = dict(letter.data)
    if letter.kind is LetterKind.ACKNOWLEDGEMENT and is_older(case.received, office.now):
        data["arrived_text"] = when(case.received, office, letter.to.address, letter.language, case=case)
    return replace(letter, data=data, released=True, not_before=None)


def _is_overtaken(letter: Letter, case: Case, office: Office) -> bool:
    """Whether the case has another handler by now, who has an assignment of his own."""
    if letter.kind not in {LetterKind.ASSIGNMENT, LetterKind.ADDITION, LetterKind.REOPENED, LetterKind.REMINDER}:
        return False
    unit = office.index.unit_at(letter.to.address)
    if unit is not None and unit.id == case.unit:
        return False
    return letter.to.address not in {case.handler, *case.supervisors, office.coordinator(case)}


def _drop(
    case: Case, held: Sequence[Waiting], person: Person, *, office: Office, facts: Facts, originals: Originals
) -> Plan:
    """Nothing leaves. A case of which nobody was told is set aside; one of the time of watching is closed."""
    settled = tuple(ident for ident, _, _ in held)
    kinds = {held_letter(line).kind for _, _, line in held}
    if case.state not in _NOT_BEGUN or not (case.origin or LetterKind.ASSIGNMENT in kinds):
        return Plan(settled=settled)
    state = State.CLOSED if case.origin else State.SET_ASIDE
    mails = mails_of(case, facts)
    subject = originals.mail(mails[0].sha256).subject if mails else ""
    event = Event(kind="dropped", at=office.now, actor=person.address, human=True, data={"subject": subject[:200]})
    gone = replace(case, state=state, last_human_event=office.now)
    clocks = tuple(dropped(clock) for clock in facts.clocks(case.number))
    return Plan(cases=(gone,), clocks=clocks, happenings=(Happening(number=case.number, event=event),),
                settled=settled)  # fmt: skip


def _items(waiting: Sequence[Waiting], person: Person, office: Office, *, facts: Facts) -> list[Item]:
    """One numbered row a case, oldest first, with the ids of its lines; of what this person may not know, none."""
    by_case: dict[str, list[Waiting]] = {}
    for one in waiting:
        by_case.setdefault(one[2].number or "", []).append(one)
    shown = [(case, own) for number, own in by_case.items() if (case := facts.case(number))]
    shown = [(case, own) for case, own in shown if sight(case, person, office) >= Sight.FACTS]
    return [_item(n, case, own, person, office=office) for n, (case, own) in enumerate(shown, 1)]


def _item(n: int, case: Case, held: Sequence[Waiting], person: Person, *, office: Office) -> Item:
    letters = [held_letter(line) for _, _, line in held]
    return {
        "n": n, "number": case.number, "type_name": office.pack.type_name(case.type, person.language),
        "summary": case.summary if sight(case, person, office) is Sight.LETTER else "",
        "received_text": when(case.received, office, person.address, person.language, case=case),
        "letters": [{"kind": one.kind.value, "to": one.to.name or one.to.address} for one in letters],
        "lines": [ident for ident, _, _ in held],
    }  # fmt: skip


def _list(
    items: Sequence[Item], person: Person, *, problem: str = "", mail: Mail | None = None,
    done: dict[str, list[str]] | None = None,
) -> Letter:  # fmt: skip
    shown = list(items[:MOST_ROWS])
    keyed = {"items": [{name: one[name] for name in ("n", "number", "lines")} for one in shown]}
    data: dict[str, object] = {
        "items": shown, "more": len(items) - len(shown), "problem": problem, "is_done": done is not None,
        "key_data": keyed | {"sure": problem == "unsure"}, **(done or {}),
    }  # fmt: skip
    return Letter(
        kind=LetterKind.RELEASE, to=to_person(person), language=person.language, data=data, lane=Lane.ECHO,
        keyed=bool(shown), in_reply_to=mail.message_id if mail else "",
        references=(*mail.references, mail.message_id) if mail else (),
    )  # fmt: skip


def _rows(data: object) -> list[dict[str, object]]:
    return list(data) if isinstance(data, list) else []


def _idents(row: Item) -> set[object]:
    lines = row.get("lines")
    return set(lines) if isinstance(lines, list) else set()
