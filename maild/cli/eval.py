"""Say how well labelled mails are classified: accuracy, precision and recall by type and of names, the wrong ones.

FILE is .jsonl with `id, from, to, cc, subject, body` and the label `type` (and `names`) a line.
Labels never go into the judgement.

example: maild eval mails.jsonl
         maild eval --json --pack gm-mailbox --directory directory.yaml mails.jsonl
         maild eval --plot mails.jsonl
"""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maild.cli.trial import PACK, office_of, trial_arguments

if TYPE_CHECKING:
    from maild.domain.score import Judged, Score


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild eval`."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=".jsonl with labels")
    parser.add_argument("--pack", default=PACK, help=f"the policy pack (default: {PACK})")
    parser.add_argument("--json", action="store_true", help="one object")
    parser.add_argument("--plot", action="store_true", help="also save confusion.png here (needs maild[charts])")
    trial_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Judge, compare, print."""
    from maild.domain.score import score

    found = score(_judged(args))
    if args.plot:
        from maild.adapters.confusionplot import draw_confusion

        draw_confusion(found, Path("confusion.png"))
    print(json.dumps(as_json(found), ensure_ascii=False, indent=2) if args.json else as_text(found))
    return 0


def _judged(args: argparse.Namespace) -> "list[Judged]":
    from maild.adapters.mailfile import check_files
    from maild.cli.classify import judged
    from maild.domain.score import Judged

    check_files(args.files)
    labels = [label for path in args.files for label in _labels(path)]
    office = office_of(args, args.pack)
    result = []
    for label, (filed, judgement) in zip(labels, judged(args.files, office), strict=True):
        verdict = judgement.verdict
        result.append(
            Judged(
                id=filed.id or filed.file,
                expected=str(label["type"]),
                names=verdict.names,
                names_expected=_names(label),
                said=verdict.type,
                confidence=verdict.confidence,
                subject=filed.mail.subject,
                reasons=tuple(f"{reason.text} ({reason.why} {reason.weight:+g})" for reason in verdict.reasons[:3]),
            )
        )
    return result


def _names(label: dict[str, Any]) -> tuple[str, ...] | None:
    names = label.get("names")
    return tuple(map(str, names)) if isinstance(names, list) else None


def _labels(path: Path) -> list[dict[str, Any]]:
    """Each line with its label; `Misconfigured` where there is none."""
    from maild.errors import Misconfigured

    result = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        try:
            label = json.loads(line)
            result.append({"type": label["type"], "names": label.get("names")})
        except (ValueError, TypeError, KeyError) as error:
            mend = 'give each line a "type", or use maild classify'
            raise Misconfigured(f"{path}:{number}: there is no label to compare with; {mend}.") from error
    return result


def as_json(found: "Score") -> dict[str, Any]:
    """The figures, rounded to four places."""
    return {
        "mails": found.mails,
        "right": found.right,
        "accuracy": round(found.accuracy, 4),
        "types": {
            one.type: {
                "mails": one.mails,
                "said": one.said,
                "precision": _rounded(one.precision),
                "recall": _rounded(one.recall),
            }
            for one in found.types
        },
        "names": {
            "labelled": found.names.labelled,
            "said": found.names.said,
            "precision": _rounded(found.names.precision),
            "recall": _rounded(found.names.recall),
        },
        "confusion": [{"label": a, "said": b, "mails": number} for a, b, number in found.confusion],
        "wrong": [
            {
                "id": one.id,
                "label": one.expected,
                "said": one.said,
                "confidence": one.confidence,
                "reasons": list(one.reasons),
            }
            for one in found.wrong
        ],
    }


def as_text(found: "Score") -> str:
    """The same for a person."""
    lines = [f"{found.mails} mails, {found.right} right: {found.accuracy:.1%}", ""]
    lines.append(f"{'type':<22}{'mails':>7}{'said':>7}{'precision':>11}{'recall':>9}")
    lines += [
        f"{one.type:<22}{one.mails:>7}{one.said:>7}{_percent(one.precision):>11}{_percent(one.recall):>9}"
        for one in found.types
    ]
    named = found.names
    if named.labelled or named.said:
        lines.append(
            f"{'names':<22}{named.labelled:>7}{named.said:>7}{_percent(named.precision):>11}{_percent(named.recall):>9}"
        )
    if found.confusion:
        lines += ["", "taken for something else:"]
        lines += [f"  {number} x {label} -> {said}" for label, said, number in found.confusion]
    for one in found.wrong:
        lines += ["", f"{one.id}: {one.expected}, said {one.said} ({one.confidence:.2f}): {one.subject}"]
        lines += [f"    {reason}" for reason in one.reasons]
    return "\n".join(lines)


def _rounded(part: float | None) -> float | None:
    return None if part is None else round(part, 4)


def _percent(part: float | None) -> str:
    return "-" if part is None else f"{part:.1%}"
