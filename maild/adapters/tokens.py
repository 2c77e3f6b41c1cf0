"""A mailbox's access token: kept, renewed before it ends, and once more when a server refuses it too early."""

import threading
import time
from collections.abc import Callable

from maild.adapters.oauth import Grant, SignInNeeded, client_grant, refreshed
from maild.adapters.tokenkeep import Keep, Kept
from maild.errors import LoginRefused
from maild.settings import OAuthSettings

_EARLY = 300.0
"""Seconds before its end at which a token is renewed, or a fifth of its life, whichever is less."""
_PATIENCE = 60.0
"""A token that was made within so many seconds is not made again, though a server refuses it."""


class Tokens:
    """Keeps `settings.TokenSource`; any thread may ask."""

    def __init__(
        self, mailbox: str, oauth: OAuthSettings, keep: Callable[[], Keep], *, clock: Callable[[], float] = time.time
    ) -> None:
        self._mailbox, self._oauth, self._open = mailbox, oauth, keep
        self._clock = clock
        self._keep: Keep | None = None
        self._kept = Kept()
        self._made = float("-inf")
        self._lock = threading.Lock()

    def access(self, *, refused: bool = False) -> str:
        """A token that is good now; `refused`: a server did not take the last one."""
        with self._lock:
            if refused and time.monotonic() - self._made < _PATIENCE:
                raise LoginRefused(
                    f"{self._mailbox}: a fresh token is refused too; check the scope, and that the mailbox allows IMAP "
                    "and SMTP AUTH."
                )
            if refused or not self._is_good():
                self._renew(refused=refused)
            return self._kept.access

    def keep_fresh(self) -> None:
        """Renew when the end is near; raises what `access` raises."""
        self.access()

    def take(self, grant: Grant) -> str:
        """Keep what a person's sign-in gave; returns where."""
        with self._lock:
            keep = self._place()
            self._store(grant, keep, old="")
            return keep.name

    def _is_good(self) -> bool:
        """Whether the token lasts; a clock that was set back never makes it last longer than it did at first."""
        left = self._kept.expires - self._clock()
        return min(_EARLY, self._kept.lifetime / 5) < left <= self._kept.lifetime

    def _renew(self, *, refused: bool) -> None:
        keep = self._place()
        with keep.alone():
            before, self._kept = self._kept.access, keep.load()
            # Another process may have renewed it meanwhile.
            if self._is_good() and not (refused and self._kept.access == before):
                return
            if self._oauth.flow == "client":
                self._store(client_grant(self._oauth, self._mailbox), keep, old="")
                return
            if not self._kept.refresh:
                raise SignInNeeded(f"Nobody has signed in for {self._mailbox}; run maild login {self._mailbox}.")
            self._store(refreshed(self._oauth, self._kept.refresh), keep, old=self._kept.refresh)

    def _store(self, grant: Grant, keep: Keep, *, old: str) -> None:
        """Keep it before it is used: a refresh token that was replaced works only once."""
        self._kept = Kept(refresh=grant.refresh or old, access=grant.access, expires=self._clock() + grant.lifetime,
                          lifetime=grant.lifetime)  # fmt: skip
        self._made = time.monotonic()
        keep.save(self._kept)

    def _place(self) -> Keep:
        if self._keep is None:
            self._keep = self._open()
        return self._keep
