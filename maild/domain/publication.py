"""A publication 公示: question and answer of a case, without names, for everybody to read (P9.1.2).

What a case says is only the draft; a person reads it, may write it anew, and approves it. Protected types are never
published, and no unit is named that has fewer people than a reader could guess among.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from maild.domain.case import Case
from maild.domain.lookup import Index
from maild.domain.value import value

LEAST = 5
"""A unit of fewer people is never named (P9.1.2)."""
_MOST_QUESTION, _MOST_ANSWER = 300, 800
_SECRET = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://\S+|(?<![\dA-Za-z])[A-Za-z]{0,4}[-\d ]{0,4}\d[\d -]{4,}\d")
"""Addresses, links, and numbers by which a person or an order could be found."""
_BLANK = "***"
_CLOSING = re.compile(
    r"^(?:此致|敬礼|祝好|顺祝.*|谢谢[!！。]?|best regards|kind regards|regards|yours.*),?$", re.IGNORECASE
)
_SAID = re.compile(
    r"\s*(?:问(?:题)?|Q(?:uestion)?)\s*[:：]\s*(?P<q>.+?)(?<=[\s;；。.?？!！])"
    r"(?:答(?:复)?|A(?:nswer)?)\s*[:：]\s*(?P<a>.+)",
    re.IGNORECASE | re.DOTALL,
)
_SALUTATION = re.compile(
    r"\s*(?:(?:尊敬的)?[^，,。:：\n]{0,12}(?:先生|女士|同志|您好|你好)|(?:Dear|Hello|Hi)\b[^,\n]{0,30})[，,：:!！]\s*"
)
_AFTER = re.compile(r"^(?:先生|女士|同志|(?:副?总?经理|副?主任|主管|副?部长|副?店长|副?厂长|副?总监|班长|组长|师傅))")
_WORDS = {"zh": ("有关人员", "有关部门"), "en": ("the person concerned", "the unit concerned")}


@value
class Publishing:
    """What publish.yaml may hold."""

    approves: Literal["gm", "hr", "gm-office"] = "gm-office"
    """The role whose yes it needs."""
    to: tuple[str, ...] = ()
    """Who gets the month's publications by mail: roles, units or addresses; nobody without any."""
    never: tuple[str, ...] = ()
    """Types that are never published, beside the confidential ones."""


@value
class Publication:
    """One published question and answer; times are aware UTC."""

    case: str
    question: str
    answer: str
    unit: str | None = None
    """Id of the unit that answered, where it may be named."""
    at: datetime
    by: str
    """First address of who approved it."""
    mail: str = ""
    """Content hash of the mail that approved it; undoing that takes it back."""
    withdrawn_at: datetime | None = None
    id: int = 0


def split_words(text: str) -> tuple[str, str] | None:
    """Question and answer of an own wording, `问：… 答：…`; None where it has not both."""
    found = _SAID.match(text)
    return (found["q"].strip(" ;；\n"), found["a"].strip()) if found else None


def draft(question: str, answer: str, *, case: Case, index: Index, language: str = "zh") -> tuple[str, str]:
    """Question and answer as a draft: whom and what they name blanked, cut to a length that people read."""
    said = (_SALUTATION.sub("", text, count=1) for text in (question, answer))
    asked, answered = (unnamed(text, case, index, language) for text in said)
    return _cut(asked, _MOST_QUESTION), _cut(answered, _MOST_ANSWER)


def unnamed(text: str, case: Case, index: Index, language: str = "zh") -> str:
    """A text without people, addresses, numbers, and without units so small that they name somebody."""
    person, unit = _WORDS["zh" if language.startswith("zh") else "en"]
    text = _SECRET.sub(_BLANK, text)
    for mention in sorted(index.mentions(text), key=lambda one: -one.start):
        text = text[: mention.start] + person + _AFTER.sub("", text[mention.end :], count=1)
    known = (case.requester.name, *case.known_by.names, *case.names)
    text = _replaced(text, (name for name in known if len(name) > 1 and index.unit(name) is None), person)
    return _replaced(text, small_units(index), unit)


def small_units(index: Index) -> tuple[str, ...]:
    """Every way to write a unit that must not be named."""
    units = (one for one in index.directory.units if not may_be_named(one.id, index))
    return tuple(name for one in units for name in (one.name, *one.aliases) if len(name) > 1)


def may_be_named(unit: str | None, index: Index) -> bool:
    """Whether so many people are in this unit and below it that its name gives nobody away."""
    if unit is None or index.unit(unit) is None:
        return False
    return sum(len(index.members(one)) for one in index.subtree(unit)) >= LEAST


def _replaced(text: str, names: Iterable[str], word: str) -> str:
    longest = sorted(set(names), key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest)), word, text) if longest else text


def _cut(text: str, most: int) -> str:
    lines = [line.strip() for line in text.splitlines()]
    kept = "\n".join(line for line in lines if line and not _CLOSING.match(line))
    return kept if len(kept) <= most else kept[: most - 1].rstrip() + "…"
