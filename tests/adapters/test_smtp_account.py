"""The SMTP account itself: login, TLS, and trouble that is no mail's."""

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from maild.adapters.smtp import SmtpSender
from maild.errors import LoginRefused, Misconfigured, ProtocolTrouble, ServerGone
from maild.settings import Secret
from tests.adapters.smtp_account import LI, RAW, codes, login, run, sent
from tests.adapters.smtp_servers import Taken, real, scripted


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that only the office itself trusts, with its key."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    path = tmp_path_factory.mktemp("tls") / "mx.pem"
    made = subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=mx"),
            *("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(path.with_suffix(".key")), "-out", str(path)),
        ],
        capture_output=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return path


def served(certificate: Path) -> ssl.SSLContext:
    """The server's side of the certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    return context


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ({"CONNECT": ("554 go away",)}, ProtocolTrouble),
        ({"CONNECT": ("",)}, ServerGone),
        ({"CONNECT": ("hang",)}, ServerGone),
        ({"EHLO": ("",)}, ServerGone),
        ({"MAIL": ("550 not your address",)}, Misconfigured),
        ({"MAIL": ("",)}, ServerGone),
        ({"MAIL": ("530 log in first",)}, Misconfigured),
        ({"RCPT": ("530 5.7.0 authentication required",)}, Misconfigured),
        ({"MAIL": ("421 too many connections",)}, ProtocolTrouble),
        ({"EHLO": ("250-mx\r\n250 AUTH PLAIN",), "AUTH": ("535 wrong",)}, Misconfigured),
        ({"EHLO": ("250-mx\r\n250 AUTH PLAIN",), "AUTH": ("454 later",)}, LoginRefused),
    ],
)
def test_trouble_with_the_account(script: dict[str, tuple[str, ...]], error: type[Exception]) -> None:
    """What is the account's trouble is raised in maild's words, and never blamed on a mail."""

    async def story() -> None:
        async with scripted(**script) as (port, _seen):
            with pytest.raises(error, match=f"127.0.0.1:{port}"):
                await sent(port, username="gm@corp.example", patience=0.5)

    run(story())


def test_nobody_listens() -> None:
    """A server that is down is worth another try."""

    async def story() -> None:
        async with scripted() as (port, _seen):
            pass
        with pytest.raises(ServerGone, match="does not answer"):
            await sent(port)

    run(story())


def test_login_with_a_chinese_password() -> None:
    """An authorisation code of any letters logs in."""

    async def story() -> None:
        taken = Taken()
        async with real(taken, auth=True) as port:
            secret = Secret(text="授权码")
            assert codes(await sent(port, username="gm@corp.example", password=secret)) == [250]
        assert set(taken.passwords) == {"授权码"}

    run(story())


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_tls(certificate: Path, security: str) -> None:
    """Mails go over TLS when the office's own certificate is named, and not at all when it is not."""

    async def story() -> None:
        taken = Taken()
        context = served(certificate)
        async with real(taken, **{security: context}) as port:  # type: ignore[arg-type]
            assert codes(await sent(port, security=security, ca_file=certificate)) == [250]
            with pytest.raises(ServerGone, match="ca_file"):
                await sent(port, security=security)
        assert len(taken.mails) == 1

    run(story())


def test_stripped_starttls_stops() -> None:
    """A server that does not offer STARTTLS where it is demanded gets no mail and no password."""

    async def story() -> None:
        async with scripted() as (port, seen):
            with pytest.raises(ProtocolTrouble, match="STARTTLS"):
                await sent(port, security="starttls", username="gm@corp.example", password=Secret(text="x"))
        assert not {"AUTH", "MAIL"} & set(seen)

    run(story())


@pytest.mark.parametrize("host", ["smtp.corp.example", "192.0.2.1", "127.evil.example", "localhost.evil.example"])
def test_plain_only_to_loopback(host: str) -> None:
    """A plain connection that would leave the machine is refused before anything is sent."""
    with pytest.raises(Misconfigured, match=r'use "tls"'):
        SmtpSender(login(25, host=host))


def test_a_sender_that_cannot_be_used() -> None:
    """A wrong envelope sender is the configuration's trouble."""
    with pytest.raises(Misconfigured, match="envelope sender"):
        run(SmtpSender(login(25)).send("gm corp.example", [LI], RAW))
