"""`maild doctor`: each trouble is one line with its mend, and one trouble hides no other."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from maild.adapters.finding import of_error
from maild.adapters.notifycheck import check_duty, check_notify
from maild.cli.main import main
from maild.domain.directory import Duty
from maild.errors import Misconfigured, ServerGone
from maild.sandbox.servers import EmbeddedServers
from maild.settings import NotifySettings, Secret, Settings
from tests.cli.doctoring import DIRECTORY, GM, NOW, Office, bad


def test_a_sound_office_has_nothing_bad(whole_office: Office) -> None:
    """Every check is made and none is BAD."""
    found = whole_office.findings()
    checks = {one.check.split()[0] for one in found}

    assert bad(found) == []
    assert checks >= {
        "configuration", "templates", "calendar", "directory", "pack", "coordinator", "imap", "capabilities", "quota",
        "folders", "folder", "authentication", "smtp", "mode", "sealed", "database", "archive", "disk",
        "secrets", "raw", "second",
    }  # fmt: skip


def test_the_doctor_changes_nothing(office: Office, servers: EmbeddedServers) -> None:
    """After a look there is no database, no secrets, no mail, no folder that was not there before."""
    before = servers.folders(GM.address)
    office.findings()

    assert servers.folders(GM.address) == before
    assert servers.sent == []
    assert [path for path in (office.folder / "var").rglob("*") if path.is_file()] == []


def test_a_warning_and_a_trouble_carry_their_mend(office: Office) -> None:
    """No line complains without saying what to do."""
    office.directory = DIRECTORY.replace("supervisory_body", "# ")
    office.password = "wrong"

    assert [one.check for one in office.findings() if one.status != "ok" and not one.mend] == []


def test_a_duty_table_that_has_run_out_is_told() -> None:
    """Somebody must write the coming weeks; an office without a duty table hears nothing of it."""
    past = Duty(start=NOW - timedelta(days=3), end=NOW - timedelta(days=1), person="a@corp.example")

    assert [one.status for one in check_duty([past], NOW)] == ["warn"]
    assert list(check_duty([past, replace(past, end=NOW + timedelta(days=1))], NOW)) == []
    assert list(check_duty([], NOW)) == []


def test_the_second_channel_is_counted_without_its_address() -> None:
    """The line names kinds and numbers, never a secret; without a channel it says how to have one."""
    told = NotifySettings(urgent=Secret(text="https://oapi.dingtalk.com/robot/send?access_token=topsecret#SEC"))
    found = check_notify(Settings(notify=told))

    assert (found.status, found.text) == ("ok", "1 (dingtalk)")
    assert check_notify(Settings()).status == "warn"


# -- the command


def test_the_command_ends_with_0_when_nothing_is_bad(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each line begins with its status; warnings do not fail it."""
    monkeypatch.setenv("GM_PASSWORD", "right")

    assert main(["doctor", "-c", str(office.write())]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {line.split()[0] for line in lines} == {"ok", "warn"}
    assert all(" -> " in line for line in lines if line.startswith("warn"))


def test_the_command_ends_with_1_when_something_is_bad(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A script can rely on the exit status, and on the keys of --json."""
    monkeypatch.setenv("GM_PASSWORD", "wrong")

    assert main(["doctor", "--json", "-c", str(office.write())]) == 1
    found = json.loads(capsys.readouterr().out)
    assert all(set(one) == {"check", "status", "text", "mend"} for one in found)
    assert {one["status"] for one in found} == {"ok", "warn", "BAD"}


def test_the_command_ends_with_2_without_a_configuration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a readable maild.toml there is nothing to examine."""
    assert main(["doctor", "-c", str(tmp_path / "maild.toml")]) == 2
    assert "maild init" in capsys.readouterr().err


SENTENCES = [
    (ServerGone("a:1 is gone; check host"), "a:1 is gone", "check host"),
    (Misconfigured("f:1: x; y; mend it."), "f:1: x; y", "mend it"),
    (ServerGone("it is gone."), "it is gone", ""),
]


@pytest.mark.parametrize(("error", "text", "mend"), SENTENCES, ids=[row[2] or "none" for row in SENTENCES])
def test_an_errors_mend_is_set_apart(error: Misconfigured | ServerGone, text: str, mend: str) -> None:
    """What an error proposes stands behind the arrow."""
    assert (of_error("x", error).text, of_error("x", error).mend) == (text, mend)
