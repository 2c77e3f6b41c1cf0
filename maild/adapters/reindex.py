"""The words of mails that the search does not know yet: taken in before it existed, or brought back by a restore."""

from collections.abc import Callable

from sqlalchemy import text

from maild.adapters.store import Store
from maild.domain.message import Mail
from maild.errors import MaildError
from maild.workflow.plan import Plan
from maild.workflow.ports import Archive
from maild.workflow.searchable import keep_searchable

_AT_ONCE = 100
_UNKNOWN = {
    "sqlite": text(
        "select m.id, m.number, m.sha256, m.pack from mail m where m.id > :after and m.number is not null"
        " and not exists (select 1 from search_text s where s.rowid = m.id) order by m.id limit :most"
    ),
    "postgresql": text(
        "select m.id, m.number, m.sha256, m.pack from mail m where m.id > :after and m.number is not null"
        " and not exists (select 1 from search_text s where s.id = m.id) order by m.id limit :most"
    ),
}


def reindex(store: Store, archive: Archive, parse: Callable[[bytes], Mail]) -> int:
    """Let the search find every mail of a case that is not confidential; returns how many were read.

    A hundred mails a transaction, so that a daemon beside it waits for nothing long; run again, it does the rest. A
    mail whose raw bytes are gone or cannot be read stays unfound and stops no other.
    """
    done = after = 0
    while True:
        with store.writing() as books:
            found = books.connection.execute(
                _UNKNOWN[books.connection.dialect.name], {"after": after, "most": _AT_ONCE}
            ).all()
            for row in found:
                mail = _read(row.sha256, archive, parse)
                if mail is not None:
                    keep_searchable(Plan(number=row.number), mail, books, pack=row.pack)
                    done += 1
        if len(found) < _AT_ONCE:
            return done
        after = found[-1].id


def _read(sha256: str, archive: Archive, parse: Callable[[bytes], Mail]) -> Mail | None:
    try:
        return parse(archive.get(sha256)) if sha256 else None
    except MaildError:
        return None
