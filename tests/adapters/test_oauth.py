"""Signing in with OAuth2 against a scripted token endpoint: real HTTP on loopback."""

import base64
import json
import stat
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from maild.adapters.oauth import DeviceCode, SignInNeeded, client_grant, device_code, refreshed, wait_for_person
from maild.adapters.tokenkeep import KEY, FileKeep, Kept, open_keep
from maild.adapters.tokens import Tokens
from maild.errors import LoginRefused, Misconfigured, ProtocolTrouble, ServerGone
from maild.settings import OAuthSettings, Secret
from tests.adapters.token_endpoint import Endpoint, code, granted, refused, token_endpoint

GM = "gm@corp.example"


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A token endpoint."""
    with token_endpoint() as listening:
        yield listening


def settings(endpoint: Endpoint, **more: Any) -> OAuthSettings:
    """An app registration at this endpoint."""
    return OAuthSettings(client_id="app-1", token_url=endpoint.token_url, device_url=endpoint.device_url,
                         scope="mail offline_access", **more)  # fmt: skip


class Time:
    """A clock that sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time go by."""
        self.slept.append(seconds)
        self.now += seconds


def wait(endpoint: Endpoint, clock: Time, *, lifetime: float = 900) -> Any:
    """Wait for a person with a five-second code."""
    asked = DeviceCode(device="dc-1", user="ABCD", page="https://x", lifetime=lifetime, interval=5)
    return wait_for_person(settings(endpoint), asked, sleep=clock.sleep, clock=clock)


# -- device code


def test_a_code_is_asked_for_and_shown(endpoint: Endpoint) -> None:
    """The person gets a page and a code; the program keeps the other half."""
    endpoint.says(code(interval=5))

    found = device_code(settings(endpoint))

    assert (found.page, found.user, found.device) == ("https://login.example/device", "ABCD-1234", "dc-1")
    assert endpoint.asked == [{"client_id": "app-1", "scope": "mail offline_access"}]


def test_a_person_who_takes_time_is_waited_for(endpoint: Endpoint) -> None:
    """authorization_pending is asked again at the interval; slow_down makes it five seconds longer for good."""
    pending = refused("authorization_pending")
    endpoint.says(pending, refused("slow_down"), pending, granted("at-1", refresh="rt-1"))
    clock = Time()

    grant = wait(endpoint, clock)

    assert (grant.access, grant.refresh, grant.lifetime) == ("at-1", "rt-1", 3600)
    assert clock.slept == [5, 5, 10, 10]
    assert {asked["device_code"] for asked in endpoint.asked} == {"dc-1"}


def test_trouble_on_the_way_makes_the_questions_rarer(endpoint: Endpoint) -> None:
    """A gateway's error page is no refusal: it is asked half as often (RFC 8628 section 3.5)."""
    endpoint.says((502, b"<html>bad gateway</html>"), refused("temporarily_unavailable", 503), granted())
    clock = Time()

    assert wait(endpoint, clock).access == "at-1"
    assert clock.slept == [5, 10, 20]


@pytest.mark.parametrize(
    ("error", "told"),
    [("expired_token", "Nobody signed in"), ("access_denied", "refused on the page"),
     ("authorization_declined", "refused on the page"), ("authorization_pending", "Nobody signed in")],
)  # fmt: skip
def test_a_sign_in_that_does_not_come_ends(endpoint: Endpoint, error: str, told: str) -> None:
    """A refusal, an expired code and a person who never comes end the waiting with one sentence."""
    endpoint.says(refused(error))

    with pytest.raises(SignInNeeded, match=told):
        wait(endpoint, Time(), lifetime=60)


# -- refresh, client credentials


def test_a_refresh_token_that_was_taken_back_needs_a_person(endpoint: Endpoint) -> None:
    """invalid_grant says so in one sentence that names the mend, and never shows the token."""
    endpoint.says(refused("invalid_grant", error_description="AADSTS70008: the refresh token has expired"))

    with pytest.raises(SignInNeeded) as caught:
        refreshed(settings(endpoint), "rt-secret")

    assert "run maild login again" in caught.value.sentence
    assert "AADSTS70008" in caught.value.sentence
    assert "rt-secret" not in caught.value.sentence


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (refused("invalid_client", 401), LoginRefused),
        (refused("unauthorized_client"), LoginRefused),
        (refused("slow", 429), ServerGone),
        (refused("server_error", 500), ServerGone),
        ((200, {"token_type": "Bearer"}), ProtocolTrouble),
        ((200, b"not json"), ProtocolTrouble),
        ((200, [1]), ProtocolTrouble),
        ((302, b"", {"Location": "http://127.0.0.1:1/elsewhere"}), ProtocolTrouble),
    ],
)
def test_each_refusal_becomes_an_error_of_ours(endpoint: Endpoint, said: Any, kind: type[Exception]) -> None:
    """What cannot mend itself is told apart from what is tried again; nothing is sent elsewhere."""
    endpoint.says(said)

    with pytest.raises(kind):
        refreshed(settings(endpoint), "rt")
    assert len(endpoint.asked) == 1


