"""代录 / on behalf of: for whom a colleague's mail is written, and which address stands for that person (casework 2).

Only the subject and the first line say it; an address counts as that person's own only where it stands in that line.
What is found in forwarded text has to be confirmed by one click first.
"""

import re

from maild.domain.message import Mail
from maild.domain.script import fold
from maild.domain.value import value

_PREFIX = r"\s*(?:(?:fwd?|转发|转寄|转)\s*[:：]\s*)*"
_MARK = re.compile(
    _PREFIX + r"[\[【(（〔]?\s*(?P<mark>代录|代为登记|代客户登记|纸质来信|on behalf of)"
    r"\s*[\]】)）〕]?\s*[:：,，]?\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
_ANONYMOUS = re.compile(r"匿名|纸质来信|anonymous", re.IGNORECASE)
_FOR = re.compile(
    r"代(?:表)?(?:顾客|客户|消费者|用户|员工|同事)?(?P<name>[\u4e00-\u9fff·]{2,4}?)"
    r"(?:[(（<，, ]|登记|记录|反映|来电|来信)"
)
_NAME = re.compile(
    r"(?P<name>[\u4e00-\u9fff·]{2,4}(?=[\s<＜(（,，:：]|$)|[A-Z][\w'’.-]+(?:\s+[A-Z][\w'’.-]+){0,3}(?=\s*[<＜(（,，:：\n]|\s*$))"
)
_FROM = re.compile(r"^[>\s]*(?:发件人|發件人|寄件者|from)\s*[:：](?P<who>.*)$", re.IGNORECASE | re.MULTILINE)
_FORWARD = re.compile(r"\s*(?:fwd?|转发|轉發|转寄)\s*[:：]", re.IGNORECASE)


@value
class Behalf:
    """For whom a mail is written."""

    name: str = ""
    address: str = ""
    sure: bool = False
    """The address was written by the recorder; else it was found in forwarded text."""
    anonymous: bool = False


def written_for(mail: Mail) -> Behalf | None:
    """Whom the subject or the first line names; None where neither says so."""
    lines = [mail.subject, next((line for line in mail.fresh_text.splitlines() if line.strip()), "")]
    marked = [found for line in lines if (found := _MARK.match(line))]
    if not marked:
        return None
    said = [f"{found['mark']} {found['rest']}" for found in marked]
    if any(_ANONYMOUS.search(fold(one)) for one in said):
        return Behalf(anonymous=True)
    address = next((found[0] for one in said if (found := _ADDRESS.search(one))), "")
    name = next((name for found in reversed(marked) if (name := _name(found["rest"]))), "")
    return Behalf(name=name, address=address or _forwarded_from(mail), sure=bool(address))


def forwarded_for(mail: Mail) -> Behalf | None:
    """The writer of the one original that a colleague only hands on; None where there are none or several."""
    found = _FROM.findall(mail.text)
    if not _FORWARD.match(mail.subject) or len(found) != 1:
        return None
    address = _ADDRESS.search(found[0])
    if address is None:
        return None
    name = found[0][: address.start()].strip(" \t\"'“”<＜([（*")
    return Behalf(name=name, address=address[0])


def _name(rest: str) -> str:
    found = _FOR.search(rest) or _NAME.match(rest)
    return found["name"].strip() if found else ""


def _forwarded_from(mail: Mail) -> str:
    """The address of the innermost forwarded original."""
    found = [address[0] for line in _FROM.findall(mail.text) if (address := _ADDRESS.search(line))]
    return found[-1] if found else ""
