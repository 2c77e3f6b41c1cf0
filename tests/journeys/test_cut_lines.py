"""The connection breaks at any command of a pass: nothing is lost, nothing doubled that was not in doubt (quality.md)."""

import pytest

from tests.cutpoints import played
from tests.dovecot import Dovecot

BOTH_WAYS = pytest.mark.parametrize("reaches", [False, True], ids=["unheard", "answer-lost"])
EVERY = 5
"""A sample: one command of so many; `python -m tests.cutpoints` cuts at each."""


@pytest.mark.slow
@BOTH_WAYS
@pytest.mark.parametrize("which", ["imap", "smtp"])
def test_a_line_cut_at_a_command_loses_and_doubles_nothing(which: str, *, reaches: bool) -> None:
    """Each mail is one case; a letter leaves twice only where the answer to its data was lost, and lies in Sent once."""
    swept = played("sqlite", which, None, reaches=reaches, places=slice(reaches, None, EVERY))

    assert () == swept.broken
    assert swept.places >= swept.harmed >= swept.places - 1 > 0


@pytest.mark.slow
@pytest.mark.dovecot
@BOTH_WAYS
def test_a_line_to_a_real_server_cut_at_a_command_loses_and_doubles_nothing(dovecot: Dovecot, *, reaches: bool) -> None:
    """On Dovecot too."""
    swept = played("sqlite", "dovecot", dovecot, reaches=reaches, places=slice(2 + reaches, None, EVERY))

    assert () == swept.broken
    assert swept.places >= swept.harmed >= swept.places - 1 > 0


def test_a_letter_whose_answer_was_lost_is_sent_once_more() -> None:
    """The sweep itself sees a repeated letter: at the data of the first letter the answer is lost, and it comes again."""
    swept = played("sqlite", "smtp", None, reaches=True, places=slice(None, 8))

    assert (1, ()) == (swept.lost, swept.broken)
