"""The process dies at any point: nothing is lost, nothing is done twice (casework 1, promises 1 to 3)."""

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from hashlib import sha256
from pathlib import Path

import pytest

from maild.adapters.chains import broken_chains
from maild.domain.value import value
from tests.journeys.desk import GM, TestDesk, open_desk
from tests.journeys.post import absence, bounce, mail, poison, raw_mail
from tests.postgres import fresh_database

NOW = "2026-11-24T10:00:00+08:00"
ROOT = Path(__file__).resolve().parents[2]
KILLED = -9
TABLES = ("journal", "mail", '"case"', "event", "clock", "reply_key", "outbox", "tally", "line")

POINTS = [
    ("archive before", 3, 0), ("archive after", 8, 0),
    ("cursor before", 1, 0), ("cursor after", 1, 0),
    ("journal before", 1, 0), ("journal after", 1, 0),
    ("case before", 1, 0), ("case after", 1, 0), ("case before", 5, 0), ("case after", 5, 0),
    ("move before", 1, 0), ("move after", 1, 0), ("move before", 2, 0), ("move after", 2, 0),
    ("filed before", 1, 0), ("filed after", 1, 0),
    ("tick before", 1, 0), ("tick after", 1, 0),
    ("smtp before", 1, 0), ("smtp after", 1, 1), ("smtp after", 6, 1),
    ("sent before", 1, 1), ("sent after", 1, 0), ("sent after", 6, 0),
]  # fmt: skip
"""Where the process dies, the how manieth time it comes there, and how many mails then go out a second time: one
where the server has taken the mail and its answer is not committed yet, else none."""


ON_POSTGRES = [
    ("journal after", 1, 0), ("case before", 5, 0), ("case after", 1, 0), ("move after", 1, 0), ("filed before", 1, 0),
    ("tick after", 1, 0), ("claim before", 1, 0), ("claim after", 1, 0), ("smtp after", 1, 1), ("sent before", 1, 1), ("sent after", 1, 0),
]  # fmt: skip
"""Points at which it dies on PostgreSQL too: one behind each kind of commit, and around the hand-over. Only there
mails are claimed before they are sent."""
DEATHS = [("sqlite", *point) for point in POINTS] + [("postgres", *point) for point in ON_POSTGRES]
BOTH = pytest.mark.parametrize("kind", ["sqlite", "postgres"], indirect=True)


@pytest.fixture(scope="module")
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of database."""
    if request.param == "postgres":
        request.getfixturevalue("postgres")
    return str(request.param)


def varied() -> list[bytes]:
    """A mailbox of eight: new cases, an order of attachments, GBK, a reply, a duplicate, machines, a poisoned one."""
    first = mail(Message_ID="<first@pc.example>")
    return [
        first,
        mail("投诉：发票开错了", sender="qian@mail-b.example", files={"发票.pdf": b"%PDF-1.4 " + bytes(9000)}),
        raw_mail("投诉：食堂卫生".encode("gbk"), "饭菜里有虫子,请尽快处理。".encode("gb18030"), charset="gb2312",
                 sender="sun@mail-c.example"),
        poison(),
        first,
        absence("li@mail-d.example"),
        mail("Re: 投诉", "补充：订单号是 88231，请核实并退款。", In_Reply_To="<first@pc.example>"),
        bounce("nobody@mail-e.example", original=b"Message-ID: <other@else.example>\r\nSubject: x"),
    ]  # fmt: skip


@value
class Outcome:
    """What is left of a mailbox when everything has come to rest."""

    rows: dict[str, int]
    dispositions: Counter[str]
    letters: Counter[tuple[str, str]]


class Launcher:
    """Starts maild in processes that die where they are told to."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, desk: TestDesk, *argv: str, point: str = "", hit: int = 1, seconds: float = 30) -> int:
        """Run `maild argv[0] -c maild.toml ...`; how it ended."""
        command, *rest = argv
        order = {
            "argv": [command, "-c", str(desk.folder / "maild.toml"), *rest], "environ": desk.environ, "point": point,
            "hit": hit, "seconds": seconds, "log": str(desk.folder / "log"), "trace": str(desk.folder / "trace"),
        }  # fmt: skip
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(order), file=self._process.stdin, flush=True)
        ended = int(self._process.stdout.readline())
        if ended == KILLED:
            desk.forget_the_dead()
        return ended

    def once(self, desk: TestDesk, *, point: str = "", hit: int = 1) -> int:
        """`maild once` at a fixed hour."""
        return self.start(desk, "once", "--now", NOW, point=point, hit=hit)

    def finish(self, desk: TestDesk) -> None:
        """Start again, unharmed, until there is nothing left to do."""
        assert (0, 0) == (self.once(desk), self.once(desk)), (desk.folder / "log").read_text()


