"""A clause that was heard, with the words under it: text, reason, dates, the parts of a closing reply (casework 5)."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from maild.domain.clauses import Clause, Kind
from maild.domain.closing import without_closing
from maild.domain.command import Command
from maild.domain.doubts import taken_back
from maild.domain.emptyanswer import only_polite
from maild.domain.polite import REQUEST_TAG
from maild.domain.sections import closed_with, parts_of
from maild.domain.sentences import Page, Piece, fold_lines
from maild.domain.speech import starts_line
from maild.domain.targets import Names
from maild.domain.value import value
from maild.domain.verb import Takes
from maild.domain.verbs import OUTSIDE, TAKES
from maild.domain.whens import NEVER, PLAIN, When, absence, deadline, reports_back
from maild.domain.worktime import WorkCalendar

_RECENT, _SENTENCE = 120, 400
_LIST_MARK = re.compile(r"\n[ \t]*(?:\d{1,2}[.、)）]?|[-*•·●①-⑨])?[ \t]*\Z")
_UNTIL = re.compile(r"[延展]期?[到至]")
_SENTENCE_END = re.compile(r"[。！？!?;；\n]")
_ASKS_FOR = re.compile(r"\s*(?:请|务必|限|最迟|最晚|须|需|please|pls)")
_JOINT = re.compile(_LIST_MARK.pattern + r"|[\s,，;；]*(?:并且?|同时)\s*\Z|、\s*\Z")
"""What stands between two orders and belongs to neither."""
_ANOTHER_CASE = re.compile(r"[,，;；、]\s*#?\d{3,9}\s*(?:先|暂|不|别|缓|再|等)[^\n]*")
"""What a line of several cases says of another one: `142转物流部，153先不动`."""
_TOLD = re.compile(
    r"\s*(?:我们?|本人|客服)?(?:已经?)?(?:于?(?:今天|今早|上午|下午|昨天|刚才?)(?:上午|下午)?)?(?:已经?)?"
    r"(?:打?电话|当面|微信|短信|口头|上门|致电)(?:里|中)?(?:告知|告诉|答复|回复|通知|说明)"
    r"|\s*(?:(?:i|we) )?(?:told|informed)\b"
)
_BEFORE_REASON, _TAG = 16, 40
_LENGTH_FIRST = re.compile(
    r"^(?:到|至|为|再|to|by|until|of|for)?\s*(?:[\d一二两三四五六七八九十半]{1,3}"
    r"|[年月日号天周个工作小时上下本这明后底前内末点/.\- ]"
    r"|元旦|国庆|五一|春节|中秋|端午|清明|劳动|长假|假期|放假|[第首节]|星期|礼拜|working|business|more|days?|weeks?|hours?|(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?|next"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*){1,10}(?:[,，。;；:：\s]+|$)",
    re.IGNORECASE,
)
_REASON_LABEL = re.compile(r"(?:^|(?<=[\n,，。;；]))\s*(?:原因|理由|reason|because)\s*[:：]\s*", re.IGNORECASE)
_DATED = frozenset({"extend", "plan", "approve", "decline", "instruct", "correct", "join", "lead"})
_DECISIVE = frozenset({
    "route", "type", "urgency", "join", "lead", "merge", "link", "split", "adopt", "approve", "decline", "seal",
    "unseal", "erase", "hold", "lift-hold", "followers", "forward", "resolve",
})  # fmt: skip
"""Orders that 等…再 makes wait; 收到，等配件到了就换 is taken all the same."""
CLOSING = frozenset({"resolve", "upheld", "unfounded"})
"""Verbs that come with the parts of a closing reply."""


@value
class Said:
    """A clause that is, or may be, a command, and where it stands."""

    piece: Piece
    clause: Clause

    @property
    def verb(self) -> str:
        """The verb of its first reading."""
        return self.clause.readings[0].verb


@value
class Heard:
    """One order as it was meant: a clause and its readings with all their words."""

    clause: Clause
    readings: tuple[Command, ...]


@value
class Circumstances:
    """What reading the words of an order needs beside them."""

    page: Page
    names: Names
    now: datetime
    state: str = ""
    calendar: WorkCalendar = PLAIN
    """When feasts are, for 国庆后."""

    def deadline(self, words: str, *, asked: bool = False) -> When:
        """The first deadline of these words."""
        return deadline(words, self.now, asked=asked, calendar=self.calendar)


def with_words(said: Sequence[Said], around: Circumstances) -> list[Heard]:
    """Each clause with text, reason and times; what orders several things at once is several."""
    result = []
    for number, one in enumerate(said):
        words = _words(said, number, around)
        readings = tuple(_worded(reading, one, words, around) for reading in one.clause.readings)
        result.append(_checked(Heard(clause=one.clause, readings=readings), words, around))
        if _closes(result, one):
            result[-2:] = [
                replace(result[-2], readings=(replace(result[-2].readings[0], text=result[-1].readings[0].text),))
            ]
        result += [Heard(clause=one.clause, readings=(_worded(c, one, words, around),)) for c in one.clause.more]
    return result


def _closes(heard: Sequence[Heard], one: Said) -> bool:
    """Whether an answer belongs to the closing order before it, a ， apart: `结案，原因：…，答复来信人：…`."""
    if len(heard) < 2 or one.verb != "reply" or one.clause.kind is not Kind.COMMAND:
        return False
    closing = heard[-2]
    command = closing.readings[0]
    return closing.clause.kind is Kind.COMMAND and command.verb in CLOSING and not command.text and not command.case


def _words(said: Sequence[Said], number: int, around: Circumstances) -> str:
    one, page = said[number], around.page
    until = said[number + 1].piece.start if number + 1 < len(said) else len(page.text)
    spared = 0 if starts_line(page.plain, one.clause.text_at) else 1
    joint = _LIST_MARK if number + 1 == len(said) else _JOINT
    words = joint.sub("", page.text[one.clause.text_at : max(until, one.clause.text_at)])
    return without_closing(words, around.names, spared=spared)


def _worded(command: Command, one: Said, words: str, around: Circumstances) -> Command:
    takes = TAKES.get(command.verb, Takes.NOTHING)
    if command.verb == "route":
        return _routed(command, one, words, around)
    if takes in {Takes.WORDS, Takes.ROUND, Takes.NUMBER, Takes.LIST} and command.verb != "circulate":
        return command
    if command.verb in CLOSING:
        return closed_with(command, parts_of(_trimmed(words)), planned=around.state == "planned")
    if command.verb == "away":
        return _absent(command, words, around)
    if command.verb in OUTSIDE or one.clause.takes_all:
        text = _trimmed(words)
    else:
        text = _without_tag(_without_courtesies(words))
    command = _dated(command, words, around)
    if takes in {Takes.REASON, Takes.ADDRESS} or command.verb == "extend":
        return replace(command, reason=_reason(text) or None)
    if command.verb == "record" and _TOLD.match(fold_lines(text)):
        return replace(command, verb="told", text=text)
    return replace(command, text=text)


def _checked(heard: Heard, words: str, around: Circumstances) -> Heard:
    """Asked back where a day that is named is past, or where inside words may stand among those that leave."""
    command = heard.readings[0]
    mixed = command.verb in CLOSING and parts_of(words).mixed
    past = command.verb in {*_DATED, "route", "away"} and around.deadline(words[:_SENTENCE]).past
    undated = TAKES[command.verb] in {Takes.DATE, Takes.ABSENCE} and not (command.date or command.duration)
    doubted = undated or (not heard.clause.takes_all and command.verb not in OUTSIDE and _doubted(command.verb, words))
    if heard.clause.kind is Kind.COMMAND and (mixed or past or doubted):
        return replace(heard, clause=replace(heard.clause, kind=Kind.UNSURE))
    return heard


def _doubted(verb: str, words: str) -> bool:
    return taken_back(fold_lines(words[:_SENTENCE]), waits=verb in _DECISIVE)


def _routed(command: Command, one: Said, words: str, around: Circumstances) -> Command:
    sentence_end = max(0, one.piece.sentence_end - one.clause.text_at)
    text = _without_tag(_without_courtesies(_ANOTHER_CASE.sub("", words) if command.case else words))
    when = around.deadline(words[: min(sentence_end, _SENTENCE)].lstrip(" ,，"))
    when = when if when != NEVER else around.deadline(words[sentence_end : sentence_end + _RECENT].lstrip(" 。.!！\n"))
    if when == NEVER and _ASKS_FOR.match(one.piece.before):
        when = around.deadline(one.piece.before[-_RECENT:])
    back = reports_back(words[: min(sentence_end, _SENTENCE) + _RECENT])
    return replace(command, text=text, date=when.date, duration=when.duration, report_back=back)


def _absent(command: Command, words: str, around: Circumstances) -> Command:
    """外出 12月1日至12月5日 王磊: from, to, delegate."""
    first, last = absence(words[:_RECENT], around.now)
    named = next((m for m in around.names.mentions(words[:_RECENT]) if len(m.people) == 1), None)
    return replace(command, date=first, until=last, person=named.people[0].address if named else None,
                   text=_without_courtesies(words))  # fmt: skip


def _dated(command: Command, words: str, around: Circumstances) -> Command:
    """The date or duration of `延期 3天` and `计划 12月15日`, and the clock of an instruction."""
    if command.verb not in _DATED:
        return command
    asked = command.verb in {"extend", "plan"}
    until = _UNTIL.search(words[:_RECENT]) if command.verb == "extend" else None
    near = words[until.end() if until else 0 :][:_RECENT].lstrip(" \t\r\n:：,，")
    when = around.deadline(_SENTENCE_END.split(near, maxsplit=1)[0], asked=asked)
    if when == NEVER:
        when = around.deadline(near)
    back = reports_back(words[:_SENTENCE]) if command.verb in {"instruct", "correct"} else False
    return replace(command, date=when.date, duration=when.duration, report_back=back)


def _without_tag(text: str) -> str:
    """Without 好吗 or please at the end."""
    return text[:-_TAG] + REQUEST_TAG.sub("", text[-_TAG:])


def _reason(text: str) -> str:
    """Why, without 原因： before it and without the date or length that stands first."""
    labelled = _REASON_LABEL.search(text)
    if labelled and len(text[: labelled.start()]) <= _BEFORE_REASON:
        return text[labelled.end() :].strip()
    return _REASON_LABEL.sub("", _LENGTH_FIRST.sub("", text)).strip()


def _trimmed(words: str) -> str:
    """Without the marks around it, and without a quotation mark whose other half stood before the verb."""
    if words.rstrip()[-1:] in {"”", '"', "』", "」"} and not re.search(r"[“\"『「]", words.rstrip()[:-1]):
        words = words.rstrip()[:-1]
    return words.lstrip(" \t\r\n:：,，.。!！;；-–—").rstrip(" \t\r\n,，")


def _without_courtesies(words: str) -> str:
    """The order's own words; `谢谢` behind a bare verb is none."""
    text = re.sub(r"^[了吧啦哈]+(?=\W|$)", "", words.strip(" \t\r\n:：,，.。;；!！?？~")).strip(" ,，")
    while (last := re.split(r"[,，。.;；!！\n]+", text)[-1]) and only_polite(last):
        text = text[: -len(last)].rstrip(" \t\r\n,，。.;；!！")
    return text
