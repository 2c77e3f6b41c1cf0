"""What was taken for what, as a picture: `maild eval --plot` saves confusion.png."""

from pathlib import Path

from maild.domain.score import Score
from maild.errors import Misconfigured

_INCHES_A_TYPE = 0.55
_MARGIN = 3.0


def draw_confusion(found: Score, path: Path) -> None:
    """A square of label against verdict, darker the larger the part; `Misconfigured` without matplotlib."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise Misconfigured("A picture needs matplotlib; run pip install maild[charts].") from error
    types = [one.type for one in found.types]
    table = _table(found, types)
    size = _MARGIN + _INCHES_A_TYPE * len(types)
    figure = Figure(figsize=(size, size), layout="tight")
    axes = figure.add_subplot()
    axes.imshow([[number / max(1, sum(row)) for number in row] for row in table], cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(types)), types, rotation=90)
    axes.set_yticks(range(len(types)), types)
    axes.set_xlabel("said")
    axes.set_ylabel("label")
    axes.set_title(f"{found.mails} mails, {found.accuracy:.1%} right")
    for y, row in enumerate(table):
        for x, number in enumerate(row):
            if number:
                axes.text(x, y, str(number), ha="center", va="center", color="white" if x == y else "black")
    try:
        FigureCanvasAgg(figure).print_png(str(path))
    except OSError as error:
        raise Misconfigured(f"{path}: cannot be written ({error.strerror}); run this in a folder of yours.") from error


def _table(found: Score, types: list[str]) -> list[list[int]]:
    """Mails by label (rows) and verdict (columns)."""
    taken = {(label, said): number for label, said, number in found.confusion}
    right = {one.type: one.right for one in found.types}
    return [[right[label] if label == said else taken.get((label, said), 0) for said in types] for label in types]
