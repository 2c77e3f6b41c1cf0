"""Who reads a report, and what may be counted for them (security.md, "Conflict of interest"; P3.5.7).

A case is in a figure only where its reader may read the letter itself: what is confidential is counted for those
entitled alone, so that no head learns from a number that a complaint about him exists.
"""

from maild.domain.case import Case
from maild.domain.counted import View
from maild.domain.directory import Person
from maild.workflow.office import Office
from maild.workflow.sight import Sight, sight


def view_of(reader: Person | None, unit: str, office: Office) -> View:
    """What this reader may see of a unit with those below it, or of the whole office; None keeps the database: all."""
    index = office.index
    kept: dict[str, bool] = {}

    def unit_of(address: str) -> str:
        found = index.unit_of(address)
        return found.id if found else ""

    def sees(case: Case) -> bool:
        if reader is None:
            return True
        if case.number not in kept:
            kept[case.number] = sight(case, reader, office) is Sight.LETTER
        return kept[case.number]

    return View(sees=sees, unit_of=unit_of, coordinator=office.pack.coordinator,
                units=frozenset(index.subtree(unit)) if unit else None,
                reader=reader.address if reader else "")  # fmt: skip
