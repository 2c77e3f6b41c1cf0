"""An office with branches abroad: each unit's clocks run on its own calendar, each reader reads own time (casework 6, 8)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.adapters.shipped import shipped
from maild.workflow.digest import digest_due
from tests.journeys.casework import COORDINATOR, Casework
from tests.journeys.desk import open_desk
from tests.journeys.letters import INSIDE
from tests.journeys.post import CUSTOMER, LETTER, mail

LONDON, SINGAPORE = "jane.ford@corp.example", "tan.wei@corp.example"
UNITS = """
  - {id: london, name: 伦敦分公司, aliases: [London branch], parent: sales, head: jane.ford@corp.example, timezone: Europe/London, calendar: gb, language: en}
  - {id: london-desk, name: 伦敦柜台, parent: london, head: ben.hill@corp.example, address: desk@corp.example, deliver: unit}
  - {id: singapore, name: 新加坡分公司, aliases: [Singapore branch], parent: sales, head: tan.wei@corp.example, timezone: Asia/Singapore, calendar: sg, hours: "Mon-Fri 09:00-13:00, 14:00-18:00"}
"""
PEOPLE = """
  - {address: [jane.ford@corp.example], name: Jane Ford, unit: london, roles: [department-head, staff]}
  - {address: [ben.hill@corp.example], name: Ben Hill, unit: london-desk, roles: [department-head, staff]}
  - {address: [tan.wei@corp.example], name: 陈伟, unit: singapore, roles: [department-head, staff]}
"""


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """The sample organisation with branches in London and Singapore."""
    with open_desk(tmp_path) as desk:
        sample = (shipped("rules") / "gm-mailbox" / "directory.yaml").read_text("utf-8")
        text = sample.replace("units:\n", "units:" + UNITS, 1).replace("people:\n", "people:" + PEOPLE, 1)
        (tmp_path / "directory.yaml").write_text(text, "utf-8")
        config = tmp_path / "maild.toml"
        named = config.read_text("utf-8").replace("[[mailbox]]", 'directory = "directory.yaml"\n[[mailbox]]', 1)
        config.write_text(named, "utf-8")
        yield Casework(desk)


def opened(work: Casework, at: str, unit: str) -> dict[str, str]:
    """A complaint comes at this moment and the coordinator routes it; the open clocks, UTC."""
    work.desk.now = datetime.fromisoformat(at).astimezone(UTC)
    work.letters += work.desk.receive(mail(text=LETTER, sender=CUSTOMER))
    work.says(COORDINATOR, f"转{unit}处理", answering="manager.notice")
    return dues(work)


def dues(work: Casework) -> dict[str, str]:
    """The ends of the open clocks by kind, UTC, to the minute."""
    return {one["kind"]: one["due"][:16] for one in work.case["clocks"] if one["state"] == "open"}


@pytest.mark.parametrize(
    ("unit", "accept"),
    [("物流部", "2026-01-04T02:31"), ("新加坡分公司", "2026-01-02T03:01"), ("伦敦分公司", "2025-12-31T14:00")],
)
def test_a_clock_runs_over_new_year_as_its_unit_works(work: Casework, unit: str, accept: str) -> None:
    """Four working hours from the afternoon before New Year end on a make-up Sunday here, on Friday there, the same day in London."""
    assert accept == opened(work, "2025-12-31T16:00:00+08:00", unit)["accept"]


@pytest.mark.parametrize(
    ("unit", "first"),
    [("物流部", "2026-02-25T10:00"), ("新加坡分公司", "2026-02-20T10:00"), ("伦敦分公司", "2026-02-18T18:00")],
)
def test_a_make_up_saturday_counts_only_where_it_is_worked(work: Casework, unit: str, first: str) -> None:
    """Three working days from the Friday before Spring Festival: each branch has its own holidays and closing hour."""
    assert first == opened(work, "2026-02-13T10:00:00+08:00", unit)["first-answer"]


def test_a_case_that_moves_gets_the_new_units_calendar(work: Casework) -> None:
    """Routed on from London to logistics, the clocks begin again in Shanghai's days."""
    opened(work, "2026-02-13T10:00:00+08:00", "伦敦分公司")
    work.says(COORDINATOR, "转物流部处理", answering="manager.notice")
    assert dues(work)["first-answer"] == "2026-02-25T10:00"


