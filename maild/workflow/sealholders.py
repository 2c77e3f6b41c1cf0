"""Who keeps the secret of who wrote, and who hears that one of them has asked for it (P3.5.7, security.md)."""

from collections.abc import Iterator, Sequence

from maild.domain.case import Case
from maild.domain.directory import Person
from maild.domain.message import Address
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.sight import Sight, is_barred, may_read_letter, sight


def holds_seal(person: Person | None, office: Office) -> bool:
    """Whether somebody knows who wrote by right: the roles that the pack names, HR and the GM office."""
    return person is not None and not set(office.pack.routes.seal_holders).isdisjoint(person.roles)


def gets_files(person: Person | None, case: Case, office: Office) -> bool:
    """Whether attachments of a confidential case go to this person, who reads the letter.

    Besides the seal-holders, whoever must decide the case where none of them can look through its files first: the gm
    who has a case of revenge (P3.6.4), and who handles what excludes every seal-holder.
    """
    if holds_seal(person, office):
        return True
    if person is None or person.address != case.handler:
        return False
    holders = office.index.with_role(*office.pack.routes.seal_holders)
    return case.type in office.pack.routes.coordinator_hears_nothing or not any(
        _may_hear(case, one, office) for one in holders
    )


def who_reads(case: Case, office: Office) -> Person | None:
    """The seal-holder who reads what the handler of a sealed case may not: the coordinator first."""
    heads = {unit.head for unit in office.index.directory.units}
    holders = office.index.with_role(*office.pack.routes.seal_holders)
    people = (office.coordinator_person(case), *sorted(holders, key=lambda one: one.address not in heads))
    fit = (one for one in people if one is not None and holds_seal(one, office))
    return next((one for one in fit if may_read_letter(case, one, office)), None)


def may_erase(person: Person | None, office: Office) -> bool:
    """Whether somebody may order an erasure, or hold a case from it: the roles that the pack names."""
    return person is not None and not set(office.pack.routes.erasers).isdisjoint(person.roles)


def who_hears(
    case: Case, asker: Person, office: Office, *, roles: Sequence[str] = ()
) -> tuple[tuple[Address, ...], bool]:
    """Whom an unsealing is told, and whether it is the supervisory body instead of the other seal-holder.

    The other one is the head of each other role that keeps the seal (or of `roles`). Where that head is excluded, or
    may know no more than that the case exists, the members of the supervisory body hear, but those it excludes too.
    """
    others = tuple(_others(asker, office, roles or office.pack.routes.seal_holders))
    free = tuple(to_person(one) for one in others if _may_hear(case, one, office))
    if free and len(free) == len(others):
        return free, False
    body = tuple(_member(one, office) for one in office.index.directory.supervisory_body
                 if not is_barred(case, one, office.index))  # fmt: skip
    return (*free, *body), True


def _others(asker: Person, office: Office, roles: Sequence[str]) -> Iterator[Person]:
    """The first of each of these roles that is not the asker's own: the head of its unit."""
    heads = {unit.head for unit in office.index.directory.units}
    for role in roles:
        if role not in asker.roles:
            holders = sorted(office.index.with_role(role), key=lambda one: one.address not in heads)
            yield from holders[:1]


def _may_hear(case: Case, person: Person, office: Office) -> bool:
    return not is_barred(case, person.address, office.index) and sight(case, person, office) >= Sight.FACTS


def _member(address: str, office: Office) -> Address:
    person = office.index.person(address)
    return to_person(person) if person else Address(address=address)
