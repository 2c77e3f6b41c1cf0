"""What a letter may carry to its reader: the last gate before it becomes bytes (security.md, "Conflict of interest").

No stage needs to remember whom a case excludes: what an excluded person, or somebody outside the directory, would
get is dropped here, rows about such cases are cut out of lists, and what a reader may not see is taken away.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from maild.domain.assign import in_supervisory_body
from maild.domain.case import Case
from maild.domain.letter import OUTSIDE, Letter, LetterKind
from maild.domain.wording import shown
from maild.workflow.facts import Facts
from maild.workflow.hiding import NAMING
from maild.workflow.lists import CASES
from maild.workflow.office import Office
from maild.workflow.parties import is_requester
from maild.workflow.plan import Plan
from maild.workflow.related import surviving
from maild.workflow.sealholders import gets_files, holds_seal
from maild.workflow.sight import Sight, is_barred, sight
from maild.workflow.supervise import is_list, why_no_copies
from maild.workflow.wouldleave import as_released

EXPERTS = frozenset({LetterKind.EXPERT})
"""Letters to experts outside, whom the coordinator chose."""
_OF_THE_MATTER = frozenset(
    {LetterKind.ADDITION, LetterKind.REOPENED, LetterKind.BY_HAND, LetterKind.BOUNCE, LetterKind.MISDIRECTED,
     LetterKind.ESCALATION, LetterKind.REMINDER, LetterKind.PROGRESS, LetterKind.FRESH_KEY, LetterKind.ASSIGNMENT,
     LetterKind.ALARM, LetterKind.INSTRUCTION, LetterKind.EXTENSION, LetterKind.EXTENSION_DECIDED, LetterKind.HAND_UP,
     LetterKind.TYPE_PROPOSAL, LetterKind.TYPE_DECLINED, LetterKind.CIRCULATION, LetterKind.CIRCULATED,
     LetterKind.AWAY, LetterKind.PROPOSAL, LetterKind.PROPOSAL_DECLINED, LetterKind.MERGED, LetterKind.SPLIT,
     LetterKind.EXPERT_REPLY, LetterKind.FORWARD_PREVIEW, LetterKind.GATHERED, LetterKind.SEALED,
     LetterKind.UNSEAL_TOLD, LetterKind.HOLD_TOLD, LetterKind.ERASED, LetterKind.PUBLISHING, LetterKind.FORM,
     LetterKind.FORM_RETURNED, LetterKind.ROUND, LetterKind.ROUND_RESULT, LetterKind.RETEST,
     LetterKind.SEAL_PREVIEW, LetterKind.SEAL_LAPSED}
)  # fmt: skip
"""Letters that say more than that a case exists, whatever is left out of them."""
_LETTERS_TEXT = (
    "mail",
    "attach",
    "reasons",
    "alternatives",
    "perhaps_same",
    "moved_because",
    "letters",
    "files",
    "left",
)
"""What a letter holds of the requester's own words, and of what follows from them."""
_LETTERS_ROW = ("summary", "mail", "text")
"""The same in a row of a list."""
_LISTS = frozenset({LetterKind.COMBINED, LetterKind.BUNDLE, LetterKind.HANDED_OVER})
_OF_A_ROW = ("number", "type_name", "kind")


def guarded(letter: Letter, facts: Facts, office: Office) -> Letter | None:
    """The letter as its reader may have it; None where there must be none."""
    letter = replace(letter, to=replace(letter.to, name=shown(letter.to.name)))
    case = facts.case(letter.case) if letter.case else None
    if letter.kind in EXPERTS:
        return letter if case is not None and _may_leave(case, letter.to.address, office) else None
    if letter.kind in NAMING:
        sees = sight(case, office.index.person(letter.to.address), office) if case else Sight.NOTHING
        return letter if sees is Sight.LETTER and holds_seal(office.index.person(letter.to.address), office) else None
    if letter.kind in OUTSIDE:
        return letter if case is None or _is_theirs(letter, case, office) else None
    copied = case is not None and _is_copy(letter, case, office)
    if not copied and not _is_inside(letter.to.address, office):
        return None
    own = letter if case is None else _of_case(letter, case, facts, office)
    return None if own is None else _own_rows(own, facts, office)


def kept_apart(plan: Plan, office: Office) -> Plan:
    """The plan with no case in the hands of somebody whom it excludes, whichever order put it there."""
    return replace(plan, cases=tuple(_in_clean_hands(case, office) for case in plan.cases))


def _in_clean_hands(case: Case, office: Office) -> Case:
    if not case.excluded and not case.names:
        return case
    handler = case.handler if case.handler and not is_barred(case, case.handler, office.index) else None
    return replace(case, handler=handler, supervisors=_clean(case.supervisors, case, office),
                   report_to=_clean(case.report_to, case, office),
                   followers=_clean(case.followers, case, office),
                   joined=_clean(case.joined, case, office))  # fmt: skip


def _clean(people: Iterable[str], case: Case, office: Office) -> tuple[str, ...]:
    return tuple(one for one in people if not is_barred(case, one, office.index))


