"""The tour: what it prints is what happened."""

import re
import shutil
from pathlib import Path

import pytest

from maild.adapters.shipped import shipped
from maild.cli.main import main

Captured = pytest.CaptureFixture[str]


def _tour(capsys: Captured, *more: str) -> str:
    assert main(["sandbox", "--tour", *more]) == 0
    return capsys.readouterr().out


@pytest.mark.slow
def test_the_tour_shows_every_mail_and_what_became_of_it(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each mail has a verdict with its words, a handler and a time, or the reason why it became no case."""
    monkeypatch.setenv("LANG", "en_US.UTF-8")

    out = _tour(capsys)

    for expected in (
        "taken for customer complaint", "taken for customer suggestion", "taken for staff complaint",
        "taken for not feedback", "machine-mail", "bounce", "quarantined", "refused (not authenticated)", "appended",
        "逾期督办", "督办", "We have received your message", "物流部就您的来信",
    ):  # fmt: skip
        assert expected in out, expected
    assert re.search(r"all 13 mails are accounted for, 6 cases, \d+ mails sent", out)


@pytest.mark.slow
def test_a_changed_rule_changes_what_the_tour_prints(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nothing printed is made up: take the rules of a type away, and the printed verdict is another one."""
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    rules = tmp_path / "rules"
    shutil.copytree(shipped("rules"), rules)
    complaints = rules / "gm-mailbox" / "rules" / "customer-complaint.yaml"
    weaker = re.sub(r"weight: [\d.]+", "weight: 0.01", complaints.read_text("utf-8"))
    complaints.write_text(weaker, "utf-8")

    shipped_words, changed_words = _verdict(_tour(capsys)), _verdict(_tour(capsys, "--rules", str(rules)))

    assert "taken for customer complaint" in shipped_words
    assert shipped_words.partition("handler")[0] != changed_words.partition("handler")[0]


def _verdict(out: str) -> str:
    """What is printed of the letter about the accounts."""
    return out.partition("chenyan@partner-jiyetrade.example")[2].partition("\n\n")[0]


@pytest.mark.slow
def test_keep_leaves_the_raw_mails(capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With --keep the mails, the database and the settings stay in a folder."""
    monkeypatch.chdir(tmp_path)

    _tour(capsys, "--keep")

    assert list((tmp_path / "maild-demo" / "mails").rglob("*.eml"))
    assert (tmp_path / "maild-demo" / "var" / "maild.db").is_file()
    assert (tmp_path / "maild-demo" / "maild.toml").is_file()
