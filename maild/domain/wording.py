"""Dates, lengths of time and sizes as people read them, zh and en; nothing here asks a clock.

Dates carry the weekday, and the zone where the reader's differs from the office's (casework 8, "Look"). What came
from a mail is made safe to show by `shown`.
"""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LENGTHS = (
    (timedelta(days=1), " 天", "day"),
    (timedelta(hours=1), " 小时", "hour"),
    (timedelta(minutes=1), " 分钟", "minute"),
)
_HANT = frozenset({"zh-hant", "zh-tw", "zh-hk", "zh-mo", "zh-hant-tw", "zh-hant-hk"})
_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_HIDDEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def catalogue_language(language: str) -> str:
    """The language whose words are used: zh for every Chinese, en for all else."""
    return "zh" if language.lower().replace("_", "-").split("-")[0] in {"zh", ""} else "en"


def is_hant(language: str) -> bool:
    """Whether a reader of this language wants traditional characters."""
    return language.lower().replace("_", "-") in _HANT


def date_text(
    moment: datetime, zone: ZoneInfo, language: str, *, now: datetime | None = None, named: bool = False
) -> str:
    """A moment as local text: `11月24日（周二）18:00`, `Tue 24 Nov 18:00`.

    The year stands there when it is not the year of `now`; `named` adds the zone for a reader in another one.
    """
    local = moment.astimezone(zone)
    text = day_text(local, language, year=now is not None and now.astimezone(zone).year != local.year)
    text += f"{local:%H:%M}" if catalogue_language(language) == "zh" else f" {local:%H:%M}"
    return f"{text} {zone_text(local)}" if named else text


def day_text(local: datetime, language: str, *, year: bool = False) -> str:
    """The day alone: `11月24日（周二）`, `Tue 24 Nov`."""
    if catalogue_language(language) == "zh":
        week = "週" if is_hant(language) else "周"
        day = f"{local.month}月{local.day}日（{week}{_WEEKDAYS['zh'][local.weekday()]}）"
        return f"{local.year}年{day}" if year else day
    day = f"{_WEEKDAYS['en'][local.weekday()]} {local.day} {_MONTHS[local.month - 1]}"
    return f"{day} {local.year}" if year else day


def zone_text(local: datetime) -> str:
    """The distance from UTC: `UTC+8`, `UTC+5:30`, `UTC-3`."""
    minutes = round((local.utcoffset() or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"


def length_text(length: timedelta, language: str) -> str:
    """A length of time in its largest whole unit: `3 天`, `2 hours`, `10 minutes`; never less than a minute."""
    unit, zh, en = next((one for one in _LENGTHS if length >= one[0]), _LENGTHS[-1])
    count = max(length // unit, 1)
    return f"{count}{zh}" if catalogue_language(language) == "zh" else f"{count} {en}{'' if count == 1 else 's'}"


def attachment_word(language: str) -> str:
    """What a file is called that must not say whose it is."""
    return "附件" if catalogue_language(language) == "zh" else "attachment"


def size_text(size: int) -> str:
    """A file size: `312 B`, `48 KB`, `2.4 MB`."""
    if size < 1 << 10:
        return f"{size} B"
    if size < 1 << 20:
        return f"{size / 1024:.0f} KB"
    return f"{size / (1 << 20):.1f} MB"


def shown(text: str) -> str:
    """Text of a mail without what would change how its surroundings look.

    Control characters, directional overrides (U+202E and its kin), invisible ones and lone surrogates go; every kind
    of line break becomes a plain one.
    """
    return _HIDDEN.sub("", _BREAKS.sub("\n", text))
