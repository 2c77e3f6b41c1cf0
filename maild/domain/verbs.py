"""The verbs of casework 5 as data: how each is written, who may say it, what follows it, which are in force.

A verb that is known but not in force is recognised as what it is and refused, so that `结案: …` is never misread as a
note or as words that leave. To bring one into force: set `in_force` and give the workflow a function for it
(`workflow/deeds/README.md`).
"""

from maild.domain import keepphrases as keep
from maild.domain import phrases as say
from maild.domain.command import DECISIONS, REQUESTERS, WORK, Answers
from maild.domain.verb import (
    ASKED,
    CONTROL,
    COORDINATOR,
    FINDER,
    HANDLER,
    HEAD,
    HELPER,
    PARTY,
    RECEIVER,
    REQUESTER,
    REVIEWER,
    SEAL,
    STAFF,
    SUPERVISOR,
    Takes,
    Verb,
)
from maild.domain.verb import who as _who

DATE_GLUE = (
    r"(?=\s*(?:[到至为]|\d{1,4}\s*(?:[年月日号天周/.\-]|个|小时|工作日|(?:more|working|business|days?|hours?|weeks?)\b)|[一二两三四五六七八九十半]+\s*个?\s*(?:天|日|周|工作|小时|月)|[今明后]|下?个?周|[这本]周|[本下]个?月"
    r"|月底|年底|大后))"
)
"""What a date or a length of time begins with, on folded text."""


_CASE = r"(?=\s*(?:[a-z]+-\d|#?\d))"
_UNIT = r"(?=\S)"
_CIRCULATION = frozenset({Answers.CIRCULATION})
_APPROVAL = frozenset({Answers.APPROVAL_REQUEST})
_CONFIRMED = frozenset({Answers.APPROVAL_REQUEST, Answers.ECHO})
_LISTED = frozenset({Answers.DIGEST})
_RATED = frozenset({Answers.RATING, Answers.ANSWER})

