"""To whom an order goes: the unit or person named at one place of a text, and everybody else it may mean.

何志强, 何经理, 物流, 物流部何经理, 张三(物流部), Logistics, he.zhiqiang@corp.example. Where several fit, all are
readings, and a person chooses.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from maild.domain.command import Command
from maild.domain.directory import Person, Unit
from maild.domain.people import Mention
from maild.domain.sentences import fold_lines
from maild.domain.value import value

_LONGEST = 40
_WINDOW = 80
_PRONOUNS = frozenset({"it", "us", "me", "he", "we"})
_MOST = 10
_SEPARATOR = re.compile(
    r"[\s\"'“”\[【(（<《:：→>=@\-—~、,，.]*(?:(?:to|给|至|到|the|our|由|请|为|是)(?![a-z])[\s\"'“\[【(（:]*)*"
)
_OFFICE = re.compile(
    r"\s*[\"'\]】)）>》]?\s*(?:门(?![店口外])|部门|部(?!分|署)|那边|这边|方面|(?:的)?(?:各位)?(?:同事|同仁)|团队|小组"
    r"|(?:的)?(?:负责人|领导|经理|主管|主任|部长|店长|厂长|一把手|头儿?)"
    r"|(?:department|dept\.?|team|people|folks|office|colleagues|guys)\b)?[\"'\]】)）>》]?"
)
_POST = re.compile(r"的?(?:负责人|领导|经理|主管|主任|部长|店长|厂长|一把手)")
_JOIN = re.compile(r"\s*(?:、|和|与|及|以及|或者?|/|&|\+|\band\b|\bor\b)\s*(?:the\s+)?")
_OF_UNIT = re.compile(r"[\s/(（的\-－—:：@]*")
_AFTER_PERSON = re.compile(r"[)）】\]”\"]?(?:同志|先生|女士|老师|那边|这边|那里|那儿)?[)）】\]”\"]?")
_TITLE = re.compile(
    r"(?:副总经理|总经理|副?总监|副?主任|副?部长|副?厂长|副?店长|副?经理|主管|班长|组长|副?院长|副?校长)(?=[\u4e00-\u9fff]{2})"
)
_IN_UNIT = re.compile(r"\s+(?:in|of|from|at)\s+(?:the\s+)?")
_TITLED = re.compile(r"(?:Mr|Ms|Mrs|Miss)\.? [A-Z][a-z]+(?: [A-Z][a-z]+)?")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LISTED_ADDRESS = re.compile(rf"[\s,，、;；<]*(?:(?:和|与|及|以及|and\b|&)\s*<?)?(?P<address>{_ADDRESS.pattern})>?")
_MOST_ADDRESSES = 10


class Names(Protocol):
    """The directory, as far as a reply names it; `lookup.Index` answers."""

    def unit(self, name: str | None) -> Unit | None:
        """The unit of exactly this id, name or alias."""
        ...

    def may_begin(self, character: str) -> bool:
        """Whether the name or id of any unit begins so."""
        ...

    def units_named(self, text: str) -> Sequence[Unit]:
        """The units that a text names."""
        ...

    def mentions(self, text: str) -> Sequence[Mention]:
        """Where a text names people."""
        ...

    def fitting(self, written: str) -> Sequence[Person]:
        """Everybody whom a name may mean."""
        ...

    def in_house(self, address: str) -> bool:
        """Whether an address lies in the office's own domain, be it nobody's."""
        ...

    def nearly(self, written: str) -> tuple[Sequence[Unit], Sequence[Person]]:
        """Whom a name with a slip of the pen may mean."""
        ...


@value
class Target:
    """Who is named from some place until before `end`; each reading has `unit` or `person`."""

    end: int
    readings: tuple[Command, ...]
    """As commands without a verb of their own yet."""
    address: str = ""
    """An address that nobody in the directory has."""


@value
class _Named:
    end: int
    unit: Unit | None = None
    people: tuple[Person, ...] = ()


def addresses_at(text: str, at: int) -> tuple[tuple[str, ...], int]:
    """The mail addresses that stand here, one after the other, and where the last one ends."""
    found: list[str] = []
    while len(found) < _MOST_ADDRESSES and (one := _LISTED_ADDRESS.match(text, at)):
        found.append(one["address"])
        at = one.end()
    return tuple(found), at


def target_at(text: str, at: int, names: Names) -> Target | None:
    """Who is named at this place, separators passed over; None where nobody known is."""
    found = _SEPARATOR.match(text, at)
    start = found.end() if found else at
    one = _named(text, start, names) or _named(text, at, names)
    if one is None:
        return _unknown_address(text, start)
    readings, end = _readings(one), one.end
    while (join := _JOIN.match(text, end)) and (other := _named(text, join.end(), names)) and len(readings) < _MOST:
        readings, end = (*readings, *_readings(other)), other.end
    return Target(end=end, readings=tuple(dict.fromkeys(readings)))


def unit_at(text: str, at: int, names: Names) -> tuple[Unit, int] | None:
    """The unit with the longest name at exactly this place, and where its name ends."""
    window = text[at : at + _LONGEST]
    if not window or not names.may_begin(window[0]):
        return None
    for length in range(len(window), 0, -1):
        written = window[:length]
        if _is_whole(text, at + length) and (unit := names.unit(written)) and not _is_pronoun(written):
            return unit, at + length
    return None


def _is_whole(text: str, end: int) -> bool:
    """A Latin word is never a part of a longer one."""
    return not text[end - 1].isspace() and not (end < len(text) and _latin(text[end - 1]) and _latin(text[end]))


def _is_pronoun(written: str) -> bool:
    return written.lower() in _PRONOUNS and not written.isupper()


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _named(text: str, at: int, names: Names) -> _Named | None:
    people = _people_at(text, at, names)
    found = unit_at(text, at, names)
    if people and (found is None or people.end >= found[1]):
        return _beside_unit(people, text, names)
    title = _TITLE.match(text, at)
    if title and (called := _people_at(text, title.end(), names)):
        return _beside_unit(called, text, names)
    if found is None:
        return None
    unit, end = found
    if (inner := unit_at(text, end, names)) and inner[0].parent == unit.id:
        unit, end = inner
    post = _POST.match(text, end)
    if post and (heads := names.fitting(text[at : post.end()])):
        return _Named(end=post.end(), unit=unit, people=tuple(heads))
    suffix = _OFFICE.match(fold_lines(text[end : end + _WINDOW]))
    end += suffix.end() if suffix else 0
    beside = _OF_UNIT.match(text, end)
    person = _people_at(text, beside.end() if beside else end, names)
    if person is None:
        return _Named(end=end, unit=unit)
    own = _of(person.people, unit)
    after = _AFTER_PERSON.match(text, person.end)
    person = replace(person, end=after.end() if after else person.end)
    return _Named(end=_closed(text, person.end), unit=unit, people=own or person.people)


def _people_at(text: str, at: int, names: Names) -> _Named | None:
    titled = _TITLED.match(text, at)
    if titled and (fitting := names.fitting(titled.group())):
        return _Named(end=titled.end(), people=tuple(fitting))
    for mention in names.mentions(text[at : at + _WINDOW]):
        if mention.start == 0:
            return _Named(end=at + mention.end, people=mention.people)
    return None


def _beside_unit(person: _Named, text: str, names: Names) -> _Named:
    """张三(物流部): the unit in brackets says which one."""
    inside = _IN_UNIT.match(text, person.end)
    if inside and (whose := unit_at(text, inside.end(), names)) and (own := _of(person.people, whose[0])):
        return replace(person, end=whose[1], people=own)
    if text[person.end : person.end + 1] not in {"(", "（"}:
        after = _AFTER_PERSON.match(text, person.end)
        return replace(person, end=after.end() if after else person.end)
    found = unit_at(text, person.end + 1, names)
    if found is None:
        return person
    own = _of(person.people, found[0])
    return _Named(end=_closed(text, found[1]), unit=found[0] if own else None, people=own or person.people)


def _closed(text: str, end: int) -> int:
    return end + (text[end : end + 1] in {")", "）", "】", "]", "”", '"'})


def _of(people: Sequence[Person], unit: Unit) -> tuple[Person, ...]:
    return tuple(p for p in people if p.unit == unit.id or p.address in {unit.head, unit.deputy})


def _readings(named: _Named) -> tuple[Command, ...]:
    unit = named.unit
    if not named.people:
        return (Command(verb="", unit=unit.name if unit else None),)
    if unit is not None and not _of(named.people, unit):
        return (Command(verb="", unit=unit.name), *(Command(verb="", person=p.address) for p in named.people))
    return tuple(Command(verb="", unit=unit.name if unit else None, person=p.address) for p in named.people)


def _unknown_address(text: str, at: int) -> Target | None:
    found = _ADDRESS.match(text, at)
    return Target(end=found.end(), readings=(), address=found.group()) if found else None
