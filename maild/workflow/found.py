"""What a person may find: the cases whose mails say the words, as far as that person may read their letters."""

from collections.abc import Sequence

from maild.domain.assign import in_supervisory_body
from maild.domain.case import Case
from maild.domain.directory import Person
from maild.domain.replykey import find_case_numbers
from maild.workflow.facts import Facts
from maild.workflow.office import Office
from maild.workflow.related import surviving
from maild.workflow.sight import Sight, sight

MOST = 20


def found_by(words: str, person: Person, office: Office, facts: Facts) -> Sequence[Case]:
    """At most twenty, the newest mail first; a case number finds its case. Sealed and excluded ones are never found."""
    numbers = [*find_case_numbers(words), *facts.found(words, [office.box.address])]
    cases = (surviving(facts.case(number), facts) for number in dict.fromkeys(numbers))
    found = {case.number: case for case in cases if case is not None}.values()
    seen = [c for c in found if not c.confidential and sight(c, person, office) is Sight.LETTER]
    return seen[:MOST]


def near(person: Person, office: Office, facts: Facts, *, most: int) -> Sequence[Case]:
    """The open cases that are a person's to see: handled, led, written by them; all, for coordinator and gm.

    The supervisory body sees those in breach, which have a deadline behind them (P9.4.7).
    """
    box = office.box.address
    if person.address == office.coordinator() or "gm" in person.roles:
        cases = facts.open_cases(box, 500)
    else:
        led = [u.id for u in office.index.directory.units if person.address in {u.head, u.deputy}]
        cases = facts.cases_near(box, [person.address], led)
        if in_supervisory_body(office.index, person.address):
            late = [case for case in facts.open_cases(box, 500) if _in_breach(case, office, facts)]
            cases = [*cases, *late]
    own = [case for a in person.addresses for case in facts.cases_of(a, office.now.replace(year=1970)) if _open(case)]
    both = {case.number: case for case in (*cases, *own)}.values()
    return sorted((c for c in both if _may_see(c, person, office)), key=lambda c: (c.received, c.number))[:most]


def _may_see(case: Case, person: Person, office: Office) -> bool:
    """Facts at least; the writer of a letter stays a party to it, wherever the names in it stand."""
    return case.requester.address in person.addresses or sight(case, person, office) >= Sight.FACTS


def _in_breach(case: Case, office: Office, facts: Facts) -> bool:
    return any(clock.due <= office.now for clock in facts.clocks(case.number))


def _open(case: Case) -> bool:
    return case.state.value not in {"closed", "set-aside", "merged"}
