"""Plays one conversation of tests/corpus/threads against an installation and holds it to its thread.yaml."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from tests.journeys.desk import Letter, TestDesk
from tests.journeys.fill import fill
from tests.journeys.letters import whole

CORPUS = Path(__file__).resolve().parent.parent / "corpus" / "threads"
KINDS = {
    "ack": {"requester.acknowledgement"},
    "notice": {"manager.notice", "handler.assignment", "handler.addition", "manager.away"},
    "assignment": {"handler.assignment"},
    "answer": {"requester.answer"},
    "ask-back": {"requester.question", "requester.acknowledgement"},
    "reminder": {"handler.reminder"},
    "added": {"requester.added"},
    "reopened": {"handler.reopened"},
    "hand-up": {"manager.hand-up"},
    "adopted": {"requester.adopted", "requester.planned"},
    "status": {"staff.status"},
    "progress": {"requester.progress"},
    "result": {"manager.progress"},
    "refusal": {"staff.refusal"},
    "bounce-notice": {"staff.bounce"},
    "circulation": {"receiver.circulation"},
    "escalation": {"manager.escalation", "manager.combined"},
    "security-notice": {"manager.security", "staff.security", "manager.notice"},
}
"""The conversation's words for our letters."""
STATES = {
    "assigned": {"assigned", "in-progress", "new"},
    "answered": {"answered"},
    "reopened": {"reopened"},
    "closed": {"closed"},
    "planned": {"planned"},
    "circulating": {"circulating"},
    "waiting-sender": {"waiting"},
}


LEVELS = ("low", "normal", "high", "critical")
_GM_HIMSELF = {"the general manager himself": "chen.guodong@corp.example"}


