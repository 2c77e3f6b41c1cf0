"""From bytes to values: what people wrote comes out, however their mailers packed it."""

import base64
import hashlib
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maild.domain.message import Mail
from maild.mail.addresses import addresses
from maild.mail.language import language
from maild.mail.parse import attachment_bytes, parse, parse_anyway, sent_at

CORPUS = Path(__file__).parents[1] / "corpus" / "decoding"


def mail(name: str) -> Mail:
    """The corpus mail of that trait."""
    return parse((CORPUS / f"{name}.eml").read_bytes())


def message(header: str, body: str = "words") -> Mail:
    """A mail from a header and a body."""
    return parse(f"{header}\r\n\r\n{body}\r\n".encode())


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("gb2312-label-gbk-text", "朱镕基的投诉"),
        ("gb18030-four-byte", "𠮷野贸易的投诉"),
        ("raw-gbk-headers", "投诉：食堂卫生"),
        ("utf8-unlabelled", "投诉：食堂卫生"),
        ("latin1-unlabelled", "Déjà vu"),
        ("hz", "投诉"),
        ("iso-2022-jp-seven-bit", "苦情"),
        ("subject-cut-inside-character", "关于十月份仓库货物丢失的投诉"),
        ("subject-without-padding", "投诉王强!再次"),
        ("subject-folded", "a long subject that goes on"),
        ("header-without-blank-line", "no blank line"),
        ("header-with-foreign-line", "odd header"),
        ("mbox-envelope-line", "from a folder"),
        ("line-ends-cr", "old line ends"),
        ("empty", ""),
    ],
)
def test_subject(name: str, subject: str) -> None:
    """A subject is decoded and unfolded."""
    assert mail(name).subject == subject


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("gb2312-label-gbk-text", "陶喆和张堃的仓库 – 货物丢失。"),
        ("gb18030-four-byte", "㐀和𠮷野的账单不对。"),
        ("gbk-labelled-utf8", "投诉：食堂卫生太差，请处理。"),
        ("gbk-labelled-latin1", "投诉：食堂卫生太差，请处理。"),
        ("gbk-unlabelled", "投诉：食堂卫生太差，请处理。"),
        ("utf8-labelled-gb2312", "投诉：食堂卫生太差，请处理。"),
        ("utf8-one-broken-byte", "投诉：食堂卫生\ufffd太差，请处理。"),
        ("big5-unlabelled", "投訴：食堂衛生太差，請協助處理。"),
        ("hz", "投诉：食堂卫生太差。"),
        ("iso-2022-jp-seven-bit", "食堂が汚いです。"),
        ("iso-2022-cn", "投诉食堂 ok"),
        ("charset-unknown", "投诉：食堂卫生太差。"),
        ("charset-with-nul", "投诉：食堂卫生太差。"),
        ("latin1-unlabelled", "Voilà, c'est très sérieux."),
        ("html-charset-in-meta", "測試"),
        ("boundary-never-closed", "the text is here"),
        ("boundary-not-declared", "the text is here"),
        ("header-without-blank-line", "This is the body at once.\nSecond line."),
        ("header-with-foreign-line", "the body"),
        ("line-ends-cr", "the body\nsecond line"),
        ("base64-in-pieces", "hello world"),
        ("base64-with-footer", "正文。hello"),
        ("nothing-but-text", "just some words\nand more"),
        ("related-image", "plain words"),
        ("attached-message", "请处理附件中的来信。"),
        ("attached-text", "own text\nmore own text"),
        ("empty", ""),
    ],
)
def test_text(name: str, text: str) -> None:
    """The main text is the mail's own words in Unicode."""
    assert mail(name).text == text


