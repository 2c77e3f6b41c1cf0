"""What must hold at the end of the year, asked of the letters that arrived and of books that the oracle keeps itself.

Nothing here decides by maild's code: who is above whom, what a working day is, what each type promises and whom a
letter blames the oracle knows by itself. The database is read for what happened, never for what should have.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.simulation.year.office import Arrived
from tests.simulation.year.people import INSIDE, SEALED
from tests.simulation.year.play import GRID, Written, Year

OVER = ("closed", "set-aside", "merged")
NUMBER = re.compile(r"GM-\d{4}-\d{6}")
TOKEN = re.compile(r"(?<!\d)(?:63|72|81|82)\d{5}(?!\d)")
RATING = ("您的问题解决了吗？", "Did this solve it?")
ENTITLED = ("gm", "hr", "gm-office")
_COMING = timedelta(days=1)
NO_CASE = {"forgery": {"forged", "refused"}, "absence": {"asked", "command"}}
"""What letters become that are no feedback."""


def broken(year: Year) -> list[str]:
    """Every promise that does not hold, one sentence each."""
    books = Books(year)
    from tests.simulation.year.deadlines import escalated, reckoned, reminded
    from tests.simulation.year.reports import ledger

    checks = (accounted, cared_for, acknowledged, closings, words, sealed, conflict, left_over,
              reckoned, reminded, escalated, ledger)  # fmt: skip
    return [said for check in checks for said in check(books)]


class Books:
    """What happened, as the oracle wrote it down."""

    def __init__(self, year: Year) -> None:
        self.year = year
        rows = year.office.rows
        self.cases = {row.number: json.loads(row.data) | dict(row._mapping) for row in rows('select * from "case"')}
        self.journal: dict[str, list[Any]] = defaultdict(list)
        for row in rows("select sha256, state, disposition, number, reason from journal order by id"):
            self.journal[row.sha256].append(row)
        self.events: dict[str, list[Any]] = defaultdict(list)
        for row in rows("select number, seq, at, kind, actor, human, data from event order by number, seq"):
            self.events[row.number].append(
                (moment_of(row.at), row.kind, row.actor, bool(row.human), json.loads(row.data))
            )
        self._by_mail = {
            str(event[4]["mail"]): number
            for number, own in self.events.items()
            for event in own
            if event[4].get("mail")
        }
        self.clocks: dict[str, list[Any]] = defaultdict(list)
        for row in rows("select * from clock order by id"):
            self.clocks[row.number].append(row)
        self.letters: dict[str, list[Arrived]] = defaultdict(list)
        self.to: dict[str, list[Arrived]] = defaultdict(list)
        for letter in year.arrived:
            self.to[letter.to].append(letter)
            for number in {letter.number, *NUMBER.findall(letter.text)} - {""}:
                self.letters[number].append(letter)

    def ordered(self, mail: Written) -> str:
        """The case that an order was about; what is answered to a list stands in the history of the line's case."""
        number = mail.words.to.number if mail.words else ""
        return number if number in self.cases else self._by_mail.get(mail.digest, "")

    def number_of(self, mail: Written) -> str:
        """The case that this mail belongs to."""
        return next((str(row.number) for row in self.journal[mail.digest] if row.number), "")


def accounted(books: Books) -> Iterator[str]:
    """Every mail that was delivered stands in the journal once, with what became of it; a letter is a case."""
    counted = Counter(mail.digest for mail in books.year.written)
    for digest, count in counted.items():
        rows = books.journal[digest]
        if len(rows) != count or any(row.state != "filed" or not row.disposition for row in rows):
            yield f"mail {digest[:8]} was delivered {count} times; the journal says {[(r.state, r.disposition) for r in rows]}"
    for digest in books.journal.keys() - counted.keys():
        yield f"mail {digest[:8]} stands in the journal and was never delivered"
    for mail in books.year.written:
        became = {row.disposition for row in books.journal[mail.digest]}
        wanted = NO_CASE.get(mail.draft.kind, {"new-case"}) if mail.draft else set()
        if mail.draft and not became <= wanted:
            yield f"the letter {mail.draft.token} of {mail.sender} became {became}"
        if mail.words and "new-case" in became and (mail.words.machine or mail.sender.endswith(INSIDE)):
            yield f"the answer '{mail.words.text[:20]}' of {mail.sender} became a case"
        if mail.words and books.number_of(mail) not in {mail.words.to.number, ""} and "new-case" not in became:
            yield f"the answer of {mail.sender} to {mail.words.to.number} went to {books.number_of(mail)}"


