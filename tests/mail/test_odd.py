"""Mails that bring something else than text: links to files, winmail.dat, encrypted parts, pictures, invitations."""

import random
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.domain.message import LinkedFile, Locked, Mail, Wordless
from maild.mail.calendars import cards, invitations
from maild.mail.cms import signed_content
from maild.mail.contract import as_json
from maild.mail.linkedfiles import linked_files, service
from maild.mail.parse import attachment_bytes, parse
from maild.mail.tnef import unpacked

CORPUS = Path(__file__).parents[1] / "corpus" / "odd"


def raw(name: str) -> bytes:
    """The corpus mail of that trait."""
    return (CORPUS / f"{name}.eml").read_bytes()


def odd(name: str) -> Mail:
    """The same, read."""
    return parse(raw(name))


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("linked-qq", [("现场视频.mp4", "wx.mail.qq.com", "1.25G", "2026年12月24日 15:30"),
                       ("检测报告 终稿.pdf", "wx.mail.qq.com", "58.31M", "2026年12月24日 15:31")]),
        ("linked-163-html", [("合同扫描.zip", "mail.163.com", "256.3M", "2026年12月10日 10:20")]),
        ("linked-exmail", [("图纸.rar", "exmail.qq.com", "3.1GB", "2026-12-20")]),
        ("linked-aliyun", [("监控录像.avi", "qiye.aliyun.com", "812.5MB", "2026-12-09 18:00")]),
        ("linked-onedrive", [("Complaint photos.zip", "corp-my.sharepoint.com", "", "")]),
        ("linked-google-drive", [("scene.mov", "drive.google.com", "", "")]),
        ("linked-dropbox", [("defects.pdf", "www.dropbox.com", "", "")]),
        ("linked-wedrive", [("", "drive.weixin.qq.com", "", "")]),
    ],
)  # fmt: skip
def test_a_linked_file_is_listed_with_what_the_mail_tells_of_it(name: str, files: list[tuple[str, ...]]) -> None:
    """Name, place, size and last day of a file behind a cloud link are read from the mail, each file once."""
    assert [(one.name, one.host, one.size, one.until) for one in odd(name).linked_files] == files


@pytest.mark.parametrize("url", [
    "https://www.corp.example/terms.pdf", "https://mail.qq.com/", "https://drive.google.com.evil.example/file/d/1",
    "https://www.dropbox.com/unsubscribe/s/", "https://aka.ms/LearnAboutSenderIdentification", "http://[bad",
])  # fmt: skip
def test_an_ordinary_link_is_no_file(url: str) -> None:
    """Only links of the services' own form count."""
    assert service(url) == ""
    assert linked_files(f"see {url}", f'<a href="{url}">x.pdf</a>') == ()


def test_parse_keeps_links_apart_from_attachments() -> None:
    """`maild parse --json` lists real parts as attachments and links under a key of their own."""
    said = as_json(odd("linked-163-html"), "x.eml")

    assert said["attachments"] == []
    assert said["linked_files"] == [
        {"filename": "合同扫描.zip", "host": "mail.163.com", "size": "256.3M", "until": "2026年12月10日 10:20"}
    ]


def test_winmail_is_unpacked() -> None:
    """The files in a winmail.dat stand in its place, can be fetched, and its text is the mail's where it has none."""
    mail = odd("winmail")

    assert [one.filename for one in mail.attachments] == ["winmail.dat"]
    assert [(one.filename, one.content_type, one.size) for one in mail.files] == [
        ("质检报告.pdf", "application/pdf", 9), ("a.txt", "application/octet-stream", 5)
    ]  # fmt: skip
    assert mail.fresh_text == "烤箱门关不严，请安排维修。"
    assert attachment_bytes(raw("winmail"), mail.files[0].sha256) == b"%PDF-1.4\n"


@pytest.mark.parametrize(
    ("name", "why"),
    [("smime-enveloped", Locked.SMIME), ("pgp-mime", Locked.PGP), ("pgp-inline", Locked.PGP), ("rpmsg", Locked.RMS),
     ("smime-signed", None), ("smime-opaque", None), ("pgp-attached-with-words", None)],
)  # fmt: skip
def test_an_encrypted_mail_is_known(name: str, why: Locked | None) -> None:
    """A mail that nobody here can read says why; one that is only signed, or has words beside, is read."""
    assert odd(name).locked is why


