"""Where a mail names people and units: by the directory, by post and surname, and by how English names are written."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from maild.domain.nameparts import (
    AMBIGUOUS_SURNAMES,
    BEFORE_NAMES,
    NOT_GIVEN,
    NOT_NAMES,
    NOT_NAMES_EN,
    UNIT_ENDS,
)
from maild.domain.page import SENDER, SUBJECT, TEXT, Page, Span
from maild.domain.policy import NameWords
from maild.domain.script import fold_word
from maild.domain.sender import Known, Sender
from maild.domain.value import value

_HAN = "一-鿿"
_ACRONYM = 2
_POLITE = frozenset({"mr", "mrs", "ms", "miss", "dr"})
_CAPITALISED = re.compile(r"[A-Z][a-z]")
_DEPARTMENT = re.compile(r"[ -](?:department|dept|team|unit|office|workshop|store|people)\b")
_ACTS = re.compile(
    r"(?:'s\b|\s(?:[a-z]+\s)?(?:shouts?|refuse[sd]?|said|told|asked|has|had|have|was|is|removed|cancelled|cut|books?|sells?|"
    r"sold|made|makes|keeps?|threw|took|takes|does|did|never|always|wants?|calls?|put|gave|sent|[a-z]{3,}(?:ed|[^s\W]s))\b)|"
    r"\s?[\u4e00-\u9fff]"
)


@value
class Sighting:
    """One place where somebody is named: the words to report, and the bare name that joins several places."""

    span: Span
    name: str
    """As written, with the post before it where that is how the person is called."""
    bare: str
    """The folded name without post: the same person is the same here."""


@value
class _Patterns:
    """The patterns of one set of name words, compiled once."""

    titles: tuple[str, ...]
    """The posts that stand beside a Chinese name, folded."""
    post_then_name: re.Pattern[str]
    name_then_post: re.Pattern[str]
    number: re.Pattern[str]
    english: re.Pattern[str]
    mixed: re.Pattern[str]
    units: re.Pattern[str]
    units_en: re.Pattern[str]
    surname_and_post: re.Pattern[str]


def people_in(page: Page, words: NameWords, sender: Sender) -> tuple[Sighting, ...]:
    """Everybody whom text or subject names, except the sender, in the order of the mail."""
    patterns = _patterns(words)
    known = frozenset(one.bare for one in sender.people)
    found = [*_known(page, sender.people), *_chinese(page, patterns, known), *_english(page, patterns)]
    found += _disguised(page, sender)
    start, end = page.fields[SENDER]
    own = page.folded[start:end]
    kept = [
        one
        for one in found
        if one.bare != fold_word(sender.name) and one.bare not in own and page.inside(one.span, (TEXT, SUBJECT))
    ]
    return _longest(kept)


def units_in(page: Page, words: NameWords, sender: Sender) -> tuple[Sighting, ...]:
    """Every unit that the mail names."""
    found = [*_known(page, sender.units, short=False)]
    patterns = _patterns(words)
    found += [_as_written(page, hit.span("unit")) for hit in patterns.units.finditer(page.folded)]
    found += [_as_written(page, hit.span()) for hit in patterns.units_en.finditer(page.original)]
    generic = {fold_word(word) for word in words.generic}
    kept = [one for one in found if one.bare not in generic and page.inside(one.span, (TEXT, SUBJECT))]
    return _longest(kept)


def _known(page: Page, known: Sequence[Known], *, short: bool = True) -> Iterable[Sighting]:
    text = page.folded
    for one in known:
        for spelling, folded in one.written:
            if folded in text and (short or not _is_short(spelling)):
                yield from _places(page, folded, one.bare)


def _disguised(page: Page, sender: Sender) -> Iterable[Sighting]:
    for sight in sender.guises.find(page.original) if sender.guises else ():
        meant = [sender.people[number].bare for number in sorted(sight.people)]
        span = (sight.start, sight.end)
        bare = meant[0] if len(meant) == 1 else page.folded[slice(*span)]
        yield Sighting(span=span, name=page.words(_in_full(page, span, bare)), bare=bare)


def _in_full(page: Page, span: Span, bare: str) -> Span:
    """Where the mail names the same person in full, if here it does by a part of the name: 志强 of 何志强."""
    at = page.folded.find(bare) if page.folded[slice(*span)] in bare else -1
    return span if at < 0 else (at, at + len(bare))


def _is_short(spelling: str) -> bool:
    """Aliases such as 生产 or 物流 are everyday words too."""
    return not spelling[0].isascii() and len(spelling) <= 2


def _places(page: Page, folded: str, bare: str) -> Iterable[Sighting]:
    at = page.folded.find(folded)
    while at >= 0:
        span = (at, at + len(folded))
        if _is_word(page.folded, span) and _is_written_as_name(page, span):
            yield Sighting(span=span, name=page.words(span), bare=bare)
        at = page.folded.find(folded, span[1])


def _is_written_as_name(page: Page, span: Span) -> bool:
    """Whether Latin letters here are a name: begun with a capital, an acronym in capitals, or `the … department`.

    "mass production" and "it" are everyday words.
    """
    written = page.original[span[0] : span[1]]
    if not written.isascii() or written[:1].isdigit():
        return True
    if len(written) <= _ACRONYM:
        return written == written.upper()
    return written[:1].isupper() or _DEPARTMENT.match(page.folded, span[1]) is not None


def _is_word(folded: str, span: Span) -> bool:
    if not folded[span[0]].isascii():
        return True
    before, after = folded[max(0, span[0] - 1) : span[0]], folded[span[1] : span[1] + 1]
    return not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum())


def _chinese(page: Page, patterns: _Patterns, known: frozenset[str]) -> Iterable[Sighting]:
    # Words are found much faster than patterns that hold all surnames.
    titled = any(title in page.folded for title in patterns.titles)
    for hit in patterns.post_then_name.finditer(page.folded) if titled or "的" in page.folded else ():
        end = hit.end("name") if hit["surname"] is None else _name_end(page.folded, hit, known)
        name = page.folded[hit.start("name") : end]
        if len(name) >= 2 and not (hit["of"] and name[0] in AMBIGUOUS_SURNAMES):
            start = hit.start("name") if hit["of"] else hit.start()
            yield Sighting(span=(start, end), name=page.words((start, end)), bare=name)
    for hit in patterns.name_then_post.finditer(page.folded) if titled else ():
        if _is_name(page.folded, hit):
            span = hit.span("name") if hit["given"] else (hit.start("name"), hit.end("post"))
            yield _as_written(page, span)
    if "姓" in page.folded:
        yield from (_as_written(page, hit.span()) for hit in patterns.surname_and_post.finditer(page.folded))
    if "工号" in page.folded:
        yield from (_as_written(page, hit.span()) for hit in patterns.number.finditer(page.folded))


def _is_name(folded: str, hit: re.Match[str]) -> bool:
    """Whether surname and given name before a post are a name and no piece of another word."""
    before = folded[max(0, hit.start() - 1) : hit.start()]
    after_word = not before or not "一" <= before <= "鿿" or before in UNIT_ENDS
    if set(hit["given"]) & (NOT_GIVEN | UNIT_ENDS) or hit["name"] in NOT_NAMES:
        return False
    return after_word or (
        hit["surname"] not in AMBIGUOUS_SURNAMES and (hit["given"] != "" or before not in NOT_GIVEN - BEFORE_NAMES)
    )


def _english(page: Page, patterns: _Patterns) -> Iterable[Sighting]:
    if _CAPITALISED.search(page.original) is None:
        return
    for hit in patterns.english.finditer(page.original):
        whole = " " in hit["name"]
        if (hit["post"] is None and not whole) or (set(hit["name"].split()) & NOT_NAMES_EN and not _is_called_so(hit)):
            continue
        span = hit.span("name") if whole else hit.span()
        if hit["post"] or _ACTS.match(page.original, hit.end(), hit.end() + 30):
            yield Sighting(span=span, name=page.words(span), bare=fold_word(hit["name"]))
    for hit in patterns.mixed.finditer(page.original):
        yield _as_written(page, hit.span())


def _is_called_so(hit: re.Match[str]) -> bool:
    """Whether an everyday word is a name for what stands before it: Mr. He, Manager He; not "my manager. He"."""
    post = (hit["post"] or "").lower()
    return post in _POLITE or (post != "" and hit["name"] == "He" and "." not in hit[0] and "\n" not in hit[0])


def _name_end(folded: str, hit: re.Match[str], known: frozenset[str]) -> int:
    start = hit.start("surname")
    for length in (4, 3, 2):
        if folded[start : start + length] in known:
            return start + length
    return hit.end("surname") + _given(folded, hit.end("surname"))


def _given(folded: str, at: int) -> int:
    """How many characters of a given name follow a surname: two at most, none that begins a verb."""
    following = re.match(f"[{_HAN}]{{0,2}}", folded[at : at + 2])
    letters = following.group() if following else ""
    if not letters or letters[0] in NOT_GIVEN:
        return 0
    return 1 if len(letters) == 1 or letters[1] in NOT_GIVEN else 2


def _as_written(page: Page, span: Span) -> Sighting:
    return Sighting(span=span, name=page.words(span), bare=page.folded[span[0] : span[1]])


def _longest(found: Sequence[Sighting]) -> tuple[Sighting, ...]:
    """Of sightings that overlap the longest, in the order of the mail."""
    kept: list[Sighting] = []
    for one in sorted(found, key=lambda one: (one.span[0] - one.span[1], one.span[0])):
        if all(one.span[1] <= other.span[0] or other.span[1] <= one.span[0] for other in kept):
            kept.append(one)
    return tuple(sorted(kept, key=lambda one: one.span))


@lru_cache(maxsize=8)
def _patterns(words: NameWords) -> _Patterns:
    titles = _either(words.titles)
    titles_en = "|".join(map(re.escape, sorted(words.titles_en, key=len, reverse=True)))
    surnames = _either(words.surnames)
    units, places = _either(words.units), _either(words.places)
    units_en = "|".join(map(re.escape, sorted(words.units_en, key=len, reverse=True))) or r"(?!)"
    before = _either((*words.units, *words.fields))
    return _Patterns(
        titles=tuple(dict.fromkeys(map(fold_word, words.titles))),
        post_then_name=re.compile(
            f"(?:(?P<of>[部区组店班科队厂间]的)|(?:{before})?(?:{titles}))(?P<name>[老小阿][{_HAN}]|(?P<surname>{surnames}))"
        ),
        name_then_post=re.compile(
            f"(?=(?P<name>(?P<surname>{surnames})(?P<given>[{_HAN}]{{0,2}}?))(?P<post>{titles}))"
        ),
        number=re.compile(r"(?:客服|坐席)?工号\s?[0-9]{2,8}"),
        english=re.compile(rf"(?:(?P<post>(?i:{titles_en}))\.?\s)?(?P<name>[A-Z][a-z]+(?:[ ][A-Z][a-z'’]+){{0,2}})"),
        mixed=re.compile(f"[A-Z][a-z]+ ?(?:{surnames})(?![{_HAN}])|[A-Z][a-z]+ (?:{surnames})"),
        units=re.compile(f"(?P<unit>[{_HAN}]{{2}}(?:{places})|{units})"),
        units_en=re.compile(rf"(?<![A-Za-z&])(?:{units_en})(?![A-Za-z&])"),
        surname_and_post=re.compile(f"姓(?:{surnames})的(?:(?:{before})?(?:{titles})|[{_HAN}]{{1,3}}?(?:员|师傅))"),
    )


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted({fold_word(word) for word in words}, key=lambda word: (-len(word), word)))
