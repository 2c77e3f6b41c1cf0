"""Check an installation: one line each, ok / warn / BAD, with the mend.

It sends nothing but, where plus_addressing is "auto", one probe to gm+probe@ until that has arrived.

example: maild doctor -c maild.toml
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from itertools import chain
from zoneinfo import ZoneInfo

from maild.adapters.finding import Finding, ok
from maild.cli.language import language_argument, spoken
from maild.cli.main import config_argument
from maild.errors import MaildError
from maild.settings import MailboxSettings, Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `maild doctor`."""
    config_argument(parser)
    parser.add_argument(
        "--mail", metavar="ADDRESS", help="send a mail to each shared address and one to ADDRESS, and read what arrives"
    )
    parser.add_argument(
        "--reconcile", action="store_true", help="compare server, journal, archive and cases, all of them"
    )
    language_argument(parser)
    parser.add_argument("--json", action="store_true", help="one array of {check, status, text, mend}")


def run(args: argparse.Namespace) -> int:
    """Exit status 0 when nothing is BAD, 1 otherwise; 2 for a configuration that cannot be read."""
    from maild.adapters.faultwords import finding_said
    from maild.config import load

    settings = load(args.config, os.environ)
    found = []
    probes = (plus_finding(box, settings) for box in settings.mailbox if box.plus_addressing == "auto")
    asked = (
        *((mail_findings(settings, args.mail),) if args.mail else ()),
        *((book_findings(settings),) if args.reconcile else ()),
    )
    for finding in chain(findings(settings, datetime.now(UTC)), probes, *asked):
        said = finding_said(finding, spoken(args))
        found.append(replace(said, check=finding.check))
        if not args.json:
            print(_line(said), flush=True)
    if args.json:
        json.dump([asdict(finding) for finding in found], sys.stdout, ensure_ascii=False, indent=1)
        print()
    return 1 if any(finding.status == "BAD" for finding in found) else 0


def mail_findings(settings: Settings, address: str) -> Iterator[Finding]:
    """What becomes of mail on its way, for each mailbox (interfaces.md, `doctor --mail`)."""
    from maild.adapters.mailcheck import check_mail
    from maild.cli.firsttry import SEEDS

    words = (SEEDS / "check-mail.txt").read_text("utf-8")
    for box in settings.mailbox:
        yield from check_mail(box, address, settings.mailbox, words, now=datetime.now(UTC))


def book_findings(settings: Settings) -> Iterator[Finding]:
    """Whether server, journal, archive, cases and outbox say the same."""
    from maild.adapters.archive import open_archive
    from maild.adapters.finding import bad, of_error
    from maild.adapters.reconciling import differences
    from maild.adapters.sealring import read_ring
    from maild.adapters.store import Store

    store = Store.open(settings.store.url, settings.base, read_ring(settings.seal))
    archive = open_archive(settings.store.archive, read_ring(settings.seal))
    try:
        for box in settings.mailbox:
            check, today = f"books of {box.address}", datetime.now(UTC).date()
            try:
                found = list(differences(box, store, archive, day=today, whole=True))
            except MaildError as error:
                yield of_error(check, error)
                continue
            for one in found:
                yield bad(check, f"{one.kind}: {one.count}, such as {one.example}", _BOOKS[one.kind])
            if not found:
                yield ok(check, "server, journal, archive, cases and outbox agree")
    finally:
        store.close()


_BOOKS = {
    "unjournalled": "move these mails out of the inbox and back, so that they get new UIDs",
    "archive-damaged": "restore the named files of the archive from the backup",
    "case-lost": "run maild audit verify, and restore the database from the backup",
    "sent-without-time": "nothing is lost; tell whoever changed the database by hand",
}


def findings(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Everything that can be known without sending a mail; a trouble of one thing stops no other check."""
    from maild.adapters.barchart import check_charts
    from maild.adapters.housecheck import HouseCheck
    from maild.adapters.maskapart import check_looking
    from maild.adapters.notifycheck import check_duty, check_notify
    from maild.adapters.sheetfile import check_printing
    from maild.adapters.storecheck import check_readers

    boxes = ", ".join(box.address for box in settings.mailbox)
    yield ok("configuration", f"{settings.organisation.name}, {settings.organisation.domain}: {boxes}")
    house = HouseCheck(settings, now.astimezone(ZoneInfo(settings.organisation.timezone)).date())
    yield from house.findings()
    for box in settings.mailbox:
        yield from mailbox_findings(box)
    yield from store_findings(settings, now)
    yield check_printing()
    yield check_looking()
    yield check_charts()
    yield check_notify(settings)
    yield from check_duty(house.duty, now)
    yield from check_readers(settings, house.people)


def store_findings(settings: Settings, now: datetime) -> Iterator[Finding]:
    """What is kept on this machine, and the clock."""
    from maild.adapters.storecheck import check_archive, check_database, check_disk, check_seal, check_secrets

    yield from check_database(settings, now)
    yield check_archive(settings)
    yield from check_disk(settings)
    yield check_secrets(settings)
    yield check_seal(settings)


def mailbox_findings(box: MailboxSettings) -> Iterator[Finding]:
    """One account: IMAP, SMTP, and what the settings make of it."""
    from maild.adapters.imapcheck import check_imap
    from maild.adapters.providercheck import check_provider
    from maild.adapters.smtpcheck import check_smtp

    yield from check_provider(box)
    yield from check_imap(box)
    yield check_smtp(box)
    yield ok(f"mode {box.address}", f"{box.mode}: {_MODES[box.mode]}")
    if box.plus_addressing != "auto":
        yield ok(f"plus-address {box.address}", _PLUS[box.plus_addressing])


_MODES = {
    "observe": "nothing leaves but the coordinator's digest, which shows what would have gone out",
    "assist": "acknowledgements and assignments wait for the coordinator's release",
    "live": "mail is sent by itself",
}
_PLUS = {
    "true": "used, as the settings say; replies must reach gm+KEY@",
    "false": "not used, as the settings say; replies are known by their subject",
}
PATIENCE = 8.0
"""Seconds to look for the probe."""


def plus_finding(box: MailboxSettings, settings: Settings) -> Finding:
    """Whether plus-addresses arrive, where the settings leave that to be found out; sends the probe once."""
    from maild.cli.firsttry import SEEDS, probed

    check = f"plus-address {box.address}"
    try:
        if probed(box, settings, SEEDS / "probe-mail.txt", patience=PATIENCE):
            return ok(check, "arrives, and is used to recognise replies")
    except MaildError as error:
        return ok(check, f"not used, as the probe cannot be sent or looked for ({error.sentence.rstrip('.')})")
    return ok(check, "not used until the probe that was sent has arrived; replies are known by their subject")


def _line(finding: Finding) -> str:
    mend = f" -> {finding.mend}" if finding.mend else ""
    return f"{finding.status:<5}{finding.check}: {finding.text}{mend}"
