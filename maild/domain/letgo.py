"""What the coordinator says of a numbered list of letters that wait: let these go, drop those (casework 1, `assist`).

`放行 1、3-5，不发 2` · `全部放行` · `1 3 放行，其余不发` · `release 1, 3-5; drop the rest`
"""

import re
from collections.abc import Collection

from maild.domain.value import value

_GO = r"(?:放行|发出|发送|同意发出?|可以发出?|release|send|let\s+go(?:\s+of)?)"
_DROP = r"(?:不放行|不要发|不发|别发|丢弃|drop|discard|don'?t\s+send|do\s+not\s+send)"
_ALL = r"(?:全部|所有|都|all(?:\s+of\s+them)?|everything)"
_REST = r"(?:其余的?|其他的?|剩下的?|(?:the\s+)?(?:rest|others))"
_NUMBER = r"(?:第|no\.?\s*|#)?\s*\d{1,4}\s*(?:条|项|封|件|号)?(?:\s*[-–~至到]\s*(?:第)?\d{1,4}\s*(?:条|项|封|件|号)?)?"
_LIST = rf"{_NUMBER}(?:\s*(?:[,，、;和及与&]|and)?\s*{_NUMBER})*"
_WHICH = rf"(?P<all>{_ALL})|(?P<rest>{_REST})|(?P<list>{_LIST})"
_WHICH_FIRST = _WHICH.replace("?P<", "?P<first_")
_DID = rf"(?P<go>{_GO})|(?P<drop>{_DROP})"
_DID_LAST = _DID.replace("?P<", "?P<last_")
_CLAUSE = re.compile(
    rf"[\s,，。.;；!！]*(?:请|麻烦|please\s+)?\s*(?:(?:{_WHICH_FIRST})\s*(?:都|请)?\s*(?:{_DID_LAST})|(?:{_DID})(?:\s*[:：]?\s*(?:{_WHICH}))?)(?!(?!吧)[\w'])",
    re.IGNORECASE,
)
_MORE = re.compile(rf"{_GO}|{_DROP}", re.IGNORECASE)
_LINE_END = re.compile(
    r"[\s,，。.;；!！]*(?:吧|了)?[\s,，。.;；!！]*(?:(?:谢谢|多谢|辛苦|thank|please).*)?", re.IGNORECASE
)
"""What may stand behind an order in its line; `release 1 later` is no order to release it now."""
_SPAN = re.compile(r"(\d+)\s*(?:条|项|封|件|号)?\s*(?:[-–~至到]\s*第?(\d+))?")
_READ = 400


@value
class Wish:
    """Which numbers of the list go, and which are dropped; whatever stands in neither goes on waiting."""

    go: frozenset[int] = frozenset()
    drop: frozenset[int] = frozenset()


def read_wish(text: str, numbers: Collection[int]) -> Wish | None:
    """What the first words order of the numbers on the list; None where they can be read in more than one way.

    A bare `放行` means all. A number that is not on the list, or on both sides, makes the whole unreadable.
    """
    at, sets = 0, {"go": set[int](), "drop": set[int]()}
    shown, words = set(numbers), text.strip()[:_READ]
    while found := _CLAUSE.match(words, at):
        at = found.end()
        deed = "go" if found["go"] or found["last_go"] else "drop"
        which = _which(found, shown, sets["go"] | sets["drop"])
        if which is None and deed == "go":
            which = shown
        if not which or not which <= shown:
            return None
        sets[deed] |= which
    line, _, more = words[at:].partition("\n")
    if not at or not _LINE_END.fullmatch(line) or _MORE.search(more) or sets["go"] & sets["drop"]:
        return None
    return Wish(go=frozenset(sets["go"]), drop=frozenset(sets["drop"]))


def _which(found: re.Match[str], shown: set[int], named: set[int]) -> set[int] | None:
    """The numbers that one clause names; None where it names none."""
    if found["all"] or found["first_all"]:
        return shown
    if found["rest"] or found["first_rest"]:
        return shown - named
    listed = found["list"] or found["first_list"]
    if not listed:
        return None
    spans = ((int(low), int(high or low)) for low, high in _SPAN.findall(listed))
    return {number for low, high in spans for number in range(low, min(high, low + 1000) + 1)}
