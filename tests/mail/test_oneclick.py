"""One-click replies: links that every mail client reads alike."""

from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from maild.mail.oneclick import mailto


def test_a_link_is_percent_encoded_utf8() -> None:
    """A space is %20 and never +, a line break %0D%0A (RFC 6068)."""
    link = mailto("gm@corp.example", "Re: a b [GM-2026-000142-7KQ2M9XW]", "转 物流部\n1+1&2")

    assert link == (
        "mailto:gm@corp.example?subject=Re%3A%20a%20b%20%5BGM-2026-000142-7KQ2M9XW%5D"
        "&body=%E8%BD%AC%20%E7%89%A9%E6%B5%81%E9%83%A8%0D%0A1%2B1%262"
    )


def test_an_address_cannot_add_fields() -> None:
    """What separates fields is encoded in the address."""
    assert mailto("a?bcc=x&y@corp.example", "", "").startswith("mailto:a%3Fbcc%3Dx%26y@corp.example?subject=&body=")


LINE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]))


@given(LINE, st.lists(LINE).map("\n".join))
def test_what_was_written_is_what_is_read(subject: str, body: str) -> None:
    """Subject and body come out of a link as they went in."""
    link = mailto("gm@corp.example", subject, body)

    fields = parse_qs(urlsplit(link).query, keep_blank_values=True)

    assert "+" not in link
    assert fields["subject"] == [subject]
    assert fields["body"] == ["\r\n".join(body.splitlines())]


def test_half_a_character_breaks_nothing() -> None:
    """A lone surrogate of a damaged mail becomes a question mark."""
    assert mailto("gm@corp.example", "\ud800", "").endswith("subject=%3F&body=")
