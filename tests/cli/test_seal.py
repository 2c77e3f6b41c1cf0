"""`maild seal`: a key is made once, and changed without losing anything."""

import os
from pathlib import Path

import pytest

from maild.adapters.archive import open_archive
from maild.adapters.sealring import read_ring
from maild.cli.main import main
from maild.config import load

RAW = b"From: li.wei@mail-a.example\r\n\r\nhello"


@pytest.fixture(name="config")
def _config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh office."""
    monkeypatch.setenv("MAILD_GM_PASSWORD", "x")
    assert 0 == main(["init", "--dir", str(tmp_path / "office"), "--no-try"])
    return tmp_path / "office" / "maild.toml"


def test_init_makes_a_key_that_is_its_owners_alone(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A new office has a key, a second one is refused, and writing the office again leaves it."""
    key = config.with_name("seal.key")

    assert read_ring(load(config, os.environ).seal) is not None
    assert os.name != "posix" or key.stat().st_mode & 0o777 == 0o600
    before = key.read_bytes()
    assert 2 == main(["seal", "init", "-c", str(config)])
    assert "never written over" in capsys.readouterr().err
    assert 0 == main(["init", "--dir", str(config.parent), "--no-try", "--force"])
    assert before == key.read_bytes()


def test_an_office_without_a_key_gets_one(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`seal init` says what to write into maild.toml, and what was archived before is encrypted on demand."""
    text = config.read_text("utf-8")
    config.write_text(text.replace('key_file = "seal.key"', ""), "utf-8")
    config.with_name("seal.key").unlink()
    sha256 = open_archive(load(config, os.environ).store.archive).put(RAW)
    assert 2 == main(["seal", "now", "-c", str(config)])
    assert "run maild seal init" in capsys.readouterr().err

    assert 0 == main(["seal", "init", "-c", str(config)])
    assert '[seal]\nkey_file = "seal.key"' in capsys.readouterr().out
    config.write_text(text, "utf-8")
    assert 0 == main(["seal", "now", "-c", str(config)])

    assert "1 raw mails sealed" in capsys.readouterr().out
    settings = load(config, os.environ)
    assert RAW == open_archive(settings.store.archive, read_ring(settings.seal)).get(sha256)
    assert not [p for p in (config.parent / "var").rglob("*") if p.is_file() and b"li.wei" in p.read_bytes()]


def test_rotating_makes_a_new_key_and_goes_on_where_it_was_broken_off(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A further key is current afterwards; when not everything was closed anew, no third one is made first."""
    first = load(config, os.environ)
    sha256 = open_archive(first.store.archive, read_ring(first.seal)).put(RAW)

    assert 0 == main(["seal", "rotate", "-c", str(config)])
    settings = load(config, os.environ)
    ring = read_ring(settings.seal)
    assert ring is not None
    assert ["k1", "k2"] == list(ring.keys)
    assert open_archive(settings.store.archive, ring).is_sealed(sha256)
    assert "k2 has closed everything" in capsys.readouterr().out

    open_archive(first.store.archive, read_ring(first.seal)).drop(sha256)
    open_archive(first.store.archive, read_ring(first.seal)).put(RAW)
    assert 0 == main(["seal", "rotate", "-c", str(config)])

    ring = read_ring(load(config, os.environ).seal)
    assert ring is not None
    assert ["k1", "k2"] == list(ring.keys)
    assert open_archive(settings.store.archive, ring).is_sealed(sha256)


def test_a_key_from_the_environment_is_changed_by_hand(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Maild prints a line to add where it cannot write, and closes everything with what is current."""
    monkeypatch.setenv("SEAL", config.with_name("seal.key").read_text("utf-8"))
    config.write_text(config.read_text("utf-8").replace('key_file = "seal.key"', 'key_env = "SEAL"'), "utf-8")

    assert 0 == main(["seal", "rotate", "-c", str(config)])

    assert "\nk2:" in capsys.readouterr().out
