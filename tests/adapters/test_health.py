"""A daemon says whether it lives: to the service manager, and to whoever asks on loopback."""

import asyncio
import json
import logging
import socket
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from maild.adapters.healthserver import Health, HealthServer, metrics
from maild.adapters.pulse import Pulse
from maild.adapters.servicemanager import ServiceManager
from maild.cli.run import JsonLines
from maild.errors import Misconfigured
from maild.vitals import Vitals
from tests.journeys.desk import open_desk
from tests.journeys.live import running, until
from tests.journeys.post import CUSTOMER, mail

GAUGES = {"maild_mailboxes": ("mailboxes in maild.toml", 2.0)}


def _asked(port: int, path: str) -> tuple[int, str]:
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_health_is_answered_in_words_and_figures() -> None:
    """200 and 503 for probes, gauges for Prometheus, nothing else at any other path."""
    health = [Health(gauges=GAUGES)]
    server = HealthServer("127.0.0.1:0", lambda: health[0])
    try:
        assert _asked(server.port, "/healthz") == (200, "ok\n")
        assert "# TYPE maild_mailboxes gauge\nmaild_mailboxes 2\n" in _asked(server.port, "/metrics")[1]
        health[0] = Health(faults=("stuck: sweep",), gauges=GAUGES)
        assert _asked(server.port, "/healthz") == (503, "stuck: sweep\n")
        assert "maild_healthy 0\n" in metrics(health[0])
        assert _asked(server.port, "/cases")[0] == 404
        with pytest.raises(Misconfigured, match="listen"):
            HealthServer(f"127.0.0.1:{server.port}", lambda: health[0])
    finally:
        server.close()


def test_a_loop_that_does_not_turn_is_named() -> None:
    """A loop that broke its word is stuck until it turns again; one that rests never is."""
    pulse = Pulse()
    pulse.beat("sweep", 0, within=10)
    pulse.beat("intake", 0, within=5)
    pulse.rest("intake")

    assert pulse.stuck(9) == []
    assert pulse.stuck(11) == ["sweep"]
    pulse.beat("sweep", 11, within=10)
    assert pulse.stuck(12) == []


def test_the_service_manager_hears_of_start_life_and_end(tmp_path: Path) -> None:
    """READY when it works, WATCHDOG while the loops turn and not when one hangs, STOPPING at the end."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(20)
        environ = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "100000"}
        with open_desk(tmp_path) as desk:
            vitals = Vitals(desk.workshop(), [], ServiceManager(environ))

            async def live() -> None:
                stopping = asyncio.Event()
                running = asyncio.create_task(vitals.run(stopping))
                await asyncio.sleep(0.2)
                vitals.pulse.beat("sweep", 0, within=0)
                await asyncio.sleep(0.2)
                stopping.set()
                await running

            asyncio.run(live())
        listening.setblocking(False)
        heard = []
        while True:
            try:
                heard.append(listening.recv(1000).decode())
            except BlockingIOError:
                break

    assert heard[0].startswith("READY=1\n")
    assert heard[1] == "WATCHDOG=1"
    assert heard[-2] == "STATUS=stuck: sweep"
    assert heard[-1].startswith("STOPPING=1")


def test_without_a_service_manager_nothing_is_said() -> None:
    """A daemon started by hand has nobody to tell, and another process's watchdog is not its own."""
    ServiceManager({}).tell("READY=1")

    assert ServiceManager({}).every is None
    assert ServiceManager({"NOTIFY_SOCKET": "@x", "WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"}).every is None


def test_a_running_daemon_answers_without_a_word_of_its_mail(tmp_path: Path) -> None:
    """The figures of a daemon with mail hold no address and no number of a case."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with open_desk(tmp_path) as desk:
        desk.environ["MAILD_HEALTH__LISTEN"] = f"127.0.0.1:{port}"
        with running(desk) as daemon:
            desk.servers.deliver(mail(), "gm@corp.example", authentication="pass")
            until(desk.cases)
            until(lambda: daemon.posts[0].reached)
            assert _asked(port, "/healthz") == (200, "ok\n")
            said = _asked(port, "/metrics")[1]

    assert "maild_healthy 1\n" in said
    assert "maild_mailboxes 1\n" in said
    assert not [word for word in ("@", "GM-", CUSTOMER) if word in said]


def test_json_lines_are_objects_that_quote_no_mail() -> None:
    """Each line is one object; of an exception the kind and the place stand in it, never its message."""
    try:
        raise ValueError("the body of a mail")
    except ValueError:
        record = logging.LogRecord("maild", logging.ERROR, "x.py", 1, "%s 失败", ("信",), sys.exc_info())
    line = JsonLines().format(record)

    said = json.loads(line)
    assert "\n" not in line
    assert (said["level"], said["message"], said["error"]) == ("error", "信 失败", "ValueError")
    assert "body of a mail" not in line
    assert said["trace"]
