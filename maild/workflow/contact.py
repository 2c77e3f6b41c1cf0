"""A new address of a requester, named by who told them by telephone: used once its owner confirmed it (casework 5)."""

import re
from dataclasses import replace

from maild.domain.case import Case, Event
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address, Mail
from maild.domain.script import fold
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Key, Plan
from maild.workflow.sight import is_barred

_ADDRESS = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}")
_YES = re.compile(r"\s*(?:确认|同意|是的|好的?|可以|confirm(?:ed)?|yes|ok(?:ay)?)(?=[\s,.。!！，]|$)", re.IGNORECASE)


def new_contact(case: Case, text: str, office: Office) -> str:
    """An address in the text that is new to the case and is nobody's of the house or out of the case; "" for none."""
    for found in _ADDRESS.finditer(text[:2000]):
        address = found.group().rstrip(".").lower()
        known = address in {case.requester.address, *case.requester.earlier}
        inside = office.own(address) or office.index.person(address) or office.index.unit_at(address)
        if not known and not inside and not is_barred(case, address, office.index):
            return address
    return ""


def contact_letter(case: Case, address: str) -> Letter:
    """Asks the owner of an address, without a word of the case, whether its mail may come here."""
    return Letter(
        kind=LetterKind.CONTACT, to=Address(address=address), language=case.requester.language, case=case.number,
        lane=Lane.REQUESTER, keyed=True,
    )  # fmt: skip


def contact_confirmed(case: Case, mail: Mail, key: Key | None, office: Office) -> Plan | None:
    """The requester's address from now on, where this mail is its owner's yes; None where it is not."""
    asked = key is not None and key.purpose == LetterKind.CONTACT.value and key.recipient == mail.author.address
    if key is None or not asked or not _YES.match(fold(mail.fresh_text[:200])):
        return None
    old = case.requester
    earlier = tuple(dict.fromkeys((*old.earlier, old.address))) if old.address else old.earlier
    writes = replace(old, address=key.recipient, earlier=tuple(one for one in earlier if one != key.recipient))
    event = Event(kind="contact-changed", at=office.now, actor="requester", human=True, data={"mail": mail.sha256})
    return Plan(
        disposition="contact-changed", number=case.number, happenings=(Happening(number=case.number, event=event),),
        cases=(replace(case, requester=writes, last_human_event=office.now),),
    )  # fmt: skip
