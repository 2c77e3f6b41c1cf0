"""After the answer: ratings that never came, keys that end, plan items reviewed, letters taken up (casework 4, P3.5.9)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from maild.adapters.deadlinefile import read_deadlines
from maild.adapters.shipped import shipped
from maild.errors import Misconfigured
from tests.journeys.casework import ANSWER, COORDINATOR, HANDLER, MORNING, Casework
from tests.journeys.desk import open_desk
from tests.journeys.letters import of_kind, to
from tests.journeys.post import CUSTOMER, mail

pytestmark = pytest.mark.slow
DONE = "结案\n原因：面单破损\n措施：当天重发，面单改用防水纸\n答复来信人：您的订单今天已重新发出，预计11月26日送达。"
DAY = timedelta(days=1)
SUGGESTION = "希望配送通知写明两小时的时间段，并且可以在网上改期，现在要在家等一上午，很不方便。请考虑增加。"
ADVERT = ("特价办公家具", "本公司专营办公家具，厂家直销，量大从优，欢迎来电洽谈合作，回复TD退订。")


def last(work: Casework) -> str:
    """What became of the last mail."""
    return str(work.desk.rows("select disposition from journal order by id desc limit 1")[0][0])


def kinds(work: Casework) -> list[str]:
    """The events of the case."""
    return [str(event["kind"]) for event in work.case["events"]]


def test_no_rating_within_seven_days_is_a_value_of_its_own(work: Casework) -> None:
    """“No rating within 7 days counts as "not rated", apart, never as content”; `case show` has it."""
    work.says(HANDLER, DONE)
    assert ("closed", "") == (work.state, work.case["rating"])

    work.later(6 * DAY)
    assert "" == work.case["rating"]
    work.later(3 * DAY)

    assert "not-rated" == work.case["rating"]
    assert 1 == kinds(work).count("not-rated")
    work.says(CUSTOMER, "满意")
    assert "not-rated" == work.case["rating"]


def test_a_rating_in_time_stays(work: Casework) -> None:
    """满意 on the second day is what counts after the seventh."""
    work.says(HANDLER, DONE)
    work.later(DAY)
    work.says(CUSTOMER, "满意")

    work.later(9 * DAY)

    assert "satisfied" == work.case["rating"]


def test_a_case_that_was_opened_again_is_not_unrated(work: Casework) -> None:
    """不满意 opens it; the line of the first closing says nothing of the second."""
    work.says(HANDLER, DONE)
    work.later(DAY)
    work.says(CUSTOMER, "不满意：还是没有收到。")

    work.later(9 * DAY)

    assert "not-rated" not in kinds(work)


LIVES: list[Any] = [
    pytest.param(29, HANDLER, "备注：仓库已换用防水面单。", "command", id="staff-29-days"),
    pytest.param(31, HANDLER, "备注：仓库已换用防水面单。", "inside-note", id="staff-31-days"),
    pytest.param(29, CUSTOMER, "不满意：又坏了。", "reopened", id="requester-29-days"),
    pytest.param(89, CUSTOMER, "又坏了，请再看一下，订单还是 88231。", "new-case", id="requester-89-days"),
    pytest.param(91, CUSTOMER, "又坏了，请再看一下，订单还是 88231。", "new-case", id="requester-91-days"),
]


@pytest.mark.parametrize(("days", "who", "text", "outcome"), LIVES)
def test_the_keys_of_a_closed_case_live_90_and_30_days(
    work: Casework, days: int, who: str, text: str, outcome: str
) -> None:
    """“The requester's key lives 90 days after closing, a staff key 30 days”; after 30 a new case, linked."""
    work.says(HANDLER, DONE)
    letter = work.got(who)[-1]
    work.desk.now += timedelta(days=days)

    work.says(who, text, answering=letter.kind)

    assert outcome == last(work)
    if outcome == "new-case":
        new = max(work.desk.cases(), key=lambda case: str(case["number"]))
        assert [work.case["number"]] == new["links"]


