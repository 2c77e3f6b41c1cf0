"""By what the writer of a mail could be known: names, addresses, numbers, the lines of a signature (P3.5.7).

Too much is found rather than too little: what is no name and is hidden costs a word, what is one and stays costs a
person their secret.
"""

import re
from collections.abc import Iterator

from maild.domain.alias import is_nameless
from maild.domain.case import KnownBy
from maild.domain.disguise import plain
from maild.domain.message import Mail
from maild.mail.contacts import is_contact_line, is_name, is_name_line

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_GAP = r"[\s./·_-]{0,2}"
NUMBERS = (
    re.compile(rf"(?<!\d)(?:(?:\+|00)?86\)?{_GAP})?1[3-9](?:{_GAP}\d){{9}}(?!\d)"),
    re.compile(r"(?<!\d)\(?0\d{2,3}\)?[\s-]?\d{7,8}(?:[-转]\d{1,5})?(?!\d)"),
    re.compile(r"\+\d{1,3}[\s-]?\(?\d[\d\s()-]{6,14}\d"),
    re.compile(r"(?<![\dA-Za-z])\d(?:[\s-]?\d){16}[\s-]?[\dXx](?![\dA-Za-z])"),
    re.compile(r"(?<!\d)\d{4}(?:[\s-]?\d{4}){3}(?:[\s-]?\d{1,3})?(?!\d)"),
    re.compile(
        "(?<![零〇一二三四五六七八九])[一幺壹][三四五六七八九][零〇一幺二三四五六七八九]{9}(?![零〇一二三四五六七八九])"
    ),
    re.compile(r"(?<![a-z0-9])[egdsphkm]\d{8}(?![a-z0-9])"),
    re.compile(rf"[{_PROVINCES}][a-z][·\s]?[a-z0-9]{{5,6}}(?![a-z0-9])"),
)
"""Telephones, identity cards, bank cards, passports, number plates, as `plain` reads them."""
LABELLED = re.compile(
    r"(?:工号|员工号|员工编号|职工号|胸牌|厂牌|学号|(?:staff|employee|badge)\s?(?:no\.?|id|number|#)|微信号?|wechat|QQ号?|分机|内线)"
    r"\s{0,2}(?:是|为|:|：|-|#)?\s{0,2}([A-Za-z0-9_-]{3,20})", re.IGNORECASE,
)  # fmt: skip
ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_INTRODUCED = re.compile(
    r"(?:我叫|我是|本人|姓名|名字[是叫]|投诉人|举报人|反映人|申诉人|联系人|来信人|写信人|员工(?=:)|职工(?=:)|落款|签名|此致)"
    r"\s{0,2}[是为系:,]?\s{0,2}([^\s，。,;；:：、（(]{2,16})"
)
_ALONE = re.compile(r"(?:--\s?|(?:^|[\n。!?:;])\s?我,\s?)([\u3400-\u9fff]{2,4})(?![\u3400-\u9fff])")
_PAID = re.compile(r"([\u3400-\u9fff]{2,4})\s{0,2}(?:敬上|谨上|敬启|拜上|亲笔|呈上|顿首)")
_LATIN_WORDS = r"[A-Z][\w.'-]+(?: [A-Z][\w.'-]*){1,2}"
_I_AM = re.compile(
    rf"(?:\bI am|\bI'm|\b[Mm]y name is|\b[Tt]his is|\b(?i:signed|name|complainant)\s?[:,])\s+({_LATIN_WORDS})"
)
_LATIN = re.compile(r"[A-Za-z][\w.'-]+(?:,? [A-Za-z][\w.'-]+){1,3}")
_LATIN_LINE = re.compile(r"[A-Z][a-z][\w.'-]*(?: [A-Z][\w.'-]*){0,2}")
_CLOSING = re.compile(
    r"(?i).*\b(?:regards|wishes|sincerely|faithfully|truly|thanks|thank you|cheers|sent from|greetings)\b.*"
)
_PARTS = re.compile(r"[\u3400-\u9fff\U00020000-\U0002ffff·]+|[A-Za-z][A-Za-z.'-]*(?:[ ,]{1,2}[A-Za-z][A-Za-z.'-]*)*")
_NO_NAME_WORDS = """
    员工 职工 匿名 客户 顾客 用户 普通员工 一名员工 一线员工 群众 热心群众 一名职工 普通职工 本公司员工
    office team hr mr mrs ms miss dr hi hello dear gm ceo group department staff manager the sales purchasing logistics
    service support admin info finance production quality warehouse customer marketing export shop
"""
_NO_NAMES = frozenset(_NO_NAME_WORDS.split())
_LAST_LINES, _MOST_LINES = 3, 12


def known_by(mail: Mail) -> KnownBy:
    """What is found in one mail of its writer."""
    signed = _signature(mail)
    people = (mail.author, *mail.co_authors, *mail.reply_to, *((mail.sender,) if mail.sender else ()))
    addresses = [one.address for one in people] + [one.lower() for one in ADDRESS.findall(plain("\n".join(signed)))]
    names = [*(name for one in people for name in names_in(one.name)), *_names(mail, signed)]
    shown = (one.name for one in people)
    numbers = _numbers("\n".join((*shown, mail.subject, mail.fresh_text or mail.text, *signed)))
    own = KnownBy(
        names=tuple(dict.fromkeys(names)), addresses=tuple(dict.fromkeys(filter(None, addresses))),
        numbers=tuple(dict.fromkeys(numbers)), lines=tuple(dict.fromkeys(signed)),
    )  # fmt: skip
    return joined(own, _carded(mail, own)) if mail.cards else own


