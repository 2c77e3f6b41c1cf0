"""What people ask by mail and get an answer to: 状态, 帮助, 查 (casework 5; security.md, "may begin a conversation").

An answer goes to the directory's address or to the one that a case has on file, never to Reply-To, and reads the same
where there is no case that the asker may see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from maild.domain.case import Case, ClockKind
from maild.domain.closing import without_closing
from maild.domain.command import Answers, Command, Decision
from maild.domain.directory import Person
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address, Authentication, Mail
from maild.domain.verbs import IN_FORCE
from maild.workflow.absent import begun
from maild.workflow.circulating import register
from maild.workflow.desk import Desk
from maild.workflow.facts import Facts
from maild.workflow.filedrecords import records_found
from maild.workflow.found import found_by, near
from maild.workflow.lists import list_key
from maild.workflow.localtime import when
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Plan, Tally
from maild.workflow.reading import read
from maild.workflow.recognise import Recognition
from maild.workflow.view import unit_label

MOST_ROWS = 30
MOST_A_DAY = 5
_ASKED = frozenset({"status", "help", "away"})
_LONGEST = 60
"""More words than this are a letter, whatever its first line says."""
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)

GROUPS: Mapping[str, tuple[str, ...]] = {
    "handle": ("accept", "reply", "ask", "told", "resolve", "plan", "note", "rectified"),
    "pass-on": ("route", "hand-up", "extend", "type", "join", "lead"),
    "circulate": ("circulate", "received", "relayed", "studied", "done", "start-round"),
    "oversee": ("instruct", "urgency", "remind", "merge", "link", "split", "followers", "forward", "correct"),
    "decide": (
        "approve",
        "decline",
        "adopt",
        "reject",
        "upheld",
        "unfounded",
        "malicious",
        "seal",
        "unseal",
        "erase",
        "hold",
        "lift-hold",
        "charge",
        "release",
        "abstract",
        "publish",
    ),
    "myself": ("undo", "correction", "attachment", "print", "status", "search", "away", "record", "on-behalf", "help"),
}
"""The commands of the help mail, as a manager looks for them."""


def asks(mail: Mail, recognition: Recognition, office: Office) -> Command | None:
    """`status`, `help` or `away` where a mail without a key is nothing but that; else None.

    A case number behind 状态 is no order to that case: the answer lists what the asker may see.
    """
    if recognition.authentication is Authentication.FAILED:
        return None
    text = without_closing(mail.fresh_text.strip(), office.index, spared=1)
    if len("".join(text.split())) > _LONGEST:
        return None
    said = read(text, office, by=mail.author.address, answers=Answers.NONE, subject=mail.subject)
    first = said.commands[0] if said.commands else None
    if said.decision is not Decision.ACT and not (first and first.case):
        return None
    known = first is not None and first.verb in _ASKED and (recognition.person is not None or first.verb == "status")
    return first if known else None


def can_answer(desk: Desk) -> bool:
    """Whether a mail without a key is a question that gets an answer: a colleague's, or a known requester's."""
    mail, recognition = desk.mail, desk.recognition
    if asks(mail, recognition, desk.office) is None or recognition.display_name_lies:
        return False
    return recognition.person is not None or bool(desk.facts.cases_of(mail.author.address, _BEGINNING))


def answered(desk: Desk) -> Plan:
    """The answer to such a mail, to a colleague or to the requester of at least one case."""
    mail, recognition, office, facts = desk.mail, desk.recognition, desk.office, desk.facts
    said, person = asks(mail, recognition, office), recognition.person
    if said is not None and person is not None and said.verb == "away":
        return begun(said, mail, recognition, office, facts=facts)
    if said is not None and person is not None:
        letter = status_letter(person, office, facts) if said.verb == "status" else help_letter(person, office)
        return Plan(disposition="asked", letters=(_in_answer(letter, mail),), command=True)
    address = mail.author.address
    cases = facts.cases_of(address, _BEGINNING)
    if facts.count("status", address, office.now - DAY) >= MOST_A_DAY:
        return Plan(disposition="asked", reason="asked too often today")
    letter = _to_requester(cases, office, facts)
    return Plan(disposition="asked", letters=(_in_answer(letter, mail),), tallies=(Tally(kind="status", who=address),))


def status_letter(person: Person, office: Office, facts: Facts, *, case: Case | None = None) -> Letter:
    """How a person's cases stand; `case` first, where the question was asked in its mail."""
    cases = near(person, office, facts, most=MOST_ROWS + 1)
    rows = [
        _row(one, person.address, person.language, office=office, facts=facts)
        for one in cases[:MOST_ROWS]
        if one != case
    ]
    data: dict[str, object] = {"items": rows, "more": len(cases) > MOST_ROWS, "search": ""}
    if case is not None:
        data["register"] = register(case, office, person.address, person.language)
    if case is None:
        data |= list_key([str(row["number"]) for row in rows], office)
    return Letter(kind=LetterKind.STATUS, to=to_person(person), language=person.language,
                  case=case.number if case else None, data=data, lane=Lane.ECHO, keyed=True)  # fmt: skip


