"""The oracle's own reading of directory.yaml: who is above whom, who is head of what, who stands below somebody."""

from dataclasses import dataclass
from typing import Any

import yaml


@dataclass
class Tree:
    """One directory file, as plain data."""

    units: dict[str, dict[str, Any]]
    people: dict[str, dict[str, Any]]
    body: list[str]

    def unit_of(self, person: str) -> str | None:
        """The unit in which somebody works."""
        return self.people[person]["unit"] if person in self.people else None

    def head(self, unit: str | None) -> str | None:
        """The head of a unit."""
        return self.units[unit]["head"] if unit in self.units else None

    def above(self, person: str) -> list[str]:
        """The superiors of somebody, the nearest first, the general manager last."""
        unit, found = self.unit_of(person), []
        while unit:
            head = self.head(unit)
            if head and head != person and head not in found:
                found.append(head)
            unit = self.units[unit].get("parent")
        return found

    def below(self, person: str) -> set[str]:
        """Everybody who has this person among their superiors."""
        return {one for one in self.people if person in self.above(one)}

    def having(self, *roles: str) -> set[str]:
        """Who holds one of these roles."""
        return {one for one, entry in self.people.items() if set(roles) & set(entry.get("roles", ()))}


def read(text: str) -> Tree:
    """The tree that a directory file tells."""
    data = yaml.safe_load(text)
    people = {}
    for entry in data["people"]:
        address = entry["address"]
        people[address if isinstance(address, str) else address[0]] = entry
    return Tree(units={unit["id"]: unit for unit in data["units"]}, people=people, body=data["supervisory_body"])
