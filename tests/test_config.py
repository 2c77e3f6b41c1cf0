"""What maild.toml may say, and what a person is told when it says something else."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from maild.config import load
from maild.errors import Misconfigured
from maild.settings import MailboxSettings, Settings

GOOD = """\
[organisation]
name = "示例公司"
domain = "corp.example"
timezone = "Asia/Shanghai"
directory = "directory.yaml"

[[mailbox]]
address = "gm@corp.example"
since = "3 days"
[mailbox.folders]
inbox = ["INBOX"]
[mailbox.imap]
host = "imap.corp.example"
password_env = "GM_PASSWORD"
[mailbox.smtp]
host = "smtp.corp.example"

[[mailbox]]
address = "hr@corp.example"
[mailbox.imap]
host = "imap.corp.example"
password_env = "GM_PASSWORD"
[mailbox.smtp]
host = "smtp.corp.example"
"""
ENVIRON = {"GM_PASSWORD": "s3cret-7"}

AS_PROMISED = """\
[organisation]
name = "示例公司"
domain = "corp.example"
timezone = "Asia/Shanghai"
directory = "directory.yaml"

rules = "rules"
templates = "templates"

[store]
url = "sqlite:///var/maild.db"
archive = "file:///var/archive"

[[mailbox]]
address = "gm@corp.example"
pack = "gm-mailbox"
plus_addressing = "auto"
hold_outside = "10 minutes"
mode = "live"
since = "3 days"
trusted_authserv_ids = ["mx.corp.example"]
[mailbox.identity]
[mailbox.folders]
[mailbox.imap]
host = "imap.corp.example"
port = 993
security = "tls"
username = "gm@corp.example"
password_env = "MAILD_GM_PASSWORD"
[mailbox.smtp]
host = "smtp.corp.example"
port = 465
security = "tls"
connections = 4

