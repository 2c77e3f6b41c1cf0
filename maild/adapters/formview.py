"""Form rounds as plain data for the command line and scripts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from maild.adapters.catalogue import Catalogue
from maild.adapters.reading import TABLES
from maild.adapters.shipped import shipped
from maild.adapters.store import Store
from maild.adapters.tablefile import Cell
from maild.domain.case import Case
from maild.domain.directory import Directory
from maild.domain.form import shown as in_words
from maild.domain.formround import Return, is_whole
from maild.domain.lookup import Index
from maild.domain.masks import PLAIN, Look, masked, masked_cell
from maild.workflow.formletters import counted, round_of, title

_EVENT = TABLES["event"]
_STARTED = select(_EVENT.c.number).where(_EVENT.c.kind == "round-started").order_by(_EVENT.c.at, _EVENT.c.number)
_OWN = ("unit", "person", "at", "late", "version")
_NOBODY = Index(Directory())


class FormView:
    """Read-only view of all rounds that were started."""

    def __init__(
        self, store: Store, units: Mapping[str, str], language: str, looks: Mapping[str, Look], *,
        people: Mapping[str, str],
    ) -> None:  # fmt: skip
        """`looks`: what is masked, by the address of the mailbox; `people`: names by address, for spreadsheets."""
        self._store, self._units, self._language, self._looks = store, units, language, looks
        self._people = people

    def rounds(self) -> list[dict[str, Any]]:
        """Every round, oldest first, without its returns."""
        found = []
        with self._store.reading() as reading:
            for number in reading.connection.execute(_STARTED).scalars():
                case = reading.case(number)
                if case is not None and case.round:
                    found.append(self._plain(case))
        return found

    def one(self, name: str) -> dict[str, Any] | None:
        """The round of this case number, or the newest of this id, with everybody and all that was returned."""
        with self._store.reading() as reading:
            started = reading.connection.execute(_STARTED).scalars().all()
            numbers = [name] if reading.case(name) else list(reversed(started))
            cases = (reading.case(number) for number in numbers)
            case = next((c for c in cases if c and c.round and name in {c.number, c.round.entry.id}), None)
            if case is None:
                return None
            returns = reading.returns(case.number)
        names, look = self._names(case), self._looks.get(case.mailbox, PLAIN)
        people = [self._person(item.receiver, item.unit, returns) for item in case.circulation]

        def shown(field: str, said: str) -> str:
            return masked_cell(names[field], said, look)

        versions = [
            {"receiver": one.receiver, "author": one.author, "nth": one.nth, "version": one.version,
             "at": one.at.isoformat(), "late": one.late, "replaced": one.replaced,
             "rows": [{name: shown(name, said) for name, said in row.items()} for row in one.rows],
             "faults": [{"row": f.row, "field": f.field, "code": f.code, "said": shown(f.field, f.said)}
                        for f in one.faults]}
            for one in returns
        ]  # fmt: skip
        said = {"analysis": case.analysis, "measure": case.measure, "instruction": round_of(case).instruction}
        words = {name: masked(text, look) for name, text in said.items()}
        return self._plain(case) | {"people": people, "returns": versions} | words

    def table(self, number: str, zone: ZoneInfo) -> tuple[list[str], list[list[Cell]]]:
        """Headers and rows of what counts, as a spreadsheet has them."""
        word = Catalogue(self._language, [shipped("templates")]).word
        with self._store.reading() as reading:
            case, returns = reading.case(number), reading.returns(number)
        assert case is not None  # noqa: S101  `one` has found it
        form = round_of(case).form
        units = {item.receiver: item.unit for item in case.circulation}
        names, look = self._names(case), self._looks.get(case.mailbox, PLAIN)
        headers = [*(word("form-column", one) for one in _OWN), *(names[field.id] for field in form.fields)]
        rows: list[list[Cell]] = []
        for one in counted(returns):
            unit = self._units.get(units.get(one.receiver) or "", "")
            late = word("form-column", "is-late") if one.late else ""
            author = self._people.get(one.author, one.author)
            own: list[Cell] = [unit, author, one.at.astimezone(zone).strftime("%Y-%m-%d %H:%M"), late, one.version]
            rows += [[*own, *(masked_cell(names[f.id], self._cell(row, f), look) for f in form.fields)]
                     for row in (one.rows or ({},))]  # fmt: skip
        return headers, rows

    def _cell(self, row: Mapping[str, str], field: Any) -> str:
        said = row.get(field.id, "")
        return self._units.get(said, said) if field.kind == "unit" else in_words(said, field, self._language, _NOBODY)

    def _names(self, case: Case) -> dict[str, str]:
        """What the fields are called, by id; a fault may be of the whole return."""
        own = {field.id: field.name.in_language(self._language) for field in round_of(case).form.fields}
        return defaultdict(str, own)

    def _plain(self, case: Case) -> dict[str, Any]:
        known = round_of(case)
        return {
            "number": case.number, "id": known.entry.id, "title": title(case, self._language), "period": known.period,
            "state": case.state.value, "stage": known.stage, "opened": known.opened.isoformat(),
            "due": known.due.isoformat(), "owner": case.handler, "receivers": len(case.circulation),
            "returned": sum(not item.owes(case.steps) for item in case.circulation),
        }  # fmt: skip

    def _person(self, receiver: str, unit: str | None, returns: Sequence[Return]) -> dict[str, Any]:
        own = [one for one in returns if one.receiver == receiver and not one.replaced]
        whole = [one for one in own if is_whole(one)]
        faulty = [fault.field for one in own if not is_whole(one) for fault in one.faults]
        return {
            "unit": self._units.get(unit or "", unit), "receiver": receiver,
            "returned": max(one.at for one in whole).isoformat() if whole else None,
            "late": any(one.late for one in whole), "faulty": faulty,
        }  # fmt: skip
