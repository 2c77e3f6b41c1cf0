"""masks.yaml of a pack, read and checked: which personal data is masked, and who sees it in full."""

from pathlib import Path

from maild.adapters.channelfile import known
from maild.adapters.yamlfile import YamlFile
from maild.domain.lookup import Index
from maild.domain.maskrules import PLACES, Masks
from maild.domain.masks import Kind, Minors

MASKS = "masks.yaml"
_KINDS = tuple(kind.value for kind in Kind)
_SIGNS = 6
"""Digits that the shape of a number must have which no word stands in front of."""


def read_masks(folder: Path | None, index: Index, *, strict: bool = False) -> Masks | None:
    """The file, where the folder has one; with `strict` everybody whom it names must stand in the directory."""
    path = folder / MASKS if folder else None
    if path is None or not path.is_file():
        return None
    file = YamlFile(path)
    read = file.read(Masks)
    _check_kinds(file, read)
    for number, mask in enumerate(read.masks):
        for at, name in enumerate(mask.seen_by):
            if strict and name not in PLACES and not known(name, index):
                raise file.mistake(
                    f"'{name}' is no place in a case and no unit, role or person of the directory; write one of "
                    f"{', '.join(PLACES)} or one of those.",
                    ("masks", number, "seen_by", at),
                )
    for at, record in enumerate(read.records):
        if not record.words and record.shape.count("#") < _SIGNS:
            raise file.mistake(
                f"a number without words needs a shape with at least {_SIGNS} digits (#); add words in front of it.",
                ("records", at),
            )
    return read


def _check_kinds(file: YamlFile, read: Masks) -> None:
    seen: set[str] = set()
    for number, mask in enumerate(read.masks):
        for at, kind in enumerate(mask.kinds):
            place = ("masks", number, "kinds", at)
            if kind not in _KINDS:
                sentence = f"'{kind}' is no kind of personal data; write one of {', '.join(_KINDS)}."
                raise file.mistake(sentence, place)
            if kind in seen:
                raise file.mistake(f"'{kind}' stands in two rows; name everybody who sees it in one.", place)
            seen.add(kind)
    for kind, given, key in (
        (Kind.RECORD, bool(read.records), "records"), (Kind.MINOR, read.minors != Minors(), "minors"),
    ):  # fmt: skip
        if kind in seen and not given:
            raise file.mistake(f"'{kind}' is masked, and nothing says how it looks; add '{key}'.", ("masks",))
