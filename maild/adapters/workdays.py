"""Working days: mainland China with its make-up workdays, other countries, plain weeks, and the office's own days.

Beyond the data of `chinesecalendar` a year is guessed (statutory days on fixed dates; those of the package
`holidays` where it is installed) and not known: what is reckoned with it is provisional.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import chinese_calendar

from maild.adapters.yamlfile import Location, YamlFile
from maild.domain.directory import Unit
from maild.domain.value import value
from maild.domain.week import DEFAULT_WEEK, Shift, Week, parse_shifts, parse_week
from maild.domain.worktime import DayKind, Days, PlainDays, WorkCalendar, no_feast
from maild.errors import Misconfigured

A = TypeVar("A")
T = TypeVar("T")
_FIXED = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""Statutory days of mainland China that need no lunar calendar."""
_KNOWN = frozenset(day.year for day in chinese_calendar.constants.holidays)
_MOON = {
    "Spring Festival": "spring", "Tomb-sweeping Day": "tomb-sweeping", "Dragon Boat Festival": "dragon-boat",
    "Mid-autumn Festival": "mid-autumn",
}  # fmt: skip
"""What `chinesecalendar` calls the feasts of the moon."""
_PLAIN = frozenset({"weekday", "none", "plain"})


class ChinaDays:
    """Mainland China: `chinesecalendar`, beyond it a guess."""

    def kind(self, day: date) -> DayKind:
        return _china(day)

    def is_known(self, day: date) -> bool:
        return day.year in _KNOWN


class CountryDays:
    """Another country, from the package `holidays`."""

    def __init__(self, statutory: Any) -> None:
        self._statutory = statutory

    def kind(self, day: date) -> DayKind:
        return _statutory(self._statutory, day)

    def is_known(self, day: date) -> bool:
        return bool(self._statutory.end_year >= day.year)


@value
class OfficeDays:
    """A country's days with the office's own above them."""

    below: Days
    own: Mapping[date, DayKind]
    known_years: frozenset[int] = frozenset()

    def kind(self, day: date) -> DayKind:
        return self.own.get(day) or self.below.kind(day)

    def is_known(self, day: date) -> bool:
        return day in self.own or day.year in self.known_years or self.below.is_known(day)


@value
class _CalendarFile:
    """What calendar.yaml may hold; days are dates, or `2027-02-05 to 2027-02-11`."""

    calendar: str = "cn"
    hours: str | None = None
    off: list[date | str] = field(default_factory=list)
    work: list[date | str] = field(default_factory=list)
    short: dict[str, str] = field(default_factory=dict)
    known_years: list[int] = field(default_factory=list)


def open_calendar(
    name: str | None = None, *, hours: str | None = None, zone: str = "Asia/Shanghai", own: Path | None = None
) -> WorkCalendar:
    """A unit's or the office's calendar: a country, `weekday` or a file; `own`: the office's calendar.yaml."""
    path = own
    if name and is_file_name(name):
        path, name = (own.parent if own else Path()) / name, None
    if path is None or not path.exists():
        days = _country(name or "cn")
        return WorkCalendar(days=days, week=_week(hours), zone=_zone(zone), feast=_feasts(days))
    return _from_file(YamlFile(path), name, hours, zone)


def unit_calendars(units: Sequence[Unit], *, zone: str, own: Path | None, folder: Path) -> dict[str, WorkCalendar]:
    """The calendars of the units that do not work as the office does, by id; like units share one.

    A unit that names a country or a file has those days alone; without, the office's own days in its own hours and
    time zone. A file is looked for beside directory.yaml, in `folder`.
    """
    made: dict[tuple[str | None, ...], WorkCalendar] = {}
    found: dict[str, WorkCalendar] = {}
    for unit in units:
        said = (unit.timezone, unit.calendar, unit.hours)
        if any(said):
            if said not in made:
                made[said] = _unit_calendar(unit, zone=zone, own=own, folder=folder)
            found[unit.id] = made[said]
    return found


def _unit_calendar(unit: Unit, *, zone: str, own: Path | None, folder: Path) -> WorkCalendar:
    place = own if unit.calendar is None else folder / "calendar.yaml" if is_file_name(unit.calendar) else None
    calendar = open_calendar(unit.calendar, hours=unit.hours, zone=unit.timezone or zone, own=place)
    if is_file_name(unit.calendar or "") and not (folder / (unit.calendar or "")).is_file():
        raise Misconfigured(
            f"{folder / (unit.calendar or '')}: there is no such calendar; write cn, weekday or a file."
        )
    return calendar


