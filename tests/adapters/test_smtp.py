"""Handing mails to an SMTP server."""

import asyncio

import pytest

from maild.adapters.smtp import SmtpSender
from maild.domain.letter import Delivered
from tests.adapters.smtp_account import LI, RAW, codes, login, run, sent
from tests.adapters.smtp_servers import Taken, real, scripted


def test_a_mail_is_handed_over() -> None:
    """The server gets exactly the frozen bytes, under a name that is the account's domain."""

    async def story() -> None:
        taken = Taken()
        async with real(taken) as port:
            assert codes(await sent(port, username="gm@corp.example")) == [250]
        assert taken.mails == [("gm@corp.example", [LI], RAW)]
        assert set(taken.ehlo) == {"corp.example"}

    run(story())


def test_refusals_are_told_apart() -> None:
    """Each recipient gets its own answer, in the order asked; one refusal stops nobody else."""

    async def story() -> None:
        taken = Taken()
        async with real(taken) as port:
            to = ("nobody@x.example", LI, "later@x.example", "x y@z.example\r\nRSET", "李@x.example")
            answers = await sent(port, *to)
        assert codes(answers) == [550, 250, 451, 553, 553]
        assert [answer.address for answer in answers] == list(to)
        assert [answer.permanent for answer in answers] == [True, False, False, True, True]
        assert [mail[1] for mail in taken.mails] == [[LI]]

    run(story())


@pytest.mark.parametrize("to", ["ok@x.example> SIZE=1", "a@b.example\r\nRSET", "a@b.example\r\nRCPT TO:<c@d.example>"])
def test_an_address_cannot_smuggle_a_command(to: str) -> None:
    """What could end an address on the wire never reaches the server."""

    async def story() -> None:
        async with scripted() as (port, seen):
            assert codes(await sent(port, to)) == [553]
        assert seen == []

    run(story())


def test_all_refused_leaves_the_connection_usable() -> None:
    """After a mail that nobody takes, the next one goes over the same connection."""

    async def story() -> None:
        taken = Taken()
        async with real(taken) as port:
            sender = SmtpSender(login(port))
            assert codes(list(await sender.send("gm@corp.example", ["nobody@x.example"], RAW))) == [550]
            assert codes(list(await sender.send("gm@corp.example", [LI], RAW))) == [250]
            await sender.close()
        assert len(taken.ehlo) == 1

    run(story())


def test_refused_content() -> None:
    """A refusal of the content is the mail's, for every recipient, and no bad connection."""

    async def story() -> None:
        taken = Taken()
        async with real(taken) as port:
            sender = SmtpSender(login(port))
            answers = await sender.send("gm@corp.example", [LI, "b@x.example"], b"Subject: virus\r\n\r\n")
            assert codes(list(answers)) == [554, 554]
            assert codes(list(await sender.send("", [LI], RAW))) == [250]
            await sender.close()
        assert taken.mails == [("", [LI], RAW)]

    run(story())


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ({"RCPT": ("421 closing",)}, 421),
        ({"RCPT": ("503 nested MAIL",)}, 0),
        ({"RCPT": ("",)}, 0),
        ({"DATA": ("451 try later",)}, 451),
        ({"DATA": ("421 closing",)}, 421),
        ({"DATA": ("",)}, 0),
        ({"BODY": ("",)}, 0),
        ({"BODY": ("nonsense",)}, 0),
        ({"BODY": ("552 too big",)}, 552),
        ({"MAIL": ("552 too big",)}, 552),
        ({"MAIL": ("452 full",)}, 452),
    ],
)
def test_trouble_with_one_mail(script: dict[str, tuple[str, ...]], code: int) -> None:
    """Whatever becomes of one mail is told, worth another try unless refused, and the next mail is taken."""

    async def story() -> None:
        async with scripted(**script) as (port, _seen):
            sender = SmtpSender(login(port), patience=5)
            assert codes(list(await sender.send("gm@corp.example", [LI], RAW))) == [code]
            assert codes(list(await sender.send("gm@corp.example", [LI], RAW))) == [250]
            await sender.close()

    run(story())


