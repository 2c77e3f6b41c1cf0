"""The digest's lists of lines: what is quarantined, what a limit held back, misuse, and what else is worth knowing.

Equal lines are one with their count, so that a storm of a thousand mails is read in a moment; oldest first.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from maild.domain.directory import Person
from maild.workflow.books import Books
from maild.workflow.localtime import when
from maild.workflow.office import Office
from maild.workflow.plan import Line
from maild.workflow.quarantine import IN_QUARANTINE, SUBJECT

HELD_BACK = frozenset({"not-acknowledged", "held-back", "held-intake", "would-have-sent", "budget-used"})
MISUSE = frozenset({"forged", "misdirected", "suspect", "wrong-keys"})
MOST_LINES = 40
_MOST_NUMBERS = 5
Told = dict[str, object]


def lists(rows: Sequence[Told]) -> dict[str, object]:
    """The rows of all lines, each in its list: held back, misuse, and the rest."""
    held = [row for row in rows if row["kind"] in HELD_BACK]
    misuse = [row for row in rows if row["kind"] in MISUSE]
    noted = [row for row in rows if row["kind"] not in HELD_BACK | MISUSE]
    return {"held_back": grouped(held), "misuse": grouped(misuse), "noted": grouped(noted)}


def grouped(rows: Iterable[Told]) -> list[Told]:
    """Rows that differ in nothing but their case as one, with their cases and count; what is too much is counted."""
    groups: dict[str, list[Told]] = {}
    for row in rows:
        said = {name: item for name, item in row.items() if name not in {"number", "entry"}}
        groups.setdefault(repr(sorted(said.items())), []).append(row)
    shown = [_one(own) for own in list(groups.values())[:MOST_LINES]]
    left = list(groups.values())[MOST_LINES:]
    return [*shown, {"kind": "more", "count": sum(map(len, left))}] if left else shown


def _one(rows: Sequence[Told]) -> Told:
    numbers = list(dict.fromkeys(str(row["number"]) for row in rows if row.get("number")))
    more = " …" if len(numbers) > _MOST_NUMBERS else ""
    single = {name: item for name, item in rows[0].items() if name != "entry"}
    counted = {"count": len(rows)} if len(rows) > 1 and "count" not in single else {}
    return single | {"number": ", ".join(numbers[:_MOST_NUMBERS]) + more} | counted


def in_quarantine(office: Office, books: Books, person: Person) -> list[Told]:
    """The quarantined mails that nobody has released yet, as far as this reader may know of them."""
    waiting = books.lines(office.box.address, IN_QUARANTINE)
    pending = {clock.subject for clock in books.clocks("")}
    handled = [ident for ident, _, line in waiting if f"{SUBJECT}{line.data['entry']}" not in pending]
    books.lines_told(handled, office.now)
    own = [line.data for ident, _, line in waiting if ident not in handled and _is_for(line, person)]
    return [{**item, "received_text": _when(item, office, person)} for item in own]


def _is_for(line: Line, person: Person) -> bool:
    return line.data.get("reader", "") in {"", person.address}


def _when(item: dict[str, object], office: Office, person: Person) -> str:
    return when(datetime.fromisoformat(str(item["at"])), office, person.address, person.language)
