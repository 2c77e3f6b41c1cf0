"""Which attachments `附件 2`, `附件 1、3-5` and `附件 全部` mean (casework 8, "Look")."""

import re

ALL_FILES = "all"
"""What `attachment` names where it names every one."""
_N = r"(?:\d{1,3}|[一二三四五六七八九十])"
_ONE = rf"(?:(?:附件|attachments?)?\s*(?:第\s*{_N}\s*[个份]?|(?:no\.?|#)?\s*{_N}\s*号?))"
_AND = r"(?:\s*(?:[,、;/&~-]|和|与|及|至|到|and|to)\s*)"
_NAMED = re.compile(
    r"\s*:?\s*(?:(?P<all>全部|所有|都要?|all(?: of (?:them|it))?)"
    rf"|(?P<some>{_ONE}(?:{_AND}{_ONE}){{0,30}}))?"
    r"(?:也|都)?(?:发我|发给我|发来|发过来|给我|发一下)?(?:一下|吧)?"
    r"[ ,、.!~]*(?:请|谢谢|谢了|thanks?|thank you|please|pls)?[ .!~]*"
)
_SPAN = re.compile(rf"(?P<low>{_N})\s*号?(?:\s*(?:[~-]|至|到|to)\s*(?:第\s*)?(?P<high>{_N}))?")
_ASKING = re.compile(r"要|发|取|给|send|get|fetch|全部|所有|all")
_PARAGRAPH = re.compile(r"自然段|段落?|paragraphs?|paras?")
_TOGETHER = re.compile(r"^\s*[,、:]?\s*(?:连同|连|和|与|with|and)\s*")
_HAN = {han: number for number, han in enumerate("一二三四五六七八九十", start=1)}
_WIDEST = 99


def named_files(form: str, words: str) -> str:
    """The numbers, with commas between them, or `all`; "" where the words are no order to fetch attachments.

    `form` is how the verb was written and `words` what stands behind it, both folded.
    """
    named = _NAMED.fullmatch(words)
    if named is None:
        return ""
    if named["some"] is not None:
        return ",".join(_numbers(named["some"]))
    return ALL_FILES if named["all"] or _ASKING.search(form) else ""


def named_parts(words: str) -> str:
    """The numbers of paragraphs, `第2段` or `2、4`, with commas between them; "" where the words name none."""
    named = _NAMED.fullmatch(_PARAGRAPH.sub(" ", words))
    return ",".join(_numbers(named["some"])) if named and named["some"] is not None else ""


def released_files(words: str) -> str | None:
    """The numbers of attachments that a release names, "" where it names none; None where it says something else.

    They go one by one (security.md, "The seal"): 全部 names none.
    """
    bare = _TOGETHER.sub("", words)
    named = _NAMED.fullmatch(bare)
    if named is None or named["all"]:
        return None
    return ",".join(_numbers(named["some"])) if named["some"] is not None else ""


def _numbers(written: str) -> list[str]:
    """Each number once, in the order named; of a span, all of it."""
    spans = ((_number(one["low"]), _number(one["high"] or one["low"])) for one in _SPAN.finditer(written))
    each = (number for low, high in spans for number in range(low, min(high, low + _WIDEST) + 1))
    return [str(number) for number in dict.fromkeys(each)]


def _number(written: str) -> int:
    return _HAN.get(written) or int(written)
