"""A page: one mail laid out for matching, so that every hit can be shown in the words of the mail."""

import re
from bisect import bisect_right
from collections.abc import Iterable

from maild.domain.script import fold
from maild.domain.value import value
from maild.domain.verdict import Writing

Span = tuple[int, int]
TEXT, SUBJECT, ATTACHMENTS, SENDER = "text", "subject", "attachments", "sender"
ATTACHED = "attached"
"""The part of TEXT that comes from attachments; no rule looks there alone."""
FIELDS = (TEXT, SUBJECT, ATTACHMENTS, SENDER)
_SENTENCE_END = re.compile(r"[。!?;\n]+|\.(?=\s)")
_MENTIONED = re.compile(r'"([^"\n]{1,7})"')
_SHORT = 20
_LONGEST = 20_000


@value
class Page:
    """The mail's words, as written and folded (the same length), and where fields and sentences begin."""

    original: str
    folded: str
    fields: dict[str, Span]
    breaks: tuple[int, ...]
    """Ends of sentences, ascending."""
    mentioned: tuple[Span, ...]
    """What stands in short quotation marks: names of things, not the writer's own words."""
    length: int
    """Characters of the text that are not blank."""

    def sentence(self, place: int) -> int:
        """The number of the sentence that this place belongs to."""
        return bisect_right(self.breaks, place)

    def inside(self, span: Span, fields: Iterable[str]) -> bool:
        """Whether the span begins in one of the fields."""
        return any(start <= span[0] < end for start, end in map(self.fields.__getitem__, fields))

    def words(self, span: Span) -> str:
        """The span as it stands in the mail, on one line."""
        return " ".join(self.original[span[0] : span[1]].split())


def lay_out(writing: Writing) -> Page:
    """Lay a mail out; a text under 20 characters lets its subject speak for it (casework 2)."""
    own = writing.text[:_LONGEST]
    text = f"{own}\n{writing.attached}"[:_LONGEST] if writing.attached else own
    attachments = "\n".join(writing.attachment_names)[:_LONGEST]
    subject = writing.subject[:_LONGEST]
    sender = f"{writing.author_name} {writing.author_address.partition('@')[0]}"[:200]
    original = f"{text}\n{subject}\n{attachments}\n{sender}"
    folded = fold(original)
    after_subject = len(text) + 1 + len(subject)
    length = len("".join(text.split()))
    return Page(
        original=original,
        folded=folded,
        fields={
            TEXT: (0, after_subject if length < _SHORT else len(text)),
            ATTACHED: (min(len(own) + 1, len(text)), len(text)),
            SUBJECT: (len(text) + 1, after_subject),
            ATTACHMENTS: (after_subject + 1, after_subject + 1 + len(attachments)),
            SENDER: (len(original) - len(sender), len(original)),
        },
        mentioned=tuple(found.span(1) for found in _MENTIONED.finditer(folded)),
        breaks=tuple(found.end() for found in _SENTENCE_END.finditer(folded)),
        length=length,
    )
