"""retention.yaml of a pack or of an office, read and checked: how long which cases are kept, and what goes then."""

from collections.abc import Collection
from pathlib import Path

from maild.adapters.yamlfile import YamlFile
from maild.domain.retention import Retention, read_age

RETENTION = "retention.yaml"


def read_retention(folder: Path | None, types: Collection[str]) -> Retention | None:
    """The file, where the folder has one.

    Raises `Misconfigured` at a length that is none, a type that the pack has not, a row that no case ever comes to.
    """
    path = folder / RETENTION if folder else None
    if path is None or not path.is_file():
        return None
    file = YamlFile(path)
    read = file.read(Retention)
    seen: set[str] = set()
    for at, row in enumerate(read.retention):
        where = ("retention", at)
        try:
            read_age(row.after)
        except ValueError as error:
            raise file.mistake(f"{error}.", (*where, "after")) from error
        for n, kind in enumerate(row.types):
            if kind not in types:
                sentence = f"'{kind}' is no type of this pack; write one of {', '.join(types)}."
                raise file.mistake(sentence, (*where, "types", n))
        if "" in seen or (row.types and seen.issuperset(row.types)):
            raise file.mistake("a row above holds for all of these already; put this row above it.", where)
        seen.update(row.types or ("",))
    return read
