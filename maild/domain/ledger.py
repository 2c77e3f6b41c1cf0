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
    "suggestion-award", "sanction", "complaint-reward", "reporting",
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
    RENOUNCED = "renounced"
    """Its writer does not want the award: the entry is cancelled, with a note."""
    LAPSED = "lapsed"
    """Nobody collected the award in time."""


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
    notice: bool = False
    """Whether a public notice is proposed once it is approved; of a confidential case never."""


@value
class LedgerRules:
    """What a pack writes into the ledger; the first rule that fits a cause and a type holds."""

    rules: tuple[LedgerRule, ...] = ()
    finance: str = ""
    """Id or name of the unit whose head hears number and sum of an award, and nothing else; "" for nobody."""

    def rule_for(self, cause: str, kind: str) -> LedgerRule | None:
        """The rule for this cause in a case of this type."""
        return next((r for r in self.rules if cause in r.when and (not r.types or kind in r.types)), None)

    def rule(self, ident: str) -> LedgerRule | None:
        """The rule of this id, where the pack still has it."""
        return next((r for r in self.rules if r.id == ident), None)

    def name(self, entry: "Entry", language: str) -> str:
        """What an entry is called: as it was proposed, whatever became of the rule since."""
        said = entry.name_zh if language.startswith("zh") else entry.name_en
        found = self.rule(entry.rule)
        return said or (found.name.in_language(language) if found else entry.rule)


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
    name_zh: str = ""
    """What it was called when it was proposed; "" in entries from before this was kept."""
    name_en: str = ""
    role: str = ""
    """Who the rule said decides, when it was proposed."""
    id: int = 0

    @property
    def number(self) -> str:
        """By what people name it: L-2026-0007."""
        return f"L-{self.proposed_at.year}-{self.id:04d}"
