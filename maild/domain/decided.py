"""What follows from the orders that were heard: done, asked back, kept, refused (casework 5)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from maild.domain.clauses import NONE, Kind, Reading
from maild.domain.command import NOTHING, Answers, Command, Decision, Understanding, line_of
from maild.domain.emptyanswer import EMPTY
from maild.domain.replykey import find_tokens
from maild.domain.said import Heard
from maild.domain.sections import is_closing, missing_of
from maild.domain.sentences import pieces, read_page
from maild.domain.speech import read_piece
from maild.domain.targets import Names
from maild.domain.unfinished import NO_ORDER, UNSURE, lacking
from maild.domain.value import value
from maild.domain.verbs import OUTSIDE

NOT_AVAILABLE, MISSING_TEXT, OTHER_CASE = "not-available", "missing-text", "other-case"
_RECENT = 120
_INSIDE = re.compile(
    r"(?:^|[。.!！;；\n(（【\[]|\s{2,})\s*(?:内部)?(?:备注|備註|备忘)(?:\s*[:：\]】]|\s)"
    r"|(?:^|\n|[.;!]\s|\()\s*(?:internal |inside )?note\s*:|[。！!;；]\s*(?:上报|结案|上報|結案|批示|分类|延期|转办"
    r"|轉辦)\s*[:：]"
    r"|[（(【\[]\s*(?:仅?内部|內部|internal)|(?:不要|别|勿|不能|不可)(?:再|把.{1,8})?(?:发给?|告诉|告知|转给?|透露给?|让|跟|和)"
    r"(?:客户|客人|顾客|来信人|投诉人|对方|他(?!人)|她|本人)|(?:客户|对方|来信人)(?:不要|不能|别)(?:知道|看到|晓得)"
    r"|(?:仅限?|只供|供)内部|内部(?:掌握|参考|使用|情况)"
    r"|\b(?:do not|don't|never) (?:tell|forward|send|show|mention|say)\b.{0,20}"
    r"\b(?:customer|client|sender|her|him|them)\b"
    r"|\b(?:internal(?:ly)? only|for internal use|between us|off the record)\b",
    re.IGNORECASE,
)
_ORDERING = re.compile(
    r"\s*(?:请|麻烦|麻煩|請)?\s*(?:转|轉|交|由|(?:please )?(?:route|re-?assign|transfer)\b)", re.IGNORECASE
)
_AGAINST = (
    {"hand-up", "route"}, {"approve", "decline"}, {"adopt", "reject"}, {"upheld", "unfounded"},
    {"satisfied", "dissatisfied"}, {"seal", "unseal"}, {"hold", "lift-hold"}, {"hold", "erase"}, {"accept", "hand-up"},
    {"release", "decline"}, {"release", "abstract"}, {"release", "attachment"},
)  # fmt: skip
"""Orders that cannot both be meant of one case."""


@value
class Limits:
    """What may be carried out at all, and the case's state."""

    in_force: frozenset[str]
    many_cases: bool
    state: str


def decided(heard: Sequence[Heard], names: Names, limits: Limits) -> Understanding:
    """One reading of everything acts; a doubt about any part asks back; of many cases a doubtful line stops none."""
    lines = {line_of(one.readings[0]) for one in heard}
    if limits.many_cases and (len(lines) > 1 or (len(heard) > 1 and any(map(_stands_apart, heard)))):
        return _of_many(heard, names, limits)
    return _of_one(heard, names, limits)


def _of_many(heard: Sequence[Heard], names: Names, limits: Limits) -> Understanding:
    """Case by case: what is certain is done, what is doubtful is asked back, what cannot be is told."""
    apart = [one for one in heard if _stands_apart(one)]
    cases = dict.fromkeys(line_of(one.readings[0]) for one in heard if one not in apart)
    own = ([one for one in heard if one not in apart and line_of(one.readings[0]) == case] for case in cases)
    each = [_of_one(lines, names, limits) for lines in (*own, *([one] for one in apart))]
    acts = tuple(command for one in each if one.decision is Decision.ACT for command in one.commands)
    doubtful = tuple(reading for one in each for reading in one.readings)
    missing = tuple(dict.fromkeys(part for one in each for part in one.missing))
    why = next((one.why for one in each if one.why), "")
    if not acts:
        chosen = next((one for one in each if one.decision is not Decision.REFUSE), each[0])
        left = Understanding(decision=Decision.CHOOSE, readings=doubtful) if doubtful else chosen
        return replace(left, each=tuple(each))
    return Understanding(
        decision=Decision.ACT, commands=acts, readings=doubtful, missing=missing, why=why, each=tuple(each)
    )


