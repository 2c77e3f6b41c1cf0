"""Letters into frozen mails: words from the templates, a key where one is due, bytes and Message-ID fixed for ever."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from maild.domain.case import Case
from maild.domain.letter import OUTSIDE, Letter, LetterKind, Rendered
from maild.domain.message import Address
from maild.domain.replykey import token
from maild.domain.value import value
from maild.mail.compose import AttachedFile, Picture, compose
from maild.workflow.books import Books
from maild.workflow.digestreplies import aside_replies, junk_replies, same_replies
from maild.workflow.enclosing import enclosed, pictures
from maild.workflow.fixes import fixes
from maild.workflow.guard import EXPERTS, guarded, linked, seen
from maild.workflow.heldback import held_back
from maild.workflow.heldround import with_round
from maild.workflow.hiding import hiding
from maild.workflow.letterhead import letterhead
from maild.workflow.localtime import when
from maild.workflow.masking import masked_for, named_for
from maild.workflow.office import Office
from maild.workflow.originals import Originals, excerpt
from maild.workflow.plan import Frozen, Key
from maild.workflow.ports import Templates
from maild.workflow.pressed import NO_PRESS, Press, made, told
from maild.workflow.replies import choices, ready_replies
from maild.workflow.sight import Sight
from maild.workflow.view import Names, case_view, promised

LIST = "LIST"
"""What the number of a list's key begins with: a letter about many cases, or about none, has a key of its own."""
ROW_REPLIES = 2
_KEYED_ROWS = frozenset({LetterKind.BUNDLE, LetterKind.GATHERED, LetterKind.HANDED_OVER})
"""Lists whose rows have each a key of their own."""


