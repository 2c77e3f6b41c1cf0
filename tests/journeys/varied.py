"""A run in which everything happens that maild commits, sends or moves; and what must be true when it has ended."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

from sqlalchemy import text

from maild.adapters.chains import broken_chains
from maild.domain.value import value
from tests.adapters.robot_sink import Sink, robot_sink
from tests.dovecot import PASSWORD, Dovecot
from tests.journeys.desk import GM, TestDesk, open_desk
from tests.journeys.post import absence, bounce, mail, poison, raw_mail
from tests.postgres import fresh_database
from tests.servers import Box, box_of

NOW = "2026-11-24T10:00:00+08:00"
ROOT = Path(__file__).resolve().parents[2]
KILLED = -9
TABLES = ("journal", "mail", '"case"', "event", "clock", "reply_key", "outbox", "tally", "line")


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
class Stage:
    """One part of the varied run: `maild once` at that time, after something happened."""

    after: timedelta
    happens: Callable[[TestDesk], None]
    smtp: str = ""
    """Further settings of the SMTP account."""
    filing: str = "move"
    without: tuple[str, ...] = ()
    """What the IMAP server cannot do."""
    full: bool = False

    @property
    def now(self) -> str:
        """The office's time."""
        return (datetime.fromisoformat(NOW) + self.after).isoformat()


_CHANNELS: dict[Path, Sink] = {}
ENOUGH = 3000
"""Points after which a run has gone astray."""
LEFT = b"X-Test: older than the first start"


def _first(desk: TestDesk) -> None:
    for raw in varied():
        desk.servers.deliver(raw, GM)
    long_ago = datetime.now(UTC) - timedelta(days=10)
    desk.servers.deliver(mail(X_Test="older than the first start"), GM, internal_date=long_ago)
    answer = mail("Re: 投诉", "您好，已为您退款。", sender=GM, to="zhao.lei@mail-a.example",
                  In_Reply_To="<first@pc.example>")  # fmt: skip
    desk.servers.append(GM, "Sent", answer)
    desk.servers.append(GM, "Junk", mail("投诉：收不到货", sender="wu@mail-f.example"))


def _second(desk: TestDesk) -> None:
    for number in range(2):
        desk.servers.deliver(mail(f"投诉：第 {number} 台机器坏了", sender="many@mail-h.example"), GM)
    desk.servers.deliver(mail("投诉：读不得", sender="deadly@mail-i.example", X_Test="kills its reader"), GM)
    long_ago = datetime.now(UTC) - timedelta(days=200)
    for raw in varied()[:2]:
        desk.servers.append(GM, "maild/Processed", raw, internal_date=long_ago)


def _third(desk: TestDesk) -> None:
    desk.servers.refuse(GM, 550, "5.7.1 sender not allowed", verb="MAIL", times=3)
    desk.servers.deliver(mail("投诉：空调漏水", sender="feng@mail-j.example"), GM)


def _fourth(desk: TestDesk) -> None:
    for number in range(2):
        desk.servers.deliver(mail("投诉：电梯停运", sender=f"chu{number}@mail-k.example"), GM)


def _fifth(desk: TestDesk) -> None:
    """The calendar of the month became known, and something burns while the second channel is busy."""
    fire = mail("紧急：车间起火", "车间配电柜起火，浓烟很大，有人被困，请马上派人！", sender="he.zhiqiang@corp.example",
                date="Mon, 14 Dec 2026 10:00:00 +0800")  # fmt: skip
    desk.servers.deliver(fire, GM, authentication="pass")
    channel(desk).says.append((503, b"busy"))
    with desk.workshop().store.writing() as books:
        books.connection.execute(text("update counter set text = '{}' where name like 'calendar%'"))
    desk.restart()


STAGES = (
    Stage(after=timedelta(), happens=_first),
    Stage(after=timedelta(hours=1), happens=_second, without=("MOVE",)),
    Stage(after=timedelta(days=1, hours=2), happens=_third, filing="keyword", full=True),
    Stage(after=timedelta(days=2), happens=_fourth, smtp="per_day = 1"),
    Stage(after=timedelta(days=20), happens=_fifth),
    Stage(after=timedelta(days=20, minutes=5), happens=lambda _desk: None),
)


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

    def start(self, desk: TestDesk, *argv: str, seconds: float = 60, **said: Any) -> int:
        """Run `maild argv[0] -c maild.toml ...`; how it ended.

        It dies at the `point`, at the how manieth (`hit`) time; `any` is every point but those `spared`.
        """
        command, *rest = argv
        order = {
            "argv": [command, "-c", str(desk.folder / "maild.toml"), *rest], "environ": desk.environ, "point": "",
            "hit": 1, "spared": [], "without": [], "full": False, "seconds": seconds, "log": str(desk.folder / "log"),
            "trace": str(desk.folder / "trace"),
        } | said  # fmt: skip
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(order), file=self._process.stdin, flush=True)
        ended = int(self._process.stdout.readline())
        if ended == KILLED:
            desk.forget_the_dead()
        return ended

    def once(self, desk: TestDesk, **said: Any) -> int:
        """`maild once` at a fixed hour."""
        return self.start(desk, "once", "--now", NOW, **said)

    def finish(self, desk: TestDesk) -> None:
        """Start again, unharmed, until there is nothing left to do."""
        assert (0, 0) == (self.once(desk), self.once(desk)), (desk.folder / "log").read_text()

    def play(self, desk: TestDesk, *, hit: int | Callable[[], int] = 0, often: int = 1) -> list[str]:
        """Play all stages, and return where the process died: at each point as `often`, at its `hit`-th time; 0: never.

        A `hit` that is called says it anew for each process.
        """
        deaths: list[str] = []
        for stage in STAGES:
            set_up(desk, stage)
            stage.happens(desk)
            server = {"without": stage.without, "full": stage.full}
            self.come_to_rest(desk, deaths, hit=hit, often=often, now=stage.now, **server)
        return deaths

    def come_to_rest(
        self,
        desk: TestDesk,
        deaths: list[str],
        *,
        hit: int | Callable[[], int] = 1,
        often: int = 1,
        now: str = NOW,
        **said: Any,
    ) -> None:
        """`maild once` until two passes found nothing wrong; it dies at each point `often`, the `deaths` so far too."""
        rest = 0
        while rest < 2:
            spared = [point for point, count in Counter(deaths).items() if count >= often]
            nth = hit if isinstance(hit, int) else hit()
            die: dict[str, Any] = {"point": "any", "hit": nth, "spared": spared} if nth else {}
            ended = self.start(desk, "once", "--now", now, **said, **die)
            rest = rest + 1 if ended == 0 else 0
            last = trace(desk)[-1]
            if last.startswith("died "):
                deaths.append(last.removeprefix("died "))
            assert len(trace(desk)) < ENOUGH, (desk.folder / "log").read_text()[-3000:]


