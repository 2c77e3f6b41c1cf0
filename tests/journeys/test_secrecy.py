"""Of a confidential letter nobody hears but those who handle it, and a requester hears nothing of the inside (P3.5.7)."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from tests.journeys.desk import GM, Letter, TestDesk, open_desk
from tests.journeys.letters import of_kind, telling, to, whole
from tests.journeys.post import CUSTOMER, absence, bounce, mail, poison

MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
WRITER = "龙晓雯 <long.xiaowen@corp.example>"
SUBJECT = "蓝色柜子里的事"
MARK = "绿漆铁柜"
SECRETS = (SUBJECT, MARK, "龙晓雯", "long.xiaowen")
"""Who wrote and what: none of it may be read by others."""
READERS = {
    f"{name}@corp.example"
    for name in ("chen.guodong", "lin.xiaoyue", "ding.ning", "you.jia", "zhou.min", "fu.rong", "lu.qing", "shi.yuan")
} | {"jian.shi@mail-a.example"}
"""gm, hr, gm-office and the supervisory body."""
TEXTS = {
    "staff-complaint": f"我是一线线长龙晓雯。班长覃大勇从10月12日起在车间当众辱骂我、推我，把我的工具锁进{MARK}，请调查处理。",
    "staff-report": f"我举报采购部主管黎军收受供应商回扣，每月两万元现金，就放在{MARK}里，我有照片和录音为证。",
    "retaliation": f"我上月实名举报采购部主管黎军收回扣。举报之后他报复我：扣光我的奖金，把我调去夜班，东西锁进{MARK}，还威胁要开除写信的人。",
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """An installation whose clock stands at Tuesday 09:30."""
    with open_desk(tmp_path) as opened:
        opened.now = MORNING
        opened.one_pass()
        yield opened


def written(desk: TestDesk, subject: str, text: str, *, sender: str = WRITER, **fields: str) -> list[Letter]:
    """An authenticated mail, and what left because of it."""
    minute = desk.now.strftime("%a, %d %b %Y %H:%M:%S +0000")
    return desk.receive(mail(subject, text, sender=sender, date=minute, **fields), authentication="pass")


def case_of(desk: TestDesk, number: str) -> dict[str, Any]:
    """The case of this number."""
    return next(case for case in desk.cases() if case["number"] == number)


def life_of(desk: TestDesk, kind: str) -> list[Letter]:
    """A confidential letter, more of it, and what intruders, broken mailboxes and missed deadlines make of it."""
    letters = written(desk, SUBJECT, TEXTS[kind])
    assert [kind] == [case["type"] for case in desk.cases()]
    ack = of_kind(letters, "requester.acknowledgement")[0]
    letters += written(desk, f"Re: [{ack.token}] {SUBJECT}", f"补充：{MARK}的钥匙在值班室。")
    for letter in list(letters):
        letters += desk.receive(bounce(letter.to, original=letter.raw))
        letters += desk.receive(absence(letter.to, answers=str(letter.message["Message-ID"])), authentication="pass")
        if letter.token and letter.kind.startswith(("handler", "manager")):
            letters += written(desk, f"Re: [{letter.token}]", "转 质量部", sender="he.zhiqiang@corp.example")
            letters += written(desk, f"Re: [{letter.token}]", "转 质量部", sender="anna@mail-b.example")
    for hours in (5, 24, 24, 48, 72, 168, 24, 24):
        letters += desk.later(timedelta(hours=hours))
    return letters


@pytest.mark.parametrize("kind", sorted(TEXTS))
def test_a_confidential_letter_is_told_to_nobody_else(
    desk: TestDesk, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither words nor writer stand in any mail to others, in any subject but the handler's, in an id or in the log."""
    with caplog.at_level(logging.DEBUG, logger="maild"):
        letters = life_of(desk, kind)

    own = {"long.xiaowen@corp.example"}
    assert [] == [one for one in telling(letters, *SECRETS) if one[0] not in READERS | own]
    assert [] == [letter.subject for letter in letters if any(word in letter.subject for word in SECRETS)]
    assert not any(word in caplog.text for word in SECRETS)


def test_what_goes_wrong_with_a_confidential_letter_stays_out_of_the_log(
    desk: TestDesk, caplog: pytest.LogCaptureFixture
) -> None:
    """A refused address, and an error that quotes the mail, are logged without either."""
    desk.servers.refuse("long.xiaowen@corp.example", 550, "5.1.1 <long.xiaowen@corp.example> unknown")
    with caplog.at_level(logging.DEBUG, logger="maild"):
        written(desk, SUBJECT, TEXTS["staff-report"])
        with patch("maild.workflow.arrivals.decide", side_effect=ValueError(MARK)):
            written(desk, SUBJECT, f"再补充：{MARK}。")

    assert "550" in caplog.text
    assert "ValueError" in caplog.text
    assert not any(word in caplog.text for word in SECRETS)


