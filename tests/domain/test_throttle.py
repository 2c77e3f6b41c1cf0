"""Refusals that mean "too fast" or "too large"."""

from datetime import timedelta

import pytest

from maild.domain.throttle import pause_after, too_crowded, too_large

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SAID = [
    (450, "Requested mail action not taken: MI:SFQ 163 smtp8,too many mails in 15 minutes", MINUTE),
    (451, "MI:DMC 163 smtp10, D8CowAB3", MINUTE),
    (421, "HL:IFC 163 smtp2, too many mails from this IP", MINUTE),
    (450, "Connection frequency limited. Please try later. QQ", MINUTE),
    (550, "Daily user sending limit exceeded", HOUR),
    (432, "4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending", None),
    (554, "5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException", HOUR),
    (550, "5.4.5 Daily user sending limit exceeded. For more information on Gmail", HOUR),
    (454, "Transient reject by behaviour spam ANTISPAM_BAT[01201311R]: too frequently sending", HOUR),
    (451, "4.7.500 Server busy. Please try again later, throttled", MINUTE),
    (450, "4.2.0 greylisted, please try again in 300 seconds", None),
    (452, "4.2.2 mailbox full, quota exceeded", None),
    (552, "5.2.2 mailbox full: user quota exceeded", None),
    (550, "5.1.1 no such user", None),
    (552, "user quota exceeded", None),
    (550, "5.7.1 message rejected, too many links in it", None),
    (250, "2.0.0 OK", None),
    (0, "the connection was lost, too many times", None),
]


@pytest.mark.parametrize(("code", "text", "pause"), SAID, ids=[f"{code} {text[:30]}" for code, text, _ in SAID])
def test_a_provider_that_finds_us_too_fast_is_understood(code: int, text: str, pause: timedelta | None) -> None:
    """What QQ, NetEase, Microsoft, Google and Alibaba say of speed slows the account down; other refusals do not."""
    assert pause_after(code, text, 0) == pause


def test_a_server_that_stays_strict_is_left_alone_longer() -> None:
    """A minute doubling to an hour."""
    pauses = [pause_after(450, "too frequent", before) for before in range(9)]

    assert pauses == [timedelta(minutes=min(60, 2**n)) for n in range(9)]


@pytest.mark.parametrize(
    ("code", "text", "large"),
    [
        (552, "5.3.4 message size exceeds fixed limit", True),
        (552, "message is too long", True),
        (550, "5.2.3 Your message exceeded Google's message size limits", True),
        (554, "5.3.4 too big", True),
        (452, "4.3.1 insufficient storage", False),
        (550, "5.1.1 no such user", False),
    ],
)
def test_a_mail_that_is_too_large_is_understood(code: int, text: str, large: bool) -> None:
    """552, and the enhanced codes that say the same under another number."""
    assert too_large(code, text) is large


@pytest.mark.parametrize(
    ("code", "text", "crowded"),
    [
        (432, "4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending", True),
        (421, "4.7.0 mx.corp.example Error: too many connections from 192.0.2.1", True),
        (421, "HL:ICC 163 smtp9", True),
        (450, "too many mails", False),
        (554, "too many connections", False),
    ],
)
def test_too_many_connections_are_told_from_too_many_mails(code: int, text: str, crowded: bool) -> None:
    """What one connection less would mend pauses nothing."""
    assert too_crowded(code, text) is crowded
