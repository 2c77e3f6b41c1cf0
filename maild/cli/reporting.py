"""One report of `maild report`: asked of the database, and written for a terminal, as a page or as a spreadsheet."""

import argparse
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal
from unicodedata import east_asian_width

from maild.adapters.drawing import Drawer
from maild.adapters.sealring import read_ring
from maild.adapters.store import Store
from maild.adapters.templates import JinjaTemplates
from maild.adapters.trial import trial_office
from maild.config import load
from maild.domain.letter import Letter, LetterKind
from maild.domain.message import Address
from maild.domain.period import Period, parse_period, period_of
from maild.domain.recurrence import Every
from maild.domain.reportrule import ReportRule
from maild.domain.reporttable import Cell, Report, Table
from maild.domain.rule import Bilingual
from maild.errors import Misconfigured
from maild.settings import MailboxSettings, Settings
from maild.workflow.office import Office
from maild.workflow.reports.behind import Rows, behind, why_text
from maild.workflow.reports.build import Builder, Periods, read_periods
from maild.workflow.reports.letters import charts, report_data, spreadsheet
from maild.workflow.reports.sending import finder

ABOUT = {"weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year", "score": "month"}
"""The period of each kind of report."""
_ABOUT_WORD: Mapping[Every, Literal["week", "month", "quarter", "year"]] = {
    Every.WEEK: "week", Every.MONTH: "month", Every.QUARTER: "quarter", Every.YEAR: "year",
}  # fmt: skip


class Desk:
    """One report and what writes it."""

    def __init__(self, settings: Settings, args: argparse.Namespace, store: Store, now: datetime) -> None:
        box = _box(settings, args.mailbox)
        self._args, self._settings, self._store = args, settings, store
        self._office: Office = trial_office(
            box.pack, now, organisation=settings.organisation, rules=settings.rules, box=box
        )
        self._templates = JinjaTemplates(office=settings.templates)
        self._builder = Builder(self._office, self._templates.words)
        self._words = self._builder.wordings(args.language)
        self._reader = self._office.index.person(args.reader) if args.reader else None
        if args.reader and self._reader is None:
            raise Misconfigured(f"'{args.reader}' is nobody of the directory; write an address that stands in it.")
        self._period = _period(args.what, args.period, self._office)
        with store.reading() as books:
            self._periods: Periods = read_periods(self._period, box.address, self._office.zone, books)
        rule = _rule(args.what, self._period, self._office, self._templates)
        self.report: Report = self._builder.build(
            rule, self._periods, self._reader, unit=self._unit(), language=args.language
        )

    @classmethod
    @contextmanager
    def open(cls, args: argparse.Namespace, environ: Mapping[str, str], now: datetime) -> Iterator["Desk"]:
        """The report that the command line asks for; the database is closed behind it."""
        settings = load(args.config, environ)
        store = Store.open(settings.store.url, settings.base, read_ring(settings.seal))
        try:
            yield cls(settings, args, store, now)
        finally:
            store.close()

    def rows(self, figures: Sequence[str]) -> dict[str, Rows]:
        """The cases behind these figures, by their numbers."""
        known = self.report.figures
        wanted = [one.upper() for figure in figures for one in figure.replace("、", ",").split(",") if one.strip()]
        for one in wanted:
            if one not in known:
                raise Misconfigured(f"This report has no figure '{one}'; write one that stands in its tables.")
        with self._store.reading() as books:
            find = finder(self._periods, books.case)
            return {one: behind(known[one].cases, find, self._reader, self._office, language=self._args.language)
                    for one in wanted}  # fmt: skip

    def cases_text(self, found: Mapping[str, Rows]) -> str:
        """These cases as lines for a terminal."""
        lines = []
        for ident, rows in found.items():
            lines.append(f"{ident}  {self.report.figures[ident].label}: {len(rows)}")
            for row in rows:
                state = self._words.word("state", str(row["state"]))
                parts = (row["number"], row["type_name"], row["unit_name"], why_text(row, self._words) or state,
                         row["summary"])  # fmt: skip
                lines.append("  ".join(str(part) for part in parts if part))
        return "\n".join(lines) + "\n"

    def text(self) -> str:
        """The tables for a terminal."""
        report = self.report
        head = "  ".join(filter(None, (report.name, report.period_name, report.unit_name)))
        return "\n".join([head, report.lead, *(line for table in report.tables for line in _lines(table))]) + "\n"

    def write_xlsx(self, path: Path) -> None:
        """The spreadsheet that the mail brings; `Misconfigured` where it cannot be made or written."""
        with self._store.reading() as books:
            file = spreadsheet(self.report, self._reader, self._office, words=self._words, drawing=Drawer(),
                               find=finder(self._periods, books.case))  # fmt: skip
        if file is None:
            raise Misconfigured("Writing XLSX needs the extra 'tables'; run: pip install 'maild[tables]'.")
        _write(path, file.content)

    def write_html(self, path: Path) -> None:
        """The page that the mail shows, with its pictures inside."""
        drawn = charts(self.report, Drawer())
        inside = {n: f"data:{one.content_type};base64,{b64encode(one.content).decode()}" for n, one in drawn.items()}
        reader = Address(address=self._reader.address, name=self._reader.name) if self._reader else Address(address="")
        letter = Letter(kind=LetterKind.REPORT, to=reader, language=self._args.language)
        identity = self._office.box.identity
        context: dict[str, object] = {
            "org": {"name": self._office.organisation.name}, "case": None,
            "mailbox": {"address": self._office.box.address, "signature": identity.signature, "phone": identity.phone,
                        "name": identity.name or self._office.organisation.name},
            "recipient": {"name": reader.name, "address": reader.address}, "data": report_data(self.report, inside),
        }  # fmt: skip
        _write(path, self._templates.render(letter, context).html.encode())

    def _unit(self) -> str:
        if not self._args.unit:
            return ""
        unit = self._office.index.unit(self._args.unit)
        if unit is None:
            raise Misconfigured(f"'{self._args.unit}' is no unit of the directory; write its id or name.")
        return unit.id