VERBS: tuple[Verb, ...] = (
    Verb(name="route", zh=say.ROUTE_ZH, en=say.ROUTE_EN, perhaps=say.ROUTE_PERHAPS,
         takes=Takes.TARGET, in_force=True, who=_who(HANDLER, HEAD, COORDINATOR, SUPERVISOR)),
    Verb(name="accept", zh=say.ACCEPT_ZH, en=say.ACCEPT_EN,
         in_force=True, who=_who(HANDLER, HEAD, HELPER)),
    Verb(name="accept", zh=say.ACCEPT2_ZH, en=say.ACCEPT2_EN,
         in_force=True, after=WORK, who=_who(HANDLER, HEAD, HELPER)),
    Verb(name="reply", zh=say.REPLY_ZH, en=say.REPLY_EN, takes=Takes.TEXT,
         in_force=True),
    Verb(name="note", zh=say.NOTE_ZH, en=say.NOTE_EN,
         takes=Takes.TEXT, glue=r"(?<=备注)(?=[\u4e00-\u9fff])(?![栏里中的了过列])", in_force=True, who=_who(PARTY)),
    Verb(name="confirm", zh=say.CONFIRM_ZH, en=say.CONFIRM_EN,
         in_force=True, after=_CONFIRMED, who=_who(ASKED)),
    Verb(name="ask", zh=say.ASK_ZH, en=say.ASK_EN,
         takes=Takes.TEXT, glue=r"(?<=补充)|(?<=提供)|(?=客户|来信人|顾客|一下|下)", in_force=True),
    Verb(name="resolve", zh=say.RESOLVE_ZH, en=say.RESOLVE_EN,
         takes=Takes.TEXT, who=_who(HANDLER, COORDINATOR), in_force=True),
    Verb(name="resolve", zh=say.RESOLVE2_ZH, en=say.RESOLVE2_EN, takes=Takes.TEXT, in_force=True),
    Verb(name="told", zh=say.TOLD_ZH, en=say.TOLD_EN,
         takes=Takes.TEXT, glue=r"(?=\S)", in_force=True),
    Verb(name="plan", zh=say.PLAN_ZH, en=say.PLAN_EN,
         takes=Takes.DATE, glue=DATE_GLUE, who=_who(HANDLER, REVIEWER, COORDINATOR), in_force=True),
    Verb(name="extend", zh=say.EXTEND_ZH, en=say.EXTEND_EN, perhaps=say.EXTEND_PERHAPS,
         takes=Takes.DATE, glue=DATE_GLUE, in_force=True, who=_who(HANDLER, HEAD, SUPERVISOR)),
    Verb(name="hand-up", zh=say.HAND_UP_ZH, en=say.HAND_UP_EN,
         takes=Takes.REASON, in_force=True,
         glue=r"(?<=上报)(?=给|至|到|总|上级|领导|[^的了过,]{0,4}(?:总|经理|部|办))|(?<=不了)(?=,|请|需|超|吧)"
              r"|(?<=协调|解决|支持|处理)(?=一下|吧|解决|处理)"),
    Verb(name="type", zh=say.TYPE_ZH, en=say.TYPE_EN,
         takes=Takes.TYPE, glue=_UNIT, in_force=True, who=_who(COORDINATOR, HANDLER), proposes=_who(HANDLER)),
    Verb(name="urgency", zh=say.URGENCY_ZH, en=say.URGENCY_EN, perhaps=say.URGENCY_PERHAPS,
         takes=Takes.LEVEL, glue=r"(?=处理|办理|件|办(?!公|事)|[!]|高|普通|特急|加急|转)",
         in_force=True, who=_who(COORDINATOR, HEAD)),
    Verb(name="join", zh=say.JOIN_ZH, en=say.JOIN_EN,
         takes=Takes.TARGET, glue=_UNIT, in_force=True, who=_who(COORDINATOR, HANDLER)),
    Verb(name="lead", zh=say.LEAD_ZH, en=say.LEAD_EN,
         takes=Takes.TARGET, glue=_UNIT, in_force=True, who=_who(COORDINATOR, HANDLER)),
    Verb(name="merge", zh=say.MERGE_ZH, en=say.MERGE_EN,
         takes=Takes.CASE, glue=_CASE, who=_who(COORDINATOR, HANDLER), proposes=_who(HANDLER), in_force=True),
    Verb(name="link", zh=say.LINK_ZH, en=say.LINK_EN,
         takes=Takes.CASE, glue=_CASE, who=_who(COORDINATOR, HANDLER), proposes=_who(HANDLER), in_force=True),
    Verb(name="split", zh=say.SPLIT_ZH, en=say.SPLIT_EN,
         takes=Takes.TEXT, glue=r"(?=\s*#?(?:\d{3,9}|[a-z]{1,9}-\d{4}-\d{3,9})\s*(?:号)?\s*(?:[,。.!;~]|$))",
         who=_who(COORDINATOR, HANDLER), proposes=_who(HANDLER), in_force=True),
    Verb(name="adopt", zh=say.ADOPT_ZH, en=say.ADOPT_EN, takes=Takes.TEXT,
         glue=r"(?=[该此这本](?:条|项|个)?建议|建议|并|纳入|列入)", in_force=True, who=_who(REVIEWER)),
    Verb(name="reject", zh=say.REJECT_ZH, en=say.REJECT_EN,
         takes=Takes.REASON, glue=r"(?=\S)", in_force=True, who=_who(REVIEWER)),
    Verb(name="upheld", zh=say.UPHELD_ZH, en=say.UPHELD_EN,
         takes=Takes.TEXT, in_force=True, who=_who(FINDER)),
    Verb(name="unfounded", zh=say.UNFOUNDED_ZH, en=say.UNFOUNDED_EN,
         takes=Takes.TEXT, in_force=True, who=_who(FINDER)),
    Verb(name="malicious", zh=say.MALICIOUS_ZH, en=say.MALICIOUS_EN,
         takes=Takes.REASON, in_force=True, who=_who(FINDER), proposes=_who(FINDER)),
    Verb(name="approve", zh=say.APPROVE_ZH, en=say.APPROVE_EN, perhaps=say.APPROVE_PERHAPS,
         takes=Takes.TEXT, after=DECISIONS,
         glue=r"(?<=同意|批准)(?=[^的后前过吗\s,][^的,。]*(?:$|[,。.!~\n]))"
              r"|(?<=可以)(?=延|发布|下发|办|发)",
         who=_who(ASKED), in_force=True),
    Verb(name="decline", zh=say.DECLINE_ZH, en=say.DECLINE_EN,
         takes=Takes.REASON, after=DECISIONS,
         glue=r"(?:(?<=不同意)|(?<=不批准)|(?<=不能再)|(?<=不行))(?=延|再|你|下发|发布|,|按)",
         who=_who(ASKED), in_force=True),
    Verb(name="instruct", zh=say.INSTRUCT_ZH, en=say.INSTRUCT_EN,
         takes=Takes.TEXT, in_force=True, who=_who(SUPERVISOR, HEAD, COORDINATOR)),
    Verb(name="seal", zh=keep.SEAL_ZH, en=keep.SEAL_EN, in_force=True,
         who=_who(SEAL)),
    Verb(name="unseal", zh=keep.UNSEAL_ZH, en=keep.UNSEAL_EN,
         takes=Takes.REASON, in_force=True, who=_who(SEAL)),
    Verb(name="erase", zh=keep.ERASE_ZH, en=keep.ERASE_EN,
         takes=Takes.REASON, in_force=True, who=_who(STAFF)),
    Verb(name="hold", zh=keep.HOLD_ZH, en=keep.HOLD_EN,
         takes=Takes.REASON, in_force=True, who=_who(STAFF)),
    Verb(name="lift-hold", zh=keep.LIFT_ZH, en=keep.LIFT_EN,
         takes=Takes.REASON, in_force=True, who=_who(STAFF)),
    Verb(name="circulate", zh=say.CIRCULATE_ZH, en=say.CIRCULATE_EN, perhaps=say.CIRCULATE_PERHAPS,
         takes=Takes.LIST, glue=r"(?<=下发|印发|下达)(?=给|至|到|各|全|所有)|(?<=给|至|到)(?=\S)",
         in_force=True, who=_who(COORDINATOR, HEAD), proposes=_who(HEAD)),
    Verb(name="start-round", zh=("发起", "发起填报", "发起征询"),
         en=("start", "start round", "start form", "start the round", "start the form"),
         takes=Takes.ROUND, glue=_UNIT, in_force=True, who=_who(STAFF)),
    Verb(name="received", zh=say.RECEIVED_ZH, en=say.RECEIVED_EN,
         takes=Takes.TEXT, after=_CIRCULATION, glue=r"(?=已|并|,|[!~])|(?=马上|立即|今天|我)",
         in_force=True, who=_who(RECEIVER)),
    Verb(name="studied", zh=say.STUDIED_ZH, en=say.STUDIED_EN,
         takes=Takes.TEXT, after=_CIRCULATION, in_force=True, who=_who(RECEIVER), glue=r"(?=\S)"),
    Verb(name="relayed", zh=say.RELAYED_ZH, en=say.RELAYED_EN,
         takes=Takes.TEXT, after=_CIRCULATION, glue=r"(?=\S)", in_force=True, who=_who(RECEIVER)),
    Verb(name="done", zh=say.DONE_ZH, en=say.DONE_EN,
         takes=Takes.TEXT, after=_CIRCULATION, glue=r"(?=,|[!~])|(?<=落实|完成|执行)(?=到位|完毕)",
         in_force=True, who=_who(RECEIVER)),
    Verb(name="record", zh=say.RECORD_ZH, en=say.RECORD_EN,
         takes=Takes.TEXT, in_force=True, who=_who(STAFF)),
    Verb(name="followers", zh=say.FOLLOWERS_ZH, en=say.FOLLOWERS_EN,
         takes=Takes.LIST, glue=_UNIT, in_force=True, who=_who(COORDINATOR)),
    Verb(name="remind", zh=say.REMIND_ZH, en=say.REMIND_EN,
         takes=Takes.TEXT, glue=_UNIT, in_force=True, who=_who(COORDINATOR, REQUESTER)),
    Verb(name="withdraw", zh=say.WITHDRAW_ZH, en=say.WITHDRAW_EN,
         takes=Takes.REASON, glue=r"(?=,|[!~吧了])", who=_who(REQUESTER)),
    Verb(name="withdraw", perhaps=say.WITHDRAW_PERHAPS, takes=Takes.REASON, after=REQUESTERS, who=_who(REQUESTER)),
    Verb(name="satisfied", zh=say.SATISFIED_ZH, en=say.SATISFIED_EN,
         takes=Takes.TEXT, after=_RATED, glue=r"(?=,|[!~])", who=_who(REQUESTER)),
    Verb(name="dissatisfied", zh=say.DISSATISFIED_ZH, en=say.DISSATISFIED_EN,
         takes=Takes.TEXT, after=_RATED, glue=r"(?=,|[!~])", who=_who(REQUESTER)),
    Verb(name="correct", zh=say.CORRECT_ZH, en=say.CORRECT_EN,
         takes=Takes.TEXT, glue=r"(?=\d|请|对|本|下个?[周月]|月底|[一二三四五六七八九十]+[日天个])",
         in_force=True, who=_who(CONTROL)),
    Verb(name="rectified", zh=say.RECTIFIED_ZH, en=say.RECTIFIED_EN,
         takes=Takes.TEXT, glue=r"(?=,)", in_force=True, who=_who(HANDLER, HEAD)),
    Verb(name="correction", zh=say.CORRECTION_ZH, en=say.CORRECTION_EN,
         takes=Takes.TEXT, in_force=True),
    Verb(name="undo", zh=say.UNDO_ZH, en=say.UNDO_EN,
         who=_who(ASKED), in_force=True),
    Verb(name="send-anyway", zh=say.SEND_ANYWAY_ZH, en=say.SEND_ANYWAY_EN, in_force=True),
    Verb(name="attachment", zh=say.ATTACHMENT_ZH, en=say.ATTACHMENT_EN,
         takes=Takes.NUMBER, glue=r"(?=\s*(?:第|no|#)?\s*[\d一二三四五六七八九十]|\s*(?:全部|所有|都|all))",
         in_force=True, who=_who(PARTY)),
    Verb(name="type", zh=say.FEEDBACK_ZH, en=say.FEEDBACK_EN, takes=Takes.TYPE, after=_LISTED, in_force=True,
         who=_who(COORDINATOR), glue=_UNIT),
    Verb(name="polite", zh=say.POLITE_ZH, en=say.POLITE_EN, after=_LISTED, in_force=True, who=_who(COORDINATOR)),
    Verb(name="block", zh=say.BLOCK_ZH, en=say.BLOCK_EN, after=_LISTED, in_force=True, who=_who(COORDINATOR)),
    Verb(name="unblock", zh=say.UNBLOCK_ZH, en=say.UNBLOCK_EN, after=_LISTED, in_force=True, who=_who(COORDINATOR)),
    Verb(name="release", zh=say.RELEASE_ZH, en=say.RELEASE_EN,
         who=_who(COORDINATOR)),
    Verb(name="release", zh=say.RELEASE_ZH, en=say.RELEASE_EN, takes=Takes.FILES, after=_APPROVAL,
         glue=r"(?=\s*(?:附件|第|连同|with\b|and\b|attachments?\b|\d))", in_force=True, who=_who(SEAL)),
    Verb(name="abstract", zh=say.ABSTRACT_ZH, en=say.ABSTRACT_EN,
         takes=Takes.TEXT, after=_APPROVAL, in_force=True, who=_who(SEAL)),
    Verb(name="shorten", zh=say.SHORTEN_ZH, en=say.SHORTEN_EN, takes=Takes.PARTS, after=_APPROVAL,
         glue=r"(?=\s*(?:第\s*)?[\d一二三四五六七八九十])", in_force=True, who=_who(SEAL)),
    Verb(name="original", zh=say.ORIGINAL_ZH, en=say.ORIGINAL_EN,
         who=_who(COORDINATOR)),
    Verb(name="print", zh=say.PRINT_ZH, en=say.PRINT_EN, in_force=True, who=_who(PARTY)),
    Verb(name="on-behalf", zh=say.ON_BEHALF_ZH, en=say.ON_BEHALF_EN,
         takes=Takes.TEXT, after=frozenset({Answers.NONE}), glue=r"(?=\S)", in_force=True, who=_who(STAFF)),
    Verb(name="status", zh=say.STATUS_ZH, en=say.STATUS_EN,
         in_force=True, who=_who(STAFF, REQUESTER)),
    Verb(name="help", zh=say.HELP_ZH, en=say.HELP_EN, in_force=True, who=_who(STAFF)),
    Verb(name="search", zh=say.SEARCH_ZH, en=say.SEARCH_EN,
         takes=Takes.WORDS, in_force=True, who=_who(STAFF)),
    Verb(name="away", zh=say.AWAY_ZH, en=say.AWAY_EN,
         takes=Takes.ABSENCE, glue=DATE_GLUE, in_force=True, who=_who(STAFF)),
    Verb(name="reply-all", zh=say.REPLY_ALL_ZH, en=say.REPLY_ALL_EN, takes=Takes.TEXT, in_force=True),
    Verb(name="charge", zh=say.CHARGE_ZH, en=say.CHARGE_EN,
         takes=Takes.TEXT, who=_who(COORDINATOR, FINDER), in_force=True),
    Verb(name="publish", zh=say.PUBLISH_ZH, en=say.PUBLISH_EN,
         takes=Takes.TEXT, glue=r"(?=一下|吧)", who=_who(COORDINATOR), in_force=True),
    Verb(name="unpublish", zh=say.UNPUBLISH_ZH, en=say.UNPUBLISH_EN,
         takes=Takes.TEXT, who=_who(COORDINATOR), in_force=True),
    Verb(name="forward", zh=say.FORWARD_ZH, en=say.FORWARD_EN,
         takes=Takes.ADDRESS, glue=_UNIT, who=_who(COORDINATOR), in_force=True),
)  # fmt: skip
"""The table. Where a form stands in several rows, the row that fits the mail that is answered counts."""

