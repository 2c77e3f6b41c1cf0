"""The herald tells by the second channel what was committed for it; mail waits for none of this (P1.1.2).

A message that a channel did not take is tried again, after 30 s and doubling to an hour, for a day; then the digest
says so. A channel that has it is not told twice.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from maild.domain.backoff import FIRST, LONGEST
from maild.domain.instant import Instant, Unsaid
from maild.errors import MaildError
from maild.workflow.books import Store
from maild.workflow.plan import Line, Plan
from maild.workflow.ports import Channel, Now

log = logging.getLogger("maild.herald")
GIVE_UP = timedelta(days=1)
_BATCH = 20
Words = Callable[[str], Mapping[str, Mapping[str, str]]]


@dataclass
class Herald:
    """Empties the table of instant messages into every channel; without a channel there is nobody to tell."""

    channels: Sequence[Channel]
    store: Store
    words: Words
    now: Now

    def tell_all(self) -> int:
        """Tell everything that is due; how many messages every channel has taken."""
        told = 0
        while True:
            with self.store.reading() as books:
                due = books.next_instant()
            if due is None or due > self.now():
                return told
            with self.store.writing() as books:
                messages = books.take_instants(self.now(), _BATCH)
            for message in messages:
                told += self._tell(message)
            if not messages:
                return told

    def tell_now(self, instant: Instant) -> None:
        """Tell without the database, when that is what went wrong; each channel once."""
        self._spread(instant)

    def _tell(self, message: Unsaid) -> bool:
        rest, trouble, pause = self._spread(message.instant)
        now = self.now()
        if not trouble and not pause:
            self._settle(message, rest, "sent" if self.channels else "failed")
            return bool(self.channels)
        if now - message.queued_at >= GIVE_UP:
            self._settle(message, rest, "failed", answer=trouble)
            return False
        wait = timedelta(seconds=pause) if pause and not trouble else FIRST * (1 << min(message.attempts, 10))
        with self.store.writing() as books:
            books.settle_instant(
                message.id, rest, state="ready", next_at=now + min(wait, LONGEST), answer=trouble
            )  # fmt: skip
        return False

    def _spread(self, instant: Instant) -> tuple[Instant, str, float]:
        """The message with the channels that have it now, the last trouble, and how long a full channel wants."""
        text, had, trouble, pause = spoken(instant, self.words), list(instant.had_by), "", 0.0
        for channel in self.channels:
            if channel.name in had or (instant.ways and channel.way not in instant.ways):
                continue
            if (full := channel.pause()) > 0:
                pause = max(pause, full)
                continue
            try:
                channel.tell(text)
                had.append(channel.name)
            except MaildError as error:
                log.warning("%s", error.sentence)
                trouble = error.sentence
        return replace(instant, had_by=tuple(had)), trouble, pause

    def _settle(self, message: Unsaid, instant: Instant, state: str, *, answer: str = "") -> None:
        now = self.now()
        with self.store.writing() as books:
            books.settle_instant(message.id, instant, state=state, next_at=now, answer=answer)
            if state == "failed" and self.channels:
                line = Line(kind="instant-failed", number=instant.number or None)
                books.save(Plan(lines=(line,)), (), mailbox=message.mailbox, now=now)


def spoken(instant: Instant, words: Words) -> str:
    """The message in words: what the catalogue says of its kind, with number, urgency and trouble, no more."""
    said = words(instant.language)
    text = said["instant"].get(instant.kind, instant.kind)
    return text.format(
        number=instant.number,
        urgency=said["urgency"].get(instant.urgency, instant.urgency),
        trouble=said.get("trouble", {}).get(instant.trouble, instant.trouble),
    )
