"""What every letter may name beside its own words: the organisation, the mailbox, the recipient."""

from maild.domain.letter import Letter
from maild.workflow.office import Office


def letterhead(letter: Letter, office: Office, logo: str) -> dict[str, object]:
    """As the templates name it; `logo` is where the picture stands, "" without one."""
    box = office.box.identity
    return {
        "org": {"name": office.organisation.name},
        "mailbox": {
            "address": office.box.address, "name": box.name or office.organisation.name, "signature": box.signature,
            "phone": box.phone, "logo": logo,
        },
        "recipient": {"name": letter.to.name, "address": letter.to.address},
    }  # fmt: skip