@pytest.mark.parametrize("name", ["smime-signed", "smime-opaque"])
def test_a_signed_mail_is_read(name: str) -> None:
    """Clear or opaque, the text of a signed mail is its text, and its attachments are its attachments."""
    mail = odd(name)

    assert mail.fresh_text == "订单 88231 没有发货，请退款。"
    assert "order.txt" in [one.filename for one in mail.attachments]


@pytest.mark.parametrize(
    ("name", "what"),
    [("picture-only", Wordless.PICTURE), ("picture-with-signature", Wordless.PICTURE), ("voice-only", Wordless.VOICE),
     ("logo-only", None), ("picture-with-words", None), ("logo-and-document", None)],
)  # fmt: skip
def test_a_mail_without_words_is_known(name: str, what: Wordless | None) -> None:
    """A scan or a recording without a line of text is told from a mail with words, and from a signature's logo."""
    assert odd(name).wordless is what


def test_an_invitation_is_readable() -> None:
    """Summary, time, place and organiser of an invitation are read, folded and escaped as they come."""
    (event,) = odd("invitation").invitations

    assert event.summary == "设备故障现场会, 请带记录"
    assert (event.starts, event.ends) == (
        "2026-12-01 14:00 (China Standard Time)",
        "2026-12-01 15:30 (China Standard Time)",
    )
    assert (event.place, event.organiser) == ("二号楼 301 会议室", "赵磊 <zhao.lei@mail-a.example>")
    assert not event.cancelled


def test_a_contact_is_readable() -> None:
    """A vcf file is read as a line a contact, quoted-printable too."""
    assert odd("contact").cards == ("赵磊 · 华东机电 · +86 13800000000 · zhao.lei@mail-a.example",)


def test_dangerous_names_are_made_plain() -> None:
    """Marks that turn the reading direction are gone from a name, and an empty or nameless part is kept."""
    mail = odd("dangerous-names")

    assert [(one.filename, one.size) for one in mail.attachments] == [
        ("报价fdp.exe", 4), ("发票.pdf.exe", 4), ("空.txt", 0), ("", 4)
    ]  # fmt: skip


SEEDS = [path.read_bytes() for path in sorted(CORPUS.glob("*.eml"))]


@settings(max_examples=150, deadline=4000)
@given(seed=st.integers(0, len(SEEDS) - 1), shuffle=st.integers(0, 2**32))
def test_damaged_odd_mails_are_still_read(seed: int, shuffle: int) -> None:
    """However such a mail is damaged, reading it ends soon and raises nothing."""
    assert parse(mutated(SEEDS[seed], shuffle)).sha256


@settings(max_examples=300, deadline=4000)
@given(shuffle=st.integers(0, 2**32))
def test_damaged_packages_are_still_read(shuffle: int) -> None:
    """A winmail.dat or a signed part with wrong bytes and lengths gives what it can, and raises nothing."""
    for name, part in (("winmail", 0), ("smime-opaque", 0)):
        data = package(name, part)
        damaged = mutated(data, shuffle)
        assert len(unpacked(damaged).files) <= 500
        assert len(signed_content(damaged) or b"") <= len(damaged)


@settings(max_examples=100, deadline=4000)
@given(text=st.text(alphabet='BEGIN:VEVENT\nSUMMARYDTSTART;="\\n :vcardTEL', max_size=3000))
def test_any_text_may_be_a_calendar(text: str) -> None:
    """No calendar or contact file, however odd, raises or takes long."""
    assert len(invitations(text)) <= 10
    assert len(cards(text)) <= 20
    assert all(isinstance(one, LinkedFile) for one in linked_files(text, text))


def mutated(data: bytes, shuffle: int) -> bytes:
    """The bytes with a few of them changed, cut, doubled or turned into large lengths."""
    dice = random.Random(shuffle)
    made = bytearray(data)
    for _ in range(dice.randint(1, 12)):
        at = dice.randrange(len(made))
        what = dice.randrange(4)
        if what == 0:
            made[at] = dice.randrange(256)
        elif what == 1:
            del made[at : at + dice.randrange(1, 40)]
        elif what == 2:
            made[at:at] = made[at : at + dice.randrange(1, 40)]
        else:
            made[at : at + 4] = struct.pack("<I", dice.choice([0xFFFFFFFF, 0x7FFFFFFF, 0, 0x80000000, 65536]))
        if not made:
            return b"\0"
    return bytes(made)


def package(name: str, index: int) -> bytes:
    """The decoded binary part of a corpus mail."""
    from email import message_from_bytes

    leaves = [part for part in message_from_bytes(raw(name)).walk() if part.get_content_maintype() == "application"]
    payload = leaves[index].get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload
