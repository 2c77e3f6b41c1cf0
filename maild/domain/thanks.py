"""Whether a requester only thanks or confirms receipt; in doubt the answer is no (casework 4, "Reopening")."""

import re

_POLITE = (
    r"谢谢(?:你们|您|大家|各位|领导|经理|关照|处理|回复|帮助|支持)*|多谢(?:了)?|感谢(?:你们|您|贵司|贵公司|的?帮助|回复|处理|支持)*"
    r"|非常感谢|十分感谢|辛苦(?:你们|您|大家)?了?|麻烦(?:你们|您)了|祝好|好的|好|嗯|行|可以|知道了|明白了?|了解了?|已阅"
    r"|謝謝(?:你們|您)?|感謝|多謝|收到謝謝"
)
_RECEIPT = (
    r"(?:[\u4e00-\u9fff]{0,6}(?:已经|已經|也|都|今天|昨天)?(?:收到|到账|到帳|收悉|拿到|修好|解决|解決)了?)|已收到|收到了?"
    r"|问题(?:已经)?解决了?|没(?:有)?问题了?|很满意|满意"
)
_ENGLISH = (
    r"(?:ok(?:ay)?|great|perfect|got it|received|noted|all good|fine"
    r"|thanks?(?: you)?(?: (?:very|so) much| a lot| again)?|many thanks|much appreciated|thx|ty|cheers"
    r"|(?:the |my )?(?:refund|parcel|reply|mail|package|money|it) (?:has )?arrived"
    r"|(?:it|that|this) (?:is |has been )?(?:solved|fixed|works|worked)(?: now)?"
    r"|(?:best|kind) regards|for your (?:help|reply|mail))"
)
_DEMAND = re.compile(
    r"但|不过|可是|还是|仍|没有|没收|未|不行|不能|为什么|怎么|什么时候|请|要求|希望|補充|补充|另外|还有|不满|尽快|？|\?|投诉"
    r"|\b(?:but|however|still|not|why|when|please|also|another|yet|except)\b",
    re.IGNORECASE,
)
_PIECE = re.compile(rf"(?:(?:{_POLITE}|{_RECEIPT}|{_ENGLISH})\s*){{1,3}}", re.IGNORECASE)
_BREAK = re.compile(r"[,，。.!！~～、;；^_）（(:：]+")
_LONGEST_PIECE = 50
_LONGEST = 120


def only_thanks(text: str) -> bool:
    """Whether the text is nothing but thanks or a receipt, without a demand, a question or news."""
    line = " ".join(text.split())
    if not line or len(line) > _LONGEST:
        return False
    pieces = [piece.strip() for piece in _BREAK.split(line) if piece.strip()]
    return not _DEMAND.search(line) and all(len(p) <= _LONGEST_PIECE and _PIECE.fullmatch(p) for p in pieces)
