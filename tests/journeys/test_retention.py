"""What was kept long enough goes by the office's own rules, with the reason listed first, and never what is held."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from maild.cli.main import main
from tests.journeys.casework import ANSWER, HANDLER, Casework
from tests.journeys.desk import open_desk

RULES = """retention:
  - {types: [customer-complaint], after: 1 day, erase: everything}
  - {after: 10 years, erase: person}
"""
END = "结案\n原因：仓库漏单。\n措施：已补发。\n" + ANSWER.replace("答复：", "答复来信人：")


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Casework]:
    """A complaint that was closed days ago, in an office that keeps complaints for one day."""
    with open_desk(tmp_path) as desk:
        for name, value in desk.environ.items():
            monkeypatch.setenv(name, value)
        rules = tmp_path / "rules"
        rules.mkdir()
        (rules / "pack.yaml").write_text("extends: gm-mailbox@1\n", "utf-8")
        (rules / "retention.yaml").write_text(RULES, "utf-8")
        config = tmp_path / "maild.toml"
        config.write_text('rules = "rules"\n' + config.read_text("utf-8"), "utf-8")
        desk.now -= timedelta(days=9)
        case = Casework(desk=desk)
        case.open()
        case.says(HANDLER, END, answering="handler.assignment")
        case._take(desk.later(timedelta(hours=1)))
        assert "closed" == case.case["state"]
        yield case


def ran(work: Casework, *words: str, monkeypatch: pytest.MonkeyPatch, says: str = "") -> int:
    """`maild retain`, and what is typed to its question."""
    monkeypatch.setattr("sys.stdin", StringIO(says + "\n"))
    return main(["retain", *words, "-c", str(work.desk.folder / "maild.toml")])


def due(work: Casework, capsys: pytest.CaptureFixture[str]) -> list[Any]:
    """What `maild retain --dry-run --json` lists."""
    capsys.readouterr()
    assert 0 == main(["retain", "--dry-run", "--json", "-c", str(work.desk.folder / "maild.toml")])
    rows: list[Any] = json.loads(capsys.readouterr().out)
    return rows


def test_what_is_due_is_listed_with_its_reason_and_goes_after_a_yes(
    work: Casework, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A list, then the word, then nothing but number, type, unit, dates and figures; a second run finds nothing."""
    before = work.case
    number = before["number"]
    ((row),) = due(work, capsys)
    assert (number, "customer-complaint", "1 day", "everything") == tuple(
        row[name] for name in ("number", "type", "after", "erase")
    )

    assert 1 == ran(work, says="no", monkeypatch=monkeypatch)
    assert before == work.case
    assert 0 == ran(work, says="erase", monkeypatch=monkeypatch)

    after = work.case
    for name in ("number", "type", "state", "outcome", "unit", "received", "clocks", "rating"):
        assert before[name] == after[name]
    assert (None, "", "") == (after["handler"], after["requester"], after["summary"])
    last = after["events"][-1]
    assert ("erased", "retention", "after 1 day: everything") == (
        last["kind"], last["data"]["reason"], last["data"]["rule"])  # fmt: skip
    assert [] == due(work, capsys)


def test_a_held_case_stays_until_the_hold_is_lifted(
    work: Casework, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither its age nor a wish erases it; hold and lift stand in its history with their reasons."""
    number = work.case["number"]
    assert 2 == ran(work, "hold", number, monkeypatch=monkeypatch)
    assert 1 == ran(work, "hold", "GM-2026-009999", "--reason", "x", monkeypatch=monkeypatch)
    assert 0 == ran(work, "hold", number, "--reason", "诉讼", monkeypatch=monkeypatch)

    assert [] == due(work, capsys)
    monkeypatch.setattr("sys.stdin", StringIO(number + "\n"))
    config = str(work.desk.folder / "maild.toml")
    assert 1 == main(["erase", number, "--reason", "wish", "-c", config])
    assert "held: 诉讼" in capsys.readouterr().err
    assert 0 == ran(work, "lift", number, "--reason", "结束", monkeypatch=monkeypatch)

    assert 1 == len(due(work, capsys))
    told = [(one["kind"], one["data"]["reason"]) for one in work.case["events"] if "retention" in one["kind"]]
    assert [("retention-held", "诉讼"), ("retention-lifted", "结束")] == told
