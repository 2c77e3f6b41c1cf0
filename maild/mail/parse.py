"""One mail, from the bytes that the server holds to a frozen value (parse-contract.md).

`parse` raises `Unparsable` for a mail past the bounds, which then goes to quarantine; `parse_anyway` answers for
every input, and says in `defects` what it could not read.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice

from maild.domain.message import Address, Mail, is_packed
from maild.errors import Unparsable
from maild.mail import bounds
from maild.mail.addresses import addresses
from maild.mail.automatic import why_automatic
from maild.mail.banners import MARKS, Marks, without_tags
from maild.mail.calendars import LONGEST, cards, invitations
from maild.mail.charset import storable
from maild.mail.dsn import read_report
from maild.mail.fresh import fresh_text
from maild.mail.htmltext import html_text
from maild.mail.language import language
from maild.mail.linkedfiles import linked_files
from maild.mail.mime import Part, Reader
from maild.mail.odd import locked, wordless
from maild.mail.parts import (
    Body,
    attachment,
    body_text,
    file_name,
    is_attachment,
    leaves,
    name_defects,
    own_texts,
    stray_texts,
    unread_texts,
)
from maild.mail.tnef import Package, unpacked
from maild.mail.words import decoded_words

_NOBODY = Address(address="")
_ID = re.compile(r"<([^<>]{1,998})>")
_BLANKS = re.compile(r"\s+")
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?\s*(?:[+-]\d\d:?\d\d|Z)?")
_MORE_HEADERS = ("list-id", "precedence", "auto-submitted", "x-mailer", "list-unsubscribe", "content-language")
_MOST_DEFECTS = 50
_UNREAD = "too many texts: the rest was not read"
_MOST_PACKAGES = 3
_CALENDARS = {"text/calendar": ".ics", "application/ics": ".ics"}
_CARDS = {"text/vcard": ".vcf", "text/x-vcard": ".vcf", "text/directory": ".vcf"}


def parse(raw: bytes, marks: Marks = MARKS) -> Mail:
    """The mail; `Unparsable` when it is past the bounds. `marks` is what the office's gateways add to a mail."""
    bounds.check(raw)
    return _mail(raw, Reader().read(raw), (), marks)


def parse_anyway(raw: bytes, marks: Marks = MARKS) -> Mail:
    """The mail as far as it can be read; never raises."""
    try:
        return parse(raw, marks)
    except Unparsable as error:
        return parse_bounded(raw, error.sentence, marks)
    except Exception as error:  # noqa: BLE001  an unknown fault must not stop the mails behind this one
        return parse_bounded(raw, f"could not be read: {type(error).__name__}", marks)


def parse_bounded(raw: bytes, why: str, marks: Marks = MARKS) -> Mail:
    """What the first part of a mail says that must not be read whole; `why` stands in its defects."""
    part = bounds.excerpt(raw)
    for readable in (part, part.partition(b"\n\n")[0] + b"\n\n"):
        with suppress(Exception):
            return _mail(raw, Reader(strict=False).read(readable), (why,), marks)
    return Mail(author=_NOBODY, sha256=hashlib.sha256(raw).hexdigest(), size=len(raw), defects=(why,))


def attachment_bytes(raw: bytes, sha256: str) -> bytes | None:
    """The decoded bytes of the attachment with that hash, None when the mail has none such."""
    return attachments_in(raw, {sha256}).get(sha256)


def attachments_in(raw: bytes, wanted: Collection[str]) -> dict[str, bytes]:
    """The decoded bytes of the attachments with these hashes, as far as the mail has them; it is read once for all."""
    found: dict[str, bytes] = {}
    with suppress(Unparsable):
        for part in leaves(Reader().read(raw)):
            if is_attachment(part) and len(found) < len(wanted):
                data = part.data()
                inside = unpacked(data).files if is_packed(part.media, file_name(part)) else ()
                pieces = ((hashlib.sha256(data).hexdigest(), data), *((i.attachment.sha256, i.content) for i in inside))
                found |= {sha256: content for sha256, content in pieces if sha256 in wanted}
    return found


