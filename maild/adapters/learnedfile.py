"""What was learned of a pack's example mails: `learned.tsv`, written by `maild policy learn` and read with the pack.

The first line names the types; each further line is an example's fingerprint and, in thousandths, how much it counts
for each type (`place:number`, places from 0 in the order of the first line). A file that does not fit the examples is
no mistake: what is missing is learned again when it is needed.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from maild.domain.learning import learn
from maild.domain.likeness import DIGITS, Example, Marks
from maild.errors import Misconfigured

LEARNED = "learned.tsv"
_HEAD = "# maild policy learn: "


def read_learned(folders: Sequence[Path | None], types: Iterable[str]) -> Marks:
    """The marks kept in the first of these folders; nothing where there are none, or they are of other types."""
    path = next((folder / LEARNED for folder in folders if folder and (folder / LEARNED).is_file()), None)
    if path is None:
        return {}
    head, *lines = path.read_text(encoding="utf-8").splitlines() or [""]
    types = sorted(set(types))
    if head.removeprefix(_HEAD).split() != types:
        return {}
    return dict(_mark(path, at, line, len(types)) for at, line in enumerate(lines, 2))


def write_learned(path: Path, examples: Sequence[Example]) -> None:
    """Learn from the examples, which takes seconds, and keep the result here."""
    types = sorted({example.type for example in examples})
    lines = [_HEAD + " ".join(types)]
    for one, mark in learn(examples).items():
        counted = (f"{place}:{round(share * DIGITS)}" for place, share in enumerate(mark) if share)
        lines.append("\t".join((one, *counted)))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _mark(path: Path, at: int, line: str, size: int) -> tuple[str, tuple[float, ...]]:
    one, *counted = line.split("\t")
    mark = [0.0] * size
    try:
        for place, _, number in (count.partition(":") for count in counted):
            mark[int(place)] = int(number) / DIGITS
    except (ValueError, IndexError) as error:
        mend = "write the file anew with `maild policy learn`"
        raise Misconfigured(f"{path}:{at}: this line is damaged; {mend}.") from error
    return one, tuple(mark)
