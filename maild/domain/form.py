"""A form 反馈表 of a pack: typed fields that somebody fills in by mail or in a spreadsheet (casework 7).

What a person writes into a field is checked here and kept in one spelling: dates as 2026-11-26, numbers with a point,
yes and no as `yes` and `no`, a unit by its id, a choice by its Chinese name.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from maild.domain.lookup import Index
from maild.domain.rule import Bilingual
from maild.domain.value import value

LONGEST = 2000
"""Characters of one text."""


class FieldKind(StrEnum):
    """What may be written into a field."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    SCORE = "score"
    """A whole number from 1 to 5, or what `least` and `most` say."""
    YES_NO = "yes-no"
    UNIT = "unit"
    """A unit of the directory."""


@value
class FormField:
    """One field; `id` is for the pack's own files, people read `name`."""

    id: str
    name: Bilingual
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    choices: tuple[Bilingual, ...] = ()
    least: float | None = None
    most: float | None = None
    """Of numbers and scores: the smallest and the largest."""

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """The smallest and the largest number that is taken."""
        if self.kind is FieldKind.SCORE:
            return 1 if self.least is None else self.least, 5 if self.most is None else self.most
        return self.least, self.most


@value
class Form:
    """One form: a row of fields, or many rows where `many` says so."""

    id: str
    name: Bilingual
    fields: tuple[FormField, ...]
    note: Bilingual | None = None
    """What stands above the fields."""
    many: bool = False
    most_rows: int = 50
    may_be_empty: bool = False
    """Whether 无 / none is a return: there was nothing to report."""

    def place(self, ident: str) -> int:
        """Which field this is, from 1."""
        return [field.id for field in self.fields].index(ident) + 1

    def field(self, ident: str) -> FormField:
        """The field of this id."""
        return self.fields[self.place(ident) - 1]


@value
class Fault:
    """What is wrong with one cell: a code of the catalogue's `form-fault`, and the words that were written."""

    row: int
    """From 1; 0 where the whole return is meant."""
    field: str
    code: str
    said: str = ""


Row = Mapping[str, str]
"""What was written, by field id; a field that was left empty is not in it."""
_TRUE = frozenset({"是", "有", "对", "能", "√", "✓", "yes", "y", "true", "1"})
_FALSE = frozenset({"否", "无", "没有", "不是", "不", "×", "✗", "x", "no", "n", "false", "0"})
_NUMBER = re.compile(r"([-+]?\d+(?:\.\d+)?)\s*(?:分|元|个|件|次|%|points?)?")
_NUMERALS = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5"}
_DATE = re.compile(r"(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?:[ T]00:00(?::00)?)?")


def folded(text: str) -> str:
    """As names and values are compared: full-width as half-width, lower case, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def checked(rows: Sequence[Row], form: Form, index: Index, today: date) -> tuple[tuple[Row, ...], tuple[Fault, ...]]:
    """The rows in their one spelling, what is faulty as it was written, and each fault in the order of reading."""
    if not rows and not form.may_be_empty:
        rows = ({},)
    done, faults = [], []
    for number, row in enumerate(rows, 1):
        clean = dict(row)
        for field in form.fields:
            said = row.get(field.id, "").strip()
            if not said:
                faults += [Fault(row=number, field=field.id, code="required")] if field.required else []
                clean.pop(field.id, None)
                continue
            taken, code = _taken(said, field, index, today)
            clean[field.id] = said[:LONGEST] if code else taken
            faults += [Fault(row=number, field=field.id, code=code, said=said[:60])] if code else []
        done.append(clean)
    if len(done) > form.most_rows:
        faults.append(Fault(row=0, field="", code="too-many-rows", said=str(form.most_rows)))
    return tuple(done), tuple(faults)


def shown(said: str, field: FormField, language: str, index: Index) -> str:
    """A cell as a reader of this language sees it."""
    if field.kind is FieldKind.CHOICE:
        return next((one.in_language(language) for one in field.choices if one.zh == said), said)
    if field.kind is FieldKind.YES_NO and said in {"yes", "no"}:
        return said if not language.startswith("zh") else "是" if said == "yes" else "否"
    if field.kind is FieldKind.UNIT and (unit := index.unit(said)):
        return unit.name
    return said


def _taken(said: str, field: FormField, index: Index, today: date) -> tuple[str, str]:
    """The one spelling of what was written, or the code of what is wrong with it."""
    match field.kind:
        case FieldKind.TEXT:
            return said, "too-long" if len(said) > LONGEST else ""
        case FieldKind.NUMBER | FieldKind.SCORE:
            return _number(said, field)
        case FieldKind.DATE:
            found = _date(said, today)
            return (found.isoformat(), "") if found else ("", "date")
        case FieldKind.CHOICE:
            found_choice = _choice(said, field.choices)
            return (found_choice, "") if found_choice else ("", "choice")
        case FieldKind.YES_NO:
            word = folded(said)
            return ("yes", "") if word in _TRUE else ("no", "") if word in _FALSE else ("", "yes-no")
        case FieldKind.UNIT:
            unit = index.unit(said) or index.unit_meant(said)
            return (unit.id, "") if unit else ("", "unit")


def _number(said: str, field: FormField) -> tuple[str, str]:
    plain = folded(said).replace(",", "")
    found = _NUMBER.fullmatch(_NUMERALS.get(plain.removesuffix("分"), plain))
    least, most = field.bounds
    score = field.kind is FieldKind.SCORE
    if found is None:
        return "", "score" if score else "number"
    number = float(found[1])
    out = (least is not None and number < least) or (most is not None and number > most)
    if score and (out or number != int(number)):
        return "", "score"
    return f"{number:.12g}", "range" if out else ""


def _choice(said: str, choices: Sequence[Bilingual]) -> str:
    """The Chinese name of the choice that is meant: by name, by number, or by how its name begins."""
    word = folded(said)
    names = [(folded(name), one.zh) for one in choices for name in (one.zh, one.en)]
    if exact := next((zh for name, zh in names if name == word), ""):
        return exact
    if word.isdigit() and 1 <= int(word) <= len(choices):
        return choices[int(word) - 1].zh
    begun = {zh for name, zh in names if name.startswith(word)}
    return begun.pop() if len(begun) == 1 else ""


def _date(said: str, today: date) -> date | None:
    """A date with its year, or the nearest one without."""
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", said).strip())
    if found is None:
        return None
    month, day = int(found[2]), int(found[3])
    years = (int(found[1]),) if found[1] else (today.year, today.year - 1, today.year + 1)
    days = [made for year in years if (made := _day(year, month, day))]
    return min(days, key=lambda one: abs(one - today), default=None) if not found[1] else next(iter(days), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
