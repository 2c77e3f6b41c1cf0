"""Delivery reports: what failed, for whom, and which outgoing mail it was.

The fields of RFC 3464 count first. What has none is read by the rules of `bounces`, behind a gate that only a
machine passes: a person who forwards a report, or writes of one, is never taken for it.
"""

import email.parser
from collections.abc import Iterator
from email.message import Message
from itertools import islice

from maild.domain.message import Address, Delivery, DeliveryReport, FailedRecipient
from maild.mail.bounces import bounced, is_from_daemon, is_gated
from maild.mail.bouncetext import STATUS, clean_recipient, status_in
from maild.mail.original import Original, original_in

_ACTIONS = {
    "fail": Delivery.FAILED,
    "error": Delivery.FAILED,
    "delay": Delivery.DELAYED,
    "deliver": Delivery.DELIVERED,
    "relay": Delivery.RELAYED,
    "expand": Delivery.EXPANDED,
}
_ORDER = (Delivery.FAILED, Delivery.DELAYED, Delivery.DELIVERED, Delivery.RELAYED, Delivery.EXPANDED)
_REPORTS = ("message/delivery-status", "message/global-delivery-status", "text/delivery-status")
_KNOWN = ("Final-Recipient", "Original-Recipient", "Reporting-MTA", "Action")
_MAX_PARTS, _MAX_BLOCKS = 100, 500


def read_report(message: Message, *, author: Address, subject: str, text: str) -> DeliveryReport | None:
    """The delivery report that `message` is, or None (RFC 3464; other forms by vendor).

    Failed for good is `Delivery.FAILED`; read receipts (RFC 8098) and abuse reports (RFC 5965) are none.
    """
    kind = str(message.get_param("report-type") or "").lower() if _is_report(message) else ""
    daemon = is_from_daemon(message, author)
    if kind == "feedback-report" or (kind == "disposition-notification" and not daemon):
        return None
    fields = _from_fields(message) if _is_report(message) or is_gated(message, author, subject) else None
    found = fields or bounced(message, author=author, subject=subject, text=text)
    if found is None or (kind == "disposition-notification" and found[0] is not Delivery.FAILED):
        return None
    return _report(found[0], found[1], original_in(message, text))


def _report(action: Delivery, recipients: tuple[FailedRecipient, ...], original: Original) -> DeliveryReport:
    return DeliveryReport(
        action=action,
        recipients=recipients,
        original_message_id=original.message_id,
        original_maild_id=original.maild_id,
        original_subject=original.subject,
    )


def _is_report(message: object) -> bool:
    return isinstance(message, Message) and message.get_content_type() == "multipart/report"


def _own_parts(message: Message, *, nested: bool = False) -> Iterator[Message]:
    """The parts of the mail itself; with `nested` also of an attached report, which a gateway passed on."""
    waiting = [message]
    for _ in range(_MAX_PARTS):
        if not waiting:
            return
        part = waiting.pop()
        yield part
        children = part.get_payload()
        if not isinstance(children, list):
            continue
        passed_on = nested and part.get_content_type() == "message/rfc822" and _is_report(children[0])
        if part.get_content_maintype() == "multipart" or passed_on:
            waiting.extend(child for child in reversed(children) if isinstance(child, Message))


def _from_fields(message: Message) -> tuple[Delivery, tuple[FailedRecipient, ...]] | None:
    """The per-recipient fields (RFC 3464 section 2.3): the gravest action, and whom it befell."""
    found: dict[Delivery, list[FailedRecipient]] = {}
    for part in _own_parts(message, nested=not _is_report(message)):
        if part.get_content_type() in _REPORTS:
            for block in islice(_blocks(part), _MAX_BLOCKS):
                action = _action(block)
                if action is not None:
                    found.setdefault(action, []).append(_recipient(block))
    for action in _ORDER:
        if action in found:
            return action, _distinct(found[action])
    return None


def _distinct(recipients: list[FailedRecipient]) -> tuple[FailedRecipient, ...]:
    known = {one.address: one for one in reversed(recipients) if one.address}
    return tuple(reversed(known.values()))


def _blocks(part: Message) -> Iterator[Message]:
    """Groups of fields; a part that is still encoded, or of the kind `global`, is split at blank lines."""
    payload = part.get_payload()
    inside = payload[:_MAX_BLOCKS] if isinstance(payload, list) else []
    blocks = [one for one in inside if isinstance(one, Message)]
    known = any(name in block for block in blocks for name in _KNOWN)
    if not known:
        yield from _split(_raw(part, blocks))
        return
    yield from blocks
    if len(blocks) == 1:
        yield from _split(_body(blocks[0]))


def _raw(part: Message, blocks: list[Message]) -> str:
    """The text of the fields, with the transfer encoding undone."""
    content = part.get_payload(decode=True)
    if blocks:
        holder = Message()
        holder["Content-Transfer-Encoding"] = str(part.get("Content-Transfer-Encoding", "8bit"))
        holder.set_payload("\n".join(_body(block) for block in blocks))
        content = holder.get_payload(decode=True)
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""


def _body(block: Message) -> str:
    payload = block.get_payload()
    return payload if isinstance(payload, str) else ""


def _split(text: str) -> Iterator[Message]:
    parser = email.parser.HeaderParser()
    for group in text[:200_000].replace("\r\n", "\n").split("\n\n"):
        if group.strip():
            yield parser.parsestr(group.strip("\n") + "\n")


def _field(block: Message, name: str) -> str:
    return " ".join(str(block.get(name) or "").split())[:1000]


def _action(block: Message) -> Delivery | None:
    word = _field(block, "Action").lower()
    status = _field(block, "Status")
    recipient = _field(block, "Final-Recipient") or _field(block, "Original-Recipient")
    for start, action in _ACTIONS.items():
        if word.startswith(start):
            return action
    if recipient and status[:2] in ("5.", "4.", "2."):
        return {"5": Delivery.FAILED, "4": Delivery.DELAYED, "2": Delivery.DELIVERED}[status[0]]
    return None


def _recipient(block: Message) -> FailedRecipient:
    """Original-Recipient before Final-Recipient: it is whom we wrote to (RFC 3464 section 2.3.1)."""
    names = ("Original-Recipient", "Final-Recipient", "X-Actual-Recipient")
    addresses = (clean_recipient(_field(block, name)) for name in names)
    diagnostic = _field(block, "Diagnostic-Code")
    status = STATUS.search(_field(block, "Status"))
    return FailedRecipient(
        address=next((one for one in addresses if one), ""),
        status=status[0] if status else status_in(diagnostic),
        diagnostic=diagnostic.partition(";")[2].strip() or diagnostic,
    )
