"""Night and emergencies (casework 6): whom a critical letter wakes, day and night, and who must not be woken."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.domain.emergency import is_drill
from tests.adapters.robot_sink import Sink, robot_sink
from tests.journeys.desk import Letter, TestDesk, open_desk
from tests.journeys.letters import of_kind, to, whole
from tests.journeys.post import CUSTOMER, mail

NIGHT = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
"""Saturday 23:30 at the office; 冯霞 is on duty."""
DAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
"""Tuesday 10:00; nobody is on duty."""
DUTY = "feng.xia@corp.example"
WORKER = "he.zhiqiang@corp.example"
FIRE = "车间配电柜起火，浓烟很大，有人被困，请马上派人！"
QUARTER = timedelta(minutes=15)
ALARM = "manager.alarm"


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A chat robot on loopback."""
    with robot_sink() as opened:
        yield opened


@pytest.fixture
def desk(tmp_path: Path, sink: Sink) -> Iterator[TestDesk]:
    """An installation with a second channel, on a Saturday night."""
    with open_desk(tmp_path) as opened:
        opened.now = NIGHT
        opened.environ["MAILD_NOTIFY_URGENT"] = sink.address("wecom")
        opened.one_pass()
        yield opened


def written(desk: TestDesk, subject: str, text: str, sender: str) -> list[Letter]:
    """An authenticated mail of this moment, and what left because of it."""
    date = desk.now.strftime("%a, %d %b %Y %H:%M:%S +0000")
    return desk.receive(mail(subject, text, sender=sender, date=date), authentication="pass")


def answered(desk: TestDesk, letter: Letter, words: str) -> list[Letter]:
    """What leaves when the reader of a letter answers so."""
    return written(desk, f"Re: {letter.subject}", words, letter.to)


def test_a_fire_told_from_inside_wakes_everybody_at_once(desk: TestDesk, sink: Sink) -> None:
    """At night the person on duty, the handler and the channel hear in the same minute."""
    letters = written(desk, "紧急：车间起火", FIRE, WORKER)

    [case] = desk.cases()
    assert case["urgency"] == "critical"
    assert [DUTY] == [letter.to for letter in of_kind(letters, ALARM)]
    assert of_kind(letters, "handler.assignment") or of_kind(letters, "manager.notice")
    assert [f"【maild】特急事项 {case['number']}：请立即查看邮件，并回复“收到”。"] == sink.texts


def test_an_alarm_climbs_every_quarter_of_an_hour_until_somebody_accepts(desk: TestDesk, sink: Sink) -> None:
    """At night, too, one rung more hears each time; after 收到 of whoever is on duty nobody does."""
    alarm = of_kind(written(desk, "紧急：车间起火", FIRE, WORKER), ALARM)[0]
    assert desk.later(QUARTER)
    assert desk.later(QUARTER)
    assert len(sink.texts) == 3
    assert "尚无人接办" in sink.texts[1]
    assert of_kind(answered(desk, alarm, "收到"), "staff.echo")

    later = desk.later(QUARTER) + desk.later(QUARTER)
    assert [] == [letter.kind for letter in later if letter.kind != "manager.digest"]
    assert len(sink.texts) == 3


def test_a_letter_from_outside_reaches_the_person_on_duty_alone(desk: TestDesk, sink: Sink) -> None:
    """A stranger who cries wolf wakes one person, and nobody climbs a ladder for it before that one says so."""
    letters = written(desk, "着火了", FIRE, CUSTOMER)

    alarm = of_kind(letters, ALARM)[0]
    assert [DUTY] == [letter.to for letter in of_kind(letters, ALARM)]
    assert "确认" in alarm.text
    assert ["值班人员" in text for text in sink.texts] == [True]
    assert [] == desk.later(QUARTER)


def test_one_word_widens_the_alarm(desk: TestDesk, sink: Sink) -> None:
    """After 确认 handler and channel hear, the ladder climbs, and a second 确认 is refused."""
    alarm = of_kind(written(desk, "着火了", FIRE, CUSTOMER), ALARM)[0]
    letters = answered(desk, alarm, "确认")

    assert of_kind(letters, ALARM)
    assert DUTY not in {letter.to for letter in of_kind(letters, ALARM)}
    assert "扩大告警" in of_kind(letters, "staff.echo")[0].text
    assert len(sink.texts) == 2
    assert of_kind(answered(desk, alarm, "确认。"), "staff.refusal")
    assert desk.later(QUARTER)
    assert len(sink.texts) == 3


def test_a_stranger_cannot_widen_it(desk: TestDesk, sink: Sink) -> None:
    """The key of the alarm is its reader's alone."""
    alarm = of_kind(written(desk, "着火了", FIRE, CUSTOMER), ALARM)[0]
    written(desk, f"Re: {alarm.subject}", "确认", CUSTOMER)

    assert len(sink.texts) == 1


def test_repeats_are_one_alarm(desk: TestDesk, sink: Sink) -> None:
    """The same letter again, a minute later, rings nowhere a second time."""
    written(desk, "着火了", FIRE, CUSTOMER)
    desk.now += timedelta(minutes=1)
    letters = written(desk, "着火了", f"{FIRE}快！", CUSTOMER)

    assert [] == of_kind(letters, ALARM)
    assert len(sink.texts) == 1


