"""What people send to the simulated office."""

import re
from collections.abc import Callable
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message

from tests.journeys.post import absence, bounce, mail, poison
from tests.simulation.office import Office

_TOPICS = (
    ("投诉：订单没有发货", "三周前下的订单一直没有发货，客服电话没有人接，要求退款并答复。"),
    ("建议：食堂增加素菜", "建议食堂每天增加两个素菜，价格不要提高。"),
    ("Complaint: wrong invoice", "The invoice of last month names the wrong amount; please correct it and answer."),
    ("机器漏油", "三号车间的机器漏油已经两天，地面很滑，请尽快派人处理。"),
)
_ORDERS = (
    "收到",
    "答复：您好，已为您办理退款，三个工作日内到账。",
    "转 销售部",
    "备注：已联系仓库核实。",
    "延期 3 天 等待配件",
)
_KEY = re.compile(r"\[[A-Z0-9-]+\]$")


def something(office: Office, number: int) -> bytes:
    """The next mail: mostly new letters, else replies, orders, machines, doubles and bombs."""
    dice = office.dice
    made: Callable[[Office, int], bytes | None] = dice.pick(
        (_letter, _letter, _letter, _reply, _order, _order, _machine, _bounced, _again, _bomb)
    )
    return made(office, number) or _letter(office, number)


def _letter(office: Office, number: int) -> bytes:
    subject, text = office.dice.pick(_TOPICS)
    sender = f"customer{office.dice.below(40)}@mail-a.example"
    if office.dice.hits(0.05):
        sender = f"gone{number}@mail-g.example"
    return mail(f"{subject} {number}", f"{text} （{number}）", sender=sender, date=_date(office))


def _reply(office: Office, number: int) -> bytes | None:
    return _answer(office, number, inside=False, words=f"补充一点：编号 {number}，请尽快。")


def _order(office: Office, number: int) -> bytes | None:
    return _answer(office, number, inside=True, words=office.dice.pick(_ORDERS))


def _answer(office: Office, number: int, *, inside: bool, words: str) -> bytes | None:
    """An answer to a letter of ours, as its reader sends it."""
    letters = [
        one for one in office.smtp.taken if one.to.endswith("@corp.example") is inside and one.to != "gm@corp.example"
    ]
    if not letters:
        return None
    letter = office.dice.pick(letters)
    head = message_from_bytes(letter.raw)
    to = str(head["Reply-To"] or head["From"])
    return mail(
        f"Re: {_subject(head)}", words, sender=letter.to, to=to, date=_date(office),
        In_Reply_To=str(head["Message-ID"]), Message_ID=f"<answer-{number}@pc.example>",
    )  # fmt: skip


def _machine(_office: Office, number: int) -> bytes | None:
    return absence(f"away{number}@mail-d.example")


def _bounced(office: Office, _number: int) -> bytes | None:
    if not office.smtp.taken:
        return None
    letter = office.dice.pick(office.smtp.taken)
    return bounce(letter.to, original=letter.raw.partition(b"\r\n\r\n")[0])


def _again(office: Office, _number: int) -> bytes | None:
    lying = [one for folder in office.mailbox.folders.values() for one in folder if b"X-Maild-Id" not in one.raw]
    return office.dice.pick(lying).raw if lying else None


def _bomb(_office: Office, number: int) -> bytes | None:
    return poison().replace(b"bomb@", f"bomb{number}@".encode())


def _date(office: Office) -> str:
    return office.now.strftime("%a, %d %b %Y %H:%M:%S +0000")


def _subject(head: Message) -> str:
    return str(make_header(decode_header(str(head["Subject"]).replace("\r\n", ""))))
