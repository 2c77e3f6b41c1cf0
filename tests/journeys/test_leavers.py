"""A person vanishes from the directory: keys die, cases, seats and questions go to who is there (interfaces.md)."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from maild.errors import MaildError
from tests.journeys.casework import ANSWER, COORDINATOR, MORNING, Casework
from tests.journeys.desk import Letter, open_desk
from tests.journeys.letters import INSIDE, of_kind, to
from tests.journeys.office_people import ABOVE, DEPUTY, HEAD, own_directory, replaced, without
from tests.journeys.post import CUSTOMER, mail
from tests.journeys.test_own_rules import awaited, running, sent
from tests.postgres import fresh_database

pytestmark = pytest.mark.slow
MINUTE = timedelta(minutes=1)
HANDED = "handler.handed-over"
TOLD = "manager.leavers"
BOTH = pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
GM_OFFICE = "ding.ning@corp.example"


class Office(Casework):
    """A desk whose directory the test edits."""

    @property
    def people(self) -> Path:
        """The directory file."""
        return self.desk.folder / "directory.yaml"

    def reread(self) -> list[Letter]:
        """The daemon starts again with the files as they are."""
        self.desk.reread()
        return self.later(MINUTE)

    def leaves(self, *people: str) -> list[Letter]:
        """The clerk takes these people out, and the daemon reads the file."""
        without(self.people, *people)
        return self.reread()

    def key_in(self, letter: Letter) -> str:
        """The number of the case with its own key, as a row of a list shows it."""
        found = re.search(rf"{self.case['number']}-[0-9A-Z]{{8}}", letter.text)
        assert found
        return found[0]

    def line_of(self, word: str, *more: str) -> str:
        """Where the file has this line, as an error would say it."""
        lines = self.people.read_text("utf-8").splitlines()
        (at,) = [n for n, line in enumerate(lines, 1) if all(one in line for one in (word, *more))]
        return f"directory.yaml:{at}:"


@pytest.fixture(params=["sqlite"])
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of database."""
    return str(request.param)


@pytest.fixture
def work(kind: str, tmp_path: Path) -> Iterator[Office]:
    """A complaint that logistics handles, in an office with a directory of its own."""
    with fresh_database(kind) as url, open_desk(tmp_path, hold="10 minutes", database=url) as desk:
        own_directory(desk)
        made = Office(desk)
        made.open()
        yield made


@BOTH
def test_open_cases_go_to_who_heads_the_unit_now(work: Office) -> None:
    """The deputy of a unit that lost its head gets one mail with every case, its letter, its deadline and its key."""
    work.start("投诉：破壁机没有发货", "破壁机付款两周没有发货，客服不理。请退款。", sender="b@mail-a.example")
    work.says(COORDINATOR, "转物流部处理", answering="manager.notice")
    due = [
        clock["due"] for clock in work.case["clocks"] if clock["kind"] == "first-answer" and clock["state"] == "open"
    ]

    letters = work.leaves(HEAD)

    (handed,) = of_kind(letters, HANDED)
    assert DEPUTY == handed.to
    assert [DEPUTY, DEPUTY] == [case["handler"] for case in work.desk.cases()]
    assert {"物流部"} == {case["unit"] for case in work.desk.cases()}
    assert "何志强" in handed.text
    assert all(case["number"] in handed.text for case in work.desk.cases())
    assert "空气炸锅一直没有发货" in handed.text
    assert due == [c["due"] for c in work.case["clocks"] if c["kind"] == "first-answer" and c["state"] == "open"]
    assert {"assigned"} == {case["state"] for case in work.desk.cases()}
    assert "handed-over" == work.case["events"][-1]["kind"]


def test_the_new_handler_answers_by_the_row_and_by_the_list(work: Office) -> None:
    """Each case has a key of its own in the mail, and lines with numbers are taken in answer to the whole mail."""
    (handed,) = of_kind(work.leaves(HEAD), HANDED)
    token = work.key_in(handed)

    by_list = work.says(DEPUTY, f"{work.case['number']} 接", answering=HANDED)
    assert "in-progress" == work.state
    assert of_kind(by_list, "staff.echo")

    work.desk.now += MINUTE
    made = mail(f"Re: [{token}]", ANSWER, sender=DEPUTY, date="Tue, 24 Nov 2026 09:30:00 +0800")
    work.desk.receive(made, authentication=INSIDE.format(DEPUTY))
    assert "answered" == work.state


