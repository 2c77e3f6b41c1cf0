"""Known providers: recognised by address, host or MX; each figure of the table has its source."""

import re
from dataclasses import fields

import pytest

from maild.adapters.finding import Finding
from maild.adapters.providercheck import check_provider
from maild.adapters.providerrow import FIGURES, Provider
from maild.adapters.providers import is_public, login_hint, provider_of, servers_for
from maild.adapters.providertable import OWN_SERVER, PROVIDERS
from maild.settings import Login, MailboxSettings, SmtpLogin

KNOWN = [
    ("gm@163.com", "", (), "netease"),
    ("gm@YEAH.net", "", (), "netease"),
    ("gm@188.com", "", (), "netease-vip"),
    ("gm@vip.163.com", "", (), "netease-vip"),
    ("gm@corp.example", "imap.qiye.163.com", (), "netease-qiye"),
    ("gm@corp.example", "", ("qiye163mx01.mxmail.netease.com.",), "netease-qiye"),
    ("gm@foxmail.com", "", (), "qq"),
    ("gm@corp.example", "imap.exmail.qq.com", (), "exmail"),
    ("gm@corp.example", "", ("mxbiz1.qq.com", "mxbiz2.qq.com"), "exmail"),
    ("gm@aliyun.com", "", (), "aliyun"),
    ("gm@corp.example", "smtp.qiye.aliyun.com", (), "alimail"),
    ("gm@corp.example", "", ("mx1.mxhichina.com",), "alimail"),
    ("gm@sina.cn", "", (), "sina"),
    ("gm@hotmail.com", "outlook.office365.com", (), "outlook"),
    ("gm@corp.example", "outlook.office365.com", (), "microsoft365"),
    ("gm@corp.example", "", ("corp-example.mail.protection.outlook.com",), "microsoft365"),
    ("gm@gmail.com", "imap.gmail.com", (), "gmail"),
    ("gm@corp.example", "imap.gmail.com", (), "google"),
    ("gm@corp.example", "", ("ASPMX.L.GOOGLE.COM",), "google"),
    ("gm@corp.example", "", ("in1-smtp.messagingengine.com",), "fastmail"),
    ("gm@corp.example", "imap.corp.example", ("mx.corp.example",), "own"),
    ("gm@corp.example", "127.0.0.1", (), "own"),
    ("gm@not163.com", "imap.not163.com", (), "own"),
    ("163.com", "", (), "netease"),
    ("", "", (), "own"),
]


@pytest.mark.parametrize(("address", "host", "mx", "key"), KNOWN, ids=[" ".join((a, h, *m)) for a, h, m, _ in KNOWN])
def test_a_provider_is_recognised(address: str, host: str, mx: tuple[str, ...], key: str) -> None:
    """The address's domain tells, else the server's name, else the domain's MX, and else it is the office's own."""
    assert provider_of(address, host, mx).key == key


@pytest.mark.parametrize("row", [*PROVIDERS, OWN_SERVER], ids=lambda row: str(row.key))
def test_each_figure_has_a_source_and_a_date(row: Provider) -> None:
    """Nobody needs to ask where a number of the table comes from, and from when."""
    defaults = {one.name: one.default for one in fields(Provider)}
    said = {name for name in FIGURES if getattr(row, name) not in (defaults[name], None)}
    covered = {name for source in row.sources for name in source.covers}

    assert said - covered == set()
    assert all(re.fullmatch(r"20\d\d-\d\d(-\d\d)?", source.seen) and source.where for source in row.sources)


def test_the_table_names_each_provider_and_domain_once() -> None:
    """Two rows never claim the same key, domain, host or MX."""
    for names in (
        [row.key for row in PROVIDERS],
        [domain for row in PROVIDERS for domain in row.domains],
        [host for row in PROVIDERS for host in row.hosts],
        [mx for row in PROVIDERS for mx in row.mx],
    ):
        assert len(names) == len(set(names))


def test_servers_of_an_unknown_domain_have_the_usual_names() -> None:
    """Where nothing is known the usual names are proposed, to be looked over."""
    found = servers_for("gm@Corp.Example", provider_of("gm@Corp.Example"))

    assert (found.imap_host, found.imap_port) == ("imap.corp.example", 993)
    assert (found.smtp_host, found.smtp_port) == ("smtp.corp.example", 465)


def test_only_domains_open_to_anybody_are_public() -> None:
    """A customer at the same public provider is no colleague; one at the office's own domain is."""
    assert is_public("163.com")
    assert is_public("Outlook.com")
    assert not is_public("corp.example")


def test_a_refused_login_is_mended_as_the_provider_wants_it() -> None:
    """The hint names what that provider takes instead of the web password."""
    assert "授权码" in login_hint("imap.vip.163.com")
    assert "xoauth2" in login_hint("outlook.office365.com")
    assert "app password" in login_hint("imap.gmail.com")
    assert login_hint("imap.corp.example") == ""


def _findings(address: str, host: str, **smtp: object) -> list[Finding]:
    known = provider_of(address, host)
    limits = {"connections": known.connections, "per_minute": known.per_minute, "per_day": known.per_day}
    box = MailboxSettings(address=address, imap=Login(host=host), smtp=SmtpLogin(**{"host": host, **limits, **smtp}))  # type: ignore[arg-type]
    return list(check_provider(box))


def test_doctor_tells_what_the_provider_allows() -> None:
    """One line names the provider, its limits, and what somebody who sets it up must know."""
    (found,) = _findings("gm@163.com", "smtp.163.com")

    assert found.status == "ok"
    assert "NetEase 163" in found.text
    assert "10 mails a minute, 200 mails a day" in found.text
    assert "authorisation codes" in found.text


def test_doctor_warns_of_limits_that_the_provider_does_not_grant() -> None:
    """A figure above the known one is told with the line to take out."""
    found = _findings("gm@corp.example", "smtp.exmail.qq.com", per_day=90_000)

    assert [one.status for one in found] == ["ok", "warn"]
    assert found[1].mend.startswith("take per_day out of [mailbox.smtp]")


def test_doctor_names_the_sign_in_where_passwords_are_gone() -> None:
    """A password at Microsoft leads to xoauth2 and maild login."""
    found = _findings("gm@corp.example", "smtp.office365.com")

    assert [one.status for one in found] == ["ok", "warn"]
    assert "run maild login gm@corp.example" in found[1].mend


def test_doctor_has_nothing_to_warn_of_at_an_own_server() -> None:
    """A server of the office's own has no row of limits."""
    assert [one.status for one in _findings("gm@corp.example", "mail.corp.example", per_day=9)] == ["ok"]
