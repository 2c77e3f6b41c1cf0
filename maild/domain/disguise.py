"""Under which guises names, addresses and numbers stand in a text, and where it holds them (P3.5.7).

张国强 is also 張國強, 张 国 强, Zhang Guoqiang and guoqiang.zhang; 138 0000 7788 is also +86-138.0000.7788 and
１３８００００７７８８. What can be read as the word in question is found: a word too much costs little.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from html import escape
from urllib.parse import quote

from maild.domain.pinyin import readings
from maild.domain.script import fold, variants
from maild.domain.value import value

_HAN = "\u3400-\u9fff\U00020000-\U0002ffff"
_IS_HAN = re.compile(f"[{_HAN}]")
_HAN_NAME = re.compile(f"[{_HAN}]{{2,4}}")
_UNSEEN = "\u200b-\u200f\u2060\u00ad\ufeff"
_BETWEEN = rf"(?:[\s{_UNSEEN}·•・.*_\"'-]|<br ?/?>){{0,3}}"
_IN_NUMBER = rf"[\s{_UNSEEN}()./·•*,_'转-]{{0,3}}"
_WORD_GAP = rf"[\s{_UNSEEN},.·'_-]{{1,3}}"
_AT = r"\s{0,2}(?:@|%40|&#64;|#|\(at\)|\[at\]|<at>|艾特|在)\s{0,2}"
_DIGITS = dict(
    zip(
        "0123456789",
        ("0〇零", "1一壹幺", "2二贰两", "3三叁", "4四肆", "5五伍", "6六陆", "7七柒", "8八捌", "9九玖"),
        strict=True,
    )
)
_CALLED = rf"姐|哥|师傅|工|女士|先生|小姐|老师|同志|阿姨|叔|总|某[{_HAN}]?|\*{{1,2}}[{_HAN}]?"
_COMPOUND = "欧阳 司马 上官 诸葛 司徒 东方 皇甫 尉迟 公孙 慕容 夏侯 端木 令狐 宇文 长孙"
_EVERYDAY_WORDS = """
    a ai an ban bang ben bin can chi da dan dang de den die du en er fa fan fang fen gang gen gong ha hang he hen hu jun
    ken la lag lang lie long ma man me men mo mu na nan nun pa pan pang pen pi pin ping ran rang run sang sen she shun
    song su sun tan tang tie wan wang wen wo yang ye yen yin you will young may mark rose grace hope joy
