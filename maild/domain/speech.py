"""Reading one piece: courtesies off, the verb found, and what kind of clause it is (casework 5)."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from maild.domain.clauses import NONE, SKIP, Clause, Found, Kind, Reading
from maild.domain.command import NAMING, REQUESTERS, Answers, Command, short_number
from maild.domain.given import read_addressed, read_given_first
from maild.domain.orders import read_order
from maild.domain.polite import (
    ASKING,
    CONDITION,
    COURTESY,
    DOUBT,
    REFUSING,
    SAID,
    WHETHER,
    is_skipped,
    vocative,
)
from maild.domain.script import fold
from maild.domain.sentences import LONGEST, Piece
from maild.domain.verb import REQUESTER, Verb
from maild.domain.verbs import VERBS

_COURTESIES = 8
_NUMBER = r"(?:[a-z]{1,9}-\d{4}-\d{3,9}|#?\d{1,9})"
_CASES = re.compile(
    rf"(?:case\s*|事项\s*|编号\s*|第)?(?P<cases>{_NUMBER}(?:\s*(?:[、,/&和与及]|and)\s*{_NUMBER}){{0,19}})"
    r"(?P<set_off>(?:\s*(?:号|这几件|这两件|这件|都|两件|一并|均|both))*\s*[:、,]?\s*)(?=\S)"
)
_OTHERS_LINE = re.compile(
    r"[ ]*(?P<case>[a-z]{1,9}-\d{4}-\d{3,9}|\d{3,6})号?\s*[:,、]?\s*"
    r"(?=[已也这那还先不没请客上昨今明刚正未暂待等在让由因但是]|(?:is|was|not|the|done|already|no|still)\b)"
)
"""A line that says something of another case of the list; 300块, 500箱 are none."""
_LISTED_LINE = re.compile(rf"[ ]*(?P<case>{_NUMBER})号?(?:[ ]*[:,、][ ]*|[ ]+)(?=\S)")
"""A line that begins with a number, which counts where the list that is answered shows that case."""
_ANY_NUMBER = re.compile(_NUMBER)
_ONLY_CASES = re.compile(rf"(?:{_NUMBER}[\s,、]*){{1,20}}")
_CERTAIN = 3
"""Digits of a number that is a case's by itself; a shorter one may be a list's."""
_LINE_START = re.compile(r"(?:^|\n)\s*$")


@cache
def _forms(answers: Answers) -> Mapping[str, Verb]:
    """The ways to write the verbs that may answer this mail; a row made for this very mail goes first."""
    chosen: dict[str, Verb] = {}
    for verb in sorted(VERBS, key=lambda one: one.after is None):
        fits = verb.after is None or answers in verb.after
        if fits and (answers not in REQUESTERS or REQUESTER in verb.who):
            for form in verb.forms:
                chosen.setdefault(form, verb)
    return chosen


_PERHAPS = frozenset((verb.name, fold(form)) for verb in VERBS for form in verb.perhaps)
_LONGEST_FORM = max(len(form) for verb in VERBS for form in verb.forms)


def read_piece(piece: Piece, reading: Reading) -> Clause:
    """What a piece is. A condition, other people's words, a negation or a question in front make it no command."""
    plain = reading.page.plain
    shown = plain[piece.start : min(piece.end, piece.start + LONGEST)]
    clause = _read(piece, reading)
    if clause.kind is not Kind.NONE:
        if CONDITION.search(piece.before[-200:].strip(" ,")) or _is_reported(piece.before):
            return NONE
        return clause
    ends_line = plain[piece.end : piece.end + 1] in {"", "\n"} or (piece.mark != "" and not piece.mark.strip())
    return SKIP if is_skipped(shown, ends_line=ends_line) else NONE


def speaks_of_case(piece: Piece, reading: Reading) -> Clause:
    """`143 已办完` in answer to a list: whose line it is is certain, what is wanted of it is asked."""
    plain = reading.page.plain
    if reading.answers is not Answers.DIGEST or not starts_line(plain, piece.start):
        return NONE
    found = _LISTED_LINE.match(plain, piece.start, piece.end)
    if found is None or short_number(found["case"]) not in reading.cases:
        found = _OTHERS_LINE.match(plain, piece.start, piece.end)
    if not found:
        return NONE
    note = Command(verb="note", case=found["case"].upper())
    return Clause(kind=Kind.UNSURE, readings=(note,), text_at=found.end(), takes_all=True)


def begins_command(start: int, end: int, reading: Reading) -> bool:
    """Whether a piece that begins here is a command, so that a ， before it separates (casework 5)."""
    piece = Piece(start=start, end=end, sentence_end=end, mark="", before="", first=False)
    return _read(piece, reading).kind is not Kind.NONE


def _is_reported(before: str) -> bool:
    words = before[-60:].strip()
    return bool(words) and not vocative(words + ",") and SAID.search(words) is not None


def _read(piece: Piece, reading: Reading) -> Clause:
    """As it stands, or behind the name of the one who is addressed."""
    clause = _read_from(piece.start, piece, reading)
    behind = _address_end(piece, reading) if clause.kind is Kind.NONE else piece.start
    clause = _read_from(behind, piece, reading) if behind > piece.start else clause
    if clause.kind is Kind.NONE and piece.first:
        return read_addressed(Found(verb=VERBS[0], end=piece.start, piece=piece), reading)
    return clause


