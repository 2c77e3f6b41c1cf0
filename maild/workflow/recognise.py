"""Whose mail is this, and which case does it belong to? (casework 2, security.md "When a mail is believed").

The first lead that fits decides: the long key in an address, the short key in the subject, In-Reply-To or
References, a bare case number. A key alone opens nothing: the writer must also be its person.
"""

from enum import StrEnum

from maild.domain.case import Case
from maild.domain.directory import Person
from maild.domain.letter import LetterKind
from maild.domain.message import Authentication, Mail
from maild.domain.replykey import find_case_numbers, find_long_keys, find_tokens
from maild.domain.value import value
from maild.mail.authentication import authentication, display_name_lies, submitter
from maild.workflow.facts import Facts
from maild.workflow.office import Office
from maild.workflow.parties import acting, is_expert, is_party, is_requester, of_today, of_unit
from maild.workflow.plan import Key
from maild.workflow.related import surviving


class Lead(StrEnum):
    """What leads to the case."""

    KEY = "key"
    REFERENCE = "reference"
    NUMBER = "number"
    NONE = "none"


class Writer(StrEnum):
    """Who wrote, as seen from the case that the lead names."""

    REQUESTER = "requester"
    PARTY = "party"
    KEY_HOLDER = "key-holder"
    """The person of a staff key, or one who may act for that person."""
    EXPERT = "expert"
    """Somebody outside to whom the coordinator forwarded the case."""
    STRANGER = "stranger"


@value
class Recognition:
    """What a mail is to us before anything is made of its words. A merged case is the one that goes on for it."""

    authentication: Authentication
    lead: Lead = Lead.NONE
    writer: Writer = Writer.STRANGER
    case: Case | None = None
    key: Key | None = None
    person: Person | None = None
    """The directory person of From; of a key holder's mail, the one who acts."""
    answers: str = ""
    """The LetterKind of our mail that this one answers, where the key or a reference tells."""
    wrong_key: bool = False
    display_name_lies: bool = False
    claimed: Person | None = None
    """Whom of the directory From names: a person, or a unit by its own address."""

    @property
    def forged(self) -> bool:
        """From says somebody of the directory and the checks say no."""
        return self.authentication is Authentication.FAILED and self.claimed is not None


def recognise(mail: Mail, facts: Facts, office: Office) -> Recognition:
    """Find case, key and writer of a mail."""
    person = office.index.person(mail.author.address)
    believed = _believed(mail, person, office)
    found = _lead(mail, facts, office)
    keyless = found.key is None or found.key.role != "staff"
    if keyless and believed is Authentication.AUTHENTICATED and _by_another_hand(mail, person):
        believed = Authentication.UNKNOWN
    writer, actor = Writer.STRANGER, person
    if found.key is not None and found.key.role == "staff" and believed is not Authentication.FAILED:
        holder = acting(found.key, mail, office)
        writer, actor = (Writer.KEY_HOLDER, holder) if holder else (writer, person)
    elif found.case is not None and believed is not Authentication.FAILED:
        writer = _writer(mail, found, person, office)
    return Recognition(
        authentication=believed, lead=found.lead, writer=writer, case=found.case, key=found.key, person=actor,
        answers=found.answers, wrong_key=found.wrong_key,
        display_name_lies=display_name_lies(mail, person.addresses if person else ()),
        claimed=person or of_unit(mail.author.address, office.index),
    )  # fmt: skip


def _by_another_hand(mail: Mail, person: Person | None) -> bool:
    return person is not None and mail.sender is not None and mail.sender.address not in person.addresses


