"""What a letter may say of a case, as its reader may see it: the template's `case` (casework 3 and 8)."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime

from maild.domain.alias import alias_of, requester_of
from maild.domain.case import Case, Clock, ClockKind
from maild.domain.directory import Unit
from maild.domain.wording import shown
from maild.workflow.localtime import when
from maild.workflow.office import Office
from maild.workflow.sight import Sight

_LINK = re.compile(
    r"\w://|www[.。．]|[a-z0-9-]@|[a-z0-9-][.。．](?:[a-z]{2,24}|xn--)(?![a-z])|(?:\d{1,3}\.){3}\d", re.IGNORECASE
)
"""Anything that a mail client or a person might take for an address; a name with a dot in it is not missed much."""
_PROMISED = (ClockKind.FIRST_ANSWER, ClockKind.RESOLVE, ClockKind.RELAY)


def case_view(
    case: Case,
    clocks: Sequence[Clock],
    office: Office,
    *,
    reader: str,
    language: str,
    sees: Sight,
    names: "Names",
) -> dict[str, object]:
    """The template's `case`, as far as its reader `sees`; `names` puts codes into words of the language.

    Times are those of the `reader` at this address.
    """
    unit = office.index.unit(case.unit) if case.unit else None
    handler = office.index.person(case.handler) if case.handler else None
    bare: dict[str, object] = {
        "number": case.number, "type": case.type, "type_name": office.pack.type_name(case.type, language),
        "confidential": case.confidential,
    }  # fmt: skip
    facts: dict[str, object] = {
        "alias": alias_of(case, language) if case.confidential else "",
        "urgency": case.urgency,
        "urgency_name": names("urgency", case.urgency),
        "state": case.state.value,
        "state_name": names("state", case.state.value),
        "unit_name": unit_label(unit, language) if unit else "",
        "handler_name": handler.name if handler else "",
        "received_text": when(case.received, office, reader, language, case=case),
        "customer_kind_name": names("customer_kind", case.customer_kind) if case.customer_kind else "",
        "deadlines": [
            _deadline(clock, when(clock.due, office, reader, language, case=case), names) for clock in clocks
        ],
    }
    words: dict[str, object] = {
        "subject": case.subject[:60],
        "summary": case.summary,
        "requester": requester_of(case, language),
        "missing": [office.pack.question(point, language) for point in case.missing],
    }
    return bare | (facts if sees >= Sight.FACTS else {}) | (words if sees is Sight.LETTER else {})


class Names:
    """Codes into words of one language, from the template catalogue."""

    def __init__(self, words: Mapping[str, Mapping[str, str]]) -> None:
        self._words = words

    def __call__(self, group: str, code: str) -> str:
        return self._words.get(group, {}).get(code, code)


def unit_label(unit: Unit, language: str) -> str:
    """The name of a unit for a reader of this language: its first Latin alias for all but Chinese readers."""
    if language.startswith("zh"):
        return unit.name
    return next((alias for alias in unit.aliases if alias.isascii()), unit.name)


def _deadline(clock: Clock, due_text: str, names: Names) -> dict[str, object]:
    """One deadline in words, with weekday."""
    return {
        "kind": clock.kind.value,
        "kind_name": names("clock", clock.kind.value),
        "due_text": due_text,
        "provisional": clock.provisional,
    }


def promised(clocks: Sequence[Clock]) -> datetime | None:
    """Until when the requester may expect an answer; None where none is promised."""
    by_kind = {clock.kind: clock.due for clock in clocks}
    return next((by_kind[kind] for kind in _PROMISED if kind in by_kind), None)


def quotable(subject: str, *, believed: bool, known: bool) -> str:
    """At most 30 characters of the subject, and none when it is not safe to repeat them (casework 8)."""
    clean = " ".join(unicodedata.normalize("NFKC", shown(subject)).split())
    return clean[:30] if believed and known and not _LINK.search(clean) else ""
