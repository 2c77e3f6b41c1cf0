"""Whom the notice of an unsealing, an erasure or a hold reaches: never nobody, never who is excluded (security.md)."""

from dataclasses import replace
from functools import cache

import pytest

from maild.adapters.trial import trial_office
from maild.domain.case import State
from maild.domain.directory import Person
from maild.settings import MailboxSettings
from maild.workflow.office import Office
from maild.workflow.sealholders import who_hears
from tests.domain.test_retention import CASE, CLOSED

GM_OFFICE, DEPUTY, HR = "lin.xiaoyue@corp.example", "ding.ning@corp.example", "zhou.min@corp.example"
BODY = ("shi.yuan@corp.example", "jian.shi@mail-a.example")
COMPLAINT = replace(CASE, type="staff-complaint", state=State.IN_PROGRESS, closed_at=None, confidential=True)


@cache
def _office() -> Office:
    return trial_office("gm-mailbox", CLOSED, box=MailboxSettings(address="gm@corp.example"))


def person(address: str) -> Person:
    """Somebody of the sample directory."""
    found = _office().index.person(address)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("asker", "excluded", "hears", "instead"),
    [
        (GM_OFFICE, (), (HR,), False),
        (DEPUTY, (), (HR,), False),
        (HR, (), (GM_OFFICE,), False),
        (GM_OFFICE, (HR,), BODY, True),
        (HR, (GM_OFFICE,), BODY, True),
        (GM_OFFICE, (HR, BODY[0]), BODY[1:], True),
        (GM_OFFICE, (HR, *BODY), (), True),
    ],
)
def test_the_other_hears_or_the_supervisory_body_in_its_place(
    asker: str, excluded: tuple[str, ...], hears: tuple[str, ...], instead: bool
) -> None:
    """The head of the other role; where that head is excluded, those of the supervisory body who are not."""
    case = replace(COMPLAINT, excluded=excluded)
    for roles in ((), _office().pack.routes.erasers):
        found = who_hears(case, person(asker), _office(), roles=roles)

        assert (hears, instead) == (tuple(one.address for one in found[0]), found[1])


def test_a_case_of_revenge_is_told_past_the_gm_office() -> None:
    """Of `retaliation` the coordinator may know no more than that it exists: the supervisory body hears instead."""
    heard, instead = who_hears(replace(COMPLAINT, type="retaliation"), person(HR), _office())

    assert (BODY, True) == (tuple(one.address for one in heard), instead)
