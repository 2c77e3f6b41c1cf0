"""恶意: a finding of its own, proposed by HR, decided by the GM office, and it unseals nobody (P3.5.6.1)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.casework import COORDINATOR, Casework
from tests.journeys.desk import open_desk
from tests.journeys.letters import of_kind, telling, to
from tests.journeys.test_ledger import COMPLAINT, HR, WRITER

UNFOUNDED, GROUNDS = "不属实：经查没有这回事", "证人承认受托作伪证"


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """A staff complaint at HR."""
    with open_desk(tmp_path) as desk:
        opened = Casework(desk=desk)
        opened.start("投诉", COMPLAINT, sender=WRITER)
        yield opened


def kinds(work: Casework) -> set[str]:
    """What happened to the case."""
    return {event["kind"] for event in work.case["events"]}


def test_hr_proposes_and_the_gm_office_decides(work: Casework) -> None:
    """恶意 asks the GM office; 同意 keeps the finding, the writer hears nothing and stays an alias to everybody."""
    before = len(work.letters)
    work.says(HR, f"{UNFOUNDED}\n恶意：{GROUNDS}", answering="handler.assignment")
    (asked,) = to(of_kind(work.letters, "manager.proposal"), COORDINATOR)
    assert GROUNDS in asked.text
    assert "malicious" not in kinds(work)

    letters = work.says(COORDINATOR, "同意", answering="manager.proposal")

    assert "malicious" in kinds(work)
    assert "仍然保密" in of_kind(letters, "staff.echo")[0].text
    assert work.case["confidential"]
    assert "来信人-" in work.case["requester"]
    assert [] == to(work.letters[before:], WRITER) + telling(work.letters[before:], "刘洋", WRITER)


def test_without_the_gm_offices_yes_it_is_merely_unfounded(work: Casework) -> None:
    """不同意 tells HR, and no finding of malice stands in the case."""
    work.says(HR, UNFOUNDED, answering="handler.assignment")
    work.says(HR, f"恶意：{GROUNDS}", answering="handler.assignment")

    letters = work.says(COORDINATOR, "不同意：证据不足", answering="manager.proposal")

    assert [HR] == [one.to for one in of_kind(letters, "handler.proposal")]
    assert "malicious" not in kinds(work)


@pytest.mark.parametrize(
    ("who", "first", "words", "why"),
    [
        (COORDINATOR, UNFOUNDED, f"恶意：{GROUNDS}", "人力资源部提出"),
        (HR, "", f"恶意：{GROUNDS}", "先认定不属实"),
        (HR, UNFOUNDED, "恶意", "依据"),
    ],
)  # fmt: skip
def test_malice_needs_hr_grounds_and_a_negative_finding(
    work: Casework, who: str, first: str, words: str, why: str
) -> None:
    """The GM office alone, HR without 不属实 before, and HR without grounds are refused."""
    if first:
        work.says(HR, first, answering="handler.assignment")

    letters = work.says(who, words, answering="handler.assignment" if who == HR else "manager.notice")

    assert why in work.refusal(letters)
    assert not {"malicious", "malicious-proposed"} & kinds(work)
