"""The alias under which everybody but the seal-holders knows a requester, and the words that it stands for (P3.5.7).

来信人-7F3K: drawn at random for each case, so that neither two cases nor a case and a person can be put together.
"""

from maild.domain.case import Case, KnownBy
from maild.domain.disguise import Seeker, seeker_of_numbers, seeker_of_people
from maild.domain.wording import catalogue_language

_CHARACTERS = "3479ACEFHJKMNPRTUVWXY"
"""None that is taken for another, by eye or on the telephone."""
_LENGTH = 4
_WORDS = {"zh": "来信人", "en": "Writer"}
_BLANK = "***"
_NAMELESS = ("匿名", "anonymous")


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
    people, numbers = searched(case)
    return people.sub(alias_of(case, language), numbers.sub(_BLANK, text))


def blanked(text: str, known: KnownBy) -> str:
    """A text without names, addresses and numbers of somebody who is erased: nothing stands for them."""
    people, numbers = sought(known)
    lines = [line for line in text.splitlines() if line.strip() not in set(known.lines)]
    return people.sub(_BLANK, numbers.sub(_BLANK, "\n".join(lines)))


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


def searched(case: Case) -> tuple[Seeker, Seeker]:
    """What finds the requester's names and addresses in a text, and what finds their numbers."""
    return sought(by_what_known(case))


def sought(known: KnownBy, *, spelled: bool = True) -> tuple[Seeker, Seeker]:
    """The same of somebody known by this, also in pinyin if `spelled`; a name of one character is in every text."""
    names = tuple(name for name in known.names if len(name) > 1)
    return seeker_of_people(names, known.addresses, spelled=spelled), seeker_of_numbers(known.numbers)


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
