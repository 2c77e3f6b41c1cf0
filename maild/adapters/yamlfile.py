"""YAML that a clerk wrote: every mistake is told with file, line, column and mend.

Accepts UTF-8 with or without BOM and GB18030. Names tabs, full-width punctuation, duplicate and unknown keys,
and the words YAML misreads (`on`, `no`, `12:30`) instead of guessing.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml
from pydantic import TypeAdapter, ValidationError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from maild.adapters.yamlmend import (
    did_you_mean,
    full_width,
    stray_blank,
    stray_sign,
    syntax_mend,
    unreadable_sign,
    value_mend,
)
from maild.adapters.yamlshape import keys_at
from maild.errors import Misconfigured

T = TypeVar("T")
Location = tuple[int | str, ...]
_FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXT_TAG = "tag:yaml.org,2002:str"
_MISREAD = re.compile(r"^(?:y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF|\d{1,2}:[0-5]\d(?::[0-5]\d)?)$")
_UNKNOWN_KEY = frozenset({"unexpected_keyword_argument", "extra_forbidden"})
_MISSING_KEY = frozenset({"missing", "missing_argument", "missing_keyword_only_argument"})
_DEEPEST = 40


class YamlFile:
    """One file, read and composed, able to say where each of its values stands."""

    def __init__(self, path: Path, text: str | None = None) -> None:
        self.path = path
        self.text = _decode(path) if text is None else text
        self._scalars = yaml.SafeLoader("")
        self.root = self._compose()

    def mistake(self, sentence: str, where: Location = ()) -> Misconfigured:
        """An error of this file at the value `where` leads to."""
        return self._at(self._key(where), sentence) if self.root else Misconfigured(f"{self.path}: {sentence}")

    def place(self, where: Location) -> str:
        """File, line and column of the value that `where` leads to."""
        mark = self._node(where).start_mark
        return f"{self.path}:{mark.line + 1}:{mark.column + 1}"

    def data(self) -> Any:
        """The file as plain values; {} when it is empty."""
        return self._plain(self.root, 0) if self.root else {}

    def read(self, kind: type[T], data: Any = None, at: Location = ()) -> T:
        """The file as a `kind`, or `data` that stands at the place `at`; the first mistake is raised with its line."""
        try:
            checked: T = _adapter(cast("Any", kind)).validate_python(self.data() if data is None else data)
        except ValidationError as error:
            raise self._translate(error, kind, at) from error
        return checked

    def _translate(self, error: ValidationError, kind: Any, at: Location) -> Misconfigured:
        """An unknown key before a missing one: where one is written wrong, the other is only its shadow."""
        errors = error.errors()
        first = next((one for one in errors if one["type"] in _UNKNOWN_KEY), errors[0])
        where = self._real((*at, *first["loc"]))
        if first["type"] in _UNKNOWN_KEY:
            key = str(first["loc"][-1])
            hint = did_you_mean(key, keys_at(kind, where[len(at) : -1])) or " check its spelling or take it out."
            return self._at(self._key(where), f"unknown key '{key}';{hint}")
        if first["type"] in _MISSING_KEY:
            return self.mistake(f"the key '{first['loc'][-1]}' is missing here; add it.", where)
        names = [str(step) for step in where if isinstance(step, str)]
        node = self._node(where)
        written = node.value if isinstance(node, ScalarNode) and not node.style else ""
        mend = full_width(written) or value_mend(dict(first))
        return self._at(node, f"'{names[-1] if names else self.path.name}' is not right: {mend}")

    def _real(self, where: Location) -> Location:
        """The steps that lead somewhere in the file, without the names that a check adds for itself."""
        node, steps = self.root, []
        for step in where:
            found = _child(node, step) if node else None
            if found is None:
                break
            steps.append(step)
            node = found
        return tuple(steps)

    def _compose(self) -> Node | None:
        try:
            return _composed(self.text)
        except yaml.YAMLError:
            return self._compose_slowly()

    def _compose_slowly(self) -> Node | None:
        """The same by the reader whose messages and places are known."""
        try:
            return yaml.compose(self.text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise Misconfigured(self._syntax(mark.line if mark else 0, mark.column if mark else 0, error)) from error
        except yaml.YAMLError as error:
            raise Misconfigured(f"{self.path}{unreadable_sign(self.text, error)}") from error

    def _syntax(self, line: int, column: int, error: yaml.MarkedYAMLError) -> str:
        lines = self.text.splitlines()
        for number in range(min(line, len(lines) - 1), max(-1, line - 3), -1):
            if found := stray_blank(lines[number]) or stray_sign(lines, number):
                at, sentence = found
                return f"{self.path}:{number + 1}:{at + 1}: {sentence}"
        if error.context_mark and error.context and "quoted scalar" in error.context:
            line, column = error.context_mark.line, error.context_mark.column
        return f"{self.path}:{line + 1}:{column + 1}: {syntax_mend(error)}"

    def _plain(self, node: Node, depth: int) -> Any:
        if depth > _DEEPEST:
            raise self._at(node, "keys and lists stand too deep inside each other, or a *name refers to itself.")
        if isinstance(node, MappingNode):
            return self._mapping(node, depth)
        if isinstance(node, SequenceNode):
            return [self._item(item, depth, flow=bool(node.flow_style)) for item in node.value]
        return self._scalar(node)

    def _item(self, node: Node, depth: int, *, flow: bool) -> Any:
        """One item of a list; a full-width comma in `[甲，乙]` would silently make one word of two."""
        if isinstance(node, ScalarNode) and not node.style and (wrong := full_width(node.value, flow=flow)):
            raise self._at(node, wrong)
        return self._plain(node, depth + 1)

    def _mapping(self, node: MappingNode, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in result:
                raise self._at(key_node, f"the key '{key}' stands here a second time; keep one of them.")
            if isinstance(key_node, ScalarNode) and not key_node.style and (wrong := full_width(key, key=True)):
                raise self._at(key_node, wrong)
            result[key] = self._plain(value_node, depth + 1)
        return result

    def _scalar(self, node: Node) -> Any:
        if not isinstance(node, ScalarNode):
            raise self._at(node, "this kind of value is not used here; write plain text, a list or keys.")
        if not node.style and _MISREAD.match(node.value):
            raise self._at(node, f"YAML would misread {node.value}; write it in quotes, or true / false.")
        if node.tag == _TEXT_TAG:
            return node.value
        try:
            return self._scalars.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            raise self._at(node, f"'{node.value}' cannot be read; write it in quotes.") from error

    def _at(self, node: Node, sentence: str) -> Misconfigured:
        mark = node.start_mark
        return Misconfigured(f"{self.path}:{mark.line + 1}:{mark.column + 1}: {sentence}")

    def _key(self, where: Location) -> Node:
        """The value on the line of its key; the key itself where the value begins further down."""
        found = self._node(where)
        if not where or self._real(where) != tuple(where):
            return found
        parent = self._node(where[:-1])
        keys = parent.value if isinstance(parent, MappingNode) else ()
        key = next((key for key, _ in keys if str(key.value) == str(where[-1])), found)
        return found if key.start_mark.line == found.start_mark.line else key

    def _node(self, where: Sequence[int | str]) -> Node:
        node = self.root
        assert node is not None  # noqa: S101  callers check
        for step in where:
            found = _child(node, step)
            if found is None:
                break
            node = found
        return node


@lru_cache(maxsize=256)
def _adapter(kind: Any) -> TypeAdapter[Any]:
    """The check of one kind: making it takes far longer than checking a file by it."""
    return TypeAdapter(kind)


@lru_cache(maxsize=64)
def _composed(text: str) -> Node | None:
    """The nodes of a text, which nobody changes: a pack's files are asked one thing after another."""
    return yaml.compose(text, Loader=_FAST)


def _child(node: Node, step: int | str) -> Node | None:
    if isinstance(node, MappingNode):
        return next((v for k, v in node.value if str(k.value) == str(step)), None)
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        item: Node = node.value[step]
        return item
    return None


def _decode(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Misconfigured(f"{path}: cannot be read ({error.strerror}); check the path and its rights.") from error
    for codec in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    raise Misconfigured(f"{path}: is neither UTF-8 nor GB18030; save it as UTF-8.")
