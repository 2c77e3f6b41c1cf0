"""Bounces without the fields of RFC 3464: older servers, and providers that write a page of their own.

A gate comes first: a daemon as sender, a null return path, a report, or a bounce's own subject on a mail that
answers nothing. Behind it flufl.bounce reads what it knows, then the words of `bouncetext` decide.
"""

import re
from collections.abc import Iterable
from email.message import Message
from email.utils import getaddresses

from maild.domain.message import Address, Delivery, FailedRecipient
from maild.mail.bouncetext import action_in, clean_recipient, recipients_in, status_in, top_of

Found = tuple[Delivery, tuple[FailedRecipient, ...]]

_DAEMON_LOCAL = re.compile(
    r"^(?:mailer-?daemon|mailer_daemon|post_?master|mdaemon|mail-?delivery|mail\.delivery\.system|maildelivery|"
    r"mail-?system|smtp-?daemon|uucp|ndr|"
    r"bounces?|daemon|microsoftexchange\w*|mta|returns?|nobody|smtp_mail_service|e500_smtp_mail_service|mailadm|"
    r"imss|mail-?failure|tuixin|delivery|"
    r"mail-?return|antispam-?bounce|sysadmin-bounce|complaints?-bounce|autoreply-bounce)(?:[+=.-].*)?$",
    re.IGNORECASE,
)
_DAEMON_NAME = re.compile(
    r"mail delivery|mailer-?daemon|delivery (?:sub)?system|postmaster|mail administrator|internet mail delivery|"
    r"mail system|系统退信|退信|邮件投递|"
    r"邮件系统|mail delivery service|microsoft outlook|system administrator|jetmail|smtp gateway",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    (
        r"^\s*(?:\[[^\]]{1,20}\]\s*)?(?:【?系统退信|【?退信|退信通知|邮件.{0,6}送达|送达通知|投递失败|邮件投递失败|发送失败|"
        r"邮件发送失败|未送达|无法送达|无法投递|无法传递|未傳遞的主旨|無法傳遞|"
        r"寄送失敗|您(?:的|发送的)邮件.{0,40}(?:退|失败|未能)|"
        r"undeliver(?:able|ed)|(?:mail )?undelivered|delivery (?:status )?(?:notification|report|failure|"
        r"has failed|"
        r"failed|problem|error)|delivery to .{1,80} failed|failure notice|failure delivery|"
        r"returned? (?:e-?)?mail|"
        r"mail (?:delivery )?(?:failed|failure|error|problem|system error)|"
        r"mail could not be delivered|mail not delivered|message (?:delivery failure|delayed|undeliverable|"
        r"not delivered)|non-?deliver(?:y|able|ed)|permanent delivery failure|"
        r"your message (?:to .{1,80} )?(?:could not be delivered|wasn'?t delivered|couldn'?t be delivered)|"
        r"warning: (?:message|could not|mail)|failed mail|processing error|nondeliverable|"
        r"email delivery failure|"
        r"unzustellbar|nicht zustellbar|non remis|échec de la remise|no se puede entregar|mancata consegna|"
        r"mensagem não entregue|не доставлено|недоставленное сообщение|配信不能|couldn'?t deliver)"
    ),
    re.IGNORECASE,
)
_MISSPELT = re.compile(r"[<\"](?:mailer-daemon|postmaster)[\\\"]", re.IGNORECASE)
_SERVER = re.compile(r"Internet Mail Service|Microsoft CDO|SMTP|MDaemon|.{0,20}(?:Server|Gateway)", re.IGNORECASE)
_ABSENCE = re.compile(
    r"自动(?:回复|答复)|自動(?:回覆|答覆)|out of (?:the )?office|automatic reply|auto-?(?:matic )?reply|"
    r"vacation|abwesen|"
    r"réponse automatique|respuesta automática",
    re.IGNORECASE,
)
_MAX_TEXT = 60_000


def is_from_daemon(message: Message, author: Address) -> bool:
    """Whether a mail system wrote it: by its address, its name, or a null return path (RFC 5321 section 4.5.5)."""
    local = author.address.partition("@")[0]
    if _DAEMON_LOCAL.match(local) or (not author.address and _DAEMON_NAME.search(str(message.get("From") or ())[:300])):
        return True
    if _is_null_path(message) or _MISSPELT.search(str(message.get("From") or "")[:300]):
        return True
    return bool(_DAEMON_NAME.search(author.name[:200])) and not _answers(message)


