"""`maild init`: a first office that can start, and nothing that was there is lost."""

import asyncio
import re
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from maild.adapters.directoryfile import read_directory
from maild.adapters.providerrow import Servers
from maild.adapters.providers import provider_of, servers_for
from maild.assembly import Workshop
from maild.cli.main import main
from maild.config import load
from maild.daemon import machine_clock
from maild.onepass import once
from maild.sandbox.servers import EmbeddedServers
from maild.settings import Settings
from tests.servers import GM, LI

ANSWERS = ["--address", "box@office.example", "--name", '某某 "公司" $x', "--coordinator", "lin@office.example"]


def _init(folder: Path, *words: str) -> Settings:
    assert main(["init", "--dir", str(folder), "--no-try", *words]) == 0
    return load(folder / "maild.toml", {"MAILD_BOX_PASSWORD": "x", "MAILD_GM_PASSWORD": "x"})


def test_what_was_asked_for_stands_in_the_files(tmp_path: Path) -> None:
    """The answers arrive in maild.toml and directory.yaml, whatever characters they hold."""
    settings = _init(tmp_path, *ANSWERS, "--imap-host", "in.example", "--smtp-host", "out.example")
    people = read_directory(tmp_path / "directory.yaml", "Asia/Shanghai")
    box = settings.mailbox[0]

    assert settings.organisation.name == '某某 "公司" $x'
    assert settings.organisation.domain == "office.example"
    assert (box.address, box.imap.host, box.smtp.host) == ("box@office.example", "in.example", "out.example")
    assert [(p.address, p.roles) for p in people.people] == [("lin@office.example", ("gm-office", "staff"))]
    assert [d.pattern for d in people.domains] == ["office.example"]


@pytest.mark.parametrize(
    ("said", "server"),
    [
        ("in.example:143", ("in.example", 143, "starttls")),
        ("in.example:9993", ("in.example", 9993, "tls")),
        ("[::1]:993", ("::1", 993, "tls")),
        ("in.example", ("in.example", 993, "tls")),
    ],
)
def test_a_port_may_stand_behind_the_host(said: str, server: tuple[str, int, str], tmp_path: Path) -> None:
    """HOST:PORT arrives as host and port, with the encryption that servers have on that port."""
    imap = _init(tmp_path, *ANSWERS, "--imap-host", said).mailbox[0].imap

    assert (imap.host, imap.port, imap.security) == server


def test_without_answers_it_still_writes_an_office_that_can_start(tmp_path: Path) -> None:
    """Whoever just says `maild init` gets files to edit, and nobody real is written to before they are."""
    settings = _init(tmp_path)
    people = read_directory(tmp_path / "directory.yaml", "Asia/Shanghai").people

    assert settings.mailbox[0].imap.host == "imap.corp.example"
    assert all(person.address.endswith(".invalid") for person in people)


def test_the_defaults_written_are_the_defaults(tmp_path: Path) -> None:
    """A key that init writes and nobody changes means the same as leaving it out, but that it begins by watching."""
    written = _init(tmp_path, *ANSWERS)
    bare = tmp_path / "bare.toml"
    bare.write_text(
        '[organisation]\nname = "x"\n[[mailbox]]\naddress = "box@office.example"\n[mailbox.imap]\n'
        'host = "imap.office.example"\npassword_env = "P"\n[mailbox.smtp]\nhost = "smtp.office.example"\n', "utf-8"
    )  # fmt: skip
    least = load(bare, {"P": "x"})

    assert written.mailbox[0].mode == "observe"
    assert (replace(written.mailbox[0], mode="live"),) == least.mailbox
    assert (written.store, written.board, written.notify) == (least.store, least.board, least.notify)


def test_the_limits_are_left_to_the_provider(tmp_path: Path) -> None:
    """What init writes never asks more of an account than its provider allows."""
    smtp = _init(tmp_path, "--address", "gm@163.com").mailbox[0].smtp

    assert (smtp.connections, smtp.per_minute, smtp.per_day) == (2, 10, 200)


def test_the_lines_for_a_sign_in_only_need_their_marks_taken_off(tmp_path: Path) -> None:
    """At Microsoft the commented lines, with the office's own ids, are a whole setting."""
    _init(tmp_path, "--address", "gm@office.example", "--imap-host", "outlook.office365.com")
    path = tmp_path / "maild.toml"
    text = re.sub(
        r"(?m)^# (\[mailbox\.oauth\]|(?:auth|client_id|tenant|flow|keep) = .*)$", r"\1", path.read_text("utf-8")
    )
    path.write_text(re.sub(r"(?m)^password_env.*$", "", text), "utf-8")

    box = load(path, {}).mailbox[0]

    assert box.imap.token is not None
    assert box.oauth.token_url == "https://login.microsoftonline.com/your.domain/oauth2/v2.0/token"


