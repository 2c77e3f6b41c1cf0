"""maild: turns a shared mailbox into casework."""

import argparse
import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import maild
from maild.errors import MaildError, Misconfigured

COMMANDS: dict[str, str] = {
    "run": "the daemon: fetch, handle, watch deadlines, send",
    "once": "one pass, then end",
    "sandbox": "embedded mail servers and the daemon, to try it out",
    "init": "write a commented maild.toml and a first rules folder",
    "doctor": "what is well and what is not, with the mend",
    "login": "sign a mailbox in with OAuth2",
    "parse": "what a raw mail says",
    "classify": "verdict and reasons, nothing stored",
    "explain": "the same for a person",
    "command": "how a reply would be read, nothing done",
    "eval": "how well labelled mails are classified",
    "policy": "list and check policy packs",
    "case": "list and show cases",
    "search": "find cases by words",
    "publish": "what was published: a list, or a page for everybody",
    "report": "the figures of a week, a month, a quarter or a year",
    "ledger": "points, awards and sanctions: proposed, approved, paid",
    "directory": "import people from CSV, export and show them",
    "circulate": "which letters go round, and who has signed what",
    "plan": "what was accepted and cannot be done yet, by date",
    "form": "forms that come round: the calendar, who has returned what, start one",
    "import": "take old mail in as history; sends nothing",
    "reprocess": "derive everything again from the archive; shows first",
    "erase": "erase a person, or one case",
    "retain": "what has been kept long enough, and what must be kept",
    "audit": "verify the history",
    "db": "bring the database up to date",
    "seal": "the key that keeps who wrote a confidential letter secret",
    "backup": "back everything up while the daemon runs",
    "restore": "restore a backup into an empty database",
}
"""Each command is a module of this package with `arguments(parser)` and `run(args) -> int`."""
MODULES = {"import": "backfill"}
"""Commands whose name no module can have."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; exit status 0 done, 1 not well, 2 wrong usage or configuration."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in {"-h", "--help"}:
        print(_help())
        return 0
    if words[0] in {"-V", "--version"}:
        print(f"maild {maild.__version__}")
        return 0
    if words[0] not in COMMANDS:
        print(f"maild: there is no command '{words[0]}'; maild --help lists them.", file=sys.stderr)
        return 2
    return _run(words[0], words[1:])


def _run(name: str, words: Sequence[str]) -> int:
    module = importlib.import_module(f"maild.cli.{MODULES.get(name, name)}")
    parser = argparse.ArgumentParser(
        prog=f"maild {name}", description=module.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    module.arguments(parser)
    if "--config" not in parser.format_help():
        parser.add_argument("-c", "--config", type=Path, metavar="FILE", help="maild.toml; not needed here")
    args = parser.parse_intermixed_args(words)
    try:
        return int(module.run(args))
    except MaildError as error:
        if args.debug:
            raise
        print(f"maild {name}: {_said(error, args)}", file=sys.stderr)
        return 2 if isinstance(error, Misconfigured) else 1
    except (BrokenPipeError, KeyboardInterrupt) as ended:
        return _ended(ended)
    except Exception as error:
        if args.debug:
            raise
        return _unforeseen(name, error)


def _said(error: MaildError, args: argparse.Namespace) -> str:
    """The error in the language of whoever typed the command."""
    from maild.adapters.faultwords import fault_said
    from maild.cli.language import spoken

    return fault_said(error.sentence, spoken(args))


def _ended(ended: BaseException) -> int:
    """The reader of our output went away, or somebody pressed Ctrl-C."""
    if isinstance(ended, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return 130


def _unforeseen(name: str, error: Exception) -> int:
    """An error of maild itself: one sentence; its message may quote a mail, and is shown with --debug alone."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    said = f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno}"
    print(f"maild {name}: {said}, which nobody foresaw; run it again with --debug and report it.", file=sys.stderr)
    return 1


def _help() -> str:
    width = max(map(len, COMMANDS)) + 2
    lines = [f"  {name:<{width}}{what}" for name, what in COMMANDS.items()]
    return "\n".join([
        "usage: maild COMMAND [options]      (maild COMMAND --help: its options, with an example)", "",
        *lines, "", "example: maild sandbox --tour",
    ])  # fmt: skip


def config_argument(parser: argparse.ArgumentParser) -> None:
    """Add -c FILE."""
    parser.add_argument("-c", "--config", type=Path, default=Path("maild.toml"), metavar="FILE", help="maild.toml")


def now_argument(parser: argparse.ArgumentParser) -> None:
    """Add --now, an aware ISO time or one in UTC."""
    parser.add_argument("--now", type=_time, metavar="TIME", help="set the clock, such as 2026-11-24T09:00:00+08:00")


def _time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is no ISO time such as 2026-11-24T09:00:00+08:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
