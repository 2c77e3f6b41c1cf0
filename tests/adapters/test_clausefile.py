"""The table of clauses: what it names must be there."""

import shutil
from pathlib import Path

import pytest

from maild.adapters.clausefile import coverage, default_tests, entry_at, read_clauses
from maild.adapters.shipped import shipped
from maild.errors import Misconfigured

SHIPPED = shipped("rules") / "gm-mailbox"
P3 = (
    "P3.1.1 P3.1.2 P3.2.1 P3.2.2 P3.2.3 P3.2.4 P3.2.5 P3.3.1 P3.3.2 P3.3.3 P3.3.4 P3.3.5 P3.3.6 P3.3.7 P3.3.8 P3.3.9"
    " P3.3.10 P3.3.11 P3.4.1 P3.4.2 P3.5.1 P3.5.2 P3.5.3 P3.5.4 P3.5.5 P3.5.6 P3.5.6.1 P3.5.7 P3.5.8 P3.5.9 P3.6.1"
    " P3.6.2 P3.6.3 P3.6.4 P3.6.5"
)
CLAUSE = """clauses:
  - id: P3.5.1
    says: {zh: 当日传达, en: relayed on the day}
    met: [deadline]
    where: ["deadlines.yaml#types.directive.relay", letter#receiver.circulation, command#relayed]
    test: ["tests/domain/test_relay.py::test_a_date_of_its_own"]
"""


def pack(into: Path, clauses: str) -> Path:
    """A copy of the shipped pack with this table."""
    folder = into / "gm-mailbox"
    shutil.copytree(SHIPPED, folder)
    (folder / "clauses.yaml").write_text(clauses, encoding="utf-8")
    return folder


def missing(folder: Path, office: Path | None = None) -> list[str]:
    """What is said to be missing, without the path."""
    rows = coverage(folder, office, default_tests())
    assert rows is not None
    return [one.replace(str(folder), "") for row in rows for one in row.missing]


def test_every_clause_of_the_policy_is_carried_out() -> None:
    """Each clause of P3 stands in the table once, with entries and tests that there are."""
    rows = coverage(SHIPPED, None, default_tests())

    assert rows is not None
    assert [row.clause.id for row in rows] == P3.split()
    assert [one for row in rows for one in row.missing] == []


def test_what_is_there_is_not_complained_of(tmp_path: Path) -> None:
    """A clause whose entry, letter, order and test are there lacks nothing."""
    assert missing(pack(tmp_path, CLAUSE)) == []


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("directive.relay", "directive.relais", "/clauses.yaml:5:13: 'types.directive.relais' does not stand in"),
        ("letter#receiver.circulation", "rules/x.yaml#a", "/clauses.yaml:5:53: there is no file 'rules/x.yaml' in"),
        ("receiver.circulation", "receiver.circulatoin", "there is no letter 'receiver.circulatoin'; did you mean"),
        ("command#relayed", "command#relaid", "there is no command 'relaid'; did you mean 'relayed'?"),
        ("test_a_date_of_its_own", "test_a_date", "/clauses.yaml:6:12: there is no test 'test_a_date'"),
        ("test_relay.py", "test_relais.py", "there is no test file 'tests/domain/test_relais.py'"),
        ("deadlines.yaml#types.directive.relay", "circulation.yaml#steps", "met by a deadline, but no entry of"),
        ("letter#receiver.circulation, command#relayed", "routes.yaml#gone", "'gone' does not stand in routes.yaml"),
    ],
)
def test_what_is_not_there_is_named_with_its_line(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    """An entry, letter, order or test that does not exist is told with file, line and column."""
    found = missing(pack(tmp_path, CLAUSE.replace(right, wrong)))

    assert len(found) == 1
    assert said in found[0]


def test_what_the_office_took_out_is_told(tmp_path: Path) -> None:
    """A clause whose entry the office's own file removes is no longer carried out."""
    office = tmp_path / "rules"
    office.mkdir()
    (office / "deadlines.yaml").write_text("types: {directive: {relay: none}}\n", encoding="utf-8")

    assert "is taken out by" in missing(pack(tmp_path, CLAUSE), office)[0]


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("met: [deadline]", "met: [dealine]", "did you mean 'deadline'?"),
        ("where:", "were:", "unknown key 'were'; did you mean 'where'?"),
    ],
)
def test_a_slip_of_the_clerk_is_told(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    """A typo in the table is named with its place, as in every other file."""
    with pytest.raises(Misconfigured, match=r":[45]:") as told:
        read_clauses(pack(tmp_path, CLAUSE.replace(right, wrong)))

    assert said in told.value.sentence


def test_a_clause_stands_once(tmp_path: Path) -> None:
    """The same clause twice is a mistake."""
    with pytest.raises(Misconfigured, match="a second time"):
        read_clauses(pack(tmp_path, CLAUSE + CLAUSE.replace("clauses:\n", "")))


def test_entries_are_found_by_what_they_are_called() -> None:
    """A key by its name, an item by its id, with or without the list that it stands in."""
    content = {"routes": [{"id": "a", "to": "hr"}], "types": {"x": {"relay": "same day"}}}

    assert entry_at(content, ["a", "to"]) == "hr"
    assert entry_at(content, ["types", "x", "relay"]) == "same day"
    assert entry_at(content, ["types", "y"]) is None
