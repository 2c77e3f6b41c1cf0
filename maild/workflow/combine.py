"""Several reminders and escalations for one person at one moment become one mail (casework 6)."""

from collections.abc import Sequence

from maild.domain.letter import Lane, Letter, LetterKind
from maild.workflow.facts import Facts
from maild.workflow.lists import list_key
from maild.workflow.office import Office
from maild.workflow.sight import may_read_letter

_CHASES = frozenset({LetterKind.REMINDER, LetterKind.ESCALATION})


def combine(letters: Sequence[Letter], office: Office, facts: Facts) -> tuple[Letter, ...]:
    """The letters, with those that chase one person put together; critical ones and everything else stay alone."""
    chases: dict[str, list[Letter]] = {}
    rest = []
    for letter in letters:
        if letter.kind in _CHASES and letter.lane is not Lane.ECHO:
            chases.setdefault(letter.to.address, []).append(letter)
        else:
            rest.append(letter)
    for own in chases.values():
        rest += own if len(own) == 1 else [_one(own, office, facts)]
    return tuple(rest)


def _one(letters: Sequence[Letter], office: Office, facts: Facts) -> Letter:
    first = letters[0]
    items = [item for letter in letters if (item := _item(letter, office, facts))]
    waits = [letter.not_before for letter in letters if letter.not_before]
    key = list_key((str(item["number"]) for item in items), office)
    return Letter(
        kind=LetterKind.COMBINED, to=first.to, language=first.language, data={"items": items, **key},
        not_before=max(waits, default=None), keyed=True,
    )  # fmt: skip


def _item(letter: Letter, office: Office, facts: Facts) -> dict[str, object] | None:
    case = facts.case(letter.case) if letter.case else None
    if case is None or letter.to.address in case.excluded:
        return None
    reader = office.index.person(letter.to.address)
    return {
        "number": case.number,
        "type_name": office.pack.type_name(case.type, letter.language),
        "summary": case.summary if may_read_letter(case, reader, office) else "",
        "clock": letter.data.get("clock", ""),
        "clock_name": letter.data.get("clock_name", ""),
        "due_text": letter.data.get("due_text", ""),
        "what": "reminder" if letter.kind is LetterKind.REMINDER else "escalation",
        "role": letter.data.get("role", "handler"),
    }
