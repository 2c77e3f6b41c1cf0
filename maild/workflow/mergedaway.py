"""A staff key of a case that was merged: what it may still do to the case that goes on (casework 5, `merge`)."""

from dataclasses import replace

from maild.domain.letter import LetterKind
from maild.domain.message import Mail
from maild.workflow.facts import Facts
from maild.workflow.notes import noted, staff_letter
from maild.workflow.office import Office
from maild.workflow.parties import is_party
from maild.workflow.plan import Plan
from maild.workflow.recognise import Recognition
from maild.workflow.sight import Sight, sight

_SPENT = frozenset({
    LetterKind.EXTENSION, LetterKind.TYPE_PROPOSAL, LetterKind.PROPOSAL, LetterKind.WITHDRAWAL, LetterKind.CONFIRMATION,
})  # fmt: skip
"""Letters that asked something of the old case alone: an answer to them says nothing of the other one."""


def to_merged(mail: Mail, recognition: Recognition, office: Office, *, facts: Facts) -> Plan | None:
    """Why an order under the key of a merged case is not carried out; None where it is one to the surviving case.

    Who is no party there gets the reason, and no more than they may know; the words are kept with the old case.
    """
    case, key, person = recognition.case, recognition.key, recognition.person
    if case is None or key is None or person is None or key.number == case.number:
        return None
    owner = office.index.person(key.recipient)
    takes_part = is_party(case, person, office) or is_party(case, owner, office)
    kind = LetterKind(key.purpose)
    spent = kind in _SPENT or (kind is LetterKind.ECHO and "undo" in key.data)
    before = facts.case(key.number)
    if before is None or (takes_part and not spent):
        return None
    known = sight(case, person, office) >= Sight.FACTS
    why = "merged-since" if takes_part else "merged-away"
    data: dict[str, object] = {"command": mail.fresh_text[:200], "reason": why, "missing": [], "fix": [],
                               "detail": case.number if known else ""}  # fmt: skip
    letter = replace(staff_letter(LetterKind.REFUSAL, before, person, data, mail=mail), keyed=False)
    return Plan(disposition="refused", number=before.number, reason=why, command=True, letters=(letter,),
                happenings=(noted(before, mail, person, office),))  # fmt: skip