def test_after_three_alarms_from_outside_mail_alone_tells(desk: TestDesk, sink: Sink) -> None:
    """The fourth within an hour reaches the person on duty by mail and the digest by a line; an hour later it rings."""
    for number in range(4):
        letters = written(desk, f"着火了 {number}", f"{FIRE}{number * '在北门。'}", f"c{number}@mail-a.example")
        assert [DUTY] == [letter.to for letter in of_kind(letters, ALARM)]
    assert len(sink.texts) == 3
    assert [("alarm-held",)] == desk.rows("select kind from line where kind = 'alarm-held'")
    desk.now += timedelta(hours=1, minutes=1)
    written(desk, "着火了 5", FIRE, "c9@mail-a.example")

    assert len(sink.texts) == 4


@pytest.mark.parametrize("sender", [WORKER, CUSTOMER])
def test_drills_never_alarm(desk: TestDesk, sink: Sink, sender: str) -> None:
    """A drill is a case like others: it wakes nobody, nor does its clock before the morning."""
    letters = written(desk, "消防演练通知", f"明晚消防演练，届时模拟：{FIRE}", sender)
    letters += desk.later(timedelta(hours=2))

    assert [] == of_kind(letters, ALARM) + of_kind(letters, "manager.escalation") + of_kind(letters, "handler.reminder")
    assert [] == sink.texts


@pytest.mark.parametrize(
    ("subject", "text", "drill"),
    [
        ("消防演练", "", True),
        ("Fire drill on Friday", "", True),
        ("着火了", "这不是演练，三号车间真的起火了", False),
        ("Fire", "This is not a drill.", False),
        ("着火了", "上周刚做过安全检查。" * 30 + "演练", False),
        ("钻头", "please send new drills", False),
    ],
)
def test_a_drill_says_so(subject: str, text: str, drill: bool) -> None:
    """Who writes that it is no drill is believed; a drill is told of at the beginning."""
    assert drill is is_drill(subject, text)


def test_by_day_without_anybody_on_duty_the_handler_is_woken(desk: TestDesk, sink: Sink) -> None:
    """An empty duty table loses no alarm."""
    desk.now = DAY
    desk.one_pass()
    letters = written(desk, "着火了", FIRE, CUSTOMER)

    assert len(of_kind(letters, ALARM)) == 1
    assert len(sink.texts) == 1


def test_who_is_complained_of_is_not_woken(desk: TestDesk, sink: Sink) -> None:
    """Conflict of interest holds for the person on duty too: another one is woken."""
    text = f"我投诉行政部经理冯霞：她锁了消防通道。现在{FIRE}"
    letters = written(desk, "投诉冯霞", text, CUSTOMER)

    [case] = desk.cases()
    assert case["urgency"] == "critical"
    assert [] == to(letters, DUTY)
    assert len(of_kind(letters, ALARM)) == 1
    assert len(sink.texts) == 1


def test_the_channel_hears_no_name_and_no_word(desk: TestDesk, sink: Sink) -> None:
    """Number and urgency travel, nothing else."""
    alarm = of_kind(written(desk, "着火了", f"{FIRE}赵雷 13800001111", CUSTOMER), ALARM)[0]
    answered(desk, alarm, "确认")
    desk.later(QUARTER)

    assert len(sink.texts) == 3
    assert not [word for word in ("起火", "赵雷", "138", "@", "冯霞", "配电") if word in "".join(sink.texts)]


def test_the_acknowledgement_says_that_mail_is_no_emergency_call(desk: TestDesk) -> None:
    """It carries the pack's numbers, at night as by day."""
    ack = of_kind(written(desk, "着火了", FIRE, CUSTOMER), "requester.acknowledgement")[0]

    assert "不是紧急求助渠道" in ack.text
    assert "119 / 120" in ack.text
    assert "12356" not in ack.text


def test_who_may_harm_themselves_gets_a_help_line(desk: TestDesk) -> None:
    """Whatever the type and the urgency, the answer names somebody who listens, and holds no word of the letter."""
    text = "连续三年被克扣工资，我真的不想活了，遗书都写好了。"
    ack = of_kind(written(desk, "没有活路", text, "liu.fang@mail-a.example"), "requester.acknowledgement")[0]

    assert "12356" in ack.text
    assert "不必独自承受" in ack.text
    assert "遗书" not in whole(ack)


def test_a_coordinator_who_raises_a_case_wakes_people(desk: TestDesk, sink: Sink) -> None:
    """特急 by reply rings as a critical letter from inside does."""
    desk.now = DAY
    letters = written(desk, "投诉：三周没有发货", "我三周前下单的空气炸锅一直没有发货，请退款。", CUSTOMER)
    letters = answered(desk, of_kind(letters, "manager.notice")[0], "特急")

    assert of_kind(letters, ALARM)
    assert len(sink.texts) == 1


def test_quiet_hours_hold_what_is_not_critical(desk: TestDesk, sink: Sink) -> None:
    """A letter of the night is acknowledged at once; all else waits for the morning, and no chat rings."""
    letters = written(desk, "停线", "三号线停线了，需要两个工作日内答复。", WORKER)
    assert of_kind(letters, "requester.acknowledgement")
    night = [letter.kind for _ in range(8) for letter in desk.later(timedelta(hours=1))]

    assert [] == night
    assert [] == sink.texts
