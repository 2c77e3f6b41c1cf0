"""What of a letter that goes round stays behind for its receivers, told to who sends it round (P6.5.3, casework 7)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from maild.domain.letter import Letter, LetterKind
from maild.domain.masks import Look
from maild.workflow.books import Books
from maild.workflow.heldback import held_row
from maild.workflow.masking import look_for
from maild.workflow.office import Office
from maild.workflow.originals import Originals, pairs

_VERB = "circulate"


def with_round(letter: Letter, originals: Originals, *, books: Books, office: Office) -> Letter:
    """The letter that tells of a round's beginning, with the files that some receivers did not get."""
    case = books.case(letter.case) if letter.case and _begins(letter) else None
    mails = books.mails(case.number) if case else ()
    if case is None or not mails:
        return letter
    looks = [look_for(office.index.person(one.receiver), one.receiver, (case,), office) for one in case.circulation]
    hidden = Look(kinds=frozenset().union(*(look.kinds for look in looks)))
    if not hidden.kinds:
        return letter
    mail, whole = originals.mail(mails[0].sha256), office.pack.masks.for_nobody()
    found = {pair: one for pair, one in originals.insides.files(pairs(mail), whole).items() if one.stays(hidden)}
    lacking = sum(any(one.stays(look) for one in found.values()) for look in looks)
    named = {f"{mail.sha256}:{file.sha256}": (n, file) for n, file in enumerate(mail.files, 1)}
    rows = [held_row(named[pair][1], named[pair][0], one, replace(whole, kinds=hidden.kinds))
            for pair, one in found.items()]  # fmt: skip
    held = {"files": rows, "mails": 0, "who": "", "round": lacking}
    return replace(letter, data={**letter.data, "held": held}) if rows else letter


def _begins(letter: Letter) -> bool:
    if letter.kind is LetterKind.ECHO:
        done = letter.data.get("done")
        rows = (letter.data, *(done if isinstance(done, Sequence) else ()))
        return any(isinstance(row, Mapping) and row.get("verb") == _VERB for row in rows)
    return letter.kind is LetterKind.CIRCULATED and letter.data.get("what") == "started"
