"""Whether a reader of a page can see its text: what is hidden by style is no text of the mail.

Hidden text is what a sender wants machines to read and people not: preview lines of newsletters, at worst orders or
words that sway a rule. Styles of elements, their attributes and simple style sheets are read. Every look is bounded.
"""

import re
from dataclasses import dataclass, replace

from maild.mail.stylesheet import NO_SHEET, Sheet, declared_by

Colour = tuple[int, int, int]
_STYLE = re.compile(r"(?<![\w-])style\s*=\s*(?:\"([^\"]{0,4000})|'([^']{0,4000})|([^\s\"'>]{1,400}))", re.IGNORECASE)
_COLOUR_ATTRIBUTE = re.compile(r"(?<![\w-])(bgcolor|color|text)\s*=\s*[\"']?\s*(#?\w{1,30})", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"]*(?:\"|$)|'[^']*(?:'|$)")
_HIDDEN_ATTRIBUTE = re.compile(r"(?<![\w-])hidden(?![\w-])", re.IGNORECASE)
_WORTH_A_LOOK = re.compile(r"style|hidden|color|text\s*=", re.IGNORECASE)
_NUMBER = re.compile(r"(-?(?:\d{1,6}\.?\d{0,6}|\.\d{1,6}))\s*(px|pt|r?em|ex|%|in|cm|mm|v[wh])?")
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})(?:[0-9a-f]{2})?(?![0-9a-f])")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:\s*[,/]\s*([\d.]{1,8}%?))?")
_NAMED: dict[str, Colour] = {
    "white": (255, 255, 255), "snow": (255, 250, 250), "ivory": (255, 255, 240), "ghostwhite": (248, 248, 255),
    "whitesmoke": (245, 245, 245), "black": (0, 0, 0), "red": (255, 0, 0), "blue": (0, 0, 255), "green": (0, 128, 0),
    "gray": (128, 128, 128), "grey": (128, 128, 128), "yellow": (255, 255, 0), "navy": (0, 0, 128),
}  # fmt: skip
_INCHES = {"px": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0, "ex": 8.0, "%": 0.16, "in": 96.0, "cm": 37.8, "mm": 3.8}
"""Pixels in one of each unit, as far as it matters for what nobody can read."""
_UNREADABLE = 1.5
"""Letters up to so many pixels are not seen."""
_FAR_OUT = -500.0
_ALIKE = 16
"""Channels that differ by no more look the same."""
_MOST_DECLARATIONS = 100


@dataclass(frozen=True)
class Look:
    """How the text inside an element looks, as far as it can be told."""

    gone: bool = False
    """Not shown at all; nothing inside can show itself again."""
    tiny: bool = False
    unseen: bool = False
    ink: Colour | None = (0, 0, 0)
    """None: not known, and so taken as seen."""
    ground: Colour | None = (255, 255, 255)

    @property
    def hidden(self) -> bool:
        """Whether a reader cannot see the text."""
        if self.gone or self.tiny or self.unseen:
            return True
        if self.ink is None or self.ground is None:
            return False
        return all(abs(one - other) <= _ALIKE for one, other in zip(self.ink, self.ground, strict=True))


PLAIN = Look()
"""Black on white."""


def look_inside(outer: Look, attributes: str, sheet: Sheet = NO_SHEET) -> Look:
    """The look inside an element with these attributes that stands inside `outer`; `sheet` is the page's."""
    if outer.gone or not attributes or not (sheet or _WORTH_A_LOOK.search(attributes)):
        return outer
    look = outer
    if _HIDDEN_ATTRIBUTE.search(_QUOTED.sub("", attributes)):
        return replace(look, gone=True)
    for name, said in _COLOUR_ATTRIBUTE.findall(attributes):
        colour = _colour(said.lower())
        look = replace(look, ground=colour) if name.lower() == "bgcolor" else replace(look, ink=colour)
    found = _STYLE.search(attributes)
    own = next((one for one in found.groups() if one), "") if found else ""
    style = f"{declared_by(sheet, attributes)};{own}".strip(";")
    return _styled(look, _declared(style)) if style else look


def _declared(style: str) -> dict[str, str]:
    """Property and value; the last of each counts, as in CSS."""
    pairs = (part.partition(":") for part in style.lower().split(";")[:_MOST_DECLARATIONS])
    return {name.strip(): said.replace("!important", "").strip() for name, _, said in pairs}


def _styled(look: Look, said: dict[str, str]) -> Look:
    if _is_gone(said):
        return replace(look, gone=True)
    if "visibility" in said:
        look = replace(look, unseen=said["visibility"] in {"hidden", "collapse"})
    size = _font_size(said)
    if size is not None:
        look = replace(look, tiny=size <= _UNREADABLE)
    ground = said.get("background-color") or said.get("background")
    if ground:
        look = replace(look, ground=_ground(ground, look.ground))
    if "color" in said and said["color"] != "inherit":
        look = replace(look, ink=look.ground if said["color"] == "transparent" else _colour(said["color"]))
    return look


def _is_gone(said: dict[str, str]) -> bool:
    opacity = _length(said.get("opacity", "1"))
    cut = "hidden" in said.get("overflow", "") or "hidden" in said.get("overflow-y", "")
    flat = any(_length(said.get(name, "9")) == 0 for name in ("max-height", "height", "max-width", "width"))
    places = (said.get(name, "0") for name in ("text-indent", "left", "top", "margin-left"))
    return (
        said.get("display") == "none"
        or said.get("mso-hide") == "all"
        or opacity == 0
        or (cut and flat)
        or any((_length(place) or 0) <= _FAR_OUT for place in places)
    )


def _font_size(said: dict[str, str]) -> float | None:
    """Pixels; `font: 0/0 a` is a way to write it too; None where nothing is said."""
    if "font-size" in said:
        return _length(said["font-size"])
    short = re.match(r"(?:[a-z]+\s+){0,4}(\d*\.?\d+[a-z%]*)", said.get("font", ""))
    return _length(short[1]) if short else None


def _length(said: str) -> float | None:
    found = _NUMBER.match(said)
    return float(found[1]) * _INCHES.get(found[2] or "px", 1.0) if found else None


def _ground(said: str, outer: Colour | None) -> Colour | None:
    """What lies behind: a picture or a gradient is not known."""
    if "url(" in said or "gradient" in said:
        return None
    if said in {"none", "transparent", "inherit", "initial"}:
        return outer
    return _colour(said)


def _colour(said: str) -> Colour | None:
    if found := _HEX.search(said):
        digits = found[1] if len(found[1]) == 6 else "".join(2 * digit for digit in found[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if found := _RGB.search(said):
        if found[4] and (_length(found[4]) or 0) == 0:
            return None
        return int(found[1]), int(found[2]), int(found[3])
    return next((_NAMED[word] for word in said.split() if word in _NAMED), None)
