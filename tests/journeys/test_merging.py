"""`合并` and `关联`: two cases of one requester become one, cases of several name each other (casework 4 and 5)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from maild.adapters.casebook import Casebook
from tests.journeys.casework import ANSWER, COORDINATOR, HANDLER, Casework
from tests.journeys.desk import Letter, open_desk
from tests.journeys.letters import of_kind, telling, to
from tests.journeys.post import CUSTOMER, LETTER, mail

pytestmark = pytest.mark.slow
FIRST, SECOND, THIRD = (f"GM-2026-00000{n}" for n in (1, 2, 3))
AGAIN = "投诉：订单 88231 还是没有发货"
OTHER = "qian.fang@mail-b.example"
QUALITY = "shen.lan@corp.example"
HR = "zhou.min@corp.example"
STAFF = "tan.hao@corp.example"
UNFAIR = "我在三线上班，班长梅永刚连续三个月不给我排休息，还当众骂人。请公司调查处理，并替我保密。"


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """A routed complaint, and half an hour later a second letter of its writer about the same order."""
    with open_desk(tmp_path, hold="10 minutes") as desk:
        made = Casework(desk)
        made.open()
        second(made)
        yield made


def second(work: Casework, *, subject: str = AGAIN, text: str = LETTER, sender: str = CUSTOMER) -> list[Letter]:
    """Another letter, half an hour later."""
    work.desk.now += timedelta(minutes=30)
    sure = f"auth=pass smtp.auth={sender}" if "corp" in sender else None
    made = mail(subject, text, sender=sender, date=work.desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800"))
    letters = work.desk.receive(made, authentication=sure)
    work.letters += letters
    return letters


def case(work: Casework, number: str) -> dict[str, Any]:
    """A case as it stands."""
    return next(one for one in work.desk.cases() if one["number"] == number)


def running(work: Casework, number: str) -> dict[str, str]:
    """Its open clocks and when they are due."""
    return {c["kind"]: c["due"] for c in case(work, number)["clocks"] if c["state"] == "open"}


def about(work: Casework, number: str, who: str, text: str, kind: str = "") -> list[Letter]:
    """A reply to the newest letter about that case which `who` has."""
    found = [x for x in to(work.letters, who) if number in x.subject and (not kind or x.kind == kind)]
    assert found, f"{who} has no letter about {number}"
    work.letters.append(found[-1])
    return work.says(who, text, answering=found[-1].kind)


def test_a_merged_case_ends_and_the_other_goes_on_for_both(work: Casework) -> None:
    """合并: state and outcome `merged`, no clock runs; the other has the earlier day and the stricter deadlines."""
    before = running(work, FIRST)

    letters = about(work, SECOND, COORDINATOR, f"合并到 {FIRST}", "manager.notice")

    ended, goes_on = case(work, SECOND), case(work, FIRST)
    assert ("merged", "merged", {}) == (ended["state"], ended["outcome"], running(work, SECOND))
    assert before == running(work, FIRST)
    assert FIRST == ended["merged_into"]
    assert [SECOND] == goes_on["absorbed"]
    assert [("merged", COORDINATOR)] == [(e["kind"], e["actor"]) for e in ended["events"][-1:]]
    echo = of_kind(letters, "staff.echo")[0]
    whole = Casebook(work.desk.workshop().store, {}).one(FIRST)
    assert whole is not None
    read = [e["kind"] for e in whole["events"] if e.get("case") == SECOND]
    assert [e["kind"] for e in ended["events"]] == read
    assert FIRST in echo.subject + echo.text
    assert SECOND in echo.text


def test_the_letter_reaches_who_goes_on_and_the_requester_hears_once(work: Casework) -> None:
    """The surviving case's handler gets the letter; the requester one line, after the hold, and nothing else."""
    letters = about(work, SECOND, COORDINATOR, f"合并到 {FIRST}", "manager.notice")

    added = of_kind(letters, "handler.addition")
    assert [HANDLER] == [x.to for x in added]
    assert SECOND in added[0].text
    assert "空气炸锅" in added[0].text
    assert [] == to(letters, CUSTOMER)
    told = to(work.later(timedelta(minutes=11)), CUSTOMER)
    assert ["requester.regrouped"] == [x.kind for x in told]
    assert FIRST in told[0].text
    assert SECOND in told[0].text
    assert [] == to(work.later(timedelta(hours=3)), CUSTOMER)