def test_of_retaliation_the_coordinator_hears_only_that_it_exists(desk: TestDesk) -> None:
    """No letter of the case goes to the GM office; the digest has its number and type, and nothing else of it."""
    letters = to(life_of(desk, "retaliation"), "lin.xiaoyue@corp.example")
    number = desk.cases()[0]["number"]

    assert [] == telling(letters, *SECRETS, "黎军")
    assert {"manager.digest"} == {kind for _, kind in telling(letters, number)}
    lines = [line for letter in letters if letter.kind == "manager.digest" for line in letter.text.splitlines()]
    assert {f"{number} 打击报复"} == {
        line.partition(". ")[2].strip() for line in lines if number in line and ". " in line
    }


QUESTIONS = [
    pytest.param("关于 NUMBER", {}, id="bare-number"),
    pytest.param("回复", {"In_Reply_To": "MESSAGE"}, id="reference"),
    pytest.param("回复 [NUMBER-0123ABCD]", {}, id="guessed-key"),
]


@pytest.mark.parametrize(("subject", "fields"), QUESTIONS)
def test_the_coordinator_gets_no_key_to_a_retaliation_case(
    desk: TestDesk, subject: str, fields: dict[str, str]
) -> None:
    """Asking for it, ordering in it: nothing comes back that is of the case, and it stays where it is."""
    assignment = of_kind(written(desk, SUBJECT, TEXTS["retaliation"]), "handler.assignment")[0]
    number = desk.cases()[0]["number"]
    fields = {name: str(assignment.message["Message-ID"]) for name in fields}

    letters = written(desk, subject.replace("NUMBER", number), "转 物流部", sender="lin.xiaoyue@corp.example", **fields)

    assert [] == of_kind(letters, "staff.fresh-key") + telling(letters, *SECRETS)
    assert "chen.guodong@corp.example" == case_of(desk, number)["handler"]


def test_the_gms_stand_in_without_the_role_gets_no_retaliation_case(desk: TestDesk) -> None:
    """The gm's absence does not hand it to a deputy, who is neither gm nor hr nor gm-office."""
    assignment = of_kind(written(desk, SUBJECT, TEXTS["retaliation"]), "handler.assignment")[0]
    text = "我从11月24日到12月31日出差，期间由吴建华副总代理。"
    reply = mail("自动回复：外出", text, sender="chen.guodong@corp.example", Auto_Submitted="auto-replied",
                 In_Reply_To=str(assignment.message["Message-ID"]))  # fmt: skip

    letters = desk.receive(reply, authentication="pass")

    assert [] == to(letters, "wu.jianhua@corp.example")
    assert "chen.guodong@corp.example" == desk.cases()[0]["handler"]


def test_an_open_case_does_not_show_a_confidential_one_of_the_same_writer(desk: TestDesk) -> None:
    """What is perhaps the same names no retaliation case to the coordinator, however alike they are."""
    written(desk, SUBJECT, TEXTS["retaliation"])
    number = desk.cases()[0]["number"]
    desk.now += timedelta(minutes=20)

    letters = written(desk, SUBJECT, f"黎军的事还没有人理我，{MARK}还锁着。")

    assert [] == telling(to(letters, "lin.xiaoyue@corp.example"), number)


def test_a_case_that_names_the_gm_office_only_exists_for_its_head(desk: TestDesk) -> None:
    """The coordinator learns that there is one: no letter, no summary, no state."""
    letters = written(
        desk, SUBJECT, f"我要投诉总经办的尤佳，她从10月12日起在会上当众辱骂我，推我，砸{MARK}。请调查处理。"
    )
    letters += desk.later(timedelta(hours=24))

    assert [] == telling(to(letters, "lin.xiaoyue@corp.example"), *SECRETS, "尤佳")
    assert [] == telling(to(letters, "you.jia@corp.example"), *SECRETS)


# -- mails that never became a case


def test_a_forged_complaint_about_the_coordinator_is_not_shown_to_the_coordinator(desk: TestDesk) -> None:
    """A colleague's letter that fails the checks is announced past whom it complains of."""
    text = f"林晓月从10月12日起当众辱骂我，推我，砸{MARK}。我要投诉林晓月。"
    letters = desk.receive(mail(SUBJECT, text, sender=WRITER), authentication="fail")
    letters += desk.later(timedelta(hours=24))

    assert [] == telling(to(letters, "lin.xiaoyue@corp.example"), *SECRETS)
    assert {"chen.guodong@corp.example", "long.xiaowen@corp.example"} <= {letter.to for letter in letters}


