"""What gateways and clients add to a mail that its author did not write (casework 2).

The tuples here are the defaults; `rules/common/banners.yaml` holds the same lines for a clerk to extend, and the
caller passes what it read. A pattern is a regular expression, tried without regard to case at the start of a line.
"""

import re
from functools import lru_cache

BANNERS: tuple[str, ...] = (
    (
        r"[\[【(（*]{0,3}\s*(?:外部邮件|外部郵件|外来邮件|外部来信|公司外部邮件|境外邮件|"
        r"external(?: e-?mail| message| sender)?)"
        r"\s*[\]】)）*]{1,3}"
    ),
    r"[\[【(（*]{0,3}\s*(?:外部邮件|外部郵件|外部来信|外来邮件)\s*[:：].{0,200}",
    (
        r"(?:安全提示|安全提醒|温馨提示|注意|警告|提醒|重要提示)\s*[:：]?\s*[】\]]?\s*.{0,20}"
        r"(?:外部|公司以外|组织外|非本公司|陌生|第三方).{0,20}(?:邮件|邮箱|发件人|来信|发送)"
    ),
    r"[\[【]\s*(?:安全提示|安全提醒|外部提醒|风险提示|警告|caution|warning|alert|notice)\s*[\]】].{0,200}",
    (
        r"(?:(?:安全提示|安全提醒|温馨提示|注意|警告|提醒)\s*[:：!！】\]]{0,2}\s*)?(?:此邮件|本邮件|该邮件|"
        r"这封邮件|本郵件|此郵件)(?:来自|來自|由|是由|发自).{0,12}(?:外部|公司以外|"
        r"组织以?外|互联网|境外)"
    ),
    r"(?:您|你)(?:通常|平时)?(?:不|很少|不经常|不常)(?:会)?(?:收到|与).{0,60}(?:电子邮件|邮件|联系)",
    (
        r"[*\[]{0,3}\s*(?:caution|warning|attention|alert|notice|be careful)\s*[\]*:!,-]{0,4}\s*"
        r"(?:this|the|an|external|do not click|outside)\b.{0,40}(?:e-?mail|message|sender|mail)"
    ),
    r"(?:caution|warning|attention)\s*[:!-]\s*external (?:e-?mail|message|sender|user)",
    (
        r"this (?:e-?mail|message|mail) (?:was sent|originated|originates|came|comes|is) from "
        r"(?:an? )?(?:external|outside|someone outside|the internet)"
    ),
    r"(?:external (?:e-?mail|message)|e-?mail from (?:an )?external(?: sender)?)\s*[:.!-]",
    r"you don'?t often get e-?mail from",
    r"some people who received this message don'?t often get",
    r"do not click (?:on )?(?:any )?links? or open (?:any )?attachments?",
    r"(?:achtung|vorsicht|hinweis)\s*[:!-].{0,30}extern",
    r"(?:attention|prudence)\s*[:!-].{0,40}(?:externe|extérieur)",
)
"""Lines that a gateway puts above the text."""

SUBJECT_TAGS = re.compile(
    (
        r"^(?:\s*[\[【(（<]\s*(?:外部邮件|外部郵件|外来邮件|外部|external(?: e-?mail| sender)?|ext|spam\??|"
        r"\*+spam\*+|疑似垃圾邮件|"
        r"垃圾邮件|suspected spam|bulk|caution|加密|secure)\s*[\]】)）>]\s*)+"
    ),
    re.IGNORECASE,
)

_MEANT_BY_A_GATEWAY = re.compile(
    r"(?:链接|附件|谨慎|核实|识别|点击|发件人身份|钓鱼|诈骗|\blinks?\b|attachments?|\bsafe\b|recogni[sz]e|learn why|"
    r"phishing|spoof|verif|expecting|trust|了解(?:为什么|原因))",
    re.IGNORECASE,
)
_FRAME = re.compile(r"^[\s*_=\-—~+|#·]*$")
_REACH = 8
"""A banner is looked for in so many of the first lines."""


@lru_cache(maxsize=8)
def _compiled(banners: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"^[\s|*>#⚠️❗]{0,6}(?:" + "|".join(f"(?:{one})" for one in banners) + ")", re.IGNORECASE)


def without_banner(lines: list[str], banners: tuple[str, ...] = BANNERS) -> list[str]:
    """The lines below a gateway's banner; all of them where there is none."""
    found = -1
    for index, line in enumerate(lines[:_REACH]):
        if _compiled(banners).match(line[:300]) or (0 <= found == index - 1 and _continues(line)):
            found = index
        elif found < 0 and not _FRAME.match(line[:300]):
            break
    return _below(lines, found, banners)


def _below(lines: list[str], found: int, banners: tuple[str, ...]) -> list[str]:
    if found < 0:
        return lines
    rest = lines[found + 1 :]
    same_line = _rest_of_tag(lines[found], banners)
    while rest and _FRAME.match(rest[0][:300]):
        rest = rest[1:]
    return [same_line, *rest] if same_line else rest


def _rest_of_tag(line: str, banners: tuple[str, ...]) -> str:
    """What an author wrote behind a bare tag such as 【外部邮件】 on the same line."""
    match = _compiled(banners).match(line[:300])
    rest = line[match.end() :].strip() if match else ""
    bracketed = match is not None and match.group().rstrip()[-1:] in "]】)）*"
    return rest if bracketed and rest and not _MEANT_BY_A_GATEWAY.search(rest[:300]) else ""


def _continues(line: str) -> bool:
    return bool(_MEANT_BY_A_GATEWAY.search(line[:300])) and len(line) < 300


def without_tags(subject: str) -> str:
    """The subject without the tags that a gateway put before it ([EXTERNAL], 【外部邮件】)."""
    return SUBJECT_TAGS.sub("", subject[:1000]) + subject[1000:]
