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
    yearly: bool = False
    """Whether the period before is the year before too."""
    months: tuple[str, ...] = ()
    """The months of a longer period that have begun."""
    begins_in: str = ""
    """The month of the year before in which what is recorded begins; "" where it is all there."""
    figures: dict[str, Figure] = field(default_factory=dict)
    idents: dict[str, str] = field(default_factory=dict)
    """Of what was counted already: the same figure has the same id wherever it stands."""

    def figure(self, code: str, label: str, text: str = "") -> Cell:
        """A cell with what this code counts, which opens to its cases."""
        own = self.now.of(code)
        if (ident := self.idents.get(code)) is not None:
            return Cell(text=text or str(len(own)), figure=ident, number=None if text else len(own))
        ident = self.idents[code] = f"{self.letter}{len(self.figures) + 1}"
        self.figures[ident] = Figure(
            id=ident, code=code, label=label, value=len(own), before=self.earlier(self.before, code),
            year_before=self.earlier(self.year, code), cases=own, text=text or str(len(own)),
        )  # fmt: skip
        return Cell(text=text or str(len(own)), figure=ident, number=None if text else len(own))

    @property
    def headers(self) -> tuple[str, ...]:
        """Of what `row` makes: an earlier period of which nothing is known has no column."""
        before = "before-trend-year" if self.yearly else "before-trend"
        known = (before, self.before), ("year-trend", self.year)
        return tuple(self.words(n) for n in ("item", "now-cases", *(name for name, one in known if one is not None)))

    def row(self, code: str, label: str, *, says: str = "", stock: bool = False) -> tuple[Cell, ...]:
        """Label, figure, and the trend against both earlier periods; a stock is not looked for a year back.

        `says`: what the figure counts, where the label alone does not tell it.
        """
        cell = self.figure(code, says or label)
        count = self.figures[cell.figure].value
        trends = [self.words.trend(count, self.earlier(self.before, code))] if self.before is not None else []
        if self.year is not None:
            trends.append(self.words.trend(count, None if stock else self.earlier(self.year, code)))
        return Cell(text=label), cell, *(Cell(text=trend) for trend in trends)

    def part(self, whole: str, part: str) -> str:
        """What a part of a figure counts, in words: 收到（物流部）."""
        return self.words("part-of", whole=whole, part=part)

    def parts(self, code: str) -> list[str]:
        """The parts of a whole, the largest first; those of the earlier periods too."""
        counted = [c for c in (self.now, self.before, self.year) if c is not None]
        known = dict.fromkeys(part for one in counted for part in one.parts(code))
        return sorted(known, key=lambda part: [-len(one.of(f"{code}/{part}")) for one in counted])

    def chart(self, title: str, labels: Sequence[str], codes: Sequence[str], *, alone: bool = False) -> Chart | None:
        """Bars of these figures, beside those of the period before unless `alone`; None where there is nothing."""
        values = [len(self.now.of(code)) for code in codes]
        if not any(values):
            return None
        series = [(self.words("now"), tuple(values))]
        if self.before is not None and not alone:
            series.append(
                (
                    self.words("before-year" if self.yearly else "before"),
                    tuple(len(self.before.of(code)) for code in codes),
                )
            )
        said = self.words("list-comma").join(f"{n} {v}" for n, v in zip(labels, values, strict=True))
        return Chart(labels=tuple(labels), series=tuple(series), alt=self.words("alt", title=title, figures=said),
                     title=title)  # fmt: skip

    def earlier(self, counts: Counts | None, code: str) -> int | None:
        """What this code counted in an earlier period; None where nothing is known of it."""
        return len(counts.of(code)) if counts is not None else None
