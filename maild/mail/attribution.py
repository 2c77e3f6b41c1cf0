"""Attribution lines: `On Tue, 4 May 2021 at 10:06, Ann wrote:` in the words of each client and language."""

import re
from dataclasses import dataclass

_VERBS = (
    r"\bwrote\b|\bwrites\b|\bsent\b|\bsaid\b|写道|寫道|写到|來信|schrieb|geschrieben|geschreven|"
    r"a [ée]crit|=C3=A9crit|"
    r"[ée]crit|escribi(?:ó|o|=C3=B3)|"
    r"va escriure|escreveu|ha scritto|schreef|skrev|napisał\w*|nadesłał\w*|napsal\w*|napísal\w*|"
    r"kirjoitti|пишет|"
    r"написала?|"
    r"пише|ezt írta|írta|a scris|yazdı|έγραψε|đã viết|menulis|je napisa\w*|書きました|のメッセージ|"
    r"작성|썼|כתב|كتب"
)
_WROTE = re.compile(rf"(?:{_VERBS})", re.IGNORECASE)
_WEEKDAYS = (
    r"mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|mié|mie|jeu|jue|ven|vie|sam|sáb|sab|dim|dom|"
    r"ma|woe|wo|don|vr|vrij|"
    r"za|zat|zo|zon|seg|ter|qua|qui|sex|man|mån|tir|tis|ons|tor|tors|fre|lør|lör|søn|sön|pon|wt|śr|czw|pt|sob|"
    r"niedz|po|út|st|čt|pá|"
    r"пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|周|星期|週"
)
_WORDS = r"(?:on|at|am|le|el|il|op|den|em|no dia|w dniu|dnia|dne|vào|på|pe|dana|dňa|στις|tarihinde|ngày)\b|在|于|於"
_MONTHS = (
    r"jan|feb|fév|fev|mar|mär|mrt|apr|avr|abr|ma[iyjg]|mei|jun|jui|giu|jul|lug|aug|août|aou|ago|sep|"
    r"set|oct|okt|out|ott|nov|"
    r"de[czs]|déc|dic|gen|ene|stycz|lut|kwie|czerw|lip|sierp|wrze|paźd|listop|grud|led|úno|bře|dub|"
    r"květ|čer|srp|zář|říj|pro|"
    r"янв|фев|апр|мая|май|июн|июл|авг|сен|окт|ноя|дек|tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|"
    r"syys|loka|marras|joulu"
)
_DATE = (
    rf"(?:\d{{4}}\s?[-/.年]\s?\d{{1,2}}|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|"
    rf"\d{{1,2}}(?:st|nd|rd|th|\.)?\s(?:de\s|di\s|of\s)?(?:{_MONTHS})|"
    rf"(?:{_WEEKDAYS})[\w.]{{0,10}}[,.\s]\s?(?:den\s)?\d)"
)
_OPENING = re.compile(
    rf"^[\s>*_\-—]{{0,60}}(?:{_WORDS}|(?:{_WEEKDAYS})[\w.]{{0,10}}[,.\s]|\d{{1,2}}[.\s/-]|\d{{1,2}}(?:st|nd|rd|th)\b|"
    r"\d{4}[-/年.])",
    re.IGNORECASE,
)
_FOLDED = re.compile(rf"^[\s>*_\-—]{{0,60}}(?:(?:{_WORDS}).{{0,30}}\d|{_DATE})", re.IGNORECASE)
"""The first of several lines: an opening word with a figure near it, or a date; an item of a list is neither."""
_DATE_FIRST = re.compile(
    (
        rf"^[\s>*]{{0,6}}{_DATE}[^。！？；]{{2,160}}[<(\[「\"][^<>]{{0,80}}@[^<>]{{0,80}}[>)\]」\"]\s*[:：]?"
        rf"\s*$"
    ),
    re.IGNORECASE,
)
_FINAL = re.compile(
    r"wrote|writes|sent|said|写道|寫道|写到|a [ée]crit|escribi(?:ó|o)|escreveu|ha scritto", re.IGNORECASE
)
"""Verbs that stand at the very end; behind the others the name follows."""
_ADDRESS = re.compile(r"[^\s<>()@]{1,64}@[^\s<>()@]{1,100}|<\s?mailto:|@")
_TIME = re.compile(r"\d{1,2}\s?[:：h.]\s?\d{2}|\d{1,2}\s?(?:时|點|点)|\d{1,2}\s?[ap]\.?m\b", re.IGNORECASE)
_DAY = re.compile(
    r"\b(?:19|20)\d\d\b|\d年|\d{1,2}月|\d{1,2}[/.-]\d{1,2}|(?:jan|feb|mar|apr|ma[iyj]|jun|jul|aug|sep|o[ck]t|nov|"
    r"de[czk]|"
    r"janv|févr|avr|juin|juil|août|ene|abr|ago|dic|gen|mag|giu|lug|set|ott)\w*\.?,?\s\d|\d\.?\s(?:de )?[a-zа-я]{3}",
    re.IGNORECASE,
)
_NARRATED = re.compile(r"(?:邮件|来信|回复|答复|信|群)(?:里|中|上)|的(?:邮件|回复|来信|信)")
_DASHED = re.compile(r"^[\s>]{0,4}-{2,}\s?.{1,120}(?:wrote|写道|schrieb|a écrit|escribió)\s?-{2,}\s*$", re.IGNORECASE)
_ENDING = re.compile(r"(?:[:：>]|wrote|写道|寫道|-{2,})[\s*]{0,4}$", re.IGNORECASE)
_MIDDLE = re.compile(
    r"(?P<dash>-{2,}\s?)?(?:\bOn\s(?:(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|"
    r"dec)\w*\b|\d)"
    r"|(?<=\s)在\s?\d{4}[-年]|(?<=\s)于\s?\d{4}年).{5,200}(?:wrote|写道)\s?[:：]\s*$",
    re.IGNORECASE,
)
_NAME_ALONE = re.compile(r"^[^<>。！？!?]{0,60}<[^<>\s]{1,200}>\s*[,，]?$")
_SHORT_NAME = re.compile(r"^[^。！？!?，,；;:：]{1,20}$")
_LOOK_BACK = 5
_WIDTH = 260


