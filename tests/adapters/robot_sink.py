"""Robots on loopback: an HTTP server that answers as WeCom, DingTalk, Feishu and a plain webhook do.

Shapes of messages, signatures and refusals are those of the robots' own pages (developer.work.weixin.qq.com/document/
path/91770, open.dingtalk.com/document/robots/custom-robot-access, open.feishu.cn/document/client-docs/bot-v3/
add-custom-bot). Never tried on the real ones.
"""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Sink:
    """What came, and what it will answer instead of what fits."""

    url: str = ""
    texts: list[str] = field(default_factory=list)
    """Messages that were taken."""
    says: list[tuple[int, Any]] = field(default_factory=list)
    """The next answers, before it answers by itself again."""
    secret: str = ""
    """What signatures are checked against; "" for a robot without."""

    def address(self, kind: str, *, secret: str = "") -> str:
        """What a person writes into the variable."""
        scheme, _, rest = self.url.partition("://")
        return f"{kind}+{scheme}://{rest}/{kind}?key=k{'#' + secret if secret else ''}"

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        """As the robot of this path answers."""
        if self.says:
            return self.says.pop(0)
        parts = urlsplit(path)
        known = {"/wecom": self._wecom, "/dingtalk": self._dingtalk, "/feishu": self._feishu, "/webhook": self._webhook}
        return known[parts.path](body, parse_qs(parts.query))

    def _wecom(self, body: dict[str, Any], _: dict[str, list[str]]) -> tuple[int, Any]:
        text = body["text"]["content"]
        if body["msgtype"] != "text" or len(text.encode()) > 2048:
            return 200, {"errcode": 40058, "errmsg": "text.content exceed max length 2048"}
        self.texts.append(text)
        return 200, {"errcode": 0, "errmsg": "ok"}

    def _dingtalk(self, body: dict[str, Any], query: dict[str, list[str]]) -> tuple[int, Any]:
        if self.secret:
            stamp = query.get("timestamp", [""])[0]
            made = hmac.new(self.secret.encode(), f"{stamp}\n{self.secret}".encode(), hashlib.sha256).digest()
            if query.get("sign") != [base64.b64encode(made).decode()] or len(stamp) != 13:
                return 200, {"errcode": 310000, "errmsg": "sign not match"}
        self.texts.append(body["text"]["content"])
        return 200, {"errcode": 0, "errmsg": "ok"}

    def _feishu(self, body: dict[str, Any], _: dict[str, list[str]]) -> tuple[int, Any]:
        if self.secret:
            made = hmac.new(f"{body.get('timestamp')}\n{self.secret}".encode(), b"", hashlib.sha256).digest()
            if body.get("sign") != base64.b64encode(made).decode() or len(str(body.get("timestamp"))) != 10:
                return 200, {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"}
        self.texts.append(body["content"]["text"])
        return 200, {"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"}

    def _webhook(self, body: dict[str, Any], _: dict[str, list[str]]) -> tuple[int, Any]:
        self.texts.append(body["text"])
        return 200, b"ok"


@contextmanager
def robot_sink() -> Iterator[Sink]:
    """Listen on loopback until the block ends."""
    sink = Sink()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, said = sink.answer(self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            body = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response_only(status)
            if status == 302:
                self.send_header("Location", f"{sink.url}/webhook")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sink.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
