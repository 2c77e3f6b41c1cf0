"""maild speaks up about itself: what is wrong for some minutes is told, and once more when it is well again.

By the second channel, and by mail to the coordinator from a mailbox that can send (quality.md: within 10 minutes).
What stops the work is told again after four hours and then once a day, everything else once.
What was told is remembered in the database, so that a restart says nothing twice; while the database itself is away
it is remembered here.
"""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from maild.domain.instant import Instant
from maild.domain.letter import Letter, LetterKind
from maild.domain.value import value
from maild.errors import MaildError
from maild.settings import MailboxSettings
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
STANDSTILL = frozenset({
    "login-failed", "login-lost", "smtp-unusable", "outgoing-old", "intake-old", "intake-failing", "sweep-failing",
    "archive-unwritable", DATABASE,
})  # fmt: skip
"""Troubles that people hear of again while they last: mail or clocks stand still."""
SECOND, DAY = timedelta(hours=4), timedelta(days=1)
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
    told: int = 0
    """How often people heard of it."""


@dataclass
class SelfWatch:
    """Remembers what is wrong, and says so."""

    store: Store
    scribe: Callable[[MailboxSettings], Scribe]
    """Who writes the letters of a mailbox, as it presents itself."""
    offices: Callable[[], Sequence[Office]]
    herald: Herald
    after: timedelta
    """How long the database may be away before people hear of it."""
    _away: _Known = field(default_factory=_Known)
    """Whether the database can be used, as nobody else can remember that."""
    _waits: datetime | None = None
    """Since when the trouble lasts that the last look wanted to tell."""

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
        self._waits = None
        with self.store.reading() as books:
            before = [(one, _known(one, books)) for one in reports]
        changed = [one for one, known in before if _next(one, known, now) != known]
        self._waits = min((known.since for one, known in before if known.since and one in changed), default=None)
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
        since, again = after.since or before.since or now, after.told > 1
        plan = _told(report, since, office, can_mail=office.box.address not in mute, again=again)
        commit(plan, office, books, self.scribe(office.box))
        return True

    def _speaker(self, report: Report, mute: set[str]) -> Office:
        """The mailbox that tells: the one that is spoken of where it can send, else another that can."""
        offices = self.offices()
        own = [one for one in offices if one.box.address == report.subject]
        able = [one for one in (*own, *offices) if one.box.address not in mute]
        return (able or own or list(offices))[0]

    def _without_database(self, error: MaildError, now: datetime) -> None:
        """Nothing can be written: tell without it, no later than what this look could not tell."""
        before = replace(self._away, since=min(filter(None, (self._away.since, self._waits)), default=None))
        report = Report(kind=DATABASE, subject="", wrong=True, after=self.after)
        self._away = _next(report, before, now)
        if self._away.told > before.told:
            log.error("%s", error.sentence)
            self.herald.tell_now(Instant(kind="still" if self._away.told > 1 else "trouble", trouble=DATABASE))

    def _database_is_back(self) -> None:
        told, self._away = self._away.told, _Known()
        if told:
            self.herald.tell_now(Instant(kind="well", trouble=DATABASE))


def _next(report: Report, known: _Known, now: datetime) -> _Known:
    if not report.wrong:
        return _Known()
    since = min(known.since or now, now)
    return _Known(since=since, told=max(known.told, _times(report, now - since)))


def _times(report: Report, lasts: timedelta) -> int:
    """How often people should have heard of what lasts so long: at once when it is due, four hours later, daily."""
    lasts -= report.after
    if lasts < timedelta() or report.kind not in STANDSTILL:
        return int(lasts >= timedelta())
    return 1 + (lasts >= SECOND) + lasts // DAY


def _told(report: Report, since: datetime, office: Office, *, can_mail: bool, again: bool) -> Plan:
    person = office.coordinator_person()
    language = person.language if person else "zh"
    kind = ("still" if again else "trouble") if report.wrong else "well"
    plan = Plan(instants=(Instant(kind=kind, trouble=report.kind, language=language),))
    if report.wrong and not again:
        plan += Plan(lines=(Line(kind="self-trouble", data={"why": report.kind}),))
    if person is None or not can_mail:
        return plan
    data: dict[str, object] = {
        "trouble": report.kind, "where": report.subject, "is_well": not report.wrong, "is_again": again,
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
    return _Known(since=datetime.fromisoformat(said["since"]), told=int(said["told"]))


def _text(known: _Known) -> str:
    return json.dumps({"since": known.since.isoformat(), "told": known.told}) if known.since else ""
