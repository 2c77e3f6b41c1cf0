"""What the writer of a closed case is asked, and answers in a word: an award, and whether anybody took revenge."""

from maild.workflow.award import answers_award, award_answered
from maild.workflow.desk import Desk
from maild.workflow.plan import Plan
from maild.workflow.revenge import aftermath_answered, answers_aftermath


def answers_after_end(desk: Desk) -> bool:
    """Whether this mail answers such a question; later than the case could be opened again, too."""
    return answers_award(desk) or answers_aftermath(desk)


def answered_after_end(desk: Desk) -> Plan:
    """What follows."""
    return award_answered(desk) if answers_award(desk) else aftermath_answered(desk)
