"""What a requester asks for in a few words: 满意, 不满意, 撤回来信, 状态, 催办 (casework 5).

Only the first sentence counts, and only where it says nothing else: 不满意，还是没收到 rates and goes on;
服务让人满意不起来 rates nothing. Nothing else that a requester writes is a command.
"""

import re
from enum import StrEnum

from maild.domain.script import fold


class Wish(StrEnum):
    """A requester's command, by the name of its verb."""

    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    WITHDRAW = "withdraw"
    STATUS = "status"
    REMIND = "remind"


_LEAD = r"\s*(?:(?:您好|你好|领导好|hello|hi|dear \w+)[,，.。!！:：\s]*)?(?:我|本人|i am|i'm|we are|we're)?\s*"
_END = r"\s*(?=[,，.。!！?？;；:：~\n]|谢谢|感谢|thank|$)"
_FORMS = {
    Wish.DISSATISFIED: r"(?:很|非常|十分|完全|还是|仍然|仍|表示)?(?:不满意|不满|not satisfied|(?:dis|un)satisfied)",
    Wish.SATISFIED: r"(?:很|非常|十分|比较|基本|表示)?(?:满意|satisfied|very satisfied)",
    Wish.WITHDRAW: r"(?:申请|要求|想|请|希望)?(?:撤回|撤销)(?:我的|本|这个|这次)?(?:投诉|来信|举报|建议|反映)"
                   r"|不(?:再)?投诉了|(?:please |i )?withdraw(?: my| the)?(?: complaint| letter| report)?",
    Wish.STATUS: r"(?:想|请|请问|麻烦)?(?:查询?|查一下|了解|看看)?(?:办理|处理)?(?:状态|进度|进展)(?:如何|怎么样|怎样)?"
                 r"|(?:please |what is the |what's the )?status",
    Wish.REMIND: r"(?:再|请|麻烦)?催(?:办|一下|促)(?:一下)?|(?:please )?remind(?:er)?(?: them)?",
}  # fmt: skip
_FIRST = [(wish, re.compile(f"{_LEAD}(?:{words})了?{_END}", re.IGNORECASE)) for wish, words in _FORMS.items()]


def wish_in(text: str) -> Wish | None:
    """The wish that the text begins with; None where it asks for none of these."""
    plain = fold(text.strip()[:400])
    return next((wish for wish, form in _FIRST if form.match(plain)), None)


def beyond(text: str) -> str:
    """What the text says behind its wish."""
    plain = text.strip()
    found = next((match for _, form in _FIRST if (match := form.match(fold(plain[:400])))), None)
    return plain[found.end() :].strip(" \t\r\n,，.。!！?？;；:：~") if found else plain
