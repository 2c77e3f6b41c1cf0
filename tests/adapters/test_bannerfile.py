"""`banners.yaml`: shipped and own patterns, and what a clerk may write there."""

from pathlib import Path

import pytest

from maild.adapters.bannerfile import read_marks
from maild.errors import Misconfigured
from maild.mail.banners import MARKS
from maild.mail.parse import parse


def own(folder: Path, text: str) -> Path:
    """An office's rules folder with this banners.yaml."""
    (folder / "banners.yaml").write_text(text, "utf-8")
    return folder


def test_the_shipped_file_is_what_the_parser_knows() -> None:
    """Without an office's own file the shipped one counts, and it says what is built in."""
    assert read_marks() == MARKS


def test_own_lines_and_tags_come_on_top(tmp_path: Path) -> None:
    """The office's banner and subject tag are taken off beside the shipped ones, and a removed one is left standing."""
    marks = read_marks(own(tmp_path, "banners: ['本邮件已由安宁网关检测']\ntags: ['安宁']\nremove: ['bulk']\n"))
    raw = "From: a@mail-a.example\r\nSubject: [安宁][EXTERNAL] 投诉\r\n\r\n本邮件已由安宁网关检测，编号 7\r\n货没到。\r\n".encode()

    mail = parse(raw, marks)

    assert (mail.fresh_text, mail.topic) == ("货没到。", "投诉")
    assert "bulk" not in marks.tags
    assert parse(raw).topic == "[安宁][EXTERNAL] 投诉"


@pytest.mark.parametrize(
    ("pattern", "mend"),
    [("(a+)+b", "very long"), ("(x|x)*y", "very long"), ("a*b*c*d*e", "very long"), ("(", "no pattern"),
     (".*", "empty line"), ("x" * 600, "longer"), (r"(a)\1", "very long")],
)  # fmt: skip
def test_a_slow_or_wrong_pattern_is_refused(tmp_path: Path, pattern: str, mend: str) -> None:
    """A pattern that could hold up the mailbox, or fits everything, is named with file, line and mend."""
    with pytest.raises(Misconfigured, match=rf"banners.yaml:2:.*{mend}"):
        read_marks(own(tmp_path, f"banners:\n  - '{pattern}'\n"))
