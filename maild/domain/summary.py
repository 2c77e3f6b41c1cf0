"""The one line that carries the matter (P9.3.5.2): the sentence with most reasons and figures, never a greeting."""

import re
from collections.abc import Sequence
from itertools import pairwise

from maild.domain.page import TEXT, Page, Span
from maild.domain.rule import Hit

LONGEST = 60
_FIGURE = re.compile(r"[0-9]+")
_LEAD = re.compile(r"^[\s>*·•●\-–—:：,，。、①-⑩]+|^[（(]?[一二三四五六七八九十0-9]{1,2}[)）、.]\s*")
_GREETING = re.compile(
    r"^(?:(?:(?:尊敬|敬爱)的)?[\u4e00-\u9fff]{0,6}(?:您|你)好|(?:各位|尊敬的)?(?:总经理|经理|领导|老总|大家)好"
    r"|尊敬的[\u4e00-\u9fff]{1,8}(?=[:：])|(?:hello|hi|dear)(?: [\w.]+){0,3})\s*[,，:：!！]\s*(?=\S)",
    re.IGNORECASE,
)
"""What stands before the matter in its own sentence: 你好，我买的电饭煲…"""
_CLAUSE = re.compile(r"[,，、:：;；]|\s-\s")
_LETTERS = 6
_SHORT = 24
_ENDS = "。.;；,，:： "
_ADDRESS = 16
"""A line so short that ends with a colon says to whom or that something follows: 各部门负责人： · 情况如下："""


def one_line(page: Page, hits: Sequence[Hit], greetings: Sequence[str]) -> str:
    """The sentence that says most of the matter, at most 60 characters, its figures kept where they fit."""
    start, end = page.fields[TEXT]
    weights = _weights(page, hits)
    best, best_score, before = "", -1.0, ""
    for number, span in enumerate(_sentences(page, start, end)):
        words = _GREETING.sub("", _LEAD.sub("", page.words(span))).strip()
        addressed = len(words) <= _ADDRESS and words.endswith((":", "："))
        if len(words) < _LETTERS or addressed or _is_greeting(page.folded[span[0] : span[1]], greetings):
            continue
        figures = min(3, len(_FIGURE.findall(words)))
        score = weights.get(page.sentence(span[0]), 0.0) + 0.6 * figures + max(0.0, 1.0 - 0.2 * number)
        if score > best_score:
            best, best_score = _with_what(before, words), score
        before = words
    fallback = page.words(page.fields["subject"]) or page.words((start, min(end, start + LONGEST)))
    return shorten(best or fallback)


def _with_what(before: str, words: str) -> str:
    """A short demand behind what it is about, where both fit: 要求换新并道歉 alone could stand in any letter."""
    whole = f"{before.rstrip(_ENDS)}；{words}" if before else words
    about = len(words) <= _SHORT and not _FIGURE.search(words) and bool(_FIGURE.search(before))
    return whole if about and len(whole) <= LONGEST else words


def shorten(words: str, longest: int = LONGEST) -> str:
    """Cut at a clause where possible, else at a word, and say so with an ellipsis."""
    words = words.rstrip(_ENDS)
    if len(words) <= longest:
        return words
    cuts = [found.start() for found in _CLAUSE.finditer(words, 0, longest - 1) if found.start() > longest // 2]
    if not cuts and words[: longest - 1].isascii():
        cuts = [words.rfind(" ", 0, longest - 1)]
    at = cuts[-1] if cuts and cuts[-1] > 0 else longest - 1
    return words[:at].rstrip() + "…"


def _weights(page: Page, hits: Sequence[Hit]) -> dict[int, float]:
    result: dict[int, float] = {}
    for hit in hits:
        for number in {page.sentence(span[0]) for span in hit.spans}:
            result[number] = result.get(number, 0.0) + max(0.0, hit.weight)
    return result


def _sentences(page: Page, start: int, end: int) -> list[Span]:
    edges = [start, *(place for place in page.breaks if start < place < end), end]
    return [(a, b) for a, b in pairwise(edges) if page.folded[a:b].strip()]


def _is_greeting(folded: str, greetings: Sequence[str]) -> bool:
    words = folded.strip(" \n!,.。:;?")
    return words.startswith(tuple(greetings)) and any(
        words.startswith(greeting) and len(words) <= len(greeting) + 10 for greeting in greetings
    )
