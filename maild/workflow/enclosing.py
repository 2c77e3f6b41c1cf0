"""What goes along with a letter: attachments of its case, whole mails, and files and pictures that maild made."""

from collections.abc import Sequence

from maild.domain.letter import Letter
from maild.mail.compose import AttachedFile, Picture
from maild.workflow.facts import Facts
from maild.workflow.heldback import text_files
from maild.workflow.hiding import hiding
from maild.workflow.masking import look_of
from maild.workflow.office import Office
from maild.workflow.originals import Originals


def enclosed(letter: Letter, originals: Originals, facts: Facts, office: Office) -> tuple[AttachedFile, ...]:
    """Everything but what stands in the HTML; of a confidential case under names that tell nothing.

    What is held back, `held_back` has taken out; of a whole mail its masked text goes along instead.
    """
    own = hiding(letter, facts).files(originals.attached(originals.pairs_of(letter, facts)))
    outgoing = letter.data.get("attach_raw")
    raw = originals.raw_files(outgoing) if isinstance(outgoing, Sequence) else ()
    texts = text_files(letter, originals, look_of(letter, facts, office)) if letter.data.get("attach_text") else ()
    made = (
        AttachedFile(filename=one.filename, content_type=one.content_type, content=one.content)
        for one in letter.enclosures if not one.cid
    )  # fmt: skip
    return (*own, *originals.bare.files(letter.bare), *raw, *texts, *made)


def pictures(letter: Letter, logo: Picture | None) -> tuple[Picture, ...]:
    """What may stand in the HTML: the mailbox's logo, and the letter's own pictures."""
    made = (
        Picture(cid=one.cid, content_type=one.content_type, content=one.content)
        for one in letter.enclosures if one.cid
    )  # fmt: skip
    return ((logo,) if logo else ()) + tuple(made)
