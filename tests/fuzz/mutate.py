"""Damage done to real input: what goes wrong on the way of a mail, and what a hostile hand does to it."""

import random
import re
from pathlib import Path

CORPUS = Path(__file__).parent.parent / "corpus"
HEADERS = (
    b"From", b"To", b"Subject", b"Content-Type", b"Content-Transfer-Encoding", b"Content-Disposition", b"Message-ID",
    b"In-Reply-To", b"References", b"Date", b"Reply-To", b"Sender", b"Auto-Submitted", b"Authentication-Results",
    b"Return-Path", b"X-Maild-Id", b"MIME-Version",
)  # fmt: skip
CHARSETS = (b"utf-8", b"gb2312", b"gbk", b"gb18030", b"big5", b"hz-gb-2312", b"utf-7", b"utf-16", b"iso-2022-jp", b"idna",
            b"x-none", b"unicode_escape", b"zlib")  # fmt: skip
ENCODINGS = (b"base64", b"quoted-printable", b"8bit", b"x-uuencode", b"7bit;", b"BASE64 ")
PIECES = (
    b"\r\n", b"\n", b"\r", b"\0", b"=?utf-8?B?", b"?=", b"=?gbk?Q?=D6?=", b'"', b"<", b">", b"(", b")", b";", b":", b",", b"--b",
    b"--b--", b"\xd6\xd0\xce\xc4", b"\xff\xfe", b"\xe2\x80\xae", b"&#0;", b"&#x110000;", b"<!--", b"<![CDATA[", b"%00", b"{{", b"%s",
    "转物流部，".encode(), "结案：".encode(), "不要".encode(), "142 接\n".encode(), "12月32日".encode(), "延期 99999999 天".encode(),
    b"- {id: x, any: [", b"&a *a", b"!!python/object:x", b"\t- ", b"2026-13-45", b"\x1b$B", b"~{", b"begin 644 a\n",
    "姓名,邮箱\n".encode(), b"PK\x03\x04", b"{\\rtf1 ", b"\\u-99999999 ",
)  # fmt: skip
_BOUNDARY = re.compile(rb"boundary=\"?([^\";\r\n]+)")


def seeds(*folders: str) -> list[bytes]:
    """The files of these folders of the corpus; of one with a list of examples, each line by itself."""
    found: list[bytes] = []
    for folder in folders:
        for path in sorted((CORPUS / folder).rglob("*")):
            if path.suffix == ".jsonl":
                found += path.read_bytes().splitlines()[:60]
            elif path.is_file() and path.suffix != ".md":
                found.append(path.read_bytes())
    return found


def damaged(raw: bytes, chance: random.Random, times: int) -> bytes:
    """The bytes after so many blows of any kind."""
    for _ in range(times):
        raw = chance.choice(_BLOWS)(raw, chance)[:60_000]
    return raw


def _cut(raw: bytes, chance: random.Random) -> bytes:
    start, end = _piece(raw, chance)
    return raw[:start] + raw[end:]


def _doubled(raw: bytes, chance: random.Random) -> bytes:
    start, end = _piece(raw, chance)
    return raw[:end] + raw[start:end] * chance.choice((1, 1, 2, 50)) + raw[end:]


def _moved(raw: bytes, chance: random.Random) -> bytes:
    start, end = _piece(raw, chance)
    rest = raw[:start] + raw[end:]
    at = chance.randint(0, len(rest))
    return rest[:at] + raw[start:end] + rest[at:]


def _put_in(raw: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, len(raw))
    return raw[:at] + chance.choice(PIECES) * chance.choice((1, 1, 1, 30)) + raw[at:]


def _flipped(raw: bytes, chance: random.Random) -> bytes:
    if not raw:
        return b"\0"
    at = chance.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ (1 << chance.randrange(8))]) + raw[at + 1 :]


def _renamed(raw: bytes, chance: random.Random) -> bytes:
    return raw.replace(chance.choice(HEADERS) + b":", chance.choice(HEADERS) + b":", 1)


def _relabelled(raw: bytes, chance: random.Random) -> bytes:
    kind = chance.randrange(3)
    if kind == 0:
        return re.sub(rb"charset=\"?[\w-]+", b"charset=" + chance.choice(CHARSETS), raw, count=1)
    if kind == 1:
        return re.sub(rb"(?i)(transfer-encoding:)[^\r\n]*", rb"\1 " + chance.choice(ENCODINGS), raw, count=1)
    marks = _BOUNDARY.findall(raw)
    return raw.replace(chance.choice(marks), chance.choice([*marks, b"b", b""])) if marks else raw


def _nested(raw: bytes, chance: random.Random) -> bytes:
    inside = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
    return inside * chance.choice((1, 3, 70)) + raw + b"\r\n--b--\r\n"


def _piece(raw: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randint(0, len(raw))
    return start, min(len(raw), start + chance.choice((1, 4, 40, 400, 4000)))


_BLOWS = (_cut, _doubled, _moved, _put_in, _put_in, _flipped, _renamed, _relabelled, _nested)
