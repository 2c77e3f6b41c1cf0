"""A person is erased: nothing of them is left anywhere, the history still holds, and nothing brings them back."""

import json
import logging
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from maild.adapters.chains import broken_chains
from maild.adapters.erasing import Erased
from maild.adapters.examplefile import examples_that_tell
from maild.adapters.store import Writing
from maild.adapters.tables import METADATA
from maild.cli.main import main
from maild.domain.audit import FIRST, link
from maild.domain.case import KnownBy
from maild.domain.erasure import Words
from tests.journeys.desk import GM, PASSWORD, Letter, TestDesk, open_desk
from tests.journeys.letters import of_kind
from tests.journeys.post import CUSTOMER, bounce, mail, poison
from tests.journeys.test_seal import forms

MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
ADDRESS = "sunxl1976@mail-a.example"
NAME, PHONE, WORD = "孙秀兰花", "13900006655", "翡翠绿色的破壁机"
WRITER = f"{NAME} <{ADDRESS}>"
TEXT = f"""三周前下单的{WORD}一直没有发货，要求立即退款。我叫{NAME}。

{NAME}
电话 139 0000 6655
"""
SECRETS = (NAME, ADDRESS, "sunxl1976", PHONE, "139 0000 6655", WORD, "破壁机")
OTHER = "吴芳菲 <wu.fangfei@mail-b.example>"


@pytest.fixture(name="desk")
def _desk(tmp_path: Path, each_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestDesk]:
    """An installation whose archive is readable without a key, so that what is left in it would be found."""
    (tmp_path / "office").mkdir()
    with open_desk(tmp_path / "office", database=each_database, seal="") as opened:
        monkeypatch.setenv("GM_PASSWORD", PASSWORD)
        monkeypatch.setenv("MAILD_STORE__URL", opened.environ["MAILD_STORE__URL"])
        opened.now = MORNING
        opened.one_pass()
        yield opened


def written(desk: TestDesk, subject: str, text: str, sender: str = WRITER, **fields: Any) -> list[Letter]:
    """An authenticated mail, and what left because of it."""
    minute = desk.now.strftime("%a, %d %b %Y %H:%M:%S +0000")
    raw = mail(subject, text, sender=sender, date=minute, **fields)
    return desk.receive(raw, authentication="pass")


def life_of(desk: TestDesk) -> str:
    """A complaint that is routed, asked about, answered, quoted in digests, and closed; its number."""
    letters = written(desk, f"投诉：{WORD}没发货", TEXT, files={"收据.txt": NAME.encode()})
    number = desk.cases()[0]["number"]
    desk.receive(poison().replace(CUSTOMER.encode(), ADDRESS.encode()))
    written(desk, "建议", "请寄一份新产品的目录。", sender=OTHER)
    letters += desk.later(timedelta(hours=24))
    digest = next(one for one in of_kind(letters, "manager.digest") if number in one.text)
    quoted = "\n".join(f"> {line}" for line in digest.text.splitlines())
    letters += written(desk, f"Re: {digest.subject}", f"{number} 转物流部\n\n{quoted}", sender=digest.to)
    assignment = of_kind(letters, "handler.assignment")[-1]
    letters += written(desk, f"Re: [{assignment.token}]", "询问：订单号是多少？", sender=assignment.to)
    question = of_kind(letters, "requester.question")[-1]
    letters += written(desk, f"Re: [{question.token}]", f"订单 88231，{NAME}")
    letters += desk.receive(bounce(ADDRESS, original=question.raw))
    end = f"结案\n原因：仓库漏单，{NAME}的订单没有同步。\n措施：已补发并核对当月订单。\n答复来信人：您的货今天已经补发，运单号 SF100200300。"
    letters += written(desk, f"Re: [{assignment.token}]", end, sender=assignment.to)
    desk.later(timedelta(hours=1))
    desk.later(timedelta(hours=24))
    assert next(case for case in desk.cases() if case["number"] == number)["state"] == "closed"
    return str(number)


def told(content: bytes) -> list[str]:
    """Which secrets these bytes tell; folded lines count as joined."""
    bare = content.replace(b"=\r\n", b"").replace(b"\r\n", b"").replace(b"=\n", b"").replace(b"\n", b"")
    return [word for word in SECRETS if any(form in content or form in bare for form in forms(word))]


