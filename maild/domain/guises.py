"""People of the directory in a guise: by address, in pinyin, with blanks in the name, or with one that sounds so.

Who is complained of is out of the case however the letter writes the name (policies.md P3): he.zhiqiang@corp.example,
Zhiqiang He, hezhiqiang, 何 志 强, 何智强 and 何总 are all 何志强.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from maild.domain.disguise import EVERYDAY, begins_with_capitals, plain
from maild.domain.nameparts import BEFORE_NAMES, UNIT_ENDS
from maild.domain.pinyin import readings
from maild.domain.shortnames import ShortNames
from maild.domain.spelling import fold_address
from maild.domain.value import value

_HAN = "\u3400-\u9fff\U00020000-\U0002ffff"
_HAN_NAME = re.compile(f"[{_HAN}]{{2,4}}")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_WORD = re.compile(r"[a-z]+")
_GAP = re.compile(r"(?:, ?|[ .'_-])?")
_BLANKS = r" \t\u00a0\u3000\u200b-\u200f\u2060\ufeff·•.*_-"
_PARTED = re.compile(f"[{_HAN}]{{1,3}}(?:[{_BLANKS}]{{1,3}}[{_HAN}]{{1,3}})+")
_CHIEF = re.compile(rf"([{_HAN}])(?:总|董)(?![是共体部计之经监结会算归量额裁数有想爱觉说店站公仓务台事])")
_LONGEST, _JOINED, _FULL = 4, 7, 3
_MOST_SPELLINGS = 16


@value
class Called:
    """How one person may be named: Chinese or Latin names and nicknames, and every address."""

    names: tuple[str, ...]
    addresses: tuple[str, ...] = ()


@value
class Sight:
    """A place where people are named in a guise, and the numbers of those who may be meant."""

    start: int
    end: int
    people: frozenset[int]


class Guises:
    """The guises of everybody in a list; people are known by their place in it."""

    def __init__(self, people: Sequence[Called], units: Iterable[str] = ()) -> None:
        """`units`: how the units are written beside whose names people stand."""
        self._addresses = _group((fold_address(a), n) for n, one in enumerate(people) for a in one.addresses)
        self._latin = _group((key, n) for n, one in enumerate(people) for key in _latin_keys(one))
        self._given = _group((key, n) for n, one in enumerate(people) for key in _given_keys(one))
        whole = [(plain(name), n) for n, one in enumerate(people) for name in one.names]
        self._han = _group((name, n) for name, n in whole if _HAN_NAME.fullmatch(name))
        self._sounds = _group((key, n) for name, n in whole for key in _sounds(name))
        self._families = _group((name[0], n) for name, n in whole if _HAN_NAME.fullmatch(name))
        own = [(plain(one.names[0]), n) for n, one in enumerate(people) if one.names]
        chinese = ((name, n) for name, n in own if _HAN_NAME.fullmatch(name))
        self._short = ShortNames(chinese, [plain(unit) for unit in units if _HAN_NAME.match(unit)])

    def exactly(self, written: str) -> frozenset[int]:
        """Who is meant by these words, if they are nothing but a name or an address in a guise."""
        bare = written.strip()
        return frozenset(n for one in self.find(bare) if (one.start, one.end) == (0, len(bare)) for n in one.people)

    def shortly(self, written: str) -> frozenset[int]:
        """Who is meant by these words, if they are nothing but a given name, or a family name as in 何某."""
        return self._short.bearing(plain(written))

    def find(self, text: str) -> Iterator[Sight]:
        """Every place where somebody is named in a guise, by kind of guise; places may overlap."""
        read = plain(text)
        if "@" in read:
            for found in _ADDRESS.finditer(read):
                yield from _sight(found.span(), self._addresses.get(fold_address(found[0])))
        yield from self._in_latin(read, text)
        yield from self._in_pieces(read)
        yield from self._alike(read)
        for start, end, meant in self._short.find(read):
            yield from _sight((start, end), meant)
        for chief in _CHIEF.finditer(read):
            if _may_begin(read, chief.start()):
                yield from _sight(chief.span(), self._families.get(chief[1]))

    def _in_latin(self, read: str, text: str) -> Iterator[Sight]:
        words = [found.span() for found in _WORD.finditer(read)]
        for first, (begin, close) in enumerate(words):
            if text[begin].isupper() and _stands_alone(read, (begin, close)):
                yield from _sight((begin, close), self._given.get(read[begin:close]))
            key = ""
            for last in range(first, min(first + _LONGEST, len(words))):
                start, end = words[last]
                if last > first and not _GAP.fullmatch(read, words[last - 1][1], start):
                    break
                key += read[start:end]
                if key in self._latin and (last > first or len(key) >= _JOINED):
                    span = (words[first][0], end)
                    everyday = {read[slice(*one)] for one in words[first : last + 1]} <= EVERYDAY
                    if _stands_alone(read, span) and (not everyday or begins_with_capitals(text[slice(*span)])):
                        yield from _sight(span, self._latin[key])

    def _in_pieces(self, read: str) -> Iterator[Sight]:
        for found in _PARTED.finditer(read):
            places = [at for at in range(*found.span()) if re.match(f"[{_HAN}]", read[at])]
            squeezed = "".join(read[at] for at in places)
            for length in (4, 3, 2):
                for first in range(len(places) - length + 1):
                    span = (places[first], places[first + length - 1] + 1)
                    if span[1] - span[0] > length and (length >= _FULL or _is_apart(read, span)):
                        yield from _sight(span, self._han.get(squeezed[first : first + length]))

    def _alike(self, read: str) -> Iterator[Sight]:
        """Names of three characters or more with others in them that are read alike; the first must be the same."""
        for at, sign in enumerate(read):
            for length in (_FULL, _FULL + 1) if sign in self._families else ():
                there = read[at : at + length]
                if there not in self._han:
                    meant = {n for key in _sounds(there) for n in self._sounds.get(key, ())}
                    yield from _sight((at, at + len(there)), meant)


def _sight(span: tuple[int, int], people: Iterable[int] | None) -> Iterator[Sight]:
    if people:
        yield Sight(start=span[0], end=span[1], people=frozenset(people))


def _sounds(name: str) -> Iterator[str]:
    """A name by its first character and what the others are read as."""
    if len(name) >= _FULL and _HAN_NAME.fullmatch(name):
        spelled = list(product(*map(readings, name[1:])))[:_MOST_SPELLINGS]
        yield from ("|".join((name[0], *sounds)) for sounds in spelled)


def _latin_keys(one: Called) -> Iterator[str]:
    """Names in Latin letters as one word, the family name before and behind."""
    for name in one.names:
        bare = plain(name)
        if _HAN_NAME.fullmatch(bare):
            for sounds in list(product(*map(readings, bare)))[:_MOST_SPELLINGS]:
                for spelled in {"".join(sounds), "".join(sounds).replace("v", "u"), "".join(sounds).replace("v", "yu")}:
                    yield from _turned(spelled, [len(sound) for sound in sounds])
        else:
            words = _WORD.findall(bare)
            yield from _both_ways(words)
    for address in one.addresses:
        yield from _both_ways(_WORD.findall(plain(address).partition("@")[0].partition("+")[0]))


def _given_keys(one: Called) -> Iterator[str]:
    """Given names in Latin letters, long enough to be nothing else."""
    for name in map(plain, one.names):
        if _HAN_NAME.fullmatch(name) and len(name) == _FULL:
            spelled = list(product(*map(readings, name[1:])))[:_MOST_SPELLINGS]
            yield from ("".join(sounds) for sounds in spelled if len("".join(sounds)) >= _JOINED)
    for address in one.addresses:
        words = _WORD.findall(plain(address).partition("@")[0].partition("+")[0])
        if any(_HAN_NAME.fullmatch(plain(name)) for name in one.names) and len("".join(words[1:])) >= _JOINED:
            yield "".join(words[1:])


def _both_ways(words: Sequence[str]) -> Iterator[str]:
    if len(words) > 1 and all(len(word) > 1 for word in words):
        yield from ("".join(words), "".join((*words[1:], words[0])), "".join((words[-1], *words[:-1])))


def _turned(spelled: str, lengths: Sequence[int]) -> Iterator[str]:
    yield spelled
    yield spelled[lengths[0] :] + spelled[: lengths[0]]
    if len(lengths) > _FULL:
        both = lengths[0] + lengths[1]
        yield spelled[both:] + spelled[:both]


def _stands_alone(read: str, span: tuple[int, int]) -> bool:
    before, after = read[max(0, span[0] - 1) : span[0]], read[span[1] : span[1] + 1]
    return not (before.isascii() and (before.isalnum() or before == "@")) and not (after.isascii() and after.isalnum())


def _is_apart(read: str, span: tuple[int, int]) -> bool:
    """Whether no other Chinese character touches a name of two: 老王 强调 holds no 王强."""
    return not re.search(f"[{_HAN}]", read[max(0, span[0] - 1) : span[0]] + read[span[1] : span[1] + 1])


def _may_begin(read: str, at: int) -> bool:
    before = read[max(0, at - 1) : at]
    return not re.match(f"[{_HAN}]", before) or before in UNIT_ENDS or before in BEFORE_NAMES


def _group(pairs: Iterable[tuple[str, int]]) -> dict[str, set[int]]:
    groups: dict[str, set[int]] = {}
    for key, number in pairs:
        if key:
            groups.setdefault(key, set()).add(number)
    return groups
