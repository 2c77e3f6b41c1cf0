"""What a letter says, all of it: every header and every part decoded, as a curious reader would look at it."""

from collections.abc import Iterable
from email.header import decode_header, make_header

from tests.journeys.desk import Letter

INSIDE = "auth=pass smtp.auth={}"


def whole(letter: Letter, *, files: bool = True) -> str:
    """Every header and every part, decoded; line ends joined, so that folding hides nothing.

    Without `files` of an attachment its headers alone: what it holds is for seal-holders, who get it.
    """
    heads = [f"{name}: {make_header(decode_header(str(value)))}" for name, value in letter.message.items()]
    parts = []
    for part in letter.message.walk():
        heads += [f"{name}: {make_header(decode_header(str(value)))}" for name, value in part.items()]
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and (files or not part.get_filename()):
            parts.append(payload.decode("utf-8", "replace"))
    return "\n".join(heads + parts).replace("\r\n", "\n")


def telling(letters: Iterable[Letter], *words: str) -> list[tuple[str, str]]:
    """To whom, and in which kind of letter, one of these words went."""
    return [(letter.to, letter.kind) for letter in letters if any(word in whole(letter) for word in words)]


def of_kind(letters: Iterable[Letter], kind: str) -> list[Letter]:
    """The letters of one kind."""
    return [letter for letter in letters if letter.kind == kind]


def to(letters: Iterable[Letter], address: str) -> list[Letter]:
    """The letters to one address."""
    return [letter for letter in letters if letter.to == address]
