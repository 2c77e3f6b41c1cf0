"""Running a command as a person does, and small mails to try."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from maild.adapters.shipped import shipped
from maild.cli.main import main

CORPUS = Path(__file__).parent.parent / "corpus" / "threads"
NOW = "2026-11-24T10:00:00+08:00"
"""A Tuesday."""
COMPLAINT: dict[str, Any] = {
    "id": "m-1",
    "from": "孙秀兰 <sun.xiulan@mail-b.example>",
    "to": ["gm@corp.example"],
    "cc": [],
    "subject": "投诉：电饭煲坏了",
    "body": "你们好，11月20日在网上买的电饭煲用两天就坏了，客服一直不处理。\n我要求退货退款，并赔偿损失。\n孙秀兰",
}
WRONGED: dict[str, Any] = {
    "id": "m-2",
    "from": "李晓梅 <li.xiaomei@mail-a.example>",
    "to": ["gm@corp.example"],
    "cc": [],
    "subject": "投诉物流部经理何志强",
    "body": "我是物流部仓库的员工。物流部经理何志强扣了我三个月的加班费，还当众骂我。\n"
    "我要投诉他，请补发加班费，请为我保密。",
}


def write_lines(path: Path, mails: Sequence[dict[str, Any]]) -> Path:
    """A .jsonl of these mails."""
    path.write_text("".join(json.dumps(mail, ensure_ascii=False) + "\n" for mail in mails), "utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of a command."""
    capsys.readouterr()
    try:
        status = main([str(word) for word in words])
    except SystemExit as stop:
        status = int(stop.code or 0)
    out, err = capsys.readouterr()
    return status, out, err


def classified(capsys: pytest.CaptureFixture[str], *words: object) -> list[dict[str, Any]]:
    """The objects that `maild classify --json` prints for the default pack."""
    status, out, err = run(capsys, "classify", "--json", "--pack", "gm-mailbox", "--now", NOW, *words)
    assert (status, err) == (0, "")
    return [json.loads(line) for line in out.splitlines()]


def own_rules(tmp_path: Path) -> Path:
    """A copy of the shipped rules that a clerk may change."""
    return Path(shutil.copytree(shipped("rules"), tmp_path / "rules"))
