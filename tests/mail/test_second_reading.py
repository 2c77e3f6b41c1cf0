"""The corpus read by mail-parser as well: where that library is at home, both readers must agree.

Our own reader exists for what mail-parser gets wrong: GBK under a gb2312 label, unlabelled Chinese, parameters that
take it minutes (see `maild/mail/mime.py`). Everything else it reads as well as we do, so that a difference is a mistake
of one of the two. Mails on which it is the mistaken one are named here, each with its reason.
"""

import logging
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import mailparser
import pytest

from maild.domain.message import Mail
from maild.mail.parse import parse

CORPUS = Path(__file__).parents[1] / "corpus"
UNREADABLE_TO_IT = {
    "charset-with-nul": "it raises ValueError",
    "two-authors": "it takes the Kelvin sign of an address for the letter k",
    "header-with-foreign-line": "it takes the line without a colon for the end of the header",
}
MISREAD_NAMES = {
    "gb2312-label-gbk-text": "GBK characters under a gb2312 label",
    "name-rfc2231-gbk": "GBK characters under a gb2312 label",
    "raw-gbk-headers": "GBK without any label",
    "name-with-folders": "it leaves folders and control characters in the name",
}
MAILS = sorted(path for path in CORPUS.rglob("*.eml") if b"{{" not in path.read_bytes())
"""All but the mails of conversations whose addresses are filled in when they are sent."""


@cache
def both(path: Path) -> tuple[Mail, Any]:
    """The mail as we read it, and as mail-parser does."""
    raw = path.read_bytes()
    return parse(raw), mailparser.parse_from_bytes(raw)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """It logs an error for each part that it does not know."""
    logger = logging.getLogger("mailparser.core")
    logger.disabled = True
    yield
    logger.disabled = False


def _theirs(addresses: list[tuple[str, str]]) -> list[str]:
    return [address.lower() for _, address in addresses if "@" in address]


FIELDS: dict[str, tuple[Callable[[Mail], object], Callable[[Any], object]]] = {
    "from": (lambda o: [o.author.address] if o.author.address else [], lambda t: _theirs(t.from_)[:1]),
    "to": (lambda o: [a.address for a in o.to], lambda t: _theirs(t.to)),
    "cc": (lambda o: [a.address for a in o.cc], lambda t: _theirs(t.cc)),
    "reply-to": (lambda o: [a.address for a in o.reply_to], lambda t: _theirs(t.reply_to)),
    "date": (lambda o: o.date, lambda t: t.date),
    "message-id": (lambda o: o.message_id, lambda t: t.message_id),
}
"""Field: how to ask us, how to ask mail-parser."""


def test_there_is_something_to_compare() -> None:
    """The corpus has many mails, and the named exceptions are among them."""
    names = {path.stem for path in MAILS}

    assert len(MAILS) > 70
    assert names >= {*UNREADABLE_TO_IT, *MISREAD_NAMES}


@pytest.mark.parametrize("field", FIELDS)
def test_headers_are_read_alike(field: str) -> None:
    """Addresses, date and Message-ID are the same by both readers, in every mail that both can read."""
    ask_us, ask_them = FIELDS[field]
    read = {path.stem: both(path) for path in MAILS if path.stem not in UNREADABLE_TO_IT}

    different = {name: (ask_us(o), ask_them(t)) for name, (o, t) in read.items() if ask_us(o) != ask_them(t)}

    assert different == {}


def _clean() -> list[Path]:
    """Reports and odd mails are left out: mail-parser counts neither a returned message nor a part that is locked."""
    skipped = {*UNREADABLE_TO_IT, *MISREAD_NAMES}
    return [path for path in MAILS if path.stem not in skipped and both(path)[0].report is None
            and path.parent.name not in {"reports", "odd"}]  # fmt: skip


def test_attachments_are_counted_alike() -> None:
    """No attachment is lost or invented."""
    counts = {path.stem: (len(both(path)[0].attachments), len(both(path)[1].attachments)) for path in _clean()}

    assert {name: pair for name, pair in counts.items() if pair[0] != pair[1]} == {}
    assert sum(ours for ours, _ in counts.values()) > 5


def test_attachment_names_are_read_alike() -> None:
    """A name that stands in the mail is the same by both; where none stands there, mail-parser makes one up."""
    names = {
        path.stem: (
            {a.filename for a in both(path)[0].attachments} - {""},
            {a["filename"] for a in both(path)[1].attachments},
        )
        for path in _clean()
    }

    assert {name: pair for name, pair in names.items() if not pair[0] <= pair[1]} == {}


@pytest.mark.parametrize("name", MISREAD_NAMES)
def test_the_exceptions_are_still_exceptions(name: str) -> None:
    """mail-parser goes on reading these names otherwise; when it no longer does, the exception can go."""
    ours, theirs = both(next(path for path in MAILS if path.stem == name))

    assert {a.filename for a in ours.attachments} != {a["filename"] for a in theirs.attachments}
