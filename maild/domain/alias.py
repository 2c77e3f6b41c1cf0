"""The alias under which everybody but the seal-holders knows a requester, and the words that it stands for (P3.5.7).

来信人-7F3K: drawn at random for each case, so that neither two cases nor a case and a person can be put together.
"""

import re
from dataclasses import replace
from functools import lru_cache
from html import escape
from urllib.parse import quote

from maild.domain.case import Case, KnownBy
from maild.domain.wording import catalogue_language

_CHARACTERS = "3479ACEFHJKMNPRTUVWXY"
"""None that is taken for another, by eye or on the telephone."""
_LENGTH = 4
_WORDS = {"zh": "来信人", "en": "Writer"}
_BLANK = "***"
_NAMELESS = ("匿名", "anonymous")
_HAN = re.compile(r"[\u3400-\u9fff]")


def new_code(random: bytes) -> str:
    """The code of a new alias; `random` holds at least four bytes."""
    return "".join(_CHARACTERS[byte % len(_CHARACTERS)] for byte in random[:_LENGTH])


def alias_of(case: Case, language: str = "zh") -> str:
    """How the requester of a confidential case is called in this language."""
    return f"{_WORDS[catalogue_language(language)]}-{case.alias or '?'}"


def requester_of(case: Case, language: str = "zh") -> str:
    """The requester as people inside see them: an alias in a confidential case, else name and address."""
    who = case.requester
    if case.confidential and not is_nameless(who.name, who.address):
        return alias_of(case, language)
    return f"{who.name} <{who.address}>" if who.name and who.address else who.name or who.address


def is_nameless(name: str, address: str = "") -> bool:
    """Whether there is nobody to hide: a letter without a name, 匿名来信第1号."""
    return not address and (not name or name.lower().startswith(_NAMELESS))


def hidden(text: str, case: Case, language: str = "zh") -> str:
    """A text without what would tell who wrote: names and addresses become the alias, numbers are blanked.

    What a text says may still betray its writer; nobody but a person can judge that.
    """
    if not case.confidential or not text:
        return text
    done = _numbers(by_what_known(case)).sub(_BLANK, text)
    return _people(by_what_known(case)).sub(alias_of(case, language), done)


def blanked(text: str, known: KnownBy) -> str:
    """A text without names, addresses and numbers of somebody who is erased: nothing stands for them."""
    own = replace(known, names=tuple(name for name in known.names if len(name) > 1))
    lines = [line for line in text.splitlines() if line.strip() not in set(known.lines)]
    return _people(own).sub(_BLANK, _numbers(own).sub(_BLANK, "\n".join(lines)))


def hidden_lines(text: str, case: Case, language: str = "zh") -> str:
    """The same of a letter's own text, without the lines of its signature too."""
    if not case.confidential:
        return text
    signed = set(case.known_by.lines)
    kept = [line for line in text.splitlines() if line.strip() not in signed]
    return hidden("\n".join(kept), case, language)


def hidden_data(said: object, case: Case) -> object:
    """The same for every text in plain data."""
    if isinstance(said, str):
        return hidden(said, case)
    if isinstance(said, dict):
        return {name: hidden_data(one, case) for name, one in said.items()}
    return [hidden_data(one, case) for one in said] if isinstance(said, list | tuple) else said


def searched(case: Case) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What finds the requester's names and addresses in a text, and what finds their numbers."""
    known = by_what_known(case)
    return _people(known), _numbers(known)


def by_what_known(case: Case) -> KnownBy:
    """What was found in the letters, and what the case says itself."""
    who, known = case.requester, case.known_by
    addresses = dict.fromkeys((*known.addresses, who.address, *who.earlier))
    own = () if known.names or is_nameless(who.name) else (who.name,)
    names = dict.fromkeys((*known.names, *own))
    return KnownBy(
        names=tuple(name for name in names if len(name) > 1), addresses=tuple(filter(None, addresses)),
        numbers=known.numbers,
    )  # fmt: skip


@lru_cache(maxsize=256)
def _people(known: KnownBy) -> re.Pattern[str]:
    locals_ = [one.partition("@")[0] for one in known.addresses]
    words = [*known.addresses, *known.names, *(one for one in locals_ if len(one) > 5 and not one.isdigit())]
    return _any([_word(form) for word in words for form in _forms(word)])


@lru_cache(maxsize=256)
def _numbers(known: KnownBy) -> re.Pattern[str]:
    return _any([_number(one) for one in known.numbers])


def _forms(word: str) -> list[str]:
    """As it stands in plain text, in HTML and in a link."""
    return list(dict.fromkeys((word, escape(word), quote(word, safe=""), quote(word, safe="@"))))


def _word(word: str) -> str:
    if _HAN.search(word):
        return r"\s?".join(map(re.escape, word)) if len(word) < 5 and word.isalpha() else re.escape(word)
    return rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])".replace(r"\ ", r"\s+")


def _number(said: str) -> str:
    digits = re.sub(r"\D", "", said)
    if len(digits) < 7 or not re.fullmatch(r"[\d\s()+转-]+", said):
        return rf"(?<![A-Za-z0-9-]){re.escape(said)}(?![A-Za-z0-9-])".replace(r"\ ", r"\s*")
    return r"(?<!\d)\+?" + r"[\s()转-]{0,2}".join(digits) + r"(?!\d)"


def _any(forms: list[str]) -> re.Pattern[str]:
    longest = sorted(filter(None, forms), key=len, reverse=True)
    return re.compile("|".join(longest) or r"(?!)", re.IGNORECASE)
