"""Say what each mail is, why, who would handle it and by when; nothing is stored and nothing is sent.

FILE is a raw mail (.eml), or .jsonl with `id, from, to, cc, subject, body` a line (labels beside them never help).

example: maild classify --json --pack gm-mailbox complaint.eml
         maild classify --pack gm-mailbox --directory directory.yaml mails.jsonl
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maild.cli.trial import office_of, rules_of, settings_of, trial_arguments

if TYPE_CHECKING:
    from maild.adapters.mailfile import FiledMail
    from maild.workflow.judge import Judgement
    from maild.workflow.office import Office


_SAID = {"supervisory-body": "staff"}
"""Roles of the directory that are none of a sender (interfaces.md)."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild classify`."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a raw mail, or .jsonl")
    parser.add_argument("--pack", required=True, help="the policy pack; maild policy list shows them")
    parser.add_argument("--json", action="store_true", help="one object a line")
    parser.add_argument(
        "--lang", choices=["zh", "en"], help="the language of the reasons (default: zh), and of what is wrong"
    )
    trial_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print one verdict a mail, in the order given."""
    from maild.adapters.mailfile import check_files

    check_files(args.files)
    office = office_of(args, args.pack)
    for filed, judgement in judged(args.files, office, rules_of(args, settings_of(args))):
        print(
            json.dumps(as_json(filed, judgement, office, args.lang or "zh"), ensure_ascii=False)
            if args.json
            else _line(filed, judgement, office, args.lang or "zh")
        )
    sys.stdout.flush()
    return 0


def judged(files: list[Path], office: "Office", rules: Path | None = None) -> "Iterator[tuple[FiledMail, Judgement]]":
    """Every mail of these files with what would become of it."""
    from maild.adapters.bannerfile import read_marks
    from maild.adapters.mailfile import read_mails
    from maild.adapters.voice import Voice
    from maild.workflow.judge import judge, with_shared_address

    voice, marks = Voice(), read_marks(rules)
    for path in files:
        for filed in read_mails(path, marks):
            yield filed, judge(filed.mail, with_shared_address(office, filed.mail), voice)


def as_json(filed: "FiledMail", judgement: "Judgement", office: "Office", language: str = "zh") -> dict[str, Any]:
    """The keys of `maild classify --json` (interfaces.md)."""
    verdict, case = judgement.verdict, judgement.case
    return {
        "file": filed.file,
        "id": filed.id,
        "type": verdict.type,
        "confidence": verdict.confidence,
        "reasons": [{"text": r.text, "why": r.why_for(language), "weight": r.weight} for r in verdict.reasons],
        "alternatives": [{"type": a.type, "confidence": a.confidence} for a in verdict.alternatives],
        "urgency": verdict.urgency,
        "sender_role": _SAID.get(verdict.sender_role, verdict.sender_role),
        "customer_kind": verdict.customer_kind,
        "subject_class": verdict.subject_class,
        "names": list(verdict.names),
        "confidential": verdict.confidential,
        "acknowledge": judgement.acknowledgement is not None,
        "missing": list(verdict.missing),
        "handler": {"unit": unit_name(judgement, office), "person": case.handler if case else None},
        "excluded": sorted(case.excluded) if case else [],
        "deadlines": [
            {"kind": clock.kind.value, "due": clock.due.astimezone(office.zone).isoformat(timespec="seconds")}
            for clock in judgement.deadlines
        ],
        "summary": verdict.summary,
    }


def unit_name(judgement: "Judgement", office: "Office") -> str | None:
    """The name of the handler's unit."""
    unit = office.index.units.get(judgement.case.unit or "") if judgement.case else None
    return unit.name if unit else None


def _line(filed: "FiledMail", judgement: "Judgement", office: "Office", language: str) -> str:
    verdict, case = judgement.verdict, judgement.case
    due = min((clock.due for clock in judgement.deadlines), default=None)
    when = due.astimezone(office.zone).isoformat(sep=" ", timespec="minutes") if due else "-"
    who = " ".join(word for word in (unit_name(judgement, office), case.handler if case else None) if word) or "-"
    top = "; ".join(f"{r.text} ({r.why_for(language)} {r.weight:+g})" for r in verdict.reasons[:2])
    where = filed.file if filed.mail.sha256 else f"{filed.file} {filed.id}"
    what = f"{verdict.type} {verdict.confidence:.2f} {verdict.urgency}"
    return f"{where}: {what} | {who} | {when} | {top or verdict.summary}"
