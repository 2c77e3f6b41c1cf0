"""Once a night the books are compared; what differs stands in the digest, and what is grave is told at once."""

import logging
from collections.abc import Sequence
from datetime import time, timedelta

from maild.adapters.chains import Broken
from maild.adapters.reconciling import GRAVE, Difference, differences
from maild.adapters.sealwork import seal_archive
from maild.assembly import Workshop
from maild.domain.instant import Instant
from maild.settings import MailboxSettings
from maild.workflow.plan import Line, Plan

SEALED = "archive sealed by"
"""Under which name the key is remembered that has closed the whole archive."""
log = logging.getLogger("maild.nightly")
_LATELY = timedelta(days=7)
"""So far back raw mails are looked for that an erasure did not come to take away."""
_BEGINS, _AFTER = time(3), timedelta(hours=20)
"""Local time from which it may run, and how long after the last time at the earliest."""


def reconcile_at_night(workshop: Workshop, box: MailboxSettings) -> Sequence[Difference] | None:
    """Compare the books of one mailbox when its time has come; None where it has not."""
    office = workshop.office(box)
    local, name = office.now.astimezone(office.zone), f"reconciled {box.address}"
    with workshop.store.writing() as books:
        last = books.marked_time(name)
        if last is None:
            books.mark_time(name, office.now)
        if last is None or local.time() < _BEGINS or office.now - last < _AFTER:
            return None
        books.mark_time(name, office.now)
    seal_at_night(workshop)
    workshop.eraser().finish(since=office.now - _LATELY)
    found = list(differences(box, workshop.store, workshop.archive, day=local.date()))
    if missed := keep_heads_at_night(workshop):
        found.append(Difference(kind="case-lost", count=len(missed), example=missed[0][0]))
    log.info("%s: the books were compared, %d kinds of differences", box.address, len(found))
    if found:
        lines = tuple(Line(kind=f"differs-{one.kind}", data={"count": str(one.count)}) for one in found)
        grave = any(one.kind in GRAVE for one in found)
        instants = (Instant(kind="trouble", trouble="books-differ"),) if grave else ()
        with workshop.store.writing() as books:
            books.save(Plan(lines=lines, instants=instants), (), mailbox=box.address, now=office.now)
    return found


def keep_heads_at_night(workshop: Workshop) -> Sequence[Broken]:
    """Write the heads of the history down outside the database; what it lacks of what it once had, and then not."""
    anchors = workshop.anchors()
    missed = anchors.broken(workshop.store)
    if not missed:
        anchors.keep(workshop.store, workshop.now())
    return missed


def seal_at_night(workshop: Workshop) -> None:
    """Encrypt what was archived before there was this key; once all of it is done, never looked for again."""
    key = workshop.sealed_by()
    with workshop.store.reading() as books:
        if not key or books.kept_text(SEALED) == key:
            return
    done, damaged = seal_archive(workshop.archive)
    log.info("%d raw mails of the archive were encrypted, %d could not be read", done, len(damaged))
    if not damaged:
        with workshop.store.writing() as books:
            books.keep_text(SEALED, key)
