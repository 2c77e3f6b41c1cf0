"""Every error knows whether trying again can help, its RFC 3463 code, and one sentence for a person.

`Temporary` is worth another try, `Permanent` is not; `Misconfigured` stops the daemon before its first login.
The sentence says what, where and how to mend it; the cause is chained and never shown without `--debug`.
"""

from typing import ClassVar


class MaildError(Exception):
    """Something went wrong."""

    temporary: ClassVar[bool] = False
    status: ClassVar[str] = "5.0.0"

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or (type(self).__doc__ or "").split("\n")[0])

    @property
    def sentence(self) -> str:
        """One sentence for a person: what, where, how to mend it."""
        return str(self)


class Temporary(MaildError):
    """It did not work this time; maild tries again by itself."""

    temporary = True
    status = "4.0.0"


class Conflict(Temporary):
    """Another transaction was in the way; nothing was done, and the same again at once will do."""

    status = "4.3.0"


class Superseded(Temporary):
    """Another daemon has taken over what this one was doing; nothing was written."""

    status = "4.3.0"


class Permanent(MaildError):
    """It did not work and will not work by trying again."""


class Unparsable(Permanent):
    """The mail is outside the bounds within which it can be read safely."""

    status = "5.6.0"


class Misconfigured(Permanent):
    """A setting, rule, template or directory entry is wrong; the sentence names file, line and mend."""

    status = "5.3.5"


class LoginRefused(Temporary):
    """The server refused the login; check user name and password, then wait for the next try."""

    status = "4.7.8"


class ServerGone(Temporary):
    """The server did not answer or closed the connection."""

    status = "4.4.1"


class ProtocolTrouble(Temporary):
    """The server answered something that cannot be used."""

    status = "4.5.0"
