"""What is kept of the directory between two readings, as text: who was there last, and who has left since the first."""

from pydantic import TypeAdapter, ValidationError

from maild.domain.leaving import Known

_KNOWN = TypeAdapter(Known)

DIRECTORY_WORD = "directory-word"
"""The kept text in which a person's word for a loss of many people stands."""


def name_for(mailbox: str) -> str:
    """The name under which a mailbox's office keeps it."""
    return f"directory:{mailbox}"


def read_known(text: str) -> Known:
    """Whom earlier readings knew; nobody where nothing was kept, or where an earlier version wrote it otherwise."""
    try:
        return _KNOWN.validate_json(text) if text else Known()
    except ValidationError:
        return Known()


def written(known: Known) -> str:
    """The same as text."""
    return _KNOWN.dump_json(known, exclude_defaults=True).decode()
