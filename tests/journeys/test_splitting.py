"""`拆分`: a letter that holds several matters becomes several cases (casework 5)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.casework import COORDINATOR, HANDLER, Casework
from tests.journeys.desk import open_desk
from tests.journeys.letters import of_kind, telling, to
from tests.journeys.post import COMPLAINT, CUSTOMER
from tests.journeys.test_merging import FIRST, HR, SECOND, STAFF, about, case, running

pytestmark = pytest.mark.slow
BOTH = "您好：\n1. 我三周前下单的空气炸锅一直没有发货，客服电话没有人接。\n2. 上个月那台电饭煲的发票到现在没有开。\n\n请给我一个答复。"
WORDS = "拆分：物流部 送货慢；财务部 发票没开"


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """A routed complaint of two matters, words to the outside held for ten minutes."""
    with open_desk(tmp_path, hold="10 minutes") as desk:
        made = Casework(desk)
        made.open(subject=COMPLAINT, text=BOTH)
        made.later(timedelta(hours=1))
        yield made


def test_each_matter_has_a_case_of_its_own(work: Casework) -> None:
    """The matter of the case's unit stays, the other gets a number, a handler and clocks from now on, both linked."""
    before = running(work, FIRST)

    letters = about(work, FIRST, COORDINATOR, WORDS, "manager.notice")

    old, new = case(work, FIRST), case(work, SECOND)
    assert ("物流部", HANDLER, before) == (old["unit"], old["handler"], running(work, FIRST))
    assert ("财务部", CUSTOMER, "发票没开", FIRST) == (new["unit"], new["requester"], new["summary"], new["split_from"])
    assert [[SECOND], [FIRST]] == [old["links"], new["links"]]
    assert {"accept", "first-answer", "resolve", "idle"} == set(running(work, SECOND))
    assert running(work, SECOND)["resolve"] >= before["resolve"]
    assert new["received"] > old["received"]
    assert old["received"] == new["events"][0]["data"]["received"]
    sent = of_kind(letters, "handler.assignment")
    assert [new["handler"]] == [x.to for x in sent]
    assert "发票没开" in sent[0].text
    assert "电饭煲" in sent[0].text
    assert [HANDLER] == [x.to for x in of_kind(letters, "handler.split")]


def test_the_requester_hears_both_numbers_once(work: Casework) -> None:
    """One letter after the hold, without a word of what was said inside."""
    letters = about(work, FIRST, COORDINATOR, WORDS, "manager.notice")

    assert [] == to(letters, CUSTOMER)
    told = to(work.later(timedelta(minutes=11)), CUSTOMER)
    assert ["requester.regrouped"] == [x.kind for x in told]
    assert FIRST in told[0].text
    assert SECOND in told[0].text
    assert [] == telling(told, "送货慢", "发票没开", "物流部")
    assert [] == to(work.later(timedelta(hours=3)), CUSTOMER)


def test_the_new_case_is_answered_like_any_other(work: Casework) -> None:
    """Its handler answers the same requester, and the requester answers that."""
    about(work, FIRST, COORDINATOR, WORDS, "manager.notice")
    handler = str(case(work, SECOND)["handler"])

    about(
        work, SECOND, handler, "答复：赵先生，发票已于11月24日开具，电子发票见附件链接，请查收。", "handler.assignment"
    )
    answer = to(work.later(timedelta(minutes=11)), CUSTOMER)

    assert SECOND in of_kind(answer, "requester.answer")[0].subject
    assert ["answered", "assigned"] == [case(work, n)["state"] for n in (SECOND, FIRST)]


def test_numbered_paragraphs_are_offered(work: Casework) -> None:
    """Plain 拆分 gives each numbered paragraph as one click, and that line splits it off."""
    letters = about(work, FIRST, COORDINATOR, "拆分", "manager.notice")

    choices = of_kind(letters, "staff.choices")[0]
    assert "拆分：第2段" in choices.text
    assert "发票" in choices.text
    assert 1 == len(work.desk.cases())

    work.says(COORDINATOR, "拆分：第2段：上个月那台电饭煲的发票到现在没有开。", answering="staff.choices")

    assert "电饭煲" in case(work, SECOND)["summary"]
    assert case(work, SECOND)["handler"]


