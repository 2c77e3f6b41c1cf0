"""reports.yaml of a pack with the office's own entries over it, and whether what they name exists (casework 7)."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import time
from pathlib import Path

from maild.adapters.channelfile import known
from maild.adapters.overlay import Overlay
from maild.adapters.yamlfile import Location, YamlFile
from maild.adapters.yamlmend import did_you_mean
from maild.domain.lookup import Index
from maild.domain.recurrence import Recurrence, parse_recurrence
from maild.domain.reportrule import CHARTED, SECTIONS, ReportRule, Reports

REPORTS = "reports.yaml"


def read_reports(folder: Path, overlay: Overlay, index: Index | None = None, *, strict: bool = False) -> Reports:
    """The pack's reports, the office's laid over them one by one: add, change, `remove: true`.

    Raises `Misconfigured` at words that are no time of the calendar, at a part that no report has, at an id that stands
    twice and, for the office's own entries or with `strict`, at somebody whom the directory does not know.
    """
    file = YamlFile(folder / REPORTS) if (folder / REPORTS).is_file() else None
    shipped = file.read(Reports).reports if file else ()
    if file is not None:
        check_reports(file, shipped, index if strict else None)
    own, entries = overlay.reports
    laid = overlay.laid_over(shipped, ReportRule, own, entries.reports, under="reports")
    if own is not None:
        named = [str(entry.get("id")) for entry in entries.reports]
        by_id = {rule.id: rule for rule in laid}
        _once(own, named)
        for number, ident in enumerate(named):
            if ident in by_id:
                _check(own, by_id[ident], ("reports", number), index)
    return Reports(reports=laid)


def report_checks(folder: Path, office: Path | None, index: Index, *, strict: bool) -> Iterator[Callable[[], object]]:
    """The pack's file and the office's, each by itself, so that one mistake hides no other."""
    yield lambda: read_reports(folder, Overlay(None), index, strict=strict)
    if office is not None:
        yield lambda: read_reports(folder, Overlay(office), index)


def check_reports(file: YamlFile, rules: Sequence[ReportRule], index: Index | None) -> None:
    """Whether everything that these reports name exists; people only with `index`."""
    _once(file, [rule.id for rule in rules])
    for number, rule in enumerate(rules):
        _check(file, rule, ("reports", number), index)


def _once(file: YamlFile, idents: Sequence[str]) -> None:
    seen = Counter[str]()
    for number, ident in enumerate(idents):
        seen[ident] += 1
        if seen[ident] > 1:
            raise file.mistake(f"'{ident}' stands here twice; keep one of them.", ("reports", number, "id"))


def _check(file: YamlFile, rule: ReportRule, place: Location, index: Index | None) -> None:
    _time(file, rule, place)
    for key, given, fits in (("sections", rule.sections, SECTIONS), ("charts", rule.charts, CHARTED)):
        for at, name in enumerate(given):
            if name not in fits:
                hint = did_you_mean(name, fits) or f" write one of {', '.join(fits)}."
                raise file.mistake(f"'{name}' is no part of a report;{hint}", (*place, key, at))
    for at, name in enumerate(rule.to):
        if index is not None and not known(name, index):
            sentence = f"'{name}' is no unit, role or person of the directory; write one that it has."
            raise file.mistake(sentence, (*place, "to", at))
    if not rule.to and not rule.heads:
        raise file.mistake(f"nobody gets the report '{rule.id}'; write `to:` or `heads: true`.", (*place, "id"))


def _time(file: YamlFile, rule: ReportRule, place: Location) -> None:
    try:
        found: Recurrence = parse_recurrence(rule.when)
    except ValueError as error:
        raise file.mistake(f"{error}.", (*place, "when")) from error
    if found.is_window or found.day is not None:
        sentence = f"'{rule.when}' is no single day that comes again; write for instance every Monday."
        raise file.mistake(sentence, (*place, "when"))
    try:
        time.fromisoformat(rule.at)
    except ValueError as error:
        sentence = f"'{rule.at}' is no time of day; write it in quotes, as in \"09:00\"."
        raise file.mistake(sentence, (*place, "at")) from error
