"""What a complainant says of an award that stands ready: 领取 or 放弃 (security.md, "The seal")."""

import re
from enum import StrEnum

from maild.domain.script import fold


class AwardWish(StrEnum):
    """What becomes of the award."""

    COLLECT = "collect"
    RENOUNCE = "renounce"


_LEAD = r"\s*(?:(?:您好|你好|hello|hi|dear \w+)[,，.。!！:：\s]*)?(?:我|本人|i)?\s*"
_END = (
    r"\s*(?:奖励|奖金|这笔钱|该奖励|本奖励|it|the award|the reward)?\s*(?:了|吧)?\s*"
    r"(?=[,，.。!！;；:：~\n]|谢谢|感谢|thank|please|$)"
)
_WILLING = r"(?:同意|自愿|愿意|决定|选择|请|要|想|申请|准备|来)?"
_FORMS = {
    AwardWish.RENOUNCE: rf"{_WILLING}(?:放弃|谢绝)(?:领取)?|不(?:想|要|用|必|需要|打算)?(?:领取?|要)"
                        r"|(?:decline|renounce|give up|waive|don't want|do not want)",
    AwardWish.COLLECT: rf"{_WILLING}(?:领取?)|(?:will |would like to |want to )?(?:collect|claim)",
}  # fmt: skip
_FIRST = [(wish, re.compile(f"{_LEAD}(?:{form}){_END}", re.IGNORECASE)) for wish, form in _FORMS.items()]


def award_wish(text: str) -> AwardWish | None:
    """What the text begins with; None where it says neither, or asks: 怎么领取？ is a question."""
    plain = fold(text.strip()[:200])
    return next((wish for wish, form in _FIRST if form.match(plain)), None)
