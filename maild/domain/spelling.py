"""Names as people write them: folded for comparison, and known phrases found in one pass over a text.

何志强, 何經理, 老何, "Mr. He" and "Zhiqiang He" are ways to call one person; `fold` makes spellings comparable
and `Phrases` finds known ones. Who fits a name is decided in `people.py`.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from maild.domain.script import SIMPLER
from maild.domain.value import value

T = TypeVar("T")

_TRADITIONAL = (
    "陳國棟啟銅鑼灣環葉傑詠鄧偉劉張楊黃趙吳馬孫蘇羅鄭謝馮許韓蔣賈鄒鍾鐘譚陸萬錢嚴龍龐餘湯貝賴頓顏顧駱關盧溫葦韋範倫儀優"
    "億兒務動勝勞勵區協單衛廠廣開閉長門問間闖陽陰陣隊際險雲電頁領頭題風飛飯館駐驗體魯鳳鳴鴻麗點齊龔龜"
    "業東絲兩個豐臨為舉義烏樂喬習鄉書買亂爭虧亞產親從倉價眾會傳傷債儲處備夠夾奮奪奧婦媽孿寧實審寫寬對導將專尋爾塵"
    "歲島崗幣師帳帶幫幹並莊慶應廳彈強當錄徹復徵德憂懷態慮慘慣憲戰戲戶據擁擇擊擔換損擬擴攝數斷於舊時暫曉曆權條來極"
    "構槍樣標橋機檔檢歐歡歷歸殺氣決沒況洩淚淨測準溝滅滿漢潔潤澤濟濤濱灑無煉煩燈營爐爾牽獎獨獲現瑪環產畢畫異療發盜盤"
    "監盡確碼礦禮禍離種稱穩窮競筆節簡簽籌類糧紀紅約級紙純細終組結給統經綠維網綜緊線編緣練縣總績織繩繼續纖罰聖聞聯聲職"
    "聽肅脅腦臟舉艦藝蘭處號裝補製複見規視覺觀觸計訂討訓記訪設許訴診註試話詳認誤說課調談請論諮證識議護譽讀變讓豔負財"
    "責貨販貪貴費貼資賓賞賠質購賽贈趕跡踐軍軌較載輕輝輪輯輸轉辦農運過達遠適遲選遺郵鄰醫釋針鈞銀銷鋼錦鎖鏡鐵鑒鑫閱閣"
    "陸隨隱雙雖雜難靜響項順須預頻額願顯驚驅麥黨啓僱冊劃則剛創劑務勢升華員響團圍圖園報場塊壓壞墊壽夢奪姍嬌"
    "採櫃贊週鄺蕭呂賀衝鋁裡訊賢彥煒穎瑩鈴鍵誼諾紹綺瓊蓮薦滯櫥鍋爺們這後乾臺係繫徑輔紡綫嶺飾餐誠"
)
_SIMPLIFIED = (
    "陈国栋启铜锣湾环叶杰咏邓伟刘张杨黄赵吴马孙苏罗郑谢冯许韩蒋贾邹钟钟谭陆万钱严龙庞余汤贝赖顿颜顾骆关卢温苇韦范伦仪优"
    "亿儿务动胜劳励区协单卫厂广开闭长门问间闯阳阴阵队际险云电页领头题风飞饭馆驻验体鲁凤鸣鸿丽点齐龚龟"
    "业东丝两个丰临为举义乌乐乔习乡书买乱争亏亚产亲从仓价众会传伤债储处备够夹奋夺奥妇妈孪宁实审写宽对导将专寻尔尘"
    "岁岛岗币师帐带帮干并庄庆应厅弹强当录彻复征德忧怀态虑惨惯宪战戏户据拥择击担换损拟扩摄数断于旧时暂晓历权条来极"
    "构枪样标桥机档检欧欢历归杀气决没况泄泪净测准沟灭满汉洁润泽济涛滨洒无炼烦灯营炉尔牵奖独获现玛环产毕画异疗发盗盘"
    "监尽确码矿礼祸离种称稳穷竞笔节简签筹类粮纪红约级纸纯细终组结给统经绿维网综紧线编缘练县总绩织绳继续纤罚圣闻联声职"
    "听肃胁脑脏举舰艺兰处号装补制复见规视觉观触计订讨训记访设许诉诊注试话详认误说课调谈请论咨证识议护誉读变让艳负财"
    "责货贩贪贵费贴资宾赏赔质购赛赠赶迹践军轨较载轻辉轮辑输转办农运过达远适迟选遗邮邻医释针钧银销钢锦锁镜铁鉴鑫阅阁"
    "陆随隐双虽杂难静响项顺须预频额愿显惊驱麦党启雇册划则刚创剂务势升华员响团围图园报场块压坏垫寿梦夺姗娇"
    "采柜赞周邝萧吕贺冲铝里讯贤彦炜颖莹铃键谊诺绍绮琼莲荐滞橱锅爷们这后干台系系径辅纺线岭饰餐诚"
)
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_PLAIN = (
    {ord(one): ord(simple) for one, simple in SIMPLER.items()} | _HALF_WIDTH | str.maketrans(_TRADITIONAL, _SIMPLIFIED)
)
_ACRONYM = re.compile(r"[A-Z]{2,3}$")


def fold(text: str) -> str:
    """`text` as it is compared: half-width, lower case, simplified characters; its length never changes."""
    plain = text.translate(_PLAIN)
    lower = plain.lower()
    return lower if len(lower) == len(text) else "".join(map(_lower_one, plain))


def lower_address(address: str) -> str:
    """An address in lower case; the Kelvin sign, whose lower case is the letter k, makes nobody a namesake."""
    return address.replace("\u212a", "\ufffd").lower()


def fold_address(address: str) -> str:
    """An address in lower case without its plus-tag (RFC 5233), or "" when it has no @."""
    local, at, domain = lower_address(address.strip().strip("<>")).rpartition("@")
    return f"{local.partition('+')[0]}@{domain}" if at else ""


def is_cjk(character: str) -> bool:
    """Whether this is a Chinese character."""
    return "\u3400" <= character <= "\u9fff" or character >= "\U00020000"


def _lower_one(character: str) -> str:
    lower = character.lower()
    return lower if len(lower) == 1 else character


@value
class Hit(Generic[T]):
    """A known phrase found in a text, and what it stands for."""

    start: int
    end: int
    phrase: str
    values: tuple[T, ...]


class Phrases(Generic[T]):
    """Known phrases and what each stands for; a text is searched in one pass, the longest phrase first.

    A Latin phrase is found as a whole word, one ending in `*` as the beginning of a word. An acronym of two or
    three capitals (IT, HR) is found in capitals alone, or the pronoun "it" would be a department.
    """

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._values: dict[str, dict[T, None]] = {}
        self._acronyms: set[str] = set()
        self._stems: set[str] = set()
        lengths: dict[str, set[int]] = {}
        for phrase, meaning in entries:
            if key := self._learn(phrase.strip()):
                self._values.setdefault(key, {})[meaning] = None
                lengths.setdefault(key[0], set()).add(len(key))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}
        self._first = re.compile(f"[{re.escape(''.join(lengths))}]" if lengths else r"(?!)")

    def exactly(self, text: str) -> tuple[T, ...]:
        """What the whole of `text` stands for."""
        return tuple(self._values.get(fold(text.strip()), ()))

    def find(self, text: str) -> Iterator[Hit[T]]:
        """The phrases in `text`, in order, not overlapping."""
        plain, at = fold(text), 0
        while begin := self._first.search(plain, at):
            hit = self._at(plain, text, begin.start())
            if hit:
                yield hit
            at = hit.end if hit else begin.end()

    def _learn(self, phrase: str) -> str:
        key = fold(phrase.rstrip("*"))
        if phrase.endswith("*"):
            self._stems.add(key)
        if _ACRONYM.match(phrase):
            self._acronyms.add(key)
        return key

    def _at(self, plain: str, text: str, start: int) -> Hit[T] | None:
        for length in self._lengths[plain[start]]:
            phrase, end = plain[start : start + length], start + length
            if phrase in self._values and self._stands_alone(plain, text, start, end):
                return Hit(start=start, end=end, phrase=phrase, values=tuple(self._values[phrase]))
        return None

    def _stands_alone(self, plain: str, text: str, start: int, end: int) -> bool:
        phrase = plain[start:end]
        if phrase in self._acronyms and not text[start:end].isupper():
            return False
        if _latin(phrase[0]) and start and _latin(plain[start - 1]):
            return False
        return phrase in self._stems or not (_latin(phrase[-1]) and end < len(plain) and _latin(plain[end]))


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
