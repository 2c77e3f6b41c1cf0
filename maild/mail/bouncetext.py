"""The words of bounces: addresses, RFC 3463 codes, reasons, in English, Chinese and a few other languages."""

import re

from maild.domain.message import Delivery

STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d]|\.\d)")
_ADDRESS = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
_ANY_ADDRESS = re.compile(_ADDRESS)
_REASONS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (status, re.compile(words, re.IGNORECASE))
    for status, words in (
        (
            "5.2.2",
            (
                r"空间(?:已满|不足)|容量(?:已满|不足)|邮箱已?满|信箱已滿|超出配额|超过.{0,6}容量|quota|"
                r"mailbox (?:is )?full|over ?quota|"
                r"insufficient (?:disk )?(?:space|storage)|storage limit"
            ),
        ),
        (
            "5.1.1",
            (
                r"(?:收件人|收件地址|用户|帐号|账号|邮箱|邮件地址|地址|收件者)[^。\n]{0,40}不存在|"
                r"不存在[^。\n]{0,20}(?:收件人|用户|邮箱|地址)|查无此人|"
                r"无此用户|无效的?(?:收件人|地址|用户)|(?:user|recipient|mailbox|address|account)[^.\n]{0,60}"
                r"(?:unknown|not exist|doesn'?t exist|not found|invalid|unavailable|rejected|no longer|"
                r"not listed|inactive|disabled)|not listed in|no such (?:user|person|mailbox|recipient|address)|"
                r"unknown (?:user|recipient|local|address)|no mailbox|does(?:n't|"
                r" not) have an? [\w.]+ account|invalid (?:recipient|mailbox|address)"
            ),
        ),
        (
            "5.2.1",
            (
                r"(?:帐号|账号|邮箱|用户)[^。\n]{0,12}(?:停用|冻结|禁用|锁定|注销|停止|过期)|"
                r"mailbox (?:is )?(?:disabled|inactive)|"
                r"account (?:is )?(?:disabled|suspended|inactive)"
            ),
        ),
        (
            "5.1.2",
            (
                r"(?:域名|主机|服务器)[^。\n]{0,20}(?:不存在|无法(?:找到|解析)|错误|解析失败)|"
                r"找不到[^。\n]{0,12}(?:域|服务器|主机)|"
                r"host (?:or domain name )?(?:not found|unknown)|unknown host|domain (?:not found|does not exist)|"
                r"no mx|nxdomain|name service error|unrouteable (?:mail )?domain"
            ),
        ),
        (
            "5.3.4",
            (
                r"邮件(?:太大|过大)|超过.{0,12}(?:大小|限制)|附件(?:太大|过大)|(?:message|"
                r"mail)[^.\n]{0,40}(?:too (?:large|big|"
                r"long)|exceed)|size limit"
            ),
        ),
        (
            "5.7.1",
            (
                r"拒收|拒绝(?:接收|了?您)|被拒绝|黑名单|垃圾邮件|反垃圾|屏蔽|频率|spam|blocked|blacklist|blocklist|"
                r"relay(?:ing)? (?:access )?denied|not (?:authori[sz]ed|permitted|allowed)|policy"
            ),
        ),
        ("5.4.6", r"too many hops|loop|循环"),
        ("5.4.4", r"无法连接|连接(?:失败|超时|被拒)|connection (?:refused|timed out)|could ?n[o']t connect|no route"),
        ("5.4.7", r"投递超时|重试.{0,20}失败|超时|time-?out|timed out|retry time|too old|expired"),
    )
)
_FAILED = re.compile(
    (
        r"退信|未送达|未能送达|无法(?:送达|投递|传递|发送|传送|寄达)|投递失败|发送失败|传送失败|被退回|"
        r"退回|不能送达|未成功|无法将|寄送失敗|無法(?:傳遞|送達|遞送|寄達|傳送)|退回|邮件被拒|拒收|"
        r"undeliver|not (?:be )?deliver|n[o']t (?:be )?deliver|(?:delivery|mail|message|"
        r"deliver)[\w\s'\"<>@.:;,-]{0,60}(?:fail|unsuccessful|error|rejected|return)|fail\w* (?:to|"
        r"in) deliver|"
        r"permanent (?:fatal )?errors?|permanent failure|"
        r"returned? (?:mail|message|to sender)|returning (?:your )?(?:message|mail)|unable to (?:deliver|"
        r"complete|"
        r"send|relay|find)|could ?n[o']t (?:be )?(?:deliver|process|send)|wasn'?t delivered|"
        r"has been (?:blocked|"
        r"rejected)|did not reach|"
        r"non-?deliver|unzustellbar|konnte nicht zugestellt|nicht zugestellt|zustellung[\w\s]{0,30}fehl|"
        r"non remis|"
        r"échec|n'a pas pu être|no se (?:pudo|ha podido) entregar|no se entreg|devuelto|mancata consegna|"
        r"non (?:è stato )?recapitat|não (?:foi )?entreg|"
        r"не (?:доставлено|может быть доставлено|удалось доставить)|配信(?:でき|不能|エラー)|"
        r"送信できません|届けることができません|반송|전송 ?실패|"
        r"user unknown|no such user|unknown user|mailbox (?:is )?full|quota exceeded|"
        r"the following address|addresses? failed|rejected your message"
    ),
    re.IGNORECASE,
)
_DELAYED = re.compile(
    (
        r"warning only|do not need to resend|(?:will|is|being|we(?:'| wi)ll) (?:continue|keep|still be|"
        r"be) (?:to try|trying|retr|attempt)|will be retried|still being retried|not yet been delivered|"
        r"(?:is|"
        r"has been|was) (?:temporarily )?delayed|"
        r"delivery (?:is |has been )?(?:temporarily )?delayed|message delayed|mail delayed|delayed (?:mail|"
        r"\d+ (?:hour|day))|\(delay(?:ed)?\)|temporar(?:y|ily) (?:delivery )?(?:failure|unable|deferred|"
        r"delay)|"
        r"will keep trying|continue trying|gmail will retry|"
        r"no action is required|verzögert|retard(?:é|o)|retrasad|延迟|正在重试|将继续(?:尝试|重试|投递)|"
        r"会继续(?:尝试|重试|投递)|稍后(?:将|"
        r"会)?(?:重试|再次)|暂时(?:无法|未能)|尚未送达|仍在尝试"
    ),
    re.IGNORECASE,
)
_FOR_GOOD = re.compile(
    (
        r"failed permanently|permanent (?:fatal )?(?:error|failure)|giving up|gave up|i'?ve given up|"
        r"no longer (?:be )?(?:tr|attempt)|will not be retried|final notice|last attempt|已停止(?:重试|"
        r"投递)|不再(?:重试|尝试)|放弃|"
        r"退信原因|has failed|已被?退回|action: failed"
    ),
    re.IGNORECASE,
)
_DELIVERED = re.compile(
    r"(?:was|has been|been|successfully) (?:successfully )?(?:delivered|relayed)(?! to you)|delivery (?:report|"
    r"status).{0,20}success|\(success\)|\(relay\)|成功(?:送达|投递)|已(?:成功)?送达|已送達|已递送|已传递给",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    (
        rf"(?:无法(?:发送|送达|投递|传递)(?:到|至|给)|(?:退信|失败|被退|投递失败)?(?:收件人|收信人|收件者|"
        rf"收件地址|收件人地址|邮件地址|退信地址|"
        rf"失败地址)(?:[^\n@:：]{{0,20}})|发往|发送给|目标地址|(?:failed |final |original |"
        rf"intended )?recipients?(?: address(?:es)?)?|"
        rf"delivery (?:to|for)|(?:deliver(?:ed|y)?|sent|send) (?:[\w ]{{0,40}})?(?:to|for)|(?:following|"
        rf"these) (?:address|recipient|user)\w*|^to|"
        rf"user)(?:\s|[:：\"'<(【「]){{1,24}}(?P<address>{_ADDRESS})"
    ),
    re.IGNORECASE | re.MULTILINE,
)
_LEADING = re.compile(
    (
        rf"^[ \t>*|]{{0,8}}[<\"'【(]{{0,2}}(?P<address>{_ADDRESS})[>\"'】)]{{0,2}}\s{{0,3}}(?:[:：;,(-]|$|"
        rf"\.{{3}}|\s不|\s无|\[|does|has|was|is|：)"
    ),
    re.MULTILINE,
)
_COPY = re.compile(
    r"^[-=_ \t>*]{0,60}(?:(?:below this line is|this is|here is) (?:a|the) copy|(?:unsent|original|returned|"
    r"undelivered|your|the) (?:message|mail|email)[\w ]{0,24}(?:follows|below|text|is included|headers?|-{2,}|"
    r"begins)|original message|message (?:header|text|body|source)s?\b|headers? (?:of|from|follow)|"
    r"原始?邮件(?:内容|信息)?|原邮件|邮件原文|received:|return-path:|included is a copy|transcript of session ends|"
    r"received headers|--+ ?BEGIN)",
    re.IGNORECASE | re.MULTILINE,
)
_OWN = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|abuse|support|help(?:desk)?|webmaster|"
    r"admin(?:istrator)?|hostmaster)@",
    re.IGNORECASE,
)
_HEAD = 12_000