@pytest.mark.parametrize(
    ("name", "author"),
    [
        ("gb2312-label-gbk-text", "陶喆 <tao@mail-a.example>"),
        ("gb18030-four-byte", "陈䶮 <chen@partner-a.example>"),
        ("raw-gbk-headers", "李敏 <li.min@mail-a.example>"),
        ("from-quoted-encoded-word", "王强 <wang.qiang@corp.example>"),
        ("from-with-comma-inside-word", "Wang, Qiang <wang.qiang@corp.example>"),
    ],
)
def test_author(name: str, author: str) -> None:
    """The author's name is decoded, also inside quotation marks; the address is in lower case."""
    assert str(mail(name).author) == author


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gb2312-label-gbk-text", ["陶喆镕.pdf"]),
        ("raw-gbk-headers", ["食堂照片.jpg"]),
        ("name-rfc2231-continued", ["投诉 2026.pdf"]),
        ("name-rfc2231-gbk", ["陶喆镕.pdf"]),
        ("name-with-folders", ["passwd"]),
        ("attached-message", ["original.eml"]),
        ("attached-text", ["notes.txt", ""]),
        ("related-image", [""]),
        ("boundary-never-closed", ["a.pdf"]),
        ("html-only", []),
    ],
)
def test_attachment_names(name: str, expected: list[str]) -> None:
    """Each attachment is listed once, under a decoded base name without control characters."""
    assert [one.filename for one in mail(name).attachments] == expected


@pytest.mark.parametrize("name", ["gb18030-four-byte", "hz", "iso-2022-jp-seven-bit", "html-only", "related-image"])
def test_clean_mail_has_no_charset_defects(name: str) -> None:
    """Where every label is right, nothing is named as repaired."""
    assert mail(name).charset_defects == ()


@pytest.mark.parametrize(
    "name", ["gb2312-label-gbk-text", "gbk-labelled-utf8", "gbk-unlabelled", "charset-unknown", "charset-with-nul"]
)
def test_repairs_are_named(name: str) -> None:
    """What had to be repaired in a charset is said."""
    assert mail(name).charset_defects


def test_html_as_text() -> None:
    """A mail with a page alone is read as the page's words: no script, no style, nothing hidden."""
    assert mail("html-only").text == "投诉 仓库\n\n第二行\n第三行\n\n单号 123\n\n- 一\n- 二"


def test_damaged_html_is_still_words() -> None:
    """Unclosed tags, comments and quotation marks hide no words in front of them."""
    page = "<p>one<b>two<table><td>three</p><a href='x>four</a> five &lt;6&gt;<!-- never closed"

    text = message("Subject: x\r\nContent-Type: text/html", page).text

    assert [word for word in ("one", "two", "three", "four", "five", "<6>") if word not in text] == []


def test_same_mail_by_two_roads_is_one() -> None:
    """Trace fields do not change what a mail is; other words under its Message-ID do."""
    one, two, other = (mail(f"two-roads-{name}") for name in ("one", "two", "other-content"))

    assert one.fingerprint == two.fingerprint != other.fingerprint
    assert one.sha256 != two.sha256
    assert one.delivered_to != two.delivered_to


def test_attachment_from_the_archive() -> None:
    """The bytes of an attachment can be had again by their hash, and only by it."""
    raw = (CORPUS / "raw-gbk-headers.eml").read_bytes()
    photo = parse(raw).attachments[0]

    data = attachment_bytes(raw, photo.sha256)

    assert data == b"\xff\xd8\xff"
    assert (photo.size, photo.sha256) == (3, hashlib.sha256(data).hexdigest())
    assert attachment_bytes(raw, "0" * 64) is None


def test_large_attachment() -> None:
    """A large base64 attachment comes out byte by byte."""
    content = random.Random(7).randbytes(300_000)
    body = base64.encodebytes(content).decode()

    found = message("Subject: x\r\nContent-Type: image/png; name=x.png\r\nContent-Transfer-Encoding: base64", body)

    assert found.attachments[0].sha256 == hashlib.sha256(content).hexdigest()


def test_ids() -> None:
    """Message identifiers are read in angle brackets, in order, folded and without brackets too."""
    found = message("Message-ID: <a\r\n @x>\r\nIn-Reply-To: b@x (remark)\r\nReferences: <c@x>\r\n\t<d@x> <c@x>")

    assert (found.message_id, found.in_reply_to, found.references) == ("<a@x>", "<b@x>", ("<c@x>", "<d@x>"))