def is_file_name(calendar: str) -> bool:
    """Whether a calendar's name means a file of the office."""
    return calendar.lower().endswith((".yaml", ".yml"))


def own_calendar(folder: Path, rules: Path | None = None) -> Path | None:
    """The office's calendar.yaml: in its own rules folder, else beside the pack in `folder`; None without one."""
    places = (*((rules,) if rules else ()), folder)
    return next((file for place in places if (file := place / "calendar.yaml").is_file()), None)


def missing_year(calendar: WorkCalendar, today: date) -> int | None:
    """The next year when it is near (from 1 November on) and its calendar is not known yet, for a warning."""
    following = today.year + 1
    return following if today.month >= 11 and not calendar.is_known(date(following, 1, 1)) else None


def _from_file(file: YamlFile, name: str | None, hours: str | None, zone: str) -> WorkCalendar:
    said = file.read(_CalendarFile)
    own = dict.fromkeys(_days(said.off, file, "off"), DayKind.OFF)
    own |= dict.fromkeys(_days(said.work, file, "work"), DayKind.EXTRA)
    words = hours or said.hours
    return WorkCalendar(
        days=OfficeDays(
            below=_mended(_country, name or said.calendar, file, ("calendar",)),
            own=own,
            known_years=frozenset(said.known_years),
        ),
        week=_mended(_week, words, file, ("hours",)),
        zone=_zone(zone),
        special=_short(said.short, file),
    )


def _days(entries: Sequence[date | str], file: YamlFile, key: str) -> list[date]:
    days: list[date] = []
    for at, entry in enumerate(entries):
        first, last = _mended(_range, entry, file, (key, at))
        days += [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return days


def _range(entry: date | str) -> tuple[date, date]:
    if isinstance(entry, date):
        return entry, entry
    ends = entry.replace("至", " to ").split(" to ")
    first, last = date.fromisoformat(ends[0].strip()), date.fromisoformat(ends[-1].strip())
    if len(ends) > 2 or not timedelta() <= last - first <= timedelta(days=366):
        raise ValueError(f"'{entry}' is no row of days; write 2027-02-05 to 2027-02-11")
    return first, last


def _short(entries: Mapping[str, str], file: YamlFile) -> dict[date, tuple[Shift, ...]]:
    return {
        _mended(date.fromisoformat, day, file, ("short", day)): _mended(parse_shifts, words, file, ("short", day))
        for day, words in entries.items()
    }


def _mended(read: Callable[[A], T], said: A, file: YamlFile, where: Location) -> T:
    try:
        return read(said)
    except (ValueError, Misconfigured) as error:
        raise file.mistake(f"{str(error).rstrip('.')}.", where) from error


def _country(name: str) -> Days:
    if name.lower() in _PLAIN:
        return PlainDays()
    if name.lower() == "cn":
        return ChinaDays()
    statutory = _library(name.upper())
    if statutory is None:
        raise Misconfigured(
            f"calendar '{name}' is not known; write cn, weekday or a file, or install maild[calendars]."
        )
    return CountryDays(statutory)


def _feasts(days: Days) -> Callable[[date], str]:
    return _feast if isinstance(days, ChinaDays) else no_feast


def _feast(day: date) -> str:
    """The feast of the moon whose day off this is; "" in a year without data."""
    if day.year not in _KNOWN:
        return ""
    is_off, name = chinese_calendar.get_holiday_detail(day)
    return _MOON.get(name or "", "") if is_off else ""


def _week(hours: str | None) -> Week:
    return parse_week(hours) if hours else DEFAULT_WEEK


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise Misconfigured(f"timezone = {name!r} is not known; write for instance Asia/Shanghai.") from error


@lru_cache(maxsize=20_000)
def _china(day: date) -> DayKind:
    if day.year in _KNOWN:
        is_off, name = chinese_calendar.get_holiday_detail(day)
        return DayKind.USUAL if name is None else DayKind.OFF if is_off else DayKind.EXTRA
    statutory = _library("CN")
    if statutory is None:
        return DayKind.OFF if (day.month, day.day) in _FIXED else DayKind.USUAL
    return _statutory(statutory, day)


@lru_cache(maxsize=20)
def _library(country: str) -> Any:
    """The days of a country in the package `holidays`; None without it or for a country it does not know."""
    try:
        import holidays

        return holidays.country_holidays(country)
    except (ImportError, NotImplementedError):
        return None


def _statutory(statutory: Any, day: date) -> DayKind:
    if day in getattr(statutory, "weekend_workdays", ()):
        return DayKind.EXTRA
    return DayKind.OFF if day in statutory else DayKind.USUAL
