"""Orders that name the unit before the deed: 交质量部办, 给物流办, 这事归物流, Logistics to handle (casework 5)."""

import re
from collections.abc import Mapping
from dataclasses import replace

from maild.domain.clauses import NONE, Clause, Found, Kind, Reading, unsure
from maild.domain.command import REQUESTERS, Command
from maild.domain.polite import is_question
from maild.domain.routing import as_routes, read_given, routed
from maild.domain.sentences import LONGEST
from maild.domain.targets import Target, target_at
from maild.domain.verb import Verb

_GIVEN = re.compile(
    r"(?P<sure>交给?由?|由)|(?P<perhaps>给|请|让|叫|安排|麻烦|烦请|劳烦|拜托|派|通知|安排给"
    r"|please have|please ask|have|ask|let|get)(?![a-z])\s*"
)
_TAKES_ON = re.compile(
    r"\s*(?:们|那边|这边)?\s*(?:来|去|负责|尽快|抓紧|马上|立即|赶紧|今天|明天|先|统一|全权|牵头|帮忙|专人|派人)*\s*"
    r"(?:处理|办理|承办|办(?!公|事|法|证|卡)|跟进|跟一?[下跟](?!次)|负责|接手|解决|看看|看一?下|看一看|处置|阅处|查办|盯一?下|盯着"
    r"|弄一?下|搞定|管(?!理)|跟(?=[吧,.!~ ]|$))"
)
_ENGLISH_ACTS = re.compile(
    r"\s*,?\s*(?:(?:is |are )?to|please|pls|should please|will please|:)\s*(?:please |pls )?(?:handle|deal with|take"
    r"|look into|follow up|do (?:it|this)|process|own|check|action|resolve|sort)\b"
)
_TOLD_AFTER = re.compile(r"他们|她们|结果|但|却|没|不(?!要|得|超)|说(?!法|明|清)|又|还是|至今|一直|昨|上次|上周")
_BELONGS = re.compile(r"(?:应)?归(?:口)?\s*")
_BELONGS_END = re.compile(r"\s*(?:管|处理|办|负责|管辖|办理)?(?:的|吧|啊|呀|哈|谢谢)*\s*[.!~]*\s*$")
_BEHIND = re.compile(r"\s*(?:来|去|部门)?(?P<verb>承办|主办|牵头|会办|协办|配合|leads?\b|joins?\b)")
_SEVERAL = re.compile(r"[、和与及&]|\band\b")
_LEADS = re.compile(r"\s*(?:来|负责)?(?:主办|牵头|统筹)\s*(?=$|[,.;!~])")
_UNIT_ACTS = re.compile(
    r"\s*(?:尽快|抓紧|马上|立即|来|去|负责)?(?:处理|办理|办|跟进|负责|解决|核实|落实)(?:吧|一下|即可)?[ .!~]*"
)
_CASE = r"#?(?P<case>[a-z]{1,9}-\d{4}-\d{3,9}|\d{1,9})(?:\s*号)?"
_MORE = r"(?P<more>(?:\s*[、,和与及]\s*#?(?:[a-z]{1,9}-\d{4}-\d{3,9}|\d{2,9})(?:号)?){0,19})"
_JOINED = re.compile(
    rf"(?:与|和|同|跟|with|把它和|并入|把)\s*{_CASE}{_MORE}\s*(?:一起)?(?P<verb>合并|并案|并|关联|链接)"
    r"(?:进来|过来|一下)?(?=[ .!,~吧处办]|$)"
)
_ONE_MATTER = re.compile(
    rf"(?:(?:这|此|本|该)(?:一?件|封|事|个)?(?:事项?|来信|信|投诉|问题)?\s*)?(?:与|和|同|跟)\s*{_CASE}\s*(?:事项|来信|那件)?\s*"
    r"(?:(?:是|属于?|为)\s*(?:同一?(?:件事?|事项?|个?问题|来信人的?同一件事)|一(?:件|回)事|重复(?:的|来信|投诉)?)|重复了?)(?:情)?\s*[,。.;]\s*"
    r"(?:请|可以?|麻烦)?(?P<verb>合并|并案)(?:处理|办理)?(?=吧?\s*(?:[,。.!;~\n]|谢谢|$))"
    r"|(?:(?:it|this) is )?(?:the )?same (?:matter |case |thing |one )?as (?:case )?"
    r"#?(?P<same>[a-z]{1,9}-\d{4}-\d{3,9}|\d{1,9})\s*[,.;]\s*(?:please |pls )?merge(?: them| it| both| this)?"
    r"(?=\s*(?:please|pls|thanks?)?\s*(?:[,.!;\n]|$))"
)
"""和 142 号是同一件事，合并: the reason and the order in one sentence."""
_NUMBERS = re.compile(r"[a-z]{1,9}-\d{4}-\d{3,9}|\d{2,9}")
_ENGLISH_HELPS = re.compile(
    r"\s*(?:to|please|pls)\s+(?:please )?(?:assist|support|help)\b(?=\s*(?:$|[.,!;]|please|pls|too))"
)
_ENGLISH_DEED = re.compile(r"\s*(?:(?:to )?(?:handle|deal|take|look|follow)|on (?:it|this|that)\b)")
_TOLD_ENGLISH = re.compile(r"\b(?:not|if|unless|said|was|were|first)\b")
_YOU_ACT = re.compile(
    r"\s*,?\s*(?:请|麻烦|辛苦|烦请)?[你您]\s*(?:(?:亲自|来|去|负责|牵头|先|马上|尽快|抓紧|帮忙|今天|明天|过去|把(?:这|此)[个件]?事)\s*){0,4}"
    r"(?:处理|办理|承办|办|跟进|跟一[下跟]|负责|接手|解决|盯|抓|牵头|落实|管(?!理))(?![得了过的不完好怎没])"
)
_PLAIN_END = re.compile(r"\s*(?:一下|下|吧|啊|哈|即可|谢谢|好)*\s*(?=[,.!~]|$)")


