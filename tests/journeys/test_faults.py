"""The office's own parts fail: what was done stays done, and the rest goes on (quality.md, "servers fail")."""

import asyncio
import contextlib
import itertools
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from maild.adapters.store import Store, Writing
from maild.errors import Misconfigured, Temporary
from maild.post import open_post
from maild.workflow import returned, settle
from maild.workflow.tick import Ticker
from tests.journeys.desk import GM, TestDesk, open_desk
from tests.journeys.post import CUSTOMER, mail

GONE = "nobody@mail-g.example"


@pytest.fixture
def desk(tmp_path: Path, each_database: str) -> Iterator[TestDesk]:
    """An installation."""
    with open_desk(tmp_path, database=each_database) as opened:
        yield opened


def times_sent(desk: TestDesk) -> Counter[str]:
    """How often each outgoing mail was accepted by the SMTP server."""
    return Counter(sent.raw.split(b"Message-ID: ", 1)[-1].split(b"\r\n")[0].decode() for sent in desk.servers.sent)


def states(desk: TestDesk) -> set[str]:
    """The states of all outgoing mails."""
    return {row[0] for row in desk.rows("select state from outbox")}


def test_answers_that_the_database_did_not_take_are_not_forgotten(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the database refuses the server's answers nothing is sent again; they are written down when it is back."""
    desk.servers.refuse(GM, 451, "4.3.0 not now", verb="MAIL")
    desk.receive(mail(), mail(sender="c2@mail-a.example"))
    desk.servers.accept(GM, verb="MAIL")
    desk.now += timedelta(hours=1)
    workshop = desk.workshop()
    tries, sent_now = itertools.count(), Writing.sent_now

    def locked(self: Writing, *args: Any) -> None:
        if next(tries) < 9:
            raise Temporary("The database is locked; maild tries again.")
        sent_now(self, *args)

    monkeypatch.setattr(Writing, "sent_now", locked)

    async def work() -> None:
        post = open_post(workshop, workshop.settings.mailbox[0], lambda _box: None)
        for _ in range(12):
            with contextlib.suppress(Temporary):
                await post.courier.drain()
        await post.courier.sender.close()

    asyncio.run(work())

    assert next(tries) > 9
    assert {1} == set(times_sent(desk).values())
    assert {"sent"} == states(desk)


@pytest.mark.parametrize("error", [ZeroDivisionError, Misconfigured])
def test_a_notice_that_cannot_be_written_holds_no_other_mail_back(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """A refused mail of which nobody can be told is marked as failed, and everything else leaves."""
    desk.servers.refuse(GONE, 550, "5.1.1 no such user")
    desk.servers.deliver(mail(sender=GONE), GM)
    desk.servers.deliver(mail(), GM)
    broken = True

    def undeliverable(*args: Any, **options: Any) -> Any:
        if broken:
            raise error("broken")
        return returned.undeliverable(*args, **options)

    monkeypatch.setattr(settle, "undeliverable", undeliverable)
    for _ in range(3):
        desk.later(timedelta(minutes=1))
    broken = False
    desk.later(timedelta(hours=1))

    assert {1} == set(times_sent(desk).values())
    assert CUSTOMER in {to for sent in desk.servers.sent for to in sent.recipients}
    assert {"sent", "failed"} == states(desk)


def test_a_failing_sweep_keeps_no_letter_back(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the clocks cannot be looked at, mail is taken in and answered all the same, and the trouble is named."""

    def broken(_self: Ticker, *, whole: bool) -> float:  # noqa: ARG001
        raise Temporary("The calendar cannot be read.")

    monkeypatch.setattr(Ticker, "tick", broken)

    letters = desk.receive(mail())

    assert CUSTOMER in {letter.to for letter in letters}
    assert ["The calendar cannot be read."] == desk.troubles


def test_a_database_that_is_away_for_a_moment_loses_nothing(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every third transaction fails: in the end each mail is one case and each letter went out once."""
    count = 0
    writing = Store.writing

    @contextmanager
    def flaky(self: Store) -> Iterator[Writing]:
        nonlocal count
        count += 1
        with writing(self) as books:
            yield books
            if count % 3 == 0:
                raise Temporary("The database is locked; maild tries again.")

    for number in range(4):
        desk.servers.deliver(mail(sender=f"c{number}@mail-a.example"), GM)
    workshop = desk.workshop()
    monkeypatch.setattr(Store, "writing", flaky)
    for _ in range(12):
        try:
            desk.later(timedelta(minutes=1))
        except Temporary:
            continue
    monkeypatch.undo()
    assert workshop is desk.workshop()
    desk.one_pass()

    assert 4 == len(desk.cases())
    assert {"sent"} == states(desk)
    assert [("filed", 4)] == desk.rows("select state, count(*) from journal group by 1")
    assert max(times_sent(desk).values()) <= 4