def _stands_apart(one: Heard) -> bool:
    """A line that lacks its words, or that a list cannot give, makes no other line about its case doubtful."""
    return one.clause.kind is Kind.UNSURE and all(lacking(said) not in {UNSURE, NO_ORDER} for said in one.readings)


def _of_one(heard: Sequence[Heard], names: Names, limits: Limits) -> Understanding:
    flat = tuple(reading for one in heard for reading in one.readings)
    if wrong := next((one for one in heard if one.clause.kind is Kind.WRONG), None):
        return Understanding(decision=Decision.REFUSE, commands=wrong.readings[:1], why=wrong.clause.why)
    if any(one.clause.kind is Kind.UNSURE for one in heard) or _hides_order(flat, names) or _contradict(flat):
        return Understanding(decision=Decision.CHOOSE, readings=_merged(flat))
    later = [one for one in flat if one.verb not in limits.in_force or (one.case and not _names_case(one, limits))]
    if later:
        others = all(one.verb in limits.in_force for one in later)
        return Understanding(
            decision=Decision.REFUSE, commands=tuple(later), why=OTHER_CASE if others else NOT_AVAILABLE
        )
    if empty := tuple(one for one in flat if one.verb in {"reply", "ask", "correction", "reply-all"} and not one.text):
        return Understanding(decision=Decision.REFUSE, commands=empty, why=EMPTY)
    if all(one.verb == "note" and not one.text for one in flat):
        of_list = any(line_of(one) for one in flat)
        return Understanding(decision=Decision.REFUSE, commands=flat, why=MISSING_TEXT) if of_list else NOTHING
    commands = _merged(flat)
    return Understanding(decision=Decision.ACT, commands=commands, missing=missing_of(commands, limits.state))


def _names_case(command: Command, limits: Limits) -> bool:
    """Whether a case may stand in an order: as its object, or as whose line it is where lines are in force."""
    return line_of(command) is None or limits.many_cases


def _contradict(commands: Iterable[Command]) -> bool:
    verbs = {one.verb for one in commands}
    targets = {(one.unit, one.person) for one in commands if one.verb == "route"}
    return len(targets) > 1 or any(pair <= verbs for pair in _AGAINST)


def _merged(commands: Iterable[Command]) -> tuple[Command, ...]:
    """Each order once: 收到。收到。 is one."""
    return tuple(dict.fromkeys(commands))


def _hides_order(commands: Iterable[Command], names: Names) -> bool:
    """Whether the text of a command holds what is no part of it: an order, an inside note, the token of a mail."""
    return any(_suspicious(one, names) for one in commands if one.text)


def _suspicious(command: Command, names: Names) -> bool:
    leaves = command.verb in OUTSIDE or command.verb in {"resolve", "upheld", "unfounded", "plan", "abstract"}
    if leaves and (_INSIDE.search(command.text) or find_tokens(command.text)):
        return True
    if command.verb in OUTSIDE and is_closing(command.text):
        return True
    if not leaves and command.verb != "note":
        return False
    lines = command.text.split("\n")[0 if leaves else 1 : _RECENT]
    return any(_ORDERING.match(line) and _is_order(line[:200], names) for line in lines)


def _is_order(line: str, names: Names) -> bool:
    """Whether a line by itself sends a case somewhere; 转物流部处理 is not for the customer."""
    reading = Reading(page=read_page(line), names=names, answers=Answers.NONE)
    first = next(pieces(reading.page, 0, lambda _start, _end: False), None)
    clause = read_piece(first, reading) if first else NONE
    return clause.kind is Kind.COMMAND and clause.readings[0].verb == "route"
