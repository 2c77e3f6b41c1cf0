"""maild login, from the settings to kept tokens, against a scripted token endpoint."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from maild.adapters.store import Store
from maild.cli.main import main
from maild.config import load
from maild.errors import Misconfigured
from maild.post import TOKEN_LOOK, TOKEN_TROUBLE, keep_signed_in
from maild.workflow.alarm import Alarms
from tests.adapters.token_endpoint import Endpoint, code, granted, refused, token_endpoint

TOML = """
[organisation]
name = "示例公司"
domain = "corp.example"

[[mailbox]]
address = "gm@corp.example"
[mailbox.oauth]
{oauth}
[mailbox.imap]
host = "{host}"
auth = "xoauth2"
[mailbox.smtp]
host = "{host}"
"""
APP = 'client_id = "app-1"\nkeep = "file"\ntoken_url = "{0.token_url}"\ndevice_url = "{0.device_url}"\nscope = "mail"'


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A token endpoint."""
    with token_endpoint() as listening:
        yield listening


def _settings(folder: Path, oauth: str, host: str = "imap.corp.example") -> Path:
    path = folder / "maild.toml"
    path.write_text(TOML.format(oauth=oauth, host=host), "utf-8")
    return path


def test_a_person_signs_the_mailbox_in(tmp_path: Path, endpoint: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    """The page and the code are shown, the tokens are kept, and every later command finds them."""
    path = _settings(tmp_path, APP.format(endpoint))
    endpoint.says(code(), refused("authorization_pending"), granted("at-1", refresh="rt-1"))

    assert main(["login", "-c", str(path), "GM@corp.example"]) == 0

    told = capsys.readouterr().out
    assert "Open https://login.example/device on any device, sign in as gm@corp.example and type in: ABCD-1234" in told
    assert "Now run maild doctor" in told
    token = load(path, {}).mailbox[0].imap.token
    assert token is not None
    assert token.access() == "at-1"


def test_a_refused_sign_in_is_one_sentence(
    tmp_path: Path, endpoint: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 1, and nothing is kept."""
    path = _settings(tmp_path, APP.format(endpoint))
    endpoint.says(code(), refused("access_denied"))

    assert main(["login", "-c", str(path), "gm@corp.example"]) == 1
    assert "refused on the page; run maild login again" in capsys.readouterr().err
    assert list(tmp_path.rglob("*.token")) == []


def test_a_sign_in_that_would_not_last_is_refused(
    tmp_path: Path, endpoint: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a refresh token mail would stop within the hour: the missing scope is named."""
    path = _settings(tmp_path, APP.format(endpoint))
    endpoint.says(code(), granted("at-1"))

    assert main(["login", "-c", str(path), "gm@corp.example"]) == 2
    assert "offline_access" in capsys.readouterr().err


def test_the_program_signs_in_with_its_own_secret(
    tmp_path: Path, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Client credentials are tried at once, so that a wrong secret shows now and not at night."""
    monkeypatch.setenv("APP_SECRET", "s3")
    path = _settings(tmp_path, APP.format(endpoint) + '\nflow = "client"\nclient_secret_env = "APP_SECRET"')
    endpoint.says(granted("at-app"))

    assert main(["login", "-c", str(path), "gm@corp.example"]) == 0
    assert endpoint.asked[0]["client_secret"] == "s3"


def test_the_addresses_of_a_known_provider_need_not_be_written(tmp_path: Path) -> None:
    """At Microsoft the client id and the office's directory are enough."""
    path = _settings(tmp_path, 'client_id = "app-1"\ntenant = "corp.example"', "outlook.office365.com")
    oauth = load(path, {}).mailbox[0].oauth

    assert oauth.token_url == "https://login.microsoftonline.com/corp.example/oauth2/v2.0/token"
    assert oauth.device_url.endswith("/devicecode")
    assert "offline_access" in oauth.scope


WRONG = [
    ('client_id = "a"\ntoken_url = "http://login.example/token"\ndevice_url = "https://x"', "no https address"),
    ('client_id = "a"', "address for tokens is not known"),
    ('token_url = "https://x/t"\ndevice_url = "https://x/d"', "client_id"),
    ('client_id = "a"\ntoken_url = "https://x/t"', "no device codes"),
    ('flow = "client"\nclient_id = "a"\ntoken_url = "https://x/t"', "client_secret_env"),
    ('client_id = "a"\nclient_secret = "inline"', "a client secret stands in"),
    ('client_id = "a"\nclient_secret_env = "NOT_SET"', "client_secret_env: the environment variable NOT_SET"),
]


@pytest.mark.parametrize(("oauth", "told"), WRONG, ids=[told for _, told in WRONG])
def test_settings_that_cannot_sign_in_are_told(tmp_path: Path, oauth: str, told: str) -> None:
    """What is missing or unsafe is named with its line before anything is asked."""
    with pytest.raises(Misconfigured, match=told) as caught:
        load(_settings(tmp_path, oauth), {})
    assert "inline" not in caught.value.sentence


def test_a_lost_sign_in_is_an_alarm_once_a_day(
    tmp_path: Path, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    """When the refresh token is taken back the log and the digest say so; a server that is away is no alarm."""
    path = _settings(tmp_path, APP.format(endpoint))
    endpoint.says(code(), granted("at-1", lifetime=0, refresh="rt-1"))
    main(["login", "-c", str(path), "gm@corp.example"])
    box = load(path, {}).mailbox[0]
    box = replace(box, smtp=replace(box.smtp, token=None))
    store = Store.open(f"sqlite:///{tmp_path}/maild.db", tmp_path)
    alarms = Alarms(mailbox=box.address, store=store, now=lambda: datetime(2026, 11, 24, tzinfo=UTC))
    post = cast("Any", SimpleNamespace(box=box, alarms=alarms))

    def lines() -> list[str]:
        with store.reading() as books:
            return [line.kind for _, _, line in books.lines("gm@corp.example")]

    endpoint.says(refused("server_error", 503))
    assert keep_signed_in(post) == TOKEN_TROUBLE
    assert lines() == []
    endpoint.says(refused("invalid_grant"))
    assert [keep_signed_in(post), keep_signed_in(post)] == [TOKEN_TROUBLE] * 2
    assert lines() == ["login-lost"]
    assert len([r for r in caplog.records if "run maild login again" in r.message]) == 2
    endpoint.says(granted("at-2"))
    assert keep_signed_in(post) == TOKEN_LOOK
    store.close()
