"""How full the mailbox is reaches the coordinator once a day, whatever else the server can or cannot do."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from maild.adapters.archive import open_archive
from maild.adapters.imap import ImapServer
from maild.adapters.store import Store
from maild.errors import Temporary
from maild.settings import Login, MailboxSettings
from maild.workflow.keeping import Keeper

NOON = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
GM = "gm@corp.example"


class Telling(ImapServer):
    """A server that says how full it is; nothing else is asked of it."""

    def __init__(self, *quotas: tuple[str, int, int]) -> None:
        super().__init__(Login())
        self._quotas = quotas

    def quota(self) -> Sequence[tuple[str, int, int]]:
        return self._quotas


class Refusing(Telling):
    """A server that breaks off when it is asked."""

    def quota(self) -> Sequence[tuple[str, int, int]]:
        raise Temporary("imap.corp.example said no: later.")


def lines(folder: Path, server: ImapServer, *moments: datetime) -> list[dict[str, object]]:
    """The digest's lines after looking at these moments."""
    store = Store.open("sqlite:///maild.db", folder)
    archive = open_archive((folder / "archive").as_uri())
    box = MailboxSettings(address=GM)
    for moment in moments:
        Keeper(box=box, server=server, store=store, archive=archive, now=lambda: moment, machine=lambda: moment).look()  # noqa: B023
    with store.reading() as books:
        found = [line.data for _, _, line in books.lines(GM, "quota")]
    store.close()
    return found


def test_a_mailbox_that_fills_up_is_told_once_a_day(tmp_path: Path) -> None:
    """From 80 % on a line for the digest, with what and how full; again the next day, not every minute."""
    moments = (NOON, NOON + timedelta(minutes=1), NOON + timedelta(days=1))

    found = lines(tmp_path, Telling(("storage", 81, 100), ("message", 5, 100)), *moments)

    assert [(one["resource"], one["share"]) for one in found] == [("storage", "81 %")] * 2


def test_room_enough_is_not_told(tmp_path: Path) -> None:
    """79 %, or a server that tells no limit: nothing."""
    assert lines(tmp_path, Telling(("storage", 79, 100)), NOON) == []


def test_a_server_that_refuses_is_left_for_a_day(tmp_path: Path) -> None:
    """The trouble is logged, and intake goes on."""
    assert lines(tmp_path, Refusing(), NOON, NOON + timedelta(minutes=1)) == []
