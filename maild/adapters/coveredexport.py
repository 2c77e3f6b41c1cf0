"""What leaves of a case covered: no letter as it came, no number of a person, and no name under a seal.

The history keeps its hashes and is verified by its digests; beside each stands what it tells without that. Mails are
written out as text, cleaned as for a reader of whom nothing is known. Attachments go along where their words hold
nothing that is masked; of a confidential case none. What a text says may still betray its writer.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from maild.adapters.erasedrows import without_words
from maild.domain.alias import hidden, hidden_data, hidden_lines, requester_of
from maild.domain.audit import Chained
from maild.domain.case import Case
from maild.domain.masks import Look, masked, masked_data
from maild.domain.message import Address, Mail
from maild.domain.value import value
from maild.errors import MaildError
from maild.workflow.plan import Received
from maild.workflow.ports import Archive

_TRACES = frozenset({"message_id", "mail", "from", "address", "maild_id"})
"""What an event remembers of mails: ids tell a provider, hashes prove a guess."""
Parse = Callable[[bytes], Mail]


@value
class Cover:
    """What is hidden: who wrote, as far as the case is confidential, and personal data of these kinds."""

    case: Case
    look: Look

    def text(self, said: str) -> str:
        """A line as it may leave."""
        return masked(hidden(said, self.case), self.look)

    def letter(self, said: str) -> str:
        """A letter's own words, without its signature under a seal."""
        return masked(hidden_lines(said, self.case), self.look)

    def data(self, said: Mapping[str, Any]) -> object:
        """The data of an event as it may leave."""
        kept = {name: one for name, one in said.items() if not (self.case.confidential and name in _TRACES)}
        return masked_data(hidden_data(kept, self.case), self.look)

    def who(self, one: Address) -> str:
        """Somebody who wrote or was written to."""
        own = {self.case.requester.address, *self.case.requester.earlier, *self.case.known_by.addresses}
        is_writer = self.case.confidential and one.address in own
        return requester_of(self.case) if is_writer else self.text(str(one))


def bare_chain(chain: Sequence[Chained]) -> list[Chained]:
    """The history by its digests alone."""
    return without_words(chain, lambda _: True)


def covered_facts(facts: Mapping[str, Any], cover: Cover) -> dict[str, Any]:
    """The facts of the case as the command line shows them, its events as they may leave."""
    return {**facts, "events": [{**one, "data": cover.data(one["data"])} for one in facts["events"]]}


def mails_as_text(
    cover: Cover, received: Sequence[Received], sent: Sequence[Mapping[Any, Any]], *, archive: Archive, parse: Parse
) -> Iterator[tuple[str, bytes, int]]:
    """Name, text and number of attachments of each mail that came and went."""
    for at, one in enumerate(received, 1):
        try:
            mail = parse(archive.get(one.sha256))
        except MaildError as error:
            yield f"received/{at:03}.txt", f"{error.sentence}\n".encode(), 0
            continue
        yield f"received/{at:03}.txt", _text(mail, cover, "From", [mail.author]), len(mail.files)
    for at, row in enumerate(sent, 1):
        if row["raw"]:
            mail = parse(bytes(row["raw"]))
            head = f"{row['kind']} ({row['state']})\n".encode()
            to = [Address(address=row["recipient"])]
            yield f"sent/{at:03}.txt", head + _text(mail, cover, "To", to), len(mail.files)


def _text(mail: Mail, cover: Cover, way: str, people: Sequence[Address]) -> bytes:
    who = ", ".join(map(cover.who, people))
    date = mail.date.isoformat() if mail.date else ""
    names = "" if cover.case.confidential else "".join(f"[{cover.text(file.filename)}]\n" for file in mail.files)
    said = cover.letter(mail.text or mail.fresh_text)
    return f"{way}: {who}\nDate: {date}\nSubject: {cover.text(mail.subject)}\n\n{said}\n{names}".encode()


def plain_lines(chain: Sequence[Chained], line: Callable[[Chained], dict[str, Any]], cover: Cover) -> bytes:
    """events.jsonl: the digests, and beside them what is told."""
    lines = (
        json.dumps(line(bare) | {"told": _told(one, cover)}, ensure_ascii=False, sort_keys=True)
        for bare, one in zip(bare_chain(chain), chain, strict=True)
    )
    return "".join(f"{one}\n" for one in lines).encode()


def _told(one: Chained, cover: Cover) -> dict[str, object]:
    return {"actor": cover.text(one.event.actor), "data": cover.data(one.event.data)}
