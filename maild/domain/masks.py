"""Personal data in a text, masked for those who need not know it (P6.5.3, P7.3.3): what each kind looks like.

A mask keeps what tells two apart, `110***********1234`, and the text's length; the original stays where it is. What
has a check digit is known by it; what has none only behind a word that says what it is. The number of an order, a
parcel or an invoice is never one: the word in front of it decides.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import field
from enum import StrEnum
from functools import lru_cache

from maild.domain.maskdigits import is_card, is_identity, is_meant
from maild.domain.value import value


class Kind(StrEnum):
    """What can be masked."""

    IDENTITY = "id-card"
    """Chinese identity numbers: 18 places with their check digit (GB 11643); the old 15, or a slip, behind a word."""
    BANK = "bank-card"
    """Card numbers of 15 to 19 digits with a known beginning and the Luhn digit (ISO/IEC 7812)."""
    PHONE = "phone"
    """Mobile and fixed telephones, Chinese and with a country code; no hotlines (400, 800)."""
    PASSPORT = "passport"
    """Passports and travel permits, behind a word that says so."""
    RECORD = "record-number"
    """Numbers of the house's own, such as 病历号, as the pack describes them."""
    MINOR = "minor-name"
    """Names of pupils and children, by the words beside them."""


@value
class Numbered:
    """A number of the house's own: the words in front of it, or its shape, `#` a digit and `@` a letter."""

    words: tuple[str, ...] = ()
    shape: str = ""


@value
class Minors:
    """The words in front of and behind a child's name: 学生张小明, 王小雨同学."""

    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()


@value
class Look:
    """Which kinds are looked for, and how the pack's own ones look."""

    kinds: frozenset[Kind] = frozenset()
    records: tuple[Numbered, ...] = ()
    minors: Minors = field(default_factory=Minors)


PLAIN = Look(kinds=frozenset({Kind.IDENTITY, Kind.BANK, Kind.PASSPORT}))
"""What needs no pack to be known, for readers of whom nothing is known."""
_GAP = "[ \u00a0\u3000\u2013-]?"
_ALONE, _END = "(?<![0-9A-Za-z])", "(?![0-9A-Za-z])"
_RUN = re.compile(rf"{_ALONE}\d(?:{_GAP}\d){{13,}}(?:{_GAP}[Xx])?{_END}", re.ASCII)
_GROUP = re.compile(r"[0-9]+[Xx]?|[Xx]")
_FEWEST, _MOST, _MOST_GROUPS = 14, 20, 6
_MOBILE = rf"(?:(?:\+|00)?86[ \-]?)?1[3-9]\d(?:{_GAP}\d){{8}}"
_FIXED = r"(?:0[1-9]\d{1,2}[ \-]?|[（(]0[1-9]\d{1,2}[)）][ \-]?)[2-9]\d{6,7}(?:[ \-转]{1,2}\d{1,5})?"
_ABROAD = r"(?:\+|00)(?!86)(?=[1-9](?:[ \-()]{0,2}\d){7,14}(?!\d))[1-9]\d{0,2}(?:[ \-]?\(?\d{1,4}\)?){2,5}\d"
_PHONE = re.compile(rf"(?<![0-9A-Za-z.\-/])(?:{_MOBILE}|{_FIXED}|{_ABROAD})(?![0-9A-Za-z])(?![\-/.]\d)", re.ASCII)
_SHORT_PHONE = re.compile(
    r"(?:电话|手机|座机|热线|tel|phone|mobile)[号码为是:：\s.#]{0,4}([2-9]\d{6,7})(?!\d)", re.IGNORECASE | re.ASCII
)
_PASSPORT = re.compile(
    r"(?:护照|通行证|台胞证|回乡证|passport|travel permit)(?:证件)?[号码为是no:：.\s#]{0,8}"
    r"([A-Z]{1,2}\d{7,10}|\d{8,9})(?![0-9A-Za-z])", re.IGNORECASE,
)  # fmt: skip
_OTHERS = re.compile(
    r"(?:订单|单据|运单|面单|快递|物流|包裹|发票|流水|合同|工单|批次|货|款|产品|序列|设备|资产|税|凭证|交易|参考|追踪|跟踪|查询|"
    r"order|invoice|tracking|waybill|parcel|awb|contract|batch|serial|ref(?:erence)?|transaction|s/?n|case|ticket|po|"
    r"(?<!卡)(?<!证)(?<!件)单号|编号|税号)(?:[号码编]{0,2}|\s?(?:no|number|id))[为是:：\s.#（(\[【]{0,3}\Z",
    re.IGNORECASE,
)
_ID_WORD = re.compile(
    r"(?:身份证|证件|公民身份)[号码]{0,2}[为是:：\s（(]{0,3}\Z|\bid(?:entity)?(?: card| no\.?| number)?[:\s]{0,3}\Z",
    re.IGNORECASE,
)
_BEFORE = 16
"""Characters in front of a number that may say what it is."""
_FULL = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B)} | {0xFF0D: 0x2D, 0xFF0B: 0x2B}
"""Full-width letters, digits and signs as plain ones; no text becomes longer or shorter by it."""
_KEPT = {Kind.IDENTITY: (3, 4), Kind.BANK: (0, 4), Kind.PHONE: (3, 4), Kind.PASSPORT: (1, 2), Kind.RECORD: (0, 2),
         Kind.MINOR: (1, 0)}  # fmt: skip
"""Characters that stay at the beginning and at the end."""
Span = tuple[int, int, Kind]


def masked(text: str, look: Look) -> str:
    """The text with everything of these kinds masked; as long as before."""
    if not text or not look.kinds:
        return text
    pieces, at = [], 0
    for start, end, kind in _spans(text, look):
        pieces += [text[at:start], _mask(text[start:end], kind)]
        at = end
    return "".join((*pieces, text[at:])) if pieces else text


