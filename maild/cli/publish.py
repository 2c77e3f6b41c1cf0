"""Publications 公示: questions and answers that a person approved for everybody to read.

To publish, answer a mail of an answered case with 公示; 撤下公示 takes it down. Here they are listed, or written as one
page that can be put on an intranet: it names nobody, and loads nothing from elsewhere.

example: maild publish list --json
         maild publish page publications.html
"""

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from maild.cli.main import config_argument
from maild.errors import Misconfigured

if TYPE_CHECKING:
    from maild.settings import Settings

_FIRST, _LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(9998, 1, 1, tzinfo=UTC)
_SHOWN = ("day", "question", "unit_name", "answer")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild publish`."""
    parser.add_argument("what", choices=["list", "page"])
    parser.add_argument("file", nargs="?", type=Path, help="the page to write, for page")
    config_argument(parser)
    parser.add_argument("--json", action="store_true", help="one array, for list")
    parser.add_argument("--language", choices=["zh", "en"], default="zh", help="of the page")


def run(args: argparse.Namespace) -> int:
    """Print or write, newest first; exit status 2 when no file is named for the page."""
    from maild.config import load

    if (args.what == "page") != bool(args.file):
        print("maild publish: write `maild publish list` or `maild publish page FILE.html`.", file=sys.stderr)
        return 2
    settings = load(args.config, os.environ)
    rows = _standing(settings, args.language)
    if args.what == "page":
        _write(args.file, rows, args.language)
        print(f"{args.file}: {len(rows)}")
    elif args.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        print("\n\n".join(f"{row['case']}  {row['day']}\n  {row['question']}\n  {row['answer']}" for row in rows))
    return 0


def _standing(settings: "Settings", language: str) -> list[dict[str, Any]]:
    """What is published and belongs to no case that has become confidential since, the newest first."""
    from maild.adapters.sealring import read_ring
    from maild.adapters.store import Store
    from maild.assembly import read_house
    from maild.domain.maskrules import together
    from maild.domain.masks import masked
    from maild.domain.wording import day_text

    zone, house = ZoneInfo(settings.organisation.timezone), read_house(settings)
    units, look = house.unit_names, together(house.looks.values())
    store = Store.open(settings.store.url, settings.base, read_ring(settings.seal))
    try:
        with store.reading() as books:
            found = [one for box in settings.mailbox for one in books.publications_between(box.address, _FIRST, _LAST)]
            found = [one for one in found if (case := books.case(one.case)) and not case.confidential]
    finally:
        store.close()
    return [
        {"case": one.case, "day": day_text(one.at.astimezone(zone), language, year=True),
         "question": masked(one.question, look),
         "unit_name": units.get(one.unit, "") if one.unit else "", "answer": masked(one.answer, look)}
        for one in sorted(found, key=lambda one: one.at, reverse=True)
    ]  # fmt: skip


def _write(path: Path, rows: list[dict[str, Any]], language: str) -> None:
    from maild.adapters.catalogue import Catalogue
    from maild.adapters.lettersandbox import LetterSandbox
    from maild.adapters.lettertools import tools
    from maild.adapters.shipped import shipped

    word = Catalogue(language, [shipped("templates")]).word
    said = {name: word("publications", name) for name in ("title", "foot", "question", "answer", "none")}
    template = LetterSandbox("html", [shipped("templates")], tools("html")).get_template("publications.html.j2")
    shown = [{name: row[name] for name in _SHOWN} for row in rows]
    page = template.render(publications=shown, lang="zh-CN" if language == "zh" else "en", **said)
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise Misconfigured(f"{path}: cannot be written ({error.strerror}); use a folder of your own.") from error
