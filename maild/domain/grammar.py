"""From the fresh text of a reply to what it orders: one reading acts, several are asked back (casework 5).

Sentence by sentence from the top, until a sentence is no command and the mail has had one, or three sentences have
passed without one. Everything under a command is its text; a later line that begins with a verb and a colon, or is
nothing but a verb, begins a command of its own, so that it never leaves with an answer. Nothing is done on a guess.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache

from maild.domain.clauses import NONE, Clause, Kind, Reading
from maild.domain.closing import only_claims, without_closing
from maild.domain.command import CLAIMABLE, NOTHING, REQUESTERS, Answers, Command, Decision, Understanding
from maild.domain.emptyanswer import EMPTY, only_polite
from maild.domain.polite import REQUEST_TAG
from maild.domain.replykey import find_tokens
from maild.domain.sentences import Page, Piece, pieces, read_page
from maild.domain.speech import begins_command, read_piece, starts_line
from maild.domain.targets import Names
from maild.domain.value import value
from maild.domain.verbs import IN_FORCE, OUTSIDE, SECTIONS, VERBS
from maild.domain.whens import NEVER, deadline, reports_back

NOT_AVAILABLE = "not-available"
LONGEST = 64 * 1024
"""Characters that are read; a reply is shorter, and its first lines decide."""
_PATIENCE = 3
_MOST = 20
_RECENT, _SENTENCE = 120, 400
_INSIDE = re.compile(
    r"(?:^|[。.!！;；\n(（【\[]|\s{2,})\s*(?:内部)?(?:备注|備註|备忘)(?:\s*[:：\]】]|\s)"
    r"|(?:^|\n|[.;!]\s|\()\s*(?:internal |inside )?note\s*:|[。！!;；]\s*(?:上报|结案|上報|結案|批示|分类|延期|转办"
    r"|轉辦)\s*[:：]",
    re.IGNORECASE,
)
_ORDERING = re.compile(
    r"\s*(?:请|麻烦|麻煩|請)?\s*(?:转|轉|交|由|(?:please )?(?:route|re-?assign|transfer)\b)", re.IGNORECASE
)
_LIST_MARK = re.compile(r"\n[ \t]*(?:\d{1,2}[.、)）]?|[-*•·●①-⑨])?[ \t]*\Z")


@value
class _Said:
    """A clause that is, or may be, a command, and where it stands."""

    piece: Piece
    clause: Clause

    @property
    def verb(self) -> str:
        return self.clause.readings[0].verb


def understand(
    text: str, *, answers: Answers = Answers.ASSIGNMENT, names: Names, now: datetime, state: str = "assigned"
) -> Understanding:
    """What a reply orders. `now` is local to the office; `state` is the case's, for a plan item's 已完成."""
    page = read_page(text[:LONGEST].replace("\r\n", "\n"))
    said = _listen(Reading(page=page, names=names, answers=answers, state=state))
    claimed = not said or page.plain.strip().startswith("已完成")
    if claimed and answers in CLAIMABLE and state != "planned" and only_claims(page.text, names):
        return Understanding(decision=Decision.REFUSE, commands=(Command(verb="reply"),), why=EMPTY)
    commands = _with_words(said, page, names, now)
    return _decided(said, commands, names) if said else NOTHING


def _listen(reading: Reading) -> list[_Said]:
    """Every command of the page, in order."""
    said: list[_Said] = []
    at: int | None = 0
    while at is not None and len(said) < _MOST:
        at = _listen_from(at, reading, said)
    return said


def _listen_from(at: int, reading: Reading, said: list[_Said]) -> int | None:
    """Read on from `at` until the words of a command begin; returns where the next one begins, if anywhere."""
    misses = 0
    last = at
    for piece in pieces(reading.page, at, lambda start, end: begins_command(start, end, reading)):
        now = replace(reading, after_route=any(one.verb == "route" for one in said))
        clause = read_piece(piece, now)
        last = piece.sentence_end
        if clause.kind is Kind.SKIP:
            continue
        if clause.kind is Kind.NONE:
            misses += 1
            if said or misses == _PATIENCE:
                break
            continue
        if said and _goes_on(said[-1], clause):
            continue
        said.append(_Said(piece=piece, clause=clause))
        if clause.takes_all or len(said) >= _MOST:
            last = max(clause.text_at, piece.start + 1)
            break
    else:
        return None
    return _next_command_line(last, reading, said) if said else None


def _goes_on(last: _Said, clause: Clause) -> bool:
    """Whether a clause says the same order again, in other words: 解决不了，请上级协调."""
    same = not clause.takes_all and all(one.verb == last.verb for one in clause.readings)
    return same and not any(one.unit or one.person or one.case for one in clause.readings)


@cache
def _command_line() -> re.Pattern[str]:
    """A line that begins with a verb and a colon, or is nothing but a verb."""
    forms = sorted({form for verb in VERBS for form in verb.forms}, key=len, reverse=True)
    either = "|".join(map(re.escape, forms))
    to = r"(?:客户|来信人|顾客|用户|对方|投诉人|[\u4e00-\u9fff]{1,3}(?:女士|先生))?"
    mark = r"[ ]*(?:(?:\d{1,2}[.、)]|[-*•·])[ ]*)?(?:请|please )?"
    return re.compile(rf"^{mark}(?P<verb>{either}){to}[ ]*(?P<end>:|[吧。.!]*[ ]*$)", re.MULTILINE)


def _next_command_line(at: int, reading: Reading, said: Sequence[_Said]) -> int | None:
    """Where the next line begins that is a command of its own."""
    plain = reading.page.plain
    line = plain.find("\n", at)
    inside = bool(said) and said[-1].verb in SECTIONS
    while line >= 0 and (found := _command_line().search(plain, line + 1)):
        if not (inside and "来信人" in found.group()) and _stands(found, reading):
            return found.start()
        line = plain.find("\n", found.start())
    return None


def _stands(found: re.Match[str], reading: Reading) -> bool:
    end = found.string.find("\n", found.start())
    end = end if end >= 0 else len(found.string)
    first = next(
        pieces(Page(text=reading.page.text[:end], plain=reading.page.plain[:end]), found.start(), lambda _s, _e: False),
        None,
    )
    return first is not None and read_piece(first, reading).kind not in {Kind.NONE, Kind.SKIP}


def _with_words(said: Sequence[_Said], page: Page, names: Names, now: datetime) -> list[tuple[Command, ...]]:
    """The readings of each clause with text and times."""
    result = []
    for number, one in enumerate(said):
        until = said[number + 1].piece.start if number + 1 < len(said) else len(page.text)
        spared = 0 if starts_line(page.plain, one.clause.text_at) else 1
        words = _LIST_MARK.sub("", page.text[one.clause.text_at : max(until, one.clause.text_at)])
        words = without_closing(words, names, spared=spared)
        result.append(tuple(_worded(reading, one, words, now) for reading in one.clause.readings))
    return result


def _worded(command: Command, one: _Said, words: str, now: datetime) -> Command:
    if command.verb in OUTSIDE or one.clause.takes_all:
        return _dated(replace(command, text=_trimmed(words)), words, now)
    sentence_end = max(0, one.piece.sentence_end - one.clause.text_at)
    text = REQUEST_TAG.sub("", _without_courtesies(words))
    if command.verb != "route":
        return _dated(replace(command, text=text), words, now)
    when = deadline(words[: min(sentence_end, _SENTENCE)].lstrip(" ,，"), now)
    when = when if when != NEVER else deadline(words[sentence_end : sentence_end + _RECENT].lstrip(" 。.!！\n"), now)
    back = reports_back(words[: min(sentence_end, _SENTENCE) + _RECENT])
    return replace(command, text=text, date=when.date, duration=when.duration, report_back=back)


def _dated(command: Command, words: str, now: datetime) -> Command:
    """The date or duration of `延期 3天` and `计划 12月15日`."""
    if command.verb not in {"extend", "plan"}:
        return command
    when = deadline(words[:_RECENT], now, asked=True)
    return replace(command, date=when.date, duration=when.duration)


def _trimmed(words: str) -> str:
    return words.lstrip(" \t\r\n:：,，.。!！;；").rstrip(" \t\r\n,，")


def _without_courtesies(words: str) -> str:
    """The order's own words; `谢谢` behind a bare verb is none."""
    text = re.sub(r"^[了吧啦哈]+(?=\W|$)", "", words.strip(" \t\r\n:：,，。.;；!！?？~")).strip(" ,，")
    while (last := re.split(r"[,，。.;；!！\n]+", text)[-1]) and only_polite(last):
        text = text[: -len(last)].rstrip(" \t\r\n,，。.;；!！")
    return text


