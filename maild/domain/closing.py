"""What stands under a reply and is none of its words: the writer's name, unit, title, telephone (RFC 3676, 4.3).

The mail parser has cut most of it; this cuts what is left, so that it never leaves with an answer. A telephone number
that belongs to the words stays: lines go only from a person's own name on.
"""

import re

from maild.domain.emptyanswer import only_a_claim, only_polite
from maild.domain.targets import Names

_LONGEST_LINE = 60
_MOST_LINES = 8
_TITLES = re.compile(
    r"总经理|副总经理|总监|副?经理|主任|主管|部长|厂长|店长|组长|班长|主席|专员|部门|department|dept|manager"
    r"|director|head of|supervisor"
    r"|(?:内线|手机|电话|座机|传真|分机|邮箱|微信|地址|tel|mobile|phone|ext|fax|e-?mail)\s*[:：.]?|[\d+()\s-]{4,}"
    r"|[\w.+-]+@[\w.-]+|(?:https?://|www\.)\S+"
    r"|示例公司|有限公司|股份|集团|公司",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"\n[ \t]*(?:many thanks|thanks|thank you|(?:best |kind |warm )?regards|best|cheers|sincerely|yours"
    r"|br)[,.! ]*(?:\n[ \t]*[^\n.!?,:]{0,30}){0,3}\Z",
    re.IGNORECASE,
)
_MARKS = " \t\r,，。.|｜/、·-—_:：;；()（）*~　"


def without_closing(text: str, names: Names, *, spared: int = 0) -> str:
    """`text` without the signature lines at its end; the first `spared` lines stay, whatever they say."""
    lines = text.rstrip().split("\n")
    first = len(lines)
    for at in range(len(lines) - 1, max(spared - 1, len(lines) - 1 - _MOST_LINES), -1):
        line = lines[at].strip(_MARKS)
        if line and not _belongs_to_signature(line, names):
            break
        if line and _is_name(line, names):
            first = at
    return _SIGNED.sub("", "\n".join(lines[:first]).rstrip()).rstrip()


def only_claims(text: str, names: Names) -> bool:
    """Whether the whole text is `已处理` or the like, with courtesies and a signature around it."""
    pieces = [
        piece.strip(_MARKS) for piece in re.split(r"[,，。!！;；\n]|\.(?=\s|$)", without_closing(text, names)[:300])
    ]
    said = [piece for piece in pieces if piece and not only_polite(piece)]
    return len(text) < 600 and bool(said) and all(only_a_claim(piece) for piece in said)


def _is_name(line: str, names: Names) -> bool:
    return len(line) <= _LONGEST_LINE and bool(names.mentions(line)) and not _left(line, names)


def _belongs_to_signature(line: str, names: Names) -> bool:
    return len(line) <= _LONGEST_LINE and not _left(line, names)


def _left(line: str, names: Names) -> str:
    """What is left of a line when people, units, titles and numbers are taken out."""
    for mention in sorted(names.mentions(line), key=lambda one: -one.start):
        line = line[: mention.start] + " " + line[mention.end :]
    for unit in names.units_named(line):
        for name in sorted((unit.name, *unit.aliases), key=len, reverse=True):
            line = line.replace(name, " ")
    return _TITLES.sub(" ", line).strip(_MARKS)
