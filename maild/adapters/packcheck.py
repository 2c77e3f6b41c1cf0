"""Everything that can be wrong with a policy pack, told at once: each file's first mistake with its mend.

The readers themselves stop at the first mistake of the first file, as a daemon must; a clerk wants to know them all.
"""

import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from maild.adapters.bannerfile import BANNERS, BannerFile, own_files, read_marks
from maild.adapters.channelfile import read_channels
from maild.adapters.clausefile import ClausesFile
from maild.adapters.deadlinefile import read_deadlines
from maild.adapters.directoryfile import read_directory, warnings
from maild.adapters.learnedfile import LEARNED
from maild.adapters.maskfile import read_masks
from maild.adapters.overlay import SETTLED, Overlay, OwnRules
from maild.adapters.packcross import Crossing
from maild.adapters.reportfile import report_checks
from maild.adapters.roundfile import round_checks
from maild.adapters.routefile import read_routes
from maild.adapters.rulebook import COMMON, read_laid, read_policy
from maild.adapters.ruleformat import ListsFile, NamesFile, PackFile, RuleEntry, RulesFile, TypesFile, VoicesFile
from maild.adapters.rulelines import RuleReader
from maild.adapters.templatecheck import check_templates
from maild.adapters.templates import JinjaTemplates
from maild.adapters.yamlfile import Location, YamlFile
from maild.adapters.yamlmend import did_you_mean
from maild.domain.channels import Channels
from maild.domain.circulation import Circulating
from maild.domain.directory import Directory
from maild.domain.formround import Rounds
from maild.domain.ledger import LedgerRules
from maild.domain.lookup import Index
from maild.domain.maskrules import Masks
from maild.domain.pack import Phone
from maild.domain.publication import Publishing
from maild.domain.reportrule import Reports
from maild.domain.retention import Retention
from maild.domain.term import same_spelling
from maild.domain.value import value
from maild.errors import Misconfigured
from maild.settings import Organisation

_PLACE = re.compile(r"^(?P<file>.+?):(?P<line>\d+)(?::(?P<column>\d+))?: (?P<sentence>.+)$", re.DOTALL)
_QUOTED = re.compile(r"'([^']{2,60})'")


@value
class PhonesFile:
    """What phones.yaml may hold."""

    phones: tuple[Phone, ...] = ()


_SCHEMAS: dict[str, type] = {
    "pack.yaml": PackFile, "types.yaml": TypesFile, "voices.yaml": VoicesFile, "words.yaml": ListsFile,
    "names.yaml": NamesFile, "phones.yaml": PhonesFile, "circulation.yaml": Circulating,
    "ledger.yaml": LedgerRules, "publish.yaml": Publishing,
    "channels.yaml": Channels, "clauses.yaml": ClausesFile, "forms.yaml": Rounds, "retention.yaml": Retention,
    "reports.yaml": Reports,
    "masks.yaml": Masks,
}  # fmt: skip
_OTHERS = frozenset({"banners.yaml", "routes.yaml", "deadlines.yaml", "ladder.yaml", "directory.yaml",
                     "calendar.yaml"})  # fmt: skip


@value
class Finding:
    """One thing to mend; a warning does not keep the pack from being used."""

    file: str
    line: int = 1
    column: int = 1
    sentence: str
    warning: bool = False


