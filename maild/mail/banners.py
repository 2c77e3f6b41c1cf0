"""What gateways and clients add to a mail that its author did not write (casework 2).

The tuples here are the defaults; `rules/common/banners.yaml` holds the same lines for a clerk to extend, and the
caller passes what it read. A pattern is a regular expression, tried without regard to case at the start of a line.
"""

import re
from functools import lru_cache
from typing import NamedTuple

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
    r"this message is from an? (?:external|untrusted|unknown|new) sender",
    r"you have not previously corresponded with this sender",
    r"zjqcmqryfpfptbanner(?:start|end)",
    r"this (?:e-?mail|message|mail) has been sent from (?:someone )?outside",
    r"(?:一些|部分)收到此(?:邮件|消息)的人(?:通常)?不(?:会|常|经常)",
    (
        r"[*\[【]{0,3}\s*(?:外部邮件|外部郵件|外来邮件|外部来信)(?:提醒|提示|警示|警告)?\s*[\]】]{0,2}\s*[，,：:。!！、]?"
        r".{0,60}(?:谨慎|注意|信息安全|链接|核实|识别)"
    ),
    r"(?:外部邮件|外部郵件|外来邮件|external (?:e-?mail|sender|message))\s*$",
    (
        r"(?:安全|风险|温馨|重要)?(?:提醒|提示|警告|注意)\s*[:：!！].{0,80}(?:不在(?:您|你)的(?:通讯录|联系人)|"
        r"(?:首次|第一次)(?:向|给)(?:您|你)|陌生发件人|冒充)"
    ),
)
"""Lines that a gateway puts above the text."""

TAGS: tuple[str, ...] = (
    r"外部(?:邮件|郵件|来信|發信|发信|发件人)?",
    r"外来邮件",
    r"境外邮件",
    r"external(?: e-?mail| sender| message| mail)?",
    r"ext(?:\.| mail| sender)?",
    r"\*{0,5}spam\*{0,5}\??",
    r"(?:possible|probable|suspected) spam",
    r"(?:疑似)?(?:垃圾|广告|可疑|钓鱼)(?:邮件|郵件)",
    r"bulk",
    r"caution(?:: ?external)?",
    r"加密",
    r"secure",
    r"unverified(?: sender)?",
    r"警告",
    r"warning",
)
"""What stands in brackets where a gateway marked a subject."""


class Marks(NamedTuple):
    """What gateways add to a mail, as regular expressions: lines above the text, and words in a subject's brackets."""

    banners: tuple[str, ...] = BANNERS
    tags: tuple[str, ...] = TAGS


MARKS = Marks()
_ANSWER = r"(?:(?:re|fwd?|aw|wg|回复|答复|转发|回覆|轉寄|轉發)\s{0,2}[:：]\s{0,3}){0,6}"

_MEANT_BY_A_GATEWAY = re.compile(
    r"(?:链接|附件|谨慎|核实|识别|点击|发件人身份|钓鱼|诈骗|\blinks?\b|attachments?|\bsafe\b|recogni[sz]e|learn why|"
    r"phishing|spoof|verif|expecting|trust|了解(?:为什么|原因))",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"^[\s*_=\-—~+|#·\[\]【】!！⚠️❗]*(?:警告|注意|提醒|安全提示|安全提醒|风险提示|温馨提示|caution|warning|attention|alert)?"
    r"[\s*_=\-—~+|#·\[\]【】:：!！]*$",
    re.IGNORECASE,
)
"""Rules, blank lines and headings that stand around a banner."""
_BUTTON = re.compile(r"^\s*(?:report suspicious|report this (?:e-?mail|message)|举报(?:此|该)?邮件)\W*$", re.IGNORECASE)
_BLANKS = re.compile(r"\s{2,}")
_BARE = 12
"""Characters up to which a line is a mark and no sentence."""
_REACH = 8
"""A banner is looked for in so many of the first lines."""


@lru_cache(maxsize=8)
def _compiled(banners: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"^[\s|*>#⚠️❗]{0,6}(?:" + "|".join(f"(?:{one})" for one in banners) + ")", re.IGNORECASE)


def without_banner(lines: list[str], banners: tuple[str, ...] = BANNERS) -> list[str]:
    """The lines below a gateway's banner; all of them where there is none, or where it would be the author's words."""
    found = -1
    for index, line in enumerate(lines[:_REACH]):
        if _match(line, banners) or (0 <= found == index - 1 and _continues(line)):
            found = index
        elif found < 0 and not _FRAME.match(line[:300]):
            break
    rest = _below(lines, found, banners)
    return rest if any(line.strip() for line in rest) or _is_a_gateways(lines[: found + 1]) else lines


def _match(line: str, banners: tuple[str, ...]) -> re.Match[str] | None:
    """A banner at the start of a line; runs of blanks count as one, so that no pattern is slow over them."""
    return _compiled(banners).match(_BLANKS.sub(" ", line[:300]))


def _is_a_gateways(lines: list[str]) -> bool:
    """Whether a mail may consist of these lines alone: people write of outside mails too, a gateway warns of them."""
    text = " ".join(lines)
    return bool(_MEANT_BY_A_GATEWAY.search(text[:1000])) or len(text.strip()) < _BARE


def _below(lines: list[str], found: int, banners: tuple[str, ...]) -> list[str]:
    if found < 0:
        return lines
    rest = lines[found + 1 :]
    same_line = _rest_of_tag(lines[found], banners)
    while rest and (_FRAME.match(rest[0][:300]) or _BUTTON.match(rest[0][:60])):
        rest = rest[1:]
    return [same_line, *rest] if same_line else rest


def _rest_of_tag(line: str, banners: tuple[str, ...]) -> str:
    """What an author wrote behind a bare tag such as 【外部邮件】 on the same line."""
    line = _BLANKS.sub(" ", line)
    match = _match(line, banners)
    rest = line[match.end() :].strip() if match else ""
    bracketed = match is not None and match.group().rstrip()[-1:] in "]】)）*"
    return rest if bracketed and rest and not _MEANT_BY_A_GATEWAY.search(rest[:300]) else ""


def _continues(line: str) -> bool:
    return bool(_MEANT_BY_A_GATEWAY.search(line[:300])) and len(line) < 300


@lru_cache(maxsize=8)
def _tag_pattern(tags: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(f"(?:{one})" for one in tags)
    return re.compile(
        rf"^(\s{{0,3}}{_ANSWER})(?:(?:[\[【(（<{{*]{{1,3}}\s?(?:{words})\s?[\]】)）>}}*]{{1,3}}"
        rf"|(?:外部邮件|外部郵件|external e-?mail)\s?[:：])\s{{0,3}})+",
        re.IGNORECASE,
    )


def without_tags(subject: str, tags: tuple[str, ...] = TAGS) -> str:
    """The subject without the tags that a gateway put before it ([EXTERNAL], 【外部邮件】), behind `Re:` too."""
    pattern = _tag_pattern(tags)
    head = pattern.sub(r"\1", subject[:1000])
    return (pattern.sub(r"\1", head) + subject[1000:]).strip()
