"""What is left of a case when the people in it are erased (security.md, "personal data")."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from maild.domain.alias import blanked, sought
from maild.domain.case import Case, KnownBy, Requester, State
from maild.domain.retention import ENDED, Goes
from maild.domain.value import value

QUOTED = "quoted"
"""In place of what went of a case: words of it that another case held."""
OPEN, HELD = "erase-open", "erase-held"
"""Why a case may not be erased: somebody works on it still, or it must be kept."""
_LONG_NAME = 3
"""A name of two characters is in too many texts that are not about its bearer."""


@value
class Words:
    """By what somebody would be found in a text: what goes wherever it stands."""

    numbers: tuple[str, ...] = ()
    """Of the cases that are erased."""
    known: KnownBy = KnownBy()

    def told(self, text: str) -> bool:
        """Whether a text speaks of one of the cases, or tells whose they were."""
        return any(number in text for number in self.numbers) or self.tells(text)

    def tells(self, text: str) -> bool:
        """Whether a text tells whose the cases were; a name in pinyin may be a namesake's address."""
        names = tuple(name for name in self.known.names if len(name) >= _LONG_NAME)
        people, numbers = sought(replace(self.known, names=names), spelled=False)
        return people.finds(text) or numbers.finds(text)


@value
class Order:
    """Who wants which cases erased, how far, and why."""

    numbers: frozenset[str]
    goes: Goes
    by: str
    reason: str
    """Kept for good in the history of the case: it shall hold no name."""
    at: datetime
    rule: str = ""
    """The row of retention.yaml in its own words; "" for a person's wish."""
    authors: tuple[str, ...] = ()
    """Mails of these that belong to no case go too."""
    again: bool = False
    """It was carried out before, and a restore brought the cases back: nothing is asked any more."""


def erased(case: Case, goes: Goes, words: Words, now: datetime) -> Case:
    """The case without the person, or without everything but number, type, unit, dates and figures."""
    analysis, measure, reason = (blanked(said, words.known) for said in (case.analysis, case.measure, case.reason))
    if case.state not in ENDED:
        case = replace(case, state=State.CLOSED, outcome="withdrawn", closed_at=now)
    bare = replace(
        case, requester=Requester(address="", language=case.requester.language, role=case.requester.role),
        subject="", summary="", known_by=KnownBy(), experts=(), settling="", hold="", erased=goes.value,
        erased_at=now, analysis=analysis, measure=measure, reason=reason,
    )  # fmt: skip
    if goes is Goes.PERSON:
        return bare
    return replace(
        bare, handler=None, supervisors=(), joined=(), followers=(), lists=(), report_to=(), names=(), excluded=(),
        undecided=(), released=(), woken="", crisis=(), circulation=(), round=None, analysis="", measure="", reason="",
        asked_by="maild" if case.asked_by else "", missing=(),
    )  # fmt: skip


def hindrance(case: Case) -> str:
    """Why a case may not be erased as things stand, as a reason code; "" where it may."""
    return OPEN if case.state not in ENDED else HELD if case.hold else ""


def family(number: str, cases: Iterable[Case]) -> frozenset[str]:
    """The cases that are one with this: merged with it, or split from the same letter. They are erased together."""
    return next((one for one in families(cases) if number in one), frozenset((number,)))


def families(cases: Iterable[Case]) -> list[frozenset[str]]:
    """All cases, those together that are one with each other."""
    near: dict[str, set[str]] = {}
    for case in cases:
        near.setdefault(case.number, set())
        for other in filter(None, (*case.absorbed, case.merged_into, case.split_from)):
            near[case.number].add(other)
            near.setdefault(other, set()).add(case.number)
    found: list[frozenset[str]] = []
    seen: set[str] = set()
    for number in near:
        if number not in seen:
            own, reached = {number}, [number]
            while reached:
                new = near[reached.pop()] - own
                own |= new
                reached.extend(new)
            seen |= own
            found.append(frozenset(own))
    return found
