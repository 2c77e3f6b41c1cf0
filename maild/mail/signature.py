"""Signatures, device lines and disclaimers at the end of what somebody wrote.

Data dropped is worse than a signature kept: a soft sign (a name, a valediction) counts only where text stands above
it and every line below it looks like a signature. A list of hyphens is never one.
"""

import re
from collections.abc import Callable
from functools import partial

from maild.mail.contacts import is_contact_line, is_name_line, looks_like_closing

Cut = Callable[[list[str]], list[str]]

_DELIMITER = re.compile(r"^\s{0,3}(?:--|—|——|__|--\s*<br>)\s*$")
_DASH_NAME = re.compile(r"^(?:(?:--?|—)\s{0,2}[A-Z][\w.'’-]{1,20}(?: [A-Z][\w.'’-]{0,20}){0,3}|--?[a-z]{2,12}\.?)$")
_DASH_WORD = re.compile(r"^-+\s*(?:yes|no|ok|okay|thanks|done|none|new|add|fix)\b", re.IGNORECASE)
_HAN_SENTENCE = re.compile(r"[\u4e00-\u9fff].{3,}[。！？]")
_RULE = re.compile(r"^\s{0,3}[_=*—─－~-]{8,}\s*$")
_FOOTER = re.compile(r"https?://|\S@\S|mailing list|unsubscribe|退订|邮件列表", re.IGNORECASE)
_DEVICE = (
    r"(?:iphone|ipad|android|安卓|手机|手機|客户端|邮箱|邮件|大师|foxmail|outlook|华为|huawei|荣耀|"
    r"小米|xiaomi|redmi|oppo|vivo|"
    r"samsung|galaxy|三星|mate|魅族|阿里|钉钉|企业微信|微信|飞书|mac|pad|windows|qq)"
)
_SENT_FROM = re.compile(
    (
        r"^[\s*_<\[(>-]{0,4}(?:(?:someone )?from (?:my )?(?:iphone|ipad|mobile|android)[\w ]{0,10}|(?:sent|"
        r"posted) "
        r"(?:wirelessly )?(?:from|via|by|with|using) (?:my |the |a |an )?[\w\s.'’()/+&:?=-]{1,70}|"
        r"get outlook for (?:ios|android|mac).{0,60}|sent with (?:\w+ ?){1,4}|"
        rf"(?:发自|發自|发送自).{{0,30}}{_DEVICE}[^，。；,;！？]{{0,20}}|"
        rf"从(?:小米|红米|华为|荣耀|三星|魅族|oppo|vivo)\s?手机发送|(?:来自|來自|从|從)\s?(?:我的|我)\s?.{{0,24}}{_DEVICE}[^，。；,;！？]{{0,16}}|"
        rf"(?:来自|來自)\s?(?:yahoo|网易|阿里|钉钉|企业微信|飞书|qq|foxmail|outlook|华为|小米|"
        rf"[a-z]{{2,12}} ).{{0,16}}|"
        r"(?:获取|取得|下载)\s?outlook.{0,40}|(?:télécharger|obtenir|obtener) outlook.{0,40}|"
        r"(?:von (?:meinem|unterwegs)|gesendet (?:von|mit|über)) .{0,60}|"
        r"diese nachricht wurde .{0,60}(?:gesendet|geschickt)|"
        r"envoy[ée] (?:sans fil )?(?:de|par|depuis|avec|à partir de) .{0,70}|"
        r"enviad[oa] (?:desde|do|de|a partir do) .{0,60}|inviat[oa] (?:da|dal) .{0,40}|"
        r"(?:verzonden (?:vanaf|met|vanuit|via)|verstuurd vanaf|sendt fra|skickat från|lähetetty) .{0,40}|"
        r"(?:wysłan[eo] z|отправлено (?:с|из)|odesláno z) .{0,40}|"
        r"(?:iphone|ipad|android)\s?(?:から送信|에서 보냄)|私の.{0,20}から送信|나의 .{0,20}에서 보냄)"
        r"(?:[,.]\s{0,3}please excuse .{0,40})?(?:<\S{1,100})?[\s.!*_>\])-]{0,6}$"
    ),
    re.IGNORECASE,
)
_NOT_A_DEVICE = re.compile(
    r"\b(?:desk|home|office|heart|side|bed|house|account|team|colleague|manager|boss|supplier|warehouse|branch|"
    r"company|store|shop)\b"
    r"|我的(?:家|心|角度|同事|供应商|客户)|(?:上|本|这)(?:周|月|封)|(?:已|未|没|被|收到|回复|投诉)",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    (
        r"^[\s*_>【\[（(!#=-]{0,6}(?:免责声明|免責聲明|保密声明|保密聲明|保密提示|保密须知|保密条款|"
        r"重要声明|法律声明|声明[:：】]|"
        r"(?:此|本|該|该)(?:电子)?(?:邮件|郵件|信息).{0,30}(?:保密|机密|機密|仅供|僅供|专供|特定|指定|"
        r"发送给|收件人)|"
        r"(?:the )?(?:information|contents?) (?:contained |transmitted )?(?:in|of|with) (?:this|"
        r"the) (?:e-?mail|"
        r"message|communication|electronic)|"
        r"this (?:e-?mail|message|communication|transmission)(?: message)?,? ?(?:\(?(?:and|including|"
        r"together|with|"
        r"any).{0,60}?)?(?:\b(?:is|are|may|contains?|has been)\b).{0,60}"
        r"(?:confidential|privileged|intended|solely|legally)|confidentiality(?: notice| note|"
        r" statement)?\s*[:：*-]|"
        r"(?:e-?mail |legal )?disclaimer\b\s*[:：*-]?|"
        r"(?:privileged|confidential|private|sensitive|important)[\w /]{0,24}(?:notice|note|"
        r"information)\s*[:：-]|"
        r"if you are not the intended recipient|"
        r"please consider the environment|think before you print|"
        r"diese (?:e-?mail|nachricht).{0,40}(?:vertraulich|bestimmt)|"
        r"(?:wichtiger )?hinweis:.{0,60}(?:vertraulich|"
        r"e-?mail)|"
        r"ce (?:message|courriel|mail).{0,60}(?:confidentiel|destiné)|este (?:mensaje|correo|mensagem|"
        r"e-?mail).{0,60}(?:confidencial|destinad)|"
        r"questo messaggio.{0,60}(?:riservat|confidenzial)|dit bericht.{0,40}(?:vertrouwelijk|bestemd))"
    ),
    re.IGNORECASE,
)
_LEGAL = re.compile(
    (
        r"confidential|privileged|intended|recipient|liab|disclos|unauthori[sz]ed|virus|print|保密|机密|"
        r"機密|收件人|删除|刪除|法律|"
        r"误收|披露|承担|责任|vertraulich|"
        r"confiden[tcz]|destin|riservat|vertrouwelijk"
    ),
    re.IGNORECASE,
)
_VALEDICTION = re.compile(
    (
        r"^[\s*_>-]{0,4}(?:(?:with )?(?:best|kind|warm|warmest|kindest|many|sincere|my|"
        r"friendly)? ?(?:best )?(?:regards|wishes|greetings)|regards|rgds|br|"
        r"best|all the best|cheers|sincerely|yours(?: (?:sincerely|faithfully|truly))?|sincerely yours|"
        r"respectfully(?: yours)?|many thanks|thanks(?: (?:a lot|again|so much|"
        r"and (?:best |kind )?regards|in advance))?|thank you(?: (?:very much|again|in advance|so much))?|"
        r"thx|"
        r"mit freundlichen gr(?:ü|ue)(?:ß|ss)en|freundliche gr(?:ü|ue)(?:ß|ss)e|(?:viele|liebe|beste|"
        r"sch[öo]ne|"
        r"herzliche)n? gr(?:ü|ue)(?:ß|ss)en?|gru(?:ß|ss)|mfg|lg|"
        r"(?:bien )?cordialement|(?:bien |très )?à vous|salutations(?: distinguées)?|bonne (?:journée|"
        r"soirée|réception)|"
        r"(?:un )?(?:cordial )?saludos?|(?:un )?abrazo|atentamente|(?:muchas )?gracias|cordiali saluti|"
        r"(?:distinti )?saluti|grazie|"
        r"atenciosamente|cumprimentos|obrigad[oa]|abraços|met (?:vriendelijke|hartelijke) groet(?:en)?|"
        r"(?:hartelijke |vriendelijke )?groet(?:en|jes)?|mvg|"
        r"med v[äe]nlig(?:a)? h[äi]ls(?:ning|ningar|en)|(?:bästa |vänliga )?hälsningar|"
        r"(?:med )?venlig hilsen|"
        r"(?:de )?bedste hilsner|hilsen|mvh|dbh|kh|knus|"
        r"pozdrawiam(?: serdecznie)?|z powa[żz]aniem|s pozdravem|с уважением|ystävällisin terveisin|"
        r"üdvözlettel|"
        r"saygılarımla|"
        r"此致|敬礼|此致[\s,，]*敬礼|敬禮|顺祝商祺|順頌商祺|顺颂商祺|祝商祺|祝好|祝您?(?:工作顺利|生活愉快|"
        r"万事如意|愉快|安好)|以上|谢谢|謝謝|感谢|多谢|顺颂?时祺|敬上|敬启)"
        r"(?: ?/ ?[\w ]{2,40})?[\s,，.!！。、:*_~]{0,6}$"
    ),
    re.IGNORECASE,
)
_TAIL, _ROUNDS = 12, 30


