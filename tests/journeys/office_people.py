"""An office whose directory a test edits, as a clerk does: entries taken out, put back, changed."""

import re
from pathlib import Path

from maild.adapters.shipped import shipped
from tests.journeys.desk import TestDesk

HEAD, DEPUTY = "he.zhiqiang@corp.example", "wang.lei@corp.example"
ABOVE = "wu.jianhua@corp.example"


def own_directory(desk: TestDesk) -> Path:
    """The sample organisation as a file of this office's own."""
    path = desk.folder / "directory.yaml"
    path.write_text((shipped("rules") / "gm-mailbox" / "directory.yaml").read_text("utf-8"), "utf-8")
    settings = desk.folder / "maild.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("[organisation]\n", '[organisation]\ndirectory = "directory.yaml"\n'), "utf-8")
    return path


def without(path: Path, *people: str) -> None:
    """Their entries under `people` taken out; whoever else names them goes on doing so."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    gone = re.compile("|".join(rf"^  - \{{address: \[?{re.escape(one)}[,\]]" for one in people))
    kept = [line for line in lines if not gone.match(line)]
    assert len(lines) - len(kept) == len(people)
    path.write_text("".join(kept), "utf-8")


def replaced(path: Path, old: str, new: str) -> None:
    """One wording for another, everywhere in the file."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
