"""maild speaks up about itself: what is wrong for some minutes is told once, and once more when it is well again.

By the second channel, and by mail to the coordinator from a mailbox that can send (quality.md: within 10 minutes).
What was told is remembered in the database, so that a restart says nothing twice; while the database itself is away
it is remembered here.
"""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from maild.domain.instant import Instant
from maild.domain.letter import Letter, LetterKind
from maild.domain.value import value
from maild.errors import MaildError
from maild.workflow.books import Books, Store
from maild.workflow.commit import commit
from maild.workflow.freeze import Scribe
from maild.workflow.herald import Herald
from maild.workflow.localtime import when
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Line, Plan

log = logging.getLogger("maild.selfwatch")
DATABASE = "database-gone"
MAIL_STOPS = frozenset({"smtp-unusable", "outgoing-old"})
"""Troubles in which a mailbox tells nobody by mail."""


@value
class Report:
    """How one thing is at this moment."""

    kind: str
    """The word of the catalogue's `trouble`."""
    subject: str
    """Which of its kind: a mailbox, or a machine."""
    wrong: bool
    after: timedelta = timedelta()
    """How long it must be wrong before people hear of it."""


@value
class _Known:
    since: datetime | None = None
    told: bool = False


@dataclass
class SelfWatch:
    """Remembers what is wrong, and says so."""

    store: Store
    scribe: Callable[[], Scribe]
    offices: Callable[[], Sequence[Office]]
    herald: Herald
    after: timedelta
    """How long the database may be away before people hear of it."""
    _away_since: datetime | None = field(default=None)
    _away_told: bool = False

    def look(self, reports: Sequence[Report], now: datetime) -> int:
        """Take these reports in; how many were told, as wrong or as well again."""
        try:
            told = self._look(reports, now)
        except MaildError as error:
            self._without_database(error, now)
            return 0
        self._database_is_back()
        return told

    def _look(self, reports: Sequence[Report], now: datetime) -> int:
        with self.store.reading() as books:
            changed = [one for one in reports if _next(one, _known(one, books), now) != _known(one, books)]
        if not changed:
            return 0
        with self.store.writing() as books:
            return sum(self._take(one, books, reports, now=now) for one in changed)

    def _take(self, report: Report, books: Books, reports: Sequence[Report], *, now: datetime) -> bool:
        before = _known(report, books)
        after = _next(report, before, now)
        books.keep_text(_name(report), _text(after))
        if after.told == before.told:
            return False
        log.error("%s: %s", report.subject, report.kind if after.told else f"{report.kind} is over")
        mute = {one.subject for one in reports if one.wrong and one.kind in MAIL_STOPS}
        office = self._speaker(report, mute)
        plan = _told(report, after.since or before.since or now, office, can_mail=office.box.address not in mute)
        commit(plan, office, books, self.scribe())
        return True

    def _speaker(self, report: Report, mute: set[str]) -> Office:
        """The mailbox that tells: the one that is spoken of where it can send, else another that can."""
        offices = self.offices()
        own = [one for one in offices if one.box.address == report.subject]
        able = [one for one in (*own, *offices) if one.box.address not in mute]
        return (able or own or list(offices))[0]

    def _without_database(self, error: MaildError, now: datetime) -> None:
        self._away_since = self._away_since or now
        if self._away_told or now - self._away_since < self.after:
            return
        log.error("%s", error.sentence)
        self._away_told = True
        self.herald.tell_now(Instant(kind="trouble", trouble=DATABASE))

    def _database_is_back(self) -> None:
        self._away_since = None
        if self._away_told:
            self._away_told = False
            self.herald.tell_now(Instant(kind="well", trouble=DATABASE))


def _next(report: Report, known: _Known, now: datetime) -> _Known:
    if not report.wrong:
        return _Known()
    since = min(known.since or now, now)
    return _Known(since=since, told=known.told or now - since >= report.after)


def _told(report: Report, since: datetime, office: Office, *, can_mail: bool) -> Plan:
    person = office.coordinator_person()
    language = person.language if person else "zh"
    kind = "trouble" if report.wrong else "well"
    plan = Plan(instants=(Instant(kind=kind, trouble=report.kind, language=language),))
    if report.wrong:
        plan += Plan(lines=(Line(kind="self-trouble", data={"why": report.kind}),))
    if person is None or not can_mail:
        return plan
    data: dict[str, object] = {
        "trouble": report.kind, "where": report.subject, "is_well": not report.wrong,
        "since_text": when(since, office, person.address, language),
    }  # fmt: skip
    return plan + Plan(letters=(Letter(kind=LetterKind.TROUBLE, to=to_person(person), language=language, data=data),))


def _name(report: Report) -> str:
    return f"trouble {report.kind} {report.subject}"


def _known(report: Report, books: Books) -> _Known:
    kept = books.kept_text(_name(report))
    if not kept:
        return _Known()
    said = json.loads(kept)
    return _Known(since=datetime.fromisoformat(said["since"]), told=said["told"])


def _text(known: _Known) -> str:
    return json.dumps({"since": known.since.isoformat(), "told": known.told}) if known.since else ""
