"""What the words behind a verb make of it: an acceptance, an answer that would leave, any other order (casework 5)."""

import re

from maild.domain.clauses import NONE, Clause, Found, Kind, Reading, unsure
from maild.domain.command import Command
from maild.domain.emptyanswer import only_polite
from maild.domain.objects import has_object, read_object
from maild.domain.polite import is_question
from maild.domain.routing import read_route
from maild.domain.sentences import LONGEST
from maild.domain.targets import target_at
from maild.domain.verb import Takes
from maild.domain.verbs import DATE_GLUE, SWALLOW

PLANNED = "planned"
_SEPARATED = re.compile(r"\s*[:：]|\s*[,。.!;~)]\s*|\s+|$")
_COLON = re.compile(r"\s*:")
_PARTICLE = re.compile(r"\s*(?:吧|啊|哈|了?哦|即可|一下|下)\s*$")
_GOES_ON_TELLING = re.compile(
    r"\s*(?:与否|还是|不(?:同意|批准|采纳|属实)|的|了(?!$)|过|后|前|吗|是(?!因为|由于)|没(?!问题|意见)|不合|不对|太|很(?!满)|比较|怎|为什么)"
)
_ITS_CASE = re.compile(r"#?(?P<case>[a-z]{1,9}-\d{4}-\d{3,9}|\d{2,9})")
_FAILED = re.compile(
    r"没人接|无人接|未接|没接|打不通|联系不上|关机|没联系|未联系上|不在|没打通|空号|一半|部分|还没|尚未|还未|还差"
    r"|no answer|not reach|no reply|voicemail|didn't answer|not yet|partly|except"
)
_RESTRICTS = re.compile(
    r"(?:但|不过|可|只是|前提|除非)[^。]{0,12}(?:只|最多|先|减|改|\d|[一二两三四五六七八九十半](?:天|日|周|月|元|万|千|百))"
    r"|(?:但|不过|可是)[^。]{0,10}不|只(?:给|能|批|同意)"
    r"|\b(?:but|only|provided|as long as|if|unless|except|subject to)\b"
)
"""What turns a 同意 into another proposal."""
_ASKS_BY_ITSELF = re.compile(r"补充$|提供$")
_DONE = frozenset({"已完成", "已经完成", "完成了", "已落实", "completed", "resolved", "done"})
_SPECIFIC = 2
"""So many spaces in a form make it no everyday word."""
_ENGLISH_TIME = re.compile(
    r"(?:to|by|until|till|for|of|from|on)\b|\d|(?:one|two|three|another|a few|tomorrow|next|mon|tue|wed|thu|fri|sat|sun"
    r"|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b"
)
_ENGLISH_END = re.compile(r"[ ]*(?:[.!,;]|-{1,2} |\s(?:thanks?|thank you|please|pls|now|asap|today)\b)")
_ADDRESSEE = re.compile(
    r"\s+(?:to )?(?:the )?(?:customer|client|sender|requester|writer|consumer|her|him|them|mr\.? \w+|ms\.? \w+"
    r"|mrs\.? \w+)\b"
    r"|\s*(?:给|一下)?(?:该|这位|此)?(?:客户|顾客|客人|来信人|来信者|用户|家长|患者|病人|业主|同学|投诉人|反映人|建议人|举报人|对方|员工|本人|发件人"
    r"|[\u4e00-\u9fff]{1,3}(?:女士|先生|小姐|老师|师傅|总|经理|阿姨|大姐))?(?:(?:如下|内容)(?=\s*:))?"
)
_POLITE_TITLE = re.compile(r"(?:女士|先生|小姐|阿姨|大姐)\Z")
_COMMA = re.compile(r"[\s,，\-]*")
_SET_OFF = re.compile(r"\s*(?:[】\])]\s*)?:|\s*[】\]]")
"""A colon, or the bracket of 【答复】."""
_GREETS = re.compile(
    r"\s*(?:您好|你好|尊敬的|亲爱的|[\u4e00-\u9fff]{1,3}(?:女士|先生|小姐)[,您你好:]|您|dear\b|hello\b|hi\b)"
)
_TAKES_IT = re.compile(
    r"\s*(?:(?:收到)*(?:了|吧|啦|哈)?(?=\s*(?:[^\w\s]|$))|[^\w\s]|(?:谢谢|感谢|辛苦|多谢|好的|明白|了解|知悉|知道|请放心|放心)"
    r"|我们?(?:部门?)?(?:马上|今天|明天|会|来|立即|立刻|这就|尽快|正|先|安排|处理|去|已)"
    r"|(?:马上|立即|立刻|即刻|尽快|今天|这就|正在|安排|处理)(?!的)"
    r"|(?:thanks?|thank you|will|and will|and (?=call|look|check)|i'll|we'll|ok|working on|on it|looking|checking"
    r"|this(?: case| one)?\s*(?:\W|$)"
    r"|the case\s*(?:\W|$)|it\s*(?:\W|$))(?!\w))"
)
_OBJECTS = re.compile(
    r"但|不过|疑问|不清楚|做不到|不明白|可是|然而|不归|不是我|不属于|搞错|\bbut\b"
    r"|\bnot (?:ours|mine|us)\b|\bhowever\b|\bwrong\b"
)


