"""The returns of form rounds in the database: each version once, and nothing is ever written over but its mark."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import insert, select, update

from maild.adapters import formtable
from maild.adapters.ledgerbook import LedgerBook
from maild.adapters.reading import given
from maild.adapters.tables import METADATA
from maild.domain.form import Fault
from maild.domain.formround import Return

_RETURN = METADATA.tables[str(formtable.FormReturnRow.__tablename__)]
_PLAIN = ("number", "receiver", "nth", "version", "author", "at", "late", "replaced", "mail")
_OF_ROUND = select(_RETURN).where(given(_RETURN.c.number)).order_by(_RETURN.c.id)
_FAULTS: TypeAdapter[tuple[Fault, ...]] = TypeAdapter(tuple[Fault, ...])


class FormBook(LedgerBook):
    """Writes of form rounds."""

    def returns(self, number: str) -> Sequence[Return]:
        return [_value(row) for row in self._opened("form_return", _OF_ROUND, of_number=number)]

    def write_returns(self, returns: Sequence[Return]) -> None:
        """New versions, and the mark of those that they replace."""
        for one in returns:
            if one.id:
                changed = update(_RETURN).where(_RETURN.c.id == one.id).values(replaced=one.replaced)
                self.connection.execute(changed)
            else:
                data = {"rows": [dict(row) for row in one.rows], "faults": _FAULTS.dump_python(one.faults, mode="json")}
                row = {name: getattr(one, name) for name in _PLAIN} | {"data": data}
                self.connection.execute(insert(_RETURN).values(**self.seals.close("form_return", row)))


def _value(row: Mapping[Any, Any]) -> Return:
    data = row["data"]
    return Return(id=row["id"], rows=tuple(data["rows"]), faults=_FAULTS.validate_python(data["faults"]),
                  **{name: row[name] for name in _PLAIN})  # fmt: skip
