"""An abstract that an order brings along: `转 物流部 摘要：宿舍热水停供` (security.md, "The seal")."""

import re

_ABSTRACT = re.compile(r"(?:^|[\s,，。.;；、!！])(?:摘要|abstract)\s*[:：]\s*", re.IGNORECASE)


def in_short(text: str) -> tuple[str, str]:
    """The order's own words, and the abstract behind them; "" where there is none."""
    found = _ABSTRACT.search(text)
    return (text[: found.start()].strip(" ,，、;；\n"), text[found.end() :].strip()) if found else (text, "")