def test_no_file_holds_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The password stays in the environment: no file and no line on the screen repeats it."""
    monkeypatch.setenv("MAILD_BOX_PASSWORD", "hunter2")
    _init(tmp_path, *ANSWERS)

    files = [path.read_text("utf-8") for path in tmp_path.rglob("*") if path.is_file()]
    assert all("hunter2" not in text for text in files)
    assert 'password_env = "MAILD_BOX_PASSWORD"' in (tmp_path / "maild.toml").read_text("utf-8")


def test_every_key_is_explained_in_both_languages(tmp_path: Path) -> None:
    """Directly above each key of maild.toml stands what it means, in Chinese and in English."""
    _init(tmp_path, *ANSWERS)
    told, speechless = "", []
    for line in (tmp_path / "maild.toml").read_text("utf-8").splitlines():
        if line.startswith("#"):
            told += line
            continue
        is_told = re.search("[\u4e00-\u9fff]{2}", told) and re.search("[a-z]{2,} [a-z]{2,}", told)
        if "=" in line and not is_told:
            speechless.append(line)
        told = ""

    assert speechless == []


def test_the_rules_folder_begins_with_the_shipped_pack(tmp_path: Path) -> None:
    """rules/pack.yaml says which pack and version it is laid over, and disturbs nothing."""
    settings = _init(tmp_path, *ANSWERS)

    assert settings.rules == tmp_path / "rules"
    assert yaml.safe_load((tmp_path / "rules" / "pack.yaml").read_text("utf-8")) == {"extends": "gm-mailbox@1"}


def test_the_folder_for_mails_is_its_owners_alone(tmp_path: Path) -> None:
    """Raw mails and database will lie where no other user of the machine looks in."""
    _init(tmp_path, *ANSWERS)

    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second init changes no file and says how to go on."""
    _init(tmp_path, *ANSWERS)
    mine = tmp_path / "directory.yaml"
    mine.write_text("units: []\n", "utf-8")

    assert main(["init", "--dir", str(tmp_path)]) == 2
    assert mine.read_text("utf-8") == "units: []\n"
    assert "--force" in capsys.readouterr().err


def test_force_keeps_what_was_there(tmp_path: Path) -> None:
    """--force writes anew and keeps each earlier file, also at the third time."""
    _init(tmp_path, *ANSWERS)
    for text in ("first", "second"):
        (tmp_path / "directory.yaml").write_text(text, "utf-8")
        _init(tmp_path, *ANSWERS, "--force")

    assert (tmp_path / "directory.yaml.bak").read_text("utf-8") == "first"
    assert (tmp_path / "directory.yaml.bak2").read_text("utf-8") == "second"
    assert "lin@office.example" in (tmp_path / "directory.yaml").read_text("utf-8")


WRONG = [
    (["--address", "nobody"], "'nobody' is no mail address"),
    (["--coordinator", "lin xiaoyue"], "is no mail address"),
    (["--address", "a@b.example", "--coordinator", "A@b.example"], "its own coordinator"),
    (["--domain", "two words"], "is no domain"),
]


