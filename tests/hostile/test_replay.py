"""A captured command sent again.

The attacker has a copy of an order that was really given, signature and all, and wants it done once more, or elsewhere.
Held: each command counts once, by what a signature covers, however the mail comes again.

Elsewhere: under a new Message-ID, with a date or without, and a requester's old 不满意, in `tests/journeys/
test_trust_keys.py` and `test_hostile.py`; a captured directive in `test_trust.py`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.attack import attack, last, standing
from tests.journeys.casework import HANDLER, MORNING, Casework
from tests.journeys.desk import GM, TestDesk, open_desk
from tests.journeys.letters import INSIDE

OTHER = "sales@corp.example"
NEW_HEAD = "luo.jianping@corp.example"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """An installation of two mailboxes."""
    with open_desk(tmp_path, people=[OTHER]) as opened:
        settings = tmp_path / "maild.toml"
        text = settings.read_text("utf-8")
        settings.write_text(text + text[text.index("[[mailbox]]") :].replace(GM, OTHER), "utf-8")
        opened.now = MORNING
        opened.one_pass()
        yield opened


def order(work: Casework, *, subject: str = "", text: str = "转 质量部", to: str = GM, mark: str = "1") -> bytes:
    """The handler's order, dated and signed."""
    result = f"Authentication-Results: mx.corp.example; {INSIDE.format(HANDLER)}\r\n"
    return (
        f"{result}From: {HANDLER}\r\nTo: {to}\r\nSubject: {subject or f'Re: {work.got(HANDLER)[0].subject}'}\r\n"
        f"Date: Tue, 24 Nov 2026 09:30:00 +0800\r\nMessage-ID: <{mark}@pc.example>\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()


def given(work: Casework) -> str:
    """The order is done, and the new handler gives the case back; the subject that the order had."""
    subject = f"Re: {work.got(HANDLER)[-1].subject}"
    attack(work, order(work, subject=subject))
    assert standing(work.desk)[0][2] == NEW_HEAD
    work.says(NEW_HEAD, "转 物流部", answering="handler.assignment")
    assert standing(work.desk)[0][2] == HANDLER
    return subject


def test_blanks_that_a_signature_lets_pass_make_no_new_order(work: Casework) -> None:
    """More blanks in the subject, at line ends, and empty lines below (RFC 6376 section 3.4): the order was taken."""
    subject = given(work)
    before = standing(work.desk)
    changed = (
        {"subject": subject.replace(" ", "  ")}, {"subject": subject.replace(" ", "\r\n\t", 1)},
        {"text": "转  质量部  "}, {"text": "转 质量部\t\r\n\r\n\r\n"},
    )  # fmt: skip
    for n, fields in enumerate(changed, 2):
        letters = attack(work, order(work, **{"subject": subject, "mark": str(n), **fields}))

        assert (before, "duplicate", []) == (standing(work.desk), last(work.desk), letters), fields


def test_an_order_sent_again_to_another_mailbox_is_not_done_again(work: Casework) -> None:
    """The same bytes, and the same order under a new Message-ID, in a second mailbox of the house."""
    subject = given(work)
    before = standing(work.desk)
    for mark in ("1", "again"):
        letters = attack(work, order(work, subject=subject, mark=mark), to=OTHER)

        assert (before, "duplicate", []) == (standing(work.desk), last(work.desk), letters)


def test_a_key_of_one_mailbox_opens_nothing_more_in_another(work: Casework) -> None:
    """A stranger with the handler's key gets no further by the other address."""
    before, subject = standing(work.desk), f"Re: {work.got(HANDLER)[-1].subject}"
    raw = order(work, subject=subject).replace(HANDLER.encode(), b"mallory@evil.example")

    letters = attack(work, raw, to=OTHER)

    assert (before, "misdirected") == (standing(work.desk), last(work.desk))
    assert {letter.to for letter in letters} <= {HANDLER, "lin.xiaoyue@corp.example"}
