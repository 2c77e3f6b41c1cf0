"""The case sheet 处理单: what of a case stands on one page of paper, for a written instruction (casework 7).

Its reader sees on it what they may see of the case, and no more. How it becomes a PDF is an adapter's matter.
"""

from collections.abc import Callable, Sequence

from maild.domain.alias import hidden
from maild.domain.case import Case, Clock, ClockKind, ClockState, Event
from maild.domain.directory import Person
from maild.domain.letter import Letter, LetterKind
from maild.domain.masks import Look, masked
from maild.domain.value import value
from maild.domain.wording import shown
from maild.mail.compose import AttachedFile
from maild.workflow.books import Books
from maild.workflow.localtime import when
from maild.workflow.masking import look_of
from maild.workflow.office import Office
from maild.workflow.sight import Sight, sight
from maild.workflow.view import Names, case_view, unit_label

MOST_EVENTS = 200
_EXCERPT, _SUMMARY = 70, 400


@value
class Sheet:
    """The words of one sheet, in its reader's language and time; an adapter cuts the history to the page."""

    title: str
    organisation: str
    number: str
    facts: tuple[tuple[str, str], ...]
    """Label and value, in the order of reading."""
    wide: tuple[tuple[str, str], ...]
    """The same for what needs a line of its own."""
    history_label: str
    history: tuple[tuple[str, str, str], ...]
    """When, who, what; oldest first."""
    cut: str
    """Stands where rows of the history are left out."""
    instruction: str
    signature: str
    date: str
    foot: str
    language: str = "zh"
    file_name: str = ""


def sheet_of(
    case: Case, clocks: Sequence[Clock], events: Sequence[Event], office: Office, *, reader: Person | None,
    language: str, names: Names, look: Look,
) -> Sheet | None:  # fmt: skip
    """The sheet for this reader, None where they may not know of the case; without a reader, for a terminal.

    `look` is what is masked on it.
    """
    sees = sight(case, reader, office)
    if sees < Sight.FACTS:
        return None
    address = reader.address if reader else ""
    view = case_view(case, clocks, office, reader=address, language=language, sees=sees, names=names)
    told = [one for one in events if names("event", one.kind) != one.kind]
    rows = [_row(one, case, office, reader=address, language=language, names=names, sees=sees) for one in told]
    known = hidden(str(view.get("summary", "")), case, language)[:_SUMMARY]
    summary = masked(known, look) if sees is Sight.LETTER else names("sheet", "hidden")
    wide = (("requester", masked(str(view.get("requester", "")), look)), ("summary", summary))
    return Sheet(
        title=names("sheet", "title"), organisation=office.box.identity.name or office.organisation.name,
        number=case.number, facts=_facts(case, view, clocks, office, reader=address, language=language, names=names),
        wide=_wide(wide, names),
        history_label=names("sheet", "history"),
        history=tuple((at, who, masked(what, look)) for at, who, what in rows[-MOST_EVENTS:]),
        cut=names("sheet", "cut").format(count=len(rows)),
        instruction=names("sheet", "instruction"), signature=names("sheet", "signature"), date=names("sheet", "date"),
        foot=names("sheet", "foot").format(printed=when(office.now, office, address, language)), language=language,
        file_name=f"{names('sheet', 'title')} {case.number}.pdf",
    )  # fmt: skip


def sheets(
    letter: Letter, names: Names, press: Callable[[Sheet], bytes] | None, *, books: Books, office: Office
) -> tuple[AttachedFile, ...]:
    """The sheet that goes along with a letter of its own kind, as its reader may have it."""
    case = books.case(letter.case) if letter.case and letter.kind is LetterKind.SHEET else None
    reader = office.index.person(letter.to.address)
    if case is None or press is None or reader is None:
        return ()
    sheet = sheet_of(case, books.clocks(case.number), books.events(case.number), office, reader=reader,
                     language=letter.language, names=names, look=look_of(letter, books, office))  # fmt: skip
    if sheet is None:
        return ()
    return (AttachedFile(filename=sheet.file_name, content_type="application/pdf", content=press(sheet)),)


def _facts(
    case: Case, view: dict[str, object], clocks: Sequence[Clock], office: Office, *, reader: str, language: str,
    names: Names,
) -> tuple[tuple[str, str], ...]:  # fmt: skip
    running = [c for c in clocks if c.state is ClockState.OPEN and c.kind is not ClockKind.IDLE]
    first = {clock.kind: clock.due for clock in sorted(running, key=lambda one: one.due, reverse=True)}
    # Each receiver of a directive has a clock of their own; on paper the nearest of a kind says it.
    dues = [
        (names("sheet", "due").format(clock=names("clock", kind.value)), when(due, office, reader, language, case=case))
        for kind, due in sorted(first.items(), key=lambda one: one[1])
    ]
    closed = when(case.closed_at, office, reader, language, case=case) if case.closed_at else ""
    outcome = names("outcome", case.outcome) if case.outcome else ""
    rows = [(name, str(view.get(key, ""))) for name, key in (
        ("number", "number"), ("type", "type_name"), ("unit", "unit_name"), ("handler", "handler_name"),
        ("state", "state_name"), ("urgency", "urgency_name"), ("received", "received_text"),
    )]  # fmt: skip
    named = [(names("sheet", name), shown(text)) for name, text in [*rows, ("closed", closed), ("outcome", outcome)]]
    return tuple(row for row in (*named, *dues) if row[1])


def _wide(rows: Sequence[tuple[str, str]], names: Names) -> tuple[tuple[str, str], ...]:
    return tuple((names("sheet", name), shown(text)) for name, text in rows if text)


def _row(
    event: Event, case: Case, office: Office, *, reader: str, language: str, names: Names, sees: Sight
) -> tuple[str, str, str]:
    person, to = office.index.person(event.actor), _to_whom(event, case, office, language)
    who = person.name if person else names("sheet", f"by-{event.actor}")
    who = event.actor if who == f"by-{event.actor}" else who
    said = " ".join(str(event.data.get("text") or event.data.get("reason") or "").split())
    said = hidden(said, case, language) if sees is Sight.LETTER else ""
    signed = str(event.data.get("step") or "") if event.kind == "receipt" else ""
    what = names("step", signed) if signed else names("event", event.kind)
    what += names("sheet", "to").format(unit=to) if to else ""
    said = said if len(said) <= _EXCERPT else said[:_EXCERPT] + "…"
    return (
        when(event.at, office, reader, language, case=case),
        shown(who),
        what + (names("sheet", "said").format(text=shown(said)) if said else ""),
    )


def _to_whom(event: Event, case: Case, office: Office, language: str) -> str:
    """The unit that an event names, or the units to which a directive or a form went."""
    receivers = event.data.get("receivers")
    own = {item.receiver: item.unit for item in case.circulation}
    ids = (
        [own.get(str(one)) for one in receivers] if isinstance(receivers, list) else [str(event.data.get("unit") or "")]
    )
    units = (office.index.unit(one) for one in dict.fromkeys(ids) if one)
    return "、".join(unit_label(unit, language) for unit in units if unit)
