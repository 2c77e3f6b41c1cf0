"""Outgoing mails as bytes."""

import email
import email.policy
import re
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.domain.letter import LetterKind
from maild.domain.message import Address
from maild.errors import Permanent
from maild.mail.compose import AttachedFile, compose

ANYTHING = st.text(st.characters(codec=None, exclude_categories=[]), max_size=120)


def written(**changes: Any) -> bytes:
    """An acknowledgement, with changes."""
    values: dict[str, Any] = {
        "sender": Address(address="gm@corp.example", name="总经理信箱"),
        "to": Address(address="li@mail-a.example", name="李小明"),
        "subject": "已受理 [GM-2026-000142-7KQ2M9XW]",
        "text": "您好\n.\n",
        "html": "<p>您好</p>",
        "date": datetime(2026, 11, 24, 1, 30, tzinfo=UTC),
        "message_id": "<k1.GM-2026-000142@corp.example>",
        "maild_id": "k1",
        "kind": LetterKind.ACKNOWLEDGEMENT,
        "language": "zh-CN",
    }
    return compose(**{**values, **changes})


def read(raw: bytes) -> EmailMessage:
    """As a modern mail client reads it."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def headers(raw: bytes) -> Message:
    """Without the policy that decodes, and without mending anything."""
    return email.message_from_bytes(raw, policy=email.policy.compat32)


def test_says_everything_that_was_given() -> None:
    """A mail reads back as it was written, in both bodies."""
    mail = read(written(reply_to=Address(address="gm+k1@corp.example")))

    assert str(mail["From"]) == "总经理信箱 <gm@corp.example>"
    assert str(mail["To"]) == "李小明 <li@mail-a.example>"
    assert str(mail["Reply-To"]) == "gm+k1@corp.example"
    assert str(mail["Subject"]) == "已受理 [GM-2026-000142-7KQ2M9XW]"
    assert (mail["Date"], mail["X-Maild-Id"], mail["Content-Language"]) == (
        "Tue, 24 Nov 2026 01:30:00 +0000",
        "k1",
        "zh-CN",
    )
    plain, html = mail.iter_parts()
    assert (plain.get_content(), html.get_content()) == ("您好\r\n.\r\n", "<p>您好</p>\r\n")


@pytest.mark.parametrize(
    ("kind", "submitted", "suppress"),
    [
        (LetterKind.ACKNOWLEDGEMENT, "auto-replied", "OOF, AutoReply, RN, NRN"),
        (LetterKind.ECHO, "auto-replied", "OOF, AutoReply, RN, NRN"),
        (LetterKind.REMINDER, "auto-generated", "AutoReply, RN, NRN"),
        (LetterKind.ESCALATION, "auto-generated", "AutoReply, RN, NRN"),
        (LetterKind.DIGEST, "auto-generated", "AutoReply, RN, NRN"),
        (LetterKind.ASSIGNMENT, None, "RN, NRN"),
        (LetterKind.ANSWER, None, "RN, NRN"),
    ],
)
def test_automatic_headers(kind: LetterKind, submitted: str | None, suppress: str) -> None:
    """Each kind says what casework 8 lets it say of itself, and never suppresses bounces."""
    mail = headers(written(kind=kind))

    assert mail["Auto-Submitted"] == submitted
    assert mail["X-Auto-Response-Suppress"] == suppress


@pytest.mark.parametrize("kind", LetterKind)
def test_every_kind_can_be_composed(kind: LetterKind) -> None:
    """No kind of letter is without headers, and none asks to suppress bounces."""
    suppressed = headers(written(kind=kind))["X-Auto-Response-Suppress"].split(", ")

    assert {"RN", "NRN"} <= set(suppressed)
    assert not {"All", "NDR", "DR"} & set(suppressed)


def test_message_ids_stay_plain() -> None:
    """Long ids are folded between, never encoded, and only the first and the newest of a chain are kept."""
    chain = tuple(f"<{'r' * 70}{number}@mail.example>" for number in range(40))
    raw = written(in_reply_to=chain[-1], references=chain)

    assert headers(raw)["References"].split() == [chain[0], *chain[-19:]]
    assert headers(raw)["In-Reply-To"] == chain[-1]
    assert b"=?" not in raw[raw.index(b"References:") : raw.index(b"X-Maild-Id")]


@pytest.mark.parametrize(
    "foreign", ["<a@b>\r\nBcc: x@y.example", "no id at all", "<ü@b>", f"<{'x' * 2000}@b>", "<a b@c>"]
)
def test_foreign_ids_bring_nothing_along(foreign: str) -> None:
    """What is no id in a stranger's Message-ID never reaches our headers."""
    mail = headers(written(in_reply_to=foreign, references=(foreign, "<ok@b.example>")))

    assert mail["Bcc"] is None
    assert mail["References"].split()[-1] == "<ok@b.example>"
    assert mail["In-Reply-To"] in {None, "<a@b>"}


