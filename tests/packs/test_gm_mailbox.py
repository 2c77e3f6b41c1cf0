"""Each entry of gm-mailbox does what it is there for, and its absence is noticed."""

from functools import cache
from pathlib import Path

import pytest

from maild.adapters.yamlfile import YamlFile
from tests.packs.entries import entries, pack_entries
from tests.packs.gm_mailbox import FOLDER, LETTERS, Trial
from tests.packs.gm_mailbox_rows import SAME_AS_DEFAULT, row, rows
from tests.packs.mutation import is_noticed, sample

ENTRIES = tuple(pack_entries(FOLDER))


@cache
def shipped_pack() -> Trial:
    """The pack as it is shipped, read once."""
    return Trial()


@pytest.mark.parametrize("entry", ENTRIES)
def test_each_entry_does_what_it_is_there_for(entry: str) -> None:
    """Every rule, route, deadline, rung, ledger rule and channel of the pack has a row, and the row holds."""
    found = row(entry)

    assert found is not None, "write a row for it in tests/packs/gm_mailbox_rows.py or gm-mailbox.rules.jsonl"
    assert found(shipped_pack())


def test_no_row_is_without_its_entry() -> None:
    """What was taken out of the pack is named."""
    rules = {entry.partition("#")[2] for entry in ENTRIES}

    assert [one for one in rows() if one not in ENTRIES] == []
    assert set(LETTERS) - rules == set(COMMON)


COMMON = tuple(
    name
    for path in sorted((FOLDER.parent / "common").glob("*.yaml"))
    for name, where in entries(YamlFile(path).data())
    if where[0] == "rules"
)
"""Rules that every pack has."""


@pytest.mark.parametrize("rule", COMMON)
def test_each_common_rule_speaks(rule: str) -> None:
    """The rules that every pack has speak here, too."""
    found = row(f"common#{rule}")

    assert found is not None
    assert found(shipped_pack())


@pytest.mark.parametrize("entry", sample())
def test_a_missing_entry_is_noticed(entry: str, tmp_path: Path) -> None:
    """Taken out of the pack, an entry of each file makes its row fail."""
    assert is_noticed(entry, tmp_path)


def test_what_every_pack_has_anyway_is_a_closed_list() -> None:
    """Only settings that say the default may be taken out unnoticed."""
    assert [one for one in SAME_AS_DEFAULT if one not in ENTRIES] == []
