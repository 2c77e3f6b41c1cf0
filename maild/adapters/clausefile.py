"""clauses.yaml of a pack: which clause of the policy is carried out how, where, and by which test it is shown.

`coverage` looks each entry and each test up: what is named and not there is said, so that no clause is carried out on
paper alone (policies.md, its head).
"""

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import maild
from maild.adapters.shipped import shipped
from maild.adapters.yamlfile import YamlFile
from maild.adapters.yamlmend import did_you_mean
from maild.domain.rule import Bilingual
from maild.domain.value import value
from maild.domain.verbs import VERBS

CLAUSES = "clauses.yaml"
LETTER, COMMAND = "letter", "command"
How = Literal["rule", "deadline", "form", "report", "manual"]
_OF_TIME = ("deadlines.yaml", "ladder.yaml")


@value
class ClauseEntry:
    """One clause of the policy as the pack carries it out."""

    id: str
    """As in the policy: P3.5.1."""
    says: Bilingual
    """What it asks, in one line."""
    met: tuple[How, ...]
    """`manual` only for what no mailbox can do; its record is then taken in and asked for."""
    where: tuple[str, ...]
    """`FILE#ENTRY` of the pack, `letter#NAME` or `command#VERB`."""
    test: tuple[str, ...]
    """`tests/FILE.py::NAME`, each shows a part of it."""


@value
class ClausesFile:
    """What clauses.yaml may hold."""

    clauses: tuple[ClauseEntry, ...]


@value
class Covered:
    """One clause and what is missing of it; empty where all that it names is there."""

    clause: ClauseEntry
    missing: tuple[str, ...] = ()
    """One sentence each, with file and line."""


def default_tests() -> Path | None:
    """The folder of the tests in a checkout; None where maild is installed without them."""
    found = Path(maild.__file__).parent.parent / "tests"
    return found if (found / "README.md").is_file() else None


def read_clauses(folder: Path) -> tuple[YamlFile, ClausesFile] | None:
    """The file, where the pack has one; the first mistake is raised with its place."""
    path = folder / CLAUSES
    if not path.is_file():
        return None
    file = YamlFile(path)
    read = file.read(ClausesFile)
    seen: set[str] = set()
    for number, one in enumerate(read.clauses):
        if one.id in seen:
            sentence = f"the clause '{one.id}' stands here a second time; keep one of them."
            raise file.mistake(sentence, ("clauses", number, "id"))
        seen.add(one.id)
    return file, read


def coverage(folder: Path, office: Path | None = None, tests: Path | None = None) -> tuple[Covered, ...] | None:
    """Each clause with what is missing of it; None where the pack names no clauses.

    Without `tests` the tests are not looked for: an installed maild has none.
    """
    found = read_clauses(folder)
    if found is None:
        return None
    file, read = found
    places = Places(folder, office)
    return tuple(
        Covered(clause=one, missing=tuple(_missing(file, number, one, places, tests=tests)))
        for number, one in enumerate(read.clauses)
    )


class Places:
    """The files of a pack and of the office over it, each read once."""

    def __init__(self, folder: Path, office: Path | None = None) -> None:
        self._folder, self._office = folder, office
        self._read: dict[Path, Any] = {}

    def fault(self, name: str) -> str:
        """Why an entry `FILE#ENTRY` does not stand; "" where it does."""
        source, _, entry = name.partition("#")
        if not (self._folder / source).is_file():
            return f"there is no file '{source}' in the pack; check its name."
        steps = tuple(entry.split(".")) if entry else ()
        if entry_at(self._content(self._folder / source), steps) is None:
            return f"'{entry}' does not stand in {source}; write an entry that it has."
        own = self._office / source if self._office else None
        return _taken_out(self._content(own), steps, own) if own is not None and own.is_file() else ""

    def _content(self, path: Path) -> Any:
        if path not in self._read:
            self._read[path] = YamlFile(path).data()
        return self._read[path]


def _missing(file: YamlFile, number: int, clause: ClauseEntry, places: Places, *, tests: Path | None) -> Iterator[str]:
    """What is said of each entry and test that is not there."""
    for key in ("where", "test"):
        if not getattr(clause, key):
            yield file.mistake(f"'{key}' is empty; name at least one.", ("clauses", number, key)).sentence
    if "deadline" in clause.met and not any(name.startswith(_OF_TIME) for name in clause.where):
        sentence = "met by a deadline, but no entry of deadlines.yaml or ladder.yaml stands under 'where'; add it."
        yield file.mistake(sentence, ("clauses", number, "where")).sentence
    for at, name in enumerate(clause.where):
        words = name.partition("#")[0] in {LETTER, COMMAND}
        if sentence := _word_fault(name) if words else places.fault(name):
            yield file.mistake(sentence, ("clauses", number, "where", at)).sentence
    for at, name in enumerate(clause.test):
        if tests is not None and (sentence := _test_fault(name, tests)):
            yield file.mistake(sentence, ("clauses", number, "test", at)).sentence


def _word_fault(name: str) -> str:
    """Why there is no such letter or order; "" where there is."""
    source, _, entry = name.partition("#")
    known = _letters() if source == LETTER else tuple(verb.name for verb in VERBS if verb.in_force)
    hint = did_you_mean(entry, known) or " write one that there is."
    if entry in known:
        return ""
    return f"there is no letter '{entry}';{hint}" if source == LETTER else f"there is no command '{entry}';{hint}"


def _taken_out(content: Any, steps: Sequence[str], path: Path) -> str:
    """What is said where the office's own file takes the entry out."""
    own = entry_at(content, steps)
    gone = own == "none" or (isinstance(own, dict) and own.get("remove") is True)
    return f"'{'.'.join(steps)}' is taken out by {path}; the clause is no longer carried out." if gone else ""


def entry_at(content: Any, steps: Sequence[str]) -> Any:
    """What these steps lead to: keys of mappings, ids of the items of lists; None where they lead nowhere.

    An item of a list at the top needs no name of the list: `routes.yaml#retaliation`.
    """
    if not steps:
        return content
    step, rest = steps[0], steps[1:]
    if isinstance(content, dict):
        if step in content:
            return entry_at(content[step], rest)
        lists = [one for one in content.values() if isinstance(one, list)]
        return next((found for one in lists if (found := entry_at(one, steps)) is not None), None)
    if isinstance(content, list):
        found = next((one for one in content if one == step or (isinstance(one, dict) and step in _ids(one))), None)
        return None if found is None else entry_at(found, rest)
    return None


def _ids(item: dict[str, Any]) -> tuple[str, ...]:
    return tuple(item[key] for key in ("id", "number") if isinstance(item.get(key), str))


def _letters() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in shipped("templates").glob("*.j2")))


def _test_fault(name: str, tests: Path) -> str:
    path, _, test = name.partition("::")
    file = tests.parent / path
    if not file.is_file():
        return f"there is no test file '{path}'; check its name."
    known = _tests_in(file)
    return "" if test in known else f"there is no test '{test}' in {path};{did_you_mean(test, known) or ' check it.'}"


@lru_cache(maxsize=256)
def _tests_in(path: Path) -> tuple[str, ...]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return tuple(node.name for node in found if node.name.startswith("test_"))
