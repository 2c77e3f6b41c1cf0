"""A stranger cries wolf.

The attacker writes of fire and death to wake the whole house at night, again and again, also in a colleague's name. Held:
a sender not in the directory reaches the person on duty, who widens the alarm with one word; a colleague's name that
nobody vouches for is no colleague.

Elsewhere: repeats, the fourth in an hour, drills, conflicts and what a chat message says in `tests/journeys/
test_emergency.py`.
"""

import pytest

from tests.hostile.attack import EVIL, EVIL_PASSES, raw
from tests.journeys.casework import HANDLER
from tests.journeys.desk import TestDesk
from tests.journeys.letters import INSIDE, of_kind

FIRE = "车间配电柜起火，浓烟很大，有人被困，请马上派人！"
NO_PROOF = "mx.corp.example; spf=none; dmarc=none"


@pytest.mark.parametrize(
    ("head", "result", "wide"),
    [
        pytest.param(f"From: {EVIL}", EVIL_PASSES, False, id="stranger"),
        pytest.param(f"From: {HANDLER}", NO_PROOF, False, id="colleague-unproven"),
        pytest.param(
            f"From: {HANDLER}, {EVIL}", "mx.corp.example; dmarc=pass header.from=corp.example", False, id="two-authors"
        ),
        pytest.param(f"From: 何志强 <{EVIL}>\r\nReply-To: {HANDLER}", EVIL_PASSES, False, id="a-colleagues-name"),
        pytest.param(f"From: {HANDLER}", f"mx.corp.example; {INSIDE.format(HANDLER)}", True, id="colleague"),
    ],
)
def test_only_a_proven_colleague_wakes_the_house(desk: TestDesk, head: str, result: str, *, wide: bool) -> None:
    """Whoever else writes of a fire wakes one person, who decides."""
    letters = desk.receive(raw(head, FIRE, subject="紧急：车间起火", results=[result]))

    (case,) = desk.cases()
    assert "critical" == case["urgency"]
    assert 1 == len(of_kind(letters, "manager.alarm"))
    with desk.workshop().store.reading() as books:
        found = books.case(case["number"])
    assert found is not None
    assert found.alarm == ("wide" if wide else "duty")


def test_a_forgery_that_fails_the_checks_wakes_nobody(desk: TestDesk) -> None:
    """No case and no alarm; the person whose name it bears and the coordinator hear of the forgery."""
    letters = desk.receive(
        raw(f"From: {HANDLER}", FIRE, subject="紧急", results=["mx.corp.example; dmarc=fail header.from=corp.example"])
    )

    assert ([], []) == (desk.cases(), of_kind(letters, "manager.alarm"))
    assert {"manager.security", "staff.security"} == {letter.kind for letter in letters}
