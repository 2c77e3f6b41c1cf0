"""By which ways a case is told (P7.6.2), who hears of crisis words, and what becomes critical only later (casework 3, 6)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.adapters.robot_sink import Sink, robot_sink
from tests.journeys.desk import Letter, TestDesk, open_desk
from tests.journeys.letters import of_kind
from tests.journeys.post import CUSTOMER, mail
from tests.journeys.test_reappeared import again, drag_back

NIGHT = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
"""Saturday 23:30 at the office; 冯霞 is on duty."""
DAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
"""Tuesday 10:00; nobody is on duty."""
OFFICE, HR = "lin.xiaoyue@corp.example", "zhou.min@corp.example"
ALARM = "manager.alarm"
LATE = ("投诉：三周没有发货", "我三周前下单的空气炸锅一直没有发货，请退款。")
LEAK = "家里冒烟起火了，机器着火，有人受伤被困，请马上派人来！"
STOPPED = ("停线", "三号线停线了，需要两个工作日内答复。")
WORKER = "he.zhiqiang@corp.example"


@pytest.fixture
def sinks() -> Iterator[tuple[Sink, Sink]]:
    """A chat robot and the gateway of text messages."""
    with robot_sink() as chat, robot_sink() as gateway:
        yield chat, gateway


@pytest.fixture
def desk(tmp_path: Path, sinks: tuple[Sink, Sink]) -> Iterator[TestDesk]:
    """An installation with both, whose rules folder changes nothing yet, on a Tuesday morning."""
    with open_desk(tmp_path, plus="false") as opened:
        (tmp_path / "rules").mkdir()
        (tmp_path / "rules" / "pack.yaml").write_text("extends: gm-mailbox@1\n", "utf-8")
        path = tmp_path / "maild.toml"
        path.write_text(f'rules = "rules"\n{path.read_text("utf-8")}', "utf-8")
        opened.now = DAY
        opened.environ["MAILD_NOTIFY_URGENT"] = f"{sinks[0].address('wecom')} {sinks[1].address('webhook')}"
        yield opened


def rule(desk: TestDesk, name: str, text: str) -> None:
    """One file of the office's own rules."""
    (desk.folder / "rules" / name).write_text(text, "utf-8")
    desk.reread()


def written(desk: TestDesk, subject: str, text: str, sender: str) -> list[Letter]:
    """An authenticated mail of this moment, and what left because of it."""
    date = desk.now.strftime("%a, %d %b %Y %H:%M:%S +0000")
    return desk.receive(mail(subject, text, sender=sender, date=date), authentication="pass")


def answered(desk: TestDesk, letter: Letter, words: str) -> list[Letter]:
    """What leaves when the reader of a letter answers so."""
    return written(desk, f"Re: {letter.subject}", words, letter.to)


def alarms(letters: list[Letter]) -> list[str]:
    """Whom an alarm reached."""
    return sorted(letter.to for letter in of_kind(letters, ALARM))


def test_each_urgency_goes_by_the_ways_of_its_row(desk: TestDesk, sinks: tuple[Sink, Sink]) -> None:
    """High is told to the chat alone, critical to chat and gateway, all else by mail; messages name no word."""
    rows = (
        "channels:\n  - {urgency: [critical], by: [mail, chat, sms, duty]}\n  - {urgency: [high], by: [mail, chat]}\n"
    )
    rule(desk, "channels.yaml", rows)
    chat, gateway = sinks

    written(desk, *LATE, CUSTOMER)
    assert (0, 0) == (len(chat.texts), len(gateway.texts))
    written(desk, *STOPPED, WORKER)
    assert (1, 0) == (len(chat.texts), len(gateway.texts))
    written(desk, "着火", LEAK, WORKER)
    assert (2, 1) == (len(chat.texts), len(gateway.texts))

    assert "收到加急事项" in chat.texts[0]
    assert "三号线" not in "".join(chat.texts)


def test_a_message_of_the_night_waits_for_the_morning(desk: TestDesk, sinks: tuple[Sink, Sink]) -> None:
    """What is high rings no chat in quiet hours; it does when they are over."""
    rule(desk, "channels.yaml", "channels:\n  - {urgency: [high], by: [mail, chat]}\n")
    desk.now = NIGHT

    written(desk, *STOPPED, WORKER)
    night = len(sinks[0].texts)
    desk.later(timedelta(hours=33))

    assert (0, 1) == (night, len(sinks[0].texts))


