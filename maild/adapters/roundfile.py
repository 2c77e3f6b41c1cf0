"""circulation.yaml, ledger.yaml, publish.yaml of a pack or an office: read, and asked what they name (casework 7)."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from pathlib import Path

from maild.adapters.channelfile import known
from maild.adapters.formfile import form_checks
from maild.adapters.retentionfile import read_retention
from maild.adapters.rulebook import read_policy
from maild.adapters.yamlfile import Location, YamlFile
from maild.domain.circulation import STEPS, Circulating
from maild.domain.ledger import LedgerRules
from maild.domain.lookup import Index
from maild.domain.policy import FeedbackType
from maild.domain.publication import Publishing

_CIRCULATION = "circulation.yaml"
_LEDGER = "ledger.yaml"
_PUBLISH = "publish.yaml"


def read_circulating(folder: Path | None, types: Collection[str], index: Index | None = None) -> Circulating | None:
    """circulation.yaml, where the folder has one.

    Raises `Misconfigured` at a type that the pack has not, at a step that nobody can take and, with `index`, at a role
    that nobody of the directory has.
    """
    file = _file(folder, _CIRCULATION)
    if file is None:
        return None
    read = file.read(Circulating)
    _known_types(file, read.types, types, ("types",))
    for at, step in enumerate(read.steps):
        if step not in STEPS:
            raise file.mistake(f"there is no step '{step}'; write one of: {', '.join(STEPS)}.", ("steps", at))
    for at, role in enumerate(read.by):
        if index is not None and not index.with_role(role):
            sentence = f"'{role}' is no unit, role or person of the directory; write one that it has."
            raise file.mistake(sentence, ("by", at))
    return read


def read_ledger(folder: Path | None, types: Collection[str]) -> LedgerRules | None:
    """ledger.yaml, where the folder has one.

    Raises `Misconfigured` at a type that the pack has not, and at an id that two rules have: entries know theirs by it.
    """
    file = _file(folder, _LEDGER)
    if file is None:
        return None
    read = file.read(LedgerRules)
    seen = Counter[str]()
    for at, rule in enumerate(read.rules):
        _known_types(file, rule.types, types, ("rules", at, "types"))
        seen[rule.id] += 1
        if seen[rule.id] > 1:
            raise file.mistake(f"'{rule.id}' stands here twice; keep one of them.", ("rules", at, "id"))
    return read


def read_publishing(folder: Path | None, types: Collection[str], index: Index | None = None) -> Publishing | None:
    """publish.yaml, where the folder has one.

    Raises `Misconfigured` at a type that the pack has not and, with `index`, at a reader whom nobody knows.
    """
    file = _file(folder, _PUBLISH)
    if file is None:
        return None
    read = file.read(Publishing)
    _known_types(file, read.never, types, ("never",))
    for at, name in enumerate(read.to):
        if index is not None and not known(name, index):
            sentence = f"'{name}' is no unit, role or person of the directory; write one that it has."
            raise file.mistake(sentence, ("to", at))
    return read


def round_checks(folder: Path, office: Path | None, index: Index) -> Iterator[Callable[[], object]]:
    """Each file of the pack and of the office by itself, so that one mistake hides no other."""

    @cache
    def kinds() -> Mapping[str, FeedbackType]:
        return read_policy(folder, office).types_by_id

    yield lambda: read_circulating(folder, kinds())
    yield lambda: read_circulating(office, kinds(), index)
    yield lambda: read_ledger(folder, kinds())
    yield lambda: read_ledger(office, kinds())
    yield lambda: read_publishing(folder, kinds())
    yield lambda: read_publishing(office, kinds(), index)
    yield from form_checks(folder, office, kinds, index)
    yield lambda: read_retention(folder, kinds())
    yield lambda: read_retention(office, kinds())


def _file(folder: Path | None, name: str) -> YamlFile | None:
    return YamlFile(folder / name) if folder and (folder / name).is_file() else None


def _known_types(file: YamlFile, named: Collection[str], types: Collection[str], place: Location) -> None:
    for at, kind in enumerate(named):
        if kind not in types:
            sentence = f"'{kind}' is no type of this pack; write one of {', '.join(types)}."
            raise file.mistake(sentence, (*place, at))