@dataclass(frozen=True)
class Attribution:
    """Lines `start` to `end`; `sure` where what follows is quoted even without marks; `before`: text on its line."""

    start: int
    end: int
    sure: bool
    before: str = ""


def attributions(lines: list[str]) -> dict[int, Attribution]:
    """Every attribution by its first line; linear in the number of lines."""
    found: dict[int, Attribution] = {}
    for end, line in enumerate(lines):
        if line and _ENDING.search(line[-40:]) and (line[-1] != "-" or _WROTE.search(line[:_WIDTH])):
            one = _ending_at(lines, end)
            if one is not None:
                found.setdefault(one.start, one)
    return found


def _ending_at(lines: list[str], end: int) -> Attribution | None:
    if _DASHED.match(lines[end][:_WIDTH]):
        return Attribution(end, end, sure=True)
    return _led_by_opening(lines, end) or _within_line(lines, end) or _led_by_name(lines, end)


def _joined(lines: list[str], start: int, end: int) -> str:
    return " ".join(one.strip()[:_WIDTH] for one in lines[start : end + 1] if one.strip())


def _led_by_opening(lines: list[str], end: int) -> Attribution | None:
    """An opening word or a date up to five lines above the colon."""
    for start in range(end, max(-1, end - _LOOK_BACK - 1), -1):
        whole = _joined(lines, start, end)
        if not lines[start].strip():
            if start == end or not _may_continue(lines, start):
                return None
            continue
        opening = _OPENING if start == end else _FOLDED
        if opening.match(lines[start][:_WIDTH]) and _is_attribution(whole):
            first = _from_name(lines, start)
            return Attribution(first, end, sure=_is_sure(_joined(lines, first, end)))
        if end - start < 2 and _DATE_FIRST.match(whole[:400]) and _dated(whole):
            return Attribution(start, end, sure=True)
    return None


def _from_name(lines: list[str], start: int) -> int:
    """Gmail folds between the name and the date: the name's line belongs to it."""
    return start - 1 if start > 0 and _NAME_ALONE.match(lines[start - 1][:_WIDTH]) else start


def _may_continue(lines: list[str], blank: int) -> bool:
    """Polymail leaves a blank line before the address."""
    return lines[blank + 1].strip()[:1] == "<" and len(lines[blank + 1].strip()) < 80


def _within_line(lines: list[str], end: int) -> Attribution | None:
    line = lines[end][: 2 * _WIDTH]
    match = _MIDDLE.search(line)
    if match is None or not _is_sure(match.group()):
        return None
    before = line[: match.start()].lstrip("> \t").rstrip(" -\t")
    named = _NAME_ALONE.match(before) or (match.group().startswith("于") and _SHORT_NAME.match(before))
    return Attribution(end, end, sure=True, before="" if named else before)


def _led_by_name(lines: list[str], end: int) -> Attribution | None:
    """`王 <w@x> 于2025年10月22日 16:13写道：` and `Name <address> wrote:`."""
    for start in range(end, max(-1, end - 3), -1):
        if not lines[start].strip():
            return None
        whole = _joined(lines, start, end)
        if len(whole) < 400 and _is_attribution(whole) and _named(whole):
            return Attribution(start, end, sure=True)
    return None


def _named(whole: str) -> bool:
    verb = _last_verb(whole)
    before = whole[: verb.start()] if verb else ""
    if _ADDRESS.search(before):
        return bool(re.search(r"[<(\[].{0,80}@.{0,80}[>)\]]", before))
    date = re.search(r"[于在於]\s?\d{4}\s?[-年/]", before)
    return bool(date and _TIME.search(before) and not _NARRATED.search(before[date.start() :]))


def _last_verb(whole: str) -> re.Match[str] | None:
    return next(iter(list(_WROTE.finditer(whole[:1200]))[-1:]), None)


def _is_attribution(whole: str) -> bool:
    verb = _last_verb(whole)
    if verb is None or len(whole) > 900 or len(whole) - verb.end() > 160:
        return False
    tail = whole[verb.end() :].strip(" *")
    if _FINAL.fullmatch(verb.group()) and len(tail.strip("-")) > 1:
        return False
    ends = tail[-1:] in (":", "：") or tail.endswith("--") or (not tail and verb.group() in ("写道", "寫道"))
    return ends and bool(re.search(r"\d", whole) or "@" in whole)


def _is_sure(whole: str) -> bool:
    if _ADDRESS.search(whole):
        return True
    return bool(_TIME.search(whole) and _DAY.search(whole)) and not _NARRATED.search(whole)


def _dated(whole: str) -> bool:
    return bool(_TIME.search(whole) or re.search(r"\b(?:19|20)\d\d\b|\d{4}[-/年]", whole))
