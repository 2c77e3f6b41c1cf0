"""The real daemon in a thread of the test, and waiting for what it does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from queue import Queue
from threading import Thread
from time import monotonic, sleep

from maild.daemon import Daemon, run
from tests.journeys.desk import TestDesk

MINUTE = timedelta(minutes=1)


@contextmanager
def running(desk: TestDesk) -> Iterator[Daemon]:
    """The real daemon, until the block ends."""
    begun: Queue[Daemon] = Queue()
    thread = Thread(target=run, args=(desk.workshop(),), kwargs={"started": begun.put}, daemon=True)
    thread.start()
    daemon = begun.get(timeout=30)
    try:
        yield daemon
    finally:
        daemon.stop_soon()
        thread.join(30)
        desk.restart()


def until(happened: Callable[[], object], seconds: float = 60) -> None:
    """Wait for it."""
    end = monotonic() + seconds
    while not happened():
        assert monotonic() < end, "it did not happen"
        sleep(0.02)


def looks(daemon: Daemon, desk: TestDesk, later: timedelta) -> int:
    """What is told when so much time has gone by."""
    desk.now += later
    return daemon.speaker.look_once()
