"""The legal hold: a case that must be kept whatever its age, and its end; both are events of the case."""

from dataclasses import replace
from datetime import datetime

from maild.adapters.store import Store
from maild.domain.case import Event


def hold(store: Store, number: str, reason: str, *, why: str, by: str, now: datetime) -> bool:
    """Hold a case for this reason, or with "" no more; False where there is none of this number."""
    with store.writing() as books:
        case = books.case(number)
        if case is None:
            return False
        books.save_case(replace(case, hold=reason))
        kind = "retention-held" if reason else "retention-lifted"
        books.add_events(number, [Event(kind=kind, at=now, actor=by, human=True, data={"reason": why})])
    return True
