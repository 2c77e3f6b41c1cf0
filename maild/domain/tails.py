"""What the words behind a target make of a route: an order (处理, 请今天回复), a tale (的货还没到), or doubt.

Patterns work on folded text. An order is known by how it goes on; words that begin a tale as well as an order (今天,
报, 换) count only where no word of telling follows. What is neither is asked back.
"""

import re

from maild.domain.clauses import Kind


def _any(words: str) -> str:
    return "(?:" + "|".join(words.split()) + ")"


ACTION = _any(
    "处理 办理 承办 查办 督办 经办 阅处 阅办 酌处 酌办 妥处 研处 查处 阅(?!读) 办(?!公|事|法|证|卡) 跟进 跟踪 负责"
    " 核实 核查 调查 查明 查清 查(?!询) 解决"
    " 落实 研究 跟一?[下跟](?!次) 盯一?下 弄一?下 搞一?下"
    " 牵头 接手 接办 接(?!口|触|待|到|电) 看看 看(?!来|起|似|样|到) 确认 安排 协调 答复 回复 反馈 整改"
    " 评估 分析 排查"
)
"""What a unit does with a case."""
_ADVERB = _any(
    "妥善 认真 严肃 切实 积极(?!性) 主动 重点 仔细 彻底 亲自 予以 给予 进行 帮忙? 尽快 尽早 抓紧 赶紧 立即 立刻 马上"
    " 即刻 迅速 及时(?!性) 优先 务必 必须 请 麻烦 烦请 辛苦 统一 全权 一并 共同 最迟 最晚 争取 力争"
    " 来(?!电|信|函|货|的|说)"
    " 去(?!年|的) 须 需(?!要多) 要(?=[在于今明本给让向有把答回尽马]|下?周)"
    " 先(?!不|别) 再(?!说|次|度) 并 速 自行 抽空 专人 牵头 会同"
    " 全力 继续 就(?=此|这|该)"
    " 派人 派专人 安排人 今日 三方"
)
_TIME = (
    r"(?:大?[今明后](?!细|确|显|年)[天日晚早]?|(?:本|这|下)?(?:周|星期|礼拜)[一二三四五六日天末内]?"
    r"|[本这下]?个?(?:月|季度?|年)(?:底|末|内)|[本下]个?月"
    r"|(?:元旦|国庆|五一|春节|中秋|端午|清明|节|长假|假期)(?:节|假期)?之?[前后]|第[一二三]个?"
    r"|\d{1,4}|[一二两三四五六七八九十半]{1,3}|[年月日号天周个点时分]|工作日|小时|分钟|上午|中午|下午|晚上|下班"
    r"|之?前|之?内"
    r"|以[内前]|截止|为限|限期?|时限|期限|[到至于在]|完成|办结|内|[:./-])"
)
_TOWARDS = (
    r"(?:[请让叫](?:他|她|其|对方)们?"
    r"|(?:对|把|将|给|与|和|跟|同(?!意|志|事|样|时|行)|按|依|根据|针对|要求|让|就)[^,的了]{1,10}?)"
)
_DEED = _any(
    "联系(?!人|方式|单) 沟通 了解 组织 检查 说明 解释 提供 提出 配合 执行 修[好复理] 修(?!改) 更?换 赔 退[款货] 补"
    " 改[好正] 报(?=我|给|送|总|领导|来|上)"
    " 回[电复话] 致电 打电话 告[知诉] 通知 跟催 催 恢复 做好 道歉 送[货达到]? 补?发[货出] 寄 上门 整理 汇报 报告"
    " 办妥 处置 做 拿出 给出 出具"
    " 客户一个 说法 赔付 协商 对接 修缮 清理 改进 纠正 优化 核对"
)
_POLITE = (
    r"(?:吧|啊|哦|哈|呀|哟|一下|即可|就(?:行|好|可以?)|多?谢谢?你?们?|感谢|辛苦了?|拜托了?|麻烦了?|急|[!~.。;:()\s])"
)
_SHELVED = _any("参考 知悉 阅知 学习 存档 存查 备案")
_FIRM = re.compile(rf"\s*(?:{ACTION}|(?:摘要|要求|附言|说明|意见|abstract)\s*:|$|[,。.!;:(\-~\n])")
_LOOSE = re.compile(rf"\s*(?:(?:{_ADVERB}|{_TIME}|{_TOWARDS})\s*){{0,12}}(?:{ACTION}|{_DEED})")
_IDLE = re.compile(rf"\s*(?:(?:{_ADVERB}|{_TIME}|{_POLITE}|{_SHELVED})\s*){{1,14}}(?:$|[,(])")
_TALE = re.compile(
    r"已|又|仍|不肯|不愿|拒绝|还(?:没|未|是|在)|没|未(?!来|必)|被|不了|不到|失败|昨|上周|上个?月|前天|去年|多久|多少"
    r"|[^告]说(?![明清法])"
    r"|的(?=[^,]{0,8}(?:是|很|太|也|都|在|有))|的$"
)
_TELLS = re.compile(
    rf"\s*(?:{ACTION}(?:一下|好|完)?)?(?:"
    + _any(
        "的(?!话|同事|同仁) 了 过(?!去|来) 完 时(?!间|限) 以?后(?!天) 之[前后] 以前 前(?!天|往) 中(?![午心]) 不 没"
        " 未 得 吗 呢 么 失败 有误 错 结果 已 也 还是?"
        " 又 都 被 那 是 有 无 比 太 很 挺 应 可 能 会 说 称 表示 认为"
    )
    + ")"
)
_PICTURES = re.compile(r"\[[\u4e00-\u9fff]{1,4}\]|[\u2600-\u27bf\ufe0f\u200d\U0001f000-\U0001faff]+")
"""[抱拳] and 🙏 say nothing."""
_WHETHER = re.compile(r"([\u4e00-\u9fff])没\1")
"""发没发 asks them, and tells nothing."""
_THEN = re.compile(
    r"\s*(?:核实|调查|查明|查清|核查|了解|研究|协调|沟通|确认|评估)(?:清楚|情况)?后(?:再|请|即|直接|尽快)?"
    r"(?:答复|回复|报|处理|办理|反馈|联系|告)"
)
_THING = re.compile(
    r"(?:意见|方案|流程|进度|时限|时间|速度|人员|费用?|单据?|函|率|效率|能力|态度|表|权|计划|标准|制度|政策|资料"
    r"|名单|文件"
    r"|预算|数据|报告|价格|合同|中心|系统|电话|信息)$"
)
_LONGEST_THING = 8
_ENDS_TOLD = re.compile(r"(?<!辛苦)(?<!拜托)(?<!麻烦)(?<!就行)(?<!就好)(?<!可以)(?<!就可)(?<!就成)了$")
_ENGLISH_ORDER = re.compile(
    r"[\s,:;\-]*(?:$|[.!;:(\n\-–&+]|(?:please|pls|thanks?|thank you|thx|by|before|until|within|today|tomorrow|tonight"
    r"|this"
    r"|next|asap|as soon as possible|urgent(?:ly)?|immediately|right away|now|for|to|and|they|with|who|so that|because"
    r"|since|first thing|in \w+ (?:working |business )?days?|on|no later|deadline|due|tell|ask|call|reply|let"
    r"|handle|follow[ -]?up|check|look)\b)"
)
_ENGLISH_TALE = re.compile(
    r"[\s,]*(?:if|unless|once|when(?:ever)?|after|only|was|were|is|are|has|have|had|did|does|do|would|might|may|can"
    r"|could"
    r"|should|yesterday|last|already|but|never|didn't|hasn't|isn't|until (?:he|she|they|we|it|the)|instead of me|or not"
    r"|\?)(?!\w)"
)
_ENGLISH_TOLD = re.compile(
    r"\b(?:\w+ed|was|were|had|has|did|didn't|mistake|avail|yesterday|done|wrong|pending|nothing|nobody|no one"
    r"|already)\b"
)
_ENGLISH_WANTED = re.compile(
    r"\b(?:as|get|have|be|needs?|want|who|for|until|when) (?:it |this |them )?\w+ed\b|\b(?:need|speed|feed"
    r"|be done)\b"
)
_BARE = re.compile(rf"\s*(?:去|来)?(?:{ACTION}|一下|下|吧|哈|即可|就行|就好|为盼|谢谢|please|pls)*\s*(?=[:\s]|$)")


