"""Reading a policy pack: plain YAML that a clerk wrote, into one compiled `Policy`.

Every mistake is told with file, line, column and mend. Other readers' files (routes, deadlines, ladder, directory)
lie in the same folder and are left alone here.
"""

from collections.abc import Iterable
from pathlib import Path

from maild.adapters.examplefile import read_examples
from maild.adapters.ruleformat import ListsFile, NamesFile, PackFile, RulesFile, TypesFile, VoicesFile
from maild.adapters.rulelines import RuleReader, Where
from maild.adapters.yamlfile import YamlFile
from maild.domain.policy import UNCLASSIFIED, NameWords, Policy
from maild.domain.rule import Rule

COMMON = "common"
GROUPS = ("urgency", "crisis", "confidential", "customer-kind", "point", "voice")
_SETTLED = {"words.yaml", "names.yaml", "banners.yaml"}


def read_policy(folder: Path) -> Policy:
    """The pack in this folder, with the common rules that lie beside it; the first mistake is raised."""
    return _Reading(folder).policy()


class _Reading:
    """One reading of one pack: what has been seen so far, to tell duplicates and unknown names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._common = folder.parent / COMMON
        self._seen: dict[str, str] = {}
        self._lists: dict[str, tuple[str, ...]] = {}
        self._types_file = YamlFile(folder / "types.yaml")
        self._types = self._types_file.read(TypesFile)
        self._voices_file = YamlFile(folder / "voices.yaml")
        self._voices = self._voices_file.read(VoicesFile)
        self._voice_ids = frozenset(voice.id for voice in self._voices.voices)
        self._words = [self._read_words(base / "words.yaml") for base in (self._common, folder)]

    def policy(self) -> Policy:
        """Everything together."""
        pack_file = YamlFile(self._folder / "pack.yaml")
        pack = pack_file.read(PackFile)
        self._check_types()
        self._check_voices()
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
            voices=self._voices.voices,
            points=self._types.points,
            rules=tuple(self._rules()),
            negations=tuple(word for words in self._words for word in words.negations),
            greetings=tuple(word for words in self._words for word in words.greetings),
            names=self._names(),
            examples=read_examples(self._folder / "examples.jsonl", frozenset(kind.id for kind in self._types.types)),
            likeness_weight=pack.likeness_weight,
        )

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

    def _names(self) -> NameWords:
        path = self._common / "names.yaml"
        return YamlFile(path).read(NamesFile).names if path.is_file() else NameWords()

    def _rules(self) -> Iterable[Rule]:
        self._take_lists(self._voices_file, self._voices.lists)
        reader = RuleReader(self._voices_file, self._lists, self._voice_ids)
        for number, entry in enumerate(self._voices.rules):
            where: Where = ("rules", number)
            self._new(entry.id, self._voices_file, where)
            yield self._checked(reader.rule(entry, "", where), self._voices_file, where)
        for path in (*sorted(self._common.glob("*.yaml")), *sorted((self._folder / "rules").glob("*.yaml"))):
            if path.name not in _SETTLED:
                yield from self._rules_of(YamlFile(path))

    def _rules_of(self, file: YamlFile) -> Iterable[Rule]:
        content = file.read(RulesFile)
        self._take_lists(file, content.lists)
        reader = RuleReader(file, self._lists, self._voice_ids)
        votes_for = self._votes_for(content, file)
        for number, entry in enumerate(content.rules):
            where: Where = ("rules", number)
            self._new(entry.id, file, where)
            yield self._checked(reader.rule(entry, votes_for, where), file, where)

    def _votes_for(self, content: RulesFile, file: YamlFile) -> str:
        if content.type is not None:
            if content.type not in {kind.id for kind in self._types.types}:
                known = ", ".join(kind.id for kind in self._types.types)
                raise file.mistake(f"'{content.type}' is no type of this pack; write one of {known}.", ("type",))
            return f"type/{content.type}"
        if content.group is None:
            raise file.mistake("the file does not say what its rules are for; add `type:` or `group:` at the top.")
        return content.group

    def _new(self, rule: str, file: YamlFile, where: Where) -> None:
        if rule in self._seen:
            raise file.mistake(f"a rule '{rule}' stands in {self._seen[rule]} already; choose another id.", where)
        self._seen[rule] = str(file.path)

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
        for number, kind in enumerate(self._types.types):
            if kind.id in seen:
                raise self._types_file.mistake(f"the type '{kind.id}' stands here twice.", ("types", number))
            seen.add(kind.id)
            for place, point in enumerate(kind.needs):
                if point not in points:
                    where = ("types", number, "needs", place)
                    raise self._types_file.mistake(f"there is no point '{point}'; add it under `points:`.", where)
        if UNCLASSIFIED not in seen:
            raise self._types_file.mistake(f"the type '{UNCLASSIFIED}' is missing; every pack has it.", ("types",))

    def _check_voices(self) -> None:
        known = {kind.id for kind in self._types.types}
        for number, voice in enumerate(self._voices.voices):
            for kind in voice.leans:
                if kind not in known:
                    where = ("voices", number, "leans", kind)
                    raise self._voices_file.mistake(f"'{kind}' is no type of this pack; check its spelling.", where)
