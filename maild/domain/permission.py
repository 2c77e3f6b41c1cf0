"""Who may give which order in a case (the table of casework 5; security.md, "Commands with a key").

A person has the rights of what they are in the case: handler, head of its unit, coordinator, supervisor; the general
manager and the deputies have all rights of heads and coordinator. A delegate has the rights of the key's person, an
assistant those of the listed verbs. Whoever the case excludes has none.
"""

import re

from maild.domain.assign import handled_as, in_supervisory_body, may_handle, refusal
from maild.domain.case import Case
from maild.domain.command import Command
from maild.domain.conflict import kept, known_as
from maild.domain.directory import Person
from maild.domain.lookup import Index
from maild.domain.spelling import fold_address
from maild.domain.verb import (
    ASKED,
    CONTROL,
    COORDINATOR,
    FINDER,
    HANDLER,
    HEAD,
    HELPER,
    PARTY,
    RECEIVER,
    REVIEWER,
    SEAL,
    STAFF,
    SUPERVISOR,
)
from maild.domain.verbs import who_may

NOT_YOURS, CONFLICT, CONFIDENTIAL = "not-yours", "conflict-of-interest", "confidential-type"
UNKNOWN_UNIT, OUTSIDE_DIRECTORY = "unknown-unit", "outside-directory"
ASSISTANTS_VERBS = frozenset({"accept", "note", "route", "remind"})
"""What an assistant may do for a person, where the directory lists nothing else (casework 5)."""
NEVER_ASSISTANTS = frozenset(
    {"approve", "decline", "seal", "unseal", "upheld", "unfounded", "malicious", "release", "abstract", "shorten",
     "erase", "hold", "lift-hold"}
)  # fmt: skip
"""What a person decides alone, whatever the directory lists."""
_ASKED_OF_ONE = frozenset({"approve", "decline"})
"""Answers to a question that was put to one person: an assistant gives them under no key but the own."""
MARKET = frozenset({"market", "marketing"})
"""Ids of the unit, and names of the role, that review customers' suggestions besides hr and gm-office (casework 5)."""
_REFUSALS = {"unknown": OUTSIDE_DIRECTORY, "excluded": CONFLICT}
"""Who stands outside the seal of a confidential case is not refused here: its holder is asked (security.md)."""
_DEPUTY = re.compile(r"副总经理|副总裁|deputy (?:general manager|gm)|vice president", re.IGNORECASE)
_ALL = frozenset({HANDLER, HEAD, COORDINATOR, SUPERVISOR, PARTY})


def may(
    command: Command, *, actor: Person, case: Case, index: Index, coordinator: str | None = None, acting_for: str = ""
) -> str | None:
    """Why `actor` may not give this order, as a reason code; None where it may be done.

    `acting_for` is the address that the key was made for; "" means the actor's own.
    """
    if _excluded(actor, case):
        return CONFLICT
    owner = index.person(acting_for) or actor
    if _excluded(owner, case):
        return CONFLICT
    if command.verb in _ASKED_OF_ONE and _is_assistant(actor, owner):
        return NOT_YOURS
    roles = standing(actor, case, index=index, coordinator=coordinator, acting_for=acting_for)
    if owner is not actor and command.verb in verbs_for(actor, owner):
        roles |= standing(owner, case, index=index, coordinator=coordinator)
    if not roles & who_may(command.verb):
        return NOT_YOURS
    return _why_not_to(command, case, index) if command.verb == "route" else None


def standing(
    actor: Person, case: Case, *, index: Index, coordinator: str | None = None, acting_for: str = ""
) -> frozenset[str]:
    """What a person is in a case, as the verb table says it; a delegate is what the key's person is, too."""
    roles = {PARTY, ASKED, STAFF, RECEIVER} | _own(actor, case, index, coordinator)
    owner = index.person(acting_for) if acting_for else None
    if owner is not None and owner is not actor and owner.delegate in actor.addresses:
        roles |= _own(owner, case, index, coordinator)
    if owner is None and acting_for and _is_member(actor, case, index, acting_for):
        roles.add(HANDLER)
    return frozenset(roles) if may_see(actor, case, index) or owner not in {None, actor} else frozenset({STAFF})


