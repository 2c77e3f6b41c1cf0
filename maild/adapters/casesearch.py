"""Which cases hold certain words: their facts, subjects and senders of their mails, and what those mails say.

The words of mails come from the index (`searching.py`), which knows no confidential case; `bodies` reads every mail
again but theirs. A confidential case is found by its alias and what it says of itself, never by who wrote.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from sqlalchemy import select

from maild.adapters.reading import TABLES
from maild.adapters.store import Store
from maild.domain.alias import alias_of, hidden
from maild.domain.case import Case
from maild.domain.masks import PLAIN, Look, masked
from maild.domain.message import Mail
from maild.domain.replykey import find_case_numbers
from maild.errors import MaildError
from maild.workflow.filedrecords import is_record, kept_as
from maild.workflow.ports import Archive

_CASE, _MAIL = TABLES["case"], TABLES["mail"]
_CASES = select(_CASE.c.number, _CASE.c.data).order_by(_CASE.c.received.desc())
_BOXES = select(_CASE.c.mailbox).distinct()
_MAILS = select(_MAIL.c.number, _MAIL.c.subject, _MAIL.c.author, _MAIL.c.sha256)


class CaseSearch:
    """Looks through one installation."""

    def __init__(self, store: Store, archive: Archive, parse: Callable[[bytes], Mail], look: Look = PLAIN) -> None:
        self._store, self._archive, self._parse, self._look = store, archive, parse, look

    def find(self, words: Sequence[str], *, bodies: bool = False) -> list[str]:
        """The numbers of the cases in which all words occur, newest first; `bodies` reads every mail again."""
        wanted = [word.casefold() for word in words]
        texts: dict[str, list[str]] = defaultdict(list)
        with self._store.reading() as books:
            cases = [books.case_of(row) for row in books.connection.execute(_CASES).mappings().all()]
            mails = [books.seals.open("mail", row) for row in books.connection.execute(_MAILS).mappings().all()]
            said = set(books.found(" ".join(words), [box for (box,) in books.connection.execute(_BOXES)], len(cases)))
        sealed = {case.number for case in cases if case.confidential}
        for mail in mails:
            if mail["number"] and mail["number"] not in sealed:
                body = self._body(mail["sha256"]) if bodies else ()
                texts[mail["number"]] += [mail["subject"], mail["author"], *body]
        return [
            case.number
            for case in cases
            if case.number in said or _holds([case.number, *_facts(case), *texts[case.number]], wanted)
        ]

    def records(self, words: Sequence[str]) -> list[str]:
        """One line for each filed record whose mail says all words: number, day, writer, subject."""
        query = " ".join(words)
        with self._store.reading() as books:
            boxes = [box for (box,) in books.connection.execute(select(_MAIL.c.mailbox).distinct())]
            numbers = dict.fromkeys((*find_case_numbers(query.upper()), *books.found(query, boxes)))
            kept = [(one, text) for one in numbers if is_record(one) and (text := books.kept_text(kept_as(one)))]
        found = [(number, json.loads(text)) for number, text in kept]
        return [
            f"{number}  {one['at'][:10]}  {one['by']}  {masked(one['subject'] or one['text'][:60], self._look)}"
            for number, one in found
        ]

    def _body(self, sha256: str) -> Iterator[str]:
        """The text of a mail and the names of its files; nothing where the archive copy is gone."""
        if not sha256:
            return
        try:
            mail = self._parse(self._archive.get(sha256))
        except MaildError:
            return
        yield mail.text or mail.fresh_text
        yield from (attachment.filename for attachment in mail.attachments)


def _facts(case: Case) -> Iterator[str]:
    said = (case.subject, case.summary, case.type, case.unit or "", case.handler or "")
    yield from (hidden(one, case) for one in said)
    yield from (alias_of(case),) if case.confidential else (case.requester.address, case.requester.name)


def _holds(texts: Iterable[str], wanted: Sequence[str]) -> bool:
    whole = "\n".join(texts).casefold()
    return all(word in whole for word in wanted)
