"""How outgoing mail shares an account: lanes, connections, limits, slow and hanging servers."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from maild.adapters.store import Store
from maild.domain.lanes import Budget
from maild.domain.letter import NO_LANE, Delivered, LetterKind
from maild.domain.message import Address
from maild.mail.compose import AttachedFile, compose
from maild.mail.parse import parse
from maild.workflow.allowance import Account
from maild.workflow.deliver import Courier
from maild.workflow.plan import Frozen
from maild.workflow.settle import Settler

GM = "gm@corp.example"
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
Answer = Callable[[str, int], Delivered]
ECHO, REQUESTER, WORK, BULK = range(4)


class Words:
    """The part of a scribe that these tests need."""

    def words(self, language: str) -> dict[str, dict[str, str]]:
        """One sentence a language."""
        return {"delivery": {"files-left-out": f"{language}: left out {{files}}"}}


@dataclass
class Server:
    """A sender that says what the test wants, and writes down who got what and when."""

    connections: int = 4
    answer: Answer = lambda to, _nth: Delivered(address=to, code=250, text="2.0.0 OK")
    slow: dict[str, asyncio.Event] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    raws: list[bytes] = field(default_factory=list)

    async def send(self, _from: str, recipients: Sequence[str], raw: bytes) -> Sequence[Delivered]:
        """Hang where the test says so, then answer."""
        to = recipients[0]
        self.tried.append(to)
        self.raws.append(raw)
        if to in self.slow:
            await self.slow[to].wait()
        said = self.answer(to, len(self.tried))
        if said.accepted:
            self.taken.append(to)
        return [said]

    async def close(self) -> None:
        """Nothing to close."""


@dataclass
class Post:
    """One outbox, and what empties it."""

    store: Store
    runner: asyncio.Runner
    server: Server = field(default_factory=Server)
    now: datetime = NOW
    count: int = 0

    def put(self, *recipients: str, lane: int = WORK, mailbox: str = GM, raw: bytes = b"x") -> None:
        """Mails of one lane into the outbox."""
        mails = []
        for to in recipients:
            self.count += 1
            ident = f"m{self.count}"
            mails.append(Frozen(maild_id=ident, message_id=f"<{ident}@corp.example>", number=None, kind="staff.echo",
                                recipient=to, fallback="", lane=lane, subject="s", raw=raw, next_at=self.now))  # fmt: skip
        with self.store.writing() as books:
            books.queue(mailbox, mails, self.now)

    def courier(
        self, *, connections: int = 4, budget: Budget | None = None, mailboxes: tuple[str, ...] = (GM,)
    ) -> Courier:
        """A fresh courier, as after a restart."""
        self.server.connections = connections
        clock = lambda: self.now  # noqa: E731  passed twice
        settler = Settler(mailbox=GM, account="gm at smtp", store=self.store, scribe=cast("Any", Words()),
                          office=lambda: cast("Any", SimpleNamespace(box=SimpleNamespace(mode="live"))), now=clock)  # fmt: skip
        account = Account(name="gm at smtp", mailboxes=mailboxes, budget=budget or Budget())
        return Courier(mailbox=GM, store=self.store, sender=self.server, settler=settler, account=account, now=clock)  # fmt: skip

    def drain(self, courier: Courier) -> list[str]:
        """Who got a mail in one pass."""
        before = len(self.server.taken)
        self.runner.run(courier.drain())
        return self.server.taken[before:]

    def states(self) -> dict[str, str]:
        """State by recipient."""
        with self.store.reading() as books:
            return dict(tuple(row) for row in books.connection.exec_driver_sql("select recipient, state from outbox"))


@pytest.fixture
def post(each_database: str, tmp_path: Path) -> Iterator[Post]:
    """An empty outbox, on SQLite and on PostgreSQL."""
    store = Store.open(each_database, tmp_path)
    with asyncio.Runner() as runner:
        yield Post(store, runner)
    store.close()


def people(count: int, domain: str = "a.example") -> list[str]:
    """That many addresses."""
    return [f"p{n}@{domain}" for n in range(count)]


# -- lanes


def test_thousands_of_rounds_do_not_delay_an_echo(post: Post) -> None:
    """An echo that is queued while three thousand circulations leave goes out with the next free connection."""
    post.put(*people(3000), lane=BULK)
    courier = post.courier()

    def after_twenty(to: str, nth: int) -> Delivered:
        if nth == 20:
            post.put("boss@corp.example", lane=ECHO)
            courier.look_again()
        if len(post.server.taken) > 60:
            return Delivered(address=to, code=0, text="stop here")
        return Delivered(address=to, code=250)

    post.server.answer = after_twenty
    post.runner.run(asyncio.wait_for(_until(courier, lambda: "boss@corp.example" in post.server.taken), 20))

    assert post.server.tried.index("boss@corp.example") <= 22


def test_an_echo_of_another_process_is_seen_soon(post: Post) -> None:
    """What a second daemon put into the outbox is found within about a second, though nobody told this one."""
    post.put("slow@a.example", lane=BULK)
    post.server.slow = {"slow@a.example": asyncio.Event()}

    async def play() -> None:
        work = asyncio.create_task(post.courier().drain())
        await _until_true(lambda: post.server.tried)
        await asyncio.to_thread(post.put, "boss@corp.example", lane=ECHO)
        await _until_true(lambda: post.server.taken)
        post.server.slow["slow@a.example"].set()
        await work

    post.runner.run(asyncio.wait_for(play(), 10))

    assert post.server.taken == ["boss@corp.example", "slow@a.example"]


@pytest.mark.parametrize("lane", [REQUESTER, WORK, BULK])
def test_a_better_mail_finds_a_free_connection_though_all_lower_ones_hang(post: Post, lane: int) -> None:
    """Mails of one lane that hang never occupy the connection that the lane above may need."""
    hanging = [f"h@{n}.example" for n in range(10)]
    post.put(*hanging, lane=lane)
    post.server.slow = {to: asyncio.Event() for to in hanging}

    async def play() -> None:
        courier = post.courier()
        work = asyncio.create_task(courier.drain())
        await _until_true(lambda: len(post.server.tried) >= 4 - lane)
        await asyncio.to_thread(post.put, "above@corp.example", lane=lane - 1)
        courier.look_again()
        await _until_true(lambda: "above@corp.example" in post.server.taken)
        for event in post.server.slow.values():
            event.set()
        await work

    post.runner.run(asyncio.wait_for(play(), 10))

    assert post.server.taken[0] == "above@corp.example"
    assert set(post.server.taken) == {*hanging, "above@corp.example"}


# -- a server that hangs


def test_a_recipient_whose_server_hangs_holds_nobody_else_back(post: Post) -> None:
    """After one mail hung the others for that domain wait, one is tried alone, and everybody else is served."""
    post.put(*people(60, "hang.example"), *people(5, "fine.example"))
    post.server.answer = lambda to, _nth: (
        Delivered(address=to, code=0, text="timed out", hung=True) if "hang" in to else Delivered(address=to, code=250)
    )
    courier = post.courier(connections=1)

    first = post.drain(courier)
    tried, post.server.tried = post.server.tried, []
    post.now += timedelta(seconds=31)
    post.put("new@fine.example")
    again = post.drain(courier)

    assert first == people(5, "fine.example")
    assert len([to for to in tried if "hang" in to]) == 1
    assert again == ["new@fine.example"]
    assert len([to for to in post.server.tried if "hang" in to]) == 1


def test_a_server_that_hung_and_is_well_again_gets_its_mail(post: Post) -> None:
    """When the first mail for the domain is taken the others follow."""
    post.put(*people(3, "hang.example"))
    post.server.answer = lambda to, nth: Delivered(address=to, code=0 if nth == 1 else 250, hung=nth == 1)
    courier = post.courier(connections=1)

    assert post.drain(courier) == []
    post.now += timedelta(minutes=3)
    assert sorted(post.drain(courier)) == people(3, "hang.example")


# -- what the provider allows


def test_the_minute_is_counted_and_a_restart_does_not_forget(post: Post) -> None:
    """No more than the provider's figure leaves within a minute; the rest follows when that minute is over."""
    budget = Budget(per_minute=10)
    post.put(*people(20), lane=ECHO)

    assert len(post.drain(post.courier(budget=budget))) == 10
    post.now += timedelta(seconds=30)
    courier = post.courier(budget=budget)
    assert post.drain(courier) == []
    assert courier.opens is not None
    assert NOW + MINUTE <= courier.opens <= NOW + MINUTE + timedelta(seconds=2)
    post.now = courier.opens
    assert len(post.drain(post.courier(budget=budget))) == 10


