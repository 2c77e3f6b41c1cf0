"""What people send instead of text: the coordinator and handler see what it is, and the writer is asked for words."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.journeys.desk import TestDesk, open_desk
from tests.journeys.letters import of_kind, whole
from tests.journeys.post import LETTER, mail

MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
"""Tuesday 09:30 in the office."""
CORPUS = Path(__file__).parents[1] / "corpus" / "odd"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestDesk]:
    """An installation of the shipped pack, its acknowledgements not held back by earlier ones."""
    with open_desk(tmp_path_factory.mktemp("odd")) as opened:
        opened.now = MORNING
        opened.one_pass()
        yield opened


def arrives(desk: TestDesk, name: str) -> tuple[str, str]:
    """The acknowledgement and the coordinator's or handler's letter about a corpus mail from a writer of its own."""
    raw = (CORPUS / f"{name}.eml").read_bytes().replace(b"zhao.lei@", name.encode() + b"@")
    letters = desk.receive(raw)
    asked = of_kind(letters, "requester.acknowledgement")
    inside = of_kind(letters, "manager.notice") + of_kind(letters, "handler.assignment")
    return (asked[0].text if asked else ""), max((whole(one) for one in inside), key=len, default="")


@pytest.mark.parametrize(("name", "remark"), [("smime-enveloped", "S/MIME"), ("pgp-mime", "PGP"), ("rpmsg", "RMS")])
def test_an_encrypted_mail_is_for_the_coordinator_and_asked_for_readable(
    desk: TestDesk, name: str, remark: str
) -> None:
    """What nobody can read is unclassified, says so, and its writer is asked to send it unprotected."""
    ack, inside = arrives(desk, name)

    assert "未加密" in ack or "unprotected" in ack
    assert f"来信经 {remark} 加密" in inside or f"权限保护（{remark}）" in inside
    assert "待分办" in inside or "未分类" in inside or "分办" in inside


def test_a_picture_without_words_is_asked_for_words(desk: TestDesk) -> None:
    """A scan alone is said to be one, and its writer is asked for a line of text."""
    ack, inside = arrives(desk, "picture-only")

    assert "来信没有文字说明" in ack
    assert "来信只有图片，没有文字" in inside


def test_a_file_behind_a_link_is_listed_and_asked_for(desk: TestDesk) -> None:
    """The handler sees name, place, size and last day of a linked file; the writer is asked for the file, unnamed."""
    ack, inside = arrives(desk, "linked-qq")

    assert "请将文件作为普通附件随回信发来" in ack
    assert "现场视频" not in ack
    assert "现场视频.mp4（wx.mail.qq.com），1.25G，有效期至2026年12月24日 15:30" in inside


def test_the_files_of_a_winmail_are_passed_on(desk: TestDesk) -> None:
    """The handler gets what lay in a winmail.dat, not the package."""
    raw = (CORPUS / "winmail.eml").read_bytes().replace(b"zhao.lei@", b"winmail@")
    letters = desk.receive(raw)

    names = [part.get_filename() for one in letters for part in one.message.walk() if part.get_filename()]
    shown = [one for one in letters if "质检报告.pdf" in whole(one)]
    assert shown
    assert "winmail.dat" not in names


def test_an_invitation_is_shown(desk: TestDesk) -> None:
    """Whoever gets an invitation reads what, when and where without opening it."""
    _, inside = arrives(desk, "invitation")

    assert "设备故障现场会, 请带记录" in inside
    assert "2026-12-01 14:00" in inside
    assert "二号楼 301 会议室" in inside


def test_a_dangerous_name_is_marked(desk: TestDesk) -> None:
    """A program behind a harmless name is marked where it is listed, and a nameless part is called so."""
    _, inside = arrives(desk, "dangerous-names")

    assert "发票.pdf.exe〔可执行文件或含宏，请勿直接打开〕" in inside
    assert "\u202e" not in inside
    assert "（无文件名）" in inside


def test_a_letter_in_an_attachment_is_judged_and_shown(desk: TestDesk) -> None:
    """A mail that says 见附件 gets the type of its attachment's text, and the handler reads that text as such."""
    raw = mail("投诉", "见附件", sender="qian@mail-a.example", files={"投诉信.txt": LETTER.encode()})
    letters = desk.receive(raw)

    inside = [one for one in letters if "摘自附件：投诉信.txt" in one.text]
    assert inside
    assert all("空气炸锅一直没有发货" in one.text for one in inside)
    assert [c["type"] for c in desk.cases() if "qian@" in str(c["requester"])] == ["customer-complaint"]
