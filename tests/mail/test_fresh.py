"""What is new in a reply."""

import re
from pathlib import Path

import pytest
import yaml

from maild.mail.banners import BANNERS, without_tags
from maild.mail.fresh import MAX_LINES, fresh_text
from maild.mail.htmlquote import marked_text
from tests.mail import ROOT

CORPUS = ROOT / "tests" / "corpus" / "replies"
FILES = sorted(CORPUS.glob("*.txt"))


def _sections(path: Path) -> dict[str, str]:
    pieces = re.split(r"^%%%% (\w+)\n", path.read_text("utf-8"), flags=re.MULTILINE)
    return {"text": pieces[0], **dict(zip(pieces[1::2], pieces[2::2], strict=True))}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_reply(path: Path) -> None:
    """What the author wrote new is kept, and nothing else, in each client's shape."""
    part = _sections(path)

    fresh = fresh_text(part["text"], part.get("html", ""), author_name=part.get("author", "").strip())

    assert fresh == part["fresh"].strip("\n")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_carriage_returns(path: Path) -> None:
    """Line ends of the wire change nothing (RFC 5322 section 2.1)."""
    part = _sections(path)
    wire = part["text"].replace("\n", "\r\n")

    fresh = fresh_text(wire, part.get("html", ""), author_name=part.get("author", "").strip())

    assert fresh == part["fresh"].strip("\n")


def test_every_file_is_listed() -> None:
    """Each file of the corpus has its line in the README."""
    listed = set(re.findall(r"`([\w-]+)\.txt`", (CORPUS / "README.md").read_text("utf-8")))

    assert listed == {path.stem for path in FILES}


def test_empty() -> None:
    """A mail without text has nothing new."""
    assert fresh_text("") == ""
    assert fresh_text(" \n\t\n", "<p> </p>") == ""


def test_fresh_text_is_stable() -> None:
    """What is new stays new when it is read again."""
    for path in FILES:
        once = _sections(path)["fresh"].strip("\n")
        assert fresh_text(once) == once, path.stem


def test_office_adds_a_banner() -> None:
    """A clerk's own banner line counts beside the shipped ones."""
    text = "== checked by ACME gate ==\n\nWhere is my parcel?"

    assert fresh_text(text, banners=(*BANNERS, r"== checked by \w+ gate ==")) == "Where is my parcel?"
    assert fresh_text(text) == text


def test_banners_file_agrees() -> None:
    """`rules/common/banners.yaml` ships what the parser has built in."""
    shipped = yaml.safe_load((ROOT / "rules" / "common" / "banners.yaml").read_text("utf-8"))

    assert tuple(shipped["banners"]) == BANNERS


@pytest.mark.parametrize(
    ("subject", "plain"),
    [
        ("[EXTERNAL] Broken on arrival", "Broken on arrival"),
        ("【外部邮件】炸锅到货就是坏的", "炸锅到货就是坏的"),
        ("[GM-2026-000142] 请承办", "[GM-2026-000142] 请承办"),
        ("外部审核安排", "外部审核安排"),
    ],
)
def test_subject_tags(subject: str, plain: str) -> None:
    """A gateway's tag is taken off a subject; a case number and a person's words stay."""
    assert without_tags(subject) == plain


@pytest.mark.parametrize(
    "page",
    [
        "<" * 5000,
        "<a " * 3000,
        "<!--" * 3000,
        "<div>" * 5000,
        "</p>" * 5000,
        "&" * 5000,
        "<p title='a>b'>x",
        "a<b and c>d",
    ],
    ids=["angles", "open-tags", "comments", "divs", "closings", "ampersands", "quoted-angle", "formula"],
)
def test_damaged_page(page: str) -> None:
    """A damaged page is read without an error, and does not hide the text beside it."""
    marked_text(page)

    assert fresh_text("My text.", page) == "My text."


@pytest.mark.parametrize(
    "text",
    [
        "On " * 3000,
        "\n" * 20_000,
        ">" * 100_000,
        "在 2025 写道：\n" * 3000,
        "From: a\nTo: b\n" * 3000,
        "-- \n" * 5000,
        "_" * 100_000,
    ],
    ids=["on", "newlines", "marks", "wrote", "labels", "delimiters", "underscores"],
)
def test_hostile_text(text: str) -> None:
    """Texts made to be slow or strange give a result that is no longer than they are."""
    assert len(fresh_text(text)) <= len(text)


def test_only_the_beginning_is_read() -> None:
    """Of a text beyond all bounds the beginning is read."""
    assert fresh_text("a line of text\n" * (2 * MAX_LINES)).count("\n") == MAX_LINES - 1