def test_what_answers_the_old_case_lands_in_the_other(work: Casework) -> None:
    """The requester's reply to the old acknowledgement, by key or by reference, and a bare old number: all lead on."""
    about(work, SECOND, COORDINATOR, f"合并到 {FIRST}", "manager.notice")
    ack = [x for x in to(work.letters, CUSTOMER) if SECOND in x.subject][-1]

    for n, (subject, fields) in enumerate(
        [(ack.subject, {}), ("补充", {"In_Reply_To": str(ack.message["Message-ID"])}), (f"关于 {SECOND}", {})]
    ):
        work.desk.now += timedelta(minutes=20)
        letters = work.desk.receive(mail(subject, f"补充第{n}点：收货城市是深圳。", **fields))
        work.letters += letters
        assert [HANDLER] == [x.to for x in of_kind(letters, "handler.addition")], subject

    assert 2 == len(work.desk.cases())
    assert 3 == len([e for e in case(work, FIRST)["events"] if e["kind"] == "appended"])


def test_an_old_staff_key_works_for_a_party_of_the_other_case_alone(work: Casework) -> None:
    """Who has both goes on under the old key; who had the merged one alone hears why not, and nothing is done."""
    about(work, SECOND, COORDINATOR, "转质量部", "manager.notice")
    stranger = str(case(work, SECOND)["handler"])
    letters = about(work, SECOND, COORDINATOR, f"合并到 {FIRST}", "manager.notice")
    gone = of_kind(letters, "handler.merged")
    assert [stranger] == [x.to for x in gone]
    assert FIRST in gone[0].text

    refused = about(work, SECOND, stranger, "答复：已于今天重新发出，运单号SF123。", "handler.assignment")

    assert FIRST in work.refusal(refused)
    assert "不是另一事项的经办人" in work.refusal(refused)
    assert [] == to(work.later(timedelta(minutes=11)), CUSTOMER)[1:]
    assert "assigned" == case(work, FIRST)["state"]

    done = about(work, SECOND, COORDINATOR, "加急", "manager.notice")
    assert FIRST in of_kind(done, "staff.echo")[0].subject + of_kind(done, "staff.echo")[0].text
    assert "high" == case(work, FIRST)["urgency"]


def test_undo_makes_them_two_again(work: Casework) -> None:
    """撤销 within the hold: state, handler and clocks of both return, the requester never hears of it."""
    before = [(c["state"], c["handler"], c["received"]) for c in work.desk.cases()]
    clocks = [running(work, n) for n in (FIRST, SECOND)]
    about(work, SECOND, COORDINATOR, f"合并到 {FIRST}", "manager.notice")

    letters = work.says(COORDINATOR, "撤销", answering="staff.echo")

    assert before == [(c["state"], c["handler"], c["received"]) for c in work.desk.cases()]
    assert clocks == [running(work, n) for n in (FIRST, SECOND)]
    assert HANDLER in {x.to for x in of_kind(letters, "handler.withdrawn")}
    assert [] == to(work.later(timedelta(hours=3)), CUSTOMER)
    assert [[], ""] == [case(work, FIRST)["absorbed"], case(work, SECOND)["merged_into"]]


def test_undone_later_the_requester_hears_that_too(work: Casework) -> None:
    """Once the line has left, an undo within the day sends one that takes it back, with both numbers."""
    about(work, SECOND, COORDINATOR, f"合并到 {FIRST}", "manager.notice")
    work.later(timedelta(minutes=11))

    letters = work.says(COORDINATOR, "撤销", answering="staff.echo")

    told = to(letters, CUSTOMER)
    assert ["requester.regrouped"] == [x.kind for x in told]
    assert "分开办理" in told[0].text
    assert "merged" != case(work, SECOND)["state"]


def test_another_requesters_case_is_linked_and_never_merged(work: Casework) -> None:
    """合并 of two people's letters is refused, and 关联 is offered in its place."""
    second(work, sender=OTHER)

    refusal = work.refusal(about(work, THIRD, COORDINATOR, "与1合并", "manager.notice"))

    assert "同一来信人" in refusal
    assert "关联" in refusal
    assert "merged" not in {c["state"] for c in work.desk.cases()}


