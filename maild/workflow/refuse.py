"""Forgeries and misdirected replies: no effect, no answer to the writer, the right people told (security.md)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from maild.domain.case import Case, Event
from maild.domain.directory import Person
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Mail
from maild.workflow.facts import Facts
from maild.workflow.localtime import when
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Line, Plan, Tally
from maild.workflow.recognise import Recognition
from maild.workflow.watch import Watch, shown_subject

_SHOWN = 2000
_NAMED = 200
HOUR = timedelta(hours=1)
MOST_AN_HOUR = 20


def forged(mail: Mail, recognition: Recognition, office: Office, *, facts: Facts, watch: Watch) -> Plan:
    """From says a directory person and the checks say no: no case, no effect, nothing to From, Reply-To, envelope.

    A flood in one name is told twenty times an hour, then in the digest alone (casework 8, "Rates").
    """
    claimed = recognition.claimed
    plan = Plan(
        disposition="refused", reason="not authenticated",
        lines=(Line(kind="forged", data={} if watch.private else _in_short(mail)),),
        tallies=(Tally(kind="forged", who=mail.author.address),),
    )  # fmt: skip
    if facts.count("forged", mail.author.address, office.now - HOUR) >= MOST_AN_HOUR:
        return plan
    letters = []
    if watch.reader is not None:
        letters.append(_security(office, LetterKind.SECURITY, watch.reader, mail, what="forged-from"))
    if watch.private:
        letters = [replace(one, data={**one.data, "subject": ""}) for one in letters]
    if claimed is not None:
        letters.append(_security(office, LetterKind.SECURITY_PERSON, claimed, mail, what="forged-from"))
    return plan + Plan(letters=tuple(letters))


def misdirected(mail: Mail, recognition: Recognition, office: Office, *, facts: Facts) -> Plan:
    """A staff key in another's hand: kept apart from the case; the key's person and the coordinator are told."""
    case, key = recognition.case, recognition.key
    owner = office.index.holder(key.recipient) if key else None
    people = dict.fromkeys(p for p in (owner, *_coordinator(office, case)) if p is not None)
    data: dict[str, object] = {"from_text": str(mail.author)[:_NAMED], "text": mail.fresh_text[:_SHOWN]}
    letters = tuple(
        Letter(kind=LetterKind.MISDIRECTED, to=to_person(p), language=p.language, case=case.number if case else None,
               data=data | ({} if case is None or not case.confidential else {"text": ""}))
        for p in people
    )  # fmt: skip
    event = Event(kind="misdirected", at=office.now, actor="maild", data={"mail": mail.sha256})
    happenings = (Happening(number=case.number, event=event),) if case else ()
    line = Line(kind="misdirected", number=case.number if case else None, data={"from": mail.author.address})
    tally = Tally(kind="misdirected", who=mail.author.address, number=case.number if case else None)
    if facts.count("misdirected", mail.author.address, office.now - HOUR) >= MOST_AN_HOUR:
        letters = ()
    return Plan(disposition="misdirected", reason="the key is another person's", letters=letters, happenings=happenings,
                tallies=(tally,), lines=(line,))  # fmt: skip


def suspicious(mail: Mail, office: Office, *, what: str, case: Case) -> Plan:
    """A stranger's mail that pretends became an unclassified case: the coordinator hears why."""
    return Plan(
        letters=tuple(_security(office, LetterKind.SECURITY, p, mail, what=what) for p in _coordinator(office, case)),
        lines=(Line(kind="suspect", number=case.number, data={"from": mail.author.address}),),
    )


def _in_short(mail: Mail) -> dict[str, object]:
    return {"claimed": mail.author.address, "subject": shown_subject(mail.subject)}


def _coordinator(office: Office, case: Case | None = None) -> Iterable[Person]:
    person = office.coordinator_person(case)
    return (person,) if person else ()


def _security(office: Office, kind: LetterKind, person: Person, mail: Mail, *, what: str) -> Letter:
    data: dict[str, object] = {
        "what": what, "from_text": str(mail.author)[:_NAMED], "subject": shown_subject(mail.subject),
        "claimed": mail.author.address,
        "received_text": when(office.now, office, person.address, person.language),
    }  # fmt: skip
    return Letter(kind=kind, to=to_person(person), language=person.language, data=data, lane=Lane.ECHO)
