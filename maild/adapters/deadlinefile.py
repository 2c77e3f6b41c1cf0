"""`deadlines.yaml` and `ladder.yaml` of a pack, and the office's own laid over them entry by entry."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import Field

from maild.adapters.yamlfile import Location, YamlFile
from maild.domain.case import ClockKind
from maild.domain.deadlines import Afterwards, Alarm, Deadlines, Ladder, Post, Quiet, Term, Waiting
from maild.domain.span import Span, SpanUnit, parse_span
from maild.domain.value import value

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
_ELSE = "date in it, else "
_SUPERIORS = "superiors"
_NONE = "none"
_MOST_DAYS = 3650


@value
class _WaitingEntry:
    """How long a case waits on its sender."""

    reminder: str | None = None
    over: str | None = None
    stops: Annotated[int, Field(ge=0, le=20)] | None = None


@value
class _KeysEntry:
    """How long the keys of a closed case live."""

    requester: str | None = None
    staff: str | None = None


@value
class _DeadlinesFile:
    """What deadlines.yaml may hold."""

    types: dict[str, dict[str, str]] = field(default_factory=dict)
    critical: dict[str, str] = field(default_factory=dict)
    idle: str | None = None
    retest: str | None = None
    waiting: _WaitingEntry | None = None
    rating: str | None = None
    reopening: str | None = None
    aftermath: str | None = None
    keys: _KeysEntry | None = None
    plan_review: Annotated[int, Field(ge=1, le=28)] | None = None


@value
class _LadderEntry:
    """One ladder of ladder.yaml."""

    id: str
    types: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    confidential: bool = False
    rungs: list[list[str] | str]
    copy: list[str] = field(default_factory=list)
    every: str = "1 working day"


@value
class _AlarmEntry:
    """How critical cases ring."""

    every: str
    kinds: list[str]


@value
class _LadderFile:
    """What ladder.yaml may hold."""

    ladders: list[_LadderEntry] = field(default_factory=list)
    again: str | None = None
    gm_weekly: list[str] | None = None
    alarm: _AlarmEntry | None = None
    quiet: dict[str, str] | None = None


def read_deadlines(folder: Path, *own: Path) -> Deadlines:
    """The deadlines of the pack in `folder`, changed by the folders `own`; files that are not there say nothing."""
    deadlines = Deadlines(types={})
    ladders: dict[str, Ladder] = {}
    for place in (folder, *own):
        deadlines = _with_times(deadlines, place / "deadlines.yaml")
        deadlines = _with_ladder(deadlines, place / "ladder.yaml", ladders)
    return deadlines


def _with_times(deadlines: Deadlines, path: Path) -> Deadlines:
    if not path.exists():
        return deadlines
    file = YamlFile(path)
    said = file.read(_DeadlinesFile)
    types = {name: dict(terms) for name, terms in deadlines.types.items()}
    for name, words in said.types.items():
        types[name] = _laid_over(types.get(name, {}), words, file, ("types", name), read=_term)
    critical = _laid_over(deadlines.critical, said.critical, file, ("critical",), read=parse_span)
    idle = _said(said.idle, deadlines.idle, file, ("idle",))
    retest = _said(said.retest, deadlines.retest, file, ("retest",))
    return replace(
        deadlines, types=types, critical=critical, idle=idle, retest=retest,
        waiting=_waiting(said.waiting, deadlines.waiting, file),
        after=_after(said, deadlines.after, file),
        plan_review=deadlines.plan_review if said.plan_review is None else said.plan_review,
    )  # fmt: skip


def _waiting(said: _WaitingEntry | None, below: Waiting, file: YamlFile) -> Waiting:
    if said is None:
        return below
    over = _said(said.over, below.over, file, ("waiting", "over"))
    reminder = _said(said.reminder, below.reminder, file, ("waiting", "reminder"))
    for name, span in (("over", over), ("reminder", reminder)):
        if span.unit not in {SpanUnit.HALF_WORKING_DAYS, SpanUnit.WORKING_MINUTES}:
            raise file.mistake(f"'{span}' is no working time; write 10 working days or the like.", ("waiting", name))
    return Waiting(reminder=reminder, over=over, stops=below.stops if said.stops is None else said.stops)


def _after(said: _DeadlinesFile, below: Afterwards, file: YamlFile) -> Afterwards:
    keys = said.keys or _KeysEntry()
    return Afterwards(
        rating=_days(said.rating, below.rating, file, ("rating",)),
        reopening=_days(said.reopening, below.reopening, file, ("reopening",)),
        aftermath=_days(said.aftermath, below.aftermath, file, ("aftermath",)),
        requester_key=_days(keys.requester, below.requester_key, file, ("keys", "requester")),
        staff_key=_days(keys.staff, below.staff_key, file, ("keys", "staff")),
    )


def _days(words: str | None, otherwise: timedelta, file: YamlFile, where: Location) -> timedelta:
    if words is None:
        return otherwise
    span = _read(words, file, where, parse_span)
    if span.unit is not SpanUnit.DAYS or not 1 <= span.count <= _MOST_DAYS:
        raise file.mistake(f"'{words}' cannot be used here; write calendar days such as 30 days.", where)
    return timedelta(days=span.count)


def _with_ladder(deadlines: Deadlines, path: Path, ladders: dict[str, Ladder]) -> Deadlines:
    """The office's own ladders come before the shipped ones; one of the same id takes its place."""
    if not path.exists():
        return deadlines
    file = YamlFile(path)
    said = file.read(_LadderFile)
    read = {entry.id: _ladder(entry, file, ("ladders", at)) for at, entry in enumerate(said.ladders)}
    changed = {name: read.pop(name, ladder) for name, ladder in ladders.items()}
    ladders.clear()
    ladders |= read | changed
    return replace(
        deadlines,
        ladders=tuple(ladders.values()),
        again=_said(said.again, deadlines.again, file, ("again",)),
        gm_weekly=deadlines.gm_weekly if said.gm_weekly is None else tuple(said.gm_weekly),
        alarm=_alarm(said.alarm, file) if said.alarm else deadlines.alarm,
        quiet=_quiet(said.quiet, file) if said.quiet else deadlines.quiet,
    )


