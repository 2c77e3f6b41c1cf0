"""`maild directory`: a list of people compared with directory.yaml, shown, and written with its comments kept."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from maild.adapters.directoryfile import read_directory
from maild.adapters.shipped import shipped
from maild.cli.main import main
from tests.journeys.desk import CONFIG

SMALL = """# 本单位名录
units:
  # 总部
  - {id: gm, name: 总经理, parent: null, head: chen@corp.example}
  - {id: logistics, name: 物流部, aliases: [物流], parent: gm, head: he@corp.example, deputy: wang@corp.example}

people:
  - {address: chen@corp.example, name: 陈国栋, title: 总经理, unit: gm, roles: [gm, staff], delegate: he@corp.example}
  # 物流
  - {address: [he@corp.example, "he@mail-a.example"], name: 何志强, title: 物流经理, unit: logistics}  # 2019年入职
  - {address: wang@corp.example, name: 王磊, unit: logistics, absences: [{from: 2026-02-16, to: 2026-02-20}]}
  - {address: li@corp.example, name: 李静, unit: logistics}
duty: [{from: 2026-11-20T18:00, to: 2026-11-23T08:00, person: wang@corp.example}]
"""
HEAD = "姓名,邮箱,部门,职务,负责人,代理人,工号\n"
ALL = (
    "陈国栋,chen@corp.example,总经理,总经理,是,何志强,001\n何志强,he@corp.example,物流部,物流经理,是,,002\n"
    "王磊,wang@corp.example,物流部,,副职,,003\n李静,li@corp.example,物流部,,,,004\n"
)
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An installation with a small directory."""
    text = CONFIG.format(plus="false", hold="0", imap=143, smtp=25)
    text = text.replace("[organisation]\n", '[organisation]\ndirectory = "directory.yaml"\n')
    (tmp_path / "maild.toml").write_text(text, "utf-8")
    (tmp_path / "directory.yaml").write_text(SMALL, "utf-8")
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command in that folder: exit status and what it said."""
    monkeypatch.setenv("GM_PASSWORD", "x")

    def done(*words: str) -> tuple[int, str]:
        status = main(["directory", *words, "-c", str(folder / "maild.toml")])
        said = capsys.readouterr()
        return status, said.out + said.err

    return done


def listed(folder: Path, text: str, encoding: str = "utf-8") -> str:
    """A list as a file."""
    path = folder / "people.csv"
    path.write_bytes(text.encode(encoding))
    return str(path)


def test_a_list_that_says_the_same_changes_nothing(folder: Path, run: Run) -> None:
    """Columns that the list does not have, and second addresses, are left as they are."""
    status, said = run("import", listed(folder, HEAD + ALL), "--yes")

    assert 0 == status
    assert "nothing to do" in said
    assert "工号" in said
    assert SMALL == (folder / "directory.yaml").read_text("utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_a_change_is_written_and_everything_else_stays(folder: Path, run: Run, encoding: str, sign: str) -> None:
    """A new title and a new colleague change two places; comments, order and other lines stay to the letter."""
    more = "周敏,zhou@corp.example,物流,物流专员,,,005\n"
    text = (HEAD + ALL.replace("物流经理", "物流总监") + more).replace(",", sign)

    status, said = run("import", listed(folder, text, encoding), "--yes")

    assert 0 == status
    assert "物流经理 -> 物流总监" in said
    new = (folder / "directory.yaml").read_text("utf-8")
    lines = SMALL.replace("物流经理", "物流总监").splitlines(keepends=True)
    lines.insert(-1, "  - {address: zhou@corp.example, name: 周敏, title: 物流专员, unit: logistics}\n")
    assert "".join(lines) == new
    (kept,) = folder.glob("directory.yaml.*.bak")
    assert SMALL == kept.read_text("utf-8")


def test_who_is_gone_is_shown_and_taken_out_everywhere(folder: Path, run: Run) -> None:
    """A leaver's entry, post, duty and stand-in go with them; the file can be read, and the diff says all of it."""
    text = HEAD + "".join(line for line in ALL.splitlines(keepends=True) if "何志强," not in line[:4] or "chen" in line)
    text = text.replace("是,何志强,001", "是,,001").replace(
        "王磊,wang@corp.example,物流部,,副职", "王磊,wang@corp.example,物流部,,是"
    )

    status, said = run("import", listed(folder, text), "--yes")

    assert 0 == status
    assert "- people 何志强 <he@corp.example>" in said
    assert "head: he@corp.example -> wang@corp.example" in said
    directory = read_directory(folder / "directory.yaml")
    assert ["chen@corp.example", "wang@corp.example", "li@corp.example"] == [p.address for p in directory.people]
    assert directory.people[0].delegate is None
    assert "# 物流" in (folder / "directory.yaml").read_text("utf-8")


