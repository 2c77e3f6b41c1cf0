"""What the directory and earlier cases say of the sender, as plain words that triage can compare."""

from functools import cached_property

from maild.domain.guises import Guises
from maild.domain.script import fold_word
from maild.domain.value import value

_FEWEST = 2


@value
class Known:
    """A person or unit of the directory in every way it may be written: name, nickname, alias."""

    name: str
    spellings: tuple[str, ...] = ()
    address: str = ""

    @cached_property
    def bare(self) -> str:
        """The name as it is compared."""
        return fold_word(self.name)

    @cached_property
    def written(self) -> tuple[tuple[str, str], ...]:
        """Every way it may be written, of two characters at least, each with how it is compared."""
        spellings = dict.fromkeys((self.name, *self.spellings))
        return tuple((one, folded) for one in spellings if len(folded := fold_word(one)) >= _FEWEST)


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
    guises: Guises | None = None
    """`people`, by their places, as they may be disguised."""
