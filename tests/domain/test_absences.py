"""Absences are days of the person's own unit, whatever day it is at the office."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from maild.domain.absences import by_local_days
from maild.domain.directory import Absence, Directory, Person, Unit
from maild.domain.lookup import Index

SHANGHAI = ZoneInfo("Asia/Shanghai")
AWAY = (Absence(start=date(2026, 11, 24), end=date(2026, 11, 24)),)
DIRECTORY = Directory(
    units=(Unit(id="hq", name="HQ"), Unit(id="london", name="London", timezone="Europe/London")),
    people=(
        Person(addresses=("ann@x.example",), name="Ann", unit="london", absences=AWAY),
        Person(addresses=("bo@x.example",), name="Bo", unit="hq", absences=AWAY),
    ),
)


@pytest.mark.parametrize(
    ("now", "ann", "bo"),
    [
        (datetime(2026, 11, 23, 17, tzinfo=UTC), False, True),
        (datetime(2026, 11, 24, 4, tzinfo=UTC), True, True),
        (datetime(2026, 11, 24, 20, tzinfo=UTC), True, False),
    ],
    ids=["London is a day behind", "the same day", "London's day lasts on"],
)
def test_an_absence_begins_and_ends_with_the_units_own_day(now: datetime, ann: bool, bo: bool) -> None:
    """Asked by the office's day, somebody in London is away while it is that day in London."""
    index = Index(by_local_days(DIRECTORY, now, SHANGHAI))
    today = now.astimezone(SHANGHAI).date()

    away = [index.is_away(person, today) for person in index.directory.people]

    assert [ann, bo] == away
