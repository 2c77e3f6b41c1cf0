"""Cases as files, for `maild case`: printed on one page, or exported as a zip. Not a command itself."""

import argparse
import getpass
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from maild.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Callable

    from maild.assembly import Workshop
    from maild.domain.case import Case
    from maild.settings import MailboxSettings, Settings


def export_case(args: argparse.Namespace, settings: "Settings") -> int:
    """Exit status 1 where a mail's archive copy is gone or damaged; the export is made all the same, and says so."""
    from maild.adapters.caseexport import CaseExport, Wanted
    from maild.assembly import Workshop
    from maild.daemon import machine_clock
    from maild.mail.parse import attachments_in

    workshop = Workshop(settings, now=machine_clock, machine=machine_clock)
    try:
        export = CaseExport(workshop.store, workshop.archive, workshop.house.unit_names, parse=workshop.parse_anyway,
                            parts=attachments_in, tell=_telling(workshop),
                            sheet=lambda case: _sheet(case, workshop, args.language))  # fmt: skip
        wanted = Wanted(
            by=getpass.getuser(), reason=args.reason.strip(), now=machine_clock(), identity=args.with_identity
        )
        out = args.out or Path(f"{args.number}.zip")
        done = export.write(args.number, out, wanted)
    finally:
        workshop.close()
    for one in done.missing:
        print(f"maild case: not in the export: {one}", file=sys.stderr)
    print(f"{out}: {done.files} files; verify with `python verify.py`; keep this head apart: {done.head}")
    return 1 if done.missing else 0


def print_case(args: argparse.Namespace, settings: "Settings") -> int:
    """Write the case sheet as a PDF, and say where it is; exit status 1 where there is no such case."""
    from maild.assembly import Workshop

    now = datetime.now(UTC)
    workshop = Workshop(settings, now=lambda: now, machine=lambda: now)
    try:
        with workshop.store.reading() as books:
            case = books.case(args.number)
        content = _sheet(case, workshop, args.language, always=True) if case else None
    finally:
        workshop.close()
    if content is None:
        return unknown(args.number)
    path = args.out or Path(f"{args.number}.pdf")
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Misconfigured(f"{path} cannot be written: {error.strerror}; name another file with --out.") from error
    print(path)
    return 0


def unknown(number: str) -> int:
    """Say that there is none of this number."""
    print(f"maild case: there is no case {number}; maild case list shows all.", file=sys.stderr)
    return 1


def _sheet(case: "Case", workshop: "Workshop", language: str, *, always: bool = False) -> bytes | None:
    """The case on one page; None where it cannot be printed, which is an error only where it is `always` wanted."""
    from maild.adapters.sheetfile import can_print, sheet_file
    from maild.workflow.sheet import sheet_of
    from maild.workflow.view import Names

    box = _box(case, workshop)
    if box is None or not (always or can_print()):
        return None
    names = Names(workshop.house.templates.words(language))
    with workshop.store.reading() as books:
        office = workshop.office(box)
        sheet = sheet_of(case, books.clocks(case.number), books.events(case.number), office, reader=None,
                         language=language, names=names, look=office.pack.masks.for_nobody())  # fmt: skip
    return sheet_file(sheet) if sheet else None


def _telling(workshop: "Workshop") -> "Callable[[Case, str, str], None]":
    """What writes down that a case is taken out with the writer's name, and tells the seal-holders."""

    def tell(case: "Case", by: str, reason: str) -> None:
        from maild.workflow.commit import commit
        from maild.workflow.takenout import taken_out

        box = _box(case, workshop)
        if box is None:
            raise Misconfigured(f"{case.number}: its mailbox {case.mailbox} stands in no [[mailbox]]; put it back.")
        office = workshop.office(box)
        with workshop.store.writing() as books:
            commit(taken_out(case, office, by=by, reason=reason), office, books, workshop.scribe(box))

    return tell


def _box(case: "Case", workshop: "Workshop") -> "MailboxSettings | None":
    return next((one for one in workshop.settings.mailbox if one.address == case.mailbox), None)
