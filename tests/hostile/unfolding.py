"""Bytes that leave, unfolded: what somebody who opens everything would read in them."""

import io
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header, make_header

from pypdf import PdfReader


def unfolded(content: bytes, name: str = "") -> Iterator[str]:
    """Every text in it: of a mail headers and parts, of a zip or an office file each member, of a PDF its pages."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as folder:
            for member in folder.namelist():
                yield member
                yield from unfolded(folder.read(member), member)
    elif content.startswith(b"%PDF"):
        yield "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    elif name.endswith(".eml"):
        yield from _mail(content)
    else:
        yield content.decode("utf-8", "replace")


def _mail(content: bytes) -> Iterator[str]:
    for part in message_from_bytes(content).walk():
        yield from (str(make_header(decode_header(str(said).replace("\r\n", "")))) for said in part.values())
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield from unfolded(payload, str(part.get_filename() or ""))


def told(content: bytes, words: tuple[str, ...], name: str = ".eml") -> list[str]:
    """Which of these words it tells; line ends inside a word hide nothing."""
    texts = [text for one in unfolded(content, name) for text in (one, one.replace("\r", "").replace("\n", ""))]
    return [word for word in words if any(word in text for text in texts)]