@pytest.fixture(scope="module")
def maild() -> Iterator[Launcher]:
    """One launcher for all tests of this module."""
    arguments = [sys.executable, "-m", "tests.journeys.crashing"]
    with subprocess.Popen(arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Launcher(process)
        assert process.stdin
        process.stdin.close()


@contextmanager
def office(folder: Path, kind: str, mails: list[bytes]) -> Iterator[TestDesk]:
    """An installation with mail waiting, and one SMTP connection, so that at most one mail is in doubt."""
    folder.mkdir(exist_ok=True)
    with fresh_database(kind) as url, open_desk(folder, database=url) as desk:
        config = folder / "maild.toml"
        config.write_text(f"{config.read_text()}connections = 1\n")
        for raw in mails:
            desk.servers.deliver(raw, GM)
        yield desk


@pytest.fixture(scope="module")
def undisturbed(
    kind: str, maild: Launcher, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Outcome, set[str]]]:
    """What becomes of the varied mailbox when nothing dies, and the points that are passed."""
    with office(tmp_path_factory.mktemp("undisturbed"), kind, varied()) as desk:
        maild.finish(desk)
        yield outcome(desk), set((desk.folder / "trace").read_text().split("\n")) - {""}


def outcome(desk: TestDesk) -> Outcome:
    """The database and the letters, counted."""
    return Outcome(
        rows={table: desk.rows(f"select count(*) from {table}")[0][0] for table in TABLES},  # noqa: S608
        dispositions=Counter(row[0] for row in desk.rows("select disposition from journal")),
        letters=Counter((row[0], row[1]) for row in desk.rows("select kind, recipient from outbox")),
    )


def unaccounted(desk: TestDesk) -> list[str]:
    """What is not as it must be whenever everything has come to rest."""
    wrong = [f"journal line {row}" for row in desk.rows(
        "select uid, state, reason from journal where state not in ('filed', 'shelved')")]  # fmt: skip
    wrong += [f"outgoing {row}" for row in desk.rows("select kind, recipient, state from outbox where state <> 'sent'")]
    wrong += [f"chain {broken}" for broken in broken_chains(desk.workshop().store)[2]]
    wrong += [f"{raw[:60]!r} is still in the inbox" for raw in desk.servers.inbox(GM)]
    queued = {row[0] for row in desk.rows("select message_id from outbox")}
    wrong += [f"{ident} never arrived" for ident in queued - set(arrived(desk))]
    return wrong


def arrived(desk: TestDesk) -> Counter[str]:
    """How often each Message-ID was accepted by the SMTP server; the same one always with the same bytes."""
    raws = {sent.raw for sent in desk.servers.sent}
    idents = [str(message_from_bytes(sent.raw)["Message-ID"]) for sent in desk.servers.sent]
    assert len(raws) == len(set(idents))
    return Counter(idents)


def doubled(desk: TestDesk) -> int:
    """How many mails went out more than once, each counted as often as it did."""
    return sum(count - 1 for count in arrived(desk).values())


def filed(desk: TestDesk) -> int:
    """How many mails lie in the folders for done and quarantined mail."""
    return sum(len(desk.servers.folder(GM, name)) for name in ("maild/Processed", "maild/Quarantine"))


def committed(desk: TestDesk) -> int:
    """How many mails had their case and every effect committed when the process died."""
    count: int = desk.rows("select count(*) from journal where disposition <> ''")[0][0]
    desk.restart()
    return count


@BOTH
def test_every_point_stands_in_the_table(kind: str, undisturbed: tuple[Outcome, set[str]]) -> None:
    """Each archive write, commit, move and hand-over of the run is a point at which another test kills."""
    known = POINTS if kind == "sqlite" else POINTS + ON_POSTGRES

    assert {point for point, _, _ in known} == undisturbed[1]


@BOTH
def test_the_varied_mailbox_is_varied(undisturbed: tuple[Outcome, set[str]]) -> None:
    """The mails of these tests take every road: case, addition, duplicate, quarantine, machines."""
    expected = {
        "new-case": 3,
        "quarantined": 1,
        "duplicate": 1,
        "machine-mail": 1,
        "appended": 1,
        "report-unmatched": 1,
    }

    assert expected == undisturbed[0].dispositions


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "point", "hit", "twice"), DEATHS, indirect=["kind"], ids=lambda value: str(value).replace(" ", "-")
)
def test_killed_at_a_point_nothing_is_lost_or_doubled(
    kind: str,
    point: str,
    hit: int,
    twice: int,
    maild: Launcher,
    undisturbed: tuple[Outcome, set[str]],
    tmp_path: Path,
) -> None:
    """After SIGKILL and a new start all is as if nothing had happened, but for a mail whose SMTP answer was lost.

    When the process dies no mail has left the inbox whose case was not committed.
    """
    with office(tmp_path, kind, varied()) as desk:
        assert maild.once(desk, point=point, hit=hit) == KILLED
        assert filed(desk) <= committed(desk)

        maild.finish(desk)

        assert [] == unaccounted(desk)
        assert undisturbed[0] == outcome(desk)
        assert (twice, len(varied())) == (doubled(desk), filed(desk))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("stride", [21, 25])