def _believed(mail: Mail, person: Person | None, office: Office) -> Authentication:
    """What the checks say of From; a pass of the domain proves nothing where a colleague's hand sent it.

    A listed assistant's hand is allowed under a key alone (security.md, "Commands with a key"); there the assistant
    acts, in the own name.
    """
    said = authentication(mail, office.box.trusted_authserv_ids)
    if person is None or said in {Authentication.NOT_CHECKED, Authentication.FAILED}:
        return said
    login = submitter(mail, office.box.trusted_authserv_ids)
    domain = mail.author.address.rpartition("@")[2]
    logged_in = office.index.person(login if "@" in login or not login else f"{login}@{domain}")
    other = _by_another_hand(mail, person)
    if not other and logged_in in {None, person}:
        return said
    hand = office.index.person(mail.sender.address) if other and mail.sender else logged_in
    if not other or hand is None or hand not in office.index.assistants(person.address):
        return Authentication.UNKNOWN
    if logged_in == hand:
        return Authentication.AUTHENTICATED
    return said if logged_in is None else Authentication.UNKNOWN


@value
class _Found:
    lead: Lead = Lead.NONE
    case: Case | None = None
    key: Key | None = None
    answers: str = ""
    wrong_key: bool = False


def _lead(mail: Mail, facts: Facts, office: Office) -> _Found:
    by_key = _by_long_key(mail, facts, office) or _by_short_key(mail, facts, office)
    if by_key and by_key.key:
        return by_key
    wrong = by_key is not None and by_key.wrong_key
    found = _by_reference(mail, facts) or _by_number(mail, facts) or _Found()
    return _Found(lead=found.lead, case=found.case, answers=found.answers, wrong_key=wrong)


def _by_long_key(mail: Mail, facts: Facts, office: Office) -> _Found | None:
    addresses = [a.address for a in (*mail.to, *mail.cc)] + list(mail.delivered_to)
    for long in find_long_keys(addresses, office.box.address):
        if key := facts.key(long):
            return _keyed(key, facts, office)
    return None


def _by_short_key(mail: Mail, facts: Facts, office: Office) -> _Found | None:
    """The key in the subject; in a delivery report (RFC 3464) also that of the mail it speaks of."""
    wrong = False
    for token in find_tokens(f"{mail.subject} {mail.report.original_subject if mail.report else ''}"):
        for key in facts.keys(token.number):
            if office.keys.fits(token.short, number=key.number, recipient=key.recipient, purpose=key.purpose,
                                serial=key.serial):  # fmt: skip
                return _keyed(key, facts, office)
        wrong = True
    return _Found(wrong_key=True) if wrong else None


def _keyed(key: Key, facts: Facts, office: Office) -> _Found | None:
    case = surviving(facts.case(key.number), facts)
    if _is_over(key, case, office):
        return None
    return _Found(lead=Lead.KEY, case=case, key=of_today(key, office), answers=key.purpose)


def _is_over(key: Key, case: Case | None, office: Office) -> bool:
    """Whether a key opens nothing any more: at its own end, else so long after the case was closed (casework 4)."""
    if key.expires is not None:
        return key.expires <= office.now
    if key.purpose == LetterKind.AWARD.value:
        return False
    after = office.pack.deadlines.after
    lives = after.requester_key if key.role == "requester" else after.staff_key
    return case is not None and case.closed_at is not None and office.now - case.closed_at > lives


def _by_reference(mail: Mail, facts: Facts) -> _Found | None:
    for message_id in (mail.in_reply_to, *reversed(mail.references)):
        if (sent := facts.sent(message_id=message_id)) and sent.number:
            return _Found(lead=Lead.REFERENCE, case=surviving(facts.case(sent.number), facts), answers=sent.kind)
        if (received := facts.received(message_id)) and received.number:
            return _Found(lead=Lead.REFERENCE, case=surviving(facts.case(received.number), facts))
    return None


def _by_number(mail: Mail, facts: Facts) -> _Found | None:
    for number in find_case_numbers(mail.subject):
        if case := surviving(facts.case(number), facts):
            return _Found(lead=Lead.NUMBER, case=case)
    return None


def _writer(mail: Mail, found: _Found, person: Person | None, office: Office) -> Writer:
    """Who wrote, of a mail that carries no staff key."""
    if found.case is None:
        return Writer.STRANGER
    if is_requester(found.case, mail.author.address, person):
        return Writer.REQUESTER
    if is_expert(found.case, found.key, mail.author.address, person):
        return Writer.EXPERT
    if found.key is None and is_party(found.case, person, office):
        return Writer.PARTY
    return Writer.STRANGER
