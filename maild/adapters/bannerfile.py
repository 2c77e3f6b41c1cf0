"""What the office's mail gateways add to a mail: the shipped `banners.yaml`, and the office's own laid over it."""

import re
from dataclasses import field
from pathlib import Path

from maild.adapters.shipped import shipped
from maild.adapters.yamlfile import YamlFile
from maild.domain.value import value
from maild.mail.banners import Marks

BANNERS = "banners.yaml"
_LONGEST = 500
_MANY = re.compile(r"(?<!\\)(?:[*+]|\{\d*,(?:\d{2,})?\})")
_GROUP_REPEATED = re.compile(r"(?<!\\)\)(?:[*+]|\{)")
_BACKWARD = re.compile(r"\\[1-9]|\(\?P=")
_MOST_REPEATS = 3


@value
class BannerFile:
    """What the file may hold: patterns for lines, for words in a subject's brackets, and those to take out."""

    banners: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    remove: tuple[str, ...] = field(default=())


def read_marks(rules: Path | None = None) -> Marks:
    """Shipped and own patterns together; `Misconfigured` with file, line and mend for one that could be slow."""
    marks = _over(Marks((), ()), YamlFile(shipped("rules") / "common" / BANNERS))
    known = frozenset((*marks.banners, *marks.tags))
    for path in own_files(rules):
        file = YamlFile(path)
        _check(file, known)
        marks = _over(marks, file)
    return marks


def own_files(rules: Path | None) -> tuple[Path, ...]:
    """The office's own banner files: in its rules folder, or in `common` there."""
    places = (rules / BANNERS, rules / "common" / BANNERS) if rules else ()
    return tuple(place for place in places if place.is_file())


def _over(marks: Marks, file: YamlFile) -> Marks:
    said = file.read(BannerFile)
    return Marks(*(
        tuple(one for one in dict.fromkeys((*below, *more)) if one not in said.remove)
        for below, more in ((marks.banners, said.banners), (marks.tags, said.tags))
    ))  # fmt: skip


def _check(file: YamlFile, known: frozenset[str]) -> None:
    """The office's own patterns; a copy of a shipped one is as good as that."""
    said = file.read(BannerFile)
    for key, patterns in (("banners", said.banners), ("tags", said.tags)):
        for number, pattern in enumerate(patterns):
            if pattern not in known and (trouble := _trouble(pattern)):
                raise file.mistake(trouble, (key, number))


def _trouble(pattern: str) -> str:
    """What is wrong with a pattern that a person wrote; "" for a good one."""
    if len(pattern) > _LONGEST:
        return f"the pattern is longer than {_LONGEST} characters; cut it into two."
    try:
        matches_nothing = re.compile(pattern, re.IGNORECASE).match("") is not None
    except re.error as error:
        return f"this is no pattern ({error}); put a backslash before ( [ * + ? that stand for themselves."
    if matches_nothing:
        return "the pattern fits an empty line, and so every line; write the words that stand there."
    if _GROUP_REPEATED.search(pattern) or _BACKWARD.search(pattern) or len(_MANY.findall(pattern)) > _MOST_REPEATS:
        return (
            f"the pattern may take very long: repeat no bracket, and use * and + at most {_MOST_REPEATS} times; "
            "write .{0,9} for a short gap."
        )
    return ""
