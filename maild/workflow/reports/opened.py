"""`M3` or 明细 M3 in reply to a report: the cases behind its figures, as the reader may see them today."""

import re
from collections.abc import Mapping, Sequence

from maild.domain.counted import Behind
from maild.domain.counting import counts
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Mail
from maild.domain.period import parse_period
from maild.domain.script import fold
from maild.workflow.facts import Facts
from maild.workflow.lists import list_key
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Plan
from maild.workflow.recognise import Recognition
from maild.workflow.reports.behind import Rows, behind
from maild.workflow.reports.letters import REPORT
from maild.workflow.reports.readers import view_of

MOST_ROWS = 100
_MOST_FIGURES = 10
_JOIN = r"(?:\s*[,、;和及]\s*|\s+and\s+|\s+)"
_ASKED = re.compile(
    r"(?:请|麻烦|please )?\s*(?:查看|看一?下?|查一?下?|发|打开|show|open|list)?\s*(?:me |the )?"
    r"(?:明细|清单|事项|details?|cases?)?(?: of| for| behind)?\s*:?\s*"
    rf"(?P<ids>[wmqy]\d{{1,3}}(?:{_JOIN}[wmqy]\d{{1,3}})*)\s*(?:的?(?:明细|清单|事项))?\s*[.。!]?",
    re.IGNORECASE,
)  # fmt: skip
_ID = re.compile(r"[wmqy]\d{1,3}", re.IGNORECASE)


def asked_figures(text: str) -> tuple[str, ...]:
    """The figures that a reply's first line asks for, and nothing else: M3, 明细 M3、M5; none where it says more."""
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    found = _ASKED.fullmatch(fold(first))
    ids = _ID.findall(found["ids"]) if found else []
    return tuple(dict.fromkeys(one.upper() for one in ids))[:_MOST_FIGURES]


def opened(mail: Mail, recognition: Recognition, office: Office, *, facts: Facts) -> Plan | None:
    """The cases behind the figures that a reply to a report asks for; None where it asks for none."""
    key, person = recognition.key, recognition.person
    wanted = asked_figures(mail.fresh_text)
    known = key.data.get(REPORT) if key else None
    if person is None or not wanted or not isinstance(known, Mapping):
        return None
    figures = {str(ident): [str(one) for one in said] for ident, said in known["figures"].items()}
    period = parse_period(str(known["period"]))
    recorded = facts.recorded(office.box.address, period, office.zone)
    counted = counts(recorded, view_of(person, str(known["unit"]), office))
    data = {"period_name": known["period_name"], "figures": " ".join(one for one in wanted if one in figures),
            "unknown": " ".join(one for one in wanted if one not in figures),
            "example": next(iter(figures), "")}  # fmt: skip
    rows, parts = list[dict[str, object]](), list[dict[str, object]]()
    for ident in (one for one in wanted if one in figures):
        code, label, *before = figures[ident]
        own = behind(counted.of(code), facts.case, person, office, language=person.language)
        parts.append({"label": label, "count": len(own), "more": max(0, len(own) - MOST_ROWS),
                      "before": "".join(before), "times": _times(counted.of(code), own)})  # fmt: skip
        rows += [row | {"part": len(parts)} for row in own[:MOST_ROWS]]
    data |= {"parts": parts, "rows": rows, "count": sum(int(str(part["count"])) for part in parts)}
    data |= list_key(_numbers(rows), office)
    letter = Letter(
        kind=LetterKind.FIGURE, to=to_person(person), language=person.language, data=data, lane=Lane.ECHO, keyed=True,
        in_reply_to=mail.message_id, references=(*mail.references, mail.message_id),
    )  # fmt: skip
    return Plan(disposition="asked", letters=(letter,), command=True)


def _times(counted: Sequence[Behind], rows: Rows) -> int:
    """How often the listed cases count, where some count more than once; 0 where none does."""
    known = {str(row["number"]) for row in rows}
    times = sum(one.number in known for one in counted)
    return times if times > len(rows) else 0


def _numbers(rows: Rows) -> Sequence[str]:
    return [str(row["number"]) for row in rows]
