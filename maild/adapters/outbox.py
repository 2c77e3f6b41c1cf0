"""The outbox in the database: frozen mails, served by lane, oldest first."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, update

from maild.adapters.intake import Intake
from maild.adapters.reading import TABLES, fixed, given
from maild.adapters.rows import sent_value
from maild.workflow.plan import Frozen, Ready, Sent

_OUTBOX = TABLES["outbox"]
_WAITING = (_OUTBOX.c.state == fixed("ready"), given(_OUTBOX.c.mailbox))
_READY = (
    select(*(_OUTBOX.c[name] for name in Ready.__dataclass_fields__))
    .where(*_WAITING, _OUTBOX.c.next_at <= bindparam("now"))
    .order_by(_OUTBOX.c.lane, _OUTBOX.c.next_at, _OUTBOX.c.id)
    .limit(bindparam("most"))
)
_UNSENT = select(_OUTBOX).where(*_WAITING).order_by(_OUTBOX.c.id)
_KEPT = select(func.count(), func.max(_OUTBOX.c.next_at)).where(*_WAITING)
_NEXT_READY = select(func.min(_OUTBOX.c.next_at)).where(*_WAITING)
_QUEUED = insert(_OUTBOX)
_TRIED = update(_OUTBOX).where(given(_OUTBOX.c.id)).values(attempts=_OUTBOX.c.attempts + 1)


class Outbox(Intake):
    """Writes of the journey's last part."""

    def queue(self, mailbox: str, mails: Sequence[Frozen], now: datetime) -> None:
        """Put frozen mails into the outbox."""
        if mails:
            names = Frozen.__dataclass_fields__
            rows = [{name: getattr(mail, name) for name in names} for mail in mails]
            fixed_values = {"mailbox": mailbox, "state": "ready", "queued_at": now, "attempts": 0, "answer": ""}
            self.connection.execute(_QUEUED, [row | fixed_values for row in rows])

    def ready(self, mailbox: str, now: datetime, limit: int = 50) -> Sequence[Ready]:
        """Mails that may leave, best lane first."""
        return [Ready(**row) for row in self._all(_READY, of_mailbox=mailbox, now=now, most=limit)]

    def unsent(self, mailbox: str) -> Sequence[Sent]:
        """Every mail that waits in the outbox, whenever it may leave."""
        return [sent_value(row) for row in self._all(_UNSENT, of_mailbox=mailbox)]

    def kept(self, mailbox: str) -> tuple[int, datetime | None]:
        """How many mails wait in the outbox, and until when at the longest."""
        count, last = self.connection.execute(_KEPT, {"of_mailbox": mailbox}).one()
        return int(count), last

    def next_ready(self, mailbox: str) -> datetime | None:
        """When the next waiting mail may leave."""
        moment: datetime | None = self.connection.execute(_NEXT_READY, {"of_mailbox": mailbox}).scalar()
        return moment

    def sent_now(self, ident: int, now: datetime, answer: str) -> None:
        """The server accepted it."""
        self._tried(ident, state="sent", sent_at=now, answer=answer[:500])

    def failed(self, ident: int, answer: str) -> None:
        """It will never leave; a person is told."""
        self._tried(ident, state="failed", answer=answer[:500])

    def put_off(self, ident: int, *, until: datetime, first_try: datetime, answer: str) -> None:
        """It did not leave this time."""
        self._tried(ident, next_at=until, first_try=first_try, answer=answer[:500])

    def set_sent_state(self, maild_ids: Sequence[str], state: str) -> None:
        """Mark mails as `withdrawn` (only those that still wait) or `bounced`."""
        if not maild_ids:
            return
        statement = update(_OUTBOX).where(_OUTBOX.c.maild_id.in_(maild_ids))
        if state == "withdrawn":
            statement = statement.where(_OUTBOX.c.state == "ready")
        self.connection.execute(statement.values(state=state))

    def raw_of(self, maild_id: str) -> bytes | None:
        """The frozen bytes of an outgoing mail."""
        raw: bytes | None = self.connection.execute(
            select(_OUTBOX.c.raw).where(_OUTBOX.c.maild_id == maild_id)
        ).scalar()
        return raw

    def _tried(self, ident: int, **values: object) -> None:
        self.connection.execute(_TRIED, {"of_id": ident, **values})