def _read_from(at: int, piece: Piece, reading: Reading) -> Clause:
    plain = reading.page.plain
    at, cases, certain = cases_at(piece, reading) if at == piece.start else (at, (), True)
    state = Found(verb=VERBS[0], end=at, piece=piece)
    for _ in range(_COURTESIES):
        clause = _read_at(state, reading)
        if clause is not None:
            return _of_cases(clause, _others(cases, reading.own), certain=certain)
        step = _stripped(state, plain)
        if step is None:
            return NONE
        state = step
    return NONE


def _address_end(piece: Piece, reading: Reading) -> int:
    """Where `何经理，` or `老何，` ends; the piece's own start where nobody is addressed."""
    plain = reading.page.plain
    length = vocative(plain[piece.start : min(piece.end, piece.start + 60)])
    if not length and "," in plain[piece.start : min(piece.end, piece.start + 12)]:
        mentions = reading.names.mentions(reading.page.text[piece.start : piece.start + 12])
        named = mentions[0] if mentions and mentions[0].start == 0 else None
        length = named.end + 1 if named and plain[piece.start + named.end] == "," else 0
    return piece.start + length


def cases_at(piece: Piece, reading: Reading) -> tuple[int, tuple[str, ...], bool]:
    """Behind the numbers of cases at the beginning, these numbers, and whether they are certain."""
    plain = reading.page.plain
    found = _CASES.match(plain, piece.start, piece.end)
    if not found:
        return piece.start, (), True
    numbers = _ANY_NUMBER.findall(found["cases"])
    alone = len(numbers) == 1 and numbers[0].isdigit()
    if alone and not found["set_off"] and len(numbers[0]) < _CERTAIN:
        return piece.start, (), True
    if _ONLY_CASES.fullmatch(piece.before.strip(" ,、")):
        numbers = [*_ANY_NUMBER.findall(piece.before), *numbers]
    certain = reading.answers in {Answers.DIGEST, Answers.ECHO} or not alone or len(numbers[-1]) >= _CERTAIN
    return found.end(), tuple(dict.fromkeys(number.upper().lstrip("#") for number in numbers)), certain


def _others(cases: tuple[str, ...], own: frozenset[str]) -> tuple[str, ...]:
    """The cases of a line; none where they are the one whose own mail is answered."""
    short = {short_number(one) for one in own}
    mine = [one for one in cases if one in own or ("-" not in one and short_number(one) in short)]
    return () if len(mine) == len(cases) else cases


def _of_cases(clause: Clause, cases: tuple[str, ...], *, certain: bool) -> Clause:
    """The same for a line such as `142、143 转物流部`."""
    if not cases or clause.kind in {Kind.NONE, Kind.SKIP}:
        return clause
    meant = (*clause.readings, *clause.more)
    every = tuple(
        replace(one, of=case) if one.verb in NAMING else replace(one, case=case) for case in cases for one in meant
    )
    if clause.kind is Kind.COMMAND and certain:
        return replace(clause, readings=every[:1], more=every[1:])
    kind = Kind.UNSURE if clause.kind is Kind.COMMAND else clause.kind
    return replace(clause, kind=kind, readings=every, more=())


def _stripped(state: Found, plain: str) -> Found | None:
    """One courtesy or doubt further on; None where there is none, or where the writer asks."""
    if WHETHER.match(plain, state.end):
        return None
    limit = min(state.piece.end, state.end + LONGEST)
    if courtesy := COURTESY.match(plain, state.end, limit):
        asking = ASKING.match(plain, state.end, limit) is not None
        return replace(state, end=courtesy.end(), courteous=True, requesting=state.requesting or asking)
    doubt = DOUBT.match(plain, state.end, limit)
    return replace(state, end=doubt.end(), doubtful=True) if doubt and doubt.end() > state.end else None


def _read_at(state: Found, reading: Reading) -> Clause | None:
    plain, end = reading.page.plain, state.piece.end
    if state.end >= end or (REFUSING.match(plain[state.end : state.end + 20]) and not _form_at(plain, state, reading)):
        return NONE
    for found in _form_at(plain, state, reading):
        clause = read_order(found, reading)
        if clause.kind is not Kind.NONE:
            return clause
    given = read_given_first(state, reading, _forms(reading.answers))
    return given if given.kind is not Kind.NONE else None


def _form_at(plain: str, state: Found, reading: Reading) -> tuple[Found, ...]:
    """The verbs whose form stands here, the longest first."""
    forms = _forms(reading.answers)
    window = plain[state.end : min(state.piece.end, state.end + _LONGEST_FORM)]
    found = []
    for length in range(len(window), 0, -1):
        verb = forms.get(window[:length])
        if verb and not _runs_on(plain, state.end + length):
            doubtful = state.doubtful or (verb.name, window[:length]) in _PERHAPS
            found.append(replace(state, verb=verb, begin=state.end, end=state.end + length, doubtful=doubtful))
    return tuple(found)


def _runs_on(plain: str, end: int) -> bool:
    """Whether a Latin form is only a part of a longer word."""
    return (
        end < len(plain)
        and plain[end - 1].isascii()
        and plain[end - 1].isalnum()
        and plain[end].isascii()
        and (plain[end].isalnum() or plain[end] == "'")
    )


def starts_line(page_plain: str, at: int) -> bool:
    """Whether only spaces stand between the line's beginning and this place."""
    return _LINE_START.search(page_plain[max(0, at - 80) : at]) is not None
