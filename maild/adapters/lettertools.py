"""The few functions that the templates of letters may call; each is pure, and knows the medium it writes for."""

import re
from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup, escape

from maild.adapters.lettersandbox import Medium
from maild.domain.command import short_number
from maild.mail.oneclick import mailto

_PRESSING = ("accept", "relay", "receipt", "triage", "instruct", "correct", "answer", "first-answer", "analyse",
             "resolve", "return", "review")  # fmt: skip
_PROMISED = ("first-answer", "answer", "resolve", "relay")
_EMPTY_LINES = re.compile(r"\n{2,}")
_OPEN = (":", "：", " ")
"""How a command line ends that the writer has to finish."""
_SHORT = 30

Deadline = Mapping[str, object]


def tools(medium: Medium) -> dict[str, Callable[..., object]]:
    """The functions by the names under which templates call them."""
    html = medium == "html"
    return {
        "pressing": lambda deadlines: _first(deadlines, _PRESSING),
        "promised": lambda deadlines: _first(deadlines, _PROMISED),
        "quoted": _marked if html else _prefixed,
        "prose": _marked if html else str.strip,
        "line": line,
        "short": short,
        "short_number": short_number,
        "days": days,
        "signed": "{:+g}".format,
        "rows": rows,
        "example": example,
        "wants_more": wants_more,
        "opens": lambda address, token, line: mailto(address, f"Re: [{token}]", line),
        "means_more": lambda reply: _bare(reply["label"]) not in {"", _bare(reply["line"])},
    }


def line(text: str) -> str:
    """A text on one line; what is HTML already stays as it is."""
    return text if isinstance(text, Markup) else " ".join(str(text).split())


def short(text: str) -> str:
    """At most 30 characters on one line, for a subject."""
    one = line(text)
    return one if len(one) <= _SHORT else f"{one[: _SHORT - 1].rstrip()}…"


def days(text: str) -> int | None:
    """The number when a text is nothing else, so that the catalogue can say what it counts."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def rows(items: Sequence[Mapping[str, object]], *names: str) -> list[list[object]]:
    """These names of each item, as the rows of a table."""
    return [[item.get(name, "") for name in names] for item in items]


def example(replies: Sequence[Mapping[str, object]]) -> str:
    """The example: the first line that is complete, but not the last resort at the end; else the first."""
    lines = [str(reply["line"]) for reply in replies]
    whole = (one for one in lines[:-1] or lines if "\n" not in one.strip() and not wants_more(one))
    return next(whole, lines[0].split("\n")[0] if lines else "")


def wants_more(line: str) -> bool:
    """Whether the writer has to finish this command line."""
    return line.endswith(_OPEN)


def _bare(words: str) -> str:
    return words.strip().rstrip("：: ").casefold()


def _first(deadlines: Sequence[Deadline], kinds: Sequence[str]) -> Deadline | None:
    by_kind = {str(one["kind"]): one for one in reversed(deadlines)}
    return next((by_kind[kind] for kind in kinds if kind in by_kind), None)


def _prefixed(text: str) -> str:
    """Quoted as plain text is quoted: a mark before each line, so that no line can pass for ours (RFC 3676)."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().split("\n"))


def _marked(text: str) -> Markup:
    """Lines and paragraphs of plain text as HTML, everything in them escaped."""
    trimmed = "\n".join(line.rstrip() for line in text.strip().split("\n"))
    paragraphs = _EMPTY_LINES.split(trimmed)
    lines = [str(escape(paragraph)).replace("\n", "<br>\n") for paragraph in paragraphs]
    return Markup("<br>\n<br>\n".join(lines))  # noqa: S704  each paragraph was escaped