[board]
listen = "127.0.0.1:8025"
[notify]
urgent_env = "MAILD_NOTIFY_URGENT"
"""


def _load(folder: Path, text: str, environ: Mapping[str, str] = ENVIRON) -> Settings:
    path = folder / "maild.toml"
    path.write_text(text, "utf-8")
    return load(path, environ)


def _first(folder: Path, text: str = GOOD, environ: Mapping[str, str] = ENVIRON) -> MailboxSettings:
    return _load(folder, text, environ).mailbox[0]


def _mistake(folder: Path, text: str, environ: Mapping[str, str] = ENVIRON) -> str:
    with pytest.raises(Misconfigured) as caught:
        _load(folder, text, environ)
    return caught.value.sentence.replace(str(folder), "")


def test_the_example_of_the_interface_is_read_as_it_stands(tmp_path: Path) -> None:
    """The promised maild.toml is valid, and every one of its values arrives."""
    settings = _load(
        tmp_path, AS_PROMISED, {"MAILD_GM_PASSWORD": "x", "MAILD_NOTIFY_URGENT": "https://chat.corp.example/hook"}
    )
    box = settings.mailbox[0]

    assert (settings.rules, settings.templates) == (tmp_path / "rules", tmp_path / "templates")
    assert settings.store.archive == "file:///var/archive"
    assert (box.plus_addressing, box.hold_outside, box.since) == ("auto", timedelta(minutes=10), "3 days")
    assert (box.imap.username, box.smtp.username, box.smtp.password.text) == ("gm@corp.example",) * 2 + ("x",)
    assert (box.trusted_authserv_ids, settings.board.listen) == (("mx.corp.example",), "127.0.0.1:8025")


def test_relative_paths_start_at_the_folder_of_the_file(tmp_path: Path) -> None:
    """Wherever maild is started, directory, secrets, archive and rules are found beside maild.toml."""
    folder = tmp_path / "the office #1"
    folder.mkdir()
    settings = _load(folder, 'rules = "rules"\n' + GOOD)

    assert settings.base == folder
    assert settings.organisation.directory == folder / "directory.yaml"
    assert settings.store.secrets == folder / "var" / "secrets.json"
    assert settings.rules == folder / "rules"
    assert settings.store.archive == (folder / "var" / "archive").as_uri()


@pytest.mark.parametrize(
    ("security", "imap", "smtp"), [("tls", 993, 465), ("starttls", 143, 587), ("none", 143, 25)], ids=str
)
def test_ports_follow_the_security(tmp_path: Path, security: str, imap: int, smtp: int) -> None:
    """Who writes no port gets the one that belongs to the security."""
    text = GOOD.replace('host = "imap.corp.example"', f'host = "localhost"\nsecurity = "{security}"')
    text = text.replace('host = "smtp.corp.example"', f'host = "localhost"\nsecurity = "{security}"')

    box = _first(tmp_path, text)

    assert (box.imap.port, box.smtp.port) == (imap, smtp)


def test_the_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    """A file saved by Windows Notepad is read."""
    assert _load(tmp_path, "\ufeff" + GOOD).organisation.name == "示例公司"


SWITCHES = [
    ("plus_addressing = true", "plus_addressing", "true"),
    ('plus_addressing = "auto"', "plus_addressing", "auto"),
    ('hold_outside = "0"', "hold_outside", timedelta(0)),
    ("hold_outside = 0", "hold_outside", timedelta(0)),
    ('hold_outside = "2 小时"', "hold_outside", timedelta(hours=2)),
    ('aliases = ["boss@corp.example"]', "aliases", ("boss@corp.example",)),
]


@pytest.mark.parametrize(("line", "key", "value"), SWITCHES, ids=[row[0] for row in SWITCHES])
def test_values_of_a_mailbox_are_understood(tmp_path: Path, line: str, key: str, value: object) -> None:
    """What people write for a mailbox is what maild works by."""
    assert getattr(_first(tmp_path, GOOD.replace('since = "3 days"', line)), key) == value


# -- the environment

OVERLAYS = [
    ("MAILD_STORE__URL", "postgresql+psycopg://u:pw@db/x", lambda s: s.store.url, "postgresql+psycopg://u:pw@db/x"),
    ("MAILD_ORGANISATION__NAME", "12345", lambda s: s.organisation.name, "12345"),
    ("MAILD_MAILBOX__0__IMAP__HOST", "10.0.0.9", lambda s: s.mailbox[0].imap.host, "10.0.0.9"),
    ("MAILD_MAILBOX__1__IMAP__PORT", "1993", lambda s: s.mailbox[1].imap.port, 1993),
    ("MAILD_MAILBOX__0__POLL_SECONDS", "2.5", lambda s: s.mailbox[0].poll_seconds, 2.5),
    ("MAILD_MAILBOX__0__FOLDERS__INBOX", "INBOX, 投诉", lambda s: s.mailbox[0].folders.inbox, ("INBOX", "投诉")),
    ("MAILD_MAILBOX__0__TRUSTED_AUTHSERV_IDS", "a,b", lambda s: s.mailbox[0].trusted_authserv_ids, ("a", "b")),
    ("MAILD_MAILBOX__0__PLUS_ADDRESSING", "true", lambda s: s.mailbox[0].plus_addressing, "true"),
    ("MAILD_RULES", "mine", lambda s: s.rules.name, "mine"),
    ("MAILD_BOARD__LISTEN", "127.0.0.1:9", lambda s: s.board.listen, "127.0.0.1:9"),
]


@pytest.mark.parametrize(("name", "said", "ask", "value"), OVERLAYS, ids=[row[0] for row in OVERLAYS])
def test_every_value_may_come_from_the_environment(
    tmp_path: Path, name: str, said: str, ask: object, value: object
) -> None:
    """MAILD_ and the path of a key overrule what the file says."""
    assert callable(ask)
    assert ask(_load(tmp_path, GOOD, ENVIRON | {name: said})) == value


def test_a_mailbox_may_come_from_the_environment_alone(tmp_path: Path) -> None:
    """A container needs no file but an empty one."""
    given = {
        "ADDRESS": "gm@corp.example", "IMAP__HOST": "imap.corp.example", "IMAP__PASSWORD_ENV": "GM_PASSWORD",
        "SMTP__HOST": "smtp.corp.example",
    }  # fmt: skip
    environ = ENVIRON | {f"MAILD_MAILBOX__0__{key}": said for key, said in given.items()}

    assert _first(tmp_path, "", environ).imap.host == "imap.corp.example"


def test_other_variables_of_that_prefix_mean_nothing(tmp_path: Path) -> None:
    """Passwords and what a container platform sets are no settings."""
    environ = ENVIRON | {"MAILD_GM_PASSWORD": "x", "MAILD_PORT": "tcp://10.0.0.1:80", "MAILD_SERVICE_HOST": "10.0.0.1"}

    assert _load(tmp_path, GOOD, environ) == _load(tmp_path, GOOD)


BAD_VARIABLES = [
    ("MAILD_MAILBOX__7__ADDRESS", "x@corp.example", "nothing in"),
    ("MAILD_MAILBOX__0__IMAP__PORT", "many", "mailbox.0.imap.port"),
    ("MAILD_STORE__URLL", "x", "did you mean url?"),
    ("MAILD_MAILBOX__0__IMAP__PASSWORD", "x", "password_env"),
]


@pytest.mark.parametrize(("name", "said", "words"), BAD_VARIABLES, ids=[row[0] for row in BAD_VARIABLES])
def test_a_wrong_variable_is_named(tmp_path: Path, name: str, said: str, words: str) -> None:
    """A mistake that stands in the environment is not looked for in the file."""
    sentence = _mistake(tmp_path, GOOD, ENVIRON | {name: said})

    assert sentence.startswith(f"environment variable {name}: ")
    assert words in sentence


# -- secrets


def test_a_password_file_is_read_without_its_line_end(tmp_path: Path) -> None:
    """A secret mounted as a file works as it is, blanks and umlauts included."""
    (tmp_path / "pw").write_text(" pass wörd \n", "utf-8")

    box = _first(tmp_path, GOOD.replace('password_env = "GM_PASSWORD"', 'password_file = "pw"'))

    assert box.imap.password.text == box.smtp.password.text == " pass wörd "


def test_smtp_logs_in_as_imap_unless_it_says_otherwise(tmp_path: Path) -> None:
    """User and password are written once; an empty user name means no login."""
    open_relay = GOOD.replace('host = "smtp.corp.example"', 'host = "smtp.corp.example"\nusername = ""')
    own = GOOD.replace('host = "smtp.corp.example"', 'host = "smtp.corp.example"\npassword_env = "OTHER"')

    assert (_first(tmp_path, open_relay).smtp.username, _first(tmp_path, open_relay).smtp.password.text) == ("", "")
    assert _first(tmp_path, own, ENVIRON | {"OTHER": "o"}).smtp.password.text == "o"


def test_limits_come_from_the_provider_unless_the_file_says_otherwise(tmp_path: Path) -> None:
    """Connections and rates of a known provider need not be looked up, and the office's own word goes before."""
    at_163 = GOOD.replace("gm@corp.example", "gm@163.com").replace("smtp.corp.example", "smtp.163.com", 1)
    known = _load(tmp_path, at_163).mailbox[0].smtp
    said = _load(tmp_path, at_163.replace('"smtp.163.com"', '"smtp.163.com"\nper_day = 900')).mailbox[0].smtp
    own = _load(tmp_path, GOOD).mailbox[0].smtp

    assert (known.connections, known.per_minute, known.per_day) == (2, 10, 200)
    assert (said.connections, said.per_minute, said.per_day) == (2, 10, 900)
    assert (own.connections, own.per_minute, own.per_day) == (4, None, None)


