"""The first contact with a new mailbox: both logins, the plus-address probe, a test mail."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from maild.cli.asking import Questions
from maild.errors import MaildError
from maild.settings import MailboxSettings, Settings

if TYPE_CHECKING:
    from maild.adapters.store import Store

SEEDS = Path(__file__).resolve().parent / "office"
_PROBE_PATIENCE = 20.0


def logins(box: MailboxSettings) -> list[str]:
    """Try both logins; one sentence for each that does not work, with its mend."""
    from maild.adapters.imapcheck import check_imap
    from maild.adapters.smtpcheck import check_smtp

    found = [next(iter(check_imap(box))), check_smtp(box)]
    return [f"{one.text}; {one.mend}" if one.mend else one.text for one in found if one.status == "BAD"]


def probed(box: MailboxSettings, settings: Settings, words: Path, *, patience: float = _PROBE_PATIENCE) -> bool:
    """Send the plus-address probe, remember it, and look for it a while; True when it is there. `MaildError`."""
    from maild.adapters.mailprobe import probe_is_there, send_probe
    from maild.adapters.sealring import read_ring
    from maild.adapters.store import Store
    from maild.workflow.probe import ARRIVED, probe_name

    store = Store.open(settings.store.url, settings.base, read_ring(settings.seal))
    try:
        name = probe_name(box.address)
        with store.reading() as books:
            mark = books.kept_text(name)
        if mark == ARRIVED:
            return True
        if not mark:
            mark = send_probe(box, words.read_text("utf-8"), now=datetime.now(UTC))
            _keep(store, name, mark)
        arrived = probe_is_there(box, mark, patience=patience)
        if arrived:
            _keep(store, name, ARRIVED)
    finally:
        store.close()
    return arrived


def first_contact(box: MailboxSettings, settings: Settings, questions: Questions, *, words: Path, test_to: str) -> int:
    """After both logins work: probe and test mail; 0, or 1 with a sentence when a mail could not be sent."""
    from maild.adapters.mailprobe import send_mail

    try:
        questions.say("plus_works" if probed(box, settings, words / "probe-mail.txt") else "plus_waits")
    except MaildError as error:
        # A server that refuses gm+probe@ answers the question.
        questions.say("plus_waits", error.sentence)
    if not test_to:
        return 0
    try:
        send_mail(box, test_to, (words / "test-mail.txt").read_text("utf-8"), now=datetime.now(UTC))
    except MaildError as error:
        print(error.sentence, flush=True)
        return 1
    questions.say("test_sent", test_to)
    return 0


def _keep(store: "Store", name: str, text: str) -> None:
    with store.writing() as books:
        books.keep_text(name, text)
