"""What is told to be wrong, in the language of whoever reads it: `faults.zh.yaml` of the shipped templates.

English is what the program itself writes. The office's own templates are not asked: they may be what is wrong.
"""

from functools import cache

from maild.adapters.catalogue import hant_converter
from maild.adapters.finding import Finding
from maild.adapters.shipped import shipped
from maild.adapters.yamlfile import YamlFile
from maild.domain.phrasebook import Phrasebook
from maild.domain.value import value
from maild.domain.wording import catalogue_language, is_hant


@value
class _File:
    sentences: dict[str, str]
    checks: dict[str, str]


def fault_said(sentence: str, language: str) -> str:
    """A sentence of an error, a finding or a mend in this language (zh, zh-Hant; English for all others)."""
    return _book("sentences", language).said(sentence) if _is_chinese(language) else sentence


def finding_said(found: Finding, language: str) -> Finding:
    """A finding of `maild doctor` in this language."""
    if not _is_chinese(language):
        return found
    whole = f"{found.text}; {found.mend}"
    text, _, mend = fault_said(whole, language).rpartition("；")
    if not found.mend or not text:
        text, mend = fault_said(found.text, language), fault_said(found.mend, language)
    return Finding(check=_book("checks", language).said(found.check), status=found.status, text=text, mend=mend)


def _is_chinese(language: str) -> bool:
    return is_hant(language) or catalogue_language(language) == "zh"


@cache
def _book(part: str, language: str) -> Phrasebook:
    file = YamlFile(shipped("templates") / "faults.zh.yaml").read(_File)
    convert = hant_converter() if is_hant(language) else None
    said = file.checks if part == "checks" else file.sentences
    return Phrasebook({english: convert(other) if convert else other for english, other in said.items()})
