"""One of our own frozen mails without its files: the same headers and words, a note in place of what was attached."""

import re
from collections.abc import Sequence
from email import message_from_bytes
from email.policy import default

from maild.mail.compose import plain_part

_BOUNDARY = re.compile(rb'^Content-Type: multipart/mixed; boundary="([^"]+)"', re.MULTILINE)


def file_names(raw: bytes) -> tuple[str, ...]:
    """The names of the files attached to a mail that `compose` made; empty when there are none."""
    if _BOUNDARY.search(raw.partition(b"\r\n\r\n")[0]) is None:
        return ()
    mail = message_from_bytes(raw, policy=default)
    return tuple(part.get_filename("") for part in mail.iter_attachments())


def without_files(raw: bytes, note: str) -> bytes:
    """The mail with `note` where its files were; Message-ID, date and words stay byte for byte."""
    head, blank, body = raw.partition(b"\r\n\r\n")
    found = _BOUNDARY.search(head)
    if found is None:
        return raw
    line = b"--" + found.group(1)
    parts: Sequence[bytes] = body.split(line)
    return b"".join((head, blank, parts[0], line, parts[1], line, b"\r\n", plain_part(note), b"\r\n", line, b"--\r\n"))
