"""Reading a policy pack: plain YAML that a clerk wrote, into one compiled `Policy`.

Every mistake is told with file, line, column and mend. Other readers' files (routes, deadlines, ladder, directory)
lie in the same folder and are left alone here.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from maild.adapters.examplefile import read_examples
from maild.adapters.learnedfile import read_learned
from maild.adapters.overlay import SETTLED, Overlay
from maild.adapters.ruleformat import (
    ListsFile,
    NamesFile,
    PackFile,
    RuleEntry,
    RulesFile,
    TypesFile,
    VoicesFile,
)
from maild.adapters.rulelines import RuleReader, Where
from maild.adapters.yamlfile import YamlFile
from maild.domain.likeness import Example
from maild.domain.policy import NOT_FEEDBACK, UNCLASSIFIED, FeedbackType, NameWords, Point, Policy, Voice
from maild.domain.rule import Rule
from maild.domain.value import value

COMMON = "common"
GROUPS = ("urgency", "crisis", "confidential", "customer-kind", "point", "voice")
_EXAMPLES = "examples.jsonl"
_EVERY_PACK = frozenset({UNCLASSIFIED, NOT_FEEDBACK})


def read_policy(folder: Path, office: Path | None = None) -> Policy:
    """The pack in this folder, with the common rules that lie beside it and the office's own entries laid over both.

    The first mistake is raised.
    """
    return read_laid(folder, Overlay(office))


def read_laid(folder: Path, overlay: Overlay) -> Policy:
    """As `read_policy`; what no longer fits of the overlay stands in its warnings afterwards."""
    return _Reading(folder, overlay).policy()


@value
class _Line:
    """One rule as it will count, and where it stands."""

    entry: RuleEntry
    votes_for: str
    file: YamlFile
    where: Where


class _Reading:
    """One reading of one pack: what has been seen so far, to tell duplicates and unknown names."""

    def __init__(self, folder: Path, overlay: Overlay) -> None:
        self._folder, self._own = folder, overlay
        self._common = folder.parent / COMMON
        self._lines: dict[str, _Line] = {}
        self._lists: dict[str, tuple[str, ...]] = {}
        self._own_lists = {name: (file, words, where) for file, name, words, where in overlay.lists()}
        self._types_file = YamlFile(folder / "types.yaml")
        self._shipped = self._types_file.read(TypesFile)
        self._types = self._laid_types()
        self._voices_file = YamlFile(folder / "voices.yaml")
        self._voices = self._voices_file.read(VoicesFile)
        self._all_voices = self._laid_voices()
        self._voice_ids = frozenset(voice.id for voice in self._all_voices)
        self._words = [self._read_words(base / "words.yaml") for base in (self._common, folder)]
        self._words.append(overlay.words)

    def policy(self) -> Policy:
        """Everything together."""
        pack = self._own.pack(YamlFile(self._folder / "pack.yaml").read(PackFile))
        self._check_types()
        self._check_voices()
        examples = self._examples()
        return Policy(
            id=pack.id,
            version=pack.version,
            name=pack.name,
            coordinator=pack.coordinator,
            supervisory_body=pack.supervisory_body,
            interprets=pack.interprets,
            approved=pack.approved,
            in_force_since=pack.in_force_since,
            threshold=pack.threshold,
            doubt=pack.doubt,
            spread=pack.spread,
            types=self._types.types,
            voices=self._all_voices,
            points=self._types.points,
            rules=tuple(self._rules()),
            negations=tuple(word for words in self._words for word in words.negations),
            greetings=tuple(word for words in self._words for word in words.greetings),
            names=self._names(),
            examples=examples,
            marks=read_learned((self._own.folder, self._folder), [one.type for one in examples]),
            likeness_weight=pack.likeness_weight,
        )

    def _laid_types(self) -> TypesFile:
        file, own = self._own.types
        kinds = self._own.laid_over(self._shipped.types, FeedbackType, file, own.types, under="types")
        points = self._own.laid_over(self._shipped.points, Point, file, own.points, under="points")
        return TypesFile(types=kinds, points=points)

    def _laid_voices(self) -> tuple[Voice, ...]:
        file, own = self._own.voices
        return self._own.laid_over(self._voices.voices, Voice, file, own.voices, under="voices")

    def _examples(self) -> tuple[Example, ...]:
        """The example mails of pack and office; those of a type that the office took out are left out."""
        known = frozenset(kind.id for kind in self._types.types)
        shipped = frozenset(kind.id for kind in self._shipped.types)
        examples = read_examples(self._folder / _EXAMPLES, known | shipped)
        if self._own.folder:
            examples += read_examples(self._own.folder / _EXAMPLES, known)
        return tuple(example for example in examples if example.type in known)

    def _read_words(self, path: Path) -> ListsFile:
        if not path.is_file():
            return ListsFile()
        file = YamlFile(path)
        words = file.read(ListsFile)
        self._take_lists(file, words.lists)
        reader = RuleReader(file, self._lists, self._voice_ids)
        reader.words(words.negations, ("negations",))
        return words

    def _take_lists(self, file: YamlFile, lists: dict[str, tuple[str, ...]]) -> None:
        reader = RuleReader(file, self._lists, self._voice_ids)
        for name, words in lists.items():
            if name in self._lists:
                raise file.mistake(f"a list '{name}' exists already; choose another name.", ("lists", name))
            self._lists[name] = reader.words(words, ("lists", name))
            self._take_own_list(name)

    def _take_own_list(self, name: str) -> None:
        """The office's words in place of the shipped ones; `"@name"` among them stands for those."""
        if name in self._own_lists:
            file, words, where = self._own_lists.pop(name)
            self._lists[name] = RuleReader(file, self._lists, self._voice_ids).words(words, where)

    def _names(self) -> NameWords:
        path = self._common / "names.yaml"
        return YamlFile(path).read(NamesFile).names if path.is_file() else NameWords()

    def _rules(self) -> Iterator[Rule]:
        """Every rule as it counts: the shipped ones with what the office changed, then the office's new ones."""
        self._take_lists(self._voices_file, self._voices.lists)
        self._collect(self._voices_file, self._voices.rules, "")
        for path in (*sorted(self._common.glob("*.yaml")), *sorted((self._folder / "rules").glob("*.yaml"))):
            if path.name not in SETTLED:
                file = YamlFile(path)
                content = file.read(RulesFile)
                self._take_lists(file, content.lists)
                self._collect(file, content.rules, self._votes_for(content.type, content.group, file))
        for name in tuple(self._own_lists):
            self._take_own_list(name)
        self._lay_over()
        gone = {kind.id for kind in self._shipped.types} - {kind.id for kind in self._types.types}
        for line in self._lines.values():
            rule = RuleReader(line.file, self._lists, self._voice_ids).rule(line.entry, line.votes_for, line.where)
            if rule.votes_for.removeprefix("type/") not in gone:
                yield self._checked(rule, line.file, line.where)

    def _collect(self, file: YamlFile, entries: Sequence[RuleEntry], votes_for: str) -> None:
        for number, entry in enumerate(entries):
            where: Where = ("rules", number)
            if entry.id in self._lines:
                stands = self._lines[entry.id].file.path
                raise file.mistake(f"a rule '{entry.id}' stands in {stands} already; choose another id.", where)
            self._lines[entry.id] = _Line(entry=entry, votes_for=votes_for, file=file, where=where)

    def _lay_over(self) -> None:
        """The office's rules: each changes or removes the shipped one of its id, or is new."""
        voices_file, voices = self._own.voices
        if voices_file is not None:
            self._lay_file(voices_file, voices.rules, str)
        for file, content in self._own.rules:
            for number, ident in enumerate(content.remove):
                self._own.known(ident, self._lines, file, ("remove", number))
                self._lines.pop(ident, None)
            self._lay_file(file, content.rules, partial(self._votes_for, content.type, content.group, file))

    def _lay_file(self, file: YamlFile, entries: Sequence[dict[str, Any]], votes_for: Callable[[], str]) -> None:
        """`votes_for` is asked for new rules alone: a changed one goes on speaking for what it spoke for."""
        for number, given in enumerate(entries):
            where: Where = ("rules", number)
            below = self._lines.get(str(given.get("id")))
            known = {ident: line.entry for ident, line in self._lines.items()}
            entry = self._own.rule(known, given, file, where)
            if entry is None:
                self._lines.pop(str(given["id"]), None)
                continue
            speaks = below.votes_for if below else entry.votes_for or votes_for()
            self._lines[entry.id] = _Line(entry=entry, votes_for=speaks, file=file, where=where)

    def _votes_for(self, kind: str | None, group: str | None, file: YamlFile) -> str:
        if kind is not None:
            if kind not in {one.id for one in self._types.types} | {one.id for one in self._shipped.types}:
                known = ", ".join(one.id for one in self._types.types)
                raise file.mistake(f"'{kind}' is no type of this pack; write one of {known}.", ("type",))
            return f"type/{kind}"
        if group is None:
            raise file.mistake("the file does not say what its rules are for; add `type:` or `group:` at the top.")
        return group

    def _checked(self, rule: Rule, file: YamlFile, where: Where) -> Rule:
        group, _, name = rule.votes_for.partition("/")
        known = self._known_names(group)
        if not name or known is None or (known and name not in known):
            raise file.mistake(self._unknown_vote(rule, known), where)
        return rule

    def _known_names(self, group: str) -> set[str] | None:
        if group == "type":
            return {kind.id for kind in self._types.types}
        if group == "voice":
            return set(self._voice_ids)
        if group == "point":
            return {point.id for point in self._types.points}
        if group == "urgency":
            return {"low", "normal", "high", "critical"}
        return set() if group in GROUPS else None

    def _unknown_vote(self, rule: Rule, known: set[str] | None) -> str:
        what = rule.votes_for or "nothing"
        choice = ", ".join(sorted(known)) if known else "type/…, " + ", ".join(f"{group}/…" for group in GROUPS)
        return f"rule '{rule.id}' speaks for {what}, which this pack does not know; write `votes_for:` with {choice}."

    def _check_types(self) -> None:
        points = {point.id for point in self._types.points}
        seen: set[str] = set()
        for kind in self._types.types:
            file, where = self._place(kind.id)
            for place, point in enumerate(kind.needs):
                if point not in points:
                    raise file.mistake(
                        f"there is no point '{point}'; add it under `points:`.", (*where, "needs", place)
                    )
            seen.add(kind.id)
        ids = [kind.id for kind in self._shipped.types]
        twice = next((number for number, ident in enumerate(ids) if ident in ids[:number]), None)
        if twice is not None:
            raise self._types_file.mistake(f"the type '{ids[twice]}' stands here twice.", ("types", twice))
        if lacking := sorted(({UNCLASSIFIED} | _EVERY_PACK.intersection(ids)) - seen):
            own, _ = self._own.types
            raise (own or self._types_file).mistake(
                f"the type '{lacking[-1]}' is missing; every pack has it.", ("types",)
            )

    def _place(self, kind: str) -> tuple[YamlFile, Where]:
        """Where a type stands that counts: in the office's file, or in the shipped one."""
        file, own = self._own.types
        for number, entry in enumerate(own.types):
            if file is not None and entry.get("id") == kind:
                return file, ("types", number)
        return self._types_file, ("types", [one.id for one in self._shipped.types].index(kind))

    def _check_voices(self) -> None:
        known = {kind.id for kind in self._types.types} | {kind.id for kind in self._shipped.types}
        ids = [voice.id for voice in self._voices.voices]
        for voice in self._all_voices:
            for kind in voice.leans:
                if kind not in known:
                    number = ids.index(voice.id) if voice.id in ids else 0
                    where = ("voices", number, "leans", kind)
                    raise self._voices_file.mistake(f"'{kind}' is no type of this pack; check its spelling.", where)