def _decided(said: Sequence[_Said], commands: Sequence[tuple[Command, ...]], names: Names) -> Understanding:
    flat = tuple(one for readings in commands for one in readings)
    wrong = [
        (one, c)
        for one, readings in zip(said, commands, strict=True)
        for c in readings
        if one.clause.kind is Kind.WRONG
    ]
    if wrong:
        return Understanding(decision=Decision.REFUSE, commands=(wrong[0][1],), why=wrong[0][0].clause.why)
    if any(one.clause.kind is Kind.UNSURE for one in said) or _hides_order(flat, names):
        return Understanding(decision=Decision.CHOOSE, readings=flat)
    if later := tuple(one for one in flat if one.verb not in IN_FORCE or one.case):
        return Understanding(decision=Decision.REFUSE, commands=later, why=NOT_AVAILABLE)
    if empty := tuple(one for one in flat if one.verb == "reply" and not one.text):
        return Understanding(decision=Decision.REFUSE, commands=empty, why=EMPTY)
    if all(one.verb == "note" and not one.text for one in flat):
        return NOTHING
    if len({(c.unit, c.person) for c in flat if c.verb == "route"}) > 1:
        return Understanding(decision=Decision.CHOOSE, readings=flat)
    return Understanding(decision=Decision.ACT, commands=_merged(flat))


def _merged(commands: Iterable[Command]) -> tuple[Command, ...]:
    """Each order once: 收到。收到。 is one."""
    return tuple(dict.fromkeys(commands))


def _hides_order(commands: Iterable[Command], names: Names) -> bool:
    """Whether the text of a command holds what is no part of it: an order, an inside note, the token of a mail."""
    return any(_suspicious(one, names) for one in commands if one.verb in OUTSIDE or one.verb == "note")


def _suspicious(command: Command, names: Names) -> bool:
    if command.verb in OUTSIDE and (_INSIDE.search(command.text) or find_tokens(command.text)):
        return True
    lines = command.text.split("\n")[0 if command.verb in OUTSIDE else 1 : _RECENT]
    return any(_ORDERING.match(line) and _is_order(line[:200], names) for line in lines)


def _is_order(line: str, names: Names) -> bool:
    """Whether a line by itself sends a case somewhere; 转物流部处理 is not for the customer."""
    reading = Reading(page=read_page(line), names=names, answers=Answers.NONE)
    first = next(pieces(reading.page, 0, lambda _start, _end: False), None)
    clause = read_piece(first, reading) if first else NONE
    return clause.kind is Kind.COMMAND and clause.readings[0].verb == "route"


__all__ = ["NOT_AVAILABLE", "REQUESTERS", "Names", "understand"]
