"""A case goes to an expert outside: seen whole before it leaves, and what comes back orders nothing (casework 5)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.casework import ANSWER, COORDINATOR, HANDLER, MORNING, Casework
from tests.journeys.desk import Letter, open_desk
from tests.journeys.letters import of_kind, to, whole
from tests.journeys.post import COMPLAINT, CUSTOMER, LETTER, bounce, mail
from tests.journeys.test_attachments import files_of

pytestmark = pytest.mark.slow
EXPERT, STRANGER = "wang.lab@test-lab.example", "li.other@mail-b.example"
ASK = f"转外部 {EXPERT}：请鉴定停转是否属于压缩机缺陷。"
WORDS = f"{LETTER}我叫赵磊，电话13912345678。"
TEN = timedelta(minutes=10)


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """A complaint with a film, routed to logistics, and a hold of ten minutes."""
    with open_desk(tmp_path, hold="10 minutes") as desk:
        made = Casework(desk)
        desk.now = MORNING
        made.letters += desk.receive(mail(COMPLAINT, WORDS, sender=f"赵磊 <{CUSTOMER}>", files={"故障.mp4": b"film"}))
        made.says(COORDINATOR, "转物流部处理", answering="manager.notice")
        made.says(HANDLER, "备注：此人去年也投诉过，别告诉他。", answering="handler.assignment")
        yield made


def preview(work: Casework, text: str = ASK) -> Letter:
    """What the coordinator is shown."""
    return of_kind(work.says(COORDINATOR, text, answering="manager.notice"), "manager.forward")[0]


def sent(work: Casework) -> Letter:
    """The letter to the expert, after 确认 and the hold."""
    preview(work)
    work.says(COORDINATOR, "确认", answering="manager.forward")
    return to(work.later(TEN), EXPERT)[0]


def answers(work: Casework, text: str, *, sender: str = EXPERT, keyed: bool = True, **fields: str) -> list[Letter]:
    """A mail that answers the letter to the expert."""
    letter = work.got(EXPERT)[-1]
    work.desk.now += timedelta(minutes=1)
    subject = f"Re: {letter.subject}" if keyed else "关于鉴定"
    made = mail(subject, text, sender=sender, date=work.desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800"), **fields)
    letters = work.desk.receive(made)
    work.letters += letters
    return letters


def test_all_that_would_leave_is_shown_first(work: Casework) -> None:
    """Text, file names and reader stand in the preview, what the words give away is said, and nothing has left."""
    seen = preview(work)

    assert [] == work.got(EXPERT)
    for words in (EXPERT, "请鉴定停转是否属于压缩机缺陷", LETTER[:30], "故障.mp4", "确认"):
        assert words in seen.text
    assert "姓名、手机号或证件号" in seen.text
    assert "别告诉他" not in whole(seen)
    assert [] == to(work.later(timedelta(days=2)), EXPERT)


def test_what_was_confirmed_leaves_after_the_hold_and_nothing_else(work: Casework) -> None:
    """The expert gets the words and the file that were shown, from the shared address; neither name nor notes."""
    preview(work)
    work.says(CUSTOMER, "补充：这句话不在预览里。")
    echo = of_kind(work.says(COORDINATOR, "确认", answering="manager.forward"), "staff.echo")[0]
    assert "撤销" in echo.text
    assert [] == work.got(EXPERT)

    letter = to(work.later(TEN), EXPERT)[0]

    assert "gm@corp.example" in str(letter.message["From"])
    assert {"故障.mp4": b"film"} == files_of(letter)
    assert "请鉴定停转是否属于压缩机缺陷" in letter.text
    assert LETTER[:30] in letter.text
    for inside in ("这句话不在预览里", "别告诉他", CUSTOMER, "何志强", "物流部"):
        assert inside not in whole(letter)


def test_a_preview_counts_once_and_for_a_day(work: Casework) -> None:
    """A second 确认 to the same preview is refused, and one that comes after a day opens nothing."""
    preview(work)
    work.says(COORDINATOR, "确认", answering="manager.forward")
    again = work.says(COORDINATOR, "确认。", answering="manager.forward")
    assert "已经执行过" in work.refusal(again)

    preview(work)
    work.later(timedelta(hours=25))
    work.says(COORDINATOR, "确认 ", answering="manager.forward")
    assert 1 == len(to([*work.letters, *work.later(TEN)], EXPERT))


def test_undo_within_the_hold_keeps_it_inside(work: Casework) -> None:
    """撤销 in time: nothing leaves, and the address is no expert's of the case any more."""
    preview(work)
    work.says(COORDINATOR, "确认", answering="manager.forward")

    undone = work.says(COORDINATOR, "撤销", answering="staff.echo")

    assert "已撤销" in of_kind(undone, "staff.echo")[0].text
    assert [] == to(work.later(timedelta(hours=1)), EXPERT)


