"""Figures, never tests: each module prints one JSON object on its last line."""