def test_nothing_is_written_without_a_yes(folder: Path, run: Run) -> None:
    """Without a terminal and without --yes the differences are shown, and the exit status says that it was not done."""
    status, said = run("import", listed(folder, HEAD + ALL.replace("物流经理", "物流总监")))

    assert 1 == status
    assert "--yes" in said
    assert SMALL == (folder / "directory.yaml").read_text("utf-8")
    assert [] == list(folder.glob("*.bak"))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("姓名,电邮箱\n王磊,wang@corp.example\n", ":1:2: the column '电邮箱' is not known; did you mean '电子邮箱'?"),
        ("姓名,部门\n王磊,物流部\n", ":1:1: the column '邮箱' (address) is missing; add it."),
        (HEAD + "王磊,wang.corp.example,物流部\n", ":2:2: 'wang.corp.example' is no mail address"),
        (HEAD + ALL + "何强,he@corp.example,物流部\n", ":6:2: he@corp.example stands in line 3 too"),
        (HEAD + "王磊,wang@corp.example,物流部门\n", ":2:3: there is no unit '物流部门'; did you mean '物流部'?"),
        (HEAD + "王磊,wang@corp.example,物流部,,,老何\n", ":2:6: '老何' is nobody in this list"),
        ("姓名,邮箱,角色\n王磊,wang@corp.example,deparment-head\n", ":2:3: the role 'deparment-head' is not known"),
        ("姓名,邮箱\n王磊,wang@corp.example,物流部,经理\n", ":2:3: this line has more cells"),
        ("", "is empty"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_line_column_and_mend(folder: Path, run: Run, text: str, fault: str) -> None:
    """A list with a mistake changes nothing, and says where it is and what to write."""
    status, said = run("import", listed(folder, text), "--yes")

    assert 2 == status
    assert fault in said
    assert SMALL == (folder / "directory.yaml").read_text("utf-8")


def test_all_faults_are_told_together(folder: Path, run: Run) -> None:
    """Nobody mends a list of hundreds line by line."""
    _, said = run("import", listed(folder, HEAD + ",a@corp.example\n王磊,b\n"), "--yes")

    assert ":2:1: the name is missing" in said
    assert ":3:2: 'b' is no mail address" in said


def test_a_new_unit_comes_with_its_people(folder: Path, run: Run) -> None:
    """A unit that is not there yet is made where the list says what stands above it."""
    head = "Name\tE-mail\tDepartment\tParent unit\tLeads\n"
    old = "陈国栋\tchen@corp.example\t总经理\n何志强\the@corp.example\t物流部\t\tyes\n王磊\twang@corp.example\t物流部\t\tdeputy\n李静\tli@corp.example\t物流部\n"

    status, said = run("import", listed(folder, head + old + "周敏\tzhou@corp.example\t质量部\t总经理\tyes\n"), "--yes")

    assert 0 == status
    assert "+ units 质量部" in said
    (unit,) = [unit for unit in read_directory(folder / "directory.yaml").units if unit.name == "质量部"]
    assert ("gm", "zhou@corp.example") == (unit.parent, unit.head)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_export_writes_import_reads(folder: Path, run: Run, language: str) -> None:
    """The sample organisation, exported and imported again, changes nothing."""
    (folder / "directory.yaml").write_bytes((shipped("rules") / "gm-mailbox" / "directory.yaml").read_bytes())
    run("export", "--output", str(folder / "out.csv"), "--language", language)

    status, said = run("import", str(folder / "out.csv"), "--yes", "--json")

    assert 0 == status
    told = json.loads(said)
    assert ([], [], [], False) == (told["added"], told["changed"], told["gone"], told["written"])


def test_show_names_units_and_people(run: Run) -> None:
    """Everybody stands under their unit, with who leads it."""
    status, said = run("show")

    assert 0 == status
    assert " * 何志强 <he@corp.example> 物流经理" in said
    assert "2 units, 4 people" in said