@settings(max_examples=150, deadline=None)
@given(subject=ANYTHING, name=ANYTHING, filename=ANYTHING, text=ANYTHING)
def test_nothing_can_inject_a_header(subject: str, name: str, filename: str, text: str) -> None:
    """Whatever stands in a subject, a name, a file name or the text, the headers are ours and fit their lines."""
    file = AttachedFile(filename=filename, content_type="text/plain", content=b"x")
    raw = written(
        subject=subject, to=Address(address="li@mail-a.example", name=name), text=text, html="", attachments=(file,)
    )

    head = raw.split(b"\r\n\r\n", 1)[0]
    names = [line.split(b":")[0] for line in head.split(b"\r\n") if not line.startswith(b" ")]
    assert names == [
        *(b"From", b"To", b"Subject", b"Date", b"Message-ID", b"X-Maild-Id", b"Auto-Submitted"),
        *(b"X-Auto-Response-Suppress", b"MIME-Version", b"Content-Type", b"Content-Language"),
    ]
    assert raw.isascii()
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", raw)
    assert max(len(line) for line in head.split(b"\r\n")) <= 78
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


@pytest.mark.parametrize(
    "subject",
    [
        "短",
        "关于三倍工资没有按时发放的投诉" * 12,
        "=?utf-8?q?a=0D=0ABcc:_x@y.example?=",
        "A subject of plain words that is longer than one line may be, and so it must be folded somewhere",
        "x" * 300,
        "100% \\ \"quoted\" 'x' <tag> 𠮷镕",
    ],
)
def test_subjects_survive(subject: str) -> None:
    """A subject of any length and letters reads back unchanged; an encoded word in it stays text."""
    mail = headers(written(subject=subject))

    assert str(make_header(decode_header(mail["Subject"]))) == subject
    assert max(len(line) for line in mail["Subject"].splitlines()) <= 78


def test_a_line_break_becomes_a_blank() -> None:
    """A subject over several lines is one line."""
    assert str(read(written(subject="a\r\nBcc: b@c.example"))["Subject"]) == "a Bcc: b@c.example"


def test_domain_goes_as_idna() -> None:
    """A Chinese domain is written as its ASCII form (RFC 5890)."""
    assert headers(written(to=Address(address="li@客户.example")))["To"] == "li@xn--ubt06m.example"


@pytest.mark.parametrize(
    "address",
    ["李@corp.example", "a b@corp.example", "a@b>,<c@d", "a@b\r\nBcc: x@y", "", "a@", "@b", "a", 'x"y@b', "a@b c"],
)
def test_addresses_that_cannot_be_written_to(address: str) -> None:
    """An address that no server could take is refused before any mail is made."""
    with pytest.raises(Permanent, match="correct it"):
        written(to=Address(address=address, name="x"))


def test_lenient_local_part() -> None:
    """Dots where RFC 5322 wants none, as real mailboxes have them, are let through with and without a name."""
    assert "a..b.@docomo.example" in headers(written(to=Address(address="a..b.@docomo.example")))["To"]
    assert headers(written(to=Address(address="a..b.@docomo.example", name="A")))["To"] == "A <a..b.@docomo.example>"


def test_attachments() -> None:
    """Files go along with name, type and bytes; a type that may not be base64 goes as a plain file."""
    files = (
        AttachedFile(filename="附件 镕.pdf", content_type="application/pdf", content=bytes(range(256))),
        AttachedFile(filename="mail.eml", content_type="message/rfc822", content=b"From: x\r\n\r\ny"),
        AttachedFile(filename="", content_type="nonsense", content=b""),
    )
    parts = list(read(written(attachments=files)).iter_attachments())

    assert [(p.get_filename(), p.get_content_type(), p.get_payload(decode=True)) for p in parts] == [
        ("附件 镕.pdf", "application/pdf", bytes(range(256))),
        ("mail.eml", "application/octet-stream", b"From: x\r\n\r\ny"),
        ("attachment", "application/octet-stream", b""),
    ]


def test_same_inputs_same_bytes() -> None:
    """Composing again gives the same bytes, so that a resend is the same mail."""
    file = AttachedFile(filename="a.txt", content_type="text/plain", content=b"x")

    assert written(attachments=(file,)) == written(attachments=(file,))
