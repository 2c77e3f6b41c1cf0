"""The words under 拆分: which matters a letter holds, and to whom each goes (casework 5, `split`).

`物流部 送货慢；财务部 发票没开` are two matters with their units, `第2、3段` are numbered paragraphs of the letter,
`142` is one of many letters that are led as one.
"""

import re
from collections.abc import Sequence

from maild.domain.script import fold
from maild.domain.targets import Names, target_at
from maild.domain.value import value

MOST = 10
"""Matters of one letter."""
_BETWEEN = re.compile(r"\s*[;；\n]+\s*")
_MARK = re.compile(r"\s*(?:[-*•·●]\s|[(（]?(?:\d{1,2}|[一二三四五六七八九十])[)）、.．]|[①-⑩]|其[一二三四])\s*")
_EDGES = " \t\r\n:：,，、。.;；-–—"
_SET_OFF = re.compile(r"[\s:：,，、]|$")
_NUMBERS = re.compile(
    r"(?P<lead>第|paragraphs? |points? |items? )?\s*(?P<numbers>\d{1,2}(?:\s*[、,，和与及&]\s*(?:第)?\d{1,2}){0,9})"
    r"\s*(?P<word>自然段|段落?|条|点)?\s*(?P<rest>[:：,，\s].*)?",
    re.DOTALL,
)
_HAN = {han: number for number, han in enumerate("一二三四五六七八九十", start=1)}
_RINGED = {chr(ord("①") + at): at + 1 for at in range(10)}
_PARAGRAPH = re.compile(
    r"^[ \t\u3000]*(?:第?(?P<han>[一二三四五六七八九十])[、.．,，:：]|[(（]?(?P<digit>\d{1,2})[)）、.．](?!\d)"
    r"|(?P<ring>[①-⑩]))[ \t\u3000]*(?=\S)",
    re.MULTILINE,
)
_MEMBER = re.compile(r"#?(?P<case>[a-z]{1,9}-\d{4}-\d{3,9}|\d{3,9})\s*号?")
_LONGEST = 2000


@value
class Part:
    """One matter: to whom it goes, where that is said, and what it is about."""

    text: str
    unit: str | None = None
    """Name of a unit."""
    person: str | None = None
    """First address of a person."""
    several: bool = False
    """The name fits several units or people."""
    stranger: str = ""
    """An address that nobody in the directory has."""


def parts_of(text: str, names: Names) -> tuple[Part, ...]:
    """The matters that somebody wrote down, in their order; none where there are no words."""
    said = (_MARK.sub("", one, count=1).strip(_EDGES) for one in _BETWEEN.split(text[:_LONGEST]))
    return tuple(_part(one, names) for one in said if one)[:MOST]


def _part(said: str, names: Names) -> Part:
    """`财务部 发票没开`: a unit counts by its full name, or where a mark stands behind it; 物流慢 names nobody."""
    target = target_at(said, 0, names)
    if target is None:
        return Part(text=said)
    if target.address:
        return Part(text=said[target.end :].strip(_EDGES), stranger=target.address)
    one = target.readings[0]
    whole = one.unit is not None and said.startswith(one.unit)
    if not whole and not said[: target.end][-1:].isspace() and not _SET_OFF.match(said, target.end):
        return Part(text=said)
    text = said[target.end :].strip(_EDGES)
    return Part(text=text or said, unit=one.unit, person=one.person, several=len(target.readings) > 1)


def paragraphs_meant(text: str) -> tuple[int, ...]:
    """The numbers of paragraphs that `第2、3段` or a bare `2` means; none where the words are matters of their own."""
    found = _NUMBERS.fullmatch(text.strip(_EDGES))
    english = found is not None and (found["lead"] or "第") != "第"
    if found is None or (found["rest"] and not found["word"] and not english):
        return ()
    return tuple(dict.fromkeys(int(number) for number in re.findall(r"\d{1,2}", found["numbers"])))


def member_meant(text: str) -> str:
    """The case that `142` or `GM-2026-000142` means; "" where the words are something else."""
    found = _MEMBER.fullmatch(fold(text).strip(_EDGES))
    return found["case"].upper() if found else ""


def paragraphs(letter: str) -> Sequence[str]:
    """The numbered paragraphs of a letter, 1. 2. 3. or 一、二、三、 from the first on; none where it has no two."""
    marks = list(_PARAGRAPH.finditer(letter))
    chosen: list[re.Match[str]] = []
    for mark in marks:
        if _value(mark) == len(chosen) + 1:
            chosen.append(mark)
    if len(chosen) <= 1:
        return ()
    ends = [*(mark.start() for mark in chosen[1:]), len(letter)]
    return [_first(letter[mark.end() : end]) for mark, end in zip(chosen, ends, strict=True)]


def _value(mark: re.Match[str]) -> int:
    if mark["han"]:
        return _HAN[mark["han"]]
    return int(mark["digit"]) if mark["digit"] else _RINGED[mark["ring"]]


def _first(paragraph: str) -> str:
    """Up to the first empty line: behind the last number stands the end of the letter."""
    return re.split(r"\n\s*\n", paragraph.strip(), maxsplit=1)[0].strip()
