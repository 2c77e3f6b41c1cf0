"""The intake journal and its cursors in the database (casework 1: nothing lost, nothing twice)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, text, update

from maild.adapters import erasedtable
from maild.adapters.dialects import INSERTS
from maild.adapters.reading import TABLES, Reading, fixed, given
from maild.adapters.rows import received_value
from maild.adapters.tables import METADATA, WAITING_ENTRY
from maild.workflow.books import RELEASED, WAITED
from maild.workflow.plan import Cursor, Entry, Received

_CURSOR, _JOURNAL, _MAIL = (TABLES[name] for name in ("cursor", "journal", "mail"))
_ERASED = METADATA.tables[str(erasedtable.ErasedRow.__tablename__)]
_ENTRY = [_JOURNAL.c[name] for name in Entry.__dataclass_fields__]
_CURSOR_OF = select(_CURSOR).where(given(_CURSOR.c.mailbox), given(_CURSOR.c.folder))
_CURSOR_ALONE = _CURSOR_OF.with_for_update()
_ENTRY_BY_ID = select(*_ENTRY).where(given(_JOURNAL.c.id))
_ENTRIES = (
    select(*_ENTRY)
    .where(given(_JOURNAL.c.mailbox), text(WAITING_ENTRY), _JOURNAL.c.state.in_(bindparam("states", expanding=True)))
    .order_by(_JOURNAL.c.id)
    .limit(bindparam("most"))
)
_CLOSED = update(_JOURNAL).where(given(_JOURNAL.c.id))
_STARTED = _CLOSED.values(starts=_JOURNAL.c.starts + bindparam("by"))
_HELD = (_JOURNAL.c.state == fixed("held"), given(_JOURNAL.c.mailbox))
_NEXT_HELD = select(func.min(_JOURNAL.c.next_at)).where(*_HELD)
_FREED = (
    update(_JOURNAL)
    .where(*_HELD, _JOURNAL.c.next_at <= bindparam("now"))
    .values(state="archived", disposition=WAITED, next_at=None)
)
_FILED = (
    select(_JOURNAL.c.id)
    .where(given(_JOURNAL.c.sha256), given(_JOURNAL.c.mailbox), _JOURNAL.c.state == "filed", _JOURNAL.c.size > 0)
    .limit(1)
)
_NUMBER_OF = (
    select(_JOURNAL.c.number)
    .where(given(_JOURNAL.c.sha256), given(_JOURNAL.c.mailbox), _JOURNAL.c.number.is_not(None))
    .order_by(_JOURNAL.c.id)
    .limit(1)
)
_IS_ERASED = select(_ERASED.c.digest).where(given(_ERASED.c.digest))
_CONTENT = select(_MAIL).where(given(_MAIL.c.fingerprint))
_KNOWN = _CONTENT.where(given(_MAIL.c.pack))
_KNOWN_ELSEWHERE = _CONTENT.where(_MAIL.c.pack != bindparam("of_pack"))
_FILED_BEFORE = (
    select(_JOURNAL.c.id)
    .where(
        given(_JOURNAL.c.sha256),
        given(_JOURNAL.c.mailbox),
        _JOURNAL.c.id < bindparam("before"),
        _JOURNAL.c.state.in_([fixed("filed"), fixed("shelved")]),
    )
    .limit(1)
)


def _remembered(dialect: Any) -> Any:
    statement = dialect(_MAIL)
    over = {name: statement.excluded[name] for name in ("number", "disposition")}
    return statement.on_conflict_do_update(index_elements=["fingerprint", "pack"], set_=over)


_REMEMBERED = {name: _remembered(dialect) for name, dialect in INSERTS.items()}


class Intake(Reading):
    """Writes of the journey's first half."""

    def cursor(self, mailbox: str, folder: str) -> Cursor | None:
        """How far this folder has been read; None before the first start."""
        row = self._one(_CURSOR_ALONE if self._decides else _CURSOR_OF, of_mailbox=mailbox, of_folder=folder)
        return Cursor(**{name: row[name] for name in Cursor.__dataclass_fields__}) if row else None

    def set_cursor(self, mailbox: str, folder: str, cursor: Cursor) -> None:
        """Remember how far this folder has been read."""
        values = {name: getattr(cursor, name) for name in Cursor.__dataclass_fields__}
        insertion = INSERTS[self.connection.dialect.name](_CURSOR)
        statement = insertion.values(mailbox=mailbox, folder=folder, **values)
        self.connection.execute(statement.on_conflict_do_update(index_elements=["mailbox", "folder"], set_=values))

    def take(self, entries: Sequence[Entry], taken_at: datetime) -> None:
        """Enter mails whose bytes are archived; one that is entered already stays as it is."""
        if not entries:
            return
        names = [c.name for c in _ENTRY if c.name != "id"]
        rows = [{name: getattr(e, name) for name in names} | {"taken_at": taken_at} for e in entries]
        insertion = INSERTS[self.connection.dialect.name](_JOURNAL)
        unique = ["mailbox", "folder", "uidvalidity", "uid"]
        self.connection.execute(insertion.on_conflict_do_nothing(index_elements=unique), rows)

    def entries(self, mailbox: str, states: Sequence[str], limit: int = 200) -> Sequence[Entry]:
        """Journal lines in one of these states, in the order they came."""
        found = self._all(_ENTRIES, of_mailbox=mailbox, states=list(states), most=limit)
        return [Entry(**self.seals.open("journal", row)) for row in found]

    def entry(self, ident: int) -> Entry | None:
        """One journal line."""
        row = self._one(_ENTRY_BY_ID, of_id=ident)
        return Entry(**self.seals.open("journal", row)) if row else None

    def close_entry(self, ident: int, *, state: str, disposition: str, reason: str, number: str | None) -> None:
        """Write down what became of a mail."""
        said = self.seals.text("journal", "reason", reason)
        values = {"state": state, "disposition": disposition, "reason": said, "number": number}
        self.connection.execute(_CLOSED, {"of_id": ident, **values})

    def is_filed(self, mailbox: str, sha256: str) -> bool:
        """Whether a mail of these bytes was processed to the end in this mailbox."""
        values = {"of_sha256": sha256, "of_mailbox": mailbox}
        return self.connection.execute(_FILED, values).first() is not None

    def is_erased(self, sha256: str) -> bool:
        """Whether a mail of these bytes was erased and must not come in again."""
        return self.connection.execute(_IS_ERASED, {"of_digest": sha256}).first() is not None

    def set_entry_state(self, idents: Sequence[int], state: str) -> None:
        """The mails of these lines are where they belong on the server."""
        if idents:
            self.connection.execute(update(_JOURNAL).where(_JOURNAL.c.id.in_(idents)).values(state=state))

    def hold_entry(self, ident: int, until: datetime) -> None:
        """A mail waits its turn until then."""
        self.connection.execute(_CLOSED, {"of_id": ident, "state": "held", "next_at": until})

    def next_held(self, mailbox: str) -> datetime | None:
        """When the next mail that waits has its turn; read through a partial index."""
        moment: datetime | None = self.connection.execute(_NEXT_HELD, {"of_mailbox": mailbox}).scalar()
        return moment

    def free_held(self, mailbox: str, now: datetime) -> None:
        """Let the mails whose turn has come be handled."""
        self.connection.execute(_FREED, {"of_mailbox": mailbox, "now": now})

    def count_start(self, ident: int, by: int) -> None:
        """The handling of a mail is begun once more, or (-1) that beginning does not count."""
        self.connection.execute(_STARTED, {"of_id": ident, "by": by})

    def release(self, idents: Sequence[int], disposition: str = RELEASED) -> None:
        """Let quarantined mails be handled after all, or with `AGAIN` those that reappeared be triaged again."""
        if idents:
            values = {"state": "archived", "disposition": disposition, "reason": "", "starts": 0}
            self.connection.execute(update(_JOURNAL).where(_JOURNAL.c.id.in_(idents)).values(**values))

    def known(self, pack: str, fingerprint: str) -> Received | None:
        """The mail of this content that was taken in before, in any mailbox of the pack.

        Where it is taken in by two transactions at once, in whatever mailboxes, the second sees the first.
        """
        self._alone("content", fingerprint)
        row = self._one(_KNOWN, of_pack=pack, of_fingerprint=fingerprint)
        return received_value(self.seals.open("mail", row)) if row else None

    def known_elsewhere(self, pack: str, fingerprint: str) -> Received | None:
        """The mail of this content that another pack has taken in."""
        row = self._one(_KNOWN_ELSEWHERE, of_pack=pack, of_fingerprint=fingerprint)
        return received_value(self.seals.open("mail", row)) if row else None

    def number_of(self, mailbox: str, sha256: str) -> str | None:
        """The case that a mail of these bytes belongs to."""
        values = {"of_sha256": sha256, "of_mailbox": mailbox}
        number: str | None = self.connection.execute(_NUMBER_OF, values).scalar()
        return number

    def filed_before(self, entry: Entry) -> bool:
        """Whether these very bytes were taken from this mailbox before and are done with."""
        values = {"of_sha256": entry.sha256, "of_mailbox": entry.mailbox, "before": entry.id}
        return self.connection.execute(_FILED_BEFORE, values).first() is not None

    def remember(self, received: Received, *, mailbox: str, pack: str, fingerprint: str) -> None:
        """Enter an understood mail; its content is unique within the pack, and one triaged again is written over."""
        values = {name: getattr(received, name) for name in Received.__dataclass_fields__}
        more = {"mailbox": mailbox, "pack": pack, "fingerprint": fingerprint, "command_done": False}
        closed = self.seals.close("mail", values | more)
        self.connection.execute(_REMEMBERED[self.connection.dialect.name], closed)
