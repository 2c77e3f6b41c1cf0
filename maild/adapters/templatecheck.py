"""Every template is tried on sample letters before a mail needs it (casework 8, `maild policy check`)."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from maild.adapters.catalogue import LANGUAGES
from maild.adapters.shipped import shipped
from maild.adapters.templates import JinjaTemplates
from maild.adapters.yamlfile import YamlFile
from maild.domain.letter import Letter, LetterKind
from maild.domain.message import Address
from maild.domain.value import value
from maild.errors import Misconfigured
from maild.mail.oneclick import mailto

_Data = dict[str, Any]


@value
class _Entry:
    """One entry of samples.yaml under `letters`."""

    kind: LetterKind
    zh: _Data
    en: _Data
    case: str = ""


@value
class _Samples:
    """samples.yaml: what all share, the cases by name, and the letters."""

    shared: dict[str, _Data] = field(default_factory=dict)
    cases: dict[str, dict[str, _Data]] = field(default_factory=dict)
    letters: list[_Entry] = field(default_factory=list)


@value
class Sample:
    """A letter that could be written, and what its template may read."""

    letter: Letter
    context: _Data


def read_samples(path: Path | None = None) -> list[Sample]:
    """The sample letters of samples.yaml, in both languages."""
    file = YamlFile(path or shipped("templates") / "samples.yaml")
    samples = file.read(_Samples)
    return [_sample(samples, entry, language) for entry in samples.letters for language in LANGUAGES]


def check_templates(templates: JinjaTemplates, samples: list[Sample] | None = None) -> list[Misconfigured]:
    """Each mistake that shows when every letter is written as in its samples and with nothing known at all."""
    tried = samples if samples is not None else read_samples()
    mistakes = [error for sample in (*tried, *_bare()) if (error := _attempt(templates, sample))]
    return list({str(error): error for error in mistakes}.values()) + _untried(tried)


def _attempt(templates: JinjaTemplates, sample: Sample) -> Misconfigured | None:
    try:
        templates.render(sample.letter, sample.context)
    except Misconfigured as error:
        return error
    return None


def _untried(samples: list[Sample]) -> list[Misconfigured]:
    missing = set(LetterKind) - {sample.letter.kind for sample in samples}
    return [Misconfigured(f"samples.yaml: there is no sample of '{kind.value}'; add one.") for kind in sorted(missing)]


def _bare() -> Iterator[Sample]:
    """Letters about nothing known: every template must bear a missing case and missing data."""
    for kind in LetterKind:
        for language in LANGUAGES:
            yield Sample(letter=_letter(kind, language), context={"case": None, "data": {}})


def _sample(samples: _Samples, entry: _Entry, language: str) -> Sample:
    context = dict(samples.shared[language])
    context["case"] = samples.cases[entry.case][language] if entry.case else None
    own = entry.zh if language == "zh" else entry.en
    context["data"], context["held"] = dict(own.get("data", {})), own.get("held")
    context["replies"] = [_linked(reply, context) for reply in own.get("replies", [])]
    if "readings" in context["data"]:
        context["data"]["readings"] = [_linked(reply, context) for reply in context["data"]["readings"]]
    return Sample(letter=_letter(entry.kind, language), context=context)


def _linked(reply: Mapping[str, str], context: _Data) -> dict[str, str]:
    return {**reply, "href": mailto(context["mailbox"]["address"], f"Re: [{context['token']}]", reply["line"])}


def _letter(kind: LetterKind, language: str) -> Letter:
    return Letter(kind=kind, to=Address(address="somebody@corp.example"), language=language)