def may_see(actor: Person, case: Case, index: Index) -> bool:
    """Whether the type is this person's to work on: confidential ones are for gm, hr and gm-office (casework 3)."""
    return (
        not case.confidential
        or actor.address == case.handler
        or (actor.address in case.joined and actor.address in case.released)
        or may_handle(index, actor.address, handled_as(case.type, case.confidential))
    )


def to_present_handler(command: Command, case: Case, index: Index) -> bool:
    """Whether a route names who has the case already: the assignment goes again, with the new date (casework 5)."""
    person = index.person(command.person)
    if person is not None:
        return person.address == case.handler
    unit = index.unit(command.unit)
    return unit is not None and unit.id == case.unit


def is_management(person: Person) -> bool:
    """The general manager, or a deputy general manager: all rights of heads and coordinator."""
    return "gm" in person.roles or _DEPUTY.search(person.title) is not None


def _own(person: Person, case: Case, index: Index, coordinator: str | None) -> set[str]:
    """What a person is in a case by name, post or role."""
    roles = set(_ALL) if is_management(person) else set()
    if person.address == case.handler or case.woken in person.addresses:
        roles.add(HANDLER)
    if _leads(person, case, index):
        roles |= {HANDLER, HEAD}
    if coordinator is not None and fold_address(coordinator) in map(fold_address, person.addresses):
        roles |= {COORDINATOR} | ({HANDLER} if case.handler is None else set())
    if not set(case.joined).isdisjoint(person.addresses):
        roles.add(HELPER)
    if not set(case.supervisors).isdisjoint(person.addresses):
        roles.add(SUPERVISOR)
    if case.type.startswith("customer-") and (person.unit in MARKET or not MARKET.isdisjoint(person.roles)):
        roles.add(REVIEWER)
    return roles | _by_office(person, index)


def _by_office(person: Person, index: Index) -> set[str]:
    roles = {REVIEWER, SEAL, FINDER} if {"hr", "gm-office"} & set(person.roles) else set()
    if "gm" in person.roles:
        roles |= {REVIEWER, FINDER}
    return roles | ({CONTROL} if in_supervisory_body(index, person.address) else set())


def _leads(person: Person, case: Case, index: Index) -> bool:
    """Head and deputy may act on every open case of their unit."""
    unit = index.unit(case.unit)
    return unit is not None and person.address in {unit.head, unit.deputy}


def _is_member(actor: Person, case: Case, index: Index, acting_for: str) -> bool:
    """For a unit's key every current member may act on the unit's case."""
    unit = index.unit_at(acting_for)
    own = unit is not None and (actor in index.members(unit.id) or actor.address == unit.address)
    return own and unit is not None and unit.id == case.unit


def _is_assistant(actor: Person, owner: Person) -> bool:
    """Whether somebody acts for this person as an assistant, and not as the delegate."""
    return not set(owner.assistants).isdisjoint(actor.addresses) and owner.delegate not in actor.addresses


def verbs_for(actor: Person, owner: Person) -> frozenset[str]:
    """The verbs that an assistant may say for this person; none for anybody else."""
    if set(owner.assistants).isdisjoint(actor.addresses):
        return frozenset()
    listed = dict(owner.assistants_may)
    own = next((frozenset(listed[one]) for one in actor.addresses if one in listed), ASSISTANTS_VERBS)
    return own - NEVER_ASSISTANTS


def _excluded(person: Person, case: Case) -> bool:
    out = {fold_address(address) for address in case.excluded}
    return any(fold_address(address) in out for address in (*person.addresses, *person.former))


def _why_not_to(command: Command, case: Case, index: Index) -> str | None:
    """Why a case may not go there: nobody of the directory, excluded, or not entitled to the type."""
    kind, out = handled_as(case.type, case.confidential), kept(known_as(case.excluded, index))
    if command.person:
        why = refusal(index, out, address=command.person, kind=kind)
        return _REFUSALS.get(why or "")
    unit = index.unit(command.unit)
    if unit is None:
        return UNKNOWN_UNIT
    why = refusal(index, out, address=unit.head, kind=kind) if unit.head else None
    deputy = refusal(index, out, address=unit.deputy, kind=kind) if unit.deputy else why
    return _REFUSALS.get(why or "") if deputy else None