def test_a_leavers_key_opens_nothing(work: Office) -> None:
    """An order with an old key changes nothing and gets no answer; the coordinator hears of it."""
    work.leaves(HEAD)
    before = work.state, work.case["handler"]

    letters = work.says(HEAD, "结案\n原因：已发货\n措施：已发货")

    assert before == (work.state, work.case["handler"])
    assert [] == to(letters, HEAD)
    assert [] == to(letters, CUSTOMER)
    assert COORDINATOR in [x.to for x in of_kind(letters, "staff.misdirected")]
    assert 1 == len(work.desk.cases())


def test_who_comes_back_has_neither_cases_nor_old_keys(work: Office) -> None:
    """A returned colleague is told of no case again, the old key stays void, and a new assignment works."""
    text = work.people.read_text("utf-8")
    work.leaves(HEAD)
    work.people.write_text(text, "utf-8")

    letters = work.reread()

    assert "何志强" in of_kind(letters, TOLD)[0].text
    assert DEPUTY == work.case["handler"]
    work.says(HEAD, "收到", answering="handler.assignment")
    assert "assigned" == work.state
    work.says(COORDINATOR, "转何志强", answering="manager.notice")
    assert HEAD == work.case["handler"]
    work.says(HEAD, "收到", answering="handler.assignment")
    assert "in-progress" == work.state


def test_a_changed_address_is_no_leaver(work: Office) -> None:
    """Cases move to the new address, the key of the old letter is good from there, and nobody is told of a leaver."""
    new = "zhiqiang.he@corp.example"
    replaced(work.people, HEAD, new)

    letters = work.reread()

    assert [] == of_kind(letters, TOLD)
    assert [] == of_kind(letters, HANDED)
    assert new == work.case["handler"]
    assignment = work.got(HEAD, "handler.assignment")[-1]
    made = mail(f"Re: {assignment.subject}", "收到", sender=new, date="Tue, 24 Nov 2026 09:30:00 +0800")
    work.desk.receive(made, authentication=INSIDE.format(new))
    assert "in-progress" == work.state
    work.says(HEAD, "备注：旧地址", answering="handler.assignment")
    assert "note" not in [event["kind"] for event in work.case["events"]]


def test_an_old_address_is_followed_where_files_still_name_it(work: Office) -> None:
    """The head of a unit whose entry alone changed stays its head; the coordinator hears which line is old."""
    text = work.people.read_text("utf-8")
    text = text.replace(f"{{address: {HEAD},", "{address: zhiqiang.he@corp.example,")
    work.people.write_text(text, "utf-8")

    letters = work.reread()

    assert "zhiqiang.he@corp.example" == work.case["handler"]
    assert work.line_of("id: logistics") in of_kind(letters, TOLD)[0].text.replace("\n", "")


def test_the_coordinator_hears_where_a_leaver_is_still_named(work: Office) -> None:
    """One mail: who left, which cases went to whom, and each line that still names them."""
    replaced(work.people, "delegate: ding.ning@corp.example, signed", f"delegate: {HEAD}, signed")
    replaced(work.people, "assistants: [ding.ning@corp.example]", f"assistants: [ding.ning@corp.example, {HEAD}]")
    work.reread()

    (told,) = of_kind(work.leaves(HEAD), TOLD)

    assert COORDINATOR == told.to
    assert work.case["number"] in told.text
    assert "王磊" in told.text
    lines = told.text.replace("\n", "")
    named = (("id: logistics",), ("name: 林晓月",), ("name: 陈国栋",), ("person: ", HEAD))
    assert all(work.line_of(*words) in lines for words in named)
    assert [] == work.reread()


def test_without_a_head_and_deputy_it_goes_up(work: Office) -> None:
    """A unit that lost all who lead it hands its cases to who is above."""
    letters = work.leaves(HEAD, DEPUTY)

    assert [ABOVE] == [x.to for x in of_kind(letters, HANDED)]
    assert ABOVE == work.case["handler"]


def test_a_conflict_is_obeyed(work: Office) -> None:
    """Who is complained of gets the case not even as the last one of the unit."""
    work.says(COORDINATOR, "备注：涉及 王磊", answering="manager.notice")

    letters = work.leaves(HEAD)

    assert ABOVE == work.case["handler"]
    assert [] == to(letters, DEPUTY)


