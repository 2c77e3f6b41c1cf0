"""To whom a directive goes: the list that it names, by unit, person or role by casework 7."""

import re
from collections.abc import Iterable, Iterator

from maild.domain.circulation import Item
from maild.domain.directory import Person, Unit
from maild.domain.lookup import Index

_LIST = re.compile(
    r"(?:^|[\n。；;])[ \t　]*"
    r"(?:发至?|发送|分送|主送|下发|印发|传达至|发文范围|发放范围|下发范围|传达范围|to|distribution|for)[ \t　]*[:：]"
    r"[ \t　]*(?P<list>[^\n。]+)",
    re.IGNORECASE,
)
_HEADER = re.compile(r"^[ \t>]*(?:From|Sent|发件人|发送时间|发件时间)[ \t　]*[:：]", re.IGNORECASE | re.MULTILINE)
"""Beside a line with To: this is the head of a mail that was forwarded."""
_NEAR = 300
_ALL = re.compile(
    r"(?:各|全体|所有|全部)(?:有关)?(?:部门|单位|科室|车间|门店)(?:负责人|经理|主管)?"
    r"|all (?:the )?(?:departments?|units?|heads?|department heads|heads of departments?)",
    re.IGNORECASE,
)
_GREETED = re.compile(r"\s*(?P<who>[^\n:：]{2,80}?)\s*[:：]\s*(?:\n|$)")
_COURTESY = re.compile(
    r"[\s、,，.&和与及并]|各位|尊敬的|负责人|经理|主管|主任|同事|同志|领导|\b(?:dear|to|all|heads?|of|the|and|teams?|departments?)\b",
    re.IGNORECASE,
)
_BUT = re.compile(
    r"[（(]?(?:除(?:了)?([^，,。；;\n]+?)(?:以外|之外|外)|([^，,。；;（(\n]+?)除外|(?:不含|不包括|不发)([^，,。；;）)\n]+)"
    r"|\b(?:except(?: for)?|excluding|other than)\s+([^。；;）)\n]+))[）)]?",
    re.IGNORECASE,
)
_HEAD = "department-head"
_MOST = 500


def receivers_in(text: str, index: Index, *, apart: Iterable[str] = (), coordinator: str = "") -> tuple[Item, ...]:
    """The receivers that a directive names: in its distribution line, else in its salutation; none where it names none.

    `apart` are addresses that get none: the writer's. The coordinator's own unit issues it and is not meant by 各部门.
    """
    for found in _LIST.finditer(text):
        if _is_quoted_head(text, found.start(), found["list"]):
            continue
        if items := receivers_of(found["list"], index, apart=apart, coordinator=coordinator):
            return items
    greeted = _GREETED.match(text.lstrip())
    if greeted is None or not _only_names(greeted["who"], index):
        return ()
    return receivers_of(greeted["who"], index, apart=apart, coordinator=coordinator)


def receivers_of(words: str, index: Index, *, apart: Iterable[str] = (), coordinator: str = "") -> tuple[Item, ...]:
    """The receivers of a list as it is written: 各部门（物流部除外）; 生产部、物流部; names; each person once.

    Nobody where it leaves out somebody who is not known.
    """
    left_out = [_named(" ".join(part for part in found.groups() if part), index) for found in _BUT.finditer(words)]
    if not all(left_out):
        return ()
    words, out, items = _BUT.sub(" ", words), set(apart).union(*left_out), dict[str, Item]()
    units = list(index.units_named(words))
    if _ALL.search(words):
        units += [unit for unit in index.directory.units if unit.id != coordinator and _is_department(unit, index)]
    for unit in units:
        leader = _leader(unit, index)
        address = leader.address if leader else unit.address
        if address and address not in {*out, *items}:
            items[address] = Item(receiver=address, unit=unit.id)
    for person in _people(words, units, index):
        if person.address not in {*out, *items}:
            items[person.address] = Item(receiver=person.address, unit=person.unit)
    return tuple(items.values())[:_MOST]


def _is_quoted_head(text: str, at: int, listed: str) -> bool:
    """Whether this line says to whom a mail went that was only forwarded."""
    return "@" in listed or _HEADER.search(text[max(0, at - _NEAR) : at + len(listed) + _NEAR]) is not None


def _named(words: str, index: Index) -> set[str]:
    """The addresses of who is named by unit or by name."""
    units = index.units_named(words)
    leaders = [leader.address if (leader := _leader(unit, index)) else unit.address for unit in units]
    return {address for address in (*leaders, *(p.address for p in _people(words, (), index))) if address}


def _only_names(words: str, index: Index) -> bool:
    """Whether a salutation is nothing but whom it greets: 物流部、销售部负责人, and not 物流部的车坏了."""
    words = _BUT.sub(" ", words)
    rest = _ALL.sub(" ", words)
    for unit in index.units_named(rest):
        for name in sorted((unit.name, *unit.aliases), key=len, reverse=True):
            rest = rest.replace(name, " ")
    for mention in sorted(index.mentions(rest), key=lambda one: -one.start):
        rest = rest[: mention.start] + " " + rest[mention.end :]
    return not _COURTESY.sub("", rest)


def _people(words: str, units: Iterable[Unit], index: Index) -> Iterator[Person]:
    """The people named by a name that fits nobody else."""
    named = {address for unit in units for address in (unit.head, unit.deputy)}
    for mention in index.mentions(words):
        if len(mention.people) == 1 and mention.people[0].address not in named:
            yield mention.people[0]


def _is_department(unit: Unit, index: Index) -> bool:
    leader = _leader(unit, index)
    return leader is not None and _HEAD in leader.roles and index.gm() != leader


def _leader(unit: Unit, index: Index) -> Person | None:
    return index.person(unit.head) or index.person(unit.deputy)
