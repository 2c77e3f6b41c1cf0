"""Files of a sealed letter leave without what tells who made them, or not at all (security.md, "The seal")."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Text
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from maild.adapters.cleanapart import LARGEST, clean_apart
from maild.adapters.cleaner import cleaned
from maild.domain.cleaned import How

NAME, LOGIN, COMPANY = "Long Xiaowen", "longxw1987", "包装车间"
SECRETS = (NAME.encode(), LOGIN.encode(), COMPANY.encode(), NAME.encode("utf-16-le"), NAME.encode("utf-16-be"))
WORDS = "夜班宿舍没有热水"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_P = "http://schemas.openxmlformats.org/package/2006"


def told(content: bytes) -> list[bytes]:
    """What of the writer is in a file, packed parts unfolded."""
    whole = [content]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as folder:
            whole += [one.filename.encode() + one.comment + one.extra for one in folder.infolist()]
            whole += [folder.read(name) for name in folder.namelist()]
    return [one for one in SECRETS if any(one in part for part in whole)]


def photo(*, gps: bool = True, size: tuple[int, int] = (64, 40)) -> bytes:
    """A picture as a telephone takes it: on its side, with owner, place and a preview."""
    picture = Image.new("RGB", size, (200, 30, 30))
    exif = Image.Exif()
    exif[Base.Artist], exif[Base.Copyright], exif[Base.Orientation] = NAME, NAME, 6
    exif[Base.ImageDescription] = f"C:\\Users\\{LOGIN}\\DSC1.jpg"
    if gps:
        exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (22.0, 32.0, 11.0)
    made = io.BytesIO()
    picture.save(made, "JPEG", exif=exif, comment=f"by {NAME}".encode())
    return made.getvalue() + f"appended by {LOGIN}".encode()


def package(parts: dict[str, str | bytes], *, relations: str = "", types: str = "") -> bytes:
    """An office document of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as folder:
        folder.comment = NAME.encode()
        folder.writestr("[Content_Types].xml", f'<Types xmlns="{_P}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
                        f'<Override PartName="/docProps/core.xml" ContentType="application/xml"/>{types}</Types>')  # fmt: skip
        folder.writestr("_rels/.rels", f'<Relationships xmlns="{_P}/relationships">'
                        f'<Relationship Id="r1" Type="{_R}/officeDocument" Target="word/document.xml"/>'
                        f'<Relationship Id="r2" Type="{_P}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
                        f'<Relationship Id="r3" Type="x" Target="docProps/thumbnail.jpeg"/>{relations}</Relationships>')  # fmt: skip
        for name, content in parts.items():
            folder.writestr(name, content)
    return made.getvalue()


CORE = f"<cp:coreProperties xmlns:cp='c' xmlns:dc='d'><dc:creator>{NAME}</dc:creator><cp:lastModifiedBy>{LOGIN}</cp:lastModifiedBy></cp:coreProperties>"
DOCUMENT = f"""<?xml version="1.0"?><!-- {NAME} --><w:document {_W} xmlns:wp="p" xmlns:pic="q" xmlns:mc="m" mc:Ignorable="w14 wp14">
<w:body><w:p w:rsidR="00A1B2C3"><w:ins w:id="1" w:author="{NAME}" w:date="2026-11-20T10:00:00Z"><w:r><w:t>{WORDS[:2]}</w:t></w:r>
<w:r><w:t>{WORDS[2:]} &gt; 三天</w:t></w:r></w:ins></w:p><wp:docPr id="1" name="IMG_{LOGIN}.jpg" descr="C:\\Users\\{LOGIN}\\a > b.jpg"/>
<pic:cNvPr id="0" name="{NAME}.jpg"/></w:body></w:document>"""


