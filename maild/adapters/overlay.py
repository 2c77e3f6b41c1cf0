"""The office's own entries, laid over a shipped pack one by one: add, change, remove (interfaces.md, "Own rules").

An entry whose id the shipped pack has changes the keys that it gives; `remove: true` takes it out; any other id is
new and must be complete. In a rule, `add:` and `drop:` put words into its `any` list or take them out. A list may
name itself (`"@name"`) to keep the shipped words. What is removed or extended and no longer exists is a warning and
no fault, so that an upgrade never stops an office.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from maild.adapters.ruleformat import ListsFile, PackFile, RuleEntry, Word, Words
from maild.adapters.yamlfile import Location, YamlFile
from maild.adapters.yamlmend import did_you_mean
from maild.domain.value import value
from maild.errors import Misconfigured

T = TypeVar("T")
EXTENDS = "extends"
PACK = "pack.yaml"
SETTLED = frozenset({
    PACK, "types.yaml", "voices.yaml", "words.yaml", "names.yaml", "phones.yaml", "circulation.yaml", "ledger.yaml",
    "reports.yaml",
    "channels.yaml", "routes.yaml", "deadlines.yaml", "ladder.yaml", "directory.yaml", "calendar.yaml", "banners.yaml",
    "clauses.yaml", "forms.yaml", "retention.yaml", "publish.yaml", "masks.yaml",
})  # fmt: skip
"""Files of a pack that hold something else than rules."""
Entry = dict[str, Any]


@value
class OwnRules:
    """A file of the office's own rules: entries may be as short as an id and what differs."""

    type: Word | None = None
    group: Word | None = None
    lists: dict[Word, Words] = field(default_factory=dict)
    rules: tuple[Entry, ...] = ()
    remove: tuple[Word, ...] = ()


@value
class _OwnTypes:
    types: tuple[Entry, ...] = ()
    points: tuple[Entry, ...] = ()


@value
class _OwnVoices:
    voices: tuple[Entry, ...] = ()
    lists: dict[Word, Words] = field(default_factory=dict)
    rules: tuple[Entry, ...] = ()


@value
class _OwnReports:
    reports: tuple[Entry, ...] = ()