def test_a_supervisors_seat_moves_up(work: Office) -> None:
    """Who watched an overdue case has gone: the next above watches it, and may order."""
    work.later(timedelta(days=6))
    assert ABOVE in work.case["supervisors"]

    letters = work.leaves(ABOVE)

    assert ABOVE not in work.case["supervisors"]
    assert "chen.guodong@corp.example" in work.case["supervisors"]
    assert HEAD == work.case["handler"]
    assert "督办人" in to(of_kind(letters, HANDED), "chen.guodong@corp.example")[0].text


def test_the_coordinators_successor_has_what_waited(work: Office) -> None:
    """A new coordinator acts on the digest that the old one never answered; the old key of it is void."""
    work.later(timedelta(hours=23, minutes=30))
    assert work.got(COORDINATOR, "manager.digest")
    replaced(work.people, f"head: {COORDINATOR}", f"head: {GM_OFFICE}")

    work.leaves(COORDINATOR)
    work.says(COORDINATOR, "1 转质量部", answering="manager.digest")

    assert "物流部" == work.case["unit"]
    work.later(timedelta(days=1))
    work.says(GM_OFFICE, "1 转质量部", answering="manager.digest")
    assert "质量部" == work.case["unit"]


def test_an_answer_within_its_hold_leaves_once_and_can_be_stopped(work: Office) -> None:
    """What the leaver wrote to the requester goes out; who takes over reads when, and may take it back before."""
    work.says(HEAD, ANSWER, answering="handler.assignment")

    (handed,) = of_kind(work.leaves(HEAD), HANDED)

    assert "撤销" in handed.text
    token = work.key_in(handed)
    stop = mail(f"Re: [{token}]", "撤销", sender=DEPUTY, date="Tue, 24 Nov 2026 09:05:00 +0800")
    work.desk.now += MINUTE
    letters = work.desk.receive(stop, authentication=INSIDE.format(DEPUTY))
    letters += work.later(timedelta(hours=1))
    assert [] == to(letters, CUSTOMER)
    assert DEPUTY == work.case["handler"]


def test_an_answer_within_its_hold_leaves_by_itself(work: Office) -> None:
    """Nobody stops it: it leaves when its time has come, once, and the leaver's own word stops nothing."""
    work.says(HEAD, ANSWER, answering="handler.assignment")
    work.leaves(HEAD)

    letters = work.says(HEAD, "撤销", answering="staff.echo")
    letters += work.later(timedelta(minutes=10)) + work.later(timedelta(hours=1))

    assert ["requester.answer"] == [x.kind for x in to(letters, CUSTOMER)]
    assert "answered" == work.state


@BOTH
def test_a_question_that_waited_for_a_leaver_is_asked_of_the_next(work: Office) -> None:
    """More time was asked of a head who left: who takes over decides, by one word."""
    work.says(COORDINATOR, "转王磊", answering="manager.notice")
    work.says(DEPUTY, "延期三天，配件未到", answering="handler.assignment")
    assert work.got(HEAD, "manager.extension")

    letters = work.leaves(HEAD)

    asked = [x for x in of_kind(letters, HANDED) if "申请延期" in x.text]
    assert [ABOVE] == [x.to for x in asked]
    assert "配件未到" in asked[0].text
    token = work.key_in(asked[0])
    yes = mail(f"Re: [{token}]", "同意", sender=ABOVE, date="Tue, 24 Nov 2026 09:15:00 +0800")
    work.desk.now += MINUTE
    work.desk.receive(yes, authentication=INSIDE.format(ABOVE))
    assert "extended" == work.case["events"][-1]["kind"]


def test_a_confirmation_of_a_leaver_counts_for_nothing(work: Office) -> None:
    """An order that still wanted one word more is not carried out by somebody who has left."""
    made = mail(
        f"Re: {work.got(HEAD, 'handler.assignment')[-1].subject}", ANSWER, sender=HEAD,
        date="Tue, 24 Nov 2026 09:10:00 +0800",
    )  # fmt: skip
    work.desk.now += MINUTE
    asked = work.desk.receive(made)
    assert of_kind(asked, "staff.confirmation")
    work.letters += asked
    work.leaves(HEAD)

    letters = work.says(HEAD, "确认", answering="staff.confirmation")
    letters += work.later(timedelta(hours=1))

    assert [] == to(letters, CUSTOMER)
    assert "assigned" == work.state


