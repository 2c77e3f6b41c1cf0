"""What a verb acts on: a type, a level, cases, a list, an address, a number (the table of casework 5).

Each reader looks at the words behind the verb and says what they name; where they name nothing of the kind, the
sentence is ordinary speech and no command.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from maild.domain.clauses import NONE, Clause, Found, Kind, Reading, unsure
from maild.domain.command import Command
from maild.domain.doubts import tells_on
from maild.domain.filelist import named_files, named_parts, released_files
from maild.domain.policy import NOT_FEEDBACK
from maild.domain.roundname import sounds_like_round
from maild.domain.targets import Target, addresses_at, target_at
from maild.domain.verb import Takes

UNKNOWN_TYPE = "unknown-type"
_LONGEST = 40
_LEAD = re.compile(r"[\s:\"'(【\[]*(?:(?:为|是|成|到|至|给|to|as|is|a|an|the)(?![a-z])[\s:\"'(【\[]*)*")
_FIRM_TYPE = re.compile(r"(?:分类|应为|type|reclassify|reclassify as|classify as)$")
_SOFT_TYPE = re.compile(r"这是|这属于|属于|改为|改成|应该是|应该算|应当是|should be|this is")
_SHORT_NAME = 2
_AFTER_TYPE = re.compile(r"[\"')】\]]?\s*(?:类|类型|吧|才对|处理|instead|please|pls|不是.{1,8})?\s*(?=$|[,.。!;\n])")
_CASE = re.compile(
    r"[\s:,、]*(?:(?:和|与|及|跟|and|&|case|no\.?|第|编号|事项)\s*)*#?(?P<case>[a-z]{1,9}-\d{4}-\d{3,9}|\d{1,9})(?![\d年月日号天个件])"
)
_LEVELS = {
    "critical": r"特急|十万火急|最高|critical|very urgent",
    "high": r"加急|紧急|高|urgent|high",
    "low": r"低|low",
    "normal": r"普通|正常|一般|中|normal|medium",
}
_GENERIC = re.compile(r"(?:紧急程度|urgency|priority|set urgency|to)$")
_AFTER_LEVEL = re.compile(r"\s*(?:处理|办理|件|办|一下|吧|程度|please|pls|[!~])*\s*(?=$|[,.。;!\n:])")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DROPS = re.compile(r"^(?:取消|不再|停止|去掉|drop|remove|stop|uncc)")
_AND = re.compile(r"[\s,、]*(?:和|与|及|以及|and|&)?\s*")
_NO_LIST = re.compile(r"的(?!各)|[了过]$|没|不|吗")
_CARRY_OUT = re.compile(r"(?:遵照|认真|贯彻)?(?:执行|落实|知悉|学习|传达|周知)[。!！]?$")
_TOLD_OF = frozenset({Takes.CASE, Takes.TARGET, Takes.LIST, Takes.TYPE})
"""Objects behind which a clause may go on as a tale."""
_MOST, _NEAR = 20, 120


def read_object(found: Found, reading: Reading) -> Clause:
    """The clause of a verb whose object has a form of its own."""
    return _READERS[found.verb.takes](found, reading)


def has_object(takes: Takes) -> bool:
    """Whether a verb's object has a form of its own."""
    return takes in _READERS


def _clause(found: Found, reading: Reading, *commands: Command, at: int, sure: bool = True) -> Clause:
    if found.verb.takes in _TOLD_OF and tells_on(reading.page.plain[at : found.piece.end]):
        return NONE
    if not sure or found.doubtful:
        return unsure(found, *commands, text_at=at)
    return Clause(kind=Kind.COMMAND, readings=commands[:1], more=commands[1:], text_at=at)


def _type(found: Found, reading: Reading) -> Clause:
    plain, end = reading.page.plain, found.piece.end
    form = plain[found.begin : found.end]
    lead = _LEAD.match(plain, found.end, end)
    at = lead.end() if lead else found.end
    for length in range(min(_LONGEST, end - at), 0, -1):
        meant = reading.types.get(plain[at : at + length])
        if meant and _AFTER_TYPE.match(plain[: end + 1], at + length):
            commands = [Command(verb="type", type=one) for one in meant]
            sure = len(commands) == 1 and not (_SOFT_TYPE.fullmatch(form) and _is_short(plain[at : at + length], meant))
            return _clause(found, reading, *commands, at=at + length, sure=sure)
    colon = plain[found.end : at].strip() == ":"
    if not colon or not _FIRM_TYPE.fullmatch(plain[found.begin : found.end]) or not plain[at:end].strip():
        return NONE
    command = Command(verb="type", type=reading.page.text[at : min(end, at + _LONGEST)].strip())
    return Clause(kind=Kind.WRONG, readings=(command,), text_at=at, why=UNKNOWN_TYPE)


