"""Two mailboxes of two brands in one installation never mix ([mailbox.identity], interfaces.md)."""

import asyncio
import struct
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.utils import parseaddr
from pathlib import Path

import pytest

from maild.adapters.housecheck import HouseCheck
from maild.assembly import read_house
from maild.config import load
from maild.errors import Misconfigured
from maild.post import open_post, renew
from maild.speaking import Speaker
from maild.workflow.selfwatch import Report
from tests.journeys.desk import Letter, TestDesk, open_desk
from tests.journeys.letters import of_kind
from tests.journeys.post import CUSTOMER, mail

NORD = "nord@corp.example"
MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
BOX = """
[mailbox.identity]
name = "北岸家居"
phone = "+86 400 000 1111"
signature = "北岸家居客户关系部"
logo = "nord.png"
templates = "brands/nord"
case_prefix = "NO"
"""


def png(width: int = 160, height: int = 40) -> bytes:
    """A blue picture."""
    rows = b"".join(b"\0" + b"\x1f\x5f\xa8" * width for _ in range(height))

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """The office's mailbox beside one of another brand."""
    with open_desk(tmp_path, people=[NORD]) as opened:
        config = tmp_path / "maild.toml"
        text = config.read_text("utf-8")
        second = text[text.index("[[mailbox]]") :].replace("gm@corp.example", NORD)
        config.write_text(text + second + BOX, "utf-8")
        (tmp_path / "nord.png").write_bytes(png())
        (tmp_path / "brands" / "nord").mkdir(parents=True)
        words = "letters:\n  common:\n    greeting: 北岸家居的朋友，您好：\n"
        (tmp_path / "brands" / "nord" / "zh.yaml").write_text(words, "utf-8")
        opened.now = MORNING
        yield opened


def acknowledged(desk: TestDesk, box: str) -> Letter:
    """What a customer is told who wrote to this mailbox."""
    raw = mail(to=box, sender=f"{box.partition('@')[0]}-{CUSTOMER}", Message_ID=f"<1.{box}>")
    desk.servers.deliver(raw, box)
    (letter,) = of_kind(desk.one_pass(), "requester.acknowledgement")
    return letter


def html_of(letter: Letter) -> str:
    """The HTML of a letter."""
    parts = [part for part in letter.message.walk() if part.get_content_type() == "text/html"]
    payload = parts[0].get_payload(decode=True)
    return payload.decode() if isinstance(payload, bytes) else ""


def test_a_brand_shows_its_own_face(desk: TestDesk) -> None:
    """Name, words, number and logo are the brand's; the logo goes along, with a text for readers without pictures."""
    letter = acknowledged(desk, NORD)

    assert "北岸家居的朋友" in letter.text
    assert "NO-2026-" in letter.subject
    assert "北岸家居客户关系部" in letter.text
    (shown,) = [part for part in letter.message.walk() if part.get_content_type() == "image/png"]
    assert shown.get_payload(decode=True) == png()
    cid = str(shown["Content-ID"]).strip("<>")
    html = html_of(letter)
    assert f'src="cid:{cid}"' in html
    assert 'alt="北岸家居"' in html
    assert "http://" not in html
    kinds = [part.get_content_type() for part in letter.message.walk() if part.is_multipart()]
    assert kinds == ["multipart/alternative", "multipart/related"]


def test_the_other_brand_shows_nothing_of_it(desk: TestDesk) -> None:
    """The office's own mailbox has neither the words nor the picture nor the numbers."""
    acknowledged(desk, NORD)
    letter = acknowledged(desk, "gm@corp.example")

    whole = letter.raw.decode("utf-8", "replace") + letter.text + html_of(letter)
    assert "北岸" not in whole
    assert "image/png" not in whole
    assert "GM-2026-" in letter.subject


def test_letters_inside_carry_no_picture(desk: TestDesk) -> None:
    """The logo is for those outside; what colleagues get stays small."""
    desk.servers.deliver(mail(to=NORD), NORD)
    (assignment,) = of_kind(desk.one_pass(), "handler.assignment")
    assert b"image/png" not in assignment.raw


def test_rules_read_again_leave_a_brand_its_face(desk: TestDesk) -> None:
    """After a reload every loop of the mailbox still writes with the brand's words and logo."""
    workshop = desk.workshop()
    (box,) = [one for one in workshop.settings.mailbox if one.address == NORD]
    post = open_post(workshop, box, lambda _box: None)
    renew(post, workshop, lambda: None)

    for scribe in (post.ticker.scribe, post.courier.settler.scribe):
        assert scribe.logo is not None
        assert scribe.templates is workshop.house.brands[NORD][0]


def test_a_brand_speaks_of_itself_as_itself(desk: TestDesk) -> None:
    """A letter about the mailbox's own trouble has its name and signature, as its other letters do."""
    speaker = Speaker(desk.workshop(), posts=(), holds=lambda _box: True, stopping=asyncio.Event(), wake=lambda: None)

    told = speaker.watch.look([Report(kind="login-failed", subject=NORD, wrong=True)], desk.now)
    (letter,) = of_kind(desk.one_pass(), "manager.trouble")

    assert told == 1
    assert "北岸家居" == parseaddr(str(make_header(decode_header(letter.message["From"]))))[0]
    assert "北岸家居客户关系部" in letter.text


@pytest.mark.parametrize(
    ("content", "mend"),
    [(b"GIF", "PNG, JPEG or GIF"), (png() + bytes(100 * 1024), "smaller than 100 KB"), (None, "cannot be read")],
)
def test_a_logo_that_cannot_be_sent_is_told_before_the_first_mail(
    desk: TestDesk, content: bytes | None, mend: str
) -> None:
    """The start refuses it with the file and the mend, and so does the doctor."""
    logo = desk.folder / "nord.png"
    logo.unlink() if content is None else logo.write_bytes(content)
    settings = load(desk.folder / "maild.toml", desk.environ)

    with pytest.raises(Misconfigured, match=mend):
        read_house(settings)
    said = [str(one) for one in HouseCheck(settings, MORNING.date()).findings()]
    assert any(mend in one for one in said)


def test_a_brands_folder_that_is_missing_is_told(desk: TestDesk) -> None:
    """A wrong path is no silent fall-back to the office's words."""
    config = desk.folder / "maild.toml"
    config.write_text(config.read_text("utf-8").replace("brands/nord", "brands/sud"), "utf-8")
    with pytest.raises(Misconfigured, match="brands/sud: there is no such folder"):
        read_house(load(config, desk.environ))
