"""What a person says of a list of proposals: `全部同意` · `1、3 同意，2 不同意：理由` · `approve 1, 3; decline 2`."""

import re
from collections.abc import Collection

from maild.domain.ledger import Ruling

_YES = r"(?:同意|批准|准|已发放|已支付|发放|approved?|agreed?|paid)"
_NO = r"(?:不同意|不批准|不准|驳回|declined?|rejected?|disagree)"
_ALL = r"(?:全部|所有|都|all(?:\s+of\s+them)?|everything)"
_REST = r"(?:其余的?|其他的?|剩下的?|(?:the\s+)?(?:rest|others))"
_NUMBER = r"(?:第|no\.?\s*|#)?\d{1,4}\s*(?:条|项|号)?(?:\s*[-–~至到]\s*\d{1,4}\s*(?:条|项|号)?)?"
_LIST = rf"{_NUMBER}(?:\s*(?:[,，、;和及与&]|and)?\s*{_NUMBER})*"
_WHICH = rf"(?:(?P<@all>{_ALL})|(?P<@rest>{_REST})|(?P<@list>{_LIST}))"
_CLAUSE = re.compile(
    r"[\s,，。.;；!！]*(?:我|本人|please\s+)?\s*(?:"
    + _WHICH.replace("@", "a_") + rf"\s*(?:都|均|请)?\s*(?:(?P<a_no>{_NO})|(?P<a_yes>{_YES}))"
    + rf"|(?:(?P<b_no>{_NO})|(?P<b_yes>{_YES}))(?:\s*[:：]?\s*" + _WHICH.replace("@", "b_") + r")?"
    + r")(?:\s*[:：]\s*(?P<reason>[^\n]{1,300}))?(?![\w一-鿿])",
    re.IGNORECASE,
)  # fmt: skip
_SPAN = re.compile(r"(\d+)\s*(?:条|项|号)?\s*(?:[-–~至到]\s*(\d+))?")
_LINE_END = re.compile(r"[\s,，。.;；!！]*(?:吧|了)?[\s,，。.;；!！]*(?:(?:谢谢|多谢|辛苦|thank).*)?", re.IGNORECASE)
_MORE = re.compile(rf"{_NO}|{_YES}", re.IGNORECASE)
_READ = 800


def read_ruling(text: str, numbers: Collection[int]) -> Ruling | None:
    """What the first words decide of the numbers shown; None where they can be read in more than one way.

    A bare 同意 means all. A number that was not shown, or on both sides, makes the whole unreadable.
    """
    shown, words, at = set(numbers), text.strip()[:_READ], 0
    sets, reasons = {"yes": set[int](), "no": set[int]()}, []
    while found := _CLAUSE.match(words, at):
        at = found.end()
        deed = "yes" if found["a_yes"] or found["b_yes"] else "no"
        which = _which(found, shown, sets["yes"] | sets["no"])
        if not which or not which <= shown:
            return None
        sets[deed] |= which
        reasons += [found["reason"].strip()] if found["reason"] else []
    line, _, more = words[at:].partition("\n")
    if not at or not _LINE_END.fullmatch(line) or _MORE.search(more.split("\n\n")[0]) or sets["yes"] & sets["no"]:
        return None
    return Ruling(yes=frozenset(sets["yes"]), no=frozenset(sets["no"]), reason="; ".join(reasons))


def _which(found: re.Match[str], shown: set[int], named: set[int]) -> set[int] | None:
    if found["a_all"] or found["b_all"]:
        return shown
    if found["a_rest"] or found["b_rest"]:
        return shown - named
    listed = found["a_list"] or found["b_list"]
    if not listed:
        return shown if not named else None
    spans = ((int(low), int(high or low)) for low, high in _SPAN.findall(listed))
    return {number for low, high in spans for number in range(low, min(high, low + 1000) + 1)}
