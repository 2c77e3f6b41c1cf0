"""Whom a mail complains of, exactly as written (labels.md, Fields: `names`).

In doubt a person is named: a case must never reach somebody it complains of. Senders, people greeted, thanked or
called as witnesses are left out, and so are posts without a name.
"""

import re
from collections.abc import Callable, Sequence

from maild.domain.page import SUBJECT, TEXT, Page
from maild.domain.policy import NameWords
from maild.domain.script import fold_word
from maild.domain.sender import Sender
from maild.domain.sightings import Sighting, people_in, units_in

_GREETING = re.compile(
    r"[\u4e00-\u9fff]{1,3}总[,:]|[^\n,:。!]{0,40}[:,]\s*(?:\n|$)|[^\n]{0,24}(?:您好|你好|好)[,:!。]?\s*(?:\n|$)|"
    r"(?:dear|hi|hello)[^\n]{0,40}[,:\n]"
)
_SIGNATURE_LINES = 3
_REACH = 14
_ASKED = (
    "请", "麻烦", "希望", "由", "抄送", "抄报", "转给", "转交", "交给", "交", "找", "并", "致", "cc", "@",
    "to ", "please ", "ask ", "let ",
)  # fmt: skip
_ACCUSED = ("投诉", "举报", "反映", "被", "complaint about", "against", " by")
_ADDRESSED = ("领导", "负责人", "您", "同事好", "介入", "协助", "帮", "please")


def blamed(page: Page, blames: str, words: NameWords, sender: Sender) -> tuple[str, ...]:
    """People and units whose conduct the mail complains of, in the order of the mail."""
    if blames == "nobody":
        return ()
    if blames == "units":
        others = [one for one in units_in(page, words, sender) if one.bare != fold_word(sender.unit)]
        return _names(page, _apart(page, others), _counts_as_party)
    people = _names(page, _apart(page, people_in(page, words, sender)), _spared_by(words))
    if people or blames == "persons":
        return people
    return _names(page, _apart(page, units_in(page, words, sender)), _blamed_by(words))


def _apart(page: Page, found: Sequence[Sighting]) -> list[Sighting]:
    """Without greeting and signature."""
    start, end = page.fields[TEXT]
    text = page.folded[start:end]
    greeting = _GREETING.match(text)
    begin = start + (greeting.end() if greeting else 0)
    close = start + _signature(text)
    subject = page.fields[SUBJECT]
    return [one for one in found if begin <= one.span[0] < close or subject[0] <= one.span[0] < subject[1]]


def _signature(text: str) -> int:
    """Where the closing lines begin: the last short lines of a text of several lines."""
    lines = text.rstrip().split("\n")
    kept = len(lines)
    for line in reversed(lines[-_SIGNATURE_LINES:]):
        if len(line.strip()) > 16 or line.strip().endswith(("。", "!", "?", ".")) or kept <= 1:
            break
        kept -= 1
    return len("\n".join(lines[:kept]))


def _names(page: Page, found: Sequence[Sighting], fits: Callable[[Page, Sighting], bool]) -> tuple[str, ...]:
    """The shortest way each of those who fit is written, each once."""
    chosen: dict[str, str] = {}
    wanted = {one.bare for one in found if fits(page, one)}
    for one in found:
        if one.bare in wanted and (one.bare not in chosen or len(one.name) < len(chosen[one.bare])):
            chosen[one.bare] = one.name
    return tuple(chosen.values())


def _spared_by(words: NameWords) -> Callable[[Page, Sighting], bool]:
    spare = tuple(map(fold_word, words.spare))

    def fits(page: Page, one: Sighting) -> bool:
        before, after = _around(page, one)
        return (
            not before.endswith(_ASKED)
            and not after.startswith(_ADDRESSED)
            and not any(word in before[-6:] or word in after[:6] for word in spare)
        )

    return fits


def _blamed_by(words: NameWords) -> Callable[[Page, Sighting], bool]:
    blame = tuple(map(fold_word, words.blame))

    def fits(page: Page, one: Sighting) -> bool:
        before, after = _around(page, one)
        if before.endswith(_ASKED) or after.startswith(_ADDRESSED) or before.endswith(("我是", "我在", "本人", "我们")):
            return False
        return before.endswith(_ACCUSED) or any(word in after for word in blame)

    return fits


def _counts_as_party(page: Page, one: Sighting) -> bool:
    before, after = _around(page, one)
    return not after.startswith(("领导", "负责人您", "(我们", "(us")) and not before.endswith(
        ("我是", "我们", "请", "抄送:", "本")
    )


def _around(page: Page, one: Sighting) -> tuple[str, str]:
    start, end = one.span
    return page.folded[max(0, start - _REACH) : start].rstrip(' "'), page.folded[end : end + _REACH]
