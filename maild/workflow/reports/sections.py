"""How each part of a report becomes a table."""

from collections.abc import Callable, Mapping, Sequence

from maild.domain.reporttable import Cell, Table
from maild.domain.scoring import LEAST
from maild.workflow.reports.tablemaking import TableMaking

_BREAKDOWNS = {"types": "type", "units": "unit", "urgency": "urgency", "channels": "channel", "customers": "customer"}
Made = Table | None


def overview(make: TableMaking, *, charted: bool) -> Made:
    """The whole at a glance."""
    del charted
    codes = (("received", False), ("closed", False), ("open", True), ("overdue", True), ("reopened", False))
    rows = [make.row(code, make.words.figure(code), stock=stock) for code, stock in codes]
    apart = [make.words(f"apart-{part}", count=len(make.now.of(f"apart/{part}"))) for part in make.now.parts("apart")]
    apart += [make.words("unseen", count=make.unseen)] if make.unseen else []
    return _table(make, "overview", _trend_headers(make), rows, note=" ".join(apart))


def breakdown(section: str) -> Callable[..., Made]:
    """What came in, by one property; the parts add up to the total."""
    kind = _BREAKDOWNS[section]

    def made(make: TableMaking, *, charted: bool) -> Made:
        whole = f"received/{kind}"
        parts = make.parts(whole)
        if not parts or (section == "units" and len(parts) == 1 and not parts[0]):
            return None
        labels = [make.name(kind, part) for part in parts]
        codes = [f"{whole}/{part}" for part in parts]
        rows = [make.row(code, label) for code, label in zip(codes, labels, strict=True)]
        title = make.words.word("report-section", section)
        return _table(make, section, _trend_headers(make), rows, total=make.row("received", make.words("total")),
                      chart=(title, labels, codes) if charted else None)  # fmt: skip

    return made


def workload(make: TableMaking, *, charted: bool) -> Made:
    """What each unit had to do: received, closed, open and overdue."""
    kinds = ("received", "closed", "open", "overdue")
    units = dict.fromkeys(part for kind in kinds for part in make.now.parts(f"{kind}/unit"))
    if not units:
        return None
    ordered = sorted(units, key=lambda u: [-len(make.now.of(f"{kind}/unit/{u}")) for kind in ("overdue", *kinds)])
    names = {unit: make.name("unit", unit) for unit in ordered}
    headers = (make.words("unit"), *(make.words(f"{kind}-short") for kind in kinds))

    def line(label: str, suffix: str) -> tuple[Cell, ...]:
        own = (make.figure(kind + suffix, f"{label} {make.words.figure(kind)}") for kind in kinds)
        return Cell(text=label), *own

    rows = [line(names[unit], f"/unit/{unit}") for unit in ordered]
    codes = [f"overdue/unit/{unit}" for unit in ordered]
    chart = (make.words("overdue-by-unit"), [names[unit] for unit in ordered], codes) if charted else None
    return _table(make, "workload", headers, rows, total=line(make.words("total"), ""), chart=chart)


def satisfaction(make: TableMaking, *, charted: bool) -> Made:
    """What the writers said of the end."""
    if not make.now.of("rated"):
        return None
    said = ("satisfied", "dissatisfied", "not-rated")
    labels = [make.words.figure(code) for code in said]
    codes = [f"rated/{one}" for one in said]
    rows = [make.row(code, label) for code, label in zip(codes, labels, strict=True)]
    good, bad = (len(make.now.of(code)) for code in codes[:2])
    note = make.words("satisfied-rate", share=make.words.share(good, good + bad, least=LEAST))
    title = make.words.word("report-section", "satisfaction")
    return _table(make, "satisfaction", _trend_headers(make), rows, total=make.row("rated", make.words("total")),
                  note=note, chart=(title, labels, codes) if charted else None)  # fmt: skip


def groups(section: str) -> Callable[..., Made]:
    """Causes that were named more than once, or letters on one matter."""

    def made(make: TableMaking, *, charted: bool) -> Made:
        del charted
        shown = [part for part in make.now.parts(section) if part != "other"]
        rows = [(Cell(text=(name := make.shown(make.now.names[f"{section}/{part}"]) or make.words("unnamed"))),
                 make.figure(f"{section}/{part}", name)) for part in shown]  # fmt: skip
        if not rows:
            return None
        other, total = make.words(f"{section}-other"), make.words("total")
        rows.append((Cell(text=other), make.figure(f"{section}/other", other)))
        return _table(make, section, (make.words(section), make.words("now-cases")), rows,
                      total=(Cell(text=total), make.figure(section, total)))  # fmt: skip

    return made


