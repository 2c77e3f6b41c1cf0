"""Whom a name fits: full names, nicknames, surname with title, pinyin, with the unit named beside it as a help.

何志强, 何经理, 老何, 物流部何经理, 张三(物流部), "Mr. He Zhiqiang", "Kevin 何". A name fits all who may be meant;
choosing among them is for those who ask.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from maild.domain.directory import Person, Unit
from maild.domain.guises import Called, Guises
from maild.domain.pinyin import readings
from maild.domain.shortnames import COMPOUND
from maild.domain.spelling import Hit, Phrases, fold, fold_address, is_cjk
from maild.domain.value import value


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_RANKS = _words("总经理 总监 经理 主任 主管 部长 店长 组长 班长 队长 厂长 科长 处长 院长 校长 书记 会计 出纳")
_POLITE = _words("先生 女士 小姐 同志 老师 师傅 工 哥 姐")
_SENIOR = frozenset(_words("总经理 总监 经理 部长 总"))
_LATIN_TITLES = frozenset(
    _words("mr mrs ms miss dr sir madam manager director supervisor head leader shift boss chief deputy vice general")
    + _words("the of in at from team store department dept")
)
_POSTS = frozenset(
    _words("经理 主任 主管 部长 店长 组长 厂长 总监 负责人 领导 一把手 副经理 副主任 副部长 副店长 副厂长 副总监")
    + _words("head manager director deputy")
)
_MOST_SPELLINGS = 8
_SHORT = 2
"""A title of two characters (经理, 司机) says nothing of whose it is."""
_TITLED = re.compile(r"^(?:mr|mrs|ms|miss|dr)\.?\s", re.IGNORECASE)
_SURNAMED = re.compile(rf"姓(\w{{1,2}})的.{{0,8}}?({'|'.join(_RANKS)})$")
_AROUND = " ()[]的 "
_LATIN_WORD = re.compile(r"[a-z]+")
_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+\w")
_END_OF_CALL = r"(?![\u3400-\u9fff])|(?=[处办接来看去跟查等负牵承协配回给的和与及])"


@value
class Caller:
    """The ways in which one person may be called, folded."""

    person: Person
    family: str
    """Chinese surname, or the last Latin word of the name."""
    given: str
    latin: frozenset[str]
    """Latin words of name, nicknames and address."""
    surnames: frozenset[str]
    title: str


@value
class Mention:
    """A place in a text where people are named."""

    start: int
    end: int
    people: tuple[Person, ...]


class People:
    """Everybody of a directory, by the names people call them."""

    def __init__(self, people: Sequence[Person], units: Mapping[str, Unit], named: "Phrases[str]") -> None:
        self._units, self._named = units, named
        self._leaders = frozenset(a for unit in units.values() for a in (unit.head, unit.deputy) if a)
        self._callers = tuple(_caller(person) for person in people)
        self._by_address = {fold_address(a): n for n, person in enumerate(people) for a in person.addresses}
        self._names: Phrases[int] = Phrases(_phrases(self._callers))
        self._families = _group((c.family, n) for n, c in enumerate(self._callers))
        self._last = _group((c.given[-1:], n) for n, c in enumerate(self._callers) if c.given)
        self._titles = _group((c.title, n) for n, c in enumerate(self._callers) if len(c.title) > _SHORT)
        self._latin = _group((word, n) for n, c in enumerate(self._callers) for word in c.latin)
        self._call = _call_pattern(self._families)
        spelled = (name for unit in units.values() for name in (unit.name, *unit.aliases))
        self.guises = Guises([_called(person) for person in people], spelled)
        """Everybody, by their places in the directory, as they may be disguised."""

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Where `text` names people: by address, name or nickname, else by surname with a title (何经理, 老何)."""
        places = {found.start(): self._mention(found.span(), self._at_address(found.group())) for found in _find(text)}
        for hit in self._names.find(text):
            places.setdefault(hit.start, self._mention((hit.start, hit.end), hit.values))
        taken = [(m.start, m.end) for m in places.values() if m.people]
        for call in self._call.finditer(fold(text)):
            if not any(start < call.end() and call.start() < end for start, end in taken):
                places[call.start()] = self._mention(call.span(), self._called(call))
        return tuple(places[at] for at in sorted(places) if places[at].people)

    def fitting(self, written: str) -> tuple[Person, ...]:
        """All whom a name fits, as it is written in a complaint; a unit named beside it narrows them down."""
        bare = self._without_units(written)
        found = (
            self._by_name(written) or self._by_call(bare) or self._by_latin(bare)
            or self._by_post(written, bare) or set(self.guises.exactly(_TITLED.sub("", written)))
            or set(self.guises.shortly(fold(bare).strip(_AROUND)))
        )  # fmt: skip
        return tuple(self._callers[n].person for n in self._narrowed(written, found))

    def _mention(self, span: tuple[int, int], numbers: Iterable[int]) -> Mention:
        people = tuple(self._callers[n].person for n in sorted(set(numbers)))
        return Mention(start=span[0], end=span[1], people=people)

    def _at_address(self, address: str) -> list[int]:
        number = self._by_address.get(fold_address(address))
        return [] if number is None else [number]

    def _by_name(self, written: str) -> set[int]:
        found = {n for address in _find(written) for n in self._at_address(address.group())}
        hits = list(self._names.find(written))
        for hit in hits:
            found.update(hit.values)
        if any(self._is_call(hit) for hit in hits):
            found |= self._by_call(written)
        return found

    def _is_call(self, hit: "Hit[int]") -> bool:
        return self._call.fullmatch(hit.phrase) is not None

    def _by_call(self, written: str) -> set[int]:
        plain = fold(written)
        return {n for call in self._call.finditer(plain) for n in self._called(call)} | self._by_surname(plain)

    def _by_surname(self, plain: str) -> set[int]:
        """姓何的经理: who of that family bears the title; the family where nobody of it does."""
        found = _SURNAMED.match(plain)
        family = self._families.get(found[1], set()) if found else set()
        titled = {n for n in family if found and self._callers[n].title.endswith(found[2])}
        return titled or family

    def _called(self, call: "re.Match[str]") -> set[int]:
        if prefixed := call["after"]:
            return self._families.get(prefixed, set()) | self._last.get(prefixed, set())
        family, title = self._families.get(call["family"], set()), call["title"]
        if title in _POLITE:
            return family
        bearers = {n for n in family if self._bears(self._callers[n], title)}
        return bearers or {n for n in family if not self._callers[n].title}

    def _bears(self, caller: Caller, title: str) -> bool:
        rank = title.removeprefix("副")
        return title in caller.title or (rank in _SENIOR and caller.person.address in self._leaders)

    def _by_latin(self, written: str) -> set[int]:
        plain = fold(written)
        words = {word for word in _LATIN_WORD.findall(plain) if word not in _LATIN_TITLES}
        chinese = [c for c in plain if is_cjk(c)]
        if len(chinese) == 1:
            return self._mixed(words, self._families.get(chinese[0], set()))
        if not words or chinese:
            return set()
        if len(words) == 1:
            (word,) = words
            return {n for n in self._latin.get(word, set()) if self._answers_to(self._callers[n], word)}
        return {n for word in words for n in self._latin.get(word, set()) if self._same(self._callers[n].latin, words)}

    def _mixed(self, words: set[str], family: set[int]) -> set[int]:
        known = {n for n in family if words and words <= self._callers[n].latin}
        return known or {n for n in family if not words or not self._has_english_name(self._callers[n])}

    def _has_english_name(self, caller: Caller) -> bool:
        return bool(_LATIN_WORD.search(fold(" ".join((caller.person.name, *caller.person.nicknames)))))

    def _answers_to(self, caller: Caller, word: str) -> bool:
        called = fold(" ".join((caller.person.name, *caller.person.nicknames)))
        return word in caller.surnames or word in _LATIN_WORD.findall(called)

    def _same(self, own: frozenset[str], words: set[str]) -> bool:
        return words <= own or (len(own) > 1 and own <= words)

    def _by_post(self, written: str, bare: str) -> set[int]:
        title = fold(bare).strip(_AROUND)
        if title not in _POSTS:
            return self._titles.get(fold(written).strip(_AROUND), set())
        units = [self._units[unit] for hit in self._named.find(written) for unit in hit.values]
        holders = [unit.deputy if title.startswith(("副", "deputy")) else unit.head for unit in units]
        return {n for holder in holders if holder for n in self._at_address(holder)}

    def _without_units(self, written: str) -> str:
        rest, at = [], 0
        for hit in self._named.find(written):
            rest.append(written[at : hit.start])
            at = hit.end
        return " ".join((*rest, written[at:]))

    def _narrowed(self, written: str, found: set[int]) -> list[int]:
        units = {unit for hit in self._named.find(written) for unit in hit.values}
        near = [n for n in sorted(found) if self._callers[n].person.unit in units]
        return near or sorted(found)


