"""A mail is read by a process of its own, which it may end (casework 1)."""

from pathlib import Path

import pytest

from maild.adapters.readapart import Bounds, can_be_read
from tests.journeys.post import mail, poison


@pytest.mark.parametrize("raw", [mail(files={"发票.pdf": b"%PDF-1.4 " + bytes(9000)}), poison(), b"", b"\xff\n" * 99])
def test_what_does_no_harm_can_be_read(raw: bytes) -> None:
    """A mail is cleared when the process comes to its end, also one that is past the bounds and goes to quarantine."""
    assert can_be_read(raw, None)


def test_a_mail_that_takes_all_memory_cannot_be_read() -> None:
    """What needs more memory than the bound ends its own process, and no other."""
    large = mail(text="投诉" * 40, files={f"{n}.bin": bytes(4 << 20) for n in range(8)})

    assert can_be_read(large, None)
    assert not can_be_read(large, None, Bounds(memory=64 << 20))


def test_a_mail_without_end_cannot_be_read() -> None:
    """Where the time is over the answer is no."""
    assert not can_be_read(mail(), None, Bounds(seconds=0))


def test_marks_that_are_wrong_just_now_condemn_no_mail(tmp_path: Path) -> None:
    """Rules that somebody is writing are no fault of the mail's."""
    (tmp_path / "banners.yaml").write_text("banners: ['(a+)+b'", "utf-8")

    assert can_be_read(mail(), tmp_path)
