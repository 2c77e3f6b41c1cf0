"""What a check of an installation found: one line, with the mend where something is to be mended."""

from typing import Literal

from maild.domain.value import value
from maild.errors import MaildError

Status = Literal["ok", "warn", "BAD"]


@value
class Finding:
    """One checked thing and how it is."""

    check: str
    status: Status
    text: str
    mend: str = ""


def ok(check: str, text: str) -> Finding:
    """It is well."""
    return Finding(check=check, status="ok", text=text)


def warn(check: str, text: str, mend: str) -> Finding:
    """It works, and is yet unwise or will soon not work."""
    return Finding(check=check, status="warn", text=text, mend=mend)


def bad(check: str, text: str, mend: str) -> Finding:
    """It does not work."""
    return Finding(check=check, status="BAD", text=text, mend=mend)


def of_error(check: str, error: MaildError) -> Finding:
    """An error's sentence: what stands behind its last semicolon is the mend."""
    text, _, mend = error.sentence.rstrip(".").rpartition("; ")
    return bad(check, text or mend, mend if text else "")
