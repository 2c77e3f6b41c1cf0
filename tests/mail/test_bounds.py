"""Mail bombs: past the bounds quarantine knows it, and parsing answers all the same."""

import pytest

from maild.errors import Unparsable
from maild.mail import bounds
from maild.mail.addresses import addresses
from maild.mail.parse import parse, parse_anyway, parse_bounded

HEAD = b"From: Li Min <li@mail-a.example>\r\nSubject: bomb\r\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
PART = b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"


def nested(levels: int) -> bytes:
    """That many multiparts, each inside the one before."""
    inside = (b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(levels))
    return HEAD + b"".join(inside) + b"\r\nwords"


BOMBS = {
    "parts": MIXED + PART * 10_000 + b"--b--",
    "levels": nested(1000),
    "messages": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 2000,
    "header": HEAD + b"X-Large: " + b"y" * (1 << 20) + b"\r\n\r\nwords",
    "fields": HEAD + b"X: y\r\n" * 50_000 + b"\r\nwords",
    "parameters": HEAD + b'Content-Type: text/plain; x="' + b";" * 200_000 + b"\r\n\r\nwords",
    "addresses": HEAD + b"To: " + b"a@x.example, " * 50_000 + b"\r\n\r\nwords",
    "part headers": MIXED + (b"--b\r\nContent-Type: text/plain; " + b"a" * 8000 + b"\r\n\r\nx\r\n") * 900,
}


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_is_known(name: str) -> None:
    """A mail past the bounds is not read."""
    with pytest.raises(Unparsable):
        parse(BOMBS[name])


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_is_answered(name: str) -> None:
    """What its beginning says is told all the same, with the reason."""
    mail = parse_anyway(BOMBS[name])

    assert (mail.author.address, mail.subject) == ("li@mail-a.example", "bomb")
    assert mail.defects


def test_too_large_a_mail_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The size is looked at before anything else."""
    monkeypatch.setattr(bounds, "TOTAL", 100)

    with pytest.raises(Unparsable, match="more than"):
        parse(HEAD + b"\r\n" + b"x" * 100)


@pytest.mark.parametrize("raw", [nested(40), MIXED + PART * 900 + b"--b--"])
def test_large_but_honest_mail_is_read(raw: bytes) -> None:
    """Many levels and many parts below the bounds are no bomb."""
    assert parse(raw).text


@pytest.mark.parametrize("unit", ["(", "()", '"', '\\"', "<", '<"', "a@", "=?a?q?", "a", ":", ",", "=?", " ", "\\"])
def test_thousands_of_one_sign_in_an_address_field(unit: str) -> None:
    """An address field of thousands of brackets, quotation marks or words is read in one go."""
    found, _ = addresses(unit * 20_000 + " li@mail-a.example")

    assert len(found) <= bounds.ADDRESSES


@pytest.mark.parametrize(
    "page", ["<", "<a '", '<a x="', "<!--", "<div>", "</p>", "&", "&amp;", "<td>", "<pre>\n", "<![", "<blockquote>"]
)
def test_thousands_of_one_tag_in_a_page(page: str) -> None:
    """A page of thousands of open tags, comments or quotation marks is read in one go."""
    raw = HEAD + b"Content-Type: text/html\r\n\r\n" + page.encode() * 20_000

    assert parse(raw).subject == "bomb"


def test_text_is_bounded() -> None:
    """More text than anybody reads stays in the archive."""
    assert len(parse(HEAD + b"\r\n" + b"word " * (bounds.TEXT // 2)).text) <= bounds.TEXT


def test_bounded_reading_never_raises() -> None:
    """Whatever the bytes are, the bounded reading answers and says why it was used."""
    for raw in (b"", b"\0" * 5000, b":" * 5000, b"\r\n" * 5000, bytes(range(256)) * 50):
        assert "because" in parse_bounded(raw, "because").defects