def without_signature(lines: list[str], *, author_name: str = "") -> list[str]:
    """The lines above signature, device line, list footer and disclaimer."""
    kept = _stripped(lines)
    cuts: tuple[Cut, ...] = (
        *_CUTS,
        partial(_at_names, author_name=author_name),
        partial(_at_author, author_name=author_name),
    )
    for _ in range(_ROUNDS):
        shorter = next((found for cut in cuts if len(found := _stripped(cut(kept))) < len(kept)), None)
        if shorter is None:
            return kept
        kept = shorter
    return kept


def _stripped(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return lines[:end]


def _written(lines: list[str]) -> list[str]:
    return [line for line in lines if line.strip()]


def _last(lines: list[str], reach: int, is_start: Callable[[str], bool]) -> int:
    """The first line within the last `reach` written lines for which `is_start` holds; -1 without one."""
    seen, found = 0, -1
    for index in range(len(lines) - 1, -1, -1):
        if not lines[index].strip():
            continue
        seen += 1
        if seen > reach:
            break
        if is_start(lines[index]):
            found = index
    return found


def _at_delimiter(lines: list[str]) -> list[str]:
    """RFC 3676 section 4.3; without the blank behind the hyphens only a short tail counts."""
    exact = _last(lines, 40, lambda line: line == "-- ")
    if exact >= 0:
        return lines[:exact]
    found = _last(lines, _TAIL, lambda line: bool(_DELIMITER.match(line[:20])))
    if found >= 0 and all(len(one) < 160 and not _HAN_SENTENCE.search(one) for one in lines[found:]):
        return lines[:found]
    longer = _last(lines, 4, lambda line: line.strip() == "---")
    return lines[:longer] if longer > 0 and all(looks_like_closing(one) for one in lines[longer + 1 :]) else lines


def _at_footer(lines: list[str]) -> list[str]:
    """A rule with a list's footer, or with nothing but names and numbers, below it."""
    found = _last(lines, 7, lambda line: bool(_RULE.match(line[:200])))
    if found < 0:
        return lines
    tail = _written(lines[found + 1 :])
    footer = not tail or any(_FOOTER.search(one[:300]) for one in tail) or all(is_contact_line(one) for one in tail)
    return lines[:found] if footer else lines


def _at_device(lines: list[str]) -> list[str]:
    """`Sent from my iPhone`, 发自我的iPhone: the line goes, and a short tail with it."""
    found = _last(lines, 6, _names_device)
    if found < 0:
        return lines
    tail = _written(lines[found + 1 :])
    short = len(tail) <= 4 and all(is_contact_line(one) or len(one) < 30 for one in tail)
    return lines[:found] if short else lines[:found] + lines[found + 1 :]


def _names_device(line: str) -> bool:
    return len(line) <= 90 and bool(_SENT_FROM.match(line)) and not _NOT_A_DEVICE.search(line)


def _at_disclaimer(lines: list[str]) -> list[str]:
    found = _last(lines, 30, lambda line: bool(_DISCLAIMER.match(line[:300])))
    if found <= 0 or not _LEGAL.search("\n".join(lines[found : found + 6])[:4000]):
        return lines
    return lines[:found] if _written(lines[:found]) else lines


def _at_dash_name(lines: list[str]) -> list[str]:
    """`-Ann Example` as the last line; a list has a second line with a hyphen, or a colon before it."""
    if len(lines) < 2 or _DASH_WORD.match(lines[-1]) or not _DASH_NAME.match(lines[-1][:90]):
        return lines
    above = _written(lines[:-1])
    listed = any(one.lstrip().startswith(("-", "—")) for one in above[-6:]) or above[-1:][0].endswith((":", "："))
    return lines if listed else lines[:-1]


def _at_valediction(lines: list[str]) -> list[str]:
    near = range(len(lines) - 1, max(-1, len(lines) - 14), -1)
    found = next((at for at in near if len(lines[at]) <= 80 and _VALEDICTION.match(lines[at])), -1)
    if found <= 0 or not _written(lines[:found]):
        return lines
    tail = _written(lines[found + 1 :])
    signed = bool(tail) and all(looks_like_closing(one) for one in tail)
    formal = not tail and not _is_thanks(lines[found])
    return lines[:found] if signed or formal else lines


def _is_thanks(line: str) -> bool:
    """Thanks may be all that somebody wants to say."""
    return bool(re.search(r"than|thx|谢|謝|grac|graz|obrig|以上|cheers", line[:80], re.IGNORECASE))


def _at_names(lines: list[str], author_name: str) -> list[str]:
    """The last paragraphs of name, unit, title and telephone; never the only text, never what a colon announces."""
    start = _names_begin(lines, author_name)
    above = _written(lines[:start])
    if not above or start == len(lines) or above[-1].rstrip().endswith((":", "：")):
        return lines
    return lines[:start]


def _names_begin(lines: list[str], author_name: str) -> int:
    """Where the run of signature lines at the end has its first paragraph that begins or ends with a name."""
    begin, written, named = len(lines), 0, False
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        if not line.strip():
            continue
        written += 1
        if written > _TAIL - 4 or not (is_contact_line(line) or _begins_with(line, author_name)):
            break
        named = named or is_name_line(line) or _begins_with(line, author_name)
        if named and index > 0 and not lines[index - 1].strip():
            begin = index
    return begin


def _at_author(lines: list[str], author_name: str) -> list[str]:
    """The author's own name as the last line, with or without a blank line above it."""
    name = author_name.strip()
    above = _written(lines[:-1])
    if not above or len(name) < 2 or above[-1].rstrip().endswith((":", "：")):
        return lines
    return lines[:-1] if lines[-1].strip(" -—,.。") in (name, name.split()[0]) else lines


def _begins_with(line: str, author_name: str) -> bool:
    name = author_name.strip()
    return len(name) > 1 and line.strip().startswith(name) and len(line) < 60


_CUTS: tuple[Cut, ...] = (
    _at_delimiter,
    _at_footer,
    _at_device,
    _at_disclaimer,
    _at_valediction,
    _at_dash_name,
)
