"""Which keys a file may hold at a place, read from the type that it is checked against."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel


def keys_at(kind: Any, where: Iterable[int | str]) -> tuple[str, ...]:
    """The keys that are known at this place; none where anything may stand."""
    kinds = [*_bare(kind)]
    for step in where:
        kinds = [deeper for one in kinds for deeper in _step(one, step)]
    return tuple(dict.fromkeys(key for one in kinds for key in _fields(one)))


def _step(kind: Any, step: int | str) -> Iterator[Any]:
    known = _fields(kind)
    if str(step) in known:
        yield from _bare(known[str(step)])
        return
    origin, inner = get_origin(kind), [one for one in get_args(kind) if one is not Ellipsis]
    if isinstance(origin, type) and issubclass(origin, Mapping) and len(inner) > 1:
        yield from _bare(inner[1])
    elif isinstance(step, int) and isinstance(origin, type) and issubclass(origin, Sequence):
        for one in inner:
            yield from _bare(one)


def _fields(kind: Any) -> dict[str, Any]:
    """Key and type of each field; {} for what has none."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {info.alias or name: info.annotation for name, info in kind.model_fields.items()}
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind, include_extras=True)
        return {one.name: hints[one.name] for one in fields(kind)}
    return {}


def _bare(kind: Any) -> Iterator[Any]:
    """The type without its notes, and each part of a union by itself."""
    if get_origin(kind) is Annotated:
        yield from _bare(get_args(kind)[0])
    elif get_origin(kind) in {Union, UnionType}:
        for one in get_args(kind):
            yield from _bare(one)
    else:
        yield kind