def test_each_reader_reads_own_time(work: Casework) -> None:
    """The branch's head reads London's time with its zone, in the unit's language; the requester is told the zone too."""
    opened(work, "2026-02-10T10:00:00+08:00", "伦敦分公司")
    (assignment,) = work.got(LONDON, "handler.assignment")
    assert "Fri 13 Feb 18:00 UTC+0" in assignment.text

    work.desk.now = datetime.fromisoformat("2026-02-11T08:31:00+08:00")
    digest = next(one for one in work.later(timedelta()) if one.kind == "manager.digest")
    assert "UTC+8" in digest.text


def test_where_all_clocks_agree_no_zone_is_named(work: Casework) -> None:
    """Between two units of one zone a date stands as it always did."""
    opened(work, "2026-02-10T10:00:00+08:00", "物流部")
    assert "UTC" not in work.got("he.zhiqiang@corp.example", "handler.assignment")[0].text


def test_tomorrow_is_the_writers_tomorrow(work: Casework) -> None:
    """Late in the evening in London it is the next day in Shanghai already; 明天 is London's."""
    opened(work, "2026-02-10T10:00:00+08:00", "伦敦分公司")
    work.desk.now = datetime(2026, 2, 11, 23, 0, tzinfo=UTC)
    work.says(LONDON, "计划明天完成", answering="handler.assignment")
    assert dues(work)["resolve"] == "2026-02-12T18:00"


def test_a_reminder_waits_for_the_readers_morning(work: Casework) -> None:
    """What comes due in London's night is held until London's morning, not Shanghai's."""
    opened(work, "2026-02-10T17:00:00+08:00", "伦敦分公司")
    work.says(LONDON, "收到", answering="handler.assignment")
    question = (
        f"select sent_at from outbox where recipient = '{LONDON}' and kind like '%' and kind <> 'handler.assignment'"  # noqa: S608
    )
    for _ in range(6):
        work.later(timedelta(hours=8))
    hours = [int(str(at)[11:13]) for (at,) in work.desk.rows(question) if at]
    assert hours
    assert all(8 <= hour < 20 for hour in hours)


def test_a_branch_whose_calendar_changes_moves_its_own_clocks_alone(work: Casework) -> None:
    """London works on New Year's Day after all: its open clock moves, Shanghai's stays."""
    before = opened(work, "2025-12-31T22:00:00+08:00", "伦敦分公司")
    path = work.desk.folder / "directory.yaml"
    path.write_text(path.read_text("utf-8").replace("calendar: gb", "calendar: weekday"), "utf-8")
    work.desk.one_pass()
    work.desk.reread()
    work.desk.one_pass()
    after = dues(work)
    assert (before["first-answer"], after["first-answer"]) == ("2026-01-06T18:00", "2026-01-05T18:00")


def test_the_digest_comes_at_the_coordinators_half_past_eight(work: Casework) -> None:
    """A coordinator whose unit is in London has the digest in London's morning."""
    path = work.desk.folder / "directory.yaml"
    text = path.read_text("utf-8").replace("{id: gm-office,", "{id: gm-office, timezone: Europe/London,", 1)
    path.write_text(text, "utf-8")
    work.desk.reread()
    workshop = work.desk.workshop()
    office = workshop.office(workshop.settings.mailbox[0])
    assert not digest_due(office.at(datetime(2026, 2, 11, 1, 0, tzinfo=UTC)), None)
    assert digest_due(office.at(datetime(2026, 2, 11, 8, 31, tzinfo=UTC)), None)


def test_a_mail_to_a_units_address_is_in_the_units_language(work: Casework) -> None:
    """A unit inherits its language from the unit above it, and so does a person who says none."""
    work.desk.now = datetime(2026, 2, 10, 2, 0, tzinfo=UTC)
    work.letters += work.desk.receive(mail(text=LETTER, sender=CUSTOMER), authentication=INSIDE.format(COORDINATOR))
    work.says(COORDINATOR, "转伦敦柜台处理", answering="manager.notice")
    got = work.got("desk@corp.example") or work.got("ben.hill@corp.example")
    assert "Received" in got[0].text or "received" in got[0].text
