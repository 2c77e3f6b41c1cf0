"""What an order changed, kept with the key of its echo until it can no longer be undone (casework 5, "Undo").

A memory is plain data: the cases and open clocks as they were before, and whom the order wrote to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from maild.domain.case import Case, Clock, State
from maild.domain.letter import LetterKind
from maild.domain.sla import dropped
from maild.domain.value import value
from maild.workflow.facts import Facts
from maild.workflow.office import Office
from maild.workflow.plan import Key, Plan, Sent

UNDO_WITHIN = timedelta(days=1)
WORDS = frozenset(
    {
        LetterKind.ANSWER,
        LetterKind.QUESTION,
        LetterKind.CORRECTION,
        LetterKind.PLANNED,
        LetterKind.CLOSED,
        LetterKind.MOVED,
        LetterKind.ADOPTED,
        LetterKind.EXPERT,
    }
)
"""Letters to people outside that a person caused: they wait for the hold."""
FOR_GOOD = "for-good"
"""In the key of an echo whose order no 撤销 takes back, nor another one in its place."""
_LEARNED = ("names", "excluded", "confidential", "alias", "known_by", "requester", "last_human_event", "missing",
            "hold", "erased", "erased_at")  # fmt: skip
"""What stays as it is now: an undo makes nobody unknown again, lets no seal fall and ends no hold."""
_CASE, _CLOCK = TypeAdapter(Case), TypeAdapter(Clock)


@value
class Memory:
    """An order that may still be undone, as the key of its echo remembers it."""

    at: datetime
    person: str
    mail: str
    serial: int
    cases: tuple[Case, ...]
    clocks: tuple[Clock, ...]
    made: tuple[str, ...]
    """Numbers of the cases that it began."""
    letters: tuple[tuple[str, str, str], ...]
    """Kind, recipient and case of each letter that it wrote."""
    anyway: Mapping[str, object]


def sent_anyway(mail: str, key: Key) -> dict[str, object]:
    """What 仍然发送 needs to read an answer again."""
    return {"mail": mail, "key": key.recipient, "purpose": key.purpose}


def remembered(plan: Plan, facts: Facts, office: Office, *, mail: str, key: Key) -> dict[str, object]:
    """The memory of what this plan changes, as plain data; empty where nothing could be undone."""
    numbers = dict.fromkeys(case.number for case in plan.cases)
    before = [case for number in numbers if (case := facts.case(number))]
    regrouped = {case.number: case.links for case in plan.cases} != {case.number: case.links for case in before}
    charged = any(one.event.kind == "ledger-proposed" for one in plan.happenings)
    if not (plan.letters or plan.clocks or plan.publications or regrouped or charged) or not before:
        return {}
    clocks = [clock for number in numbers for clock in facts.clocks(number)]
    return {
        "made": [number for number in numbers if number not in {case.number for case in before}],
        "at": office.now.isoformat(), "mail": mail, "anyway": sent_anyway(mail, key),
        "cases": [_CASE.dump_python(case, mode="json") for case in before],
        "clocks": [_CLOCK.dump_python(clock, mode="json") for clock in clocks],
        "letters": [[letter.kind.value, letter.to.address, letter.case or ""] for letter in plan.letters],
    }  # fmt: skip


def memories(facts: Facts, number: str) -> list[Memory]:
    """The orders of a case that were echoed with a memory, newest first."""
    keys = [key for key in facts.keys(number) if key.purpose == LetterKind.ECHO.value and "undo" in key.data]
    found = [_memory(key) for key in keys]
    return sorted(found, key=lambda one: (one.at, one.serial), reverse=True)


def _memory(key: Key) -> Memory:
    data: Any = key.data["undo"]
    return Memory(
        at=datetime.fromisoformat(data["at"]), person=key.recipient, mail=data["mail"], serial=key.serial,
        cases=tuple(_CASE.validate_python(case) for case in data["cases"]),
        clocks=tuple(_CLOCK.validate_python(clock) for clock in data["clocks"]),
        letters=tuple((kind, to, number) for kind, to, number in data["letters"]), anyway=data["anyway"],
        made=tuple(data.get("made", ())),
    )  # fmt: skip


def letters_of(memory: Memory, facts: Facts) -> list[Sent]:
    """The outgoing mails that the order made, as they stand now."""
    found: dict[str, Sent] = {}
    for kind, to, number in dict.fromkeys(memory.letters):
        mails = facts.sent_for(number, to) if number else ()
        own = [mail for mail in mails if mail.kind == kind and mail.queued_at == memory.at]
        found |= {mail.maild_id: mail for mail in own}
    return list(found.values())


def as_before(memory: Memory, facts: Facts) -> tuple[tuple[Case, ...], tuple[Clock, ...]]:
    """Cases and clocks as they were before the order; what was learned since stays."""
    cases = []
    for before in memory.cases:
        now = facts.case(before.number) or before
        cases.append(replace(before, **{name: getattr(now, name) for name in _LEARNED}))
    known = {clock.id for clock in memory.clocks}
    begun = [c for case in memory.cases for c in facts.clocks(case.number) if c.id not in known]
    return tuple(cases), (*(dropped(clock) for clock in begun), *memory.clocks)


def unmade(memory: Memory, facts: Facts, office: Office) -> tuple[tuple[Case, ...], tuple[Clock, ...]]:
    """The cases that the order began, as ended in the one that they were split from, and their clocks."""
    made = [case for number in memory.made if (case := facts.case(number)) is not None]
    ended = tuple(
        replace(case, state=State.MERGED, outcome="merged", merged_into=case.split_from, closed_at=office.now,
                settling="", waiting_since=None)
        for case in made
    )  # fmt: skip
    return ended, tuple(dropped(clock) for case in made for clock in facts.clocks(case.number))


def words_out(mails: Sequence[Sent]) -> list[Sent]:
    """Those of the mails that a person's order sent outside and that have left."""
    return [mail for mail in mails if LetterKind(mail.kind) in WORDS and mail.state not in {"ready", "withdrawn"}]
