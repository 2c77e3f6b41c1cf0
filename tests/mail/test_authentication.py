"""From is believed on the word of our own receiving server alone (RFC 8601, security.md)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.domain.message import Address, Authentication, Mail
from maild.mail.authentication import aligned, authentication, display_name_lies, read_results

MX = ("mx.corp.example",)
PASS, FAIL, UNKNOWN = Authentication.AUTHENTICATED, Authentication.FAILED, Authentication.UNKNOWN


def mail(*headers: str, author: str = "lin.xiaoyue@corp.example", name: str = "") -> Mail:
    """A mail with these results, the topmost first."""
    return Mail(author=Address(address=author, name=name), authentication_results=headers)


def judged(*headers: str, author: str = "lin.xiaoyue@corp.example") -> Authentication:
    """What our server's results make of From."""
    return authentication(mail(*headers, author=author), MX)


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ("auth=pass smtp.auth=lin.xiaoyue", PASS),
        ("auth=pass smtp.auth=lin.xiaoyue@corp.example", PASS),
        ("auth=pass smtp.auth=LIN.xiaoyue@Corp.Example", PASS),
        ("auth=pass smtp.auth=he.zhiqiang", UNKNOWN),
        ("auth=pass", UNKNOWN),
        ("auth=fail smtp.auth=lin.xiaoyue", UNKNOWN),
        ("dmarc=pass header.from=corp.example", PASS),
        ("dmarc=pass (p=none dis=none) header.from=corp.example", PASS),
        ("dmarc=pass header.from=evil.example", UNKNOWN),
        ("dmarc=pass", UNKNOWN),
        ("dkim=pass header.d=corp.example header.s=s1", PASS),
        ("dkim=pass header.i=@corp.example", PASS),
        ("dkim=pass header.d=mail.corp.example", PASS),
        ("dkim=pass header.d=evil-corp.example", UNKNOWN),
        ("dkim=pass header.d=example", UNKNOWN),
        ("dkim=fail header.d=evil.example; dkim=pass header.d=corp.example", PASS),
        ("spf=pass smtp.mailfrom=lin.xiaoyue@corp.example", PASS),
        ("spf=pass smtp.mailfrom=corp.example", PASS),
        ("spf=pass smtp.mailfrom=bounce.corp.example", PASS),
        ("spf=pass smtp.mailfrom=bulk@mail-free.example", UNKNOWN),
        ("spf=pass smtp.helo=corp.example", UNKNOWN),
        ("dmarc=fail header.from=corp.example", FAIL),
        ("dmarc=fail", FAIL),
        ("spf=fail smtp.mailfrom=corp.example; dmarc=fail header.from=corp.example", FAIL),
        ("spf=fail smtp.mailfrom=corp.example", FAIL),
        ("spf=hardfail smtp.mailfrom=corp.example", FAIL),
        ("dkim=fail header.d=corp.example", FAIL),
        ("spf=fail smtp.mailfrom=other.example", UNKNOWN),
        ("dkim=fail header.d=list.example", UNKNOWN),
        ("spf=fail smtp.mailfrom=corp.example; dkim=pass header.d=corp.example", PASS),
        ("spf=softfail smtp.mailfrom=corp.example", UNKNOWN),
        ("spf=none; dkim=none; dmarc=none", UNKNOWN),
        ("spf=temperror smtp.mailfrom=corp.example; dmarc=temperror header.from=corp.example", UNKNOWN),
        ("dkim=permerror header.d=corp.example", UNKNOWN),
        ("none", UNKNOWN),
        ("dkim = pass (a ; b) header . d = corp.example", PASS),
        ('dkim/1=pass header.d="corp.example"', PASS),
        ("DKIM=PASS HEADER.D=CORP.EXAMPLE", PASS),
        ("x-tm=pass; arc=pass header.d=corp.example", UNKNOWN),
    ],
)
def test_results_of_our_server(results: str, expected: Authentication) -> None:
    """Each result counts for From's own domain, and for nothing else."""
    assert expected == judged(f"mx.corp.example; {results}")


def test_nothing_configured() -> None:
    """Without trusted ids nothing is checked, whatever stands there."""
    forged = mail("mx.corp.example; dmarc=fail header.from=corp.example")

    assert authentication(forged, ()) == Authentication.NOT_CHECKED


