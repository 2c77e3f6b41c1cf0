"""`/healthz` and `/metrics` on a small listener (`[health] listen`), in threads of its own, though a loop hangs.

The metrics are a few gauges in the text format of Prometheus, version 0.0.4, written here: a client library would keep
state for counters and histograms that maild has none of. No body, no address and no number of a case stands in them.
"""

import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from maild.domain.value import value
from maild.errors import Misconfigured


@value
class Health:
    """How a daemon is."""

    faults: tuple[str, ...] = ()
    """What is wrong, in words of the house; none: it is well."""
    gauges: Mapping[str, tuple[str, float]]
    """Name, what it counts, and the figure."""


class HealthServer:
    """Listens until `close`."""

    def __init__(self, listen: str, health: Callable[[], Health]) -> None:
        """`listen` is `host:port`; port 0 takes a free one. `Misconfigured` when it cannot be had."""
        host, _, port = listen.rpartition(":")
        try:
            self._server = _Server((host.strip("[]"), int(port)), _handler(health))
        except (OSError, ValueError, OverflowError) as error:
            raise Misconfigured(
                f'[health] listen = "{listen}" cannot be used ({error}); write another, such as "127.0.0.1:8026".'
            ) from error
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.2}, name="maild-health", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


class _Server(ThreadingHTTPServer):
    daemon_threads = True


def metrics(health: Health) -> str:
    """The gauges, one after the other."""
    well = {"maild_healthy": ("1 when nothing is wrong with this daemon", float(not health.faults))}
    lines = [
        f"# HELP {name} {what}\n# TYPE {name} gauge\n{name} {figure:g}\n"
        for name, (what, figure) in (well | dict(health.gauges)).items()
    ]
    return "".join(lines)


def _handler(health: Callable[[], Health]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10
        server_version, sys_version = "maild", ""

        def do_GET(self) -> None:
            if self.path == "/healthz":
                faults = health().faults
                self._say(503 if faults else 200, "\n".join(faults or ("ok",)) + "\n", "text/plain; charset=utf-8")
            elif self.path == "/metrics":
                self._say(200, metrics(health()), "text/plain; version=0.0.4; charset=utf-8")
            else:
                self._say(404, "not here\n", "text/plain; charset=utf-8")

        def _say(self, status: int, text: str, kind: str) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    return Handler
