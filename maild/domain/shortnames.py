"""People named by less than their name: a given name alone (志强经理, 叫志强的), or a family name alone (物流部何某).

Both count only where a sign beside them says that a person is meant: given names are everyday words too (国庆节,
建设, 和平), and 何某 without a unit or post beside it may be anybody (security.md, "Conflict of interest").
"""

import re
from collections.abc import Iterable, Iterator

_HAN = "\u3400-\u9fff\U00020000-\U0002ffff"
_SPELLED = 2
"""Characters of a given name that can stand alone."""
COMPOUND = frozenset(
    "欧阳 司马 上官 诸葛 司徒 东方 皇甫 尉迟 公孙 慕容 夏侯 端木 令狐 宇文 长孙".split()  # noqa: SIM905  a row reads better
)
"""Family names of two characters."""
_EVERYDAY = frozenset(
    """
    国庆 建设 和平 文明 建国 爱国 光明 大明 胜利 解放 前进 跃进 红旗 新生 民主 自立 自强 长江
    黄河 泰山 春天 文静 安静 平安 健康 大海 大勇 美丽 秀丽 永恒 永久 向阳 朝阳 东方 华东 华南
    华北 中华 富强 高兴 高峰 文学 文化 文艺 海洋 天宇 国际 国防 志愿 成功 如意 吉祥 利民 为民
    便民 卫国 保国 保安 建业 创业 立新 创新 军人 学习 学文 文件 金融 启明 光荣 光辉 方便 友好
    友谊 团结 进步 发展 发达 繁荣 兴旺 顺利 安全 公平 公正 正义 忠诚 诚信 真诚 希望 理想 青春
    少华 先进 先锋 劳动 生产
    """.split()  # noqa: SIM905
)
"""Given names that are everyday words: for these the weaker signs do not count."""
_WHO = "这个人|那个人|这人|那人|这家伙|这位|同志|师傅|老师|先生|女士|小姐|大哥|大姐|哥|姐"
_POST = (
    "副?(?:总经理|经理|主管|主任|部长|店长|组长|班长|队长|厂长|科长|处长|线长|拉长|工段长|总监)|领班|车间主任|仓管员|仓管|"
    "保管员|司机|出纳|会计|文员|助理|专员|调度员|调度|业务员|检验员|质检员|统计员|操作工|导购|店员|客服|保安|门卫|秘书"
)
_OF_UNIT = "(?:[部组店科室厂队班区仓]|车间|中心|公司|仓库|食堂)"
_SOMEBODY = "某{1,2}(?![些个种天日时处年月次类项位一件条款])"
_POLITE = f"(?:先生|女士|小姐|师傅|[哥姐](?![{_HAN}]?[妹夫]))"
_ENDS = f"(?:(?![{_HAN}])|(?=[他她对把在骂打扣让说不总又经从私拒态故当威逼收拿偷要叫给]))"
_APART = re.compile(
    f"(?<![{_HAN}])|(?<=[我你他她们的和与对说让把叫跟向同给被是找部组店室科厂队班区仓间])|(?<=投诉)|(?<=举报)|(?<=反映)"
)
_SELF = re.compile(f"(?:我是|我叫|本人是?)(?:(?![被让受遭因和跟])[{_HAN}]){{0,4}}$")
"""The writer says so of themselves: 我是物流部何某, but not 我是被何某骂的."""
_CALLED = re.compile("(?:叫|叫做|名字是)$")
_END_OF_CALLED = re.compile(f"[的那这]|(?![{_HAN}])")
_OF_A_POST = re.compile(f"(?:{_POST}|{_OF_UNIT}的)$")
_BESIDE = re.compile(f"(?:{_OF_UNIT}的?(?:{_POST})?|{_POST})$")
_END = re.compile(_ENDS)
_PERSON = re.compile(_WHO)
_WEAKER = re.compile(f"(?:{_POST})|[他她](?![们日方乡人])")
_NEAR = 8


