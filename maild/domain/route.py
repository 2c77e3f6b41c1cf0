"""Routes: which unit or person gets a new case, as the pack's routes.yaml says (casework 3, "Handler").

Of the routes whose conditions fit, the one with most of its words in the letter is taken; among equals the first.
"""

from collections.abc import Iterable
from dataclasses import field
from enum import StrEnum
from functools import cached_property
from typing import Literal

from maild.domain.conflict import PROTECTED
from maild.domain.directory import Dangling, Unit
from maild.domain.lookup import Index
from maild.domain.spelling import Phrases
from maild.domain.value import value


class Special(StrEnum):
    """Targets of a route that are no unit and no person by name."""

    COORDINATOR = "coordinator"
    COMMON_SUPERIOR = "common-superior"
    """The nearest superior of all units in dispute (P3.5.3)."""
    SENDER_UNIT = "sender-unit"
    """The unit of the writer; the route does not fit a writer without one."""
    NOBODY = "nobody"
    """Not feedback: no handler, no notice."""


@value
class Matter:
    """What the choice of a handler reads of a case."""

    kind: str
    """The type."""
    writer: str = ""
    """The requester's address."""
    subject: str = ""
    text: str = ""
    names: tuple[str, ...] = ()
    customer_kind: str | None = None
    subject_class: str | None = None


@value
class Route:
    """One entry of routes.yaml; an empty condition always holds."""

    id: str
    to: str
    """A `Special`, a unit id, or the first address of a person."""
    why: dict[str, str] = field(default_factory=dict, hash=False)
    """In the clerk's words, by language."""
    types: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    """Unit ids; the writer belongs to one of them or below."""
    subject_class: tuple[str, ...] = ()
    customer_kind: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """The letter holds at least one."""


@value
class Choice:
    """The route taken, and the words of the letter that spoke for it."""

    route: Route
    words: tuple[str, ...] = ()


FALLBACK = Route(id="no-route", to=Special.COORDINATOR)
"""Where no route fits: the coordinator."""


@value
class Routes:
    """The routes of a pack, in order, and how members of a unit share its cases."""

    routes: tuple[Route, ...] = ()
    members: Literal["least-loaded", "round-robin"] = "least-loaded"
    protected: frozenset[str] = PROTECTED
    """Types that only the entitled roles handle and read."""
    entitled: tuple[str, ...] = ("hr", "gm-office", "gm")
    """Roles that handle and read protected types, in the order in which a case moves among them."""
    seal_holders: tuple[str, ...] = ("hr", "gm-office")
    """Roles that keep secret who wrote, and get the attachments of sealed letters (P3.5.7)."""
    erasers: tuple[str, ...] = ("gm-office", "hr")
    """Roles that may order by mail that a person is erased, or that a case is held from it (security.md)."""
    gm_hears: frozenset[str] = frozenset({"staff-report", "important-issue"})
    """Types of which the gm gets a notice."""
    coordinator_hears_nothing: frozenset[str] = frozenset({"retaliation"})
    """Types of which the coordinator gets no notice."""
    dangling: tuple[Dangling, ...] = ()
    """Routes that name somebody who has left; they lead to the unit of that person."""

    def choose(self, matter: Matter, index: Index) -> Choice:
        """The route for a matter; `FALLBACK` where none fits."""
        fitting = [route for route in self.routes if _fits(route, matter, index)]
        words = self._words_in(matter) if any(route.words for route in fitting) else {}
        fitting = [route for route in fitting if not route.words or words.get(route.id)]
        best = max(fitting, key=lambda route: _score(route, words, matter, index), default=FALLBACK)
        return Choice(route=best, words=tuple(words.get(best.id, ())))

    @cached_property
    def _phrases(self) -> "Phrases[str]":
        return Phrases((word, route.id) for route in self.routes for word in route.words)

    def _words_in(self, matter: Matter) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for weight, text in ((_SUBJECT, matter.subject), (1, matter.text[:_FAR_ENOUGH])):
            for hit in self._phrases.find(text):
                for route in hit.values:
                    words = found.setdefault(route, {})
                    words[hit.phrase] = max(weight, words.get(hit.phrase, 0))
        return found


_SUBJECT = 2
_FAR_ENOUGH = 20_000


def _fits(route: Route, matter: Matter, index: Index) -> bool:
    return (
        _holds(route.types, matter.kind)
        and _holds(route.subject_class, matter.subject_class)
        and _holds(route.customer_kind, matter.customer_kind)
        and _from_unit(route, matter, index)
    )


def _holds(wanted: tuple[str, ...], fact: str | None) -> bool:
    return not wanted or fact in wanted


def _from_unit(route: Route, matter: Matter, index: Index) -> bool:
    if not route.units and route.to != Special.SENDER_UNIT:
        return True
    own = index.unit_of(matter.writer)
    if own is None or not route.units:
        return own is not None
    return any(unit.id in route.units for unit in index.climb(own.id))


def _score(route: Route, words: dict[str, dict[str, int]], matter: Matter, index: Index) -> int:
    spoken = sum(words.get(route.id, {}).values())
    own = index.unit_of(matter.writer) if spoken else None
    return spoken + (own is not None and route.to == own.id)


def units_in_dispute(matter: Matter, index: Index) -> tuple[str, ...]:
    """The units between which a ruling is asked: those named, and the writer's own; else those the letter speaks of."""
    named = [index.unit_meant(name) for name in matter.names]
    own = index.unit_of(matter.writer)
    found = _ids((*named, own if own and own.id != index.coordinator_unit else None))
    return found if len(found) > 1 else tuple(dict.fromkeys((*found, *_spoken_of(matter, index))))


def _spoken_of(matter: Matter, index: Index) -> tuple[str, ...]:
    units = index.units_named(f"{matter.subject}\n{matter.text[:_FAR_ENOUGH]}")
    return tuple(unit.id for unit in units if unit.parent and unit.id != index.coordinator_unit)


def _ids(units: Iterable[Unit | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(unit.id for unit in units if unit))
