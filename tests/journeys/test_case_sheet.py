"""处理单: the case on paper, and the photo of it that comes back with a written instruction (casework 7)."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
from pypdf import PdfReader

from maild.cli.main import main
from maild.workflow.pressed import NO_PRESS
from tests.journeys.casework import COORDINATOR, HANDLER, Casework
from tests.journeys.desk import Letter, open_desk
from tests.journeys.letters import of_kind, to
from tests.journeys.post import CUSTOMER
from tests.journeys.test_attachments import files_of

pytestmark = pytest.mark.slow
PHOTO = b"\xff\xd8\xff" + b"photo" * 20_000


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """A complaint that logistics has taken and noted something of."""
    with open_desk(tmp_path) as desk:
        made = Casework(desk)
        made.open()
        made.says(HANDLER, "收到", answering="handler.assignment")
        made.says(HANDLER, "备注：面单在分拨中心破损，已找到。", answering="handler.assignment")
        yield made


def paper(letter: Letter) -> tuple[str, str]:
    """The name of the attached PDF and what it says; it is one page."""
    ((name, content),) = files_of(letter).items()
    reader = PdfReader(io.BytesIO(content))
    assert 1 == len(reader.pages)
    return name, reader.pages[0].extract_text()


def test_a_word_brings_the_sheet(work: Casework) -> None:
    """处理单 is answered with one page that tells the case to who may see it; the case stands as before."""
    before = work.state, sorted(work.clocks)
    letters = work.says(COORDINATOR, "处理单", answering="manager.notice")

    assert [("staff.sheet", COORDINATOR)] == [(x.kind, x.to) for x in letters]
    name, text = paper(letters[0])
    assert name == "事项处理单 GM-2026-000001.pdf"
    for words in (
        "GM-2026-000001",
        "客户投诉",
        "物流部",
        "何志强",
        CUSTOMER,
        work.case["summary"][:12],
        "转办",
        "接办",
        "面单在分拨中心破损",
        "批示",
    ):
        assert words in text, words
    assert before == (work.state, sorted(work.clocks))


def test_english_words_do_the_same(work: Casework) -> None:
    """Print the case: the sheet comes in its reader's language."""
    assert ["staff.sheet"] == [x.kind for x in work.says(COORDINATOR, "print the case", answering="manager.notice")]


def test_the_photo_comes_back_as_an_instruction(work: Casework) -> None:
    """批示 with the photo: the handler gets words and photo, and the photo is fetched later by its number."""
    work.says(COORDINATOR, "处理单", answering="manager.notice")

    letters = work.says(
        COORDINATOR, "批示：同意退款，周五前办结。", answering="staff.sheet", files={"image0.jpeg": PHOTO}
    )

    instruction = to(of_kind(letters, "handler.instruction"), HANDLER)[0]
    assert {"image0.jpeg": PHOTO} == files_of(instruction)
    assert "同意退款" in instruction.text
    assert "image0.jpeg" in instruction.text
    assert {"image0.jpeg": PHOTO} == files_of(work.says(HANDLER, "附件 1", answering="handler.instruction")[0])


def test_a_photo_alone_is_an_instruction_too(work: Casework) -> None:
    """Who writes nothing but 批示 and attaches the photo has said it on paper."""
    letters = work.says(COORDINATOR, "批示：", answering="manager.notice", files={"批示.jpg": PHOTO})

    assert {"批示.jpg": PHOTO} == files_of(to(of_kind(letters, "handler.instruction"), HANDLER)[0])


def test_who_may_not_read_the_letter_finds_none_of_it_on_paper(tmp_path: Path) -> None:
    """HR and GM office get the sheet of a staff complaint under an alias; who wrote stands on no paper."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        text = "我要投诉车间主任王强克扣加班费，三个月的加班工资没有发，请查处。"
        work.start("投诉克扣加班费", text, sender="liu.fang@corp.example")
        handler = str(work.case["handler"])

        told = work.says(COORDINATOR, "处理单") if work.got(COORDINATOR) else []
        own = of_kind(work.says(handler, "处理单"), "staff.sheet")

        assert "加班" in paper(own[0])[1]
        assert {letter.to for letter in of_kind(told, "staff.sheet")} <= {COORDINATOR}
        for letter in (*own, *of_kind(told, "staff.sheet")):
            assert "liu.fang" not in paper(letter)[1]
            assert "来信人-" in paper(letter)[1]


def test_the_command_line_prints_it(work: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    """`maild case print NUMBER --out FILE` writes the page; a number that is not there is told."""
    for name, value in work.desk.environ.items():
        monkeypatch.setenv(name, value)
    out, config = work.desk.folder / "sheet.pdf", str(work.desk.folder / "maild.toml")

    assert 0 == main(["case", "print", "GM-2026-000001", "--out", str(out), "-c", config])
    assert "面单在分拨中心破损" in PdfReader(out).pages[0].extract_text()
    assert 0 == main(["case", "print", "GM-2026-000001", "--out", str(out), "-c", config, "--language", "en"])
    assert "Case sheet" in PdfReader(out).pages[0].extract_text()
    assert 1 == main(["case", "print", "GM-2026-009999", "--out", str(out), "-c", config])


def test_people_read_the_offices_time(
    work: Casework, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`case list` and `show` print the office's clock and keep names and values apart; --json stays ISO 8601."""
    for name, value in work.desk.environ.items():
        monkeypatch.setenv(name, value)
    config = str(work.desk.folder / "maild.toml")

    main(["case", "show", "GM-2026-000001", "-c", config])
    page = capsys.readouterr().out
    main(["case", "list", "-c", config])
    line = capsys.readouterr().out
    main(["case", "show", "GM-2026-000001", "--json", "-c", config])

    assert "received        2026-11-24 08:59" in page
    assert "customer_kind   " in page
    assert "2026-11-27 18:00" in line or "2026-11-24 " in line
    assert "+00:00" not in page + line
    assert re.search(r'"received": "2026-11-24T\d\d:\d\d:\d\d', capsys.readouterr().out)


def test_without_the_library_the_answer_says_so(work: Casework) -> None:
    """The mail explains what is missing, and nothing breaks."""
    workshop = work.desk.workshop()
    plain = workshop.scribe

    with patch.object(workshop, "scribe", lambda box=None: replace(plain(box), press=NO_PRESS)):
        letters = work.says(COORDINATOR, "处理单", answering="manager.notice")

    assert {} == files_of(letters[0])
    assert "maild[print]" in letters[0].text