def test_nobody_listening_is_tried_again(endpoint: Endpoint) -> None:
    """An endpoint that cannot be reached is temporary."""
    gone = replace(settings(endpoint), token_url="http://127.0.0.1:9/token")

    with pytest.raises(ServerGone, match="cannot be reached"):
        refreshed(gone, "rt")


def test_the_program_signs_in_by_itself(endpoint: Endpoint) -> None:
    """Client credentials need no person (RFC 6749 section 4.4)."""
    endpoint.says(granted("at-app"))

    grant = client_grant(settings(endpoint, flow="client", client_secret=Secret(text="s3")), GM)

    assert grant.access == "at-app"
    assert endpoint.asked[0]["grant_type"] == "client_credentials"
    assert endpoint.asked[0]["client_secret"] == "s3"


def test_a_service_account_speaks_for_its_mailbox(endpoint: Endpoint) -> None:
    """The signed claim names the mailbox; a clock that is wrong is put right by the server's Date."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    secret = Secret(text=json.dumps({"private_key": pem, "client_email": "maild@project.example"}))
    ahead = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
    endpoint.says((*refused("invalid_grant", error_description="Invalid JWT: iat"), {"Date": ahead}), granted("at-g"))

    grant = client_grant(settings(endpoint, flow="client", client_secret=secret), GM)

    assert grant.access == "at-g"
    claims = [_claims(asked["assertion"], key) for asked in endpoint.asked]
    assert {(c["iss"], c["sub"], c["aud"]) for c in claims} == {("maild@project.example", GM, endpoint.token_url)}
    assert 7100 < claims[1]["iat"] - claims[0]["iat"] < 7300


def _claims(assertion: str, key: rsa.RSAPrivateKey) -> dict[str, Any]:
    head, body, signature = assertion.split(".")
    key.public_key().verify(_raw(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), SHA256())
    claims: dict[str, Any] = json.loads(_raw(body))
    return claims


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


# -- kept and renewed


def tokens(endpoint: Endpoint, folder: Path, clock: Any = time.time, **more: Any) -> Tokens:
    """A mailbox's tokens, kept in a file of this folder."""
    return Tokens(GM, settings(endpoint, **more), lambda: FileKeep(GM, folder, "key"), clock=clock)


def signed_in(endpoint: Endpoint, folder: Path, clock: Any = time.time, *, lifetime: float = 3600) -> Tokens:
    """Tokens after a sign-in."""
    endpoint.says(code(), granted("at-0", lifetime=int(lifetime), refresh="rt-0"))
    mine = tokens(endpoint, folder, clock)
    found = device_code(settings(endpoint))
    mine.take(wait_for_person(settings(endpoint), found))
    endpoint.asked.clear()
    return mine


def test_a_token_is_used_until_its_end_is_near(endpoint: Endpoint, tmp_path: Path) -> None:
    """It is renewed five minutes before its end, not at each login, and a restart goes on with it."""
    clock = Time()
    mine = signed_in(endpoint, tmp_path, clock)
    endpoint.says(granted("at-1"))

    clock.now = 3200
    assert mine.access() == "at-0"
    assert tokens(endpoint, tmp_path, clock).access() == "at-0"
    assert endpoint.asked == []
    clock.now = 3301
    assert mine.access() == "at-1"
    assert [asked["refresh_token"] for asked in endpoint.asked] == ["rt-0"]


def test_a_replaced_refresh_token_is_kept_before_it_is_used(endpoint: Endpoint, tmp_path: Path) -> None:
    """A rotated refresh token takes the old one's place on the disk; without a new one the old one stays."""
    clock = Time()
    mine = signed_in(endpoint, tmp_path, clock)
    endpoint.says(granted("at-1", refresh="rt-1"), granted("at-2"), granted("at-3"))

    clock.now += 3600
    mine.access()
    clock.now += 3600
    tokens(endpoint, tmp_path, clock).access()
    clock.now += 3600
    tokens(endpoint, tmp_path, clock).access()

    assert [asked["refresh_token"] for asked in endpoint.asked] == ["rt-0", "rt-1", "rt-1"]


