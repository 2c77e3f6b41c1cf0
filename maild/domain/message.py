"""What one mail says: frozen values, the same for every stage.

Addresses are compared in lower case (`Address.address` is stored so); names are as a person sees them.
Times are aware, in UTC. Keys follow `maild parse --json` (RFC 5322 for fields, RFC 3464 for delivery reports).
"""

from dataclasses import field
from datetime import datetime
from enum import StrEnum

from maild.domain.value import value


@value
class Address:
    """One mailbox: the name a person sees and the lower-case addr-spec (RFC 5322 section 3.4)."""

    address: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name and self.address else self.name or self.address


@value
class Attachment:
    """One part that is not the mail's own text; `filename` is a clean base name, `size` counts decoded bytes."""

    filename: str
    content_type: str
    size: int
    sha256: str


@value
class LinkedFile:
    """A file on somebody's server that the mail only links to; `size` and `until` in the mail's words, or ""."""

    name: str
    host: str
    size: str = ""
    until: str = ""


class Locked(StrEnum):
    """Why nobody but its intended reader can read a mail."""

    SMIME = "smime"
    """Enveloped (RFC 8551 section 3.3)."""
    PGP = "pgp"
    """RFC 3156, or a block within the text (RFC 9580)."""
    RMS = "rms"
    """Rights management: a message.rpmsg."""


class Wordless(StrEnum):
    """What a mail without a line of text consists of."""

    PICTURE = "picture"
    VOICE = "voice"
    VIDEO = "video"


class Reading(StrEnum):
    """How far the text of an attachment could be read."""

    READ = "read"
    EMPTY = "empty"
    """No text in it: a scan."""
    LOCKED = "locked"
    """It wants a password."""
    UNREAD = "unread"
    """Nothing here reads such files."""
    NO_READER = "no-reader"
    """The extra `attachments` is not installed."""
    DAMAGED = "damaged"
    TOO_LARGE = "too-large"
    LATE = "late"
    """It took too long."""


@value
class Enclosure:
    """The text of an attachment, read because the mail says little itself; never read as an order."""

    filename: str
    how: Reading
    text: str = ""


@value
class Invitation:
    """One event of a calendar part (RFC 5545), each property in the mail's words, or ""."""

    summary: str = ""
    starts: str = ""
    ends: str = ""
    place: str = ""
    organiser: str = ""
    cancelled: bool = False


class Delivery(StrEnum):
    """What a delivery report says (RFC 3464 section 2.3.3, `Action`)."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"


@value
class FailedRecipient:
    """One recipient of a delivery report; `status` is an RFC 3463 code such as 5.1.1, or ""."""

    address: str
    status: str = ""
    diagnostic: str = ""


@value
class DeliveryReport:
    """A delivery report and the outgoing mail it speaks of, as far as it says."""

    action: Delivery
    recipients: tuple[FailedRecipient, ...] = ()
    original_message_id: str = ""
    original_maild_id: str = ""
    original_subject: str = ""


class Authentication(StrEnum):
    """How far a From is believed (RFC 8601, security.md "When a mail is believed")."""

    AUTHENTICATED = "authenticated"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_CHECKED = "not-checked"
    """No trusted authserv-id is configured."""


class Automatic(StrEnum):
    """Why a mail is a machine's or a bulk mail (RFC 3834)."""

    REPLY = "reply"
    """An automatic reply or out-of-office."""
    GENERATED = "generated"
    BULK = "bulk"
    LIST = "list"
    READ_RECEIPT = "read-receipt"
    SPAM = "spam"
    """The provider marked it."""


@value
class Mail:
    """A parsed mail. `text` is all of its own text, `fresh_text` what the author wrote new (parse-contract.md)."""

    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    author: Address
    """First address of From; address "" when there is none."""
    co_authors: tuple[Address, ...] = ()
    """Further addresses of From, in one field or in several."""
    sender: Address | None = None
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    delivered_to: tuple[str, ...] = ()
    """Delivered-To, X-Original-To, Envelope-To, lower case."""
    return_path: str | None = None
    """None: no such field; "": the null path of a machine."""
    subject: str = ""
    tagless: str | None = None
    """The subject without what a gateway put into it ([EXTERNAL]); None where nobody looked."""
    date: datetime | None = None
    text: str = ""
    fresh_text: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    sheets: tuple[tuple[tuple[str, ...], ...], ...] = ()
    """The cells of spreadsheets that came with an answer to one of our letters, row by row."""
    unpacked: tuple[Attachment, ...] = ()
    """What lies in a winmail.dat among the attachments."""
    enclosures: tuple[Enclosure, ...] = ()
    """Texts of attachments, where the mail's own text says too little for triage."""
    linked_files: tuple[LinkedFile, ...] = ()
    invitations: tuple[Invitation, ...] = ()
    cards: tuple[str, ...] = ()
    """Contacts (RFC 6350), a line each: name, organisation, telephone, address."""
    locked: Locked | None = None
    wordless: Wordless | None = None
    report: DeliveryReport | None = None
    automatic: Automatic | None = None
    automatic_reason: str = ""
    """The header or words that show it, for `auto_reason`."""
    lang: str = ""
    """zh, en, ... of the fresh text; "" when nothing can be said."""
    authentication_results: tuple[str, ...] = ()
    """Values of Authentication-Results, topmost first, unfolded."""
    maild_id: str = ""
    """X-Maild-Id: our own mail coming back."""
    has_forwarded_original: bool = False
    charset_defects: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()
    sha256: str = ""
    """Of the raw bytes."""
    fingerprint: str = ""
    """Of Message-ID, From, Date, Subject and decoded body parts: two mails with one fingerprint are one mail."""
    size: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    """A few more fields by lower-case name, first value: list-id, precedence, auto-submitted, x-mailer."""

    @property
    def topic(self) -> str:
        """The subject in the writer's own words."""
        return self.subject if self.tagless is None else self.tagless

    @property
    def attached_text(self) -> str:
        """The text of all attachments that were read."""
        return "\n".join(one.text for one in self.enclosures if one.text)

    @property
    def files(self) -> tuple[Attachment, ...]:
        """The attachments as a person wants them: the contents of a winmail.dat in its place."""
        if not self.unpacked:
            return self.attachments
        return tuple(one for one in self.attachments if not is_packed(one.content_type, one.filename)) + self.unpacked


def is_packed(content_type: str, filename: str) -> bool:
    """Whether a part is Outlook's own package (application/ms-tnef)."""
    return content_type in {"application/ms-tnef", "application/vnd.ms-tnef"} or filename.lower() == "winmail.dat"