def read_given_first(state: Found, reading: Reading, forms: Mapping[str, Verb]) -> Clause:
    """The order that begins with whom it is for; `forms` are the verbs that may answer this mail."""
    plain, end = reading.page.plain, state.piece.end
    if reading.answers in REQUESTERS:
        return NONE
    if one := _ONE_MATTER.match(plain, state.end, state.piece.sentence_end):
        asked = is_question("", marked=plain[one.end() : one.end() + 2].strip()[:1] == "?")
        command = Command(verb="merge", case=(one["case"] or one["same"]).upper())
        return NONE if asked or state.doubtful else Clause(kind=Kind.COMMAND, readings=(command,), text_at=one.end())
    if joined := _JOINED.match(plain, state.end, end):
        asked = is_question(plain[joined.end() : end], marked=state.piece.mark == "?")
        return NONE if asked else _joined(state, joined)
    if belongs := _BELONGS.match(plain, state.end, end):
        return _belonging(replace(state, end=belongs.end()), reading)
    if (lead := _GIVEN.match(plain, state.end, end)) and (clause := _led(lead, state, reading)).kind is not Kind.NONE:
        return clause
    return _unit_first(state, reading, forms)


def read_addressed(state: Found, reading: Reading) -> Clause:
    """老何，你亲自抓一下这个事: one person is told to do it, which may mean that the case is theirs; asked back."""
    plain, end = reading.page.plain, state.piece.end
    target = None if reading.answers in REQUESTERS else _target(state, reading, state.piece.start)
    if target is None or any(one.person is None for one in target.readings):
        return NONE
    told = _YOU_ACT.match(plain, target.end, end)
    if told is None or is_question(plain[told.end() : end], marked=state.piece.mark == "?"):
        return NONE
    return unsure(state, *as_routes(target), text_at=target.end)


