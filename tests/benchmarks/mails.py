"""A varied mailbox of any size: zh and en, GB18030, replies, delivery reports, one in ten with an attachment."""

import base64
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.header import Header
from email.utils import format_datetime

_ZH = (
    ("订单{n}一直没有发货", "你好，我上周下的订单{n}到现在还没有发货，客服电话打不通，请尽快处理，否则我要求退款。"),
    ("投诉：到货破损", "订单{n}昨天收到，外壳裂了一道口子，通电没有反应。我要求退货退款，并承担来回运费。"),
    ("建议增加自提点", "建议在城西增加一个自提点，下班后也能取货。订单{n}就是因为白天没人在家退回去的。"),
    ("车间三号线停机", "三号线从今天上午开始停机，备件采购申请{n}已经提交一周没有批下来，影响交货。"),
)
_EN = (
    (
        "Order {n} has not arrived",
        "Hello, my order {n} was promised for last week. Nobody answers. I want my money back.",
    ),
    (
        "Idea for the app",
        "It would help if the app showed the stock of each store. I looked for item {n} in three shops.",
    ),
)
_MORE_ZH = (
    "我先后打了三次客服电话，每次都说两天内回复，到现在没有人联系我。", "附上订单截图和聊天记录，请核实。",
    "那天是星期六下午，店里只有一位店员，态度还可以，但是说自己做不了主。", "我是老客户了，以前从来没有遇到过这种情况。",
    "包装盒上的封条是完好的，打开以后才看到里面的问题。", "希望能给一个明确的时间，我好安排后面的事情。",
    "同事也遇到过类似的事，听说后来换了一个新的。", "如果需要补充什么材料，请直接回复这封邮件。",
    "快递单号我已经发给在线客服，他们说系统里查不到。", "谢谢你们抽时间看这封信。",
)  # fmt: skip
_MORE_EN = (
    "I called the hotline three times and was told to wait each time.", "The parcel looked fine from outside.",
    "I have been a customer for six years and this never happened before.", "Please tell me a date I can rely on.",
    "The shop assistant was polite but could not decide anything.", "I attach the screenshots of my order.",
)  # fmt: skip
_EOL = "\r\n"


def mailbox(count: int, seed: int = 7) -> Iterator[bytes]:
    """`count` mails, the same for the same seed; other seeds have other senders."""
    dice = random.Random(seed)
    begin = datetime(2026, 11, 23, 1, tzinfo=UTC)
    for number in range(count):
        yield one_mail(f"{seed}-{number}", number, dice, begin + timedelta(seconds=number))


def one_mail(name: str, number: int, dice: random.Random, at: datetime) -> bytes:
    """One mail of the mix: six in a hundred are reports of failed delivery, five automatic, ten answer an earlier mail."""
    if dice.random() < 0.06:
        return _report(name, at)
    english = dice.random() < 0.2
    charset = "utf-8" if english or dice.random() < 0.5 else "gb18030"
    subject, text = dice.choice(_EN if english else _ZH)
    more = dice.choices(_MORE_EN if english else _MORE_ZH, k=dice.randrange(2, 20))
    text = text.format(n=10_000 + number) + "\n" + (" " if english else "").join(more)
    head = _head(name, at, Header(subject.format(n=10_000 + number), charset).encode(), charset)
    if dice.random() < 0.05:
        head.append("Auto-Submitted: auto-replied")
    if dice.random() < 0.1:
        earlier = f"<{name.rpartition('-')[0]}-{dice.randrange(number + 1)}@mail.example>"
        head += [f"In-Reply-To: {earlier}", f"References: {earlier}"]
    part = _text(text, charset)
    if dice.random() >= 0.1:
        return (_EOL.join(head) + _EOL + part).encode()
    return (_EOL.join(head) + _EOL + _mixed(part, dice.randbytes(dice.randrange(50_000, 400_000)))).encode()


def _head(name: str, at: datetime, subject: str, charset: str) -> list[str]:
    return [
        f"From: {Header('客户', charset).encode()} <c{name}@mail-{name}.example>",
        "To: gm@corp.example",
        f"Subject: {subject}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: <{name}@mail.example>",
        "MIME-Version: 1.0",
    ]


def _text(text: str, charset: str) -> str:
    body = base64.encodebytes(text.encode(charset)).decode().replace("\n", _EOL)
    return f'Content-Type: text/plain; charset="{charset}"{_EOL}Content-Transfer-Encoding: base64{_EOL * 2}{body}'


def _mixed(part: str, file: bytes) -> str:
    blob = base64.encodebytes(file).decode().replace("\n", _EOL)
    return (
        f'Content-Type: multipart/mixed; boundary="b"{_EOL * 2}--b{_EOL}{part}{_EOL}--b{_EOL}Content-Type: image/jpeg{_EOL}'
        f'Content-Disposition: attachment; filename="p.jpg"{_EOL}Content-Transfer-Encoding: base64{_EOL * 2}{blob}--b--{_EOL}'
    )


def _report(name: str, at: datetime) -> bytes:
    """A failed delivery of a mail that we never sent (RFC 3464)."""
    lines = [
        "Return-Path: <>", "From: MAILER-DAEMON@mail.example", "To: gm@corp.example", f"Date: {format_datetime(at)}",
        "Subject: Undelivered Mail Returned to Sender", f"Message-ID: <{name}@mail.example>", "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="r"', "",
        "--r", "Content-Type: text/plain", "", "I could not deliver your message.", "",
        "--r", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mail.example", "",
        f"Final-Recipient: rfc822; c{name}@mail.example", "Action: failed", "Status: 5.1.1",
        "Diagnostic-Code: smtp; 550 5.1.1 no such user", "",
        "--r", "Content-Type: message/rfc822", "", "From: gm@corp.example", f"To: c{name}@mail.example",
        f"Message-ID: <sent-{name}@corp.example>", "Subject: x", "", "x", "--r--", "",
    ]  # fmt: skip
    return _EOL.join(lines).encode()
