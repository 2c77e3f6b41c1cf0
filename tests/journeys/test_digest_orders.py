"""Lines in answer to the digest: each to its case, one echo, and none that fails stops another (casework 5)."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.casework import COORDINATOR, MORNING, Casework
from tests.journeys.desk import open_desk
from tests.journeys.letters import of_kind
from tests.journeys.post import mail

pytestmark = pytest.mark.slow


def test_lines_to_the_digest_are_orders(tmp_path: Path) -> None:
    """`1 转物流部` and its like act on the cases that the digest showed, and one echo says what became of each."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        desk.now = MORNING
        for turn in range(2):
            text = f"第 {turn} 张订单三周没有发货，客服不理，要求退款并答复。"
            desk.receive(mail(f"投诉：第 {turn} 张订单没有发货", text, sender=f"c{turn}@mail-a.example"))
        work.later(timedelta(hours=23, minutes=45))
        assert work.got(COORDINATOR, "manager.digest")

        letters = work.says(COORDINATOR, "1 转质量部\n9 转物流部\n2 备注：客户今早又来电", answering="manager.digest")

        first, second = sorted(desk.cases(), key=lambda case: str(case["number"]))
        assert "质量部" == first["unit"]
        assert "note" in [event["kind"] for event in second["events"]]
        echoes = of_kind(letters, "staff.echo")
        assert 1 == len(echoes)
        assert str(first["number"]) in echoes[0].text
        assert str(second["number"]) in echoes[0].text
        assert "没有找到对应的事项" in echoes[0].text


def test_lines_to_one_case_are_carried_out_in_order(tmp_path: Path) -> None:
    """Two lines to a case both act, however its number is written; one that may not be stops none, and says why."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        desk.now = MORNING
        work.start("投诉：没有发货", "我的订单三周没有发货，客服不理，要求退款并答复。", sender="c@mail-a.example")
        work.later(timedelta(hours=23, minutes=45))
        lines = f"1 转质量部\n{work.case['number']} 备注：客户今早又来电\n1 加急\n1 满意\n1 备注：仓库下午回话"

        letters = work.says(COORDINATOR, lines, answering="manager.digest")

        assert (work.case["unit"], work.case["urgency"]) == ("质量部", "high")
        assert [event["kind"] for event in work.case["events"]].count("note") == 2
        (echo,) = of_kind(letters, "staff.echo")
        assert "未执行（评价满意）：此项操作不在您的权限之内" in echo.text
        assert [work.case["number"]] * 5 == re.findall(r"事项编号：(\S+)", echo.text)


def test_lines_count_once(tmp_path: Path) -> None:
    """The same lines sent again under another Message-ID change nothing more."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        desk.now = MORNING
        desk.receive(
            mail("投诉：没有发货", "我的订单三周没有发货，客服不理，要求退款并答复。", sender="c@mail-a.example")
        )
        work.later(timedelta(hours=23, minutes=45))
        work.says(COORDINATOR, "1 备注：客户今早又来电", answering="manager.digest", Message_ID="<a@pc.example>")
        desk.now -= timedelta(minutes=1)

        work.says(COORDINATOR, "1 备注：客户今早又来电", answering="manager.digest", Message_ID="<b@pc.example>")

        assert 1 == [event["kind"] for event in work.case["events"]].count("note")


def test_the_number_of_its_own_case_is_no_other(tmp_path: Path) -> None:
    """A line that begins with the case's number, in answer to that case's notice, is an order for it."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        desk.now = MORNING
        text = "我的订单三周没有发货，客服不理，要求退款并答复。"
        work.start("投诉：没有发货", text, sender="c@mail-a.example")

        work.says(COORDINATOR, "1 转质量部", answering="manager.notice")
        assert work.case["unit"] == "质量部"
        work.says(COORDINATOR, f"{work.case['number']} 转物流部，周五前答复", answering="manager.notice")
        assert work.case["unit"] == "物流部"
        letters = work.says(COORDINATOR, "GM-2026-000123 转质量部", answering="manager.notice")

        assert work.case["unit"] == "物流部"
        assert "另一事项" in work.refusal(letters)
