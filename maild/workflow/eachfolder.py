"""Several folders of one mailbox: one that cannot be used stops no other."""

from collections.abc import Callable, Iterable

from maild.errors import LoginRefused, MaildError, ServerGone, Superseded, Temporary

_EVERYBODYS = (ServerGone, LoginRefused, Superseded)
"""Trouble of the account, not of one folder."""


def each_folder(names: Iterable[str], do: Callable[[str], int]) -> int:
    """Do it with each folder in turn, and return the sum; then `Temporary` names the first that could not be used."""
    done, trouble = 0, None
    for name in names:
        try:
            done += do(name)
        except _EVERYBODYS:
            raise
        except MaildError as error:
            trouble = trouble or Temporary(f"folder {name}: {error.sentence}")
    if trouble is not None:
        raise trouble
    return done
