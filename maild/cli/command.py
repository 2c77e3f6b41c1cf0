"""Say how the fresh text of replies would be read: which orders, by whom, or what would be asked back; nothing is done.

FILE is .jsonl with `id, as, subject, text, answers, state` a line: `as` is the writer's address, `answers` the kind of
mail that is answered (missing: assignment), `state` the case's (missing: assigned).

example: maild command --json --pack gm-mailbox replies.jsonl
         maild command --pack gm-mailbox --now 2026-11-24T10:00:00+08:00 replies.jsonl
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maild.cli.trial import office_of, trial_arguments

if TYPE_CHECKING:
    from maild.adapters.replyfile import FiledReply
    from maild.domain.command import Command, Understanding
    from maild.workflow.office import Office


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild command`."""
    parser.add_argument("file", type=Path, metavar="FILE", help="replies, one JSON object a line")
    parser.add_argument("--pack", required=True, help="the policy pack; maild policy list shows them")
    parser.add_argument("--json", action="store_true", help="one object a line")
    trial_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print one reading a reply, in the order given."""
    from maild.adapters.mailfile import check_files

    check_files([args.file])
    office = office_of(args, args.pack)
    for reply, understood in readings(args.file, office):
        shown = as_json(reply.id, understood)
        print(json.dumps(shown, ensure_ascii=False) if args.json else _line(shown))
    sys.stdout.flush()
    return 0


def readings(path: Path, office: "Office") -> "Iterator[tuple[FiledReply, Understanding]]":
    """Every reply of this file with how it is read for its writer; every verb counts as in force."""
    from maild.adapters.replyfile import read_replies
    from maild.domain.command import spoken_of
    from maild.domain.grammar import understand
    from maild.domain.roundname import round_names
    from maild.domain.typewords import type_words
    from maild.domain.verbs import EVERY
    from maild.domain.writer import allowed, complete, in_state, standing_by_mail

    types = type_words(office.pack.policy.types)
    for reply in read_replies(path):
        calendar = office.calendar_at(reply.writer)
        understood = understand(
            reply.text, answers=reply.answers, names=office.index, now=calendar.local(office.now), state=reply.state,
            subject=reply.subject, types=types, in_force=EVERY, many_cases=True, calendar=calendar,
            rounds=round_names(office.pack.rounds),
        )  # fmt: skip
        answers = spoken_of(reply.answers, reply.state)
        roles = standing_by_mail(reply.writer, answers, office.index, office.pack.coordinator)
        yield reply, complete(in_state(allowed(understood, roles, answers), reply.state), roles)


def as_json(name: str, understood: "Understanding") -> dict[str, Any]:
    """The keys of `maild command --json` (interfaces.md)."""
    return {
        "id": name,
        "decision": understood.decision.value,
        "why": understood.why or None,
        "commands": [_command(one) for one in understood.commands],
        "readings": [_command(one) for one in understood.readings],
        "missing": list(understood.missing),
    }


def _command(command: "Command") -> dict[str, Any]:
    """One order; keys that do not apply are null."""
    from maild.domain.verbs import SPEAKING

    shown = {one.name: getattr(command, one.name) for one in fields(command)}
    return shown | {"text": command.text if command.text and command.verb in SPEAKING else None}


def _line(shown: dict[str, Any]) -> str:
    """One line for a person: what is decided, and each order with what it says."""
    orders = [*map(_short, shown["commands"]), *(f"? {_short(one)}" for one in shown["readings"])]
    missing = f" (missing: {', '.join(shown['missing'])})" if shown["missing"] else ""
    why = f" ({shown['why']})" if shown["why"] else ""
    return f"{shown['id']}: {shown['decision']}{why}{missing} | {' ; '.join(orders) or '-'}"


def _short(command: dict[str, Any]) -> str:
    said = [f"{key}={value}" for key, value in command.items() if key != "verb" and value not in (None, False)]
    return " ".join([command["verb"], *said])
