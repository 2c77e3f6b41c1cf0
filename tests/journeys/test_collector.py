"""Everything that can be taken out of an office with a sealed letter: exports, sheets, lists, figures (security.md)."""

import re
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pytest

from maild.adapters.healthserver import metrics
from maild.cli.main import main
from maild.vitals import Vitals
from tests.journeys.desk import PASSWORD, TestDesk, open_desk
from tests.journeys.letters import of_kind, telling, to
from tests.journeys.test_seal import ADDRESS, ALIAS, FILE, MORNING, NAME, SECRETS, SUBJECT, life_of, told, written

HR = "zhou.min@corp.example"
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


@pytest.fixture(name="desk")
def _desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestDesk]:
    """An office with a seal, in which a complaint was written, handled and waited for."""
    (tmp_path / "office").mkdir()
    with open_desk(tmp_path / "office") as opened:
        monkeypatch.setenv("GM_PASSWORD", PASSWORD)
        monkeypatch.setenv("MAILD_STORE__URL", opened.environ["MAILD_STORE__URL"])
        opened.now = MORNING
        opened.one_pass()
        life_of(opened)
        yield opened


def ran(desk: TestDesk, *words: str) -> int:
    """A command of this office."""
    return main([*words, "-c", str(desk.folder / "maild.toml")])


def contents(path: Path) -> Iterator[bytes]:
    """A file as it is, what is packed in it, and the streams of a PDF."""
    content = path.read_bytes()
    yield content
    if is_zipfile(path):
        with ZipFile(path) as packed:
            for name in packed.namelist():
                inner = packed.read(name)
                yield name.encode()
                yield inner
                if name.endswith((".pdf", ".xlsx", ".docx")):
                    (path.parent / "inner").write_bytes(inner)
                    yield from contents(path.parent / "inner")
    for stream in STREAM.findall(content) if content.startswith(b"%PDF") else ():
        try:
            yield zlib.decompress(stream)
        except zlib.error:
            yield stream


def number_of(desk: TestDesk) -> str:
    """The sealed case."""
    return str(next(case["number"] for case in desk.cases() if case["confidential"]))


def test_nothing_that_is_taken_out_tells_who_wrote(
    desk: TestDesk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Export, sheet, ledger, circulations, search, retention, verification: files and words know an alias alone."""
    number, out = number_of(desk), tmp_path / "out"
    out.mkdir()
    capsys.readouterr()
    for status, words in (
        (0, ["case", "export", number, "--reason", "监事会调阅", "--out", str(out / "case.zip")]),
        (0, ["case", "print", number, "--out", str(out / "sheet.pdf")]),
        (0, ["case", "show", number, "--json"]), (0, ["case", "list", "--json"]),
        (0, ["ledger", "list", "--json"]), (0, ["ledger", "list", "--xlsx", str(out / "ledger.xlsx")]),
        (0, ["circulate", "list", "--json"]), (0, ["search", "柜子"]), (1, ["search", NAME]),
        (0, ["audit", "verify", "--json"]), (0, ["retain", "--dry-run", "--json"]),
        (0, ["erase", ADDRESS.replace("longxw1987", "nobody"), "--dry-run"]), (0, ["erase", number, "--dry-run"]),
    ):  # fmt: skip
        assert status == ran(desk, *words), words
    said = capsys.readouterr()

    assert [] == told((said.out + said.err).encode())
    found = {path.name: [word for part in contents(path) for word in told(part)] for path in out.iterdir()}
    assert {} == {name: words for name, words in found.items() if words}
    assert {"case.zip", "sheet.pdf", "ledger.xlsx"} <= set(found)


def test_the_export_under_the_alias_is_whole_and_verifies(desk: TestDesk, tmp_path: Path) -> None:
    """Facts, history, mails as text and the sheet are there, attachments are not, and the script finds it sound."""
    number, out = number_of(desk), tmp_path / "out"
    assert 0 == ran(desk, "case", "export", number, "--reason", "监事会调阅", "--out", str(tmp_path / "case.zip"))
    with ZipFile(tmp_path / "case.zip") as packed:
        packed.extractall(out)
        names = packed.namelist()

    assert {"case.json", "events.jsonl", "manifest.json", "summary.pdf", "verify.py"} <= {
        name.rpartition("/")[2] for name in names
    }
    assert [] == [name for name in names if "attachments/" in name or name.endswith(".eml") or FILE in name]
    texts = "".join(path.read_text("utf-8") for path in out.rglob("*.txt"))
    assert "班长覃大勇" in texts
    assert ALIAS.search(texts)
    run = subprocess.run([sys.executable, "-I", str(out / number / "verify.py")], capture_output=True, text=True)
    assert (0, True) == (run.returncode, "events hold" in run.stdout)
    events = out / number / "events.jsonl"
    events.write_text(events.read_text("utf-8").replace('"kind": "assigned"', '"kind": "routed"', 1), "utf-8")
    assert 1 == subprocess.run([sys.executable, "-I", str(out / number / "verify.py")], capture_output=True).returncode


def test_with_the_identity_the_seal_holders_hear_of_it(desk: TestDesk, tmp_path: Path) -> None:
    """The letter itself is in it, its history says who took it and why, and HR and the GM office are told."""
    number = number_of(desk)
    assert 1 == ran(desk, "case", "export", number, "--with-identity", "--out", str(tmp_path / "case.zip"))
    assert 0 == ran(
        desk, "case", "export", number, "--with-identity", "--reason", "法院调取", "--out", str(tmp_path / "case.zip")
    )
    letters = desk.one_pass()

    with ZipFile(tmp_path / "case.zip") as packed:
        raws = b"".join(packed.read(name) for name in packed.namelist())
    assert NAME in told(raws)
    event = next(case for case in desk.cases() if case["number"] == number)["events"][-1]
    assert ("exported", True, "法院调取") == (event["kind"], event["data"]["identity"], event["data"]["reason"])
    notices = of_kind(letters, "manager.unsealed")
    assert {"zhou.min@corp.example", "you.jia@corp.example"} & {one.to for one in notices}
    assert [] == telling(notices, *SECRETS)
    assert all("法院调取" in one.text for one in notices)


def test_status_and_search_by_mail_know_the_alias_alone(desk: TestDesk) -> None:
    """Whoever may find the case by mail finds it under its alias; a colleague does not find it."""
    number = number_of(desk)
    letters = written(desk, f"状态 {number}", "状态", sender=HR)
    found = written(desk, f"查 {SUBJECT}", "状态", sender="feng.xia@corp.example")
    letters += found
    letters += written(desk, f"状态 {number}", "状态", sender="feng.xia@corp.example")

    assert [] == [(one.to, one.kind) for one in letters if told(one.raw)]
    assert [] == telling(to(found, "feng.xia@corp.example"), number)


def test_figures_tell_nobody(desk: TestDesk) -> None:
    """`/metrics` and `/healthz` are counts: no name, address, subject or case."""
    workshop = desk.workshop()
    health = Vitals(workshop, []).health()
    said = metrics(health) + str(health)

    assert "maild_" in said
    assert [] == told(said.encode())
    assert number_of(desk) not in said
    assert SUBJECT not in said
