"""maild speaks up about itself by a second channel within ten minutes, and once more when all is well again."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.adapters.store import Writing
from maild.errors import Temporary
from maild.workflow.pipeline import Pipeline
from maild.workflow.tick import Ticker
from tests.adapters.robot_sink import Sink, robot_sink
from tests.journeys.desk import GM, PASSWORD, Letter, TestDesk, open_desk
from tests.journeys.live import MINUTE, looks, running, until
from tests.journeys.post import mail

MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A chat robot on loopback."""
    with robot_sink() as opened:
        yield opened


@pytest.fixture
def desk(tmp_path: Path, sink: Sink) -> Iterator[TestDesk]:
    """An installation with a second channel, on a Tuesday morning."""
    with open_desk(tmp_path) as opened:
        opened.now = MORNING
        opened.environ |= {"MAILD_NOTIFY_URGENT": sink.address("wecom"), "MAILD_NOTIFY__DISK_PERCENT": "0"}
        yield opened


def mails_of_trouble(desk: TestDesk) -> int:
    """How many mails about itself have left."""
    found: int = desk.rows("select count(*) from outbox where kind = 'manager.trouble' and state = 'sent'")[0][0]
    return found


def troubles(letters: list[Letter]) -> list[str]:
    """The subjects of what maild wrote about itself."""
    return [letter.subject for letter in letters if letter.kind == "manager.trouble"]


def test_a_mailbox_that_refuses_the_login_is_told_once(desk: TestDesk, sink: Sink) -> None:
    """Within ten minutes the channel and the coordinator hear; a restart repeats nothing; the end is told too."""
    desk.environ |= {"GM_PASSWORD": "wrong", "SMTP_PASSWORD": PASSWORD}
    desk.environ["MAILD_MAILBOX__0__SMTP__PASSWORD_ENV"] = "SMTP_PASSWORD"
    with running(desk) as daemon:
        until(lambda: daemon.posts[0].reached is False)
        assert [looks(daemon, desk, 0 * MINUTE), looks(daemon, desk, 8 * MINUTE)] == [0, 0]
        assert looks(daemon, desk, 1.5 * MINUTE) == 1
        daemon.look_again_soon()
        until(lambda: sink.texts)
        until(lambda: mails_of_trouble(desk) == 1)
        assert looks(daemon, desk, 60 * MINUTE) == 0
    with running(desk) as daemon:
        until(lambda: daemon.posts[0].reached is False)
        assert looks(daemon, desk, MINUTE) == 0
    desk.environ["GM_PASSWORD"] = PASSWORD
    with running(desk) as daemon:
        until(lambda: daemon.posts[0].reached)
        assert looks(daemon, desk, MINUTE) == 1
        daemon.look_again_soon()
        until(lambda: len(sink.texts) == 2)
        until(lambda: mails_of_trouble(desk) == 2)

    assert "信箱无法登录" in sink.texts[0]
    assert "已恢复正常" in sink.texts[1]
    assert GM not in "".join(sink.texts)
    assert ["系统异常：信箱无法登录或读取，收信中断", "已恢复正常：信箱无法登录或读取，收信中断"] == troubles(
        desk.new_letters()
    )


def test_a_password_that_is_wrong_for_two_days(desk: TestDesk, sink: Sink) -> None:
    """People hear of it after ten minutes, after four hours more and then once a day, restarts or not; and of the end.

    The mail of those days is taken in and answered then, each once.
    """
    wrong = desk.environ | {"GM_PASSWORD": "wrong", "SMTP_PASSWORD": PASSWORD}
    wrong["MAILD_MAILBOX__0__SMTP__PASSWORD_ENV"] = "SMTP_PASSWORD"
    right, desk.environ, told = desk.environ, wrong, list[timedelta]()
    for n in range(2):
        desk.servers.deliver(mail(sender=f"c{n}@mail-a.example"), GM, authentication="pass")
        with running(desk) as daemon:
            until(lambda daemon=daemon: daemon.posts[0].reached is False)  # type: ignore[misc]
            for _ in range(288):
                if looks(daemon, desk, 5 * MINUTE):
                    told.append(desk.now - MORNING)
            daemon.look_again_soon()
            until(lambda: len(sink.texts) == len(told))
    desk.environ = right
    with running(desk) as daemon:
        until(lambda: len(desk.rows("select 1 from journal where state = 'filed'")) == 2)
        until(lambda: daemon.posts[0].reached)
        looks(daemon, desk, MINUTE)
        daemon.look_again_soon()
        until(lambda: "已恢复正常" in sink.texts[-1])

    first, second, *daily = told
    assert (first <= 15 * MINUTE, second - first) == (True, timedelta(hours=4))
    assert daily == [first + timedelta(days=1)]
    assert [(i > 0) for i in range(3)] == ["仍未恢复" in text for text in sink.texts[:-1]]
    assert "已恢复正常" in sink.texts[-1]
    assert {1} == set(Counter(sent.raw for sent in desk.servers.sent).values())


