"""Lines for one of several cases that name a verb and lack its words: `142 备注`, `142 合并`, `142 同意` (casework 5).

In a mail about its own case such words are a note; in answer to a list they are asked back, so that no line is lost.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from maild.domain.clauses import NONE, Clause, Kind, Reading
from maild.domain.command import NAMING, Answers, Command
from maild.domain.polite import COURTESY
from maild.domain.sentences import Piece
from maild.domain.speech import cases_at, starts_line
from maild.domain.verb import REQUESTER, Takes, Verb
from maild.domain.verbs import TAKES, VERBS, who_may

_NOTHING_BEHIND = re.compile(r"\s*(?:[:,。.!~;]|给|到|至|为|吧|一下|下|了|to|with|it|please|pls|as|by|for)*\s*\Z")
_SHORT = re.compile(r"\s*[:]?\s+(?P<words>[^,。.!?;:]{1,16})\Z|\s*:\s*(?P<said>[^,。.!?;:]{1,16})\Z")
"""One or two words behind a verb, which would be its object."""
_ENDS = re.compile(r"\s|[,。.!~;:]|$")
_WORD = re.compile(r"[a-z0-9']")
_COURTESIES = 4
_OBJECTS = frozenset({Takes.TARGET, Takes.CASE, Takes.TYPE, Takes.LIST})
_LACKS: Mapping[Takes, str] = {
    Takes.TARGET: "missing-unit", Takes.TEXT: "missing-text", Takes.REASON: "missing-text", Takes.DATE: "missing-date",
    Takes.ABSENCE: "missing-date", Takes.TYPE: "missing-type", Takes.CASE: "missing-case", Takes.LIST: "missing-unit",
    Takes.ADDRESS: "missing-address", Takes.WORDS: "missing-text", Takes.NUMBER: "missing-number",
    Takes.ROUND: "unknown-round",
}  # fmt: skip
_UNKNOWN: Mapping[Takes, str] = {
    Takes.TARGET: "unknown-unit", Takes.LIST: "unknown-unit", Takes.TYPE: "unknown-type", Takes.CASE: "no-case",
}  # fmt: skip
ELSEWHERE, UNSURE, NO_ORDER = "elsewhere", "unsure", "no-order"
_OF_ITS_OWN_LETTER = frozenset({"confirm", "undo", "send-anyway", "release", "original"})
"""Orders that speak of the very mail that is answered; what a list's reader means by them, a list cannot say."""


def names_verb(piece: Piece, reading: Reading) -> Clause:
    """A line of a list's answer that is a case's number and a verb without its words: perhaps that order."""
    plain = reading.page.plain
    if reading.answers is not Answers.DIGEST or not starts_line(plain, piece.start):
        return NONE
    at, cases, _ = cases_at(piece, reading)
    for _ in range(_COURTESIES):
        courtesy = COURTESY.match(plain, at, piece.end)
        if not courtesy or _verb_at(plain[at : piece.end]):
            break
        at = courtesy.end()
    found = _verb_at(plain[at : piece.end]) if cases else None
    if found is None:
        return NONE
    verb, length = found
    rest = plain[at + length : piece.end]
    words = _SHORT.match(rest) if verb.takes in _OBJECTS else None
    if not (words or _NOTHING_BEHIND.match(rest) or (not _may_be_said(verb.name) and _ENDS.match(rest))):
        return NONE
    command = Command(verb=verb.name, text=(words["words"] or words["said"] or "") if words else "")
    return Clause(kind=Kind.UNSURE, readings=tuple(_of(command, case) for case in cases), text_at=piece.end)


def lacking(command: Command) -> str:
    """Why a line that was asked back is no order yet: what it lacks, or that it is said in another mail."""
    if not _may_be_said(command.verb):
        return "not-yours" if who_may(command.verb) == {REQUESTER} else ELSEWHERE
    takes = TAKES[command.verb]
    found = {
        Takes.TARGET: command.unit or command.person, Takes.CASE: command.case, Takes.TYPE: command.type,
        Takes.LIST: command.list, Takes.ADDRESS: command.person, Takes.NUMBER: command.list,
        Takes.DATE: command.date or command.duration, Takes.ABSENCE: command.date,
        Takes.TEXT: command.text, Takes.REASON: command.reason or command.text, Takes.WORDS: command.text,
        Takes.ROUND: command.text,
    }  # fmt: skip
    if takes in found and not found[takes]:
        return _UNKNOWN[takes] if command.text and takes in _UNKNOWN else _LACKS[takes]
    return NO_ORDER if command.verb == "note" else UNSURE


def _may_be_said(verb: str) -> bool:
    """Whether a line of a list can give this order at all."""
    rows = [one for one in VERBS if one.name == verb]
    fits = any(one.after is None or Answers.DIGEST in one.after for one in rows)
    return fits and verb not in _OF_ITS_OWN_LETTER and who_may(verb) != {REQUESTER}


def _of(command: Command, case: str) -> Command:
    return replace(command, of=case) if command.verb in NAMING else replace(command, case=case)


@cache
def _verbs() -> Mapping[str, Verb]:
    """Every way to write a verb, whatever mail it answers; one that a list can take goes first."""
    forms: dict[str, Verb] = {}
    for verb in sorted(VERBS, key=lambda one: one.after is not None and Answers.DIGEST not in one.after):
        for form in verb.forms:
            forms.setdefault(form, verb)
    return forms


def _verb_at(words: str) -> tuple[Verb, int] | None:
    """The verb with the longest form that stands here, and how long the form is."""
    forms = _verbs()
    for length in range(min(len(words), max(map(len, forms))), 0, -1):
        verb = forms.get(words[:length])
        runs_on = _WORD.match(words[length - 1 : length]) and _WORD.match(words[length : length + 1])
        if verb is not None and not runs_on:
            return verb, length
    return None
