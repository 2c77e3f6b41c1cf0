"""Something that people must hear of though no case speaks of it: one place through which every alarm goes."""

import logging
from datetime import timedelta

from maild.domain.value import value
from maild.workflow.books import Store
from maild.workflow.plan import Line, Plan
from maild.workflow.ports import Now

log = logging.getLogger("maild.alarm")
_AGAIN = timedelta(days=1)


@value
class Alarms:
    """The alarms of one mailbox. Each goes to the log, and once a day and kind into the digest."""

    mailbox: str
    store: Store
    now: Now

    def alarm(self, kind: str, text: str) -> None:
        """Tell that `kind` (a word of the catalogue's `held`) happened; `text` says what, where and the mend."""
        log.error("%s", text)
        now, mark = self.now(), f"alarm {kind} {self.mailbox}"
        with self.store.writing() as books:
            told = books.marked_time(mark)
            if told is not None and told > now - _AGAIN:
                return
            books.mark_time(mark, now)
            line = Line(kind=kind, data={"mailbox": self.mailbox})
            books.save(Plan(lines=(line,)), (), mailbox=self.mailbox, now=now)
