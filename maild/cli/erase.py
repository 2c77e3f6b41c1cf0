"""Erase a person: the cases that somebody wrote, or one case with what is one with it. Nothing brings it back.

Who wrote, the letters, what was sent, attachments, search and the archive's copies go; number, type, dates and what
the office found stay, without names. With --everything only number, type, unit, dates and figures stay. That it was
done, by whom and why, stays in the history: write no name into the reason. Asks for the number or address once more.

example: maild erase GM-2026-000142 --reason "wish of the writer, 26 Nov" --dry-run
         maild erase sun.xiulan@mail-a.example --reason "wish of the writer, 26 Nov"
"""

import argparse
import getpass
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from maild.cli.main import config_argument
from maild.cli.progress import progress

if TYPE_CHECKING:
    from collections.abc import Collection

    from maild.adapters.erasing import Erased, Eraser
    from maild.assembly import Workshop
    from maild.domain.case import Case
    from maild.domain.erasure import Words


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild erase`."""
    parser.add_argument("whom", metavar="NUMBER|ADDRESS", help="one case, or everything from this address")
    config_argument(parser)
    parser.add_argument("--reason", default="", help="why; kept in the history for good, without names")
    parser.add_argument("--everything", action="store_true", help="leave number, type, unit, dates and figures alone")
    parser.add_argument("--dry-run", action="store_true", help="show what would go")
    parser.add_argument("--json", action="store_true", help="one object")


def run(args: argparse.Namespace) -> int:
    """Exit status 0 when it is erased, 1 when nothing was or an example quotes it still, 2 without a reason."""
    from maild.assembly import Workshop
    from maild.config import load
    from maild.daemon import machine_clock

    if not args.reason.strip() and not args.dry_run:
        print("maild erase: say why with --reason; it stays in the history.", file=sys.stderr)
        return 2
    workshop = Workshop(load(args.config, os.environ), now=machine_clock, machine=machine_clock)
    try:
        return _erase(args, workshop)
    finally:
        workshop.close()


def _erase(args: argparse.Namespace, workshop: "Workshop") -> int:
    from maild.domain.erasure import Order
    from maild.domain.retention import Goes

    eraser, whom = workshop.eraser(progress), args.whom.strip()
    is_address = "@" in whom
    numbers = eraser.numbers_of(whom) if is_address else eraser.family_of(whom)
    found = [case for case in eraser.cases() if case.number in numbers]
    if not found and not is_address:
        print(f"maild erase: there is no case {whom}; maild case list shows all.", file=sys.stderr)
        return 1
    for case in found if not args.json else ():
        print(case_line(case))
    if args.dry_run:
        return _shown(args, found)
    for copy in eraser.exported(numbers):
        print(f"maild erase: a copy was made, which only its holder can destroy: {copy}", file=sys.stderr)
    if not confirmed(whom):
        return 1
    goes = Goes.EVERYTHING if args.everything else Goes.PERSON
    order = Order(numbers=frozenset(numbers), goes=goes, by=getpass.getuser(), reason=args.reason.strip(),
                  at=workshop.now(), authors=(whom.lower(),) if is_address else ())  # fmt: skip
    from_server(workshop, numbers)
    done = eraser.erase(order)
    from_server_quoting(workshop, done)
    about = {"cases": sorted(numbers), "mails": done.mails, "traces": done.traces}
    said = f"{done.cases} cases erased, {done.mails} raw mails, {done.traces} rows elsewhere that told of them"
    print(json.dumps(about) if args.json else said)
    tell_what_is_left(eraser)
    return _tell_of_examples(workshop, done.words)


def _tell_of_examples(workshop: "Workshop", words: "Words") -> int:
    """Exit status 1 where the office's own examples quote the letter: a person wrote them there, and takes them out."""
    from maild.adapters.examplefile import examples_that_tell

    quoted = list(examples_that_tell(workshop.settings.rules, words.tells))
    for place in quoted:
        print(f"maild erase: {place}: this example quotes the letter; take it out and run maild policy learn.",
              file=sys.stderr)  # fmt: skip
    return 1 if quoted else 0


def _shown(args: argparse.Namespace, found: "list[Case]") -> int:
    if args.json:
        print(json.dumps({"cases": [case.number for case in found]}))
    elif not found:
        print("no case; mails from this address that belong to none would go")
    return 0


def from_server(workshop: "Workshop", numbers: "Collection[str]") -> None:
    """Take the copies off the mail server first, as long as it is known which they are, and say where they stay."""
    from maild.adapters.servercopies import ServerCopies

    count, troubles = ServerCopies(workshop.settings.mailbox, workshop.store).remove(numbers)
    if count:
        print(f"{count} mails removed from the mail server")
    for trouble in troubles:
        print(f"maild erase: {trouble}", file=sys.stderr)


def from_server_quoting(workshop: "Workshop", done: "Erased") -> None:
    """Take the copies of mails that quoted what was erased off the mail server; where they stay was said before."""
    from maild.adapters.servercopies import ServerCopies

    if done.taken.ids:
        count, _ = ServerCopies(workshop.settings.mailbox, workshop.store).remove_known(done.taken.ids, done.taken.raws)
        if count:
            print(f"{count} mails that quoted it removed from the mail server")


def case_line(case: "Case") -> str:
    """A case in a list of what goes: number, type, state, its end."""
    end = f"{case.closed_at:%Y-%m-%d}" if case.closed_at else "-"
    marks = " ".join(word for word, is_so in (("held", case.hold), ("erased", case.erased)) if is_so)
    return f"{case.number}  {case.type:<20}{case.state.value:<12}{end:<12}{marks}".rstrip()


def confirmed(word: str) -> bool:
    """Whether the word is typed once more; nothing is done without it."""
    print(f"This cannot be undone. Type {word} to erase: ", end="", flush=True)
    if sys.stdin.readline().strip() == word:
        return True
    print("maild erase: that is not it; nothing was erased.", file=sys.stderr)
    return False


def tell_what_is_left(eraser: "Eraser") -> None:
    """Write the list beside the last backup, and say where copies may still be."""
    from maild.adapters.erasures import BACKUPS, keep_beside

    with eraser.store.reading() as books:
        kept = books.kept_text(BACKUPS)
    if kept and Path(kept).is_dir():
        keep_beside(eraser.store, Path(kept))
        print(f"maild erase: the backups in {kept} hold it until --keep removes them; a restore erases it again.",
              file=sys.stderr)  # fmt: skip
    elif kept:
        print(f"maild erase: {kept} cannot be reached; run maild backup before you restore from it.", file=sys.stderr)
    if eraser.store.engine.dialect.name == "postgresql":
        print("maild erase: PostgreSQL keeps what a row was in its files until VACUUM FULL.", file=sys.stderr)
