"""Tables in the making: each figure gets its id in the order in which the reader meets it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from maild.domain.counted import Counts
from maild.domain.reporttable import Cell, Chart, Figure
from maild.workflow.reports.wordings import Wordings


@dataclass
class TableMaking:
    """One report in the making: the counts of its period, of the one before, and of the year before."""

    words: Wordings
    letter: str
    """What the ids begin with: W, M, Q or Y."""
    now: Counts
    before: Counts | None
    year: Counts | None
    name: Callable[[str, str], str]
    """What a part is called: kind (type, unit, urgency and so on) and code."""
    shown: Callable[[str], str]
    """What people wrote, as this reader may have it."""
    unseen: int = 0
    """Cases of which the reader may only know that they exist."""
    figures: dict[str, Figure] = field(default_factory=dict)

    def figure(self, code: str, label: str, text: str = "") -> Cell:
        """A cell with what this code counts, which opens to its cases."""
        own = self.now.of(code)
        ident = f"{self.letter}{len(self.figures) + 1}"
        self.figures[ident] = Figure(
            id=ident, code=code, label=label, value=len(own), before=self.earlier(self.before, code),
            year_before=self.earlier(self.year, code), cases=own, text=text or str(len(own)),
        )  # fmt: skip
        return Cell(text=text or str(len(own)), figure=ident, number=None if text else len(own))

    def row(self, code: str, label: str, *, stock: bool = False) -> tuple[Cell, ...]:
        """Label, figure, and the trend against both earlier periods; a stock is not looked for a year back."""
        cell = self.figure(code, label)
        count = self.figures[cell.figure].value
        year = None if stock else self.earlier(self.year, code)
        return (
            Cell(text=label), cell, Cell(text=self.words.trend(count, self.earlier(self.before, code))),
            Cell(text=self.words.trend(count, year)),
        )  # fmt: skip

    def parts(self, code: str) -> list[str]:
        """The parts of a whole, the largest first; those of the earlier periods too."""
        counted = [c for c in (self.now, self.before, self.year) if c is not None]
        known = dict.fromkeys(part for one in counted for part in one.parts(code))
        return sorted(known, key=lambda part: [-len(one.of(f"{code}/{part}")) for one in counted])

    def chart(self, title: str, labels: Sequence[str], codes: Sequence[str]) -> Chart | None:
        """Bars of these figures; None where there is nothing to see."""
        values = [len(self.now.of(code)) for code in codes]
        if not any(values):
            return None
        series = [(self.words("now"), tuple(values))]
        if self.before is not None:
            series.append((self.words("before"), tuple(len(self.before.of(code)) for code in codes)))
        said = self.words("list-comma").join(f"{n} {v}" for n, v in zip(labels, values, strict=True))
        return Chart(labels=tuple(labels), series=tuple(series), alt=self.words("alt", title=title, figures=said))

    def earlier(self, counts: Counts | None, code: str) -> int | None:
        """What this code counted in an earlier period; None where nothing is known of it."""
        return len(counts.of(code)) if counts is not None else None
