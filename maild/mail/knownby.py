"""By what the writer of a mail could be known: names, addresses, numbers, the lines of a signature (P3.5.7).

Too much is found rather than too little: what is no name and is hidden costs a word, what is one and stays costs a
person their secret.
"""

import re
from collections.abc import Iterator

from maild.domain.alias import is_nameless
from maild.domain.case import KnownBy
from maild.domain.message import Mail
from maild.mail.contacts import is_contact_line, is_name, is_name_line

NUMBERS = (
    re.compile(r"(?<!\d)(?:\+?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)"),
    re.compile(r"(?<!\d)0\d{2,3}[\s-]?\d{7,8}(?:[-转]\d{1,5})?(?!\d)"),
    re.compile(r"\+\d{1,3}[\s-]?\(?\d[\d\s()-]{6,14}\d"),
    re.compile(r"(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])"),
    re.compile(r"(?<!\d)\d{16,19}(?!\d)"),
)
"""Telephones, identity cards, bank cards."""
LABELLED = re.compile(
    r"(?:工号|员工号|员工编号|职工号|胸牌|厂牌|学号|(?:staff|employee|badge)\s?(?:no\.?|id|number|#)|微信号?|wechat|QQ号?|分机|内线)"
    r"\s{0,2}(?:是|为|:|：|-|#)?\s{0,2}([A-Za-z0-9_-]{3,20})", re.IGNORECASE,
)  # fmt: skip
ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_INTRODUCED = re.compile(
    r"(?:我叫|我是|本人|姓名|投诉人|举报人|反映人|申诉人|联系人|来信人|签名|此致)\s{0,2}[是为:：]?\s{0,2}([^\s，。,;；:：、（(]{2,16})"
)
_I_AM = re.compile(r"(?:\bI am|\bI'm|\bmy name is)\s+([A-Z][a-z]+(?: [A-Z][a-z]+){1,2})")
_LATIN = re.compile(r"[A-Za-z][\w.'-]+(?:,? [A-Za-z][\w.'-]+){1,3}")
_NO_NAMES = frozenset(
    {"员工", "职工", "匿名", "客户", "顾客", "用户", "普通员工", "一名员工", "一线员工", "群众", "热心群众"}
)
_LAST_LINES, _MOST_LINES = 3, 12


def known_by(mail: Mail) -> KnownBy:
    """What is found in one mail of its writer."""
    signed = _signature(mail)
    text = "\n".join((mail.subject, mail.fresh_text or mail.text, *signed))
    people = (mail.author, *mail.reply_to, *((mail.sender,) if mail.sender else ()))
    addresses = [one.address for one in people] + [one.lower() for one in ADDRESS.findall("\n".join(signed))]
    names = [*(one.name for one in people if is_own_name(one.name)), *_names(mail, signed)]
    numbers = [found.group(0).strip() for pattern in NUMBERS for found in pattern.finditer(text)]
    numbers += [found.group(1) for found in LABELLED.finditer(text) if any(c.isdigit() for c in found.group(1))]
    return KnownBy(
        names=tuple(dict.fromkeys(names)), addresses=tuple(dict.fromkeys(filter(None, addresses))),
        numbers=tuple(dict.fromkeys(numbers)), lines=tuple(dict.fromkeys(signed)),
    )  # fmt: skip


def is_own_name(name: str) -> bool:
    """Whether a display name tells who somebody is: no role, no address, no single letter."""
    bare = name.strip()
    if bare in _NO_NAMES or is_nameless(bare) or "@" in bare or len(bare) < 2:
        return False
    return bool(re.search(r"[\u3400-\u9fff]", bare) or _LATIN.fullmatch(bare) or len(bare) > 4)


def joined(first: KnownBy, second: KnownBy) -> KnownBy:
    """What is known from both."""
    both = {name: (*getattr(first, name), *getattr(second, name)) for name in KnownBy.__dataclass_fields__}
    return KnownBy(**{name: tuple(dict.fromkeys(said)) for name, said in both.items()})


def _signature(mail: Mail) -> list[str]:
    """The lines below what was written that name a person or a way to reach one."""
    last = next((line for line in reversed(mail.fresh_text.splitlines()) if line.strip()), "")
    _, found, below = mail.text.rpartition(last) if last else ("", "", mail.text)
    lines = [line.strip() for line in (below if found or not last else "").splitlines()][:_MOST_LINES]
    own = []
    for line in lines:
        if line.startswith((">", "-----", "发件人", "From:")) or "写道" in line:
            break
        if len(line) > 1 and (is_contact_line(line) or is_name_line(line)):
            own.append(line)
    return own


def _names(mail: Mail, signed: list[str]) -> Iterator[str]:
    text = mail.fresh_text or mail.text
    for found in _INTRODUCED.finditer(text):
        yield from _name_at_end(found.group(1))
    yield from (found.group(1) for found in _I_AM.finditer(text))
    for line in (*[one for one in text.splitlines() if one.strip()][-_LAST_LINES:], *signed):
        if is_name_line(line.strip()):
            yield from (word for word in re.split(r"[\s|/｜,，、\u3000•·:：]+", line.strip()) if _is_bare(word))


def _name_at_end(said: str) -> Iterator[str]:
    """龙晓雯 of 一线线长龙晓雯: the longest end that is a name, or the whole."""
    for length in (4, 3, 2):
        if len(said) >= length and _is_bare(said[-length:]):
            yield said[-length:]
            return


def _is_bare(word: str) -> bool:
    return 1 < len(word) <= 4 and is_name(word) and word not in _NO_NAMES
