"""A complainant unmasked by what the own mail carries.

Nobody asks here: the mail itself tells, by headers that no one looks at, by cards, invitations, enclosed mails and
properties of files, and by all the ways in which a name and a number can be written. Held: nothing of it leaves but to
the complainant, nor lies anywhere without the key.

Elsewhere: each guise of a name and number in `tests/domain/test_disguise.py`, by what a mail makes its writer known in
`tests/mail/test_knownby.py`, curious colleagues in `test_unmasked.py`, properties of files in
`tests/adapters/test_cleanapart.py`.
"""

import logging
import struct
from base64 import b64encode
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from maild.cli.main import main
from tests.hostile.attack import raw
from tests.journeys.casework import Casework
from tests.journeys.desk import PASSWORD, TestDesk
from tests.journeys.letters import of_kind, to, whole
from tests.journeys.test_seal import document, forms

ADDRESS, HOME, HOLDER, RECEIVER = "zgq1987@mail-a.example", "kevin.home@mail-b.example", "zhou.min@corp.example", "he.zhiqiang@corp.example"  # fmt: skip
SECRETS = (
    "张國强", "张国强", "張國強", "张 国 强", "Zhang Guoqiang", "Guoqiang Zhang", "zhangguoqiang", "Kevin", "zgq1987", "kevin.home",
    "13800007788", "138.0000.7788", "138-0000-7788", "一三八零零零零七七八八", "A102317", "A-102317", "Ａ１０２３１７", "GUOQIANG-PC",
    "mail-a.example", "zgq-private", "Long Xiaowen", "C:\\Users\\longxw",
)  # fmt: skip
LETTER = """我是行政部的張國強，班长覃大勇从10月12日起在车间当众辱骂我、推我，把我的工具锁进柜子，请调查处理。
他当着大家喊“张 国 强”，还在群里写 Guoqiang Zhang is lazy，工号 A-102317（Ａ１０２３１７）贴在墙上。

夜班宿舍从那天起就没有热水，报修三次没有人来。
电话 +86 138.0000.7788 或 一三八零零零零七七八八，也可写 kevin.home＠mail-b.example，附件是我的证据。

Zhang Guoqiang
行政部 工号A102317 手机13800007788

在 2026年11月20日，Kevin Zhang <zgq1987@mail-a.example> 写道：
> 张国强：这是我第一次写信，我的电话 138-0000-7788
"""
VCARD = f"BEGIN:VCARD\r\nFN:张国强\r\nN:张;国强\r\nTEL:138-0000-7788\r\nEMAIL:{ADDRESS}\r\nEND:VCARD\r\n"
INVITE = (
    f"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:张国强面谈\r\nORGANIZER;CN=张国强:mailto:{ADDRESS}\r\n"
    f"ATTENDEE:mailto:{HOME}\r\nDTSTART:20261126T010000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
JPEG = b"\xff\xd8\xff\xe1\x00\x3aExif\x00\x00Zhang Guoqiang \xe5\xbc\xa0\xe5\x9b\xbd\xe5\xbc\xba GUOQIANG-PC\xff\xd9"
PACKED = "KUNLUN-4471"
"""Stands in the files of the winmail.dat alone."""


def winmail() -> bytes:
    """A whole winmail.dat (MS-OXTNEF 2.1.3): its sender, its text, and a file that names the writer inside and out."""
    attributes = [
        (1, 0x00069007, struct.pack("<II", 65001, 0)), (1, 0x00008000, f"张国强\0SMTP:{ADDRESS}\0".encode()),
        (1, 0x0002800C, f"张国强 13800007788 {PACKED}\0".encode()), (2, 0x00069002, bytes(14)),
        (2, 0x00018010, f"张国强的录音 {PACKED}.txt\0".encode()), (2, 0x0006800F, f"张国强 A102317 {PACKED}".encode()),
    ]  # fmt: skip
    body = (struct.pack("<BII", level, code, len(data)) + data + struct.pack("<H", sum(data) % 65536)
            for level, code, data in attributes)  # fmt: skip
    return b"\x78\x9f\x3e\x22\x01\x00" + b"".join(body)


def everything() -> bytes:
    """One complaint that names its writer in every place a mail has."""
    enclosed = EmailMessage()
    enclosed["From"], enclosed["Subject"], enclosed["Message-ID"] = (
        f"张国强 <{ADDRESS}>",
        "张国强的旧信",
        "<1@GUOQIANG-PC.local>",
    )
    enclosed.set_content("张国强 13800007788 A102317")
    head = "\r\n".join([
        f'From: "行政部-张國强 (Kevin Zhang)" <{ADDRESS}>', f"Sender: Guoqiang Zhang <{HOME}>", f'Reply-To: "Kevin" <{ADDRESS}>',
        f"Disposition-Notification-To: 张国强 <{HOME}>", "In-Reply-To: <first@zgq-private.example>", "User-Agent: GUOQIANG-PC",
        "References: <zero@zgq-private.example> <first@zgq-private.example>", "Organization: 张国强", "X-Sender: zhangguoqiang",
        "Thread-Topic: 张国强", "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=zhangguoqiang",
    ])  # fmt: skip
    parts = [
        ("text/plain; charset=utf-8", LETTER.encode(), ""), ("text/vcard; charset=utf-8", VCARD.encode(), "张国强.vcf"),
        ("text/calendar; charset=utf-8; method=REQUEST", INVITE.encode(), "zhangguoqiang.ics"),
        ("image/jpeg", JPEG, "IMG_zgq1987.jpg"), ("application/ms-tnef", winmail(), "winmail.dat"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", document(), "张国强的材料.docx"),
    ]  # fmt: skip
    body = "".join(
        f"--zhangguoqiang\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n"
        + (f'Content-Disposition: attachment; filename="{name}"\r\n' if name else "")
        + f"\r\n{b64encode(content).decode()}\r\n"
        for kind, content, name in parts
    )
    body += f"--zhangguoqiang\r\nContent-Type: message/rfc822\r\n\r\n{enclosed.as_string()}\r\n--zhangguoqiang--"
    made = raw(
        head, body, subject="张國强：柜子里的事", results=["mx.corp.example; dmarc=pass header.from=mail-a.example"]
    )
    return made.replace(b"@evil.example>", b"@GUOQIANG-PC.local>").replace(
        b"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n", b"\r\n\r\n", 1
    )


def told(content: bytes) -> list[str]:
    """Which secrets these bytes tell."""
    bare = content.replace(b"=\r\n", b"").replace(b"\r\n", b"\n")
    joined = bare.replace(b"\n", b"")
    return [word for word in SECRETS for form in [forms(word)] if any(one in bare or one in joined for one in form)]


def test_nothing_that_the_mail_carries_tells_who_wrote(
    desk: TestDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Through assignment, question, release, sheets, search, reminders, digests, export and log: an alias alone."""
    work = Casework(desk)
    caplog.set_level(logging.DEBUG, logger="maild")
    work.letters += desk.receive(everything())
    assert ("staff-complaint", True, HOLDER) == (work.case["type"], work.case["confidential"], work.case["handler"])
    work.says(HOLDER, "询问：是哪一天？", answering="handler.assignment")
    for order in ("处理单", "附件 1", "附件 3", "状态", "备注：已找班长谈话"):
        work.says(HOLDER, order, answering="handler.assignment")
    work.says(HOLDER, "转物流部，请检修热水", answering="handler.assignment")
    work.says(HOLDER, "放行", answering="manager.seal-release")
    for hours in (5, 24, 72):
        work.later(timedelta(hours=hours))

    others = [one for one in work.letters if one.to not in {ADDRESS, HOME}]
    assert {} == {
        (one.to, one.kind, one.subject): told(whole(one, files=False).encode())
        for one in others
        if told(whole(one, files=False).encode())
    }
    assert {} == {
        (one.to, one.kind): told(whole(one).encode()) for one in to(others, RECEIVER) if told(whole(one).encode())
    }
    assert of_kind(to(others, RECEIVER), "handler.assignment")
    told_of = {one.to for one in others if PACKED.encode() in whole(one).encode()}
    assert told_of == {HOLDER}, "what lay in the winmail.dat stays with the seal-holder"
    assert [] == [one.kind for one in to(others, RECEIVER) if "winmail" in whole(one)]
    monkeypatch.setenv("GM_PASSWORD", PASSWORD)
    monkeypatch.setenv("MAILD_STORE__URL", desk.environ["MAILD_STORE__URL"])
    number, config = str(work.case["number"]), str(desk.folder / "maild.toml")
    capsys.readouterr()
    for line in (["case", "show", number], ["case", "list", "--json"], ["search", "热水"], ["search", "--bodies", "张国强"],
                 ["case", "export", number, "--out", str(tmp_path / "case.zip"), "--reason", "check"]):  # fmt: skip
        main([*line, "-c", config])
    said = capsys.readouterr()
    desk.restart()
    (desk.folder / "seal.key").unlink()
    assert [] == told((said.out + said.err).encode())
    assert [] == told(caplog.text.encode())
    lying = {path.name: told(path.read_bytes()) for path in tmp_path.rglob("*") if path.is_file()}
    assert {} == {name: found for name, found in lying.items() if found}