def test_a_token_that_another_process_renewed_is_taken_over(endpoint: Endpoint, tmp_path: Path) -> None:
    """Two daemons share one refresh token and spend it once."""
    clock = Time()
    one = signed_in(endpoint, tmp_path, clock)
    other = tokens(endpoint, tmp_path, clock)
    other.access()
    endpoint.says(granted("at-1", refresh="rt-1"))

    clock.now += 3600
    assert (one.access(), other.access()) == ("at-1", "at-1")
    assert len(endpoint.asked) == 1


def test_a_clock_that_was_set_back_makes_no_token_last_longer(endpoint: Endpoint, tmp_path: Path) -> None:
    """By our clock the token seems good for a day: it is renewed, as it never was good for more than an hour."""
    clock = Time()
    clock.now = 90_000
    mine = signed_in(endpoint, tmp_path, clock)
    endpoint.says(granted("at-1"))

    clock.now = 0
    assert mine.access() == "at-1"


def test_a_refused_token_is_renewed_once(endpoint: Endpoint, tmp_path: Path) -> None:
    """A server that refuses a token that seems good gets a new one; refused again, it is not the token."""
    signed_in(endpoint, tmp_path)
    mine = tokens(endpoint, tmp_path)
    endpoint.says(granted("at-1"))

    assert mine.access() == "at-0"
    assert mine.access(refused=True) == "at-1"
    with pytest.raises(LoginRefused, match="a fresh token is refused too"):
        mine.access(refused=True)
    assert len(endpoint.asked) == 1


def test_without_a_sign_in_the_mend_is_named(endpoint: Endpoint, tmp_path: Path) -> None:
    """Nobody has run maild login yet."""
    with pytest.raises(SignInNeeded, match=f"run maild login {GM}"):
        tokens(endpoint, tmp_path).access()


def test_nothing_of_a_token_is_readable_on_the_disk(endpoint: Endpoint, tmp_path: Path) -> None:
    """The file is encrypted and the daemon's alone; with another key it says what to do."""
    signed_in(endpoint, tmp_path / "oauth")
    files = [path for path in (tmp_path / "oauth").iterdir() if path.suffix == ".token"]

    assert [stat.S_IMODE(path.stat().st_mode) for path in files] == [0o600]
    assert b"rt-0" not in files[0].read_bytes()
    with pytest.raises(Misconfigured, match="run maild login again"):
        FileKeep(GM, tmp_path / "oauth", "another key").load()


def test_the_key_comes_from_the_environment_or_lies_beside(tmp_path: Path) -> None:
    """Without MAILD_TOKEN_KEY a key file is made, and one that others may read is not used."""
    FileKeep(GM, tmp_path / "a", "").save(Kept(refresh="r"))
    assert FileKeep(GM, tmp_path / "a", "").load().refresh == "r"
    (tmp_path / "a" / "token.key").chmod(0o644)
    with pytest.raises(Misconfigured, match="chmod 600"):
        FileKeep(GM, tmp_path / "a", "").load()

    keep = open_keep(GM, tmp_path / "b", {KEY: "from outside"}, where="file")
    keep.save(Kept(refresh="r"))
    assert not (tmp_path / "b" / "token.key").exists()


def test_the_keyring_is_used_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's keyring goes before the file; asked for and missing, it is named."""
    held: dict[tuple[str, str], str] = {}
    ring = SimpleNamespace(
        get_keyring=lambda: SimpleNamespace(priority=5),
        get_password=lambda service, user: held.get((service, user)),
        set_password=lambda service, user, text: held.update({(service, user): text}),
    )
    monkeypatch.setitem(sys.modules, "keyring", ring)
    keep = open_keep(GM, tmp_path, {})
    keep.save(Kept(refresh="rt", access="at", expires=1.0, lifetime=1.0))

    assert keep.load() == Kept(refresh="rt")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert isinstance(open_keep(GM, tmp_path, {}), FileKeep)
    with pytest.raises(Misconfigured, match="pip install keyring"):
        open_keep(GM, tmp_path, {}, where="keyring")