@BOTH
def test_mail_that_waits_for_a_leaver_is_stopped_and_its_matter_passed_on(work: Office) -> None:
    """What had not left for them never leaves, is kept in the books, and the new handler reads the case."""
    with work.desk.workshop().store.writing() as books:
        books.connection.exec_driver_sql(
            "insert into outbox (maild_id, message_id, mailbox, number, kind, recipient, fallback, lane, subject, raw, "
            "state, queued_at, next_at, attempts, answer, claimed_by) select 'waits', '<waits@corp.example>', mailbox, "
            "number, 'handler.reminder', recipient, '', lane, subject, raw, 'ready', queued_at, "
            "'2027-01-01 00:00:00+00:00', 0, '', '' from outbox where kind = 'handler.assignment' "
            "and recipient = 'he.zhiqiang@corp.example'"
        )

    (told,) = of_kind(work.leaves(HEAD), TOLD)

    assert [("withdrawn",)] == work.desk.rows("select state from outbox where maild_id = 'waits'")
    assert "到期提醒：1封" in told.text


@BOTH
def test_a_loss_of_many_waits_for_a_word(work: Office) -> None:
    """An emptied file strips nobody: the old directory stays in force, and one word of the coordinator takes the new."""
    whole = work.people.read_text("utf-8")
    work.people.write_text("", "utf-8")

    letters = work.reread()

    (asked,) = of_kind(letters, "manager.directory")
    assert COORDINATOR == asked.to
    assert HEAD == work.case["handler"]
    work.says(HEAD, "收到", answering="handler.assignment")
    assert "in-progress" == work.state
    assert [] == of_kind(work.reread(), "manager.directory")
    units = whole[: whole.index("people:")]
    staff = [line for line in whole.splitlines(keepends=True) if "address:" in line and "corp.example, name" in line]
    kept = [line for line in staff if any(f"address: {one}," in line for one in (COORDINATOR, DEPUTY, ABOVE))]
    work.people.write_text(units + "people:\n" + "".join(kept), "utf-8")
    assert of_kind(work.reread(), "manager.directory")
    assert HEAD == work.case["handler"]

    work.says(COORDINATOR, "确认", answering="manager.directory")
    letters = work.reread()

    assert DEPUTY == work.case["handler"]
    assert [DEPUTY] == [x.to for x in of_kind(letters, HANDED)]


def test_what_comes_to_a_leaver_later_goes_on_at_once(work: Office) -> None:
    """A case that an undone order gave back to somebody who has left meanwhile is handed over at the next look."""
    work.says(COORDINATOR, "转质量部", answering="manager.notice")
    work.leaves(HEAD)

    work.says(COORDINATOR, "撤销", answering="staff.echo")
    letters = work.later(MINUTE)

    assert DEPUTY == work.case["handler"]
    assert [DEPUTY] == [x.to for x in of_kind(work.letters, HANDED)][-1:] or of_kind(letters, HANDED)


def test_a_new_file_with_nobody_missing_says_nothing(work: Office) -> None:
    """Reading the same people again sends nobody anything."""
    replaced(work.people, "title: 物流经理", "title: 物流部经理")

    assert [] == work.reread()
    assert HEAD == work.case["handler"]
    assert MORNING < work.desk.now


@BOTH
def test_a_death_in_the_middle_leaves_nothing_half_done(work: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that dies inside the change writes nothing of it; the next run does all of it, and once."""

    def dies(*_given: object, **_named: object) -> None:
        raise MaildError("The process died here.")

    with monkeypatch.context() as patch:
        patch.setattr("maild.workflow.tick.commit", dies)
        assert [] == work.leaves(HEAD)
    assert HEAD == work.case["handler"]

    work.desk.restart()
    letters = work.later(MINUTE)
    work.desk.restart()
    letters += work.later(MINUTE)

    assert DEPUTY == work.case["handler"]
    assert [(DEPUTY, HANDED), (COORDINATOR, TOLD)] == [(x.to, x.kind) for x in letters]


def test_the_running_daemon_takes_a_leaver_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is saved, and a moment later the cases are the deputy's; a broken file afterwards strips nobody."""
    with open_desk(tmp_path) as desk:
        path = own_directory(desk)
        work = Office(desk)
        work.open()
        desk.restart()
        with running(desk, monkeypatch):
            without(path, HEAD)
            assert awaited(lambda: sent(desk, DEPUTY, "人员变动移交"))
            right = path.read_text("utf-8")
            path.write_text(right.replace("people:", "people"), "utf-8")
            assert awaited(lambda: sent(desk, COORDINATOR, "刚改动的规则有误"))
        path.write_text(right, "utf-8")

        assert DEPUTY == work.case["handler"]
        assert 1 == len(sent(desk, DEPUTY, "人员变动移交"))