def _joined(state: Found, joined: re.Match[str]) -> Clause:
    """与143合并."""
    verb = "link" if joined["verb"] in {"关联", "链接"} else "merge"
    numbers = (joined["case"], *_NUMBERS.findall(joined["more"]))
    commands = tuple(Command(verb=verb, case=number.upper()) for number in numbers)
    if state.doubtful:
        return unsure(state, *commands, text_at=joined.end())
    return Clause(kind=Kind.COMMAND, readings=commands[:1], more=commands[1:], text_at=joined.end())


def _belonging(state: Found, reading: Reading) -> Clause:
    """这事归物流: whose it is, said of this case and nothing else."""
    plain, end = reading.page.plain, state.piece.end
    target = _target(state, reading, state.end)
    comma = plain.find(",", target.end, end) if target else -1
    if target is None or not _BELONGS_END.match(plain[: comma if comma >= 0 else end], target.end):
        return NONE
    if is_question(plain[target.end : end], marked=state.piece.mark == "?"):
        return NONE
    readings = as_routes(target)
    sure = len(readings) == 1 and state.courteous and not state.doubtful
    return Clause(kind=Kind.COMMAND if sure else Kind.UNSURE, readings=readings, text_at=comma if comma >= 0 else end)


def _led(lead: re.Match[str], state: Found, reading: Reading) -> Clause:
    target = _target(state, reading, lead.end())
    if not lead["perhaps"]:
        return _handed(lead, state, reading, target)
    if target is None or reading.after_route or reading.after_accept:
        return NONE
    if _BEHIND.match(reading.page.plain, target.end, state.piece.end):
        return NONE
    if lead["perhaps"][0].isascii():
        return _english_led(lead, state, reading, target)
    return _spoken(replace(state, end=lead.end()), reading, target)


def _handed(lead: re.Match[str], state: Found, reading: Reading, target: Target | None) -> Clause:
    """交…办, 由…承办; 由…牵头 makes a lead."""
    leads = _LEADS.match(reading.page.plain, target.end, state.piece.end) if target else None
    if target is None or leads is None:
        return read_given(replace(state, end=lead.end()), reading, certain=True)
    readings = tuple(Command(verb="lead", unit=one.unit, person=one.person) for one in target.readings)
    asked = is_question(reading.page.plain[leads.end() : state.piece.end], marked=state.piece.mark == "?")
    sure = len(readings) == 1 and not state.doubtful and not asked
    return Clause(kind=Kind.COMMAND if sure else Kind.UNSURE, readings=readings, text_at=leads.end())


def _english_led(lead: re.Match[str], state: Found, reading: Reading, target: Target) -> Clause:
    """`have Logistics handle this`; `ask Quality to look` is asked back."""
    plain = reading.page.plain
    if not _ENGLISH_DEED.match(plain, target.end):
        return NONE
    clause = _english(state, reading, target)
    certain = state.piece.first and not state.doubtful and len(clause.readings) == 1
    firm = certain and not lead["perhaps"].endswith("ask")
    told = _TOLD_ENGLISH.search(plain, target.end, state.piece.sentence_end)
    return replace(clause, kind=Kind.COMMAND) if clause.kind is Kind.UNSURE and firm and not told else clause


def _spoken(state: Found, reading: Reading, target: Target) -> Clause:
    """给物流办, 让物流的老何跟一下: certain where the deed takes the case and nothing tells of what came of it."""
    plain = reading.page.plain
    clause = read_given(state, reading, certain=False)
    if clause.kind is Kind.NONE:
        clause = _told_to(state, reading, target)
    takes = _TAKES_ON.match(plain, target.end, state.piece.end)
    told = _TOLD_AFTER.search(plain[target.end : min(state.piece.sentence_end, target.end + LONGEST)])
    sure = takes and not told and len(clause.readings) == 1 and not state.doubtful
    firm = clause.kind is Kind.UNSURE and routed(state, reading, target, english=False).kind is Kind.COMMAND
    return replace(clause, kind=Kind.COMMAND) if sure and (firm or _plain_end(plain, takes, state)) else clause


