"""A case that somebody takes out with the name of who wrote: an unsealing, kept in its history and told (P3.5.7)."""

from maild.domain.case import Case, Event
from maild.domain.directory import Person
from maild.domain.letter import Letter, LetterKind
from maild.domain.message import Address
from maild.errors import Permanent
from maild.workflow.localtime import when
from maild.workflow.notify import lane
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Plan
from maild.workflow.sealholders import who_hears

EXPORTED, UNMASKED = "exported", "exported-unmasked"
"""Events: a case was taken out, with the numbers of people masked or as they came."""


def taken_out(case: Case, office: Office, *, by: str, reason: str, unmasked: bool = False) -> Plan:
    """The event, and a letter to each seal-holder; raises `Permanent` where nobody is left who could be told."""
    nobody = Person(addresses=(by,), name=by, roles=())
    hears, instead = who_hears(case, nobody, office)
    if not hears:
        raise Permanent(f"{case.number}: no seal-holder is left who could be told; export it without --with-identity.")
    data: dict[str, object] = {"reason": reason, "identity": True, "told": [one.address for one in hears]}
    event = Event(kind=UNMASKED if unmasked else EXPORTED, at=office.now, actor=by, data=data)
    letters = tuple(_notice(case, one, office, by=by, reason=reason, instead=instead) for one in hears)
    return Plan(happenings=(Happening(number=case.number, event=event),), letters=letters)


def _notice(case: Case, to: Address, office: Office, *, by: str, reason: str, instead: bool) -> Letter:
    reader = office.index.person(to.address)
    language = reader.language if reader else "zh"
    data: dict[str, object] = {"by": by, "reason": reason, "supervisors": instead,
                               "at_text": when(office.now, office, to.address, language)}  # fmt: skip
    return Letter(kind=LetterKind.UNSEAL_TOLD, to=to, language=language, case=case.number, data=data, lane=lane(case))
