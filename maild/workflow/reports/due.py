"""Which reports are due, and to whom: each once for a period, one reader a step (casework 6, P3.3.1).

Who has had a report is remembered in the transaction that queues it, so that a death in between neither loses nor
doubles one. A report whose day was missed goes out late; at the first start none of the past does.
"""

import json
from collections.abc import Iterator
from datetime import datetime

from maild.domain.directory import Person
from maild.domain.period import Period
from maild.domain.reportrule import ReportRule
from maild.domain.value import value
from maild.workflow.books import Books
from maild.workflow.office import Office


@value
class Wanted:
    """One reader's report that is due."""

    rule: ReportRule
    period: Period
    reader: str
    """First address."""
    unit: str = ""

    @property
    def mark(self) -> str:
        """What is remembered once it is queued."""
        return f"{self.reader} {self.unit}".strip()


def mark_of(rule: ReportRule, office: Office) -> str:
    """Under which name is remembered which period a report was last about, and who has had it."""
    return f"report:{office.box.address}:{rule.id}"


def next_wanted(office: Office, books: Books) -> Wanted | None:
    """The first report that is due and not queued yet, by what is remembered."""
    for rule in office.pack.reports.reports:
        found = rule.last_due(office.now, office.calendar_at(office.coordinator()))
        if found is None:
            continue
        moment, period = found
        # A coordinator east of the office begins the day before the office's own period is over.
        if office.now < period.bounds(office.zone)[1]:
            continue
        kept = remembered(books.kept_text(mark_of(rule, office)))
        if kept is None and not _is_today(moment, office):
            continue
        done = kept[1] if kept and kept[0] == period.key else ()
        wanted = (one for one in readers(rule, period, office) if one.mark not in done)
        if (first := next(wanted, None)) is not None:
            return first
    return None


def remembered(kept: str) -> tuple[str, tuple[str, ...]] | None:
    """Period and marks of what was queued; None where nothing ever was."""
    if not kept:
        return None
    said = json.loads(kept)
    return str(said["period"]), tuple(map(str, said["done"]))


def with_done(kept: str, wanted: Wanted) -> str:
    """What to remember once this one is queued."""
    before = remembered(kept)
    done = before[1] if before and before[0] == wanted.period.key else ()
    return json.dumps({"period": wanted.period.key, "done": [*done, wanted.mark]}, ensure_ascii=False)


def readers(rule: ReportRule, period: Period, office: Office) -> list[Wanted]:
    """Everybody who gets it, each report once: the whole office's first, then each head's own unit's.

    Who is away gets it all the same, and so does who stands in, as far as that person may see. A unit without a head
    has its deputy; without both its figures stand in the report of who heads the unit above, with all units below it.
    Who has the whole office's report needs no part of it.
    """
    whole = [person.address for name in rule.to for person in _of(name, office)]
    found = dict.fromkeys(Wanted(rule=rule, period=period, reader=address) for address in whole)
    for unit in office.index.directory.units if rule.heads else ():
        head = office.index.person(unit.head) or office.index.person(unit.deputy)
        if head is None or head.address in whole:
            continue
        for person in with_stand_in(head, office):
            if person.address not in whole:
                found[Wanted(rule=rule, period=period, reader=person.address, unit=unit.id)] = None
    return list(found)


def _of(name: str, office: Office) -> Iterator[Person]:
    """Who leads a unit, or all who have a role, each with who stands in."""
    unit = office.index.unit(name)
    leader = office.index.person(unit.head) or office.index.person(unit.deputy) if unit else None
    people = [leader] if leader else list(office.index.with_role(name))
    for person in people:
        yield from with_stand_in(person, office)


def with_stand_in(person: Person, office: Office) -> Iterator[Person]:
    """The person and, while they are away, who stands in."""
    yield person
    today = office.now.astimezone(office.zone).date()
    present = office.index.present(person.address, today)
    if present is not None and present != person:
        yield present


def _is_today(moment: datetime, office: Office) -> bool:
    own = office.calendar_at(office.coordinator())
    return own.local(moment).date() == own.local(office.now).date()
