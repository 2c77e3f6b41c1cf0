"""Machines' mails, and people's that look like them."""

import email
from datetime import date

import pytest

from maild.domain.message import Automatic
from maild.mail.absence import absence_until
from maild.mail.automatic import why_automatic
from maild.mail.dsn import read_report
from maild.mail.receipts import machine_receipt
from tests.mail import ROOT
from tests.mail.reading import author_of, subject_of, text_of

PERSON = "From: Ann <ann@there.example>\n"
AWAY = "我正在外地出差，10月20日返回。"
TODAY = date(2025, 10, 16)


def _why(head: str, text: str = "Where is my parcel?") -> tuple[Automatic | None, str]:
    raw = (
        (head if "From:" in head else PERSON + head).rstrip("\n")
        + "\nContent-Type: text/plain; charset=utf-8\n\n"
        + text
    )
    message = email.message_from_bytes(raw.encode())
    subject = email.message_from_string(head + "\n\n").get("Subject") or ""
    author = author_of(message)
    report = read_report(message, author=author, subject=subject, text=text)
    return why_automatic(message, author=author, subject=subject, text=text, report=report)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("Auto-Submitted: auto-replied", Automatic.REPLY),
        ("Auto-Submitted: auto-generated", Automatic.GENERATED),
        ("Auto-Submitted: auto-generated\nSubject: Automatic reply: x", Automatic.REPLY),
        ("Auto-Submitted: auto-replied (vacation)", Automatic.REPLY),
        ("auto-submitted: AUTO-NOTIFIED; owner-email=a@b", Automatic.GENERATED),
        ("X-Auto-Response-Suppress: All", Automatic.GENERATED),
        ("X-Auto-Response-Suppress: DR, OOF, AutoReply", Automatic.GENERATED),
        ("X-Autoreply: yes", Automatic.REPLY),
        ("X-Autorespond: x", Automatic.REPLY),
        ("X-POST-MessageClass: 9; Autoresponder", Automatic.REPLY),
        ("Precedence: bulk", Automatic.BULK),
        ("Precedence: junk", Automatic.BULK),
        ("Precedence: auto_reply", Automatic.REPLY),
        ("Precedence: list", Automatic.LIST),
        ("List-Id: <x.lists.there.example>", Automatic.LIST),
        ("List-Unsubscribe: <mailto:u@x>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click", Automatic.BULK),
        ("Return-Path: <>", Automatic.GENERATED),
        ("X-Spam-Flag: YES", Automatic.SPAM),
        ("X-Spam-Status: Yes, score=9.1", Automatic.SPAM),
        ("X-MS-Exchange-Organization-SCL: 6", Automatic.SPAM),
        ("From: no-reply@shop.example", Automatic.GENERATED),
        ("From: Shop <donotreply@shop.example>", Automatic.GENERATED),
        ("From: mailer-daemon@shop.example", Automatic.GENERATED),
        ("From: x-bounces@lists.example", Automatic.GENERATED),
        ("From: root@web.example\nSubject: Cron <root@web> backup", Automatic.GENERATED),
    ],
)
def test_headers(head: str, kind: Automatic) -> None:
    """A header field of a machine or of bulk mail shows it (RFC 3834 section 2)."""
    found, reason = _why(head)

    assert found is kind
    assert reason


@pytest.mark.parametrize(
    "subject",
    [
        "自动回复: 回执:您的来信已受理",
        "自动答复：x",
        "自動回覆: x",
        "【自动回复】您的来信",
        "Automatic reply: x",
        "Auto-Reply: x",
        "Out of Office: x",
        "Out of Office AutoReply: x",
        "Out of Office Re: x",
        "Automatische Antwort: x",
        "Abwesenheitsnotiz: x",
        "Réponse automatique : x",
        "Respuesta automática: x",
        "Risposta automatica: x",
        "Resposta automática: x",
        "Automatisch antwoord: x",
        "Autosvar: x",
        "Odpowiedź automatyczna: x",
        "Автоматический ответ: x",
        "[AUTO GENERATED] Some subject",
    ],
)
def test_subject_of_an_absence(subject: str) -> None:
    """An automatic reply without any header is known by its subject, in each language."""
    assert _why(f"Subject: {subject}", AWAY)[0] is Automatic.REPLY


