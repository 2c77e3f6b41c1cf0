"""Server, journal, archive, cases and outbox compared with each other, each night and by `maild doctor --reconcile`.

The archive is read back in thirty parts, one a day, so that every mail is read within thirty days.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import func, select

from maild.adapters.engine import transaction
from maild.adapters.imap import ImapServer
from maild.adapters.store import Store
from maild.adapters.tables import METADATA
from maild.domain.value import value
from maild.errors import Permanent
from maild.settings import MailboxSettings
from maild.workflow.filedrecords import RECORD
from maild.workflow.ports import Archive

PARTS = 30
_TABLES = METADATA.tables
_JOURNAL, _CURSOR, _CASE, _MAIL, _OUTBOX, _EVENT = (
    _TABLES[name] for name in ("journal", "cursor", "case", "mail", "outbox", "event")
)
GRAVE = frozenset({"unjournalled", "archive-damaged", "case-lost"})
"""What nobody may wait for the next digest to hear of."""


@value
class Difference:
    """Something that two of the books say differently."""

    kind: str
    """unjournalled, archive-damaged, case-lost, sent-without-time."""
    count: int
    example: str
    """A UID, hash or number, for whoever looks."""


def differences(
    box: MailboxSettings, store: Store, archive: Archive, *, day: date, whole: bool = False
) -> Iterator[Difference]:
    """Everything that does not agree for one mailbox; `whole`: the whole archive. Raises what IMAP and store raise."""
    yield from _of("unjournalled", unjournalled(box, store))
    yield from _of("archive-damaged", damaged(box, store, archive, part=None if whole else part_of(day)))
    yield from _of("case-lost", _without_case(box, store))
    yield from _of("sent-without-time", _sent_without_time(box, store))


def part_of(day: date) -> int:
    """Which of the thirty parts of the archive is read on this day."""
    return day.toordinal() % PARTS


def unjournalled(box: MailboxSettings, store: Store) -> list[str]:
    """UIDs on the server that were passed over: below the cursor, not in the journal, not left behind on purpose."""
    server, missing = ImapServer(box.imap, account=box.address), []
    try:
        for folder in box.folders.inbox:
            selected = server.select(folder)
            with transaction(store.engine, write=False) as connection:
                where = (_CURSOR.c.mailbox == box.address, _CURSOR.c.folder == selected.name)
                cursor = connection.execute(select(_CURSOR).where(*where)).mappings().first()
                if cursor is None or cursor["uidvalidity"] != selected.uidvalidity:
                    continue
                known = select(_JOURNAL.c.uid).where(
                    _JOURNAL.c.mailbox == box.address, _JOURNAL.c.folder == selected.name,
                    _JOURNAL.c.uidvalidity == selected.uidvalidity,
                )  # fmt: skip
                uids = set(connection.execute(known).scalars())
            missing += [
                f"UID {mail.uid} in {folder}"
                for mail in server.waiting(0, cursor["last_uid"] + 1)
                if mail.uid not in uids and (cursor["bound"] is None or mail.internal_date >= cursor["bound"])
            ]
    finally:
        server.close()
    return missing


def damaged(box: MailboxSettings, store: Store, archive: Archive, *, part: int | None) -> list[str]:
    """Archived mails of one part, or of all, that are gone or not what they were."""
    with transaction(store.engine, write=False) as connection:
        query = select(_JOURNAL.c.sha256).distinct().where(_JOURNAL.c.mailbox == box.address, _JOURNAL.c.size > 0)
        hashes = [one for one in connection.execute(query).scalars() if part in {None, int(one[:8], 16) % PARTS}]
    return [one for one in hashes if not _agrees(archive, one)]


def _agrees(archive: Archive, sha256: str) -> bool:
    try:
        archive.get(sha256)
    except Permanent:
        return False
    return True


def _without_case(box: MailboxSettings, store: Store) -> list[str]:
    """Numbers that mails, outgoing mails or events speak of and no case has."""
    cases = select(_CASE.c.number)
    found: list[str] = []
    with transaction(store.engine, write=False) as connection:
        for table in (_MAIL, _OUTBOX):
            query = select(table.c.number).distinct().where(
                table.c.mailbox == box.address, table.c.number.is_not(None), table.c.number.not_in(cases),
                table.c.number.not_like(f"{RECORD}-%"),
            )  # fmt: skip
            found += connection.execute(query).scalars()
        headless = select(_CASE.c.number).where(
            _CASE.c.mailbox == box.address,
            _CASE.c.last_seq != select(func.count()).where(_EVENT.c.number == _CASE.c.number).scalar_subquery(),
        )  # fmt: skip
        found += connection.execute(headless).scalars()
    return list(dict.fromkeys(found))


def _sent_without_time(box: MailboxSettings, store: Store) -> list[str]:
    """Outgoing mails that count as sent and have no moment of it."""
    query = select(_OUTBOX.c.maild_id).where(
        _OUTBOX.c.mailbox == box.address, _OUTBOX.c.state == "sent", _OUTBOX.c.sent_at.is_(None)
    )  # fmt: skip
    with transaction(store.engine, write=False) as connection:
        return list(connection.execute(query).scalars())


def _of(kind: str, found: Sequence[str]) -> Iterator[Difference]:
    if found:
        yield Difference(kind=kind, count=len(found), example=found[0])
