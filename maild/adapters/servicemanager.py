"""What a service manager hears: READY, STATUS, WATCHDOG and STOPPING over its socket (sd_notify(3), sd_watchdog(3))."""

import os
import socket
from collections.abc import Mapping


class ServiceManager:
    """The manager that started this process; without one nothing is said."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")
        mine = environ.get("WATCHDOG_PID", "") in {"", str(os.getpid())}
        said = environ.get("WATCHDOG_USEC", "")
        self.every = int(said) / 2_000_000 if self._address and mine and said.isdecimal() and int(said) else None
        """Seconds between two signs of life, half of what the manager waits for; None: it waits for none."""

    def tell(self, *words: str) -> None:
        """Say these words, such as `READY=1`; a manager that does not listen is no trouble."""
        if not self._address:
            return
        path = f"\0{self._address[1:]}" if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as to:
                to.sendto("\n".join(words).encode(), path)
        except OSError:
            return