IN_FORCE = frozenset(verb.name for verb in VERBS if verb.in_force)
"""Names of the verbs that are carried out now."""
EVERY = frozenset(verb.name for verb in VERBS)
"""All names, for a reading that carries nothing out."""
TAKES = {verb.name: verb.takes for verb in reversed(VERBS)}
"""What follows each verb."""
OUTSIDE = frozenset({"reply", "ask", "reply-all", "correction"})
"""Verbs whose text leaves the house as it is written."""
SWALLOW = OUTSIDE | {
    "abstract", "note", "record", "told", "instruct", "circulate", "correct", "rectified", "on-behalf",
}  # fmt: skip
"""Verbs that take everything behind them as text, with or without a colon."""
SPEAKING = frozenset(
    {verb.name for verb in VERBS if verb.takes is Takes.TEXT}
    | {"route", "circulate", "plan", "correct", "search", "away"}
) - {"received", "satisfied", "accept"}
"""Verbs whose text is said to somebody or kept; with the others it is small talk."""
SECTIONS = frozenset({"resolve", "upheld", "unfounded", "plan", "told", "record"})
"""Verbs under which 答复来信人: names the part that leaves, and is no command of its own."""


def who_may(name: str) -> frozenset[str]:
    """Who may give this verb, over all its rows."""
    return frozenset().union(*(verb.who for verb in VERBS if verb.name == name))


def who_proposes(name: str) -> frozenset[str]:
    """Who may only propose it."""
    return frozenset().union(*(verb.proposes for verb in VERBS if verb.name == name))
