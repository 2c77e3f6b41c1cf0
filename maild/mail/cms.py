"""S/MIME as far as it can be read without a key: what a PKCS #7 part is, and the mail within a signed one.

Cryptographic Message Syntax (RFC 5652) in BER, indefinite lengths too, as Outlook writes it. Signatures are not
checked here: who wrote a mail is decided by its authentication (security.md).
"""

from collections.abc import Iterator

SIGNED, ENVELOPED, UNKNOWN = "signed", "enveloped", ""
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_ENVELOPED_DATA = frozenset(bytes.fromhex(one) for one in ("2a864886f70d010703", "2a864886f70d0109100117"))
_SEQUENCE, _OID, _OCTETS, _OCTET_LIST, _EXPLICIT = 0x30, 0x06, 0x04, 0x24, 0xA0
_DEEPEST = 12
_MOST = 100_000

_Value = tuple[int, int, int, int]
"""Tag, begin and end of the content, where the next value begins."""


def kind_of(said: str, data: bytes) -> str:
    """What a PKCS #7 part is: by its smime-type (RFC 8551 section 3.2.2), else by its bytes."""
    named = said.lower()
    if "enveloped" in named:
        return ENVELOPED
    oid = _content_type(data)
    if oid in _ENVELOPED_DATA:
        return ENVELOPED
    return SIGNED if oid == _SIGNED_DATA else UNKNOWN


def signed_content(data: bytes) -> bytes | None:
    """The MIME entity within a signed part; None where there is none, or where it is damaged."""
    try:
        outer = _inside(data, *_expect(data, 0, len(data), _SEQUENCE))
        oid, explicit = outer[0], outer[1]
        if data[oid[1] : oid[2]] != _SIGNED_DATA:
            return None
        signed = _inside(data, *_expect(data, explicit[1], explicit[2], _SEQUENCE))
        encapsulated = next(one for one in signed if one[0] == _SEQUENCE)
        content = _inside(data, encapsulated[1], encapsulated[2])[1]
        return b"".join(_octets(data, content, 0)) if content[0] == _EXPLICIT else None
    except (IndexError, ValueError, StopIteration):
        return None


def _content_type(data: bytes) -> bytes:
    try:
        oid = _value(data, _expect(data, 0, len(data), _SEQUENCE)[0], len(data), 0)
    except (IndexError, ValueError):
        return b""
    return data[oid[1] : oid[2]] if oid[0] == _OID else b""


def _expect(data: bytes, at: int, end: int, tag: int) -> tuple[int, int]:
    found = _value(data, at, end, 0)
    if found[0] != tag:
        raise ValueError
    return found[1], found[2]


def _inside(data: bytes, at: int, end: int) -> list[_Value]:
    values: list[_Value] = []
    while at < end and data[at : at + 2] != b"\0\0" and len(values) < _MOST:
        values.append(_value(data, at, end, 0))
        at = values[-1][3]
    return values


def _octets(data: bytes, one: _Value, depth: int) -> Iterator[bytes]:
    """The pieces of an octet string, which may be cut into many."""
    if one[0] == _OCTETS:
        yield data[one[1] : one[2]]
    elif one[0] in {_OCTET_LIST, _EXPLICIT} and depth < _DEEPEST:
        for piece in _inside(data, one[1], one[2]):
            yield from _octets(data, piece, depth + 1)


def _value(data: bytes, at: int, end: int, depth: int) -> _Value:
    """The value that begins at `at` (X.690 8.1)."""
    tag, first = data[at], data[at + 1]
    if first == 0x80:
        return _indefinite(data, at, end, depth)
    start, length = at + 2, first
    if first > 0x80:
        size = first & 0x7F
        start, length = start + size, int.from_bytes(data[start : start + size], "big")
    if start + length > end:
        raise ValueError
    return tag, start, start + length, start + length


def _indefinite(data: bytes, at: int, end: int, depth: int) -> _Value:
    if depth > _DEEPEST:
        raise ValueError
    position = at + 2
    while data[position : position + 2] != b"\0\0":
        position = _value(data, position, end, depth + 1)[3]
    return data[at], at + 2, position, position + 2