class PackCheck:
    """One check of one pack against one directory."""

    def __init__(
        self, folder: Path, directory: Path, organisation: Organisation, *, templates: Path | None = None,
        office: Path | None = None,
    ) -> None:  # fmt: skip
        self._folder, self._directory, self._organisation, self._templates = folder, directory, organisation, templates
        self._office = office
        self._common = folder.parent / COMMON
        self._first: dict[str, Finding] = {}
        self._warnings: list[Finding] = []
        self._files: dict[Path, Any] = {}
        """Content of the files that follow their schema."""
        self._people = Directory()

    def findings(self) -> list[Finding]:
        """Each file's first mistake, then the warnings of files without one."""
        self._try(self._read_directory)
        for path in self._paths():
            self._try(partial(self._read, path))
        for path in (self._common / BANNERS, *own_files(self._office)):
            self._try(partial(YamlFile(path).read, BannerFile))
        self._try(partial(read_marks, self._office))
        for path in self._own_paths():
            self._try(YamlFile(path).data if path.name in SETTLED else partial(self._read_own, path))
        for path, content in self._files.items():
            for act in (self._check_rules, self._repeated):
                self._try(partial(act, path, content))
        for question in self._whole():
            self._try(question)
        kept = [one for one in self._warnings if one.file not in self._first]
        return [*sorted(self._first.values(), key=lambda one: one.file), *kept]

    def _whole(self) -> Iterator[Callable[[], object]]:
        """What can only be asked of all files together, in the order in which a daemon reads them."""
        index = Index(self._people, domain=self._organisation.domain)
        crossing = Crossing(self._folder, index, self._types())
        if self._people.units:
            yield lambda: read_routes(self._folder, index, strict=self._is_sample())
            yield lambda: read_routes(self._folder, index, office=self._office)
            yield lambda: read_channels(self._folder, index, strict=self._is_sample())
            yield lambda: read_channels(self._office, index, strict=True)
            yield lambda: read_masks(self._folder, index, strict=self._is_sample())
            yield lambda: read_masks(self._office, index, strict=True)
            yield crossing.bodies if self._is_sample() else partial(self._as_warning, crossing.bodies)
        yield from crossing.checks(lambda file, where, sentence: self._warn(file.mistake(sentence, where)))
        yield from round_checks(self._folder, self._office, index)
        yield from report_checks(self._folder, self._office, index, strict=self._is_sample())
        yield self._check_policy
        yield self._check_overlay
        yield from (partial(self._alone, name) for name in ("deadlines.yaml", "ladder.yaml"))
        yield lambda: read_deadlines(self._folder)
        yield lambda: read_deadlines(self._folder, *((self._office,) if self._office else ()))
        yield self._check_templates

    def _check_policy(self) -> None:
        read_policy(self._folder)
        policy, path = read_policy(self._folder, self._office), (self._office or self._folder) / LEARNED
        if policy.unlearned and path.is_file():
            mend = f"run `maild policy learn {self._folder.name}`"
            self._warn(Misconfigured(f"{path}:1: {policy.unlearned} example mails are newer than this file; {mend}."))

    def _is_sample(self) -> bool:
        """Whether the directory is the pack's own: every unit that the pack names must stand in that one."""
        return self._directory.resolve() == (self._folder / "directory.yaml").resolve()

    def _as_warning(self, act: Callable[[], None]) -> None:
        """What an office that begins with three people may still lack: cases go to the coordinator until then."""
        try:
            act()
        except Misconfigured as error:
            self._warn(error)

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except Misconfigured as error:
            found = self._hinted(self._finding(error))
            self._first.setdefault(found.file, found)

    def _warn(self, error: Misconfigured) -> None:
        found = self._finding(error, warning=True)
        if found not in self._warnings:
            self._warnings.append(found)

    def _finding(self, error: Misconfigured, *, warning: bool = False) -> Finding:
        place = _PLACE.match(error.sentence)
        if not place:
            file, _, sentence = error.sentence.partition(": ")
            known = (file, sentence) if sentence else (str(self._folder), error.sentence)
            return Finding(file=known[0], sentence=known[1], warning=warning)
        return Finding(
            file=place["file"], line=int(place["line"]), column=int(place["column"] or 1),
            sentence=place["sentence"].strip(), warning=warning,
        )  # fmt: skip

    def _hinted(self, found: Finding) -> Finding:
        """The finding with the word that was probably meant."""
        if "did you mean" in found.sentence:
            return found
        known = self._vocabulary()
        words = (word for word in _QUOTED.findall(found.sentence) if word not in known)
        hint = next((hint for word in words if (hint := did_you_mean(word, known))), "")
        sentence = f"{found.sentence.rstrip('.')};{hint}" if hint else found.sentence
        return Finding(file=found.file, line=found.line, column=found.column, sentence=sentence, warning=found.warning)

    def _vocabulary(self) -> frozenset[str]:
        units = (name for unit in self._people.units for name in (unit.id, unit.name, *unit.aliases))
        people = (address for person in self._people.people for address in person.addresses)
        types = self._types()
        points = [point.id for point in types.points] if types else []
        kinds = [kind.id for kind in types.types] if types else []
        return frozenset((*units, *people, *kinds, *points, *self._voices(), *self._lists()))

    def _paths(self) -> list[Path]:
        own = [*self._folder.glob("*.yaml"), *(self._folder / "rules").glob("*.yaml")]
        return [*sorted(self._common.glob("*.yaml")), *sorted(own)]

    def _own_paths(self) -> list[Path]:
        own = self._office
        return [*sorted(own.glob("*.yaml")), *sorted((own / "rules").glob("*.yaml"))] if own else []

    def _read_own(self, path: Path) -> None:
        YamlFile(path).read(OwnRules)

    def _check_overlay(self) -> None:
        """The office's entries as a daemon reads them; what no longer fits is a warning."""
        overlay = Overlay(self._office)
        read_laid(self._folder, overlay)
        for warning in overlay.warnings:
            self._warn(warning)

    def _read_directory(self) -> None:
        self._people = read_directory(self._directory, self._organisation.timezone)
        for sentence in warnings(self._people, self._organisation.domain):
            self._warn(Misconfigured(f"{self._directory}:1:1: {sentence}"))

    def _read(self, path: Path) -> None:
        file = YamlFile(path)
        schema = _SCHEMAS.get(path.name, None if path.name in _OTHERS else RulesFile)
        if schema is None:
            file.data()
        else:
            self._files[path] = file.read(schema)

    def _types(self) -> TypesFile | None:
        found = self._files.get(self._folder / "types.yaml")
        return found if isinstance(found, TypesFile) else None

    def _voices(self) -> frozenset[str]:
        found = self._files.get(self._folder / "voices.yaml")
        return frozenset(voice.id for voice in found.voices) if isinstance(found, VoicesFile) else frozenset()

    def _lists(self) -> Mapping[str, tuple[str, ...]]:
        return {
            name: words for content in self._files.values() for name, words in getattr(content, "lists", {}).items()
        }

    def _check_rules(self, path: Path, content: Any) -> None:
        if not isinstance(content, RulesFile | VoicesFile):
            return
        file = YamlFile(path)
        types = self._types()
        kind = getattr(content, "type", None)
        if kind and types and kind not in {one.id for one in types.types}:
            known = ", ".join(one.id for one in types.types)
            raise file.mistake(f"'{kind}' is no type of this pack; write one of {known}.", ("type",))
        reader = RuleReader(file, self._lists(), self._voices())
        for number, entry in enumerate(content.rules):
            reader.rule(entry, "", ("rules", number))

    def _repeated(self, path: Path, content: Any) -> None:
        """A keyword twice in one rule is harmless and yet a sign that something else was meant."""
        if isinstance(content, RulesFile | VoicesFile):
            file = YamlFile(path)
            for number, entry in enumerate(content.rules):
                for word, where in _twice(entry):
                    sentence = f"the keyword '{word}' stands twice in the rule '{entry.id}'; one of them is enough."
                    self._warn(file.mistake(sentence, ("rules", number, *where)))

    def _alone(self, name: str) -> None:
        """One file of times by itself, so that a mistake in the other does not hide its own."""
        if not (self._folder / name).is_file():
            return
        with TemporaryDirectory() as folder:
            copy = Path(shutil.copy(self._folder / name, folder))
            try:
                read_deadlines(copy.parent)
            except Misconfigured as error:
                raise Misconfigured(error.sentence.replace(str(copy), str(self._folder / name))) from error

    def _check_templates(self) -> None:
        """Every letter is written as in its samples (casework 8)."""
        for error in check_templates(JinjaTemplates(office=self._templates)):
            self._try(partial(_raise, error))


def _raise(error: Misconfigured) -> None:
    raise error


def _twice(entry: RuleEntry) -> Iterable[tuple[str, Location]]:
    seen: set[str] = set()
    for word, where in _words(entry):
        if same_spelling(word) in seen:
            yield word, where
        seen.add(same_spelling(word))


def _words(entry: RuleEntry) -> Iterator[tuple[str, Location]]:
    for key in ("any", "all", "near", "then", "none"):
        for number, item in enumerate(getattr(entry, key) or ()):
            if isinstance(item, str):
                yield item, (key, number)
            else:
                yield from ((word, (key, number, at)) for at, word in enumerate(item))
