"""How well mails are told that the example mails do not hold: python -m tests.benchmarks.crossread [--quick] [--json].

Each file of tests/corpus/triage/written-*.jsonl is left out of the examples in turn, the rest is learned anew, and the
file is judged: what changes here when a mechanism or a weight changes would change for mails that nobody has seen.
"""

import argparse
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from maild.adapters.directoryfile import read_directory
from maild.adapters.rulebook import read_policy
from maild.adapters.shipped import shipped
from maild.adapters.voice import sender_of
from maild.domain.lookup import Index
from maild.domain.policy import NOT_FEEDBACK, Policy
from maild.domain.triage import classify
from maild.domain.verdict import Verdict, Writing

CORPUS = Path(__file__).parent.parent / "corpus" / "triage"
GRAVE = ("retaliation", "staff-report")


def main() -> None:
    """Measure and print; the last line is the JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="every third file")
    parser.add_argument("--json", action="store_true", help="nothing but the JSON object")
    args = parser.parse_args()
    found = measure(step=3 if args.quick else 1)
    if not args.json:
        for name, share in found["files"].items():
            print(f"{name:<24}{share:.1%}")
    print(json.dumps(found))


def measure(step: int) -> dict[str, Any]:
    """The figures of one run."""
    folder = shipped("rules") / "gm-mailbox"
    policy, index = read_policy(folder), Index(read_directory(folder / "directory.yaml"), domain="corp.example")
    files, told = {}, Counter[str]()
    for path in sorted(CORPUS.glob("written-*.jsonl"))[::step]:
        mails = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        without = _without(policy, mails)
        right = 0
        for mail in mails:
            verdict = _judged(mail, without, index)
            right += verdict.type == mail["type"]
            told.update(_counted(mail, verdict))
        files[path.stem.removeprefix("written-")] = round(right / len(mails), 4)
    return {
        "benchmark": "crossread",
        "mails": told["mails"],
        "files": files,
        "type": _part(told, "type"),
        "urgency": _part(told, "urgency"),
        "confidential": _part(told, "confidential"),
        "customer_kind": round(told["customer_kind"] / max(1, told["customers"]), 4),
        "recall": {kind: round(told[f"found/{kind}"] / max(1, told[kind]), 4) for kind in GRAVE},
        "wrongly_set_aside": round(told["set aside"] / max(1, told["feedback"]), 4),
    }


def _without(policy: Policy, mails: list[dict[str, Any]]) -> Policy:
    texts = {mail["body"] for mail in mails}
    return replace(policy, examples=tuple(one for one in policy.examples if one.text not in texts), marks={})


def _judged(mail: dict[str, Any], policy: Policy, index: Index) -> Verdict:
    name, _, address = str(mail["from"]).rpartition("<")
    address = address.strip("<>").lower()
    writing = Writing(
        subject=mail["subject"],
        text=mail["body"],
        quoted=mail["body"],
        author_address=address,
        author_name=name.strip(),
    )
    return classify(writing, policy, sender_of(address, index))


def _counted(mail: dict[str, Any], verdict: Verdict) -> Counter[str]:
    told = Counter({"mails": 1, mail["type"]: 1, "feedback": mail["type"] != NOT_FEEDBACK})
    told["type"] = verdict.type == mail["type"]
    told[f"found/{mail['type']}"] = verdict.type == mail["type"]
    told["set aside"] = verdict.type == NOT_FEEDBACK != mail["type"]
    told["urgency"] = verdict.urgency == mail["urgency"]
    told["confidential"] = verdict.confidential == mail["confidential"]
    told["customers"] = mail["customer_kind"] is not None
    told["customer_kind"] = mail["customer_kind"] is not None and verdict.customer_kind == mail["customer_kind"]
    return told


def _part(told: Counter[str], name: str) -> float:
    return round(told[name] / max(1, told["mails"]), 4)


if __name__ == "__main__":
    main()
