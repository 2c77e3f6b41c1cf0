"""Say for a person why a mail is what it is: words that counted, handler, deadlines, the acknowledgement.

FILE is a raw mail (.eml), or .jsonl, of which --id chooses a line. Nothing is stored and nothing is sent.

example: maild explain complaint.eml --html complaint.html
         maild explain mails.jsonl --id dev-gm-001 --lang en
"""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from maild.cli.trial import PACK, office_of, rules_of, settings_of, trial_arguments

if TYPE_CHECKING:
    from maild.adapters.mailfile import FiledMail


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild explain`."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a raw mail, or .jsonl")
    parser.add_argument("--pack", default=PACK, help=f"the policy pack (default {PACK})")
    parser.add_argument("--html", type=Path, metavar="OUT", help="write a page instead of printing")
    parser.add_argument("--lang", choices=["zh", "en"], default="zh", help="the language of the explanation")
    parser.add_argument("--id", default="", help="which line of a .jsonl; default: the first")
    trial_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print the explanation, or write it as a page."""
    from maild.adapters.explainpage import Explainer
    from maild.adapters.voice import Voice
    from maild.workflow.judge import judge, with_shared_address

    mail = _chosen(args.file, args.id, rules_of(args, settings_of(args))).mail
    office = with_shared_address(office_of(args, args.pack), mail)
    explainer = Explainer(args.lang, settings_of(args).templates)
    judgement = judge(mail, office, Voice())
    if args.html is None:
        colours = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        print(explainer.text(mail, judgement, office, colours=colours))
        return 0
    _write(args.html, explainer.html(mail, judgement, office))
    print(args.html)
    return 0


def _chosen(path: Path, wanted: str, rules: Path | None) -> "FiledMail":
    from maild.adapters.bannerfile import read_marks
    from maild.adapters.mailfile import check_files, read_mails
    from maild.errors import Misconfigured

    check_files([path])
    found = next((filed for filed in read_mails(path, read_marks(rules)) if not wanted or filed.id == wanted), None)
    if found is None:
        raise Misconfigured(f"{path}: there is no mail {wanted} in it; check the file and --id.")
    return found


def _write(path: Path, page: str) -> None:
    from maild.errors import Misconfigured

    try:
        path.write_text(page, "utf-8")
    except OSError as error:
        raise Misconfigured(f"{path}: cannot be written ({error.strerror}); check --html.") from error