@pytest.mark.parametrize(("days", "events"), [(89, 1), (91, 0)])
def test_a_requesters_key_in_another_hand_counts_as_long(work: Casework, days: int, events: int) -> None:
    """The pack's longer window lets the key itself be seen: within 90 days its mail is kept with the case."""
    (work.desk.folder / "rules").mkdir()
    (work.desk.folder / "rules" / "pack.yaml").write_text("extends: gm-mailbox@1\n", "utf-8")
    (work.desk.folder / "rules" / "deadlines.yaml").write_text("reopening: 120 days\n", "utf-8")
    config = work.desk.folder / "maild.toml"
    domain = 'domain = "corp.example"\n'
    config.write_text(config.read_text("utf-8").replace(domain, f'{domain}rules = "rules"\n', 1), "utf-8")
    work.desk.reread()
    work.says(HANDLER, DONE)
    token = of_kind(work.letters, "requester.closed")[-1:] or to(work.letters, CUSTOMER)[-1:]
    work.desk.now += timedelta(days=days)

    made = mail(f"Fwd: {token[0].subject}", "我是她的邻居，她的订单还是没有到。", sender="wu.fang@mail-b.example",
                date=work.desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800"))  # fmt: skip
    work.desk.receive(made)

    assert events == sum(e["kind"] == "appended" and not e["data"]["confirmed"] for e in work.case["events"])


SETTINGS: list[Any] = [
    pytest.param("waiting: {reminder: 1 working day, over: 2 working days, stops: 1}", "", id="waits"),
    pytest.param("rating: 3 days\nreopening: 10 days\nkeys: {requester: 40 days, staff: 9 days}", "", id="days"),
    pytest.param("plan_review: 31", "plan_review", id="no-such-day"),
    pytest.param("rating: 3 working days", "calendar days", id="working-days-of-rating"),
    pytest.param("waiting: {over: 10 days}", "working time", id="calendar-days-of-waiting"),
    pytest.param("keys: {staff: for ever}", "for ever", id="unreadable"),
]


@pytest.mark.parametrize(("text", "mistake"), SETTINGS)
def test_the_pack_says_how_long(tmp_path: Path, text: str, mistake: str) -> None:
    """Waits, rating, reopening and keys are the pack's settings; a wrong one is told with file, line and mend."""
    (tmp_path / "deadlines.yaml").write_text(text + "\n", "utf-8")
    folder = shipped("rules") / "gm-mailbox"
    if mistake:
        with pytest.raises(Misconfigured, match=mistake):
            read_deadlines(folder, tmp_path)
        return

    read = read_deadlines(folder, tmp_path)

    usual = read_deadlines(folder)
    assert (timedelta(hours=80), timedelta(days=90)) == (usual.waiting.longest, usual.after.requester_key)
    assert (usual.waiting, usual.after) != (read.waiting, read.after)


def test_plan_items_are_reviewed_each_month(tmp_path: Path) -> None:
    """On the pack's day the handler gets one mail, a line an item; an answer with another date is told the sender."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        work.open(subject="建议：配送通知写明时间段", text=SUGGESTION)
        work.says(HANDLER, "纳入计划 2026-12-20")
        assert [] == of_kind(work.later(3 * DAY), "handler.plan-review")

        asked = [x for n in range(12) for x in work.later(DAY) if x.kind == "handler.plan-review"]

        assert [HANDLER] == [x.to for x in asked]
        assert work.case["number"] in asked[0].text
        number = str(work.case["number"]).rpartition("-")[2].lstrip("0")
        moved = work.says(HANDLER, f"{number} 计划 1月15日", answering="handler.plan-review")
        assert "2027-01-15" in of_kind(moved, "requester.planned")[0].text
        done = work.says(HANDLER, f"{number} 已完成：12月8日起，配送通知写明两小时时间段。",
                         answering="handler.plan-review")  # fmt: skip
        assert "closed" == work.state
        assert "两小时时间段" in to(done, CUSTOMER)[0].text


@pytest.mark.parametrize("order", ["分类 客户建议", "转物流部"])
def test_what_was_set_aside_and_is_feedback_is_acknowledged(tmp_path: Path, order: str) -> None:
    """The sender of what is taken up hears so once; the acknowledgement that the first day did not send."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        work.start(*ADVERT, sender="seller@mail-s.example")
        assert "set-aside" == work.state
        number = str(work.case["number"]).rpartition("-")[2].lstrip("0")

        letters = work.says(COORDINATOR, f"{number} {order}", answering="manager.digest")

        assert ["requester.acknowledgement"] == [x.kind for x in to(letters, "seller@mail-s.example")]
        again = work.says(COORDINATOR, f"{number} 转质量部", answering="manager.digest")
        assert [] == to(again, "seller@mail-s.example")


@pytest.mark.parametrize(("subject", "text", "decision"), [
    ("建议：配送通知写明时间段", SUGGESTION, "adopted"), ("投诉：订单 88231 三周没有发货", ANSWER, ""),
])  # fmt: skip
def test_market_reviews_customers_suggestions(tmp_path: Path, subject: str, text: str, decision: str) -> None:
    """“Reviewer: hr, gm-office; customers' suggestions also market”: of them alone, with a key of the case."""
    with open_desk(tmp_path) as desk:
        desk.now = MORNING
        work = Casework(desk)
        work.start(subject, text, sender=CUSTOMER)
        work.says(COORDINATOR, "会办 市场部", answering="manager.notice")

        letters = work.says("su.lan@corp.example", "采纳")

        adopted = of_kind(letters, "requester.adopted")
        assert bool(adopted) == (decision == "adopted")
