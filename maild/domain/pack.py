"""A policy pack in one value: what triage, routing, deadlines and letters read of it."""

from collections.abc import Sequence
from dataclasses import field

from maild.domain.channels import Channels
from maild.domain.circulation import Circulating
from maild.domain.deadlines import Deadlines
from maild.domain.formround import Rounds
from maild.domain.ledger import LedgerRules
from maild.domain.maskrules import Masks
from maild.domain.policy import Policy
from maild.domain.publication import Publishing
from maild.domain.reportrule import Reports
from maild.domain.retention import Retention
from maild.domain.route import Routes
from maild.domain.value import value


@value
class Phone:
    """A telephone number that a critical acknowledgement gives, with its name in zh and en."""

    zh: str
    en: str
    number: str
    crisis: str = ""
    """Only where the letter holds crisis words of this name, such as `self-harm`: a help line."""


@value
class Pack:
    """One pack as read for one directory."""

    policy: Policy
    routes: Routes
    deadlines: Deadlines
    phones: tuple[Phone, ...] = ()
    circulating: Circulating = field(default_factory=Circulating)
    ledger: LedgerRules = field(default_factory=LedgerRules)
    channels: Channels = field(default_factory=Channels)
    rounds: Rounds = field(default_factory=Rounds)
    retention: Retention = field(default_factory=Retention)
    publishing: Publishing = field(default_factory=Publishing)
    reports: Reports = field(default_factory=Reports)
    masks: Masks = field(default_factory=Masks)

    @property
    def id(self) -> str:
        """The pack's id."""
        return self.policy.id

    @property
    def coordinator(self) -> str:
        """The coordinator unit."""
        return self.policy.coordinator or "gm-office"

    def type_name(self, kind: str, language: str) -> str:
        """The name of a type, or its id where the pack has none."""
        found = self.policy.types_by_id.get(kind)
        return found.name.in_language(language) if found else kind

    def question(self, point: str, language: str) -> str:
        """The polite question for a missing point."""
        found = self.policy.points_by_id.get(point)
        return found.question.in_language(language) if found else point

    def phone_list(self, language: str, crisis: Sequence[str] = ()) -> list[dict[str, str]]:
        """Telephone numbers for the acknowledgement of a critical letter, help lines for its crisis words first."""
        zh = language.startswith("zh")
        lines = [phone for phone in self.phones if phone.crisis in crisis and phone.crisis]
        chosen = (*lines, *(phone for phone in self.phones if not phone.crisis))
        return [{"label": phone.zh if zh else phone.en, "number": phone.number} for phone in chosen]