@contextmanager
def launching() -> Iterator[Launcher]:
    """A launcher, until the end of the block."""
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


def on_dovecot(desk: TestDesk, dovecot: Dovecot, kind: str = "plain") -> Box:
    """Move the installation's mailbox to an empty account of Dovecot; mail still leaves by the embedded server."""
    user, config = dovecot.user(kind), desk.folder / "maild.toml"
    imap, smtp = f"port = {desk.servers.imap_port}\n", f"port = {desk.servers.smtp_port}\n"
    told = config.read_text("utf-8").replace(imap, f'port = {dovecot.port}\nusername = "{user}"\n')
    config.write_text(told.replace(smtp, f'{smtp}username = "{GM}"\npassword_env = "SMTP_PASSWORD"\n'), "utf-8")
    desk.environ["SMTP_PASSWORD"] = desk.environ["GM_PASSWORD"]
    desk.environ["GM_PASSWORD"] = PASSWORD
    return box_of(dovecot.host, dovecot.port, user, PASSWORD)


@contextmanager
def varied_office(folder: Path, kind: str) -> Iterator[TestDesk]:
    """An installation in which the varied run is played."""
    with fresh_database(kind) as url, open_desk(folder, database=url) as desk, robot_sink() as sink:
        desk.environ["MAILD_NOTIFY_URGENT"] = sink.address("webhook")
        _CHANNELS[desk.folder] = sink
        yield desk


def channel(desk: TestDesk) -> Sink:
    """The second channel of a varied run."""
    return _CHANNELS[desk.folder]


def set_up(desk: TestDesk, stage: Stage) -> None:
    """Write the stage's settings into maild.toml."""
    config = desk.folder / "maild.toml"
    plain = config.read_text("utf-8").partition("connections =")[0].replace('"all"', '"3 days"')
    folders = f'[mailbox.folders]\nafter = "{stage.filing}"\nkeep_on_server = "90 days"\n'
    intake = "[mailbox.intake]\nper_sender = 1\n"
    config.write_text(f"{plain}connections = 1\n{stage.smtp}\n{folders}{intake}", "utf-8")


def trace(desk: TestDesk) -> list[str]:
    """The points that were passed, in order; behind the last one of a process, `died` and its name."""
    return (desk.folder / "trace").read_text().splitlines()


def copies(desk: TestDesk) -> Counter[str]:
    """How often each mail of ours lies in Sent."""
    found = (message_from_bytes(raw)["X-Maild-Id"] for raw in desk.servers.folder(GM, "Sent"))
    return Counter(str(ident) for ident in found if ident)


def outcome(desk: TestDesk) -> Outcome:
    """The database and the letters, counted."""
    with desk.workshop().store.reading() as books:
        rows = books.connection.execute(text("select kind, recipient, number from outbox")).mappings()
        letters = [books.seals.open("outbox", row) for row in rows]
    return Outcome(
        rows={table: desk.rows(f"select count(*) from {table}")[0][0] for table in TABLES},  # noqa: S608
        dispositions=Counter(row[0] for row in desk.rows("select disposition from journal")),
        letters=Counter((letter["kind"], letter["recipient"]) for letter in letters),
    )


def unaccounted(desk: TestDesk) -> list[str]:
    """What is not as it must be whenever everything has come to rest."""
    wrong = [f"journal line {row}" for row in desk.rows(
        "select uid, state, reason from journal where state not in ('filed', 'shelved')")]  # fmt: skip
    wrong += [f"outgoing {row}" for row in desk.rows("select kind, recipient, state from outbox where state <> 'sent'")]
    wrong += [f"chain {broken}" for broken in broken_chains(desk.workshop().store)[2]]
    wrong += [
        f"{one.raw[:60]!r} is still in the inbox"
        for one in desk.servers.stored(GM)
        if LEFT not in one.raw and "$maild" not in one.flags
    ]
    if "MAILD_NOTIFY_URGENT" in desk.environ:
        wrong += [f"instant {row}" for row in desk.rows("select id, state from instant where state <> 'sent'")]
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
