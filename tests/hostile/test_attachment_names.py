"""The names and types of attachments.

The attacker wants a file written outside its folder, a program taken for a document, or a name that breaks the letter
or the archive. Held: files lie under their content hash, names are cleaned where they are read, an ending that runs is
marked, and nothing is executed.

Elsewhere: dangerous names and nameless parts in `tests/journeys/test_odd_mails.py`, names of all scripts in
`tests/mail/test_parse.py`, files by number in `tests/journeys/test_attachments.py`.
"""

import re
import zipfile
from pathlib import Path

import pytest

from maild.cli.main import main
from tests.hostile.attack import EVIL, attack, headers, raw
from tests.journeys.casework import COORDINATOR, Casework

NAMES = [
    "../../../../tmp/pwned", "..\\..\\windows\\system32\\x.dll", "/etc/cron.d/pwned", "C:\\autoexec.bat", "~/.ssh/authorized_keys",
    "CON", "nul.txt", "a:b", "..", ".", "", " ", "-rf", "--help", "a\x00.pdf.exe", "invoice\u202efdp.exe", "a" * 5000 + ".pdf",
    "报告" * 400 + ".docx", "same.pdf", "same.pdf", "SAME.PDF", "a\r\nX-Evil: 1", 'a"; name="b', "a;b=c.pdf", "|id", "$(id).pdf",
    "`id`.pdf", "manifest.json", "verify.py", "events.jsonl", "a/b/c.pdf", "..;/..;/x", "%2e%2e%2f%2e%2e%2fx", "．．／x",
]  # fmt: skip
TYPES = [
    "application/x-msdownload; x",
    "text/html",
    "message/rfc822",
    "multipart/mixed",
    "a/b/c",
    "\x00/x",
    "image/svg+xml",
]


def parts() -> str:
    """A complaint with a file of each name and each type."""
    files = [(name, "application/pdf") for name in NAMES] + [(f"{n}.pdf", kind) for n, kind in enumerate(TYPES)]
    pieces = ["Content-Type: text/plain; charset=utf-8\r\n\r\n投诉：我的订单三周没有发货，要求退款，证据见附件。"]
    pieces += [
        f'Content-Type: {kind}\r\nContent-Disposition: attachment; filename="{name}"\r\n\r\nfile {n}'
        for n, (name, kind) in enumerate(files)
    ]
    return "".join(f"--b\r\n{piece}\r\n" for piece in pieces) + "--b--"


def test_no_name_leaves_its_folder(work: Casework, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through archive, letters and the export of the case: every file stays a plain name, and none is lost."""
    before = set(tmp_path.rglob("*"))
    letters = attack(work, raw(f"From: {EVIL}\r\nContent-Type: multipart/mixed; boundary=b", parts()))
    notice = next(letter for letter in letters if letter.to == COORDINATOR)
    number = max(str(case["number"]) for case in work.desk.cases())

    for name, said in headers(notice):
        if name in {"content-disposition", "content-type"}:
            assert not re.search(r"[/\\]", said.partition("name=")[2]), said
            assert "\u202e" not in said
    config, path = str(tmp_path / "maild.toml"), tmp_path / "case.zip"
    work.desk.restart()
    for variable, said in work.desk.environ.items():
        monkeypatch.setenv(variable, said)
    assert main(["case", "export", number, "-c", config, "--out", str(path)]) == 0
    with zipfile.ZipFile(path) as folder:
        inside = [name for name in folder.namelist() if "/attachments/" in name]
        assert len(inside) == len(set(map(str.lower, inside))) >= len(NAMES)
        assert not [name for name in folder.namelist() if ".." in Path(name).parts or name.startswith(("/", "\\"))]
        assert {one.split("/")[0] for one in folder.namelist()} == {folder.namelist()[0].split("/")[0]}
    made = {one.relative_to(tmp_path).parts[0] for one in set(tmp_path.rglob("*")) - before}
    assert made <= {"var", "case.zip"}
