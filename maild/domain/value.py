"""One way to write a value: frozen, keyword-only, and closed to unknown keys when it is read from a file."""

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def value(cls: type[T]) -> type[T]:
    """Make `cls` a frozen, keyword-only value; an unknown key in a file becomes an error, never a silence."""
    setattr(cls, "__pydantic_config__", {"extra": "forbid", "arbitrary_types_allowed": True})  # noqa: B010  read by the file readers alone
    return dataclass(frozen=True, kw_only=True)(cls)
