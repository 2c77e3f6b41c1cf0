"""公示: question and answer of a case for everybody to read, without names, once a person approved the words (P9.1.2)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from maild.cli.main import main
from tests.journeys.casework import ANSWER, COORDINATOR, HANDLER, Casework
from tests.journeys.desk import Letter, open_desk
from tests.journeys.letters import of_kind, to
from tests.journeys.post import CUSTOMER

pytestmark = pytest.mark.slow
CLOSING = "结案：\n原因：面单破损。\n措施：更换面单胶。"
ASKED = "公示：问：快递九天没有动静，怎么办？\n答：面单破损的包裹当天重发，另补优惠券。"


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """A customer's complaint that logistics answered and closed."""
    with open_desk(tmp_path) as desk:
        made = Casework(desk)
        made.open(text="您好：\n订单 88231977001 九天没有动静。我的电话 13912345678。\n谢谢！\n赵磊")
        made.says(
            HANDLER, ANSWER.replace("另补", "由马骏经理（13812345678）跟进，另补"), answering="handler.assignment"
        )
        made.says(HANDLER, CLOSING, answering="handler.assignment")
        assert made.state == "closed"
        yield made


def asked(work: Casework, text: str = "公示") -> Letter:
    """What the coordinator is shown before anything is published."""
    return of_kind(work.says(COORDINATOR, text, answering="manager.notice"), "manager.publishing")[0]


def published(work: Casework) -> list[str]:
    """The answers that stand published."""
    with work.desk.workshop().store.reading() as books:
        return [one.answer for one in books.publications_of(work.case["number"]) if one.withdrawn_at is None]


def heads_mail(work: Casework) -> list[Letter]:
    """What the heads get on the first working day of the next month."""
    work.desk.now = datetime.fromisoformat("2026-12-01T08:59:00+08:00")
    work.later(timedelta(seconds=10))
    assert [] == work.got(HANDLER, "staff.publications")
    return of_kind(work.later(timedelta(minutes=2)), "staff.publications")


def test_the_draft_names_nobody(work: Casework) -> None:
    """Names, telephone and order numbers are blanked, and nothing is published before the words were approved."""
    seen = asked(work)

    for gone in ("赵磊", "马骏", "13912345678", "13812345678", "88231977001"):
        assert gone not in seen.text
    assert "九天没有动静" in seen.text
    assert "今天已重新发出" in seen.text
    assert "确认" in seen.text
    assert [] == published(work)


def test_what_was_shown_is_published_and_sent_to_the_readers_once_a_month(work: Casework) -> None:
    """确认 publishes exactly the words; heads get them on the first working day of the next month, and never again."""
    asked(work, ASKED)
    echo = of_kind(work.says(COORDINATOR, "确认", answering="manager.publishing"), "staff.echo")[0]
    assert "撤下公示" in echo.text

    letters = heads_mail(work)

    assert len(to(letters, HANDLER)) == 1
    assert "面单破损的包裹当天重发" in to(letters, HANDLER)[0].text
    assert work.case["number"] not in to(letters, HANDLER)[0].text
    assert [] == of_kind(work.later(timedelta(days=1)), "staff.publications")


def test_other_words_are_shown_again(work: Casework) -> None:
    """Who does not like the draft writes question and answer, and is asked again for exactly these."""
    asked(work)
    again = of_kind(work.says(COORDINATOR, ASKED, answering="manager.publishing"), "manager.publishing")[0]
    assert "当天重发" in again.text

    work.says(COORDINATOR, "确认", answering="manager.publishing")

    assert ["面单破损的包裹当天重发，另补优惠券。"] == published(work)


def test_half_a_wording_is_told(work: Casework) -> None:
    """Words without question and answer are refused with the way to write them."""
    refusal = work.refusal(work.says(COORDINATOR, "公示：大家放心。", answering="manager.notice"))

    assert "公示：问：……答：……" in refusal


def test_a_no_publishes_nothing(work: Casework) -> None:
    """不同意 ends the question, and 确认 afterwards is refused."""
    asked(work)
    work.says(COORDINATOR, "不同意", answering="manager.publishing")

    refusal = work.refusal(work.says(COORDINATOR, "确认", answering="manager.publishing"))

    assert "已经执行过" in refusal
    assert [] == published(work)


