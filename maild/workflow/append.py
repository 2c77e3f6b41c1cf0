"""More of a known case: the requester wrote again, or somebody else added to it (casework 2 and 5)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from maild.domain.case import Case, Clock, ClockKind, ClockState, Event, State
from maild.domain.directory import Person
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address, Mail
from maild.domain.sla import answer_clock
from maild.domain.thanks import only_thanks
from maild.domain.wish import Wish, beyond, wish_in
from maild.workflow.acknowledge import only_copied
from maild.workflow.asked import requester_status
from maild.workflow.facts import Facts
from maild.workflow.memory import Memory
from maild.workflow.notify import lane, to_handler
from maild.workflow.office import Office
from maild.workflow.ordering import clocks_after
from maild.workflow.originals import pairs
from maild.workflow.plan import Happening, Plan, Tally
from maild.workflow.recognise import Recognition, Writer
from maild.workflow.reminding import can_be_reminded, reminded_by
from maild.workflow.reopening import is_too_late, reopened
from maild.workflow.sealholders import who_reads
from maild.workflow.sight import may_read_letter
from maild.workflow.stopping import stop_words
from maild.workflow.waiting import awake
from maild.workflow.wishes import rated_satisfied, withdrawn

DAY = timedelta(days=1)


def adds_to_case(recognition: Recognition, office: Office) -> bool:
    """Whether a mail is the requester's, or came under the requester's key; not where the case is long closed.

    30 days after the closing a new case begins, linked to the old one (casework 4).
    """
    case = recognition.case
    if case is None or is_too_late(case, office):
        return False
    return recognition.writer is Writer.REQUESTER or recognition.key is not None


def add_confirmed(case: Case, mail: Mail, office: Office, *, facts: Facts) -> Plan:
    """The requester's own mail: a wish is granted, words on their way to them are stopped, a contradiction reopens.

    Everything but thanks or a receipt goes to the handler, and starts the clock `answer` again.
    """
    plan = Plan(disposition="appended", number=case.number, happenings=(_appended(case, mail, office, confirmed=True),))
    wish = wish_in(mail.fresh_text)
    if wish is Wish.SATISFIED and _adds_nothing(mail):
        return plan + rated_satisfied(case, office)
    if only_thanks(mail.fresh_text):
        return plan
    if wish is Wish.STATUS and _adds_nothing(mail):
        return plan + Plan(letters=(requester_status(case, mail, office, facts),))
    if wish is Wish.REMIND and _adds_nothing(mail) and can_be_reminded(case):
        return plan + reminded_by(case, office, facts, who=case.requester.address)
    stopped = stop_words(case, office, facts)
    case = stopped.case
    plan += stopped.plan
    if wish is Wish.WITHDRAW and case.state not in {State.CLOSED, State.MERGED}:
        return plan + withdrawn(case, mail, office, clocks=stopped.clocks)
    if case.state in {State.ANSWERED, State.CLOSED}:
        return plan + reopened(case, mail, office, clocks=stopped.clocks, dissatisfied=wish is Wish.DISSATISFIED)
    going, changed = awake(case, stopped.clocks, office)
    running = clocks_after(stopped.clocks, changed)
    letters = _to_handler(going, mail, office, confirmed=True, words=stopped.words)
    begun = () if only_copied(mail, office) else answer_clocks(going, office, running)
    return plan + Plan(cases=(replace(going, last_human_event=office.now),), letters=letters,
                       clocks=(*changed, *begun))  # fmt: skip


def _adds_nothing(mail: Mail) -> bool:
    rest = beyond(mail.fresh_text)
    return not rest or only_thanks(rest)


def add_unconfirmed(case: Case, mail: Mail, office: Office, *, facts: Facts, machine: bool = False) -> Plan:
    """Somebody else's mail under the requester's key: kept apart from the requester's word, no answer to its writer.

    The requester gets one line at most a day, none when the text is a machine's receipt.
    """
    plan = Plan(
        disposition="machine-mail" if machine else "appended-unconfirmed",
        number=case.number,
        happenings=(_appended(case, mail, office, confirmed=False),),
    )
    if machine:
        return plan
    plan += Plan(letters=_to_handler(case, mail, office, confirmed=False))
    who = f"{case.number} {case.requester.address}"
    if not case.requester.address or facts.count("added", who, office.now - DAY):
        return plan
    line = Letter(
        kind=LetterKind.ADDED, to=Address(address=case.requester.address, name=case.requester.name),
        language=case.requester.language, case=case.number, lane=Lane.REQUESTER, keyed=True,
    )  # fmt: skip
    return plan + Plan(letters=(line,), tallies=(Tally(kind="added", who=who, number=case.number),))


def answer_clocks(case: Case, office: Office, running: Sequence[Clock]) -> tuple[Clock, ...]:
    """The clock `answer` starts again each time the requester wrote last; first-answer goes on where it runs."""
    if any(c.kind is ClockKind.FIRST_ANSWER for c in running):
        return ()
    ended = tuple(replace(c, state=ClockState.DROPPED, next_at=None) for c in running if c.kind is ClockKind.ANSWER)
    new = answer_clock(case, start=office.now, deadlines=office.pack.deadlines, calendar=office.calendar_of(case))
    return (*ended, new) if new else ended


def _to_handler(
    case: Case, mail: Mail, office: Office, *, confirmed: bool, words: Memory | None = None
) -> tuple[Letter, ...]:
    """The mail to who handles the case; with `words`, that their own answer did not leave because of it.

    A sealed letter that its handler may not read goes to a seal-holder besides: somebody must.
    """
    person = office.index.person(case.handler or office.coordinator(case))
    if person is None:
        return ()
    own = _addition(case, mail, person, office, confirmed=confirmed, words=words)
    reads = None if may_read_letter(case, person, office) else who_reads(case, office)
    return (own,) if reads is None else (own, _addition(case, mail, reads, office, confirmed=confirmed))


def _addition(
    case: Case, mail: Mail, person: Person, office: Office, *, confirmed: bool, words: Memory | None = None
) -> Letter:  # fmt: skip
    readable = may_read_letter(case, person, office)
    data: dict[str, object] = {"letter": None, "attachments": [], "confirmed": confirmed, "hidden": not readable}
    if readable:
        data |= {"mail": mail.sha256, "attach": True, "fresh": True}
    if words is not None:
        data |= {"stopped": True, "key_data": {"anyway": {**words.anyway, "round": mail.sha256}}}
    return Letter(kind=LetterKind.ADDITION, to=to_handler(case, person, office), language=person.language,
                  case=case.number, data=data, lane=lane(case), keyed=True,
                  attachments=pairs(mail) if readable else ())  # fmt: skip


def _appended(case: Case, mail: Mail, office: Office, *, confirmed: bool) -> Happening:
    data: dict[str, object] = {
        "mail": mail.sha256,
        "message_id": mail.message_id,
        "confirmed": confirmed,
        "attachments": [a.filename for a in mail.attachments],
    }
    event = Event(kind="appended", at=office.now, actor="requester" if confirmed else "unconfirmed", human=confirmed,
                  data=data)  # fmt: skip
    return Happening(number=case.number, event=event)
