"""Attachments go with the assignment up to 10 MB, and by a word of reply whatever did not (casework 8, "Look")."""

from collections.abc import Iterator
from datetime import timedelta
from email.header import decode_header, make_header
from pathlib import Path

import pytest

from tests.journeys.casework import ANSWER, COORDINATOR, HANDLER, Casework
from tests.journeys.desk import Letter, open_desk
from tests.journeys.letters import INSIDE, of_kind, to, whole
from tests.journeys.post import COMPLAINT, CUSTOMER, LETTER, mail

pytestmark = pytest.mark.slow
MB = 1 << 20
VIDEO, PHOTO, BILL = b"\x01" * (6 * MB), b"\x02" * (5 * MB), b"%PDF-1.7 bill"
FILES = {"开箱视频.mp4": VIDEO, "照片.jpg": PHOTO, "发票.pdf": BILL}


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """A complaint with eleven megabytes of files, routed to logistics."""
    with open_desk(tmp_path) as desk:
        made = Casework(desk)
        desk.now = desk.now.replace(year=2026, month=11, day=24, hour=1, minute=0)
        made.letters += desk.receive(mail(COMPLAINT, LETTER, files=FILES))
        made.says(COORDINATOR, "转物流部处理", answering="manager.notice")
        yield made


def files_of(letter: Letter) -> dict[str, bytes]:
    """What is attached to a letter, by its decoded name."""
    found = {}
    for part in letter.message.walk():
        if part.get_content_disposition() == "attachment":
            payload = part.get_payload(decode=True)
            found[str(make_header(decode_header(str(part.get_filename()))))] = (
                payload if isinstance(payload, bytes) else b""
            )
    return found


def test_what_does_not_fit_is_listed_with_the_word_that_fetches_it(work: Casework) -> None:
    """Ten megabytes go along, first come first served; the rest stands there with its number and its word."""
    assignment = work.got(HANDLER, "handler.assignment")[-1]

    assert {"开箱视频.mp4", "发票.pdf"} == set(files_of(assignment))
    assert "2. 照片.jpg（5.0 MB，未随信附上；回复“附件 2”即可调取）" in assignment.text


def test_a_number_fetches_the_file_byte_for_byte(work: Casework) -> None:
    """附件 2 brings that file and no other, without an echo beside it."""
    letters = work.says(HANDLER, "附件 2", answering="handler.assignment")

    assert [("staff.attachments", HANDLER)] == [(x.kind, x.to) for x in letters]
    assert {"照片.jpg": PHOTO} == files_of(letters[0])


def test_all_of_them_come_in_as_many_mails_as_they_need(work: Casework) -> None:
    """附件 全部: no mail is larger than ten megabytes of files, and together they are complete."""
    letters = work.says(HANDLER, "附件 全部", answering="handler.assignment")

    first, second = sorted(letters, key=lambda x: "（2/2）" in x.subject)
    assert {"开箱视频.mp4": VIDEO} == files_of(first)
    assert {"照片.jpg": PHOTO, "发票.pdf": BILL} == files_of(second)
    assert "（1/2）" in first.subject


def test_later_files_are_numbered_on(work: Casework) -> None:
    """What the requester sends later, and what a colleague attaches to a note, is fetched by the next numbers."""
    added = work.says(CUSTOMER, "补充两张照片。", files={"近照.jpg": b"near", "远照.jpg": b"far"})
    work.says(COORDINATOR, "备注：仓库的出库单在附件。", files={"出库单.xlsx": b"sheet"}, answering="manager.notice")

    assert "4. 近照.jpg" in of_kind(added, "handler.addition")[0].text
    letters = work.says(HANDLER, "请发附件 5、6，谢谢", answering="handler.addition")
    assert {"远照.jpg": b"far", "出库单.xlsx": b"sheet"} == files_of(letters[0])


def test_a_file_of_a_doubtful_mail_is_not_the_cases(work: Casework) -> None:
    """What came in a colleague's name and nobody vouches for is not handed on by number."""
    notice = work.got(COORDINATOR, "manager.notice")[-1]
    text, date = "转质量部处理", "Tue, 24 Nov 2026 09:20:00 +0800"
    work.desk.receive(mail(f"Re: {notice.subject}", text, sender=COORDINATOR, date=date, files={"x.docm": b"evil"}))

    letters = work.says(HANDLER, "附件 全部", answering="handler.assignment")

    assert b"evil" not in [content for x in letters for content in files_of(x).values()]


def test_a_number_that_is_not_there_is_refused(work: Casework) -> None:
    """The refusal says which numbers there are, and nothing is sent."""
    letters = work.says(HANDLER, "附件 2、9", answering="handler.assignment")

    assert "没有这个编号的附件" in work.refusal(letters)
    assert "1-3" in work.refusal(letters)
    assert not of_kind(letters, "staff.attachments")


