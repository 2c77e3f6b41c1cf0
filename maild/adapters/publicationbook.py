"""Publications in the database: written with the order that approved them, taken down, and read by month."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from maild.adapters import publicationtable
from maild.adapters.formbook import FormBook
from maild.adapters.reading import given
from maild.adapters.tables import METADATA
from maild.domain.publication import Publication

_PUBLICATION = METADATA.tables[str(publicationtable.PublicationRow.__tablename__)]
_NAMES = tuple(one.name for one in fields(Publication) if one.name not in {"case", "id"})
_OF_CASE = select(_PUBLICATION).where(given(_PUBLICATION.c.number)).order_by(_PUBLICATION.c.id)
_BETWEEN = (
    select(_PUBLICATION)
    .where(given(_PUBLICATION.c.mailbox), _PUBLICATION.c.at >= bindparam("since"),
           _PUBLICATION.c.at < bindparam("until"), _PUBLICATION.c.withdrawn_at.is_(None))
    .order_by(_PUBLICATION.c.id)
)  # fmt: skip
_TAKEN_DOWN = update(_PUBLICATION).where(given(_PUBLICATION.c.id))


class PublicationBook(FormBook):
    """Reads and writes of publications."""

    def publications_of(self, number: str) -> Sequence[Publication]:
        return [_publication(self.seals.open("publication", row)) for row in self._all(_OF_CASE, of_number=number)]

    def publications_between(self, mailbox: str, since: datetime, until: datetime) -> Sequence[Publication]:
        found = self._all(_BETWEEN, of_mailbox=mailbox, since=since, until=until)
        return [_publication(self.seals.open("publication", row)) for row in found]

    def write_publications(self, publications: Sequence[Publication], mailbox: str) -> None:
        """New ones, and the hour at which earlier ones were taken down."""
        for one in publications:
            if one.id:
                self.connection.execute(_TAKEN_DOWN.values(withdrawn_at=one.withdrawn_at), {"of_id": one.id})
            else:
                values: dict[str, Any] = {name: getattr(one, name) for name in _NAMES}
                new = self.seals.close("publication", values | {"mailbox": mailbox, "number": one.case})
                self.connection.execute(insert(_PUBLICATION).values(**new))


def _publication(row: Mapping[Any, Any]) -> Publication:
    return Publication(case=row["number"], id=row["id"], **{name: row[name] for name in _NAMES})
