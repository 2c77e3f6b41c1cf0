"""How a mail to this office is read as orders: with its pack's types, its people and units, and its local time."""

from maild.domain.command import Answers, Understanding
from maild.domain.grammar import understand
from maild.domain.typewords import type_words
from maild.workflow.office import Office


def read(text: str, office: Office, *, answers: Answers, state: str = "assigned", subject: str = "") -> Understanding:
    """What these words order; the subject counts only where they begin a conversation."""
    return understand(
        text, answers=answers, names=office.index, state=state, now=office.now.astimezone(office.zone),
        subject=subject, types=type_words(office.pack.policy.types),
    )  # fmt: skip


def read_lines(text: str, office: Office) -> Understanding:
    """What lines for several cases order, such as `142 转物流部` in answer to the digest."""
    return understand(
        text, answers=Answers.DIGEST, names=office.index, now=office.now.astimezone(office.zone),
        types=type_words(office.pack.policy.types), many_cases=True,
    )  # fmt: skip
