"""Dates in the time zone of who reads them (casework 8): the zone is named where the parties of a case differ in it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from maild.domain.case import Case
from maild.domain.wording import date_text
from maild.workflow.office import Office


def when(moment: datetime, office: Office, reader: str, language: str, *, case: Case | None = None) -> str:
    """`moment` for the reader at this address, by the clock on their wall.

    Somebody of whom nobody knows where they are reads the handler unit's time. The zone stands behind it where
    reader, handler unit and office do not all have the same time then.
    """
    if not office.calendars:
        return date_text(moment, office.zone, language)
    handlers = office.calendar_of(case).zone
    inside = office.index.person(reader) or office.index.unit_at(reader)
    zone = office.calendar_at(reader).zone if inside else handlers
    return date_text(moment, zone, language, named=_differ(moment, zone, handlers, office.zone))


def _differ(moment: datetime, *zones: ZoneInfo) -> bool:
    return len({moment.astimezone(zone).utcoffset() for zone in zones}) > 1
