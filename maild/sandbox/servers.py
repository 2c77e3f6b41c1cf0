"""Embedded IMAP and SMTP on loopback: a small organisation's mail server in one process, for sandbox and tests.

`with EmbeddedServers([Account(address="gm@corp.example", password="gm")]) as servers:` gives `servers.imap_port`
and `servers.smtp_port`; mail submitted for an account lands in its INBOX, and all of it is listed in `servers.sent`.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine, Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from maild.domain.value import value
from maild.sandbox import mailfiles, trace
from maild.sandbox.imapd import ImapDesk, Stored
from maild.sandbox.smtpd import Refusal, SmtpDesk, Submission, Submissions

T = TypeVar("T")


@value
class Account:
    """One person or shared mailbox of the organisation; the login name is the address."""

    address: str
    password: str
    folders: tuple[str, ...] = ()


@value
class Sent:
    """One mail that a client handed over by SMTP: envelope, bytes as sent, time, login."""

    envelope_from: str
    recipients: tuple[str, ...]
    raw: bytes
    at: datetime
    login: str


class EmbeddedServers:
    """IMAP and SMTP in a thread of their own; a context manager, and every method may be called from any thread."""

    host = "127.0.0.1"

    def __init__(
        self, accounts: Iterable[Account] = (), *, authserv_id: str = "mx.corp.example", imap_port: int = 0,
        smtp_port: int = 0, login_required: bool = True, outside: trace.Verdict = "pass", keep: Path | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:  # fmt: skip
        self.imap_port, self.smtp_port = imap_port, smtp_port
        self.authserv_id = authserv_id
        self.outside: trace.Verdict = outside
        """The verdict on mail from other domains that came without a login; our own domains without one: fail."""
        self._accounts, self._keep, self._now = list(accounts), keep, now
        self._passwords: dict[str, str] = {}
        self._sent: list[Sent] = []
        self._imap = ImapDesk()
        self._handler = Submissions(
            passwords=self._passwords, is_local=lambda address: self._account_of(address) is not None,
            login_required=login_required, accept=self._accept,
        )  # fmt: skip
        self._smtp = SmtpDesk(self._handler)
        self._listening: list[asyncio.Server] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="embedded-servers", daemon=True)

    def __enter__(self) -> Self:
        self._loop.set_exception_handler(lambda _loop, _context: None)
        self._thread.start()
        try:
            self._do(self._start())
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Keep the mails where asked to, cut every connection, end the thread; a second call does nothing."""
        if self._loop.is_closed():
            return
        if self._keep is not None:
            self.save()
        self._end()

    def save(self) -> None:
        """Write every folder below the `keep` folder as .eml files."""
        if self._keep is not None:
            self._do(mailfiles.save(self._imap, self._keep))

    def add(self, account: Account) -> None:
        """One more account, or a new password for an old one."""
        self._do(self._add(account))

    def deliver(
        self, raw: bytes, to: str, *, authentication: str | None = None, internal_date: datetime | None = None
    ) -> int:
        """Put a mail into the INBOX of `to` without SMTP; its UID.

        `authentication`: None leaves the bytes alone; "pass", "fail", "none" is the MX's verdict on From; anything
        else is written as the result itself. A plus-address adds Delivered-To.
        """
        return self._do(self._put(raw, to, authentication=authentication, at=internal_date))

    def append(self, address: str, folder: str, raw: bytes, *, internal_date: datetime | None = None) -> int:
        """Put a mail into any folder, made when missing; its UID."""
        mail = Stored(uid=0, raw=raw, internal_date=internal_date or self._now())
        return self._do(self._imap.append(self._known(address), folder, mail))

    def refuse(self, address: str, code: int, text: str, *, verb: str = "RCPT", times: int | None = None) -> None:
        """Make the SMTP server refuse an address at MAIL, RCPT or DATA, `times` times or always."""
        self._handler.refusals.set(verb, address, Refusal(reply=f"{code} {text}", times=times))

    def accept(self, address: str, *, verb: str = "RCPT") -> None:
        """Take a refusal back."""
        self._handler.refusals.set(verb, address, None)

    @property
    def sent(self) -> list[Sent]:
        """Every mail accepted by SMTP since the start, oldest first."""
        return list(self._sent)

    def inbox(self, address: str) -> list[bytes]:
        """The raw mails in INBOX, oldest first."""
        return self.folder(address, "INBOX")

    def folder(self, address: str, name: str) -> list[bytes]:
        """The raw mails in a folder, oldest first; none when there is no such folder."""
        return [mail.raw for mail in self.stored(address, name)]

    def stored(self, address: str, name: str = "INBOX") -> list[Stored]:
        """The mails in a folder with UID, date and flags."""
        return self._do(self._stored(self._known(address), name))

    def folders(self, address: str) -> list[str]:
        """The names of the account's folders."""
        return self._imap.folders(self._known(address)).names()

    def renumber(self, address: str, name: str, uidvalidity: int) -> None:
        """Change a folder's UIDVALIDITY, as after a restored backup."""
        self._do(self._renumber(self._known(address), name, uidvalidity))

    def make_read_only(self, address: str, name: str = "INBOX") -> None:
        """Let every later SELECT of the folder be READ-ONLY."""
        self._do(self._make_read_only(self._known(address), name))

    # -- inside the loop

    async def _start(self) -> None:
        for account in self._accounts:
            await self._add(account)
        if self._keep is not None:
            await mailfiles.load(self._imap, self._keep)
        imap, smtp = await self._imap.listen(self.imap_port), await self._smtp.listen(self.smtp_port)
        self._listening = [imap, smtp]
        self.imap_port, self.smtp_port = (server.sockets[0].getsockname()[1] for server in (imap, smtp))

    async def _add(self, account: Account) -> None:
        address = account.address.lower()
        self._passwords[address] = account.password
        self._imap.add(address, account.password)
        for name in account.folders:
            await self._imap.folders(address).folder(name)

    async def _accept(self, mail: Submission) -> None:
        at = self._now()
        for recipient in mail.recipients:
            if (address := self._account_of(recipient)) is not None:
                await self._file(mail, recipient=recipient, address=address, at=at)
        self._sent.append(
            Sent(envelope_from=mail.envelope_from, recipients=mail.recipients, raw=mail.raw, at=at, login=mail.login)
        )

    async def _file(self, mail: Submission, *, recipient: str, address: str, at: datetime) -> None:
        hop = trace.Hop(envelope_from=mail.envelope_from, recipient=recipient, helo=mail.helo, login=mail.login, at=at)
        raw = trace.stamped(mail.raw, hop, authserv_id=self.authserv_id, words=self._words(mail))
        await self._imap.append(address, "INBOX", Stored(uid=0, raw=raw, internal_date=at))

    def _words(self, mail: Submission) -> str:
        if mail.login:
            return trace.login_words(mail.login)
        author = trace.from_domain(mail.raw)
        ours = {trace.domain_of(address) for address in self._passwords}
        verdict = "fail" if author in ours or trace.domain_of(mail.envelope_from) in ours else self.outside
        return trace.verdict_words(verdict, envelope_from=mail.envelope_from, author_domain=author)

    async def _put(self, raw: bytes, to: str, *, authentication: str | None, at: datetime | None) -> int:
        address = self._known(to)
        if authentication is not None:
            raw = self._judged(raw, authentication)
        if address != to.lower():
            raw = f"Delivered-To: {to}\r\n".encode() + raw
        return await self._imap.append(address, "INBOX", Stored(uid=0, raw=raw, internal_date=at or self._now()))

    def _judged(self, raw: bytes, authentication: str) -> bytes:
        verdict = trace.as_verdict(authentication)
        words = authentication
        if verdict is not None:
            words = trace.verdict_words(verdict, envelope_from="", author_domain=trace.from_domain(raw))
        results = f"Authentication-Results: {self.authserv_id}; {words}\r\n".encode()
        return results + trace.without_results(raw, self.authserv_id)

    async def _stored(self, address: str, name: str) -> list[Stored]:
        folders = self._imap.folders(address)
        return (await folders.folder(name)).stored() if name in folders.names() else []

    async def _renumber(self, address: str, name: str, uidvalidity: int) -> None:
        (await self._imap.folders(address).folder(name)).renumber(uidvalidity)

    async def _make_read_only(self, address: str, name: str) -> None:
        (await self._imap.folders(address).folder(name)).set_read_only()

    async def _stop(self) -> None:
        for server in self._listening:
            server.close()
        self._smtp.hang_up()
        # A task may answer the first cancellation with a farewell to its client.
        for _ in range(5):
            others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in others:
                task.cancel()
            if others:
                await asyncio.wait(others, timeout=1)
        # One more turn of the loop, so that closed transports let go of their sockets.
        await asyncio.sleep(0.01)
        await self._loop.shutdown_asyncgens()

    # -- between the threads

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def _end(self) -> None:
        with contextlib.suppress(Exception):
            self._do(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _account_of(self, address: str) -> str | None:
        """The account that an address belongs to: itself, or what stands before its plus (RFC 5233)."""
        local, _, domain = address.lower().rpartition("@")
        return next((a for a in (f"{local}@{domain}", f"{local.split('+')[0]}@{domain}") if a in self._passwords), None)

    def _known(self, address: str) -> str:
        account = self._account_of(address)
        if account is None:
            raise KeyError(f"no account {address}")
        return account
