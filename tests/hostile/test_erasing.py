"""A letter that incriminates somebody, made to disappear.

Who is complained of, or has got hold of the order's key, wants the case erased; or the erasure done a second time, to
somebody else. Held: an erasure is ordered by the roles that the pack names alone, counts by a fresh key sent to the
directory's address of who ordered it, for 24 hours, once, in that person's own mail; what an erased case still gets
opens nothing.

Elsewhere: open and held cases, and the notice to the other office, in `tests/journeys/test_erase_by_mail.py`.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.hostile.attack import FAILS, attack
from tests.journeys.casework import COORDINATOR, HANDLER, MORNING, Casework
from tests.journeys.desk import open_desk
from tests.journeys.letters import INSIDE, of_kind
from tests.journeys.post import mail
from tests.journeys.test_erase_by_mail import CONFIRM, ERASED, HR, closed, kinds, ordered
from tests.journeys.test_erasure import WRITER, left

DELEGATE = "ding.ning@corp.example"
PRIVATE = "lin.xiaoyue@mail-b.example"


@pytest.fixture(name="work")
def _work(tmp_path: Path) -> Iterator[Casework]:
    """A closed complaint, in an archive that is readable without a key."""
    with open_desk(tmp_path, seal="") as desk:
        desk.now = MORNING
        yield closed(Casework(desk))


def word(subject: str, sender: str, result: str, *, minute: int = 0, text: str = "确认", **fields: str) -> bytes:
    """The word back under this subject, with what the office's server wrote on it."""
    at = f"Tue, 24 Nov 2026 10:{minute:02}:00 +0800"
    made = mail(f"Re: {subject}", text, sender=sender, date=at, **fields)
    return f"Authentication-Results: mx.corp.example; {result}\r\n".encode() + made


def test_nobody_elses_word_erases(work: Casework) -> None:
    """Handler, HR, delegate, writer, a private address, a forged From, an auto-reply, a quoted 确认, another key, a day later."""
    (asked,) = of_kind(ordered(work), CONFIRM)
    notice = next(one for one in work.letters if one.kind == "manager.notice")
    own = INSIDE.format(COORDINATOR)
    tries = (
        word(asked.subject, HANDLER, INSIDE.format(HANDLER)), word(asked.subject, HR, INSIDE.format(HR)),
        word(asked.subject, DELEGATE, INSIDE.format(DELEGATE)), word(asked.subject, WRITER, "auth=pass"),
        word(asked.subject, PRIVATE, f"auth=pass smtp.auth={PRIVATE}"),
        word(asked.subject, f"林晓月 <{COORDINATOR}>", FAILS.partition("; ")[2], minute=1),
        word(asked.subject, COORDINATOR, own, minute=2, Auto_Submitted="auto-replied"),
        word(asked.subject, COORDINATOR, own, minute=3, text="请稍等。\n\n> 确认"),
        word(notice.subject, COORDINATOR, own, minute=4),
        word(f"[{work.case['number']}]", COORDINATOR, own, minute=5),
    )  # fmt: skip
    letters = [one for raw in tries for one in attack(work, raw)]
    work.desk.now += timedelta(hours=25)
    letters += attack(work, word(asked.subject, COORDINATOR, own, minute=6))

    assert [] == of_kind(letters, ERASED)
    assert not {"erased", "erasure-ordered"} & {*kinds(work)}


def test_the_word_said_again_does_nothing(work: Casework) -> None:
    """After the erasure the same bytes, the same word anew and the order anew leave the case as it is, and no trace."""
    notice = next(one for one in work.letters if one.kind == "manager.notice")
    order = word(notice.subject, COORDINATOR, INSIDE.format(COORDINATOR), text="删除个人信息 理由：来信人要求")
    (asked,) = of_kind(attack(work, order), CONFIRM)
    said = word(asked.subject, COORDINATOR, INSIDE.format(COORDINATOR), minute=1)
    assert of_kind(attack(work, said), ERASED)
    before = kinds(work)

    letters = [one for raw in (said, order, word(asked.subject, COORDINATOR, INSIDE.format(COORDINATOR), minute=2))
               for one in attack(work, raw)]  # fmt: skip
    letters += attack(work, word(asked.subject, HANDLER, INSIDE.format(HANDLER), minute=3))

    assert [] == [one for one in letters if one.kind in {ERASED, CONFIRM}]
    assert 1 == kinds(work).count("erased")
    assert before == kinds(work)[: len(before)]
    assert {} == left(work.desk)