def test_an_echo_leaves_in_a_minute_that_work_has_used(post: Post) -> None:
    """Work never takes the whole minute."""
    post.put(*people(20), lane=WORK)
    courier = post.courier(budget=Budget(per_minute=10))

    assert len(post.drain(courier)) == 8
    assert courier.closed == WORK
    post.put("boss@corp.example", lane=ECHO)
    assert post.drain(courier) == ["boss@corp.example"]


def test_a_fifth_of_the_day_is_kept_for_answers(post: Post) -> None:
    """When four fifths of the day's budget are used assignments wait, and acknowledgements still leave."""
    budget = Budget(per_day=10)
    post.put(*people(20), lane=WORK)
    courier = post.courier(budget=budget)

    assert len(post.drain(courier)) == 8
    post.put(*people(5, "customer.example"), lane=REQUESTER)
    assert len(post.drain(courier)) == 2
    post.now += DAY + timedelta(seconds=2)
    assert len(post.drain(post.courier(budget=budget))) == 8


def test_a_used_day_is_told_once_and_names_when_it_ends(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    """The digest and the log get one line a day, and the mails that wait say until when."""
    post.put(*people(20), lane=WORK)
    for _ in range(3):
        post.drain(post.courier(budget=Budget(per_day=10)))
        post.now += timedelta(hours=1)

    with post.store.reading() as books:
        lines = [line for _, _, line in books.lines(GM)]
        count, until = books.kept(GM)
    assert [(line.kind, line.data) for line in lines] == [("budget-used", {"count": "12"})]
    assert (count, until) == (12, NOW + DAY + timedelta(seconds=1))
    assert len([r for r in caplog.records if "budget" in r.message]) == 1


def test_mails_under_way_do_not_count_as_a_used_day(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    """The day is told as used when its mails have left, with the right end, however many were under way before."""
    post.put(*people(30), lane=REQUESTER)
    post.put(*people(30, "b.example"), lane=WORK)
    post.server.slow = {"p9@a.example": asyncio.Event()}

    async def play() -> None:
        courier = post.courier(budget=Budget(per_day=12))
        work = asyncio.create_task(courier.drain())
        await _until_true(lambda: "p9@a.example" in post.server.tried)
        courier.look_again()
        await asyncio.sleep(0.2)
        post.server.slow["p9@a.example"].set()
        await work

    post.runner.run(asyncio.wait_for(play(), 10))

    told = [record.getMessage() for record in caplog.records if "budget" in record.message]
    assert len(told) == 1
    assert "until 2026-11-25 08:00" in told[0]


def test_mailboxes_of_one_account_share_its_budget(post: Post) -> None:
    """What the other mailbox sent through the same login counts too."""
    post.put(*people(6), lane=ECHO, mailbox="hr@corp.example")
    with post.store.writing() as books:
        for mail in books.ready("hr@corp.example", NOW):
            books.sent_now(mail.id, NOW, "250")
    post.put(*people(10, "b.example"), lane=ECHO)

    courier = post.courier(budget=Budget(per_day=10), mailboxes=(GM, "hr@corp.example"))
    assert len(post.drain(courier)) == 4


def test_without_limits_everything_leaves(post: Post) -> None:
    """A server of the office's own is used as fast as it goes."""
    post.put(*people(120), lane=BULK)
    courier = post.courier()

    assert len(post.drain(courier)) == 120
    assert (courier.closed, courier.opens) == (NO_LANE, None)


# -- answers that mean "too fast"


def test_too_frequent_slows_the_account_not_only_the_mail(post: Post) -> None:
    """After 450 'frequency' nothing is sent for a minute, then two; a restart does not forget it."""
    post.put(*people(8), lane=WORK)
    post.server.answer = lambda to, _nth: Delivered(address=to, code=450, text="Connection frequency limited")
    courier = post.courier()

    post.drain(courier)
    assert len(post.server.tried) <= 4
    assert courier.opens == NOW + MINUTE
    tried = len(post.server.tried)
    post.now += timedelta(seconds=50)
    post.drain(post.courier())
    assert len(post.server.tried) == tried
    post.now = NOW + MINUTE
    post.drain(courier)
    assert courier.opens == post.now + 2 * MINUTE


def test_a_day_limit_told_by_the_server_is_no_failure(post: Post) -> None:
    """550 'daily limit exceeded' says nothing of the recipient: the mails wait and leave later."""
    post.put(*people(3), lane=WORK)
    post.server.answer = lambda to, _nth: Delivered(
        address=to, code=550, text="5.4.5 Daily user sending limit exceeded"
    )
    courier = post.courier()

    post.drain(courier)
    assert set(post.states().values()) == {"ready"}
    post.server.answer = Server().answer
    post.now += timedelta(hours=1, minutes=1)
    assert len(post.drain(courier)) == 3


# -- answers that mean "too large"


def test_a_mail_that_is_too_large_goes_once_more_without_its_files(post: Post) -> None:
    """After 552 the same mail, with the same Message-ID and words, leaves with a note in place of its files."""
    whole = compose(
        sender=Address(address=GM), to=Address(address="he@corp.example"), subject="承办 [GM-1]", text="正文", html="<p>正文</p>",
        date=NOW, message_id="<m.1@corp.example>", maild_id="1", kind=LetterKind.ASSIGNMENT, language="zh",
        attachments=(AttachedFile(filename="大图.png", content_type="image/png", content=b"\x00" * 90_000),),
    )  # fmt: skip
    post.put("he@corp.example", raw=whole)
    post.server.answer = lambda to, nth: Delivered(address=to, code=552 if nth == 1 else 250, text="5.3.4 too big")

    assert post.drain(post.courier()) == ["he@corp.example"]

    light = parse(post.server.raws[1])
    assert (light.message_id, light.subject) == ("<m.1@corp.example>", "承办 [GM-1]")
    assert light.text.startswith("正文")
    assert "zh: left out 大图.png\nen: left out 大图.png" in light.text
    assert light.attachments == ()
    assert len(post.server.raws[1]) < 3000


async def _until(courier: Courier, done: Callable[[], bool]) -> None:
    work = asyncio.create_task(courier.drain())
    await _until_true(done)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)


async def _until_true(done: Callable[[], object]) -> None:
    while not done():
        await asyncio.sleep(0.01)
