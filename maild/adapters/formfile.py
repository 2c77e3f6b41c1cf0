"""forms.yaml of a pack, and the office's own laid over it entry by entry: forms, and the rounds of the calendar."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from maild.adapters.overlay import Entry, Overlay
from maild.adapters.yamlfile import Location, YamlFile
from maild.domain.form import FieldKind, Form
from maild.domain.formlist import SUPERIOR, person_named, receivers_named
from maild.domain.formround import Entry as RoundEntry
from maild.domain.formround import Rounds
from maild.domain.lookup import Index
from maild.domain.policy import FeedbackType
from maild.domain.recurrence import parse_recurrence
from maild.domain.span import SpanUnit, parse_span
from maild.domain.value import value

FORMS = "forms.yaml"
_LENGTHS = ("due", "analyse", "instruct", "handling")
_NOT_A_LENGTH = frozenset({SpanUnit.WINDOW, SpanUnit.PLAN_DATE})


@value
class _OwnForms:
    forms: tuple[Entry, ...] = ()
    rounds: tuple[Entry, ...] = ()


def read_rounds(
    folder: Path, office: Path | None, types: Mapping[str, FeedbackType], index: Index | None = None
) -> Rounds:
    """The forms and rounds that count; `Misconfigured` at the first mistake.

    With `index` everybody whom a round of the office's own names must stand in the directory; of a shipped one who does
    not is left out when it begins.
    """
    shipped = YamlFile(folder / FORMS) if (folder / FORMS).is_file() else None
    below = shipped.read(Rounds) if shipped else Rounds()
    overlay = Overlay(office)
    own = YamlFile(office / FORMS) if office and (office / FORMS).is_file() else None
    said = own.read(_OwnForms) if own else _OwnForms()
    laid = Rounds(
        forms=overlay.laid_over(below.forms, Form, own, said.forms, under="forms"),
        rounds=overlay.laid_over(below.rounds, RoundEntry, own, said.rounds, under="rounds"),
    )
    shipped_ids = {one.id for one in below.rounds} - {str(entry.get("id")) for entry in said.rounds}
    gone = {one.id for one in laid.rounds if one.id in shipped_ids and not _types_of(one) <= set(types)}
    laid = replace(laid, rounds=tuple(one for one in laid.rounds if one.id not in gone))
    for file, entries in ((shipped, (below.forms, below.rounds)), (own, (said.forms, said.rounds))):
        if file is not None:
            _no_twins(file, *entries)
    places = _Places(shipped, below, own, said)
    for form in laid.forms:
        _Form(form, places).check()
    written = {str(entry.get("id")) for entry in said.rounds}
    for entry in laid.rounds:
        _RoundCheck(entry, laid, places, types, index if entry.id in written else None).check()
    return laid


def form_checks(
    folder: Path, office: Path | None, types: Callable[[], Mapping[str, FeedbackType]], index: Index
) -> Iterator[Callable[[], object]]:
    """The pack's own, and with the office's over it, so that one mistake hides no other."""
    known = index if index.directory.units else None
    yield lambda: read_rounds(folder, None, types())
    if office is not None:
        yield lambda: read_rounds(folder, office, types(), known)


def _types_of(entry: RoundEntry) -> set[str]:
    """The types of cases that a round makes; a shipped round of a type that the office took out is out with it."""
    return {entry.type, *((entry.findings.type,) if entry.findings else ())}


def _nobody(name: str) -> str:
    return f"'{name}' is no unit, role or person of the directory; write one that it has."


class _Places:
    """Where an entry stands that counts: in the office's file, or in the shipped one."""

    def __init__(self, shipped: YamlFile | None, below: Rounds, own: YamlFile | None, said: _OwnForms) -> None:
        self._shipped, self._own = shipped, own
        self._below = {"forms": [one.id for one in below.forms], "rounds": [one.id for one in below.rounds]}
        self._above: dict[str, list[Entry]] = {"forms": list(said.forms), "rounds": list(said.rounds)}

    def wrong(self, what: str, ident: str, where: Location, sentence: str) -> Any:
        """The mistake at this key of an entry."""
        for number, entry in enumerate(self._above[what]):
            said = not where or where[0] in entry or ident not in self._below[what]
            if entry.get("id") == ident and self._own and said:
                return self._own.mistake(sentence, (what, number, *where))
        file = self._shipped or self._own
        assert file is not None  # noqa: S101  an entry comes from one of them
        if ident in self._below[what]:
            return file.mistake(sentence, (what, self._below[what].index(ident), *where))
        return file.mistake(sentence, (what,))


