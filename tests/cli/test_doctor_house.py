"""What `maild doctor` says of the files that a clerk writes, and of who left."""

import shutil
from datetime import date

import pytest

from maild.adapters.directoryfile import read_directory
from maild.adapters.housecheck import HouseCheck
from maild.adapters.shipped import shipped
from maild.adapters.store import Store
from maild.config import load
from maild.domain.leaving import Known
from maild.domain.remembered import name_for, written
from tests.cli.doctoring import DIRECTORY, TODAY, Office, bad, of

FILES = [
    ({"directory": ""}, "directory", "directory.yaml: cannot be read"),
    ({"directory": DIRECTORY.replace("head: lin@", "head: nobody@")}, "directory", "directory.yaml:2:"),
    ({"directory": DIRECTORY.replace("lin@corp", "gm@corp")}, "directory", "mail would go round"),
    ({"directory": DIRECTORY.replace("lin@corp.example", "lin@x.invalid")}, "directory", "reaches nobody"),
    ({"box": 'pack = "no-such-pack"'}, "pack", "no-such-pack"),
    ({"rules": 'templates = "words"'}, "templates", "words"),
]


@pytest.mark.parametrize(("facts", "check", "words"), FILES, ids=[row[2] for row in FILES])
def test_a_wrong_file_is_told_and_the_rest_is_looked_at(
    office: Office, facts: dict[str, str], check: str, words: str
) -> None:
    """A missing or wrong directory, pack or template is one BAD line; the mailbox is checked all the same."""
    (office.folder / "words").mkdir()
    (office.folder / "words" / "zh.yaml").write_text("no-such-letter: {x: y}\n\t- broken", "utf-8")
    for key, text in facts.items():
        setattr(office, key, text)
    found = office.findings()

    assert any(words in one.text for one in of(bad(found), check)), bad(found)
    assert of(found, "imap", "ok")
    assert of(found, "archive", "ok")


def test_a_mistake_in_a_pack_is_told(whole_office: Office) -> None:
    """A pack of the office's own is checked as by `maild policy check`, each file's first mistake."""
    own = whole_office.folder / "rules" / "mine"
    shutil.copytree(shipped("rules") / "gm-mailbox", own)
    shutil.copytree(shipped("rules") / "common", own.parent / "common")
    (own / "deadlines.yaml").write_text("types: {directive: {relay: some day}}\n", "utf-8")
    (own / "phones.yaml").write_text("phones: 3\n", "utf-8")
    whole_office.box, whole_office.rules = 'pack = "mine"', 'rules = "rules"'

    told = " ".join(one.text for one in of(bad(whole_office.house()), "pack"))

    assert "deadlines.yaml:1:" in told


def test_the_directorys_warnings_are_passed_on(office: Office) -> None:
    """An organisation without a supervisory body or a general manager hears of it, with the mend."""
    office.directory = DIRECTORY.replace("supervisory_body", "# ").replace("[gm, staff]", "[staff]")
    warned = of(office.house(), "directory", "warn")

    assert any("supervisory_body" in one.text for one in warned)
    assert any("role gm" in one.text and "general manager" in one.mend for one in warned)


def test_the_sample_organisation_is_no_organisation(office: Office) -> None:
    """Who forgot to name a directory learns that mail would go to people who do not exist."""
    text = office.write().read_text("utf-8").replace('directory = "directory.yaml"\n', "")
    (office.folder / "maild.toml").write_text(text, "utf-8")
    settings = load(office.folder / "maild.toml", {"GM_PASSWORD": "x"})

    found = list(HouseCheck(settings, TODAY).findings())

    assert any("sample organisation" in one.text for one in of(found, "directory", "warn"))


YEARS = [(date(2026, 10, 31), "ok"), (date(2099, 11, 1), "warn")]


@pytest.mark.parametrize(("today", "status"), YEARS, ids=str)
def test_next_years_holidays_are_asked_for_in_november(office: Office, today: date, status: str) -> None:
    """From 1 November on, a year without holiday data is warned of."""
    (found,) = of(office.house(today), "calendar")

    assert found.status == status


def test_a_branch_whose_holidays_end_is_told_in_the_last_quarter(office: Office) -> None:
    """A unit with a calendar file of its own that knows nothing of next year is named, with the file to mend."""
    office.directory = DIRECTORY.replace("head: chen@corp.example}", "head: chen@corp.example, calendar: branch.yaml}")
    (office.folder / "branch.yaml").write_text("calendar: cn\nknown_years: [2026]\n", "utf-8")

    autumn, summer = office.house(date(2026, 10, 5)), office.house(date(2026, 9, 5))

    (told,) = [one for one in autumn if "branch.yaml" in one.text]
    assert ("warn", True) == (told.status, "总经理" in told.text)
    assert "branch.yaml" in told.mend
    assert [] == [one for one in summer if "branch.yaml" in one.text]


def test_who_left_and_is_still_named_is_told(office: Office) -> None:
    """After somebody was taken out, each line that names them is a warning with its place; the file counts."""
    office.migrate()
    known = Known(before=read_directory(office.write().parent / "directory.yaml"))
    store = Store.open("sqlite:///var/maild.db", office.folder)
    with store.writing() as books:
        books.keep_text(name_for("gm@corp.example"), written(known))
    store.close()
    office.directory = DIRECTORY.replace(
        "  - {address: chen@corp.example, name: 陈国栋, unit: gm, roles: [gm, staff]}\n", ""
    )

    (told,) = [one for one in office.house() if one.check == "leavers"]

    assert "directory.yaml:3:" in told.text
    assert "chen@corp.example" in told.text


@pytest.mark.parametrize(("wrong", "right"), [("gm-ofice", "gm-office"), ("GM", "gm"), ("人事", "hr")])
def test_a_slip_in_a_role_is_told_with_its_place(office: Office, wrong: str, right: str) -> None:
    """A role that means another is BAD, with line, column and the role that was meant; an office's own role is not."""
    office.directory = DIRECTORY.replace("roles: [gm, staff]", f"roles: [{wrong}, staff]")
    (told,) = [one for one in office.house() if one.check == "directory"]
    office.directory = DIRECTORY.replace("roles: [gm, staff]", "roles: [gm, safety-officer]")

    assert "BAD" == told.status
    assert "directory.yaml:6:63:" in f"{told.text} {told.mend}"
    assert f"did you mean '{right}'" in f"{told.text} {told.mend}"
    assert "BAD" not in [one.status for one in office.house() if one.check == "directory"]
