"""What to write instead of an order that was refused (casework 5)."""

from maild.domain.letter import Letter
from maild.workflow.view import Names

FIXES: dict[str, tuple[str, ...]] = {
    "empty-answer": ("reply",),
    "copy-of-question": ("reply",),
    "incomplete": ("resolve",),
    "missing-reason": ("forward",),
    "nothing-left": ("abstract",),
    "inside-address": ("route",),
    "requesters-address": ("reply", "ask"),
    "hold-over": ("correction",),
    "one-requester": ("link",),
    "split-how": ("split-example",),
    "publish-how": ("publish-example",),
    "charge-how": ("charge-example",),
    "missing-date": ("plan", "extend"),
    "past-date": ("plan", "extend"),
    "nobody-above": ("note",),
    "unknown-type": ("type",),
    "unknown-round": ("start-round",),
    "empty-rectified": ("rectified",),
    "correction-open": ("rectified",),
    "unconfirmed-address": ("told", "note"),
    "unknown-unit": ("route",),
    "outside-directory": ("route",),
    "conflict-of-interest": ("route",),
    "confidential-type": ("route",),
}
"""What to write instead, where an order was refused for this reason."""


def fixes(letter: Letter, names: Names) -> list[str]:
    """The line that would have been taken, where an order was refused."""
    return [names("reply_line", verb) for verb in FIXES.get(str(letter.data.get("reason", "")), ())]
