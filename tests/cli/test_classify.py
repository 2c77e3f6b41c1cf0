"""`maild classify` says what a mail would become, in the keys that other people's scripts read."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.trying import COMPLAINT, CORPUS, NOW, WRONGED, classified, run, write_lines

KEYS = ["file", "id", "type", "confidence", "reasons", "alternatives", "urgency", "sender_role", "customer_kind",
        "subject_class", "names", "confidential", "acknowledge", "missing", "handler", "excluded", "deadlines",
        "summary"]  # fmt: skip
DIRECTORY = """\
units:
  - {id: gm-office, name: 办公室, head: a@corp.example}
  - {id: customer-service, name: 服务台, parent: gm-office, head: b@corp.example}
people:
  - {address: a@corp.example, name: 甲一, unit: gm-office, roles: [gm-office, gm, staff]}
  - {address: b@corp.example, name: 乙二, unit: customer-service, roles: [customer-service, staff]}
domains:
  - {pattern: "mail-*.example", role: consumer}
supervisory_body: [a@corp.example]
"""

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    """A customer's complaint and one of staff, in one file."""
    return write_lines(tmp_path / "mails.jsonl", [COMPLAINT, WRONGED])


def test_the_keys_are_exactly_those_promised(lines: Path, capsys: Captured) -> None:
    """Every object has the keys of the interface, for lines and for raw mails."""
    found = classified(capsys, lines, CORPUS / "01-complaint" / "01-customer.eml")

    assert [list(one) for one in found] == [KEYS] * 3
    assert [set(found[0]["handler"]), set(found[0]["deadlines"][0])] == [{"unit", "person"}, {"kind", "due"}]
    assert {key for one in found for reason in one["reasons"] for key in reason} == {"text", "why", "weight"}
    assert {key for one in found for other in one["alternatives"] for key in other} == {"type", "confidence"}


def test_mails_come_in_the_order_given(lines: Path, capsys: Captured) -> None:
    """File and id tell which mail an object is about."""
    raw = CORPUS / "01-complaint" / "01-customer.eml"

    found = classified(capsys, raw, lines)

    assert [one["file"] for one in found] == [str(raw), str(lines), str(lines)]
    assert [one["id"] for one in found[1:]] == ["m-1", "m-2"]


def test_labels_never_help(tmp_path: Path, capsys: Captured) -> None:
    """Whatever else stands in a line changes nothing."""
    lie = {"type": "directive", "urgency": "low", "names": ["某人"], "sender_role": "gm", "confidential": True}

    plain = classified(capsys, write_lines(tmp_path / "mails.jsonl", [COMPLAINT]))
    labelled = classified(capsys, write_lines(tmp_path / "mails.jsonl", [COMPLAINT | lie]))

    assert plain == labelled


def test_a_customer_is_answered_by_customer_service(lines: Path, capsys: Captured) -> None:
    """A consumer's complaint has a unit by its name, a person by address, and reasons in the words of the mail."""
    found = classified(capsys, lines)[0]

    assert (found["type"], found["customer_kind"], found["sender_role"]) == (
        "customer-complaint",
        "consumer",
        "consumer",
    )
    assert found["handler"] == {"unit": "网络客服部", "person": "tang.ning@corp.example"}
    assert found["acknowledge"] is True
    assert any(reason["text"] in COMPLAINT["subject"] + COMPLAINT["body"] for reason in found["reasons"])


def test_nobody_complained_of_handles_the_case(lines: Path, capsys: Captured) -> None:
    """Whom the mail complains of is excluded with all below, and the handler is none of them."""
    found = classified(capsys, lines)[1]

    assert found["type"] == "staff-complaint"
    assert found["confidential"] is True
    assert "he.zhiqiang@corp.example" in found["excluded"]
    assert found["excluded"] == sorted(found["excluded"])
    assert found["handler"]["person"] not in found["excluded"]
    assert found["handler"]["unit"] == "人力资源部"


def test_deadlines_are_times_of_the_organisation(lines: Path, capsys: Captured) -> None:
    """Due times carry the organisation's offset, count from --now, and leave the clock of idleness out."""
    found = classified(capsys, lines)[0]

    due = {one["kind"]: datetime.fromisoformat(one["due"]) for one in found["deadlines"]}
    assert set(due) == {"accept", "first-answer", "resolve"}
    assert all(at.utcoffset() == timedelta(hours=8) and at > datetime.fromisoformat(NOW) for at in due.values())
    assert due["first-answer"] == datetime.fromisoformat("2026-11-27T18:00:00+08:00")


MACHINES = [
    "06-autoreply-loop/02-out-of-office.eml", "06-autoreply-loop/03-ticket-system.eml",
    "07-bounced-ack/02-dsn-delayed.eml", "07-bounced-ack/03-dsn-failed.eml", "07-bounced-ack/04-provider-bounce.eml",
]  # fmt: skip


@pytest.mark.parametrize("name", MACHINES)
def test_a_machines_mail_is_no_feedback(name: str, capsys: Captured) -> None:
    """Bounces and automatic replies are never acknowledged, nobody handles them, and no clock runs."""
    (found,) = classified(capsys, CORPUS / name)

    assert (found["type"], found["acknowledge"], found["deadlines"]) == ("not-feedback", False, [])
    assert found["handler"] == {"unit": None, "person": None}
    assert found["reasons"]


def test_a_mail_only_copied_to_us_is_for_information(tmp_path: Path, capsys: Captured) -> None:
    """The shared address in Cc alone: no acknowledgement and no clock."""
    copied = COMPLAINT | {"to": ["tang.ning@corp.example"], "cc": ["gm@corp.example"]}

    (found,) = classified(capsys, write_lines(tmp_path / "mails.jsonl", [copied]))

    assert (found["acknowledge"], found["deadlines"]) == (False, [])


