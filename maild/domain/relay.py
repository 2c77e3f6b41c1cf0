"""P3.5.1: by when a directive must be passed on, and by when it must be carried out."""

import re
from datetime import datetime

from maild.domain.when import dates_in
from maild.domain.worktime import WorkCalendar, relay_due

_MARK = re.compile(r"[【\[［(（]\s*(?:特殊|special)\s*[】\]］)）]", re.IGNORECASE)
_SPECIAL = re.compile(r"特殊情况[^。；;\n]{0,40}?传达|special (?:case|circumstances)[^.;\n]{0,60}?relay", re.IGNORECASE)
_SENTENCE = re.compile(r"[^。；;！!\n]+")
_BEFORE = re.compile(r"\s*(?:之|以)?前")
_AFTER = re.compile(r"\s*(?:之|以)?后")
_BY = re.compile(r"\b(?:by|before|no later than|until)\s*(?:noon\s+(?:on\s+)?)?$", re.IGNORECASE)
_CARRY_OUT = re.compile(
    r"完成|落实|办结|到位|反馈|上报|提交|执行完|整改|出结果|提供|做完|[修换办]好"
    r"|complete|finish|carr(?:y|ied) out|report|submit|done"
)


def special_relay_date(text: str, start: datetime, calendar: WorkCalendar) -> datetime | None:
    """The date of its own that a mark 【特殊】 or the phrase 特殊情况可于…前传达 sets; None: the usual rule."""
    phrase = _SPECIAL.search(text)
    places = [phrase.group() + text[phrase.end() : phrase.end() + 30]] if phrase else []
    if _MARK.search(text):
        places += [part.group() for part in _SENTENCE.finditer(text) if re.search("传达|relay", part.group())]
        places.append(text)
    for place in places:
        for at in _limits(place, start, calendar):
            return at
    return None


def stated_end(text: str, start: datetime, calendar: WorkCalendar) -> datetime | None:
    """By when the mail itself says that everything must be done: the latest such date in it."""
    parts = [part.group() for part in _SENTENCE.finditer(text) if _CARRY_OUT.search(part.group())]
    return max((at for part in parts for at in _ends(part, start, calendar)), default=None)


def _limits(place: str, start: datetime, calendar: WorkCalendar) -> list[datetime]:
    """Dates with 前 behind them; a date with 后 behind it leaves the usual time from then on."""
    after = [
        relay_due(stated.at, calendar)
        for stated in dates_in(place, start, calendar)
        if _AFTER.match(place, stated.end) and stated.at > start
    ]
    return _ends(place, start, calendar) or after


def _ends(place: str, start: datetime, calendar: WorkCalendar) -> list[datetime]:
    return [
        stated.at
        for stated in dates_in(place, start, calendar)
        if stated.at > start and (_BEFORE.match(place, stated.end) or _BY.search(place, 0, stated.start))
    ]