@value
class Scribe:
    """Writes the letters of one plan inside its transaction."""

    templates: Templates
    originals: Originals
    words: Callable[[str], Mapping[str, Mapping[str, str]]]
    """The catalogue of a language: group, code, words."""
    new_id: Callable[[], str]
    logo: Picture | None = None
    """The mailbox's own, on letters to the outside."""
    press: Press = NO_PRESS
    """Makes files for letters, as far as the extras for it are installed."""

    def freeze(self, letters: Sequence[Letter], books: Books, office: Office) -> list[Frozen]:
        """The mails that these letters become; one that its reader must not get becomes none."""
        return [mail for letter in letters if (mail := self._freeze(letter, books, office))]

    def shown(self, letters: Sequence[Letter], books: Books, office: Office) -> list[tuple[Letter, Rendered]]:
        """What these letters would say; no key is made and nothing becomes a mail."""
        checked = [one for letter in letters if (one := self._checked(letter, books, office))]
        return [(letter, self._rendered(letter, "", books=books, office=office)) for letter in checked]

    def _freeze(self, letter: Letter, books: Books, office: Office) -> Frozen | None:
        checked = self._checked(letter, books, office)
        return self._written(hiding(checked, books).unchained(checked, books), books, office) if checked else None

    def _checked(self, letter: Letter, books: Books, office: Office) -> Letter | None:
        """The letter as its reader may have it, without files that hold what they need not know."""
        own, names = guarded(letter, books, office), self._names(letter.language)
        kept = held_back(own, self.originals, names, books=books, office=office) if own else None
        return with_round(kept, self.originals, books=books, office=office) if kept else None

    def _written(self, letter: Letter, books: Books, office: Office) -> Frozen:
        key, long = self._key(letter, books, office) if letter.keyed else (None, "")
        mark = _mark(key, office) if key else ""
        rendered = self._rendered(self._with_rows(letter, books, office), mark, books=books, office=office)
        maild_id = self.new_id()
        message_id = f"<{long or 'maild'}.{maild_id}@{office.organisation.domain}>"
        subject = f"{rendered.subject} [{mark}]" if mark else rendered.subject
        raw = compose(
            sender=office.address, to=letter.to, subject=subject, text=rendered.text, html=rendered.html,
            date=office.now.astimezone(office.zone), message_id=message_id, maild_id=maild_id, kind=letter.kind,
            language=letter.language, reply_to=self._reply_to(long, office), in_reply_to=letter.in_reply_to,
            references=letter.references, attachments=self._attachments(letter, books, office),
            pictures=pictures(letter, self.logo),
        )  # fmt: skip
        return Frozen(
            maild_id=maild_id, message_id=message_id, number=letter.case, kind=letter.kind.value,
            recipient=letter.to.address, fallback=str(letter.data.get("fallback", "")), lane=int(letter.lane),
            subject=subject, raw=raw, next_at=max(letter.not_before or office.now, office.now),
        )  # fmt: skip

    def _with_rows(self, letter: Letter, books: Books, office: Office) -> Letter:
        """A list whose rows have each a key of their own, ready replies, and what was written."""
        rows = letter.data.get("items")
        if letter.kind not in _KEYED_ROWS or not isinstance(rows, Sequence):
            return letter
        return replace(letter, data={**letter.data, "items": [self._row(row, letter, books, office) for row in rows]})

    def _row(self, row: Mapping[str, object], letter: Letter, books: Books, office: Office) -> dict[str, object]:
        mail = self.originals.mail(str(row["mail"])) if row["mail"] else None
        done = {**row, "text": excerpt(mail, office) if mail else "", "token": "", "replies": []}
        if not row["keyed"]:
            return done
        single = replace(
            letter, kind=LetterKind(str(row["kind"])), case=str(row["number"]), data=_single(row), keyed=True
        )
        mark = _mark(self._key(single, books, office)[0], office)
        replies = ready_replies(single, mark, office, self._names(letter.language))[:ROW_REPLIES]
        return done | {"token": mark, "replies": replies}

    def _rendered(self, letter: Letter, mark: str, *, books: Books, office: Office) -> Rendered:
        context = self._context(letter, books.case(letter.case) if letter.case else None, books=books, office=office)
        context |= self._ready(letter, mark, context["data"], office)
        return hiding(letter, books).page(self.templates.render(letter, masked_for(letter, context, books, office)))

    def _key(self, letter: Letter, books: Books, office: Office) -> tuple[Key, str]:
        role = "requester" if letter.kind in OUTSIDE else "expert" if letter.kind in EXPERTS else "staff"
        data = letter.data.get("key_data", {})
        number = letter.case or books.new_number(LIST, office.now.astimezone(office.zone).year)
        key = Key(
            number=number, recipient=letter.to.address, purpose=letter.kind.value, role=role,
            data=dict(data) if isinstance(data, Mapping) else {},
        )  # fmt: skip
        if key.data and letter.case:
            key = replace(key, serial=books.next_count(f"key:{key.number}:{key.recipient}:{key.purpose}"))
        expires = letter.data.get("key_expires")
        key = replace(key, expires=expires if isinstance(expires, datetime) else None)
        long = office.keys.long(number=key.number, recipient=key.recipient, purpose=key.purpose, serial=key.serial)
        books.add_key(key, long, office.now)
        return key, long

    def _context(self, letter: Letter, case: Case | None, *, books: Books, office: Office) -> dict[str, object]:
        names = self._names(letter.language)
        data = self.originals.complete(letter.data, office, letter, case=case, facts=books)
        data |= told(letter, names, self.press)
        if "clock" in data:
            data["clock_name"] = names("clock", str(data["clock"]))
        logo = f"cid:{self.logo.cid}" if self.logo and letter.kind in OUTSIDE | EXPERTS else ""
        context = letterhead(letter, office, logo) | {"data": data, "case": None, "held": data.get("held")}
        if case is not None:
            clocks = books.clocks(case.number)
            sees = _of_outsiders(letter.kind) or seen(letter, case, office)
            view = case_view(case, clocks, office, reader=letter.to.address, language=letter.language, sees=sees,
                             names=names)  # fmt: skip
            if letter.kind not in OUTSIDE and sees >= Sight.FACTS:
                view |= {"linked": linked(letter, case, books, office), "absorbed": list(case.absorbed)}
            if letter.kind in OUTSIDE:
                view |= {"subject": data.get("subject", ""), "handler_name": ""}
                end = promised(clocks)
                data.setdefault(
                    "due_text", when(end, office, letter.to.address, letter.language, case=case) if end else ""
                )
                data.setdefault("handler_unit", view["unit_name"])
            context["case"] = view
        return context

    def _ready(self, letter: Letter, mark: str, data: object, office: Office) -> dict[str, object]:
        """The token and the ready-made replies, which need it."""
        names = self._names(letter.language)
        whole = dict(data) if isinstance(data, Mapping) else {}
        if letter.kind is LetterKind.CHOICES:
            whole["readings"] = choices(letter, mark, office, names)
        if letter.kind is LetterKind.DIGEST:
            whole["aside_replies"] = aside_replies(letter, mark, office, names)
            whole["junk_replies"] = junk_replies(letter, mark, office, names)
            whole["same_replies"] = same_replies(letter, mark, office, names)
        if letter.kind is LetterKind.REFUSAL:
            whole["fix"] = fixes(letter, names)
        return {"token": mark, "replies": ready_replies(letter, mark, office, names), "data": whole}

    def _names(self, language: str) -> Names:
        return Names(self.words(language))

    def _reply_to(self, long: str, office: Office) -> Address:
        local, _, domain = office.box.address.partition("@")
        return Address(address=f"{local}+{long}@{domain}" if long and office.plus else office.box.address)

    def _attachments(self, letter: Letter, books: Books, office: Office) -> tuple[AttachedFile, ...]:
        printed = made(letter, self._names(letter.language), self.press, books=books, office=office)
        return named_for(letter, enclosed(letter, self.originals, books, office), books, office) + printed


def _of_outsiders(kind: LetterKind) -> Sight | None:
    """What readers outside see of a case beside the words that are meant for them; None for those inside."""
    return Sight.FACTS if kind in OUTSIDE else Sight.EXISTS if kind in EXPERTS else None


def _single(row: Mapping[str, object]) -> dict[str, object]:
    """What the letter of one row alone would hold for its key and replies."""
    asked = {"key_data": row["key_data"]} if "key_data" in row else {}
    return {"role": row["role"], "steps": row.get("steps", ()), **asked}


def _mark(key: Key, office: Office) -> str:
    """What stands in the brackets of a subject."""
    short = office.keys.short(number=key.number, recipient=key.recipient, purpose=key.purpose, serial=key.serial)
    return token(key.number, short)
