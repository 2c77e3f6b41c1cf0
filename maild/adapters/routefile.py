"""routes.yaml of a pack, with the office's own entries laid over it, into `Routes` (interfaces.md, "Own rules")."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from maild.adapters.yamlfile import YamlFile
from maild.domain.directory import Dangling
from maild.domain.lookup import Index
from maild.domain.route import Route, Routes, Special

NAME = "routes.yaml"


def _listed(given: Any) -> Any:
    return [given] if isinstance(given, str) else given


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class _Route(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    to: str = ""
    why: dict[str, str] = {}
    types: Names = ()
    units: Names = ()
    subject_class: Names = ()
    customer_kind: Names = ()
    words: dict[str, Names] = {}
    remove: bool = False


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    members: Literal["least-loaded", "round-robin"] | None = None
    protected: Names | None = None
    entitled: Names | None = None
    seal_holders: Names | None = None
    erasers: Names | None = None
    gm_hears: Names | None = None
    coordinator_hears_nothing: Names | None = None
    routes: tuple[_Route, ...] = ()


def read_routes(folder: Path, index: Index, *, office: Path | None = None, strict: bool = False) -> Routes:
    """The routes of the pack in `folder`; entries of the same id in the office's folder replace or remove them.

    An entry that only the office has stands before the shipped ones. Units and people in the office's own entries
    must be in the directory. A shipped entry for a unit that this organisation lacks is left out, unless `strict`.
    """
    shipped, shipped_file = _read(folder / NAME, index, strict=strict)
    own_path = office / NAME if office else None
    own, own_file = _read(own_path, index) if own_path and own_path.is_file() else ({}, _File())
    added = {name: route for name, route in own.items() if name not in shipped}
    routes = (own.get(name, route) for name, route in (added | shipped).items())
    return Routes(
        routes=tuple(route for route in routes if route.to), dangling=_dangling(own_path, own_file, index),
        **_settings(shipped_file, own_file),
    )  # fmt: skip


def _dangling(path: Path | None, content: _File, index: Index) -> tuple[Dangling, ...]:
    """The office's own routes to somebody who has left."""
    named = [(n, entry) for n, entry in enumerate(content.routes) if index.leaver(entry.to)]
    if path is None or not named:
        return ()
    file = YamlFile(path)
    return tuple(
        Dangling(what="route", whose=entry.id, address=entry.to.lower(), place=file.place(("routes", n, "to")))
        for n, entry in named
    )


def _settings(*files: _File) -> dict[str, Any]:
    """The settings beside the routes that a file gives; a later file's word counts."""
    given: dict[str, Any] = {}
    for file in files:
        given |= file.model_dump(exclude={"routes"}, exclude_none=True)
    sets = ("protected", "gm_hears", "coordinator_hears_nothing")
    return {key: frozenset(value) if key in sets else value for key, value in given.items()}


def _read(path: Path, index: Index, *, strict: bool = True) -> tuple[dict[str, Route], _File]:
    file = YamlFile(path)
    content = file.read(_File)
    routes: dict[str, Route] = {}
    for number, entry in enumerate(content.routes):
        place = ("routes", number)
        if entry.id in routes:
            sentence = f"the route '{entry.id}' stands here a second time; give it another id."
            raise file.mistake(sentence, (*place, "id"))
        if strict or _resolves(entry, index):
            routes[entry.id] = _route(file, number, entry, index)
    return routes, content


def _resolves(entry: _Route, index: Index) -> bool:
    return entry.remove or (_meant(entry.to, index) is not None and all(index.unit(name) for name in entry.units))


def _route(file: YamlFile, number: int, entry: _Route, index: Index) -> Route:
    if entry.remove:
        return Route(id=entry.id, to="")
    return Route(
        id=entry.id,
        to=_target(file, number, entry.to, index),
        why=entry.why,
        types=entry.types,
        units=tuple(_unit(file, number, name, index) for name in entry.units),
        subject_class=entry.subject_class,
        customer_kind=entry.customer_kind,
        words=tuple(dict.fromkeys(word for words in entry.words.values() for word in words)),
    )


def _target(file: YamlFile, number: int, to: str, index: Index) -> str:
    meant = _meant(to, index)
    if meant is None:
        kinds = ", ".join(Special)
        sentence = f"'{to}' is no unit, person or role and none of {kinds}; write the id or name of a unit."
        raise file.mistake(sentence, ("routes", number, "to"))
    return meant


def _meant(to: str, index: Index) -> str | None:
    """What a target stands for: a special word, a unit id, a person's first address, or who leads by that role.

    For somebody who left their unit stands, and the coordinator where that is gone too; a changed address is followed.
    """
    if to in set(Special):
        return to
    if leaver := index.leaver(to):
        unit = index.unit(leaver.unit)
        return unit.id if unit else Special.COORDINATOR
    bearers = index.with_role(to)
    unit = index.unit(to) or next((led for person in bearers if (led := index.leads(person))), None)
    person = index.holder(to) or next(iter(bearers), None)
    return unit.id if unit else person.address if person else None


def _unit(file: YamlFile, number: int, name: str, index: Index) -> str:
    unit = index.unit(name)
    if unit is None:
        raise file.mistake(f"'{name}' is no unit of the directory; write its id or name.", ("routes", number, "units"))
    return unit.id
