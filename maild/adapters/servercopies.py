"""Copies on the mail server of mails that are about to be erased, where the office lets maild remove mail from there.

That is so with `keep_on_server` or `sealed = "expunge"`. What came in goes only where its bytes are the archived ones,
what we sent where its Message-ID is ours; by UID EXPUNGE alone (RFC 4315).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select

from maild.adapters.imap import ImapServer
from maild.adapters.reading import TABLES
from maild.adapters.store import Store
from maild.errors import MaildError
from maild.settings import MailboxSettings
from maild.workflow.copies import role_name

_MAIL, _OUTBOX = TABLES["mail"], TABLES["outbox"]


@dataclass
class ServerCopies:
    """Looks in the folders of every mailbox that maild may remove mail from."""

    boxes: Collection[MailboxSettings]
    store: Store

    def remove(self, numbers: Collection[str]) -> tuple[int, list[str]]:
        """Remove them; how many these were, and a sentence for each mailbox where they stay."""
        ids, raws = self._known(numbers)
        return self.remove_known(ids, raws)

    def remove_known(self, ids: Mapping[str, bool], raws: frozenset[str]) -> tuple[int, list[str]]:
        """The same by Message-ID, each with whether the mail is ours; what came in, with one of these hashes alone."""
        count, troubles = 0, list[str]()
        for box in self.boxes:
            if box.folders.keep_on_server is None and box.folders.sealed != "expunge":
                troubles.append(f"{box.address}: the mail server keeps its copies, as keep_on_server is not set.")
                continue
            server = ImapServer(box.imap, account=box.address)
            try:
                count += sum(
                    self._in_folder(server, name, self._wanted(box, name, ids), raws) for name in self._folders(box)
                )
            except MaildError as error:
                troubles.append(f"{box.address}: the mail server keeps its copies ({error.sentence.rstrip('.')}).")
            finally:
                server.close()
        return count, troubles

    def _known(self, numbers: Collection[str]) -> tuple[dict[str, bool], frozenset[str]]:
        """Message-IDs, each with whether the mail is ours, and the hashes of what came in."""
        with self.store.reading() as books:
            found = {name: [books.seals.open(name, row) for row in books.connection.execute(
                select(table).where(table.c.number.in_(sorted(numbers)))).mappings().all()]
                for name, table in (("mail", _MAIL), ("outbox", _OUTBOX))}  # fmt: skip
        ids = {row["message_id"]: True for row in found["outbox"]}
        ids |= {row["message_id"]: False for row in found["mail"] if row["message_id"] and row["sha256"]}
        return ids, frozenset(row["sha256"] for row in found["mail"])

    def _folders(self, box: MailboxSettings) -> Iterable[str]:
        with self.store.reading() as books:
            others = [books.kept_text(role_name(box.address, use)) for use in ("Sent", "Junk")]
        return dict.fromkeys(filter(None, (*box.folders.inbox, box.folders.processed, box.folders.quarantine, *others)))

    def _wanted(self, box: MailboxSettings, name: str, ids: Mapping[str, bool]) -> dict[str, bool]:
        """Our own mails are looked for in Sent alone: elsewhere their Message-ID may be anybody's word."""
        with self.store.reading() as books:
            is_sent = name == books.kept_text(role_name(box.address, "Sent"))
        return {one: is_ours for one, is_ours in ids.items() if is_sent or not is_ours}

    def _in_folder(self, server: ImapServer, name: str, ids: Mapping[str, bool], raws: frozenset[str]) -> int:
        if not server.exists(name) or server.select(name).read_only:
            return 0
        gone = sorted(set(self._agreeing(server, ids, raws)))
        server.remove(gone)
        return len(gone)

    def _agreeing(self, server: ImapServer, ids: Mapping[str, bool], raws: frozenset[str]) -> Iterator[int]:
        for message_id, is_ours in ids.items():
            waiting = server.with_id(message_id)
            for mail in server.fetch(waiting) if waiting else ():
                if is_ours or sha256(mail.raw).hexdigest() in raws:
                    yield mail.uid
