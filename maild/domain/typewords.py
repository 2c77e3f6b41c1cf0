"""How people name the types of a pack in a reply: 员工投诉, 投诉 (several types), spam (casework 5)."""

from collections.abc import Iterable, Iterator, Mapping

from maild.domain.policy import NOT_FEEDBACK, UNCLASSIFIED, FeedbackType
from maild.domain.script import fold

_SHORT = 2
_ALIKE = (("客户", ("顾客", "消费者", "用户", "合作客户", "消费客户", "客人")), ("员工", ("职工", "内部")))
_COMMON = {
    NOT_FEEDBACK: ("非反馈", "不是反馈", "广告", "垃圾邮件", "垃圾", "无关邮件",
                   "spam", "advertising", "advertisement", "not feedback"),
    UNCLASSIFIED: ("待分类", "unclassified"),
}  # fmt: skip


def type_words(types: Iterable[FeedbackType]) -> Mapping[str, tuple[str, ...]]:
    """Ids by folded name. A full name means one type; a short one all types that end with it."""
    full: dict[str, tuple[str, ...]] = {}
    short: dict[str, list[str]] = {}
    for one in types:
        for name in _names(one):
            full[fold(name)] = (one.id,)
        for name in (one.name.zh[-_SHORT:], one.id.rpartition("-")[2]):
            short.setdefault(fold(name), []).append(one.id)
    return {name: tuple(dict.fromkeys(ids)) for name, ids in short.items()} | full


def _names(one: FeedbackType) -> Iterator[str]:
    yield from (one.id, one.id.replace("-", " "), one.name.zh, one.name.en)
    yield from _COMMON.get(one.id, ())
    for word, others in _ALIKE:
        if one.name.zh.startswith(word):
            yield from (other + one.name.zh.removeprefix(word) for other in others)
