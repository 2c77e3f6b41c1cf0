"""Names that are nearly those of the directory: 物溜部, 何智强, Logisitcs. Close to one is asked back, never done."""

import re
from collections.abc import Iterable, Iterator

from maild.domain.spelling import fold, is_cjk
from maild.domain.value import value

_SHORTEST, _SHORTEST_LATIN, _LONG_LATIN = 3, 4, 7
_LONGEST = 40
_OTHERS = re.compile(
    "法务|商务|教务|医务|总务|税务|政务|党务|业务|外务|内务|研发|工程|技术|设备|安全|审计|品牌|公关|培训|企划"
    "|后勤|保安|仓储|售后|运营|产品|项目|客户|法律|护理|药剂|学生|招生|基建|动力|设计|工艺|计划|环保|党群|纪检|工会"
)
"""What many organisations have: a unit of this name that is not in the directory is no slip of the pen."""


@value
class Nearly:
    """Known names, folded, by what they stand for."""

    names: tuple[tuple[str, str], ...]

    def to(self, written: str) -> tuple[str, ...]:
        """What the names stand for that `written` is nearly; in order, each once."""
        plain = fold(written.strip())
        if not plain or len(plain) > _LONGEST or _OTHERS.match(plain):
            return ()
        return tuple(dict.fromkeys(meant for name, meant in self.names if _alike(plain, name)))


def nearly(names: Iterable[tuple[str, str]]) -> Nearly:
    """Ready to compare with."""
    return Nearly(names=tuple(_folded(names)))


def _folded(names: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for name, meant in names:
        if name:
            yield fold(name), meant


def _alike(one: str, other: str) -> bool:
    chinese = any(map(is_cjk, other))
    if len(other) < (_SHORTEST if chinese else _SHORTEST_LATIN) or abs(len(one) - len(other)) > 1:
        return False
    if chinese:
        return len(one) == len(other) and _distance(one, other) == 1
    return _distance(one, other) <= (2 if len(other) >= _LONG_LATIN else 1)


def _distance(one: str, other: str) -> int:
    """How many letters are wrong, missing, too many or swapped (Damerau-Levenshtein, neighbours only)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, start=1):
        two_before, before, row = before, row, [i]
        for j, right in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, two_before[j - 2] + 1)
            row.append(cost)
    return row[-1]
