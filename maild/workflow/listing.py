"""Attachments as letters name them."""

from collections.abc import Collection

from maild.domain.message import Attachment, Mail
from maild.domain.wording import size_text

RISKY = frozenset({
    "exe", "com", "scr", "pif", "bat", "cmd", "lnk", "vbs", "vbe", "js", "jse", "wsf", "wsh", "hta", "ps1", "msi",
    "jar", "cpl", "reg", "dll", "chm", "iso", "img", "vhd", "url", "scf", "docm", "xlsm", "pptm", "dotm", "xlam",
    "apk", "sh",
})  # fmt: skip
"""Endings of files that run, or that carry what runs, when they are opened."""


def listed_file(attachment: Attachment) -> dict[str, object]:
    """An attachment as a letter names it."""
    return {
        "filename": " ".join(attachment.filename.split()),
        "size_text": size_text(attachment.size),
        "risky": attachment.filename.lower().rstrip(". ").rpartition(".")[2] in RISKY,
    }


def listed_files(mail: Mail, first: int, along: Collection[str], held: Collection[str] = ()) -> list[dict[str, object]]:
    """The files of a mail with their numbers, and whether each goes along; those that are held back stand apart."""
    named = ((n, f"{mail.sha256}:{file.sha256}", file) for n, file in enumerate(mail.files, first))
    return [{**listed_file(file), "n": n, "attached": pair in along} for n, pair, file in named if pair not in held]