def test_a_machine_that_dies_again_and_again_comes_to_an_end(
    kind: str, stride: int, maild: Launcher, undisturbed: tuple[Outcome, set[str]], tmp_path: Path
) -> None:
    """A process that dies after every few steps finishes all the same, each start a little further."""
    with office(tmp_path, kind, varied()) as desk:
        deaths = 0
        while maild.once(desk, point="any", hit=stride) == KILLED:
            deaths += 1
            assert deaths < 60

        maild.finish(desk)

        assert deaths > 1
        assert [] == unaccounted(desk)
        assert undisturbed[0] == outcome(desk)
        assert (deaths >= doubled(desk), len(varied())) == (True, filed(desk))


@pytest.mark.slow
@BOTH
def test_the_daemon_killed_at_random_moments_loses_and_doubles_nothing(
    kind: str, maild: Launcher, tmp_path: Path
) -> None:
    """Five times kill -9 of `maild run` over fifteen mails: each is one case or what it should be, each letter came."""
    dice = random.Random(20261124)
    people = [mail(f"投诉：第 {n} 台机器坏了", sender=f"customer{n}@mail-a.example") for n in range(7)]
    with office(tmp_path, kind, [*varied(), *people]) as desk:
        moments = [dice.randint(3, 40) for _ in range(5)]
        ends = [maild.start(desk, "run", point="any", hit=hit, seconds=8) for hit in moments]
        maild.start(desk, "once")
        assert maild.start(desk, "once") == 0

        assert [KILLED] * 5 == ends
        assert [] == unaccounted(desk)
        assert Counter({"new-case": 10, "quarantined": 1, "duplicate": 1, "machine-mail": 1, "appended": 1,
                        "report-unmatched": 1}) == outcome(desk).dispositions  # fmt: skip
        assert len(desk.cases()) == 10
        assert max(outcome(desk).letters.values()) <= 12
        assert (doubled(desk) <= 5, filed(desk)) == (True, 15)


def test_a_mail_that_kills_its_reader_is_set_apart_after_three_deaths(maild: Launcher, tmp_path: Path) -> None:
    """A mail whose reading ends the process is quarantined unread at the fourth start, and the mails behind it go on.

    The coordinator is told that it exists, and nothing of it: nobody could look whom it complains of.
    """
    deadly = mail("投诉：林晓月", X_Test="kills its reader")
    with office(tmp_path, "sqlite", [deadly, mail("投诉：发票开错了", sender="qian@mail-b.example")]) as desk:
        ends = [maild.once(desk) for _ in range(3)]
        handled = committed(desk)
        maild.finish(desk)

        states = desk.rows("select state, disposition, reason from journal order by id")
        told = [letter for letter in desk.new_letters() if letter.kind == "manager.quarantine"]

    assert ([KILLED] * 3, 1) == (ends, handled)
    assert [("shelved", "quarantined"), ("filed", "new-case")] == [row[:2] for row in states]
    assert "3 times" in states[0][2]
    assert ["lin.xiaoyue@corp.example"] == [letter.to for letter in told]
    assert "三次意外中止" in told[0].text
    assert "投诉" not in told[0].subject + told[0].text


def test_a_released_killer_counts_anew(maild: Launcher, tmp_path: Path) -> None:
    """Released by the coordinator it is tried again, and set apart once more before it can end the program for ever."""
    with office(tmp_path, "sqlite", [mail(X_Test="kills its reader")]) as desk:
        for _ in range(3):
            maild.once(desk)
        maild.finish(desk)
        with desk.workshop().store.writing() as books:
            books.release([1])
        desk.restart()

        ends = [maild.once(desk) for _ in range(4)]
        states = desk.rows("select state, disposition from journal")

    assert [KILLED, KILLED, 0, 0] == ends
    assert [("shelved", "quarantined")] == states


def test_a_mail_whose_archived_bytes_are_gone_stops_nothing(maild: Launcher, tmp_path: Path) -> None:
    """It is quarantined with that reason at the next start, and the mail behind it is a case."""
    lost = mail(sender="li@mail-d.example")
    with office(tmp_path, "sqlite", [lost, mail("投诉：发票开错了", sender="qian@mail-b.example")]) as desk:
        assert KILLED == maild.once(desk, point="journal after")
        (copy,) = [path for path in (tmp_path / "var" / "archive").rglob("*") if path.is_file() and _holds(path, lost)]
        copy.unlink()
        maild.finish(desk)

        states = desk.rows("select state, disposition from journal order by id")

    assert [("shelved", "quarantined"), ("filed", "new-case")] == states


def _holds(path: Path, raw: bytes) -> bool:
    content = path.read_bytes()
    return sha256(raw).hexdigest() in path.name or content == raw
