"""What leaves of a confidential case under its alias: no letter as it came, no attachment, no name of the writer.

The history keeps its hashes and is verified by its digests; beside each stands what it tells without names. Mails are
written out as text, cleaned as for every reader inside. What a text says may still betray its writer.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from maild.adapters.erasedrows import without_words
from maild.domain.alias import hidden, hidden_data, hidden_lines, requester_of
from maild.domain.audit import Chained
from maild.domain.case import Case
from maild.domain.message import Address, Mail
from maild.errors import MaildError
from maild.workflow.plan import Received
from maild.workflow.ports import Archive

_TRACES = frozenset({"message_id", "mail", "from", "address", "maild_id"})
"""What an event remembers of mails: ids tell a provider, hashes prove a guess."""
Parse = Callable[[bytes], Mail]


def bare_chain(chain: Sequence[Chained]) -> list[Chained]:
    """The history by its digests alone."""
    return without_words(chain, lambda _: True)


def told(one: Chained, case: Case) -> dict[str, object]:
    """What an event tells, without names."""
    return {"actor": hidden(one.event.actor, case), "data": bare(one.event.data, case)}


def bare(data: Mapping[str, Any], case: Case) -> object:
    """The data of an event as it may leave."""
    return hidden_data({name: said for name, said in data.items() if name not in _TRACES}, case)


def bare_facts(facts: Mapping[str, Any], case: Case) -> dict[str, Any]:
    """The facts of the case as the command line shows them, its events as they may leave."""
    return {**facts, "events": [{**one, "data": bare(one["data"], case)} for one in facts["events"]]}


def mails_as_text(
    case: Case, received: Sequence[Received], sent: Sequence[Mapping[Any, Any]], *, archive: Archive, parse: Parse
) -> Iterator[tuple[str, bytes, int]]:
    """Name, text and number of attachments left out of each mail that came and went."""
    for at, one in enumerate(received, 1):
        try:
            mail = parse(archive.get(one.sha256))
        except MaildError as error:
            yield f"received/{at:03}.txt", f"{error.sentence}\n".encode(), 0
            continue
        yield f"received/{at:03}.txt", _text(mail, case, "From", [mail.author]), len(mail.files)
    for at, row in enumerate(sent, 1):
        if row["raw"]:
            mail = parse(bytes(row["raw"]))
            head = f"{row['kind']} ({row['state']})\n".encode()
            yield (
                f"sent/{at:03}.txt",
                head + _text(mail, case, "To", [Address(address=row["recipient"])]),
                len(mail.files),
            )


def _text(mail: Mail, case: Case, way: str, people: Sequence[Address]) -> bytes:
    who = ", ".join(_named(one, case) for one in people)
    date = mail.date.isoformat() if mail.date else ""
    subject = hidden(mail.subject, case)
    return f"{way}: {who}\nDate: {date}\nSubject: {subject}\n\n{hidden_lines(mail.text, case)}\n".encode()


def _named(who: Address, case: Case) -> str:
    own = {case.requester.address, *case.requester.earlier, *case.known_by.addresses}
    return requester_of(case) if who.address in own else hidden(str(who), case)


def plain_lines(chain: Sequence[Chained], line: Callable[[Chained], dict[str, Any]], case: Case) -> bytes:
    """events.jsonl: the digests, and beside them what is told."""
    whole = zip(bare_chain(chain), chain, strict=True)
    lines = (json.dumps(line(bare_one) | {"told": told(one, case)}, ensure_ascii=False, sort_keys=True)
             for bare_one, one in whole)  # fmt: skip
    return "".join(f"{one}\n" for one in lines).encode()