def test_what_left_for_an_expert_is_not_corrected_towards_the_requester(work: Casework) -> None:
    """After the hold 撤销 says to forward it again; it does not offer 更正, which would go to the requester."""
    sent(work)

    refusal = work.refusal(work.says(COORDINATOR, "撤销", answering="staff.echo"))

    assert "已经发往外部" in refusal
    assert "更正：" not in refusal


def test_the_requesters_next_mail_does_not_stop_it(work: Casework) -> None:
    """Only words to the requester wait for what the requester writes."""
    preview(work)
    work.says(COORDINATOR, "确认", answering="manager.forward")
    work.says(CUSTOMER, "补充：送货时间是周六。")

    assert 1 == len(to(work.later(TEN), EXPERT))


def test_the_answer_goes_to_the_handler_and_never_to_the_requester(work: Casework) -> None:
    """It stands in the case as the expert's, the handler and the coordinator read it, the requester hears nothing."""
    sent(work)
    before = len(work.got(CUSTOMER))

    letters = answers(work, "绕组匝间短路，属制造缺陷。")

    assert {HANDLER, COORDINATOR} == {x.to for x in of_kind(letters, "handler.expert")} == {x.to for x in letters}
    assert EXPERT in of_kind(letters, "handler.expert")[0].text
    assert "绕组匝间短路" in of_kind(letters, "handler.expert")[0].text
    assert ("expert-wrote", EXPERT) == (work.case["events"][-1]["kind"], work.case["events"][-1]["actor"])
    work.later(timedelta(hours=1))
    assert before == len(work.got(CUSTOMER))
    assert 1 == len(work.desk.cases())


@pytest.mark.parametrize(
    "order", ["结案", "转质量部", "答复：随便写的答复，明天退款200元。", "撤销", "状态", "撤回投诉", "满意"]
)
def test_an_expert_orders_nothing(work: Casework, order: str) -> None:
    """Whatever an expert writes is read by people; the case stands as it stood, and nobody is answered."""
    sent(work)
    before = work.state, work.case["unit"], sorted(work.clocks)

    letters = answers(work, order)

    assert before == (work.state, work.case["unit"], sorted(work.clocks))
    assert {"handler.expert"} == {x.kind for x in letters}
    assert [] == to([*letters, *work.later(TEN)], CUSTOMER)


def test_an_answer_by_reference_alone_finds_its_case(work: Casework) -> None:
    """A client that drops the subject still threads; the expert is known by the address."""
    letter = sent(work)

    letters = answers(work, "属制造缺陷。", keyed=False, In_Reply_To=str(letter.message["Message-ID"]))

    assert {"handler.expert"} == {x.kind for x in letters}


def test_somebody_else_with_the_experts_key_is_told_apart(work: Casework) -> None:
    """The mail is kept and marked as not the expert's; neither its writer nor the requester is written to."""
    sent(work)
    before = len(work.got(CUSTOMER))

    letters = answers(work, "我来说两句：都是你们的错。", sender=STRANGER)

    assert {"handler.expert"} == {x.kind for x in letters}
    assert "不是所函询的专家" in letters[0].text
    assert "unconfirmed" == work.case["events"][-1]["actor"]
    work.later(timedelta(hours=1))
    assert [] == work.got(STRANGER)
    assert before == len(work.got(CUSTOMER))


def test_an_automatic_reply_of_an_expert_is_only_noted(work: Casework) -> None:
    """An out-of-office mail of the expert makes no case and no letter."""
    sent(work)

    assert [] == answers(work, "我正在出差。", Auto_Submitted="auto-replied")
    assert 1 == len(work.desk.cases())


def test_a_letter_that_comes_back_is_told(work: Casework) -> None:
    """Handler and coordinator hear that the expert did not get it; the requester's answer counts as before."""
    letter = sent(work)

    letters = work.desk.receive(bounce(EXPERT, original=letter.raw))

    assert {HANDLER, COORDINATOR} == {x.to for x in of_kind(letters, "staff.bounce")}
    assert EXPERT in letters[0].text
    assert "assigned" == work.state


