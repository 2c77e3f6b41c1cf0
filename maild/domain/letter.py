"""What maild writes to people: one letter, one recipient, one key (casework 5 and 8)."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import IntEnum, StrEnum

from maild.domain.message import Address
from maild.domain.value import value


class LetterKind(StrEnum):
    """Each member is the name of its template, audience.event."""

    ACKNOWLEDGEMENT = "requester.acknowledgement"
    ADDED = "requester.added"
    """Something was added to your case from another address."""
    ANSWER = "requester.answer"
    """A person's answer passed on."""
    QUESTION = "requester.question"
    """A person's question passed on: the case waits for its answer."""
    CORRECTION = "requester.correction"
    """A person's words that put right what was sent before."""
    CONTACT = "requester.contact"
    """May mail about the case come to this address?"""
    PLANNED = "requester.planned"
    """Entered in the plan, with its date."""
    CLOSED = "requester.closed"
    """The case is closed: did this solve it?"""
    STILL_WAITING = "requester.reminder"
    """The question is not answered yet."""
    REOPENED_ACK = "requester.reopened"
    MOVED = "requester.progress"
    """A new handler or deadline, told without being asked."""
    STATUS_OUTSIDE = "requester.status"
    REGROUPED = "requester.regrouped"
    """Under which numbers a letter is handled now: together with another one, apart again, or as several matters."""
    POLITE = "requester.polite"
    """One polite sentence, for what is no feedback."""
    AFTERMATH = "requester.aftermath"
    """A month after a complaint was closed: has anything happened to you because of it?"""
    AWARD = "requester.award"
    """An award stands ready, or what became of it."""
    EXPERT = "expert.question"
    """What a coordinator sends to an expert outside."""
    ADOPTED = "requester.adopted"
    """A suggestion was taken."""
    CIRCULATION = "receiver.circulation"
    """A directive, to one of those who pass it on and sign."""
    CIRCULATED = "manager.circulation"
    """Who has signed and who has not."""
    FORM = "receiver.form"
    """A form to fill in."""
    FORM_RETURNED = "receiver.return"
    """What was taken of a return, and what is asked for once more."""
    RETEST = "receiver.retest"
    """What a test found is rectified: test it again."""
    ROUND_RESULT = "receiver.round"
    """The instruction that came back, to those who returned the form."""
    ROUND = "manager.round"
    """The table of a form round, to its owner or to who gets the report."""
    AWAY = "manager.away"
    """A receiver is away and the time runs out today."""
    ASSIGNMENT = "handler.assignment"
    ADDITION = "handler.addition"
    """The requester wrote again."""
    REOPENED = "handler.reopened"
    HANDED_OVER = "handler.handed-over"
    """Somebody has left: their cases are yours."""
    BY_HAND = "handler.by-hand"
    """Somebody answered from the shared mailbox with a mail client."""
    EXPERT_REPLY = "handler.expert"
    """An expert outside answered."""
    FORWARD_PREVIEW = "manager.forward"
    """All that would leave for an expert outside, before it does."""
    SEAL_PREVIEW = "manager.seal-release"
    """To a seal-holder: exactly what would leave of a sealed letter, before anything does."""
    SEAL_LAPSED = "manager.seal-lapsed"
    """To a seal-holder and to who had asked: nobody answered the preview in time, and nothing left."""
    NOTICE = "manager.notice"
    """A new case, to coordinator or gm."""
    WITHDRAWN = "handler.withdrawn"
    """What an order had sent inside was taken back."""
    WAITED = "handler.waited"
    """The requester did not answer: the clocks run on, decide on what there is."""
    AGAIN = "manager.again"
    """Reopened for the second time: the superior decides who handles it."""
    SEALED = "handler.sealed"
    """The case is confidential from now on: who wrote is known by an alias."""
    UNSEALED = "staff.unsealed"
    """Who wrote, to the seal-holder who asked, and to nobody else."""
    UNSEAL_TOLD = "manager.unsealed"
    """To the other seal-holder: somebody has asked who wrote, and why."""
    ERASED = "staff.erased"
    """To who ordered an erasure, what became of it; to the other who may erase, that it was done."""
    HOLD_TOLD = "manager.hold"
    """To the other who may erase: somebody has held a case from it, or lifted that, and why."""
    WITHDRAWAL = "manager.withdrawal"
    """The writer of a protected letter wishes to withdraw it: yes, or go on without them."""
    INSTRUCTION = "handler.instruction"
    """A superior's binding comment."""
    PLAN_LIST = "manager.plan"
    """The whole plan, each month to the coordinator."""
    PLAN_REVIEW = "handler.plan-review"
    """Each month: how do these plan items stand, one line each."""
    EXTENSION_DECIDED = "handler.extension"
    """More time was granted, or was not."""
    EXTENSION = "manager.extension"
    """The handler asks for more time."""
    TYPE_PROPOSAL = "manager.type"
    """A handler proposes another type."""
    TYPE_DECLINED = "handler.type"
    PROPOSAL = "manager.proposal"
    """A handler proposes to merge, link or split: yes or no."""
    PROPOSAL_DECLINED = "handler.proposal"
    GATHERED = "handler.gathered"
    """Many letters on one matter: the lead case with its members, or the day's newcomers."""
    SPLIT = "handler.split"
    """Matters of the letter became cases of their own; the rest stays this handler's."""
    MERGED = "handler.merged"
    """The case goes on in another one, and is no more this handler's."""
    HAND_UP = "manager.hand-up"
    """The unit cannot solve it: the case is the superior's now."""
    REMINDER = "handler.reminder"
    ESCALATION = "manager.escalation"
    """To the handler, head, coordinator and each supervisor that a rung adds."""
    ALARM = "manager.alarm"
    """A critical case: to who is on duty, and to each rung until somebody accepts."""
    PROGRESS = "manager.progress"
    """What the handler noted or answered, to a supervisor."""
    COMBINED = "manager.combined"
    """Several reminders or escalations in one mail."""
    BUNDLE = "staff.bundle"
    """More notices within an hour than a person reads one by one, in one mail."""
    ECHO = "staff.echo"
    """What a command did."""
    REFUSAL = "staff.refusal"
    FILES = "staff.attachments"
    """Attachments of a case that a reply asked for."""
    SHEET = "staff.sheet"
    """The case on one page of paper, for a written instruction."""
    CONFIRMATION = "staff.confirmation"
    """One word back with a fresh key."""
    UNREAD_COMMAND = "staff.no-command"
    """Kept as an inside note; the likely commands as one-click replies."""
    CHOICES = "staff.choices"
    """Several readings, each as a ready-made reply."""
    RECORDED = "staff.recorded"
    """The receipt to who recorded a matter for somebody else."""
    STATUS = "staff.status"
    """How a person's cases stand, or what was found."""
    HELP = "staff.help"
    FRESH_KEY = "staff.fresh-key"
    """Answered without a key: the command ready to be sent."""
    BOUNCE = "staff.bounce"
    QUARANTINE = "manager.quarantine"
    SECURITY = "manager.security"
    """To the coordinator: a forgery or a misuse."""
    SECURITY_PERSON = "staff.security"
    """To the real person: somebody wrote in your name."""
    MISDIRECTED = "staff.misdirected"
    """Your key was used by somebody else."""
    DIGEST = "manager.digest"
    WEEKLY = "manager.weekly"
    """Once a week, to a head the unit's open cases, to the gm what climbed."""
    REPORT = "manager.report"
    """Figures of a week, a month, a quarter or a year, to the gm, the coordinator and heads."""
    FIGURE = "manager.figure"
    """The cases behind a figure of a report."""
    LEDGER = "manager.ledger"
    """Proposals for the ledger, what became of them, and what HR pays."""
    PAYMENT = "manager.payment"
    """Number and sum of an award, to finance."""
    PUBLICATION = "manager.publication"
    """The draft of a public notice, to who approves it."""
    PUBLIC_NOTICE = "receiver.notice"
    """A public notice of what stands in the ledger."""
    PUBLISHING = "manager.publishing"
    """The words that would be published: yes or no."""
    PUBLISHED = "staff.publications"
    """What was published in the past month."""
    RELEASE = "manager.release"
    """To the coordinator: what waits to be let go, and what became of it."""
    TRIAGE_AGAIN = "manager.reappeared"
    """Processed mail appeared in the inbox again."""
    TROUBLE = "manager.trouble"
    """Something is wrong with maild itself, or well again."""
    LEAVERS = "manager.leavers"
    """People have left the directory: what became of their cases, and where they are still named."""
    DOUBTFUL = "manager.directory"
    """The directory file lost so many people that it waits for a word."""
    RULE_FAULT = "manager.rule-fault"
    """A changed rule, template or directory file is wrong and the old ones stay in force."""


