"""The verbs of casework 5 as data: how each is written, who may say it, what follows it, which are in force.

A verb that is known but not in force is recognised as what it is and refused, so that `结案: …` is never misread as a
note or as words that leave. To bring one into force: set `in_force` and give the workflow a function for it
(`workflow/deeds/README.md`).
"""

from enum import StrEnum

from maild.domain.command import DECISIONS, WORK, Answers
from maild.domain.script import fold
from maild.domain.value import value


class Takes(StrEnum):
    """What follows a verb."""

    NOTHING = "nothing"
    TARGET = "target"
    """A unit or a person."""
    TEXT = "text"
    """Everything under it."""
    DATE = "date"
    """A date or a duration, and text."""
    WORD = "word"
    """A case, a type, a list, an address."""


HANDLER, HEAD, COORDINATOR, SUPERVISOR = "handler", "head", "coordinator", "supervisor"
PARTY, REQUESTER, REVIEWER, RECEIVER = "party", "requester", "reviewer", "receiver"
SEAL, ASKED, STAFF, CONTROL = "seal-holder", "asked", "staff", "supervisory-group"
_DATE_GLUE = (
    r"(?=\s*(?:[到至为]|\d|[一二两三四五六七八九十半]+\s*个?\s*(?:天|日|周|工作|小时|月)|[今明后]|下?周|本|月|年))"
)


@value
class Verb:
    """One row of the table; a verb may have several."""

    name: str
    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    who: frozenset[str] = frozenset({HANDLER})
    takes: Takes = Takes.NOTHING
    in_force: bool = False
    after: frozenset[Answers] | None = None
    """Only in answer to these; None: to any."""
    glue: str = ""
    """What may follow the verb without a colon or space, as a pattern on folded text."""

    @property
    def forms(self) -> tuple[str, ...]:
        """Every way to write it, folded, the longest first."""
        return tuple(sorted({fold(form) for form in (self.name, *self.zh, *self.en)}, key=len, reverse=True))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split("|"))


def _who(*roles: str) -> frozenset[str]:
    return frozenset(roles)


_CASE = r"(?=\s*(?:[a-z]+-\d|\d))"
_UNIT = r"(?=\S)"
_CIRCULATION = frozenset({Answers.CIRCULATION})
_CONFIRMED = frozenset({Answers.APPROVAL_REQUEST})

