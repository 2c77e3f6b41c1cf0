"""What became of a file whose properties were to be taken out before it leaves the seal (security.md, "The seal")."""

from enum import StrEnum

from maild.domain.value import value


class How(StrEnum):
    """Whether a file could be cleaned, or why not; what could not stays inside."""

    CLEAN = "clean"
    UNKNOWN = "unknown"
    """A kind of file, or a part of one, whose properties nobody here can find."""
    LOCKED = "locked"
    """It wants a password."""
    DAMAGED = "damaged"
    TOO_LARGE = "too-large"
    LATE = "late"
    """It took too long."""
    NO_CLEANER = "no-cleaner"
    """The extra that cleans this kind is not installed."""


class Uncleanable(Exception):
    """The file stays inside; `how` says why."""

    def __init__(self, how: How) -> None:
        super().__init__(how.value)
        self.how = how


@value
class Cleaned:
    """A file without what tells who made it."""

    how: How
    content: bytes = b""
    text: str = ""
    """The words that are still in it, as far as they can be read: what its writer says is not taken out."""


_KINDS = {
    "docx": "ooxml", "docm": "", "xlsx": "ooxml", "pptx": "ooxml", "pdf": "pdf", "jpg": "image", "jpeg": "image",
    "png": "image", "gif": "image", "bmp": "image", "webp": "image", "tif": "image", "tiff": "image", "txt": "text",
    "csv": "text",
}  # fmt: skip


def cleaning_kind(filename: str) -> str:
    """How a file of this name is cleaned: ooxml, pdf, image or text; "" where nobody can."""
    return _KINDS.get(filename.lower().rstrip(". ").rpartition(".")[2], "")
