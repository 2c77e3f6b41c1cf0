"""channels.yaml of a pack, read and checked: by which ways cases are told, and who hears of crisis words."""

from pathlib import Path

from maild.adapters.yamlfile import YamlFile
from maild.adapters.yamlmend import did_you_mean
from maild.domain.channels import CRITICAL, DUTY, MAIL, WAYS, Channels, Way
from maild.domain.lookup import Index

CHANNELS = "channels.yaml"
_LEVELS = ("low", "normal", "high", CRITICAL)
_CRISES = ("self-harm", "threat", "press", "lawyer")


def read_channels(folder: Path | None, index: Index, *, strict: bool = False) -> Channels | None:
    """The file, where the folder has one; with `strict` everybody whom it names must stand in the directory."""
    path = folder / CHANNELS if folder else None
    if path is None or not path.is_file():
        return None
    file = YamlFile(path)
    read = file.read(Channels)
    for number, row in enumerate(read.channels):
        _check_row(file, number, row)
    for crisis, names in read.crisis.items():
        _check_name(file, crisis, _CRISES, ("crisis", crisis))
        for at, name in enumerate(names):
            if strict and not known(name, index):
                sentence = f"'{name}' is no unit, role or person of the directory; write one that it has."
                raise file.mistake(sentence, ("crisis", crisis, at))
    return read


def known(name: str, index: Index) -> bool:
    """Whether this is a unit, a role that somebody has, or a person's address."""
    return bool(index.unit(name) or index.person(name) or index.with_role(name))


def _check_row(file: YamlFile, number: int, row: Way) -> None:
    place = ("channels", number)
    for at, way in enumerate(row.by):
        _check_name(file, way, WAYS, (*place, "by", at))
    for at, level in enumerate(row.urgency):
        _check_name(file, level, _LEVELS, (*place, "urgency", at))
    if MAIL not in row.by:
        raise file.mistake("every row goes by mail, too; add mail.", (*place, "by"))
    if DUTY in row.by and set(row.urgency) != {CRITICAL}:
        raise file.mistake("only what is critical wakes the person on duty; take duty out here.", (*place, "by"))


def _check_name(file: YamlFile, name: str, known: tuple[str, ...], where: tuple[str | int, ...]) -> None:
    if name not in known:
        hint = did_you_mean(name, known) or f" write one of {', '.join(known)}."
        raise file.mistake(f"'{name}' is not known here;{hint}", where)
