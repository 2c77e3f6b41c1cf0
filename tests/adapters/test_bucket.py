"""Raw mails in a bucket, on an S3 server on loopback: kept as in a folder, and no trouble of the bucket costs a mail."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from maild.adapters.archive import open_archive
from maild.adapters.bucket import BucketArchive
from maild.adapters.storecheck import check_archive, check_disk, check_readers
from maild.errors import Permanent, Temporary
from maild.settings import Settings, StoreSettings

RAW = b"Subject: \xb2\xe2\xca\xd4\r\n\r\n" + bytes(range(256)) * 40
NAME = sha256(RAW).hexdigest()
SECRET = "very-secret-key"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A running S3 server."""
    running = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An empty bucket `raw`, and the environment that leads to it."""
    for name, value in (
        ("ENDPOINT_URL", server), ("ACCESS_KEY_ID", "key"), ("SECRET_ACCESS_KEY", SECRET), ("DEFAULT_REGION", "us-east-1")
    ):  # fmt: skip
        monkeypatch.setenv(f"AWS_{name}", value)
    client = boto3.client("s3")
    client.create_bucket(Bucket="raw")
    yield client
    for found in client.list_objects_v2(Bucket="raw").get("Contents", []) if _exists(client) else []:
        client.delete_object(Bucket="raw", Key=found["Key"])


def _exists(client: Any) -> bool:
    return any(found["Name"] == "raw" for found in client.list_buckets()["Buckets"])


def keys(client: Any) -> list[str]:
    """The names of all objects."""
    return [found["Key"] for found in client.list_objects_v2(Bucket="raw").get("Contents", [])]


def test_what_is_put_can_be_read_back(bucket: Any) -> None:
    """Bytes come back as they were, under their hash, once however often they are put."""
    archive = open_archive("s3://raw/office/")

    assert [NAME, NAME] == [archive.put(RAW), archive.put(RAW)]
    assert RAW == archive.get(NAME)
    assert [f"office/{NAME[:2]}/{NAME[2:4]}/{NAME}"] == keys(bucket)


def test_a_damaged_copy_is_noticed_and_a_short_one_written_again(bucket: Any) -> None:
    """Bytes that do not agree with their hash never come back; a cut one is replaced when the mail comes again."""
    archive = BucketArchive("s3://raw")
    archive.put(RAW)
    bucket.put_object(Bucket="raw", Key=keys(bucket)[0], Body=RAW[:100])
    with pytest.raises(Permanent, match="damaged"):
        archive.get(NAME)

    archive.put(RAW)

    assert RAW == archive.get(NAME)


def test_a_mail_that_is_gone_is_permanent(bucket: Any) -> None:
    """Trying again brings no lost object back."""
    with pytest.raises(Permanent, match="gone"):
        BucketArchive("s3://raw").get(NAME)
    assert [] == keys(bucket)


def test_a_missing_bucket_costs_no_mail(bucket: Any) -> None:
    """Neither writing nor reading says that a mail is lost: the bucket may be back tomorrow."""
    archive = BucketArchive("s3://not-made-yet/office")

    with pytest.raises(Temporary, match="check the bucket"):
        archive.put(RAW)
    with pytest.raises(Temporary, match="NoSuchBucket"):
        archive.get(NAME)
    assert _exists(bucket)


def test_a_server_that_is_away_is_temporary_and_no_secret_is_told(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed port is worth another try; the sentence names place and mend, never a key."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setattr("maild.adapters.bucket._NETWORK", {"connect_timeout": 1, "retries": {"max_attempts": 1}})
    archive = BucketArchive("s3://raw")

    for work in (lambda: archive.put(RAW), lambda: archive.get(NAME)):
        with pytest.raises(Temporary) as caught:
            work()
        assert "AWS_ENDPOINT_URL" in caught.value.sentence
        assert SECRET not in caught.value.sentence
    assert _exists(bucket)


def test_doctor_writes_reads_and_takes_away(bucket: Any, tmp_path: Path) -> None:
    """The check of the archive works on a bucket, leaves nothing, and looks for no folder of it."""
    store = StoreSettings(archive="s3://raw/office")
    settings = Settings(store=store, base=tmp_path)

    assert "ok" == check_archive(settings).status
    assert [] == keys(bucket)
    assert list(check_disk(settings))
    assert list(check_readers(settings, ()))
    assert "BAD" == check_archive(replace(settings, store=replace(store, archive="s3://elsewhere/x"))).status