def test_envelope_fields() -> None:
    """The null return path is not the same as none, and delivered-to addresses are told."""
    found = message("Return-Path: <>\r\nDelivered-To: GM@corp.example\r\nX-Original-To: <gm+k@corp.example>")

    assert found.return_path == ""
    assert found.delivered_to == ("gm@corp.example", "gm+k@corp.example")
    assert message("Subject: x").return_path is None


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("Mon, 23 Nov 2026 09:15:00 +0800", datetime(2026, 11, 23, 1, 15, tzinfo=UTC)),
        ("23 Nov 26 01:15 GMT", datetime(2026, 11, 23, 1, 15, tzinfo=UTC)),
        ("2026-11-23 09:15:00 +0800", datetime(2026, 11, 23, 1, 15, tzinfo=UTC)),
        ("yesterday", None),
        ("Mon, 99 Nov 2026 99:15:00 +0800", None),
        ("", None),
    ],
)
def test_dates(value: str, moment: datetime | None) -> None:
    """A Date is an aware time in UTC, or none."""
    assert sent_at(value) == moment


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('"Doe, Jane" <JANE@x.example>, bob@y.example', ["Doe, Jane <jane@x.example>", "bob@y.example"]),
        ("bob@y.example (Bob (the) builder)", ["Bob (the) builder <bob@y.example>"]),
        ("undisclosed-recipients:;", []),
        ("Team: a@x.example, b@x.example;, c@x.example", ["a@x.example", "b@x.example", "c@x.example"]),
        ("Bob bob@y.example", ["Bob <bob@y.example>"]),
        ("<<bob@y.example>>", ["bob@y.example"]),
        ("'bob@y.example' <bob@y.example>", ["bob@y.example <bob@y.example>"]),
        ('"bob jones"@y.example', ['"bob jones"@y.example']),
        ("<@a,@b:bob@y.example>", ["bob@y.example"]),
        ("Bob <mailto:bob@y.example>", ["Bob <bob@y.example>"]),
        ('"unclosed <bob@y.example>', ["unclosed <bob@y.example>"]),
        ("王强 <wq@x.example>; 李敏 <lm@x.example>", ["王强 <wq@x.example>", "李敏 <lm@x.example>"]),
    ],
)
def test_address_lists(value: str, expected: list[str]) -> None:
    """Address lists are read as their writers meant them."""
    assert [str(one) for one in addresses(value)[0]] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("请处理仓库的投诉", "zh"),
        ("请安排 reefer truck 明天 pickup", "zh"),
        ("Dear 王经理, please send the invoice for the last order again.", "en"),
        ("食堂が汚いです。お願いします", "ja"),
        ("안녕하세요 도와주세요", "ko"),
        ("Добрый день, помогите", "ru"),
        ("Bitte schicken Sie mir die Rechnung nicht noch einmal", "de"),
        ("Bonjour, je ne suis pas content de votre service", "fr"),
        ("12345 !!", ""),
    ],
)
def test_language(text: str, expected: str) -> None:
    """The language follows the script; English is not claimed for other languages."""
    assert language(text) == expected


def test_nothing_stored_breaks_a_database() -> None:
    """NUL and lone surrogates, which databases refuse, never come out."""
    found = parse(b"Subject: a\0b\r\nX-Maild-Id: \0\r\nContent-Type: text/plain; charset=utf-7\r\n\r\n+2AA-\0x")

    assert "\0" not in found.subject + found.text + found.maild_id
    assert found.text.encode()


@pytest.mark.parametrize("seed", range(5))
def test_mutated_mails(seed: int) -> None:
    """However a mail is damaged, it is read as far as it goes, and no fault is met."""
    dice = random.Random(seed)
    mails = [path.read_bytes() for path in sorted(CORPUS.glob("*.eml"))]

    for _ in range(60):
        found = parse_anyway(_damaged(dice, dice.choice(mails), dice.choice(mails)))

        assert [defect for defect in found.defects if defect.startswith("could not be read")] == []
        assert found.text.encode() is not None


def _damaged(dice: random.Random, raw: bytes, other: bytes) -> bytes:
    for _ in range(dice.choice((1, 4, 16))):
        start = dice.randrange(len(raw) + 1)
        end = start + dice.randrange(60)
        piece = dice.choice((b"", dice.randbytes(5), other[start:end], b"\r\n\r\n", b"=?gb2312?B?", b'"(<', b"\0"))
        raw = raw[:start] + piece + raw[end:]
    return raw
