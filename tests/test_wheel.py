"""What is shipped: one wheel with rules and templates inside."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.slow
def test_the_wheel_holds_rules_and_templates(tmp_path: Path) -> None:
    """An installed maild needs no checkout: packs, templates, tours, migrations and the marker for types are in it."""
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(tmp_path), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]

    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())

    for expected in (
        "maild/_data/rules/gm-mailbox/types.yaml", "maild/_data/rules/gm-mailbox/rules/customer-complaint.yaml",
        "maild/_data/templates/zh.yaml", "maild/_data/templates/requester.acknowledgement.j2",
        "maild/sandbox/tours/gm-mailbox.yaml", "maild/adapters/migrations/versions/r0001_the_tables_of_the_spine.py",
        "maild/py.typed",
    ):  # fmt: skip
        assert expected in names
    assert not [name for name in names if name.startswith("tests/")]
