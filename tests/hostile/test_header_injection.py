"""A header of the attacker's in a mail of ours.

The attacker writes line ends, encoded or bare, where a subject, a name, a file name, an id or a report's words will be
written again, to add a Bcc, a second body or a second mail. Held: the email package alone builds headers, each once, in
lines that servers take.

Elsewhere: subject, name, file name and text drawn at random in `tests/mail/test_compose.py`; subject and name by a real
mail in `tests/journeys/test_hostile.py`; what could end an SMTP command in `tests/adapters/test_smtp.py`.
"""

import re
from collections import Counter

from tests.hostile.attack import EVIL, attack, headers, raw
from tests.journeys.casework import COORDINATOR, HANDLER, Casework
from tests.journeys.desk import Letter
from tests.journeys.post import bounce

INJECTED = "x\r\nBcc: victim@mail-c.example\r\nX-Evil: 1\r\n\r\nsecond body"
ENCODED = "=?utf-8?B?eA0KQmNjOiB2aWN0aW1AbWFpbC1jLmV4YW1wbGUNClgtRXZpbDogMQ==?="
PERCENT = "utf-8''x%0D%0ABcc:%20victim%40mail-c.example%0D%0AX-Evil:%201"
PARTS = (
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n投诉：我的订单三周没有发货，要求退款。\r\n"
    f"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename*={PERCENT}\r\n\r\nx\r\n"
    f'--b\r\nContent-Type: application/pdf; name="{ENCODED}"\r\n\r\ny\r\n'
    "--b\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"
    'SUMMARY:x\\nBcc: victim@mail-c.example\r\nORGANIZER;CN="x\\nX-Evil: 1":mailto:a@b.example\r\nEND:VEVENT\r\n--b--'
)  # fmt: skip
HEADS = [
    f"From: =?utf-8?Q?x=0D=0ABcc=3A_victim=40mail-c.example?= <{EVIL}>",
    f"From: {ENCODED} <{EVIL}>\r\nReply-To: {ENCODED} <{EVIL}>",
    f'From: "x\\\r\n Bcc: victim@mail-c.example" <{EVIL}>',
    f"From: x\rBcc: victim@mail-c.example\r <{EVIL}>",
    f"From: x\u2028Bcc: victim@mail-c.example\u0085X-Evil: 1 <{EVIL}>",
    f"From: {'x' * 5000} <{EVIL}>",
    f"From: \"{'长' * 3000}\" <{EVIL}>",
    'From: <"a\r\n Bcc: victim@mail-c.example"@evil.example>',
    f"From: {EVIL}\r\nMessage-ID: <a\r\n Bcc:victim@mail-c.example>",
    f"From: {EVIL}\r\nMessage-ID: <a\rX-Evil: 1@evil.example>\r\nReferences: <b\x00\x1b@evil.example> {'<c@d>' * 3000}",
    f"From: {EVIL}\r\nIn-Reply-To: =?utf-8?B?PGFADQpYLUV2aWw6IDE+?=",
]  # fmt: skip
SUBJECTS = ["hello", ENCODED, "x" * 100_000, "投诉" * 9000, "a\rBcc: victim@mail-c.example", "=?utf-8?Q?=00=07=1B=0A?=",
            "a\u2028X-Evil: 1"]  # fmt: skip
_ALLOWED = re.compile(rb"\A[\x20-\x7e\t\r\n]*\Z")


def well_formed(letter: Letter) -> list[str]:
    """What is wrong with the bytes of a mail of ours; each field once, lines of at most 998 octets, no stray line end."""
    head, _, _ = letter.raw.partition(b"\r\n\r\n")
    names = [name.lower() for name in letter.message]
    wrong = [name for name, count in Counter(names).items() if count > 1]
    wrong += [name for name, _ in headers(letter) if name in {"bcc", "x-evil", "resent-to"}]
    wrong += ["bytes in the header"] if not _ALLOWED.match(head) else []
    wrong += ["a long line"] if max(map(len, letter.raw.split(b"\r\n"))) > 998 else []
    wrong += ["a bare line end"] if re.search(rb"(?<!\r)\n|\r(?!\n)", letter.raw) else []
    wrong += ["NUL"] if b"\0" in letter.raw else []
    wrong += ["a line break in a value"] if any(re.search(r"[\n\r]", said) for _, said in headers(letter)[:12]) else []
    return wrong


def test_no_field_of_a_mail_adds_one_to_ours(work: Casework) -> None:
    """From, Reply-To, ids, subjects, file names, an invitation: every letter about such a mail is well formed."""
    letters = []
    for subject in SUBJECTS:
        letters += attack(
            work, raw(f"From: {EVIL}\r\nContent-Type: multipart/mixed; boundary=b", PARTS, subject=subject)
        )
    for head in HEADS:
        letters += attack(work, raw(head, "投诉：我的订单三周没有发货，要求退款。"))

    assert len(letters) > len(HEADS) + len(SUBJECTS)
    assert {} == {letter.subject: wrong for letter in letters if (wrong := well_formed(letter))}


def test_the_words_of_a_report_add_nothing(work: Casework) -> None:
    """A diagnostic of many lines and an endless one, in the notice of a returned mail."""
    for diagnostic in (f"smtp; 550 {INJECTED}", "smtp; 550 " + "y" * 50_000, f"smtp; 550 {ENCODED}"):
        report = bounce(HANDLER, original=work.got(HANDLER)[-1].raw)
        made = report.replace(b"smtp; 550 5.1.1 no such user", diagnostic.encode().replace(b"\r\n\r\n", b"\r\n "))
        letters = attack(work, made)

        assert {} == {letter.subject: wrong for letter in letters if (wrong := well_formed(letter))}


def test_an_order_adds_nothing_to_what_it_sends(work: Casework) -> None:
    """A colleague's answer, note and file name with line ends and encoded words leave as words."""
    letters = work.says(HANDLER, f"答复：赵先生，今天已重新发出。\n{ENCODED}\nBcc: victim@mail-c.example",
                        files={f"a\u2028Bcc: victim@mail-c.example{ENCODED}.pdf": b"x"})  # fmt: skip
    letters += work.says(COORDINATOR, f"备注：{ENCODED}\rX-Evil: 1")

    assert letters
    assert {} == {letter.subject: wrong for letter in letters if (wrong := well_formed(letter))}
