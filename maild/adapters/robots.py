r"""Chat robots and webhooks: the second channel (`[notify]`), over HTTPS with the system's certificates.

WeCom, DingTalk and Feishu answer 200 to what they refuse, with a code other than 0 inside; that is a failure here.
Signing: DingTalk puts base64(HMAC-SHA256(secret, "time\nsecret")) into the URL, encoded once; Feishu puts
base64(HMAC-SHA256("time\nsecret", "")) into the body. A URL is a secret: no error and no log line names it.
"""

import base64
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote_plus, urlsplit

from maild.domain.channels import CHAT, SMS
from maild.domain.instant import split
from maild.domain.value import value
from maild.errors import Misconfigured, ProtocolTrouble, ServerGone

A_MINUTE = 20
"""Messages a minute that a robot takes; the next one waits (all three say 20)."""
_TIMEOUT = 10.0
_LONGEST_ANSWER = 1 << 16
_HOSTS = {
    "qyapi.weixin.qq.com": "wecom", "oapi.dingtalk.com": "dingtalk", "open.feishu.cn": "feishu",
    "open.larksuite.com": "feishu",
}  # fmt: skip
_MOST = {"wecom": 2048, "dingtalk": 20_000, "feishu": 20_000, "webhook": 20_000}
"""Bytes of one message."""


@value
class Address:
    """Where a robot listens: `[KIND+]https://...[#SIGNING-SECRET]`; what stands behind # never travels."""

    kind: str
    url: str = field(repr=False)
    secret: str = field(default="", repr=False)


def read_addresses(text: str) -> tuple[Address, ...]:
    """The addresses of a variable, parted by blanks or lines; `Misconfigured` without the address itself."""
    return tuple(_address(number, said) for number, said in enumerate(text.split(), 1))


def _address(number: int, said: str) -> Address:
    url, _, secret = said.partition("#")
    scheme, _, rest = url.partition("://")
    kind, plus, scheme = scheme.rpartition("+")
    host = urlsplit(f"https://{rest}").hostname or ""
    if not host or (scheme != "https" and not (scheme == "http" and _is_loopback(host))):
        sentence = f"address {number} of the urgent channel is no https address; write one that begins with https://."
        raise Misconfigured(sentence)
    kind = kind if plus else _HOSTS.get(host, "webhook")
    if kind not in _MOST:
        known = ", ".join(_MOST)
        raise Misconfigured(f"address {number} of the urgent channel begins with '{kind}+'; write one of {known}.")
    return Address(kind=kind, url=f"{scheme}://{rest}", secret=secret)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass
class Robot:
    """One robot or webhook; keeps the port `Channel`."""

    name: str
    """For people and the database, such as `wecom-1`."""
    address: Address = field(repr=False)
    clock: Callable[[], float] = time.time
    _said: list[float] = field(default_factory=list, repr=False)

    @property
    def way(self) -> str:
        """`sms` for a plain webhook, behind which a gateway of text messages may stand; `chat` for a robot."""
        return SMS if self.address.kind == "webhook" else CHAT

    def pause(self) -> float:
        """Seconds until it takes another message."""
        now = time.monotonic()
        self._said = [at for at in self._said if at > now - 60]
        return max(0.0, self._said[-A_MINUTE] + 60 - now) if len(self._said) >= A_MINUTE else 0.0

    def tell(self, text: str) -> None:
        """Hand the text over, in pieces where it is long; `ServerGone` or `ProtocolTrouble` when it was not taken."""
        for piece in split(text, _MOST[self.address.kind]):
            self._said.append(time.monotonic())
            self._post(piece)

    def _post(self, text: str) -> None:
        url, body = _request(self.address, text, self.clock())
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "maild"}
        request = urllib.request.Request(  # noqa: S310  https, or http to loopback: `read_addresses`
            url, data=json.dumps(body, ensure_ascii=False).encode(), headers=headers, method="POST"
        )
        try:
            with _OPENER.open(request, timeout=_TIMEOUT) as answer:
                said = answer.read(_LONGEST_ANSWER)
        except urllib.error.HTTPError as error:
            with error:
                raise ProtocolTrouble(
                    f"{self.name} answered {error.code}; check the address in the variable of urgent_env."
                ) from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise ServerGone(
                f"{self.name} cannot be reached ({type(reason).__name__}); check network and address."
            ) from None
        if refusal := _refusal(self.address.kind, said):
            raise ProtocolTrouble(f"{self.name} did not take the message ({refusal}); check the robot's settings.")


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like any other: the message goes nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_Stay)


def _request(address: Address, text: str, now: float) -> tuple[str, Mapping[str, Any]]:
    """Where a message goes, and its form (the robots' own pages; see tests/adapters/test_robots.py)."""
    if address.kind == "wecom":
        return address.url, {"msgtype": "text", "text": {"content": text}}
    if address.kind == "dingtalk":
        return _signed_url(address, now), {"msgtype": "text", "text": {"content": text}}
    if address.kind == "feishu":
        body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
        if address.secret:
            stamp = str(int(now))
            body |= {"timestamp": stamp, "sign": _hmac(f"{stamp}\n{address.secret}", "")}
        return address.url, body
    return address.url, {"text": text}


def _signed_url(address: Address, now: float) -> str:
    if not address.secret:
        return address.url
    stamp = str(int(now * 1000))
    sign = quote_plus(_hmac(address.secret, f"{stamp}\n{address.secret}"))
    return f"{address.url}{'&' if '?' in address.url else '?'}timestamp={stamp}&sign={sign}"


def _hmac(key: str, message: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()).decode()


def _refusal(kind: str, said: bytes) -> str:
    """The code of a refusal inside a 200 answer; "" where the message was taken."""
    try:
        answer = json.loads(said)
    except ValueError:
        return "" if kind == "webhook" else "an answer that is no JSON"
    if not isinstance(answer, dict):
        return "" if kind == "webhook" else "an answer without a code"
    taken = (0, "0", None, *((200, "200") if kind == "webhook" else ()))
    codes = (answer.get(key) for key in ("errcode", "code", "StatusCode"))
    wrong = next((code for code in codes if code not in taken), None)
    if wrong is None and kind != "webhook" and not {"errcode", "code", "StatusCode"} & answer.keys():
        return "an answer without a code"
    return "" if wrong is None and answer.get("ok") is not False else f"code {str(wrong)[:20]}"
