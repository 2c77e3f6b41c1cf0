"""How each part of a report becomes a table."""

from collections.abc import Callable, Mapping, Sequence

from maild.domain.reporttable import Cell, Table
from maild.domain.scoring import LEAST
from maild.workflow.reports.monthtable import months
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
    unknown = [] if make.before is not None else ["no-before-year" if make.yearly else "no-before"]
    unknown += [] if make.year is not None or make.yearly else ["no-year"]
    notes = [*apart, *map(make.words, unknown)]
    if make.begins_in:
        notes.append(make.words("before-since", month=make.name("month", make.begins_in)))
    return _table(make, "overview", make.headers, rows, note=make.words("sentence-space").join(notes))


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
        came = make.words.figure("received")
        rows = [make.row(code, label, says=make.part(came, label)) for code, label in zip(codes, labels, strict=True)]
        title = make.words("received-by", part=make.words.word("report-section", section))
        return _table(make, section, make.headers, rows, total=make.row("received", make.words("total"), says=came),
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
        said = {kind: make.words.figure(kind) for kind in kinds}
        own = (make.figure(kind + suffix, make.part(said[kind], label) if suffix else said[kind]) for kind in kinds)
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
    rated = make.words.figure("rated")
    rows = [make.row(code, label, says=make.part(rated, label)) for code, label in zip(codes, labels, strict=True)]
    good, bad = (len(make.now.of(code)) for code in codes[:2])
    note = make.words("satisfied-rate", share=make.words.share(good, good + bad, least=LEAST))
    title = make.words("rated-by")
    return _table(make, "satisfaction", make.headers, rows, total=make.row("rated", make.words("total"), says=rated),
                  note=note, chart=(title, labels, codes) if charted else None)  # fmt: skip


def groups(section: str) -> Callable[..., Made]:
    """Causes that were named more than once, or letters on one matter."""

    def made(make: TableMaking, *, charted: bool) -> Made:
        del charted
        shown = [part for part in make.now.parts(section) if part != "other"]
        title = make.words.word("report-section", section)
        rows = [(Cell(text=(name := make.shown(make.now.names[f"{section}/{part}"]) or make.words("unnamed"))),
                 make.figure(f"{section}/{part}", make.part(title, name))) for part in shown]  # fmt: skip
        if not rows:
            return None
        other, total = make.words(f"{section}-other"), make.words("total")
        if make.now.of(f"{section}/other"):
            rows.append((Cell(text=other), make.figure(f"{section}/other", make.part(title, other))))
        return _table(make, section, (make.words(section), make.words("now-cases")), rows,
                      total=(Cell(text=total), make.figure(section, title)))  # fmt: skip

    return made


def plan(make: TableMaking, *, charted: bool) -> Made:
    """Plan items: new ones, those that were open at the end, and of these the late ones."""
    del charted
    codes = ("planned/new", "planned/open", "planned/late")
    if not any(make.now.of(code) for code in codes):
        return None
    title = make.words.word("report-section", "plan")
    labels = [make.words.figure(code.replace("/", "-")) for code in codes]
    rows = [make.row(code, label, says=make.part(title, label), stock=code != codes[0])
            for code, label in zip(codes, labels, strict=True)]  # fmt: skip
    return _table(make, "plan", make.headers, rows)


def ledger(make: TableMaking, *, charted: bool) -> Made:
    """The ledger's totals by rule."""
    del charted
    rules = make.now.parts("ledger")
    if not rules:
        return None

    def line(label: str, suffix: str) -> tuple[Cell, ...]:
        sums = [make.now.sums.get(what + suffix, 0) for what in ("points", "amount")]
        return (
            Cell(text=label), make.figure("ledger" + suffix, make.part(make.words("proposed"), label)),
            make.figure("approved" + suffix, make.part(make.words("approved"), label)),
            Cell(text=_signed(sums[0]), number=sums[0]), Cell(text=f"{sums[1]:,}", number=sums[1]),
        )  # fmt: skip

    headers = tuple(make.words(name) for name in ("rule", "proposed", "approved", "points", "amount"))
    rows = [line(make.name("rule", rule), f"/{rule}") for rule in rules]
    return _table(make, "ledger", headers, rows, total=line(make.words("total"), ""), note=_before(make))


def _before(make: TableMaking) -> str:
    """What the ledger came to in the period before."""
    if make.before is None:
        return ""
    points, amount = (make.before.sums.get(what, 0) for what in ("points", "amount"))
    code = "ledger-before-year" if make.yearly else "ledger-before"
    return make.words(code, proposed=len(make.before.of("ledger")), approved=len(make.before.of("approved")),
                      points=_signed(points), amount=f"{amount:,}")  # fmt: skip


def _signed(number: int) -> str:
    return f"{number:+d}".replace("-", "−") if number else "0"


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
        make.figure(f"score/{name}{suffix}", make.part(make.words(name), label),
                    text=make.words.share(part, all_, least=LEAST))
        for name, (part, all_) in rates.items()
    )  # fmt: skip
    return Cell(text=label), *cells


MAKERS: Mapping[str, Callable[..., Made]] = {
    "overview": overview, "months": months, **{name: breakdown(name) for name in _BREAKDOWNS}, "workload": workload,
    "satisfaction": satisfaction, "matters": groups("matters"), "causes": groups("causes"), "plan": plan,
    "ledger": ledger, "scores": scores,
}  # fmt: skip
"""What makes each part; None where there is nothing to say."""


def _table(
    make: TableMaking, section: str, headers: Sequence[str], rows: Sequence[tuple[Cell, ...]], *,
    total: tuple[Cell, ...] = (), note: str = "", chart: tuple[str, Sequence[str], Sequence[str]] | None = None,
) -> Table:  # fmt: skip
    return Table(
        section=section, title=make.words.word("report-section", section), headers=tuple(headers), rows=tuple(rows),
        total=total, note=note, chart=make.chart(*chart) if chart else None,
    )  # fmt: skip
