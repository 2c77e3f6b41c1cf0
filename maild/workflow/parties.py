"""Who counts as whom in a case: requester, party, holder of a key (casework 2, security.md)."""

from dataclasses import replace

from maild.domain.case import Case
from maild.domain.directory import Person
from maild.domain.lookup import Index
from maild.domain.message import Mail
from maild.workflow.office import Office
from maild.workflow.plan import Key
from maild.workflow.sight import Sight, sight


def is_requester(case: Case, address: str, person: Person | None) -> bool:
    """Whether this address is the requester's, or another one of the same directory person."""
    own = {address, *((*person.addresses, *person.former) if person else ())}
    return bool(case.requester.address) and not own.isdisjoint({case.requester.address, *case.requester.earlier})


def is_expert(case: Case, key: Key | None, address: str, person: Person | None) -> bool:
    """Whether the case was forwarded to this address outside: by the key, or without one by the case.

    Nobody of the directory is an expert.
    """
    if key is not None:
        return key.role == "expert" and address == key.recipient
    return person is None and address in case.experts


def is_party(case: Case, person: Person | None, office: Office) -> bool:
    """Whether this person works on or watches the case, and is not excluded from it."""
    if person is None or sight(case, person, office) < Sight.FACTS:
        return False
    if person.address in {case.handler, *case.supervisors, *case.followers, *case.joined, office.coordinator(case)}:
        return True
    unit = office.index.unit(case.unit) if case.unit else None
    return bool(unit and person.address in {unit.head, unit.deputy}) or "gm" in person.roles


def of_today(key: Key, office: Office) -> Key:
    """A staff key of somebody whose address changed since is theirs under the new one."""
    holder = office.index.holder(key.recipient) if key.role == "staff" else None
    if holder is None or office.index.person(key.recipient):
        return key
    return replace(key, recipient=holder.address)


def acting(key: Key, mail: Mail, office: Office) -> Person | None:
    """Who gives the orders of a mail that carries this staff key; None where the writer may not use it.

    The key's person, a delegate, a listed assistant, or a member of the unit whose key it is, also by the unit's own
    address. A `Sender` that differs from From is allowed only for a listed assistant, and then the assistant acts
    (security.md, "Commands with a key").
    """
    index = office.index
    writer, owner = index.person(mail.author.address), index.holder(key.recipient)
    if writer is None:
        own = of_unit(mail.author.address, index)
        return own if own and own == of_unit(key.recipient, index) and not _hand(mail, own, office) else None
    hand = _hand(mail, writer, office)
    if owner is None:
        unit = index.unit_at(key.recipient)
        return writer if unit and hand in {None, writer} and writer in index.members(unit.id) else None
    helpers = index.assistants(owner.address)
    if hand not in {None, writer}:
        return hand if writer == owner and hand in helpers else None
    return writer if writer in {owner, index.person(owner.delegate), *helpers} else None


def of_unit(address: str, index: Index) -> Person | None:
    """A unit as somebody who writes, where this is its own address; None where it is no unit's."""
    unit = index.unit_at(address)
    if unit is None or unit.address is None:
        return None
    return Person(addresses=(unit.address,), name=unit.name, unit=unit.id, language=unit.language or "zh")


NOBODY = Person(addresses=("",), name="")
"""Who wrote a `Sender` that is nobody of the directory."""


def _hand(mail: Mail, writer: Person, office: Office) -> Person | None:
    """Who sent a mail for its author, where `Sender` says that it was somebody else (RFC 5322 section 3.6.2)."""
    if mail.sender is None or mail.sender.address in writer.addresses:
        return None
    return office.index.person(mail.sender.address) or NOBODY