def command(desk: TestDesk, *words: str, says: str = "", monkeypatch: pytest.MonkeyPatch) -> int:
    """A command of this installation, and what is typed to its question."""
    monkeypatch.setattr("sys.stdin", StringIO(says + "\n"))
    return main([*words, "-c", str(desk.folder / "maild.toml")])


def left(desk: TestDesk) -> dict[str, list[str]]:
    """What every byte on the disk and in a dump of the database tells."""
    url = desk.environ["MAILD_STORE__URL"]
    desk.restart()
    lying = {str(path): told(path.read_bytes()) for path in desk.folder.rglob("*") if path.is_file()}
    if url.startswith("postgresql"):
        done = subprocess.run(["pg_dump", url.replace("+psycopg", "")], capture_output=True, check=True, env=os.environ)
        lying["dump"] = told(done.stdout)
    return {place: words for place, words in lying.items() if words}


def test_nothing_of_an_erased_person_is_left(
    desk: TestDesk,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Database, its dump, archive, index and log: no string of the person; number, type and dates stay, the chain holds."""
    with caplog.at_level(logging.DEBUG, logger="maild"):
        number = life_of(desk)
        before = next(case for case in desk.cases() if case["number"] == number)
        assert left(desk)
        assert 0 == command(desk, "erase", ADDRESS, "--reason", "来信人要求", says=ADDRESS, monkeypatch=monkeypatch)

    assert {} == left(desk)
    assert [] == told(caplog.text.encode())
    after = next(case for case in desk.cases() if case["number"] == number)
    for name in ("type", "state", "outcome", "urgency", "unit", "received", "clocks"):
        assert before[name] == after[name]
    capsys.readouterr()
    assert 0 == command(desk, "audit", "verify", monkeypatch=monkeypatch)
    said = capsys.readouterr().out
    assert number in said
    assert "来信人要求" in said


def test_an_erased_letter_does_not_come_back(desk: TestDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same mail on the server, by another way, from a file or in a new look at the archive makes nothing new."""
    number = life_of(desk)
    letter = next(raw for raw in desk.servers.folder(GM, "maild/Processed") if ADDRESS.encode() in raw)
    assert 0 == command(desk, "erase", number, "--reason", "wish", says=number, monkeypatch=monkeypatch)
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "letter.eml").write_bytes(letter)

    for raw in (letter, b"Received: by another.example with SMTP; Tue, 24 Nov 2026 02:00:00 +0000\r\n" + letter):
        desk.servers.append(GM, "INBOX", raw)
    again = desk.one_pass()
    assert 0 == command(desk, "import", str(tmp_path / "old"), monkeypatch=monkeypatch)
    assert 0 == command(desk, "reprocess", "--write", monkeypatch=monkeypatch)
    desk.workshop().eraser().finish()

    assert [] == [one.kind for one in again]
    assert 2 == len(desk.cases())
    assert {} == left(desk)


