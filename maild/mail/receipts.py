"""Tells a machine's receipt by its words alone: ticket systems that send no header of their own.

Only what stands in the mail's own text counts, in a sentence that begins as a machine's does; a person who cites
such a sentence puts something before it, a question behind it, or quotation marks around it.
"""

import re

from maild.mail.fresh import fresh_text

_SENTENCES = re.compile(r"[。！!？\n；;]|(?<=[a-z)])\.(?=\s|$)")
_LEAD = (
    r"^[\s*_#（(【\[<「~\-—=>·•.。!！注：:]{0,12}(?:(?:注意?|备注|提示|温馨提示|友情提示|特别提示|说明|"
    r"ps|p\.s\.|note|please note|"
    r"important|hinweis|hint)\s*[:：,，】\]]?\s*(?:that )?)?"
)
_MACHINE = re.compile(
    _LEAD
    + (
        r"(?:(?:本|此|该|這|这|本封|此封|这封|這封)(?:邮件|郵件|信件|信|电子邮件|回复|消息|通知|邮箱)(?:为|"
        r"是|由|係|乃|系|属于|仅)?(?:系统|系統|机器人|程序|服务器|自动|"
        r"自動|电脑|平台)[^？?]{0,40}(?:发|發|生成|产生|回复|回覆|邮件|通知|寄)|"
        r"(?:这是|這是|此为|此為|本邮件为|此邮件为)(?:一封|一个|一條)?(?:由)?(?:系统|系統|自动|"
        r"自動)[^？?]{0,30}|系统(?:自动)?(?:邮件|发送|发出|生成|回复|"
        r"通知)[^？?]{0,6}[,，、(（]?\s*(?:请|請)?(?:勿|不要|无需|無需|不必)(?:直接)?(?:回复|答复|回覆)|"
        r"(?:系统|系統)(?:自动|自動)(?:发送|發送|发出|生成|回复|通知)[^？?]{0,12}$|(?:由)?(?:系统|"
        r"系統)(?:自动|自動)?(?:发送|发出|生成)的?(?:邮件|通知)|"
        r"(?:请|請)(?:您)?(?:勿|不要|無需|无需)(?:直接(?:回复|回覆|答复)|(?:回复|回覆|答复)(?:此|本|"
        r"该)(?:邮件|郵件|信|邮箱)|(?:回复|回覆|答复)[)）】\]\s]{0,6}$)|"
        r"this (?:is|was|has been) (?:an? )?(?:auto(?:mat(?:ic|ed|ically))?(?:[- ](?:generated|response|"
        r"reply|"
        r"message|e-?mail|notification|acknowledge?ment|confirmation|sent))|system[- ]generated|"
        r"computer[- ]generated)|"
        r"this (?:e-?mail|message|mail|notification|reply|response|mailbox|inbox|"
        r"address)(?: address)? (?:is|was|"
        r"has been|were) (?:sent |generated |being )?(?:an? )?(?:auto|not (?:monitored|attended|checked)|"
        r"unattended|"
        r"unmonitored|system|computer|sent from an? (?:notification[- ]only|unmonitored|unattended))|"
        r"(?:please )?(?:do not|don'?t|no need to) (?:reply|respond) (?:directly )?(?:to )?(?:this|the|"
        r"that) (?:e-?mail|message|mail|address|notification)|replies to this (?:e-?mail|message|address|"
        r"mailbox)|"
        r"diese (?:e-?mail|nachricht|mail) wurde (?:automatisch|maschinell)|dies ist eine automatisch|"
        r"bitte (?:antworten sie|nicht).{0,40}nicht auf diese|"
        r"ce (?:message|courriel|mail|e-?mail) (?:est|a été) (?:envoyé |généré |un )?(?:automatique|"
        r"message automatique)|(?:merci de )?ne pas répondre à ce|este (?:correo|mensaje|e-?mail|"
        r"mensagem)[\w\s]{0,20}(?:autom[áa]tic)|por favor,? no (?:responda|conteste)|"
        r"questa? (?:e-?mail|messaggio)[\w\s]{0,30}automatic|dit is een automatisch|"
        r"deze e-?mail is automatisch|"
        r"このメールは.{0,20}(?:自動|送信専用)|本メールは.{0,20}(?:自動|送信専用)|это автоматическ)"
    ),
    re.IGNORECASE,
)
_COMPLAINS = re.compile(
    r"我|你们|貴司|贵司|你司|投诉|为什么|为何|凭什么|难道|\bI\b|\bmy\b|\bwe got\b|\bI got\b|\bwhy\b|"
    r"收到(?:了)?(?:一封|你们)|显示|写着|说"
)
_TICKET = re.compile(
    (
        r"[\[【(（#]\s*(?:工单|单号|受理号|案件|事件|服务单|请求|ticket|case|request|incident|issue|"
        r"support|sr|inc|ref|req|tkt|"
        r"helpdesk)?\s*(?:id|no\.?|number|编号|号)?\s*[-:：#]{0,2}\s*[a-z]{0,6}[-_]?\d{2,}|(?:工单|ticket|"
        r"case|request|"
        r"incident)\s*(?:id|no\.?|number|编号)?\s*[#:：]?\s*\d{3,}"
    ),
    re.IGNORECASE,
)
_RECEIVED = re.compile(
    (
        r"(?:已(?:成功)?(?:登记|受理|创建|收到您|提交|追加|关闭|解决|更新|分配|收悉)|(?:收到|"
        r"接到)(?:了)?您的(?:来信|邮件|反馈|请求|咨询|留言)|"
        r"工单[^。\n]{0,20}(?:已|状态)|将(?:在|于)[^。\n]{1,20}(?:回复|答复|处理|联系)|"
        r"(?:has|have) been (?:received|created|registered|logged|opened|updated|assigned|closed|resolved|"
        r"submitted)|(?:we(?:'ve| have)?|have) received your (?:request|message|e-?mail|ticket|inquiry|"
        r"enquiry|query)|"
        r"thank(?:s| you) for (?:contacting|your (?:e-?mail|message|request|inquiry|enquiry|interest)|"
        r"getting in touch|reaching out)|a (?:ticket|case|request) has been|we (?:will|'ll|"
        r"aim to) (?:respond|reply|"
        r"get back|be in touch)|ihre (?:anfrage|nachricht).{0,40}(?:erhalten|eingegangen))"
    ),
    re.IGNORECASE,
)
_TO_ANYBODY = re.compile(
    (
        r"^\s*(?:尊敬的(?:客户|用户|先生|女士|会员|各位|顾客|您)|亲爱的(?:客户|用户|会员)|您好|你好|"
        r"dear (?:customer|user|sir|"
        r"madam|valued|client|member|requester|all)|hi there|hello|hi\b|sehr geehrte damen|bonjour|"
        r"estimad[oa]|##-|"
        r"thank)"
    ),
    re.IGNORECASE,
)
_ANSWERING = re.compile(r"^\s*(?:re|回复|答复|回覆|答覆|aw|sv|fwd?|转发|轉寄|wg|tr)\s?[:：]", re.IGNORECASE)
_MAX_TEXT = 20_000


