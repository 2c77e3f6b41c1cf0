"""ISO-2022-CN (RFC 1922), which the standard library does not read: the GB 2312 part of it."""

import re

_TOKEN = re.compile(rb"\x1b\$[)*+].|\x0e|\x0f|\x1bN..|\x1b.?|\n|[^\x0e\x0f\x1b\n]+", re.DOTALL)


def decode_iso2022cn(data: bytes) -> str | None:
    """The text, with U+FFFD for CNS 11643 characters; None where the bytes are not ISO-2022-CN."""
    shifted, designated, out = False, b"", []
    for token in _TOKEN.findall(data):
        if token in {b"\x0e", b"\x0f", b"\n"}:
            shifted = token == b"\x0e"  # the end of a line shifts back (RFC 1922 section 2)
            out.append("\n" if token == b"\n" else "")
        elif token.startswith(b"\x1b"):
            designated = token[3:] if token.startswith(b"\x1b$)") else designated
        else:
            out.append(_run(token, designated) if shifted else token.decode("ascii", "replace"))
    return "".join(out)


def _run(token: bytes, designated: bytes) -> str:
    if designated != b"A":
        return "\ufffd" * (len(token) // 2)
    return bytes(byte | 0x80 for byte in token).decode("gb2312", "replace")
