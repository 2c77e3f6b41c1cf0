"""From the fresh text of a reply to what it orders: one reading acts, several are asked back (casework 5).

Sentence by sentence from the top, until a sentence is no command and the mail has had one, or three sentences have
passed without one. Everything under a command is its text; a later line that begins with a verb and a colon, or is
nothing but a verb, begins a command of its own, so that it never leaves with an answer. Nothing is done on a guess.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import islice

from maild.domain.clauses import Clause, Kind, Reading
from maild.domain.closing import only_claims
from maild.domain.command import (
    CLAIMABLE,
    NOTHING,
    REQUESTERS,
    Answers,
    Command,
    Decision,
    Understanding,
    short_number,
    spoken_of,
)
from maild.domain.decided import NOT_AVAILABLE, Limits, decided
from maild.domain.emptyanswer import EMPTY
from maild.domain.said import CLOSING, Circumstances, Said, with_words
from maild.domain.sections import closed_with, is_closing, parts_of
from maild.domain.sentences import Page, Piece, pieces, read_page
from maild.domain.speech import begins_command, read_piece, speaks_of_case
from maild.domain.targets import Names
from maild.domain.unfinished import names_verb
from maild.domain.verbs import IN_FORCE, OUTSIDE, SECTIONS, VERBS
from maild.domain.whens import PLAIN
from maild.domain.worktime import WorkCalendar

LONGEST = 64 * 1024
"""Characters that are read; a reply is shorter, and its first lines decide."""
_PATIENCE = 3
_MOST, _MOST_PIECES = 60, 200
_SUBJECT_MARK = re.compile(
    r"^\s*(?:(?:re|fw|fwd|aw|答复|回复|转发|答覆|回覆|轉發)\s*[:：]\s*|\[[^\]]{0,80}\]\s*)+", re.IGNORECASE
)


_REPLIES = frozenset({"答复", "回复", "答覆", "回覆", "reply", "answer"})
"""Under a closing order a line with one of these is the part that leaves."""


def understand(
    text: str,
    *,
    answers: Answers = Answers.ASSIGNMENT,
    names: Names,
    now: datetime,
    state: str = "assigned",
    subject: str = "",
    types: Mapping[str, tuple[str, ...]] | None = None,
    in_force: frozenset[str] = IN_FORCE,
    many_cases: bool = False,
    cases: Collection[str] = (),
    own: Collection[str] = (),
    calendar: WorkCalendar = PLAIN,
    rounds: tuple[str, ...] = (),
) -> Understanding:
    """What a reply orders. `now` is local to the office; `state` is the case's, for a plan item's 已完成.

    `calendar` is the office's, for 国庆后. `subject` counts only where the mail begins a conversation; `types` are the
    pack's by folded name. A verb outside `in_force`, and lines for several cases without `many_cases`, are refused as
    not available. `cases` are the numbers of the list that is answered, `own` the case whose own mail is, `rounds`
    what the pack's rounds of forms are called.
    """
    answers = spoken_of(answers, state)
    whole = _with_subject(text, subject, answers)[:LONGEST].replace("\r\n", "\n")
    page = read_page(whole, of_list=answers is Answers.DIGEST)
    known = frozenset(map(short_number, cases))
    mine = frozenset(own)
    reading = Reading(page=page, names=names, answers=answers, state=state, types=types or {}, cases=known, own=mine,
                      rounds=rounds)  # fmt: skip
    said = _listen(reading)
    claimed = not said or page.plain.strip().startswith(
        ("已完成", "已经完成", "已办结", "已落实", "resolved", "completed")
    )
    if claimed and answers in CLAIMABLE and state != "planned" and only_claims(page.text, names):
        return Understanding(decision=Decision.REFUSE, commands=(Command(verb="reply"),), why=EMPTY)
    heard = with_words(said, Circumstances(page=page, names=names, now=now, state=state, calendar=calendar))
    if said and said[0].verb == "reply" and is_closing(page.text[: said[0].piece.start]):
        closing = closed_with(Command(verb="resolve"), parts_of(page.text), planned=False)
        return Understanding(decision=Decision.CHOOSE, readings=(closing, *heard[0].readings))
    limits = Limits(in_force=in_force, many_cases=many_cases, state=state)
    return _whole(decided(heard, names, limits), cut=len(text) > LONGEST) if said else NOTHING


def _whole(understood: Understanding, *, cut: bool) -> Understanding:
    """Words that leave are never cut short in silence."""
    if not cut or not any(one.verb in OUTSIDE for one in understood.commands):
        return understood
    return Understanding(decision=Decision.CHOOSE, readings=understood.commands)


def _with_subject(text: str, subject: str, answers: Answers) -> str:
    """A mail that begins a conversation may carry its command in the subject (casework 2)."""
    bare = _SUBJECT_MARK.sub("", subject).strip()
    if answers is not Answers.NONE or not bare:
        return text
    return f"{bare}\n{text}"


def _listen(reading: Reading) -> list[Said]:
    """Every command of the page, in order."""
    said: list[Said] = []
    at: int | None = 0
    for _ in range(_MOST):
        if at is None or len(said) >= _MOST:
            break
        at = _listen_from(at, reading, said)
    return said


def _listen_from(at: int, reading: Reading, said: list[Said]) -> int | None:
    """Read on from `at` until the words of a command begin; returns where the next one begins, if anywhere."""
    misses = 0
    last = at
    found = pieces(reading.page, at, lambda start, end: begins_command(start, end, reading))
    for piece in islice(found, _MOST_PIECES):
        verbs = {one.verb for one in said}
        now = replace(reading, after_route="route" in verbs, after_accept=bool(verbs & {"accept", "received"}))
        clause = read_piece(_behind_type(piece, said), now)
        if clause.kind is Kind.NONE:
            clause = _of_a_list(piece, now, others=bool(said or now.cases))
        last = piece.sentence_end
        if clause.kind is Kind.SKIP:
            continue
        if clause.kind is Kind.NONE:
            misses += 1
            if (said and not _explains(piece, said)) or misses == _PATIENCE:
                break
            continue
        if said and _goes_on(said[-1], clause):
            continue
        said.append(Said(piece=piece, clause=_of_same_line(clause, piece, said, now)))
        clause = _continued(said, now)
        if clause.takes_all or len(said) >= _MOST:
            last = max(clause.text_at, piece.start + 1)
            break
    else:
        return None
    return _next_command_line(last, reading, said) if said else None


def _of_a_list(piece: Piece, reading: Reading, *, others: bool) -> Clause:
    """What is no order, as a line of a list: a verb without its words, or with `others` a word on another case."""
    clause = names_verb(piece, reading)
    return speaks_of_case(piece, reading) if others and clause.kind is Kind.NONE else clause


def _behind_type(piece: Piece, said: Sequence[Said]) -> Piece:
    """`应为客户建议，转市场部`: the type's name is nobody's speech."""
    last = said[-1] if said else None
    named = last is not None and last.verb == "type" and last.piece.sentence_end == piece.sentence_end
    return replace(piece, before="") if named else piece


def _of_same_line(clause: Clause, piece: Piece, said: Sequence[Said], reading: Reading) -> Clause:
    """`142 转物流部，加急` in answer to a list: the second order is of the case that begins the line."""
    last = said[-1] if said else None
    if last is None or reading.answers is not Answers.DIGEST or last.piece.sentence_end != piece.sentence_end:
        return clause
    own = (*clause.readings, *clause.more)
    cases = tuple(dict.fromkeys(one.case for one in (*last.clause.readings[:1], *last.clause.more) if one.case))
    if not cases or any(one.case for one in own) or {last.verb, *(one.verb for one in own)} & {"merge", "link"}:
        return clause
    if clause.kind is not Kind.COMMAND:
        return replace(clause, readings=tuple(replace(one, case=cases[0]) for one in own))
    every = tuple(replace(one, case=case) for case in cases for one in own)
    return replace(clause, readings=every[:1], more=every[1:])


def _explains(piece: Piece, said: Sequence[Said]) -> bool:
    """Whether words between taking a case and the order beside them say why: 收到。这是销售部的事，请转销售部."""
    return piece.end < piece.sentence_end and {one.verb for one in said} <= {"accept", "received"}


def _continued(said: list[Said], reading: Reading) -> Clause:
    """The last clause of a piece that holds two: 加急转物流部."""
    last = said[-1]
    if not last.clause.goes_on:
        return last.clause
    piece = replace(last.piece, start=last.clause.goes_on, first=False)
    clause = read_piece(piece, reading)
    if clause.kind in {Kind.NONE, Kind.SKIP}:
        said[-1] = replace(last, clause=replace(last.clause, kind=Kind.UNSURE))
        return last.clause
    said.append(Said(piece=piece, clause=_of_same_line(clause, piece, said, reading)))
    return clause


def _goes_on(last: Said, clause: Clause) -> bool:
    """Whether a clause says the same order again, in other words: 解决不了，请上级协调."""
    same = not clause.takes_all and all(one.verb == last.verb for one in clause.readings)
    return same and not any(one.unit or one.person or one.case for one in clause.readings)


@cache
def _command_line(*, of_list: bool) -> re.Pattern[str]:
    """A line that begins with a verb and a colon, is nothing but a verb, or begins with a case's number.

    In answer to a list a number may have fewer than three digits, as in an office's first days.
    """
    forms = sorted({form for verb in VERBS for form in verb.forms}, key=len, reverse=True)
    either = "|".join(map(re.escape, forms))
    to = r"(?:客户|来信人|顾客|用户|对方|投诉人|[\u4e00-\u9fff]{1,3}(?:女士|先生))?"
    mark = r"[ ]*(?:(?:\d{1,2}[.、)]|[-*•·])[ ]*)?(?:请|please )?"
    few = r"|\d{1,2}[ :]+" if of_list else ""
    case = rf"(?:(?:[a-z]{{1,9}}-\d{{4}}-\d{{3,9}}|\d{{3,9}})[ :、,]*{few})"
    return re.compile(
        rf"^(?:{mark}(?P<verb>{either}){to}[ ]*(?P<end>:|[吧。.!]*[ ]*$)|{case}(?=[^\d\s年月日号元个件台]))",
        re.MULTILINE,
    )


def _next_command_line(at: int, reading: Reading, said: Sequence[Said]) -> int | None:
    """Where the next line begins that is a command of its own."""
    plain = reading.page.plain
    line = plain.find("\n", at)
    inside = bool(said) and said[-1].verb in SECTIONS
    closing = bool(said) and said[-1].verb in CLOSING
    pattern = _command_line(of_list=reading.answers is Answers.DIGEST)
    while line >= 0 and (found := pattern.search(plain, line + 1)):
        part = (inside and "来信人" in found.group()) or (closing and found["verb"] in _REPLIES)
        others = bool(said) and said[-1].verb not in OUTSIDE | CLOSING
        if not part and _stands(found, reading, others=others):
            return found.start()
        line = plain.find("\n", found.start())
    return None


def _stands(found: re.Match[str], reading: Reading, *, others: bool) -> bool:
    """Whether this line is an order; with `others` also one that says something of another case of a list.

    Words that leave are never cut short by a number.
    """
    end = found.string.find("\n", found.start())
    end = end if end >= 0 else len(found.string)
    first = next(
        pieces(Page(text=reading.page.text[:end], plain=reading.page.plain[:end]), found.start(), lambda _s, _e: False),
        None,
    )
    if first is None:
        return False
    another = _of_a_list(first, reading, others=others).kind is Kind.UNSURE
    return another or read_piece(first, reading).kind not in {Kind.NONE, Kind.SKIP}


__all__ = ["NOT_AVAILABLE", "REQUESTERS", "Names", "understand"]
