"""The catalogues of words and sentences, `zh.yaml` and `en.yaml`; the office's own entries over the shipped ones.

Traditional Chinese is the zh catalogue converted by OpenCC (extra `hant`), with `zh-Hant.yaml` of either folder over
it; the words of a mail are never converted.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from markupsafe import Markup

from maild.adapters.sentences import Sentence
from maild.adapters.yamlfile import Location, YamlFile

LANGUAGES = ("zh", "en")
HANT = "zh-Hant"
COMMON = "common"
"""The letter whose sentences every letter may use."""
_Words = dict[str, dict[str, str]]


class Catalogue:
    """The words and sentences of one language."""

    def __init__(
        self, language: str, folders: Sequence[Path], *, below: str = "", convert: Callable[[str], str] = str
    ) -> None:
        """Read from `folders`, the shipped one first; the first must have a catalogue, or one of the language `below`.

        What stands in the catalogue `below` is converted; what stands in the language's own is not.
        """
        self.language = language
        self._convert = convert
        self.words: _Words = {}
        """Group, code, words: urgency, state, clock, command and so on."""
        self.sentences: dict[str, dict[str, Sentence]] = {}
        """Letter, key, sentence."""
        for number, folder in enumerate(folders):
            path = folder / f"{below or language}.yaml"
            if number == 0 or path.exists():
                self._lay(YamlFile(path), folder, own=number > 0)
        self._convert = str
        for folder in folders if below else ():
            path = folder / f"{language}.yaml"
            if path.exists():
                self._lay(YamlFile(path), folder, own=True)

    def word(self, group: str, code: object) -> str:
        """A code in words; the code itself when the catalogue does not know it."""
        return self.words.get(group, {}).get(str(code), str(code))

    def reworded(self, group: str, text: object) -> str:
        """A code in words, or a text in the words of the first phrase that stands in it; else the text itself."""
        said, known = str(text), self.words.get(group, {})
        phrases = (words for code, words in known.items() if " " in code and code in said)
        return known.get(said) or next(phrases, said)

    def letter(self, letter: str) -> "Wording":
        """The sentences that one letter may say: its own, and the common ones."""
        return Wording(self, letter)

    def _lay(self, file: YamlFile, folder: Path, *, own: bool) -> None:
        groups = _mapping(file.data(), file, ())
        for group, entries in groups.items():
            if group == "letters":
                continue
            for code, words in _mapping(entries, file, (group,)).items():
                self.words.setdefault(group, {})[code] = self._convert(_text(words, file, (group, code)))
        letters = _mapping(groups.get("letters", {}), file, ("letters",))
        for letter, entries in letters.items():
            free = not own or (folder / f"{letter}.j2").exists()
            self._lay_letter(letter, _mapping(entries, file, ("letters", letter)), file, free=free)

    def _lay_letter(self, letter: str, entries: Mapping[str, object], file: YamlFile, *, free: bool) -> None:
        mine = self.sentences.setdefault(letter, {})
        for key, words in entries.items():
            where = ("letters", letter, key)
            if not free and key not in mine:
                raise file.mistake(f"no letter uses a sentence '{key}' of '{letter}'; check the spelling.", where)
            mine[key] = Sentence(self._convert(_text(words, file, where)), partial(_place, file, where))


def hant_converter() -> Callable[[str], str] | None:
    """Simplified into traditional characters and words, as in Taiwan; None where OpenCC is not installed.

    What is written here is answered and never recovered: 回复 is 回覆.
    """
    try:
        from opencc import OpenCC
    except ImportError:
        return None
    convert: Callable[[str], str] = OpenCC("s2twp").convert
    return lambda text: convert(text).replace("回復", "回覆")


class Wording:
    """The sentences of one letter in one language."""

    def __init__(self, catalogue: Catalogue, letter: str) -> None:
        self._sentences = {**catalogue.sentences.get(COMMON, {}), **catalogue.sentences.get(letter, {})}
        self._where = f"letters: {letter}: nor under letters: {COMMON}: of {catalogue.language}.yaml"

    def says(self, key: str) -> bool:
        """Whether there is such a sentence."""
        return key in self._sentences

    def plain(self, key: str, **values: object) -> str:
        """The sentence as text."""
        return self._find(key, values).plain(values)

    def html(self, key: str, **values: object) -> Markup:
        """The sentence as HTML."""
        return self._find(key, values).html(values)

    def _find(self, key: str, values: Mapping[str, object]) -> Sentence:
        """The sentence of this key; of `key-one` where there is one and `count` is 1."""
        if values.get("count") == 1 and f"{key}-one" in self._sentences:
            return self._sentences[f"{key}-one"]
        found = self._sentences.get(key)
        if found is None:
            raise LookupError(f"the sentence '{key}' stands neither under {self._where}")
        return found


def _mapping(data: object, file: YamlFile, where: Location) -> Mapping[str, object]:
    if not isinstance(data, dict):
        raise file.mistake("names with words behind them are expected here, one 'name: words' a line.", where)
    return data


def _text(words: object, file: YamlFile, where: Location) -> str:
    if isinstance(words, bool | dict | list) or words is None:
        raise file.mistake(f"'{where[-1]}' needs words; write them in quotes.", where)
    return str(words)


def _place(file: YamlFile, where: Location) -> str:
    return str(file.mistake("", where)).rstrip(": ")
