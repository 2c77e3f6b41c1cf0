"""Flooding by one sender.

The attacker sends so much that everybody else's mail waits, also in names that have no budget: a colleague's, ours, a
mail system's. Held: per sender and per domain so many an hour are handled at once, the rest waits its turn in a purse of
its own; nothing is dropped.

Elsewhere: senders and domains, public providers, colleagues, restarts in `tests/journeys/test_intake_budget.py`; the
pace itself in `tests/domain/test_pacing.py`.
"""

from collections import Counter
from datetime import timedelta

import pytest

from tests.hostile.attack import FAILS, raw
from tests.journeys.casework import HANDLER
from tests.journeys.desk import GM, TestDesk
from tests.journeys.letters import INSIDE
from tests.journeys.post import bounce, mail

LETTER = "投诉：我的订单三周没有发货，要求退款。"


def states(desk: TestDesk) -> Counter[str]:
    """How many journal lines are in which state."""
    return Counter(str(row[0]) for row in desk.rows("select state from journal"))


@pytest.mark.parametrize("name", [HANDLER, GM])
def test_a_forger_in_a_name_without_a_budget_has_one(desk: TestDesk, name: str) -> None:
    """Of seventy mails in a colleague's or our own name that fail the checks ten wait; the real person's does not."""
    flood = [raw(f"From: {name}", f"{n} {LETTER}", subject=f"急 {n}", results=[FAILS]) for n in range(70)]
    real = raw(f"From: {HANDLER}", LETTER, subject="仓库漏水", results=[f"mx.corp.example; {INSIDE.format(HANDLER)}"])

    desk.receive(*flood, real, mail())

    assert states(desk)["held"] == 10
    last = desk.rows("select state, disposition from journal order by uid desc limit 2")
    assert [("filed", "new-case")] * 2 == last
    desk.later(timedelta(hours=1))
    assert states(desk)["held"] == 0


def test_made_up_reports_have_the_budget_of_their_domain(desk: TestDesk) -> None:
    """A flood of delivery reports waits as any other; a complaint behind it does not."""
    settings = desk.folder / "maild.toml"
    text = settings.read_text("utf-8").replace("[mailbox.imap]", "[mailbox.intake]\nper_domain = 20\n[mailbox.imap]")
    settings.write_text(text, "utf-8")
    desk.restart()
    flood = [bounce(f"u{n}@corp.example", original=f"Message-ID: <{n}@corp.example>".encode()) for n in range(30)]

    desk.receive(*flood, mail())

    assert states(desk)["held"] == 10
    assert 1 == len(desk.cases())
