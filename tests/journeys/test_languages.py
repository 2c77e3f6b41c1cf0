"""People of the directory read in their own language, the reasons of the rules too."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maild.adapters.shipped import shipped
from tests.journeys.desk import TestDesk, open_desk
from tests.journeys.letters import of_kind
from tests.journeys.post import mail

MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
"""Tuesday 09:30 in the office."""
TEXT = "The blender I bought from you on 12 November broke after two days. I want a refund of 399 yuan and an apology."
CHINESE = re.compile(r"[\u4e00-\u9fff]+")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """An installation whose coordinator reads English."""
    people = (shipped("rules") / "gm-mailbox" / "directory.yaml").read_text("utf-8")
    english = re.sub(r"(lin\.xiaoyue@corp\.example, name: 林晓月,)", r"\1 language: en,", people)
    assert english != people
    (tmp_path / "directory.yaml").write_text(english, "utf-8")
    with open_desk(tmp_path) as opened:
        config = tmp_path / "maild.toml"
        text = config.read_text("utf-8")
        config.write_text(text.replace("[[mailbox]]", 'directory = "directory.yaml"\n[[mailbox]]', 1), "utf-8")
        opened.now = MORNING
        opened.one_pass()
        yield opened


def test_an_english_coordinator_reads_english_reasons(desk: TestDesk) -> None:
    """The notice of a new case gives the words of the mail and what they mean to the rules, all in English."""
    letters = desk.receive(mail("Complaint: blender", TEXT, sender="Ann Miles <ann@mail-b.example>"))

    notice = next(letter for letter in of_kind(letters, "manager.notice") if letter.to.startswith("lin.xiaoyue"))
    reasons = notice.text.partition("Why")[2]
    assert "refund" in reasons
    allowed = {"林晓月", "示例公司", "唐宁", "客服经理"}
    assert set(CHINESE.findall(notice.text)) <= allowed