def test_other_hosts_say_nothing() -> None:
    """A header that a stranger wrote neither helps nor harms."""
    assert judged("mx.evil.example; auth=pass smtp.auth=lin.xiaoyue; dmarc=fail header.from=corp.example") == UNKNOWN
    assert judged() == UNKNOWN
    assert judged("mx.evil.example; dmarc=fail", "mx.corp.example; dmarc=pass header.from=corp.example") == PASS


def test_the_topmost_of_ours_counts() -> None:
    """A header of our name further down was brought along by the sender."""
    assert (
        judged(
            "mx.corp.example; dmarc=fail header.from=corp.example", "mx.corp.example; auth=pass smtp.auth=lin.xiaoyue"
        )
        == FAIL
    )


@pytest.mark.parametrize(
    "header",
    [
        "spf=pass (sender IP is 1.2.3.4) smtp.mailfrom=corp.example; dmarc=pass header.from=corp.example",
        'mx.corp.example; spf=pass smtp.mailfrom="x; dmarc=pass header.from=corp.example"@evil.example',
        'mx.corp.example; spf=pass smtp.mailfrom="x smtp.mailfrom=boss@corp.example"@evil.example',
        "mx.corp.example; spf=pass (dmarc=pass header.from=corp.example) smtp.mailfrom=evil.example",
        "mx.corp.example; spf=pass (a (nested; dmarc=pass header.from=corp.example) b) smtp.mailfrom=evil.example",
        "mx.corp.example.evil.example; auth=pass smtp.auth=lin.xiaoyue",
        "mx.corp.example",
        "",
    ],
)
def test_tricks_with_quotes_and_comments(header: str) -> None:
    """What a sender can write into a value or a comment is never read as a result."""
    assert judged(header) is UNKNOWN


def test_contradicting_dmarc_results() -> None:
    """Where dmarc says both, its pass does not count."""
    assert judged("mx.corp.example; dmarc=fail header.from=corp.example; dmarc=pass header.from=corp.example") == FAIL


def test_version_case_and_comments_of_the_host() -> None:
    """The host name is compared in lower case; a version and comments behind it are passed over."""
    assert judged("MX.Corp.Example (our own; server) 1; auth=pass smtp.auth=lin.xiaoyue") == PASS


def test_a_mail_without_an_author() -> None:
    """Nobody is authenticated as nobody."""
    assert judged("mx.corp.example; dmarc=pass header.from=", author="") == UNKNOWN


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("corp.example", "corp.example", True),
        ("a.corp.example", "corp.example", True),
        ("corp.example", "b.corp.example", True),
        ("a.corp.example", "b.corp.example", False),
        ("xcorp.example", "corp.example", False),
        ("com.cn", "corp.com.cn", False),
        ("co.uk", "bank.co.uk", False),
        ("cn", "corp.cn", False),
        ("", "corp.example", False),
        ("corp.com.cn", "m.corp.com.cn", True),
    ],
)
def test_alignment(one: str, other: str, expected: bool) -> None:
    """A domain stands for those below it, never for its neighbours, and a public suffix for nobody."""
    assert expected == aligned(one, other)


@pytest.mark.parametrize(
    ("name", "lies"),
    [
        ("陈国栋", False),
        ("chen.guodong@corp.example", True),
        ("陈国栋 <chen.guodong@corp.example>", True),
        ("CGD@mail-free.example", False),
        ("陈国栋(chen.guodong＠corp.example)", True),
        ("cgd@mail-free.example via list", False),
        ("", False),
        ("@home", False),
        ("a@b", False),
    ],
)
def test_a_display_name_that_lies(name: str, lies: bool) -> None:
    """A display name with another address than From's own is a trick."""
    assert lies == display_name_lies(mail(author="cgd@mail-free.example", name=name))


def test_junk_is_bounded() -> None:
    """A hundred kilobytes of anything are read in passing."""
    for junk in ("(" * 100_000, '"' * 100_000, "a=b;" * 25_000, "\\" * 100_000, "dkim=pass " * 10_000, " " * 100_000):
        assert judged("mx.corp.example; " + junk) in {UNKNOWN, FAIL}


@given(st.text(alphabet='abd=;.()"\\ \t/1@-kimpasfr', max_size=200))
def test_any_header_is_read(header: str) -> None:
    """No header breaks the reading, and a stranger's never authenticates."""
    read_results(header)

    assert judged("mx.evil.example; " + header) is UNKNOWN