def is_label_of(found: re.Match[str]) -> bool:
    """Whether what stands behind 工号 or 微信 is a number or name of somebody, by a match of LABELLED."""
    return any(one.isdigit() for one in found[1]) or (
        found[0].lower().startswith(("微信", "wechat")) and len(found[1]) > 5
    )


def names_in(shown: str) -> tuple[str, ...]:
    """The names in a display name: 行政部-张国强 (Kevin) holds itself, 张国强 and Kevin; none in 客服 or an address."""
    if not is_own_name(shown):
        return ()
    found = [shown.strip()]
    for part in _PARTS.findall(shown):
        if part.isascii():
            found += [part] if part.lower() not in _NO_NAMES and len(part) > 2 else []
        elif 1 < len(part) < 5:
            found += [part] if is_name(plain(part)) else []
        else:
            found += _name_at_end(part)
    words = shown.split()
    if len(words) == 2 and all(re.fullmatch(r"[\u3400-\u9fff]{1,2}", one) for one in words):
        found.append("".join(reversed(words)))
    return tuple(dict.fromkeys(found))


def is_own_name(name: str) -> bool:
    """Whether a display name tells who somebody is: no role, no address, no single letter."""
    bare = name.strip()
    if bare.lower() in _NO_NAMES or is_nameless(bare) or "@" in bare or len(bare) < 2:
        return False
    return bool(re.search(r"[\u3400-\u9fff]", bare) or _LATIN.fullmatch(bare) or len(bare) > 4)


def joined(first: KnownBy, second: KnownBy) -> KnownBy:
    """What is known from both."""
    both = {name: (*getattr(first, name), *getattr(second, name)) for name in KnownBy.__dataclass_fields__}
    return KnownBy(**{name: tuple(dict.fromkeys(said)) for name, said in both.items()})


def _carded(mail: Mail, own: KnownBy) -> KnownBy:
    """What the writer's own visiting card (RFC 6350) says; whose card it is, is seen by what is known already."""
    cards = [
        plain(card)
        for card in mail.cards
        if any(one in plain(card) for one in map(plain, (*own.addresses, *own.names)))
    ]
    said = "\n".join(cards)
    words = [word for card in cards for word in re.split(" · |[,;]", card)]
    return KnownBy(
        names=tuple(one for one in words if is_name(one) or _LATIN_LINE.fullmatch(one)),
        addresses=tuple(one.lower() for one in ADDRESS.findall(said)), numbers=tuple(_numbers(said)),
    )  # fmt: skip


def _numbers(text: str) -> Iterator[str]:
    """Telephones, cards and what stands behind 工号, as they were written."""
    read = plain(text)
    for pattern in NUMBERS:
        yield from (text[found.start() : found.end()].strip() for found in pattern.finditer(read))
    yield from (text[found.start(1) : found.end(1)] for found in LABELLED.finditer(read) if is_label_of(found))


def _signature(mail: Mail) -> list[str]:
    """The lines below what was written that name a person or a way to reach one."""
    last = next((line for line in reversed(mail.fresh_text.splitlines()) if line.strip()), "")
    _, found, below = mail.text.rpartition(last) if last else ("", "", mail.text)
    lines = [line.strip() for line in (below if found or not last else "").splitlines()][:_MOST_LINES]
    own = []
    for line in lines:
        if line.startswith((">", "-----", "发件人", "From:")) or "写道" in line:
            break
        if len(line) > 1 and (is_contact_line(line) or is_name_line(plain(line)) or _is_latin_name(line)):
            own.append(line)
    return own


def _is_latin_name(line: str) -> bool:
    return bool(_LATIN_LINE.fullmatch(line)) and not _CLOSING.match(line) and line.lower() not in _NO_NAMES


def _names(mail: Mail, signed: list[str]) -> Iterator[str]:
    text = mail.fresh_text or mail.text
    read = plain(text)
    for found in (*_INTRODUCED.finditer(read), *_ALONE.finditer(read), *_PAID.finditer(read)):
        yield from _name_at_end(text[found.start(1) : found.end(1)])
    yield from (found[1] for found in _I_AM.finditer(text))
    last = [one.strip() for one in text.splitlines() if one.strip()][-_LAST_LINES:]
    yield from (line for line in (*last[1:][-1:], *signed) if _is_latin_name(line))
    for line in (*last, *signed):
        if is_name_line(plain(line)):
            yield from (word for word in re.split(r"[\s|/｜,，、\u3000•·:：]+", line) if _is_bare(word))


def _name_at_end(said: str) -> Iterator[str]:
    """龙晓雯 of 一线线长龙晓雯: the longest end that is a name, or the whole."""
    for length in (4, 3, 2):
        if len(said) >= length and _is_bare(said[-length:]):
            yield said[-length:]
            return


def _is_bare(word: str) -> bool:
    return 1 < len(word) <= 4 and is_name(plain(word)) and word not in _NO_NAMES