class ShortNames:
    """Everybody of a list by given and by family name; people are known by their place in it."""

    def __init__(self, people: Iterable[tuple[str, int]], units: Iterable[str] = ()) -> None:
        """`people`: names with the place of who bears each; `units`: how units are written. All folded."""
        self._whole: dict[int, set[str]] = {}
        self._given: dict[str, set[int]] = {}
        self._families: dict[str, set[int]] = {}
        for name, number in people:
            family, given = _parted(name)
            self._whole.setdefault(number, set()).add(name)
            self._families.setdefault(family, set()).add(number)
            if len(given) == _SPELLED:
                self._given.setdefault(given, set()).add(number)
        names = _either(self._families)
        self._anywhere = re.compile(_either(self._given))
        self._by_family = re.compile(f"(?P<family>{names})(?:{_SOMEBODY}|{_POLITE})|[小老](?P<young>{names}){_ENDS}")
        self._somebody = re.compile(f"({names})某{{1,2}}")
        self._unit_before = re.compile(f"(?:{_either(units)})的?(?:{_POST})?$")
        self._unit_behind = re.compile(f"[(](?:[^()]{{0,10}}{_OF_UNIT}|{_either(units)})[)]")

    def find(self, read: str) -> Iterator[tuple[int, int, frozenset[int]]]:
        """Each place in a folded text where somebody is so named (start, end), and who may be meant.

        A given name stands for those whose whole name the text holds too, where it holds any.
        """
        for hit in self._anywhere.finditer(read):
            if place := _of_a_person(read, hit.span()):
                meant = self._given[hit[0]]
                told = {n for n in meant if any(name in read for name in self._whole[n])}
                yield *place, frozenset(told or meant)
        for hit in self._by_family.finditer(read):
            if place := self._beside(read, hit.span()):
                yield *place, frozenset(self._families[hit["family"] or hit["young"]])

    def bearing(self, written: str) -> frozenset[int]:
        """Whom these folded words mean, if they are a given name or 何某 and nothing else."""
        if somebody := self._somebody.fullmatch(written):
            return frozenset(self._families[somebody[1]])
        given = _PERSON_BEHIND.sub("", written.removeprefix("叫"))
        everyday = written in _EVERYDAY
        return frozenset() if everyday else frozenset(self._given.get(given, ()))

    def _beside(self, read: str, span: tuple[int, int]) -> tuple[int, int] | None:
        """The place with the unit that stands beside it; None without a unit or post there."""
        start, end = span
        before = read[max(0, start - 2 * _NEAR) : start]
        unit = self._unit_before.search(before)
        whole = start - len(unit[0]) if unit else start
        if _SELF.search(read[max(0, whole - _NEAR) : whole]):
            return None
        behind = self._unit_behind.match(read, end)
        if behind:
            return start, behind.end()
        return (whole, end) if unit or _BESIDE.search(before) else None


_PERSON_BEHIND = re.compile(f"(?:{_WHO})$")


def _parted(name: str) -> tuple[str, str]:
    cut = 2 if name[:2] in COMPOUND else 1
    return name[:cut], name[cut:]


def _of_a_person(read: str, span: tuple[int, int]) -> tuple[int, int] | None:
    """The place of a given name where a sign beside it says that a person is meant, with the sign of everyday words."""
    start, end = span
    before = read[max(0, start - _NEAR) : start]
    if _SELF.search(before):
        return None
    everyday = read[start:end] in _EVERYDAY
    if _CALLED.search(before) and _END_OF_CALLED.match(read, end):
        return (start - 1, end) if everyday and before.endswith("叫") else span
    titled = _OF_A_POST.search(before) is not None
    if not titled and not _APART.match(read, start):
        return None
    if sign := _PERSON.match(read, end):
        return (start, sign.end()) if everyday else span
    fits = (titled and _END.match(read, end)) or _WEAKER.match(read, end)
    return span if fits and not everyday else None


def _either(words: Iterable[str]) -> str:
    spelled = sorted(set(words), key=lambda word: (-len(word), word))
    return "|".join(map(re.escape, spelled)) or r"(?!)"
