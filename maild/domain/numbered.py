"""A yes or a no to the numbers of a list: `1、3-5 同意，其余不同意` · `release 1, 3; drop the rest`.

What the words for yes and no are, each list says (`letgo`, `ruling`). Whatever could be read in two ways is not read.
"""

import re
from collections.abc import Collection
from functools import lru_cache

from maild.domain.value import value

_ALL = r"(?:全部|所有|都|all(?:\s+of\s+them)?|everything)"
_REST = r"(?:其余的?|其他的?|剩下的?|(?:the\s+)?(?:rest|others))"
_NUMBER = r"(?:第|no\.?\s*|#)?\s*\d{1,4}\s*(?:条|项|封|件|号)?(?:\s*[-–~至到]\s*(?:第)?\d{1,4}\s*(?:条|项|封|件|号)?)?"
_LIST = rf"{_NUMBER}(?:\s*(?:[,，、;和及与&]|and)?\s*{_NUMBER})*"
_WHICH = rf"(?:(?P<@all>{_ALL})|(?P<@rest>{_REST})|(?P<@list>{_LIST}))"
_REASON = r"(?:\s*[:：]\s*(?P<reason>[^\n]{1,300}))?"
_LINE_END = re.compile(
    r"[\s,，。.;；!！]*(?:吧|了)?[\s,，。.;；!！]*(?:(?:谢谢|多谢|辛苦|thank|please).*)?", re.IGNORECASE
)
"""What may stand behind an order in its line; `release 1 later` is no order to release it now."""
_SPAN = re.compile(r"(\d+)\s*(?:条|项|封|件|号)?\s*(?:[-–~至到]\s*第?(\d+))?")
_READ = 800


@value
class Said:
    """The words of one kind of list, as patterns."""

    yes: str
    no: str
    bare_no: bool
    """A no without a number means all, as a yes does."""
    reasons: bool
    """What stands behind a colon is why."""


@value
class Numbered:
    """Which numbers get a yes and which a no; whatever stands in neither goes on waiting."""

    yes: frozenset[int] = frozenset()
    no: frozenset[int] = frozenset()
    reason: str = ""


def read_numbered(text: str, numbers: Collection[int], said: Said) -> Numbered | None:
    """What the first words say of the numbers shown; None where they can be read in more than one way.

    A number that was not shown, or on both sides, makes the whole unreadable.
    """
    clause, more_words = _patterns(said)
    shown, words, at = set(numbers), text.strip()[:_READ], 0
    sets, reasons = {"yes": set[int](), "no": set[int]()}, []
    while found := clause.match(words, at):
        at = found.end()
        deed = "no" if found["a_no"] or found["b_no"] else "yes"
        which = _which(found, shown, sets["yes"] | sets["no"])
        if which is None and (deed == "yes" or said.bare_no) and not (sets["yes"] | sets["no"]):
            which = shown
        if not which or not which <= shown:
            return None
        sets[deed] |= which
        reasons += [found["reason"].strip()] if said.reasons and found["reason"] else []
    line, _, more = words[at:].partition("\n")
    if not at or not _LINE_END.fullmatch(line) or more_words.search(more) or sets["yes"] & sets["no"]:
        return None
    return Numbered(yes=frozenset(sets["yes"]), no=frozenset(sets["no"]), reason="; ".join(reasons))


@lru_cache(maxsize=8)
def _patterns(said: Said) -> tuple[re.Pattern[str], re.Pattern[str]]:
    first, last = _WHICH.replace("@", "a_"), _WHICH.replace("@", "b_")
    did = rf"(?:(?P<@no>{said.no})|(?P<@yes>{said.yes}))"
    clause = (
        rf"[\s,，。.;；!！]*(?:请|麻烦|我|本人|please\s+)?\s*"
        rf"(?:{first}\s*(?:都|均|请)?\s*{did.replace('@', 'a_')}|{did.replace('@', 'b_')}(?:\s*[:：]?\s*{last})?)"
        rf"{_REASON if said.reasons else ''}(?!(?!吧)[\w'])"
    )
    return re.compile(clause, re.IGNORECASE), re.compile(rf"{said.no}|{said.yes}", re.IGNORECASE)


def _which(found: re.Match[str], shown: set[int], named: set[int]) -> set[int] | None:
    """The numbers that one clause names; None where it names none."""
    if found["a_all"] or found["b_all"]:
        return shown
    if found["a_rest"] or found["b_rest"]:
        return shown - named
    listed = found["a_list"] or found["b_list"]
    if not listed:
        return None
    spans = ((int(low), int(high or low)) for low, high in _SPAN.findall(listed))
    return {number for low, high in spans for number in range(low, min(high, low + 1000) + 1)}
