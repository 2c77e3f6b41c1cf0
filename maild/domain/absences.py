"""Absences that people registered by mail, beside those of the directory file (casework 5, `away`)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from maild.domain.directory import Absence, Directory, Person
from maild.domain.value import value


@value
class Away:
    """One registered absence; `delegate` is a first address, or None for the directory's."""

    person: str
    start: date
    end: date
    delegate: str | None = None


_ALL = TypeAdapter(tuple[Away, ...])


def read_absences(text: str) -> tuple[Away, ...]:
    """The absences that were kept as text; none in an empty one."""
    return _ALL.validate_json(text) if text else ()


def written(absences: Sequence[Away]) -> str:
    """The same as text."""
    return _ALL.dump_json(tuple(absences)).decode()


def with_absence(absences: Sequence[Away], new: Away, today: date) -> tuple[Away, ...]:
    """The absences with a new one, which replaces what overlaps it; what is over is dropped."""
    kept = [one for one in absences if one.end >= today and not _overlap(one, new)]
    return (*kept, new)


def with_people_away(directory: Directory, absences: Sequence[Away], today: date) -> Directory:
    """The directory with these absences; a delegate named for days that have come stands in until they are over."""
    by_person: dict[str, list[Away]] = {}
    for one in absences:
        if one.end >= today:
            by_person.setdefault(one.person, []).append(one)
    people = []
    for person in directory.people:
        own = by_person.get(person.address, [])
        days = tuple(Absence(start=one.start, end=one.end) for one in own)
        now = next((one.delegate for one in own if one.start <= today and one.delegate), None)
        people.append(
            replace(person, absences=(*person.absences, *days), delegate=now or person.delegate) if own else person
        )
    return replace(directory, people=tuple(people))


def by_local_days(directory: Directory, now: datetime, zone: ZoneInfo) -> Directory:
    """The directory with the absences of people in other time zones as days of `zone`, for one moment.

    Absences are local days of the person's unit; who asks by the office's day then hears what the person's own says.
    """
    today = now.astimezone(zone).date()
    days = local_days(directory, now)
    ahead = {unit.id: days[unit.timezone] - today for unit in directory.units if unit.timezone}
    if not any(ahead.values()):
        return directory
    people = tuple(_shifted(person, ahead.get(person.unit or "", timedelta())) for person in directory.people)
    return replace(directory, people=people)


def local_days(directory: Directory, now: datetime) -> dict[str, date]:
    """Which day it is in each time zone that a unit has of its own."""
    zones = dict.fromkeys(unit.timezone for unit in directory.units if unit.timezone)
    return {name: now.astimezone(ZoneInfo(name)).date() for name in zones}


def _shifted(person: Person, ahead: timedelta) -> Person:
    if not ahead or not person.absences:
        return person
    days = tuple(Absence(start=one.start - ahead, end=one.end - ahead) for one in person.absences)
    return replace(person, absences=days)


def _overlap(one: Away, other: Away) -> bool:
    return one.person == other.person and one.start <= other.end and other.start <= one.end
