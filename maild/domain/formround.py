"""A form round 征询: one form, sent to a list on a calendar, returned, compiled, analysed (casework 7).

`Entry` is what a pack says; `Round` is what a case remembers of the one that was started, so that a change of the
pack touches no round that is under way.
"""

from datetime import datetime
from typing import Literal

from maild.domain.form import Fault, Form, Row
from maild.domain.formread import says_nothing_to_report
from maild.domain.rule import Bilingual
from maild.domain.value import value

RETURNED = "returned"
"""The step that a receiver of a form owes."""


@value
class Findings:
    """Which rows of a return become cases that somebody must rectify."""

    where: str
    """Id of the field that says so: a choice with one of `values`, a yes, or any text."""
    values: tuple[str, ...] = ()
    type: str
    """Of the case."""
    unit: str = ""
    """Id of the field that names the unit which must act; without one the coordinator decides."""
    summary: tuple[str, ...] = ()
    """Ids of the fields that tell what was found."""


@value
class Entry:
    """One round of a pack's calendar."""

    id: str
    name: Bilingual
    form: str
    type: str
    """Of the case that keeps the round."""
    when: str
    """In the calendar's words: `quarterly`, `last 7 days of the quarter`."""
    opens: str = ""
    """When the mails go out, where that is before the window begins; in the same words."""
    due: str = "5 working days"
    """How long there is to return it; a window ends by itself."""
    enabled: bool = True
    to: tuple[str, ...]
    """Units, roles, people, 各部门; `members of UNIT`."""
    owner: str
    """Unit, role or person who gets the table and analyses it."""
    several: bool = False
    """Whether one person returns many: one a customer, one a visit."""
    analyse: str = ""
    """How long the owner has from the due time; "" where nobody analyses."""
    report_to: str = ""
    """Role, unit or person to whom the analysis goes; `superior` is the owner's."""
    instruct: str = "3 working days"
    """How long that person has."""
    handling: str = ""
    """How long the owner has for the handling report after the instruction; "" where none is asked for."""
    findings: Findings | None = None


@value
class Rounds:
    """What forms.yaml of a pack holds."""

    forms: tuple[Form, ...] = ()
    rounds: tuple[Entry, ...] = ()

    def form(self, ident: str) -> Form:
        """The form of this id."""
        return next(one for one in self.forms if one.id == ident)

    def entry(self, ident: str) -> Entry | None:
        """The round of this id."""
        return next((one for one in self.rounds if one.id == ident), None)


@value
class Round:
    """A round that was started; times are aware UTC."""

    entry: Entry
    form: Form
    period: str
    """Which time it is: 2026-Q4; of one that a person started, its day."""
    opened: datetime
    due: datetime
    stage: Literal["collecting", "analysing", "reported", "handling", "over"] = "collecting"
    reports_to: str = ""
    """First address of who got the analysis."""
    instruction: str = ""
    """What came back from above."""


@value
class Return:
    """One return as it was taken; a correction is a new version, and the old one stays."""

    number: str
    """The case of the round."""
    receiver: str
    nth: int = 1
    """Which of this receiver's, where one person returns many."""
    version: int = 1
    author: str
    """First address of who filled it in."""
    at: datetime
    late: bool = False
    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    """What is still to be mended; a return counts when there is none."""
    mail: str = ""
    """sha256 of the mail it came with."""
    replaced: bool = False
    id: int = 0


def is_whole(one: Return) -> bool:
    """Whether a return counts."""
    return not one.faults


def latest(returns: tuple[Return, ...], receiver: str, nth: int = 0) -> Return | None:
    """The receiver's newest return that was not replaced, or that one of theirs."""
    own = [one for one in returns if one.receiver == receiver and not one.replaced and nth in {0, one.nth}]
    return max(own, key=lambda one: one.nth, default=None)


def is_finding(row: Row, findings: Findings | None) -> bool:
    """Whether this row tells of something to rectify."""
    said = row.get(findings.where, "") if findings else ""
    if findings is None or not said:
        return False
    return said in findings.values if findings.values else said != "no" and not says_nothing_to_report(said)