def _called(person: Person) -> Called:
    return Called(names=(person.name, *person.nicknames), addresses=(*person.addresses, *person.former))


def _caller(person: Person) -> Caller:
    family, given = _split(person.name)
    local = [word for word in re.split(r"[^a-z]+", person.address.lower().partition("@")[0]) if len(word) > 1]
    words = _LATIN_WORD.findall(fold(" ".join((person.name, *person.nicknames))))
    chinese = any(is_cjk(character) for character in person.name)
    own = local if len(local) > 1 else ()
    # Whose address says how the name is spelled (Ho Manyi) is not looked for under another spelling.
    spelled = _spelled(family) if chinese and not own else ()
    surnames = {family, *spelled, local[0] if chinese and own else family}
    latin = frozenset((*words, *own, *spelled, *(_spelled(given) if spelled else ())))
    return Caller(
        person=person, family=family, given=given, latin=latin, surnames=frozenset(surnames), title=fold(person.title)
    )


def _spelled(name: str) -> tuple[str, ...]:
    """Part of a Chinese name in pinyin, as one word: 志强 is zhiqiang."""
    spelled = ("".join(sounds) for sounds in product(*map(readings, name))) if name else ()
    return tuple(one for one, _ in zip(spelled, range(_MOST_SPELLINGS), strict=False))