def top_of(text: str) -> str:
    """What the machine says, without the copy of the mail below it; whole where nothing stands above the copy."""
    head = text[:_HEAD]
    copy = _COPY.search(head)
    return head[: copy.start()] if copy and copy.start() > 60 else head


def clean_recipient(field: str) -> str:
    """The address of `rfc822; ann@x.example`, lower case; "" where none can be read (RFC 3464 section 2.3.2)."""
    found = _ANY_ADDRESS.search(field[:500])
    return found[0].lower().strip(".") if found and ".." not in found[0] else ""


def status_in(text: str) -> str:
    """The RFC 3463 code that stands in the text, else the one that its words mean, else ""."""
    codes: list[str] = [one for one in STATUS.findall(text[:_HEAD]) if one[0] in "54"]
    if codes:
        return next((one for one in codes if one[0] == "5"), codes[0])
    return next((status for status, words in _REASONS if words.search(text[:_HEAD])), "")


def action_in(subject: str, text: str) -> Delivery | None:
    """Failed, delayed, delivered, or None where the words speak of no delivery."""
    words = subject + "\n" + text
    if _DELAYED.search(words) and not _FOR_GOOD.search(words):
        return Delivery.DELAYED
    if _FAILED.search(words):
        return Delivery.FAILED
    return Delivery.DELIVERED if _DELIVERED.search(words) else None


def recipients_in(text: str, *, but: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The addresses that the text names as not reached, in order; those in `but` and of daemons are left out."""
    head = top_of(text)
    for pattern in (_LEADING, _LABELLED):
        found = _addresses((one["address"] for one in pattern.finditer(head)), but)
        if found:
            return found
    return _addresses((one[0] for one in _ANY_ADDRESS.finditer(head)), but)[:1]


def _addresses(found: object, but: frozenset[str]) -> tuple[str, ...]:
    lower = (str(one).lower().strip(".") for one in found)  # type: ignore[attr-defined]
    return tuple(dict.fromkeys(one for one in lower if one not in but and not _OWN.match(one)))[:50]