def masked_cell(header: str, cell: str, look: Look) -> str:
    """A cell of a table; its header may be the word that says what it holds, such as 病历号."""
    return masked(f"{header}：{cell}", look)[len(header) + 1 :] if cell else cell


def masked_data(said: object, look: Look, but: frozenset[str] = frozenset()) -> object:
    """The same for every text in plain data, those under the names `but` excepted."""
    if isinstance(said, str):
        return masked(said, look)
    if isinstance(said, dict):
        return {name: one if name in but else masked_data(one, look, but) for name, one in said.items()}
    if isinstance(said, list | tuple):
        return type(said)(masked_data(one, look, but) for one in said)
    return said


def kinds_in(text: str, look: Look) -> frozenset[Kind]:
    """Which of these kinds stand in the text."""
    plain = text.translate(_FULL)
    return frozenset(kind for kind in look.kinds if next(iter(_FINDERS[kind](plain, look)), None) is not None)


def _spans(text: str, look: Look) -> Iterator[Span]:
    """Where something stands, from left to right; of two that overlap the one that begins first, then the longer."""
    plain = text.translate(_FULL)
    found = sorted(
        ((start, end, kind) for kind in look.kinds for start, end in _FINDERS[kind](plain, look)),
        key=lambda span: (span[0], -span[1]),
    )
    at = 0
    for start, end, kind in found:
        if start >= at:
            yield start, end, kind
            at = end


def _mask(found: str, kind: Kind) -> str:
    """Stars for letters and digits but the first and last ones; blanks and hyphens stay where they are."""
    first, last = _KEPT[kind]
    places = [at for at, character in enumerate(found) if character.isalnum()]
    hidden = set(places[first : len(places) - last] if len(places) > first + last else places[1:])
    return "".join("*" if at in hidden else character for at, character in enumerate(found))


def _numbers(text: str) -> Iterator[tuple[int, int, str]]:
    """Runs of 14 to 20 digits, in up to six groups: a card's four groups also where three digits more follow."""
    for run in _RUN.finditer(text):
        groups = [found.span() for found in _GROUP.finditer(text, *run.span())]
        for first, (start, _) in enumerate(groups):
            for _, end in reversed(groups[first : first + _MOST_GROUPS]):
                number = "".join(filter(str.isalnum, text[start:end])).upper()
                if _FEWEST <= len(number) <= _MOST:
                    yield start, end, number


def _identities(text: str, _look: Look) -> Iterator[tuple[int, int]]:
    for start, end, number in _numbers(text):
        if is_identity(number) or (is_meant(number) and _ID_WORD.search(_front(text, start))):
            yield start, end


def _cards(text: str, _look: Look) -> Iterator[tuple[int, int]]:
    for start, end, number in _numbers(text):
        if is_card(number) and not _OTHERS.search(_front(text, start)):
            yield start, end


def _phones(text: str, _look: Look) -> Iterator[tuple[int, int]]:
    for found in _PHONE.finditer(text):
        if not _OTHERS.search(_front(text, found.start())):
            yield found.span()
    yield from (found.span(1) for found in _SHORT_PHONE.finditer(text))


def _passports(text: str, _look: Look) -> Iterator[tuple[int, int]]:
    yield from (found.span(1) for found in _PASSPORT.finditer(text))


def _records(text: str, look: Look) -> Iterator[tuple[int, int]]:
    for numbered in look.records:
        yield from (found.span(1) for found in _record(numbered).finditer(text))


def _minors(text: str, look: Look) -> Iterator[tuple[int, int]]:
    yield from (found.span(1) for pattern in _children(look.minors) for found in pattern.finditer(text))


_FINDERS: dict[Kind, Callable[[str, Look], Iterable[tuple[int, int]]]] = {
    Kind.IDENTITY: _identities, Kind.BANK: _cards, Kind.PHONE: _phones, Kind.PASSPORT: _passports,
    Kind.RECORD: _records, Kind.MINOR: _minors,
}  # fmt: skip


def _front(text: str, start: int) -> str:
    return text[max(0, start - _BEFORE) : start]


@lru_cache(maxsize=64)
def _record(numbered: Numbered) -> re.Pattern[str]:
    shape = "".join({"#": r"\d", "@": "[A-Za-z]"}.get(one, re.escape(one)) for one in numbered.shape)
    shape = shape or r"[A-Za-z]{0,4}-?\d[\d\-]{3,18}\d"
    words = "|".join(map(re.escape, sorted(numbered.words, key=len, reverse=True)))
    front = rf"(?:{words})[号码编为是:：\s.#（(]{{0,5}}" if words else _ALONE
    return re.compile(rf"{front}({shape}){_END}", re.IGNORECASE)


_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金"
    "韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申"
    "欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷曲盛冉蓝路游辛靳管柴蒙鲍华喻祁房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车"
    "项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
_NAME = rf"((?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|[{_SURNAMES}])[\u4e00-\u9fff]{{1,2}}?)"
_GOES_ON = r"(?=[，。；、！？,.;!?\s（(）)：:]|$|在|被|的|说|是|和|与|今|昨|这|已|也|从|因|没|不|向|对|上|同学|小朋友)"


@lru_cache(maxsize=64)
def _children(minors: Minors) -> tuple[re.Pattern[str], ...]:
    before, behind = ("|".join(map(re.escape, sorted(words, key=len, reverse=True)))
                      for words in (minors.before, minors.behind))  # fmt: skip
    found = [rf"(?:{before})[：:是叫名为\s]{{0,2}}{_NAME}{_GOES_ON}"] if before else []
    return tuple(map(re.compile, [*found, *([rf"{_NAME}(?:{behind})"] if behind else [])]))