def test_a_password_never_shows(tmp_path: Path) -> None:
    """Neither the settings' repr nor an error holds a password."""
    settings = _load(tmp_path, GOOD)
    wrong = _mistake(tmp_path, GOOD.replace('since = "3 days"', "poll_seconds = -1"))

    assert settings.mailbox[0].imap.password.text == "s3cret-7"
    assert "s3cret-7" not in repr(settings) + str(settings) + wrong


def test_an_inline_password_is_refused_and_not_repeated(tmp_path: Path) -> None:
    """A password in the file is told by its line, and the message does not spread it."""
    inline = GOOD.replace('password_env = "GM_PASSWORD"', 'password = "hunter2"', 1)
    url = GOOD + '[store]\nurl = "postgresql+psycopg://maild:hunter2@db/maild"\n'

    for text, line in ((inline, 14), (url, 26)):
        sentence = _mistake(tmp_path, text)
        assert sentence.startswith(f"/maild.toml:{line}: ")
        assert "hunter2" not in sentence


KEYRINGS = [
    ("right", ""),
    (None, "holds no password of gm@corp.example"),
    ("absent", "pip install keyring"),
]


@pytest.mark.parametrize(("held", "told"), KEYRINGS, ids=["held", "empty", "not installed"])
def test_a_password_may_lie_in_the_keyring(
    tmp_path: Path, held: str | None, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system's keyring is asked by service and user; what is missing is told by its line."""
    ring = SimpleNamespace(get_password=lambda service, _user: held if service == "office" else None)
    monkeypatch.setitem(sys.modules, "keyring", None if held == "absent" else ring)
    text = GOOD.replace('password_env = "GM_PASSWORD"', 'password_keyring = "office"', 1)

    if told:
        assert _mistake(tmp_path, text).startswith("/maild.toml:14: password_keyring: ")
        assert told in _mistake(tmp_path, text)
    else:
        assert _first(tmp_path, text).imap.password.text == "right"


# -- loopback


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_a_plain_connection_may_go_to_loopback(tmp_path: Path, host: str) -> None:
    """On the machine itself TLS may be left out."""
    text = GOOD.replace('host = "imap.corp.example"', f'host = "{host}"\nsecurity = "none"')

    assert _first(tmp_path, text).imap.security == "none"


@pytest.mark.parametrize("host", ["imap.corp.example", "192.168.1.5", "localhost.corp.example", "0.0.0.0"])  # noqa: S104
@pytest.mark.parametrize("server", ["imap", "smtp"])
def test_a_plain_connection_goes_nowhere_else(tmp_path: Path, host: str, server: str) -> None:
    """Without TLS no password and no mail leaves the machine."""
    text = GOOD.replace(f'host = "{server}.corp.example"', f'host = "{host}"\nsecurity = "none"')

    sentence = _mistake(tmp_path, text)

    assert f"mailbox.0.{server}.security" in sentence
    assert 'write "tls" or "starttls"' in sentence


# -- mistakes

IMAP = 'host = "imap.corp.example"'
MISTAKES = [
    ('name = "示例公司"', "name = 示例公司", 2, "Invalid value"),
    ('name = "示例公司"', "name = “示例公司”", 2, "full-width '“'"),
    ('name = "示例公司"', 'name ＝ "示例公司"', 2, "full-width '＝'"),
    ('name = "示例公司"', 'domain = "x"', 3, "each key once"),
    ("[organisation]", "[organization]", 1, "did you mean organisation?"),
    ('name = "示例公司"', 'nmae = "示例公司"', 2, "did you mean name?"),
    ('name = "示例公司"', "name = 5", 2, "organisation.name: Input should be a valid string"),
    ('timezone = "Asia/Shanghai"', 'timezone = "Asia/Peking"', 4, "write one like Asia/Shanghai"),
    ('timezone = "Asia/Shanghai"', 'timezone = "../x"', 4, "write one like Asia/Shanghai"),
    ('domain = "corp.example"', 'domain = "gm@corp.example"', 3, "is no domain"),
    ('address = "gm@corp.example"', 'address = "gm"', 8, "is no mail address"),
    ('address = "gm@corp.example"\n', "", 7, "address: this key is missing; add it"),
    ('since = "3 days"', 'since = "yesterday"', 9, "is no time"),
    ('since = "3 days"', 'mode = "alive"', 9, "'observe', 'assist' or 'live'"),
    ('since = "3 days"', 'hold_outside = "soon"', 9, "is no length of time"),
    ('since = "3 days"', "poll_seconds = 0", 9, "above 0"),
    ('since = "3 days"', 'aliases = ["gm@corp.example"]', 9, "a second time"),
    ('since = "3 days"', 'identity = {case_prefix = "g-m"}', 9, "capital letters"),
    ("hr@corp.example", "GM@corp.example", 19, "a second time"),
    ('inbox = ["INBOX"]', "inbox = []", 11, "at least one folder"),
    ('inbox = ["INBOX"]', 'keep_on_server = "2 hours"', 11, 'write at least "1 day"'),
    ('inbox = ["INBOX"]', 'keep_on_server = "soon"', 11, "is no length of time"),
    ('inbox = ["INBOX"]', 'after = "delete"', 11, "'move', 'keyword' or 'leave'"),
    (IMAP, 'hots = "imap.corp.example"', 12, "has no host"),
    (IMAP, IMAP + "\nport = 99999", 14, "from 1 to 65535"),
    (IMAP, IMAP + "\nprot = 993", 14, "did you mean port?"),
    (IMAP, IMAP + '\nsecurity = "ssl"', 14, "'tls', 'starttls' or 'none'"),
    (IMAP, IMAP + '\nauth = "xoauth2"', 7, "this provider's address for tokens is not known"),
    (IMAP, IMAP + '\nusername = ""', 14, "IMAP needs a login"),
    (IMAP, IMAP + '\npassword = "x"', 14, "use password_env"),
    (IMAP, IMAP + "\nca_file = 3", 14, "write it in quotes"),
    ('password_env = "GM_PASSWORD"', 'password_env = "NOT_SET"', 14, "NOT_SET is not set; export it"),
    ('password_env = "GM_PASSWORD"', "password_env = 5", 14, "write it in quotes"),
    ('password_env = "GM_PASSWORD"', 'password_file = "gone"', 14, "cannot be read"),
    ('password_env = "GM_PASSWORD"\n', "", 12, "add password_env or password_file"),
    ('host = "smtp.corp.example"', 'host = "smtp.corp.example"\nconnections = 0', 17, "above 0"),
    ('[mailbox.smtp]\nhost = "smtp.corp.example"\n', "", 7, "has no host"),
    ("[[mailbox]]\naddress", "[store]\nurll = 1\n[[mailbox]]\naddress", 8, "did you mean url?"),
    ("[[mailbox]]\naddress", '[store]\narchive = "ftp://b/p"\n[[mailbox]]\naddress', 8, "file://var/archive"),
    ("[organisation]", "rules = 5\n[organisation]", 1, "rules: "),
    ('directory = "directory.yaml"', "rules = 5", 5, "rules is not text"),
]


@pytest.mark.parametrize(("old", "new", "line", "words"), MISTAKES, ids=[f"{r[1][:40]!r}" for r in MISTAKES])
def test_a_mistake_is_told_with_file_line_and_mend(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    """Whoever mistypes reads in one sentence where it stands and what to write."""
    assert old in GOOD

    sentence = _mistake(tmp_path, GOOD.replace(old, new, 1))

    assert sentence.startswith(f"/maild.toml:{line}:")
    assert words in sentence
    assert "\n" not in sentence


def test_a_mistake_is_looked_for_in_its_own_mailbox(tmp_path: Path) -> None:
    """The line belongs to the mailbox that is wrong, not to the first one with such a key."""
    head, _, tail = GOOD.rpartition('host = "imap.corp.example"')

    assert _mistake(tmp_path, f'{head}host = "imap.corp.example"\nprot = 1{tail}').startswith("/maild.toml:22:")


WHOLE = [
    ("", "there is no [[mailbox]]"),
    ("mailbox = 3\n", "two brackets"),
    ('[mailbox]\naddress = "gm@corp.example"\n', "two brackets"),
    ("mailbox = [1]\n", "this must be a table"),
    ("[[mailbox]]\nimap = 3\n", "write [mailbox.imap]"),
    ('organisation = "x"\n' + GOOD.split("\n\n", 1)[1], "organisation: "),
    ("[[mailbox\n", "key = value"),
]


@pytest.mark.parametrize(("text", "words"), WHOLE, ids=[row[1] for row in WHOLE])
def test_a_file_of_another_shape_is_explained(tmp_path: Path, text: str, words: str) -> None:
    """No shape of the file ends in a traceback."""
    assert words in _mistake(tmp_path, text)


def test_a_missing_file_leads_to_init(tmp_path: Path) -> None:
    """Who starts without a file is told how to get one."""
    with pytest.raises(Misconfigured, match="maild init"):
        load(tmp_path / "maild.toml", {})


def test_a_file_in_another_encoding_is_explained(tmp_path: Path) -> None:
    """A maild.toml saved as GB18030 is told to be saved as UTF-8."""
    path = tmp_path / "maild.toml"
    path.write_bytes(GOOD.encode("gb18030"))

    with pytest.raises(Misconfigured, match="save it as UTF-8"):
        load(path, ENVIRON)


def test_settings_are_the_same_when_read_twice(tmp_path: Path) -> None:
    """Reading changes nothing: a second reading gives an equal value."""
    once, again = _load(tmp_path, GOOD), _load(tmp_path, GOOD)

    assert once == again
    assert once != replace(again, board=replace(again.board, listen="127.0.0.1:1"))
