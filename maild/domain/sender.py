"""What the directory and earlier cases say of the sender, as plain words that triage can compare."""

from maild.domain.value import value


@value
class Known:
    """A person or unit of the directory in every way it may be written: name, nickname, alias."""

    name: str
    spellings: tuple[str, ...] = ()
    address: str = ""


@value
class Sender:
    """The author of a mail as far as it is known before reading it."""

    role: str = "unknown"
    """gm, gm-office, hr, customer-service, department-head, staff, partner, consumer, external, system, unknown ..."""
    customer_kind: str | None = None
    """partner or consumer, where the domain or earlier cases say so."""
    name: str = ""
    """Name in the directory; the mail's own name where it has none."""
    unit: str = ""
    """Name of the sender's own unit."""
    people: tuple[Known, ...] = ()
    """People whom the directory knows."""
    units: tuple[Known, ...] = ()
    """Units that the directory knows."""
