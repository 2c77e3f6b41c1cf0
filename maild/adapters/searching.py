"""Full-text search over the mails of cases, and the cases of one person: FTS5 on SQLite, tsvector on PostgreSQL.

The table holds tokens that this program made (`domain/bigrams.py`), so that both databases match the same words and no
extension or locale decides what a word is. It is written in the commit of the mail; what is sealed is never in it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, select, text, update

from maild.adapters.outbox import Outbox
from maild.adapters.reading import TABLES, fixed
from maild.adapters.tables import OPEN_CASE
from maild.domain.bigrams import is_beginning, phrases, tokens
from maild.domain.case import Case

_CASE, _KEY, _SEAL = TABLES["case"], TABLES["reply_key"], TABLES["seal"]
_MOST_PLACES = 16_000
"""A tsvector knows no place beyond 16383."""
_FIND = {
    "sqlite": text(
        "select m.number from search_text s join mail m on m.id = s.rowid"
        " where s.words match :query and m.mailbox in :boxes order by s.rowid desc limit :most"
    ),
    "postgresql": text(
        "select m.number from search_text s join mail m on m.id = s.id"
        " where s.words @@ cast(:query as tsquery) and m.mailbox in :boxes order by s.id desc limit :most"
    ),
}
_FIND = {name: query.bindparams(bindparam("boxes", expanding=True)) for name, query in _FIND.items()}
_KEEP = {
    "sqlite": text(
        "insert into search_text(rowid, words) select id, :words from mail"
        " where fingerprint = :fingerprint and pack = :pack"
    ),
    "postgresql": text(
        "insert into search_text(id, words) select id, cast(:words as tsvector) from mail"
        " where fingerprint = :fingerprint and pack = :pack on conflict (id) do nothing"
    ),
}
_FORGET = {
    "sqlite": text("delete from search_text where rowid in (select id from mail where number = :number)"),
    "postgresql": text("delete from search_text where id in (select id from mail where number = :number)"),
}
_FORGET_ONE = {
    "sqlite": text("delete from search_text where rowid = :id"),
    "postgresql": text("delete from search_text where id = :id"),
}
_NEAR = (
    select(_CASE.c.number, _CASE.c.data)
    .where(text(OPEN_CASE), _CASE.c.mailbox == bindparam("box"),
           _CASE.c.handler.in_(bindparam("people", expanding=True))
           | _CASE.c.unit.in_(bindparam("units", expanding=True)))
    .order_by(_CASE.c.received)
)  # fmt: skip

_IN_UNIT = (
    select(_CASE.c.number, _CASE.c.data)
    .where(text(OPEN_CASE), _CASE.c.mailbox == bindparam("box"), _CASE.c.unit == bindparam("unit"),
           _CASE.c.received >= bindparam("since"))
    .order_by(_CASE.c.received.desc()).limit(bindparam("most"))
)  # fmt: skip
_OPENED = (text(OPEN_CASE), _CASE.c.mailbox == bindparam("box"))
_PEOPLE: BindParameter[Any] = bindparam("people", expanding=True)
_ROW = select(_CASE.c.number, _CASE.c.data)
_WITH = _ROW.where(*_OPENED, _CASE.c.handler.in_(_PEOPLE)).order_by(_CASE.c.received)
_KEYS_OF = select(_KEY.c.number).where(_KEY.c.recipient.in_(_PEOPLE), _KEY.c.role != fixed("requester")).distinct()
_KNOWN_TO = _ROW.where(*_OPENED, _CASE.c.number.in_(_KEYS_OF)).order_by(_CASE.c.received)
_SEALED = _ROW.where(*_OPENED, _CASE.c.number.in_(select(_SEAL.c.number))).order_by(_CASE.c.received)
_DEAD_KEYS = update(_KEY).where(_KEY.c.recipient.in_(_PEOPLE), _KEY.c.role == "staff").values(role="gone")


class Searching(Outbox):
    """What a transaction may ask of the words of mails, and write of them."""

    def keep_words(self, words: str, *, fingerprint: str, pack: str) -> None:
        """The words of a mail that was remembered in this transaction."""
        dialect, found = self.connection.dialect.name, tokens(words)
        if found:
            kept = " ".join(found) if dialect == "sqlite" else _vector(found)
            self.connection.execute(_KEEP[dialect], {"words": kept, "fingerprint": fingerprint, "pack": pack})

    def forget_words(self, number: str) -> None:
        """No mail of this case is found any more."""
        self.connection.execute(_FORGET[self.connection.dialect.name], {"number": number})

    def forget_words_of(self, mails: Sequence[int]) -> None:
        """These mails are found no more."""
        for ident in mails:
            self.connection.execute(_FORGET_ONE[self.connection.dialect.name], {"id": ident})

    def found(self, query: str, mailboxes: Sequence[str], most: int = 200) -> Sequence[str]:
        """The numbers of cases whose mails say all words of the query, the newest mail first."""
        dialect, wanted = self.connection.dialect.name, phrases(query)
        if not wanted:
            return ()
        said = _fts(wanted) if dialect == "sqlite" else _tsquery(wanted)
        values = {"query": said, "boxes": list(mailboxes), "most": most}
        numbers = self.connection.execute(_FIND[dialect], values).scalars()
        return tuple(dict.fromkeys(number for number in numbers if number))

    def cases_near(
        self, mailbox: str, people: Sequence[str], units: Sequence[str], most: int | None = 200
    ) -> Sequence[Case]:  # fmt: skip
        """The open cases of these handlers and units, oldest first; all of them where `most` is None."""
        values = {"box": mailbox, "people": list(people), "units": list(units)}
        return [self.case_of(row) for row in self._all(_NEAR.limit(most), **values)]

    def cases_in(self, mailbox: str, unit: str | None, *, since: datetime, most: int = 60) -> Sequence[Case]:
        """The open cases of this unit that came since then, the newest first; read through a partial index."""
        values = {"box": mailbox, "unit": unit, "since": since, "most": most}
        return [self.case_of(row) for row in self._all(_IN_UNIT, **values)] if unit else []

    def cases_with(self, mailbox: str, people: Sequence[str]) -> Sequence[Case]:
        """The open cases that these people handle, oldest first; read through a partial index."""
        return self._cases_by(_WITH, mailbox, people)

    def cases_known_to(self, mailbox: str, people: Sequence[str]) -> Sequence[Case]:
        """The open cases of which these people hold a key, oldest first; read through their keys.

        Whose the keys of sealed cases are cannot be looked for: all that are open are among them.
        """
        sealed = self._all(_SEALED, box=mailbox) if self.seals.vault is not None and people else ()
        return [*self._cases_by(_KNOWN_TO, mailbox, people), *map(self.case_of, sealed)]

    def kill_keys(self, people: Sequence[str], mailbox: str) -> None:
        """Keys of these people open nothing any more; those of open sealed cases are found case by case."""
        if not people:
            return
        of_no_case = [self.seals.alike("reply_key", "recipient", one) for one in people]
        self.connection.execute(_DEAD_KEYS, {"people": [*people, *of_no_case]})
        for row in self._all(_SEALED, box=mailbox) if self.seals.vault is not None else ():
            number = str(row["number"])
            own = [self.seals.alike("reply_key", "recipient", one, number) for one in people]
            self.connection.execute(_DEAD_KEYS.where(_KEY.c.number == number), {"people": own})

    def _cases_by(self, query: Select[Any], mailbox: str, people: Sequence[str]) -> Sequence[Case]:
        found = self._all(query, box=mailbox, people=list(people)) if people else ()
        return [self.case_of(row) for row in found]


def _vector(found: Sequence[str]) -> str:
    """The tokens with their places, as PostgreSQL writes a tsvector: no parser of its own reads them."""
    places: dict[str, list[int]] = {}
    for place, token in enumerate(found[:_MOST_PLACES], 1):
        places.setdefault(token, []).append(place)
    return " ".join(f"'{token}':{','.join(map(str, own[:255]))}" for token, own in places.items())


def _fts(wanted: Sequence[Sequence[str]]) -> str:
    return " AND ".join(f'"{phrase[0]}" *' if is_beginning(phrase[0]) and len(phrase) == 1 else f'"{" ".join(phrase)}"'
                        for phrase in wanted)  # fmt: skip


def _tsquery(wanted: Sequence[Sequence[str]]) -> str:
    """Tokens hold letters and digits alone, so that quoting them is enough."""
    said = (f"'{phrase[0]}':*" if is_beginning(phrase[0]) and len(phrase) == 1
            else " <-> ".join(f"'{token}'" for token in phrase) for phrase in wanted)  # fmt: skip
    return " & ".join(f"({one})" for one in said)
