"""Which letters are on one matter, as far as their words tell."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from maild.domain.case import Case, Requester, State
from maild.domain.crowd import alike, leading, may_be_led, writers

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
CASE = Case(
    number="GM-2026-000001", pack="gm-mailbox", mailbox="gm@corp.example", type="staff-suggestion", unit="admin",
    handler="he.zhiqiang@corp.example", state=State.ASSIGNED, requester=Requester(address="a@corp.example"),
    received=NOW, last_human_event=NOW, subject="食堂的牛奶是酸的", summary="今天早上食堂发的牛奶是酸的，好几个人喝了拉肚子",
)  # fmt: skip
OTHER = replace(
    CASE, number="GM-2026-000002", requester=Requester(address="b@corp.example"), received=NOW + timedelta(hours=1),
    subject="食堂牛奶变质", summary="今早食堂的牛奶有酸味，我们班组三个人拉肚子",
)  # fmt: skip


def test_other_words_on_one_matter_are_alike() -> None:
    """Two people tell of the same milk in words of their own."""
    assert alike(CASE, OTHER)


@pytest.mark.parametrize(
    "other",
    [
        replace(OTHER, subject="宿舍没有热水", summary="三号宿舍楼连续两天没有热水，请尽快维修"),
        replace(OTHER, type="staff-complaint"),
        replace(OTHER, unit="hr"),
        replace(OTHER, handler="zhou.min@corp.example"),
        replace(OTHER, urgency="high"),
        replace(OTHER, crisis=("threat",)),
        replace(OTHER, confidential=True),
        replace(OTHER, state=State.CLOSED),
        replace(OTHER, requester=Requester(address="")),
        replace(OTHER, requester=Requester(address="b@corp.example", unconfirmed=True)),
    ],
)
def test_what_is_not_one_matter(other: Case) -> None:
    """Another matter, type or desk, and what presses, is sealed, over, or nobody's, is never led along."""
    assert not alike(CASE, other)


def test_letters_about_different_orders_are_different_matters() -> None:
    """The same words with another order number are another customer's parcel."""
    one = replace(CASE, subject="订单 8823100 没有发货", summary="我的订单 8823100 三周没有发货")

    assert not alike(one, replace(one, number="GM-2026-000003", subject="订单 7712345 没有发货",
                                  summary="我的订单 7712345 三周没有发货"))  # fmt: skip
    assert alike(one, replace(one, number="GM-2026-000003"))


def test_the_oldest_leads_and_writers_count_once() -> None:
    """Who wrote first has the lead; three letters of one writer are one writer."""
    again = replace(CASE, number="GM-2026-000004", received=NOW + timedelta(hours=2))

    assert CASE == leading([OTHER, again, CASE])
    assert 2 == writers([CASE, again, OTHER])
    assert may_be_led(CASE)
    assert not may_be_led(replace(CASE, type="unclassified"))
