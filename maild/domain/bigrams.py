"""Words for full-text search that any database can match: Chinese as pairs of characters, other words whole.

A query word is a phrase of neighbouring tokens, so that 热水壶 finds what says 热水壶 and nothing that says 水壶热.
"""

import re
import unicodedata
from collections.abc import Iterator

from maild.domain.script import fold

LONGEST = 20_000
"""Characters of a mail that are searched."""
_HAN = r"\u2e80-\u2fdf\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Chinese characters and Japanese letters, without punctuation."""
_RUN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_CHINESE = re.compile(rf"[{_HAN}]")


def tokens(text: str) -> list[str]:
    """The tokens of a text in their order."""
    return [token for run in _RUN.findall(_plain(text[:LONGEST])) for token in _of_run(run)]


def phrases(query: str) -> list[list[str]]:
    """What a query asks for: each word between blanks is one phrase; a lone Chinese character begins a token."""
    found = (tokens(word) for word in query.split()[:8])
    return [phrase for phrase in found if phrase]


def is_beginning(token: str) -> bool:
    """Whether a query's token stands for every pair that begins with it."""
    return len(token) == 1 and _CHINESE.match(token) is not None


def _plain(text: str) -> str:
    return fold(unicodedata.normalize("NFKC", text))


def _of_run(run: str) -> Iterator[str]:
    if not _CHINESE.match(run):
        yield run[:60]
        return
    yield from (run[at : at + 2] for at in range(max(1, len(run) - 1)))