@pytest.mark.parametrize(
    ("head", "text"),
    [
        ("Auto-Submitted: no", "Hello"),
        ("X-Auto-Response-Suppress: RN, NRN", "Hello"),
        ("Precedence: normal", "Hello"),
        ("List-Unsubscribe: <mailto:gate@there.example>", "请问货什么时候到？"),
        ("X-Spam-Status: No, score=0.1", "Hello"),
        ("X-Autoreply: no", "Hello"),
        ("Subject: 我的自动回复坏了", "昨天开始自动回复发不出去，请IT看一下。"),
        ("Subject: 自动回复功能有问题", "客户说收不到。"),
        ("Subject: 自动回复", "自动回复设置不了，请帮忙。"),
        ("Subject: Re: Automatic reply: your message", "Thanks, I will wait until you are back."),
        ("Subject: 回复: 自动答复: 回执", "那我等他回来再说，请先登记。"),
        ("Subject: Out of office next week", "Who handles my case while I am away?"),
        ("Subject: 已读", "通知我已读，没有意见。"),
        ("Subject: x", "你们发来的信写着“系统邮件，请勿直接回复”，那我该回复到哪里？"),
        ("Subject: x", "我收到一封系统自动发送的邮件，让我点链接，是真的吗？"),
        ("Subject: x", "你们的系统自动发送了三遍短信，烦死了。"),
        ("Subject: x", "请勿回复客户，等我电话。"),
        ("Subject: Re: [Ticket #42] x", "Hello, thank you for your message. The part is still missing."),
        (
            "Subject: x",
            '收到。\n\n在 2025-10-20 09:12:33，"客服" <kf@there.example> 写道：\n>本邮件由系统自动发出，请勿回复。',
        ),
        ("From: 王工 <postman@there.example>\nSubject: x", "邮递员投诉"),
        ("From: Bob <bounceback@there.example>\nSubject: x", "Hello"),
    ],
)
def test_person(head: str, text: str) -> None:
    """A person's mail is never taken for a machine's."""
    assert _why(head, text) == (None, "")


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "[工单#88213] 已收到您的来信",
            "尊敬的客户，您好！\n您的来信已登记，工单编号 88213。\n\n通利服务台（系统邮件，请勿直接回复）",
        ),
        ("来信已收到", "您的邮件我们已收到，将在2个工作日内回复。\n本邮件由系统自动发出，请勿直接回复。"),
        ("通知", "您的密码将于7天后过期。\n\n此邮件为系统自动发送，请勿回复！"),
        ("通知", "这是一封系统自动生成的邮件。"),
        (
            "Your request",
            "We have received your request.\n\nThis is an automated message. Please do not reply to this email.",
        ),
        ("Receipt", "Thank you.\n\nNote: this mailbox is not monitored."),
        (
            "[Ticket #123456] Parcel",
            "Dear customer,\n\nyour request has been received. We will get back to you within two days.",
        ),
        ("Eingang", "Vielen Dank.\n\nDiese E-Mail wurde automatisch erstellt."),
    ],
)
def test_machine_receipt(subject: str, text: str) -> None:
    """A machine's receipt without any header is known by its words."""
    assert machine_receipt(text, subject)
    assert _why(f"Subject: {subject}", text)[0] is Automatic.GENERATED


def test_newsletter() -> None:
    """List-Unsubscribe and the word in the text together show a newsletter."""
    assert _why("List-Unsubscribe: <https://x>", "Offers!\n\nClick here to unsubscribe.")[0] is Automatic.BULK


def test_read_receipt() -> None:
    """A read receipt is told apart from a bounce and from an absence (RFC 8098)."""
    message = email.message_from_bytes((ROOT / "tests/corpus/reports/read-receipt.eml").read_bytes())
    subject, text = subject_of(message), text_of(message)

    found, _ = why_automatic(message, author=author_of(message), subject=subject, text=text, report=None)

    assert found is Automatic.READ_RECEIPT


def test_read_receipt_by_subject() -> None:
    """A provider's read receipt without a report is known by subject and text."""
    assert _why("Subject: 已读: 回执", "您的邮件已于 2025-10-20 09:12 被阅读。")[0] is Automatic.READ_RECEIPT


@pytest.mark.parametrize("name", ["postfix-failed", "delayed", "qq"])
def test_report(name: str) -> None:
    """A delivery report is automatic, and the reason says what it reports."""
    message = email.message_from_bytes((ROOT / f"tests/corpus/reports/{name}.eml").read_bytes())
    author, subject, text = author_of(message), subject_of(message), text_of(message)
    report = read_report(message, author=author, subject=subject, text=text)

    found, reason = why_automatic(message, author=author, subject=subject, text=text, report=report)

    assert found is Automatic.GENERATED
    assert reason.startswith("delivery report")


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("您好！我正在外地出差，10月20日返回，期间邮件不能及时处理。", date(2025, 10, 20)),
        ("我休假至2025年11月3日，急事请找小蔡。", date(2025, 11, 3)),
        ("10月18日至10月25日外出，请联系王工。", date(2025, 10, 25)),
        ("我下周三回来。", date(2025, 10, 22)),
        ("周五返回办公室。", date(2025, 10, 17)),
        ("I am out of the office until 20 October.", date(2025, 10, 20)),
        ("I will be back on Monday, October 27th, 2025.", date(2025, 10, 27)),
        ("I'm on leave and return on Monday.", date(2025, 10, 20)),
        ("Ich bin bis zum 24.10. nicht im Büro.", date(2025, 10, 24)),
        ("Back on 5 January.", date(2026, 1, 5)),
        ("I was away until 1 October.", None),
        ("We met on 20 October.", None),
        ("I am out of the office with limited access.", None),
        ("10/11 返回", None),
        ("2月30日返回", None),
        ("", None),
    ],
)
def test_absence(text: str, until: date | None) -> None:
    """The end of an absence is read from a plain date, and from nothing else."""
    assert absence_until(text, TODAY) == until
