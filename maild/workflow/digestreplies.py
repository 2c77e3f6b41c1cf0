"""One-click replies for the rows of a digest (casework 7)."""

from collections.abc import Mapping, Sequence

from maild.domain.command import short_number
from maild.domain.letter import Letter
from maild.workflow.office import Office
from maild.workflow.replies import one_click
from maild.workflow.view import Names

MOST_ROWS = 8
_ASIDE = ("polite-aside", "type-aside", "block-aside")


def aside_replies(letter: Letter, mark: str, office: Office, names: Names) -> list[dict[str, str]]:
    """For each mail that was set aside: a polite sentence, this is feedback of some type, block its sender."""
    rows = letter.data.get("set_aside", ())
    found = [str(one["number"]) for one in rows if isinstance(one, Mapping)] if isinstance(rows, Sequence) else []
    return [
        one_click(f"{short_number(number)} {names('reply_label', verb)}",
                  f"{number} {names('reply_line', verb)}", letter, mark, office=office)
        for number in found[:MOST_ROWS] for verb in _ASIDE
    ]  # fmt: skip


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


def same_replies(letter: Letter, mark: str, office: Office, names: Names) -> list[dict[str, str]]:
    """For each pair of a digest that is perhaps one the click that merges it: `143 合并 142`."""
    rows = letter.data.get("same", ())
    found = [one for one in rows if isinstance(one, Mapping)] if isinstance(rows, Sequence) else []
    return [
        one_click(names("reply_label", "merge"), f"{one['number']} {names('reply_line', 'merge')}{one['other']}",
                  letter, mark, office=office)
        for one in found
    ]  # fmt: skip
