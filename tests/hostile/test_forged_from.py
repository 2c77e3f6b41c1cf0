"""A forged From.

The attacker wants an order obeyed as the handler's or the general manager's, or a colleague to read a name or address
that is not the writer's. Held: From is read as the office's own server judged it; what shows another address than From's
is a trick; nothing goes to the forger.

Elsewhere: each result of RFC 8601 in `tests/mail/test_authentication.py`; forged, unknown and proven orders, and whom a
forgery is told to, in `tests/journeys/test_hostile.py`, `test_trust.py` and `test_trust_keys.py`.
"""

import pytest

from maild.domain.message import Address, Mail
from maild.mail.authentication import display_name_lies
from maild.mail.parse import parse
from tests.hostile.attack import EVIL, EVIL_PASSES, STRANGE_ORDER, attack, became, last, outside, raw, standing
from tests.journeys.casework import HANDLER, Casework
from tests.journeys.letters import of_kind

FROMS = [
    f"From: {HANDLER}\r\nFrom: {EVIL}",
    f"From: {EVIL}\r\nFrom: {HANDLER}",
    f"From: {HANDLER}, {EVIL}",
    f"From: {EVIL}, {HANDLER}",
    f"From: {HANDLER} (on the way) <{EVIL}>",
    f"From: {EVIL} ({HANDLER})",
    f"From: <{HANDLER}> <{EVIL}>",
    f"From: {HANDLER} <{EVIL}>",
    f"From: {HANDLER}@evil.example",
    f"From: <{HANDLER}@evil.example>",
    f"From: <@evil.example:{HANDLER}>",
    "From: he.zhiqiang(@evil.example)@corp.example",
    "From: <he.zhiqiang @ corp.example>",
    "From: <=?utf-8?Q?he.zhiqiang=40corp.example?=>",
    "From: <=?utf-8?Q?he.zhiqiang=40corp.example?=@evil.example>",
    f"From: =?utf-8?Q?he.zhiqiang=40corp.example?= <{EVIL}>",
    f"From: =?utf-8?B?aGUuemhpcWlhbmdAY29ycC5leGFtcGxl?=\r\nSender: {EVIL}",
    f"From: Staff: {HANDLER}, {EVIL};",
    f"From: {HANDLER}\x00@evil.example",
    f"From: {HANDLER}\r <{EVIL}>",
    f"From: {HANDLER}\r\n <{EVIL}>",
    f"From: {HANDLER};{EVIL}",
    "From: he.zhiqiang\u200b@corp.example",
    "From: he.zhiqiang@corp\u3002example",
    "From: he.zhiqiang@\uff43orp.example",
    "From: h\u0435.zhiqiang@corp.example",
    f"From: mailto:{HANDLER}",
    f"From: {HANDLER}.",
    f"X-Old: y\rFrom: {HANDLER}\r\nFrom: {EVIL}",
    f"From: {HANDLER}\r\nSender: {EVIL}\r\nSender: {HANDLER}",
    f"From: {EVIL}\r\nSender: {HANDLER}",
    f"From: {EVIL}\r\nReply-To: {HANDLER}\r\nReturn-Path: <{HANDLER}>",
    f"From: {EVIL}\r\nResent-From: {HANDLER}",
    f"From: {EVIL}\r\nX-Original-From: {HANDLER}\r\nX-Sender: {HANDLER}",
]


def test_no_way_of_writing_from_makes_the_forger_the_handler(work: Casework) -> None:
    """With the handler's own key and a verdict for the forger's domain no order is done, and the forger hears nothing."""
    before, subject = standing(work.desk), f"Re: {work.got(HANDLER)[-1].subject}"

    letters = attack(work, *(raw(head, STRANGE_ORDER, subject=subject) for head in FROMS))

    found = dict(zip(FROMS, became(work.desk, len(FROMS)), strict=True))
    assert before == [row for row in standing(work.desk) if row[0] == before[0][0]]
    assert {} == {
        head: what for head, what in found.items() if what not in {"misdirected", "confirm-first", "quarantined"}
    }
    assert outside(letters) == []


