"""`maild parse --json`: every key, for every input, one line a mail (parse-contract.md)."""

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from maild.cli import parse as command
from maild.domain.message import Address, Automatic, Delivery, DeliveryReport, FailedRecipient, Mail
from maild.mail.contract import as_json
from maild.mail.parse import parse

KEYS = [
    *("file", "message_id", "in_reply_to", "references", "from", "to", "cc", "subject", "date", "text", "fresh_text"),
    *(
        "html",
        "attachments",
        "linked_files",
        "locked",
        "wordless",
        "is_bounce",
        "bounce_recipients",
        "bounce_status",
        "is_auto_reply",
        "auto_reason",
    ),
    *("is_list", "lang", "charset_defects", "defects"),
]
CORPUS = Path(__file__).parents[1] / "corpus" / "decoding"
NOBODY = Address(address="")


def printed(capfdbinary: pytest.CaptureFixture[bytes], *files: str) -> tuple[int, list[dict[str, Any]]]:
    """Exit status and the lines that the command prints."""
    parser = argparse.ArgumentParser()
    command.arguments(parser)
    status = command.run(parser.parse_args(["--json", *files]))
    return status, [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]


def test_every_key_for_every_mail(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """Each file has its line with all keys, in the order given, and the status is 0."""
    files = [str(path) for path in sorted(CORPUS.glob("*.eml"))]

    status, lines = printed(capfdbinary, *files)

    assert status == 0
    assert [line["file"] for line in lines] == files
    assert all(list(line) == KEYS for line in lines)


def test_missing_file(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """A path that cannot be read is a usage error; the other files are answered."""
    status, lines = printed(capfdbinary, "/nowhere/x.eml", str(CORPUS / "empty.eml"))

    assert status == 2
    assert [line["subject"] for line in lines] == [""]


def test_file_name_of_another_charset(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """A file name that is no UTF-8 is printed as UTF-8 all the same."""
    name = os.fsdecode(os.fsencode(tmp_path) + b"/\xcd\xb6.eml")
    Path(name).write_bytes(b"Subject: x\n\n")

    status, lines = printed(capfdbinary, name)

    assert (status, lines[0]["subject"]) == (0, "x")


def test_stuck_reading_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reading that takes too long is stopped, its beginning told, and the next mail read as usual."""
    line = command.json_line
    monkeypatch.setattr(command, "json_line", lambda raw, file: time.sleep(60) if b"stuck" in raw else line(raw, file))

    with command.Worker(deadline=0.3) as worker:
        one = json.loads(worker.line(b"Subject: stuck\n\nwords", "1"))
        two = json.loads(worker.line(b"Subject: fine\n\nwords", "2"))

    assert (one["subject"], one["defects"][0]) == ("stuck", "could not be read in time")
    assert (two["subject"], "could not be read in time" in two["defects"]) == ("fine", False)


def test_dead_worker_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reading that kills its process is answered like one that takes too long."""
    monkeypatch.setattr(command, "json_line", lambda raw, file: os._exit(9))  # noqa: ARG005

    with command.Worker() as worker:
        assert json.loads(worker.line(b"Subject: deadly\n\nwords", "1"))["subject"] == "deadly"


@pytest.mark.parametrize(
    ("action", "bounce"), [(Delivery.FAILED, True), (Delivery.DELAYED, False), (Delivery.DELIVERED, False)]
)
def test_only_failure_is_a_bounce(action: Delivery, bounce: bool) -> None:
    """Delay warnings and reports of success are none, and name nobody."""
    report = DeliveryReport(action=action, recipients=(FailedRecipient(address="a@x.example", status="5.1.1"),))

    said = as_json(Mail(author=NOBODY, report=report), "f")

    assert said["is_bounce"] is bounce
    assert said["bounce_recipients"] == (["a@x.example"] if bounce else [])
    assert said["bounce_status"] == ("5.1.1" if bounce else None)


@pytest.mark.parametrize(
    ("kind", "automatic", "is_list"),
    [
        (None, False, False),
        (Automatic.REPLY, True, False),
        (Automatic.LIST, True, True),
        (Automatic.SPAM, False, False),
    ],
)
def test_automatic_mail(kind: Automatic | None, automatic: bool, is_list: bool) -> None:
    """What a machine sent is told apart from what a provider merely marked."""
    said = as_json(Mail(author=NOBODY, automatic=kind), "f")

    assert (said["is_auto_reply"], said["is_list"]) == (automatic, is_list)


def test_author_as_written() -> None:
    """The author's address keeps the capitals that its writer gave it."""
    said = as_json(parse(b"From: Bob <Bob.Jones@X.example>\n\n"), "f")

    assert said["from"] == {"name": "Bob", "address": "Bob.Jones@X.example"}
    assert as_json(parse(b"Subject: x\n\n"), "f")["from"] is None