def machine_receipt(text: str, subject: str) -> bool:
    """Whether the text is a machine's receipt or notice, told by its words alone."""
    own = fresh_text(text[:_MAX_TEXT]) or ""
    body = own or text[:_MAX_TEXT]
    if not own and text.strip():
        return False
    return _says_machine(body + "\n" + _tail_of(text)) or _is_ticket_receipt(body, subject)


def _tail_of(text: str) -> str:
    """The lines that a signature rule may have cut: `通利服务台（系统邮件，请勿直接回复）`."""
    lines = [line for line in text[:_MAX_TEXT].splitlines() if line.strip()]
    quoted = any(line.lstrip().startswith((">", "＞")) or "写道" in line or "wrote:" in line for line in lines)
    return "" if quoted or len(lines) > 60 else "\n".join(lines[-3:])


def _says_machine(text: str) -> bool:
    pieces = _SENTENCES.split(text)
    if any(("系统" in one or "automat" in one.lower()) and _COMPLAINS.search(one[:200]) for one in pieces[:400]):
        return False
    return any(_MACHINE.match(one) for piece in pieces[:400] for one in _candidates(piece[:400]))


def _candidates(piece: str) -> tuple[str, ...]:
    """The sentence, and what stands in brackets at its end, where machines like to say it."""
    opened = max(piece.rfind("（"), piece.rfind("("), piece.rfind("【"), piece.rfind("["))
    clause = piece.rpartition("，")[2] if "，" in piece and piece.startswith(("本", "此", "该")) else ""
    return tuple(one for one in (piece, piece[opened + 1 :] if opened >= 0 else "", clause) if one)


def _is_ticket_receipt(body: str, subject: str) -> bool:
    """A ticket number in the subject, a greeting to anybody, and a sentence that something was received."""
    if _ANSWERING.match(subject[:60]) or len(body) > 2500 or not _TICKET.search(subject[:300]):
        return False
    return bool(_TO_ANYBODY.match(body[:200]) and _RECEIVED.search(body[:800]))