def _laid_over(
    below: Mapping[ClockKind, T], words: Mapping[str, str], file: YamlFile, where: Location, *, read: Callable[[str], T]
) -> dict[ClockKind, T]:
    result = dict(below)
    for name, text in words.items():
        kind = _member(ClockKind, name, file, (*where, name))
        if text == _NONE:
            result.pop(kind, None)
        else:
            result[kind] = _read(text, file, (*where, name), read)
    return result


def _term(words: str) -> Term:
    own_date = words.startswith(_ELSE)
    return Term(span=parse_span(words.removeprefix(_ELSE)), own_date=own_date)


def _ladder(entry: _LadderEntry, file: YamlFile, where: Location) -> Ladder:
    rungs: list[tuple[Post, ...]] = []
    for at, rung in enumerate(entry.rungs):
        if isinstance(rung, list):
            rungs.append(_members(Post, rung, file, (*where, "rungs", at)))
        elif rung != _SUPERIORS or at + 1 < len(entry.rungs):
            raise file.mistake(
                f"'{rung}' is no rung; write a list of people, or superiors as the last.", (*where, "rungs", at)
            )
    return Ladder(
        types=tuple(entry.types),
        kinds=_members(ClockKind, entry.kinds, file, (*where, "kinds")),
        confidential=entry.confidential,
        rungs=tuple(rungs),
        upwards=_SUPERIORS in entry.rungs,
        copy=_members(Post, entry.copy, file, (*where, "copy")),
        every=_step(entry.every, file, (*where, "every")),
    )


def _alarm(entry: _AlarmEntry, file: YamlFile) -> Alarm:
    every = _step(entry.every, file, ("alarm", "every"))
    return Alarm(every=every, kinds=_members(ClockKind, entry.kinds, file, ("alarm", "kinds")))


def _quiet(entry: Mapping[str, str], file: YamlFile) -> Quiet:
    if set(entry) != {"from", "to"}:
        raise file.mistake("quiet hours need 'from' and 'to' and nothing else.", ("quiet",))
    return Quiet(
        start=_read(entry["from"], file, ("quiet", "from"), time.fromisoformat),
        end=_read(entry["to"], file, ("quiet", "to"), time.fromisoformat),
    )


def _said(words: str | None, otherwise: Span, file: YamlFile, where: Location) -> Span:
    return otherwise if words is None else _step(words, file, where)


def _step(words: str, file: YamlFile, where: Location) -> Span:
    """A span that can be taken step by step."""
    span = _read(words, file, where, parse_span)
    if span.unit in {SpanUnit.SAME_DAY, SpanUnit.PLAN_DATE, SpanUnit.WINDOW}:
        raise file.mistake(f"'{words}' cannot be repeated; write minutes, working hours or working days.", where)
    return span


def _read(words: str, file: YamlFile, where: Location, read: Callable[[str], T]) -> T:
    try:
        return read(words)
    except ValueError as error:
        raise file.mistake(f"{error}.", where) from error


def _members(kind: type[E], names: Sequence[str], file: YamlFile, where: Location) -> tuple[E, ...]:
    return tuple(_member(kind, name, file, (*where, at)) for at, name in enumerate(names))


def _member(kind: type[E], name: str, file: YamlFile, where: Location) -> E:
    known: Iterable[Any] = kind
    if name not in {member.value for member in known}:
        choice = ", ".join(member.value for member in kind)
        raise file.mistake(f"'{name}' is not known here; write one of {choice}.", where)
    return kind(name)