def _is_null_path(message: Message) -> bool:
    path = message.get("Return-Path")
    return path is not None and re.sub(r"[\s<>\"]", "", str(path)[:300]).lower().partition("@")[0] in (
        "",
        "mailer-daemon",
    )


def _answers(message: Message) -> bool:
    return bool(message.get("In-Reply-To") or message.get("References"))


def is_gated(message: Message, author: Address, subject: str) -> bool:
    """Whether the mail may be a bounce at all."""
    if message.get_content_type() == "multipart/report" or is_from_daemon(message, author):
        return True
    return bool(_SUBJECT.match(subject[:300])) and not _answers(message) and not _from_client(message)


def _from_client(message: Message) -> bool:
    """A person's mail client names itself; a mail system does not."""
    mailer = str(message.get("X-Mailer") or "")
    server = re.match(
        r"Internet Mail Service|Microsoft CDO|SMTP|MDaemon|.{0,20}(?:Server|Gateway)", mailer, re.IGNORECASE
    )
    return bool(message.get("User-Agent") or message.get("Thread-Index") or (mailer and not server))


def bounced(message: Message, *, author: Address, subject: str, text: str) -> Found | None:
    """What a bounce without report fields says; None for every other mail."""
    if not is_gated(message, author, subject) or _speaks_of_absence(message, subject):
        return None
    said = top_of(text)
    failed = action_in(subject, said)
    others = _not_meant(message, author)
    known = _by_header(message, failed) or _by_flufl(message, others)
    if known is not None:
        action = Delivery.DELAYED if failed is Delivery.DELAYED else known[0]
        return action, _with_status(_wanted(known[1]), said or text)
    bounce_subject = bool(_SUBJECT.match(subject[:300]))
    addresses = recipients_in(text, but=others)
    if failed is None or not (bounce_subject or addresses) or (failed is Delivery.DELIVERED and not bounce_subject):
        return None
    return failed, _with_status(addresses, said or text)


def _speaks_of_absence(message: Message, subject: str) -> bool:
    """An absence note also comes with a null path, and names addresses; it speaks of a person, not of a delivery."""
    if message.get_content_type() == "multipart/report" or _SUBJECT.match(subject[:300]):
        return False
    return bool(_ABSENCE.search(subject[:200]))


def _with_status(addresses: Iterable[str], said: str) -> tuple[FailedRecipient, ...]:
    status = status_in(said)
    return tuple(FailedRecipient(address=one, status=status) for one in addresses)


def _not_meant(message: Message, author: Address) -> frozenset[str]:
    """The report's own writer and reader."""
    ours = getaddresses([str(message.get(name) or "")[:2000] for name in ("To", "Delivered-To", "Reply-To")])
    return frozenset({author.address, *(address.lower() for _, address in ours[:20])} - {""})


def _wanted(addresses: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in addresses if not one.startswith(("mailer-daemon@", "postmaster@"))) or addresses


def _by_header(message: Message, failed: Delivery | None) -> tuple[Delivery, tuple[str, ...]] | None:
    """Exim and Gmail name the addresses in X-Failed-Recipients."""
    named = str(message.get("X-Failed-Recipients") or "")[:5000]
    addresses = tuple(dict.fromkeys(one for one in map(clean_recipient, named.split(",")) if one))
    return (failed or Delivery.FAILED, addresses) if addresses else None


def _by_flufl(message: Message, others: frozenset[str]) -> tuple[Delivery, tuple[str, ...]] | None:
    """flufl.bounce on a bounded copy; it raises on damaged mails, which then are no news."""
    from flufl.bounce import all_failures

    try:
        delayed, failed = all_failures(_bounded(message))
    except Exception:  # noqa: BLE001  its detectors raise IndexError, AttributeError, LookupError and more
        return None
    for action, found in ((Delivery.FAILED, failed), (Delivery.DELAYED, delayed)):
        addresses = sorted({clean_recipient(one.decode("ascii", "replace")) for one in found} - others - {""})
        if addresses:
            return action, tuple(addresses)
    return None


def _bounded(message: Message, depth: int = 0) -> Message:
    """The mail with texts cut to a size that a slow pattern can bear, and without what is deeply nested."""
    copy = Message()
    for name, content in message.items()[:200]:
        copy[name] = str(content)[:2000]
    payload = message.get_payload()
    if isinstance(payload, list) and depth < 4:
        copy.set_payload([_bounded(one, depth + 1) for one in payload[:12] if isinstance(one, Message)])
    elif isinstance(payload, str):
        copy.set_payload("\n".join(line[:1000] for line in payload[:_MAX_TEXT].splitlines()[:1500]))
    return copy
