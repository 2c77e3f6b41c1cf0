"""Whether a mail complains of somebody's conduct, whatever it is otherwise about (labels.md, Fields: `names`).

A suggestion, an opinion or a report of a fault may say by the way that somebody did wrong: then that person must not
handle it either (P3, "Conflict of interest"). Praise, witnesses, helpers and those who only stand in the text do not
count: the wrong must be told of the one named, in the same sentence.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from maild.domain.page import Page, Span
from maild.domain.policy import NameWords
from maild.domain.script import fold_word

REACH = 14
"""How many characters around a name are read for what is said of it."""
_FAR = 40
ASKED = (
    "请", "麻烦", "希望", "由", "抄送", "抄报", "转给", "转交", "交给", "交", "找", "并", "致", "cc", "@",
    "to ", "please ", "ask ", "let ",
)  # fmt: skip
ADDRESSED = ("领导", "负责人", "您", "同事好", "介入", "协助", "帮", "please")
_CHARGED = ("投诉", "举报", "控告", "complaint about", "complaint against", "complain about", "complaining about")
_ANOTHER = re.compile(
    r"被|遭|受|说|告诉|反映|反馈|提到|提醒|发现|看到|听到|遇到|接到|处理|解决|制止|防止|避免|以免|如果|万一|"
    r"\b(?:was|were|been|got|being|said|says|told|tells|reported|noticed|saw|found|stopped|against|when|if|whom?)\b"
)
"""Between a name and a wrong these turn the sentence: the one named suffered, told or mended it."""
_SUPPOSED = ("如果", "要是", "万一", "若", "假如", "免得", "if ", "unless ", "when ")
_SUFFERED = re.compile(
    r"也?(?:总|经常|多次|当众)?被(?:[^,。]{0,6}?)(?:骂|打|训|扣|罚|吼|欺|辱|骚扰|威胁|开除|辞退|调岗|刁难|报复)"
)
"""Behind a name: that person is the one wronged."""
_DENIED = re.compile(r"(?:没有?|未|不会|从不|从未|并非|不是|绝不|不曾|never|not|n't|no longer)\s?$")


def around(page: Page, span: Span) -> tuple[str, str]:
    """What stands closely before and behind a place, folded."""
    start, end = span
    return page.folded[max(0, start - REACH) : start].rstrip(' "'), page.folded[end : end + REACH]


def is_spared(page: Page, span: Span, words: NameWords) -> bool:
    """Whether the one named here is asked, addressed, thanked or called as a witness."""
    before, after = around(page, span)
    return (
        before.endswith(ASKED)
        or after.startswith(ADDRESSED)
        or _SUFFERED.match(after) is not None
        or any(word in before[-6:] or word in after[:6] for word in folded(words.spare))
    )


def did_wrong(page: Page, span: Span, words: NameWords, others: Sequence[Span] = ()) -> bool:
    """Whether the mail says of the one named here, in the same sentence, that they did wrong.

    `others` are the places of everybody named: what stands behind the next name is said of that one.
    """
    before = around(page, span)[0]
    if is_spared(page, span, words) or before.endswith(_SUPPOSED):
        return False
    if before.endswith(_CHARGED):
        return True
    end = _reach(page, span, others)
    said = page.folded[span[1] : end]
    return any(_told_of(said, wrong) for wrong in _wrongs(words).finditer(said))


def tells_of_wrong(page: Page, words: NameWords) -> bool:
    """Whether the mail tells of anybody that they did wrong: most mails do not, and need no closer look."""
    folded_text = page.folded
    # A word is looked for much faster than the pattern, which is only asked whether it begins where a word does.
    if _holds(folded_text, _folded(words.wrongs)) and _wrongs(words).search(folded_text) is not None:
        return True
    return _holds(folded_text, _CHARGED)


def _holds(folded_text: str, words: Iterable[str]) -> bool:
    # A plain loop: every mail is asked for some two hundred words, and `any` makes that half as long again.
    for word in words:  # noqa: SIM110
        if word in folded_text:
            return True
    return False


def folded(terms: Iterable[str]) -> tuple[str, ...]:
    """Words as they are compared; a star at the end stands for any ending."""
    return _folded(tuple(terms))


@lru_cache(maxsize=64)
def _folded(terms: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(fold_word(term).rstrip("*") for term in terms)


def _told_of(said: str, wrong: "re.Match[str]") -> bool:
    between = said[: wrong.start()]
    return not _ANOTHER.search(between) and not _DENIED.search(between)


def _reach(page: Page, span: Span, others: Sequence[Span]) -> int:
    sentence = page.sentence(span[0])
    stop = page.breaks[sentence] if sentence < len(page.breaks) else len(page.folded)
    following = (start for start, _ in others if start >= span[1])
    return min(stop, span[1] + _FAR, *following)


@lru_cache(maxsize=8)
def _wrongs(words: NameWords) -> "re.Pattern[str]":
    terms = sorted(folded(words.wrongs), key=len, reverse=True)
    spelled = (rf"\b{re.escape(term)}" if term[:1].isascii() else re.escape(term) for term in terms)
    return re.compile("|".join(spelled) or r"(?!)")