def _plain_end(plain: str, takes: "re.Match[str] | None", state: Found) -> bool:
    """Whether nothing but a courtesy follows the deed in its clause: 让老何跟一下吧."""
    if takes is None or is_question(plain[takes.end() : state.piece.end], marked=state.piece.mark == "?"):
        return False
    return _PLAIN_END.match(plain[: state.piece.end], takes.end()) is not None


def _told_to(state: Found, reading: Reading, target: Target) -> Clause:
    """请客服部今天联系客户: perhaps the case is theirs now, perhaps they only help."""
    plain = reading.page.plain
    if is_question(plain[target.end : state.piece.end], marked=state.piece.mark == "?"):
        return NONE
    takes = _TAKES_ON.match(plain, target.end, state.piece.end)
    tail = routed(state, reading, target, english=False)
    if not takes and tail.kind is not Kind.COMMAND:
        return NONE
    rest = plain[takes.end() : takes.end() + 2] if takes else ""
    if rest.startswith(("的", "了", "过", "不")):
        return NONE
    bare = not plain[target.end : state.piece.end].strip(" ,.!。吧")
    return NONE if bare else unsure(state, *as_routes(target), text_at=target.end)


def _english(state: Found, reading: Reading, target: Target) -> Clause:
    plain = reading.page.plain
    clause = plain[target.end : min(state.piece.sentence_end, target.end + LONGEST)]
    if is_question(clause, marked=state.piece.mark == "?") and not state.requesting:
        return NONE
    return unsure(state, *as_routes(target), text_at=target.end)


def _unit_first(state: Found, reading: Reading, forms: Mapping[str, Verb]) -> Clause:
    plain, end = reading.page.plain, state.piece.end
    target = _target(state, reading, state.end)
    if target is None or plain[state.end] in "给到至由请":
        return NONE
    if helps := _ENGLISH_HELPS.match(plain, target.end, end):
        readings = tuple(Command(verb="join", unit=one.unit, person=one.person) for one in target.readings)
        sure = len(readings) == 1 and not state.doubtful and state.piece.mark != "?"
        kind = Kind.COMMAND if sure else Kind.UNSURE
        return Clause(kind=kind, readings=readings, text_at=helps.end())
    if _ENGLISH_ACTS.match(plain, target.end, end):
        return _english_acts(state, reading, target)
    behind = _BEHIND.match(plain, target.end, end)
    if behind is None:
        bare = _UNIT_ACTS.fullmatch(plain, target.end, end) and state.piece.first and not state.doubtful
        return read_given(state, reading, certain=False) if bare else NONE
    verb = forms.get(behind["verb"].rstrip("s"))
    if verb is None or re.match(r"\s*(?:的|了|过|不|吗|好)", plain[behind.end() : end]):
        return NONE
    readings = tuple(Command(verb=verb.name, unit=r.unit, person=r.person) for r in target.readings)
    if verb.name == "join" and _SEVERAL.search(plain[state.end : target.end]) and not state.doubtful:
        return Clause(kind=Kind.COMMAND, readings=readings[:1], more=readings[1:], text_at=behind.end())
    asked = is_question(plain[target.end : end], marked=state.piece.mark == "?")
    sure = len(readings) == 1 and not state.doubtful and not asked
    return Clause(kind=Kind.COMMAND if sure else Kind.UNSURE, readings=readings, text_at=behind.end())


def _english_acts(state: Found, reading: Reading, target: Target) -> Clause:
    """Logistics to handle."""
    readings = as_routes(target)
    clause = reading.page.plain[target.end : min(state.piece.sentence_end, target.end + LONGEST)]
    if is_question(clause, marked=state.piece.mark == "?") or re.search(r"\b(?:not|if|unless|said|was|were)\b", clause):
        return NONE
    sure = len(readings) == 1 and state.piece.first and not state.doubtful
    return Clause(kind=Kind.COMMAND if sure else Kind.UNSURE, readings=readings, text_at=target.end)


def _target(state: Found, reading: Reading, at: int) -> Target | None:
    target = target_at(reading.page.text[: min(state.piece.sentence_end, at + LONGEST)], at, reading.names)
    return target if target is not None and target.readings else None