@dataclass
class Conversation:
    """One conversation being played."""

    name: str
    desk: TestDesk
    cases: dict[str, str] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    before: list[dict[str, Any]] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    """What tells who wrote: from then on nobody but its writer may read it (`must_not_leak`)."""
    writers: set[str] = field(default_factory=set)
    never_to: set[str] = field(default_factory=set)
    """To whom nothing of the first letter may ever go."""

    def mails(self, until: str = "99") -> list[dict[str, Any]]:
        """The mails of the conversation up to the one whose file begins with `until`."""
        whole = yaml.safe_load((CORPUS / self.name / "thread.yaml").read_text("utf-8"))
        return [mail for mail in whole["mails"] if mail["file"][:2] <= until]

    def moments(self) -> list[dict[str, Any]]:
        """The moments at which the conversation says what time alone has done."""
        return list(yaml.safe_load((CORPUS / self.name / "thread.yaml").read_text("utf-8")).get("at_time", []))

    def pass_by(self, moment: dict[str, Any]) -> list[str]:
        """Let the time come, and return what is not as its `expect` says."""
        self.before = self.desk.cases()
        self.desk.now = datetime.fromisoformat(moment["at"])
        went = self.desk.one_pass()
        self.letters += went
        case = next(case for case in self.desk.cases() if case["number"] == self.cases["A"])
        wrong = _wrong_case(moment["expect"], case) + self._wrong_rounds(moment["expect"])
        wrong += _wrong_letters(moment["expect"], went)
        return [f"{moment['at']}: {what}" for what in wrong]

    def _wrong_rounds(self, expect: dict[str, Any], label: str = "A") -> list[str]:
        """The receivers of a circulation and what they have signed, against `circulation`, `receipts`, `unrelayed`."""
        if not {"circulation", "receipts", "unrelayed"} & set(expect) or label not in self.cases:
            return []
        case = next(case for case in self.desk.cases() if case["number"] == self.cases[label])
        rows = {row["unit"]: row for row in case["circulation"]}
        wrong = []
        if (asked := expect.get("circulation")) and {r["receiver"] for r in rows.values()} != set(asked["heads"]):
            wrong.append(f"it went to {sorted(rows)}, not to {asked['heads']}")
        for unit, step in expect.get("receipts", {}).items():
            taken = [one for one, at in rows[unit]["signed"].items() if at]
            allowed = {step, *expect.get("accept_receipt", {}).get(unit, [])}
            if (taken[-1] if taken else None) not in allowed:
                wrong.append(f"{unit} has signed {taken}, not {allowed}")
        if (
            "unrelayed" in expect
            and (open_ := [u for u, row in rows.items() if not {"received", "relayed"} & set(row["signed"])])
            != expect["unrelayed"]
        ):
            wrong.append(f"not relayed: {open_}, not {expect['unrelayed']}")
        return wrong

    def play(self, mail: dict[str, Any]) -> list[str]:
        """Deliver one mail and return what is not as its `expect` says."""
        raw = (CORPUS / self.name / mail["file"]).read_bytes()
        if mail.get("answers", {}).get("mail") == "reminder":
            self._wait_until(datetime.fromisoformat(mail["at"]))
        if answered := self._answered(mail.get("answers")):
            raw = fill(raw, {"CASE_TOKEN": answered.token, "CASE_ADDRESS": answered.reply_to})
        self.before = self.desk.cases()
        went = self.desk.receive(raw, at=datetime.fromisoformat(mail["at"]))
        self.letters += went
        return [f"{mail['file']}: {what}" for what in (*self._wrong(mail["expect"], went), *self._leaks(mail, went))]

    def _leaks(self, mail: dict[str, Any], went: list[Letter]) -> list[str]:
        expect = mail["expect"]
        if expect.get("must_not_leak"):
            self.secrets |= set(expect["must_not_leak"])
            self.writers.add(mail["from"])
            self.never_to |= set(expect.get("accept_never_to", expect.get("never_to", [])))
        return self.leaked(went)

    def leaked(self, letters: list[Letter]) -> list[str]:
        """What tells who wrote, in words, headers and file names of a letter to anybody else."""
        return [f"'{word}' leaked to {x.to} in {x.kind}" for x in letters if x.to not in self.writers
                for word in sorted(self.secrets) if word in whole(x, files=False)]  # fmt: skip

    def _wait_until(self, at: datetime) -> None:
        """Days go by, with a pass each, until the reminder that is answered has come."""
        while self.desk.now + timedelta(days=1) < at:
            self.letters += self.desk.later(timedelta(days=1))

    def _answered(self, answers: dict[str, str] | None) -> Letter | None:
        if not answers:
            return None
        wanted = [x for x in self.letters if x.to == answers["sent_to"] and x._kind in KINDS[answers["mail"]]]
        assert wanted, f"no {answers['mail']} went to {answers['sent_to']}"
        return wanted[-1]

    def _wrong(self, expect: dict[str, Any], went: list[Letter]) -> list[str]:
        after = {case["number"]: case for case in self.desk.cases()}
        new = [number for number in after if number not in {case["number"] for case in self.before}]
        wrong = self._wrong_cases(expect, new)
        label = expect.get("case")
        if label in self.cases:
            wrong += self._wrong_ledger(expect.get("ledger", []), self.cases[label])
            wrong += self._wrong_links(expect, after[self.cases[label]])
            wrong += _wrong_case(expect, after[self.cases[label]]) + self._wrong_rounds(expect, str(label))
        return wrong + _wrong_letters(expect, went)

    def _wrong_links(self, expect: dict[str, Any], case: dict[str, Any]) -> list[str]:
        other = self.cases.get(expect.get("linked_to", ""), "")
        return [f"it is not linked to {other}"] if other and other not in case["links"] else []

    def _wrong_ledger(self, expected: list[dict[str, Any]], number: str) -> list[str]:
        """What the ledger lacks of this conversation's entries."""
        with self.desk.workshop().store.reading() as books:
            entries = books.ledger_of(number)
        house = self.desk.workshop().house
        index = next(iter(house.desks.values())).index
        known = [
            (e.rule, {e.person, e.who, p.name if (p := index.person(e.person)) else ""}, e.amount, e.state.value)
            for e in entries
        ]
        return [
            f"the ledger lacks {one}: {known}"
            for one in expected
            if not any(
                rule == one["kind"]
                and (one.get("person") or one.get("to")) in whose
                and amount == one.get("amount_cny", amount)
                and state == one["state"]
                for rule, whose, amount, state in known
            )
        ]

    def _wrong_cases(self, expect: dict[str, Any], new: list[str]) -> list[str]:
        events = {expect["event"], *expect.get("accept_event", [])}
        if expect["event"] == "case-created" or (new and "case-created" in events and expect.get("case")):
            if len(new) != 1:
                return [f"{len(new)} new cases"]
            self.cases[expect["case"]] = new[0]
        elif new and events.isdisjoint({"unclassified", "case-created", "case-created-linked"}):
            return [f"a new case {new}"]
        return []