def _no_twins(file: YamlFile, forms: Sequence[Any], rounds: Sequence[Any]) -> None:
    for what, entries in (("forms", forms), ("rounds", rounds)):
        seen = Counter[str]()
        for number, entry in enumerate(entries):
            ident = str(entry.get("id") if isinstance(entry, dict) else entry.id)
            seen[ident] += 1
            if seen[ident] > 1:
                raise file.mistake(f"'{ident}' stands here twice; keep one of them.", (what, number, "id"))


@dataclass
class _Form:
    """One form, asked whether it can be filled in."""

    form: Form
    places: _Places

    def check(self) -> None:
        """Raise the first mistake."""
        ids, names = Counter[str](), Counter[str]()
        if not self.form.fields:
            raise self._wrong(("fields",), "a form needs at least one field; add one.")
        for at, field in enumerate(self.form.fields):
            ids[field.id] += 1
            if ids[field.id] > 1:
                raise self._wrong(("fields", at, "id"), f"'{field.id}' stands here twice; keep one of them.")
            for language in ("zh", "en"):
                name = field.name.in_language(language)
                names[f"{language} {name}"] += 1
                if names[f"{language} {name}"] > 1:
                    raise self._wrong(("fields", at, "name", language), f"two fields are called '{name}'; rename one.")
                if any(sign in name for sign in ":：()（）[]【】*\n"):
                    sentence = f"'{name}' holds a colon, a bracket or a star, which a reply cannot; leave it out."
                    raise self._wrong(("fields", at, "name", language), sentence)
            if field.kind is FieldKind.CHOICE and len(field.choices) < 2:
                raise self._wrong(("fields", at), f"the choice '{field.id}' needs at least two `choices`; add them.")
            least, most = field.bounds
            if least is not None and most is not None and least >= most:
                raise self._wrong(("fields", at), f"'least' of '{field.id}' is not below 'most'; change one of them.")

    def _wrong(self, where: Location, sentence: str) -> Any:
        return self.places.wrong("forms", self.form.id, where, sentence)


@dataclass
class _RoundCheck:
    """One round, asked whether it can be sent and come back."""

    entry: RoundEntry
    rounds: Rounds
    places: _Places
    types: Mapping[str, FeedbackType]
    index: Index | None

    def check(self) -> None:
        """Raise the first mistake."""
        forms = [form.id for form in self.rounds.forms]
        if self.entry.form not in forms:
            choice = ", ".join(forms) or "a form under `forms:`"
            raise self._wrong(("form",), f"there is no form '{self.entry.form}'; write one of: {choice}.")
        self._type(self.entry.type, ("type",))
        self._times()
        self._findings()
        if self.index is not None:
            self._people(self.index)

    def _type(self, kind: str, where: Location) -> None:
        if kind not in self.types:
            sentence = f"'{kind}' is no type of this pack; write one of {', '.join(self.types)}."
            raise self._wrong(where, sentence)
        if self.types[kind].confidential:
            raise self._wrong(where, f"'{kind}' is confidential, and a form round is not; write another type.")

    def _times(self) -> None:
        for key in ("when", "opens"):
            words = getattr(self.entry, key)
            if words or key == "when":
                self._read(words, (key,), parse_recurrence)
        for key in _LENGTHS:
            words = getattr(self.entry, key)
            if words and self._read(words, (key,), parse_span).unit in _NOT_A_LENGTH:
                raise self._wrong((key,), f"'{words}' is no length for this; write for instance 5 working days.")

    def _findings(self) -> None:
        found = self.entry.findings
        if found is None:
            return
        self._type(found.type, ("findings", "type"))
        form = self.rounds.form(self.entry.form)
        ids = [field.id for field in form.fields]
        named = [(found.where, ("findings", "where")), *((one, ("findings", "summary")) for one in found.summary)]
        for ident, where in [*named, *([(found.unit, ("findings", "unit"))] if found.unit else [])]:
            if ident not in ids:
                sentence = f"the form '{form.id}' has no field '{ident}'; write one of: {', '.join(ids)}."
                raise self._wrong(where, sentence)

    def _people(self, index: Index) -> None:
        for at, name in enumerate(self.entry.to):
            if not receivers_named(name, index):
                raise self._wrong(("to", at), _nobody(name))
        for key in ("owner", "report_to"):
            name = getattr(self.entry, key)
            if name and name != SUPERIOR and person_named(name, index) is None:
                raise self._wrong((key,), _nobody(name))

    def _read(self, words: str, where: Location, read: Callable[[str], Any]) -> Any:
        try:
            return read(words)
        except ValueError as error:
            raise self._wrong(where, f"{error}.") from error

    def _wrong(self, where: Location, sentence: str) -> Any:
        return self.places.wrong("rounds", self.entry.id, where, sentence)
