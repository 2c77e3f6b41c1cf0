"""Whom a mail complains of, exactly as written (labels.md, Fields: `names`).

In doubt a person is named: a case must never reach somebody it complains of. Senders, people greeted, thanked or
called as witnesses are left out, and so are posts without a name.
"""

import re
from collections.abc import Callable, Sequence

from maild.domain.conduct import ADDRESSED, ASKED, around, did_wrong, folded, is_spared, tells_of_wrong
from maild.domain.page import SUBJECT, TEXT, Page
from maild.domain.policy import NameWords
from maild.domain.posts import posts_blamed
from maild.domain.script import fold_word
from maild.domain.sender import Sender
from maild.domain.sightings import Sighting, people_in, units_in
from maild.domain.value import value

_GREETING = re.compile(
    r"[\u4e00-\u9fff]{1,3}总[,:]|[^\n,:。!]{0,40}[:,]\s*(?:\n|$)|[^\n]{0,24}(?:您好|你好|好)[,:!。]?\s*(?:\n|$)|"
    r"(?:dear|hi|hello)[^\n]{0,40}[,:\n]"
)
_POST = re.compile(r"[^,.;:!?。、\n]*")
_SIGNATURE_LINES = 3
_ACCUSED = ("投诉", "举报", "反映", "被", "complaint about", "complain about", "complaining about", "against", " by")


@value
class Complaint:
    """Whom a mail complains of."""

    names: tuple[str, ...] = ()
    """People and units whose conduct the mail complains of, in the order of the mail."""
    posts: tuple[str, ...] = ()
    """Posts without a name whose holder is complained of; they are no names (labels.md)."""


def complaint(page: Page, blames: str, words: NameWords, sender: Sender) -> Complaint:
    """Whom the mail complains of, as its type may: nobody, by conduct told in so many words, or as a complaint does."""
    telling = tells_of_wrong(page, words)
    if blames == "nobody" or (blames == "conduct" and not telling):
        return Complaint()
    seen = people_in(page, words, sender)
    posts = posts_blamed(page, words, sender, [one.span for one in seen]) if telling else ()
    return Complaint(names=_blamed(page, blames, words, sender=sender, people=_apart(page, seen)), posts=posts)


def _blamed(
    page: Page, blames: str, words: NameWords, *, sender: Sender, people: Sequence[Sighting]
) -> tuple[str, ...]:
    if blames == "conduct":
        return _names(page, people, _wronged_by(words, people))
    persons = _names(page, people, _spared_by(words))
    if blames == "persons":
        return persons
    units = _apart(page, units_in(page, words, sender))
    if blames == "units":
        others = [one for one in units if one.bare != fold_word(sender.unit)]
        parties = _names(page, others, _counts_as_party)
        return (*parties, *_names(page, people, _wronged_by(words, people)))
    if not persons:
        return _names(page, units, _blamed_by(words))
    titles = folded(words.titles)
    alone = [unit for unit in units if not page.folded.startswith(titles, unit.span[1])]
    alone = [unit for unit in alone if not any(_is_of(page, one, unit) for one in people)]
    return (*persons, *_names(page, alone, _wronged_by(words, (*people, *units))))


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
    return lambda page, one: not is_spared(page, one.span, words)


def _is_of(page: Page, person: Sighting, unit: Sighting) -> bool:
    """Whether a person's name stands right behind a unit, which then says whose person that is: 市场部韩主管."""
    (start, end), (begin, close) = unit.span, person.span
    if begin <= end:
        return close > start
    return begin <= end + 8 and _POST.fullmatch(page.folded[end:begin]) is not None


def _wronged_by(words: NameWords, others: Sequence[Sighting]) -> Callable[[Page, Sighting], bool]:
    places = [one.span for one in others]
    return lambda page, one: did_wrong(page, one.span, words, places)


def _blamed_by(words: NameWords) -> Callable[[Page, Sighting], bool]:
    blame = folded(words.blame)

    def fits(page: Page, one: Sighting) -> bool:
        before, after = around(page, one.span)
        if before.endswith((*ASKED, "我是", "我在", "本人", "我们")) or after.startswith(ADDRESSED):
            return False
        return before.endswith(_ACCUSED) or any(word in after for word in blame)

    return fits


def _counts_as_party(page: Page, one: Sighting) -> bool:
    before, after = around(page, one.span)
    return not after.startswith(("领导", "负责人您", "(我们", "(us")) and not before.endswith(
        ("我是", "我们", "请", "抄送:", "本")
    )
