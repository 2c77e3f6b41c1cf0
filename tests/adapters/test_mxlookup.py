"""Who hosts an own domain is asked of DNS: in time, or not at all; a real server on loopback answers."""

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import dns.message
import dns.resolver
import dns.rrset
import pytest

from maild.adapters.mxlookup import mail_hosts
from maild.adapters.providers import provider_of

HOSTED = {
    "exmail.example": ["5 mxbiz1.qq.com.", "10 mxbiz2.qq.com."],
    "netease.example": ["5 hzmx01.mxmail.netease.com.", "10 hzmx02.mxmail.netease.com."],
    "aliyun.example": ["10 mxw.mxhichina.com.", "5 mxn.mxhichina.com."],
    "microsoft.example": ["0 microsoft-example.mail.protection.outlook.com."],
    "google.example": ["1 aspmx.l.google.com.", "5 alt1.aspmx.l.google.com."],
    "own.example": ["10 mail.own.example."],
    "nothing.example": ["0 ."],
}


@contextmanager
def dns_server(zones: Mapping[str, list[str]], *, silent: bool = False) -> Iterator[int]:
    """A DNS server on loopback that knows these MX records; its port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.1)
        ended = threading.Event()

        def serve() -> None:
            while not ended.is_set():
                try:
                    wire, peer = server.recvfrom(4096)
                except TimeoutError:
                    continue
                asked = dns.message.from_wire(wire)
                answer = dns.message.make_response(asked)
                name = asked.question[0].name
                if records := zones.get(name.to_text(omit_final_dot=True)):
                    answer.answer.append(dns.rrset.from_text(name, 60, "IN", "MX", *records))
                if not silent:
                    server.sendto(answer.to_wire(), peer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            ended.set()
            thread.join()


@contextmanager
def asking(port: int) -> Iterator[None]:
    """DNS is asked at this port of loopback alone."""
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], port
    before, dns.resolver.default_resolver = dns.resolver.default_resolver, resolver
    try:
        yield
    finally:
        dns.resolver.default_resolver = before


@pytest.mark.parametrize(
    ("domain", "key"),
    [
        ("exmail.example", "exmail"), ("netease.example", "netease-qiye"), ("aliyun.example", "alimail"),
        ("microsoft.example", "microsoft365"), ("google.example", "google"), ("own.example", "own"),
        ("nothing.example", "own"), ("unheard-of.example", "own"),
    ],
)  # fmt: skip
def test_a_hosted_domain_is_recognised_by_its_mx(domain: str, key: str) -> None:
    """Exmail, NetEase, Aliyun, Microsoft and Google are known by where mail for the domain goes."""
    with dns_server(HOSTED) as port, asking(port):
        row = provider_of(domain, mx=mail_hosts(domain))

    assert row.key == key


def test_the_best_host_stands_first() -> None:
    """The lowest preference comes first, whatever the order of the answer."""
    with dns_server(HOSTED) as port, asking(port):
        assert ("mxn.mxhichina.com", "mxw.mxhichina.com") == mail_hosts("aliyun.example")


def test_a_server_that_says_nothing_costs_no_more_than_its_time() -> None:
    """Nothing is known after the time that was given, and nothing fails."""
    begin = time.monotonic()
    with dns_server(HOSTED, silent=True) as port, asking(port):
        assert () == mail_hosts("exmail.example", 0.3)

    assert time.monotonic() - begin < 3
