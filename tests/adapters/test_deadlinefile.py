"""The deadlines of a pack as a clerk writes them."""

from pathlib import Path

import pytest

from maild.adapters.deadlinefile import read_deadlines
from maild.adapters.shipped import shipped
from maild.domain.case import ClockKind
from maild.domain.deadlines import Post
from maild.errors import Misconfigured

PACK = shipped("rules") / "gm-mailbox"

TABLE = """
operational-problem  | 4 working hours | 1 working day  | 5 working days
important-issue      | 4 working hours | 1 working day  | 5 working days
customer-complaint   | 4 working hours | 3 working days | 10 working days
customer-suggestion  | 1 working day   | 5 working days | 15 working days
customer-opinion     | 1 working day   | 5 working days | 15 working days
experience-test      | 1 working day   | 5 working days | 15 working days
staff-suggestion     | 1 working day   | 5 working days |
staff-complaint      | 1 working day   | 5 working days | 15 working days
staff-report         | 1 working day   | 5 working days | 15 working days
retaliation          | 4 working hours | 2 working days | 10 working days
unit-dispute         | 1 working day   | 3 working days | 5 working days
"""


@pytest.mark.parametrize("row", TABLE.strip().splitlines())
def test_the_shipped_table(row: str) -> None:
    """The shipped deadlines are those of casework 6."""
    name, *lengths = (cell.strip() for cell in row.split("|"))
    kinds = (ClockKind.ACCEPT, ClockKind.FIRST_ANSWER, ClockKind.RESOLVE)
    spans = [read_deadlines(PACK).span(name, kind, "normal") for kind in kinds]

    assert [str(span) if span else "" for span in spans] == lengths


def test_the_shipped_rest() -> None:
    """A directive has its relay and its own date, a suggestion its review, the unclassified its triage."""
    deadlines = read_deadlines(PACK)

    assert str(deadlines.span("directive", ClockKind.RELAY, "normal")) == "same day"
    assert deadlines.terms("directive")[ClockKind.RESOLVE].own_date
    assert str(deadlines.span("staff-suggestion", ClockKind.REVIEW, "normal")) == "10 working days"
    assert str(deadlines.span("unclassified", ClockKind.TRIAGE, "normal")) == "4 working hours"
    assert deadlines.terms("not-feedback") == {}
    assert [str(deadlines.idle), str(deadlines.alarm.every)] == ["5 working days", "15 minutes"]
    assert deadlines.ladders[-1].rungs == ((Post.HANDLER, Post.HEAD, Post.COORDINATOR),)


@pytest.mark.parametrize(
    ("urgency", "accept", "answer", "resolve"),
    [
        ("low", "4 working hours", "3 working days", "10 working days"),
        ("high", "2 working hours", "1.5 working days", "5 working days"),
        ("critical", "30 minutes", "4 hours", "5 working days"),
    ],
)
def test_urgency(urgency: str, accept: str, answer: str, resolve: str) -> None:
    """High halves; critical has its own times, day and night."""
    deadlines = read_deadlines(PACK)
    kinds = (ClockKind.ACCEPT, ClockKind.FIRST_ANSWER, ClockKind.RESOLVE)

    assert [str(deadlines.span("customer-complaint", kind, urgency)) for kind in kinds] == [accept, answer, resolve]


def test_the_office_changes_single_entries(tmp_path: Path) -> None:
    """An office's own file changes, adds and takes away single clocks; the rest stays as shipped."""
    (tmp_path / "deadlines.yaml").write_text(
        "types:\n  customer-complaint: {accept: 2个工作小时, first-answer: none}\n  visit: {return: 3 working days}\n"
        "idle: 3 working days\n",
        encoding="utf-8",
    )
    deadlines = read_deadlines(PACK, tmp_path)

    assert {kind.value: str(term.span) for kind, term in deadlines.terms("customer-complaint").items()} == {
        "accept": "2 working hours",
        "resolve": "10 working days",
    }
    assert str(deadlines.span("visit", ClockKind.RETURN, "normal")) == "3 working days"
    assert str(deadlines.idle) == "3 working days"
    assert str(deadlines.again) == "5 working days"


def test_the_office_changes_single_ladders(tmp_path: Path) -> None:
    """An office's ladder of a shipped id takes its place, a new one comes before all shipped ones."""
    (tmp_path / "ladder.yaml").write_text(
        "ladders:\n  - {id: relay, kinds: [relay], rungs: [[head]]}\n  - {id: mine, types: [visit], rungs: [[gm]]}\n"
        'quiet: {from: "22:00", to: "07:00"}\n',
        encoding="utf-8",
    )
    shipped_ladders, ladders = read_deadlines(PACK).ladders, read_deadlines(PACK, tmp_path).ladders

    assert ladders[0].types == ("visit",)
    assert [one.rungs for one in ladders if one.kinds == (ClockKind.RELAY,)] == [((Post.HEAD,),)]
    assert len(ladders) == len(shipped_ladders) + 1
    assert read_deadlines(PACK, tmp_path).quiet.start.hour == 22


@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        ("deadlines", "types:\n  a:\n    accept: soon\n", r"deadlines.yaml:3:13: 'soon' is no length of time"),
        (
            "deadlines",
            "types:\n  a:\n    acept: 1 working day\n",
            r":3:12: 'acept' is not known here; write one of acc",
        ),
        ("deadlines", "tipes: {}\n", r":1:8: unknown key 'tipes'"),
        ("deadlines", "idle: same day\n", r":1:7: 'same day' cannot be repeated"),
        ("deadlines", "critical:\n  triage: 1 hour\n  accept：30 minutes\n", r":3:9: full-width"),
        ("ladder", "ladders:\n  - {id: a, rungs: [[boss]]}\n", r"ladder.yaml:2:22: 'boss' is not known here; write"),
        ("ladder", "ladders:\n  - {id: a, rungs: [up]}\n", r":2:21: 'up' is no rung"),
        ("ladder", "ladders:\n  - {id: a, rungs: [superiors, [gm]]}\n", r":2:21: 'superiors' is no rung"),
        ("ladder", 'quiet: {from: "20:00"}\n', r":1:8: quiet hours need"),
        ("ladder", 'quiet: {from: "20:00", to: "25:00"}\n', r":1:28: "),
        ("ladder", "ladders:\n  - {rungs: [[gm]]}\n", r":2:5: the key 'id' is missing"),
        ("ladder", "quiet: {from: 20:00, to: 08:00}\n", r":1:15: YAML would misread 20:00"),
    ],
)
def test_mistakes(tmp_path: Path, file: str, text: str, sentence: str) -> None:
    """Each mistake is told with file, line, column and mend."""
    (tmp_path / f"{file}.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(Misconfigured, match=sentence):
        read_deadlines(tmp_path)