def _wrong_case(expect: dict[str, Any], case: dict[str, Any]) -> list[str]:
    facts = [key for key in ("type", "customer_kind", "confidential") if key in expect]
    wrong = [f"{key} is {case[key]}, not {expect[key]}" for key in facts if case[key] != expect[key]]
    if LEVELS.index(case["urgency"]) < LEVELS.index(expect.get("urgency", "low")):
        wrong.append(f"the urgency is {case['urgency']}, not {expect['urgency']} or more")
    handlers = {expect.get("handler"), *expect.get("accept_handler", [])} - {None}
    if (
        handlers
        and case["unit"] not in handlers
        and case["handler"] not in {expect.get("handler_address"), _GM_HIMSELF.get(expect.get("handler_is", ""))}
    ):
        wrong.append(f"the handler is {case['unit']}, not {handlers}")
    states = STATES.get(expect.get("status", ""), set())
    if states and case["state"] not in states:
        wrong.append(f"the state is {case['state']}, not {states}")
    if "names" in expect and not _same_names(case["names"], expect["names"]):
        wrong.append(f"names are {case['names']}, not {expect['names']}")
    return wrong


def _same_names(found: list[str], wanted: list[str]) -> bool:
    """The same people, whether or not their post stands before the name."""
    pairs = zip(sorted(found, key=_turned), sorted(wanted, key=_turned), strict=False)
    return len(found) == len(wanted) and all(one.endswith(other) for other, one in pairs)


def _turned(name: str) -> str:
    return name[::-1]


def _wrong_letters(expect: dict[str, Any], went: list[Letter]) -> list[str]:
    acks = [x for x in went if x._kind in {"requester.acknowledgement", "requester.reopened", "staff.recorded"}]
    wanted = expect.get("outgoing", [])
    wrong = []
    allowed_ack = any(w["kind"] == "ack" for w in wanted)
    if expect.get("ack") and {x.to for x in acks} - {expect["ack_to"], *expect.get("accept_ack_to", [])}:
        wrong.append(f"acknowledged to {[x.to for x in acks]}")
    if bool(expect.get("ack")) != bool(acks) and not allowed_ack:
        wrong.append(f"acknowledged: {[x.to for x in acks]}")
    wrong += [f"something went to {x.to}" for x in went if x.to in expect.get("never_to", [])]
    wrong += [f"{x._kind} went to {x.to}" for x in went if wanted == [] and "outgoing" in expect]
    for outgoing in wanted:
        wrong += _wrong_outgoing(outgoing, went)
    return wrong


def _wrong_outgoing(outgoing: dict[str, Any], went: list[Letter]) -> list[str]:
    found = [x for x in went if x._kind in KINDS.get(outgoing["kind"], {"requester.acknowledgement"})]
    found = [x for x in found if x.to == outgoing["to"]]
    if not found:
        return [] if outgoing.get("optional") else [f"no {outgoing['kind']} to {outgoing['to']}"]
    text = found[-1].text
    wrong = [f"'{part}' is missing" for part in outgoing.get("contains", []) if part not in text]
    return wrong + [f"'{part}' leaked" for part in outgoing.get("must_not_contain", []) if part in text]
