"""删除个人信息 by mail: a second mail, the pack's role, nothing left of the person, and never behind the other's back."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from maild.adapters.legalhold import hold
from maild.forgetting import Forgetting
from tests.journeys.casework import COORDINATOR, HANDLER, MORNING, Casework
from tests.journeys.desk import GM, Letter, open_desk
from tests.journeys.letters import INSIDE, of_kind, telling, to, whole
from tests.journeys.live import running, until
from tests.journeys.post import mail
from tests.journeys.test_erasure import ADDRESS, NAME, TEXT, WORD, WRITER, left
from tests.journeys.test_unseal import SUPERVISORS

HR = "zhou.min@corp.example"
CONFIRM, ERASED, HELD = "staff.confirmation", "staff.erased", "manager.hold"
REASON = "来信人本人要求"
ORDER = f"删除个人信息 理由：{REASON}"
END = "结案\n原因：仓库漏单。\n措施：已补发并核对当月订单。\n答复来信人：您的货今天已经补发，运单号 SF100200300。"


@pytest.fixture(name="work")
def _work(tmp_path: Path) -> Iterator[Casework]:
    """An installation whose archive is readable without a key, and nothing in it."""
    with open_desk(tmp_path, seal="") as desk:
        desk.now = MORNING
        yield Casework(desk)


def closed(work: Casework) -> Casework:
    """A complaint that was routed, answered and closed; its letters quote it."""
    work.open(subject=f"投诉：{WORD}没发货", text=TEXT, sender=WRITER)
    assert HANDLER == work.case["handler"]
    work.says(HANDLER, f"{END}\n\n> {NAME}：{WORD}一直没有发货", answering="handler.assignment")
    assert "closed" == work.state
    return work


def ordered(work: Casework, text: str = ORDER, who: str = COORDINATOR) -> list[Letter]:
    """The order, below the letter as clients quote it."""
    return work.says(who, f"{text}\n\n> {NAME} 电话 139 0000 6655\n> {WORD}一直没有发货", answering="manager.notice")


def kinds(work: Casework) -> list[str]:
    """The kinds of the first case's events."""
    return [event["kind"] for event in work.case["events"]]


def test_a_person_is_erased_by_a_second_mail(tmp_path: Path, each_database: str) -> None:
    """The word back erases: no byte on the disk tells of the person, the office hears what stays, HR that it was done."""
    with open_desk(tmp_path, seal="", database=each_database) as desk:
        _erased_by_a_second_mail(closed(Casework(desk)))


def _erased_by_a_second_mail(work: Casework) -> None:
    (asked,) = ordered(work)
    assert (CONFIRM, COORDINATOR) == (asked.kind, asked.to)
    assert work.case["number"] in asked.text
    assert REASON in asked.text
    assert not any(word in whole(asked) for word in (NAME, WORD, ADDRESS))
    assert "erased" not in kinds(work)

    letters = work.says(COORDINATOR, f"确认\n\n> {NAME}", answering=CONFIRM)

    assert [(COORDINATOR, ERASED), (HR, ERASED)] == [(one.to, one.kind) for one in letters]
    assert "邮件服务器上的原件" in letters[0].text
    assert "林晓月" in letters[1].text
    assert {} == left(work.desk)
    assert (REASON, "erased") == (work.case["events"][-1]["data"]["reason"], kinds(work)[-1])
    assert [] == [name for name in (NAME, WORD, ADDRESS) for one in letters if name in whole(one)]


def by_number(work: Casework, text: str) -> list[Letter]:
    """A mail of the coordinator's under the number of the case, without a key."""
    work.desk.now += timedelta(minutes=1)
    when = work.desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800")
    asks = mail(f"关于 {work.case['number']}", text, sender=COORDINATOR, date=when)
    letters = work.desk.receive(asks, authentication=INSIDE.format(COORDINATOR))
    work.letters += letters
    return letters