def _box(settings: Settings, address: str | None) -> MailboxSettings:
    found = next((box for box in settings.mailbox if address in {None, box.address}), None)
    if found is None:
        raise Misconfigured(f"'{address}' is no mailbox of maild.toml; write one that is.")
    return found


def _period(what: str, words: str | None, office: Office) -> Period:
    """The one that is named, or the last one that is over."""
    every = Every(ABOUT[what])
    if words is None:
        return period_of(every, office.now.astimezone(office.zone).date()).previous()
    try:
        period = parse_period(words)
    except ValueError as error:
        raise Misconfigured(f"{error}.") from error
    if what != "score" and period.every is not every:
        raise Misconfigured(f"'{words}' is no {every.value}; write it as 2026-W48, 2026-10, 2026-Q4 or 2026.")
    return period


def _rule(what: str, period: Period, office: Office, words: JinjaTemplates) -> ReportRule:
    """The pack's report about such a period, or one of every part; for `score` the score sheets alone."""
    about: Literal["week", "month", "quarter", "year"] = _ABOUT_WORD[period.every]
    if what == "score":
        name = _named(words, "report-section", "scores")
        return ReportRule(id=what, name=name, about=about, when="", sections=("scores",))
    fits = (rule for rule in office.pack.reports.reports if rule.every is period.every)
    name = _named(words, "letter", LetterKind.REPORT.value)
    return next(fits, ReportRule(id=what, name=name, about=about, when=""))


def _named(words: JinjaTemplates, group: str, code: str) -> Bilingual:
    zh, en = (words.words(language)[group][code] for language in ("zh", "en"))
    return Bilingual(zh=zh, en=en)


def _lines(table: Table) -> list[str]:
    """A table with its columns under each other; a Chinese sign takes two places."""
    rows = [table.headers, *(tuple(map(_shown, row)) for row in table.rows)]
    rows += [tuple(map(_shown, table.total))] if table.total else []
    widths = [max(_width(row[at]) for row in rows) for at in range(len(table.headers))]
    lines = ["  ".join(_padded(text, width) for text, width in zip(row, widths, strict=True)) for row in rows]
    return ["", table.title, *(f"  {line}".rstrip() for line in lines), *([f"  {table.note}"] if table.note else [])]


def _shown(cell: Cell) -> str:
    return f"{cell.text} {cell.figure}" if cell.figure else cell.text


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Misconfigured(f"{path} cannot be written: {error.strerror}; name another file.") from error
