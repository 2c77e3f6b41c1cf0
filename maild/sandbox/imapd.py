"""The embedded IMAP server: pymap's in-memory backend with keywords and without lost wake-ups."""

import asyncio
import ssl
from argparse import Namespace
from datetime import datetime
from functools import cache
from typing import Any

from proxyprotocol.reader import ProxyProtocolReader
from proxyprotocol.version import ProxyProtocolVersion
from pymap.backend.dict import Config, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials.flag import Flag, Recent, Wildcard, get_system_flags
from pymap.user import UserMetadata
from pysasl import SASLAuth
from pysasl.hashing import Cleartext

from maild.domain.value import value

_LINE_LIMIT = 1 << 20


@value
class Stored:
    """One mail as it lies in a folder."""

    uid: int
    raw: bytes
    internal_date: datetime
    flags: frozenset[str] = frozenset()


class KeywordMailbox(MailboxData):  # type: ignore[misc]
    """A folder that keeps keywords and tells every idler of every change."""

    @property
    def permanent_flags(self) -> frozenset[Any]:
        """System flags and any keyword (RFC 3501 7.1 PERMANENTFLAGS with a wildcard)."""
        return frozenset((get_system_flags() - {Recent}) | {Wildcard})

    async def update_selected(self, selected: Any, *, wait_on: Any = None) -> Any:
        """Wait only when nothing has happened since the client was last told."""
        behind = selected.mod_sequence != self._mod_sequences.highest
        return await super().update_selected(selected, wait_on=None if behind else wait_on)

    def renumber(self, uidvalidity: int, max_uid: int | None = None) -> None:
        """Give the folder another UIDVALIDITY, as a server does that was rebuilt (RFC 3501 2.3.1.1)."""
        self._uid_validity = uidvalidity
        if max_uid is not None:
            self._max_uid: int = max_uid

    def set_read_only(self) -> None:
        """From now on every SELECT of it says READ-ONLY."""
        self._readonly = True

    @property
    def max_uid(self) -> int:
        """The highest UID ever given."""
        return self._max_uid

    async def restore(self, mail: Stored) -> int:
        """Put a saved mail in with its old UID; lowest first."""
        self._max_uid = mail.uid - 1
        return await self.put(mail, recent=False)

    async def put(self, mail: Stored, *, recent: bool = True) -> int:
        """Put a mail in as the newest one; the UID that it got."""
        flags = frozenset(Flag(flag.encode()) for flag in mail.flags)
        added = await self.append(AppendMessage(mail.raw, mail.internal_date, flags), recent=recent)
        return int(added.uid)

    def stored(self) -> list[Stored]:
        """Every mail, lowest UID first."""
        return [_stored(self._messages[uid]) for uid in sorted(self._messages)]


def _stored(message: Any) -> Stored:
    flags = frozenset(str(flag) for flag in message.permanent_flags)
    return Stored(uid=message.uid, raw=bytes(message._content), internal_date=message.internal_date, flags=flags)


class KeywordMailboxSet(MailboxSet):  # type: ignore[misc]
    """One account's folders, each of them a `KeywordMailbox`."""

    def __init__(self) -> None:
        super().__init__()
        self._inbox = self._new()

    def _new(self) -> KeywordMailbox:
        return KeywordMailbox(self._content_cache, self._thread_cache)

    async def add_mailbox(self, name: str) -> Any:
        """Make the folder, subscribed so that mail clients show it."""
        async with self._set_lock.write_lock():
            if name in self._set:
                raise ValueError(name)
            self._set[name] = made = self._new()
            self._subscribed[name] = True
        return made.mailbox_id

    def names(self) -> list[str]:
        """INBOX and every other folder."""
        return ["INBOX", *self._set]

    async def folder(self, name: str) -> KeywordMailbox:
        """The folder, made when missing."""
        if name.upper() != "INBOX" and name not in self._set:
            await self.add_mailbox(name)
        found: KeywordMailbox = await self.get_mailbox(name)
        return found


@cache
def _ways_to_log_in() -> SASLAuth:
    return SASLAuth.defaults()


class LoopbackConfig(Config):  # type: ignore[misc]
    """pymap without TLS, slow hashing, name look-ups and threads of its own: it listens on loopback alone."""

    def __init__(self) -> None:
        args = Namespace(passlib_cfg=None, proxy_protocol=None)
        plain = {"host": "127.0.0.1", "port": 0, "tls_enabled": False, "invalid_user_sleep": 0.0, "reject_dnsbl": False}
        quick = {"hash_context": Cleartext(), "cpu_subsystem": Subsystem.for_asyncio()}
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        super().__init__(
            args,
            demo_data=False,
            demo_user="",
            demo_password="",
            ssl_context=context,
            **plain,
            **quick,
        )

    @property
    def tls_auth(self) -> SASLAuth:
        """The ways to log in; pymap looks through every installed package for them at each connection."""
        return _ways_to_log_in()

    @property
    def greeting(self) -> bytes:
        """The greeting, without asking DNS for a name."""
        return b"maild sandbox ready"


class ImapDesk:
    """Accounts and folders of the embedded IMAP server; every method runs in its event loop."""

    def __init__(self) -> None:
        self._config = LoopbackConfig()
        self._login = Login(self._config)
        self._sets: dict[str, KeywordMailboxSet] = {}

    async def listen(self, port: int) -> asyncio.Server:
        """Listen on loopback."""
        serve = IMAPServer(self._login, self._config)
        callback = ProxyProtocolReader(ProxyProtocolVersion.get(None)).get_callback(serve)
        return await asyncio.start_server(callback, "127.0.0.1", port, limit=_LINE_LIMIT)

    def add(self, address: str, password: str) -> None:
        """A new account, or another password for an old one."""
        self._login.users_dict[address] = UserMetadata(self._config, address, password=password)
        folders = self._sets.setdefault(address, KeywordMailboxSet())
        self._config.set_cache[address] = (folders, FilterSet())

    def folders(self, address: str) -> KeywordMailboxSet:
        """The account's folders; KeyError when there is no such account."""
        return self._sets[address]

    def accounts(self) -> list[str]:
        """The addresses that have folders."""
        return list(self._sets)

    async def append(self, address: str, folder: str, mail: Stored) -> int:
        """Put one mail in as new; the UID that it got."""
        return await (await self.folders(address).folder(folder)).put(mail)
