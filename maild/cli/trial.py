"""What the commands that try mails out have in common: pack, directory, rules, clock. Not a command itself."""

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maild.cli.main import now_argument

if TYPE_CHECKING:
    from maild.settings import Settings
    from maild.workflow.office import Office

DEFAULT = Path("maild.toml")
PACK = "gm-mailbox"


def trial_arguments(parser: argparse.ArgumentParser) -> None:
    """Add --directory, --rules, --mailbox, --now and -c."""
    parser.add_argument(
        "--directory", type=Path, metavar="FILE", help="directory.yaml; default: the sample organisation"
    )
    parser.add_argument(
        "--rules", type=Path, metavar="DIR", help="a folder of packs that comes before the shipped ones"
    )
    parser.add_argument(
        "--mailbox", default="", metavar="ADDRESS", help="the shared address; default: seen in each mail"
    )
    parser.add_argument("-c", "--config", type=Path, metavar="FILE", help="maild.toml (default: the one here, if any)")
    now_argument(parser)


def office_of(args: argparse.Namespace, pack: str) -> "Office":
    """The office that these arguments describe."""
    from dataclasses import replace

    from maild.adapters.trial import trial_office
    from maild.settings import MailboxSettings

    settings = settings_of(args)
    organisation, box = settings.organisation, next((b for b in settings.mailbox if b.pack == pack), None)
    if args.directory:
        organisation = replace(organisation, directory=args.directory)
    box = replace(box or MailboxSettings(address="", pack=pack), **({"address": args.mailbox} if args.mailbox else {}))
    now = args.now or datetime.now(UTC)
    return trial_office(pack, now.astimezone(UTC), organisation=organisation, rules=rules_of(args, settings), box=box)


def settings_of(args: argparse.Namespace) -> "Settings":
    """maild.toml where there is one, with whatever password; else the defaults."""
    from maild.config import load
    from maild.settings import Settings

    path = args.config or DEFAULT
    return load(path, _AnyPassword(os.environ)) if args.config or path.is_file() else Settings()


def rules_of(args: argparse.Namespace, settings: "Settings") -> Path | None:
    """The folder of the office's own packs."""
    from maild.errors import Misconfigured

    rules: Path | None = args.rules or settings.rules
    if args.rules and not args.rules.is_dir():
        raise Misconfigured(f"{args.rules}: there is no such folder; check --rules.")
    return rules


class _AnyPassword(dict[str, str]):
    """The environment for commands that log in nowhere: a password that is not set is no mistake."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return "-"

    def get(self, name: str, default: Any = None) -> Any:
        """Whoever has a default asks for no password: the addresses of the urgent channel, say."""
        return self[name] if default is None else super().get(name, default)
