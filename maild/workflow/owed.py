"""Acknowledgements that were held back for ten minutes go out together, one mail a sender (casework 8, "Rates")."""

from datetime import datetime

from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address
from maild.workflow.acknowledge import DAY, MOST_A_DAY, emergency_words
from maild.workflow.books import Books
from maild.workflow.office import Office
from maild.workflow.plan import Line, Plan, Tally

Waiting = tuple[int, datetime, Line]


def owed_acknowledgements(office: Office, books: Books) -> Plan:
    """One acknowledgement for each sender whose ten minutes are over; it names the last case and how many came."""
    by_sender: dict[tuple[str, str], list[Waiting]] = {}
    for item in books.lines(office.box.address, "ack-owed"):
        author = str(item[2].data.get("author", item[2].who))
        by_sender.setdefault((item[2].who, author), []).append(item)
    plan = Plan()
    for (who, author), items in by_sender.items():
        if office.now >= max(datetime.fromisoformat(str(line.data["after"])) for _, _, line in items):
            plan += Plan(settled=tuple(ident for ident, _, _ in items))
            plan += _together(who, author, items, office=office, books=books)
    return plan


def _together(who: str, author: str, items: list[Waiting], *, office: Office, books: Books) -> Plan:
    cases = [case for _, _, line in items if line.number and (case := books.case(line.number))]
    if not cases:
        return Plan()
    last = cases[-1]
    both = dict.fromkeys((who, author))
    if any(books.count("acknowledged", one, office.now - DAY) >= MOST_A_DAY for one in both):
        return Plan(lines=tuple(Line(kind="not-acknowledged", number=c.number, data={"why": "rate"}) for c in cases))
    data: dict[str, object] = {
        "subject": "", "arrived_text": "", "asks": [],
        "missing": [office.pack.question(point, last.requester.language) for point in last.missing],
        **emergency_words(cases, office, last.requester.language), "together": len(cases),
        "numbers": [case.number for case in cases],
    }  # fmt: skip
    to = Address(address=who, name=str(items[-1][2].data.get("name", "")))
    letter = Letter(
        kind=LetterKind.ACKNOWLEDGEMENT, to=to, language=last.requester.language, case=last.number, data=data,
        lane=Lane.REQUESTER, keyed=True,
    )  # fmt: skip
    return Plan(
        letters=(letter,), tallies=tuple(Tally(kind="acknowledged", who=one, number=last.number) for one in both)
    )
