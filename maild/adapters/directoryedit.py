"""directory.yaml changed in place: only the entries that change are written, every other letter stays; see `yamledit`.

The old file is kept beside the new one, which is whole or not there.
"""

import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from maild.adapters.peoplediff import Cell, PeopleDiff
from maild.adapters.yamledit import Entry, YamlEdit
from maild.adapters.yamlfile import YamlFile
from maild.domain.spelling import fold_address
from maild.errors import Permanent

_ORDER = ("address", "name", "nicknames", "title", "unit", "roles")
_STAYS = frozenset({"parent", "head"})
"""Keys that say null rather than go."""


def edited(path: Path, diff: PeopleDiff) -> str:
    """The text of the file with these changes; nothing is written."""
    edit = YamlEdit(YamlFile(path))
    people = {_first(entry): entry for entry in edit.entries("people")}
    for change in diff.people:
        if change.before is not None:
            _put(edit, people[change.before.address], change.values)
    gone = {person.address for person in diff.gone}
    for address, entry in people.items():
        if address in gone:
            edit.remove(entry)
    edit.append("people", [_ordered(change.values) for change in diff.people if change.before is None])
    units = {entry.text("id"): entry for entry in edit.entries("units")}
    for unit in diff.units:
        if unit.before is not None:
            _put(edit, units[unit.id], unit.values)
    edit.append("units", [_plain(unit.values) for unit in diff.units if unit.before is None])
    _references(edit, [entry for address, entry in people.items() if address not in gone], diff)
    return edit.done()


def replace_file(path: Path, text: str, now: datetime, check: Callable[[Path], object]) -> Path:
    """Write the file whole or not at all, after `check` of the new one; returns where the old one is kept."""
    backup = path.with_name(f"{path.name}.{now:%Y-%m-%dT%H%M%S}.bak")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
        draft = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            check(draft)
            draft.chmod(path.stat().st_mode & 0o777)
            backup.write_bytes(path.read_bytes())
            draft.replace(path)
        finally:
            with suppress(FileNotFoundError):
                draft.unlink()
    except OSError as error:
        raise Permanent(f"{path}: cannot be written ({error.strerror}); check the rights of its folder.") from error
    return backup


def _references(edit: YamlEdit, people: list[Entry], diff: PeopleDiff) -> None:
    """Delegates, assistants and duties that name somebody who is gone, or a first address of before."""
    gone = {fold_address(address) for person in diff.gone for address in person.addresses}
    said = {change.before.address: change.values for change in diff.people if change.before}

    def now(address: str) -> str | None:
        return None if fold_address(address) in gone else diff.renamed.get(address.lower(), address)

    for entry in people:
        own = said.get(_first(entry), {})
        delegate, helpers = entry.text("delegate"), entry.words("assistants")
        if "delegate" not in own and delegate and (meant := now(delegate)) != delegate:
            _put(edit, entry, {"delegate": meant})
        kept = tuple(meant for one in helpers if (meant := now(one)))
        if "assistants" not in own and kept != helpers:
            _put(edit, entry, {"assistants": kept})
    for duty in edit.entries("duty"):
        meant = now(duty.text("person"))
        if meant is None:
            edit.remove(duty)
        elif meant != duty.text("person"):
            edit.put(duty, "person", meant)


def _put(edit: YamlEdit, entry: Entry, values: Mapping[str, Cell]) -> None:
    for key, cell in _plain(values).items():
        if cell in {None, "", (), False} and key not in _STAYS:
            edit.take_out(entry, key)
        else:
            edit.put(entry, key, cell)


def _plain(values: Mapping[str, Cell]) -> dict[str, Cell]:
    """With a single address as text, as people write it."""
    address = values.get("address")
    one = {"address": address[0]} if isinstance(address, tuple) and len(address) == 1 else {}
    return {**values, **one}


def _ordered(values: Mapping[str, Cell]) -> dict[str, Cell]:
    plain = _plain(values)
    return {key: plain[key] for key in (*_ORDER, *plain) if key in plain}


def _first(entry: Entry) -> str:
    return (*entry.words("address"), entry.text("address"))[0].lower()
