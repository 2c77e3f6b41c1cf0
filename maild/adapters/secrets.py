"""The secrets behind the reply keys: one JSON file, mode 0600, made at the first start; never in the database.

`{"current": "a1", "keys": {"a1": "<base64>"}}`. To rotate: add a key, name it as current, and leave the old one until
the last mail that carries it is of no more use.
"""

import base64
import binascii
import json
import os
import stat
from pathlib import Path
from typing import Any

from maild.domain.replykey import ReplyKeys
from maild.errors import Misconfigured

_FIRST = "a1"
_BYTES = 32


def read_secrets(path: Path) -> ReplyKeys:
    """The secrets of this file, which is made when it is missing."""
    if not path.exists():
        _create(path)
    _check_mode(path)
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise Misconfigured(
            f"{path}: the reply-key secrets cannot be read ({error.strerror}); let the user of the daemon own the file."
        ) from error
    except UnicodeDecodeError as error:
        raise _damaged(path) from error
    return _keys(path, text)


def _keys(path: Path, text: str) -> ReplyKeys:
    try:
        data: Any = json.loads(text)
        secrets = {str(key_id): base64.b64decode(secret, validate=True) for key_id, secret in data["keys"].items()}
        return ReplyKeys(secrets=secrets, current=str(data["current"]))
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> Misconfigured:
    return Misconfigured(
        f"{path}: the reply-key secrets are damaged; put the file back from a backup, or remove it for a new start "
        "with new keys (replies to mails already sent are then found by their references alone)."
    )


def _check_mode(path: Path) -> None:
    """Nobody but the daemon's user may read it; Windows has no such bits."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if os.name == "posix" and mode & 0o077:
        raise Misconfigured(f"{path}: others may read the reply-key secrets; run `chmod 600 {path}`.")


def _create(path: Path) -> None:
    """Write new secrets beside the file and link them in whole: of two daemons the first wins, and both read one."""
    secret = base64.b64encode(os.urandom(_BYTES)).decode()
    text = json.dumps({"current": _FIRST, "keys": {_FIRST: secret}}, indent=2) + "\n"
    beside = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(beside, text)
        try:
            beside.rename(path) if os.name != "posix" else os.link(beside, path)
        except FileExistsError:
            return
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise Misconfigured(
            f"{path}: the reply-key secrets cannot be written ({error.strerror}); make the folder writable for the "
            "user of the daemon, or set [store] secrets."
        ) from error


def _write(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
