"""When reports are due in an office of several time zones, and to whom."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

from maild.adapters.trial import trial_office
from maild.adapters.workdays import open_calendar
from maild.domain.lookup import Index
from maild.settings import MailboxSettings, Organisation
from maild.workflow.books import Books
from maild.workflow.office import Office
from maild.workflow.reports.due import next_wanted, readers

HEAD, DEPUTY, GM = "he.zhiqiang@corp.example", "wang.lei@corp.example", "chen.guodong@corp.example"


class Nothing:
    """Books that remember nothing."""

    def kept_text(self, name: str) -> str:  # noqa: ARG002
        return ""


def office(now: str, *, zone: str = "Asia/Shanghai", **logistics: Any) -> Office:
    """The sample office at this moment, with this changed at its logistics."""
    made = trial_office(
        "gm-mailbox", datetime.fromisoformat(now).astimezone(UTC), organisation=Organisation(timezone=zone),
        box=MailboxSettings(address="gm@corp.example", pack="gm-mailbox"),
    )  # fmt: skip
    directory = made.index.directory
    units = tuple(replace(u, **logistics) if u.id == "logistics" else u for u in directory.units)
    return replace(made, index=Index(replace(directory, units=units), domain="corp.example"))


def period_wanted(now: str) -> str:
    """The period of the next report in an office in New York whose coordinator sits in Shanghai."""
    plain = office(now, zone="America/New_York")
    east = replace(plain, calendars={**plain.calendars, "gm-office": open_calendar(zone="Asia/Shanghai")})
    wanted = next_wanted(east, cast("Books", Nothing()))
    return f"{wanted.rule.id} {wanted.period.key}" if wanted else ""


def test_no_month_is_reported_before_it_is_over_in_the_offices_own_zone() -> None:
    """09:00 in Shanghai is the evening before in New York: the report waits for New York's midnight."""
    assert period_wanted("2026-12-01T09:01:00+08:00") == ""
    assert period_wanted("2026-12-01T00:00:00-05:00") == "monthly 2026-11"


def test_a_units_report_goes_to_its_head_its_deputy_or_nobody_but_those_above() -> None:
    """Without a head the deputy has it, without both it stands in the superior's; who has the whole has no part."""
    plain = office("2026-12-01T09:01:00+08:00")
    (monthly, *_) = plain.pack.reports.reports
    found = next_wanted(plain, cast("Books", Nothing()))
    assert found is not None

    def whose(**logistics: Any) -> list[str]:
        made = office("2026-12-01T09:01:00+08:00", **logistics)
        return [one.reader for one in readers(monthly, found.period, made) if one.unit == "logistics"]

    assert whose() == [HEAD]
    assert whose(head=None) == [DEPUTY]
    assert whose(head=None, deputy=None) == []
    parent = plain.index.unit("logistics")
    assert parent is not None
    above = [one for one in readers(monthly, found.period, plain) if one.unit == parent.parent]
    assert above
    assert "logistics" in plain.index.subtree(above[0].unit)
    assert [one.unit for one in readers(monthly, found.period, plain) if one.reader == GM] == [""]
