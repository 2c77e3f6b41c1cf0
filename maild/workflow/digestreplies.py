"""One-click replies for the rows of a digest (casework 7)."""

from collections.abc import Mapping, Sequence

from maild.domain.letter import Letter
from maild.workflow.office import Office
from maild.workflow.replies import one_click
from maild.workflow.view import Names


def junk_replies(letter: Letter, mark: str, office: Office, names: Names) -> list[dict[str, str]]:
    """For each junk mail of a digest the one click that has it handled like any other."""
    rows = letter.data.get("junk", ())
    found = [str(one["entry"]) for one in rows if isinstance(one, Mapping)] if isinstance(rows, Sequence) else []
    return [
        one_click(
            f"{n} {names('reply_label', 'feedback')}",
            f"{names('reply_line', 'feedback')}{n}",
            letter,
            mark,
            office=office,
        )
        for n in found
    ]
