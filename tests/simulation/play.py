"""One office from its seed: mails come, time goes by, servers fail, the process dies; every promise is asked each step."""

import logging
import tempfile
from datetime import timedelta
from pathlib import Path

from maild.domain.value import value
from tests.simulation.dice import Dice
from tests.simulation.mails import something
from tests.simulation.office import Office
from tests.simulation.promises import Promises, fingerprint
from tests.simulation.servers import INBOX

STEPS = (5, 60, 600, 3600, 4 * 3600, 20 * 3600, 3 * 86400)
"""Seconds between two passes, up to so many."""
REST = 6
"""Passes, hours apart, in which all must come to rest when nothing fails any more."""


@value
class Played:
    """What came of one office."""

    seed: int
    mails: int
    passes: int
    deaths: int
    faults: int
    days: float
    broken: tuple[str, ...]
    """The promises of the first step that broke one."""
    fingerprint: str


def play(seed: int, mails: int, *, fault: float = 0.03) -> Played:
    """Play one office to its end, or to the first step that breaks a promise."""
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Path(folder), Dice(seed, fault))
        begin = office.now
        logging.getLogger("maild").setLevel(logging.CRITICAL)
        try:
            broken = _play(office, mails)
            return Played(
                seed=seed, mails=office.delivered.total(), passes=office.passes, deaths=office.deaths,
                faults=sum(office.dice.thrown.values()), days=round((office.now - begin).total_seconds() / 86400, 1),
                broken=tuple(broken), fingerprint=fingerprint(office),
            )  # fmt: skip
        finally:
            logging.getLogger("maild").setLevel(logging.NOTSET)
            office.close()


def _play(office: Office, mails: int) -> list[str]:
    promises, dice = Promises(office), office.dice
    while office.delivered.total() < mails:
        for _ in range(dice.below(4)):
            office.deliver(something(office, office.delivered.total()))
        if dice.harm("IMAP UIDVALIDITY", of=0.2):
            office.mailbox.renumber(INBOX)
        if broken := _step(office, promises):
            return broken
        office.later(timedelta(seconds=dice.below(dice.pick(STEPS)) + 1))
    dice.calm = True
    for _ in range(REST):
        office.later(timedelta(hours=3))
        if broken := _step(office, promises):
            return broken
    office.one_pass()
    return list(promises.unfinished())


def _step(office: Office, promises: Promises) -> list[str]:
    office.one_pass()
    return [f"after pass {office.passes}: {one}" for one in promises.broken()]
