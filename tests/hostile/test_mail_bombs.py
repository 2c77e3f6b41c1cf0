"""Mail bombs.

The attacker wants one mail to cost minutes, gigabytes or the process: 10,000 parts, 1,000 levels, headers of 100 MB, zip
in zip, parameters that cost their square, containers packed into themselves. Held: bounds are checked before the work,
every step is linear within them, attachments are read by a process of their own.

Elsewhere: the bounds in `tests/mail/test_bounds.py`; documents that unfold in `tests/adapters/test_attachedtext.py`; the
process that reads a suspect mail apart in `test_readapart.py`; one that ends the program in `tests/journeys/
test_crash.py`. How long each bomb keeps the mail behind it waiting: `python -m tests.hostile.delay`.
"""

import pytest

from maild.adapters.readapart import Bounds, can_be_read
from maild.domain.message import Mail
from maild.mail.parse import attachments_in, parse, parse_anyway
from tests.hostile.bombs import BOMBS, HEAD, MIXED
from tests.journeys.desk import TestDesk
from tests.journeys.letters import of_kind
from tests.journeys.post import mail

LITTLE = Bounds(memory=400 << 20, seconds=10)
"""What one mail of these few megabytes may need."""
HUNGRY = ["packed-again", "attached-mails-packed", "boundaries", "base64-pieces", "charsets", "contacts", "junk-headers",
          "file-names", "signed-in-signed", "winmail", "zip-in-zip", "header-lines"]  # fmt: skip


@pytest.mark.parametrize("name", HUNGRY)
def test_a_bomb_needs_little(name: str) -> None:
    """A process with 400 MB and ten seconds of work comes to the end of it."""
    assert can_be_read(BOMBS[name](), None, LITTLE)


def test_behind_any_bomb_an_honest_mail_is_answered(desk: TestDesk) -> None:
    """All that the server takes lie before it: each is a case or in quarantine, and the complaint is acknowledged."""
    flat = ("parts-10000", "charsets", "file-names", "report-blocks", "zip-in-zip", "names", "results", "from-many")
    bombs = [BOMBS[name]().replace(b"<bomb@", f"<{name}@".encode()) for name in flat]

    letters = desk.receive(*bombs, mail())

    became = [row[0] for row in desk.rows("select disposition from journal order by uid")]
    assert len(became) == len(bombs) + 1
    assert set(became) <= {"new-case", "quarantined", "report-unmatched"}
    assert "zhao.lei@mail-a.example" in [letter.to for letter in of_kind(letters, "requester.acknowledgement")]


def test_mails_that_differ_past_the_bound_are_two() -> None:
    """What is not read of many texts still tells one mail from another, and the mail says that there is more."""
    one, other = (MIXED + b"--b\r\n\r\nsame\r\n" * 60 + b"--b\r\n\r\n" + end + b"\r\n--b--" for end in (b"a", b"b"))

    assert parse(one).fingerprint != parse(other).fingerprint
    assert any("too many texts" in defect for defect in parse(one).defects)


def test_an_honest_container_that_is_encoded_is_read() -> None:
    """A server that encodes a whole container once is not taken for a bomb."""
    inside = b"--b\r\nContent-Type: text/plain\r\n\r\nwords=20here\r\n--b--\r\n"
    raw = (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + inside
    )

    assert parse(raw).text == "words here"


def test_all_files_of_a_mail_are_had_in_one_reading() -> None:
    """Of nine hundred files each is found by its hash, without the mail being read nine hundred times."""
    raw = MIXED + b"".join(b"--b\r\nContent-Type: a/b; name=%d\r\n\r\n%d\r\n" % (n, n) for n in range(900)) + b"--b--"
    read: Mail = parse_anyway(raw)

    found = attachments_in(raw, {file.sha256 for file in read.files})

    assert sorted(found.values(), key=int) == [b"%d" % n for n in range(900)]
