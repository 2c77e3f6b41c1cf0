"""Reading a letter's HTML as a mail client would: which colour lies on which ground, in light and in dark."""

import re
from html.parser import HTMLParser

_DARK = re.compile(r"@media \(prefers-color-scheme:dark\)\{(.*?)\n\}\n</style>", re.DOTALL)
_RULE = re.compile(r"\.([\w-]+)\{([^}]*)\}")
_DECLARATION = re.compile(r"([\w-]+)\s*:\s*([^;!]+)")
_VOID = frozenset({"meta", "br", "wbr", "img", "hr", "input", "link"})


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class Look(HTMLParser):
    """Walks a letter and remembers, for each piece of text, its colour and the ground below it."""

    def __init__(self, html: str, *, dark: bool) -> None:
        super().__init__()
        rules = _DARK.search(html)
        assert rules, "no rules for the dark look"
        self.rules = {name: _declared(body) for name, body in _RULE.findall(rules[1])} if dark else {}
        self.stack: list[tuple[str, str, str]] = [("", "#000000", "#ffffff")]
        self.seen: dict[tuple[str, str], str] = {}
        self.skipping = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skipping = tag in {"style", "title"}
        if tag in _VOID:
            return
        given = {name: words or "" for name, words in attrs}
        style = _declared(given.get("style", ""))
        for name in given.get("class", "").split():
            style |= self.rules.get(name, {})
        _, colour, ground = self.stack[-1]
        self.stack.append((tag, style.get("color", colour), style.get("background-color", ground)))

    def handle_endtag(self, tag: str) -> None:
        self.skipping = False
        if tag not in _VOID:
            assert self.stack[-1][0] == tag, f"</{tag}> closes <{self.stack[-1][0]}>"
            self.stack.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.skipping:
            _, colour, ground = self.stack[-1]
            self.seen[colour, ground] = data.strip()[:40]


def _declared(css: str) -> dict[str, str]:
    return {name: words.strip().lower() for name, words in _DECLARATION.findall(css)}


class Words(HTMLParser):
    """The text of a letter's HTML, without style and title."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.skipping = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  as the base has it
        self.skipping = tag in {"style", "title"}

    def handle_endtag(self, tag: str) -> None:
        self.skipping = self.skipping and tag not in {"style", "title"}

    def handle_data(self, data: str) -> None:
        if not self.skipping and data.strip():
            self.pieces.append(" ".join(data.split()))