def judged(rest: str, *, english: bool) -> Kind:
    """What the clause behind a target is: COMMAND, UNSURE or NONE. A clause in Latin letters is English."""
    rest = _PICTURES.sub("", rest)
    bare = rest.strip(" :-–\"'")
    if bare:
        english = bare[0].isascii() and bare[0].isalpha()
    return _english(rest) if english else _chinese(rest)


def tells(rest: str, *, english: bool) -> bool:
    """Whether the words are no order at all."""
    return judged(rest, english=english) is Kind.NONE


def ends_told(clause: str) -> bool:
    """Whether a clause ends as a tale does: 转物流部了."""
    return _ENDS_TOLD.search(clause.rstrip(" .!~")) is not None


def own_words(plain: str, at: int, end: int) -> int:
    """Where the order's own words begin: a bare 处理 or 承办 says nothing more than the verb."""
    bare = _BARE.match(plain, at, end)
    return bare.end() if bare else at


def _english(rest: str) -> Kind:
    if _ENGLISH_TALE.match(rest):
        return Kind.NONE
    told = _ENGLISH_TOLD.search(_ENGLISH_WANTED.sub("", rest))
    return Kind.COMMAND if _ENGLISH_ORDER.match(rest) and not told else Kind.UNSURE


def _chinese(rest: str) -> Kind:
    rest = re.sub(r"^\s*[吧啊哈哦](?=[^\s,.!~])", "", rest)
    bare = rest.strip(" .!~")
    if ends_told(rest) or (_TELLS.match(rest) and not _THEN.match(rest)):
        return Kind.NONE
    if _IDLE.match(rest) or _THEN.match(rest):
        return Kind.COMMAND
    if len(bare) <= _LONGEST_THING and _THING.search(bare):
        return Kind.UNSURE
    if _FIRM.match(rest):
        return Kind.COMMAND
    return Kind.COMMAND if _LOOSE.match(rest) and not _TALE.search(_WHETHER.sub("", rest)) else Kind.UNSURE
