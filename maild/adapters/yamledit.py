"""Entries of a YAML file changed by their places, so that comments, order and spelling of all the rest stay.

A round-trip library was tried and not taken: ruamel.yaml 0.19 loses comments between entries on one line.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from maild.adapters.yamlfile import YamlFile

Cell = str | bool | tuple[str, ...] | None
_PLAIN = re.compile(r"[^\W\d_][^\s:#,\[\]{}&*!|>'\"%`]*(?: [^\s:#,\[\]{}&*!|>'\"%`]+)*")
_MISREAD = frozenset({"y", "yes", "n", "no", "on", "off", "true", "false", "null"})


class Entry:
    """One entry of a list: a mapping, written on one line or below each other."""

    def __init__(self, node: MappingNode, parent: SequenceNode, at: int) -> None:
        self.node, self.parent, self.at = node, parent, at

    def value(self, key: str) -> Node | None:
        """The node of a key's value."""
        return next((value for name, value in self.node.value if name.value == key), None)

    def text(self, key: str) -> str:
        """A value as it is written; "" where there is none."""
        found = self.value(key)
        return str(found.value) if isinstance(found, ScalarNode) else ""

    def words(self, key: str) -> tuple[str, ...]:
        """A list's values."""
        found = self.value(key)
        return tuple(str(one.value) for one in found.value) if isinstance(found, SequenceNode) else ()


class YamlEdit:
    """Changes of one file, gathered and made at once."""

    def __init__(self, file: YamlFile) -> None:
        self._text, self._root = file.text, file.root
        lines = self._text.splitlines(keepends=True)
        self._starts = [0]
        for line in lines:
            self._starts.append(self._starts[-1] + len(line))
        self._changes: list[tuple[int, int, str]] = []
        self._removed: set[int] = set()

    def entries(self, key: str) -> list[Entry]:
        """The entries of a list at the top of the file."""
        found = self._list(key)
        nodes = enumerate(found.value) if found else ()
        return [Entry(node, found, at) for at, node in nodes if isinstance(node, MappingNode) and found]

    def put(self, entry: Entry, key: str, cell: Cell) -> None:
        """Give a key this value, where it stands or behind the last one."""
        found = entry.value(key)
        if found is not None:
            self._change(self._at(found.start_mark), self._end(found), _written(cell))
        elif entry.node.flow_style:
            self._change(
                self._at(entry.node.end_mark) - 1, self._at(entry.node.end_mark) - 1, f", {key}: {_written(cell)}"
            )
        else:
            end = self._end(entry.node)
            self._change(end, end, f"\n{' ' * entry.node.start_mark.column}{key}: {_written(cell)}")

    def take_out(self, entry: Entry, key: str) -> None:
        """Take a key out with its value; one that is not there is no mistake."""
        at = next((at for at, (name, _) in enumerate(entry.node.value) if name.value == key), None)
        if at is None:
            return
        name, value = entry.node.value[at]
        if entry.node.flow_style and at:
            self._change(self._end(entry.node.value[at - 1][1]), self._end(value), "")
        elif at:
            self._change(self._line(name.start_mark), self._line_end(self._end(value)), "")

    def remove(self, entry: Entry) -> None:
        """Take a whole entry out, with what stands behind it on its line."""
        items = entry.parent.value
        if not entry.parent.flow_style:
            self._change(self._line(entry.node.start_mark), self._line_end(self._end(entry.node)), "")
        elif entry.at + 1 < len(items):
            self._change(self._at(entry.node.start_mark), self._at(items[entry.at + 1].start_mark), "")
        elif entry.at and id(items[entry.at - 1]) not in self._removed:
            self._change(self._end(items[entry.at - 1]), self._end(entry.node), "")
        else:
            self._change(self._at(entry.node.start_mark), self._end(entry.node), "")
        self._removed.add(id(entry.node))

    def append(self, key: str, entries: Sequence[Mapping[str, Cell]]) -> None:
        """New entries at the end of a list, one a line."""
        if not entries:
            return
        found = self._list(key)
        if found is None or not found.value or found.flow_style:
            self._new_list(key, found, entries)
            return
        end = self._line_end(self._end(found.value[-1]))
        indent = " " * (found.start_mark.column)
        gap = "" if self._text[:end].endswith("\n") else "\n"
        self._change(end, end, gap + "".join(f"{indent}- {_flow(entry)}\n" for entry in entries))

    def done(self) -> str:
        """The text with every change."""
        text = self._text
        for start, end, new in sorted(self._changes, key=lambda one: (one[0], one[1]), reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def _new_list(self, key: str, found: SequenceNode | None, entries: Sequence[Mapping[str, Cell]]) -> None:
        lines = "".join(f"\n  - {_flow(entry)}" for entry in entries)
        if found is None:
            gap = "" if not self._text or self._text.endswith("\n") else "\n"
            self._change(len(self._text), len(self._text), f"{gap}{key}:{lines}\n")
        else:
            old = [f"\n  - {self._text[self._at(one.start_mark):self._end(one)]}" for one in found.value
                   if id(one) not in self._removed]  # fmt: skip
            start, end = self._at(found.start_mark), self._end(found)
            self._changes = [one for one in self._changes if not start <= one[0] < end]
            self._change(start, end, "".join(old) + lines)

    def _list(self, key: str) -> SequenceNode | None:
        nodes: Any = self._root.value if isinstance(self._root, MappingNode) else ()
        found = next((value for name, value in nodes if name.value == key), None)
        return found if isinstance(found, SequenceNode) else None

    def _change(self, start: int, end: int, new: str) -> None:
        self._changes.append((start, end, new))

    def _at(self, mark: Any) -> int:
        return int(self._starts[mark.line] + mark.column)

    def _line(self, mark: Any) -> int:
        return int(self._starts[mark.line])

    def _line_end(self, at: int) -> int:
        """Behind the end of the line that this place is in."""
        return next((start for start in self._starts if start > at), len(self._text))

    def _end(self, node: Node) -> int:
        """Behind the last letter of a value; a block's own mark stands where the next thing begins."""
        if isinstance(node, MappingNode) and not node.flow_style and node.value:
            return self._end(node.value[-1][1])
        if isinstance(node, SequenceNode) and not node.flow_style and node.value:
            return self._end(node.value[-1])
        return self._at(node.end_mark)


def _flow(entry: Mapping[str, Cell]) -> str:
    return "{" + ", ".join(f"{key}: {_written(cell)}" for key, cell in entry.items()) + "}"


def _written(cell: Cell) -> str:
    if isinstance(cell, tuple):
        return "[" + ", ".join(map(_written, cell)) + "]"
    if cell is None or isinstance(cell, bool):
        return {None: "null", True: "true", False: "false"}[cell]
    plain = _PLAIN.fullmatch(cell) and cell.lower() not in _MISREAD
    return cell if plain else json.dumps(cell, ensure_ascii=False)