def found_letter(words: str, person: Person, office: Office, facts: Facts) -> Letter:
    """What was found by these words."""
    cases = found_by(words, person, office, facts)
    rows = [_row(one, person.address, person.language, office=office, facts=facts) for one in cases]
    rows += records_found(words, person, office, facts)
    data: dict[str, object] = {"items": rows, "more": False, "search": words[:60]}
    data |= list_key([case.number for case in cases], office)
    return Letter(kind=LetterKind.STATUS, to=to_person(person), language=person.language, data=data, lane=Lane.ECHO,
                  keyed=True)  # fmt: skip


def help_letter(person: Person, office: Office) -> Letter:
    """The commands in force, and who stands for the pack (P2.7)."""
    policy, chinese = office.pack.policy, person.language.startswith("zh")
    said = {
        name: (words.zh if chinese else words.en) if words else ""
        for name, words in (("interprets", policy.interprets), ("approved", policy.approved), ("pack", policy.name))
    }
    groups = [
        {"group": group, "verbs": [verb for verb in verbs if verb in IN_FORCE]} for group, verbs in GROUPS.items()
    ]
    return Letter(kind=LetterKind.HELP, to=to_person(person), language=person.language, lane=Lane.ECHO,
                  data={**said, "since": policy.in_force_since, "groups": groups})  # fmt: skip


def requester_status(case: Case, mail: Mail, office: Office, facts: Facts) -> Letter:
    """How one case stands, to the address it has on file."""
    return _in_answer(_to_requester([case], office, facts), mail)


def _to_requester(cases: Sequence[Case], office: Office, facts: Facts) -> Letter:
    who = cases[0].requester
    rows = [
        _row(case, who.address, who.language, office=office, facts=facts, outside=True) for case in cases[:MOST_ROWS]
    ]
    return Letter(
        kind=LetterKind.STATUS_OUTSIDE, to=Address(address=who.address, name=who.name), language=who.language,
        case=cases[0].number, data={"items": rows}, lane=Lane.REQUESTER, keyed=len(cases) == 1,
    )  # fmt: skip


def _row(
    case: Case, reader: str, language: str, *, office: Office, facts: Facts, outside: bool = False
) -> dict[str, object]:
    """One line of the list; outside, units and states alone."""
    unit, handler = office.index.unit(case.unit) if case.unit else None, office.index.person(case.handler)
    dues = [
        c.due for c in facts.clocks(case.number) if c.kind not in {ClockKind.IDLE, ClockKind.ACCEPT, ClockKind.WAIT}
    ]
    return {
        "number": case.number, "type_name": office.pack.type_name(case.type, language), "state": case.state.value,
        "summary": "" if outside else case.summary, "unit_name": unit_label(unit, language) if unit else "",
        "handler_name": handler.name if handler and not outside else "",
        "due_text": when(max(dues) if outside else min(dues), office, reader, language, case=case) if dues else "",
        "received_text": when(case.received, office, reader, language, case=case),
        "urgency": "normal" if outside else case.urgency,
    }  # fmt: skip


def _in_answer(letter: Letter, mail: Mail) -> Letter:
    return replace(letter, in_reply_to=mail.message_id, references=(*mail.references, mail.message_id))
