"""The ledger 考核奖惩台账: points, awards and sanctions, each tied to a case and approved by a person (P3.6).

Rules of the pack propose, people decide: nothing counts before the person whom the pack names has approved it.
"""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from maild.domain.rule import Bilingual
from maild.domain.value import value

Cause = Literal[
    "late-relay", "late-accept", "late-answer", "late-resolve", "idle", "empty-answers", "reopened-twice",
    "suggestion-award", "sanction", "complaint-reward",
]  # fmt: skip
"""What a rule of the ledger can stand on."""


class EntryState(StrEnum):
    """How far an entry is."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    """The order that it came from was undone."""
    PAID = "paid"


@value
class LedgerRule:
    """One entry of ledger.yaml: what is proposed for which cause, and who decides."""

    id: str
    name: Bilingual
    when: tuple[Cause, ...]
    types: tuple[str, ...] = ()
    """Only for cases of these types; without any for all."""
    points: int = 0
    """Taken from or given to the person; below 0 for a deduction."""
    amount: int = 0
    """CNY proposed for the person; 0 where the sum is open or there is none."""
    decides: Literal["gm", "hr", "gm-office"] = "gm"
    """Who approves it; never the person concerned nor who stands below them."""


@value
class LedgerRules:
    """What a pack writes into the ledger; the first rule that fits a cause and a type holds."""

    rules: tuple[LedgerRule, ...] = ()

    def rule_for(self, cause: str, kind: str) -> LedgerRule | None:
        """The rule for this cause in a case of this type."""
        return next((r for r in self.rules if cause in r.when and (not r.types or kind in r.types)), None)

    def name(self, rule: str, language: str) -> str:
        """What an entry is called, or its id where the pack has no such rule any more."""
        found = next((r for r in self.rules if r.id == rule), None)
        return found.name.in_language(language) if found else rule


@value
class Entry:
    """One line of the ledger; times are aware UTC."""

    case: str
    rule: str
    cause: str
    person: str = ""
    """First address of whom it concerns; "" for an alias or a name outside the directory."""
    who: str = ""
    """As written where `person` is "": a name, or alias."""
    unit: str | None = None
    points: int = 0
    amount: int = 0
    origin: str
    """What made it; the same cause makes no second entry."""
    mail: str = ""
    """Content hash of the mail whose order made it; undoing that order withdraws it."""
    state: EntryState = EntryState.PROPOSED
    proposed_at: datetime
    decides: str = ""
    """First address of who is asked."""
    decided_at: datetime | None = None
    decided_by: str = ""
    note: str = ""
    id: int = 0
