"""`maild eval`: how well labelled mails are classified."""

import json
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
