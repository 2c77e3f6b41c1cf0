"""The table of a longer report that sets its months beside each other."""

from maild.domain.reporttable import Cell, Table
from maild.domain.scoring import LEAST
from maild.workflow.reports.tablemaking import TableMaking
from maild.workflow.reports.wordings import NONE

_KINDS = ("received", "closed", "open")


def months(make: TableMaking, *, charted: bool) -> Table | None:
    """Month by month: received, closed, open at its end, and how much was in time."""
    if not make.months:
        return None
    names = {month: make.name("month", month) for month in make.months}
    codes = [f"month/received/{month}" for month in make.months]
    drawn = make.chart(make.words("received-by-month"), list(names.values()), codes, alone=not make.yearly)
    return Table(
        section="months", title=make.words.word("report-section", "months"),
        headers=(make.words("month-header"), *(make.words(f"{kind}-month") for kind in _KINDS),
                 make.words("timeliness")),
        rows=tuple(_line(make, month, name) for month, name in names.items()), total=_total(make),
        chart=drawn if charted else None,
    )  # fmt: skip


def _line(make: TableMaking, month: str, name: str) -> tuple[Cell, ...]:
    counted = (make.figure(f"month/{kind}/{month}", make.part(make.words(f"{kind}-month"), name)) for kind in _KINDS)
    return Cell(text=name), *counted, _in_time(make, name, f"month/ended/{month}", f"month/met/{month}")


def _total(make: TableMaking) -> tuple[Cell, ...]:
    """Of the whole period; what stood open at the end of each month adds up to nothing."""
    label = make.words("total")
    counted = (make.figure(kind, make.words.figure(kind)) for kind in ("received", "closed"))
    return Cell(text=label), *counted, Cell(text=NONE), _in_time(make, label, "score/timeliness", "score/met")


def _in_time(make: TableMaking, label: str, ended: str, met: str) -> Cell:
    """A rate of deadlines met; it opens to the cases whose deadlines ended."""
    share = make.words.share(len(make.now.of(met)), len(make.now.of(ended)), least=LEAST)
    return make.figure(ended, make.part(make.words("timeliness"), label), text=share)