def test_what_is_over_or_unknown_takes_nothing_in(work: Casework) -> None:
    """Into itself, a closed or a merged case, or one that does not exist, nothing is merged."""
    about(work, FIRST, HANDLER, "结案：\n原因：面单破损\n措施：重新发出\n答复来信人：已于今天重新发出，运单号SF123。")
    work.later(timedelta(minutes=11))
    assert "closed" == case(work, FIRST)["state"]

    for number, why in ((SECOND, "本事项"), (FIRST, "已经办结"), ("GM-2026-000777", "没有找到"), ("777", "没有找到")):
        assert why in work.refusal(about(work, SECOND, COORDINATOR, f"合并到 {number}", "manager.notice")), number
    assert "merged" != case(work, SECOND)["state"]


def test_a_handler_only_proposes_it(work: Casework) -> None:
    """The coordinator gets one click for yes and no: 不同意 tells the handler, 同意 merges, each once."""
    asked = about(work, FIRST, HANDLER, f"和 {SECOND} 是同一件事，合并")

    proposal = of_kind(asked, "manager.proposal")
    assert [COORDINATOR] == [x.to for x in proposal]
    assert "merged" not in {c["state"] for c in work.desk.cases()}
    no = work.says(COORDINATOR, "不同意：两封信说的不是一件事。", answering="manager.proposal")
    assert "不是一件事" in to(no, HANDLER)[0].text

    about(work, FIRST, HANDLER, f"与{SECOND}合并")
    work.says(COORDINATOR, "同意", answering="manager.proposal")

    assert "merged" == case(work, FIRST)["state"]
    assert SECOND == case(work, FIRST)["merged_into"]


def test_an_answer_to_one_letter_is_none_to_the_other(work: Casework) -> None:
    """Merged into an answered case, the new letter opens it: nothing is buried under an old answer."""
    about(work, FIRST, HANDLER, ANSWER)
    work.later(timedelta(minutes=11))
    assert "answered" == case(work, FIRST)["state"]

    about(work, SECOND, COORDINATOR, f"合并到 {FIRST}", "manager.notice")

    assert "in-progress" == case(work, FIRST)["state"]
    assert {"first-answer", "resolve"} <= set(running(work, FIRST))


def test_a_confidential_case_is_merged_by_hr_or_the_gm_office_alone(tmp_path: Path) -> None:
    """Two staff complaints of one writer: the GM's order waits for HR's or the office's 同意."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        work.start("投诉班长", UNFAIR, sender=STAFF)
        second(work, subject="再次投诉班长", text=UNFAIR + "请尽快。", sender=STAFF)
        assert {"staff-complaint"} == {c["type"] for c in desk.cases()}
        letters = about(work, SECOND, HR, f"合并到 {FIRST}")
        assert [] == of_kind(letters, "manager.proposal")

        assert "merged" == case(work, SECOND)["state"]
        assert case(work, FIRST)["confidential"]
        assert set(case(work, SECOND)["excluded"]) <= set(case(work, FIRST)["excluded"])


def test_confidential_and_open_cases_stay_two(tmp_path: Path) -> None:
    """A staff complaint is not merged with the same writer's suggestion, whoever orders it."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        work.start("投诉班长", UNFAIR, sender=STAFF)
        second(work, subject="建议：食堂增加夜宵", text="建议食堂为夜班增加夜宵窗口，方便大家。", sender=STAFF)
        assert [True, False] == [c["confidential"] for c in desk.cases()]

        assert "保密" in work.refusal(about(work, SECOND, COORDINATOR, f"合并到 {FIRST}", "manager.notice"))
        assert "merged" not in {c["state"] for c in desk.cases()}


def test_whoever_one_letter_complains_of_sees_neither(work: Casework) -> None:
    """Into the hands of somebody whom the other letter names nothing is merged; no letter about it reaches them."""
    second(work, text="投诉物流部何志强，他在电话里骂我是骗子，态度恶劣，还威胁不给我退款。请处理。")
    assert HANDLER in case(work, THIRD)["excluded"]
    seen = len(work.letters)

    refusal = work.refusal(about(work, THIRD, COORDINATOR, f"合并到 {FIRST}", "manager.notice"))

    assert "回避" in refusal
    assert "merged" != case(work, THIRD)["state"]
    assert [] == to(work.letters[seen:], HANDLER)

    about(work, FIRST, COORDINATOR, f"合并到 {THIRD}", "manager.notice")

    later = [x for x in to(work.letters[seen:], HANDLER) if "骗子" in x.text or THIRD in x.text + x.subject]
    assert [] == later
    assert HANDLER not in {case(work, THIRD)["handler"], *case(work, THIRD)["supervisors"]}


