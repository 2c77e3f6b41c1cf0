"""What `maild doctor` says of what is kept, and of who could read the raw mail."""

import sqlite3
import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from maild.adapters.archive import open_archive
from maild.adapters.storecheck import check_database, clock_finding, disk_finding, readers
from tests.cli.doctoring import DIRECTORY, NOW, Office, of


def test_the_database_is_at_the_newest_revision(office: Office) -> None:
    """A migrated database is well, and the clock stands behind its newest event."""
    office.migrate()
    found = office.store()

    assert of(found, "database", "ok")
    assert of(found, "clock", "ok")


def test_an_empty_database_is_said_in_words(office: Office) -> None:
    """A database that holds nothing yet is well, and no revision is named that it has not."""
    path = office.migrate()
    path.unlink()
    sqlite3.connect(path).close()

    (found,) = of(office.store(), "database")

    assert (found.status, found.text) == ("ok", "it is empty; its tables will be made at the first start")


def test_an_older_database_is_to_be_upgraded(office: Office) -> None:
    """A database of an earlier maild leads to `maild db upgrade`."""
    with sqlite3.connect(office.migrate()) as connection:
        connection.execute("delete from alembic_version")
    connection.close()

    (found,) = of(office.store(), "database")

    assert (found.status, "maild db upgrade" in found.mend) == ("warn", True)


def test_a_newer_database_is_refused(office: Office) -> None:
    """A database of a later maild is not touched."""
    with sqlite3.connect(office.migrate()) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    connection.close()

    (found,) = of(office.store(), "database")

    assert (found.status, found.mend) == ("BAD", "install a newer maild")


def test_a_damaged_database_is_told(office: Office) -> None:
    """A file that is no database is BAD, without a traceback."""
    (office.folder / "var" / "maild.db").write_bytes(b"this is no database" * 100)

    (found,) = of(office.store(), "database")

    assert found.status == "BAD"


def test_a_database_server_that_is_away_is_told(office: Office, unused: int) -> None:
    """PostgreSQL at a closed port is one BAD line."""
    pytest.importorskip("psycopg")
    settings = office.settings()
    url = f"postgresql+psycopg://maild@127.0.0.1:{unused}/maild?connect_timeout=2"

    (found,) = check_database(replace(settings, store=replace(settings.store, url=url)), NOW)

    assert (found.check, found.status) == ("database", "BAD")


def test_a_place_that_cannot_be_written_is_told(office: Office) -> None:
    """An archive below a file instead of a folder is BAD."""
    (office.folder / "var" / "archive").write_text("a file", "utf-8")

    (found,) = of(office.store(), "archive")

    assert (found.status, "check the disk" in found.mend) == ("BAD", True)


def test_mails_in_the_archive_stay_when_the_probe_goes(office: Office) -> None:
    """The doctor takes away what it wrote and nothing else."""
    archive = open_archive((office.folder / "var" / "archive").as_uri())
    kept = archive.put(b"a mail")
    office.store()

    assert archive.get(kept) == b"a mail"
    assert len([path for path in (office.folder / "var" / "archive").rglob("*") if path.is_file()]) == 1


ROOM = [(50, 100, "ok"), (9, 100, "warn"), (10, 100, "ok"), (0.9, 2, "warn"), (0, 0, "warn")]


@pytest.mark.parametrize(("free", "total", "status"), ROOM, ids=str)
def test_little_room_is_told_in_time(free: float, total: float, status: str) -> None:
    """Under 1 GB or 10 % there is a warning."""
    assert disk_finding(Path("/srv"), int(free * 1e9), int(total * 1e9)).status == status


CLOCKS = [
    (None, "ok"),
    (NOW - timedelta(days=9), "ok"),
    (NOW + timedelta(minutes=4), "ok"),
    (NOW + timedelta(1), "BAD"),
]


@pytest.mark.parametrize(("last", "status"), CLOCKS, ids=str)
def test_a_clock_before_the_newest_event_is_wrong(last: datetime | None, status: str) -> None:
    """A clock that was set back would make every deadline wrong."""
    naive = last.replace(tzinfo=None) if last else None

    assert clock_finding(last, NOW).status == clock_finding(naive, NOW).status == status


# -- who could read the raw mail


def test_custodians_are_named(office: Office) -> None:
    """The doctor prints who could read the raw mail."""
    (found,) = of(office.readers(), "raw")

    assert (found.status, "高翔 <admin@corp.example>" in found.text) == ("ok", True)


def test_a_directory_without_custodians_is_warned_of(office: Office) -> None:
    """Somebody always has access; the directory must say who."""
    office.directory = DIRECTORY.replace(", custodian: true", "")

    assert any("custodian: true" in one.mend for one in of(office.readers(), "raw", "warn"))


def test_an_open_database_is_warned_of(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that other users of the machine can read is told with the command that closes it."""
    path = office.migrate()
    monkeypatch.setattr("maild.adapters.storecheck.readers", lambda _path: "everybody on this machine")

    (warned,) = of(office.readers(), "raw", "warn")

    assert warned.text == f"{path} can be read by everybody on this machine"
    assert warned.mend.startswith(f"chmod 600 {path}")


MODES = [(0o700, 0o644, ""), (0o755, 0o600, ""), (0o755, 0o640, "its group"), (0o701, 0o604, "everybody")]


@pytest.mark.parametrize(("folder", "file", "words"), MODES, ids=[f"{r[0]:o} {r[1]:o}" for r in MODES])
def test_a_file_is_as_open_as_the_way_to_it(tmp_path: Path, folder: int, file: int, words: str) -> None:
    """A readable file in a closed folder is closed; one that others reach is told."""
    for above in (tmp_path, *tmp_path.parents):
        if above == Path(tempfile.gettempdir()):
            break
        above.chmod(0o755)
    there = tmp_path / "there"
    there.mkdir()
    (there / "mail").write_bytes(b"x")
    (there / "mail").chmod(file)
    there.chmod(folder)

    assert readers(there / "mail").startswith(words) if words else readers(there / "mail") == ""


def test_open_secrets_are_bad(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secrets file that others can read lets them forge reply keys."""
    path = office.folder / "var" / "secrets.json"
    path.write_text("{}", "utf-8")
    monkeypatch.setattr("maild.adapters.storecheck.readers", lambda _path: "everybody on this machine")

    (found,) = of(office.store(), "secrets")

    assert (found.status, found.mend) == ("BAD", f"chmod 600 {path}")
