"""Dates and lengths of time in an order: 周五前, 三天内报我, by Friday EOB, 11月28日前, 下周三, 月底前 (casework 5).

A day that is merely told (客户11月8日下单) is no deadline: a date needs 前, by or a like word, or stands at the head of
its clause. Days are working days; a week or a month is also told as the day it ends.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from maild.domain.feasts import feasts
from maild.domain.sentences import fold_lines
from maild.domain.value import value
from maild.domain.when import dates_in
from maild.domain.worktime import WorkCalendar

_DIGITS = {han: number for number, han in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_NUMBER = r"(?P<n>\d{1,3}|[零一二两三四五六七八九十]{1,3}|半|an?|one|two|three|four|five|six|seven|ten)"
_LENGTH = re.compile(
    rf"(?P<by>(?:within|in|(?:give me|take)|for|by another|by|限|给你"
    rf"|再给)\s*)?(?:the next\s*)?{_NUMBER}\s*个?\s*(?:more\s*)?"
    r"(?P<unit>(?:工作|working |business |work )?(?:日|天|days?)|周|星期|礼拜|weeks?|小时|hours?"
    r"|(?<=个)月|(?<=个 )月|months?)"
    r"(?P<end>\s*(?:之?内|以内|为限|后(?=报|回|反|给|答)))?"
)
_ENGLISH = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = (
    r"(?:(?P<month>(?:这个|本|当)?(?<!\d)(?<![一二三四五六七八九十])月[底末内]|end of (?:the |this )?month|\bmonth[-"
    r" ]end\b|\beom\b)|(?P<nextmonth>下个?月[底末]|end of next month)"
    r"|(?P<year>年[底末内]|end of (?:the |this )?year)|(?P<quarter>季度?[底末内]|end of (?:the |this )?quarter)"
    r"|(?P<week>(?:本|这)周(?![一二三四五六日天])|周末|end of (?:the |this )?week|\bthis week\b)"
    r"|(?P<nextweek>下周(?:内|末)?(?![一二三四五六日天])|(?:\bend of )?(?:the )?\bnext week\b)"
    rf"|(?P<wd>\bnext (?:{'|'.join(_WEEKDAYS)})[a-z]*\b|\b(?:by |before |until |on |this "
    rf"|due )(?:{'|'.join(_WEEKDAYS)})\b)"
    r"|(?P<endm>(?:明年|今年|次年)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:份)?[底末])"
    r"|(?P<clock>(?:上午|中午|下午|傍晚|晚上)?(?:\d{1,2}|[一二三四五六七八九十两]{1,2})[点时](?:半|\d{1,2}分?)?(?=钟?(?:之?前|以前)))"
    r"|(?P<gone>昨[天日晚]|前天|上个?月(?:底|末|\d{1,2}[号日])?|上周(?![一二三四五六日天])"
    r"|\byesterday\b|\blast (?:week|month)\b)"
    r"|(?P<dawn>明[早晚])"
    r"|(?P<han>[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}[日号])"
    r"|(?P<following>下个?月\d{1,2}[号日])"
    r"|(?P<third>大后天)|(?P<now>下班|今晚|今早|\b(?:eob|eod|cob|tonight)\b|(?:end|close) of (?:the )?(?:business"
    r"|business day|day)\b)"
    r"|(?P<bare>(?<![\d月./-])\d{1,2}(?=[号日](?!内)))(?:[号日])"
    r"|\b(?:by|before|until) the (?P<th>\d{1,2})(?:st|nd|rd|th)\b"
    r"|(?<![\d/.-])(?P<slash>\d{1,2}[/.]\d{1,2})(?![\d/.%]|-\d))"
)
_OTHER = re.compile(_DAY)
_BEFORE = re.compile(
    r"(?:\b(?:by|before|until|till|no later than|due|on|for|deadline(?: is)?:?)\s*(?:the\s*)?|截止|截至|限|最迟|最晚"
    r"|(?:让|请|叫|要求?)[\u4e00-\u9fff]{0,4}|务必|争取|力争|至迟|于|在|到|至|为|延期|延|请|要|须|必须|需|期限:?|截止日期:?|eob|eod|cob)\s*$"
)
_AFTER = re.compile(
    r"\s*(?:上午|中午|下午|傍晚|晚上)?"
    r"(?:之前|以前|前(?!天)|内|止|下班|为限|截止|eob|eod|cob|\d{1,2}[:点时])"
)
_TOLD = re.compile(
    r"\s*(?:的|了|已|就?收到|到货|发货|下单|下的单|购买|买|来信|来电|来取|来|反映|投诉|客户|顾客|有|是|没|未|刚|又|才)"
)
_MUST = re.compile(
    r"\b(?:have to|must|need to|needs to|should|please|has to)\b[^.,;!?]*$|(?:^|[,.;]\s*)(?:call|reply|answer|tell"
    r"|ask|and)\b[^.,;!?]*$"
)
_ENDS = re.compile(r"\s*(?:$|[.,;!])")
_HEAD = re.compile(r"[\s,，;。:：、\-(]*$|.*[,，;。:：、]\s*$")
_JOINED_DAYS = re.compile(
    r"(?P<month>\d{1,2})\s*(?:月|/)\s*(?P<a>\d{1,2})[日号]?\s*(?:-|~|至|到)\s*(?P<b>\d{1,2})[日号]?(?![\d月/])"
)
_TWO_WEEKS_ON = re.compile(r"(?<!一)下下周$")
"""Not 处理一下下周一."""
_NOT_THEN = re.compile(r"\s*(?:之?前|以前)?(?:都|也|先|还)?(?:不用|不必|无需|无须|不要|不急|别)")
"""节前不用办: no deadline, and perhaps a beginning; asked back."""
_HALF_A_YEAR = timedelta(days=183)
_REPORT = re.compile(
    r"报(?:给)?我|回(?:复|报)?我|向我|抄(?:送|报)?给?我|向我(?:报告|汇报|反馈)|(?:报告|汇报|反馈|回复|告诉|告知|回报)(?:给)?我"
    r"|给我(?:结果|回复|答复|反馈"
    r"|报告)|结果给我|抄报我"
    r"|\b(?:report|get) back(?: to me)?\b|\breport to me\b|\blet me know\b|\btell me\b|\binform me\b|\bupdate me\b"
)


@value
class When:
    """A deadline as `maild command` says it; both where a length ends on a day of its own."""

    date: str | None = None
    duration: str | None = None
    past: bool = False
    """A day that is over was named, one so far away that it may be meant of the last year, or an unknown feast."""


NEVER = When()
"""No deadline."""
PLAIN = WorkCalendar()
"""Weeks without feasts."""


@value
class _Found:
    start: int
    end: int
    when: When
    firm: bool
    """Says by itself that it is a deadline."""


def deadline(text: str, now: datetime, *, asked: bool = False, calendar: WorkCalendar = PLAIN) -> When:
    """The first deadline in `text`; with `asked` any date or length counts, as in `延期 3天`. `now` is local.

    `calendar` tells when feasts are: 国庆后.
    """
    plain = fold_lines(text)
    for found in sorted(
        (*_lengths(plain, now, asked), *_feasts(plain, now, calendar), *_days(plain, now)),
        key=lambda one: (one.start, -one.end),
    ):
        if found.firm or asked or _is_deadline(plain, found):
            return When(past=True) if _NOT_THEN.match(plain, found.end) else found.when
    return NEVER


def absence(text: str, now: datetime) -> tuple[str | None, str | None]:
    """The first and the last day of an absence; both the same where one day is named."""
    plain = fold_lines(text)
    joined = _JOINED_DAYS.sub(lambda m: f"{m['month']}月{m['a']}日至{m['month']}月{m['b']}日", plain)
    days = sorted((f.start, f.when.date) for f in _days(joined, now) if f.when.date)
    named = list(dict.fromkeys(day for _, day in days))
    if len(named) == 1 and (length := next(iter(_lengths(joined, now, True)), None)):
        count = re.search(r"\d+", length.when.duration or "")
        last = date.fromisoformat(named[0]) + timedelta(days=int(count.group()) - 1 if count else 0)
        return named[0], last.isoformat()
    return (named[0], named[min(1, len(named) - 1)]) if named else (None, None)


def reports_back(text: str) -> bool:
    """Whether the result is to be told to the writer: 报我, report back to me."""
    return _REPORT.search(fold_lines(text)) is not None


def _is_deadline(plain: str, found: _Found) -> bool:
    before, after = plain[max(0, found.start - 60) : found.start], plain[found.end :]
    if _AFTER.match(after) or _BEFORE.search(before):
        return True
    if _MUST.search(before) and _ENDS.match(after):
        return True
    return _HEAD.match(before[-24:]) is not None and not _TOLD.match(after)


def _lengths(plain: str, now: datetime, asked: bool) -> Iterator[_Found]:
    for m in _LENGTH.finditer(plain):
        by = (m["by"] or "").strip()
        alone = plain[: m.start()].strip(" ,，:：") == "" and plain[m.end() :].strip(" ,，.。!") == ""
        if (m["end"] or by or asked or alone) and not (by in {"in", "for", "by"} and not m["unit"].isascii()):
            yield _Found(start=m.start(), end=m.end(), when=_length(m, now.date()), firm=True)


def _length(m: re.Match[str], today: date) -> When:
    unit, half = m["unit"], m["n"] == "半"
    number = _count(m["n"])
    if "小时" in unit or "hour" in unit:
        return When(duration="PT30M" if half else f"PT{number}H")
    if unit.startswith(("周", "星期", "礼拜", "week")):
        return When(duration=f"P{number}W", date=(today + timedelta(days=7 * number)).isoformat())
    if unit.startswith(("月", "month")):
        end = today + timedelta(days=15) if half else _months_on(today, number)
        return When(duration="P15D" if half else f"P{number}M", date=end.isoformat())
    return When(duration="PT4H" if half else f"P{number}D")


def _count(word: str) -> int:
    if word.isdigit():
        return int(word)
    if word in _ENGLISH:
        return _ENGLISH[word]
    tens, ten, ones = word.rpartition("十")
    return (10 * _DIGITS.get(tens[-1:], 1) if ten else 0) + _DIGITS.get(ones[-1:], 0) or 1


def _days(plain: str, now: datetime) -> Iterator[_Found]:
    today = now.date()
    zone = now.tzinfo if isinstance(now.tzinfo, ZoneInfo) else ZoneInfo("Asia/Shanghai")
    calendar = WorkCalendar(zone=zone)
    for stated in dates_in(plain, now.astimezone(UTC), calendar):
        day = calendar.local(stated.at).date()
        if _TWO_WEEKS_ON.search(plain[max(0, stated.start - 2) : stated.start + 2]):
            day += timedelta(days=7)
        nearer = plain[max(0, stated.start - 5) : stated.start].endswith("next ")
        if not nearer and plain[stated.start - 1 : stated.start] != "大":
            over = (
                plain[: stated.start].endswith(("上", "上个", "last "))
                or day < today
                or _is_over(plain[stated.start : stated.end], day, today)
            )
            when = When(past=True) if over else When(date=day.isoformat())
            yield _Found(start=stated.start, end=stated.end, when=when, firm=False)
    for m in _OTHER.finditer(plain):
        if m["gone"]:
            yield _Found(start=m.start(), end=m.end(), when=When(past=True), firm=False)
            continue
        if (one := _other(m, today)) and one >= today:
            bound = m["now"] is not None and not m["now"].startswith("今")
            if not bound or _alone(plain, today, calendar):
                firm = (
                    bound
                    or any(m[name] is not None for name in ("wd", "th"))
                    or m.group().startswith("end of")
                    or m.group().endswith("内")
                )
                yield _Found(start=m.start(), end=m.end(), when=When(date=one.isoformat()), firm=firm)


def _feasts(plain: str, now: datetime, calendar: WorkCalendar) -> Iterator[_Found]:
    for feast in feasts(plain, now.date(), calendar):
        when = When(date=feast.day.isoformat()) if feast.day else When(past=True)
        yield _Found(start=feast.start, end=feast.end, when=when, firm=True)


def _is_over(written: str, day: date, today: date) -> bool:
    """Whether a day without a year is rather the one that has just been: 11月3日 said on the 24th."""
    return "20" not in written and day - today > _HALF_A_YEAR


def _alone(plain: str, today: date, calendar: WorkCalendar) -> bool:
    """Whether no day is named: in `by Friday EOB` the end of business is Friday's."""
    return not any(True for _ in dates_in(plain, calendar.instant(today, datetime.min.time()), calendar))