def _split(name: str) -> tuple[str, str]:
    chinese = "".join(c for c in fold(name) if is_cjk(c))
    if chinese:
        length = 2 if chinese[:2] in COMPOUND else 1
        return chinese[:length], chinese[length:]
    words = _LATIN_WORD.findall(fold(name)) or [""]
    return words[-1], ""


def _phrases(callers: Sequence[Caller]) -> Iterable[tuple[str, int]]:
    for number, caller in enumerate(callers):
        for name in (caller.person.name, *caller.person.nicknames):
            yield name, number
        words = re.findall(r"[a-z]{2,}", caller.person.address.lower().partition("@")[0])
        if len(words) > 1:
            yield " ".join(words), number
            yield " ".join((*words[1:], words[0])), number


def _group(pairs: Iterable[tuple[str, int]]) -> dict[str, set[int]]:
    groups: dict[str, set[int]] = {}
    for key, number in pairs:
        groups.setdefault(key, set()).add(number)
    return groups


def _find(text: str) -> "Iterable[re.Match[str]]":
    return _ADDRESS.finditer(text) if "@" in text else ()


def _call_pattern(families: Iterable[str]) -> "re.Pattern[str]":
    chinese = sorted((f for f in families if f and is_cjk(f[0])), key=len, reverse=True)
    names = "|".join(map(re.escape, chinese)) or r"(?!)"
    long = "|".join([rf"副?(?:{'|'.join(_RANKS)})", *(title for title in _POLITE if len(title) > 1)])
    titles = rf"{long}|(?:副?总|[工哥姐])(?:{_END_OF_CALL})"
    return re.compile(rf"(?P<family>{names})(?P<title>{titles})|[老小阿](?P<after>{names})(?:{_END_OF_CALL})")
