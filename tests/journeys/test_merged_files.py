"""Files and letters of merged cases: numbers stay, and a new handler gets everything that was written (casework 5, 8)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.casework import COORDINATOR, MORNING, Casework
from tests.journeys.desk import Letter, open_desk
from tests.journeys.letters import of_kind, to
from tests.journeys.post import CUSTOMER, LETTER, mail

pytestmark = pytest.mark.slow
FIRST, SECOND = "GM-2026-000001", "GM-2026-000002"
QUALITY = "luo.jianping@corp.example"
MORE = "订单 88231 的第二个箱子也没有到，请一并答复。"


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """Two letters of one customer, half an hour apart: the first with one file, the second with two."""
    with open_desk(tmp_path) as desk:
        made = Casework(desk)
        desk.now = MORNING
        writes(made, "投诉：没有发货", LETTER, {"order.pdf": b"order"})
        writes(made, "投诉：第二箱没有到", MORE, {"box.jpg": b"box", "label.jpg": b"label"})
        yield made


def writes(work: Casework, subject: str, text: str, files: dict[str, bytes], **fields: str) -> list[Letter]:
    """The customer's next letter."""
    work.desk.now += timedelta(minutes=30)
    date = work.desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800")
    letters = work.desk.receive(mail(subject, text, date=date, files=files, **fields))
    work.letters += letters
    return letters


def names(letter: Letter) -> list[str]:
    """The names of the files that a letter carries."""
    return [name for part in letter.message.walk() if (name := part.get_filename())]


def merged(work: Casework, number: str, into: str) -> Letter:
    """The echo of the merger, given in answer to the notice of the case that ends."""
    notice = next(x for x in work.got(COORDINATOR, "manager.notice") if number in x.subject)
    work.letters.append(notice)
    return of_kind(work.says(COORDINATOR, f"合并到 {into}", answering="manager.notice"), "staff.echo")[0]


def fetched(work: Casework, n: int) -> list[str]:
    """What 附件 N brings to the coordinator."""
    return [name for x in work.says(COORDINATOR, f"附件 {n}", answering="staff.echo") for name in names(x)]


def test_a_merger_renumbers_no_file(work: Casework) -> None:
    """The older letter goes into the newer case: its file stands behind the two that have their numbers, as the echo says."""
    echo = merged(work, FIRST, SECOND)

    assert "附件 3" in echo.text
    assert "编号不变" in echo.text
    assert [["box.jpg"], ["label.jpg"], ["order.pdf"]] == [fetched(work, n) for n in (1, 2, 3)]


def test_files_that_come_later_are_numbered_on(work: Casework) -> None:
    """What the customer sends after the merger stands behind all that was there."""
    merged(work, SECOND, FIRST)
    writes(work, f"Re: 投诉 [{FIRST}]", "补充一张照片。", {"late.jpg": b"late"}, In_Reply_To=_acknowledged(work))

    assert ["order.pdf", "box.jpg", "label.jpg", "late.jpg"] == [
        name for n in (1, 2, 3, 4) for name in fetched(work, n)
    ]


def _acknowledged(work: Casework) -> str:
    return str(next(x for x in to(work.letters, CUSTOMER) if FIRST in x.subject).message["Message-ID"])


def test_a_new_handler_gets_every_letter(work: Casework) -> None:
    """转 after a merger brings both letters with their files, each with the number that fetches it."""
    merged(work, SECOND, FIRST)

    letters = work.says(COORDINATOR, "转质量部", answering="staff.echo")

    assigned = of_kind(to(letters, QUALITY), "handler.assignment")[0]
    assert "88231" in assigned.text
    assert "第二个箱子也没有到" in assigned.text
    assert "其他来信（1/1）" in assigned.text
    assert ["order.pdf", "box.jpg", "label.jpg"] == names(assigned)
    assert all(f"{n}. {name}" in assigned.text for n, name in enumerate(["order.pdf", "box.jpg", "label.jpg"], 1))


def test_nobody_inside_reads_the_requesters_key(work: Casework) -> None:
    """A subject that came back with its key, and a quoted one, reach the handler without it: the case number stays."""
    key = next(x for x in to(work.letters, CUSTOMER) if FIRST in x.subject).token
    assert key.startswith(FIRST)
    writes(work, f"Re: 来信受理回执 [{key}]", f"还是没有。\n\n> 主题：来信受理回执 [{key}]", {})

    letters = work.says(COORDINATOR, "转质量部", answering="manager.notice")

    told = [x for x in work.letters if x.to != CUSTOMER]
    assert any(f"来信受理回执 [{FIRST}]" in x.text for x in told)
    assert not [x.kind for x in [*told, *letters] if key in x.text]


def test_what_does_not_fit_is_listed(tmp_path: Path) -> None:
    """Files of all letters go along up to 10 MB together; the rest is named with the word that fetches it."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        desk.now = MORNING
        writes(work, "投诉：没有发货", LETTER, {"one.bin": bytes(6 << 20)})
        writes(work, "投诉：第二箱没有到", MORE, {"two.bin": bytes(6 << 20), "three.bin": b"3"})
        merged(work, SECOND, FIRST)

        letters = work.says(COORDINATOR, "转质量部", answering="staff.echo")

        assigned = of_kind(to(letters, QUALITY), "handler.assignment")[0]
        assert ["one.bin", "three.bin"] == names(assigned)
        assert "附件 2" in assigned.text
