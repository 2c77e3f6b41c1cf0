"""Times as the tests write them: local in Shanghai, on a small calendar of late 2026."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from maild.domain.worktime import DayKind, WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFF = {date(2026, 10, day) for day in range(1, 8)} | {date(2026, 2, day) for day in range(15, 24)}
EXTRA = {date(2026, 10, 10), date(2026, 2, 14), date(2026, 2, 28)}


class SomeDays:
    """The days of 2026 around two holidays; nothing is known of later years."""

    def kind(self, day: date) -> DayKind:
        """Off, extra or usual."""
        return DayKind.OFF if day in OFF else DayKind.EXTRA if day in EXTRA else DayKind.USUAL

    def is_known(self, day: date) -> bool:
        """Up to the end of 2026."""
        return day.year <= 2026


CALENDAR = WorkCalendar(days=SomeDays(), zone=SHANGHAI)


def at(words: str) -> datetime:
    """The instant of a local time such as 2026-11-24 09:00."""
    return datetime.fromisoformat(words).replace(tzinfo=SHANGHAI).astimezone(UTC)


def local(instant: datetime) -> str:
    """An instant as the office's wall clock shows it."""
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
