"""`maild once`: one pass over all mailboxes, then the end."""

import asyncio
from collections.abc import Awaitable
from datetime import datetime
from typing import TypeVar

from maild.assembly import Workshop
from maild.errors import MaildError
from maild.forgetting import Forgetting
from maild.post import open_post, take_in
from maild.tenure import Tenure

T = TypeVar("T")


async def once(workshop: Workshop) -> tuple[int, list[str], int, datetime | None]:
    """One pass: fetch all, handle, sweep, send what is due (interfaces.md, `maild once`).

    Returns how many mails were new, what could not be used, how many outgoing mails stay and until when.
    """
    with Tenure(workshop, guest=True) as tenure:
        return await _once(workshop, tenure)


async def _once(workshop: Workshop, tenure: Tenure) -> tuple[int, list[str], int, datetime | None]:
    new, troubles, kept, until = 0, list[str](), 0, None
    for box in workshop.settings.mailbox:
        post = open_post(workshop, box, lambda _box: None, tenure.leases)
        try:
            if await asyncio.to_thread(tenure.wait_for, box.address):
                new += await _noted(asyncio.to_thread(take_in, post), troubles) or 0
                await _noted(asyncio.to_thread(Forgetting(workshop).carry_out, box), troubles)
            else:
                who = tenure.leases.holder(box.address) or "another maild"
                troubles.append(f"{box.address}: {who} takes in the mail of this mailbox; nothing was fetched.")
            await _noted(asyncio.to_thread(post.ticker.tick, whole=True), troubles)
            await _noted(post.courier.drain(), troubles)
        finally:
            await asyncio.to_thread(post.server.close)
            await post.courier.sender.close()
        if post.courier.trouble is not None:
            troubles.append(post.courier.trouble.sentence)
        with workshop.store.reading() as books:
            count, last = books.kept(box.address)
        kept, until = kept + count, max(filter(None, (until, last, post.courier.opens)), default=None)
    await _noted(asyncio.to_thread(workshop.herald().tell_all), troubles)
    return new, troubles, kept, until


async def _noted(work: Awaitable[T], troubles: list[str]) -> T | None:
    """What the work brought; None, and one sentence more, when it could not be done: the rest goes on."""
    try:
        return await work
    except MaildError as error:
        troubles.append(error.sentence)
        return None
