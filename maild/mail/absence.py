"""Until when an out-of-office note says that its writer is away: plain dates only, nothing guessed."""

import re
from datetime import date, timedelta

_MONTHS = (
    ("jan", "january", "januar", "janvier", "enero"),
    ("feb", "february", "februar", "février", "febrero"),
    ("mar", "march", "märz", "mars", "marzo"),
    ("apr", "april", "avril", "abril"),
    ("may", "mai", "mayo"),
    ("jun", "june", "juni", "juin", "junio"),
    ("jul", "july", "juli", "juillet", "julio"),
    ("aug", "august", "août", "agosto"),
    ("sep", "sept", "september", "septembre", "septiembre"),
    ("oct", "october", "oktober", "okt", "octobre", "octubre"),
    ("nov", "november", "novembre", "noviembre"),
    ("dec", "december", "dezember", "dez", "décembre", "diciembre"),
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_WEEK = (
    ("monday", "montag", "lundi", "一"),
    ("tuesday", "dienstag", "mardi", "二"),
    ("wednesday", "mittwoch", "mercredi", "三"),
    ("thursday", "donnerstag", "jeudi", "四"),
    ("friday", "freitag", "vendredi", "五"),
    ("saturday", "samstag", "samedi", "六"),
    ("sunday", "sonntag", "dimanche", "日", "天"),
)
_WEEKDAY = {name: number for number, names in enumerate(_WEEK) for name in names}
_NAMES = "|".join(sorted(_MONTH, key=len, reverse=True))
_DAYS = "|".join(name for name in _WEEKDAY if len(name) > 1)
_DATE = (
    rf"(?:(?P<y>20\d\d)\s?[-/.年]\s?(?P<m>\d{{1,2}})\s?[-/.月]\s?(?P<d>\d{{1,2}})\s?[日号號]?"
    rf"|(?P<zm>\d{{1,2}})\s?月\s?(?P<zd>\d{{1,2}})\s?[日号號]?"
    rf"|(?:(?:{_DAYS}),?\s+(?:the\s|den\s|dem\s|le\s)?)?(?:(?P<ed>\d{{1,2}})(?:st|nd|rd|th|"
    rf"\.)?\s?(?:of\s)?(?P<em>{_NAMES})|(?P<am>{_NAMES})\.?\s(?P<ad>\d{{1,2}})(?:st|nd|rd|"
    rf"th)?)\b\.?,?(?:\s?(?P<ey>20\d\d))?"
    rf"|(?P<gd>\d{{1,2}})\.\s?(?P<gm>\d{{1,2}})\.(?:\s?(?P<gy>20\d\d))?)"
)
_UNTIL_WORDS = (
    r"(?:until|till|til|through|thru|up to|back (?:in the office |at work |at my desk |to work |in )?(?:on|by|"
    r"from)?|return(?:ing|s)?(?: to (?:the office|work|my desk))?(?: on| by)?|"
    r"be back(?: in the office)?(?: on| by| from)?|back in the office|available (?:again )?(?:on|from|as of)|"
    r"end(?:s|ing)? on|(?:out|away|leave|vacation|absent|holiday)\b.{0,40}?\bto|"
    r"bis(?: zum| einschließlich| inkl\.?)?|ab (?:dem )?|wieder (?:am|ab)(?: dem)?|jusqu['’]au|de retour (?:le|"
    r"au)|à partir du|hasta(?: el)?|fino al|至|到|直到|截至|截止到?|[-–—~～])"
)
_UNTIL = re.compile(rf"{_UNTIL_WORDS}\s?(?:the |den |dem |le |el )?{_DATE}", re.IGNORECASE)
_THEN_BACK = re.compile(
    (
        rf"{_DATE}(?:（[^）]{{0,8}}）|\([^)]{{0,8}}\))?\s?(?:早上|上午|下午|晚|中午|起|后|之后|以后|才|"
        rf"方可?|正式|将|会|可){{0,2}}(?:返回|回来|回到|"
        rf"回公司|回办公室|返岗|返程|返京|回国|上班|恢复|销假|归来|复工|结束|后(?:回复|处理)|before|wieder|"
        rf"zurück)"
    ),
    re.IGNORECASE,
)
_WEEKDAY_BACK = re.compile(
    (
        rf"(?:(?:until|till|through|back (?:in the office )?(?:on)?|return(?:ing)?(?: to (?:the office|"
        rf"work))?(?: on)?|bis|wieder am|ab) (?:next )?(?P<en>{_DAYS})\b|"
        r"(?P<week>下|本|这)?(?:周|星期|礼拜)(?P<zh>[一二三四五六日天])(?:早上|上午|下午)?(?:才|再|起|"
        r"后)?(?:返回|回来|回公司|回办公室|返岗|上班|恢复|结束|为止))"
    ),
    re.IGNORECASE,
)
_REACH = 4000
_LONGEST = timedelta(days=400)


def absence_until(text: str, now: date) -> date | None:
    """The last date that the text gives for the end of an absence, or the day of return; None where it gives none."""
    head = text[:_REACH]
    found = [_as_date(one, now) for pattern in (_UNTIL, _THEN_BACK) for one in pattern.finditer(head)]
    likely = [one for one in found if one is not None and now <= one <= now + _LONGEST]
    return max(likely) if likely else _weekday(head, now)


def _as_date(match: re.Match[str], now: date) -> date | None:
    def first(*names: str) -> str | None:
        return next((match[name] for name in names if match[name]), None)

    word = first("em", "am")
    month = _MONTH[word.lower()] if word else int(first("m", "zm", "gm") or 0)
    day = int(first("d", "zd", "ed", "ad", "gd") or 0)
    year = first("y", "ey", "gy")
    return _exact(int(year), month, day) if year else _nearest(month, day, now)


def _exact(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(month: int, day: int, now: date) -> date | None:
    """Without a year the next such day, if it is less than half a year ahead."""
    this = _exact(now.year, month, day)
    if this is not None and this >= now:
        return this if this - now < timedelta(days=184) else None
    following = _exact(now.year + 1, month, day)
    return following if following is not None and following - now < timedelta(days=184) else None


def _weekday(head: str, now: date) -> date | None:
    match = _WEEKDAY_BACK.search(head)
    if match is None:
        return None
    wanted = _WEEKDAY[(match["en"] or match["zh"]).lower()]
    if match["week"] == "下":
        return now + timedelta(days=7 - now.weekday() + wanted)
    ahead = (wanted - now.weekday()) % 7
    return now + timedelta(days=ahead or 7)
