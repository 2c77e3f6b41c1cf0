"""Answers that say nothing: a status word, a copy of the question, a signature (casework 5, "Empty answer"; P3.4.1).

Such an answer is refused. One without figure, date, deed or reason is sent, and the echo asks.
"""

import re

from maild.domain.script import fold

EMPTY = "empty-answer"
COPY = "copy-of-question"
_SUBJECT = (
    r"(?:我们?|我司|我部|我方|本部门?|我公司|您(?:的|反映的|所反映的|反馈的|投诉的)?|该|此|这个?|上述|有关|相关|贵司的?"
    r"|the|your|this|we|it|has|have|been|being|are|was|will|'ve|'ll|'s|i'm|i've|i'll|is(?=being))*+"
    r"(?:问题|情况|事项?|投诉|来信|意见|建议|反馈的?|邮件|issue|problem|matter|complaint|request|case|mail|feedback)?+"
)
_ADVERB = (
    r"(?:均|都|高度|已经?|正在?|在|将|会|尽快|立即|马上|及时|全部|妥善|认真|积极|现已|目前|持续|进一步|进行|予以|于"
    r"|already|now|just|been|being|is|currently|shortly|soon|asap|under|in(?!ves)|will|be)*+"
)
_STATE = (
    r"(?:处理|办[理结妥]?|核[实查]|调查|跟进|解决|落实|完成|回复|答复|知[悉晓]|收[到悉]|了解|明白|阅|研究|关注|重视"
    r"|反馈|联系|安排|整改|沟通"
    r"|搞定|登记|受理|排查|查|noted|handled?|done|fixed|solved|resolved|completed?|process(?:ed|ing)?|progress|received"
    r"|check(?:ed|ing)?|investigat(?:ing|ion|ed?)|follow(?:ing|ed)?up|closed|gotit|look(?:ing)?intoit|workingonit"
    r"|review(?:ing|ed)?){1,3}+"
)
_ENDING = r"(?:完毕|完成|当中|之中|好|完|中|了|过|妥当?|up|now|it|already|soon|shortly|asap)*+"
_STATUS = re.compile(rf"{_SUBJECT}{_ADVERB}{_STATE}{_ENDING}", re.IGNORECASE)
_KINDNESS = (
    "耐心|来信|来电|反馈|支持|理解|配合|建议|意见|关注|等待|信任|谅解|监督|提醒|宝贵|您|你们?|的|对.{1,6}|和|与|大家"
    "|领导"
)
_POLITE = re.compile(
    r".{0,6}(?:您好|你好)|尊敬的.{1,8}|.{1,4}(?:先生|女士|小姐)"
    rf"|(?:非常|十分|万分)?(?:感谢|谢谢|多谢|抱歉|对不起)(?:{_KINDNESS}){{0,6}}+"
    r"|请?您?(?:耐心|稍)(?:等待|等候|等|候)(?:一下|片刻)?|请(?:您)?(?:放心|知悉|查收|谅解|理解)|敬请.{1,4}"
    r"|给您带来.{0,6}不便.{0,8}"
    r"|如有.{0,10}(?:联系|来信|来电).{0,4}|祝.{1,8}|此致|敬礼|顺祝.{0,6}|辛苦了?|拜托了?|麻烦了?|好的?|行|可以|同意"
    r"|知道了|没问题"
    r"|ok(?:ay)?|嗯|是的?|如题|如下|以上|特此回复|(?:dear|hi|hello|hey)\b.{0,25}|good (?:morning|afternoon"
    r"|evening).{0,20}"
    r"|(?:many )?(?:thanks?|thx|cheers)(?: you)?(?: (?:so|very) much| a lot| in advance| again)?"
    r"(?: for (?:your |the )?(?:mail|email|e-mail|patience|feedback|message|letter|understanding|support|help))?"
    r"|(?:we(?:'re| are) )?(?:so |very )?sorry(?: for (?:the|any) (?:delay|inconvenience|trouble|wait))?"
    r"|we apologi[sz]e(?: for (?:the|any) (?:delay|inconvenience|trouble|wait))?|(?:best |kind |warm )?regards"
    r"|(?:yours )?sincerely"
    r"|please (?:wait|be patient)|发自我的.{0,20}|来自.{0,12}邮箱|sent from my.{0,20}|yes|sure|fine|great|agreed"
    r"|no problem|understood|all right",
    re.IGNORECASE,
)
_BREAK = re.compile(r"[,，。.!！?？;；:：、~…\s]*\n[\s>]*|[,，。!！?？;；:：、~…]+|\.(?=\s|$)")
_WORDS = re.compile(r"[\w]+")
_LONG = 60
_SHOWN = 4000
_CERTAIN_COPY = 8
_LIKELY_COPY = 16
_FIGURE = re.compile(r"\d|[一二两三四五六七八九十百千万]+(?:天|日|个|元|周|月|次|件|箱|台|小时|名|家|倍)|半")
_DATE = re.compile(
    r"今[天日晚早]|明[天日早]|昨[天日晚]|后天|[上下本这]?周[一二三四五六日天]|[上下本]周|[上下本]个?月|月底|年底"
    r"|上午|下午"
    r"|\b(?:today|tomorrow|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day|next (?:week|month)|morning"
    r"|afternoon)\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"因为|由于|原因|因此|所以|经查|经核实|经调查|根据|系[^统列]|导致|造成|未能|是因|按(?:规定|照|合同|制度)|属于"
    r"|没有|不符|无法|不能"
    r"|\b(?:because|due to|caused|reason|since|as a result|therefore|according|we found|turned out|owing|cannot"
    r"|could not)\b",
    re.IGNORECASE,
)
_DEED = re.compile(
    r"退(?:款|货|还|费|回)|换(?:货|新|成|掉|了)|更换|更新|补(?:发|寄|偿|贴|给|送|上)|赔|维修|修[好复理]|改(?:为|成"
    r"|派|正|用|签)|调整|发放|寄出|寄[到给送]"
    r"|送[到达货]|重[发新做]|安装|上线|开通|关闭|取消|删除|培训|处罚|扣除|扣[发罚]|批评|警告|道歉|上门|派[人出]|到账"
    r"|减免|续签|采购|购买|增[加设派]|停用|恢复|找到|检查了"
    r"|\b(?:refund|replac|repair|reship|sent|send|ship|deliver|install|compensat|pay|paid|train|chang|adjust|cancel"
    r"|credit"
    r"|apologi[sz]ed|add(?:ed)?|remov|upgrad|fix(?:ed)? the|order(?:ed)?|arrang)",
    re.IGNORECASE,
)


