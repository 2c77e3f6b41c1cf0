"""Bars as a PNG for a mail (extra `charts`), readable on a light and on a dark ground.

The picture has a ground of its own, so that a client's dark look leaves its contrast alone. Chinese needs a font that
the machine has; where it has none that writes every sign of a chart, there is no chart, and the figures stand in the
table alone.
"""

from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from typing import Any

from maild.adapters.finding import Finding, ok, warn
from maild.domain.reporttable import Chart

_CHINESE = ("Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "Noto Sans SC", "PingFang SC",
            "Microsoft YaHei", "Hiragino Sans GB", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei", "SimSun",
            "Noto Serif CJK SC", "AR PL UMing CN", "Droid Sans Fallback", "Noto Sans CJK JP", "Noto Sans CJK TC",
            "Noto Sans TC", "Microsoft JhengHei")  # fmt: skip
"""Fonts with Chinese signs, the best for a screen first; what the machine has of them is taken."""
_LATIN = "DejaVu Sans"
"""Comes with matplotlib."""
_INK, _MUTED, _GROUND, _RULE = "#1f2328", "#57606a", "#ffffff", "#d5dae0"
_BARS = ("#1a5fb4", "#9db8d9", "#c9ced6")
"""The present period first; each differs from the next in lightness too, for who sees no colours."""
_WIDE, _DPI = 5.4, 200
"""Inches, and dots an inch: 540 CSS pixels at twice their resolution."""
_BAR, _HEAD, _TITLE = 0.22, 0.45, 0.3
_MOST_BARS, _LONGEST = 15, 14


def can_draw() -> bool:
    """Whether the library is installed."""
    return find_spec("matplotlib") is not None


def check_charts() -> Finding:
    """Whether reports bring pictures, and Chinese ones."""
    check = "charts"
    if not can_draw():
        return warn(check, "reports come with tables and without pictures", "run pip install 'maild[charts]'")
    if chinese_font() is None:
        mend = "install a Chinese font, such as the package fonts-noto-cjk"
        return warn(check, "there is no Chinese font: reports with Chinese words come without pictures", mend)
    return ok(check, f"reports come with pictures ({chinese_font()})")


@cache
def chinese_font() -> str | None:
    """The best Chinese font of this machine, by name; None where it has none."""
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in _CHINESE if name in known), None)


def bar_chart(chart: Chart) -> bytes | None:
    """The picture; None where the library is not installed or no font writes the words."""
    if not can_draw() or (family := _family((chart.title, *chart.labels, *(name for name, _ in chart.series)))) is None:
        return None
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with rc_context({"font.family": family, "axes.unicode_minus": False}):
        labels = [_short(label) for label in chart.labels[:_MOST_BARS]]
        high = _HEAD + _TITLE * bool(chart.title) + len(labels) * (_BAR * len(chart.series) + 0.18)
        figure = Figure(figsize=(_WIDE, high), dpi=_DPI, facecolor=_GROUND, layout="constrained")
        if chart.title:
            figure.suptitle(chart.title, x=0.01, ha="left", fontsize=12, color=_INK)
        _bars(figure.add_subplot(), chart, labels)
        whole = BytesIO()
        FigureCanvasAgg(figure).print_png(whole, metadata={"Software": None})
    return whole.getvalue()


def _bars(axes: Any, chart: Chart, labels: list[str]) -> None:
    """A group of bars for each label, from the top, with the figure behind each bar."""
    high = 0.8 / len(chart.series)
    for number, ((name, values), colour) in enumerate(zip(chart.series, _BARS, strict=False)):
        places = [at + (number - (len(chart.series) - 1) / 2) * high for at in range(len(labels))]
        shown = values[: len(labels)]
        drawn = axes.barh(places, shown, height=high * 0.92, color=colour, label=name)
        axes.bar_label(drawn, [str(value) for value in shown], padding=3, fontsize=11, color=_INK)
    axes.set_yticks(range(len(labels)), labels, fontsize=12, color=_INK)
    axes.set_ylim(len(labels) - 0.45, -0.55)
    axes.set_facecolor(_GROUND)
    axes.tick_params(length=0)
    axes.margins(x=0.1)
    axes.xaxis.set_visible(False)
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["left"].set_color(_RULE)
    if len(chart.series) > 1:
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=len(chart.series), fontsize=11, frameon=False,
                    labelcolor=_MUTED, borderaxespad=0)  # fmt: skip


def _short(label: str) -> str:
    return label if len(label) <= 2 * _LONGEST else f"{label[: 2 * _LONGEST - 1]}…"


@cache
def _signs(name: str) -> frozenset[int]:
    """The signs that a font can write."""
    from matplotlib import font_manager

    found = font_manager.get_font(font_manager.findfont(name, fallback_to_default=False))
    return frozenset(found.get_charmap())


def _family(texts: Iterable[str]) -> list[str] | None:
    """The fonts that write all of these texts together; None where some sign is in none of them."""
    chinese = chinese_font()
    fonts = [_LATIN, chinese] if chinese else [_LATIN]
    known = frozenset().union(*map(_signs, fonts))
    return fonts if all(ord(sign) in known or sign.isspace() for text in texts for sign in text) else None
