"""Mails made to be slow, deep, large or endless: each a name and how to make it. Small enough to keep, made when asked."""

import io
import zipfile
from base64 import b64encode
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP

from tests.journeys.desk import GM

HEAD = (
    b"From: bomber@evil.example\r\nTo: " + GM.encode() + b"\r\nSubject: bomb\r\n"
    b"Message-ID: <bomb@evil.example>\r\nMIME-Version: 1.0\r\n"
)
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
MB = 1 << 20
JUNK = b"\xd6\xd0\xce\xc4\xff\x80\xa1"
"""Bytes that are valid in no charset, so that each is tried."""


def _parts(head: bytes, body: bytes, count: int) -> bytes:
    return MIXED + (b"--b\r\n" + head + b"\r\n\r\n" + body + b"\r\n") * count + b"--b--\r\n"


def _packed(levels: int, size: int) -> bytes:
    """Containers that are quoted-printable though no container may be: each level is one more copy in memory."""
    body = b"Content-Type: text/plain\r\n\r\n" + (b"x" * 76 + b"\r\n") * (size // 78)
    for level in range(levels):
        body = (
            b"Content-Type: multipart/mixed; boundary=b%d\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
            % level
        ) + (b"--b%d\r\n" % level + body + b"\r\n--b%d--\r\n" % level).replace(b"=", b"=3D")
    return HEAD + body


def _attached(name: str, content: bytes) -> bytes:
    """见附件 with a file that is read for triage."""
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = "bomber@evil.example", GM, "见附件"
    made["Message-ID"] = "<bomb@evil.example>"
    made.set_content("见附件")
    made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


def zipped(name: str, content: bytes) -> bytes:
    """A zip file of one member."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, content)
    return made.getvalue()


def zip_in_zip(levels: int) -> bytes:
    """A Word file whose text is a zip file whose member is one again; the innermost unfolds to 64 MB of zeros."""
    content = zipped("0.zip", bytes(64 * MB))
    for level in range(levels):
        content = zipped(f"{level}.zip", content * 20)
    return zipped("word/document.xml", content)


def _zeros(levels: int) -> bytes:
    return zipped("word/document.xml", b"<w:t>" + b"a" * (levels * MB))


def _text(unit: str, size: int = MB, kind: str = "plain") -> Callable[[], bytes]:
    data = unit.encode()
    head = f"Content-Type: text/{kind}; charset=utf-8\r\n\r\n".encode()
    return lambda: HEAD + head + data * (size // len(data))


def _field(name: str, unit: str, size: int = 120_000) -> Callable[[], bytes]:
    data = unit.encode()
    return lambda: f"{name}: ".encode() + data * (size // len(data)) + b"\r\n" + HEAD + b"\r\nwords"


def _many_members() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for number in range(20_000):
            file.writestr(f"xl/worksheets/sheet{number}.xml", "<c/>")
    return made.getvalue()


def _several() -> bytes:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = "bomber@evil.example", GM, "见附件"
    made["Message-ID"] = "<bombs@evil.example>"
    made.set_content("见附件")
    for number in range(5):
        content = zipped("word/document.xml", b"<w:t>" + b"<w:t>a</w:t>" * (3_000_000 + number))
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=f"{number}.docx")
    return made.as_bytes()


def _pdf_loop() -> bytes:
    """Pages that are their own parents, and a stream that unfolds again and again (ISO 32000-1, 7.4)."""
    stream = b64encode(bytes(1000))
    pages = b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 99999>>endobj\n"
    folded = (
        b"3 0 obj<</Length 1336/Filter[" + b"/FlateDecode" * 200 + b"]>>stream\n" + stream + b"\nendstream endobj\n"
    )
    return b"%PDF-1.4\n" + pages + folded + b"trailer<</Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF"


BOMBS: dict[str, Callable[[], bytes]] = {
    "parts-10000": lambda: _parts(b"Content-Type: text/plain", b"x", 10_000),
    "levels-1000": lambda: HEAD + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1000)
    ) + b"\r\nwords",
    "messages-1000": lambda: HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 1000,
    "header-100mb": lambda: HEAD + b"X-Large: " + b"y" * (100 * MB) + b"\r\n\r\nwords",
    "header-lines": lambda: HEAD + b"X: y\r\n" * 500_000 + b"\r\nwords",
    "parameters": lambda: HEAD + b"Content-Type: text/plain; " + b";".join(b"a*%d*=x" % n for n in range(900)) + b"\r\n\r\nwords",
    "boundaries": lambda: MIXED + b"--b\n" * (2 * MB),
    "packed-again": lambda: _packed(50, 2 * MB),
    "attached-mails-packed": lambda: HEAD + (
        b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" * 40
    ) + b"\r\n" + b"words " * MB,
    "charsets": lambda: _parts(b"Content-Type: text/plain; charset=x-none", JUNK * 2000, 900),
    "contacts": lambda: _parts(b"Content-Type: text/vcard; charset=x-none", JUNK * 2000, 900),
    "junk-headers": lambda: _parts(b"\r\n".join([b"X: " + JUNK] * 60), b"x", 900),
    "file-names": lambda: _parts(b'Content-Type: application/pdf; name="' + JUNK * 10 + b'.pdf"', b"x", 900),
    "base64-pieces": lambda: HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=A" * (8 * MB),
    "report-blocks": lambda: HEAD + (
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\n"
    ) + b"Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n" * 40_000,
    "signed-in-signed": lambda: HEAD + (
        b"Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n\r\n" + b"\x30\x80" * (4 * MB)
    ),
    "winmail": lambda: _parts(
        b"Content-Type: application/ms-tnef; name=winmail.dat",
        b"\x78\x9f\x3e\x22\x00\x00" + b"\x01\x00\x00\x00\x00\x00\x00\x00" * 20_000, 100,
    ),
    "zip-in-zip": lambda: _attached("投诉.docx", zip_in_zip(2)),
    "zip-of-text": lambda: _attached("投诉.docx", _zeros(400)),
    "zip-members": lambda: _attached("投诉.xlsx", _many_members()),
    "five-zips": _several,
    "pdf-loop": lambda: _attached("投诉.pdf", _pdf_loop()),
    "rtf-braces": lambda: _attached("投诉.rtf", b"{\\rtf1" + b"{" * (2 * MB)),
    "open-tags": _text("<div style='color:red'>x", kind="html"),
    "open-comments": _text("<!--", kind="html"),
    "style-sheet": _text("<style>.a .b{display:none}</style><p class=a>x", kind="html"),
    "quotation-marks": _text('<a title="', kind="html"),
    "blockquotes": _text("<blockquote type=cite>", kind="html"),
    "quote-marks": _text("> > > > "),
    "from-lines": _text("From: a@b.example\nSent: x\nTo: y\nSubject: z\n\n"),
    "wrote-lines": _text("On Mon, 1 Jan 2026, a wrote:\n"),
    "chinese-wrote-lines": _text("在 2026-01-01 09:00，张三写道：\n"),
    "one-line": _text("投诉物流部经理张伟"),
    "names": _text("张伟，王强，李娜，"),
    "verbs": _text("转物流部，"),
    "conditions": _text("如果客户同意就转物流部，先不要"),
    "case-numbers": _text("GM-2026-000001-ABCDEFGH "),
    "links": _text("https://pan.baidu.com/s/1abc 提取码:1234 "),
    "addresses": _text("a@b.example "),
    "digits": _text("1"),
    "blanks": _text(" "),
    "line-ends": _text("\n"),
    "dashes": _text("-"),
    "signatures": _text("-- \n"),
    "dates": _text("2026年11月24日"),
    "calendar": lambda: HEAD + b"Content-Type: text/calendar\r\n\r\n" + b"BEGIN:VEVENT\r\n" * (MB // 14),
    "subject-words": _field("Subject", "投诉物流部"),
    "subject-keys": _field("Subject", "[GM-2026-000001-ABCDEFGH] "),
    "subject-encoded": _field("Subject", "=?x-none?Q?=D6=FF?= "),
    "from-many": _field("From", "a@b.example, "),
    "from-brackets": _field("From", "("),
    "to-words": _field("To", "=?x-none?Q?=D6=FF?= <a@b.example>, "),
    "references": _field("References", "<a@b.example> "),
    "results": _field("Authentication-Results", "mx.corp.example; dkim=pass (("),
    "date": _field("Date", "Mon, 1 "),
}  # fmt: skip
"""Name: the bytes of a mail."""
