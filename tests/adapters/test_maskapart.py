"""Personal data inside files of every kind that offices send, found apart, and never half looked for (P6.5.3)."""

import io
import zipfile

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from maild.adapters import maskapart
from maild.adapters.maskapart import LARGEST, Looker, check_looking, look_apart
from maild.adapters.maskreader import looked
from maild.domain.looked import Looked, Shut
from maild.domain.masks import Kind, Look, Minors, Numbered
from maild.mail.compose import AttachedFile

LOOK = Look(kinds=frozenset(Kind), records=(Numbered(words=("病历号",)),), minors=Minors(before=("学生",)))
IDENTITY, CARD, PHONE = "110101199003077774", "6222021234567890128", "13800138000"
_TYPES = "<Types/>"


def given(name: str, content: bytes) -> AttachedFile:
    """An attachment."""
    return AttachedFile(filename=name, content_type="application/octet-stream", content=content)


def packed(parts: dict[str, str | bytes]) -> bytes:
    """A zip of these members."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as folder:
        for name, content in parts.items():
            folder.writestr(name, content)
    return made.getvalue()


def docx(*runs: str, **more: str | bytes) -> bytes:
    """A text of one paragraph in these runs."""
    text = "".join(f"<t>{run}</t>" for run in runs)
    parts = {"[Content_Types].xml": _TYPES, "word/document.xml": f"<document><p>{text}</p></document>"}
    return packed({**parts, **{name.replace("__", "/"): one for name, one in more.items()}})


def sheet(*rows: tuple[str | int, ...], comment: str = "") -> bytes:
    """A spreadsheet of these rows."""
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    if comment:
        page["A1"].comment = Comment(comment, "x")
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def pdf(text: str, *, password: str = "", holds: bytes = b"") -> bytes:
    """A page with this text."""
    made = io.BytesIO()
    canvas = Canvas(made)
    for at, line in enumerate(text.split("\n")):
        canvas.drawString(50, 700 - 20 * at, line)
    canvas.save()
    if not (password or holds):
        return made.getvalue()
    writer = PdfWriter(PdfReader(made))
    if holds:
        writer.add_attachment("list.docx", holds)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    again = io.BytesIO()
    writer.write(again)
    return again.getvalue()


def picture() -> bytes:
    """A photo."""
    made = io.BytesIO()
    Image.new("RGB", (40, 40)).save(made, "PNG")
    return made.getvalue()


def old(text: str, charset: str) -> bytes:
    """A document of before 2007: its letters between other bytes."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 4 + b"\1" + text.encode(charset) + b"\0\1\2" * 200