def test_linked_cases_name_each_other_and_open_neither(work: Casework) -> None:
    """关联: both show the other's number, in letters only to those who may know of it; 撤销 takes it back."""
    second(work, sender=OTHER)
    about(work, THIRD, COORDINATOR, "转质量部，并关联 1", "manager.notice")
    quality = str(case(work, THIRD)["handler"])

    assert [[THIRD], [], [FIRST]] == [case(work, n)["links"] for n in (FIRST, SECOND, THIRD)]
    letters = about(work, THIRD, COORDINATOR, "加急", "manager.notice")
    assert FIRST in to(letters, quality)[0].text
    assert "空气炸锅" in to(letters, quality)[0].text
    refused = about(work, FIRST, COORDINATOR, f"关联 {THIRD}", "manager.notice")
    assert "已经关联" in work.refusal(refused)


def test_a_link_is_undone(work: Casework) -> None:
    """撤销 after 关联: neither names the other any more."""
    second(work, sender=OTHER)
    about(work, THIRD, COORDINATOR, f"关联 {FIRST}", "manager.notice")

    work.says(COORDINATOR, "撤销", answering="staff.echo")

    assert [[], []] == [case(work, n)["links"] for n in (FIRST, THIRD)]


def test_a_link_tells_an_excluded_person_nothing(work: Casework) -> None:
    """The handler of one case whom the other names sees no number of it, nor can they ask for it."""
    second(work, text="投诉物流部何志强，他在电话里骂我是骗子，态度恶劣，还威胁不给我退款。请处理。")
    about(work, FIRST, COORDINATOR, f"关联 {THIRD}", "manager.notice")

    letters = about(work, FIRST, COORDINATOR, "加急", "manager.notice")

    assert HANDLER in {x.to for x in letters}
    assert [] == telling(to(letters, HANDLER), THIRD)
    assert "没有找到" in work.refusal(about(work, FIRST, HANDLER, f"关联 {THIRD}"))
    assert "没有找到" in work.refusal(about(work, FIRST, HANDLER, f"合并到 {THIRD}"))


def test_a_merger_is_offered_where_two_letters_are_much_alike(work: Casework) -> None:
    """The coordinator's notice names the other case with one click; nothing is merged by itself."""
    notice = [x for x in work.got(COORDINATOR, "manager.notice") if SECOND in x.subject][-1]

    assert FIRST in notice.text
    assert f"合并 {FIRST}" in notice.text
    assert ["assigned", "assigned"] == [c["state"] for c in work.desk.cases()]

    about(work, SECOND, COORDINATOR, f"合并 {FIRST}", "manager.notice")
    assert "merged" == case(work, SECOND)["state"]


def test_the_digest_offers_what_was_not_merged_yet(work: Casework) -> None:
    """The next digest has the line that merges them, and the digest's own key takes it; later ones say nothing."""
    letters = work.later(timedelta(hours=23))

    digest = of_kind(letters, "manager.digest")[0]
    line = f"{SECOND} 合并 {FIRST}"
    assert line in digest.text
    work.says(COORDINATOR, line, answering="manager.digest")
    assert (FIRST, "merged") == (case(work, SECOND)["merged_into"], case(work, SECOND)["state"])
    assert "可能重复" not in of_kind(work.later(timedelta(days=1)), "manager.digest")[0].text


def test_two_lines_about_one_case_do_not_overwrite_each_other(work: Casework) -> None:
    """Of two lines of one mail that change the same case the second waits for a mail of its own."""
    second(work, text=LETTER + "急！")
    work.later(timedelta(hours=23))

    letters = work.says(COORDINATOR, f"{SECOND} 合并 {FIRST}\n{THIRD} 合并 {FIRST}", answering="manager.digest")

    assert "请分开发送" in of_kind(letters, "staff.echo")[0].text
    assert [SECOND] == case(work, FIRST)["absorbed"]
    assert "assigned" == case(work, THIRD)["state"]


def test_nothing_is_offered_that_would_be_refused(work: Casework) -> None:
    """A letter that names the other one's handler, or is another writer's, is never offered to be merged."""
    letters = second(work, text=LETTER + "投诉物流部何志强，他骂我是骗子，态度恶劣。")
    letters += second(work, sender=OTHER)

    assert [] == telling([x for x in letters if THIRD in x.subject or "000004" in x.subject], f"合并 {FIRST}")
    assert [] == telling(to(letters, HANDLER), THIRD)