def test_a_quarantined_complaint_about_the_coordinator_goes_to_the_gm(desk: TestDesk) -> None:
    """What cannot be handled is looked at by somebody whom it does not complain of."""
    bomb = poison().replace(b"Subject: bomb", "Subject: 我要投诉林晓月当众辱骂我".encode())
    letters = desk.receive(bomb) + desk.later(timedelta(hours=2))

    assert {"chen.guodong@corp.example"} == {letter.to for letter in of_kind(letters, "manager.quarantine")}
    assert [] == telling(to(letters, "lin.xiaoyue@corp.example"), "辱骂")


def test_a_machines_mail_of_confidential_matter_stands_in_the_digest_without_its_subject(desk: TestDesk) -> None:
    """A whistle-blower whose letter the provider takes for spam is not betrayed by the coordinator's list."""
    spam = mail(f"我举报林晓月收受回扣 {MARK}", TEXTS["staff-report"], sender=WRITER, X_Spam_Flag="YES")
    letters = desk.receive(spam, authentication="pass") + desk.later(timedelta(hours=24))

    assert [] == telling(letters, *SECRETS)


def test_a_security_notice_shows_nobody_elses_key(desk: TestDesk) -> None:
    """The subject of a forged reply is told without the short key in it."""
    assignment = of_kind(written(desk, SUBJECT, TEXTS["retaliation"]), "handler.assignment")[0]
    forged = mail(f"Re: [{assignment.token}]", "转 采购部", sender="陈国栋 <chen.guodong@corp.example>")

    letters = desk.receive(forged, authentication="fail") + desk.later(timedelta(hours=24))

    others = [letter for letter in letters if letter.to != "chen.guodong@corp.example"]
    assert [] == telling(others, assignment.token)
    assert "chen.guodong@corp.example" == desk.cases()[0]["handler"]


# -- what a requester is told


def test_a_requester_hears_of_units_and_never_of_persons_or_the_inside(desk: TestDesk) -> None:
    """Acknowledgement, answer and later lines name no colleague, no note, no other requester."""
    letters = written(desk, "投诉订单 88231", "我三周前下单的空气炸锅一直没有发货，要求立即退款。", sender=CUSTOMER)
    other = written(desk, "投诉订单 99000", f"快递员把{MARK}摔坏了，要求赔偿。", sender="吴芳 <wu.fang@mail-b.example>")
    notice = of_kind(letters, "manager.notice")[0]
    order = "转 物流部\n备注：这个客户很难缠，小心应付"
    inside = written(desk, f"Re: [{notice.token}]", order, sender="林晓月 <lin.xiaoyue@corp.example>")
    assignment = to(of_kind(inside, "handler.assignment"), "he.zhiqiang@corp.example")[0]
    answer = "答复：您的订单 88231 今天已从仓库发出，运单号 SF100200300，预计两天内送达。"
    inside += written(desk, f"Re: [{assignment.token}]", answer, sender="何志强 <he.zhiqiang@corp.example>")
    inside += desk.later(timedelta(minutes=30))
    ack = of_kind(letters, "requester.acknowledgement")[0]
    inside += written(desk, f"Re: [{ack.token}]", "还没有收到货！我不满意，请继续处理。", sender=CUSTOMER)
    outside = to([*letters, *other, *inside], CUSTOMER)

    people = ("何志强", "林晓月", "he.zhiqiang", "lin.xiaoyue", "陈国栋", "难缠", MARK, "吴芳", "99000")
    assert [] == telling(outside, *people)
    assert {"requester.acknowledgement", "requester.answer"} <= {letter.kind for letter in outside}
    assert {f"示例公司 <{GM}>"} == {whole(letter).split("From: ")[1].split("\n")[0] for letter in outside}


ASKERS: list[Any] = [
    pytest.param("anna@mail-b.example", id="a-stranger"),
    pytest.param("he.zhiqiang@corp.example", id="a-colleague"),
]


@pytest.mark.parametrize("asker", ASKERS)
def test_a_number_that_exists_is_answered_like_one_that_does_not(desk: TestDesk, asker: str) -> None:
    """No answer, in number or in words, tells a case from thin air."""
    written(desk, SUBJECT, TEXTS["staff-report"])
    number = desk.cases()[0]["number"]
    heard = []
    for asked, hours in ((number, 1), ("GM-2026-000777", 24)):
        desk.now += timedelta(hours=hours)
        text = "请问这封信现在处理得怎么样了？我想了解宿舍热水的维修进度。"
        letters = to(written(desk, f"关于 [{asked}-0123ABCD]", text, sender=asker), asker)
        mine = max(case["number"] for case in desk.cases())
        heard.append([(letter.kind, letter.text.replace(mine, "N")[:60]) for letter in letters])

    assert heard[0] == heard[1]
    assert "requester.acknowledgement" == heard[0][0][0]
