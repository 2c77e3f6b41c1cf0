"""`maild eval`: how well labelled mails are classified."""

import json
import sys
from pathlib import Path

import pytest

from maild.cli.main import main

LETTERS = [
    ("采购部主管黎军每天下班前开会骂人，请领导管管。", ["采购部主管黎军"]),
    ("市场部韩主管每天下班前开会骂人，求领导管管。", ["韩主管", "旧名字"]),
    ("建议食堂晚上多开一个窗口，每周三次就够。", []),
]


def test_names_are_counted_beside_the_types(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Precision and recall of names stand in the report; a label without names leaves its mail out."""
    lines = [
        {"id": str(n), "from": "a <somebody@corp.example>", "to": ["gm@corp.example"], "cc": [], "subject": "来信",
         "body": body, "type": "staff-complaint", "names": names}
        for n, (body, names) in enumerate(LETTERS)
    ]  # fmt: skip
    lines.append({**lines[0], "id": "9", "body": "投诉王强骂人，请处理。"})
    del lines[-1]["names"]
    file = tmp_path / "mails.jsonl"
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")

    assert main(["eval", "--json", str(file)]) == 0
    names = json.loads(capsys.readouterr().out)["names"]
    assert names == {"labelled": 3, "said": 2, "precision": 1.0, "recall": 0.6667}

    assert main(["eval", str(file)]) == 0
    assert "names                       3      2     100.0%    66.7%" in capsys.readouterr().out


def _two(tmp_path: Path) -> Path:
    file = tmp_path / "mails.jsonl"
    lines = [
        {"id": "1", "from": "a <somebody@corp.example>", "to": ["gm@corp.example"], "cc": [], "subject": "来信",
         "body": body, "type": kind}
        for body, kind in ((LETTERS[1][0], "staff-complaint"), (LETTERS[2][0], "directive"))
    ]  # fmt: skip
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    return file


def test_the_confusion_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--plot` saves a picture of what was taken for what in the folder where one is."""
    file = _two(tmp_path)
    monkeypatch.chdir(tmp_path)

    assert main(["eval", "--plot", str(file)]) == 0

    assert (tmp_path / "confusion.png").read_bytes().startswith(b"\x89PNG")


def test_a_picture_without_its_extra_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without matplotlib `--plot` names the extra to install."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    monkeypatch.setitem(sys.modules, "matplotlib.backends.backend_agg", None)

    assert main(["eval", "--plot", str(_two(tmp_path))]) == 2

    assert "pip install maild[charts]" in capsys.readouterr().err
