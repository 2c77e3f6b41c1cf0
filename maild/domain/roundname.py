"""Which round of forms somebody means who names it: 发起 季度体验测试, `start experience-quarterly` (casework 7)."""

import re
from collections.abc import Sequence
from difflib import get_close_matches

from maild.domain.formround import Entry, Rounds
from maild.domain.spelling import fold

_ALIKE = 0.66
_SHORTEST = 3
_MOST = 5
_LONGEST = 60
"""Characters of what may be a round's name; more are a text."""
_AROUND = re.compile(
    r"\s*[:：]?\s*(?:(?:一轮|一次|本轮|新一轮|本季度|本月|the|a|an|new|round|form|of)(?=\W|[一-鿿]))*\s*"
    r"(?P<name>.*?)[\s,，。.!！~]*(?:吧|谢谢|please|now|round|form)?[\s,，。.!！~]*",
    re.IGNORECASE | re.DOTALL,
)


def round_names(rounds: Rounds) -> tuple[str, ...]:
    """Every way to name one of them."""
    return tuple(name for entry in rounds.rounds for name in _names(entry, rounds))


def sounds_like_round(words: str, names: Sequence[str]) -> bool:
    """Whether words name one of `names`, or nearly."""
    if len(words) > _LONGEST:
        return False
    said = _said(words)
    folded = [fold(name) for name in names]
    return any(_is_part(said, name) for name in folded) or bool(get_close_matches(said, folded, 1, _ALIKE))


def round_meant(words: str, rounds: Rounds) -> Entry | None:
    """The round of this id or name; else the only one whose name, or whose form's, these words are or are part of."""
    said = _said(words)
    if not said:
        return None
    named = {entry.id: [fold(name) for name in _names(entry, rounds)] for entry in rounds.rounds}
    for fits in (
        [ident for ident, names in named.items() if said in names],
        [ident for ident, names in named.items() if any(_is_part(said, name) for name in names)],
    ):
        if len(fits) == 1:
            return rounds.entry(fits[0])
    return None


def rounds_near(words: str, rounds: Rounds) -> tuple[Entry, ...]:
    """Those that are nearly meant, the nearest first; all there are where none is near."""
    by_name = {fold(name): entry for entry in rounds.rounds for name in _names(entry, rounds)}
    near = get_close_matches(_said(words), list(by_name), _MOST, _ALIKE)
    return tuple({by_name[name].id: by_name[name] for name in near}.values()) or rounds.rounds[:_MOST]


def _is_part(said: str, name: str) -> bool:
    """体验测试 of 季度体验测试; less than half of a name is none."""
    return said in name and len(said) >= max(_SHORTEST, len(name) / 2)


def _said(words: str) -> str:
    plain = fold(words.strip())[:_LONGEST]
    found = _AROUND.fullmatch(plain)
    return found["name"].strip(" 　\"'“”「」《》") if found else plain


def _names(entry: Entry, rounds: Rounds) -> tuple[str, ...]:
    form = rounds.form(entry.form)
    return (entry.id, entry.name.zh, entry.name.en, form.id, form.name.zh, form.name.en)
