"""The outbox in the database: frozen mails, served by lane, oldest first."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, Update, bindparam, func, insert, or_, select, text, update

from maild.adapters.hints import hint
from maild.adapters.intake import Intake
from maild.adapters.reading import TABLES, fixed, given
from maild.adapters.rows import sent_value
from maild.domain.letter import NO_LANE
from maild.workflow.plan import Frozen, Ready, Sent

_OUTBOX = TABLES["outbox"]
_WAITING = (_OUTBOX.c.state == fixed("ready"), given(_OUTBOX.c.mailbox))
_READY = (
    select(*(_OUTBOX.c[name] for name in Ready.__dataclass_fields__))
    .where(*_WAITING, _OUTBOX.c.next_at <= bindparam("now"), _OUTBOX.c.lane < bindparam("below"))
    .order_by(_OUTBOX.c.lane, _OUTBOX.c.next_at, _OUTBOX.c.id)
    .limit(bindparam("most"))
)
_UNSENT = select(_OUTBOX).where(*_WAITING).order_by(_OUTBOX.c.id)
_UNSENT_ALONE = _UNSENT.with_for_update()
_WAITING_FOR = (
    select(_OUTBOX)
    .where(*_WAITING, _OUTBOX.c.recipient.in_(bindparam("people", expanding=True)))
    .order_by(_OUTBOX.c.lane, _OUTBOX.c.next_at)
)
_KEPT = select(func.count(), func.max(_OUTBOX.c.next_at)).where(*_WAITING)
_NEXT_READY = select(func.min(_OUTBOX.c.next_at)).where(*_WAITING, _OUTBOX.c.lane < bindparam("below"))
_OF_ACCOUNT = _OUTBOX.c.mailbox.in_(bindparam("mailboxes", expanding=True))
_SENT_SINCE = select(func.count()).where(_OF_ACCOUNT, _OUTBOX.c.sent_at > bindparam("since"))
_NTH_NEWEST = (
    select(_OUTBOX.c.sent_at)
    .where(_OF_ACCOUNT, _OUTBOX.c.sent_at.is_not(None))
    .order_by(_OUTBOX.c.sent_at.desc())
    .limit(1)
    .offset(bindparam("skipped"))
)
_QUEUED = insert(_OUTBOX)
_RAW = select(_OUTBOX.c.number, _OUTBOX.c.raw).where(given(_OUTBOX.c.maild_id))
_TRIED = (
    update(_OUTBOX)
    .where(given(_OUTBOX.c.id), _OUTBOX.c.state.in_(bindparam("from_states", expanding=True)))
    .values(attempts=_OUTBOX.c.attempts + 1, claimed_by="")
)
_LIVING = (
    "exists (select 1 from worker w where w.id = outbox.claimed_by "
    "and w.until > clock_timestamp() - interval '15 seconds')"
)
"""A claim holds for twenty seconds after the last sign of life, which holds for five itself (`leases.py`)."""
_FREE = or_(_OUTBOX.c.claimed_by == "", text(f"not {_LIVING}"))
_CLAIM = _READY.where(or_(_OUTBOX.c.claimed_by == bindparam("me"), _FREE)).with_for_update(skip_locked=True)
_CLAIMED = update(_OUTBOX).where(_OUTBOX.c.id.in_(bindparam("ids", expanding=True)))
_LET_GO = update(_OUTBOX).where(
    _OUTBOX.c.state == fixed("ready"), given(_OUTBOX.c.mailbox), _OUTBOX.c.claimed_by == bindparam("me")
)
_ELSEWHERE = select(func.count()).where(
    _OF_ACCOUNT, _OUTBOX.c.state == fixed("ready"), _OUTBOX.c.claimed_by.not_in(["", bindparam("me")]), text(_LIVING)
)


class Outbox(Intake):
    """Writes of the journey's last part."""

    def queue(self, mailbox: str, mails: Sequence[Frozen], now: datetime) -> None:
        """Put frozen mails into the outbox."""
        if mails:
            names = Frozen.__dataclass_fields__
            rows = [{name: getattr(mail, name) for name in names} for mail in mails]
            fixed_values = {"mailbox": mailbox, "state": "ready", "queued_at": now, "attempts": 0, "answer": ""}
            self.connection.execute(_QUEUED, [self.seals.close("outbox", row | fixed_values) for row in rows])
            if self._worker:
                hint(self.connection, self._worker, mailbox)

    def ready(self, mailbox: str, now: datetime, limit: int = 50, *, below: int = NO_LANE) -> Sequence[Ready]:
        """Mails of the lanes above `below` that may leave, best lane first."""
        return [self._ready(row) for row in self._all(_READY, of_mailbox=mailbox, now=now, most=limit, below=below)]

    def claim(self, mailbox: str, now: datetime, limit: int = 50, *, below: int = NO_LANE) -> Sequence[Ready]:
        """As `ready`, and no other daemon sends these until this one has settled them, lets them go, or is dead."""
        if not self._worker:
            return self.ready(mailbox, now, limit, below=below)
        known = {"of_mailbox": mailbox, "now": now, "most": limit, "below": below, "me": self._worker}
        found = [self._ready(row) for row in self._all(_CLAIM, **known)]
        if found:
            self.connection.execute(_CLAIMED.values(claimed_by=self._worker), {"ids": [mail.id for mail in found]})
        return found

    def let_go(self, mailbox: str) -> None:
        """Other daemons may send what this one has taken and not settled."""
        if self._worker:
            self.connection.execute(_LET_GO.values(claimed_by=""), {"of_mailbox": mailbox, "me": self._worker})

    def claimed_elsewhere(self, mailboxes: Sequence[str]) -> int:
        """How many mails of an account other daemons are about to send; who asks in order to take more asks alone."""
        if not self._worker:
            return 0
        self._alone("account", *sorted(mailboxes))
        known = {"mailboxes": list(mailboxes), "me": self._worker}
        return int(self.connection.execute(_ELSEWHERE, known).scalar_one())

    def unsent(self, mailbox: str) -> Sequence[Sent]:
        """Every mail that waits in the outbox, whenever it may leave."""
        query = _UNSENT_ALONE if self._decides else _UNSENT
        return [sent_value(row) for row in self._opened("outbox", query, of_mailbox=mailbox)]

    def waiting_for(self, mailbox: str, people: Sequence[str]) -> Sequence[Sent]:
        """Mails to these addresses that wait in the outbox; of what waits alone, through its partial index."""
        if self.seals.vault is not None:
            return [mail for mail in self.unsent(mailbox) if mail.recipient in people]
        found = self._all(_WAITING_FOR, of_mailbox=mailbox, people=list(people)) if people else ()
        return [sent_value(row) for row in found]

    def kept(self, mailbox: str) -> tuple[int, datetime | None]:
        """How many mails wait in the outbox, and until when at the longest."""
        count, last = self.connection.execute(_KEPT, {"of_mailbox": mailbox}).one()
        return int(count), last

    def next_ready(self, mailbox: str, *, below: int = NO_LANE) -> datetime | None:
        """When the next waiting mail of the lanes above `below` may leave."""
        known = {"of_mailbox": mailbox, "below": below}
        moment: datetime | None = self.connection.execute(_NEXT_READY, known).scalar()
        return moment

    def sent_since(self, mailboxes: Sequence[str], since: datetime) -> int:
        """How many mails of these mailboxes, which share an account, a server accepted after `since`."""
        return int(self.connection.execute(_SENT_SINCE, {"mailboxes": list(mailboxes), "since": since}).scalar_one())

    def nth_newest(self, mailboxes: Sequence[str], nth: int) -> datetime | None:
        """When the nth newest mail of these mailboxes left; None when there are fewer."""
        known = {"mailboxes": list(mailboxes), "skipped": nth - 1}
        moment: datetime | None = self.connection.execute(_NTH_NEWEST, known).scalar()
        return moment

    def sent_now(self, ident: int, now: datetime, answer: str) -> None:
        """The server accepted it."""
        self._tried(ident, "withdrawn", state="sent", sent_at=now, answer=answer[:500])

    def failed(self, ident: int, answer: str) -> None:
        """It will never leave; a person is told."""
        self._tried(ident, state="failed", answer=answer[:500])

    def put_off(self, ident: int, *, until: datetime, first_try: datetime, answer: str) -> None:
        """It did not leave this time."""
        self._tried(ident, next_at=until, first_try=first_try, answer=answer[:500])

    def put_off_lanes(self, mailbox: str, lane: int, until: datetime) -> int:
        """Let every waiting mail of this lane and those below it wait until then; how many these are."""
        waiting = (_OUTBOX.c.mailbox == mailbox, _OUTBOX.c.state == "ready", _OUTBOX.c.next_at < until)
        return self._moved(update(_OUTBOX).where(*waiting, _OUTBOX.c.lane >= lane), until)

    def put_off_domain(self, mailbox: str, domain: str, until: datetime) -> int:
        """Let every waiting mail to this domain wait until then; how many these are."""
        waiting = (_OUTBOX.c.mailbox == mailbox, _OUTBOX.c.state == "ready", _OUTBOX.c.next_at < until)
        to_it = _OUTBOX.c.recipient.endswith(f"@{domain}", autoescape=True)
        if self.seals.vault is not None:
            query = select(_OUTBOX.c.id, _OUTBOX.c.number, _OUTBOX.c.recipient).where(*waiting)
            opened = self._opened("outbox", query)
            to_it = _OUTBOX.c.id.in_([row["id"] for row in opened if row["recipient"].endswith(f"@{domain}")])
        return self._moved(update(_OUTBOX).where(*waiting, to_it), until)

    def _moved(self, statement: Update, until: datetime) -> int:
        return self.connection.execute(statement.values(next_at=until)).rowcount

    def set_raw(self, ident: int, raw: bytes, now: datetime, answer: str) -> None:
        """Another form of the same mail, to be tried at once; nothing of the old one was accepted."""
        self._tried(ident, raw=self.seals.raw("outbox", "raw", raw), next_at=now, answer=answer[:500])

    def set_sent_state(self, maild_ids: Sequence[str], state: str) -> None:
        """Mark mails as `withdrawn` (only those that still wait, and that no daemon is sending) or `bounced`."""
        if not maild_ids:
            return
        statement = update(_OUTBOX).where(_OUTBOX.c.maild_id.in_(maild_ids))
        if state == "withdrawn":
            statement = statement.where(_OUTBOX.c.state == "ready", *((_FREE,) if self._worker else ()))
        self.connection.execute(statement.values(state=state))

    def raw_of(self, maild_id: str) -> bytes | None:
        """The frozen bytes of an outgoing mail."""
        row = self._one(_RAW, of_maild_id=maild_id)
        return bytes(self.seals.open("outbox", row)["raw"]) if row else None

    def _ready(self, row: RowMapping) -> Ready:
        return Ready(**self.seals.open("outbox", row))

    def _tried(self, ident: int, also_from: str = "ready", **values: object) -> None:
        """What was settled by another daemon meanwhile, or bounced already, stays as it is."""
        if "answer" in values:
            values["answer"] = self.seals.text("outbox", "answer", str(values["answer"]))
        self.connection.execute(_TRIED, {"of_id": ident, "from_states": ["ready", also_from], **values})
