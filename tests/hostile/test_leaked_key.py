"""A leaked or guessed key.

The attacker has seen a subject line, or tries keys until one fits, or wants the real person's mails quarantined for it.
Held: a key alone opens nothing; five wrong ones in an hour set apart the mails with keys of who tried, and of nobody else.

Elsewhere: keys in other hands, guesses, and a forger's guesses that fail the checks in `tests/journeys/test_hostile.py`;
old secrets and who may act in `test_trust_keys.py`; the hour of quarantine in `test_storms.py`.
"""

from tests.hostile.attack import STRANGE_ORDER, attack, last, outside, raw, standing
from tests.journeys.casework import HANDLER, Casework
from tests.journeys.letters import INSIDE
from tests.journeys.post import CUSTOMER

OTHER = "bella@mail-b.example"
NOBODY_VOUCHES = "mx.corp.example; dmarc=none; spf=none"


def test_guesses_in_a_persons_name_do_not_lock_that_person_out(work: Casework) -> None:
    """Nine wrong keys under the handler's From that nobody vouches for: the handler's own next order is done."""
    number, subject = work.case["number"], f"Re: {work.got(HANDLER)[-1].subject}"
    attack(
        work,
        *(
            raw(f"From: {HANDLER}", "收到", subject=f"[{number}-0000000{n}]", results=[NOBODY_VOUCHES])
            for n in range(9)
        ),
    )
    assert last(work.desk) == "quarantined"

    attack(
        work, raw(f"From: {HANDLER}", "收到", subject=subject, results=[f"mx.corp.example; {INSIDE.format(HANDLER)}"])
    )

    assert ("command", "in-progress") == (last(work.desk), work.state)


def hands(work: Casework) -> list[tuple[str, str, str]]:
    """In whose hands each case is, and of which type; a requester's own words may end a waiting."""
    return [(number, handler, kind) for number, _, handler, kind in standing(work.desk)]


def test_a_key_belongs_to_one_case_and_one_reader(work: Casework) -> None:
    """Moved to another number, cut, doubled, turned round, or beside a key of the thief's own: nothing moves."""
    work.start("投诉：发票开错", "发票抬头开错了，请更正并重开。订单 90412。", sender=OTHER)
    first, second = sorted(str(case["number"]) for case in work.desk.cases())
    before = hands(work)
    token = work.got(HANDLER)[-1].token
    short, own = token[-8:], work.got(CUSTOMER)[0].token
    subjects = (
        f"[{second}-{short}]", f"[{first}-{short[:7]}]", f"[{first}-{short}{short}]", f"[{first}-{short[::-1]}]",
        f"[{own}] [{token}]", f"[{token}] [{own}]", f"{first} {short}",
    )  # fmt: skip
    thieves = {who: f"mx.corp.example; dmarc=pass header.from={who.partition('@')[2]}" for who in (CUSTOMER, OTHER)}

    letters = attack(work, *(raw(f"From: {who}", STRANGE_ORDER, subject=subject, results=[result])
                             for subject in subjects for who, result in thieves.items()))  # fmt: skip

    assert before == [row for row in hands(work) if row[0] in {first, second}]
    assert not [one for one in outside(letters) if "answer" in one[1]]
