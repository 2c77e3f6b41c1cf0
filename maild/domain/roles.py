"""Roles of people in the directory, and which of several says most."""

from collections.abc import Iterable, Sequence

from maild.domain.directory import Person

ROLES = ("gm", "gm-office", "hr", "customer-service", "department-head")
"""Roles that say more than `staff`, the weightiest first (policies.md, P3)."""


def weightiest(roles: Sequence[str]) -> str:
    """The role that says most about a person."""
    known = next((role for role in ROLES if role in roles), None)
    return known or next((role for role in roles if role != "staff"), "staff")


def by_unit(people: Iterable[Person]) -> dict[str, list[Person]]:
    """The people of each unit, in file order; "" for those without one."""
    groups: dict[str, list[Person]] = {}
    for person in people:
        groups.setdefault(person.unit or "", []).append(person)
    return groups


def by_role(people: Iterable[Person]) -> dict[str, list[Person]]:
    """Who has each role, in file order."""
    bearers: dict[str, list[Person]] = {}
    for person in people:
        for role in dict.fromkeys(person.roles):
            bearers.setdefault(role, []).append(person)
    return bearers