@pytest.mark.parametrize(("words", "told"), WRONG, ids=[" ".join(row[0]) for row in WRONG])
def test_a_wrong_answer_writes_nothing(
    tmp_path: Path, words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot be right is told in one sentence, before anything is written."""
    assert main(["init", "--dir", str(tmp_path), *words]) == 2
    assert told in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


HOSTS = [
    ("a@163.com", "imap.163.com", "smtp.163.com", 465),
    ("a@foxmail.com", "imap.qq.com", "smtp.qq.com", 465),
    ("a@gmail.com", "imap.gmail.com", "smtp.gmail.com", 465),
    ("a@outlook.com", "outlook.office365.com", "smtp-mail.outlook.com", 587),
    ("a@Corp.Example", "imap.corp.example", "smtp.corp.example", 465),
]


@pytest.mark.parametrize(("address", "imap", "smtp", "port"), HOSTS, ids=[row[0] for row in HOSTS])
def test_the_provider_is_known_by_the_address(address: str, imap: str, smtp: str, port: int) -> None:
    """Servers, ports and security of the usual providers need not be looked up."""
    found = servers_for(address, provider_of(address))

    assert (found.imap_host, found.smtp_host, found.smtp_port) == (imap, smtp, port)
    assert found.smtp_security == ("starttls" if port == 587 else "tls")


def test_customers_of_the_same_provider_are_no_staff(tmp_path: Path) -> None:
    """A mailbox at a public provider does not make everybody there a member of the organisation."""
    settings = _init(tmp_path, "--address", "gm@163.com")
    domains = read_directory(tmp_path / "directory.yaml", "Asia/Shanghai").domains

    assert settings.organisation.domain != "163.com"
    assert "163.com" not in {one.pattern for one in domains}


def _served(folder: Path, *words: str) -> list[str]:
    """The command line for the mailbox on the embedded servers."""
    return ["init", "--dir", str(folder), "--address", "gm@corp.example", "--coordinator", LI.address, *words]


@pytest.fixture
def on_loopback(embedded: EmbeddedServers, monkeypatch: pytest.MonkeyPatch) -> EmbeddedServers:
    """A provider on this machine: the embedded servers."""
    host: dict[str, Any] = dict.fromkeys(("imap_host", "smtp_host"), "127.0.0.1")
    plain: dict[str, Any] = dict.fromkeys(("imap_security", "smtp_security"), "none")
    at = Servers(imap_port=embedded.imap_port, smtp_port=embedded.smtp_port, **host, **plain)
    monkeypatch.setattr("maild.adapters.providers.servers_for", lambda *_: at)
    return embedded


def test_both_logins_are_tried_and_a_test_mail_is_sent(
    on_loopback: EmbeddedServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a password in the environment: logins, the probe that comes back by the plus-address, the test mail."""
    monkeypatch.setenv("MAILD_GM_PASSWORD", GM.password)

    assert main(_served(tmp_path)) == 0

    said = capsys.readouterr().out
    assert "both logins work" in said
    assert "plus-addresses arrive" in said
    assert [one.recipients for one in on_loopback.sent] == [("gm+probe@corp.example",), (LI.address,)]


@pytest.mark.usefixtures("on_loopback")
def test_the_probe_switches_plus_addresses_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`auto` means off without a probe, and on once it has come; the probe is no case and nobody is told of it."""
    monkeypatch.setenv("MAILD_GM_PASSWORD", GM.password)
    before = _init(tmp_path / "dark", "--address", "gm@corp.example")
    assert main(_served(tmp_path / "light", "--test-mail", "n")) == 0
    settings = load(tmp_path / "light" / "maild.toml", {"MAILD_GM_PASSWORD": GM.password})

    dark, light = (Workshop(s, now=machine_clock, machine=machine_clock) for s in (before, settings))
    asyncio.run(once(light))
    with light.store.reading() as books:
        became = books.connection.exec_driver_sql("select disposition from journal").fetchall()
    plus = [one.office(one.settings.mailbox[0]).plus for one in (dark, light)]
    dark.close()
    light.close()

    assert plus == [False, True]
    assert became == [("probe",)]


def test_a_wrong_password_is_told_with_its_mend(
    on_loopback: EmbeddedServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 1, one sentence a login, the files are written, and the password stands nowhere."""
    monkeypatch.setenv("MAILD_GM_PASSWORD", "hunter2")

    assert main(_served(tmp_path)) == 1

    said = capsys.readouterr().out
    assert said.count("password") >= 2
    assert "hunter2" not in said
    assert on_loopback.sent == []
    assert (tmp_path / "maild.toml").exists()


@pytest.mark.usefixtures("on_loopback")
def test_it_asks_on_a_terminal_for_what_no_option_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers are typed one by one, Enter takes the default, the password is asked without showing it."""
    asked: list[str] = []
    answers = iter(["gm@corp.example", "lin@corp.example", "maybe", "y", "某公司", "", "", "n"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return next(answers)

    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: GM.password)
    monkeypatch.delenv("MAILD_GM_PASSWORD", raising=False)

    assert main(["init", "--dir", str(tmp_path)]) == 0

    box = load(tmp_path / "maild.toml", {"MAILD_GM_PASSWORD": "x"}).mailbox[0]
    assert (box.address, box.folders.after, box.mode) == ("gm@corp.example", "leave", "observe")
    assert "某公司" in (tmp_path / "maild.toml").read_text("utf-8")
    assert any("do people read this mailbox too" in prompt for prompt in asked)
    assert GM.password not in "".join(path.read_text("utf-8") for path in tmp_path.glob("*.*"))


def test_without_a_terminal_it_never_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a script every question has its default, and a missing password is said, not waited for."""
    monkeypatch.setattr("builtins.input", lambda _prompt: pytest.fail("asked"))
    monkeypatch.setattr("getpass.getpass", lambda _prompt: pytest.fail("asked"))
    monkeypatch.delenv("MAILD_GM_PASSWORD", raising=False)

    assert main(["init", "--dir", str(tmp_path), "--people-read", "y"]) == 0
    assert load(tmp_path / "maild.toml", {"MAILD_GM_PASSWORD": "x"}).mailbox[0].folders.after == "leave"