OUTSIDE = frozenset({k for k in LetterKind if k.value.startswith("requester.")})
"""Letters to requesters; all others go to people of the directory."""


class Lane(IntEnum):
    """The outbox serves lower numbers first."""

    ECHO = 0
    """Critical mails and echoes."""
    REQUESTER = 1
    """Acknowledgements and answers."""
    WORK = 2
    """Assignments, notices, reminders, escalations, digests."""
    BULK = 3
    """Circulations and rounds."""


NO_LANE = max(Lane) + 1
"""Below every lane: nothing is shut."""


@value
class Enclosure:
    """A file that maild made itself; one with a `cid` stands in the HTML (RFC 2392)."""

    filename: str
    content_type: str
    content: bytes
    cid: str = ""


@value
class Letter:
    """One mail to be written. The pipeline renders and freezes it in the commit that holds its cause."""

    kind: LetterKind
    to: Address
    language: str = "zh"
    case: str | None = None
    data: Mapping[str, object] = field(default_factory=dict)
    """What its template reads besides the case; plain values only."""
    lane: Lane = Lane.WORK
    not_before: datetime | None = None
    """Held until then: the hold of a person's words, quiet hours."""
    keyed: bool = False
    """Carries a reply key of its recipient for its case."""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    """sha256 of attachments of the case's mails that go along."""
    held: tuple[str, ...] = ()
    """Attachments that stay behind, as in `attachments`: they hold personal data that the reader need not know."""
    enclosures: tuple[Enclosure, ...] = ()
    bare: tuple[tuple[str, str], ...] = ()
    """Attachments of a sealed letter that its holder released: as in `attachments`, with the name they leave under."""
    released: bool = False
    """The coordinator let it go: no mode holds it a second time."""


@value
class Rendered:
    """A template's result: one subject line, plain text, HTML of one column."""

    subject: str
    text: str
    html: str


@value
class Delivered:
    """What the SMTP server said of one recipient. `code` 0: the connection failed before an answer."""

    address: str
    code: int
    text: str = ""
    hung: bool = False
    """The server said nothing for as long as it was waited for."""

    @property
    def accepted(self) -> bool:
        """A 2yz reply (RFC 5321 section 4.2.1)."""
        return 200 <= self.code < 300

    @property
    def permanent(self) -> bool:
        """A 5yz reply: the same mail will not be taken by trying again."""
        return 500 <= self.code < 600