def test_without_numbers_the_way_to_write_it_is_told(tmp_path: Path) -> None:
    """A letter without numbered paragraphs: the refusal shows the line that would do."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        work.open()

        assert "拆分：物流部" in work.refusal(about(work, FIRST, COORDINATOR, "拆分", "manager.notice"))


def test_a_split_is_undone(work: Casework) -> None:
    """撤销 within the hold: one case as before, the other ends in it, its handler hears, the requester nothing."""
    before = case(work, FIRST)["links"], running(work, FIRST), case(work, FIRST)["state"]
    about(work, FIRST, COORDINATOR, WORDS, "manager.notice")
    handler = str(case(work, SECOND)["handler"])

    letters = work.says(COORDINATOR, "撤销", answering="staff.echo")

    assert before == (case(work, FIRST)["links"], running(work, FIRST), case(work, FIRST)["state"])
    assert ("merged", {}, FIRST) == (
        case(work, SECOND)["state"],
        running(work, SECOND),
        case(work, SECOND)["merged_into"],
    )
    assert handler in {x.to for x in of_kind(letters, "handler.withdrawn")}
    assert [] == to(work.later(timedelta(hours=3)), CUSTOMER)


def test_a_split_that_the_requester_knows_of_is_undone_with_a_word(work: Casework) -> None:
    """Once both numbers have left, the undo tells which one counts."""
    about(work, FIRST, COORDINATOR, WORDS, "manager.notice")
    work.later(timedelta(minutes=11))

    told = to(work.says(COORDINATOR, "撤销", answering="staff.echo"), CUSTOMER)

    assert ["requester.regrouped"] == [x.kind for x in told]
    assert "仍作为一件事项" in told[0].text


def test_what_was_worked_on_is_not_undone(work: Casework) -> None:
    """Once the new handler has accepted, the split stays."""
    about(work, FIRST, COORDINATOR, WORDS, "manager.notice")
    about(work, SECOND, str(case(work, SECOND)["handler"]), "收到", "handler.assignment")

    assert "不能撤销" in work.refusal(work.says(COORDINATOR, "撤销", answering="staff.echo"))
    assert "in-progress" == case(work, SECOND)["state"]


def test_a_handler_only_proposes_to_split(work: Casework) -> None:
    """The coordinator's 同意 splits it as the handler wrote."""
    asked = about(work, FIRST, HANDLER, WORDS)

    assert [COORDINATOR] == [x.to for x in of_kind(asked, "manager.proposal")]
    assert 1 == len(work.desk.cases())
    work.says(COORDINATOR, "同意", answering="manager.proposal")

    assert "财务部" == case(work, SECOND)["unit"]
    assert 2 == len(work.desk.cases())


def test_who_is_out_of_the_letter_is_out_of_each_matter(tmp_path: Path) -> None:
    """Nothing of a staff complaint goes to whom it names, nor outside those entitled; the new case stays confidential."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        text = "1. 班长梅永刚连续三个月不给我排休息，还当众骂人。\n2. 我的三倍加班工资一直没发。请公司调查处理，并替我保密。"
        work.start("投诉班长", text, sender=STAFF)
        assert case(work, FIRST)["confidential"]
        refused = about(work, FIRST, HR, "拆分：物流部 加班工资没发")
        assert "保密" in work.refusal(refused)
        assert "回避" in work.refusal(about(work, FIRST, HR, "拆分：梅永刚 排休问题"))
        assert 1 == len(desk.cases())

        about(work, FIRST, HR, "拆分：第2段")

        new, old = case(work, SECOND), case(work, FIRST)
        assert new["confidential"]
        assert set(old["excluded"]) <= set(new["excluded"])
        assert old["names"] == new["names"]
        assert new["handler"] not in new["excluded"]
