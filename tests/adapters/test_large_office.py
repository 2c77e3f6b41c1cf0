"""Digest and weekly mail of an office with more open cases than a mail can list: true counts, bounded lists."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from maild.adapters.store import Store
from maild.adapters.templates import JinjaTemplates
from maild.adapters.trial import trial_office
from maild.domain.case import Case, Clock, ClockKind, Requester, State
from maild.domain.letter import Letter
from maild.domain.lookup import Index
from maild.settings import MailboxSettings
from maild.workflow.digest import MOST_ROWS, digest
from maild.workflow.office import Office
from maild.workflow.plan import Plan
from maild.workflow.weekly import weekly

GM = "gm@corp.example"
NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
MANY = 612
HEAD, ABOVE, GM_OFFICE = "he.zhiqiang@corp.example", "zheng.tao@corp.example", "lin.xiaoyue@corp.example"


def case(number: int, **more: Any) -> Case:
    """An open complaint at logistics, one hour older than the one before."""
    received = NOW - timedelta(hours=number)
    plain = Case(
        number=f"GM-2026-{number:06}", pack="gm-mailbox", mailbox=GM, type="customer-complaint", state=State.ASSIGNED,
        received=received, requester=Requester(address=f"w{number}@mail-a.example"), subject="包裹破损", unit="logistics",
        summary="包裹破损", urgency="normal", last_human_event=received,
    )  # fmt: skip
    return replace(plain, **more)


@pytest.fixture
def store(each_database: str, tmp_path: Path) -> Iterator[Store]:
    """Six hundred open cases of logistics, two in three of them late, one that the head must not see."""
    opened = Store.open(each_database, tmp_path)
    cases = [case(n) for n in range(1, MANY)]
    sealed = case(MANY, type="staff-complaint", confidential=True, excluded=(HEAD, ABOVE), unit="hr")
    clocks = [Clock(case=c.number, kind=ClockKind.ACCEPT, start=c.received, due=NOW - timedelta(hours=1), next_at=NOW)
              for n, c in enumerate(cases) if n % 3]  # fmt: skip
    with opened.writing() as books:
        books.save(Plan(cases=(*cases, sealed), clocks=tuple(clocks)), (), mailbox=GM, now=NOW)
    yield opened
    opened.close()


def office(**logistics: Any) -> Office:
    """The sample office of that Monday morning, with this changed at its logistics."""
    plain = trial_office("gm-mailbox", NOW, box=MailboxSettings(address=GM, pack="gm-mailbox"))
    directory = plain.index.directory
    units = tuple(replace(u, **logistics) if u.id == "logistics" else u for u in directory.units)
    return replace(plain, index=Index(replace(directory, units=units), domain="corp.example"))


def written(letter: Letter) -> str:
    """The letter as text."""
    names: dict[str, object] = {"org": {"name": "x"}, "case": None, "recipient": {"name": "", "address": ""}, "token": "", "replies": [],
             "mailbox": {"address": GM, "signature": "", "phone": "", "name": "x"}}  # fmt: skip
    return JinjaTemplates().render(letter, names | {"data": letter.data}).text


def test_a_large_offices_digest_counts_all_and_lists_some(store: Store) -> None:
    """612 open cases are 612 in the digest, and so many of them late; each list says how many of how many it shows."""
    with store.writing() as books:
        (letter,) = digest(office(), books).letters

    late = len([n for n in range(MANY - 1) if n % 3])
    assert (letter.data["counts"]["open"], letter.data["counts"]["overdue"]) == (MANY, late)  # type: ignore[index]
    assert len(letter.data["overdue"]) == MOST_ROWS  # type: ignore[arg-type]
    said = written(letter)
    assert f"逾期（{late}）" in said
    assert f"以上列出前{MOST_ROWS}件，共{late}件" in said


def test_the_weekly_mail_of_a_unit_goes_to_whoever_answers_for_it(store: Store) -> None:
    """The head and, while away, who stands in; without head and deputy the next above, at last the coordinator; who is excluded counts nothing."""
    with store.writing() as books:
        plain = weekly(office(), books).letters
        (mine,) = (one for one in plain if one.to.address == HEAD)
        assert mine.data["counts"]["open"] == MANY - 1  # type: ignore[index]
        assert f"GM-2026-{MANY:06}" not in written(mine)

        gone = {one.to.address: one for one in weekly(office(head=None, deputy=None), books).letters}
        assert HEAD not in gone
        (instead,) = (one for one in gone.values() if one.data["counts"]["open"] >= MANY - 1)  # type: ignore[index]
        above = office().index.superiors_of("logistics")
        assert instead.to.address in {GM_OFFICE, *(one.address for one in above if "gm" not in one.roles)}
