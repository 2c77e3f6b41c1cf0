"""A token endpoint on loopback that says what a test wrote down: real HTTP, one answer after the other.

Shapes of requests and answers: RFC 6749 sections 4.4, 5 and 6, RFC 8628 section 3, and Microsoft's own pages
(learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code). Never tried on the real ones.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

Said = tuple[int, Any] | tuple[int, Any, dict[str, str]]


def refused(error: str, status: int = 400, **more: object) -> Said:
    """RFC 6749 section 5.2."""
    return status, {"error": error, **more}


def granted(access: str = "at-1", *, lifetime: int = 3600, refresh: str = "") -> Said:
    """RFC 6749 section 5.1."""
    more = {"refresh_token": refresh} if refresh else {}
    return 200, {"token_type": "Bearer", "access_token": access, "expires_in": lifetime, **more}


def code(*, interval: float = 0.01, lifetime: float = 900) -> Said:
    """RFC 8628 section 3.2."""
    return 200, {
        "device_code": "dc-1", "user_code": "ABCD-1234", "verification_uri": "https://login.example/device",
        "interval": interval, "expires_in": lifetime,
    }  # fmt: skip


@dataclass
class Endpoint:
    """What it will say, and what it was asked."""

    url: str = ""
    script: list[Said] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)

    def says(self, *answers: Said) -> None:
        """The next answers; the last one is said for ever."""
        self.script[:] = answers

    def next(self) -> Said:
        """The answer that is due."""
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]

    @property
    def token_url(self) -> str:
        """For grants."""
        return f"{self.url}/token"

    @property
    def device_url(self) -> str:
        """For device codes."""
        return f"{self.url}/devicecode"


@contextmanager
def token_endpoint() -> Iterator[Endpoint]:
    """Listen on loopback until the block ends."""
    endpoint = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            endpoint.asked.append(dict(parse_qsl(form)))
            status, said, *headers = endpoint.next()
            body = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response_only(status)
            for name, text in (headers[0] if headers else {}).items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    endpoint.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