VERBS: tuple[Verb, ...] = (
    Verb(name="route",
         zh=_words("转|转办|转给|转交|转交给|转到|转至|转往|转派|转派给|转送|转请|转由|转回|转呈|改转|批转|承办|承办单位"),
         en=_words("re-route|reroute|assign|reassign|re-assign|transfer"), takes=Takes.TARGET, in_force=True,
         who=_who(HANDLER, HEAD, COORDINATOR, SUPERVISOR)),
    Verb(name="accept", zh=_words("接|接手|接收|接件|接办|接单|接下|接受|我接|我来接|我们接|我们来接|由我接|我部接"
                  "|由我接手|我接手|我来接手|已接|已接手|已接收"),
         in_force=True,
         en=_words("accepted|accepting|i accept|we accept|i'll take it|i will take it|i take it|we'll take it"
                  "|taking it"),
         who=_who(HANDLER, HEAD)),
    Verb(name="accept", zh=_words("收到|已收到|收到了|收悉"), en=_words("got it|received|message received|roger"),
         in_force=True, after=WORK, who=_who(HANDLER, HEAD)),
    Verb(name="reply", zh=_words("答复|回复|答覆|回覆"), en=_words("answer|respond"), takes=Takes.TEXT,
         in_force=True),
    Verb(name="note", zh=_words("备注|内部备注|加备注|加个备注"), en=_words("internal note|inside note"),
         takes=Takes.TEXT, glue=r"(?=[\u4e00-\u9fff])(?![栏里中的了过列])", in_force=True, who=_who(PARTY)),
    Verb(name="confirm", zh=_words("确认|我确认|确认执行"), en=_words("confirmed|i confirm|yes, confirm"),
         in_force=True,
         after=_CONFIRMED, who=_who(ASKED)),
    Verb(name="ask", zh=_words("问|询问|请补充|请客户补充|请来信人补充"), takes=Takes.TEXT,
         glue=r"(?<=补充)|(?<=询问)(?=客户|来信人|顾客)"),
    Verb(name="resolve", zh=_words("结案|办结|可以结案|申请结案"),
         en=_words("close|close it|close the case|close this case"),
         takes=Takes.TEXT),
    Verb(name="resolve", zh=_words("已完成"), takes=Takes.TEXT),
    Verb(name="told", zh=_words("已电话告知|已当面答复|已当面告知|已电话答复"), takes=Takes.TEXT, glue=r"(?=\S)"),
    Verb(name="plan", zh=_words("计划|纳入计划|列入计划"), takes=Takes.DATE, glue=_DATE_GLUE,
         who=_who(HANDLER, REVIEWER, COORDINATOR)),
    Verb(name="extend", zh=_words("延期|申请延期|延长|展期"), takes=Takes.DATE, glue=_DATE_GLUE),
    Verb(name="hand-up",
         zh=_words("上报|解决不了|我们解决不了|我们部门解决不了|本部门解决不了|部门解决不了|我部解决不了"
                  "|请上级协调|请上级解决|请求上级协调"),
         en=_words("hand up|escalate|escalate it|escalate this|escalate to the gm"), takes=Takes.TEXT,
         glue=r"(?<=上报)(?=给|至|到|总|上级|领导|[^的了过,]{0,4}(?:总|经理|部|办))"),
    Verb(name="type", zh=_words("分类|应为|类型"), takes=Takes.WORD, glue=r"(?<=应为)(?=\S)|(?=[为是改])",
         who=_who(COORDINATOR, HANDLER)),
    Verb(name="urgency", zh=_words("加急|特急|普通"), takes=Takes.WORD, glue=r"(?=处理|办理|件)",
         who=_who(COORDINATOR, HEAD)),
    Verb(name="join", zh=_words("会办|协办|配合"), takes=Takes.TARGET, glue=_UNIT, who=_who(COORDINATOR, HANDLER)),
    Verb(name="lead", zh=_words("主办|牵头"), takes=Takes.TARGET, glue=_UNIT, who=_who(COORDINATOR, HANDLER)),
    Verb(name="merge", zh=_words("合并|并入"), takes=Takes.WORD, glue=_CASE, who=_who(COORDINATOR, HANDLER)),
    Verb(name="link", zh=_words("关联"), takes=Takes.WORD, glue=_CASE, who=_who(COORDINATOR, HANDLER)),
    Verb(name="split", zh=_words("拆分"), takes=Takes.WORD, who=_who(COORDINATOR, HANDLER)),
    Verb(name="adopt", zh=_words("采纳|予以采纳|建议采纳"), takes=Takes.TEXT, glue=r"(?=[该此这本]|建议)",
         who=_who(REVIEWER)),
    Verb(name="reject", zh=_words("不采纳|不予采纳|暂不采纳"), takes=Takes.TEXT, glue=r"(?=\S)", who=_who(REVIEWER)),
    Verb(name="upheld", zh=_words("属实|情况属实|投诉属实"), takes=Takes.TEXT, who=_who(SEAL)),
    Verb(name="unfounded", zh=_words("不属实|情况不属实|投诉不属实"), takes=Takes.TEXT, who=_who(SEAL)),
    Verb(name="approve", zh=_words("批准|同意"), en=_words("approved|ok|okay|yes|agreed"), takes=Takes.TEXT,
         after=DECISIONS,
         who=_who(ASKED)),
    Verb(name="decline", zh=_words("不批准|不同意"), en=_words("declined|no|not approved"), takes=Takes.TEXT,
         after=DECISIONS,
         who=_who(ASKED)),
    Verb(name="instruct", zh=_words("批示|督办意见"), takes=Takes.TEXT, who=_who(SUPERVISOR, HEAD, COORDINATOR)),
    Verb(name="seal", zh=_words("保密"), who=_who(SEAL)),
    Verb(name="unseal", zh=_words("解除保密"), takes=Takes.TEXT, who=_who(SEAL)),
    Verb(name="circulate", zh=_words("下发"), takes=Takes.TEXT, glue=r"(?=给|至|到|各|全体)", who=_who(COORDINATOR)),
    Verb(name="received", zh=_words("收到|已收到|收到了|收悉"), en=_words("got it"), takes=Takes.TEXT,
         after=_CIRCULATION,
         who=_who(RECEIVER)),
    Verb(name="studied", zh=_words("已学习"), takes=Takes.TEXT, who=_who(RECEIVER)),
    Verb(name="relayed", zh=_words("已传达"), takes=Takes.TEXT, glue=r"(?=给|至|到|[各全本])", who=_who(RECEIVER)),
    Verb(name="done", zh=_words("已落实|已完成"), takes=Takes.TEXT, after=_CIRCULATION, who=_who(RECEIVER)),
    Verb(name="record", zh=_words("记录|会议纪要|走访记录|电话记录"), takes=Takes.TEXT, who=_who(STAFF)),
    Verb(name="followers", zh=_words("抄送|取消抄送"), en=_words("cc"), takes=Takes.WORD, glue=_UNIT,
         who=_who(COORDINATOR)),
    Verb(name="remind", zh=_words("催办|催一下|请催办"), takes=Takes.TEXT, glue=_UNIT,
         who=_who(COORDINATOR, REQUESTER)),
    Verb(name="withdraw", zh=_words("撤回投诉|撤回来信|不投诉了"), takes=Takes.TEXT, who=_who(REQUESTER)),
    Verb(name="satisfied", zh=_words("满意"), takes=Takes.TEXT, after=frozenset({Answers.RATING, Answers.ANSWER}),
         who=_who(REQUESTER)),
    Verb(name="dissatisfied", zh=_words("不满意"), takes=Takes.TEXT,
         after=frozenset({Answers.RATING, Answers.ANSWER}),
         who=_who(REQUESTER)),
    Verb(name="correct", zh=_words("责令整改"), takes=Takes.TEXT, who=_who(CONTROL)),
    Verb(name="correction", zh=_words("更正"), takes=Takes.TEXT),
    Verb(name="undo", zh=_words("撤销|撤回"), who=_who(ASKED)),
    Verb(name="send-anyway", zh=_words("仍然发送"), en=_words("send anyway")),
    Verb(name="attachment", zh=_words("附件"), takes=Takes.WORD, glue=r"(?=\s*\d+\s*$)", who=_who(PARTY)),
    Verb(name="release", zh=_words("放行"), who=_who(COORDINATOR)),
    Verb(name="original", zh=_words("看原件"), en=_words("see original"), who=_who(COORDINATOR)),
    Verb(name="status", zh=_words("状态"), who=_who(STAFF, REQUESTER)),
    Verb(name="help", zh=_words("帮助"), who=_who(STAFF)),
    Verb(name="search", zh=_words("查"), takes=Takes.WORD, who=_who(STAFF)),
    Verb(name="away", zh=_words("外出|出差|休假"), takes=Takes.DATE, glue=_DATE_GLUE, who=_who(STAFF)),
    Verb(name="reply-all", zh=_words("答复全部"), en=_words("reply all"), takes=Takes.TEXT),
    Verb(name="forward", zh=_words("转外部"), takes=Takes.WORD, glue=_UNIT, who=_who(COORDINATOR)),
)  # fmt: skip
"""The table. Where a form stands in several rows, the row that fits the mail that is answered counts."""

IN_FORCE = frozenset(verb.name for verb in VERBS if verb.in_force)
"""Names of the verbs that are carried out now."""
OUTSIDE = frozenset({"reply", "ask", "reply-all", "correction"})
"""Verbs whose text leaves the house as it is written."""
SWALLOW = OUTSIDE | {"note", "record", "told", "instruct", "circulate", "correct"}
"""Verbs that take everything behind them as text, with or without a colon."""
SECTIONS = frozenset({"resolve", "upheld", "unfounded", "plan", "told", "record"})
"""Verbs under which 答复来信人: names the part that leaves, and is no command of its own."""


def who_may(name: str) -> frozenset[str]:
    """Who may give this verb, over all its rows."""
    return frozenset().union(*(verb.who for verb in VERBS if verb.name == name))