def seen(letter: Letter, case: Case, office: Office) -> Sight:
    """How much of the case this letter's reader may see."""
    person = office.index.person(letter.to.address)
    if person is None and (unit := office.index.unit_at(letter.to.address)) and case.unit == unit.id:
        person = office.index.person(case.handler)
    full = sight(case, person, office)
    return min(full, Sight.FACTS) if letter.data.get("hidden") else full


def linked(letter: Letter, case: Case, facts: Facts, office: Office) -> list[str]:
    """Numbers of the cases linked to this one of which the letter's reader may know more than that they exist.

    A confidential one only to who may read its letter: beside an open case it would tell who wrote it.
    """
    found = (surviving(facts.case(number), facts) for number in case.links)
    known = [one.number for one in found
             if one and seen(letter, one, office) >= (Sight.LETTER if one.confidential else Sight.FACTS)]  # fmt: skip
    return [number for number in dict.fromkeys(known) if number != case.number]


def _may_leave(case: Case, address: str, office: Office) -> bool:
    """Whether a case may be told to this expert: never one that became confidential since, or that excludes them."""
    return address in case.experts and not case.confidential and not is_barred(case, address, office.index)


def _is_theirs(letter: Letter, case: Case, office: Office) -> bool:
    """A requester's letter goes to the requester, or where that person wished; never to one whom the case excludes."""
    person = office.index.person(letter.to.address)
    if case.requester.unconfirmed and letter.to.address == case.requester.address:
        return False
    return is_requester(case, letter.to.address, person) or not is_barred(case, letter.to.address, office.index)


def _is_inside(address: str, office: Office) -> bool:
    index = office.index
    known = index.person(address) or index.unit_at(address)
    return known is not None or in_supervisory_body(index, address)


def _is_copy(letter: Letter, case: Case, office: Office) -> bool:
    """Whether this is what a mailing list of the house gets: a copy of what was done, without a key."""
    follows = letter.kind is LetterKind.PROGRESS and not letter.keyed and letter.to.address in case.lists
    return follows and is_list(letter.to.address, office) and not why_no_copies(case)


def _of_case(letter: Letter, case: Case, facts: Facts, office: Office) -> Letter | None:
    letter = as_released(letter, case, facts)
    sees = seen(letter, case, office)
    if sees is Sight.NOTHING or is_barred(case, letter.to.address, office.index):
        return None
    if sees is Sight.EXISTS and letter.kind in _OF_THE_MATTER:
        return None
    if sees is Sight.LETTER:
        with_files = not case.confidential or gets_files(office.index.person(letter.to.address), case, office)
        return letter if with_files else _without_files(letter)
    data = {name: item for name, item in letter.data.items() if name not in _LETTERS_TEXT}
    bare = data | {"hidden": True, "abstract_only": True, "letter": None}
    return replace(letter, data=bare, attachments=(), keyed=letter.keyed and sees > Sight.EXISTS)


def _without_files(letter: Letter) -> Letter:
    """Attachments of a sealed letter stay inside: their contents and properties cannot be looked through here."""
    return replace(letter, attachments=(), data={**letter.data, "attach": False})


def _own_rows(letter: Letter, facts: Facts, office: Office) -> Letter | None:
    """The letter without rows of cases that its reader must not hear of; None where no row of a list letter is left."""
    lists = {name: rows for name, rows in letter.data.items() if isinstance(rows, list | tuple) and rows}
    kept = {name: [row for one in rows if (row := _row(one, letter, facts, office))] for name, rows in lists.items()}
    if letter.kind in _LISTS and not any(kept.values()):
        return None
    return replace(letter, data={**letter.data, **kept, **_own_key(letter, facts, office)})


def _own_key(letter: Letter, facts: Facts, office: Office) -> dict[str, object]:
    """A list's key without cases that its reader must not act on."""
    key = letter.data.get("key_data")
    numbers = key.get(CASES) if isinstance(key, Mapping) else None
    if not isinstance(key, Mapping) or not isinstance(numbers, list):
        return {}
    person = office.index.person(letter.to.address)
    cases = ((number, facts.case(str(number))) for number in numbers)
    known = [number for number, case in cases if case is not None and sight(case, person, office) > Sight.EXISTS]
    return {"key_data": {**key, CASES: known}}


def _row(row: object, letter: Letter, facts: Facts, office: Office) -> object:
    number = row.get("number") if isinstance(row, Mapping) else None
    case = facts.case(str(number)) if number else None
    if case is None or not isinstance(row, Mapping):
        return row
    full = sight(case, office.index.person(letter.to.address), office)
    sees = min(full, Sight.FACTS) if row.get("hidden") else full
    if sees is Sight.NOTHING or (sees is Sight.EXISTS and _tells_more(row, letter)):
        return None
    if sees is Sight.EXISTS:
        return {name: item if name in _OF_A_ROW else "" for name, item in row.items()}
    return {name: "" if name in _LETTERS_ROW and sees < Sight.LETTER else item for name, item in row.items()}


def _tells_more(row: Mapping[object, object], letter: Letter) -> bool:
    """Whether this row says more than that its case exists, whatever is left out of it."""
    return letter.kind is LetterKind.COMBINED or row.get("kind") in _OF_THE_MATTER
