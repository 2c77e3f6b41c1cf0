"""What a mail brings besides text and attachments, as letters show it and as its acknowledgement asks (casework 2)."""

from maild.domain.message import Mail, Reading

_SHOWN = 4000
"""Characters of an attachment's text that a letter shows."""


def besides(mail: Mail) -> dict[str, object]:
    """Remarks for a clerk by their codes, files behind links, invitations and contacts."""
    return {
        "remarks": remarks(mail),
        "linked": [
            {"name": one.name, "host": one.host, "size_text": one.size, "until": one.until} for one in mail.linked_files
        ],
        "invitations": [
            {"summary": one.summary, "time": " – ".join(filter(None, (one.starts, one.ends))), "place": one.place,
             "organiser": one.organiser, "cancelled": one.cancelled}
            for one in mail.invitations
        ],
        "enclosed": [
            {"filename": one.filename, "how": one.how.value,
             "text": one.text if len(one.text) <= _SHOWN else one.text[:_SHOWN] + " …"}
            for one in mail.enclosures
        ],
        "cards": list(mail.cards),
    }  # fmt: skip


def remarks(mail: Mail) -> list[str]:
    """Why there is nothing to read in a mail, by the codes of the catalogues."""
    locked = [f"locked-{mail.locked.value}"] if mail.locked else []
    return locked or ([f"only-{mail.wordless.value}"] if mail.wordless else [])


def asks(mail: Mail) -> list[str]:
    """What the acknowledgement asks to be sent once more, and how, by the codes of the catalogues."""
    if mail.locked:
        return ["readable"]
    locked = any(one.how is Reading.LOCKED for one in mail.enclosures)
    return ["words"] * bool(mail.wordless) + ["files"] * bool(mail.linked_files) + ["readable"] * locked
