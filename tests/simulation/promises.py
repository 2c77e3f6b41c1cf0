"""The promises of casework 1, asked of an office after each step, and once more when all has come to rest."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from maild.adapters.chains import broken_chains
from maild.errors import MaildError
from tests.simulation.office import GM, Office
from tests.simulation.servers import INBOX, Taken

_TWICE = (
    "select sha256, count(*) from journal where disposition = 'new-case' group by 1 having count(*) > 1",
    """select number || ' ' || recipient, count(*) from outbox
    where kind = 'requester.acknowledgement' and number is not null group by 1 having count(*) > 1""",
)
_NEW_LETTERS = (
    "select o.id, o.kind, o.recipient, c.requester "
    'from outbox o left join "case" c on c.number = o.number where o.id > {last}'
)
_LEFT_UNDONE = {
    "mails": "select state, count(*) from journal where state not in ('filed', 'shelved', 'held') group by 1",
    "letters": "select state, count(*) from outbox where state = 'ready' and next_at <= '{now}' group by 1",
}


@dataclass
class Promises:
    """What is asked, and what was asked already."""

    office: Office
    _archived: set[str] = field(default_factory=set)
    _letters: int = 0
    _mails: int = 0
    _arrived: dict[str, Taken] = field(default_factory=dict)

    def broken(self) -> Iterator[str]:
        """What does not hold at this step, one sentence each."""
        yield from self._lost()
        yield from self._twice()
        yield from self._not_recorded()
        yield from self._to_the_wrong()

    def unfinished(self) -> Iterator[str]:
        """What is left undone though nothing fails any more."""
        now = self.office.now.strftime("%Y-%m-%d %H:%M:%S.%f")
        for what, query in _LEFT_UNDONE.items():
            for state, count in self.office.rows(query.format(now=now)):
                yield f"{count} {what} are still {state}"
        if left := len(self.office.mailbox.folders[INBOX]):
            yield f"{left} mails are still in the inbox"
        for chain in broken_chains(self.office.workshop().store)[2]:
            yield f"the chain of {chain} is broken"

    def _lost(self) -> Iterator[str]:
        """A mail leaves the inbox only when it is archived, and what became of it is committed."""
        known: dict[str, set[str]] = defaultdict(set)
        for digest, disposition in self.office.rows("select sha256, disposition from journal"):
            known[digest].add(disposition)
        folders = self.office.mailbox.folders
        lying = Counter(mail.digest for folder in folders.values() for mail in folder)
        for digest, count in self.office.delivered.items():
            if lying[digest] < count:
                yield f"{count - lying[digest]} copies of mail {digest[:8]} are nowhere on the server"
        for digest in {mail.digest for name in folders if name.startswith("maild/") for mail in folders[name]}:
            if not known[digest] - {""}:
                yield f"mail {digest[:8]} left the inbox and nothing about it is committed"
        for digest in known.keys() - self._archived:
            try:
                self.office.workshop().archive.get(digest)
                self._archived.add(digest)
            except MaildError as error:
                yield f"mail {digest[:8]} is in the journal and not in the archive: {error.sentence}"

    def _twice(self) -> Iterator[str]:
        """One content is one case, and is acknowledged once."""
        for query in _TWICE:
            for what, count in self.office.rows(query):
                yield f"{what}: {count} times"

    def _not_recorded(self) -> Iterator[str]:
        """What arrived was queued, with these bytes; once more only where no answer to it had been written down."""
        new, self._letters = self.office.smtp.taken[self._letters :], len(self.office.smtp.taken)
        for taken in new:
            [queued] = self.office.rows(f"select raw from outbox where maild_id = '{taken.ident}'") or [(b"",)]  # noqa: S608
            before, self._arrived[taken.ident] = self._arrived.get(taken.ident), taken
            if queued[0] != taken.raw:
                yield f"letter {taken.ident} left with other bytes than were recorded"
            if taken.state != "ready":
                yield f"letter {taken.ident} left although it was {taken.state}"
            if before is not None and (before.faults == taken.faults or before.raw != taken.raw):
                yield f"letter {taken.ident} arrived twice, and nothing had failed"

    def _to_the_wrong(self) -> Iterator[str]:
        """Outside the organisation a letter goes to who wrote in that case, and to nobody else."""
        new = self.office.rows(_NEW_LETTERS.format(last=self._mails))
        for ident, kind, recipient, requester in new:
            self._mails = max(self._mails, ident)
            if kind.startswith("requester.") and requester not in {None, recipient}:
                yield f"{kind} for {requester} went to {recipient}"
            if not recipient.endswith("@corp.example") and not kind.startswith("requester."):
                yield f"{kind} went outside, to {recipient}"
            if recipient == GM:
                yield f"{kind} went to our own mailbox"


def fingerprint(office: Office) -> str:
    """What became of an office, in one hash: the same for the same seed."""
    said = [
        *office.rows("select uid, state, disposition, number from journal order by id"),
        *office.rows("select kind, recipient, state, maild_id from outbox order by id"),
        *((taken.ident, taken.to) for taken in office.smtp.taken),
        office.now.isoformat(), office.deaths, sorted(office.dice.thrown.items()),
    ]  # fmt: skip
    return sha256(repr(said).encode()).hexdigest()