def word() -> bytes:
    """A Word document: its properties, a tracked change, a comment, the list of people, a template's path, a photo."""
    return package({
        "word/document.xml": DOCUMENT,
        "word/comments.xml": f'<w:comments {_W}><w:comment w:id="0" w:author="{NAME}" w:initials="LXW" w:date="2026-11-20T10:00:00Z"><w:p><w:r><w:t>看这里</w:t></w:r></w:p></w:comment></w:comments>',
        "word/people.xml": f'<w15:people xmlns:w15="w"><w15:person w15:author="{NAME}"><w15:presenceInfo w15:providerId="AD" w15:userId="{LOGIN}"/></w15:person></w15:people>',
        "word/settings.xml": f'<w:settings {_W} xmlns:r="{_R}"><w:attachedTemplate r:id="rId1"/><w:rsids><w:rsidRoot w:val="00A1B2C3"/><w:rsid w:val="00A1B2C3"/></w:rsids></w:settings>',
        "word/_rels/settings.xml.rels": f'<Relationships xmlns="{_P}/relationships"><Relationship Id="rId1" Type="{_R}/attachedTemplate" Target="file:///C:/Users/{LOGIN}/Normal.dotm" TargetMode="External"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_P}/relationships"><Relationship Id="rId1" Type="x" Target="people.xml"/><Relationship Id="rId2" Type="{_R}/image" Target="media/image1.jpeg"/><Relationship Id="rId3" Type="x" Target="https://example.org/a" TargetMode="External"/></Relationships>',
        "word/media/image1.jpeg": photo(),
        "customXml/item1.xml": f"<a>{NAME}</a>",
        "docProps/core.xml": CORE,
        "docProps/app.xml": f"<Properties><Company>{COMPANY}</Company><Template>C:\\Users\\{LOGIN}\\N.dotm</Template></Properties>",
        "docProps/thumbnail.jpeg": photo(),
    }, types='<Override PartName="/word/people.xml" ContentType="application/xml"/>')  # fmt: skip


def test_a_word_document_keeps_its_words_and_loses_its_people() -> None:
    """Author, last editor, company, paths, comment's author, template, thumbnail and the photo's place are gone."""
    assert told(word())

    done = clean_apart(word(), "材料.docx")

    assert (How.CLEAN, []) == (done.how, told(done.content))
    assert f"{WORDS} > 三天" in done.text.replace("\n", "")
    with zipfile.ZipFile(io.BytesIO(done.content)) as folder:
        names = set(folder.namelist())
        document = folder.read("word/document.xml").decode()
        comments = folder.read("word/comments.xml").decode()
        relations = folder.read("word/_rels/document.xml.rels").decode()
        types = folder.read("[Content_Types].xml").decode()
        assert {(1980, 1, 1)} == {one.date_time[:3] for one in folder.infolist()}
        assert b"GPS" not in folder.read("word/media/image1.jpeg")
    assert not {name for name in names if name.startswith(("docProps", "customXml", "word/people"))}
    assert 'mc:Ignorable="w14 wp14"' in document
    assert 'w:author="Author"' in comments
    assert "看这里" in comments
    assert "2026" not in comments + document
    assert "people.xml" not in relations + types
    assert "https://example.org/a" in relations


def test_a_workbook_opens_as_before_without_its_people() -> None:
    """Cells stay; creator, last editor, a comment's author and the path it was saved under do not."""
    book = Workbook()
    book.properties.creator, book.properties.lastModifiedBy, book.properties.company = NAME, LOGIN, COMPANY
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["B2"] = WORDS, 3
    sheet["A1"].comment = Comment("请核对", NAME)
    made = io.BytesIO()
    book.save(made)
    raw = _with_part(
        made.getvalue(),
        "xl/workbook.xml",
        lambda one: one.replace(
            b"<bookViews", f'<x:absPath xmlns:x="y" url="C:\\Users\\{LOGIN}\\"/><bookViews'.encode()
        ),
    )
    assert told(raw)

    done = clean_apart(raw, "考勤.xlsx")

    assert (How.CLEAN, []) == (done.how, told(done.content))
    again = load_workbook(io.BytesIO(done.content))
    cell = again.worksheets[0]["A1"]
    assert (WORDS, 3) == (cell.value, again.worksheets[0]["B2"].value)
    assert cell.comment is not None
    assert ("Author", "请核对") == (cell.comment.author, cell.comment.text)


