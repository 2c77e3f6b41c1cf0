"""What is fuzzed: each reader takes any bytes, and says by an exception or a failed assertion what must not be.

A reader may refuse by its own error (`Unparsable`, `Misconfigured`); any other exception is a finding, and so is text
that neither a database nor UTF-8 can hold.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from maild.adapters.attachedreader import READERS, answer
from maild.adapters.directorycsv import read_people
from maild.adapters.directoryfile import read_directory
from maild.adapters.maskreader import looked
from maild.adapters.overlay import OwnRules
from maild.adapters.packfile import read_pack
from maild.adapters.yamlfile import YamlFile
from maild.domain.command import Answers
from maild.domain.grammar import understand
from maild.domain.masks import Kind, Look, masked
from maild.domain.message import Mail
from maild.domain.typewords import type_words
from maild.domain.wording import shown
from maild.errors import Misconfigured, Unparsable
from maild.mail import bounds
from maild.mail.authentication import authentication, display_name_lies
from maild.mail.fresh import fresh_text
from maild.mail.htmltext import html_text
from maild.mail.knownby import known_by
from maild.mail.parse import parse, parse_anyway
from tests.domain.sample import PACK, index

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
_REPORT = (
    b"From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered Mail Returned to Sender\r\nContent-Type: multipart/report; "
    b"report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nfailed\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
)  # fmt: skip
_LOOK = Look(kinds=frozenset(Kind))


def mail(raw: bytes) -> None:
    """A whole mail: strictly, and as far as it goes; everything that it says can be stored."""
    with suppress(Unparsable):
        parse(raw)
    read = parse_anyway(raw)
    _storable(read)
    authentication(read, ("mx.corp.example",))
    display_name_lies(read)
    known_by(read)


def report(raw: bytes) -> None:
    """The fields of a delivery report."""
    read = parse_anyway(_REPORT + raw + b"\r\n--b--\r\n")
    assert read.report is None or len(read.report.recipients) <= bounds.ADDRESSES


def fresh(raw: bytes) -> None:
    """What is new in a reply is part of its text, and no longer."""
    text = raw.decode("utf-8", "replace")
    assert len(fresh_text(text)) <= len(text) + 1


def page(raw: bytes) -> None:
    """A page as text: no script of it, nothing that a letter could not show."""
    text = html_text(raw.decode("utf-8", "replace"))
    assert "\0" not in shown(text)


def orders(raw: bytes) -> None:
    """A reply as orders, after an assignment and in answer to a list."""
    text = raw.decode("utf-8", "replace")[:20_000]
    for answers in (Answers.ASSIGNMENT, Answers.NONE):
        understand(text, answers=answers, names=index(), now=NOW, types=_types(), subject=text[:60])


def rules(raw: bytes) -> None:
    """A clerk's rule file: read, or refused with file, line and mend."""
    _refused_at_most(lambda path: YamlFile(path).read(OwnRules), raw, "rules.yaml")
    _refused_at_most(lambda path: YamlFile(path).data(), raw, "rules.yaml")


def directory(raw: bytes) -> None:
    """A clerk's directory."""
    _refused_at_most(read_directory, raw, "directory.yaml")


def people(raw: bytes) -> None:
    """A list of people from another system."""
    _refused_at_most(read_people, raw, "people.csv")


def attached(raw: bytes) -> None:
    """A document of any kind that is read: an answer, never an exception."""
    for kind in READERS:
        if kind != "pdf" or raw.startswith(b"%PDF"):
            assert answer(raw, kind)["how"]
    for name in ("file", "file.eml", "file.html"):
        assert looked(raw, name, _LOOK).keys() <= {"kinds", "shut"}


def masks(raw: bytes) -> None:
    """Masking keeps the length, and every sign but for stars."""
    text = raw.decode("utf-8", "replace")[:20_000]
    done = masked(text, _LOOK)
    assert len(done) == len(text)
    assert all(new in {old, "*"} for new, old in zip(done, text, strict=True))


TARGETS: dict[str, Callable[[bytes], None]] = {
    one.__name__: one for one in (mail, report, fresh, page, orders, rules, directory, people, attached, masks)
}
"""Each reader by its name."""


@cache
def _types() -> dict[str, tuple[str, ...]]:
    return dict(type_words(read_pack(PACK, index()).policy.types))


def _refused_at_most(read: Callable[[Path], object], raw: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(raw)
        try:
            read(path)
        except Misconfigured as error:
            assert str(path) in error.sentence  # noqa: PT017  the sentence is what the clerk reads


def _storable(read: Mail) -> None:
    for text in _texts(read):
        text.encode()
        assert "\0" not in text
    assert len(read.text) <= 2 * bounds.TEXT


def _texts(read: Mail) -> Iterator[str]:
    yield from (read.subject, read.text, read.fresh_text, read.html, read.message_id, read.in_reply_to)
    yield from (str(one) for one in (read.author, *read.to, *read.cc, *read.reply_to))
    yield from (one.filename for one in read.files)
