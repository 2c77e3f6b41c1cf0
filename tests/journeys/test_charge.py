"""记入台账: concealed, false or late reporting becomes a ledger proposal with the loss it caused (P3.6.5)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from maild.domain.charge import Charge, read_charge
from maild.domain.ledger import Entry
from tests.journeys.casework import COORDINATOR, HANDLER, Casework
from tests.journeys.desk import open_desk

pytestmark = pytest.mark.slow
GM = "chen.guodong@corp.example"


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """A complaint that logistics handles."""
    with open_desk(tmp_path) as desk:
        made = Casework(desk)
        made.open()
        yield made


def entries(work: Casework) -> list[Entry]:
    """What the ledger holds of the case for reporting."""
    with work.desk.workshop().store.reading() as books:
        return [one for one in books.ledger_of(work.case["number"]) if one.cause == "reporting"]


@pytest.mark.parametrize(
    ("text", "kind", "loss"),
    [
        ("瞒报 王磊 损失3万元", "concealed", "3万元"),
        ("王磊虚报库存，造成损失约 12,000 元。", "false", "12,000 元"),
        ("迟报事故", "late", ""),
        ("concealed, Wang Lei, loss 30,000 CNY", "concealed", "30,000 CNY"),
    ],
)
def test_what_is_charged_is_read(text: str, kind: str, loss: str) -> None:
    """Kind and loss are read, the loss in the words of the order."""
    assert read_charge(text) == Charge(kind=kind, loss=loss)


def test_a_charge_is_proposed_with_its_loss_and_the_gm_decides(work: Casework) -> None:
    """The entry concerns who is named, waits for the general manager, and shows the loss in the morning's list."""
    work.says(COORDINATOR, "记入台账：瞒报 马骏 损失3万元", answering="manager.notice")

    found = entries(work)
    assert [(one.person, one.note, one.points, one.state.value) for one in found] == [
        ("ma.jun@corp.example", "3万元", -5, "proposed")
    ]
    work.later(timedelta(days=1))
    assert "损失3万元" in work.got(GM, "manager.ledger")[0].text


def test_without_a_name_it_is_the_handlers(work: Casework) -> None:
    """迟报 alone means who handles the case."""
    work.says(COORDINATOR, "记入台账：迟报", answering="manager.notice")

    assert [HANDLER] == [one.person for one in entries(work)]


def test_a_charge_that_says_neither_is_told_how(work: Casework) -> None:
    """Words without concealed, false or late are refused with the way to write them, and nothing is proposed."""
    refusal = work.refusal(work.says(COORDINATOR, "记入台账：态度不好", answering="manager.notice"))

    assert "记入台账：瞒报 姓名 损失3万元" in refusal
    assert [] == entries(work)


def test_a_charge_is_taken_back(work: Casework) -> None:
    """撤销 withdraws the proposal while nobody has decided it."""
    work.says(COORDINATOR, "记入台账：虚报 马骏", answering="manager.notice")
    work.says(COORDINATOR, "撤销", answering="staff.echo")

    assert ["withdrawn"] == [one.state.value for one in entries(work)]


def test_a_handler_charges_nobody(work: Casework) -> None:
    """Only coordinator, HR and management propose it."""
    assert "权限" in work.refusal(work.says(HANDLER, "记入台账：瞒报 马骏", answering="handler.assignment"))
