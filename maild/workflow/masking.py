"""Personal data in what goes to the inside, masked for those who need not know it (P6.5.3, P7.3.3; security.md).

The last look beside `hiding`: whatever a letter's template may show is held to the masks of the pack before it becomes
words. What leaves for the requester is their own; an expert outside sees what `expert` may see, and so does the
coordinator who is shown beforehand what would leave.
"""

from collections.abc import Sequence
from dataclasses import replace

from maild.domain.case import Case
from maild.domain.directory import Person
from maild.domain.letter import OUTSIDE, Letter, LetterKind
from maild.domain.masks import Look, masked, masked_data
from maild.mail.compose import AttachedFile
from maild.workflow.facts import Facts
from maild.workflow.hiding import numbers_in
from maild.workflow.office import Office

_TO_EXPERTS = frozenset({LetterKind.EXPERT, LetterKind.FORWARD_PREVIEW})
_ACTING = frozenset({"handler", "coordinator"})
_OURS = frozenset({
    "number", "numbers", "token", "href", "phones", "sha256", "id", "entry", "address", "line", "replies", "readings",
    "aside_replies", "junk_replies", "same_replies", "fix",
})  # fmt: skip
"""Names behind which numbers, keys and telephones of ours stand."""


def masked_for(letter: Letter, context: dict[str, object], facts: Facts, office: Office) -> dict[str, object]:
    """The context of a letter as its reader may have it; what is the office's own in it stays."""
    look = look_of(letter, facts, office)
    if not look.kinds:
        return context
    return context | {name: masked_data(context[name], look, _OURS) for name in ("data", "case")}


def named_for(letter: Letter, files: Sequence[AttachedFile], facts: Facts, office: Office) -> tuple[AttachedFile, ...]:
    """Attachments under names that tell nothing that their reader need not know."""
    look = look_of(letter, facts, office)
    return tuple(replace(one, filename=masked(one.filename, look)) for one in files)


def look_of(letter: Letter, facts: Facts, office: Office) -> Look:
    """What is masked in this letter."""
    if letter.kind in OUTSIDE or not office.pack.masks.masks:
        return Look()
    if letter.kind in _TO_EXPERTS:
        return office.pack.masks.look(lambda name: name == "expert")
    # Whoever must decide what becomes of a mail that belongs to no case handles it.
    acts = letter.kind is LetterKind.QUARANTINE
    address = letter.to.address
    cases = [case for number in numbers_in(letter) if (case := facts.case(number))]
    return look_for(office.index.person(address), address, cases, office, acts=acts)


def look_for(
    person: Person | None, address: str, cases: Sequence[Case], office: Office, *, acts: bool = False
) -> Look:  # fmt: skip
    """What is masked for somebody in what speaks of these cases; a place counts where they have it in each of them.

    `acts`: they have handler's and coordinator's place in what belongs to no case.
    """
    own = {address, *(person.addresses if person else ())}

    def is_reader(name: str) -> bool:
        if name == "expert":
            return False
        if acts and name in _ACTING:
            return True
        if name in _HAS:
            return bool(cases) and all(_HAS[name](case, own, person, office) for case in cases)
        unit = office.index.unit(name)
        return (
            name in own
            or (person is not None and name in person.roles)
            or (unit is not None and (unit.address in own or (person is not None and person.unit == unit.id)))
        )

    return office.pack.masks.look(is_reader)


def look_at(case: Case | None, person: Person | None, office: Office) -> Look:
    """What is masked for somebody who is shown this case, or what tells of many (None); also for nobody known."""
    if person is None:
        return office.pack.masks.for_nobody()
    return look_for(person, person.address, (case,) if case else (), office)


def _handles(case: Case, own: set[str], _person: Person | None, office: Office) -> bool:
    """Also who reads the mail of a unit that has the case as a unit."""
    unit = office.index.unit(case.unit) if case.unit else None
    return not own.isdisjoint({case.handler, *case.joined}) or (unit is not None and unit.address in own)


def _leads(case: Case, own: set[str], _person: Person | None, office: Office) -> bool:
    unit = office.index.unit(case.unit) if case.unit else None
    return unit is not None and not own.isdisjoint({unit.head, unit.deputy})


def _belongs(case: Case, own: set[str], person: Person | None, office: Office) -> bool:
    return (person is not None and person.unit == case.unit) or _handles(case, own, person, office)


def _supervises(case: Case, own: set[str], _person: Person | None, _office: Office) -> bool:
    return not own.isdisjoint(case.supervisors)


def _coordinates(case: Case, own: set[str], _person: Person | None, office: Office) -> bool:
    return office.coordinator(case) in own


_HAS = {"handler": _handles, "head": _leads, "unit": _belongs, "supervisor": _supervises, "coordinator": _coordinates}
