"""A case as a zip for a lawyer or an auditor: complete, verifiable without maild, and never in secret."""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from maild.cli.main import main
from tests.journeys.casework import ANSWER, HANDLER, Casework
from tests.journeys.desk import open_desk
from tests.journeys.post import mail

UNMASKED = ("--unmasked", "--reason", "for the auditor")
FILES = {"收据.pdf": b"%PDF-1.4 receipt", "../../evil.sh": b"#!/bin/sh"}


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Casework]:
    """A complaint with attachments that was answered."""
    with open_desk(tmp_path) as desk:
        for name, value in desk.environ.items():
            monkeypatch.setenv(name, value)
        case = Casework(desk=desk)
        case.open()
        case._take(
            desk.receive(
                mail("补充", "补充两份材料", files=FILES, In_Reply_To=str(case.letters[0].message["Message-ID"]))
            )
        )
        case.says(HANDLER, ANSWER, answering="handler.assignment")
        yield case


def exported(work: Casework, *more: str) -> Path:
    """The folder that an export unpacks to."""
    out = work.desk.folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    path = work.desk.folder / "case.zip"
    path.unlink(missing_ok=True)
    config = str(work.desk.folder / "maild.toml")
    assert main(["case", "export", work.case["number"], "-c", config, "--out", str(path), *more]) == 0
    with ZipFile(path) as made:
        made.extractall(out)
    return out / str(work.case["number"])


def verified(folder: Path) -> tuple[int, str]:
    """What the export's own script says, run by a Python that knows no maild."""
    run = subprocess.run([sys.executable, "-I", "-S", str(folder / "verify.py")], capture_output=True, text=True)
    return run.returncode, run.stdout


def test_everything_of_a_case_is_in_its_unmasked_export(work: Casework) -> None:
    """Mails that came and went byte for byte, attachments under safe names, facts, and the history with its hashes."""
    folder = exported(work, *UNMASKED)

    received = [path.read_bytes() for path in sorted((folder / "received").iterdir())]
    own = [number for (number,) in work.desk.rows("select number from mail") if number == work.case["number"]]
    assert len(received) == len(own) >= 2
    assert {path.read_bytes() for path in (folder / "attachments").iterdir()} == set(FILES.values())
    assert {letter.raw for letter in work.letters if letter.to == HANDLER} <= {
        path.read_bytes() for path in (folder / "sent").iterdir()
    }
    assert json.loads((folder / "case.json").read_text("utf-8"))["number"] == work.case["number"]
    assert verified(folder)[0] == 0


def test_an_export_is_text_unless_the_originals_are_asked_for(work: Casework) -> None:
    """Mails go as text; files that nobody could look through stay behind and are named, others go; it verifies."""
    folder = exported(work)

    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert [] == [name for name in names if name.endswith(".eml")]
    assert ["attachments/003-02 evil.sh"] == sorted(name for name in names if name.startswith("attachments"))
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert [("attachments/003-01 收据.pdf", "damaged")] == [
        (one["name"], one["shut"]) for one in manifest["attachments_held_back"]
    ]
    assert manifest["masked"]
    assert "空气炸锅" in (folder / "received" / "001.txt").read_text("utf-8")
    assert verified(folder)[0] == 0


@pytest.mark.parametrize("how", ["event", "cut", "mail", "added", "removed"])
def test_a_change_is_found_without_maild(work: Casework, how: str) -> None:
    """Whoever changes an event or a mail, cuts the end off, adds or removes a file, is named by verify.py."""
    folder = exported(work, *UNMASKED)
    events = folder / "events.jsonl"
    lines = events.read_text("utf-8").splitlines(keepends=True)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    first = min((folder / "received").iterdir())
    if how == "event":
        events.write_text("".join([lines[0].replace('"human": true', '"human": false'), *lines[1:]]), "utf-8")
    elif how == "cut":
        events.write_text("".join(lines[:-1]), "utf-8")
    elif how == "mail":
        first.write_bytes(first.read_bytes() + b" ")
    elif how == "added":
        (folder / "received" / "999 forged.eml").write_bytes(b"From: a@b.example\r\n\r\n")
    else:
        first.unlink()
    if how in {"event", "cut"}:  # a forger who mends the manifest is caught by the chain
        manifest["files"]["events.jsonl"] = hashlib.sha256(events.read_bytes()).hexdigest()
        (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")

    status, said = verified(folder)

    assert status == 1
    assert said.strip()


def test_an_export_is_never_secret(work: Casework) -> None:
    """Who made it and why stands in the history before the file does, and the chain of the database still holds."""
    config, out = str(work.desk.folder / "maild.toml"), str(work.desk.folder / "raw.zip")
    exported(work, "--reason", "for the lawyer")
    exported(work, *UNMASKED)
    assert main(["case", "export", work.case["number"], "-c", config, "--out", out, "--unmasked"]) == 1

    told = [(one["kind"], one["data"]) for one in work.case["events"][-2:]]
    assert told == [("exported", {"reason": "for the lawyer"}), ("exported-unmasked", {"reason": "for the auditor"})]
    assert not Path(out).exists()
    assert main(["audit", "verify", "-c", config]) == 0


def test_a_confidential_case_needs_a_reason(work: Casework, tmp_path: Path) -> None:
    """A complaint about a colleague is exported only with a reason; without one nothing is written."""
    work.start("投诉", "我要投诉仓库主管王强，他上周三当众辱骂我，还扣了我的奖金。", sender="liu.yang@corp.example")
    number = next(case["number"] for case in work.desk.cases() if case["confidential"])
    config, out = str(work.desk.folder / "maild.toml"), tmp_path / "secret.zip"

    assert main(["case", "export", number, "-c", config, "--out", str(out)]) == 1
    assert not out.exists()
    assert main(["case", "export", number, "-c", config, "--out", str(out), "--reason", "监事会调阅"]) == 0
    assert out.stat().st_mode & 0o077 == 0
    raw = ["--out", str(tmp_path / "raw.zip"), "--reason", "监事会调阅", "--unmasked"]
    assert main(["case", "export", number, "-c", config, *raw]) == 1
    assert main(["case", "export", number, "-c", config, *raw, "--with-identity"]) == 0
    assert main(["case", "export", number, "-c", config, "--out", str(out), "--reason", "again"]) == 1


def test_a_case_that_is_not_there_is_named(work: Casework) -> None:
    """A wrong number writes nothing and exits with 1."""
    assert main(["case", "export", "GM-2026-009999", "-c", str(work.desk.folder / "maild.toml")]) == 1
