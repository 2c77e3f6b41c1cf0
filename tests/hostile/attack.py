"""The attacker's tools: mails byte by byte, the verdict of the office's own server on them, and a look at everything."""

from collections.abc import Iterable
from datetime import timedelta
from email.header import decode_header, make_header
from itertools import count

from tests.journeys.casework import Casework
from tests.journeys.desk import GM, Letter, TestDesk

EVIL = "mallory@evil.example"
"""The attacker's own address; mail from it is properly signed."""
EVIL_PASSES = "mx.corp.example; dmarc=pass header.from=evil.example; spf=pass smtp.mailfrom=mallory@evil.example"
"""What the office's server writes on a mail that the attacker's own server signed."""
FAILS = "mx.corp.example; dmarc=fail header.from=corp.example"
STRANGE_ORDER = "转 质量部"
_COUNT = count()


def raw(head: str, body: str = "hello", *, subject: str = "hello", results: Iterable[str] = (EVIL_PASSES,)) -> bytes:
    """A mail whose head stands there to the letter, below what our server wrote; with a date and an id of its own."""
    above = "".join(f"Authentication-Results: {one}\r\n" for one in results)
    mark = next(_COUNT)
    at = f"{9 + mark // 3600:02}:{mark // 60 % 60:02}:{mark % 60:02}"
    return (
        f"{above}{head}\r\nTo: {GM}\r\nSubject: {subject}\r\nDate: Tue, 24 Nov 2026 {at} +0800\r\n"
        f"Message-ID: <{mark}@evil.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
    ).encode("utf-8", "surrogateescape")


def standing(desk: TestDesk) -> list[tuple[str, str, str, str]]:
    """What no attack may change: each case's number, state, handler and type."""
    return sorted((str(c["number"]), str(c["state"]), str(c["handler"]), str(c["type"])) for c in desk.cases())


def last(desk: TestDesk) -> str:
    """What became of the last mail."""
    return became(desk, 1)[0]


def became(desk: TestDesk, count: int) -> list[str]:
    """What became of the last mails, in the order in which they came."""
    rows = desk.rows(f"select disposition from journal order by id desc limit {int(count)}")  # noqa: S608
    return [str(row[0]) for row in reversed(rows)]


def attack(work: Casework, *raws: bytes, to: str = GM) -> list[Letter]:
    """Deliver these a minute later; what left."""
    work.desk.now += timedelta(minutes=1)
    for one in raws:
        work.desk.servers.deliver(one, to)
    letters = work.desk.one_pass()
    work.letters += letters
    return letters


def outside(letters: Iterable[Letter]) -> list[tuple[str, str]]:
    """What left the house: to whom, and which kind of letter."""
    return [(letter.to, letter.kind) for letter in letters if not letter.to.endswith("@corp.example")]


def headers(letter: Letter) -> list[tuple[str, str]]:
    """The header fields of the mail and of each part, decoded."""
    parts = list(letter.message.walk())
    return [(name.lower(), str(make_header(decode_header(str(said))))) for part in parts for name, said in part.items()]


def pages(letter: Letter) -> str:
    """The HTML of a letter."""
    found = (part.get_payload(decode=True) for part in letter.message.walk() if part.get_content_type() == "text/html")
    return "".join(page.decode() for page in found if isinstance(page, bytes))


def logs(text: str, *secrets: str) -> list[str]:
    """Which of these a log holds."""
    return [secret for secret in secrets if secret in text]
