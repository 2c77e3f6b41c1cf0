"""What people put around a command: courtesies before the verb, greetings, doubts, conditions, others' words.

Patterns work on folded text (`script.fold`). Courtesies are passed over; doubt asks back; a condition, a report of what
somebody said, a negation or a question makes a sentence no command (casework 5).
"""

import re

from maild.domain.emptyanswer import only_polite

_THIS = (
    r"(?:把|将|就)?(?:此|这|呢|该|本|上述|以上)(?:一)?(?:个|件|封|单|条|起|宗|份|项|样|类)?(?:客户)?"
    r"(?:事项|事情|事|件|案件|案子|案|投诉件|投诉|建议|来信|信件|信|邮件|单子|单|问题|工单|反馈|意见| ?case)?"
    r"(?!们|边|样)"
)
COURTESY = re.compile(
    r"\s*(?:"
    r"请予(?=转|以|批)|请(?!问|示|假|教|求|补充|上级|催|客户补|来信人补)|麻烦(?:你们?|您|大家|帮忙|帮)?|烦请|劳烦|有劳|辛苦(?:你|您)?"
    r"|拜托(?:你|您)?|帮忙|帮我们?|劳驾|恳请|敬请"
    r"|(?:同时|并且?|另外|此外|还有|顺便|一并)(?:也|再|请)?(?=抄送|加急|备注|保密|转|由|请|会办|催|取消抄送|,)"
    r"|(?:那个|那这个|呃|哦|额|就是说?)(?=转|交|请|接|这|给|就|,)|那么?就?|先(?!不|别|勿|问|等|看|联|和|与|跟)|直接|立即|立刻|马上|尽快|赶紧|抓紧|速(?=转)|快(?=转)|统一|全部"
    r"|一并|还是(?!不|别)|就(?=转|交|接|由)"
    r"|重新(?=转|交|分|派)|再(?=转|交)|同意(?=转|交|由|结)|好[的嘞滴哒咧]?(?=转|交|请|接|收到|那|这|,)|请予(?=转|以)|嗯|ok(?=[\u4e00-\u9fff])|务必(?=转|交)"
    rf"|{_THIS}"
    r"|(?:please|pls|plz|kindly|just|fyi:?|then|so|well|now|hi|hello|hey|ok(?:ay)?|sure|yes|thanks|could you|can you"
    r"|would you|will you|go ahead and"
    r"|i'd like to|i would like to|let's|lets|you can|do|best to|fyi|agreed|right|understood|fine|great"
    r"|good)(?![a-z])(?!\s*(?:not|never|n't)\b)"
    r"|@[\w]{1,12}\s+|协助(?=转)|您好|你好|大家好|领导好|早上好|下午好|晚上好|@\s*"
    r"|[\"'*_\[(【<]+(?=\S)"
    r")[\s,!~:、]*"
)
"""One courtesy at the beginning; strip it and look again."""
ASKING = re.compile(r"\s*(?:could|can|would|will) you\b")
"""A polite question in English that is a request."""
DOUBT = re.compile(
    r"\s*(?:我(?:们)?(?:想|看|觉得|认为|建议|的建议是|的意见是)|建议|可以?|应该?|应当|拟|需要?|须|要(?!不要)|必须|得"
    r"|想|准备|考虑|打算|最好|不如|或者?|希望|申请|请求|"
    r"(?:maybe|perhaps|possibly|(?:i|we) (?:suggest|think|propose|recommend|guess|would|could|should|can|may|might"
    r"|will|want to|plan to)"
    r"|i'd|i'll|we'll|suggest|propose|should|shall)(?: (?:that|to|we|you|i|should|could|can|it|is|best|probably"
    r"|perhaps|maybe|just))*\b)\s*"
)
"""Words before a verb that make it a thought and not an order: the writer is asked."""
WHETHER = re.compile(r"\s*(?:是否|能否|可否|能不能|可不可以|要不要|要不|是不是|请问|该不该)")
"""A question in Chinese, whether or not a mark ends it."""
_IF = r"如果|假如|假使|倘若|若是|要是|万一|一旦|除非|只要|只有|的话|的时候|前提是?|看情况|视情况"
CONDITION = re.compile(
    rf"{_IF}|^(?:等|待|若|如(?!下|题|上|何|实))|\b(?:if|unless|when(?!ever)|once|in case|provided|assuming|until)\b"
    rf"|(?:之|以)?后$"
)
CONDITION_START = re.compile(
    rf"[\s,.;:。-]*(?:{_IF}|等|待|若|如(?!下|题|上|何|实|期)|但(?:要|得|须)?先|(?:only )?(?:if|unless|once|when"
    rf"|in case|provided|assuming)\b)"
)
CONSEQUENCE = re.compile(
    r"就|则|再|请|可|由|报|也|都|应|要|须|必|,\s*(?:please|then|report|call|let|tell)|\b(?:then|please|let me"
    r"|tell me)\b"
)
SAID = re.compile(
    r"(?:说|讲|问|问到|表示|声称|要求|让我|叫我|回复|回|写道|称|提到|提出|原话|原文|建议|认为|觉得|以为|通知|指示"
    r"|是)\s*[:,\"']*\s*$"
    r"|(?:说|问)(?!明|题|过|清|话|卷)|\b(?:said|says|asked|asks|wrote|writes|told|tells|claims?|thinks?|wants?"
    r"|suggest(?:s|ed)?|according to)\b"
)
REFUSING = re.compile(
    r"^\s*(?:不(?!好意思|过|同意见)|别|勿|莫|无需|无须|没|未|暂不|暂缓|先不|先别|停止|取消|(?:do not|don't|dont"
    r"|never|not|no need|cancel|stop)\b)"
)
TAKEN_BACK = re.compile(
    r"[\s,.;:。!?-]*(?:算了|不用了|不用转|不对|等等|等一下|且慢|先别|先不|别转|不转|不要转|不必|写错|发错|更正一下"
    r"|还是(?:算|不|别|我|等)"
    r"|(?:no,? wait|wait\b|never ?mind|scratch that|on second thou?ght|actually,? no|hold on|don't\b))"
)
QUESTION = re.compile(r"(?:吗|么|呢|嘛|没有?|是不是|对吧|行不行|好不好|可不可以|如何|怎么样|哪里|哪儿|谁)\s*[.。!~]*$")
REQUEST_TAG = re.compile(
    r"(?:[,，]?\s*)(?:好吗|可以吗|行吗|好不好|可以么|好么|please|ok(?:ay)?|thanks?|thank you)\s*\??$"
)
_VOCATIVE = re.compile(
    r"\s*(?:(?:to|cc|@)?\s*[\u4e00-\u9fff]{1,3}(?:总经理|副总|总|经理|主任|主管|部长|厂长|店长|班长|组长|老师|工|姐"
    r"|哥|女士|先生|同事|书记|院长|校长|科长|处长)"
    r"|各位(?:领导|同事|经理)?|大家|领导|同事们|亲爱的.{1,4}|all|team|everyone|dear\s+\w+(?:\s\w+)?|hi\s+\w+"
    r"|hello\s+\w+|hey\s+\w+|mr\.?\s+\w+|ms\.?\s+\w+"
    r")\s*(?:您好|你好|好)?\s*[,:]\s*"
)
_GREETING = re.compile(
    r"(?:to\s*)?.{0,12}?(?:您好|你好|早上好|上午好|下午好|晚上好|早安|早)|尊敬的.{1,15}|各位.{0,6}|大家好?|领导好?"
    r"|.{1,6}(?:总|经理|主任|主管|部长|老师|厂长|店长)"
    r"|(?:dear|hi|hello|hey|good (?:morning|afternoon|evening))\b.{0,30}|[a-z]{2,15}|all|team"
)
_BANNER = re.compile(
    r"\s*(?:[\[【(<*].{0,10}(?:外部|外来|external|外部邮件).{0,80}|(?:caution|warning|external email|注意|警告"
    r"|提示)\s*[:!].{0,200}"
    r"|.{0,40}(?:originated from outside|来自外部|外部发件人|请勿点击).{0,160}|[\W_]+)"
)
_LONGEST_GREETING = 24


def is_skipped(plain: str, *, ends_line: bool) -> bool:
    """Whether a sentence is a greeting, a banner or a courtesy that says nothing and is passed over."""
    bare = plain.strip(" ,.!:;。~、")
    if not bare or only_polite(bare) or _BANNER.fullmatch(plain):
        return True
    greeting = len(bare) <= _LONGEST_GREETING and _GREETING.fullmatch(bare)
    return bool(greeting) and (ends_line or bare.endswith(("好", "早", "morning")))


def vocative(plain: str) -> int:
    """How long the name of the one who is addressed is at the beginning: `何经理，`; 0 where nobody is."""
    found = _VOCATIVE.match(plain[:60])
    return found.end() if found else 0


def is_question(sentence: str, *, marked: bool) -> bool:
    """Whether a sentence asks; `marked` says that a question mark ends it."""
    return marked or QUESTION.search(sentence[-20:]) is not None
