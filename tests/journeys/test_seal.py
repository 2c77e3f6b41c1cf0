"""Who wrote a confidential letter: nothing that leaves or rests tells it, and the case goes on under an alias (P3.5.7)."""

import logging
import os
import re
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import escape
from io import BytesIO
from pathlib import Path
from urllib.parse import quote
from zipfile import ZipFile

import pytest

from maild.cli.main import main
from tests.journeys.desk import PASSWORD, Letter, TestDesk, open_desk
from tests.journeys.letters import of_kind, telling, to, whole
from tests.journeys.post import bounce, mail

MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
ADDRESS = "longxw1987@mail-a.example"
WRITER = f"龙晓雯 <{ADDRESS}>"
SUBJECT = "蓝色柜子里的事"
NAME, PHONE, STAFF, SIGNED, FILE = "龙晓雯", "13800007788", "A102317", "包装车间二班", "龙晓雯的材料.docx"
TEXT = f"""我是一线线长{NAME}，工号{STAFF}。班长覃大勇从10月12日起在车间当众辱骂我、推我，把我的工具锁进柜子，请调查处理。
我的电话 138 0000 7788，也可以写 {ADDRESS}。

{NAME}
{SIGNED} {PHONE}
"""
SECRETS = (NAME, ADDRESS, "longxw1987", PHONE, "138 0000 7788", STAFF, "C:\\Users\\longxw", "Long Xiaowen")
"""What the seal-holder alone may know: nothing of it may lie or leave anywhere else, in whatever encoding."""
SEAL_HOLDERS = {f"{who}@corp.example" for who in ("you.jia", "zhou.min", "lin.xiaoyue", "ding.ning", "fu.rong")}
ALIAS = re.compile(r"来信人-[3479ACEFHJKMNPRTUVWXY]{4}")


def document() -> bytes:
    """A Word file whose properties name its author and a folder of hers."""
    made = BytesIO()
    with ZipFile(made, "w") as parts:
        parts.writestr("word/document.xml", "<w:document>柜子</w:document>")
        parts.writestr("docProps/core.xml", "<dc:creator>Long Xiaowen</dc:creator>")
        parts.writestr("docProps/app.xml", "<Template>C:\\Users\\longxw\\Normal.dotm</Template>")
    return made.getvalue()


