"""The shared mailbox on a real Dovecot: Sent by its special use, our copies in it, old mail removed safely."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from tests.dovecot import Dovecot  # noqa: F401  the fixture's own import
from tests.journeys.post import CUSTOMER, mail
from tests.journeys.test_real_dovecot import Station, station  # noqa: F401  the fixture
from tests.servers import Box

pytestmark = [pytest.mark.dovecot, pytest.mark.slow]
SENT = "Gesendet"
LONG_AGO = datetime.now(UTC) - timedelta(days=100)


def with_folders(made: Station, *lines: str) -> tuple[str, Box]:
    """A mailbox with further lines in [mailbox.folders], read from the beginning."""
    address, box = made.mailbox()
    more = "\n".join(["[mailbox.folders]", *lines])
    made.write(made.config.replace("[mailbox.folders]", more).replace("poll_seconds", 'since = "all"\npoll_seconds'))
    return address, box


def once(made: Station) -> None:
    """`maild once`, which must do well."""
    done = made.once()
    assert done.returncode == 0, done.stderr


def test_sent_is_found_by_its_special_use(station: Station) -> None:  # noqa: F811
    """A folder with a foreign name and the flag Sent: our copies lie in it once, an answer by hand ends the clock."""
    address, box = with_folders(station)
    with box.client() as client:
        client.create_folder(SENT)
    once(station)
    box.deliver(mail(Message_ID="<asked@pc.example>"))
    once(station)
    station_hand = mail(
        "Re: 投诉",
        "已补发，单号 SF123456，预计周四送达。",
        sender=address,
        to=CUSTOMER,
        In_Reply_To="<asked@pc.example>",
    )
    box.deliver(station_hand, folder=SENT)
    once(station)
    _much_later(station)
    for _ in range(2):
        once(station)

    copies = [raw for raw in box.raws(SENT) if raw != station_hand]
    assert len(copies) == len(set(copies)) == station.rows("select count(*) from outbox where state = 'sent'")[0][0]
    assert station.rows('select state from "case"') == [("answered",)]
    assert station.rows("select disposition from journal where folder <> 'INBOX'") == [("answered-by-hand",)]


def test_old_processed_mail_is_removed_once_its_archive_copy_agrees(station: Station) -> None:  # noqa: F811
    """Older than keep_on_server, processed, same bytes in the archive: gone; anything else stays."""
    _, box = with_folders(station)
    damaged = mail(sender="wu@mail-w.example")
    box.deliver(mail(), damaged, at=LONG_AGO)
    box.deliver(mail(sender="li@mail-l.example"))
    once(station)
    foreign = mail("alt", "nie gesehen", sender="x@mail-x.example")
    box.deliver(foreign, folder="maild/Processed", at=LONG_AGO)
    (digest,) = [row[0] for row in station.rows("select sha256 from mail where author = 'wu@mail-w.example'")]
    (kept,) = [
        path
        for path in (station.folder / "var" / "archive").rglob("*")
        if path.is_file() and path.name.startswith(digest)
    ]
    kept.write_bytes(b"damaged")
    config = (station.folder / "maild.toml").read_text("utf-8")
    station.write(config.replace("[mailbox.folders]", '[mailbox.folders]\nkeep_on_server = "90 days"'))

    once(station)

    assert sorted(box.raws("maild/Processed")) == sorted([damaged, mail(sender="li@mail-l.example"), foreign])


def test_nothing_is_removed_by_default(station: Station) -> None:  # noqa: F811
    """Without keep_on_server old processed mail stays for ever."""
    _, box = with_folders(station)
    box.deliver(mail(), at=LONG_AGO)
    once(station)
    once(station)

    assert box.raws("maild/Processed") == [mail()]


def _much_later(made: Station) -> None:
    """Let the copies have waited long enough for a provider that files them by itself."""
    with closing(sqlite3.connect(made.folder / "var" / "maild.db")) as database, database:
        database.execute("update line set at = '2026-01-01 00:00:00.000000' where kind = 'copy'")
