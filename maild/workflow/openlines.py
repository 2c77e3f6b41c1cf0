"""Lines of an answer to a list that order nothing yet: why, and the line that would be taken (casework 5).

Each stands in the common echo as a row, and as a ready-made reply under the key of the same list.
"""

from collections.abc import Iterator, Sequence

from maild.domain.command import Command, Decision, Understanding, line_of, short_number
from maild.domain.unfinished import ELSEWHERE, NO_ORDER, UNSURE, lacking
from maild.workflow.fixes import FIXES
from maild.workflow.office import Office

_SAID_OTHERWISE = {"accept": "accept-listed", "resolve": "resolve-listed"}
"""Where the ready line of a mail about one case would not do as a line of a list."""
_BY_THEIR_OWN_MAIL = frozenset({ELSEWHERE, "not-yours", "not-available"})
_MOST_WORDS, _MOST = 200, 60
Row = dict[str, object]


def open_rows(said: Understanding, known: Sequence[str], office: Office) -> list[Row]:
    """A row for each line that was asked back or refused; `known` are the cases of the list."""
    whole = {short_number(one): one for one in known}
    rows = [row for part in said.each or (said,) for row in _of_part(part, office)]
    return [row | {"number": whole.get(short_number(str(row["number"])), row["number"])} for row in rows[:_MOST]]


def refused_row(verb: str, number: str, why: str, missing: object = ()) -> Row:
    """A line that was read and may not be done: why, what is still missing, and what to write instead."""
    fix = FIXES.get(why, ())
    ready = verb if verb in fix else fix[0] if fix else ""
    row: Row = {"verb": verb, "number": number, "failed": why, "missing": missing}
    return row | ({"ready": _SAID_OTHERWISE.get(ready, ready), "object": ""} if ready else {})


def _of_part(part: Understanding, office: Office) -> Iterator[Row]:
    if part.decision is Decision.CHOOSE:
        for one in part.readings:
            yield _row(one, _why(one, office))
    if part.decision is Decision.REFUSE:
        for one in part.commands:
            code = lacking(one)
            yield _row(one, part.why if code in {UNSURE, NO_ORDER} else code)


def _why(command: Command, office: Office) -> str:
    """What a line that was asked back lacks; of a unit that nobody knows, that."""
    stranger = command.unit and not command.person and office.index.unit(command.unit) is None
    return "unknown-unit" if stranger else lacking(command)


def _row(command: Command, why: str) -> Row:
    """Why the line is none, and what to write instead; nothing where it has its place in another mail."""
    row: Row = {"verb": command.verb, "number": str(line_of(command) or ""), "failed": why}
    if why in _BY_THEIR_OWN_MAIL:
        return row
    words = (command.unit or command.text) if why in {UNSURE, NO_ORDER} else ""
    ready = _SAID_OTHERWISE.get(command.verb, command.verb)
    return row | {"ready": ready, "object": " ".join(words.split())[:_MOST_WORDS]}
