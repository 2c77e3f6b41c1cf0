"""Backup while the daemon works, and restore: nothing missing, the history holds, old versions come along."""

import json
import shutil
import tarfile
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

import pytest
from alembic import command

from maild.adapters import migrate
from maild.adapters.archive import FileArchive
from maild.adapters.backup import ARCHIVE, prune, take_backup
from maild.adapters.chains import broken_chains
from maild.adapters.engine import open_engine, transaction
from maild.adapters.restore import BackupFile, restore
from maild.adapters.store import Store
from maild.cli.main import main
from maild.errors import Misconfigured
from tests.journeys.desk import GM, PASSWORD, TestDesk, open_desk
from tests.journeys.post import CUSTOMER, mail


@pytest.fixture(name="desk")
def _desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestDesk]:
    """An installation with three cases, one of them answered to."""
    monkeypatch.setenv("GM_PASSWORD", PASSWORD)
    (tmp_path / "office").mkdir()
    with open_desk(tmp_path / "office") as desk:
        desk.receive(
            mail("投诉：物流9天没动静"),
            mail("搅拌机漏油", sender="wu@mail-w.example"),
            mail("发票开错了", sender="li@mail-l.example"),
        )
        yield desk


def config(desk: TestDesk, folder: Path, url: str = "sqlite:///var/maild.db") -> Path:
    """maild.toml of another machine, with an empty database and archive."""
    folder.mkdir()
    text = (desk.folder / "maild.toml").read_text("utf-8")
    path = folder / "maild.toml"
    path.write_text(f'{text}\n[store]\nurl = "{url}"\n', "utf-8")
    return path


def rows(path: Path) -> dict[str, int]:
    """How many rows of each table a backup holds."""
    found: dict[str, int] = BackupFile(path).manifest["rows"]
    return found


def backed_up(desk: TestDesk, folder: Path) -> Path:
    """A backup by the command line, while the installation is open."""
    assert 0 == main(["backup", str(folder), "-c", str(desk.folder / "maild.toml")])
    return max(folder.glob("maild-*.tar.gz"))


