"""Letters about many cases: each has a key of its own, which knows the cases that the letter shows (casework 5)."""

from collections.abc import Iterable

from maild.workflow.office import Office
from maild.workflow.plan import Key

CASES = "cases"
"""Under this name a list's key keeps the numbers of its cases, in the order shown."""


def list_key(numbers: Iterable[str], office: Office) -> dict[str, object]:
    """What a keyed letter's data holds besides, so that its key knows these cases."""
    known: dict[str, object] = {CASES: list(dict.fromkeys(number for number in numbers if number))}
    return {"key_data": known, "key_expires": office.now + office.pack.deadlines.after.staff_key}


def listed(key: Key) -> tuple[str, ...]:
    """The numbers of the cases that a list's key knows."""
    numbers = key.data.get(CASES)
    return tuple(str(number) for number in numbers) if isinstance(numbers, list) else ()