def _with_part(raw: bytes, name: str, change: object) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(made, "w") as new:
        for one in old.namelist():
            new.writestr(one, change(old.read(one)) if one == name else old.read(one))  # type: ignore[operator]
    return made.getvalue()


def test_slides_lose_the_authors_of_their_comments() -> None:
    """A presentation's list of comment authors and its shapes' file names tell nobody."""
    raw = package({
        "ppt/presentation.xml": "<p:presentation xmlns:p='p'/>",
        "ppt/commentAuthors.xml": f'<p:cmAuthorLst xmlns:p="p"><p:cmAuthor id="0" name="{NAME}" initials="LXW" clrIdx="3"/></p:cmAuthorLst>',
        "ppt/slides/slide1.xml": f'<p:sld xmlns:p="p" xmlns:a="a"><p:cNvPr id="4" name="x" descr="D:\\{LOGIN}\\报告.png"/><a:p><a:t>{WORDS}</a:t></a:p></p:sld>',
        "ppt/comments/comment1.xml": '<p:cmLst xmlns:p="p"><p:cm authorId="0" dt="2026-11-20T10:00:00.000" idx="1"><p:text>好</p:text></p:cm></p:cmLst>',
        "docProps/core.xml": CORE,
    })  # fmt: skip

    done = clean_apart(raw, "汇报.pptx")

    assert (How.CLEAN, []) == (done.how, told(done.content))
    assert WORDS in done.text


def test_a_picture_is_seen_as_before_and_tells_no_more() -> None:
    """Owner, place, comment and what is appended are gone; a photo taken on its side stands upright."""
    done = clean_apart(photo(), "DSC_longxw.JPG")

    with Image.open(io.BytesIO(done.content)) as seen:
        assert ((40, 64), {}) == (seen.size, dict(seen.getexif()))
        assert "comment" not in seen.info
        red = seen.getpixel((3, 3))
        assert isinstance(red, tuple)
        assert red[0] > 180
    assert [] == told(done.content)


@pytest.mark.parametrize("kind", ["png", "gif", "bmp", "tiff", "webp"])
def test_other_pictures_lose_their_texts(kind: str) -> None:
    """PNG chunks, TIFF tags and XMP go, whatever the format."""
    made, info = io.BytesIO(), PngInfo()
    info.add_text("Author", NAME)
    exif = Image.Exif()
    exif[Base.Artist] = NAME
    more = {
        "png": {"pnginfo": info, "exif": exif},
        "tiff": {"exif": exif},
        "webp": {"exif": exif},
        "gif": {"comment": NAME.encode()},
    }
    Image.new("P" if kind in {"gif", "png"} else "RGB", (8, 8)).save(made, kind, **more.get(kind, {}))  # type: ignore[arg-type]

    done = clean_apart(made.getvalue(), f"a.{kind}")

    assert (How.CLEAN, []) == (done.how, told(done.content))
    with Image.open(io.BytesIO(done.content)) as seen:
        assert (8, 8) == seen.size


