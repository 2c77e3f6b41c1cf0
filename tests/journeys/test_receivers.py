"""Receivers of circulations and forms who are a unit's own address, leave, or sign before their mail bounces."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.desk import Letter, open_desk
from tests.journeys.letters import INSIDE, of_kind, to
from tests.journeys.office_people import own_directory, replaced
from tests.journeys.post import bounce, mail
from tests.journeys.test_circulation import (
    COORDINATOR,
    LOGISTICS,
    MORNING,
    REGISTER,
    ROUND,
    approving,
    directive,
    signed,
)
from tests.journeys.test_forms import EVE, FORM, RETURN, WHOLE, started
from tests.journeys.test_leavers import Office

DEPUTY, LAB = "wang.lei@corp.example", "lab@corp.example"
HR = "zhou.min@corp.example"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Office]:
    """An office with a directory of its own, in which a laboratory has an address and no head."""
    with open_desk(tmp_path) as desk:
        own_directory(desk)
        replaced(
            desk.folder / "directory.yaml", "\npeople:\n",
            f"\n  - {{id: lab, name: 检测站, parent: quality, address: {LAB}, deliver: unit}}\n\npeople:\n",
        )  # fmt: skip
        desk.now = MORNING
        desk.one_pass()
        yield Office(desk)


def test_a_units_own_address_is_reminded_and_chased(work: Office) -> None:
    """Who reads a shared address hears before the time and behind it, and by 催办, like any receiver."""
    directive(work, "明天盘点。\n发：检测站、物流部。\n\n陈国栋")
    assert LAB in {letter.to for letter in of_kind(work.letters, ROUND)}
    work.says(LOGISTICS, "已落实", answering=ROUND)

    asked = of_kind(work.says(COORDINATOR, "催办", answering=REGISTER), "handler.reminder")
    reminded = of_kind(work.later(timedelta(hours=7)), "handler.reminder")

    assert [letter.to for letter in asked] == [LAB]
    assert [letter.to for letter in reminded] == [LAB]


def test_a_late_bounce_takes_no_receipt_back(work: Office) -> None:
    """Who has signed has read it: a delivery report that comes later erases nothing."""
    letters = directive(work)
    (own,) = to(of_kind(letters, ROUND), LOGISTICS)
    work.says(LOGISTICS, "已传达", answering=ROUND)

    work._take(work.desk.receive(bounce(LOGISTICS, original=own.raw)))

    assert signed(work)[LOGISTICS] == ["received", "relayed"]


def test_the_last_who_owed_a_receipt_leaves(work: Office) -> None:
    """Where who takes over has signed already nobody owes any more: the case closes, and the register is told."""
    directive(work, "明天盘点。\n发：何志强、王磊。\n\n陈国栋")
    work.says(DEPUTY, "已落实", answering=ROUND)
    assert work.state == "circulating"

    letters = work.leaves(LOGISTICS)

    assert (work.state, work.case["outcome"]) == ("closed", "carried-out")
    assert COORDINATOR in {letter.to for letter in of_kind(letters, REGISTER)}
    assert not {clock["kind"] for clock in work.case["clocks"] if clock["state"] == "open"}


def test_an_approval_goes_on_when_who_gives_it_leaves(tmp_path: Path) -> None:
    """A circulation that waits for HR is asked of HR again, and one 同意 sends it."""
    with approving(tmp_path, "hr") as made:
        own_directory(made.desk)
        work = Office(made.desk)
        directive(work, sender="shen.lan@corp.example")
        work.says(COORDINATOR, "下发 物流部：请阅", answering="handler.assignment")
        assert work.got(HR, "manager.proposal")

        (handed,) = of_kind(work.leaves(HR), "handler.handed-over")
        assert "同意" in handed.text
        token = work.key_in(handed)
        letters = answered(work, handed.to, token, "同意")

        assert [letter.to for letter in of_kind(letters, ROUND)] == [LOGISTICS]


def answered(work: Office, who: str, token: str, text: str) -> list[Letter]:
    """A reply with the key of one row."""
    work.desk.now += MINUTE
    raw = mail(f"Re: [{token}]", text, sender=who, date=work.desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800"))
    return work._take(work.desk.receive(raw, authentication=INSIDE.format(who)))


def test_who_takes_over_gets_the_form(work: Office) -> None:
    """A receiver of a form leaves: the unit's next gets it with a key of their own, and returns it."""
    work.desk.now = EVE
    started(work)

    letters = work.leaves(LOGISTICS)

    assert [letter.to for letter in of_kind(letters, FORM)] == [DEPUTY]
    answer = work.says(DEPUTY, WHOLE, answering=FORM)
    assert "各项齐全" in of_kind(answer, RETURN)[0].text
    assert [row["receiver"] for row in work.case["circulation"] if not row["open"]] == [DEPUTY]