@pytest.mark.parametrize(("word", "doubt"), [("RCPT", False), ("BODY", True)])
def test_a_lost_answer_is_in_doubt_only_after_the_data(word: str, doubt: bool) -> None:
    """Only a mail whose data was under way may have been delivered, and says so."""

    async def story() -> None:
        async with scripted(**{word: ("",)}) as (port, _seen):
            (answer,) = await sent(port)
        assert (answer.code, "in doubt" in answer.text) == (0, doubt)

    run(story())


def test_a_421_among_recipients() -> None:
    """When the server hangs up between recipients, nobody counts as served."""

    async def story() -> None:
        async with scripted(RCPT=("250 OK", "421 too many", "250 never")) as (port, seen):
            answers = await sent(port, LI, "b@x.example", "c@x.example")
        assert codes(answers) == [421, 421, 0]
        assert "DATA" not in seen

    run(story())


def test_a_hanging_server_is_left() -> None:
    """A recipient whose server says nothing costs at most the patience, and the next mail a new connection."""

    async def story() -> None:
        async with scripted(RCPT=("hang",)) as (port, seen):
            sender = SmtpSender(login(port), patience=0.2)
            hung = await sender.send("gm@corp.example", [LI], RAW)
            well = await sender.send("gm@corp.example", [LI], RAW)
            await sender.close()
        assert [(one.code, one.hung) for one in (*hung, *well)] == [(0, True), (250, False)]
        assert seen.count("CONNECT") == 2

    run(story())


def test_a_cancelled_mail_leaves_no_open_transaction() -> None:
    """After a cancelled mail the next one begins on a clean connection, not inside the old MAIL."""

    async def story() -> None:
        async with scripted(RCPT=("hang",)) as (port, seen):
            sender = SmtpSender(login(port), patience=30)
            first = asyncio.create_task(_send(sender))
            while "RCPT" not in seen:
                await asyncio.sleep(0)
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            assert codes(await _send(sender)) == [250]
            await sender.close()
        assert seen.count("CONNECT") == 2

    run(story())


async def _send(sender: SmtpSender) -> list[Delivered]:
    return list(await sender.send("gm@corp.example", [LI], RAW))


@pytest.mark.parametrize("answer", ["", "421 idle too long", "503 nested MAIL"])
def test_a_connection_gone_bad_is_replaced(answer: str) -> None:
    """A used connection that fails at MAIL is replaced at once, and nobody hears of it."""

    async def story() -> None:
        async with scripted(MAIL=("250 OK", answer, "250 OK")) as (port, seen):
            assert codes(await sent(port, mails=2)) == [250]
        assert seen.count("CONNECT") == 2

    run(story())


@pytest.mark.parametrize(("fresh", "connections"), [(60.0, 1), (-1.0, 3)])
def test_an_idle_connection_is_not_trusted(fresh: float, connections: int) -> None:
    """Connections are used again, but not after a pause."""

    async def story() -> None:
        async with scripted() as (port, seen):
            sender = SmtpSender(login(port), fresh=fresh)
            for _ in range(3):
                await sender.send("gm@corp.example", [LI], RAW)
            await sender.close()
        assert seen.count("CONNECT") == connections

    run(story())


def test_the_pool_is_bounded() -> None:
    """Twenty mails at once use no more connections than allowed, and all arrive."""

    async def story() -> None:
        taken = Taken()
        async with real(taken) as port:
            sender = SmtpSender(login(port, connections=3))
            answers = await asyncio.gather(*(sender.send("gm@corp.example", [LI], RAW) for _ in range(20)))
            await sender.close()
        assert {code for each in answers for code in codes(list(each))} == {250}
        assert (len(taken.mails), len(taken.ehlo)) == (20, 3)

    run(story())
