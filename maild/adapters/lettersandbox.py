"""The Jinja2 environment of letters: sandboxed, strict, in two media, and bounded in what it may compute.

The sandbox alone stops neither `'a' * 10**9` nor a width of a billion, so the operators and methods that multiply
text are refused, and the filters that do are not there (security.md, "template injection").
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import CodeType, FunctionType, MethodType
from typing import Any, Literal

from jinja2 import BytecodeCache, ChoiceLoader, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension
from jinja2.runtime import Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

Medium = Literal["txt", "html"]
_PER_MEDIUM = frozenset({"layout", "parts"})
_FILTERS = frozenset({
    "count", "default", "e", "escape", "first", "join", "last", "length", "list", "lower", "map", "reject",
    "rejectattr", "select", "selectattr", "sum", "trim", "truncate", "unique", "upper",
})  # fmt: skip
_MULTIPLIERS = frozenset({
    "center", "expandtabs", "format", "format_map", "join", "ljust", "replace", "rjust", "translate", "zfill",
})  # fmt: skip
_MOST = 10**9
_OURS = frozenset({FunctionType, MethodType, Macro})


class _Unindented(Extension):
    """A clerk may indent a template freely: the blanks at the beginning of a line never reach the mail."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        return "\n".join(line.strip() for line in source.split("\n"))


class _Compiled(BytecodeCache):
    """What templates were compiled to, by name and file, as long as their text is the same: kept in this process alone.

    Brands lay few sentences over the office's letters, and a changed file has all others read again as they were.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._kept.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._kept[bucket.key] = bucket.checksum, bucket.code


_COMPILED: dict[Medium, _Compiled] = {"txt": _Compiled(), "html": _Compiled()}


class LetterSandbox(ImmutableSandboxedEnvironment):
    """Templates of one medium; the names `layout` and `parts` mean that medium's file."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, medium: Medium, folders: Sequence[Path], tools: Mapping[str, Callable[..., object]]) -> None:
        """`folders`: the first that has a template wins."""
        loader = ChoiceLoader([FileSystemLoader(folder) for folder in folders])
        super().__init__(
            loader=loader, autoescape=medium == "html", undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
            auto_reload=False, cache_size=-1, extensions=[_Unindented],
            bytecode_cache=_COMPILED[medium],
        )  # fmt: skip
        self.medium = medium
        self.filters = {name: function for name, function in self.filters.items() if name in _FILTERS}
        self.globals = dict(tools)

    def join_path(self, template: str, parent: str) -> str:  # noqa: ARG002  the library's signature
        return f"{template}.{self.medium}.j2" if template in _PER_MEDIUM else template

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What a name of the letter's data means; the data come first, so that `data.items` is never a method."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def call(self, context: Any, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a part or tool of ours directly; anything else only where the sandbox finds it safe.

        Functions and bound methods that a template can reach are ours alone: attributes that begin with an underscore
        are refused, and the letter's data hold none.
        """
        if type(obj) not in _OURS:
            return super().call(context, obj, *args, **kwargs)
        kwargs.pop("_loop_vars", None)
        kwargs.pop("_block_vars", None)
        return obj(*args, **kwargs)

    def wrap_str_format(self, value: Any) -> None:
        """No safe variant of `format`: a width alone can fill the memory."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, str) and attr in _MULTIPLIERS:
            return False
        return super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" or not all(isinstance(side, int | float) and abs(side) < _MOST for side in (left, right)):
            raise SecurityError(f"the operator {operator} is for small numbers only")
        return super().call_binop(context, operator, left, right)
