"""The office's own rules in a running daemon: taken over while it runs, and a fault is told to the clerk."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path

import pytest

from maild import daemon
from maild.adapters.filewatch import FileWatch
from maild.assembly import Workshop
from maild.config import load
from tests.journeys.desk import GM, Letter, TestDesk, open_desk
from tests.journeys.post import CUSTOMER, mail

CLERK = "lin.xiaoyue@corp.example"
LOCKER = (
    "type: operational-problem\nrules:\n  - {id: locker, why: {zh: 快递柜, en: locker}, weight: 20, any: [丰巢柜]}\n"
)
PATIENCE = 30.0


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Iterator[TestDesk]:
    """An installation whose rules folder extends the shipped pack and changes nothing yet."""
    with open_desk(tmp_path) as desk:
        (tmp_path / "rules").mkdir()
        (tmp_path / "rules" / "pack.yaml").write_text("extends: gm-mailbox@1\n", "utf-8")
        path = tmp_path / "maild.toml"
        path.write_text(f'rules = "rules"\n{path.read_text("utf-8")}', "utf-8")
        yield desk


@contextmanager
def running(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    """The daemon itself, looking at its files every fifth of a second."""
    monkeypatch.setattr(daemon, "TICK_SECONDS", 0.2)
    settings = load(desk.folder / "maild.toml", desk.environ)
    workshop = Workshop(settings, now=daemon.machine_clock, machine=daemon.machine_clock)
    started, holder = threading.Event(), list[daemon.Daemon]()

    def begin(made: daemon.Daemon) -> None:
        holder.append(made)
        started.set()

    thread = threading.Thread(target=lambda: daemon.run(workshop, started=begin))
    thread.start()
    try:
        assert started.wait(PATIENCE)
        yield workshop
    finally:
        holder[0].stop_soon()
        thread.join(PATIENCE)
        workshop.close()


def awaited(found: Callable[[], list[Letter]]) -> list[Letter]:
    """What is found once there is something; nothing after the test's patience is over."""
    until = time.monotonic() + PATIENCE
    while not (letters := found()) and time.monotonic() < until:
        time.sleep(0.05)
    return letters


def sent(desk: TestDesk, to: str, word: str) -> list[Letter]:
    """Letters to this address in which this word stands."""
    letters = [
        Letter(to=one.recipients[0], raw=one.raw, message=message_from_bytes(one.raw)) for one in desk.servers.sent
    ]
    return [one for one in letters if one.to == to and word in one.subject + one.text]


def test_a_changed_rule_is_taken_over_while_the_daemon_runs(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that the clerk saves decides the next mail, without a signal and without a restart."""
    with running(desk, monkeypatch) as workshop:
        (desk.folder / "rules" / "mine.yaml").write_text(LOCKER, "utf-8")
        box = workshop.settings.mailbox[0]
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if any(rule.id == "locker" for rule in workshop.office(box).pack.policy.rules):
                break
            time.sleep(0.05)
        desk.servers.deliver(
            mail("门口的丰巢柜", "丰巢柜打不开，里面的样品取不出来。", sender="tang.ning@corp.example"),
            GM,
            authentication="pass",
        )

        assert awaited(lambda: sent(desk, "tang.ning@corp.example", "GM-"))

    assert ["operational-problem"] == [case["type"] for case in desk.cases()]


def test_a_wrong_rule_is_told_to_the_clerk_and_the_old_stay(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The coordinator gets one mail with file, line, the line itself and the mend; mail is taken in as before."""
    with running(desk, monkeypatch):
        (desk.folder / "rules" / "mine.yaml").write_text(LOCKER.replace("any: [丰巢柜]", "any: [丰巢柜"), "utf-8")

        (told,) = awaited(lambda: sent(desk, CLERK, "刚改动的规则有误"))
        desk.servers.deliver(mail(), GM)
        assert awaited(lambda: sent(desk, CUSTOMER, "GM-"))

    assert "mine.yaml:3" in told.text.replace("\n", "")
    assert "any: [丰巢柜" in told.text
    assert "括号没有配对，或者两项之间缺逗号" in told.text.replace("\n", "")
    assert "bracket" not in told.text
    assert 1 == len(sent(desk, CLERK, "刚改动的规则有误"))


def test_a_file_that_is_being_written_is_waited_for(tmp_path: Path) -> None:
    """A change counts once, and only when the file has not moved between two looks."""
    path = tmp_path / "mine.yaml"
    path.write_text("rules: []\n", "utf-8")
    watch = FileWatch([tmp_path, None])

    path.write_text("rules: [", "utf-8")
    first = watch.changed()
    path.write_text("rules: [a, b]\n", "utf-8")
    second, third, fourth = watch.changed(), watch.changed(), watch.changed()

    assert [False, False, True, False] == [first, second, third, fourth]
