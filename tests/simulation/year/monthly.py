"""The gm's monthly and quarterly reports add up: their heads against a look at the books at the end of the period.

At midnight between two months the oracle writes down every case as it stands. What a report of the period says later
is compared with that, and with what happened in between; in every table the rows must make the sum.
"""

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import partial
from typing import Any

from tests.simulation.year.almanac import instant
from tests.simulation.year.office import Arrived
from tests.simulation.year.oracles import moment_of
from tests.simulation.year.play import Year

_QUEUED = (
    "select recipient, subject, raw from outbox where state = 'ready' and kind = 'manager.report' and queued_at = :now"
)
_STAMP = "%Y-%m-%d %H:%M:%S.%f"
_PERIOD = re.compile(r"(?:月度|季度)分析：(\d{4})年(?:第?([一二三四1-4])季度|(\d+)月)")
_HEAD = re.compile(r"收到(\d+)件，办结(\d+)件，期末在办(\d+)件(?:，其中逾期(\d+)件)?")
_AGAIN = re.compile(r"重新办理：本期（件） (\d+)")
_ROW = re.compile(r"^ *- (.+?)：(?:本期（件）|收到|提出) (\d+)", re.MULTILINE)
_RATINGS = re.compile(r"(满意|不满意|未评价)：本期（件） (\d+)")
_LATE_OPEN = "select number, kind, due, next_at from clock where state = 'open' and kind not in ('idle', 'wait')"
_SUMMED = ("按类别", "按部门", "按紧急程度", "按来信渠道", "按客户类别", "满意度", "集中反映的事项", "反复出现的原因",
           "考核奖惩台账", "各部门办理情况")  # fmt: skip


class Months:
    """Looks at the books at the end of each month, and at each report that is about one or about three."""

    def __init__(self, year: Year) -> None:
        self.year, self.wrong = year, list[str]()
        self._ends: dict[date, tuple[dict[str, Any], set[str]]] = {}
        for month in range(1, 13):
            day = date(2026, month, 1)
            if 0 <= (day - year.first).days < year.days:
                year.at(instant(day, time(0)), partial(self._look, day))

    def _look(self, day: date) -> None:
        """Write down every case, and whose time is over."""
        rows, now = self.year.office.rows, self.year.office.now
        cases = {row.number: row for row in rows('select number, state, type, received from "case"')}
        late = {
            row.number
            for row in rows(_LATE_OPEN)
            if row.next_at
            and moment_of(row.due) < now
            and (row.kind == "accept" or cases[row.number].state != "waiting")
        }
        self._ends[day] = (cases, late)

    def __call__(self) -> None:
        """Look at the reports that were queued just now."""
        now = self.year.office.now
        for row in self.year.office.rows(_QUEUED, now=now.strftime(_STAMP)):
            text = Arrived(at=now, to=row.recipient, raw=row.raw, ident="").text
            self._sums(row.subject, text)
            found = _PERIOD.match(row.subject)
            if found and "（" not in row.subject and row.recipient in self.year.tree.having("gm"):
                self._whole(row, text, *_months(found))

    def _sums(self, subject: str, text: str) -> None:
        """In each table the rows make the sum."""
        for name, table in _tables(text):
            rows = [(label, int(count)) for label, count in _ROW.findall(table)]
            own = sum(count for label, count in rows if label != "合计")
            self.year.asked["tables of reports"] += 1
            if rows and dict(rows).get("合计") != own:
                self.wrong.append(f"{subject}: the rows of {name} make {own}, the sum says {dict(rows).get('合计')}")

    def _whole(self, row: Any, text: str, first: date, behind: date) -> None:
        """What the gm reads of the whole office."""
        if behind not in self._ends or first < self.year.first.replace(day=1):
            return
        (cases, late), gm = self._ends[behind], row.recipient
        data = {one.number: json.loads(one.data) for one in self.year.office.rows('select number, data from "case"')}
        # A round of forms is no feedback; what is asked in it becomes cases of its own.
        apart = {n for n, own in data.items() if gm in own["excluded"] or own.get("origin")}
        seen = {n: one for n, one in cases.items() if n not in apart and one.type != "not-feedback"}
        start, end = instant(first, time(0)), instant(behind, time(0))
        came = [n for n, one in seen.items() if start <= moment_of(one.received) < end]
        stock = {n for n, one in seen.items() if one.state not in {"closed", "set-aside", "merged"}}
        told = self._events(start, end)
        ended = {n for n, kind, _ in told if kind == "closed"} & seen.keys()
        again = {n for n, kind, _ in told if kind == "reopened"} & seen.keys()
        own = [len(came), len(ended), len(stock), len(stock & late), len(again), *_rated(told, seen)]
        heads = _HEAD.search(text)
        said = [int(one or 0) for one in heads.groups()] if heads else []
        said += [int(count) for count in _AGAIN.findall(text)]
        ratings = dict(_RATINGS.findall(text))
        said += [int(ratings.get(name, 0)) for name in ("满意", "不满意", "未评价")]
        self.year.asked["reports"] += 1
        if said != own:
            self.wrong.append(f"{row.subject} says {said}; by hand {own}")

    def _events(self, start: datetime, end: datetime) -> list[tuple[str, str, dict[str, Any]]]:
        query = """select number, kind, data from event where at >= :start and at < :end
            and kind in ('closed', 'reopened', 'rated', 'not-rated') order by number, seq"""
        span = {"start": start.strftime(_STAMP), "end": end.strftime(_STAMP)}
        return [(row.number, row.kind, json.loads(row.data)) for row in self.year.office.rows(query, **span)]


def _rated(told: list[tuple[str, str, dict[str, Any]]], seen: dict[str, Any]) -> tuple[int, int, int]:
    """How many were content, discontent, and said nothing: each case's last word of the period."""
    last: dict[str, str] = {}
    for number, kind, data in told:
        if number not in seen or kind == "closed":
            continue
        word = {"not-rated": "not-rated", "reopened": "dissatisfied" if data.get("dissatisfied") else ""}
        last[number] = word.get(kind, "" if data.get("late") else str(data.get("rating", "")))
    words = list(last.values())
    return words.count("satisfied"), words.count("dissatisfied"), words.count("not-rated")


def _tables(text: str) -> Iterator[tuple[str, str]]:
    """The tables that have a sum, with their names."""
    parts = re.split(r"【(.+?)】", text)
    return ((name, table) for name, table in zip(parts[1::2], parts[2::2], strict=False) if name in _SUMMED)


def _months(found: re.Match[str]) -> tuple[date, date]:
    """First day of the period, and first day behind it."""
    year, length = int(found[1]), 1 if found[3] else 3
    first = (
        int(found[3])
        if found[3]
        else 3 * ("一二三四".find(found[2]) if found[2] in "一二三四" else int(found[2]) - 1) + 1
    )
    return date(year, first, 1), date(year + (first + length > 12), (first + length - 1) % 12 + 1, 1)
