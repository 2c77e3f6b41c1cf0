"""Delivery reports, and what only looks like one."""

import email
from email.message import Message

import pytest

from maild.domain.message import Address, Delivery, DeliveryReport
from maild.mail.bouncetext import status_in
from maild.mail.dsn import read_report
from maild.mail.original import readable
from tests.mail import ROOT
from tests.mail.reading import author_of, subject_of, text_of

CORPUS = ROOT / "tests" / "corpus" / "reports"
ANN = ["ann@there.example"]


def _message(name: str) -> Message:
    return email.message_from_bytes((CORPUS / f"{name}.eml").read_bytes())


def _report(message: Message) -> DeliveryReport | None:
    return read_report(message, author=author_of(message), subject=subject_of(message), text=text_of(message))


@pytest.mark.parametrize(
    ("name", "recipients", "status"),
    [
        ("postfix-failed", ANN, "5.1.1"),
        ("two-recipients", ["ann@there.example", "bob@there.example"], "5.1.1"),
        ("without-action", ANN, "5.7.1"),
        ("fields-in-base64", ANN, "5.1.10"),
        ("global-fields", ANN, "5.1.1"),
        ("exchange-zh", ANN, "5.1.10"),
        ("passed-on-by-gateway", ANN, "5.1.1"),
        ("ses", ANN, "5.7.1"),
        ("qq", ANN, "5.1.1"),
        ("exmail", ANN, "5.2.2"),
        ("netease", ANN, "5.1.1"),
        ("coremail", ANN, "5.1.2"),
        ("aliyun", ANN, "5.7.1"),
        ("exim", ["ann@there.example", "bob@there.example"], "5.2.2"),
        ("qmail", ANN, "5.1.1"),
        ("yahoo", ANN, "5.1.1"),
        ("gmail-text", ANN, "5.1.1"),
        ("notes-domino", ANN, "5.1.1"),
        ("old-notes", ANN, "5.1.1"),
        ("groupwise", ANN, "5.1.1"),
        ("marshal", ANN, "5.1.1"),
        ("filter-appliance", ANN, "5.1.1"),
        ("phone-gateway", ["000000000000@sms.example"], "5.1.1"),
        ("mailbox-full-null-path", ANN, "5.2.2"),
    ],
)
def test_bounce(name: str, recipients: list[str], status: str) -> None:
    """A bounce says whom it failed for, and why (RFC 3463)."""
    report = _report(_message(name))

    assert report is not None
    assert report.action is Delivery.FAILED
    assert [one.address for one in report.recipients] == recipients
    assert report.recipients[0].status == status


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("delayed", Delivery.DELAYED),
        ("zh-delay", Delivery.DELAYED),
        ("gmail-delay", Delivery.DELAYED),
        ("delivered", Delivery.DELIVERED),
        ("zh-delivered", Delivery.DELIVERED),
        ("relayed", Delivery.RELAYED),
    ],
)
def test_no_failure(name: str, action: Delivery) -> None:
    """A warning or a success is told apart from a failure."""
    report = _report(_message(name))

    assert report is not None
    assert report.action is action
    assert [one.address for one in report.recipients] == ANN


@pytest.mark.parametrize(
    "name",
    [
        "read-receipt",
        "abuse-report",
        "forwarded-by-person",
        "pasted-by-person",
        "postmaster-writes",
        "out-of-office-null-path",
    ],
)
def test_no_report(name: str) -> None:
    """A read receipt, an absence note, and a person who forwards or cites a bounce are no report."""
    assert _report(_message(name)) is None


@pytest.mark.parametrize("name", ["postfix-failed", "exchange-zh", "passed-on-by-gateway", "global-fields"])
def test_original(name: str) -> None:
    """The report names the outgoing mail by Message-ID, X-Maild-Id and decoded subject."""
    report = _report(_message(name))

    assert report is not None
    assert (report.original_message_id, report.original_maild_id) == ("n1.42@corp.example", "7f3a.42")
    assert report.original_subject == "回执:已受理"


@pytest.mark.parametrize("name", ["exim", "qmail", "yahoo", "old-notes", "filter-appliance"])
def test_original_in_text(name: str) -> None:
    """A copy of the mail within the text names it too."""
    report = _report(_message(name))

    assert report is not None
    assert report.original_message_id == "n1.42@corp.example"


@pytest.mark.parametrize("name", ["qq", "exmail", "netease"])
def test_original_subject_on_page(name: str) -> None:
    """A Chinese provider's page names the mail by its subject."""
    report = _report(_message(name))

    assert report is not None
    assert report.original_subject == "回执:已受理"


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("550 5.1.1 User unknown", "5.1.1"),
        ("connect to 5.1.1.7 failed", ""),
        ("delayed 4.2.0, then 554 5.4.7 expired", "5.4.7"),
        ("对方邮箱空间已满", "5.2.2"),
        ("收件人地址不存在", "5.1.1"),
        ("nothing to see", ""),
    ],
)
def test_status(words: str, status: str) -> None:
    """A code is read from the text, else from the reason; an IP address is none."""
    assert status_in(words) == status


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("=?gb2312?B?16rIw4L2?=", readable("=?gb18030?B?16rIw4L2?=")),
        ("=?no-such-charset?Q?abc?=", "abc"),
        ("plain\r\n folded", "plain folded"),
        ("=?utf-8?B?x?=", readable("=?utf-8?B?x?=")),
    ],
)
def test_readable(field: str, text: str) -> None:
    """A subject is decoded as far as it goes; a damaged one raises nothing."""
    assert readable(field) == text


def test_reports_stay_reports_when_damaged() -> None:
    """Cut at any place, a report still raises no error."""
    raw = (CORPUS / "two-recipients.eml").read_bytes()

    for end in range(0, len(raw), 23):
        message = email.message_from_bytes(raw[:end])
        read_report(message, author=Address(address=""), subject="", text=text_of(message))


def test_empty_from() -> None:
    """Without any From a null path still lets a bounce be read."""
    message = email.message_from_string(
        "Return-Path: <>\nFrom:\nSubject: failure notice\n\n<ann@there.example>:\n550 user unknown\n"
    )

    report = _report(message)

    assert report is not None
    assert [one.address for one in report.recipients] == ANN


def test_own_address_is_no_recipient() -> None:
    """The address that the report was sent to is not one that failed."""
    message = email.message_from_bytes(
        b"Return-Path: <>\nFrom: postmaster@there.example\nTo: gm@corp.example\nSubject: failure notice\n"
        b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
        + "发件人：gm@corp.example\n收件人：ann@there.example\n退信原因：收件人不存在\n".encode()
    )

    report = _report(message)

    assert report is not None
    assert [one.address for one in report.recipients] == ANN