def test_without_duty_nobody_is_woken(desk: TestDesk, sinks: tuple[Sink, Sink]) -> None:
    """A row without duty tells the channels and climbs no ladder."""
    rule(desk, "channels.yaml", "channels:\n  - {urgency: [critical], by: [mail, sms]}\n")
    desk.now = NIGHT

    letters = written(desk, "着火", LEAK, WORKER)
    later = desk.later(timedelta(minutes=15)) + desk.later(timedelta(minutes=15))

    assert [] == alarms(letters + later)
    assert (0, 1) == (len(sinks[0].texts), len(sinks[1].texts))


def test_crisis_words_are_told_at_once_to_whom_the_pack_names(desk: TestDesk) -> None:
    """At night, too: HR and the GM office hear what it may be; nobody else does, and no word of it stands in the subject."""
    desk.now = NIGHT

    letters = written(desk, "没有活路", "东西坏了没人管，我真的不想活了，遗书都写好了。", CUSTOMER)

    told = [letter for letter in of_kind(letters, ALARM) if "危机用语" in letter.text]
    assert {HR, OFFICE} == {letter.to for letter in told}
    assert all("可能伤害自己" in letter.text.replace("\n", "") for letter in told)
    assert all("遗书" not in letter.subject for letter in told)


def test_more_words_of_the_requester_make_a_case_critical(desk: TestDesk, sinks: tuple[Sink, Sink]) -> None:
    """A quiet complaint whose sender writes again of a fire rings then, once; its clocks are the short ones."""
    acknowledged = of_kind(written(desk, *LATE, CUSTOMER), "requester.acknowledgement")[0]
    assert not sinks[0].texts

    letters = answered(desk, acknowledged, LEAK)
    again_ = answered(desk, acknowledged, f"还在烧！{LEAK}")

    [case] = desk.cases()
    assert "critical" == case["urgency"]
    assert 1 == len(alarms(letters))
    assert [] == alarms(again_)
    assert 1 == len(sinks[0].texts)
    due = min(datetime.fromisoformat(str(c["due"])) for c in case["clocks"] if c["state"] == "open")
    assert due <= DAY + timedelta(hours=1)


def test_crisis_words_that_come_later_are_told_then(desk: TestDesk) -> None:
    """What the sender adds is told once to whom the pack names; thanks that follow tell nobody."""
    acknowledged = of_kind(written(desk, *LATE, CUSTOMER), "requester.acknowledgement")[0]

    letters = answered(desk, acknowledged, "没人理我，活着没意思，我真的不想活了。")
    after = answered(desk, acknowledged, "谢谢你们")

    assert {HR, OFFICE} <= set(alarms(letters))
    assert [] == alarms(after)
    assert desk.cases()[0]["urgency"] in {"high", "critical"}


def test_another_type_may_wake_people(desk: TestDesk, sinks: tuple[Sink, Sink]) -> None:
    """A type that is always critical rings when the coordinator gives it to an open case."""
    rule(desk, "types.yaml", "types:\n  - {id: customer-opinion, at_least: critical}\n")
    notice = of_kind(written(desk, *LATE, CUSTOMER), "manager.notice")[0]
    assert not sinks[0].texts

    letters = answered(desk, notice, "应为 客户意见")

    assert "critical" == desk.cases()[0]["urgency"]
    assert 1 == len(alarms(letters))
    assert 1 == len(sinks[0].texts)


def test_a_second_triage_may_wake_people(desk: TestDesk, sinks: tuple[Sink, Sink]) -> None:
    """A letter that today's rules find critical rings when it is triaged again."""
    desk.one_pass()
    written(desk, *LATE, CUSTOMER)
    assert not sinks[0].texts
    rule(desk, "types.yaml", "types:\n  - {id: customer-complaint, at_least: critical}\n")
    drag_back(desk)
    notice = of_kind(desk.one_pass(), "manager.reappeared")[0]

    letters = desk.receive(again(notice), authentication="pass")

    assert "critical" == desk.cases()[0]["urgency"]
    assert 1 == len(alarms(letters))
    assert 1 == len(sinks[0].texts)
