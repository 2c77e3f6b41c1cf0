"""The key of the seal, and raw mails that only it opens."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest

from maild.adapters.archive import FileArchive
from maild.adapters.bucket import BucketArchive
from maild.adapters.sealring import Ring, WrongKey, new_line, read_ring, ring_of, write_key
from maild.adapters.sealwork import seal_archive
from maild.config import load
from maild.errors import Misconfigured, Temporary
from maild.settings import SealSettings, Secret
from tests.adapters.test_bucket import bucket, keys, server

__all__ = ["bucket", "server"]
RAW = "From: 李伟 <li.wei@mail-a.example>\r\n\r\n电话 13800001234".encode()
NAME = hashlib.sha256(RAW).hexdigest()
FIRST, SECOND = (ring_of(f"k{n}:{base64.b64encode(bytes([n]) * 32).decode()}", "test") for n in (1, 2))
BOTH = Ring(keys={**FIRST.keys, **SECOND.keys}, current="k2")
TOML = """
[[mailbox]]
address = "gm@corp.example"
[mailbox.imap]
host = "127.0.0.1"
security = "none"
password_env = "P"
[mailbox.smtp]
host = "127.0.0.1"
security = "none"
[seal]
"""


def stored(folder: Path) -> bytes:
    """The bytes of the one file."""
    return (folder / NAME[:2] / NAME[2:4] / NAME).read_bytes()


def test_what_is_closed_is_bound_to_what_it_is_about() -> None:
    """The same bytes under another name, changed bytes, and another key do not open."""
    closed = FIRST.close(RAW, "one")

    assert RAW == BOTH.open(closed, "one")
    assert len(closed) == FIRST.size_of(len(RAW))
    for ring, given, about in (
        (FIRST, closed, "other"), (SECOND, closed, "one"), (FIRST, closed[:-1] + b"x", "one"), (FIRST, closed[:20], "one")
    ):  # fmt: skip
        with pytest.raises(WrongKey):
            ring.open(given, about)


def test_a_sealed_folder_shows_nothing_and_gives_everything_back(tmp_path: Path) -> None:
    """The file is named by the hash of the plain mail and holds none of its words; put twice it is one file."""
    archive = FileArchive(tmp_path, FIRST)

    assert [NAME, NAME] == [archive.put(RAW), archive.put(RAW)]
    assert RAW == archive.get(NAME)
    assert [NAME] == list(archive.hashes())
    assert b"li.wei" not in stored(tmp_path)
    assert b"1380000" not in stored(tmp_path)


def test_old_plain_mails_can_be_read_and_are_encrypted_when_asked(tmp_path: Path) -> None:
    """What lay there before the key opens as before, is encrypted once, and the same mail again writes over nothing."""
    FileArchive(tmp_path).put(RAW)
    archive = FileArchive(tmp_path, FIRST)

    assert RAW == archive.get(NAME)
    assert [(1, []), (0, [])] == [seal_archive(archive), seal_archive(archive)]
    assert b"li.wei" not in stored(tmp_path)
    assert RAW == archive.get(NAME)


def test_without_the_right_key_a_mail_waits_and_stays(tmp_path: Path) -> None:
    """No key, or another one: it is a trouble that passes, and what is encrypted is not replaced by what is plain."""
    FileArchive(tmp_path, FIRST).put(RAW)
    before = stored(tmp_path)

    for seal in (None, SECOND):
        with pytest.raises(Temporary, match="put the right key of the seal back"):
            FileArchive(tmp_path, seal).get(NAME)
    FileArchive(tmp_path).put(RAW)

    assert before == stored(tmp_path)


def test_a_new_key_closes_what_the_old_one_closed(tmp_path: Path) -> None:
    """After a rotation the old key is of no use any more."""
    FileArchive(tmp_path, FIRST).put(RAW)

    assert (1, []) == seal_archive(FileArchive(tmp_path, BOTH))
    assert RAW == FileArchive(tmp_path, SECOND).get(NAME)


def test_a_damaged_mail_stops_no_other(tmp_path: Path) -> None:
    """It is named, left as it is, and the rest is encrypted."""
    plain = FileArchive(tmp_path)
    other = plain.put(RAW)
    path = tmp_path / "aa" / "bb" / ("aabb" + "0" * 60)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"something else")

    assert (1, [path.name]) == seal_archive(FileArchive(tmp_path, FIRST))
    assert b"something else" == path.read_bytes()
    assert RAW == FileArchive(tmp_path, FIRST).get(other)


def test_a_sealed_bucket_is_kept_like_a_folder(bucket: Any) -> None:
    """Encrypted objects, plain ones encrypted on demand, and none of it readable without the key."""
    BucketArchive("s3://raw").put(RAW)
    archive = BucketArchive("s3://raw", FIRST)

    assert RAW == archive.get(NAME)
    assert [NAME] == list(archive.hashes())
    assert [(1, []), (0, [])] == [seal_archive(archive), seal_archive(archive)]
    assert NAME == archive.put(RAW)
    assert b"li.wei" not in bucket.get_object(Bucket="raw", Key=keys(bucket)[0])["Body"].read()
    assert RAW == archive.get(NAME)
    with pytest.raises(Temporary, match="right key"):
        BucketArchive("s3://raw").get(NAME)


@pytest.mark.parametrize("text", ["k1:abc", "k1", "", "# only words", "k 1:" + "A" * 44, f"k1:{'A' * 43}=\nk2:AAAA"])
def test_what_is_no_key_is_refused(text: str) -> None:
    """A sentence says where it was read and what belongs there."""
    with pytest.raises(Misconfigured, match=r"\[seal\] key_file x: this is no key of the seal"):
        ring_of(text, "key_file x")


def test_a_key_is_never_written_over_and_never_others_to_read(tmp_path: Path) -> None:
    """A second key under the same name is refused, and so is a file that others may read."""
    path = tmp_path / "seal.key"
    write_key(path, new_line(), new=True)
    before = path.read_text()
    with pytest.raises(Misconfigured, match="never written over"):
        write_key(path, new_line(), new=True)
    path.chmod(0o644)

    with pytest.raises(Misconfigured, match="chmod 600"):
        read_ring(SealSettings(key=Secret(text=before), source="key_file", path=path))
    assert before == path.read_text()
    assert [path] == list(tmp_path.iterdir())


WRONG = [
    ('key = "k1:AAAA"', r"maild.toml:\d+: a key stands in \[seal\]"),
    ('key_file = "gone.key"', "cannot be read"),
    ('key_env = "NOT_SET"', "NOT_SET is not set"),
    ('key_env = "A"\nkey_file = "b"', "keep one of key_env, key_file"),
    ('key_fil = "b"', "did you mean key_file"),
]


@pytest.mark.parametrize(("said", "why"), WRONG)
def test_a_wrong_setting_is_told(tmp_path: Path, said: str, why: str) -> None:
    """Inline keys, missing files and variables, and two places at once are refused."""
    (tmp_path / "maild.toml").write_text(TOML + said, "utf-8")

    with pytest.raises(Misconfigured, match=why):
        load(tmp_path / "maild.toml", {"P": "x"})


def test_the_key_comes_from_a_file_or_the_environment(tmp_path: Path) -> None:
    """Either is read; without [seal] there is no seal."""
    line = new_line()
    (tmp_path / "a.key").write_text(f"# keep it well\n{line}\n", "utf-8")
    (tmp_path / "a.key").chmod(0o600)
    found = []
    for said in ('key_file = "a.key"', 'key_env = "K"', ""):
        (tmp_path / "maild.toml").write_text(TOML + said, "utf-8")
        ring = read_ring(load(tmp_path / "maild.toml", {"P": "x", "K": line}).seal)
        found.append(dict(ring.keys) if ring else None)

    assert [dict(ring_of(line, "").keys)] * 2 + [None] == found
