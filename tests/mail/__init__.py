"""Tests of what one mail says and of how one is written."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
