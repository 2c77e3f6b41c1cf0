"""What each entry of gm-mailbox is there for: a row an entry, and how the row is tried."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from maild.adapters.packfile import read_pack
from maild.adapters.shipped import shipped
from maild.adapters.voice import sender_of
from maild.domain.case import Case, ClockKind
from maild.domain.forwarded import matter
from maild.domain.pack import Pack
from maild.domain.page import lay_out
from maild.domain.route import Matter
from maild.domain.sla import start_clock
from maild.domain.verdict import Writing
from tests.domain.office import case, index, member
from tests.domain.times import CALENDAR, local

FOLDER = shipped("rules") / "gm-mailbox"
STAFF, PARTNER, CONSUMER = member("logistics"), "buyer@partner-abc.example", "li@mail-a.example"
STRANGER = "who@elsewhere.example"
MORNING = "2026-11-23 10:00"
"""A Monday; the office works 08:30-12:00 and 13:30-18:00."""


@dataclass(frozen=True)
class Trial:
    """A pack under trial; it is read once."""

    folder: Path = FOLDER

    @cached_property
    def pack(self) -> Pack:
        """The pack with its rules compiled."""
        return read_pack(self.folder, index())


Row = Callable[[Trial], bool]
"""Whether the entry does what it is there for."""

_LETTERS = Path(__file__).with_name("gm-mailbox.rules.jsonl")
LETTERS: Mapping[str, tuple[str, str, str]] = {
    row["rule"]: (row["from"], row["subject"], row["body"])
    for row in map(json.loads, _LETTERS.read_text(encoding="utf-8").splitlines())
}
"""For each rule a letter in which it speaks: From, subject, text."""


def speaks(rule: str) -> Row:
    """The rule is among those that speak in its letter."""

    def tried(trial: Trial) -> bool:
        name, _, address = LETTERS[rule][0].rpartition("<")
        _, subject, text = LETTERS[rule]
        sender = sender_of(address.strip("<>").lower(), index())
        writing = Writing(subject=subject, text=text, author_address=address.strip("<>").lower(),
                          author_name=name.strip(), quoted=text)  # fmt: skip
        policy = trial.pack.policy
        page = lay_out(Writing(**{**vars(writing), "text": matter(writing)}))
        heard = policy.matcher.hits(policy.matcher.find(page), role=sender.role)
        return rule in {hit.rule.id for hit in heard}

    return tried


def ends(kind: str, clock: str, due: str, urgency: str = "normal") -> Row:
    """A case of this type that came on Monday at ten has this clock, and it ends then; without an end it has none."""

    def tried(trial: Trial) -> bool:
        one = case(MORNING, type=kind, urgency=urgency)
        found = start_clock(
            one, ClockKind(clock), start=one.received, deadlines=trial.pack.deadlines, calendar=CALENDAR
        )
        return (local(found.due) if found else "") == due

    return tried


def takes(route: str, kind: str, text: str = "", writer: str = STAFF, customer: str | None = None) -> Row:
    """A letter of this type and text takes this route."""

    def tried(trial: Trial) -> bool:
        said = Matter(kind=kind, writer=writer, subject="", text=text, customer_kind=customer)
        return trial.pack.routes.choose(said, index()).route.id == route

    return tried


def climbs(kind: ClockKind, first: str, **of: object) -> Row:
    """Which posts the first rung of this clock tells."""

    def tried(trial: Trial) -> bool:
        one: Case = case(MORNING, **of)
        ladder = trial.pack.deadlines.ladder(one, kind)
        return " ".join(ladder.rungs[0]) + (" ^" if ladder.upwards else "") == first

    return tried


def is_kind(kind: str, outcome: str, *marks: str, needs: str = "") -> Row:
    """The type ends with this outcome, asks for these points, and has these marks."""

    def tried(trial: Trial) -> bool:
        found = trial.pack.policy.types_by_id.get(kind)
        if found is None:
            return False
        has = {name for name in ("confidential", "customer", "calm") if getattr(found, name)}
        has |= {"silent"} if not found.acknowledge else set()
        return (found.outcome, has, " ".join(found.needs)) == (outcome, set(marks), needs)

    return tried


def asks(point: str, *, waits: bool) -> Row:
    """The point has a question in both languages, and keeps the case waiting or not."""

    def tried(trial: Trial) -> bool:
        found = trial.pack.policy.points_by_id.get(point)
        return found is not None and found.waits is waits and bool(found.question.zh and found.question.en)

    return tried


def heard_as(voice: str, role: str) -> Row:
    """Senders of this role speak in this voice."""
    return lambda trial: any(one.id == voice and role in one.roles for one in trial.pack.policy.voices)


def enters(rule: str, cause: str, decides: str, kind: str = "customer-complaint", amount: int = 0) -> Row:
    """This cause in a case of this type proposes this entry to this role."""

    def tried(trial: Trial) -> bool:
        found = trial.pack.ledger.rule_for(cause, kind)
        return found is not None and (found.id, found.decides, found.amount) == (rule, decides, amount)

    return tried


def gives(word: str, crisis: tuple[str, ...] = ()) -> Row:
    """The telephone list of a critical acknowledgement holds this."""
    return lambda trial: any(word in line["number"] for line in trial.pack.phone_list("zh", crisis))


def holds(read: Callable[[Pack], object], said: object) -> Row:
    """What the pack says in one place."""
    return lambda trial: read(trial.pack) == said
