"""The acknowledgement of a mail that was set aside and is feedback after all (casework 7 and 8)."""

from maild.domain.arrival import is_older
from maild.domain.case import Case, State
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address, Authentication, Mail
from maild.workflow.acknowledge import emergency_words, may_acknowledge
from maild.workflow.facts import Facts
from maild.workflow.localtime import when
from maild.workflow.office import Office

_ACKNOWLEDGED = frozenset({LetterKind.ACKNOWLEDGEMENT.value})


def acknowledged_late(
    before: Case, after: Case, mail: Mail | None, *, office: Office, facts: Facts
) -> tuple[Letter, ...]:
    """The receipt that it did not get when it was set aside; none where none may go, or one has gone.

    It goes to the address that the case has on file, in whatever words the letter wished to be answered elsewhere.
    """
    who = after.requester
    if before.state is not State.SET_ASIDE or after.state is State.SET_ASIDE or mail is None:
        return ()
    silent = not who.address or who.unconfirmed or office.own(who.address) or not may_acknowledge(mail, office)
    said = (event.data.get("authentication") for event in facts.events(after.number))
    doubted = Authentication.FAILED.value in said
    sent = any(one.kind in _ACKNOWLEDGED for one in facts.sent_for(after.number, who.address))
    if silent or doubted or sent or mail.automatic is not None:
        return ()
    late = is_older(after.received, office.now)
    data: dict[str, object] = {
        "subject": "", "together": 1, "asks": [],
        "missing": [office.pack.question(point, who.language) for point in after.missing],
        "arrived_text": when(after.received, office, who.address, who.language, case=after) if late else "",
        **emergency_words((after,), office, who.language),
    }  # fmt: skip
    return (
        Letter(kind=LetterKind.ACKNOWLEDGEMENT, to=Address(address=who.address, name=who.name), language=who.language,
               case=after.number, data=data, lane=Lane.REQUESTER, keyed=True, in_reply_to=mail.message_id),
    )  # fmt: skip
