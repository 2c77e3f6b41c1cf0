"""保密 and 解除保密: who wrote, told to one seal-holder, with a reason, by a second mail, and never behind the other's back."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.journeys.casework import COORDINATOR, HANDLER, Casework
from tests.journeys.desk import GM, Letter, open_desk
from tests.journeys.letters import of_kind, telling, to, whole
from tests.journeys.post import CUSTOMER, mail

HEAD, HR = "chen.guodong@corp.example", "zhou.min@corp.example"
HR_DEPUTY = "fu.rong@corp.example"
WRITER, NAME, PHONE = "liu.yang@corp.example", "刘洋", "13900001234"
SUPERVISORS = {"shi.yuan@corp.example", "jian.shi@mail-a.example"}
CONFIRM, NAMED, TOLD = "staff.confirmation", "staff.unsealed", "manager.unsealed"
COMPLAINT = f"我要投诉仓库主管王强，他上周三在仓库当众辱骂我，还无故扣了我的奖金，有两位同事在场。请公司调查处理。\n\n{NAME} 电话 {PHONE}"
REASON = "需当面核实"


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """An installation, and nothing in it."""
    with open_desk(tmp_path) as desk:
        yield Casework(desk=desk)


def complained(work: Casework, text: str = COMPLAINT) -> Letter:
    """A staff complaint under seal; returns its assignment."""
    work.start("投诉", text, sender=WRITER)
    return of_kind(work.letters, "handler.assignment")[0]


def asked(work: Casework, who: str, answering: str = "handler.assignment") -> list[Letter]:
    """A seal-holder asks in answer to a letter of the case, and says so again; all that left."""
    letters = work.says(who, f"解除保密 理由：{REASON}", answering=answering)
    return letters + work.says(who, "确认", answering=CONFIRM)


def events(work: Casework, kind: str) -> list[dict[str, object]]:
    """The events of one kind in the first case."""
    return [event for event in work.case["events"] if event["kind"] == kind]


def test_the_name_goes_to_the_seal_holder_who_asked_and_to_nobody_else(work: Casework) -> None:
    """After a second mail HR alone gets name, address and number; the GM office hears who asked and why, by alias."""
    complained(work)
    first = work.says(HR, f"解除保密 理由：{REASON}", answering="handler.assignment")
    assert [CONFIRM] == [one.kind for one in first]
    assert [] == telling(work.letters[1:], NAME)

    letters = work.says(HR, "确认", answering=CONFIRM)

    (named,), (told,) = of_kind(letters, NAMED), of_kind(letters, TOLD)
    assert HR == named.to
    assert all(word in named.text for word in (NAME, WRITER, PHONE, REASON))
    assert COORDINATOR == told.to
    assert REASON in told.text
    assert "周敏" in told.text
    assert [(HR, NAMED)] == telling([one for one in work.letters if one.to != WRITER], NAME, WRITER, PHONE)
    (event,) = events(work, "unsealed")
    assert (HR, REASON) == (event["actor"], event["data"]["text"])  # type: ignore[index]
    assert work.case["confidential"]


def test_no_copy_with_the_name_lies_in_the_mailbox(work: Casework) -> None:
    """Others use the shared mailbox: its folder Sent gets a copy of every letter but of the one with the name."""
    work.desk.servers.append(GM, "Sent", mail("old", "old", sender=GM, to=CUSTOMER))
    work.later(timedelta(minutes=1))
    complained(work)
    asked(work, HR)
    work.later(timedelta(minutes=5))

    kept = {str(message_from_bytes(raw)["X-Maild-Id"]) for raw in work.desk.servers.folder(GM, "Sent")}
    left = {str(one.message["X-Maild-Id"]): one.kind for one in work.letters}
    assert [NAMED] == [kind for ident, kind in left.items() if ident not in kept]


@pytest.mark.parametrize("words", ["解除保密", "解除保密。"])
def test_without_a_reason_nothing_is_asked_nor_told(work: Casework, words: str) -> None:
    """解除保密 without why is refused at once, with the line that would do."""
    complained(work)

    letters = work.says(HR, words, answering="handler.assignment")

    assert "理由" in work.refusal(letters)
    assert [] == of_kind(letters, CONFIRM)


def test_the_gm_office_asks_and_hr_hears(work: Casework) -> None:
    """The other way round: the coordinator asks, the head of HR is told."""
    complained(work)

    letters = asked(work, COORDINATOR, "manager.notice")

    assert [COORDINATOR] == [one.to for one in of_kind(letters, NAMED)]
    assert [HR] == [one.to for one in of_kind(letters, TOLD)]


def test_where_the_other_is_complained_of_the_supervisory_body_hears(work: Casework) -> None:
    """A complaint of the head of HR: the GM office asks, and the two of the supervisory body are told, HR nothing."""
    complained(
        work, f"我要投诉人力资源部经理周敏，她上周三在办公室当众辱骂我，还无故扣了我的奖金，有两位同事在场。\n\n{NAME}"
    )

    letters = asked(work, COORDINATOR, "handler.assignment")

    assert SUPERVISORS == {one.to for one in of_kind(letters, TOLD)}
    assert [] == to(work.letters, HR)
    assert "监督机构" in of_kind(letters, TOLD)[0].text


def test_who_is_no_seal_holder_never_gets_the_name(work: Casework) -> None:
    """The GM, and an assistant's word under a seal-holder's key, are refused; nothing is told."""
    complained(work)
    work.says(HR, "上报：需要总经理决定", answering="handler.assignment")
    work.says(COORDINATOR, "转陈国栋", answering="manager.hand-up")

    letters = work.says(HEAD, f"解除保密 理由：{REASON}")

    assert "权限" in work.refusal(letters)
    assert [] == of_kind(work.letters, NAMED)


def test_another_hand_cannot_confirm(work: Casework) -> None:
    """The delegate of who asked cannot say the second word, nor does it count after a day, nor twice."""
    complained(work)
    first = of_kind(work.says(HR, f"解除保密 理由：{REASON}", answering="handler.assignment"), CONFIRM)[0]
    other = work.desk.receive(mail(f"Re: {first.subject}", "确认", sender=HR_DEPUTY),
                              authentication=f"auth=pass smtp.auth={HR_DEPUTY}")  # fmt: skip
    assert [] == of_kind(other, NAMED)
    work.later(timedelta(hours=25))

    assert [] == of_kind(work.says(HR, "确认", answering=CONFIRM), NAMED)
    assert [] == events(work, "unsealed")


def test_the_second_word_counts_once(work: Casework) -> None:
    """确认 sent again brings neither the name nor a second notice."""
    complained(work)
    asked(work, HR)

    again = work.says(HR, "确认", answering=CONFIRM)

    assert [] == [one for one in again if one.kind in {NAMED, TOLD}]
    assert 1 == len(events(work, "unsealed"))


def test_a_case_of_any_type_can_be_sealed(work: Casework) -> None:
    """保密 by HR: logistics keeps the case, hears of it, and no later mail to anybody names the customer."""
    work.open()
    before = len(work.letters)

    letters = work.says(COORDINATOR, "保密", answering="manager.notice")

    assert "无法收回" in of_kind(letters, "staff.echo")[0].text
    (told,) = of_kind(letters, "handler.sealed")
    assert HANDLER == told.to
    assert "来信人-" in told.text
    assert (HANDLER, True) == (work.case["handler"], work.case["confidential"])
    work.says(HANDLER, "备注：已联系仓库", answering="handler.sealed")
    work.later(timedelta(days=2))
    inside = [one for one in work.letters[before:] if one.to != CUSTOMER.partition("<")[2].rstrip(">")]
    assert [] == telling(inside, "赵", CUSTOMER)
    assert "本事项已经保密" in work.refusal(work.says(COORDINATOR, "保密", answering="manager.notice"))


def test_a_sealed_customer_still_gets_the_answer(work: Casework) -> None:
    """The handler answers by replying to the notice of the seal; it reaches the customer and not a name comes back."""
    work.open()
    work.says(COORDINATOR, "保密", answering="manager.notice")

    letters = work.says(
        HANDLER, "答复：您的订单今天已重新发出，预计11月26日送达，另补20元券。", answering="handler.sealed"
    )

    (answer,) = of_kind(work.letters, "requester.answer")
    assert answer.to in CUSTOMER
    assert "赵" not in "".join(one.text for one in to(letters, HANDLER))


def test_what_a_sealed_customer_writes_again_is_read_by_a_seal_holder(work: Casework) -> None:
    """The handler hears that there is more, the coordinator reads it, by the alias; nobody gets the name."""
    work.open()
    work.says(COORDINATOR, "保密", answering="manager.notice")

    letters = work.says(CUSTOMER, "补充一点：空气炸锅是送人的，请周五前到。", answering="requester.acknowledgement")

    added = of_kind(letters, "handler.addition")
    assert {HANDLER, COORDINATOR} == {one.to for one in added}
    assert [(COORDINATOR, "handler.addition")] == telling(added, "周五前到")
    assert [] == telling(added, CUSTOMER, "赵")


def test_no_other_type_lets_a_seal_fall(work: Casework) -> None:
    """Made a customer's complaint, no feedback, taken up again, undone: who wrote stays an alias through all of it."""
    complained(work)
    before = len(work.letters)
    for kind in ("客户投诉", "非反馈来信", "运营问题"):
        done = work.says(COORDINATOR, f"应为 {kind}", answering="manager.notice")
        assert "已改为" in to(done, COORDINATOR)[0].text
    work.says(COORDINATOR, "撤销", answering="staff.echo")

    assert work.case["confidential"]
    assert "来信人-" in work.case["requester"]
    assert [] == telling([one for one in work.letters[before:] if one.to != WRITER], NAME, WRITER, PHONE)