def read_order(found: Found, reading: Reading) -> Clause:
    """The clause that begins with this verb; NONE where the words behind it tell of something else."""
    if found.verb.name == "route":
        return read_route(found, reading)
    if found.verb.name == "accept":
        return _accepted(found, reading)
    if found.verb.name == "reply":
        return _replied(found, reading)
    return _plainly(found, reading)


def _accepted(found: Found, reading: Reading) -> Clause:
    """接, 收到, got it: nothing but taking it may follow in the same breath."""
    plain, piece = reading.page.plain, found.piece
    rest = plain[found.end : piece.end]
    if not _TAKES_IT.match(rest) or found.doubtful or is_question(rest, marked=piece.mark == "?"):
        return NONE
    command = Command(verb="accept")
    if _OBJECTS.search(plain[found.end : found.end + 40]):
        return unsure(found, command)
    return Clause(kind=Kind.COMMAND, readings=(command,), text_at=found.end)


def _replied(found: Found, reading: Reading) -> Clause:
    """答复客户： and its text. Without a colon, a new line or an address to the customer, the writer is asked."""
    plain, piece = reading.page.plain, found.piece
    to = _ADDRESSEE.match(plain, found.end, piece.end)
    end = to.end() if to else found.end
    command = Command(verb="reply")
    colon = _SET_OFF.match(plain, end) or _SET_OFF.match(plain, found.end)
    if colon:
        beside_route = reading.after_route and not piece.first
        inside = reading.names.mentions(reading.page.text[found.end : end]) and not _POLITE_TITLE.search(
            plain[found.end : end]
        )
        kind = Kind.UNSURE if found.doubtful or beside_route or inside else Kind.COMMAND
        return Clause(kind=kind, readings=(command,), text_at=colon.end(), takes_all=True)
    if found.doubtful or reading.after_route or is_question(plain[end : piece.end], marked=piece.mark == "?"):
        return NONE
    line = re.compile(r"\s*[.。!,]?[ \t]*(?:\n|$)").match(plain, end)
    if line and found.courteous:
        return NONE
    if line:
        return Clause(kind=Kind.COMMAND, readings=(command,), text_at=line.end(), takes_all=True)
    return _replied_loosely(found, reading, end)


def _replied_loosely(found: Found, reading: Reading, end: int) -> Clause:
    plain = reading.page.plain
    start = _greeting_place(plain, found.end) or _greeting_place(plain, end)
    if start:
        clause = Clause(kind=Kind.COMMAND, readings=(Command(verb="reply"),), text_at=start, takes_all=True)
        return clause if not found.courteous else unsure(found, *clause.readings, text_at=start)
    if (plain[found.end].isascii() and plain[found.end].isalnum()) or plain[found.end - 1].isascii():
        return NONE
    tells = re.match(
        r"\s*(?:的|了|过|时|以?后|之[前后]|以前|前|不|没|未|已|太|得|吗|中|晚|慢|早|快|迟|内容|邮件|率|速度|期限)",
        plain[end : end + 6],
    )
    return NONE if tells else unsure(found, Command(verb="reply"), text_at=end)


def _greeting_place(plain: str, at: int) -> int | None:
    """Where words to the customer begin, a ， passed over: `，您好`; None where none do."""
    behind = _COMMA.match(plain, at)
    start = behind.end() if behind else at
    return start if _GREETS.match(plain, start) else None


