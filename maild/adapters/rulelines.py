"""One rule of a file into a `Rule`: lists looked up, every term tried, every mistake told where it stands."""

from collections.abc import Mapping, Sequence

from maild.adapters.ruleformat import RuleEntry
from maild.adapters.yamlfile import YamlFile
from maild.domain.page import FIELDS, TEXT
from maild.domain.rule import Rule
from maild.domain.term import BadTerm, compile_term, same_spelling
from maild.errors import Misconfigured

Where = tuple[int | str, ...]


class RuleReader:
    """Reads the rules of one file against the lists that it may name."""

    def __init__(self, file: YamlFile, lists: Mapping[str, Sequence[str]], voices: frozenset[str]) -> None:
        self._file = file
        self._lists = lists
        self._voices = voices

    def rule(self, entry: RuleEntry, votes_for: str, where: Where) -> Rule:
        """The rule of this entry; `Misconfigured` names line and mend."""
        self._check_words(entry, where)
        groups = self._groups(entry, where)
        if not groups and entry.longest is None and entry.shortest is None:
            raise self._file.mistake(f"rule '{entry.id}' looks for nothing; add `any:` with a list of words.", where)
        return Rule(
            id=entry.id,
            votes_for=entry.votes_for or votes_for,
            why=entry.why,
            weight=entry.weight,
            groups=groups,
            near=entry.near is not None and entry.within is None,
            then=entry.then is not None,
            within=entry.within or 0,
            none=self._group(entry.none or (), (*where, "none")),
            look_in=entry.look_in or (TEXT,),
            voices=entry.voices or (),
            roles=entry.roles or (),
            guard=entry.guard,
            more=entry.more,
            longest=entry.longest or 0,
            shortest=entry.shortest or 0,
        )

    def words(self, words: Sequence[str], where: Where) -> tuple[str, ...]:
        """A list without references, every term of it tried."""
        return self._group(words, where)

    def _check_words(self, entry: RuleEntry, where: Where) -> None:
        if not entry.why.zh.strip() or not entry.why.en.strip():
            raise self._file.mistake(
                f"rule '{entry.id}' has an empty why; say in zh and en what the words mean.", where
            )
        for number, name in enumerate(entry.look_in or ()):
            if name not in FIELDS:
                place = (*where, "look_in", number)
                raise self._file.mistake(f"'{name}' is no part of a mail; write {', '.join(FIELDS)}.", place)
        for number, name in enumerate(entry.voices or ()):
            if name not in self._voices:
                place = (*where, "voices", number)
                raise self._file.mistake(
                    f"'{name}' is no voice; write one of {', '.join(sorted(self._voices))}.", place
                )
        together = [key for key in ("all", "near", "then") if getattr(entry, key) is not None]
        if entry.within is not None and together in ([], ["all"]):
            message = "`within` counts the characters of `near` or `then`; add `near:` or `then:`."
            raise self._file.mistake(message, (*where, "within"))
        if len(together) > 1:
            message = f"`{together[0]}` and `{together[1]}` stand in one rule; keep one of them."
            raise self._file.mistake(message, (*where, together[1]))

    def _groups(self, entry: RuleEntry, where: Where) -> tuple[tuple[str, ...], ...]:
        groups = [self._group(entry.any, (*where, "any"))] if entry.any else []
        for key, several in (("all", entry.all), ("near", entry.near), ("then", entry.then)):
            for number, item in enumerate(several or ()):
                words = (item,) if isinstance(item, str) else item
                groups.append(self._group(words, (*where, key, number)))
        return tuple(groups)

    def _group(self, words: Sequence[str], where: Where) -> tuple[str, ...]:
        result: dict[str, str] = {}
        own: set[str] = set()
        for number, word in enumerate(words):
            place = (*where, number)
            if word.startswith("@"):
                result.update((same_spelling(listed), listed) for listed in self._list(word, place))
                continue
            spelling = same_spelling(word)
            if spelling in own:
                raise self._file.mistake(f"'{word}' stands here twice; keep one of them.", place)
            self._try(word, place)
            own.add(spelling)
            result[spelling] = word
        return tuple(result.values())

    def _list(self, word: str, where: Where) -> Sequence[str]:
        if word[1:] not in self._lists:
            raise self._file.mistake(f"there is no list '{word[1:]}'; add it under `lists:` or check its name.", where)
        return self._lists[word[1:]]

    def _try(self, word: str, where: Where) -> None:
        try:
            compile_term(word)
        except BadTerm as error:
            raise self._mistake(word, error, where) from error

    def _mistake(self, word: str, error: BadTerm, where: Where) -> Misconfigured:
        return self._file.mistake(f"the term '{word}' cannot be used: {error}.", where)