class _Fields:
    """The decoded header of a mail, collecting charset defects while it is read."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self.charset_defects = list(part.header_defects)

    def raw(self, name: str) -> str:
        """The first field of that name with encoded-words standing, "" when there is none."""
        return storable(str(self._part.get(name, "")))

    def all(self, name: str) -> list[str]:
        """Every field of that name."""
        return [storable(str(value)) for value in self._part.get_all(name, [])]

    def text(self, name: str) -> str:
        """A field of free text, decoded."""
        text, defects = decoded_words(self.raw(name))
        self._note(name, defects)
        return text

    def mailboxes(self, name: str) -> tuple[Address, ...]:
        """The mailboxes of all fields of that name."""
        found: list[Address] = []
        for value in self.all(name):
            some, defects = addresses(value)
            found += some
            self._note(name, defects)
        return tuple(found[: bounds.ADDRESSES])

    def ids(self, name: str) -> tuple[str, ...]:
        """Message identifiers in angle brackets, in order (RFC 5322 section 3.6.4)."""
        value = decoded_words(self.raw(name))[0] if "=?" in self.raw(name) else self.raw(name)
        found = [_BLANKS.sub("", one) for one in _ID.findall(value[: bounds.FIELD])]
        found = found or [word for word in re.split(r"[\s,<>]+", value) if word]
        return tuple(dict.fromkeys(f"<{one}>" for one in found[: bounds.FIELDS]))

    def _note(self, name: str, defects: Iterable[str]) -> None:
        self.charset_defects += (f"{name}: {defect}" for defect in defects)


def _mail(raw: bytes, part: Part, defects: tuple[str, ...], marks: Marks) -> Mail:
    fields = _Fields(part)
    author, *co_authors = fields.mailboxes("from") or (_NOBODY,)
    subject = fields.text("subject")
    texts, pages = own_texts(part, "text/plain"), own_texts(part, "text/html")
    html = "\n".join(page.text for page in pages)
    text = _joined(texts) or html_text(html[: bounds.TEXT // 2]).strip() or _joined(texts := stray_texts(part))
    packages, unread = _packages(part), unread_texts(part)
    text = text or next((one.text for one in packages if one.text), "")
    attached = tuple(attachment(leaf) for leaf in leaves(part) if is_attachment(leaf))
    fresh = fresh_text(text, html, author_name=author.name, banners=marks.banners)
    report = read_report(part, author=author, subject=subject, text=text)
    automatic, reason = why_automatic(part, author=author, subject=subject, text=text, report=report)
    date = sent_at(fields.raw("date"))
    ids = fields.ids("message-id")
    mail = Mail(
        message_id=ids[0] if ids else "",
        in_reply_to=next(iter(fields.ids("in-reply-to")), ""),
        references=fields.ids("references"),
        author=author,
        co_authors=tuple(one for one in co_authors if one.address != author.address),
        sender=next(iter(fields.mailboxes("sender")), None),
        reply_to=fields.mailboxes("reply-to"),
        to=fields.mailboxes("to"),
        cc=fields.mailboxes("cc"),
        delivered_to=_delivered_to(fields),
        return_path=_return_path(fields),
        subject=subject,
        tagless=without_tags(subject, marks.tags),
        date=date,
        text=text,
        fresh_text=fresh,
        html=html,
        attachments=attached,
        unpacked=tuple(file.attachment for package in packages for file in package.files),
        report=report,
        automatic=automatic,
        automatic_reason=reason,
        lang=language(fresh or text),
        authentication_results=tuple(fields.all("authentication-results")),
        maild_id=fields.raw("x-maild-id"),
        has_forwarded_original=report is None and any(leaf.is_embedded for leaf in leaves(part)),
        charset_defects=_unique([*fields.charset_defects, *_charset_defects(part, texts, pages)]),
        defects=_unique([*defects, *_defects(part, date, author), *([_UNREAD] if unread else [])]),
        sha256=hashlib.sha256(raw).hexdigest(),
        fingerprint=_fingerprint(fields, subject, [*texts, *pages], (*unread, *(one.sha256 for one in attached))),
        size=len(raw),
        headers=_headers(fields),
    )
    return _with_odd_things(mail, part)


def _packages(part: Part) -> list[Package]:
    """What the first few winmail.dat hold."""
    found = (leaf for leaf in leaves(part) if is_packed(leaf.media, file_name(leaf)))
    return [unpacked(leaf.data()) for leaf in islice(found, _MOST_PACKAGES)]


def _with_odd_things(mail: Mail, part: Part) -> Mail:
    """The mail with what it brings besides text and attachments, and why it may have none (casework 2)."""
    return replace(
        mail,
        linked_files=linked_files(mail.text, mail.html),
        invitations=tuple(event for words in _texts_of(part, _CALENDARS) for event in invitations(words)),
        cards=tuple(card for words in _texts_of(part, _CARDS) for card in cards(words)),
        locked=locked(part, mail.fresh_text),
        wordless=wordless(part, mail.fresh_text, mail.text, mail.attachments),
    )


def _texts_of(part: Part, kinds: Mapping[str, str]) -> Iterator[str]:
    """The text of the first parts of these media types or with these file name endings."""
    found = (
        leaf for leaf in leaves(part) if leaf.media in kinds or file_name(leaf).lower().endswith(tuple(kinds.values()))
    )
    yield from (body_text(leaf).text[:LONGEST] for leaf in islice(found, 3))


def _joined(bodies: Iterable[Body]) -> str:
    """Texts one below the other, "" when all are blank."""
    return "\n".join(text.rstrip("\n") for body in bodies if (text := body.text) and text.strip())


def _delivered_to(fields: _Fields) -> tuple[str, ...]:
    names = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
    return tuple(dict.fromkeys(one.address for name in names for one in fields.mailboxes(name)))


def _return_path(fields: _Fields) -> str | None:
    """The envelope sender that the last server wrote down (RFC 5321 section 4.4)."""
    if not fields.all("return-path"):
        return None
    return next((one.address for one in fields.mailboxes("return-path")), "")


def _headers(fields: _Fields) -> dict[str, str]:
    kept = {name: fields.text(name)[:1000] for name in _MORE_HEADERS if fields.raw(name)}
    return {**kept, "from": decoded_words(fields.raw("from"))[0][:1000]}


def sent_at(value: str) -> datetime | None:
    """The time of a Date field in UTC (RFC 5322 section 3.3); None where it is none."""
    for reader in (parsedate_to_datetime, _iso_date):
        with suppress(ValueError, TypeError, OverflowError, IndexError):
            moment = reader(value[:200].strip())
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    return None


def _iso_date(value: str) -> datetime:
    found = _ISO_DATE.search(value)
    if not found:
        raise ValueError
    return datetime.fromisoformat(found[0].replace(" +", "+").replace(" -", "-"))


def _charset_defects(part: Part, *bodies: list[Body]) -> Iterator[str]:
    for some in bodies:
        for body in some:
            yield from body.defects
    for leaf in leaves(part):
        yield from name_defects(leaf)


def _defects(part: Part, date: datetime | None, author: Address) -> Iterator[str]:
    if not author.address:
        yield "no From address"
    if date is None:
        yield "no readable Date" if part.get("date") else "no Date"
    waiting = [part]
    while waiting:
        one = waiting.pop()
        yield from one.troubles
        waiting += one.children


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))[:_MOST_DEFECTS]


def _fingerprint(fields: _Fields, subject: str, bodies: list[Body], hashes: tuple[str, ...]) -> str:
    """What stays the same when one mail comes by two roads, and differs when the content does (casework 1)."""
    whole = hashlib.sha256()
    head = (fields.raw("message-id"), fields.raw("from"), fields.raw("date"), subject)
    for piece in (*head, *(body.text for body in bodies), *hashes):
        data = piece.encode("utf-8", "replace")
        whole.update(b"%d:%b" % (len(data), data))
    return whole.hexdigest()
