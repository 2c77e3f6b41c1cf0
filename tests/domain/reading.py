"""Reading replies in tests as `maild command` does, over the shipped sample organisation."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from maild.adapters.packfile import read_pack
from maild.adapters.replyfile import FiledReply, read_replies
from maild.adapters.workdays import open_calendar
from maild.domain.command import Understanding, spoken_of
from maild.domain.grammar import understand
from maild.domain.pack import Pack
from maild.domain.typewords import type_words
from maild.domain.verbs import EVERY
from maild.domain.worktime import WorkCalendar
from maild.domain.writer import allowed, complete, in_state, standing_by_mail
from tests.domain.sample import PACK, index

CORPUS = Path(__file__).parent.parent / "corpus" / "orders"
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Tuesday."""


@cache
def pack() -> Pack:
    """The gm-mailbox pack as shipped."""
    return read_pack(PACK, index())


def read_for(reply: FiledReply) -> Understanding:
    """How a reply is read for its writer, every verb in force."""
    understood = understand(
        reply.text, answers=reply.answers, names=index(), now=NOW, state=reply.state, subject=reply.subject,
        types=type_words(pack().policy.types), in_force=EVERY, many_cases=True, calendar=calendar(),
    )  # fmt: skip
    answers = spoken_of(reply.answers, reply.state)
    roles = standing_by_mail(reply.writer, answers, index(), pack().coordinator)
    return complete(in_state(allowed(understood, roles, answers), reply.state), roles)


@cache
def calendar() -> WorkCalendar:
    """The working days of mainland China."""
    return open_calendar()


@cache
def corpus() -> tuple[tuple[FiledReply, dict[str, Any]], ...]:
    """The replies of tests/corpus/orders with what is expected of each."""
    found = []
    for path in sorted(CORPUS.glob("*.jsonl")):
        expected = [json.loads(line)["expect"] for line in path.read_text("utf-8").splitlines() if line.strip()]
        found += list(zip(read_replies(path), expected, strict=True))
    return tuple(found)