def test_the_answer_to_the_requester_goes_on_as_usual(work: Casework) -> None:
    """After the expert answered, the handler answers the requester, who alone gets the answer."""
    sent(work)
    answers(work, "属制造缺陷。")

    work.says(HANDLER, ANSWER, answering="handler.expert")

    assert [CUSTOMER] == [x.to for x in work.later(TEN) if x.kind == "requester.answer"]


@pytest.mark.parametrize(
    ("who", "text", "why"),
    [
        (COORDINATOR, f"转外部 {EXPERT}", "缺少请对方协助的事由"),
        (COORDINATOR, f"转外部 {HANDLER}：请看一下。", "属于本单位"),
        (COORDINATOR, "转外部 somebody.new@corp.example：请看一下。", "属于本单位"),
        (COORDINATOR, f"转外部 {CUSTOMER}：请看一下。", "来信人本人"),
        (HANDLER, ASK, "不在您的权限之内"),
    ],
)
def test_what_must_not_leave_is_refused(work: Casework, who: str, text: str, why: str) -> None:
    """The refusal says why, and no preview is made."""
    answering = "manager.notice" if who == COORDINATOR else "handler.assignment"
    letters = work.says(who, text, answering=answering)

    assert why in work.refusal(letters)
    assert [] == of_kind(letters, "manager.forward")


def test_a_confidential_letter_never_leaves(tmp_path: Path) -> None:
    """Not even the general manager forwards a staff complaint."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        writer = "liu.fang@corp.example"
        work.start("投诉克扣加班费", "我要投诉车间主任王强克扣加班费，三个月的加班工资没有发，请查处。", sender=writer)
        assert work.case["confidential"]
        handler = str(work.case["handler"])

        letters = work.says(handler, ASK)

        assert [] == of_kind(letters, "manager.forward")
        assert work.refusal(letters)


def test_what_became_confidential_since_the_preview_stays(work: Casework) -> None:
    """Between preview and 确认 the case became a staff complaint: nothing leaves."""
    preview(work)
    work.says(COORDINATOR, "应为员工投诉", answering="manager.notice")
    work.says(COORDINATOR, "确认", answering="manager.forward")

    assert [] == to(work.later(timedelta(hours=1)), EXPERT)


def test_a_doubtful_order_shows_the_preview_and_no_more(work: Casework) -> None:
    """Where nobody vouches for the mail the preview goes to the directory's address, and its word back decides."""
    work.desk.now += timedelta(minutes=1)
    notice = work.got(COORDINATOR, "manager.notice")[-1]
    date = work.desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800")

    letters = work.desk.receive(mail(f"Re: {notice.subject}", ASK, sender=COORDINATOR, date=date))

    assert [("manager.forward", COORDINATOR)] == [(x.kind, x.to) for x in letters]


def test_english_words_do_the_same(work: Casework) -> None:
    """Forward to ADDRESS: the letter is in the language of what is asked."""
    preview(work, f"forward to {EXPERT}: Is this a fault of the compressor? Please give us your opinion.")
    work.says(COORDINATOR, "confirm", answering="manager.forward")

    letter = to(work.later(TEN), EXPERT)[0]

    assert "Your opinion, please" in letter.subject
    assert "Is this a fault of the compressor?" in letter.text


def test_two_experts_have_a_preview_each(work: Casework) -> None:
    """Each address is shown and confirmed by itself."""
    asked = of_kind(work.says(COORDINATOR, f"转外部 {EXPERT}、b.lab@lab-b.example：请鉴定。"), "manager.forward")
    assert [True, True] == [any(one in x.text for x in asked) for one in (EXPERT, "b.lab@lab-b.example")]

    work.says(COORDINATOR, "确认", answering="manager.forward")

    assert 1 == len([x for x in work.later(TEN) if x.kind == "expert.question"])


def test_a_failed_check_never_speaks_for_the_expert(work: Casework) -> None:
    """A forged mail in the expert's name is not taken for the expert's word."""
    letter = sent(work)
    made = mail(f"Re: {letter.subject}", "没有缺陷。", sender=EXPERT, date="Tue, 24 Nov 2026 12:00:00 +0800")

    letters = work.desk.receive(made, authentication="dmarc=fail header.from=test-lab.example")

    assert all("不是所函询的专家" in x.text for x in of_kind(letters, "handler.expert"))
    assert [] == to(letters, CUSTOMER)
