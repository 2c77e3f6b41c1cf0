"""`maild explain` shows a person why a mail is what it is, and what would be answered."""

import html
import re
from pathlib import Path

import pytest

from tests.cli.trying import COMPLAINT, CORPUS, NOW, WRONGED, run, write_lines
from tests.mail import ROOT

Captured = pytest.CaptureFixture[str]


def _text(capsys: Captured, *words: object) -> str:
    status, out, err = run(capsys, "explain", "--now", NOW, *words)
    assert (status, err) == (0, "")
    return out


def _page(capsys: Captured, tmp_path: Path, *words: object) -> str:
    path = tmp_path / "page.html"
    _text(capsys, "--html", path, *words)
    return path.read_text("utf-8")


def test_the_whole_way_is_told(tmp_path: Path, capsys: Captured) -> None:
    """Type, reasons with rules, handler with route, deadlines with weekday, and the acknowledgement."""
    out = _text(capsys, write_lines(tmp_path / "mails.jsonl", [COMPLAINT]))

    for words in ("客户投诉，把握", "理由", "customer-redress", "网络客服部 唐宁 <tang.ning@corp.example>",
                  "规则 consumer：消费者由网络客服部答复并跟到底", "首次答复：11月27日（周五）18:00",
                  "将发出的受理回执", "事项编号：GM-2026-000000", "其他可能"):  # fmt: skip
        assert words in out


def test_english_is_spoken_too(tmp_path: Path, capsys: Captured) -> None:
    """With --lang en the explanation is English; the acknowledgement keeps the requester's language."""
    out = _text(capsys, "--lang", "en", write_lines(tmp_path / "mails.jsonl", [COMPLAINT]))

    assert "customer complaint, " in out
    assert "Fri 27 Nov 18:00" in out
    assert "您的来信已受理" in out
    assert "wants redress" in out
    assert "Customer Service" in out


def test_who_is_excluded_is_named(tmp_path: Path, capsys: Captured) -> None:
    """The person complained of stands among the excluded, the words are marked, the acknowledgement is neutral."""
    page = _page(capsys, tmp_path, write_lines(tmp_path / "mails.jsonl", [WRONGED]))

    assert re.search(r'<mark class="name"[^>]*>[^<]*何志强', page)
    assert "何志强 &lt;he.zhiqiang@corp.example&gt;" in page
    assert "何志强" not in html.unescape(re.search(r'srcdoc="([^"]*)"', page)[1])  # type: ignore[index]


def test_nothing_of_a_mail_becomes_markup(tmp_path: Path, capsys: Captured) -> None:
    """Text, subject and sender of a mail are shown, never executed."""
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
    mail = COMPLAINT | {"from": f'"{evil}" <x@mail-b.example>', "subject": evil, "body": evil + COMPLAINT["body"]}

    page = _page(capsys, tmp_path, write_lines(tmp_path / "mails.jsonl", [mail]))

    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page


def test_the_page_stands_alone(tmp_path: Path, capsys: Captured) -> None:
    """The page loads nothing from elsewhere, names its language and is made for light and dark."""
    page = _page(capsys, tmp_path, write_lines(tmp_path / "mails.jsonl", [COMPLAINT]))

    assert '<html lang="zh-CN">' in page
    assert "prefers-color-scheme: dark" in page
    assert not re.search(r"""(?:src|href)\s*=|url\(|@import|https?:""", page)


def test_highlighted_words_are_the_words_of_the_mail(tmp_path: Path, capsys: Captured) -> None:
    """Without its marks the shown text is the mail's own, and what counted for the type is marked."""
    page = _page(capsys, tmp_path, write_lines(tmp_path / "mails.jsonl", [COMPLAINT]))

    shown = re.search(r'<p class="mail">(.*?)</p>', page, re.DOTALL)[1]  # type: ignore[index]
    plain = html.unescape(re.sub(r"<[^>]+>", "", shown))
    assert plain.strip() in str(COMPLAINT["body"])
    assert '<mark class="for"' in shown


def test_a_machines_mail_says_why_it_is_not_answered(capsys: Captured) -> None:
    """An automatic reply shows the header or words that give it away, and that nobody answers it."""
    out = _text(capsys, CORPUS / "06-autoreply-loop" / "02-out-of-office.eml")

    assert "非反馈来信" in out
    assert "不发受理回执" in out
    assert "RFC 3834" in out


def test_a_mail_cannot_command_the_terminal(tmp_path: Path, capsys: Captured) -> None:
    """Escape sequences and hidden characters of a mail never reach the screen."""
    mail = COMPLAINT | {"subject": "投诉\x1b[2J\u202e", "body": "漏电\x1b]0;x\x07，我要求退款。\u202e"}

    out = _text(capsys, write_lines(tmp_path / "mails.jsonl", [mail]))

    assert not re.search("[\x1b\x07\u202e]", out)


def test_a_terminal_gets_colours(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that counted are coloured on a terminal, and nowhere with NO_COLOR."""
    path = write_lines(tmp_path / "mails.jsonl", [COMPLAINT])
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)

    assert "\x1b[1;30;43m" in _text(capsys, path)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in _text(capsys, path)


def test_a_line_is_chosen_by_its_id(tmp_path: Path, capsys: Captured) -> None:
    """--id takes one mail of many; an id that is not there is one sentence and exit status 2."""
    path = write_lines(tmp_path / "mails.jsonl", [COMPLAINT, WRONGED])

    assert "员工投诉" in _text(capsys, path, "--id", "m-2")
    status, out, err = run(capsys, "explain", path, "--id", "m-9")
    assert (status, out) == (2, "")
    assert "there is no mail m-9 in it" in err


def test_a_page_that_cannot_be_written_is_told(tmp_path: Path, capsys: Captured) -> None:
    """A wrong --html is one sentence and exit status 2."""
    path = write_lines(tmp_path / "mails.jsonl", [COMPLAINT])

    status, _, err = run(capsys, "explain", path, "--html", tmp_path / "none" / "page.html")

    assert status == 2
    assert "cannot be written" in err


@pytest.mark.parametrize(
    ("name", "language", "line"),
    [
        ("invitation", "zh", "会议邀请：设备故障现场会, 请带记录 · 2026-12-01 14:00"),
        ("invitation", "en", "invitation: 设备故障现场会"),
        ("contact", "zh", "联系人名片："),
        ("contact", "en", "contact: "),
    ],
)
def test_invitations_and_contacts_are_shown(name: str, language: str, line: str, capsys: Captured) -> None:
    """What a mail brings besides its text stands there as it was found: the event, and whom a card names."""
    out = _text(capsys, "--lang", language, ROOT / "tests" / "corpus" / "odd" / f"{name}.eml")

    assert line in out.replace("： ", "：")