def cared_for(books: Books) -> Iterator[str]:
    """No open case without a person and a clock that will ring; no closed one without how it ended."""
    for number, case in books.cases.items():
        state, running = case["state"], [clock for clock in books.clocks[number] if clock.state == "open"]
        if state in OVER:
            if running:
                yield f"{number} is {state} and {[clock.kind for clock in running]} still run"
            if state == "closed" and not case["outcome"]:
                yield f"{number} is closed and nobody said how it ended"
        elif not case["handler"] and not any(clock.kind == "triage" for clock in running):
            yield f"{number} is {state} and nobody has it"
        elif not any(clock.next_at for clock in running):
            yield f"{number} is {state} and no clock of it will ever ring"
        elif state == "planned" and not case["plan_date"]:
            yield f"{number} is planned and has no date"


def acknowledged(books: Books) -> Iterator[str]:
    """Each letter that deserves one has one acknowledgement, at once; nothing else is acknowledged."""
    for mail in books.year.written:
        number = books.number_of(mail)
        if not mail.draft or mail.draft.kind in NO_CASE or not number:
            continue
        promised = mail.authentic and books.cases[number]["state"] != "set-aside" and mail.draft.kind != "advertisement"
        got = [one for one in books.letters[number] if one.kind == "requester.acknowledgement"]
        own = [one for one in got if one.to == mail.sender]
        books.year.asked["acknowledgements"] += promised
        if len(own) != promised and not (promised and _rate(books, mail)):
            yield f"{number}: {mail.sender} was acknowledged {len(own)} times, not {int(promised)}"
        if own and own[0].at - mail.at > timedelta(minutes=30):
            yield f"{number}: acknowledged after {own[0].at - mail.at}"
        if len(own) != len(got):
            yield f"{number}: acknowledged to {sorted({one.to for one in got})}, not to {mail.sender}"


def _rate(books: Books, mail: Written) -> bool:
    """Whether the sender had five acknowledgements in the day before."""
    recent = [one for one in books.to[mail.sender] if one.kind == "requester.acknowledgement"]
    return len([one for one in recent if mail.at - _COMING <= one.at <= mail.at]) >= 5


def closings(books: Books) -> Iterator[str]:
    """Whoever wrote hears of each closing once, is asked once how it was, and gets nothing twice."""
    for number, case in books.cases.items():
        closed = [data for _, kind, _, _, data in books.events[number] if kind == "closed"]
        outside = [
            one
            for one in books.letters[number]
            if one.to == case["requester"] and one.number == number and one.kind.startswith("requester.")
        ]
        asked = [one for one in outside if any(words in one.text for words in RATING)]
        told = [data for data in closed if data.get("outcome") in {"resolved", "decided", "noted"}]
        # A directive that is carried out needs no answer to the gm who gave it, but may have one.
        perhaps = [data for data in closed if data.get("outcome") == "carried-out"]
        held = sum(kind in {"undone", "answer-stopped"} for _, kind, *_ in books.events[number])
        if case["requester"] and not len(told) <= len(asked) <= len(told) + len(perhaps) + held + 1:
            yield f"{number} was closed {len(told)} times, and its writer asked {len(asked)} times"
        for what, count in Counter((one.kind, one.raw.partition(b"\r\n\r\n")[2]) for one in outside).items():
            if count > 1 and what[0] not in {"requester.reminder", "requester.progress", "requester.acknowledgement"}:
                yield f"{number}: {what[0]} went to {case['requester']} {count} times with the same words"