EML = f"From: a@b.example\r\nSubject: x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()  # noqa: F541
FOUND = {
    "letter.docx": (docx("身份证110101", "199003077774"), {Kind.IDENTITY}),
    "footnote.docx": (docx("x", word__footnotes__xml=""), set()),
    "footer.docx": (docx("x", **{"word__footer1.xml": f"<ftr><p><t>{PHONE}</t></p></ftr>"}), {Kind.PHONE}),
    "inside.docx": (docx("x", **{"word__embeddings__a.xlsx": sheet(("卡号", CARD))}), {Kind.BANK}),
    "list.xlsx": (sheet(("姓名", "病历号"), ("王一", "A0012345"), ("李二", "A0012346")), {Kind.RECORD}),
    "phones.xlsx": (sheet(("电话",), (13800138000,)), {Kind.PHONE}),
    "formula.xlsx": (
        packed({"[Content_Types].xml": _TYPES, "xl/workbook.xml": "<w/>", "xl/worksheets/sheet1.xml":
                f'<s><row><c r="A1" t="str"><f>B1</f><v>{PHONE}</v></c></row></s>'}),
        {Kind.PHONE},
    ),
    "comment.xlsx": (sheet(("x",), comment=f"身份证 {IDENTITY}"), {Kind.IDENTITY}),
    "letter.pdf": (pdf(f"id {IDENTITY}"), {Kind.IDENTITY}),
    "wrapped.pdf": (pdf(f"id {IDENTITY[:9]}\n{IDENTITY[9:]}"), {Kind.IDENTITY}),
    "holds.pdf": (pdf("x", holds=docx(CARD)), {Kind.BANK}),
    "slides.pptx": (packed({"[Content_Types].xml": _TYPES, "ppt/notesSlides/n1.xml": f"<a><t>{CARD}</t></a>"}), {Kind.BANK}),
    "text.odt": (packed({"mimetype": "x", "META-INF/manifest.xml": "<m/>", "content.xml": f"<h>{PHONE}</h>"}), {Kind.PHONE}),
    "old.doc": (old(f"身份证{IDENTITY}", "utf-16-le"), {Kind.IDENTITY}),
    "old.xls": (old(f"tel {PHONE} ", "cp1252"), {Kind.PHONE}),
    "text.rtf": (rb"{\rtf1 id " + IDENTITY.encode() + b"}", {Kind.IDENTITY}),
    "gbk.txt": (f"学生张小明，{PHONE}".encode("gb18030"), {Kind.PHONE, Kind.MINOR}),
    "page.html": (f"<html><body>{IDENTITY[:6]}<b>{IDENTITY[6:]}</b></body></html>".encode(), {Kind.IDENTITY}),
    "many.zip": (packed({"a/b.docx": docx(PHONE), "c.png": picture()}), {Kind.PHONE}),
    f"{PHONE}.zip": (packed({f"{PHONE}.txt": "x"}), {Kind.PHONE}),
    "called.jpg": (docx(PHONE), {Kind.PHONE}),
    "BM.csv": (f"BMI,{PHONE}\n".encode(), {Kind.PHONE}),
    "mail.eml": (EML + b"MTM4MDAxMzgwMDA=\r\n", {Kind.PHONE}),
    "order.docx": (docx("订单号 4111111111111111，运单 6222021234567890128"), set()),
    "photo.png": (picture(), set()),
    "photo.heic": (b"\0\0\0\x18ftypheic" + b"\0\1" * 100, set()),
    "far.txt": (("长" * 399_990 + PHONE).encode(), {Kind.PHONE}),
}  # fmt: skip
SHUT = {
    "locked.pdf": (pdf("x", password="word"), Shut.LOCKED),
    "locked.docx": (old("EncryptedPackage", "utf-16-le"), Shut.LOCKED),
    "rest.rar": (b"Rar!\x1a\7\1\0" + b"x" * 100, Shut.UNKNOWN),
    "program.dat": (b"MZ\0\0" + b"x" * 100, Shut.UNKNOWN),
    "torn.docx": (docx("x")[:-40], Shut.DAMAGED),
    "torn.pdf": (b"%PDF-1.4 receipt", Shut.DAMAGED),
    "laughs.docx": (
        packed({"[Content_Types].xml": _TYPES, "word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        Shut.DAMAGED,
    ),
    "deep.zip": (packed({"a.zip": packed({"b.zip": packed({"c.zip": packed({"d.txt": "x"})})})}), Shut.TOO_LARGE),
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_what_a_file_holds_is_found(name: str) -> None:
    """In text, headers, comments, notes, cells under their header, old formats, files in files; orders are none."""
    content, kinds = FOUND[name]

    assert looked(content, name, LOOK) == {"kinds": sorted(kinds)}


@pytest.mark.parametrize("name", SHUT)
def test_what_cannot_be_read_to_its_end_is_shut(name: str) -> None:
    """A password, damage, an unknown kind or too much of it: nobody takes it for clean."""
    content, why = SHUT[name]

    assert looked(content, name, LOOK) == {"shut": why}


def test_a_file_that_unfolds_without_end_is_shut() -> None:
    """Hundreds of megabytes of zeros in a small zip end the look, not the machine."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as folder:
        for n in range(8):
            folder.writestr(f"{n}.txt", b"1" * (10 << 20))

    assert looked(made.getvalue(), "bomb.zip", Look(kinds=frozenset({Kind.MINOR}))) == {"shut": "too-large"}


def test_a_process_of_its_own_says_the_same() -> None:
    """Apart from the program a file is found to hold the same; past its size or time it is shut."""
    name, (content, kinds) = "list.xlsx", FOUND["list.xlsx"]

    files = [given(name, content), given("large.txt", b"x" * (LARGEST + 1)), given("b.txt", b"x")]
    late, large = Looked(shut=Shut.LATE), Looked(shut=Shut.TOO_LARGE)

    assert look_apart(files, LOOK, 30.0) == [Looked(kinds=frozenset(kinds)), large, Looked()]
    assert look_apart(files, LOOK, 0.001) == [late, large, late]


def test_the_files_of_a_mail_share_its_seconds() -> None:
    """What is left when the time of a mail is over is shut at once; another mail has time of its own."""
    looker, files = Looker(), [given("a.txt", PHONE.encode())]
    looker.seconds = 30.0
    looker._spent["one"] = 1000.0

    assert looker("one", files, LOOK) == [Looked(shut=Shut.LATE)]
    assert looker("two", files, LOOK) == [Looked(kinds=frozenset({Kind.PHONE}))]


def test_only_readers_who_need_not_know_lose_a_file() -> None:
    """A file stays for what its reader may not see, and a shut one for whoever may not see everything."""
    phones = Looked(kinds=frozenset({Kind.PHONE}))

    assert phones.stays(Look(kinds=frozenset({Kind.PHONE})))
    assert not phones.stays(Look(kinds=frozenset({Kind.BANK})))
    assert Looked(shut=Shut.LOCKED).stays(Look(kinds=frozenset({Kind.BANK})))
    assert not Looked(shut=Shut.LOCKED).stays(Look())


def test_without_the_reader_of_pdf_the_mend_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """`doctor` names the extra without which no PDF goes to others."""
    assert "ok" == check_looking().status
    monkeypatch.setattr(maskapart, "find_spec", lambda _name: None)

    assert ("warn", "pip install 'maild[attachments]'") == (check_looking().status, check_looking().mend)
