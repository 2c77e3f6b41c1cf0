"""What scripts stand on (interfaces.md): the keys of each `--json`, their order, their values, and exit statuses."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from maild.cli import classify as classify_command
from maild.cli.main import COMMANDS, main
from tests.cli.trying import COMPLAINT, WRONGED, classified, run, write_lines
from tests.domain.triage_desk import corpus
from tests.journeys.desk import open_desk
from tests.journeys.post import mail

Captured = pytest.CaptureFixture[str]
CLASSIFY = [
    "file",
    "id",
    "type",
    "confidence",
    "reasons",
    "alternatives",
    "urgency",
    "sender_role",
    "customer_kind",
    "subject_class",
    "names",
    "confidential",
    "acknowledge",
    "missing",
    "handler",
    "excluded",
    "deadlines",
    "summary",
]
CASE = ["number", "pack", "type", "state", "outcome", "urgency", "unit", "handler", "requester", "received", "clocks", "summary", "events"]  # fmt: skip
ROLES = {
    "gm", "gm-office", "hr", "customer-service", "department-head", "staff", "partner", "consumer", "external",
    "system", "unknown",
}  # fmt: skip


def _is_text_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _wrong(said: dict[str, Any]) -> list[str]:
    """What of a verdict is not as promised."""
    promises = {
        "type": isinstance(said["type"], str),
        "confidence": 0 <= said["confidence"] <= 1,
        "reasons": all(list(one) == ["text", "why", "weight"] for one in said["reasons"]),
        "alternatives": all(list(one) == ["type", "confidence"] for one in said["alternatives"]),
        "urgency": said["urgency"] in {"low", "normal", "high", "critical"},
        "sender_role": said["sender_role"] in ROLES,
        "customer_kind": (said["customer_kind"] in {"partner", "consumer"}) == said["type"].startswith("customer-"),
        "subject_class": said["subject_class"] is None,
        "names": _is_text_list(said["names"]),
        "confidential": isinstance(said["confidential"], bool),
        "acknowledge": isinstance(said["acknowledge"], bool),
        "missing": _is_text_list(said["missing"]),
        "handler": list(said["handler"]) == ["unit", "person"],
        "excluded": _is_text_list(said["excluded"]),
        "deadlines": all(
            list(one) == ["kind", "due"] and datetime.fromisoformat(one["due"]).tzinfo for one in said["deadlines"]
        ),
        "summary": isinstance(said["summary"], str) and "\n" not in said["summary"],
    }
    return [f"{said['id']}: {key} {said[key]}" for key, kept in promises.items() if not kept]


def test_a_verdict_has_every_key_in_order(tmp_path: Path, capsys: Captured) -> None:
    """Each mail of the corpus is one object with all keys, each of its kind; labels in the file change nothing."""
    lines = [one | {"to": ["gm@corp.example"], "cc": []} for one in corpus()]
    found = classified(capsys, write_lines(tmp_path / "mails.jsonl", lines))
    bare = [{key: one[key] for key in ("id", "from", "to", "cc", "subject", "body")} for one in lines]
    without = classified(capsys, write_lines(tmp_path / "mails.jsonl", bare))

    assert [one["id"] for one in found] == [one["id"] for one in lines]
    assert all(list(one) == CLASSIFY for one in found)
    assert [] == [wrong for one in found for wrong in _wrong(one)]
    assert found == without


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The configuration of an installation with a case that runs and one that was set aside."""
    with open_desk(tmp_path) as desk:
        desk.receive(mail(), mail("发票代开", "代开各类增值税发票，点数优惠，加微信。", sender="ad@mail-c.example"))
    monkeypatch.setenv("GM_PASSWORD", "-")
    return tmp_path / "maild.toml"


def test_cases_have_every_key(office: Path, capsys: Captured) -> None:
    """`list` is one array with every case, those set aside too; `show` is one object of the same keys."""
    status, out, _ = run(capsys, "case", "list", "--json", "-c", office)
    cases = json.loads(out)

    assert (status, len(cases)) == (0, 2)
    assert "set-aside" in {one["state"] for one in cases}
    assert all(list(one)[: len(CASE)] == CASE for one in cases)
    status, out, _ = run(capsys, "case", "show", "--json", cases[0]["number"], "-c", office)
    assert (status, json.loads(out)) == (0, cases[0])


STATUSES: list[Any] = [
    pytest.param(["case", "show", "GM-2026-999999"], 1, id="no-such-case"),
    pytest.param(["case", "show"], 2, id="case-not-named"),
    pytest.param(["audit", "verify"], 0, id="history-whole"),
    pytest.param(["db", "upgrade"], 0, id="database-up-to-date"),
    pytest.param(["once"], 1, id="servers-away"),
    pytest.param(["doctor"], 1, id="not-well"),
]


@pytest.mark.parametrize(("words", "status"), STATUSES)
def test_the_exit_status_says_how_it_ended(office: Path, capsys: Captured, words: list[str], status: int) -> None:
    """0 done, 1 the thing asked about is not well, 2 wrong usage; what is wrong is told without a traceback."""
    said, _, err = run(capsys, *words, "-c", office)

    assert said == status
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "words",
    [
        ["classify", "--pack", "gm-mailbox", "nowhere.eml"], ["classify", "--pack", "nowhere", "FILE"],
        ["explain", "nowhere.eml"], ["explain", "FILE", "--id", "nobody"], ["eval", "FILE"], ["parse", "nowhere.eml"],
        ["command", "--pack", "gm-mailbox", "nowhere.jsonl"], ["policy", "check", "nowhere"],
        ["sandbox", "--tour", "--now", "2026-11-24T10:00:00+08:00"], ["classify", "--now", "noon", "FILE"],
    ],
)  # fmt: skip
def test_wrong_usage_is_one_sentence(tmp_path: Path, capsys: Captured, words: list[str]) -> None:
    """A wrong name, file or option ends with status 2 and says what, where and how to mend it."""
    file = write_lines(tmp_path / "mails.jsonl", [COMPLAINT, WRONGED])
    status, _, err = run(capsys, *(file if word == "FILE" else word for word in words))

    assert status == 2
    assert err.strip()
    assert "Traceback" not in err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_a_configuration(name: str, capsys: Captured) -> None:
    """`-c FILE` is an option of each."""
    status, out, _ = run(capsys, name, "--help")

    assert status == 0
    assert "-c" in out.split()[2:] or "[-c FILE]" in out


@pytest.mark.parametrize("name", ["classify", "explain", "command", "once", "sandbox"])
def test_these_take_a_clock(name: str, capsys: Captured) -> None:
    """`--now` sets the clock of what depends on it."""
    assert "--now TIME" in run(capsys, name, "--help")[1]


def test_an_unforeseen_error_shows_no_traceback(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of maild itself is one sentence without words of the mail; with --debug it is shown whole."""
    monkeypatch.setattr(classify_command, "as_json", _fails)
    words = ["classify", "--json", "--pack", "gm-mailbox", str(write_lines(tmp_path / "m.jsonl", [COMPLAINT]))]

    status, _, err = run(capsys, *words)
    assert (status, err.count("\n")) == (1, 1)
    assert "KeyError" in err
    assert "secret" not in err
    with pytest.raises(KeyError):
        main([*words, "--debug"])


def _fails(*_: object) -> dict[str, object]:
    raise KeyError("a secret of the mail")