def test_a_confidential_case_is_erased_with_its_key(
    tmp_path: Path, each_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sealed complaint loses its key and gets another for what stays; the history holds, and the case can be read."""
    with open_desk(tmp_path, database=each_database) as desk:
        for name, value in desk.environ.items():
            monkeypatch.setenv(name, value)
        desk.now = MORNING
        desk.one_pass()
        letters = written(desk, "蓝色柜子", f"我要投诉班长覃大勇当众辱骂我。我叫{NAME}，电话 {PHONE}。")
        (case,) = desk.cases()
        number = case["number"]
        before = desk.rows("select wrapped from seal where number <> ''")
        (assignment,) = of_kind(letters, "handler.assignment")
        end = "结案\n原因：口头警告不当。\n措施：已约谈班长。\n答复来信人：已约谈当事人，请放心。"
        written(desk, f"Re: [{assignment.token}]", end, sender=assignment.to)
        desk.later(timedelta(hours=1))

        assert 0 == command(desk, "erase", number, "--reason", "wish", says=number, monkeypatch=monkeypatch)

        after = desk.rows("select wrapped from seal where number <> ''")
        assert 1 == len(after)
        assert before != after
        assert (case["type"], True) == (desk.cases()[0]["type"], desk.cases()[0]["confidential"])
        assert 0 == command(desk, "audit", "verify", monkeypatch=monkeypatch)
        (desk.folder / "seal.key").unlink()
        assert {} == left(desk)


@pytest.mark.parametrize("typed", ["", "yes", "GM-2026-000002"])
def test_nothing_is_erased_without_its_number(desk: TestDesk, monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    """Who types another word, or only looks, changes nothing; an open case is refused."""
    number = life_of(desk)
    before = desk.cases()

    assert 1 == command(desk, "erase", number, "--reason", "wish", says=typed, monkeypatch=monkeypatch)
    assert 0 == command(desk, "erase", number, "--dry-run", monkeypatch=monkeypatch)
    assert 2 == command(desk, "erase", number, says=number, monkeypatch=monkeypatch)
    open_one = next(case["number"] for case in before if case["state"] != "closed")
    assert 1 == command(desk, "erase", open_one, "--reason", "wish", says=open_one, monkeypatch=monkeypatch)

    assert before == desk.cases()


def test_a_restored_backup_does_not_bring_an_erased_person_back(
    desk: TestDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A backup from before the erasure is restored: the list beside it erases again, and the letter stays out."""
    number = life_of(desk)
    letter = next(raw for raw in desk.servers.folder(GM, "maild/Processed") if ADDRESS.encode() in raw)
    assert 0 == command(desk, "backup", str(tmp_path / "backup"), monkeypatch=monkeypatch)
    backup = next((tmp_path / "backup").glob("*.tar.gz"))
    assert 0 == command(desk, "erase", ADDRESS, "--reason", "来信人要求", says=ADDRESS, monkeypatch=monkeypatch)
    there = tmp_path / "there"
    there.mkdir()
    monkeypatch.delenv("MAILD_STORE__URL")
    (there / "maild.toml").write_text((desk.folder / "maild.toml").read_text("utf-8"), "utf-8")

    assert 0 == main(["restore", str(backup), "-c", str(there / "maild.toml")])

    other = TestDesk(servers=desk.servers, folder=there, environ={"GM_PASSWORD": PASSWORD,
                     "MAILD_STORE__URL": "sqlite:///var/maild.db"}, now=desk.now)  # fmt: skip
    desk.servers.append(GM, "INBOX", letter)
    other.one_pass()
    assert 2 == len(other.cases())
    assert {} == left(other)
    capsys.readouterr()
    assert 0 == main(["audit", "verify", "-c", str(there / "maild.toml")])
    assert f"{number} was erased (person)" in capsys.readouterr().out


def test_a_death_in_the_middle_leaves_nothing_for_good(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process dies when the rows are gone and the raw mails are not: the next night takes them."""
    number = life_of(desk)
    with monkeypatch.context() as dying:
        dying.setattr("maild.adapters.erasing.Eraser._drop", _die)
        assert 1 == command(desk, "erase", number, "--reason", "wish", says=number, monkeypatch=monkeypatch)
    assert left(desk)

    desk.workshop().eraser().finish()

    assert {} == {place: words for place, words in left(desk).items() if "archive" in place}


def _die(*_: object) -> None:
    raise KeyError("death")


def test_a_history_of_an_early_version_is_closed_anew(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Events without a salt keep no hash of their words; number, kind and time stay, and the chain holds."""
    number = life_of(desk)
    with desk.workshop().store.writing() as books:
        books.connection.exec_driver_sql("update event set salt = ''")
        early(books, number)
    hashes = {one for (one,) in desk.rows("select hash from event")}
    kinds = events(desk, number)

    assert 0 == command(desk, "erase", number, "--reason", "wish", says=number, monkeypatch=monkeypatch)

    assert [one[:3] for one in kinds] == [one[:3] for one in events(desk, number)][:-1]
    assert hashes.isdisjoint(one[3] for one in events(desk, number))
    assert [] == [one for one in broken_chains(desk.workshop().store)[2] if one[0] == number]


def events(desk: TestDesk, number: str) -> list[tuple[Any, ...]]:
    """Place, kind, time and hash of the events of a case."""
    return [
        one[1:] for one in desk.rows("select number, seq, kind, at, hash from event order by seq") if one[0] == number
    ]


def early(books: Writing, number: str) -> None:
    """Chain a case as versions before the salt did."""
    last, done = FIRST, list[tuple[str, str]]()
    for event in books.events(number):
        made = link(last, number, len(done) + 1, event)
        done.append((last, made))
        last = made
    for seq, (previous, made) in enumerate(done, 1):
        changed = "update event set previous = :previous, hash = :hash where number = :number and seq = :seq"
        books.connection.execute(text(changed), {"previous": previous, "hash": made, "number": number, "seq": seq})
    books.set_head(number, len(done), last)


def test_the_copies_on_the_server_go_where_maild_may_remove_mail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With `keep_on_server` nothing of the person's case stays there, without it the copies stay and are named."""
    with open_desk(tmp_path, seal="") as desk:
        for name, value in desk.environ.items():
            monkeypatch.setenv(name, value)
        config = desk.folder / "maild.toml"
        plain = config.read_text("utf-8")
        config.write_text(f'{plain}[mailbox.folders]\nkeep_on_server = "900 days"\n', "utf-8")
        desk.now = MORNING
        desk.one_pass()
        number = life_of(desk)
        before = lying(desk)
        config.write_text(plain, "utf-8")
        with monkeypatch.context() as nothing:
            nothing.setattr("maild.adapters.erasing.Eraser.erase", _nothing)
            assert 0 == command(desk, "erase", number, "--reason", "wish", says=number, monkeypatch=monkeypatch)
        assert before == lying(desk)
        assert "the mail server keeps its copies" in capsys.readouterr().err
        config.write_text(f'{plain}[mailbox.folders]\nkeep_on_server = "900 days"\n', "utf-8")

        assert 0 == command(desk, "erase", number, "--reason", "wish", says=number, monkeypatch=monkeypatch)

        left = {name: [raw for raw in raws if number.encode() in raw or ADDRESS.encode() in raw]
                for name, raws in lying(desk).items()}  # fmt: skip
        assert [] == [raw for raw in left["maild/Processed"] if f"From: {ADDRESS}".encode() in raw]
        assert len(lying(desk)["maild/Processed"]) < len(before["maild/Processed"])
        assert [] == [raw for raw in left.get("Sent", ()) if f"To: {ADDRESS}".encode() in raw]
        assert any(b"wu.fangfei" in raw for raw in lying(desk)["maild/Processed"])
        quoting = {name: [told(raw) for raw in raws if told(raw)] for name, raws in lying(desk).items()}
        assert {} == {name: words for name, words in quoting.items() if words}, "mails of others that quote it"


def lying(desk: TestDesk) -> dict[str, list[bytes]]:
    """What lies on the server, by folder."""
    return {name: desk.servers.folder(GM, name) for name in desk.servers.folders(GM)}


def _nothing(*_: object) -> Erased:
    return Erased(cases=0, mails=0, traces=0)


def test_every_table_that_knows_a_case_is_known_to_the_erasure() -> None:
    """A new table with a case's number must say here what an erasure leaves of it."""
    known = {
        "case", "event", "clock", "mail", "journal", "outbox", "reply_key", "line", "tally", "ledger", "publication",
        "form_return", "seal", "erased",
    }  # fmt: skip

    assert known == {name for name, table in METADATA.tables.items() if "number" in table.c}


def test_an_example_that_quotes_the_letter_is_named(tmp_path: Path) -> None:
    """The office's own example mails are text that a person copied: file and line are told, however it was written."""
    (tmp_path / "examples.jsonl").write_text(
        json.dumps({"type": "customer-complaint", "text": "没有发货"}) + "\n"
        + json.dumps({"type": "customer-complaint", "text": f"我叫{NAME}，一直没有发货"}) + "\n",
        "utf-8",
    )  # fmt: skip
    words = Words(known=KnownBy(names=(NAME,)))

    assert [f"{tmp_path / 'examples.jsonl'}:2"] == list(examples_that_tell(tmp_path, words.tells))
    assert [] == list(examples_that_tell(None, words.tells))
