"""记录, 会议纪要, 走访记录 without a key: filed with the case that they name, or by themselves (casework 5, `record`)."""

from datetime import timedelta
from pathlib import Path

import pytest

from maild.cli.main import main
from tests.journeys.casework import COORDINATOR, HANDLER, Casework
from tests.journeys.desk import Letter, open_desk
from tests.journeys.letters import INSIDE, of_kind, telling, to
from tests.journeys.post import CUSTOMER, mail

pytestmark = pytest.mark.slow
CLERK = "bai.xue@corp.example"
VISIT = "走访记录：11月24日走访城西店，导购反映热水壶展柜空着三天，仓库答应明天补货。"
PAPER = "顾客来信反映在城西店买的热水壶漏电跳闸，要求退款129元，并问有没有危险。"


def writes(work: Casework, who: str, subject: str, text: str, *, sure: bool = True, **fields: str) -> list[Letter]:
    """A mail of a colleague that begins a conversation."""
    work.desk.now += timedelta(minutes=1)
    made = mail(subject, text, sender=who, date=work.desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800"), **fields)
    letters = work.desk.receive(made, authentication=INSIDE.format(who) if sure else None)
    work.letters += letters
    return letters


def last(work: Casework) -> str:
    """What became of the last mail."""
    return str(work.desk.rows("select disposition from journal order by id desc limit 1")[0][0])


def number_of(letters: list[Letter]) -> str:
    """The number of the record, from its echo."""
    return of_kind(letters, "staff.echo")[0].text.partition("REC-")[2][:11]


def test_a_record_without_a_case_is_filed_and_found(work: Casework) -> None:
    """No case, no clock, nobody bothered; its writer and the coordinator find it by its words or its number."""
    letters = writes(work, CLERK, "", VISIT)

    assert (["staff.echo"], "recorded") == ([x.kind for x in letters], last(work))
    assert 1 == len(work.desk.cases())
    number = f"REC-{number_of(letters)}"
    for who in (CLERK, COORDINATOR):
        writes(work, who, "状态", "状态")
        for words in ("展柜", number):
            found = work.says(who, f"查 {words}", answering="staff.status")
            assert "展柜空着三天" in of_kind(found, "staff.status")[0].text


def test_others_do_not_find_it(work: Casework) -> None:
    """A colleague who neither wrote nor watches it is told what is told where there is none."""
    number = f"REC-{number_of(writes(work, CLERK, '', VISIT))}"
    writes(work, "feng.xia@corp.example", "状态", "状态")

    heard = [work.says("feng.xia@corp.example", f"查 {words}", answering="staff.status")
             for words in (number, "REC-2026-000777")]  # fmt: skip

    assert [] == telling(heard[0], "展柜")
    assert heard[0][0].text.replace(number, "N") == heard[1][0].text.replace("REC-2026-000777", "N")


def test_whom_a_minute_complains_of_does_not_find_it(work: Casework) -> None:
    """The coordinator finds no record that complains of the coordinator."""
    text = "记录：走访中员工投诉林晓月当众辱骂员工，推搡同事。"
    letters = writes(work, CLERK, "", text)
    if last(work) == "recorded":
        writes(work, COORDINATOR, "状态", "状态")
        assert [] == telling(work.says(COORDINATOR, "查 走访中", answering="staff.status"), "辱骂")
    assert [] == telling(to(letters, COORDINATOR), "辱骂")


@pytest.mark.parametrize("place", ["subject", "text"])
def test_a_record_goes_into_the_case_that_it_names(work: Casework, place: str) -> None:
    """会议纪要 with a case number is an event of that case; nothing leaves, and it is no letter of its own."""
    number = str(work.case["number"])
    subject, text = (f"会议纪要 {number}", "周会确定面单改用防水纸。") if place == "subject" else (
        "会议纪要", f"周会确定 {number} 的面单改用防水纸。")  # fmt: skip

    letters = writes(work, HANDLER, subject, text)

    recorded = [event["data"]["text"] for event in work.case["events"] if event["kind"] == "recorded"]
    assert 1 == len(recorded)
    assert "防水纸" in recorded[0]
    assert [HANDLER] == [x.to for x in of_kind(letters, "staff.echo")]
    assert [] == to(letters, CUSTOMER)
    assert 1 == len(work.desk.cases())


def test_a_colleague_of_the_unit_files_without_a_key(work: Casework) -> None:
    """A member of the handling unit files into its case, and gets no key to it by that."""
    letters = writes(work, "wang.lei@corp.example", f"走访记录 {work.case['number']}", "走访记录：客户家里没有人。")

    assert "recorded" in [event["kind"] for event in work.case["events"]]
    assert ["staff.echo"] == [x.kind for x in letters]


def test_anothers_case_is_as_none(work: Casework) -> None:
    """Who has nothing to do with a case puts nothing into it, and learns not even that it is there."""
    said = [of_kind(writes(work, CLERK, f"走访记录 {n}", "走访记录：客户家里没有人。"), "staff.echo")[0].text
            for n in (work.case["number"], "GM-2026-000777")]  # fmt: skip

    assert "recorded" not in [event["kind"] for event in work.case["events"]]
    plain = [text.replace(str(work.case["number"]), "N").replace("GM-2026-000777", "N") for text in said]
    assert plain[0].replace("REC-2026-000001", "R") == plain[1].replace("REC-2026-000002", "R")


@pytest.mark.parametrize(("who", "state"), [(HANDLER, "answered"), (CLERK, "assigned")])
def test_told_text_after_it_is_the_answer(work: Casework, who: str, state: str) -> None:
    """记录：已电话告知 … by who handles the case is an answer by other means; anybody else's is a record."""
    writes(work, who, f"记录 {work.case['number']}", "记录：已电话告知客户，订单今天重新发出，26日送达，客户同意。")

    assert state == work.state


def test_a_case_that_is_not_the_writers_to_know_is_as_none(tmp_path: Path) -> None:
    """A number that the writer must not know of is answered like one that there is not: filed by itself."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        work.start("投诉", "我要投诉物流部经理何志强，他连续三个月扣发我的加班费，还当众辱骂员工。请公司调查。",
                   sender="huang.qiuyan@corp.example")  # fmt: skip
        said = [
            of_kind(writes(work, HANDLER, f"会议纪要 {number}", "周会讨论了排班。"), "staff.echo")[0].text
            for number in (work.case["number"], "GM-2026-000777")
        ]

        assert "recorded" not in [event["kind"] for event in work.case["events"]]
        hidden = [text.replace(str(work.case["number"]), "N").replace("GM-2026-000777", "N") for text in said]
        assert hidden[0].replace("REC-2026-000001", "R") == hidden[1].replace("REC-2026-000002", "R")


def test_of_doubtful_origin_it_is_asked_back_once(work: Casework) -> None:
    """Not authenticated, nothing is filed before 确认 comes back by the key at the directory's address."""
    asked = writes(work, CLERK, "", VISIT, sure=False)
    assert [("staff.confirmation", CLERK)] == [(x.kind, x.to) for x in asked]

    done = work.says(CLERK, "确认", answering="staff.confirmation")
    assert "REC-" in of_kind(done, "staff.echo")[0].text
    assert [] == of_kind(work.says(CLERK, "确认。", answering="staff.confirmation"), "staff.echo")


def test_it_is_filed_once(work: Casework) -> None:
    """The same mail under another Message-ID files nothing again."""
    for n in range(2):
        writes(work, CLERK, "", VISIT, Date="Tue, 24 Nov 2026 10:00:00 +0800", Message_ID=f"<{n}@x.example>")

    assert "duplicate" == last(work)


def test_an_emergency_is_a_letter_whatever_stands_above_it(work: Casework) -> None:
    """A stranger's 记录 and a colleague's cry for help become cases."""
    writes(work, "anna@mail-b.example", "记录", "记录：你们的热水壶漏电，要求退款。", sure=False)
    writes(work, CLERK, "", "记录：二号车间起火，有人受伤被困，请马上救援！")

    assert 3 == len(work.desk.cases())


def test_search_on_the_command_line_finds_it(
    work: Casework, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`maild search` names the record, its day and its writer."""
    number = f"REC-{number_of(writes(work, CLERK, '', VISIT))}"
    monkeypatch.setenv("GM_PASSWORD", work.desk.environ["GM_PASSWORD"])
    work.desk.restart()

    assert 0 == main(["search", "展柜", "-c", str(work.desk.folder / "maild.toml")])

    assert number in capsys.readouterr().out


# -- letters on paper


@pytest.mark.parametrize("mark", ["代录 匿名", "纸质来信"])
def test_a_letter_on_paper_has_a_number_and_no_acknowledgement(work: Casework, mark: str) -> None:
    """A scan of a paper letter: requester “anonymous letter no. 1”, nobody acknowledged, the scan with the handler."""
    made = mail(mark, f"{mark}\n{PAPER}", sender=CLERK, date="Tue, 24 Nov 2026 10:00:00 +0800",
                files={"来信扫描.pdf": b"%PDF-1.4 scan"})  # fmt: skip
    work.desk.now += timedelta(minutes=1)
    letters = work._take(work.desk.receive(made, authentication=INSIDE.format(CLERK)))

    case = max(work.desk.cases(), key=lambda one: str(one["number"]))
    assert "" == case["requester"]
    assert "匿名来信第1号" in of_kind(letters, "staff.recorded")[0].text
    assert [] == of_kind(letters, "requester.acknowledgement")
    assert [] == [x for x in letters if x.kind.startswith("requester.")]
    handler = next(x for x in letters if x.to == case["handler"] and x.kind in {"handler.assignment", "manager.notice"})
    assert case["confidential"] or "来信扫描.pdf" in handler.text


def test_a_letter_on_paper_is_answered_by_telling_or_notice(work: Casework) -> None:
    """“Answered by `told` or by notice”: 已当面答复 counts, an answer by mail is refused because there is no address."""
    writes(work, CLERK, "纸质来信", f"纸质来信\n{PAPER}")
    case = max(work.desk.cases(), key=lambda one: str(one["number"]))
    handler = str(case["handler"])

    assert "地址" in work.refusal(work.says(handler, "答复：热水已于今天检修完毕，每天18时至23时供应。"))
    work.says(handler, "已当面答复：热水已于今天检修完毕，并在宿舍公告栏张贴通知。")

    after = max(work.desk.cases(), key=lambda one: str(one["number"]))
    assert "answered" == after["state"]
    assert [] == [x for x in work.letters if x.kind.startswith("requester.") and x.to != CUSTOMER]
