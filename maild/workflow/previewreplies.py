"""The answers that a preview of a sealed letter offers, as far as they make sense for what it shows."""

from collections.abc import Mapping, Sequence


def of_preview(data: Mapping[str, object]) -> tuple[str, ...]:
    """放行 where there are words to release, 删 where some would be left, 附件 1 where it can be cleaned."""
    parts, files = _rows(data.get("parts")), _rows(data.get("files"))
    first = any(one.get("n") == 1 and one.get("cleanable") for one in files)
    offered = {
        "release": bool(parts), "release-with": bool(parts) and first, "abstract": True,
        "shorten": any(one.get("n") == 2 for one in parts), "withhold": True,
    }  # fmt: skip
    return tuple(verb for verb, makes_sense in offered.items() if makes_sense)


def _rows(given: object) -> list[Mapping[str, object]]:
    return [one for one in given if isinstance(one, Mapping)] if isinstance(given, Sequence) else []
