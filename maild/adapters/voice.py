"""Triage by the pack's rules, with what the directory knows of the sender."""

from functools import lru_cache

from maild.domain.lookup import Index
from maild.domain.naming import complaint
from maild.domain.page import lay_out
from maild.domain.sender import Known, Sender
from maild.domain.triage import classify
from maild.domain.verdict import Verdict, Writing
from maild.workflow.office import Office


class Voice:
    """Says what kind of feedback a mail is; keeps the promise of `workflow.triage.Triage`."""

    def __call__(self, writing: Writing, office: Office) -> Verdict:
        return classify(writing, office.pack.policy, sender_of(writing.author_address, office.index))

    def blamed(self, writing: Writing, office: Office) -> tuple[str, ...]:
        """People and units that a mail complains of, whatever its type."""
        names, sender = office.pack.policy.names, sender_of(writing.author_address, office.index)
        return complaint(lay_out(writing), "either", names, sender).names


def sender_of(address: str, index: Index) -> Sender:
    """What the directory says of the writer at this address."""
    role = index.role_of(address)
    person, unit = index.person(address), index.unit_of(address)
    people, units = known(index)
    return Sender(
        role=role, customer_kind=role if role in {"partner", "consumer"} else None, name=person.name if person else "",
        unit=unit.name if unit else "", people=people, units=units, guises=index.guises,
    )  # fmt: skip


@lru_cache(maxsize=16)
def known(index: Index) -> tuple[tuple[Known, ...], tuple[Known, ...]]:
    """Everybody and every unit of a directory in every way they may be written."""
    people = tuple(
        Known(name=p.name, spellings=(p.name, *p.nicknames), address=p.address) for p in index.directory.people
    )
    units = tuple(Known(name=u.name, spellings=(u.name, *u.aliases)) for u in index.directory.units)
    return people, units