def pdf(tmp_path: Path) -> bytes:
    """A PDF with an author, a folder, a scanned photo, a comment with its author, and an attached file."""
    path, drawn = tmp_path / "photo.jpg", io.BytesIO()
    path.write_bytes(photo(size=(120, 80)))
    canvas = Canvas(drawn, pageCompression=0)
    canvas.setAuthor(NAME)
    canvas.setTitle(f"C:\\Users\\{LOGIN}\\complaint.doc")
    canvas.drawString(100, 700, "No hot water in the dormitory")
    canvas.showPage()
    canvas.save()
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(drawn.getvalue())))
    scan = io.BytesIO()
    Image.open(path).save(scan, "PDF")
    writer.append(io.BytesIO(scan.getvalue()))
    for one in writer.pages[1]["/Resources"]["/XObject"].values():  # type: ignore[index]
        one.get_object()._data = photo(size=(120, 80))
    note = Text(rect=(50, 550, 200, 650), text="see here", open=True)
    note.update({NameObject("/T"): TextStringObject(NAME)})
    writer.add_annotation(page_number=0, annotation=note)
    writer.add_attachment(f"{LOGIN}.txt", NAME.encode())
    script = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(NAME)})
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): script})
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_a_pdf_keeps_its_pages_and_loses_the_rest(tmp_path: Path) -> None:
    """Author, title, XMP, attached file, script, the comment's author and the photo's EXIF are gone; words and comment stay."""
    raw = pdf(tmp_path)
    assert told(raw)

    done = clean_apart(raw, "扫描件.PDF")

    assert (How.CLEAN, []) == (done.how, told(done.content))
    again = PdfReader(io.BytesIO(done.content))
    assert 2 == len(again.pages)
    assert "No hot water" in done.text
    assert "see here" in str([one.get_object() for one in again.pages[0]["/Annots"]])  # type: ignore[attr-defined]
    assert not again.attachments
    assert not re.search(rb"/(?:Author|JavaScript|Title|Metadata)\b", done.content)
    assert b"Exif" not in done.content


LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def _locked_pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("x")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def _film() -> bytes:
    made = io.BytesIO()
    frames = [Image.new("RGB", (4, 4), (80 * n, 0, 0)) for n in range(3)]
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:])
    return made.getvalue()


STAYS: list[object] = [
    pytest.param("录音.mp3", b"ID3", How.UNKNOWN, id="sound"),
    pytest.param("旧.doc", LOCKED, How.UNKNOWN, id="old-word"),
    pytest.param("a.docm", word(), How.UNKNOWN, id="macros-by-name"),
    pytest.param("a.docx", package({"word/document.xml": "<a/>", "word/vbaProject.bin": b"x"}), How.UNKNOWN, id="macros"),
    pytest.param("a.docx", package({"word/document.xml": "<a/>", "word/media/image1.emf": b"x"}), How.UNKNOWN, id="metafile"),
    pytest.param("a.docx", LOCKED, How.LOCKED, id="password"),
    pytest.param("a.docx", b"no zip at all", How.DAMAGED, id="no-zip"),
    pytest.param("a.docx", package({"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), How.DAMAGED, id="entities"),
    pytest.param("a.pdf", _locked_pdf(), How.LOCKED, id="pdf-password"),
    pytest.param("a.pdf", b"%PDF-1.4 and no more", How.DAMAGED, id="pdf-damaged"),
    pytest.param("a.gif", _film(), How.UNKNOWN, id="film"),
    pytest.param("a.jpg", b"\xff\xd8nothing", How.DAMAGED, id="no-picture"),
    pytest.param("a.txt", b"x" * (LARGEST + 1), How.TOO_LARGE, id="too-large"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "raw", "how"), STAYS)
def test_what_cannot_be_cleaned_comes_back_empty(name: str, raw: bytes, how: How) -> None:
    """Unknown kinds, locked, damaged and opaque files give a reason and not one byte."""
    done = clean_apart(raw, name)

    assert (how, b"") == (done.how, done.content)


def test_a_bomb_ends_its_own_process_alone() -> None:
    """A document that unfolds without end is refused in its bounds."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("[Content_Types].xml", "<Types/>")
        folder.writestr("word/document.xml", b" " * (70 << 20))

    assert How.TOO_LARGE is clean_apart(made.getvalue(), "a.docx").how


def test_an_office_without_the_extra_releases_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the library is missing the file stays, with that reason."""
    monkeypatch.setitem(__import__("sys").modules, "maild.adapters.bareimage", None)

    assert (How.NO_CLEANER, b"", "") == cleaned(photo(), "image")


def test_a_text_is_its_words() -> None:
    """Plain text has no properties: it comes back as it is, to be looked through."""
    done = clean_apart(WORDS.encode("gb18030"), "说明.txt")

    assert (How.CLEAN, WORDS.encode("gb18030"), WORDS) == (done.how, done.content, done.text)
