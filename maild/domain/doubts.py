"""What comes behind an order and takes it back or makes it wait: `，算了`, `，等客户确认了再说`, `, if she agrees`.

Patterns work on folded text. A doubt asks back; an order to hold something else (先别发货) is no doubt.
"""

import re

from maild.domain.polite import CONDITION_START, CONSEQUENCE, QUESTION

_HELD = r"(?:先别|先不要?|别|不要|不用|不必|暂缓|暂不|先缓缓?|先放放?|先等等?|缓一缓|等一?等)"
_DEED = r"(?:转|办|结案|结|采纳|合并|延期?|下发|处理|接|加急|抄送|催|发|批|同意|整改|关联|拆|记|学|传达)"
_TAKEN_BACK = re.compile(
    rf"(?:算了|不对|且慢|(?:我)?(?:说|写|发|弄|搞|看)错了?|收回|当我没说|还是(?:先)?(?:{_HELD}|算了|不|别)"
    rf"|{_HELD}\s*{_DEED}?\s*(?:了|吧|再说)*\s*$"
    r"|(?:no,? )?wait\b|never ?mind|scratch that|on second thou?ght|actually,? (?:no|don't)|hold on|don't\s*$"
    r"|cancel that|ignore (?:that|this)|sorry,? wrong)"
)
_LATER = re.compile(r"(?:再说|再议|再定|再看|再决定)(?:吧)?\s*$")
_IF = re.compile(
    r"\s*(?:如果|假如|倘若|若(?!干)|要是|万一|除非|前提|只要|(?:only )?(?:if|unless|provided|assuming|in case)\b)"
)
_CLAUSES = re.compile(r"[,;:。.!\n]|\s-+\s")
_MOST_CLAUSES, _SHOWN = 12, 240
_TELLS_ON = re.compile(
    r"\s*(?:的(?!话)|了(?![吧,。.!~\s]|$)|过|不(?!要|用)|没|是|有(?!劳)|还|已|被|太|很|也|吗|呢|怎|为什么|合适|合理|比较|会|能|可能|都"
    r"|(?:was|were|is|are|did|had|has|have|yesterday|would|never|not|doesn't|didn't|isn't|wasn't|can't|won't|sounds|seems)\b)"
)


_ENGLISH_REST = re.compile(r"\s*[a-z]")
_ENGLISH_END = re.compile(
    r"\s*(?:please|pls|plz|too|as well|as (?:a )?(?:co-?handler|lead|helper)|for|by|before|until|on this"
    r"|to (?:help|support|assist)|asap|thanks?|thx|now|today|tomorrow|and|on|who|with|if|only|unless|instead"
    r"|complaint|case|team|department|dept|in)\b"
)


def taken_back(behind: str, *, waits: bool) -> bool:
    """Whether the words behind an order take it back, or make it hang on something; with `waits` also 等…再."""
    for clause in _CLAUSES.split(behind[:_SHOWN])[:_MOST_CLAUSES]:
        bare = clause.strip(" ~!")
        if _TAKEN_BACK.match(bare) or (waits and _LATER.search(bare)):
            return True
    return hangs(behind, waits=waits)


def hangs(behind: str, *, waits: bool) -> bool:
    """Whether a clause behind the order is a condition without a consequence of its own: `，如果客户同意的话`."""
    sentence = re.split(r"[。!?;\n]", behind[:_SHOWN], maxsplit=1)[0]
    clauses = sentence.split(",")
    for number, clause in enumerate(clauses[:_MOST_CLAUSES]):
        start = CONDITION_START if waits else _IF
        if start.match(clause) and not CONSEQUENCE.search(",".join(clauses[number:])[2:]):
            return True
    return False


def tells_on(rest: str) -> bool:
    """Whether a clause goes on as a tale about its own words: 抄送周敏不合适, `merge with 143 was a mistake`."""
    if _ENGLISH_REST.match(rest) and not _ENGLISH_END.match(rest):
        return True
    return _TELLS_ON.match(rest) is not None or QUESTION.search(rest[-12:]) is not None
