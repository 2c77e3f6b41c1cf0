"""A report as tables in words, with the cases behind every figure; letters, spreadsheets and the terminal show it."""

from collections.abc import Mapping
from dataclasses import field

from maild.domain.counted import Behind
from maild.domain.period import Period
from maild.domain.value import value


@value
class Figure:
    """A figure that opens to its cases."""

    id: str
    """By which a reply asks for them: M3."""
    code: str
    label: str
    """What it counts, in words."""
    value: int
    """How often cases stand behind it."""
    text: str = ""
    """As the table says it: the value, or a rate."""
    before: int | None = None
    """The same of the period before; None where nothing is known of it."""
    year_before: int | None = None
    cases: tuple[Behind, ...] = ()


@value
class Cell:
    """One cell of a table; `figure` is the id of what it shows, "" where it opens to nothing."""

    text: str
    figure: str = ""
    number: float | None = None
    """For a spreadsheet, where the text is a number."""


@value
class Chart:
    """Bars: what each label counts in each series."""

    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[int, ...]], ...]
    """Name and values, the present period first."""
    alt: str
    """The same in words, for who does not see it."""
    title: str = ""
    """What the bars count."""


@value
class Table:
    """One part of a report."""

    section: str
    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    note: str = ""
    chart: Chart | None = None


@value
class Report:
    """A report for one reader."""

    rule: str
    name: str
    period: Period
    period_name: str
    unit: str = ""
    """The id of the unit that it is about; "" for the whole office."""
    unit_name: str = ""
    tables: tuple[Table, ...] = ()
    figures: Mapping[str, Figure] = field(default_factory=dict)
    """By id, in their order."""
    lead: str = ""
    """The period in one sentence."""
