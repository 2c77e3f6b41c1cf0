"""Absences that people registered by mail, beside those of the directory file (casework 5, `away`)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pydantic import TypeAdapter

from maild.domain.directory import Absence, Directory
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


def _overlap(one: Away, other: Away) -> bool:
    return one.person == other.person and one.start <= other.end and other.start <= one.end
