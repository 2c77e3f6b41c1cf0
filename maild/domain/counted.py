"""What one reader's report counts, by code: the cases behind each figure, so that every figure opens to them.

A code is a path: `received`, and its parts `received/type/customer-complaint`. The parts of one kind add up to the
whole. Whoever must not see a case has it in no figure at all (security.md, "Conflict of interest").
"""

from collections.abc import Callable, Mapping
from dataclasses import field

from maild.domain.case import Case
from maild.domain.value import value

REOPENED, REFUSED, MISROUTED, MISSED, INCOMPLETE = "reopened", "refused", "misrouted", "missed", "incomplete"
"""Why a case stands behind a figure of a score sheet."""


@value
class Behind:
    """A case behind a figure; one that counts twice stands there twice."""

    number: str
    why: str = ""


@value
class View:
    """Who reads, and what of the office the report is about."""

    sees: Callable[[Case], bool]
    """Whether a case may be counted for this reader."""
    unit_of: Callable[[str], str]
    """The id of a person's unit; "" where nobody knows."""
    coordinator: str
    """The id of the unit that watches the whole flow."""
    units: frozenset[str] | None = None
    """These units alone; None: the whole office."""
    reader: str = ""
    """First address; the ledger's entries about the reader are left out."""

    def holds(self, unit: str) -> bool:
        """Whether the report is about this unit too."""
        return self.units is None or unit in self.units


@value
class Counts:
    """Of one period: the cases behind each figure, and the sums that are no counts (points, CNY)."""

    cases: Mapping[str, tuple[Behind, ...]] = field(default_factory=dict)
    sums: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    """What groups are called that have no name of their own: causes and matters."""

    def of(self, code: str) -> tuple[Behind, ...]:
        """The cases behind a figure."""
        return self.cases.get(code, ())

    def parts(self, code: str) -> list[str]:
        """The last steps of the codes right below this one, in the order they were counted."""
        below = f"{code}/"
        steps = (one.removeprefix(below) for one in (*self.cases, *self.sums) if one.startswith(below))
        return list(dict.fromkeys(step for step in steps if "/" not in step))


class Tally:
    """Counts that are being made."""

    def __init__(self) -> None:
        self.cases: dict[str, list[Behind]] = {}
        self.sums: dict[str, int] = {}
        self.names: dict[str, str] = {}

    def add(self, number: str, *codes: str, why: str = "") -> None:
        """One more case behind each of these figures."""
        for code in codes:
            self.cases.setdefault(code, []).append(Behind(number=number, why=why))

    def sum(self, code: str, amount: int) -> None:
        """So much more of what is no count."""
        self.sums[code] = self.sums.get(code, 0) + amount

    def done(self) -> Counts:
        """The counts, which change no more."""
        return Counts(cases={code: tuple(own) for code, own in self.cases.items()}, sums=self.sums, names=self.names)
