"""What leaves the seal by a release: its words and files in the receiver's letter, and what the history says of it."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from maild.domain.alias import alias_of, hidden
from maild.domain.case import Case
from maild.domain.cleaned import How
from maild.domain.letter import Letter
from maild.domain.value import value
from maild.workflow.filed import CaseFile
from maild.workflow.hiding import neutral
from maild.workflow.ordering import Order
from maild.workflow.originals import ATTACHED_BYTES
from maild.workflow.wouldleave import Asked, Leaving


@value
class Ready:
    """A request that may be answered, and what would leave by it."""

    asked: Asked
    shown: Leaving


def why_inside(files: Sequence[CaseFile], order: Order) -> tuple[str, str] | None:
    """Why one of these attachments stays inside, and which."""
    for one in files:
        clean, name = (
            order.originals.bare.cleaned(one.pair),
            neutral(one.file.filename, one.number, order.person.language),
        )
        if clean.how is not How.CLEAN:
            return f"file-{clean.how.value}", name
        if hidden(clean.text, order.case) != clean.text:
            return "file-names-writer", name
    total = sum(len(order.originals.bare.cleaned(one.pair).content) for one in files)
    return ("files-too-large", "") if total > ATTACHED_BYTES else None


def history(ready: Ready, files: Sequence[CaseFile], order: Order) -> dict[str, object]:
    """What left, for the history: who released what to whom, and the hashes."""
    hashes = [sha256(order.originals.bare.cleaned(one.pair).content).hexdigest() for one in files]
    return {
        "request": ready.asked.request, "verb": ready.asked.verb, "to": list(ready.asked.to),
        "abstract": bool(ready.asked.instead), "text": ready.shown.text, "sha256": ready.shown.mark,
        "without": list(ready.asked.without),
        "files": [{"n": one.number, "pair": one.pair, "sha256": sha} for one, sha in zip(files, hashes, strict=True)],
    }  # fmt: skip


def with_words(letter: Letter, ready: Ready, files: Sequence[CaseFile], case: Case) -> Letter:
    """The receiver's letter with what was released, under the alias and neutral names."""
    named = [(one, neutral(one.file.filename, one.number, letter.language)) for one in files]
    words: dict[str, object] = {
        "text": ready.shown.text, "abstract": bool(ready.asked.instead), "who": alias_of(case, letter.language),
        "files": [name for _, name in named],
    }  # fmt: skip
    return replace(
        letter, data={**letter.data, "released_words": words}, bare=tuple((one.pair, name) for one, name in named)
    )
