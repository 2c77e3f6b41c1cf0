"""Whether the files of a pack agree: types with routes and deadlines, points with questions, posts with people."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from maild.adapters.ruleformat import PackFile, TypesFile
from maild.adapters.yamlfile import Location, YamlFile
from maild.adapters.yamlmend import did_you_mean
from maild.domain.deadlines import ROUTED
from maild.domain.lookup import Index
from maild.domain.policy import NOT_FEEDBACK
from maild.errors import Misconfigured

Warn = Callable[[YamlFile, Location, str], None]
_ALWAYS = frozenset({"default", "quarantined", ROUTED})
"""Entries of deadlines.yaml that are no types."""
_SETTINGS = ("protected", "gm_hears", "coordinator_hears_nothing")


class Crossing:
    """The files of one pack, each asked about what stands in another."""

    def __init__(self, folder: Path, index: Index, types: TypesFile | None) -> None:
        self._folder, self._index, self._types = folder, index, types
        self._known = [kind.id for kind in types.types] if types else []

    def checks(self, warn: Warn) -> Iterator[Callable[[], None]]:
        """Each question by itself, so that one mistake hides no other."""
        if self._types is not None:
            yield self._names_and_questions
            yield self._routed_types
            yield self._timed_types
            yield self._laddered_types
            yield lambda: self._unrouted(warn)
            yield self._untimed

    def bodies(self) -> None:
        """Coordinator and supervisory body are units of the directory, and somebody sits in them (security.md)."""
        file = YamlFile(self._folder / "pack.yaml")
        pack = file.read(PackFile)
        for key, name in (("coordinator", pack.coordinator), ("supervisory_body", pack.supervisory_body)):
            if not name:
                raise file.mistake(f"the key '{key}' is missing or empty; name a unit of the directory.")
            if self._index.unit(name) is None and not self._index.with_role(name):
                hint = did_you_mean(name, self._unit_names()) or " write its id or name."
                raise file.mistake(f"'{name}' is no unit of the directory;{hint}", (key,))
        if not self._index.directory.supervisory_body:
            raise file.mistake(
                "nobody stands under supervisory_body: of the directory; name two people.", ("supervisory_body",)
            )

    def _unit_names(self) -> list[str]:
        return [name for unit in self._index.directory.units for name in (unit.name, unit.id, *unit.aliases)]

    def _names_and_questions(self) -> None:
        file, types = self._file("types.yaml"), self._types
        if file is None or types is None:
            return
        for number, kind in enumerate(types.types):
            _both(file, ("types", number, "name"), kind.name.zh, kind.name.en)
        for number, point in enumerate(types.points):
            _both(file, ("points", number, "question"), point.question.zh, point.question.en)

    def _routed_types(self) -> None:
        if file := self._file("routes.yaml"):
            data = file.data()
            for key in _SETTINGS:
                self._all_known(file, _listed(data.get(key)), (key,))
            for number, route in enumerate(_listed(data.get("routes"))):
                if isinstance(route, dict):
                    self._all_known(file, _listed(route.get("types")), ("routes", number, "types"))

    def _timed_types(self) -> None:
        if file := self._file("deadlines.yaml"):
            for name in _mapping(file.data().get("types")):
                if name not in _ALWAYS:
                    self._known_type(file, name, ("types", name))

    def _laddered_types(self) -> None:
        if file := self._file("ladder.yaml"):
            for number, ladder in enumerate(_listed(file.data().get("ladders"))):
                if isinstance(ladder, dict):
                    self._all_known(file, _listed(ladder.get("types")), ("ladders", number, "types"))

    def _unrouted(self, warn: Warn) -> None:
        """A type that no route names reaches the coordinator; without a last route for everything it is a mistake."""
        routes, file = self._file("routes.yaml"), self._file("types.yaml")
        if routes is None or file is None:
            raise Misconfigured(f"{self._folder / 'routes.yaml'}: the file is missing; copy it from a shipped pack.")
        entries = [route for route in _listed(routes.data().get("routes")) if isinstance(route, dict)]
        named = {name for route in entries for name in _listed(route.get("types"))}
        last = any(not route.get("types") and not route.get("words") for route in entries)
        for number, kind in enumerate(self._known):
            if kind not in named and last:
                warn(file, ("types", number), f"no route names the type '{kind}'; it goes to the coordinator.")
            elif kind not in named:
                raise file.mistake(f"the type '{kind}' has no route; add one to routes.yaml.", ("types", number))

    def _untimed(self) -> None:
        times, file = self._file("deadlines.yaml"), self._file("types.yaml")
        if times is None or file is None:
            raise Misconfigured(f"{self._folder / 'deadlines.yaml'}: the file is missing; copy it from a shipped pack.")
        timed = set(_mapping(times.data().get("types")))
        for number, kind in enumerate(self._known):
            if kind not in timed and "default" not in timed and kind != NOT_FEEDBACK:
                raise file.mistake(f"the type '{kind}' has no deadline; add it to deadlines.yaml.", ("types", number))

    def _all_known(self, file: YamlFile, names: Iterable[Any], where: Location) -> None:
        for number, name in enumerate(names):
            self._known_type(file, name, (*where, number))

    def _known_type(self, file: YamlFile, name: Any, where: Location) -> None:
        if name not in self._known:
            hint = did_you_mean(str(name), self._known) or f" write one of {', '.join(self._known)}."
            raise file.mistake(f"'{name}' is no type of this pack;{hint}", where)

    def _file(self, name: str) -> YamlFile | None:
        path = self._folder / name
        return YamlFile(path) if path.is_file() else None


def _both(file: YamlFile, where: Location, zh: str, en: str) -> None:
    for language, words in (("zh", zh), ("en", en)):
        if not words.strip():
            raise file.mistake(f"the words in {language} are empty; people read both languages.", (*where, language))


def _listed(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [] if given is None else [given]


def _mapping(given: Any) -> dict[str, Any]:
    return given if isinstance(given, dict) else {}
