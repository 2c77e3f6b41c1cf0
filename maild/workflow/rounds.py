"""The folders beside the inbox: what people sent by hand, what lies among the junk, our own copies (casework 1).

Looked at once a minute, after the inbox: an answer must find the mail that it answers.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from maild.errors import MaildError, ServerGone
from maild.workflow.books import Books
from maild.workflow.copies import COPY, role_name
from maild.workflow.keeping import Keeper
from maild.workflow.plan import Received
from maild.workflow.ports import Mark
from maild.workflow.receive import Receiver

log = logging.getLogger("maild.rounds")
PATIENCE = timedelta(minutes=3)
"""How long a provider that may file copies by itself is waited for."""
_MOST_COPIES = 200


@dataclass
class Rounds:
    """Goes round the other folders of one mailbox."""

    receiver: Receiver
    keeper: Keeper
    files_sent: bool | None = None
    """Whether the provider puts what goes out by SMTP into Sent by itself; None: to be seen."""
    _last: float = 0.0
    _heard: dict[str, str] = field(default_factory=dict)

    def due(self) -> bool:
        """Whether a minute (the poll's length) has gone by since the last time."""
        return not self._last or time.monotonic() - self._last >= self.receiver.box.poll_seconds

    def go(self) -> int:
        """Read what is new in Sent and Junk, file our copies, keep house; returns how many mails were new."""
        self._last = time.monotonic()
        new = self._try("Junk", self._junk) + self._try("Sent", self._sent)
        self._try("house", self.keeper.look)
        return new

    def _try(self, what: str, do: Callable[[], int]) -> int:
        """A folder that cannot be read stops no other; its trouble is logged once. `ServerGone` is everybody's."""
        try:
            done = do()
        except ServerGone:
            raise
        except MaildError as error:
            if self._heard.get(what) != error.sentence:
                log.warning("%s", error.sentence)
            self._heard[what] = error.sentence
            return 0
        self._heard.pop(what, None)
        return done

    def _junk(self) -> int:
        name = self._resolved("Junk", self.receiver.box.folders.junk)
        return self.receiver.one_folder(name) if name else 0

    def _resolved(self, use: str, said: str) -> str:
        """The folder's name; "" where there is none, or the settings want none. The pipeline asks for it later."""
        name = self.receiver.server.special(use) or "" if said == "auto" else said
        with self.receiver.store.reading() as books:
            known = books.kept_text(role_name(self.receiver.box.address, use))
        if name != known:
            with self.receiver.store.writing() as books:
                books.keep_text(role_name(self.receiver.box.address, use), name)
        return name

    def _sent(self) -> int:
        server, name = self.receiver.server, self._resolved("Sent", self.receiver.box.folders.sent)
        if not name:
            return 0
        folder = server.select(name)
        cursor = self.receiver.begin(folder)
        waiting, old = self.receiver.wanted(cursor, folder)
        ours = self._ours(server.marks([mail.uid for mail in waiting]))
        if ours:
            # Before the cursor passes them; noted twice they are the same.
            with self.receiver.store.writing() as books:
                self._note(ours.values(), books)
        new = self.receiver.take_all(folder, [mail for mail in waiting if mail.uid not in ours], old)
        if ours:
            with self.receiver.store.writing() as books:
                self.receiver.advance(folder, waiting, books)
        self._file_copies(name)
        return new

    def _ours(self, marks: Mapping[int, Mark]) -> dict[int, Mark]:
        """The copies of our own mails, known by X-Maild-Id."""
        with self.receiver.store.reading() as books:
            return {uid: one for uid, one in marks.items() if one.maild_id and books.sent(maild_id=one.maild_id)}

    def _note(self, copies: Iterable[Mark], books: Books) -> None:
        """Copies that are there need no filing; a Message-ID that the provider changed is another name of the mail."""
        box = self.receiver.box
        seen = {one.maild_id: one for one in copies}
        waiting = books.lines(box.address, COPY)
        books.lines_told([i for i, _, line in waiting if line.data["maild_id"] in seen], self.receiver.machine())
        for one in seen.values():
            sent = books.sent(maild_id=one.maild_id)
            if sent and one.message_id not in {"", sent.message_id} and books.received(one.message_id) is None:
                alias = Received(
                    message_id=one.message_id, sha256="", number=sent.number, author=box.address, subject="",
                    received=sent.queued_at, disposition="own-mail",
                )  # fmt: skip
                books.remember(alias, mailbox=box.address, pack=box.pack, fingerprint=f"copy:{one.maild_id}")

    def _file_copies(self, name: str) -> None:
        box, store, now = self.receiver.box, self.receiver.store, self.receiver.machine()
        with store.reading() as books:
            waiting = books.lines(box.address, COPY)[:_MOST_COPIES]
            raws = {ident: books.raw_of(str(line.data["maild_id"])) for ident, _, line in waiting}
        for ident, at, _ in waiting:
            if self.files_sent is None and timedelta(0) <= now - at < PATIENCE:
                continue
            raw = raws[ident]
            if raw and not self.files_sent:
                self.receiver.server.append(name, raw, now)
            with store.writing() as books:
                books.lines_told([ident], now)
