"""Digests, weekly mails and the ledger add up: counted anew, at the moment of each, from what happened."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.simulation.year.almanac import local
from tests.simulation.year.office import Arrived
from tests.simulation.year.oracles import Books, moment_of
from tests.simulation.year.play import Year

CAUSES = {
    "accept": "late-accept", "first-answer": "late-answer", "answer": "late-answer", "resolve": "late-resolve",
    "idle": "idle", "relay": "late-relay",
}  # fmt: skip
MOST_ROWS = 60
"""A table of the digest shows so many."""
_COUNTS = re.compile(r"在办(\d+)件，新收(\d+)件，停滞(\d+)件，非反馈来信(\d+)件")
_OVERDUE = re.compile(r"(\d+)件逾期|逾期(?:事项)?(\d+)件")
_WEEKLY = re.compile(r"在办(\d+)件，逾期(\d+)件，一周内新收(\d+)件")
_STAMP = "%Y-%m-%d %H:%M:%S.%f"
_OPEN = """select number, type, state, handler, unit, received, data from "case"
    where state not in ('closed', 'set-aside', 'merged') and not (requester = '' and received = :now)"""
"""What is open, but for a round of forms that begins at this very moment."""
_RUNNING = "select number, kind, due from clock where state = 'open'"
_ASIDE = """select count(*) from "case" c join event e on e.number = c.number and e.seq = 1
    where c.state = 'set-aside' and e.at > :last and e.at <= :now"""
_JUST_QUEUED = """select kind, recipient, raw from outbox
    where state = 'ready' and kind in ('manager.digest', 'manager.weekly') and queued_at = :now"""


class Counting:
    """Looks on while time is looked at, and counts by itself what a digest or a weekly mail has counted."""

    def __init__(self, year: Year) -> None:
        self.year, self.wrong = year, list[str]()
        self._last = year.office.now

    def __call__(self) -> None:
        """Look at what was queued just now."""
        now = self.year.office.now
        for row in self.year.office.rows(_JUST_QUEUED, now=now.strftime(_STAMP)):
            letter = Arrived(at=now, to=row.recipient, raw=row.raw, ident="", kind=row.kind)
            if letter.kind == "manager.digest":
                self._digest(letter)
            elif "一周内新收" in letter.text:
                self._weekly(letter)

    def _digest(self, letter: Arrived) -> None:
        """Open, new, idle, set aside, and overdue; of revenge for feedback the coordinator knows that it exists."""
        now, rows = letter.at, self.year.office.rows
        cases = rows(_OPEN, now=now.strftime(_STAMP))
        late, idle = self._late([case for case in cases if case.type != "retaliation"], now)
        fresh = [case for case in cases if moment_of(case.received) > now - timedelta(days=1)]
        aside = rows(_ASIDE, last=self._last.strftime(_STAMP), now=now.strftime(_STAMP))[0][0]
        found = _COUNTS.search(letter.text)
        said = [*map(int, found.groups() if found else ()), *_numbers(_OVERDUE, letter.text.splitlines()[0])]
        own = [len(cases), min(MOST_ROWS, len(fresh)), len(idle), aside, *([len(late)] if late else [])]
        self._compare("digests", f"the digest of {local(now):%m-%d}", said, own)
        self._last = now

    def _weekly(self, letter: Arrived) -> None:
        """A head's open cases and those of the unit, the overdue, and the new of a week."""
        now, who = letter.at, letter.to
        units = {unit for unit, entry in self.year.tree.units.items() if entry["head"] == who}
        mine = [
            case
            for case in self.year.office.rows(_OPEN, now=now.strftime(_STAMP))
            if case.handler == who or case.unit in units
        ]
        mine = [case for case in mine if who not in json.loads(case.data)["excluded"]]
        late, _ = self._late(mine, now)
        fresh = [case for case in mine if moment_of(case.received) > now - timedelta(days=7)]
        found = _WEEKLY.search(letter.text)
        said = [int(one) for one in found.groups()] if found else []
        self._compare(
            "weeklies", f"the week's mail to {who} of {local(now):%m-%d}", said, [len(mine), len(late), len(fresh)]
        )

    def _late(self, cases: list[Any], now: datetime) -> tuple[set[str], set[str]]:
        """Which of these cases have a clock that is over, and which lie idle.

        While the writer is asked nobody is late but who has not even accepted.
        """
        states = {case.number: case.state for case in cases}
        over = [
            c
            for c in self.year.office.rows(_RUNNING)
            if moment_of(c.due) <= now and c.number in states and (states[c.number] != "waiting" or c.kind == "accept")
        ]
        return {c.number for c in over if c.kind != "idle"}, {c.number for c in over if c.kind == "idle"}

    def _compare(self, what: str, which: str, said: list[int], own: list[int]) -> None:
        self.year.asked[what] += 1
        if said != own:
            self.wrong.append(f"{which} says {said}; by hand {own}")


def ledger(books: Books) -> Iterator[str]:
    """Each missed accept, answer or end is proposed once for whom it concerned, and nothing that was kept is."""
    missed = Counter[tuple[str, str]]()
    for number, events in books.events.items():
        over = [(at, data) for at, kind, _, _, data in events if kind == "escalated" and data.get("overdue")]
        for clock, _, whose in {(d["clock"], d["due"], d.get("subject") or d.get("handler")) for _, d in over}:
            if clock in CAUSES and whose:
                missed[number, CAUSES[clock]] += 1
        for at, data in over:
            if at < moment_of(data["due"]):
                yield f"{number}: {data['clock']} was called overdue at {at}, before {data['due']}"
    entries = books.year.office.rows("select number, cause from ledger")
    written = Counter((row.number, row.cause) for row in entries if row.cause in CAUSES.values())
    books.year.asked["ledger entries"] += written.total()
    for what in missed.keys() | written.keys():
        if missed[what] != written[what]:
            yield f"{what[0]}: {what[1]} happened {missed[what]} times and stands {written[what]} times in the ledger"


def _numbers(pattern: re.Pattern[str], text: str) -> list[int]:
    return [int(one) for found in pattern.findall(text) for one in found if one]
