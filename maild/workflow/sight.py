"""How much of a case a person inside may see: nothing, that it exists, its facts, or the letter itself.

Every letter, digest row and order is held to the answer (security.md, "Conflict of interest"; casework 3). Who is
excluded is asked of the directory as it is today, besides what the case remembers of the day it was opened.
"""

from enum import IntEnum
from functools import lru_cache

from maild.domain.assign import in_supervisory_body
from maild.domain.case import Case
from maild.domain.conflict import NOBODY, Exclusion, excluded, kept, known_as
from maild.domain.directory import Person
from maild.domain.lookup import Index
from maild.workflow.office import Office


class Sight(IntEnum):
    """What a person may see of a case; each step holds those below it."""

    NOTHING = 0
    EXISTS = 1
    """Number and type."""
    FACTS = 2
    """Number, type, unit, state, deadlines."""
    LETTER = 3


def exclusion_of(case: Case, index: Index) -> Exclusion:
    """Who is out of a case: whom it remembers, and whom its names mean in the directory of today."""
    if not (case.names or case.excluded):
        return NOBODY
    remembered = known_as((*case.excluded, *case.undecided), index)
    return _out(index, kind=case.type, names=case.names, writer=case.requester.address, remembered=remembered)


def is_barred(case: Case, address: str, index: Index) -> bool:
    """Whether mail to this address would reach somebody whom the case excludes."""
    person = index.person(address)
    own = (address, *(person.addresses if person else ()))
    out = exclusion_of(case, index)
    return any(out.bars(one) for one in own)


def sight(case: Case, person: Person | None, office: Office) -> Sight:
    """What a person of the directory may see of a case; None is an address that is nobody's alone."""
    if person is None:
        return Sight.FACTS if case.confidential else Sight.LETTER
    if is_barred(case, person.address, office.index):
        return Sight.NOTHING
    if person.address == case.handler and _entitled(case, person, office):
        return Sight.LETTER
    if _hears_nothing(case, person, office):
        return Sight.EXISTS
    return Sight.LETTER if _entitled(case, person, office) else Sight.FACTS


def may_read_letter(case: Case, person: Person | None, office: Office) -> bool:
    """Whether the letter itself may be shown: confidential ones to gm, hr and gm-office alone (casework 3)."""
    return sight(case, person, office) is Sight.LETTER


def _hears_nothing(case: Case, person: Person, office: Office) -> bool:
    """The coordinator's office, of `retaliation` and of a case that names somebody of that office (security.md)."""
    members = office.index.members(office.pack.coordinator)
    if person not in members:
        return False
    if case.type in office.pack.routes.coordinator_hears_nothing:
        return True
    out = exclusion_of(case, office.index)
    return any(out.bars(member.address) for member in members)


def _entitled(case: Case, person: Person, office: Office) -> bool:
    """Whether a person's role lets them read the letter; the supervisory body only what has come to it."""
    if not case.confidential:
        return True
    by_role = not set(office.pack.routes.entitled).isdisjoint(person.roles)
    came = person.address in {case.handler, *case.supervisors}
    return by_role or (came and in_supervisory_body(office.index, person.address))


@lru_cache(maxsize=1024)
def _out(
    index: Index, *, kind: str, names: tuple[str, ...], writer: str, remembered: tuple[str, ...]
) -> Exclusion:  # fmt: skip
    return kept((*remembered, *excluded(index, kind=kind, names=names, writer=writer).excluded))
