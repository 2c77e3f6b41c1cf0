"""What every test may ask for, and in which order the files are played."""

import pytest

pytest_plugins = ["tests.servers"]

_LONG = ("simulation", "journeys", "hostile", "sandbox", "packs", "cli", "adapters")
"""Folders whose files take long: they begin, so that no worker has one left when the others are done."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Whole conversations first; within a folder as the files stand."""
    ranks = {folder: rank for rank, folder in enumerate(_LONG)}
    root = config.rootpath / "tests"
    items.sort(key=lambda item: ranks.get(item.path.relative_to(root).parts[0], len(_LONG)))
