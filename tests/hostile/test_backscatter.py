"""Backscatter.

The attacker writes with the victim's address where an answer would go, so that we are the ones who spam. Held: what
casework 8 says of an acknowledgement: one a sender and ten minutes, five a day, to From's own domain unless proven, no
word of the mail in it; no receipt and no answer that a header asks for.

Elsewhere: each mail that is never acknowledged, Reply-To, many recipients and links in `tests/journeys/test_hostile.py`;
the rates in `test_storms.py`; `状态` that never goes to Reply-To in `test_trust.py`.
"""

import pytest

from tests.hostile.attack import EVIL, attack, outside, raw
from tests.journeys.casework import Casework
from tests.journeys.desk import TestDesk
from tests.journeys.letters import whole

VICTIM = "victim@mail-c.example"
LETTER = "投诉：我的订单三周没有发货，要求退款。"
NONE = ["mx.corp.example; spf=none; dmarc=none"]
PLACES = [
    f"From: {EVIL}\r\nDisposition-Notification-To: {VICTIM}\r\nReturn-Receipt-To: {VICTIM}\r\nX-Confirm-Reading-To: {VICTIM}",
    f"From: {EVIL}\r\nErrors-To: {VICTIM}\r\nReturn-Path: <{VICTIM}>\r\nResent-From: {VICTIM}\r\nSender: {VICTIM}",
    f"From: {EVIL}\r\nReply-To: a@evil.example, {VICTIM}, b@mail-c.example",
    f"From: {EVIL}\r\nReply-To: friends: {VICTIM}, b@mail-c.example;",
    f"From: {EVIL}\r\nReply-To: <{EVIL}>, <{VICTIM}>\r\nReply-To: {VICTIM}",
    f"From: {EVIL}\r\nReply-To: {VICTIM} <{EVIL}>\r\nMail-Followup-To: {VICTIM}\r\nMail-Reply-To: {VICTIM}",
    f"From: {EVIL}\r\nCc: {VICTIM}\r\nBcc: {VICTIM}\r\nX-Envelope-From: {VICTIM}",
    f"From: {EVIL}, {VICTIM}",
    f"From: {EVIL}\r\nList-Unsubscribe: <mailto:{VICTIM}>\r\nReturn-Receipt-To: <{VICTIM}>",
    f'From: "{VICTIM}" <{EVIL}>',
]  # fmt: skip


@pytest.mark.parametrize("head", PLACES)
def test_nothing_goes_to_an_address_that_a_header_names(work: Casework, head: str) -> None:
    """Receipts, errors, copies, second authors: not a byte goes to the victim, now or within the day."""
    letters = attack(work, raw(head, LETTER, results=NONE))
    letters += work.later(work.desk.now.replace(hour=23) - work.desk.now)

    assert [] == [one for one in outside(letters) if "mail-c" in one[0]]


def test_an_invitation_is_answered_to_nobody(desk: TestDesk) -> None:
    """The organiser of a meeting gets neither yes nor no, and those invited nothing at all (RFC 5546)."""
    event = (
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:meeting\r\nDTSTART:20261201T010000Z\r\n"
        f"ORGANIZER:mailto:{VICTIM}\r\nATTENDEE;RSVP=TRUE:mailto:gm@corp.example\r\nATTENDEE:mailto:{VICTIM}\r\nEND:VEVENT\r\n"
    )
    head = f"From: {EVIL}\r\nContent-Type: text/calendar; method=REQUEST; charset=utf-8"

    letters = desk.receive(raw(head, event), raw(head.replace("REQUEST", "CANCEL"), event.replace("REQUEST", "CANCEL")))

    assert {EVIL} >= {to for to, _ in outside(letters)}
    assert [] == [x.kind for x in letters if any(p.get_content_type() == "text/calendar" for p in x.message.walk())]


def test_joining_a_list_is_confirmed_to_nobody(desk: TestDesk) -> None:
    """A list manager's question whether we want to subscribe, and the list's mails afterwards, are answered to nobody."""
    asked = raw("From: confirm+9f8a@lists.evil.example\r\nSender: bounces@lists.evil.example\r\nPrecedence: bulk",
                "Reply to this mail to confirm your subscription.", subject="confirm 9f8a")  # fmt: skip
    expanded = raw(f"From: {VICTIM}\r\nList-Id: <all.evil.example>\r\nReply-To: all@evil.example\r\nList-Post: <mailto:all@evil.example>",
                   LETTER)  # fmt: skip

    assert [] == outside(desk.receive(asked, expanded))


def test_an_acknowledgement_carries_no_word_of_a_first_mail(desk: TestDesk) -> None:
    """A stranger's first mail cannot put words, names or links into a mail of ours to somebody else."""
    letters = desk.receive(raw('From: "买药 spam-name" <victim@mail-c.example>', f"{LETTER} spam-text", subject="spam-subject",
                               results=NONE))  # fmt: skip

    sent = [letter for letter in letters if letter.to == VICTIM]
    assert len(sent) == 1
    assert [] == [word for word in ("spam-text", "spam-subject") if word in whole(sent[0])]
