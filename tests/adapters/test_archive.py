"""Raw mails by content hash."""

import hashlib
from pathlib import Path

import pytest

from maild.adapters.archive import FileArchive, open_archive
from maild.errors import Misconfigured, Permanent, Temporary

RAW = b"From: a@b.example\r\n\r\nhello"
NAME = hashlib.sha256(RAW).hexdigest()


def test_gives_back_what_was_put(tmp_path: Path) -> None:
    """The same bytes come back, from the folder that their hash names."""
    archive = FileArchive(tmp_path / "not" / "made" / "yet")

    assert archive.put(RAW) == NAME
    assert archive.get(NAME) == RAW
    assert (tmp_path / "not" / "made" / "yet" / NAME[:2] / NAME[2:4] / NAME).read_bytes() == RAW


def test_the_same_bytes_are_one_file(tmp_path: Path) -> None:
    """Putting twice leaves one file and nothing temporary."""
    archive = FileArchive(tmp_path)

    archive.put(RAW)
    archive.put(RAW)

    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [NAME]


def test_a_file_cut_short_is_written_again(tmp_path: Path) -> None:
    """A file that a crash left short is mended by the next put of the same mail."""
    archive = FileArchive(tmp_path)
    archive.put(RAW)
    (tmp_path / NAME[:2] / NAME[2:4] / NAME).write_bytes(RAW[:5])

    archive.put(RAW)

    assert archive.get(NAME) == RAW


def test_damage_is_found(tmp_path: Path) -> None:
    """Bytes that do not agree with their hash are never given out."""
    archive = FileArchive(tmp_path)
    archive.put(RAW)
    (tmp_path / NAME[:2] / NAME[2:4] / NAME).write_bytes(RAW.replace(b"hello", b"hallo"))

    with pytest.raises(Permanent, match="damaged; restore"):
        archive.get(NAME)


@pytest.mark.parametrize("name", ["0" * 64, "../../etc/passwd", "", NAME.upper()])
def test_unknown_names(tmp_path: Path, name: str) -> None:
    """What was never stored, and what is no hash, is refused with a sentence."""
    with pytest.raises(Permanent, match="archived mail"):
        FileArchive(tmp_path).get(name)


def test_a_disk_that_refuses_is_temporary(tmp_path: Path) -> None:
    """A folder that cannot be written is worth another try, and leaves nothing half done."""
    (tmp_path / NAME[:2]).write_text("a file where a folder should be")

    with pytest.raises(Temporary, match="check the disk"):
        FileArchive(tmp_path).put(RAW)


def test_opened_by_url(tmp_path: Path) -> None:
    """file:// names the folder, also one with blanks and Chinese letters."""
    folder = tmp_path / "var 归档"
    sha256 = open_archive(folder.as_uri()).put(RAW)

    assert FileArchive(folder).get(sha256) == RAW


def test_opened_by_a_plain_path(tmp_path: Path) -> None:
    """Letters that mean something in other addresses mean nothing in a folder's name."""
    folder = tmp_path / "a#b?c 归档"
    sha256 = open_archive(f"file://{folder}").put(RAW)

    assert FileArchive(folder).get(sha256) == RAW


@pytest.mark.parametrize("url", ["s3://", "ftp://bucket", "var/archive", "file://server/share", ""])
def test_other_stores_are_refused(url: str) -> None:
    """A store that cannot be used is named with what to write instead."""
    with pytest.raises(Misconfigured, match="write file:///folder"):
        open_archive(url)