def test_undoing_a_seal_does_not_lift_it(work: Casework) -> None:
    """撤销 of 保密 gives the name to nobody again: a seal is lifted by no second thought of one person."""
    work.open()
    work.says(COORDINATOR, "保密", answering="manager.notice")

    work.says(COORDINATOR, "撤销", answering="staff.echo")

    assert work.case["confidential"]


def test_a_letter_without_a_name_has_nobody_to_tell(work: Casework) -> None:
    """解除保密 of an anonymous letter is refused: there is no name."""
    work.start("代录 匿名", "举报：仓库主管王强长期虚报加班，冒领加班费。", sender=COORDINATOR)
    assert work.case["confidential"]

    letters = work.says(HR, f"解除保密 理由：{REASON}")

    assert "没有署名" in work.refusal(letters)


def test_nothing_is_unsealed_in_a_list(work: Casework) -> None:
    """A line `142 解除保密` in answer to the digest is refused: it takes the case's own mail."""
    complained(work)
    number = work.case["number"]
    work.later(timedelta(days=1))

    letters = work.says(COORDINATOR, f"{number} 解除保密 理由：{REASON}", answering="manager.digest")

    assert "单独回复" in of_kind(letters, "staff.echo")[0].text
    assert [] == of_kind(work.letters, NAMED)
    assert NAME not in "".join(whole(one) for one in letters)
