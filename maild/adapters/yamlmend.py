"""What a YAML mistake is called and how to mend it, in the words of somebody who writes rules and not programs."""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import yaml

_WIDE = re.compile("[：，【】“”［］｛｝]")
_NARROW = str.maketrans(
    {"：": ": ", "，": ", ", "【": "[", "】": "]", "［": "[", "］": "]", "“": '"', "”": '"', "｛": "{", "｝": "}"}
)
_NEAR = 3
"""A mistake so many lines further down may still be the same one."""
_WIDE_SPACE = re.compile(r"^\s*[\u3000\xa0]")
_PATTERN = re.compile(r"[(|…]")
"""A term with alternatives or a gap, in which a comma is meant."""
_COLON, _COMMA, _OPEN, _CLOSE = "':' with a space behind it", "', '", "'['", "']'"
_HALF = {
    "：": _COLON, "，": _COMMA, "、": _COMMA, "［": _OPEN, "］": _CLOSE, "【": _OPEN, "】": _CLOSE,
    "“": "'\"'", "”": "'\"'", "｛": "'{'", "｝": "'}'",
}  # fmt: skip
_SYNTAX = (
    ("mapping values are not allowed", "a second colon stands in this line, or the line above is indented wrongly"),
    ("could not find expected ':'", "the colon behind the name is missing here; write `name: value`"),
    ("cannot start any token", "text that begins with @, %, ` or a bracket must stand in quotes"),
    ("found undefined alias", "text that begins with * must stand in quotes"),
    ("found duplicate anchor", "text that begins with & must stand in quotes"),
    ("unexpected end of stream", "a quotation mark is opened here and never closed; close it"),
    ("expected ',' or", "a bracket is not closed, or a comma is missing between two items"),
    ("block end", "this line is not indented like the ones it belongs to; indent items of one list alike"),
    ("block mapping", "this line is not indented like the ones it belongs to; indent items of one list alike"),
    ("unknown escape", "a backslash in \"…\" has a meaning of its own; use '…' instead"),
    ("could not determine a constructor", "text that begins with ! must stand in quotes"),
    ("expected a single document", "a line of --- divides the file; take it out"),
)  # fmt: skip
_VALUES = {
    "string_type": "write text, in quotes where it is a number or a date",
    "tuple_type": "write a list: [one, two], or one `- item` a line",
    "list_type": "write a list: [one, two], or one `- item` a line",
    "dict_type": "write names with values behind them, `name: value`",
    "dataclass_type": "write names with values behind them, `name: value`",
    "model_type": "write names with values behind them, `name: value`",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "int_type": "write a whole number",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "float_type": "write a number",
    "float_parsing": "write a number in figures, such as 2 or 1.5",
    "string_too_short": "it is empty; write at least one word",
    "date_type": "write a day as 2026-02-16",
    "date_from_datetime_parsing": "write a day as 2026-02-16",
    "datetime_parsing": "write a time as 2026-11-20T18:00",
    "datetime_from_date_parsing": "write a time as 2026-11-20T18:00",
}
_NUMERALS = ("零〇", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖", "十拾")
_FIGURES = (
    {word: str(number) for number, words in enumerate(_NUMERALS) for word in words}
    | {chr(0xFF10 + n): str(n) for n in range(10)}
    | {"半": "0.5"}
)
"""Numbers as people write them in Chinese, or full-width."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` did you mean 'name'?` where one of the known words is near, else ""."""
    names = {one.lower(): one for one in known}
    near = get_close_matches(word.lower(), names, n=1, cutoff=0.6)
    return f" did you mean '{names[near[0]]}'?" if near else ""


def full_width(written: str, *, flow: bool = False, key: bool = False) -> str:
    """What is wrong with an unquoted value that holds full-width punctuation, or ""."""
    if key and written[:1] in {"\u3000", "\xa0"}:
        return "a full-width space stands here; indent with plain spaces."
    if written[:1] == "“" and written[-1:] == "”" and not key:
        return _sentence("“")
    signs = "：" if key else "，、［］" if flow and not _PATTERN.search(written) else ""
    found = next((sign for sign in written[1:-1] if sign in signs), "")
    if not found and not flow and not key and re.match(r"^[A-Za-z_-]+：", written):
        found = "："
    return _sentence(found) if found else ""


def stray_blank(line: str) -> tuple[int, str] | None:
    """The first tab or full-width space of a line that could not be read, and what to do."""
    if "\t" in line:
        return line.index("\t"), "a tab stands here; indent with spaces."
    if wide := _WIDE_SPACE.match(line):
        return wide.end() - 1, "a full-width space stands here; indent with plain spaces."
    return None


def stray_sign(lines: Sequence[str], number: int) -> tuple[int, str] | None:
    """The first full-width sign of this line where writing it half-width lets the file be read past the line."""
    wide = _WIDE.search(lines[number])
    if not wide:
        return None
    mended = [*lines[:number], lines[number].translate(_NARROW), *lines[number + 1 :]]
    try:
        yaml.compose("\n".join(mended), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if mark is None or mark.line <= number + _NEAR:
            return None
    except yaml.YAMLError:
        return None
    return wide.start(), _sentence(wide[0])


def syntax_mend(error: yaml.MarkedYAMLError) -> str:
    """One sentence for what the YAML reader stumbled over."""
    said = f"{error.context or ''} {error.problem or ''}"
    mend = next((mend for words, mend in _SYNTAX if words in said), None)
    return (
        f"{mend}."
        if mend
        else f"{(error.problem or 'this cannot be read as YAML').rstrip('.')}; compare with a line above."
    )


def unreadable_sign(text: str, error: yaml.YAMLError) -> str:
    """Line, column and mend of a character that YAML does not allow."""
    at = getattr(error, "position", None)
    if not isinstance(at, int):
        return ": this is not readable as YAML; compare with a shipped file."
    line = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    return f":{line}:{column}: an invisible control character stands here; delete it and write the line again."


def value_mend(error: Mapping[str, Any]) -> str:
    """One sentence for a value that is not what the key needs."""
    context = error.get("ctx") or {}
    if error["type"] in {"literal_error", "enum"}:
        expected = str(context.get("expected", ""))
        given = error.get("input")
        hint = did_you_mean(given, re.findall(r"'([^']+)'", expected)) if isinstance(given, str) else ""
        return f"write one of {expected};{hint}" if hint else f"write one of {expected}."
    figure = _FIGURES.get(str(error.get("input", "")).strip(), "")
    if figure and error["type"] in {"int_parsing", "float_parsing"}:
        return f"write the figure {figure} for {error['input']}."
    if error["type"] in {"too_short", "too_long"}:
        more = "at least" if error["type"] == "too_short" else "at most"
        return f"the list needs {more} {context.get('min_length', context.get('max_length'))} items."
    mend = _VALUES.get(error["type"])
    return f"{mend}." if mend else f"{str(error['msg']).removeprefix('Value error, ').rstrip('.')}."


def _sentence(sign: str) -> str:
    return f"full-width '{sign}' stands here; write the half-width {_HALF[sign]}, or put the whole text in quotes."
