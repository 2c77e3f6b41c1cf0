"""Which way a case is told, by how pressing it is and what kind it is (P7.6.2): the channel matrix of a pack.

`mail` is always one of them. `chat` are the robots of the second channel, `sms` its plain webhooks, behind which a
gateway of text messages or calls may stand, and `duty` is the person on duty, who is woken by what is critical, one
rung up every quarter of an hour until somebody accepts (casework 6).
"""

from collections.abc import Mapping, Sequence
from dataclasses import field

from maild.domain.value import value

MAIL, CHAT, SMS, DUTY = "mail", "chat", "sms", "duty"
WAYS = (MAIL, CHAT, SMS, DUTY)
CRITICAL = "critical"


@value
class Way:
    """One row: cases of these urgencies and types go by these ways; without urgencies or types, of all."""

    by: tuple[str, ...]
    urgency: tuple[str, ...] = ()
    types: tuple[str, ...] = ()

    def fits(self, urgency: str, kind: str) -> bool:
        """Whether a case of this urgency and type is told so."""
        return (not self.urgency or urgency in self.urgency) and (not self.types or kind in self.types)


@value
class Channels:
    """What channels.yaml may hold."""

    channels: tuple[Way, ...] = (Way(urgency=(CRITICAL,), by=WAYS), Way(by=(MAIL,)))
    """The first row that fits decides; where none does, mail."""
    crisis: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Whom crisis words are told to at once, by their name in crisis.yaml: units, roles, addresses."""

    def by(self, urgency: str, kind: str) -> tuple[str, ...]:
        """The ways of a case of this urgency and type."""
        return next((row.by for row in self.channels if row.fits(urgency, kind)), (MAIL,))

    def messages(self, urgency: str, kind: str) -> tuple[str, ...]:
        """Those of them by which a short message goes."""
        return tuple(way for way in self.by(urgency, kind) if way in {CHAT, SMS})

    def told(self, crisis: Sequence[str]) -> tuple[str, ...]:
        """Whom these crisis words are told to, each once."""
        return tuple(dict.fromkeys(name for word in crisis for name in self.crisis.get(word, ())))
