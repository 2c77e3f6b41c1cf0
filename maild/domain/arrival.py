"""When a mail came, on the office's clock, and which mail is too old to be taken in by itself (casework 1)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maild.domain.duration import read_duration


def arrival(internal_date: datetime, *, now: datetime, machine: datetime) -> datetime:
    """When a mail arrived on the office's clock `now`, given the server's INTERNALDATE and the machine's clock.

    The two clocks differ only where the office's is moved (tests, the tour): then the age counts, not the date.
    """
    ages = [clock - internal_date for clock in (machine, now)]
    past = [age for age in ages if age >= timedelta(0)]
    return now - min(past, default=timedelta(0))


def since_bound(since: str, *, machine: datetime, zone: ZoneInfo) -> datetime | None:
    """The instant before which mail is left behind at the first start; None for "all".

    `since` is "all", "now", a date (its beginning in `zone`) or a length of time back from the machine's clock.
    """
    text = since.strip().lower()
    if text == "all":
        return None
    if text == "now":
        return machine
    try:
        return datetime.combine(date.fromisoformat(text), time(), zone)
    except ValueError:
        return machine - read_duration(text)


def is_older(received: datetime, now: datetime, days: int = 3) -> bool:
    """Whether an acknowledgement must name the day on which the mail arrived (casework 1)."""
    return (now - received).days >= days