def _plainly(found: Found, reading: Reading) -> Clause:
    """Every other verb: the form, then an end, a colon, a space, or what its row allows."""
    plain, piece, verb = reading.page.plain, found.piece, found.verb
    rest = plain[found.end : min(piece.end, found.end + LONGEST)]
    colon = _COLON.match(plain, found.end)
    asks = (colon is None or verb.takes not in {Takes.TEXT, Takes.REASON}) and is_question(
        rest, marked=piece.mark == "?"
    )
    if asks or not _is_set_off(found, plain, rest):
        return NONE
    if not colon and _GOES_ON_TELLING.match(rest):
        return NONE
    if has_object(verb.takes):
        return read_object(found, reading)
    if verb.takes is Takes.NOTHING:
        return _alone(found, reading)
    if verb.takes is Takes.DATE and found.doubtful and not colon and not re.compile(DATE_GLUE).match(plain, found.end):
        return NONE
    chased = verb.name == "remind" and target_at(reading.page.text[: piece.end], found.end, reading.names)
    if plain[found.end - 1].isascii() and not chased and not _english_fits(found, plain, colon=colon is not None):
        return NONE
    if verb.name == "instruct" and not colon and _PARTICLE.match(rest) and rest.strip():
        return NONE
    if _FAILED.search(rest) and verb.name in {"told", "relayed", "studied", "done"}:
        return NONE
    keeps_form = verb.name == "ask" and colon is None and _ASKS_BY_ITSELF.search(plain[found.begin : found.end])
    at = colon.end() if colon else found.begin if keeps_form else found.end
    whole = verb.takes in {Takes.TEXT, Takes.REASON} and (colon is not None or verb.name in SWALLOW)
    sure = not found.doubtful and not _is_loose(found, plain, colon=colon is not None, state=reading.state)
    kind = Kind.COMMAND if sure else Kind.UNSURE
    return Clause(kind=kind, readings=(Command(verb=verb.name),), takes_all=whole, text_at=at)


def _alone(found: Found, reading: Reading) -> Clause:
    """A verb that takes nothing stands by itself: 状态：已发货 is a line of an answer."""
    plain, piece = reading.page.plain, found.piece
    rest = plain[found.end : piece.end].strip(" .,!~:")
    case = _ITS_CASE.fullmatch(rest)
    if rest and not case and not only_polite(rest) and not _PARTICLE.match(rest):
        return NONE
    command = Command(verb=found.verb.name, case=case["case"].upper() if case else None)
    if found.doubtful:
        return unsure(found, command)
    return Clause(kind=Kind.COMMAND, readings=(command,), text_at=piece.end)


def _is_set_off(found: Found, plain: str, rest: str) -> bool:
    """Whether the verb ends here: an end, a colon, a space, a particle, or what its row lets follow."""
    if _SEPARATED.match(plain, found.end) or _PARTICLE.match(rest):
        return True
    return bool(found.verb.glue) and re.compile(found.verb.glue).match(plain, found.end) is not None


def _is_loose(found: Found, plain: str, *, colon: bool, state: str) -> bool:
    """Whether the words are a command only perhaps: `问客户有没有收据`, and 已完成 of what is no plan item."""
    form = plain[found.begin : found.end]
    if found.verb.name == "ask":
        return not colon and not _ASKS_BY_ITSELF.search(form)
    if found.verb.name == "received":
        return _OBJECTS.search(plain[found.end : found.end + 60]) is not None
    if found.verb.name == "approve":
        return _RESTRICTS.search(plain[found.end : min(found.piece.sentence_end, found.end + LONGEST)]) is not None
    return found.verb.name == "resolve" and not colon and form in _DONE and state != PLANNED


def _english_fits(found: Found, plain: str, *, colon: bool) -> bool:
    """An English verb is also an everyday word: it stands alone or has a colon, date, case or address behind it."""
    rest = plain[found.end : found.piece.end].strip(" .!,")
    form = plain[found.begin : found.end]
    if colon or not rest or form.count(" ") >= _SPECIFIC or _ENGLISH_END.match(plain, found.end):
        return True
    if found.verb.takes in {Takes.DATE, Takes.ABSENCE}:
        return _ENGLISH_TIME.match(rest) is not None
    if found.verb.name == "approve":
        return re.match(r"(?:until|till|to|by|the|this|it|as)\b", rest) is not None
    return found.verb.name == "hand-up" and re.match(r"(?:to|this|it)\b", rest) is not None
