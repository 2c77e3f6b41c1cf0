"""采纳, 不采纳, 属实, 不属实, 会办, 牵头: what reviewers decide, and several handlers with one lead."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.casework import ANSWER, COORDINATOR, HANDLER, Casework
from tests.journeys.desk import open_desk
from tests.journeys.letters import of_kind, telling, to
from tests.journeys.post import CUSTOMER

pytestmark = pytest.mark.slow
HR = "zhou.min@corp.example"
STAFF = "tan.hao@corp.example"
QUALITY = "luo.jianping@corp.example"
UNFAIR = "我在三线上班，班长梅永刚连续三个月不给我排休息，还当众骂人。请公司调查处理，并替我保密。"
IDEA = (
    "建议把三条线的两张巡检纸表合成一张，用手机扫工位码填写，超差自动带出判定标准。现在14个栏目有6个重复，"
    "一圈下来填表25分钟，合并后每班可省40分钟。组装一线、二线和喷涂都可以这样改。"
)


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """An empty desk."""
    with open_desk(tmp_path) as desk:
        yield Casework(desk)


def _kinds(work: Casework) -> list[str]:
    return [str(event["kind"]) for event in work.case["events"]]


def test_an_adopted_suggestion_is_told_and_an_award_proposed(work: Casework) -> None:
    """采纳 tells the writer; the award is an event that somebody has to approve, not a payment."""
    work.start("合理化建议：合并巡检表", IDEA, sender="wen.zhiyuan@corp.example")

    letters = work.says(COORDINATOR, "采纳", answering="manager.notice")

    assert ["requester.adopted"] == [x.kind for x in to(letters, "wen.zhiyuan@corp.example")]
    award = next(e["data"] for e in work.case["events"] if e["kind"] == "ledger-proposed")
    assert ("suggestion-award", "proposed") == (award["entry"], award["state"])


def test_a_rejected_suggestion_ends_with_its_reason(work: Casework) -> None:
    """不采纳 needs a reason, which is the answer; the case closes when it has arrived."""
    work.start("合理化建议：合并巡检表", IDEA, sender="wen.zhiyuan@corp.example")

    letters = work.says(COORDINATOR, "不采纳：三条线明年3月统一换成扫码系统，现在改表会重复投入2万元。",
                        answering="manager.notice")  # fmt: skip

    told = of_kind(letters, "requester.answer")[0]
    assert "暂不采纳" in told.text
    assert "明年3月" in told.text
    assert ("closed", "decided") == (work.state, work.case["outcome"])


def test_a_handler_adopts_nothing(work: Casework) -> None:
    """采纳 of somebody who reviews nothing is refused, and of what is no suggestion too."""
    work.open()

    assert "权限" in work.refusal(work.says(HANDLER, "采纳"))
    assert "建议类" in work.refusal(work.says(COORDINATOR, "采纳", answering="manager.notice"))


def test_what_was_found_true_proposes_and_pays_nobody(work: Casework) -> None:
    """属实 proposes a sanction for whom the letter names and a reward to an alias; the clocks go on."""
    work.start("投诉班长", UNFAIR, sender=STAFF)

    letters = work.says(HR, "属实。")

    found = [e["data"] for e in work.case["events"] if e["kind"] == "ledger-proposed"]
    assert {"sanction", "complaint-reward"} == {one["entry"] for one in found}
    assert "alias" in [one["person"] for one in found]
    assert "resolve" in work.clocks
    assert "原因分析" in of_kind(letters, "staff.echo")[0].text
    assert [] == to(letters, STAFF)


def test_unfounded_has_no_effect_on_the_writer(work: Casework) -> None:
    """不属实 proposes nothing; with the lines of resolve it closes too."""
    work.start("投诉班长", UNFAIR, sender=STAFF)

    work.says(HR, "不属实。\n分析：排班记录显示每周均有一天休息，11月3日、10日、17日。\n措施：向班组说明排班规则。\n"
                  "答复来信人：经核查，排班记录显示每周有一天休息，如有出入请提供日期。")  # fmt: skip

    assert "ledger-proposed" not in _kinds(work)
    assert ("closed", "resolved") == (work.state, work.case["outcome"])


def test_several_handlers_have_one_lead(work: Casework) -> None:
    """会办 gives another unit an assignment with its own key; it notes, and the lead hears; it does not answer."""
    work.open()

    letters = work.says(COORDINATOR, "会办 质量部", answering="manager.notice")

    assert [QUALITY] == [x.to for x in of_kind(letters, "handler.assignment")]
    assert (HANDLER, "assigned") == (work.case["handler"], work.state)
    assert "权限" in work.refusal(work.says(QUALITY, ANSWER))
    noted = work.says(QUALITY, "备注：抽检三台，密封圈老化。")
    assert ["manager.progress"] == [x.kind for x in to(noted, HANDLER)]
    assert [] == telling(to(work.letters, CUSTOMER), "密封圈")


def test_a_joined_handler_accepts_for_themselves(work: Casework) -> None:
    """收到 of a joined handler takes nothing from the lead."""
    work.open()
    work.says(COORDINATOR, "会办 质量部", answering="manager.notice")

    work.says(QUALITY, "收到")

    assert (HANDLER, "assigned") == (work.case["handler"], work.state)
    assert "helper-accepted" in _kinds(work)


def test_the_lead_passes_on(work: Casework) -> None:
    """质量部牵头 makes that unit the handler with new clocks, and who had it before goes on beside it."""
    work.open()

    work.says(COORDINATOR, "质量部牵头", answering="manager.notice")

    assert QUALITY == work.case["handler"]
    work.says(HANDLER, "备注：三个仓均无库存。")
    assert "权限" in work.refusal(work.says(HANDLER, ANSWER))


def test_nobody_excluded_joins(work: Casework) -> None:
    """会办 of whom the case complains is refused, and a unit not entitled to it gets nothing before a release."""
    work.start("投诉班长", UNFAIR, sender=STAFF)

    assert "回避" in work.refusal(work.says(HR, "会办 梅永刚"))
    letters = work.says(HR, "会办 生产部")

    assert ["manager.seal-release"] == [letter.kind for letter in letters]
    assert [] == of_kind(work.letters, "handler.assignment")[1:]