"""
EVERYDAY = frozenset(_EVERYDAY_WORDS.split())
"""Syllables and names that are English words too: a name of nothing else is one only where it begins with capitals."""
_JOINED, _PHONE, _FREE_NUMBER, _LONG_NUMBER, _OWN_LOCAL = 7, 7, 6, 8, 5
_ODD = re.compile("[\u00c0-\u024f\u1e00-\u1eff\u2460-\u24ff\u2e80-\u2fdf\uf900-\ufaff\U0001d400-\U0001d7ff]")
_AREA = re.compile(r"\(?(?:\+?86[\s-]?)?0?\d{2,3}\)?[\s-]+(\d{7,8})\b")


@value
class Seeker:
    """Finds words in a text whatever their guise."""

    anyhow: re.Pattern[str]
    capitals: re.Pattern[str]
    """What counts only where each of its words begins with a capital."""

    def sub(self, put: Callable[[str], str] | str, text: str) -> str:
        """The text with something else in each place; a function is given what stands there."""
        return replaced(self.capitals, put, replaced(self.anyhow, put, text), wanted=begins_with_capitals)

    def finds(self, text: str) -> bool:
        """Whether it stands anywhere in the text."""
        return self.sub("", text) != text


def replaced(
    pattern: re.Pattern[str], put: Callable[[str], str] | str, text: str, *, wanted: Callable[[str], bool] = bool
) -> str:
    """`pattern.sub` over the text as it reads (half-width, simplified, without accents); the rest stays as written."""
    kept: list[str] = []
    at = 0
    for found in pattern.finditer(plain(text)):
        start, end = found.span()
        if start < end and wanted(text[start:end]):
            kept += (text[at:start], put if isinstance(put, str) else put(text[start:end]))
            at = end
    return "".join((*kept, text[at:])) if kept else text


@lru_cache(maxsize=8)
def plain(text: str) -> str:
    """The text folded, accents, radicals, circled and mathematical letters read as the signs they show; same length."""
    return fold(_ODD.sub(lambda found: _bare(found[0]), text) if _ODD.search(text) else text)


def begins_with_capitals(written: str) -> bool:
    """Whether each Latin word here begins with a capital, as names do."""
    words = re.findall(r"[A-Za-z]+", written)
    return bool(words) and all(word[0].isupper() for word in words)


@lru_cache(maxsize=1024)
def seeker_of_people(names: tuple[str, ...], addresses: tuple[str, ...], *, spelled: bool = True) -> Seeker:
    """Finds people by their names and addresses; Chinese names and words of addresses also in pinyin if `spelled`."""
    anyhow = [form for address in addresses for form in _address(address)]
    capitals: list[str] = []
    for name in names:
        forms, shy = _name(name, spelled=spelled)
        anyhow += forms
        capitals += shy
    for local in (one.partition("@")[0].partition("+")[0] for one in (addresses if spelled else ())):
        words = re.split(r"[._-]", plain(local))
        if 1 < len(words) < 4 and all(word.isalpha() and len(word) > 1 for word in words):
            anyhow += _latin(words)
    return Seeker(anyhow=_any(anyhow), capitals=_any(capitals))


@lru_cache(maxsize=1024)
def seeker_of_calls(names: tuple[str, ...]) -> Seeker:
    """Finds people by what colleagues call them: 晓雯, 小龙, 龙姐, 龙某, Ms. Long. Others may be called so, too."""
    calls: list[str] = []
    for bare in filter(_HAN_NAME.fullmatch, map(plain, names)):
        family, given = _parted(bare)
        calls += [f"[小老阿大]{family}", f"{family}(?:{_CALLED})", *([_BETWEEN.join(given)] if len(given) > 1 else [])]
        calls += [
            rf"(?<![a-z])(?:mr|mrs|ms|miss|dr)\.?\s{one}(?![a-z])"
            for one in (readings(family) if len(family) == 1 else ())
        ]
    return Seeker(anyhow=_any(calls), capitals=_any([]))


@lru_cache(maxsize=1024)
def seeker_of_numbers(numbers: tuple[str, ...]) -> Seeker:
    """Finds telephones, identity and staff numbers."""
    return Seeker(anyhow=_any([form for one in numbers for form in _number(one)]), capitals=_any([]))


@lru_cache(maxsize=4096)
def _bare(sign: str) -> str:
    shown = "".join(one for one in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(one))
    return shown if len(shown) == 1 else sign


def _name(name: str, *, spelled: bool) -> tuple[list[str], list[str]]:
    """The guises of one name; apart those that need capitals."""
    bare = plain(name).strip()
    if not _IS_HAN.search(bare):
        words = re.findall(r"[^\W\d_]+", bare)
        forms = _latin(words) if 1 < len(words) < 5 else []
        written = [_word(one) for one in (bare, escape(bare), quote(bare))]
        return ([], [*written, *forms]) if words and set(words) <= EVERYDAY else ([*written, *forms], [])
    if not _HAN_NAME.fullmatch(bare):
        return [re.escape(bare), re.escape(escape(bare)), quote(bare)], []
    coded = "(?:%20)?".join(f"(?:{'|'.join(map(quote, variants(one)))})" for one in bare)
    latin, shy = _spelled(bare) if spelled else ([], False)
    return [_BETWEEN.join(bare), coded, *([] if shy else latin)], latin if shy else []


def _spelled(name: str) -> tuple[list[str], bool]:
    """A Chinese name in Latin letters, and whether that is made of English words."""
    sounds = [readings(one) for one in name]
    if not all(sounds):
        return [], False
    length = len(_parted(name)[0])
    parts = ["".join(f"(?:{'|'.join(_umlauts(one))}){gap}" for one, gap in _gapped(own))
             for own in (sounds[:length], sounds[length:])]  # fmt: skip
    shy = all(set(one) & EVERYDAY for one in sounds)
    return _ordered(parts, sum(min(map(len, one)) for one in sounds) >= _JOINED), shy


def _parted(name: str) -> tuple[str, str]:
    """Family name and given name."""
    length = 2 if name[:2] in _COMPOUND.split() and len(name) > 2 else 1
    return name[:length], name[length:]


def _gapped(sounds: Sequence[tuple[str, ...]]) -> Iterator[tuple[tuple[str, ...], str]]:
    for place, one in enumerate(sounds, 1):
        yield one, "[ '-]?" if place < len(sounds) else ""


def _umlauts(sounds: Iterable[str]) -> Iterator[str]:
    for one in sounds:
        yield re.sub("v", "(?:v|u|yu)", one)


def _latin(words: Sequence[str]) -> list[str]:
    """Words of a name in the order given, and the last or the first one at the other end."""
    own = [re.escape(word) for word in words]
    return _ordered([own[0], _WORD_GAP.join(own[1:])], sum(map(len, words)) >= _JOINED) + (
        _ordered([_WORD_GAP.join(own[:-1]), own[-1]], joined=False) if len(own) > 2 else []
    )


def _ordered(parts: Sequence[str], joined: bool) -> list[str]:
    gap = rf"(?:{_WORD_GAP})?" if joined else _WORD_GAP
    return [_bounded(gap.join(one)) for one in (parts, parts[::-1])]


def _address(address: str) -> list[str]:
    local, at, domain = plain(address).rpartition("@")
    if not at:
        return [_word(plain(address))]
    tag = r"(?:(?:\+|%2b)[\w.%-]{0,64}?)?"
    forms = [_bounded(f"(?:{re.escape(local)}|{re.escape(quote(local))}){tag}{_AT}{re.escape(domain)}")]
    digits = local.isdigit()
    if len(local) > _OWN_LOCAL:
        forms.append(rf"(?<!\d){local}(?!\d)" if digits else _word(local))
    return forms


def _number(said: str) -> Iterator[str]:
    said = plain(said)
    digits = re.sub(r"\D", "", said)
    if re.fullmatch(r"[\d\s()+./转-]+", said) and len(digits) >= _PHONE:
        if len(digits) == 13 and digits.startswith("86"):
            digits = digits[2:]
        country = rf"(?:(?:\+|00)?86{_IN_NUMBER})?"
        yield rf"(?<!\d){country}\+?{_IN_NUMBER.join(f'[{_DIGITS[one]}]' for one in digits)}(?!\d)"
        if local := _AREA.match(said):
            yield rf"(?<!\d){_IN_NUMBER.join(local[1])}(?!\d)"
        return
    signs = re.findall(r"[^\W_]", said)
    parted = rf"[\s{_UNSEEN}_.-]{{0,2}}".join(map(re.escape, signs))
    if len(signs) >= (_LONG_NUMBER if digits == said else _FREE_NUMBER):
        before = r"(?<!\d)" if signs[0].isdigit() else ""
        yield f"{before}{parted}" + (r"(?!\d)" if signs[-1].isdigit() else r"(?![a-z])")
    else:
        yield rf"(?<![a-z0-9-]){re.escape(said)}(?![a-z0-9-])".replace(r"\ ", r"\s*")


def _word(word: str) -> str:
    return _bounded(re.escape(word).replace(r"\ ", r"\s+"))


def _bounded(form: str) -> str:
    return rf"(?<![a-z0-9]){form}(?![a-z0-9])"


def _any(forms: Iterable[str]) -> re.Pattern[str]:
    longest = sorted(dict.fromkeys(filter(None, forms)), key=len, reverse=True)
    return re.compile("|".join(longest) or r"(?!)", re.IGNORECASE)
