"""Cases as files, for `maild case`: printed on one page, or exported as a zip. Not a command itself."""

import argparse
import getpass
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from maild.errors import Misconfigured

_SECONDS = 30.0
"""For the attachments of one mail of an export, while somebody waits for it."""

if TYPE_CHECKING:
    from collections.abc import Callable

    from maild.adapters.caseexport import Wanted
    from maild.assembly import Workshop
    from maild.domain.case import Case
    from maild.domain.masks import Look
    from maild.settings import MailboxSettings, Settings


def export_case(args: argparse.Namespace, settings: "Settings") -> int:
    """Exit status 1 where a mail's archive copy is gone or damaged; the export is made all the same, and says so."""
    from functools import partial

    from maild.adapters.caseexport import CaseExport, Wanted
    from maild.adapters.maskapart import look_apart
    from maild.assembly import Workshop
    from maild.daemon import machine_clock
    from maild.mail.parse import attachments_in

    workshop = Workshop(settings, now=machine_clock, machine=machine_clock)
    try:
        export = CaseExport(
            workshop.store, workshop.archive, workshop.house, parse=workshop.parse_anyway, parts=attachments_in,
            tell=_telling(workshop), look_into=partial(look_apart, seconds=_SECONDS),
            sheet=lambda case, look: _sheet(case, workshop, args.language, look),
        )  # fmt: skip
        wanted = Wanted(by=getpass.getuser(), reason=args.reason.strip(), now=machine_clock(),
                        identity=args.with_identity, unmasked=args.unmasked)  # fmt: skip
        out = args.out or Path(f"{args.number}.zip")
        done = export.write(args.number, out, wanted)
    finally:
        workshop.close()
    if done.held:
        print(f"maild case: {done.held} attachments hold personal data or could not be looked through, and stayed"
              " behind; manifest.json names them, --unmasked takes them along.", file=sys.stderr)  # fmt: skip
    for one in done.missing:
        print(f"maild case: not in the export: {one}", file=sys.stderr)
    print(f"{out}: {done.files} files; verify with `python verify.py`; keep this head apart: {done.head}")
    return 1 if done.missing else 0


def print_case(args: argparse.Namespace, settings: "Settings") -> int:
    """Write the case sheet as a PDF, and say where it is; exit status 1 where there is no such case."""
    from maild.assembly import Workshop
    from maild.domain.masks import PLAIN

    now = datetime.now(UTC)
    workshop = Workshop(settings, now=lambda: now, machine=lambda: now)
    try:
        with workshop.store.reading() as books:
            case = books.case(args.number)
        look = workshop.house.looks.get(case.mailbox, PLAIN) if case else PLAIN
        content = _sheet(case, workshop, args.language, look, always=True) if case else None
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


def _sheet(case: "Case", workshop: "Workshop", language: str, look: "Look", *, always: bool = False) -> bytes | None:
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
                         language=language, names=names, look=look)  # fmt: skip
    return sheet_file(sheet) if sheet else None


def _telling(workshop: "Workshop") -> "Callable[[Case, Wanted], None]":
    """What writes down that a case is taken out with the writer's name, and tells the seal-holders."""

    def tell(case: "Case", wanted: "Wanted") -> None:
        from maild.workflow.commit import commit
        from maild.workflow.takenout import taken_out

        box = _box(case, workshop)
        if box is None:
            raise Misconfigured(f"{case.number}: its mailbox {case.mailbox} stands in no [[mailbox]]; put it back.")
        office = workshop.office(box)
        with workshop.store.writing() as books:
            plan = taken_out(case, office, by=wanted.by, reason=wanted.reason, unmasked=wanted.unmasked)
            commit(plan, office, books, workshop.scribe(box))

    return tell


def _box(case: "Case", workshop: "Workshop") -> "MailboxSettings | None":
    return next((one for one in workshop.settings.mailbox if one.address == case.mailbox), None)