def _is_short(name: str, meant: Sequence[str]) -> bool:
    """Whether a name is a short one, an everyday word too: 测试, test."""
    return NOT_FEEDBACK not in meant and (len(name) <= _SHORT_NAME or (name.isascii() and name.isalpha()))


def _level(found: Found, reading: Reading) -> Clause:
    plain, end = reading.page.plain, found.piece.end
    form = plain[found.begin : found.end]
    at = found.end
    if _GENERIC.search(form):
        lead = _LEAD.match(plain, found.end, end)
        at = lead.end() if lead else at
        named = re.compile("|".join(_LEVELS.values())).match(plain, at, end)
        if named is None:
            return NONE
        form, at = named.group(), named.end()
    level = next((name for name, words in _LEVELS.items() if re.search(words, form)), None)
    if level is None:
        return NONE
    command = Command(verb="urgency", level=level)
    if _AFTER_LEVEL.match(plain[: end + 1], at):
        return _clause(found, reading, command, at=at)
    follows = re.compile(r"\s*(?=转|交|请|送|派)").match(plain, at, end)
    return replace(_clause(found, reading, command, at=at), goes_on=follows.end()) if follows else NONE


def _cases(found: Found, reading: Reading) -> Clause:
    plain, text, end = reading.page.plain, reading.page.text, found.piece.sentence_end
    cases: list[str] = []
    at = found.end
    lead = _LEAD.match(plain, at, end)
    at = lead.end() if lead else at
    while (one := _CASE.match(plain, at, end)) and len(cases) < _MOST:
        cases.append(text[one.start("case") : one.end("case")].upper())
        at = one.end()
    if not cases:
        return NONE
    return _clause(found, reading, *(Command(verb=found.verb.name, case=case) for case in cases), at=at)


def _targets(found: Found, reading: Reading) -> Clause:
    """会办：质量部、采购部 are two orders; a name that fits several people is asked back."""
    commands: list[Command] = []
    at, sure = found.end, True
    while len(commands) < _MOST and (target := _one(reading, at, found.piece.end)):
        if target.address:
            wrong = Command(verb=found.verb.name, person=target.address)
            return Clause(kind=Kind.WRONG, readings=(wrong,), text_at=target.end, why="outside-directory")
        sure = sure and (len(target.readings) == 1 or _listed(reading, target, at))
        commands += [replace(one, verb=found.verb.name) for one in target.readings]
        behind = _AND.match(reading.page.text, target.end, found.piece.end)
        at = behind.end() if behind and behind.end() > target.end else target.end
        if at == target.end:
            break
    return _clause(found, reading, *commands, at=at, sure=sure) if commands else NONE


def _one(reading: Reading, at: int, end: int) -> Target | None:
    return target_at(reading.page.text[:end], at, reading.names) if at < end else None


def _listed(reading: Reading, target: Target, at: int) -> bool:
    """Whether several readings are several names, and not one name that fits several."""
    return re.search(r"[、,和与及&]|\band\b", reading.page.plain[at : target.end]) is not None


def _list(found: Found, reading: Reading) -> Clause:
    return _followers(found, reading) if found.verb.name == "followers" else _circulated(found, reading)


def _followers(found: Found, reading: Reading) -> Clause:
    text, end = reading.page.text, found.piece.end
    level = "drop" if _DROPS.match(reading.page.plain[found.begin : found.end]) else "add"
    clause = _targets(found, reading)
    written = _MAIL.findall(text[found.end : min(end, found.end + _NEAR)])
    names = reading.names
    if stranger := next((one for one in written if not (names.fitting(one) or names.in_house(one))), None):
        wrong = Command(verb="followers", person=stranger, level=level)
        return Clause(kind=Kind.WRONG, readings=(wrong,), text_at=found.end, why="outside-directory")
    address = _MAIL.search(text, found.end, min(end, found.end + _NEAR))
    if clause.kind is Kind.NONE and address is None:
        return NONE
    if clause.kind in {Kind.NONE, Kind.WRONG} and address:
        return _clause(found, reading, Command(verb="followers", level=level, list=address.group()), at=address.end())
    named = [replace(one, level=level) for one in (*clause.readings, *clause.more)]
    if clause.kind is Kind.UNSURE:
        return replace(clause, readings=tuple(named))
    words = ", ".join(one.person or one.unit or "" for one in named)
    one = named[0] if len(named) == 1 else Command(verb="followers", level=level)
    return _clause(found, reading, replace(one, list=words), at=clause.text_at)


