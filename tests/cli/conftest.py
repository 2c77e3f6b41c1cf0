"""The shipped pack is read once for all tests of this folder: reading it is what takes the time."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest

from maild.adapters import explainpage, packcheck, trial
from maild.adapters.packfile import read_pack
from maild.adapters.shipped import shipped
from maild.adapters.templatecheck import check_templates
from maild.adapters.templates import JinjaTemplates
from maild.domain.directory import Directory
from maild.domain.lookup import Index
from maild.domain.pack import Pack
from maild.errors import Misconfigured
from tests.cli.doctoring import office, servers, unused, whole_office

__all__ = ["office", "servers", "unused", "whole_office"]
"""The office of `maild doctor`, for whoever asks for it."""


@lru_cache(maxsize=8)
def _shipped_pack(folder: Path, directory: Directory, domain: str) -> Pack:
    return read_pack(folder, Index(directory, domain=domain))


@lru_cache(maxsize=2)
def _templates(office: Path | None) -> JinjaTemplates:
    return JinjaTemplates(office=office)


def _read(folder: Path, index: Index, office: Path | None = None) -> Pack:
    if folder.is_relative_to(shipped("rules")) and office is None:
        return _shipped_pack(folder, index.directory, index.domain)
    return read_pack(folder, index, office)


@lru_cache(maxsize=1)
def _template_mistakes() -> tuple[Misconfigured, ...]:
    return tuple(check_templates(JinjaTemplates()))


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the locale of this machine, or of a test before, says."""
    for name in ("MAILD_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: Callable[..., JinjaTemplates] = _templates
    monkeypatch.setattr(trial, "read_pack", _read)
    monkeypatch.setattr(packcheck, "check_templates", lambda _templates: _template_mistakes())
    monkeypatch.setattr(packcheck, "JinjaTemplates", lambda office=None: made(office))
    monkeypatch.setattr(explainpage, "JinjaTemplates", lambda office=None: made(office))