def plan(make: TableMaking, *, charted: bool) -> Made:
    """Plan items: new ones, those that were open at the end, and of these the late ones."""
    del charted
    codes = ("planned/new", "planned/open", "planned/late")
    if not any(make.now.of(code) for code in codes):
        return None
    rows = [make.row(code, make.words.figure(code.replace("/", "-")), stock=code != codes[0]) for code in codes]
    return _table(make, "plan", _trend_headers(make), rows)


def ledger(make: TableMaking, *, charted: bool) -> Made:
    """The ledger's totals by rule."""
    del charted
    rules = make.now.parts("ledger")
    if not rules:
        return None

    def line(label: str, suffix: str) -> tuple[Cell, ...]:
        sums = [make.now.sums.get(what + suffix, 0) for what in ("points", "amount")]
        return (
            Cell(text=label), make.figure("ledger" + suffix, f"{label} {make.words('proposed')}"),
            make.figure("approved" + suffix, f"{label} {make.words('approved')}"),
            Cell(text=f"{sums[0]:+d}".replace("-", "−") if sums[0] else "0", number=sums[0]),
            Cell(text=f"{sums[1]:,}", number=sums[1]),
        )  # fmt: skip

    headers = tuple(make.words(name) for name in ("rule", "proposed", "approved", "points", "amount"))
    rows = [line(make.name("rule", rule), f"/{rule}") for rule in rules]
    return _table(make, "ledger", headers, rows, total=line(make.words("total"), ""))


def scores(make: TableMaking, *, charted: bool) -> Made:
    """Accuracy, timeliness and completeness of each unit, each with its denominator."""
    del charted
    units = dict.fromkeys(
        unit for what in ("closed", "timeliness", "faults") for unit in make.now.parts(f"score/{what}")
    )
    if not units:
        return None
    ordered = sorted(units, key=lambda unit: -len(make.now.of(f"score/closed/{unit}")))
    rows = [_scored(make, make.name("unit", unit), f"/{unit}") for unit in ordered]
    headers = tuple(make.words(name) for name in ("unit", "accuracy", "timeliness", "completeness"))
    total = _scored(make, make.words("total"), "") if len(rows) > 1 else ()
    return _table(make, "scores", headers, rows, total=total, note=make.words("score-note", least=LEAST))


def _scored(make: TableMaking, label: str, suffix: str) -> tuple[Cell, ...]:
    closed, faults, ended, met, whole = (
        len(make.now.of(f"score/{what}{suffix}")) for what in ("closed", "faults", "timeliness", "met", "complete")
    )
    rates = {"accuracy": (max(0, closed - faults), closed), "timeliness": (met, ended), "completeness": (whole, closed)}
    cells = (
        make.figure(f"score/{name}{suffix}", f"{label} {make.words(name)}",
                    text=make.words.share(part, all_, least=LEAST))
        for name, (part, all_) in rates.items()
    )  # fmt: skip
    return Cell(text=label), *cells


MAKERS: Mapping[str, Callable[..., Made]] = {
    "overview": overview, **{name: breakdown(name) for name in _BREAKDOWNS}, "workload": workload,
    "satisfaction": satisfaction, "matters": groups("matters"), "causes": groups("causes"), "plan": plan,
    "ledger": ledger, "scores": scores,
}  # fmt: skip
"""What makes each part; None where there is nothing to say."""


def _trend_headers(make: TableMaking) -> tuple[str, ...]:
    return tuple(make.words(name) for name in ("item", "now-cases", "before-trend", "year-trend"))


def _table(
    make: TableMaking, section: str, headers: Sequence[str], rows: Sequence[tuple[Cell, ...]], *,
    total: tuple[Cell, ...] = (), note: str = "", chart: tuple[str, Sequence[str], Sequence[str]] | None = None,
) -> Table:  # fmt: skip
    return Table(
        section=section, title=make.words.word("report-section", section), headers=tuple(headers), rows=tuple(rows),
        total=total, note=note, chart=make.chart(*chart) if chart else None,
    )  # fmt: skip