def _circulated(found: Found, reading: Reading) -> Clause:
    """下发各部门：通知; 下发：通知 names nobody."""
    plain, text = reading.page.plain, reading.page.text
    line = plain.find("\n", found.end)
    line = line if line >= 0 else len(plain)
    colon = plain.find(":", found.end, line)
    until = colon if colon >= 0 else found.piece.end
    words = text[found.end : until].strip(" \t给至到:：,，") if until > found.end else ""
    words = _CARRY_OUT.sub("", words)
    command = Command(verb="circulate", list=words or None)
    at = colon + 1 if colon >= 0 else until
    if colon < 0 and (not plain[at:].strip() if not words else _NO_LIST.search(words)):
        return NONE
    kind = Kind.UNSURE if found.doubtful else Kind.COMMAND
    return Clause(kind=kind, readings=(command,), takes_all=True, text_at=at)


def _address(found: Found, reading: Reading) -> Clause:
    plain = reading.page.plain
    address = _MAIL.search(reading.page.text, found.end, min(found.piece.sentence_end, found.end + _NEAR))
    if address is None:
        english = plain[found.end - 1].isascii()
        return NONE if english else unsure(found, Command(verb="forward"))
    addresses, end = addresses_at(reading.page.text, address.start())
    return _clause(found, reading, *(Command(verb="forward", person=one) for one in addresses), at=end)


def _words(found: Found, reading: Reading) -> Clause:
    plain, end = reading.page.plain, found.piece.end
    gap = re.compile(r"\s*:\s*|\s+").match(plain, found.end, end)
    words = reading.page.text[gap.end() : end].strip() if gap else ""
    return _clause(found, reading, Command(verb=found.verb.name, text=words), at=end) if words else NONE


def _round(found: Found, reading: Reading) -> Clause:
    """发起 季度体验测试; what is like no round is ordinary speech, except behind a colon."""
    rest = reading.page.text[found.end : found.piece.end]
    words = rest.lstrip(" \t　:：").strip()
    said = bool(words) and (rest.lstrip().startswith((":", "：")) or sounds_like_round(words, reading.rounds))
    return _clause(found, reading, Command(verb=found.verb.name, text=words), at=found.piece.end) if said else NONE


def _files(found: Found, reading: Reading) -> Clause:
    """附件 2; words beside the numbers make it ordinary speech (附件 2 打不开)."""
    plain, end = reading.page.plain, found.piece.end
    words = plain[found.end : end]
    if words.lstrip().startswith(":") and plain[: found.begin].strip():
        # Under an answer `附件：1` says what is attached to it.
        return NONE
    numbers = named_files(plain[found.begin : found.end], words)
    return _clause(found, reading, Command(verb=found.verb.name, list=numbers), at=end) if numbers else NONE


def _released(found: Found, reading: Reading) -> Clause:
    """放行, 放行 附件 1."""
    numbers = released_files(reading.page.plain[found.end : found.piece.end])
    if numbers is None:
        return NONE
    return _clause(found, reading, Command(verb=found.verb.name, list=numbers or None), at=found.piece.end)


def _parts(found: Found, reading: Reading) -> Clause:
    """删 第2段."""
    numbers = named_parts(reading.page.plain[found.end : found.piece.end])
    command = Command(verb=found.verb.name, list=numbers)
    return _clause(found, reading, command, at=found.piece.end) if numbers else NONE


_READERS: dict[Takes, Callable[[Found, Reading], Clause]] = {
    Takes.TYPE: _type, Takes.LEVEL: _level, Takes.CASE: _cases, Takes.TARGET: _targets, Takes.LIST: _list,
    Takes.ADDRESS: _address, Takes.WORDS: _words, Takes.NUMBER: _files,
    Takes.FILES: _released, Takes.PARTS: _parts, Takes.ROUND: _round,
}  # fmt: skip