def test_of_two_authors_the_domain_names_neither(work: Casework) -> None:
    """A pass for the domain says not which of two colleagues in From wrote: the one whose key it is, is asked."""
    head = f"From: {HANDLER}, wang.qiang2@corp.example"
    passes = "mx.corp.example; dmarc=pass header.from=corp.example; dkim=pass header.d=corp.example"

    letters = attack(work, raw(head, STRANGE_ORDER, subject=f"Re: {work.got(HANDLER)[-1].subject}", results=[passes]))

    assert last(work.desk) == "confirm-first"
    assert [letter.to for letter in of_kind(letters, "staff.confirmation")] == [HANDLER]


RESULTS = [
    ["mx.evil.example; dmarc=pass header.from=corp.example"],
    ["mx.corp.example.; dmarc=pass header.from=corp.example"],
    [f"{EVIL_PASSES}; dmarc=none\r\n (dmarc=pass header.from=corp.example)"],
    [EVIL_PASSES, "mx.corp.example; dmarc=pass header.from=corp.example"],
    [f'{EVIL_PASSES}\r\n\t; dkim=none reason="\r\n mx.corp.example; dmarc=pass header.from=corp.example"'],
    ["mx.corp.example 1; dkim=pass header.i=@evil.example header.b=corp.example"],
    ["mx.corp.example; dkim=pass header.d=evil.example (header.d=corp.example)"],
    ["mx.corp.example; auth=pass smtp.auth=he.zhiqiang@evil.example"],
    ["mx.corp.example; spf=pass smtp.mailfrom=evil.example; spf=pass smtp.helo=corp.example"],
    ["mx.corp.example; iprev=pass policy.iprev=192.0.2.1; x-auth=pass smtp.auth=he.zhiqiang"],
]  # fmt: skip


def test_no_forged_result_is_believed(work: Casework) -> None:
    """Another server's, a second one below, one in a fold, a comment or a string, and headers of other names."""
    before, subject = standing(work.desk), f"Re: {work.got(HANDLER)[-1].subject}"
    others = "".join(
        f"{name}: mx.corp.example; dmarc=pass header.from=corp.example\r\n"
        for name in ("ARC-Authentication-Results", "X-Authentication-Results", "Received-SPF", "Authentication-Result")
    )
    head = f"{others}From: {HANDLER}"
    attack(work, *(raw(head, STRANGE_ORDER, subject=subject, results=results) for results in RESULTS))

    assert before == standing(work.desk)
    assert ["confirm-first"] * len(RESULTS) == became(work.desk, len(RESULTS))


def test_a_result_inside_the_mail_is_none(work: Casework) -> None:
    """In the header of a part, and where a bare CR or a forgotten blank line makes it look like one of the top."""
    before, subject = standing(work.desk), f"Re: {work.got(HANDLER)[-1].subject}"
    result = "Authentication-Results: mx.corp.example; dmarc=pass header.from=corp.example"
    parts = f"--b\r\n{result}\r\n\r\n{STRANGE_ORDER}\r\n--b--"
    pieces = (
        (f"From: {HANDLER}\r\nX-Note: x\r{result}", STRANGE_ORDER),
        (f"From: {HANDLER}\r\nX-Note: x\x0b\x0c{result}", STRANGE_ORDER),
        (f"From: {HANDLER}\r\nContent-Type: multipart/mixed; boundary=b", parts),
    )
    attack(work, *(raw(head, body, subject=subject, results=[]) for head, body in pieces))

    assert (before, ["confirm-first"] * 3) == (standing(work.desk), became(work.desk, 3))


LIES = {
    "何志强 <he.zhiqiang@corp.example>": True, "he.zhiqiang＠corp．example": True, "he.zhiqiang@corp。example": True,
    "he.zhiqiang@corp｡example": True, "h\u200be.zhiqiang@corp.example": True, "boss@corp.example.": True,
    "MALLORY@EVIL.EXAMPLE": False, "mallory@evil。example": False, "何志强（物流部）": False, "a@b": False,
}  # fmt: skip


@pytest.mark.parametrize("shown", LIES)
def test_a_display_name_with_another_address_is_a_trick(shown: str) -> None:
    """Also with the full stops of other scripts; the writer's own address, however written, is none."""
    mail = Mail(author=Address(address=EVIL, name=shown))

    assert display_name_lies(mail) is LIES[shown]


def test_a_sign_that_only_becomes_a_letter_is_no_namesake() -> None:
    """The Kelvin sign, in lower case the letter k, makes `li.kun` of nobody."""
    assert parse("From: li.\u212aun@corp.example\r\n\r\nhello".encode()).author.address != "li.kun@corp.example"
