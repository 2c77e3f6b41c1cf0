"""By what a writer could be known is gathered from everything that the mail says of him (P3.5.7)."""

from typing import Any

import pytest

from maild.domain.case import KnownBy
from maild.mail.knownby import known_by, names_in
from maild.mail.parse import parse


def known(text: str, *, sender: str = "a@b.example", head: str = "") -> KnownBy:
    """What is known by one mail."""
    raw = f"From: {sender}\r\nTo: gm@corp.example\r\nSubject: 投诉\r\n{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}"
    return known_by(parse(raw.encode()))


SAID: list[Any] = [
    ("班长骂我。\n您的员工：张国强\n", "张国强"), ("班长骂我。\n张国强敬上", "张国强"), ("班长骂我。——张国强 11月24日", "张国强"),
    ("班长骂我。\n\n落款：张国强", "张国强"), ("我，张国强，二车间的。班长骂我。", "张国强"), ("我是車間的張國強，班長罵我。", "張國強"),
    ("班長罵我。\n\n舉報人：張國強", "張國強"), ("我的名字叫张国强，班长骂我。", "张国强"),
    ("Nobody helps me.\n\nBest regards,\nAnna Schmidt\nPackaging, night shift", "Anna Schmidt"),
    ("My boss shouts at me all day.\n\nAnna Schmidt", "Anna Schmidt"), ("This is Anna Schmidt from packaging.", "Anna Schmidt"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name"), SAID)
def test_a_name_is_known_however_the_letter_gives_it(text: str, name: str) -> None:
    """Introduced, signed, paid respects with, in traditional characters, in English."""
    assert name in known(text).names


def test_other_ends_of_sentences_are_no_names() -> None:
    """推我，还摔了我的保温杯 names nobody 温杯, and thanks behind a dash name nobody."""
    for text in (
        "他推我，还摔了我的紫色保温杯，之后骂我。",
        "请尽快处理——谢谢",
        "我，今天被骂了。",
        "我是操作工，班长骂我。",
    ):
        assert () == known(text).names, text


SHOWN = {
    "张国强（行政部）": "张国强", "行政部-张国强": "张国强", "张国强 13800007788": "张国强", "Kevin 张国强": "Kevin",
    "Kevin Zhang 张国强": "Kevin Zhang", "国强 张": "张国强", "二车间张国强": "张国强", "Anna Schmidt (QA)": "Anna Schmidt",
}  # fmt: skip


@pytest.mark.parametrize("shown", SHOWN)
def test_a_decorated_display_name_holds_the_bare_one(shown: str) -> None:
    """Department, telephone or nickname beside it do not keep the name from being known."""
    assert SHOWN[shown] in names_in(shown)
    assert SHOWN[shown] in known("班长骂我。", sender=f'"{shown}" <a@b.example>').names


@pytest.mark.parametrize("shown", ["员工", "匿名", "客户", "Office", "hr", "a@b.example", "x"])
def test_a_role_is_no_name(shown: str) -> None:
    """What tells nobody is not struck out of every text."""
    assert () == names_in(shown)


NUMBERS = [
    ("手机：１３８００００７７８８", "１３８００００７７８８"), ("打 138.0000.7788", "138.0000.7788"), ("打 0086-138-0000-7788", "0086-138-0000-7788"),
    ("員工編號：A102317", "A102317"), ("身份证 11010119900307 777X", "11010119900307 777X"), ("卡 6222 0212 3456 7890 128", "6222 0212 3456 7890 128"),
    ("打 (0571)88123456", "(0571)88123456"), ("微信：zhangguoqiang", "zhangguoqiang"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "number"), NUMBERS)
def test_a_number_is_known_however_it_is_grouped(text: str, number: str) -> None:
    """As it was written, full-width, with points, with a country's code."""
    assert number in known(text).numbers


def test_headers_and_the_own_card_tell_too() -> None:
    """Sender, Reply-To and a second From; a visiting card of the writer, and not that of whom the letter complains of."""
    head = 'Reply-To: "国强家里" <zgq@home.example>\r\nSender: Zhang Guoqiang <assistant@b.example>\r\nMIME-Version: 1.0\r\n'
    text = known("班长骂我。", sender="a@b.example, 张国强 <zgq@c.example>", head=head)
    assert {"a@b.example", "zgq@c.example", "zgq@home.example", "assistant@b.example"} <= set(text.addresses)
    assert {"张国强", "Zhang Guoqiang"} <= set(text.names)

    cards = "".join(
        f"--b\r\nContent-Type: text/vcard; charset=utf-8\r\n\r\nBEGIN:VCARD\r\nFN:{name}\r\nTEL:{phone}\r\nEMAIL:{mail}\r\nEND:VCARD\r\n"
        for name, phone, mail in (("张国强", "13800007788", "a@b.example"), ("覃大勇", "13900001111", "q@corp.example"))
    )
    raw = (
        "From: a@b.example\r\nTo: gm@corp.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n班长骂我。\r\n{cards}--b--\r\n"
    )
    own = known_by(parse(raw.encode()))
    assert ("张国强",) == own.names
    assert "13800007788" in own.numbers
    assert not {"13900001111", "覃大勇"} & {*own.numbers, *own.names}
