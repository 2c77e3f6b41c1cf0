"""The reply-key secrets are made once, kept from others, and never silently replaced."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from maild.adapters.secrets import read_secrets
from maild.errors import Misconfigured

SCOPE: dict[str, Any] = {"number": "GM-2026-000142", "recipient": "a@corp.example", "purpose": "p"}


def test_made_at_the_first_start(tmp_path: Path) -> None:
    """The first start makes folder and file, readable by nobody else; later ones read the same keys."""
    path = tmp_path / "var" / "secrets.json"

    first, second = read_secrets(path), read_secrets(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert first.long(**SCOPE) == second.long(**SCOPE)
    assert [path] == list(path.parent.iterdir())


def test_two_installations_differ(tmp_path: Path) -> None:
    """Every installation has secrets of its own."""
    assert read_secrets(tmp_path / "a").long(**SCOPE) != read_secrets(tmp_path / "b").long(**SCOPE)


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    """The sentence says how to mend the file's rights."""
    path = tmp_path / "secrets.json"
    read_secrets(path)
    path.chmod(0o644)

    with pytest.raises(Misconfigured, match="chmod 600"):
        read_secrets(path)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"current": "a1", "keys": {"a1": "!"}}', '{"current": "b2", "keys": {}}', "\udcff"]
)
def test_a_damaged_file_is_never_replaced(tmp_path: Path, text: str) -> None:
    """A damaged file stops the start and stays as it is: new secrets would orphan every mail sent."""
    path = tmp_path / "secrets.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    path.chmod(0o600)

    with pytest.raises(Misconfigured, match=r"secrets\.json: the reply-key secrets are damaged"):
        read_secrets(path)

    assert text.encode("utf-8", "surrogateescape") == path.read_bytes()


def test_a_second_key_rotates(tmp_path: Path) -> None:
    """With a second key as the current one, keys of the first still fit."""
    path = tmp_path / "secrets.json"
    before = read_secrets(path)
    data = json.loads(path.read_text())
    data["keys"]["b2"] = data["keys"]["a1"][::-1].lstrip("=") + "="
    data["current"] = "b2"
    path.write_text(json.dumps(data))

    after = read_secrets(path)

    assert after.current == "b2"
    assert after.fits_long(before.long(**SCOPE), **SCOPE)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """The sentence names the file and the mend."""
    (tmp_path / "file").write_text("")

    with pytest.raises(Misconfigured, match="make the folder writable"):
        read_secrets(tmp_path / "file" / "secrets.json")
