"""Files that stay behind because they hold personal data which a letter's reader need not know (P6.5.3, P7.3.3).

Inside a document nobody can mask reliably, so the whole file stays, and so does one that could not be looked through.
The letter names it, says why, and who may fetch it. Of a whole mail, such as a quarantined one, its reader gets the
masked text instead. Nothing is looked into for readers to whom nothing is masked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from maild.domain.letter import Letter
from maild.domain.looked import Looked
from maild.domain.maskrules import PLACES
from maild.domain.masks import Look, masked
from maild.domain.message import Attachment, Mail
from maild.mail.compose import AttachedFile
from maild.workflow.books import Books
from maild.workflow.filed import CaseFile
from maild.workflow.hiding import neutral
from maild.workflow.listing import listed_file
from maild.workflow.masking import look_of
from maild.workflow.office import Office
from maild.workflow.originals import Originals
from maild.workflow.view import Names, unit_label

_MOST_NAMED = 3


def held_back(letter: Letter, originals: Originals, names: Names, *, books: Books, office: Office) -> Letter:
    """The letter without the files that its reader need not know, and with what it says of them."""
    raws, released = _raws(letter), dict(letter.bare)
    if not (raws or released or letter.attachments or letter.data.get("attach")):
        return letter
    look = look_of(letter, books, office)
    if not look.kinds:
        return letter
    pairs, whole = (*originals.pairs_of(letter, books), *released), office.pack.masks.for_nobody()
    found = {pair: one for pair, one in originals.insides.files(pairs, whole).items() if one.stays(look)}
    shut = {raw: one for raw in raws if (one := originals.insides.mail(raw, whole)).stays(look)}
    if not found and not shut:
        return letter
    rows = [_row(pair, one, letter, look, books=books, originals=originals) for pair, one in found.items()]
    held = {"files": rows, "mails": len(shut), "who": _who([*found.values(), *shut.values()], names, letter, office)}
    data = {**letter.data, "held": held, **_files_left(letter, rows, look)}
    bare = tuple(one for one in letter.bare if one[0] not in found)
    if isinstance(words := letter.data.get("released_words"), Mapping):
        data |= {"released_words": {**words, "files": [name for _, name in bare]}}
    if raws:
        data |= {"attach_raw": [raw for raw in raws if raw not in shut], "attach_text": list(shut)}
    kept = tuple(pair for pair in letter.attachments if pair not in found)
    return replace(letter, attachments=kept, bare=bare, held=tuple(found), data=data)


def text_files(letter: Letter, originals: Originals, look: Look) -> tuple[AttachedFile, ...]:
    """Mails that their reader may not have as they came, each as text without personal data."""
    hashes = letter.data.get("attach_text")
    wanted = hashes if isinstance(hashes, Sequence) else ()
    return tuple(
        AttachedFile(
            filename=f"original-{n}.txt", content_type="text/plain", content=_text(originals.mail(str(one)), look)
        )
        for n, one in enumerate(wanted, 1)
    )  # fmt: skip


def _text(mail: Mail, look: Look) -> bytes:
    names = "".join(f"\n[{file.filename}]" for file in mail.files)
    date = mail.date.isoformat() if mail.date else ""
    said = f"From: {mail.author}\nDate: {date}\nSubject: {mail.subject}\n\n{mail.text or mail.fresh_text}\n{names}"
    return masked(said, look).encode()


def _raws(letter: Letter) -> list[str]:
    hashes = letter.data.get("attach_raw")
    return [str(one) for one in hashes] if isinstance(hashes, Sequence) and not isinstance(hashes, str) else []


def held_row(file: Attachment, number: int, found: Looked, look: Look) -> dict[str, object]:
    """A file that stays behind, as a letter names it; `number` 0 where nobody fetches it by one."""
    named = listed_file(file)
    return {
        **named, "filename": masked(str(named["filename"]), look), "n": number,
        "kinds": sorted(found.kinds & look.kinds), "shut": found.shut or "",
    }  # fmt: skip


def _row(
    pair: str, found: Looked, letter: Letter, look: Look, *, books: Books, originals: Originals
) -> dict[str, object]:  # fmt: skip
    mail, _, part = pair.partition(":")
    case = books.case(letter.case) if letter.case else None
    own: Sequence[CaseFile] = originals.files_of(case, books) if case else ()
    number = next((one.number for one in own if one.pair == pair), 0)
    file = next(file for file in originals.mail(mail).files if file.sha256 == part)
    row = held_row(file, number, found, look)
    sealed = case is not None and case.confidential
    return row | {"filename": neutral(file.filename, number or 1, letter.language)} if sealed else row


def _files_left(letter: Letter, rows: Sequence[Mapping[str, object]], look: Look) -> dict[str, object]:
    """A letter's own list of what goes along, without what does not."""
    listed = letter.data.get("files")
    if not isinstance(listed, list | tuple):
        return {}
    numbers, names = {row["n"] for row in rows} - {0}, {row["filename"] for row in rows}
    left = ((one, masked(str(one["filename"]), look)) for one in listed if isinstance(one, Mapping))
    return {"files": [one for one, name in left if one.get("n", name) not in numbers | names]}


def _who(found: Sequence[Looked], names: Names, letter: Letter, office: Office) -> str:
    """Who may have them: everybody who sees these kinds in full, by unit, place, or name."""
    every = {kind for one in found for kind in one.kinds}
    rows = [mask for mask in office.pack.masks.masks if not every or not every.isdisjoint(mask.kinds)]
    who = dict.fromkeys(name for row in rows for name in row.seen_by)
    return names("mask-place", "and").join(filter(None, (_named(one, names, letter, office) for one in who)))


def _named(name: str, names: Names, letter: Letter, office: Office) -> str:
    if name in PLACES:
        return "" if name == "expert" else names("mask-place", name)
    if (unit := office.index.unit(name)) is not None:
        return unit_label(unit, letter.language)
    person = office.index.person(name)
    people = (person,) if person else office.index.with_role(name)[:_MOST_NAMED]
    return names("mask-place", "and").join(one.name for one in people)
