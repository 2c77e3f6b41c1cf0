"""How a mail to this office is read as orders: with its pack's types, its people and units, and the writer's time."""

from collections.abc import Collection

from maild.domain.command import Answers, Understanding
from maild.domain.grammar import understand
from maild.domain.roundname import round_names
from maild.domain.typewords import type_words
from maild.workflow.office import Office


def read(
    text: str, office: Office, *, by: str, answers: Answers, state: str = "assigned", subject: str = "",
    own: Collection[str] = (),
) -> Understanding:  # fmt: skip
    """What these words order, by the clock of who wrote them, `by`; the subject counts only where one begins a talk.

    `own` are the numbers of the case whose mail is answered.
    """
    calendar = office.calendar_at(by)
    return understand(
        text, answers=answers, names=office.index, state=state, now=calendar.local(office.now),
        subject=subject, own=own, types=type_words(office.pack.policy.types), calendar=calendar,
        rounds=round_names(office.pack.rounds),
    )  # fmt: skip


def read_lines(
    text: str, office: Office, *, by: str, state: str = "assigned", cases: Collection[str] = ()
) -> Understanding:
    """What lines for several `cases` order, such as `142 转物流部` in answer to the digest; `state` is that of all."""
    calendar = office.calendar_at(by)
    return understand(
        text, answers=Answers.DIGEST, names=office.index, state=state, now=calendar.local(office.now),
        types=type_words(office.pack.policy.types), many_cases=True, cases=cases, calendar=calendar,
        rounds=round_names(office.pack.rounds),
    )  # fmt: skip