def test_a_case_of_long_ago_is_erased_by_its_number_and_again_where_it_is_quoted_anew(work: Casework) -> None:
    """A year on the number in the subject brings a fresh key, for a day; what quotes the letter later goes likewise."""
    closed(work)
    work.later(timedelta(days=365))
    for text in (ORDER, f"请存档。\n\n> {NAME}：{WORD}"):
        assert of_kind(by_number(work, text), "staff.fresh-key")
        assert of_kind(work.says(COORDINATOR, ORDER, answering="staff.fresh-key"), CONFIRM)
        assert of_kind(work.says(COORDINATOR, "确认", answering=CONFIRM), ERASED)
        assert {} == left(work.desk)
    by_number(work, ORDER)
    work.desk.now += timedelta(hours=25)
    assert [] == of_kind(work.says(COORDINATOR, ORDER, answering="staff.fresh-key"), CONFIRM)


def test_what_may_not_be_erased_is_refused_with_the_reason(work: Casework) -> None:
    """An open case, another role, no reason, one that names the writer, other orders beside it: nothing is even asked."""
    work.open(subject=f"投诉：{WORD}没发货", text=TEXT, sender=WRITER)
    assert "尚未办结" in work.refusal(ordered(work))
    work.says(HANDLER, END, answering="handler.assignment")

    for who, text, why in (
        (HANDLER, ORDER, "不在您的权限之内"), (COORDINATOR, "删除个人信息", "须写明理由"),
        (COORDINATOR, f"删除个人信息 理由：{NAME}来电要求", "不能写来信人的姓名"),
        (COORDINATOR, "删除个人信息 理由：139 0000 6655来电要求", "不能写来信人的姓名"),
        (COORDINATOR, f"{ORDER}\n备注：已核实身份", "须单独下达"),
    ):  # fmt: skip
        letters = work.says(who, text, answering="handler.assignment" if who == HANDLER else "manager.notice")
        assert why in work.refusal(letters), text
        assert [] == of_kind(letters, CONFIRM)
    assert "erasure-ordered" not in kinds(work)


def test_a_held_case_stays_until_the_hold_is_lifted(work: Casework) -> None:
    """保全 with a reason, told to HR; no order and no 撤销 takes from it; after 解除保全 it can be erased."""
    closed(work)
    assert "须写明理由" in work.refusal(work.says(COORDINATOR, "保全", answering="manager.notice"))
    assert "不在您的权限之内" in work.refusal(work.says(HANDLER, "保全：诉讼", answering="handler.assignment"))

    letters = work.says(COORDINATOR, "保全 理由：已进入诉讼", answering="manager.notice")

    (told,) = of_kind(letters, HELD)
    assert HR == told.to
    assert all(word in told.text for word in ("林晓月", "已进入诉讼"))
    assert "撤销" not in to(letters, COORDINATOR)[0].text
    assert "已经保全" in work.refusal(work.says(HR, "保全：仲裁", answering=HELD))
    assert "没有可以撤销" in work.refusal(work.says(COORDINATOR, "撤销", answering="staff.echo"))
    assert "先解除保全" in work.refusal(ordered(work))
    assert [("retention-held", COORDINATOR)] == [
        (event["kind"], event["actor"]) for event in work.case["events"] if event["kind"] == "retention-held"
    ]
    lifted = work.says(HR, "解除保全：诉讼已结", answering=HELD)
    assert [COORDINATOR] == [one.to for one in of_kind(lifted, HELD)]
    ordered(work)
    assert of_kind(work.says(COORDINATOR, "确认", answering=CONFIRM), ERASED)
    assert {} == left(work.desk)


