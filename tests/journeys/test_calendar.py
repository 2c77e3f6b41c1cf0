"""The calendar changes under open clocks: those that it moves are written, and people hear of it once (casework 6)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from maild.adapters.drawing import Drawer
from maild.workflow.reports.sending import Reporter
from maild.workflow.tick import Ticker
from tests.journeys.desk import TestDesk, open_desk
from tests.journeys.letters import of_kind, to
from tests.journeys.post import mail

MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
"""Tuesday 09:30 in the office."""
OFF = "off: [2026-11-26]\n"
"""The office closes on Thursday."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """An installation with its own rules folder, in which a complaint is waiting for its answer."""
    (tmp_path / "rules").mkdir()
    with open_desk(tmp_path) as opened:
        config = tmp_path / "maild.toml"
        config.write_text(config.read_text("utf-8").replace("[[mailbox]]", 'rules = "rules"\n[[mailbox]]', 1), "utf-8")
        opened.now = MORNING
        opened.receive(mail())
        yield opened


def dues(desk: TestDesk) -> dict[str, str]:
    """The local ends of the open clocks, by kind."""
    rows = desk.rows("select kind, due from clock where state = 'open' order by kind")
    zone = timedelta(hours=8)
    return {kind: str(datetime.fromisoformat(str(due)).replace(tzinfo=None) + zone)[:16] for kind, due in rows}


def closed_on_thursday(desk: TestDesk, text: str = OFF) -> None:
    """The clerk writes the office's own day off."""
    (desk.folder / "rules" / "calendar.yaml").write_text(text, "utf-8")


def events(desk: TestDesk) -> list[dict[str, Any]]:
    """What the calendar did to the case."""
    return [one for one in desk.cases()[0]["events"] if one["kind"] == "recomputed"]


def test_a_day_off_moves_open_clocks_at_the_next_start(desk: TestDesk) -> None:
    """What ends behind the new day off moves by a day, what ends before it stays; the case's history says so."""
    before = dues(desk)
    closed_on_thursday(desk)
    desk.reread()
    desk.one_pass()
    after = dues(desk)

    assert before["accept"] == after["accept"]
    assert (before["first-answer"], after["first-answer"]) == ("2026-11-27 18:00", "2026-11-30 18:00")
    (told,) = events(desk)
    assert [one[0] for one in told["data"]["clocks"]] == ["first-answer", "resolve"]


def test_the_same_calendar_writes_nothing(desk: TestDesk) -> None:
    """A start and a reload without a change touch no clock and no case."""
    history = desk.rows("select count(*) from event")
    written: list[str] = []
    desk.restart()
    engine = desk.workshop().store.engine
    event.listen(engine, "before_cursor_execute", lambda _c, _x, statement, *_rest: written.append(statement))
    desk.one_pass()

    assert desk.rows("select count(*) from event") == history
    assert [] == [
        one for one in written if one.lower().startswith(("update clock", "insert into clock", 'update "case"'))
    ]


def test_a_look_at_time_with_nothing_due_opens_no_transaction_that_writes(desk: TestDesk) -> None:
    """Whoever wants to write meanwhile waits for nobody."""
    workshop = desk.workshop()
    box, scribe = workshop.settings.mailbox[0], workshop.scribe()
    reporter = Reporter(store=workshop.store, scribe=scribe, drawing=Drawer())
    ticker = Ticker(store=workshop.store, scribe=scribe, reporter=reporter, office=lambda: workshop.office(box),
                    committed=lambda: None, directory=lambda: workshop.house.desks[box.address].index.directory)  # fmt: skip
    ticker.tick(whole=True)
    begun: list[bool] = []
    event.listen(workshop.store.engine, "begin", lambda one: begun.append(one.get_execution_options().get("write")))
    ticker.tick()

    assert begun
    assert not any(begun)


def test_whose_date_moved_hears_of_it_in_the_next_digest(desk: TestDesk) -> None:
    """Nobody is told at night; with the next digest the handler gets one mail, and the coordinator a line."""
    handler = desk.cases()[0]["handler"]
    closed_on_thursday(desk)
    desk.reread()
    at_once = desk.later(timedelta(hours=12))
    next_day = desk.later(timedelta(hours=12))

    assert [] == [one for one in at_once if "日历" in one.text]
    (mine,) = [one for one in to(next_day, handler) if one.kind == "manager.combined" and "工作日历" in one.text]
    assert "11月30日（周一）18:00" in mine.text
    (digest,) = of_kind(next_day, "manager.digest")
    assert "工作日历有变" in digest.text
    assert [] == [one for one in desk.later(timedelta(hours=24)) if "工作日历" in one.text]


def test_a_guessed_year_is_reckoned_again_when_its_data_arrives(desk: TestDesk) -> None:
    """A deadline in a year without data is provisional; the clerk's list of the new year makes it certain, and moves it."""
    desk.now = datetime(2027, 11, 23, 1, 30, tzinfo=UTC)
    desk.receive(
        mail("投诉：空调", "买的空调三天就坏了，要求退货。", sender="li@mail-b.example", Message_ID="<2@pc.example>")
    )
    provisional = "select provisional from clock where state = 'open' and kind = 'resolve' order by id desc limit 1"
    assert [(1,)] == [tuple(map(int, row)) for row in desk.rows(provisional)]

    closed_on_thursday(desk, "known_years: [2027, 2028]\noff: [2027-11-29]\n")
    desk.reread()
    desk.one_pass()

    assert [(0,)] == [tuple(map(int, row)) for row in desk.rows(provisional)]


def test_a_crash_on_the_way_is_made_good(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A daemon that dies after the clocks moved and before the calendar is remembered moves nothing twice."""
    closed_on_thursday(desk)
    desk.reread()
    store = desk.workshop().store
    with monkeypatch.context() as patched:
        patched.setattr("maild.workflow.recalendar.json.dumps", _crash)
        with pytest.raises(KeyboardInterrupt):
            desk.one_pass()
    store.close()
    desk.restart()
    desk.one_pass()

    assert 1 == len(events(desk))
    assert dues(desk)["first-answer"] == "2026-11-30 18:00"


def _crash(*_args: object, **_more: object) -> str:
    raise KeyboardInterrupt


def test_a_reload_reckons_anew_too(desk: TestDesk) -> None:
    """SIGHUP is enough: nobody has to restart the daemon for a day off."""
    closed_on_thursday(desk)
    desk.workshop().reload()
    desk.one_pass()

    assert dues(desk)["first-answer"] == "2026-11-30 18:00"
