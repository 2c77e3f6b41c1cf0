"""The text of attachments where a mail says 见附件: read apart, bounded, and never as an order."""

import io
import random
import time
import zipfile
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.adapters import attachedreader
from maild.adapters.attachedreader import answer
from maild.adapters.attachedtext import read_apart, with_attached_text
from maild.domain.message import Mail, Reading
from maild.mail.parse import parse
from maild.workflow.triage import writing_of

WORDS = "烤箱到货就坏了，要求退款。"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def folder(**members: str) -> bytes:
    """A zip file of these members; two underscores stand for a slash."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in members.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return made.getvalue()


def pdf() -> bytes:
    """A page that says Hello."""
    stream = b"BT /F1 12 Tf 72 720 Td (The oven broke, refund please) Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(stream), stream), b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]  # fmt: skip
    made, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj%b\nendobj\n" % (number, body)
    table = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"xref\n0 6\n" + table + b"trailer<</Root 1 0 R/Size 6>>\nstartxref\n%d\n%%%%EOF\n" % len(made)


DOCX = folder(
    word__document_xml=f"<w:document {W}><w:body><w:p><w:r><w:t>烤箱到货就坏了，</w:t></w:r><w:r><w:t>要求退款。</w:t></w:r></w:p></w:body></w:document>"
)
XLSX = folder(
    xl__sharedStrings_xml=f"<sst {S}><si><t>品名</t></si><si><t>{WORDS}</t></si></sst>",
    xl__worksheets__sheet1_xml=f'<worksheet {S}><sheetData><row><c t="s"><v>1</v></c><c><v>88231</v></c></row></sheetData></worksheet>',
)
ODT = folder(content_xml=f'<o:d xmlns:o="urn:o" xmlns:text="urn:t"><text:p>{WORDS}</text:p></o:d>')
PPTX = folder(ppt__slides__slide1_xml=f'<p:sld xmlns:p="urn:p" xmlns:a="urn:a"><a:p><a:t>{WORDS}</a:t></a:p></p:sld>')
RTF = (
    rb"{\rtf1\ansi\ansicpg936{\fonttbl{\f0 SimSun;}}\f0 "
    + b"".join(b"\\'%02x" % one for one in WORDS.encode("gb18030"))
    + rb"\par}"
)
BOMB = folder(word__document_xml=f"<w:document {W}><w:p>" + "<w:t>a</w:t>" * 10_000_000 + "</w:p></w:document>")
LAUGHS = folder(word__document_xml='<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><d><t>&b;</t></d>')


@pytest.mark.parametrize(("kind", "data"), [("docx", DOCX), ("odf", ODT), ("pptx", PPTX), ("rtf", RTF)])
def test_a_document_is_read(kind: str, data: bytes) -> None:
    """The words of a document come out as they were written."""
    assert answer(data, kind) == {"how": "read", "text": WORDS}


def test_a_table_is_read() -> None:
    """A workbook's cells come out row by row."""
    assert answer(XLSX, "xlsx") == {"how": "read", "text": f"{WORDS} 88231"}


def test_a_pdf_is_read_apart() -> None:
    """A PDF is read by a process of its own, with the extra `attachments`."""
    pytest.importorskip("pypdf")

    assert read_apart(pdf(), "pdf", 30) == (Reading.READ, "The oven broke, refund please")


@pytest.mark.parametrize(
    ("data", "how"),
    [(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "locked"), (b"PK\x03\x04", "damaged"),
     (b"", "damaged"), (LAUGHS, "damaged"), (folder(word__document_xml=f"<w:document {W}/>"), "empty")],
)  # fmt: skip
def test_what_cannot_be_read_says_why(data: bytes, how: str) -> None:
    """A password, damage, entities of its own and a document without words are told apart."""
    assert answer(data, "docx") == {"how": how, "text": ""}


def test_a_bomb_gives_its_beginning() -> None:
    """A small file that unfolds to a hundred megabytes is read as far as the bounds go."""
    assert len(BOMB) < 1 << 20

    began = time.process_time()
    said = answer(BOMB, "docx")

    assert said["how"] == "read"
    assert len(said["text"]) == attachedreader.LONGEST
    assert time.process_time() - began < 5


def test_a_reader_that_hangs_is_killed() -> None:
    """At its deadline the process ends, and the mail goes on without the text."""
    assert read_apart(DOCX, "docx", 0.001) == (Reading.LATE, "")


def mail(text: str, filename: str, content: bytes) -> Mail:
    """A mail with this text and one file, read with its attachments."""
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = "a@mail-a.example", "gm@corp.example", "投诉"
    made.set_content(text, cte="base64")
    made.add_attachment(content, maintype="application", subtype="octet-stream", filename=filename)
    return with_attached_text(parse(made.as_bytes()), made.as_bytes())


def test_the_attachment_speaks_for_a_mail_that_points_to_it() -> None:
    """The text of 投诉信.txt is triage's to read, and is never the fresh text that orders are read from."""
    read = mail("您好，详情请查收附件，谢谢！", "投诉信.txt", WORDS.encode("gb18030"))

    assert [(one.how, one.text) for one in read.enclosures] == [(Reading.READ, WORDS)]
    assert writing_of(read).attached == WORDS
    assert WORDS not in read.fresh_text


def test_a_mail_with_words_of_its_own_needs_no_attachment() -> None:
    """Where the writer said enough, no attachment is opened."""
    said = "我三周前下单的空气炸锅一直没有发货，客服电话打了五次没有人接。我要求立即退款并赔偿，发票见附件，请在本周五以前给我一个明确的答复，否则我会向有关部门反映这件事情，谢谢您的理解与支持。"
    assert mail(said, "发票.txt", b"x").enclosures == ()


def test_an_old_format_is_named_as_unread() -> None:
    """A .doc file is not passed over in silence."""
    assert [(one.filename, one.how) for one in mail("见附件", "投诉.doc", b"x").enclosures] == [
        ("投诉.doc", Reading.UNREAD)
    ]


@settings(max_examples=120, deadline=8000)
@given(which=st.integers(0, 5), shuffle=st.integers(0, 2**32))
def test_damaged_files_raise_nothing(which: int, shuffle: int) -> None:
    """However a file is damaged, the answer is one of the known ones and bounded."""
    kind, data = [("docx", DOCX), ("xlsx", XLSX), ("odf", ODT), ("pptx", PPTX), ("rtf", RTF), ("pdf", pdf())][which]
    dice = random.Random(shuffle)
    made = bytearray(data)
    for _ in range(dice.randint(1, 15)):
        made[dice.randrange(len(made))] = dice.randrange(256)
    said = answer(bytes(made), kind)

    assert Reading(said["how"])
    assert len(said["text"]) <= attachedreader.LONGEST