def why_empty(text: str, question: str) -> str | None:
    """`empty-answer` or `copy-of-question` where this answer must not leave; None where it may (P3.4.1)."""
    pieces = [piece.strip(" \t\r>*-_·•\"'()（）") for piece in _BREAK.split(text[:_SHOWN])]
    if all(not _WORDS.search(piece) or _says_nothing(piece) for piece in pieces):
        return EMPTY
    return COPY if _copies(text, question) else None


def lacks_substance(text: str) -> bool:
    """Whether an answer holds no figure, date, deed or reason: it is sent, and its writer is asked."""
    plain = fold(text[:_SHOWN])
    return not any(sign.search(plain) for sign in (_FIGURE, _DATE, _REASON, _DEED))


def only_a_claim(piece: str) -> bool:
    """Whether a sentence says that something is done, or being done, and nothing else."""
    plain = _bare(piece)
    return bool(plain) and len(piece) <= _LONG and _STATUS.fullmatch(plain) is not None


def only_polite(piece: str) -> bool:
    """Whether a sentence is a greeting, thanks or another courtesy."""
    plain = fold(piece).strip(" .!,。~、;:")
    return len(piece) <= _LONG and _POLITE.fullmatch(plain) is not None


def _says_nothing(piece: str) -> bool:
    return only_polite(piece) or only_a_claim(piece)


def _bare(piece: str) -> str:
    """Without spaces: Latin words run together, so that one pattern serves both scripts."""
    return re.sub(r"[\s,.!。，！]+", "", fold(piece))


def _copies(text: str, question: str) -> bool:
    answer, asked = _letters(text), _letters(question)
    if len(answer) < _CERTAIN_COPY or not asked:
        return False
    if answer in asked:
        return True
    pairs = {answer[n : n + 3] for n in range(len(answer) - 2)}
    known = {asked[n : n + 3] for n in range(len(asked) - 2)}
    return len(answer) >= _LIKELY_COPY and len(pairs & known) >= 0.9 * len(pairs)


def _letters(text: str) -> str:
    return "".join(_WORDS.findall(fold(text[:_SHOWN])))