def _other(m: re.Match[str], today: date) -> date | None:
    friday = today + timedelta(days=4 - today.weekday())
    if m["month"] or m["nextmonth"]:
        return _month_end(today if m["month"] else _months_on(today.replace(day=1), 1))
    if m["year"] or m["quarter"]:
        return _month_end(today.replace(day=1, month=12 if m["year"] else 3 * ((today.month + 2) // 3)))
    if m["week"] or m["nextweek"]:
        return max(friday, today) if m["week"] else friday + timedelta(days=7)
    if m["wd"]:
        return _weekday(m["wd"], today)
    if m["endm"]:
        return _end_of_named_month(m["endm"], today)
    if m["dawn"]:
        return today + timedelta(days=1)
    if m["han"]:
        month, _, day = m["han"][:-1].partition("月")
        return _coming(_count(month), _count(day), today)
    if m["following"]:
        first = _months_on(today.replace(day=1), 1)
        return _date(first.year, first.month, int(re.sub(r"\D", "", m["following"])))
    if m["clock"]:
        return today
    if m["third"] or m["now"]:
        return today + timedelta(days=3 if m["third"] else 0)
    return _numbered(m, today)


def _end_of_named_month(words: str, today: date) -> date:
    """明年3月底; without a year the next one to come."""
    month = _count(re.sub(r"[^\d一二三四五六七八九十]", "", words)) % 13 or 12
    year = today.year + (words.startswith(("明", "次")) or (not words.startswith("今") and month < today.month))
    return _month_end(date(year, month, 1))


def _coming(month: int, number: int, today: date) -> date | None:
    near = _date(today.year, month, number)
    return near if near and near >= today else _date(today.year + 1, month, number)


def _weekday(words: str, today: date) -> date:
    lead, day = words.split()
    number = next(n for n, name in enumerate(_WEEKDAYS) if day.startswith(name))
    if lead == "next":
        return today + timedelta(days=7 - today.weekday() + number)
    return today + timedelta(days=(number - today.weekday()) % 7)


def _numbered(m: re.Match[str], today: date) -> date | None:
    if number := m["bare"] or m["th"]:
        near = _date(today.year, today.month, int(number))
        following = _months_on(today.replace(day=1), 1)
        return near if near and near >= today else _date(following.year, following.month, int(number))
    month, day = (int(part) for part in re.split(r"[/.]", m["slash"]))
    return _coming(month, day, today)


def _month_end(day: date) -> date:
    return _months_on(day.replace(day=1), 1) - timedelta(days=1)


def _months_on(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return _date(year, month + 1, day.day) or _month_end(date(year, month + 1, 1))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
