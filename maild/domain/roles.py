"""Roles of people in the directory, and which of several says most."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from maild.domain.directory import Person

ROLES = ("gm", "gm-office", "hr", "customer-service", "department-head")
"""Roles that say more than `staff`, the weightiest first (policies.md, P3)."""
KNOWN = (*ROLES, "staff", "partner", "consumer", "supervisory-body", "external")
CHINESE = {
    "总经理": "gm", "总经办": "gm-office", "人力资源": "hr", "人事": "hr", "客服": "customer-service",
    "部门负责人": "department-head", "员工": "staff", "合作伙伴": "partner", "监事会": "supervisory-body",
}  # fmt: skip
"""What people write for a role in Chinese."""
_NEAR = 0.82
"""How alike a slip of the pen is; an office's own roles are less so."""


def unknown_role(role: str) -> str:
    """The role that this one must mean: a slip of the pen, or its Chinese name; "" where it is right or an own one."""
    if role in KNOWN:
        return ""
    if role in CHINESE:
        return CHINESE[role]
    near = get_close_matches(role.lower().replace("_", "-"), KNOWN, n=1, cutoff=_NEAR)
    return near[0] if near else ""


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