def words(books: Books) -> Iterator[str]:
    """What was written for the inside is in no letter outside; what was written for the requester came to them alone."""
    inside: dict[str, str] = {}
    outside: dict[str, str] = {}
    for mail in books.year.written:
        if mail.words and mail.sender.endswith(INSIDE):
            requester = books.cases.get(books.ordered(mail), {}).get("requester", "")
            inside |= dict.fromkeys(mail.words.inside, requester)
            outside |= dict.fromkeys(mail.words.outside, requester)
    body = set(books.year.tree.body)
    for letter in books.year.arrived:
        member = bool(letter.number) and bool(books.cases[letter.number]["led_by"])
        within = (letter.to.endswith(INSIDE) and not letter.kind.startswith("requester.")) or letter.to in body
        for token in set(TOKEN.findall(letter.text)):
            if token in inside and not within:
                yield f"{letter.number}: inside words {token} reached {letter.to} in {letter.kind}"
            if token in outside and not within and letter.to != outside[token] and not member:
                yield f"{letter.number}: words {token} for {outside[token]} reached {letter.to} in {letter.kind}"
    for mail in books.year.written:
        if not mail.words or not mail.words.outside or not mail.sender.endswith(INSIDE):
            continue
        if books.journal[mail.digest][0].disposition != "command":
            continue
        books.year.asked["answers passed on"] += 1
        requester = outside[mail.words.outside[0]]
        got = [
            one
            for one in books.to[requester]
            if one.kind.startswith("requester.") and mail.words.outside[0] in one.text
        ]
        fresh = [
            one
            for one in got
            if one.kind
            in {"requester.answer", "requester.question", "requester.planned", "requester.closed", "requester.adopted"}
        ]
        stopped = any(kind in {"undone", "answer-stopped"} for _, kind, *_ in books.events[mail.words.to.number])
        late = books.year.office.now - mail.at < timedelta(minutes=45)
        if requester and len(fresh) != 1 and not stopped and not late:
            yield f"{mail.words.to.number}: '{mail.words.text[:12]}…{mail.words.outside[0]}' came to {requester} {len(fresh)} times"


def sealed(books: Books) -> Iterator[str]:
    """Who wrote a confidential letter stands in no letter to anybody else, and its words reach the entitled alone."""
    private: dict[str, str] = {}
    tokens: dict[str, str] = {}
    tree = books.year.tree
    entitled = tree.having(*ENTITLED, "supervisory-body") | set(tree.body)
    for mail in books.year.written:
        if mail.draft and mail.draft.kind in SEALED:
            private |= dict.fromkeys(mail.draft.private, mail.sender)
            tokens[mail.draft.token] = mail.sender
    names = re.compile("|".join(map(re.escape, private)) or r"(?!)")
    for letter in books.year.arrived:
        confidential = bool(letter.number) and bool(books.cases[letter.number]["confidential"])
        for found in set(names.findall(letter.text)):
            # A name alone may stand where the members of a unit are offered for some other case.
            if letter.to != private[found] and (confidential or found.isascii()):
                yield f"{letter.number}: {letter.kind} tells {letter.to} of {found}"
        for token in set(TOKEN.findall(letter.text)) & tokens.keys():
            if letter.to not in {tokens[token], *entitled, *books.year.once_entitled}:
                yield f"{letter.number}: {letter.kind} shows {letter.to} the confidential letter {token}"


def conflict(books: Books) -> Iterator[str]:
    """Of whom a letter complains, and whoever is below them, gets nothing of the case and never reads its number."""
    for mail in books.year.written:
        if not mail.draft or not mail.draft.blames:
            continue
        tree = books.year.tree_at(mail.at)
        barred = {*mail.draft.blames, *(one for boss in mail.draft.blames for one in tree.below(boss))} - {mail.sender}
        number = books.number_of(mail)
        books.year.asked["conflicts"] += 1
        for letter in books.letters[number]:
            if letter.to in barred:
                yield f"{number}: {letter.to}, of whom or of whose superior it complains, got {letter.kind}"


def left_over(books: Books) -> Iterator[str]:
    """Nothing waits in the inbox or the outbox whose time has come."""
    for folder, mails in books.year.office.mailbox.folders.items():
        if folder == "INBOX" and mails:
            yield f"{len(mails)} mails are still in the inbox"
    now = books.year.office.now - 2 * GRID
    for row in books.year.office.rows("select kind, recipient, next_at from outbox where state = 'ready'"):
        if moment_of(row.next_at) < now:
            yield f"{row.kind} to {row.recipient} should have left at {row.next_at}"


def moment_of(text: object) -> datetime:
    """A time of the database."""
    said = str(text).replace("Z", "+00:00")
    return datetime.fromisoformat(said if "+" in said else f"{said}+00:00")