def test_english_words_do_the_same(work: Casework) -> None:
    """Send me attachments 2 and 3: both come."""
    letters = work.says(HANDLER, "Please send me attachments 2 and 3", answering="handler.assignment")

    assert {"照片.jpg", "发票.pdf"} == set(files_of(letters[0]))


def test_fetching_is_a_read_and_silences_no_clock(work: Casework) -> None:
    """The case stands as before, its clocks run on to their reminders, and no other person's undo is overtaken."""
    before = work.state, sorted((c["kind"], c["state"]) for c in work.case["clocks"])
    touched = work.desk.rows('select data from "case"')
    work.says(HANDLER, "附件 2", answering="handler.assignment")

    assert before == (work.state, sorted((c["kind"], c["state"]) for c in work.case["clocks"]))
    assert touched == work.desk.rows('select data from "case"')
    assert "attachments-fetched" == work.case["events"][-1]["kind"]
    undone = work.says(COORDINATOR, "撤销", answering="staff.echo")
    assert "已撤销" in of_kind(undone, "staff.echo")[0].text
    assert "handler.reminder" in {x.kind for x in work.later(timedelta(hours=4))} or "accept" in work.clocks


def test_a_line_of_a_list_fetches_too(work: Casework) -> None:
    """`1 附件 3` in answer to 状态 brings the file of that case."""
    asked = mail("状态", "状态", sender=HANDLER, date="Tue, 24 Nov 2026 09:30:00 +0800")
    work.letters += work.desk.receive(asked, authentication=INSIDE.format(HANDLER))
    number = str(work.case["number"])

    letters = work.says(HANDLER, f"{number} 附件 3", answering="staff.status")

    assert [("staff.attachments", {"发票.pdf": BILL})] == [(x.kind, files_of(x)) for x in letters]


def test_a_server_that_takes_no_such_mail_is_explained(work: Casework) -> None:
    """After 552 the mail goes once more without its files, and says where they can be had."""
    work.desk.servers.refuse(HANDLER, 552, "5.3.4 message too big", verb="DATA", times=1)

    letters = work.says(HANDLER, "附件 2", answering="handler.assignment")

    assert [{}] == [files_of(x) for x in letters]
    assert "照片.jpg" in whole(letters[0])
    assert "无法随信发送" in whole(letters[0])


def test_an_assignment_refused_as_too_large_goes_without_files(tmp_path: Path) -> None:
    """One more try: the words arrive, and a note names what was left out."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        desk.servers.refuse(HANDLER, 552, "5.3.4 message too big", verb="DATA", times=1)
        work.letters += desk.receive(mail(COMPLAINT, LETTER, files={"发票.pdf": BILL}))
        work.says(COORDINATOR, "转物流部处理", answering="manager.notice")

        assignments = work.got(HANDLER, "handler.assignment")

        assert [{}] == [files_of(x) for x in assignments]
        assert "发票.pdf" in whole(assignments[0])
        assert LETTER[:20] in assignments[0].text
        assert {"发票.pdf": BILL} == files_of(work.says(HANDLER, "附件 1")[0])


def test_an_answer_refused_as_too_large_still_reaches_the_requester(tmp_path: Path) -> None:
    """The handler's words leave without the file, and the requester is told its name."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        work.open()
        desk.servers.refuse(CUSTOMER, 552, "5.3.4 message too big", verb="DATA", times=1)

        answers = to(work.says(HANDLER, ANSWER, files={"运单.pdf": b"%PDF"}), CUSTOMER)

        assert [("requester.answer", {})] == [(x.kind, files_of(x)) for x in answers]
        assert "运单.pdf" in whole(answers[0])


def test_an_answer_carries_the_handlers_file(tmp_path: Path) -> None:
    """What the handler attaches to an answer reaches the requester byte for byte."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        work.open()

        answers = to(work.says(HANDLER, ANSWER, files={"运单 SF100.pdf": b"%PDF-1"}), CUSTOMER)

        assert [{"运单 SF100.pdf": b"%PDF-1"}] == [files_of(x) for x in answers]


def test_files_of_a_confidential_letter_go_where_the_letter_goes(tmp_path: Path) -> None:
    """HR and GM office alone get the files of a staff complaint, under a neutral name that tells nothing."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        writer, text = "liu.fang@corp.example", "我要投诉车间主任王强克扣加班费，三个月的加班工资没有发，考勤表见附件。"
        work.letters += desk.receive(
            mail("投诉克扣加班费", text, sender=writer, files={"考勤表.xlsx": b"timesheet"}),
            authentication=INSIDE.format(writer),
        )
        assert work.case["confidential"]
        handler = str(work.case["handler"])

        told = work.says(COORDINATOR, "附件 1") if work.got(COORDINATOR) else []
        got = work.says(handler, "附件 1")

        fetched = of_kind([*told, *got], "staff.attachments")
        assert handler in {letter.to for letter in fetched}
        assert {letter.to for letter in fetched} <= {handler, COORDINATOR}
        assert all({"附件1.xlsx": b"timesheet"} == files_of(letter) for letter in fetched)
