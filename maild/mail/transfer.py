"""Content-Transfer-Encoding undone (RFC 2045 section 6), for the encodings seen in the wild and their damage."""

import binascii
import re

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_MORE_BASE64 = re.compile(rb"[A-Za-z0-9+/\s]{4,}={0,2}\s*")
_MORE = re.compile(rb"=[\s]*[A-Za-z0-9+/]")
_SHORT = 100_000
_SMALLEST_PIECE = 8
"""Bytes of an honest piece at least, on average; millions of smaller ones are made to fill the memory."""
_UU_BEGIN = re.compile(rb"(?m)^begin(?:-base64)? [0-7]{3,4}[^\n]*\n")


def undone(body: memoryview, encoding: str) -> bytes:
    """The bytes that were encoded; an unknown encoding is taken as none."""
    if encoding == "base64":
        return from_base64(body)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        return from_uuencode(bytes(body))
    return bytes(body)


def from_base64(data: bytes | memoryview) -> bytes:
    """Decoded base64: blanks and foreign characters skipped, missing padding made up, joined pieces read on."""
    try:
        found = binascii.a2b_base64(data)
    except binascii.Error:
        return _repaired(bytes(data))
    in_pieces = _MORE.search(data) if len(data) < _SHORT else len(found) < len(data) * 0.65
    return _in_pieces(bytes(data), found) if in_pieces else found


def _repaired(data: bytes) -> bytes:
    if b"-" in data or b"_" in data:
        data = data.replace(b"-", b"+").replace(b"_", b"/")
    digits = _NOT_BASE64.sub(b"", data)
    digits = digits[:-1] if len(digits) % 4 == 1 else digits
    return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))


def _in_pieces(data: bytes, found: bytes) -> bytes:
    """Several padded pieces in a row; a footer that a list added behind the padding is not one."""
    if data.count(b"=") * _SMALLEST_PIECE > len(data):
        return found
    pieces = re.split(rb"(?<==)(?=[A-Za-z0-9+/\s])", data)
    if len(pieces) < 2 or not all(_MORE_BASE64.fullmatch(piece) for piece in pieces if piece.strip()):
        return found
    return b"".join(_repaired(piece) for piece in pieces)


def from_uuencode(data: bytes) -> bytes:
    """The file inside uuencoded text; without a `begin` line, the text itself."""
    begin = _UU_BEGIN.search(data)
    if not begin:
        return data
    lines = data[begin.end() :].split(b"\nend", 1)[0].splitlines()
    return b"".join(map(_uu_line, lines))


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        count = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[:count])
        except binascii.Error:
            return b""
