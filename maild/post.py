"""The composition of one mailbox's loops: what takes mail in, what sends, what moves time."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from maild.adapters.drawing import Drawer
from maild.adapters.imap import ImapServer
from maild.adapters.leases import Leases
from maild.adapters.providers import provider_of
from maild.adapters.smtp import SmtpSender
from maild.assembly import Workshop
from maild.domain.lanes import Budget
from maild.errors import MaildError, ServerGone
from maild.settings import MailboxSettings, Settings
from maild.workflow.alarm import Alarms
from maild.workflow.allowance import Account
from maild.workflow.books import Store
from maild.workflow.deliver import Courier
from maild.workflow.keeping import Keeper
from maild.workflow.receive import Receiver
from maild.workflow.reports.sending import Reporter
from maild.workflow.rounds import Rounds
from maild.workflow.settle import Settler
from maild.workflow.tick import Ticker

TOKEN_LOOK, TOKEN_TROUBLE = 60.0, 300.0
"""Seconds between looks at a mailbox's tokens, when all is well and when one could not be renewed."""


@dataclass
class Post:
    """One mailbox at work."""

    box: MailboxSettings
    server: ImapServer
    courier: Courier
    intake: Store
    """The store as the intake may use it."""
    receiver: Receiver
    rounds: Rounds
    ticker: Ticker
    outgoing: asyncio.Event
    alarms: Alarms
    failures: int = 0
    reached: bool | None = None
    """Whether the last pass reached the mailbox; None before the first."""
    sends: bool | None = None
    """Whether the SMTP account could be used the last time; None before the first."""
    takes_in: bool | None = None
    """Whether the last pass came to its end, or failed for no fault of the mail server's; None before the first."""
    sweeps: bool | None = None
    """Whether due clocks could be looked at the last time; None before the first."""
    signed_in: bool | None = None
    """Whether the tokens could be renewed the last time; None where there are none."""
    heard: str = ""
    lively_until: float = 0.0
    turn: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the mailbox may have become this daemon's, and when it ends."""


def open_post(
    workshop: Workshop, box: MailboxSettings, committed: Callable[[MailboxSettings], None], leases: Leases | None = None
) -> Post:
    """The loops' parts for one mailbox; nothing is connected yet. With `leases`, intake writes only while held."""
    server = ImapServer(box.imap, account=box.address)
    account = _account(box, workshop.settings)
    settler = Settler(
        mailbox=box.address, account=account.name, store=workshop.store, scribe=workshop.scribe(box),
        office=lambda: workshop.office(box), now=workshop.now,
    )  # fmt: skip
    courier = Courier(
        mailbox=box.address, store=workshop.store, sender=SmtpSender(box.smtp), settler=settler, account=account,
        now=workshop.now,
    )  # fmt: skip
    store: Store = leases.of(box.address) if leases else workshop.store
    told = lambda: committed(box)  # noqa: E731  a name for what is passed twice
    receiver = _receiver(workshop, box, server, store=store, committed=told)
    return Post(
        box=box, server=server, courier=courier, intake=store, receiver=receiver, rounds=_rounds(workshop, receiver),
        ticker=_ticker(workshop, box, told), outgoing=asyncio.Event(),
        alarms=Alarms(mailbox=box.address, store=workshop.store, now=workshop.now),
    )  # fmt: skip


def has_tokens(box: MailboxSettings) -> bool:
    """Whether a login of this mailbox is by token."""
    return box.imap.token is not None or box.smtp.token is not None


def keep_signed_in(post: Post) -> float:
    """Renew the mailbox's tokens before they end; alarm when that needs a person. Seconds until the next look."""
    for login in (post.box.imap, post.box.smtp):
        try:
            if login.token is not None:
                login.token.keep_fresh()
        except MaildError as error:
            if not isinstance(error, ServerGone):
                post.signed_in = False
                post.alarms.alarm("login-lost", error.sentence)
            return TOKEN_TROUBLE
    post.signed_in = True
    return TOKEN_LOOK


def take_in(post: Post) -> int:
    """Take in what is new, once a minute in the other folders too; the inbox is selected at the end, to be heard."""
    new = post.receiver.one_pass()
    if post.rounds.due():
        new += post.rounds.go() + post.receiver.one_pass()
    return new


def _account(box: MailboxSettings, settings: Settings) -> Account:
    """The SMTP account of a mailbox, with every mailbox that sends through it."""
    who = (box.smtp.host, box.smtp.username)
    shared = tuple(other.address for other in settings.mailbox if (other.smtp.host, other.smtp.username) == who)
    budget = Budget(per_minute=box.smtp.per_minute, per_day=box.smtp.per_day)
    return Account(name=f"{box.smtp.username or box.address} at {box.smtp.host}", mailboxes=shared, budget=budget)


def renew(post: Post, workshop: Workshop, committed: Callable[[], None]) -> None:
    """Give a mailbox's loops what was read again."""
    post.receiver = _receiver(workshop, post.box, post.server, store=post.intake, committed=committed)
    post.rounds = _rounds(workshop, post.receiver)
    post.ticker = _ticker(workshop, post.box, committed)
    post.courier.settler.scribe = workshop.scribe(post.box)
    box = post.box
    post.courier.settler.office = lambda: workshop.office(box)


def _receiver(
    workshop: Workshop, box: MailboxSettings, server: ImapServer, *, store: Store, committed: Callable[[], None]
) -> Receiver:
    office = workshop.office(box)
    return Receiver(
        box=box, zone=office.zone, server=server, store=store, archive=workshop.archive, machine=workshop.machine,
        now=workshop.now, handle=workshop.pipeline(box, committed, store).handle,
    )  # fmt: skip


def _rounds(workshop: Workshop, receiver: Receiver) -> Rounds:
    box = receiver.box
    keeper = Keeper(
        box=box, server=receiver.server, store=receiver.store, archive=workshop.archive, now=workshop.now,
        machine=workshop.machine,
    )  # fmt: skip
    provider = provider_of(box.address, box.smtp.host)
    return Rounds(receiver=receiver, keeper=keeper, files_sent=provider.files_sent)


def _ticker(workshop: Workshop, box: MailboxSettings, committed: Callable[[], None]) -> Ticker:
    scribe = workshop.scribe(box)
    return Ticker(
        store=workshop.store,
        scribe=scribe,
        reporter=Reporter(store=workshop.store, scribe=scribe, drawing=Drawer()),
        office=lambda: workshop.office(box),
        committed=committed,
        directory=lambda: workshop.house.desks[box.address].index.directory,
    )
