"""The shipped pack and its sample organisation, compiled once for all tests of triage."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from maild.adapters.directoryfile import read_directory
from maild.adapters.rulebook import read_policy
from maild.adapters.shipped import shipped
from maild.adapters.voice import sender_of
from maild.domain.lookup import Index
from maild.domain.policy import Policy
from maild.domain.triage import classify
from maild.domain.verdict import Verdict, Writing

FOLDER = shipped("rules") / "gm-mailbox"
CORPUS = Path(__file__).parent.parent / "corpus" / "triage" / "gm-mailbox.jsonl"
STAFF, HEAD, GM = "somebody@corp.example", "zhao.weidong@corp.example", "chen.guodong@corp.example"
CONSUMER, PARTNER, PRIVATE = "someone@mail-q.example", "buyer@partner-abc.example", "xx12@mail-free.example"


@lru_cache(maxsize=1)
def policy() -> Policy:
    """The shipped gm-mailbox pack."""
    return read_policy(FOLDER)


@lru_cache(maxsize=1)
def index() -> Index:
    """The sample organisation."""
    return Index(read_directory(FOLDER / "directory.yaml"), domain="corp.example")


def say(text: str, author: str = STAFF, subject: str = "", **more: Any) -> Verdict:
    """The verdict on a mail of this author."""
    name = more.pop("name", "")
    writing = Writing(subject=subject, text=text, author_address=author, author_name=name, **more)
    return classify(writing, policy(), sender_of(author, index()))


def corpus(name: str = "gm-mailbox") -> list[dict[str, Any]]:
    """Labelled mails: this project's own, or another file of the corpus."""
    path = CORPUS.with_stem(name)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def judged(mail: dict[str, Any]) -> Verdict:
    """The verdict on one labelled mail; its labels stay outside."""
    name, _, address = str(mail["from"]).rpartition("<")
    return say(mail["body"], address.strip("<>").lower(), mail["subject"], name=name.strip(), quoted=mail["body"])
