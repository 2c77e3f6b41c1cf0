"""Posts without a name: "你们的采购经理", "the warehouse supervisor", "我们主任".

A post is no name (labels.md, Fields), so it never stands among the `names` of a verdict. Yet where one person alone
holds it, the case must not be handled by that person: here the post is found, and its holder in the directory.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import product

from maild.domain.conduct import did_wrong
from maild.domain.directory import Person
from maild.domain.lookup import Index
from maild.domain.page import SUBJECT, TEXT, Page, Span
from maild.domain.policy import NameWords
from maild.domain.script import fold_word
from maild.domain.sender import Sender
from maild.domain.spelling import fold

_OWN = "我们部门的?|我们车间的?|我们的?|咱们?的?|我的?|本部门的?|our |my "
_THEIRS = "你们的?|贵公司的?|贵司的?|他们的?|your |their |the "
_ANY_SUPERIOR = ("领导", "上司", "老板", "负责人", "boss", "manager", "supervisor", "head", "经理", "主管", "主任")
_MOST_READINGS = 64
_ACCUSED = re.compile(r"(?:投诉|举报|控告|complain(?:t|ts|ing)? (?:about|of|against)|report against) ?$")
_OF = re.compile(r"([a-z ]+?) of (?:the )?([a-z -]+)")


def posts_blamed(page: Page, words: NameWords, sender: Sender, people: Sequence[Span]) -> tuple[str, ...]:
    """Posts of which the mail says that their holder did wrong, folded, in the order of the mail.

    `people` are the places where people are named: a post beside a name is that person's.
    """
    spelled = _posts(words, tuple(spelling for unit in sender.units for spelling in unit.spellings))
    found = [hit.span("post") for hit in spelled.finditer(page.folded) if page.inside(hit.span(), (TEXT, SUBJECT))]
    alone = [span for span in found if not any(_touches(page, span, person) for person in people)]
    others = (*people, *alone)
    posts = (page.folded[start:end] for start, end in alone
             if did_wrong(page, (start, end), words, others) or _ACCUSED.search(page.folded, 0, start))  # fmt: skip
    return tuple(dict.fromkeys(" ".join(post.split()) for post in posts))


def holder(index: Index, post: str, *, writer: str, words: Sequence[tuple[str, ...]] = ()) -> Person | None:
    """The one person who holds this post, as the writer must mean it; None where several or nobody may be meant.

    `words` are the English words of posts with their Chinese ones.
    """
    own = re.match(_OWN, post)
    bare = _turned(post[own.end() :] if own else re.sub(f"^(?:{_THEIRS})", "", post))
    above = index.superiors(writer)
    found = _fitting(index, bare, words)
    if own and above and not (len(found) == 1 and _is_elsewhere(index, bare, writer)):
        titled = (person for person in above if bare in fold(person.title))
        return next(titled, above[0] if bare.endswith(_ANY_SUPERIOR) else None)
    return found[0] if len(found) == 1 else None


def _fitting(index: Index, bare: str, words: Sequence[tuple[str, ...]]) -> list[Person]:
    readings = _readings(bare, words)
    exact = [person for person in index.directory.people if fold(person.title) in readings]
    found = exact or [person for reading in readings for person in index.fitting(reading)]
    return list(dict.fromkeys(found))


def _is_elsewhere(index: Index, bare: str, writer: str) -> bool:
    """Whether a post names a unit outside the writer's line: 我们人力资源部的经理, said by somebody of the workshop."""
    own = index.unit_of(writer)
    line = {unit.id for unit in index.climb(own.id if own else None)}
    return any(unit.id not in line for unit in index.units_named(bare))


def _turned(post: str) -> str:
    """The head of logistics is the logistics head."""
    found = _OF.fullmatch(post)
    return f"{found[2]} {found[1]}" if found else post


def _readings(post: str, words: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """A post as written, and in Chinese where each of its English words has a Chinese one."""
    known = {entry[0]: entry[1:] for entry in words}
    parts = post.split()
    if not post.isascii() or not all(part in known for part in parts):
        return (post,)
    turned = ("".join(choice) for choice in product(*(known[part] for part in parts)))
    return (post, *(fold(one) for one, _ in zip(turned, range(_MOST_READINGS), strict=False)))


def _touches(page: Page, post: Span, person: Span) -> bool:
    """Whether post and name overlap, or stand side by side: 孙立经理, 采购经理 孙立, "our manager Ann"."""
    first, last = sorted((post, person))
    return first[1] >= last[0] or not page.folded[first[1] : last[0]].strip(' ",，:：、()')


@lru_cache(maxsize=16)
def _posts(words: NameWords, units: tuple[str, ...]) -> "re.Pattern[str]":
    titles = _either(word for word in (*words.titles, "领导", "负责人") if word not in {"工号", "客服工号"})
    where = _either(word for word in (*words.units, *words.fields, *units) if not word.isascii())
    titles_en = _either((*words.titles_en, "boss"))
    where_en = _either((*(entry[0] for entry in words.posts_en), *(word for word in units if word.isascii())))
    chinese = rf"(?:{_OWN.replace('|our |my ', '')}|{_THEIRS.partition('|your')[0]})?(?:{where})*(?:的)?(?:{titles})"
    english = rf"\b(?:our |my |your |their |the )(?:(?:{where_en}) )*(?:{titles_en})\b"
    led = rf"\b(?:our |my |your |their |the )(?:{titles_en}) of (?:the )?(?:{where_en})\b"
    return re.compile(f"(?P<post>{chinese}|{led}|{english})")


def _either(words: Iterable[str]) -> str:
    spelled = sorted({fold_word(word).strip() for word in words}, key=lambda word: (-len(word), word))
    return "|".join(map(re.escape, spelled)) or r"(?!)"