def test_a_question_lasts_a_day(work: Casework) -> None:
    """A 确认 that comes after a day publishes nothing."""
    asked(work)
    work.later(timedelta(hours=25))
    work.says(COORDINATOR, "确认", answering="manager.publishing")

    assert [] == published(work)


def test_what_was_published_is_taken_down(work: Casework) -> None:
    """撤下公示, and 撤销 of the approval, leave nothing for the readers."""
    asked(work)
    work.says(COORDINATOR, "确认", answering="manager.publishing")
    work.says(COORDINATOR, "撤下公示", answering="staff.echo")
    assert [] == published(work)

    asked(work)
    work.says(COORDINATOR, "确认", answering="manager.publishing")
    assert 1 == len(published(work))
    work.says(COORDINATOR, "撤销", answering="staff.echo")

    assert [] == published(work)
    assert [] == heads_mail(work)


def test_a_second_wording_takes_the_place_of_the_first(work: Casework) -> None:
    """A case is published once, in its last wording."""
    asked(work)
    work.says(COORDINATOR, "确认", answering="manager.publishing")
    asked(work, ASKED)
    work.says(COORDINATOR, "确认", answering="manager.publishing")

    assert ["面单破损的包裹当天重发，另补优惠券。"] == published(work)


def test_a_case_without_an_answer_is_not_published(tmp_path: Path) -> None:
    """What nobody has answered yet cannot be published."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        work.open()

        assert "尚未答复" in work.refusal(work.says(COORDINATOR, "公示", answering="manager.notice"))


def test_a_handler_publishes_nothing(work: Casework) -> None:
    """Only the coordinator and management may ask for it."""
    assert "权限" in work.refusal(work.says(HANDLER, "公示", answering="handler.assignment"))


def test_a_protected_case_is_never_published(tmp_path: Path) -> None:
    """Neither its words nor an own wording of a complaint about people become public."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        text = "我要投诉生产部班长刘强，他昨天在二号线当众骂我，还扣我加班费，有录音。"
        work.start("投诉班长", text, sender="tang.jie@corp.example")
        assert work.case["type"] == "staff-complaint"
        handler = work.case["handler"]
        work.says(handler, "答复：已核实，班长已向您道歉，加班费本月补发。", answering="handler.assignment")

        refusal = work.refusal(work.says(handler, ASKED, answering="handler.assignment"))

    assert refusal
    assert [] == [letter for letter in work.letters if letter.kind == "manager.publishing"]


def test_what_became_confidential_is_read_by_nobody(work: Casework) -> None:
    """A published case that becomes a protected one later stands in no month's mail."""
    asked(work)
    work.says(COORDINATOR, "确认", answering="manager.publishing")
    work.says(CUSTOMER, "不满意，又坏了。", answering="requester.closed")
    work.says(COORDINATOR, "应为 员工投诉", answering="manager.notice")
    assert work.case["type"] == "staff-complaint"

    assert [] == heads_mail(work)


def test_english_words_do_the_same(work: Casework) -> None:
    """`publish: Q: ... A: ...` and `yes` publish as well."""
    asked(work, "publish: Q: My parcel has not moved for nine days. A: It was sent again the same day.")
    work.says(COORDINATOR, "yes", answering="manager.publishing")

    assert ["It was sent again the same day."] == published(work)


def test_the_page_holds_what_stands_published(
    work: Casework, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`maild publish list` and `page` show question and answer, escaped, with neither number nor names."""
    for name, value in work.desk.environ.items():
        monkeypatch.setenv(name, value)
    asked(work, "公示：问：<b>九天</b>没有动静？\n答：当天重发。")
    work.says(COORDINATOR, "确认", answering="manager.publishing")
    config, page = str(work.desk.folder / "maild.toml"), work.desk.folder / "public.html"

    assert main(["publish", "page", str(page), "-c", config]) == 0
    assert main(["publish", "list", "--json", "-c", config]) == 0

    written = page.read_text(encoding="utf-8")
    assert "&lt;b&gt;九天&lt;/b&gt;没有动静？" in written
    assert "当天重发。" in written
    assert work.case["number"] not in written
    assert '"case": "GM-2026-000001"' in capsys.readouterr().out


def test_the_page_needs_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a file the page is wrong usage, told in one sentence."""
    assert main(["publish", "page"]) == 2
    assert "FILE.html" in capsys.readouterr().err