class Overlay:
    """The office's folder over one pack; without a folder it changes nothing."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.warnings: list[Misconfigured] = []
        """What no longer fits, and is left out."""

    @cached_property
    def types(self) -> tuple[YamlFile | None, _OwnTypes]:
        """The file of types and points."""
        file = self._file("types.yaml")
        return file, file.read(_OwnTypes) if file else _OwnTypes()

    @cached_property
    def voices(self) -> tuple[YamlFile | None, _OwnVoices]:
        """The file of voices."""
        file = self._file("voices.yaml")
        return file, file.read(_OwnVoices) if file else _OwnVoices()

    @cached_property
    def reports(self) -> tuple[YamlFile | None, _OwnReports]:
        """The file of reports."""
        file = self._file("reports.yaml")
        return file, file.read(_OwnReports) if file else _OwnReports()

    @cached_property
    def words(self) -> ListsFile:
        """Own word lists, negations and greetings; the last two come on top of the shipped ones."""
        file = self._file("words.yaml")
        return file.read(ListsFile) if file else ListsFile()

    @cached_property
    def rules(self) -> tuple[tuple[YamlFile, OwnRules], ...]:
        """Every file of rules: beside pack.yaml, or in a folder `rules` there."""
        if self.folder is None:
            return ()
        beside = [path for path in sorted(self.folder.glob("*.yaml")) if path.name not in SETTLED]
        files = [YamlFile(path) for path in (*beside, *sorted((self.folder / "rules").glob("*.yaml")))]
        return tuple((file, file.read(OwnRules)) for file in files)

    def lists(self) -> Iterator[tuple[YamlFile, str, tuple[str, ...], Location]]:
        """Every own word list: its file, name, words and place."""
        file = self._file("words.yaml")
        sources = [(file, self.words.lists)] if file else []
        voices = self.voices[0]
        sources += [(voices, self.voices[1].lists)] if voices else []
        sources += [(one, content.lists) for one, content in self.rules]
        for source, lists in sources:
            yield from ((source, name, words, ("lists", name)) for name, words in lists.items())

    def pack(self, shipped: PackFile) -> PackFile:
        """The shipped pack's settings with the office's own over them; warns where the version has moved on."""
        file = self._file(PACK)
        if file is None:
            return shipped
        data = dict(file.data())
        _, version = extends(file)
        if version is not None and version != shipped.version:
            self.warnings.append(file.mistake(
                f"these rules were written over {shipped.id}@{version}, and version {shipped.version} is installed; "
                f"look at `maild policy diff` and write {shipped.id}@{shipped.version}.", (EXTENDS,),
            ))  # fmt: skip
        given = {key: said for key, said in data.items() if key != EXTENDS}
        return file.read(PackFile, _plain(shipped) | given)

    def laid_over(
        self, shipped: Sequence[T], kind: type[T], file: YamlFile | None, entries: Sequence[Entry], *, under: str
    ) -> tuple[T, ...]:
        """Shipped values of `kind` with an `id`, the own entries of one file laid over them."""
        result: dict[str, T] = {str(getattr(one, "id")): one for one in shipped}  # noqa: B009  any kind with an id
        for number, entry in enumerate(entries):
            assert file is not None  # noqa: S101  entries come from a file
            place = (under, number)
            ident = self._ident(entry, file, place)
            if self._removes(entry, file, place):
                self.known(ident, result, file, place)
                result.pop(ident, None)
                continue
            below = _plain(result[ident]) if ident in result else {}
            _complete(kind, below | entry, known=result, file=file, place=place)
            result[ident] = file.read(kind, below | _without_remove(entry), place)
        return tuple(result.values())

    def rule(self, shipped: Mapping[str, RuleEntry], entry: Entry, file: YamlFile, place: Location) -> RuleEntry | None:
        """One own rule, complete; None where it removes the shipped one."""
        ident = self._ident(entry, file, place)
        below = shipped.get(ident)
        if self._removes(entry, file, place):
            self.known(ident, shipped, file, place)
            return None
        whole: Entry = (_plain(below) if below else {}) | entry
        _complete(RuleEntry, whole, known=shipped, file=file, place=place)
        given = _without_remove(entry)
        add, drop = (_words(given.pop(key, ()), key, file, place) for key in ("add", "drop"))
        whole = (_plain(below) if below else {}) | given
        if add or drop:
            words = tuple(whole.get("any") or ())
            lacking = next((word for word in drop if word not in words), None)
            if lacking is not None:
                self.warnings.append(file.mistake(
                    f"'{lacking}' does not stand in the rule '{ident}'; take it out of `drop:`.", (*place, "drop")
                ))  # fmt: skip
            whole["any"] = tuple(dict.fromkeys(word for word in (*words, *add) if word not in drop))
        return file.read(RuleEntry, whole, place)

    def _file(self, name: str) -> YamlFile | None:
        path = self.folder / name if self.folder else None
        return YamlFile(path) if path is not None and path.is_file() else None

    def _ident(self, entry: Entry, file: YamlFile, place: Location) -> str:
        if not isinstance(entry.get("id"), str):
            raise file.mistake("the key 'id' is missing here; add it.", place)
        return str(entry["id"])

    def _removes(self, entry: Entry, file: YamlFile, place: Location) -> bool:
        said = entry.get("remove", False)
        if not isinstance(said, bool):
            raise file.mistake("'remove' is not right: write true or false.", (*place, "remove"))
        if said and set(entry) - {"id", "remove"}:
            raise file.mistake("an entry that is removed needs its id and nothing else.", place)
        return said

    def known(self, ident: str, shipped: Mapping[str, object], file: YamlFile, place: Location) -> None:
        """Warn where an entry removes what is not there."""
        if ident not in shipped:
            hint = did_you_mean(ident, shipped) or " take this entry out."
            self.warnings.append(file.mistake(f"there is no '{ident}' to remove;{hint}", place))


def _complete(kind: type[Any], whole: Entry, *, known: Mapping[str, object], file: YamlFile, place: Location) -> None:
    """A new entry that lacks something may be a shipped one whose id is written wrong: both are said."""
    ident = str(whole.get("id"))
    lacking = [item.name for item in fields(kind) if _needed(item) and item.name not in whole]
    if lacking and ident not in known:
        hint = did_you_mean(ident, known) or f" a new one needs {', '.join(lacking)}, too."
        raise file.mistake(f"there is no '{ident}' in the shipped pack to change;{hint}", place)


def _needed(item: Field[Any]) -> bool:
    return item.default is MISSING and item.default_factory is MISSING


def extends(file: YamlFile) -> tuple[str, int | None]:
    """Which pack an office's pack.yaml extends, and which version of it: `gm-mailbox@1`."""
    data = file.data()
    said = data.get(EXTENDS) if isinstance(data, dict) else None
    if not isinstance(said, str) or not said.strip("@ "):
        raise file.mistake("`extends:` names the pack that is changed here, as in extends: gm-mailbox@1.", (EXTENDS,))
    name, _, version = said.partition("@")
    if version and not version.isdigit():
        raise file.mistake(f"'{version}' is no version; write {name}@1.", (EXTENDS,))
    return name.strip(), int(version) if version else None


def _words(given: Any, key: str, file: YamlFile, place: Location) -> tuple[str, ...]:
    if not isinstance(given, list | tuple) or not all(isinstance(word, str) and word for word in given):
        raise file.mistake(f"'{key}' is not right: write a list: [one, two].", (*place, key))
    return tuple(given)


def _without_remove(entry: Entry) -> Entry:
    return {key: said for key, said in entry.items() if key != "remove"}


def _plain(one: Any) -> Entry:
    return {item.name: getattr(one, item.name) for item in fields(one)}
