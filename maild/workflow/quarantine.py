"""Quarantine: the mail is kept, the rest goes on, the coordinator hears of it and can act (casework 1).

The first quarantined mail is told at once, further ones in one mail an hour; each has a clock of 4 working hours.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from maild.domain.case import Clock, ClockKind
from maild.domain.directory import Person
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Authentication, Mail
from maild.domain.sla import ended
from maild.domain.span import parse_span
from maild.domain.worktime import due
from maild.workflow.facts import Facts
from maild.workflow.localtime import when
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Entry, Line, Plan, Tally
from maild.workflow.recognise import Recognition
from maild.workflow.watch import Watch, shown_subject

HOUR = timedelta(hours=1)
SUBJECT = "entry:"
"""Begins the subject of a quarantine clock; the journal line follows."""
IN_QUARANTINE = "in-quarantine"
"""The line by which the digest lists a quarantined mail until somebody has handled it."""
WRONG_KEY, MISUSE = "wrong-key", 5
"""Wrong keys from one address in an hour, from which on its mails with keys are set apart."""
_ORDER = re.compile(
    r"\s*(?:请|麻烦|please\s+)?\s*(?:(?P<release>放行|release)|(?:查?看原件|原件|(?:see |show )?(?:the )?original))"
    r"(?:\s*(?:it|them|this|all|全部|该邮件|这封))?[\s,，。.!！]*(?:谢谢|多谢|thanks?|thank you)?[\s,，。.!！]*",
    re.IGNORECASE,
)
"""Nothing but the order: `不要放行` releases nothing."""


def quarantine(
    entry: Entry, office: Office, *, facts: Facts, mail: Mail | None = None, watch: Watch | None = None
) -> Plan:
    """Set one mail apart and tell the coordinator, now or with the next ones; who else, and how much, says `watch`."""
    shown = mail if watch is None or not watch.private else None
    item: dict[str, object] = {
        "entry": entry.id, "from": str(shown.author)[:200] if shown else "",
        "subject": shown_subject(shown.subject) if shown else "", "reason": entry.reason,
        "at": office.now.isoformat(), "sha256": entry.sha256,
        "reader": watch.reader.address if watch and watch.reader else "",
    }  # fmt: skip
    listed = Line(kind=IN_QUARANTINE, data=item)
    plan = Plan(disposition="quarantined", reason=entry.reason, clocks=(_clock(entry.id, office),), lines=(listed,))
    last = facts.last("quarantine-told", office.box.address)
    if last is not None and office.now - last < HOUR:
        return plan + Plan(lines=(Line(kind="quarantined", data=item),))
    return plan + tell([item], office)


def tell(items: Sequence[dict[str, object]], office: Office) -> Plan:
    """One mail to the coordinator about these, with a key by which they can be released or seen.

    What complains of the coordinator goes to somebody else, in a mail of its own.
    """
    readers: dict[str, list[dict[str, object]]] = {}
    for item in items:
        readers.setdefault(str(item.get("reader") or office.coordinator() or ""), []).append(item)
    people = [(person, own) for address, own in readers.items() if (person := office.index.person(address))]
    if not people:
        return Plan()
    letters = tuple(_letter(own, person, office) for person, own in people)
    return Plan(letters=letters, tallies=(Tally(kind="quarantine-told", who=office.box.address),))


def _letter(
    items: Sequence[dict[str, object]], person: Person, office: Office, *, originals: bool = False, sure: bool = False
) -> Letter:
    """The mail about these; `sure`: it answers an order of doubtful origin, and its key confirms that order."""
    shown = [item | {"received_text": _when(item, office, person)} for item in items]
    keyed: dict[str, object] = {"items": [dict(item) for item in items], "sure": sure}
    data: dict[str, object] = {"items": shown, "more": 0, "key_data": keyed}
    if originals:
        data["attach_raw"] = [item["sha256"] for item in items]
    return Letter(
        kind=LetterKind.QUARANTINE,
        to=to_person(person),
        language=person.language,
        data=data,
        lane=Lane.ECHO,
        keyed=True,
    )


def _items(data: object) -> list[dict[str, object]]:
    return [dict(item) for item in data if isinstance(item, dict)] if isinstance(data, list) else []


def tried_by(address: str, believed: Authentication) -> str:
    """Under whose name wrong keys are counted; what nobody vouches for locks out no mail of the real person's."""
    return f"unproven:{address}" if believed is Authentication.UNKNOWN else address


def strike(mail: Mail, recognition: Recognition) -> Plan:
    """A wrong key counted; not a forger's, whose tries must not lock out the person in whose name they came."""
    if not recognition.wrong_key or recognition.authentication is Authentication.FAILED:
        return Plan()
    return Plan(tallies=(Tally(kind=WRONG_KEY, who=tried_by(mail.author.address, recognition.authentication)),))


def misused_keys(mail: Mail) -> Plan:
    """Too many wrong keys from one address: its mails with keys are set apart for a person, and the digest tells."""
    line = Line(kind="wrong-keys", data={"from": mail.author.address})
    reason = "more than five wrong keys from this address within an hour"
    return Plan(disposition="quarantined", reason=reason, lines=(line,))


def orders_about_quarantine(mail: Mail, recognition: Recognition, office: Office, *, facts: Facts) -> Plan:
    """What the coordinator says of quarantined mails: release 放行, or see the original 看原件."""
    key, person = recognition.key, recognition.person
    items = _items(key.data.get("items")) if key else []
    order = _ORDER.fullmatch(next(iter(mail.fresh_text.strip().splitlines()), ""))
    entries = [int(str(item["entry"])) for item in items]
    if order and order["release"]:
        doubtful = recognition.authentication is Authentication.UNKNOWN
        if doubtful and person is not None and not (key and key.data.get("sure")):
            letter = _letter(items, person, office, sure=True)
            return Plan(disposition="confirm-first", letters=(letter,))
        watching = [c for c in facts.clocks("") if c.subject in {f"{SUBJECT}{entry}" for entry in entries}]
        clocks = tuple(ended(clock, office.now) for clock in watching)
        return Plan(disposition="released", released=tuple(entries), clocks=clocks, command=True)
    if order and person is not None:
        return Plan(
            disposition="original-sent", letters=(_letter(items, person, office, originals=True),), command=True
        )
    return Plan(disposition="not-understood", reason="neither release nor see original")


def _clock(entry: int, office: Office) -> Clock:
    """The coordinator acts on it within the time of an unclassified mail: 4 working hours."""
    span = office.pack.deadlines.span("unclassified", ClockKind.TRIAGE, "normal") or parse_span("4 working hours")
    end = due(office.now, span, office.calendar_at(office.coordinator()))
    return Clock(
        case="", subject=f"{SUBJECT}{entry}", kind=ClockKind.TRIAGE, start=office.now, due=end.at, next_at=end.at,
        provisional=end.provisional, length=str(span),
    )  # fmt: skip


def _when(item: dict[str, object], office: Office, person: Person) -> str:
    return when(datetime.fromisoformat(str(item["at"])), office, person.address, person.language)