def forms(word: str) -> set[bytes]:
    """A word as it may lie in bytes: plain, in Chinese and wide charsets, and in what mails, links and JSON make of it."""
    found = {word.encode(charset) for charset in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")}
    for plain in (word.encode(), word.encode("gb18030")):
        found |= {
            b64encode(b"\0" * lead + plain + b"\0" * (-(lead + len(plain)) % 3))[4 if lead else 0 : -4]
            for lead in (0, 1, 2)
        }
        found.add("".join(f"={byte:02X}" for byte in plain).encode())
    escaped = word.encode("unicode_escape").replace(b"\\\\", b"\\")
    return {one for one in found | {escaped, escaped.replace(b"\\", b"\\\\"), quote(word).encode(), escape(word).encode()}
            if len(one) > 5}  # fmt: skip


def told(content: bytes) -> list[str]:
    """Which secrets these bytes tell; folded lines count as joined."""
    bare = content.replace(b"=\r\n", b"").replace(b"\r\n", b"").replace(b"=\n", b"").replace(b"\n", b"")
    return [word for word in SECRETS if any(form in content or form in bare for form in forms(word))]


@pytest.fixture(name="desk")
def _desk(tmp_path: Path, each_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestDesk]:
    """An installation with a seal."""
    (tmp_path / "office").mkdir()
    with open_desk(tmp_path / "office", database=each_database) as opened:
        monkeypatch.setenv("GM_PASSWORD", PASSWORD)
        monkeypatch.setenv("MAILD_STORE__URL", opened.environ["MAILD_STORE__URL"])
        opened.now = MORNING
        opened.one_pass()
        yield opened


def written(desk: TestDesk, subject: str, text: str, sender: str = WRITER, **fields: object) -> list[Letter]:
    """An authenticated mail, and what left because of it."""
    minute = desk.now.strftime("%a, %d %b %Y %H:%M:%S +0000")
    raw = mail(subject, text, sender=sender, date=minute, **fields)  # type: ignore[arg-type]
    return desk.receive(raw, authentication="pass")


def life_of(desk: TestDesk) -> list[Letter]:
    """A complaint with its evidence, a question and its answer, an answer, a bounce, and days that go by."""
    letters = written(desk, SUBJECT, TEXT, files={FILE: document()})
    (case,) = desk.cases()
    assert ("staff-complaint", True) == (case["type"], case["confidential"])
    (assignment,) = of_kind(letters, "handler.assignment")
    handler = assignment.to
    asked = written(desk, f"Re: [{assignment.token}]", "询问：请问是哪一天？有谁在场？", sender=handler)
    question = of_kind(asked, "requester.question")[0]
    letters += asked
    more = f"10月12日，{NAME}和两位同事都在。\n\n{NAME}\n{SIGNED} {PHONE}"
    letters += written(desk, f"Re: [{question.token}] {SUBJECT}", more, files={FILE: document()})
    letters += desk.later(timedelta(hours=1))
    letters += desk.receive(bounce(ADDRESS, original=question.raw))
    letters += written(desk, f"Re: [{assignment.token}]", "备注：已经找班长谈过", sender=handler)
    letters += written(
        desk, f"Re: [{assignment.token}]", "答复：您反映的情况正在核实，下周三前给您结果。", sender=handler
    )
    for hours in (24, 24, 72, 168):
        letters += desk.later(timedelta(hours=hours))
    return letters


def test_nothing_that_rests_tells_who_wrote(
    desk: TestDesk, tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Database, dump, archive, backup without the key, log and command line: no name, address, number or property."""
    with caplog.at_level(logging.DEBUG, logger="maild"):
        life_of(desk)
        number = desk.cases()[0]["number"]
        config = str(desk.folder / "maild.toml")
        capsys.readouterr()
        for words in (["case", "list"], ["case", "list", "--json"], ["case", "show", number],
                      ["case", "show", number, "--json"], ["search", "柜子"], ["search", "--bodies", NAME],
                      ["audit", "verify"], ["backup", str(tmp_path / "backup")]):  # fmt: skip
            main([*words, "-c", config])
    said = capsys.readouterr()
    url = desk.environ["MAILD_STORE__URL"]
    desk.restart()
    dump = _dump(url)
    (desk.folder / "seal.key").unlink()

    lying = {str(path): told(path.read_bytes()) for path in tmp_path.rglob("*") if path.is_file()}
    assert {} == {path: words for path, words in lying.items() if words}
    assert [] == [path for path in _unpacked(tmp_path / "backup") if told(path)]
    assert [] == told(dump)
    assert [] == told(caplog.text.encode())
    assert [] == told((said.out + said.err).encode())
    assert ALIAS.search(said.out)


def test_the_net_catches_what_lies_in_clear(tmp_path: Path) -> None:
    """Without a key the same look finds the writer in the database and in the archive."""
    with open_desk(tmp_path, seal="") as desk:
        desk.now = MORNING
        desk.one_pass()
        written(desk, SUBJECT, TEXT, files={FILE: document()})
        kept = str(desk.rows('select requester from "case"') + desk.rows("select recipient, subject from outbox"))
        archived = {word for path in (tmp_path / "var" / "archive").rglob("*") if path.is_file()
                    for word in told(path.read_bytes())}  # fmt: skip

    assert {NAME, PHONE, STAFF} <= archived
    assert ADDRESS in kept


def _dump(url: str) -> bytes:
    """What `pg_dump` writes out; nothing for SQLite, whose file is read itself."""
    if not url.startswith("postgresql"):
        return b""
    done = subprocess.run(["pg_dump", url.replace("+psycopg", "")], capture_output=True, check=False, env=os.environ)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _unpacked(folder: Path) -> Iterator[bytes]:
    import tarfile

    for path in folder.glob("*.tar.gz"):
        with tarfile.open(path) as tar:
            yield from (file.read() for member in tar.getmembers() if (file := tar.extractfile(member)))


def test_nothing_that_leaves_for_the_inside_tells_who_wrote(desk: TestDesk) -> None:
    """Words, headers, names of files and Message-IDs of every mail but those to the requester know an alias alone."""
    letters = [one for one in life_of(desk) if one.to != ADDRESS]

    assert {} == {(one.to, one.kind): told(words(one)) for one in letters if told(words(one))}
    assert [] == telling(letters, SIGNED, "mail-a.example")
    aliases = {found for one in letters for found in ALIAS.findall(whole(one))}
    assert 1 == len(aliases)
    assert aliases == {desk.cases()[0]["requester"]}
    files = [(one.to, name) for one in letters for name in _files(one)]
    assert {"附件1.docx"} == {name for _, name in files}
    assert {who for who, _ in files} <= SEAL_HOLDERS


def words(letter: Letter) -> bytes:
    """All of a letter but the contents of attachments, which go to seal-holders alone."""
    for part in letter.message.walk():
        if part.get_content_maintype() == "application":
            part.set_payload("")
    return whole(letter).encode()


def _files(letter: Letter) -> list[str]:
    return [str(part.get_filename()) for part in letter.message.walk() if part.get_filename()]


def test_both_sides_reach_each_other_under_the_alias(desk: TestDesk) -> None:
    """The handler's words reach the writer from the shared address, the writer's answer the handler, cleaned."""
    (assignment,) = of_kind(written(desk, SUBJECT, TEXT), "handler.assignment")
    (question,) = of_kind(
        written(desk, f"Re: [{assignment.token}]", "询问：是哪一天？", sender=assignment.to), "requester.question"
    )
    assert ADDRESS == question.to
    assert [] == telling([question], assignment.to)

    (addition,) = of_kind(
        written(desk, f"Re: [{question.token}]", f"10月12日。\n\n{NAME}\n{SIGNED} {PHONE}"), "handler.addition"
    )

    assert assignment.to == addition.to
    assert "10月12日" in addition.text
    assert [] == told(whole(addition).encode())
    assert SIGNED not in addition.text
    assert ALIAS.findall(assignment.text)[0] in addition.text


def test_a_letter_without_a_seal_keeps_its_names(desk: TestDesk) -> None:
    """A customer's complaint is handled with name and address, as before."""
    letters = written(desk, "投诉：订单 88231 没有发货", "三周前下单，一直没有发货，请退款。", sender=WRITER)

    (assignment,) = of_kind(letters, "handler.assignment")
    assert ADDRESS in assignment.text
    assert [] == [one for one in to(letters, assignment.to) if ALIAS.search(one.text)]


def test_an_office_without_a_key_uses_aliases_too(tmp_path: Path) -> None:
    """The alias needs no key: what leaves is the same."""
    with open_desk(tmp_path, seal="") as desk:
        desk.now = MORNING
        desk.one_pass()
        letters = [one for one in life_of(desk) if one.to != ADDRESS]

        assert [] == [one.kind for one in letters if told(words(one))]
