"""Plain lengths of time as people write them in settings: `10 minutes`, `3 days`, `90 s`, `0`."""

import re
from datetime import timedelta

_UNITS = {
    "s": "seconds", "sec": "seconds", "second": "seconds", "seconds": "seconds", "秒": "seconds",
    "min": "minutes", "minute": "minutes", "minutes": "minutes", "分钟": "minutes",
    "h": "hours", "hour": "hours", "hours": "hours", "小时": "hours",
    "d": "days", "day": "days", "days": "days", "天": "days",
}  # fmt: skip
_FORM = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*([a-z]+|秒|分钟|小时|天)?\s*$", re.IGNORECASE)


def read_duration(text: str) -> timedelta:
    """The length of time that `text` says; ValueError with a sentence where it says none."""
    match = _FORM.match(text)
    unit = _UNITS.get((match.group(2) or "").lower()) if match else None
    if match and unit:
        return timedelta(**{unit: float(match.group(1))})
    if match and not match.group(2) and float(match.group(1)) == 0:
        return timedelta(0)
    raise ValueError(f'\'{text}\' is no length of time; write for instance "10 minutes" or "3 days"')
