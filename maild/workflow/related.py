"""Cases that belong together: which one goes on for a merged one, which one a number means, whose mails are read."""

from collections.abc import Iterable, Sequence

from maild.domain.case import Case
from maild.domain.directory import Person
from maild.workflow.facts import Facts
from maild.workflow.office import Office
from maild.workflow.plan import Received
from maild.workflow.sight import Sight, is_barred, sight

_LONGEST = 50
"""Cases in a chain of mergers; more there are not."""


def surviving(case: Case | None, facts: Facts) -> Case | None:
    """The case itself, or the one that goes on for it where it was merged."""
    for _ in range(_LONGEST):
        if case is None or not case.merged_into:
            break
        case = facts.case(case.merged_into)
    return case


def named(
    written: str, beside: Case, person: Person, *, office: Office, facts: Facts, key: str = ""
) -> Case | None:  # fmt: skip
    """The case that a person means by a number, `GM-2026-000142` or `142`; None where there is none for them to know.

    A short number is one of the same mailbox, of the year of `beside` or of a year around it. What the person may not
    see, and what the owner of the `key` may not, is no other than what does not exist.
    """
    cases = (facts.case(number) for number in _meant(written, beside, office))
    own = [one for one in cases if one is not None and (one.mailbox, one.pack) == (beside.mailbox, beside.pack)]
    seen = [one for one in own if _may_know(one, person, key, office)]
    return seen[0] if seen else None


def _meant(written: str, beside: Case, office: Office) -> Iterable[str]:
    if "-" in written:
        return (written.upper(),)
    prefix, year, _ = beside.number.split("-")
    years = dict.fromkeys((int(year), office.now.astimezone(office.zone).year, int(year) - 1, int(year) + 1))
    digits = written.lstrip("#")
    return [f"{prefix}-{one}-{int(digits):06d}" for one in years] if digits.isdigit() else ()


def _may_know(case: Case, person: Person, key: str, office: Office) -> bool:
    barred = bool(key) and is_barred(case, key, office.index)
    return not barred and sight(case, person, office) >= Sight.FACTS


def mails_of(case: Case, facts: Facts) -> Sequence[Received]:
    """The mails that are read with a case, oldest first: its own, and those of what was merged into it.

    A matter that was split off has the letter that it stood in.
    """
    own = [mail for number in (case.number, *case.absorbed) for mail in facts.mails(number)]
    if not own and case.split_from:
        own = list(facts.mails(case.split_from)[:1])
    return sorted(own, key=lambda mail: mail.received) if case.absorbed else own
