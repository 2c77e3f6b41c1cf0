"""How the files of a case are put into mails."""

import pytest

from maild.domain.message import Attachment
from maild.workflow.deeds.attachment import parcels
from maild.workflow.filed import CaseFile, is_meant

MB = 1 << 20


def files(*sizes: int) -> list[CaseFile]:
    """Files of these sizes, numbered from 1."""
    return [
        CaseFile(number=n, mail="m", file=Attachment(filename=f"{n}.bin", content_type="x/y", size=size, sha256=str(n)))
        for n, size in enumerate(sizes, start=1)
    ]


def numbers(sizes: list[int]) -> list[list[int]]:
    """Which numbers travel together."""
    return [[one.number for one in own] for own in parcels(files(*sizes))]


def test_files_travel_together_up_to_ten_megabytes() -> None:
    """In their order, and no mail holds more; exactly ten megabytes still fit."""
    assert [[1, 2], [3, 4], [5]] == numbers([6 * MB, 4 * MB, 9 * MB, MB, 1])


def test_a_file_too_large_for_company_goes_alone() -> None:
    """What is above ten megabytes by itself has a mail of its own, and nothing is left out."""
    assert [[1], [2], [3, 4]] == numbers([MB, 30 * MB, MB, 2 * MB])


def test_nothing_makes_no_mail() -> None:
    """No file, no mail."""
    assert [] == parcels([])


@pytest.mark.parametrize(
    ("name", "size", "meant"),
    [
        ("image0.jpeg", 2 * MB, True), ("IMG_2031.HEIC", 2 * MB, True), ("image0.jpeg", 9000, False),
        ("image001.png", 2 * MB, False), ("logo.png", 2 * MB, False), ("运单.pdf", 10, True), ("Fwd.eml", 10, False),
    ],
)  # fmt: skip
def test_what_a_colleague_attached_on_purpose(name: str, size: int, *, meant: bool) -> None:
    """A telephone's photo is meant; a logo, a pasted picture and a whole mail are not."""
    assert meant == is_meant(Attachment(filename=name, content_type="image/jpeg", size=size, sha256="x"))
