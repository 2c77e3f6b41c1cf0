"""What a report needs of the machine: pictures and spreadsheets, where they can be made."""

from collections.abc import Sequence
from typing import Protocol

from maild.domain.reporttable import Chart
from maild.domain.value import value

Value = str | int | float | None


@value
class Page:
    """One sheet of a spreadsheet."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


class Drawing(Protocol):
    """Pictures and spreadsheets; None where this machine cannot make one."""

    def chart(self, chart: Chart) -> bytes | None:
        """A PNG of these bars."""
        ...

    def workbook(self, pages: Sequence[Page]) -> bytes | None:
        """An XLSX file of these sheets."""
        ...
