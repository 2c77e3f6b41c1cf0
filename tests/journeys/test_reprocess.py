"""Everything again from the archive: shown first, written on demand, and what people did stands."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from maild.cli.main import main
from maild.domain.case import Event, State
from maild.workflow.plan import Happening, Plan
from tests.journeys.desk import GM, TestDesk, open_desk
from tests.journeys.post import mail

MORNING = datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
Run = Callable[..., str]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """An installation with one complaint."""
    with open_desk(tmp_path) as made:
        made.receive(mail(), at=MORNING)
        yield made


@pytest.fixture
def run(desk: TestDesk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`maild reprocess`; what it printed."""
    monkeypatch.setenv("GM_PASSWORD", desk.environ["GM_PASSWORD"])

    def reprocess(*words: str, status: int = 0) -> str:
        desk.restart()
        assert main(["reprocess", "-c", str(desk.folder / "maild.toml"), *words]) == status
        done = capsys.readouterr()
        return done.out + done.err

    return reprocess


def worn(desk: TestDesk, *, state: State = State.CLOSED, by_a_person: bool = False) -> None:
    """Make the case as an older version might have left it: another type, no summary."""
    with desk.workshop().store.writing() as books:
        case = books.case(desk.cases()[0]["number"])
        assert case is not None
        old = replace(case, type="customer-opinion", summary="", state=state)
        said = Event(
            kind="reclassified", at=desk.now, actor="lin.xiaoyue@corp.example", human=True, data={"type": old.type}
        )
        happenings = (Happening(number=case.number, event=said),) if by_a_person else ()
        books.save(Plan(cases=(old,), happenings=happenings), (), mailbox=GM, now=desk.now)


def test_nothing_differs_where_nothing_changed(run: Run) -> None:
    """Under the same rules the archive says what is kept."""
    assert "1 mails read again, 0 differences" in run()


def test_differences_are_shown_and_written_only_on_demand(desk: TestDesk, run: Run) -> None:
    """Without --write the case stays as it is; with it summary and type are today's, and history is as it was."""
    worn(desk)
    before = desk.cases()[0]
    shown = run()
    untouched = desk.cases()[0]
    run("--write")
    after = desk.cases()[0]

    assert "type: customer-opinion -> customer-complaint" in shown
    assert untouched == before
    assert (after["type"], after["summary"] != "") == ("customer-complaint", True)
    assert {key: after[key] for key in ("events", "clocks", "state", "handler")} == {
        key: before[key] for key in ("events", "clocks", "state", "handler")
    }
    assert "0 differences" in run()


def test_a_persons_type_stands(desk: TestDesk, run: Run) -> None:
    """What the coordinator said is shown beside today's verdict, with who said it, and kept."""
    worn(desk, by_a_person=True)

    said = run("--write")

    assert "stays: lin.xiaoyue@corp.example said so" in said
    assert desk.cases()[0]["type"] == "customer-opinion"


def test_an_open_case_keeps_its_type(desk: TestDesk, run: Run) -> None:
    """Another type may mean another handler: of a case that somebody works on it is only shown."""
    worn(desk, state=State.IN_PROGRESS)

    said = run("--write")

    assert "stays: somebody works on it" in said
    assert desk.cases()[0]["type"] == "customer-opinion"


def test_nothing_is_sent(desk: TestDesk, run: Run) -> None:
    """Neither by it nor by the next pass."""
    worn(desk)
    desk.one_pass()
    run("--write")

    assert [letter.kind for letter in desk.later(timedelta(minutes=5))] == []


def test_a_missing_archive_copy_is_named(desk: TestDesk, run: Run) -> None:
    """Exit status 1 and one sentence; the other mails are read."""
    next(path for path in (desk.folder / "var" / "archive").rglob("*") if path.is_file()).unlink()

    assert "mail " in run(status=1)