def test_what_comes_between_the_word_and_the_deed_is_asked_again(
    work: Casework, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A death right after 确认 loses no order; a hold placed before the next start wins, and who ordered hears it."""
    closed(work)
    ordered(work)
    with monkeypatch.context() as dying:
        dying.setattr(Forgetting, "carry_out", lambda _self, _box: 0)
        assert [] == work.says(COORDINATOR, "确认", answering=CONFIRM)
    work.desk.restart()
    store, number = work.desk.workshop().store, work.case["number"]
    hold(store, number, "诉讼", why="诉讼", by="root", now=work.desk.now)

    (letter,) = of_kind(work.later(timedelta(minutes=1)), ERASED)

    assert COORDINATOR == letter.to
    assert "先解除保全" in letter.text
    assert [] == of_kind(work.later(timedelta(minutes=1)), ERASED)
    assert "erased" not in kinds(work)
    hold(store, number, "", why="已结", by="root", now=work.desk.now)
    ordered(work)
    with monkeypatch.context() as dying:
        dying.setattr(Forgetting, "carry_out", lambda _self, _box: 0)
        work.says(COORDINATOR, "确认", answering=CONFIRM)
    work.desk.restart()
    assert [COORDINATOR, HR] == [one.to for one in of_kind(work.later(timedelta(minutes=1)), ERASED)]
    assert {} == left(work.desk)


def test_where_the_other_is_complained_of_the_supervisory_body_hears(work: Casework) -> None:
    """A complaint of the head of HR is held, closed, erased: the two of the supervisory body are told, HR never."""
    text = f"我要投诉人力资源部经理周敏，她上周三在办公室当众辱骂我，还无故扣了我的奖金，有两位同事在场。\n\n{NAME}"
    work.start("投诉", text, sender="liu.yang@corp.example")

    letters = work.says(COORDINATOR, "保全：已进入仲裁", answering="handler.assignment")
    assert SUPERVISORS == {one.to for one in of_kind(letters, HELD)}
    work.says(COORDINATOR, "解除保全：仲裁已结", answering="handler.assignment")
    work.says(COORDINATOR, END, answering="handler.assignment")
    work.says(COORDINATOR, ORDER, answering="handler.assignment")
    letters = work.says(COORDINATOR, "确认", answering=CONFIRM)

    assert {COORDINATOR, *SUPERVISORS} == {one.to for one in of_kind(letters, ERASED)}
    assert "监督机构" in of_kind(letters, ERASED)[-1].text
    assert [] == to(work.letters, HR)
    assert [] == telling(letters, NAME, "liu.yang")


def test_the_order_goes_from_the_mail_server_too_where_maild_may_remove_mail(work: Casework) -> None:
    """With `keep_on_server` the letter, the order and the word back lie nowhere on the server any more."""
    config = work.desk.folder / "maild.toml"
    config.write_text(config.read_text("utf-8") + '[mailbox.folders]\nkeep_on_server = "900 days"\n', "utf-8")
    work.desk.restart()
    closed(work)
    ordered(work)
    done = of_kind(work.says(COORDINATOR, f"确认\n\n> {NAME}", answering=CONFIRM), ERASED)
    done += of_kind(work.later(timedelta(minutes=1)), ERASED)

    folders = {name: work.desk.servers.folder(GM, name) for name in work.desk.servers.folders(GM)}
    assert "邮件服务器" not in to(done, COORDINATOR)[0].text
    assert [] == [name for name, raws in folders.items() for raw in raws if ADDRESS.encode() in raw
                  or COORDINATOR.encode() in raw]  # fmt: skip


def told(work: Casework) -> list[str]:
    """Who has heard of an erasure by now."""
    work.letters += work.desk.new_letters()
    return [one.to for one in of_kind(work.letters, ERASED)]


def test_the_daemon_erases_while_it_goes_on(work: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real daemon takes the word back in, erases, and sends the letters, beside its other loops."""
    monkeypatch.setattr("maild.forgetting.LOOK_SECONDS", 0.2)
    closed(work)
    subject = ordered(work)[0].subject
    work.desk.now += timedelta(minutes=1)
    said = mail(f"Re: {subject}", f"确认\n\n> {NAME}", sender=COORDINATOR)
    with running(work.desk):
        work.desk.servers.deliver(said, GM, authentication=INSIDE.format(COORDINATOR))
        until(lambda: [COORDINATOR, HR] == told(work))

    assert "erased" in kinds(work)
    work.desk.workshop().eraser().finish()  # in the night, where somebody was reading the database's file
    assert {} == left(work.desk)
