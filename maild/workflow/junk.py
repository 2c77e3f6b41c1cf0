"""Mail in the junk folder, or marked as spam: no case and no answer by itself, one row of the digest (casework 1).

The coordinator's one click `是反馈 12` / `feedback 12` has it handled like any other mail.
"""

import re
from collections.abc import Sequence

from maild.domain.message import Mail
from maild.workflow.plan import Entry, Line, Plan
from maild.workflow.watch import Watch, shown_subject

JUNK = "junk"
MOST_ROWS = 30
_ORDER = re.compile(
    r"\s*(?:请|please\s+)?(?:(?:这)?是反馈|按反馈办理|(?:this\s+is\s+)?feedback)\s*[:：#]?\s*(?P<which>\d{1,9}(?:[\s,，、;和]+\d{1,9})*)"
    r"[\s,，。.!！]*(?:谢谢|thanks?)?[\s,，。.!！]*",
    re.IGNORECASE,
)


def junk_mail(entry: Entry, mail: Mail, watch: Watch) -> Plan:
    """A row for the digest; of what complains of the coordinator, or is confidential, no more than that it came."""
    shown = {} if watch.private else {"from": str(mail.author)[:120], "subject": shown_subject(mail.subject)}
    line = Line(kind=JUNK, data={"entry": entry.id, "at": entry.internal_date.isoformat(), **shown})
    return Plan(disposition=JUNK, reason="junk", lines=(line,))


def read_feedback(text: str) -> tuple[int, ...]:
    """The rows that the first line of a reply to the digest calls feedback; none where it says something else."""
    found = _ORDER.fullmatch(next((line for line in text.splitlines() if line.strip()), ""))
    return tuple(int(one) for one in re.findall(r"\d+", found["which"])) if found else ()


def feedback(mail: Mail, shown: Sequence[object]) -> Plan:
    """Have these mails handled like any other; only rows that this digest showed count."""
    wanted = read_feedback(mail.fresh_text)
    rows = {int(str(one)) for one in shown}
    if not wanted or not set(wanted) <= rows:
        return Plan()
    return Plan(disposition="released", released=wanted, command=True)
