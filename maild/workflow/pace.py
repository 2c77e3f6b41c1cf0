"""Notices to people of the directory are never dropped: above twenty an hour they come together (casework 8, "Rates").

What is above waits as a whole letter and goes with the others every fifteen minutes in one mail, in which each case
keeps its number, its deadline and a key. What is critical never waits.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from maild.domain.case import ClockKind
from maild.domain.letter import Letter, LetterKind
from maild.domain.value import value
from maild.workflow.books import Books
from maild.workflow.facts import Facts
from maild.workflow.lists import list_key
from maild.workflow.localtime import when
from maild.workflow.office import Office
from maild.workflow.plan import Line, Plan, Tally

MOST_AN_HOUR = 20
EVERY = timedelta(minutes=15)
MOST_IN_ONE = 100
"""Cases in one bundle; what is more comes with the next."""
BUNDLED = "bundled"
NOTICES = frozenset(
    {LetterKind.ASSIGNMENT, LetterKind.ADDITION, LetterKind.REOPENED, LetterKind.NOTICE, LetterKind.REMINDER,
     LetterKind.ESCALATION, LetterKind.BOUNCE, LetterKind.PROGRESS}
)  # fmt: skip
"""What is counted; echoes, lists and security notices have rates of their own."""
_HOUR = timedelta(hours=1)
_MOST_TEXTS = 30
"""How many cases of one bundle show what was written; the rest show their summary."""
_LETTER: TypeAdapter[Letter] = TypeAdapter(Letter)
Waiting = tuple[int, datetime, Line]


@value
class Paced:
    """The letters that go now, and the lines and tallies of all."""

    now: tuple[Letter, ...]
    plan: Plan


def pace(letters: Sequence[Letter], office: Office, facts: Facts) -> Paced:
    """Which of these letters go now, and which wait for the next bundle."""
    now, lines, tallies = [], [], []
    own: Counter[str] = Counter()
    for letter in letters:
        if not _is_counted(letter, facts):
            now.append(letter)
            continue
        who = letter.to.address
        if facts.count("notice", who, office.now - _HOUR) + own[who] >= MOST_AN_HOUR:
            held: dict[str, object] = {"letter": _LETTER.dump_python(letter, mode="json")}
            lines.append(Line(kind=BUNDLED, who=who, number=letter.case, data=held))
            continue
        own[who] += 1
        now.append(letter)
        tallies.append(Tally(kind="notice", who=who, number=letter.case))
    return Paced(now=tuple(now), plan=Plan(lines=tuple(lines), tallies=tuple(tallies)))


def bundles(office: Office, books: Books) -> Plan:
    """One mail to each person whose notices have waited for fifteen minutes."""
    people: dict[str, list[Waiting]] = {}
    for item in books.lines(office.box.address, BUNDLED):
        people.setdefault(item[2].who, []).append(item)
    plan = Plan()
    for who, items in people.items():
        waiting = [(ident, at, letter) for ident, at, line in items if _may_leave(letter := _held(line), office)]
        if waiting and office.now >= _next_bundle(who, waiting[0][1], books):
            ready = waiting[:MOST_IN_ONE]
            letter = _bundle([letter for _, _, letter in ready], office, books)
            plan += Plan(letters=(letter,), tallies=(Tally(kind="bundle", who=who),),
                         settled=tuple(ident for ident, _, _ in ready))  # fmt: skip
    return plan


def _next_bundle(who: str, first: datetime, books: Books) -> datetime:
    """Fifteen minutes after the first that waits came, and after the last bundle."""
    last = books.last("bundle", who)
    return max(first, last or first) + EVERY


def _is_counted(letter: Letter, facts: Facts) -> bool:
    if letter.kind not in NOTICES or not letter.case or letter.data.get("released_words"):
        # What a seal-holder released goes as it was shown: a bundle would leave it out.
        return False
    case = facts.case(letter.case)
    return case is not None and case.urgency != "critical"


def _held(line: Line) -> Letter:
    return _LETTER.validate_python(line.data["letter"])


def _may_leave(letter: Letter, office: Office) -> bool:
    """Quiet hours hold a reminder in a bundle as they hold it alone."""
    return letter.not_before is None or letter.not_before <= office.now


def _bundle(letters: Sequence[Letter], office: Office, books: Books) -> Letter:
    first = letters[0]
    items = [_item(letter, office, books, text=at < _MOST_TEXTS) for at, letter in enumerate(letters)]
    data = {"items": items, **list_key((letter.case or "" for letter in letters), office)}
    return Letter(kind=LetterKind.BUNDLE, to=first.to, language=first.language, data=data, keyed=True)


def _item(letter: Letter, office: Office, books: Books, *, text: bool) -> Mapping[str, object]:
    number = letter.case or ""
    case = books.case(number)
    dues = [clock.due for clock in books.clocks(number) if clock.kind is not ClockKind.IDLE]
    due = when(min(dues), office, letter.to.address, letter.language, case=case) if dues else ""
    return {
        "number": number, "kind": letter.kind.value, "keyed": letter.keyed,
        "type_name": office.pack.type_name(case.type, letter.language) if case else "",
        "summary": case.summary if case else "", "due_text": letter.data.get("due_text") or due,
        "order": letter.data.get("order", ""), "role": letter.data.get("role", ""),
        "hidden": bool(letter.data.get("hidden")), "mail": letter.data.get("mail", "") if text else "",
    }  # fmt: skip