def test_an_intake_that_the_database_stops_is_told(desk: TestDesk, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that reads and takes no mail leaves the mailbox reachable: people hear of it all the same."""

    def full(*_: object) -> None:
        raise Temporary("The database did not answer as it should (No space left on device); maild tries again.")

    monkeypatch.setattr(Writing, "take", full)
    desk.servers.deliver(mail(), GM, authentication="pass")
    with running(desk) as daemon:
        until(lambda: daemon.posts[0].takes_in is False)
        assert [looks(daemon, desk, minutes * MINUTE) for minutes in (0, 8, 1.5)] == [0, 0, 1]
        daemon.look_again_soon()
        until(lambda: sink.texts)
    monkeypatch.undo()
    with running(desk) as daemon:
        until(lambda: desk.rows("select 1 from journal where state = 'filed'"))
        until(lambda: daemon.posts[0].takes_in)
        looks(daemon, desk, MINUTE)
        daemon.look_again_soon()
        until(lambda: len(sink.texts) == 2)

    assert ["收信处理失败" in text for text in sink.texts] == [True, True]
    assert "已恢复正常" in sink.texts[1]


def test_clocks_that_nobody_looks_at_are_told(desk: TestDesk, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    """When reminders and escalations stand still people hear of it."""

    def broken(_self: object) -> float:
        raise ZeroDivisionError

    monkeypatch.setattr(Ticker, "tick", broken)
    with running(desk) as daemon:
        until(lambda: daemon.posts[0].sweeps is False)
        assert [looks(daemon, desk, minutes * MINUTE) for minutes in (0, 9.5)] == [0, 1]
        daemon.look_again_soon()
        until(lambda: sink.texts)

    assert "到期事项无法检查" in sink.texts[0]


def test_an_account_that_cannot_send_is_told_by_the_other_channel(desk: TestDesk, sink: Sink) -> None:
    """Where mail itself does not leave, the second channel alone tells; the digest says so later."""
    desk.servers.refuse(GM, 535, "5.7.8 not you", verb="MAIL")
    with running(desk) as daemon:
        desk.servers.deliver(mail(), GM, authentication="pass")
        until(lambda: daemon.posts[0].sends is False)
        assert looks(daemon, desk, 0 * MINUTE) == 0
        assert looks(daemon, desk, 9.5 * MINUTE) == 1
        daemon.look_again_soon()
        until(lambda: sink.texts)
        assert troubles(desk.new_letters()) == []

    assert ["【maild】系统异常：发信账号不可用，发信中断。请管理员检查，详情见日志或邮件。"] == sink.texts
    assert [("self-trouble",)] == desk.rows("select kind from line where kind = 'self-trouble'")


def test_a_disk_that_fills_and_a_clock_that_jumps_are_told(desk: TestDesk, sink: Sink) -> None:
    """What the machine lacks is told at once, each thing by itself."""
    desk.environ["MAILD_NOTIFY__DISK_PERCENT"] = "101"
    desk.machine = MORNING
    with running(desk) as daemon:
        until(lambda: daemon.posts[0].reached)
        until(lambda: looks(daemon, desk, 0 * MINUTE) or sink.texts)
        desk.machine += timedelta(hours=3)
        looks(daemon, desk, 0 * MINUTE)
        daemon.look_again_soon()
        until(lambda: len(sink.texts) == 2)

    assert "磁盘空间" in sink.texts[0]
    assert "系统时钟" in sink.texts[1]


def test_mail_that_nobody_handles_is_told(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A journal line that is older than nine minutes and not thought about is trouble, whatever the reason."""

    def away(*_: object) -> None:
        raise Temporary("The archive is away.")

    monkeypatch.setattr(Pipeline, "handle", away)
    with running(desk) as daemon:
        until(lambda: daemon.posts[0].reached)
        desk.machine = datetime.now(UTC)
        desk.servers.deliver(mail(), GM, authentication="pass")
        until(lambda: desk.rows("select state from journal where state = 'archived'"))
        daemon.speaker.look_once()
        assert not desk.rows("select kind from line where kind = 'self-trouble'")
        desk.machine += 2 * MINUTE
        for minutes in (0, 7, 2):
            desk.now += minutes * MINUTE
            daemon.speaker.look_once()

    with desk.workshop().store.reading() as books:
        kept = books.kept_text(f"trouble intake-old {GM}")
    assert '"told": 1' in kept


def test_a_database_that_is_away_is_told_without_it(desk: TestDesk, sink: Sink) -> None:
    """While nothing can be written down the channel hears all the same, again after hours, and hears of the end."""
    with running(desk) as daemon:
        until(lambda: daemon.posts[0].reached)
        file, aside = desk.folder / "var/maild.db", desk.folder / "aside.db"
        file = next(path for path in desk.folder.rglob("*.db")) if not file.exists() else file
        watch, reports = daemon.speaker.watch, daemon.speaker._reports()
    store = desk.workshop().store
    watch.store = watch.herald.store = store
    store.engine.dispose()
    file.rename(aside)
    file.mkdir()
    assert [watch.look(reports, MORNING + minutes * MINUTE) for minutes in (0, 8)] == [0, 0]
    assert sink.texts == []
    for minutes in (9, 30, 240, 250):
        watch.look(reports, MORNING + minutes * MINUTE)
    assert ["仍未恢复" in text for text in sink.texts] == [False, True]
    file.rmdir()
    aside.rename(file)
    watch.look(reports, MORNING + timedelta(hours=5))

    assert ["数据库不可用" in text for text in sink.texts] == [True, True, True]
    assert "已恢复正常" in sink.texts[2]
