"""Whether the second channel is there, and whether somebody is on duty."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from maild.adapters.finding import Finding, ok, warn
from maild.adapters.robots import read_addresses
from maild.domain.directory import Duty
from maild.settings import Settings


def check_notify(settings: Settings) -> Finding:
    """How many robots hear what is critical; nothing is sent to them."""
    addresses = read_addresses(settings.notify.urgent.text)
    if not addresses:
        mend = f"put a chat robot's or webhook's address into the variable {settings.notify.urgent_env}"
        return warn(
            "second channel", "there is none; what is critical, and a broken mailbox, reach people by mail alone", mend
        )
    return ok("second channel", f"{len(addresses)} ({', '.join(one.kind for one in addresses)})")


def check_duty(duty: Sequence[Duty], now: datetime) -> Iterator[Finding]:
    """A duty table 值班 that has run out wakes the handler instead; an office without one is not asked for it."""
    if duty and all(one.end <= now for one in duty):
        last = max(one.end for one in duty)
        mend = "write the coming weeks into duty of the directory"
        yield warn("duty", f"its last entry ended {last:%Y-%m-%d}; at night the handler is woken instead", mend)
