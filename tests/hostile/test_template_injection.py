"""A template of the attacker's.

The attacker writes `{{ … }}` where a letter will show it, to read the office's settings or to make the program work for
hours. Held: what people write is data, never a template, and what an office writes as a template is bounded.

Elsewhere: name, subject and text by a real mail in `tests/journeys/test_hostile.py`; every name of every letter, and
what an office's own template may not do, in `tests/adapters/test_templates.py`.
"""

from tests.hostile.attack import EVIL, attack, raw
from tests.journeys.casework import HANDLER, Casework
from tests.journeys.letters import whole
from tests.journeys.post import bounce

EVERY = "{{ 7*191 }}{% for x in ().__class__.__mro__ %}{{ x }}{% endfor %}{# x #}${7*191}#{7*191}<%= 7*191 %>%(x)s{0}"
RESULT = ("1337", "<class", "&lt;class", "object at")
PARTS = (
    f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n投诉：我的订单三周没有发货，要求退款。{EVERY}\r\n"
    f'--b\r\nContent-Type: application/pdf; name="{EVERY}.pdf"\r\n\r\nx\r\n'
    "--b\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"
    f"SUMMARY:{EVERY}\r\nLOCATION:{EVERY}\r\nORGANIZER:mailto:{EVERY}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    f"--b\r\nContent-Type: text/vcard\r\n\r\nBEGIN:VCARD\r\nFN:{EVERY}\r\nEND:VCARD\r\n--b--"
)  # fmt: skip


def test_nothing_that_comes_with_a_mail_is_a_template(work: Casework) -> None:
    """File names, invitations, contacts, a report's words, links to files: shown as they were written."""
    head = f'From: {EVIL}\r\nReply-To: "{EVERY}" <{EVIL}>\r\nContent-Type: multipart/mixed; boundary=b'
    letters = attack(work, raw(head, PARTS, subject=EVERY))
    report = bounce(HANDLER, original=work.got(HANDLER)[-1].raw)
    letters += attack(work, report.replace(b"550 5.1.1 no such user", EVERY.encode()))

    assert any("{{ 7*191 }}" in whole(letter) for letter in letters)
    assert [] == [(x.kind, word) for x in letters for word in RESULT if word in whole(x)]


def test_nor_is_what_a_colleague_orders(work: Casework) -> None:
    """An answer that leaves, a note, a reason: no order makes a template either."""
    letters = work.says(HANDLER, f"备注：{EVERY}") + work.says(HANDLER, f"延期三天，{EVERY}")
    letters += work.says(HANDLER, f"答复：赵先生，今天已重新发出。{EVERY}")

    assert any("{{ 7*191 }}" in whole(letter) for letter in letters if letter.to == "zhao.lei@mail-a.example")
    assert [] == [(x.kind, word) for x in letters for word in RESULT if word in whole(x)]