def test_everything_comes_back_on_another_machine(
    desk: TestDesk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Cases, events, raw mails and keys are the same, every chain holds, and work goes on where it stopped."""
    before = desk.cases()
    backup = backed_up(desk, tmp_path / "backup")
    there = config(desk, tmp_path / "there")

    assert 0 == main(["restore", str(backup), "-c", str(there), "--json"])

    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    other = TestDesk(servers=desk.servers, folder=there.parent, environ=desk.environ, now=desk.now)
    try:
        assert before == other.cases()
        assert (3, []) == (told["cases"], told["broken"])
        assert (desk.folder / "var" / "secrets.json").read_bytes() == (
            there.parent / "var" / "secrets.json"
        ).read_bytes()
        assert 0o600 == (there.parent / "var" / "secrets.json").stat().st_mode & 0o777
        for (sha256,) in desk.rows("select sha256 from mail"):
            assert desk.workshop().archive.get(sha256) == other.workshop().archive.get(sha256)
        assert 0 == main(["search", "物流9天没动静", "-c", str(there)])
        other.now += timedelta(hours=1)
        desk.servers.deliver(mail("又一件", sender="he@mail-h.example"), GM)
        assert any("GM-" in letter.subject for letter in other.one_pass() if letter.to == "he@mail-h.example")
        assert "000004" == max(case["number"] for case in other.cases())[-6:]
    finally:
        other.restart()


def test_the_second_backup_copies_only_what_is_new(desk: TestDesk, tmp_path: Path) -> None:
    """Raw mails are shared: a later backup writes no mail again, and old ones are removed when asked to."""
    first = backed_up(desk, tmp_path / "backup")
    desk.receive(mail("再来一件", sender="zhou@mail-z.example"), at=desk.now + timedelta(hours=2))
    written, put = list[bytes](), FileArchive.put

    def noted(self: FileArchive, raw: bytes) -> str:
        written.append(raw)
        return put(self, raw)

    workshop = desk.workshop()
    with patch.object(FileArchive, "put", noted):
        done = take_backup(workshop.store, workshop.archive, first.parent, files={}, now=desk.now + timedelta(hours=3),
                           seal=workshop.ring)  # fmt: skip
    assert 1 == len(written)
    assert 4 == done.mails

    assert [first] == prune(first.parent, 1)
    restored = restore(BackupFile(done.path), open_engine("sqlite:///new.db", tmp_path), FileArchive(tmp_path / "new"),
                       seal=workshop.ring)  # fmt: skip
    assert (4, ()) == (restored.mails, restored.missing)


def test_a_row_that_came_while_the_backup_was_taken_is_whole_or_absent(desk: TestDesk, tmp_path: Path) -> None:
    """A backup is one moment: what is committed meanwhile is not half in it."""
    workshop = desk.workshop()
    original = FileArchive.get
    came = list[str]()

    def slow(self: FileArchive, sha256: str) -> bytes:
        if not came and self.folder != tmp_path / "backup" / ARCHIVE:
            came.append(sha256)
            desk.receive(mail("恰在此时", sender="zheng@mail-z.example"), at=desk.now + timedelta(hours=1))
        return original(self, sha256)

    with patch.object(FileArchive, "get", slow):
        done = take_backup(workshop.store, workshop.archive, tmp_path / "backup", files={}, now=desk.now)

    assert came
    assert () == done.missing
    assert 3 == rows(done.path)["case"]
    assert 4 == len(desk.cases())


@pytest.mark.parametrize("back", ["postgresql", "sqlite"])
def test_a_backup_of_one_database_is_restored_into_the_other(
    desk: TestDesk, tmp_path: Path, postgres_url: str, back: str
) -> None:
    """SQLite into PostgreSQL, and from there into SQLite again, with the same rows and the same chains."""
    backup = backed_up(desk, tmp_path / "backup")
    ring = desk.workshop().ring
    archive = FileArchive(tmp_path / "archive", ring)
    engine = open_engine(postgres_url, tmp_path)
    restore(BackupFile(backup), engine, archive, seal=ring)
    store = Store.open(postgres_url, tmp_path, ring)
    cases, events, broken = broken_chains(store)
    again = take_backup(store, archive, tmp_path / "again", files={}, now=desk.now, seal=ring)
    store.close()
    engine.dispose()
    assert (3, []) == (cases, broken)
    assert rows(backup) == rows(again.path)
    if back == "postgresql":
        return

    home = open_engine("sqlite:///home.db", tmp_path)
    restore(BackupFile(again.path), home, FileArchive(tmp_path / "home", ring), seal=ring)
    home.dispose()
    store = Store.open("sqlite:///home.db", tmp_path, ring)
    try:
        assert (3, events, []) == broken_chains(store)
    finally:
        store.close()


def test_a_backup_of_an_earlier_version_is_migrated_forward(desk: TestDesk, tmp_path: Path) -> None:
    """What was taken at the first schema is filled into the first schema and brought up to date."""
    newest = migrate.newest()
    config_ = migrate._config()
    engine = open_engine("sqlite:///old.db", tmp_path)
    with transaction(engine, write=True) as connection:
        config_.attributes["connection"] = connection
        command.upgrade(config_, "0001")
        connection.exec_driver_sql("insert into counter (name, value, text) values ('case:GM:2025', 41, '')")
    store = Store(engine)
    done = take_backup(store, FileArchive(tmp_path / "none"), tmp_path / "backup", files={}, now=desk.now)
    engine.dispose()
    fresh = open_engine("sqlite:///fresh.db", tmp_path)

    restore(BackupFile(done.path), fresh, FileArchive(tmp_path / "fresh"))

    assert newest == migrate.version(fresh)
    with transaction(fresh, write=False) as connection:
        assert 41 == connection.exec_driver_sql("select value from counter where name = 'case:GM:2025'").scalar()
    fresh.dispose()


def test_a_database_with_history_is_never_written_over(desk: TestDesk, tmp_path: Path) -> None:
    """Restoring over an installation with cases is refused with the mend, and nothing is changed."""
    backup = backed_up(desk, tmp_path / "backup")
    before = desk.cases()
    workshop = desk.workshop()

    with pytest.raises(Misconfigured, match="holds history already"):
        restore(BackupFile(backup), workshop.store.engine, workshop.archive)

    assert before == desk.cases()


def test_a_damaged_backup_is_told_before_anything_is_written(desk: TestDesk, tmp_path: Path) -> None:
    """A file cut short, another file, and a changed member are each refused with one sentence."""
    backup = backed_up(desk, tmp_path / "backup")
    short = tmp_path / "short.tar.gz"
    short.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    other = tmp_path / "other.tar.gz"
    other.write_bytes(b"not a backup")
    changed = tmp_path / "changed.tar.gz"
    with tarfile.open(backup) as source, tarfile.open(changed, "w:gz") as target:
        for member in source.getmembers():
            content = source.extractfile(member)
            assert content is not None
            data = content.read()
            if member.name == "tables/case.jsonl":
                data = data.replace(CUSTOMER.encode(), b"x" * len(CUSTOMER))
            target.addfile(member, BytesIO(data))

    for path in (short, other, changed, tmp_path / "nowhere.tar.gz"):
        with pytest.raises(Misconfigured, match=str(path)):
            BackupFile(path)


def test_a_raw_mail_that_is_gone_is_named(desk: TestDesk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A damaged archive stops no backup: the rest is taken, the hash is named, the exit status is 1."""
    (sha256,) = desk.rows("select sha256 from mail limit 1")[0]
    shutil.rmtree(desk.folder / "var" / "archive" / sha256[:2])

    assert 1 == main(["backup", str(tmp_path / "backup"), "-c", str(desk.folder / "maild.toml")])

    assert sha256 in capsys.readouterr().err
    assert 3 == rows(next((tmp_path / "backup").glob("*.tar.gz")))["case"]
