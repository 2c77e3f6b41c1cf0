"""Reading `route`: 转物流部处理, 交质量部办, 信息技术部承办, route this to Logistics by Friday (casework 5).

The words behind the target decide. What is plainly an order acts; what tells of something (转给物流部的货还没到) is no
command; everything else is asked back.
"""

import re
from dataclasses import replace

from maild.domain.clauses import NONE, Clause, Found, Kind, Reading, unsure
from maild.domain.command import Command
from maild.domain.polite import CONDITION_START, CONSEQUENCE, QUESTION, REQUEST_TAG, TAKEN_BACK
from maild.domain.sentences import LONGEST
from maild.domain.tails import ACTION, ends_told, judged, own_words, tells
from maild.domain.targets import Target, addresses_at, target_at, unit_at
from maild.domain.value import value

OUTSIDE_DIRECTORY = "outside-directory"
_TAG = 40
_SOON = "(?:尽快|抓紧|马上|立即|去|来|负责|全权|统一|先|优先|妥善|认真|亲自|请|一并|及时|速)"
_ACTS = re.compile(rf"\s*(?:{_SOON}\s*)?{ACTION}")
_ENGLISH_OBJECT = re.compile(
    r"\s+(?:(?:it|this|that|the|these|them)\b\s*)?(?:(?:case|mail|e-?mail|complaint|matter|issue|one|letter|ticket"
    r"|request|suggestion|feedback|problem)\b\s*)?(?:over |back |on )?(?:directly |straight )?"
    r"(?:to\b|:|->|=>)\s*"
)
_SOFT = re.compile(r"\s*(?:一下|下(?!周|月|个|午)|个(?=\S))?\s*")
_UNKNOWN = re.compile(
    rf"[\s\"'“:]*(?:给|由|至|到)?\s*(?P<name>[\u3400-\u9fffA-Za-z0-9]{{2,12}}?)[\"'”]?\s*(?:{ACTION}|一下|吧|$"
    rf"|[,。.!;\s])"
)
_UNIT_LIKE = re.compile(r".{1,10}(?:部门?|科|处|室|组|店|厂|中心|公司|区|办|局|团队|车间|仓库?|委|会|线)$")
_PERSON_LIKE = re.compile(r".{1,3}(?:总|经理|主任|主管|部长|厂长|店长|工|老师|先生|女士)$|[老小].$")
_ORDINARY = re.compile(
    r"[正账帐发告达述换移变型让折运身念眼载录岗业学院机车口包产向入出寄储介播手租卖存款圈瞬速动椅角弯群送]|微信"
    r"|支付宝|银行|客户|顾客|用户|来信人|投诉人|他|她|它|你|我|这|那|谁|人工|现金|线上|线下|头|个|一|几|快|慢|好|坏"
    r"|危|败"
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_SOFT_VERBS = re.compile(r"pass|hand|send|forward|move|give|over|refer|for")
"""Everyday verbs: with a name that nobody has they are ordinary speech."""
_SPOKEN = re.compile(r"[的了是不没有]")
_ENGLISH_NAME = re.compile(r"(?:the )?(?P<name>(?:(?:Mr|Ms|Mrs)\.? )?[A-Za-z][\w&-]*(?: [A-Z][\w&-]*){0,3})")


@value
class _Tail:
    """What stands behind the target."""

    kind: Kind
    text_at: int


def read_route(found: Found, reading: Reading) -> Clause:
    """The route that begins with a verb: 转, 转办, 承办:, route."""
    text, plain = reading.page.text, reading.page.plain
    english = plain[found.end - 1].isascii()
    found = _with_next_line(found, plain)
    at = _target_place(plain, found, english=english)
    if at is None:
        return NONE
    target = target_at(text[: min(found.piece.sentence_end, at + LONGEST)], at, reading.names)
    if target is None:
        return _no_target(found, reading, at, english=english)
    return routed(found, reading, target, english=english)


def _with_next_line(found: Found, plain: str) -> Found:
    """Where nothing stands behind the verb in its line, the target stands in the next one."""
    end = found.piece.end
    if plain[found.end : end].strip(" :") or plain[end : end + 1] != "\n":
        return found
    line = plain.find("\n", end + 1)
    piece = replace(found.piece, end=line if line > 0 else len(plain), sentence_end=line if line > 0 else len(plain))
    return replace(found, piece=piece)


def read_given(found: Found, reading: Reading, *, certain: bool) -> Clause:
    """The route with the target before the verb: 交质量部办, 由质量部承办; `found.end` is where the target begins."""
    text, plain = reading.page.text, reading.page.plain
    target = target_at(text[: min(found.piece.sentence_end, found.end + LONGEST)], found.end, reading.names)
    if target is None or not target.readings:
        return NONE
    certain = certain or plain.startswith("承办", target.end)
    action = re.compile(rf"\s*(?:{_SOON}\s*){{0,4}}{ACTION}").match(plain[target.end : found.piece.end])
    if not action:
        bare = not plain[target.end : found.piece.end].strip(" ,.!。吧")
        return unsure(found, *as_routes(target), text_at=target.end) if certain and bare else NONE
    clause = routed(found, reading, target, english=False)
    if clause.kind is Kind.COMMAND and not certain:
        return Clause(kind=Kind.UNSURE, readings=clause.readings, text_at=clause.text_at)
    return clause


def routed(found: Found, reading: Reading, target: Target, *, english: bool) -> Clause:
    """The clause of a verb and its target, by what follows."""
    if target.address and reading.page.plain[found.begin : found.end].startswith("forward"):
        addresses, end = addresses_at(reading.page.text, target.end - len(target.address))
        orders = [Command(verb="forward", person=one) for one in addresses or (target.address,)]
        return Clause(kind=Kind.COMMAND, readings=tuple(orders[:1]), more=tuple(orders[1:]), text_at=end)
    if target.address:
        return Clause(kind=Kind.WRONG, readings=(Command(verb="route", person=target.address),),
                      text_at=target.end, why=OUTSIDE_DIRECTORY)  # fmt: skip
    tail = _tail(found, reading, target, english=english)
    if tail.kind is Kind.NONE:
        return NONE
    readings = as_routes(target)
    doubtful = found.doubtful or tail.kind is Kind.UNSURE or len(readings) > 1
    kind = Kind.UNSURE if doubtful else Kind.COMMAND
    return Clause(kind=kind, readings=readings, text_at=tail.text_at)


def _target_place(plain: str, found: Found, *, english: bool) -> int | None:
    end = found.piece.sentence_end
    if english:
        direct = re.compile(r"\s*:\s*|\s+to\s+").match(plain, found.end, end)
        place = direct or _ENGLISH_OBJECT.match(plain, found.end, end)
        return place.end() if place else found.end
    soft = _SOFT.match(plain, found.end, end)
    return soft.end() if soft else found.end


def as_routes(target: Target) -> tuple[Command, ...]:
    """A route to each whom the target may mean."""
    return tuple(Command(verb="route", unit=one.unit, person=one.person) for one in target.readings)


def _tail(found: Found, reading: Reading, target: Target, *, english: bool) -> _Tail:
    plain, piece = reading.page.plain, found.piece
    inside = not plain[piece.end : target.end].strip()
    clause_end = _clause_end(plain, target.end, piece.end if inside else piece.sentence_end)
    rest = plain[target.end : min(clause_end, target.end + LONGEST)]
    rest = REQUEST_TAG.sub("", rest) if found.courteous and clause_end == piece.sentence_end else rest
    text_at = own_words(plain, target.end, clause_end)
    kind = judged(rest, english=english)
    if kind is not Kind.NONE and _asks(found, plain, clause_end):
        kind = Kind.NONE if clause_end == piece.sentence_end else Kind.UNSURE
    beyond = plain[clause_end : clause_end + 200]
    doubted = _hangs_on_condition(beyond) or TAKEN_BACK.match(beyond) or _another(reading, target, clause_end)
    return _Tail(kind=Kind.UNSURE if kind is Kind.COMMAND and doubted else kind, text_at=text_at)


def _another(reading: Reading, target: Target, comma: int) -> bool:
    """Whether somebody else of another unit is told to do it: 转物流部，质量部处理."""
    text, plain, names = reading.page.text, reading.page.plain, reading.names
    if plain[comma : comma + 1] != ",":
        return False
    own = {unit.id for one in target.readings if (unit := names.unit(one.unit))}
    if other := unit_at(text, comma + 1, names):
        return other[0].id not in own and _ACTS.match(plain, other[1]) is not None
    named = next((m for m in names.mentions(text[comma + 1 : comma + 40]) if m.start == 0), None)
    others = own and named and not any(person.unit in own for person in named.people)
    return bool(others and named) and _ACTS.match(plain, comma + 1 + (named.end if named else 0)) is not None


def _clause_end(plain: str, at: int, end: int) -> int:
    comma = plain.find(",", at, end)
    return comma if comma >= 0 else end


def _asks(found: Found, plain: str, clause_end: int) -> bool:
    """Whether the sentence asks whether to do it; `could you …?` and `请…好吗？` are requests."""
    piece = found.piece
    clause = plain[found.end : clause_end]
    marked = piece.mark == "?" or plain[piece.sentence_end : piece.sentence_end + 2].find("?") >= 0
    tagged = (
        found.courteous
        and REQUEST_TAG.search(plain[max(piece.start, piece.sentence_end - _TAG) : piece.sentence_end]) is not None
    )
    if found.requesting or tagged:
        return False
    whole = plain[max(found.end, piece.sentence_end - _TAG) : piece.sentence_end]
    return marked or any(QUESTION.search(part[-12:]) for part in (clause, whole))


def _hangs_on_condition(beyond: str) -> bool:
    """Whether what follows makes the order wait for something: `，如果客户同意的话`."""
    if not CONDITION_START.match(beyond):
        return False
    clause = re.split(r"[。!?;\n]", beyond.lstrip(" ,.。;"), maxsplit=1)[0]
    return not CONSEQUENCE.search(clause[2:])


def _no_target(found: Found, reading: Reading, at: int, *, english: bool) -> Clause:
    """Nobody known is named: an unknown unit is told, ordinary speech is no command."""
    if found.doubtful or found.piece.mark == "?":
        return NONE
    return _no_english_target(found, reading, at) if english else _no_chinese_target(found, reading, at)


def _no_english_target(found: Found, reading: Reading, at: int) -> Clause:
    spaced = (
        reading.page.text[found.end : found.end + 1].isspace()
        and reading.page.text[found.end + 1 : found.end + 2].isupper()
    )
    at = found.end + 1 if spaced and at == found.end else at
    named = _ENGLISH_NAME.match(reading.page.text, at, found.piece.end) if at > found.end else None
    if named is None or tells(reading.page.plain[named.end() : found.piece.end], english=True):
        return NONE
    fitting = reading.names.fitting(named["name"])
    if not fitting:
        close = _close(reading, named["name"])
        soft = _SOFT_VERBS.match(reading.page.plain[found.begin : found.end])
        return unsure(found, *close, text_at=named.end()) if close else NONE if soft else _unknown(named["name"], at)
    kind = Kind.COMMAND if len(fitting) == 1 else Kind.UNSURE
    readings = tuple(Command(verb="route", person=person.address) for person in fitting)
    return Clause(kind=kind, readings=readings, text_at=named.end())


def _no_chinese_target(found: Found, reading: Reading, at: int) -> Clause:
    text, plain, piece = reading.page.text, reading.page.plain, found.piece
    unknown = _UNKNOWN.match(text[: piece.end], at)
    name = unknown["name"] if unknown else ""
    if unknown is None or _ORDINARY.match(name) or _SPOKEN.search(name) or ends_told(plain[at : piece.end]):
        return NONE
    if close := _close(reading, name):
        return unsure(found, *close, text_at=unknown.end("name"))
    if meant := reading.names.unit(f"{name}部"):
        return unsure(found, Command(verb="route", unit=meant.name), text_at=unknown.end("name"))
    for place in range(at + 1, at + len(name)):
        if unit := unit_at(text, place, reading.names):
            return unsure(found, Command(verb="route", unit=unit[0].name))
    short = plain[piece.start : found.end].endswith("转")
    like = _UNIT_LIKE.match(name) or _PERSON_LIKE.match(name) or (len(name) <= 3 and name[0] in _SURNAMES)
    acted = re.compile(rf"\s*{ACTION}").match(plain, unknown.end("name"), piece.end)
    return _unknown(name, at) if like or acted or not short else NONE


def _close(reading: Reading, name: str) -> tuple[Command, ...]:
    """Whom a name with a slip of the pen may mean."""
    units, people = reading.names.nearly(name)
    return (*(Command(verb="route", unit=one.name) for one in units),
            *(Command(verb="route", person=one.address) for one in people))  # fmt: skip


def _unknown(name: str, at: int) -> Clause:
    command = Command(verb="route", unit=name)
    return Clause(kind=Kind.WRONG, readings=(command,), text_at=at + len(name), why=OUTSIDE_DIRECTORY)
