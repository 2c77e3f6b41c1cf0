"""Mails a second through triage, and how long `maild --help` takes: python -m tests.benchmarks.classify [--quick] [--json].

The mails are those of tests/corpus/triage, each tried with the sample organisation; the pack is compiled beforehand.
"""

import argparse
import json
import platform
import subprocess
import sys
import time
from pathlib import Path

from maild.adapters.directoryfile import read_directory
from maild.adapters.rulebook import read_policy
from maild.adapters.shipped import shipped
from maild.adapters.voice import sender_of
from maild.domain.lookup import Index
from maild.domain.policy import Policy
from maild.domain.triage import classify
from maild.domain.verdict import Writing

CORPUS = Path(__file__).parent.parent / "corpus" / "triage" / "gm-mailbox.jsonl"


def main() -> None:
    """Measure and print; the last line is the JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few seconds")
    parser.add_argument("--json", action="store_true", help="nothing but the JSON object")
    args = parser.parse_args()
    figures = measure(seconds=3.0 if args.quick else 15.0, starts=3 if args.quick else 9)
    if not args.json:
        print(f"{figures['mails_per_second']:,} mails/s; maild --help {figures['help_seconds']} s")
    print(json.dumps(figures))


def measure(seconds: float, starts: int) -> dict[str, object]:
    """The figures of one run."""
    begun = time.perf_counter()
    folder = shipped("rules") / "gm-mailbox"
    policy = read_policy(folder)
    index = Index(read_directory(folder / "directory.yaml"), domain="corp.example")
    writings = [_writing(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    _pass(writings, policy, index)
    ready = time.perf_counter() - begun
    best, mails, until = 0.0, 0, time.perf_counter() + seconds
    while time.perf_counter() < until:
        start = time.perf_counter()
        _pass(writings, policy, index)
        best = max(best, len(writings) / (time.perf_counter() - start))
        mails += len(writings)
    return {
        "benchmark": "classify",
        "mails": mails,
        "characters_per_mail": round(sum(len(one.text) for one in writings) / len(writings)),
        "rules": len(policy.rules),
        "examples": len(policy.examples),
        "mails_per_second": round(best),
        "ready_seconds": round(ready, 2),
        "help_seconds": _help(starts),
        "python": platform.python_version(),
    }


def _writing(line: str) -> Writing:
    mail = json.loads(line)
    name, _, address = str(mail["from"]).rpartition("<")
    return Writing(
        subject=mail["subject"],
        text=mail["body"],
        author_address=address.strip("<>").lower(),
        author_name=name.strip(),
    )


def _pass(writings: list[Writing], policy: Policy, index: Index) -> None:
    for writing in writings:
        classify(writing, policy, sender_of(writing.author_address, index))


def _help(starts: int) -> float:
    times = []
    for _ in range(starts):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-m", "maild", "--help"], check=True, capture_output=True)
        times.append(time.perf_counter() - begun)
    return round(sorted(times)[len(times) // 2], 3)


if __name__ == "__main__":
    main()
