"""Records that were filed by themselves, and who may find them again (casework 5, `record`)."""

import json
from datetime import datetime
from typing import Any

from maild.domain.directory import Person
from maild.domain.replykey import find_case_numbers
from maild.workflow.facts import Facts
from maild.workflow.localtime import when
from maild.workflow.office import Office

RECORD = "REC"
"""What stands before their numbers."""
_MOST, _EXCERPT = 20, 300


def kept_as(number: str) -> str:
    """The name of the small fact that holds a record."""
    return f"record:{number}"


def is_record(number: str) -> bool:
    """Whether this is the number of a record and not of a case."""
    return number.startswith(f"{RECORD}-")


def record_of(number: str, person: Person, office: Office, facts: Facts) -> dict[str, Any] | None:
    """A record as far as this person may read it: its writer, the coordinator, the gm; nobody it complains of."""
    kept = facts.kept_text(kept_as(number)) if is_record(number) else ""
    found: dict[str, Any] = json.loads(kept) if kept else {}
    if not found or person.address in found["excluded"]:
        return None
    reads = person.address in {str(found["by"]), office.coordinator()} or "gm" in person.roles
    return found if reads else None


def records_found(words: str, person: Person, office: Office, facts: Facts) -> list[dict[str, object]]:
    """Rows of a list of what was found: the newest first, one that is named by its number with its whole text."""
    named = find_case_numbers(words)
    numbers = dict.fromkeys((*named, *facts.found(words, [office.box.address])))
    known = ((number, found) for number in numbers if (found := record_of(number, person, office, facts)))
    return [_row(number, found, person, office, whole=number in named) for number, found in known][:_MOST]


def _row(number: str, found: dict[str, Any], person: Person, office: Office, *, whole: bool) -> dict[str, object]:
    writer = office.index.person(str(found["by"]))
    said = "\n".join(part for part in (str(found["subject"]), str(found["text"])) if part)
    return {
        "number": number, "type_name": "", "record": True, "state": "", "summary": said if whole else said[:_EXCERPT],
        "unit_name": "", "handler_name": writer.name if writer else "", "due_text": "", "urgency": "normal",
        "received_text": when(_at(found), office, person.address, person.language),
    }  # fmt: skip


def _at(found: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(str(found["at"]))