def test_a_plus_address_is_ours_too(tmp_path: Path, capsys: Captured) -> None:
    """A mail to the shared address with a tag is a mail to the shared address (RFC 5233)."""
    tagged = COMPLAINT | {"to": ["gm+ticket@corp.example"]}

    (found,) = classified(capsys, write_lines(tmp_path / "mails.jsonl", [tagged]))

    assert found["acknowledge"] is True


def test_the_shared_address_can_be_named(tmp_path: Path, capsys: Captured) -> None:
    """--mailbox says which address is ours where a mail does not show it."""
    copied = COMPLAINT | {"to": ["club@elsewhere.example"], "cc": ["gm@corp.example"]}
    lines = write_lines(tmp_path / "mails.jsonl", [copied])

    assert classified(capsys, lines)[0]["acknowledge"] is False
    assert classified(capsys, lines, "--mailbox", "club@elsewhere.example")[0]["acknowledge"] is True


def test_another_directory_gives_other_people(lines: Path, tmp_path: Path, capsys: Captured) -> None:
    """--directory takes the place of the sample organisation."""
    path = tmp_path / "directory.yaml"
    path.write_text(DIRECTORY, "utf-8")

    found = classified(capsys, lines, "--directory", path)[0]

    assert found["handler"] == {"unit": "服务台", "person": "b@corp.example"}


def test_a_config_gives_zone_and_directory_without_its_passwords(
    lines: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """maild.toml in this folder is used, and a password that is not set does not matter here."""
    (tmp_path / "people.yaml").write_text(DIRECTORY, "utf-8")
    (tmp_path / "maild.toml").write_text(
        '[organisation]\ntimezone = "Asia/Tokyo"\ndirectory = "people.yaml"\n[[mailbox]]\naddress = "gm@corp.example"\n'
        'imap = {host = "imap.corp.example", password_env = "MAILD_NOT_SET"}\nsmtp = {host = "smtp.corp.example"}\n',
        "utf-8",
    )
    monkeypatch.chdir(tmp_path)

    found = classified(capsys, lines)[0]

    assert found["handler"]["unit"] == "服务台"
    assert all(one["due"].endswith("+09:00") for one in found["deadlines"])


def test_nothing_is_stored(lines: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trying a mail out leaves no file behind."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)

    classified(capsys, lines)

    assert list(here.iterdir()) == []


def test_a_person_gets_a_line_a_mail(lines: Path, capsys: Captured) -> None:
    """Without --json each mail is one line with type, handler and first deadline."""
    status, out, _ = run(capsys, "classify", "--pack", "gm-mailbox", "--now", NOW, lines)

    assert status == 0
    assert [line.count("\n") for line in out.splitlines()] == [0, 0]
    assert "customer-complaint" in out.splitlines()[0]
    assert "网络客服部 tang.ning@corp.example" in out.splitlines()[0]


WRONG: list[tuple[str, list[object], str]] = [
    ("a missing file", ["--pack", "gm-mailbox", "none.eml"], "none.eml: there is no such file; check the path."),
    ("an unknown pack", ["--pack", "gm-mailbx"], "There is no policy pack 'gm-mailbx'; choose one of: "),
    ("a missing directory", ["--pack", "gm-mailbox", "--directory", "none.yaml"], "none.yaml: there is no such"),
    ("a missing rules folder", ["--pack", "gm-mailbox", "--rules", "none"], "none: there is no such folder"),
]


@pytest.mark.parametrize(("words", "sentence"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_wrong_usage_is_one_sentence(words: list[object], sentence: str, lines: Path, capsys: Captured) -> None:
    """Exit status 2, one sentence on stderr, nothing on stdout."""
    status, out, err = run(capsys, "classify", "--json", *words, lines)

    assert (status, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


def test_a_broken_line_is_named(tmp_path: Path, capsys: Captured) -> None:
    """A line that is not JSON is told by file and number."""
    path = tmp_path / "mails.jsonl"
    path.write_text(json.dumps(COMPLAINT) + "\n{half\n", "utf-8")

    status, _, err = run(capsys, "classify", "--json", "--pack", "gm-mailbox", path)

    assert status == 2
    assert "mails.jsonl:2: this line is not JSON" in err


ODD: list[dict[str, Any]] = [
    {}, {"id": 7}, {"from": None, "to": "gm@corp.example", "subject": 3, "body": None}, {"from": ["a@b.example"]},
    {"body": "\x00\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace") * 50}, {"body": "转" * 30_000},
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_lines_are_judged_all_the_same(odd: dict[str, Any], tmp_path: Path, capsys: Captured) -> None:
    """Missing and mistyped keys are read as empty, never as an error."""
    (found,) = classified(capsys, write_lines(tmp_path / "mails.jsonl", [odd]))

    assert list(found) == KEYS


def test_reasons_are_told_in_the_readers_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--lang en` says in English what the words of the mail mean; the words themselves stay as written."""
    file = write_lines(tmp_path / "mails.jsonl", [COMPLAINT])
    (chinese,), (english,) = classified(capsys, file), classified(capsys, "--lang", "en", file)

    assert [one["text"] for one in chinese["reasons"]] == [one["text"] for one in english["reasons"]]
    assert all(re.search("[\u4e00-\u9fff]", one["why"]) for one in chinese["reasons"])
    assert all(one["why"].isascii() for one in english["reasons"])
