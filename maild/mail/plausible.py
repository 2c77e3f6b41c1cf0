"""How much a decoded text looks like something a person wrote.

Used only where the declared charset is missing, unknown or broken, or where two charsets both fit. Common
characters of living scripts count for a reading; private use, control and replacement characters count against it.
"""

from functools import lru_cache
from itertools import pairwise

_SAMPLE = 2000
_RANGES = (
    (0x0080, 0x009F, -2.0),  # C1 controls
    (0x00A0, 0x00BF, 0.6),  # Latin-1 symbols
    (0x00C0, 0x024F, 0.8),
    (0x0370, 0x03FF, 0.6),
    (0x0400, 0x040F, 0.4),
    (0x0410, 0x045F, 0.75),
    (0x0460, 0x052F, 0.1),
    (0x0590, 0x06FF, 0.7),
    (0x0E00, 0x0E7F, 0.7),
    (0x2010, 0x2027, 0.9),  # dashes, quotation marks, ellipsis
    (0x20A0, 0x20BF, 0.6),
    (0x2100, 0x27BF, 0.4),
    (0x3000, 0x3003, 1.0),
    (0x3005, 0x3020, 1.0),
    (0x3041, 0x30FF, 0.95),
    (0xAC00, 0xD7A3, 1.1),
    (0xE000, 0xF8FF, -2.0),  # private use
    (0xFF01, 0xFF5E, 0.9),
    (0xFF61, 0xFF9F, 0.1),  # half-width kana: what Latin-1 and GBK look like to Shift_JIS
    (0xFFFD, 0xFFFD, -2.0),
    (0x1F300, 0x1FAFF, 0.9),
    (0x20000, 0x3FFFF, 0.3),
)
_COMMON = frozenset(
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想"
    "看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等"
    "几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马"
    "命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请"
    "投诉您谢编号邮件附收到處理這們個說時來對會為後過還沒發開關經點問題長與實現動樣電話測試標題內請協助請謝業務報門東車間國學書應該產從將無給當兩進讓認總辦證員號郵"
)


@lru_cache(maxsize=8192)
def _weight(char: str) -> float:
    code = ord(char)
    if 0x4E00 <= code <= 0x9FFF:
        return _hanzi(char)
    if 0x3400 <= code <= 0x4DBF:
        return 0.2
    return next((weight for low, high, weight in _RANGES if low <= code <= high), 0.0)


def _hanzi(char: str) -> float:
    """Frequent ones first, then the first levels of GB 2312 and Big5, then the rest."""
    if char in _COMMON:
        return 1.5
    if _level_one(char, "gb2312", 0xB0, 0xD7) or _level_one(char, "big5", 0xA4, 0xC6):
        return 0.9
    return 0.35


def _level_one(char: str, codec: str, low: int, high: int) -> bool:
    try:
        return low <= char.encode(codec)[0] <= high
    except UnicodeEncodeError:
        return False


def score(text: str) -> float:
    """The mean weight of the characters outside ASCII, about -2 to 1.5; 1.0 where there are none."""
    sample = foreign(text)[:_SAMPLE]
    if not sample:
        return 1.0
    return (sum(map(_weight, sample)) - _oddities(text[: 4 * _SAMPLE])) / len(sample)


def foreign(text: str) -> list[str]:
    """The characters outside ASCII, of a long text a sample."""
    return [char for char in text[: 8 * _SAMPLE] if char > "\x7f"]


def _oddities(text: str) -> float:
    """What a wrong one-byte charset makes of words: capitals inside, two alphabets in one, accents in a row."""
    return sum(_oddity(one, two) for one, two in pairwise(text) if one > "\x7f" or two > "\x7f")


def _oddity(one: str, two: str) -> float:
    if one < "A" or two < "A" or one >= "\u0590" or two >= "\u0590":
        return 0.0
    if one > "\xbf" and two > "\xbf":
        return 2.0 if one.islower() and two.isupper() else 0.5 * (one < "\u0250" and two < "\u0250")
    return float((one.isalpha() and two >= "\u0370") or (two.isalpha() and one >= "\u0370"))


def mostly_cjk(text: str) -> bool:
    """More than half of the characters outside ASCII are Chinese, Japanese or Korean."""
    chars = foreign(text)
    return 2 * sum(1 for char in chars if "\u2e80" <= char <= "\uffef" or char >= "\U00020000") > len(chars)
