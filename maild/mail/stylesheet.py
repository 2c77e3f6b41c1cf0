"""The style sheet of a page, as far as it can hide text: declarations by class and id, outside of @media and the like.

Read once and bounded; selectors of more than one class or id are left alone, so that nothing is hidden by mistake.
"""

import re
from collections.abc import Iterator, Mapping

Sheet = Mapping[str, str]
"""`.class` or `#id`, lower case, with its declarations."""
NO_SHEET: Sheet = {}
_BLOCK = re.compile(r"<style\b[^>]{0,400}>", re.IGNORECASE)
_END = re.compile(r"</style", re.IGNORECASE)
_COMMENT = re.compile(r"/\*[^*]*(?:\*(?!/)[^*]*)*(?:\*/|$)|<!--|-->")
_BRACE = re.compile(r"[{}]")
_SELECTOR = re.compile(r"(?:[a-z][a-z0-9]{0,10})?([.#][\w-]{1,80})")
_NAMED = re.compile(r"(?<![\w-])(class|id)\s*=\s*(?:\"([^\"]{0,400})|'([^']{0,400})|([^\s\"'>]{1,100}))", re.IGNORECASE)
_MOST_BLOCKS, _LONGEST, _MOST_RULES = 5, 50_000, 500


def style_sheet(page: str) -> Sheet:
    """The declarations of a page's style elements; the later of two for one class follows the earlier."""
    found: dict[str, str] = {}
    for selectors, declarations in _rules(page):
        for selector in selectors.split(","):
            named = _SELECTOR.fullmatch(selector.strip())
            if named and len(found) < _MOST_RULES:
                found[named[1]] = f"{found.get(named[1], '')};{declarations}"[-2000:]
    return found


def declared_by(sheet: Sheet, attributes: str) -> str:
    """What the sheet declares for an element with these attributes."""
    if not sheet:
        return ""
    names = (
        f"{'.' if found[1].lower() == 'class' else '#'}{name.lower()}"
        for found in _NAMED.finditer(attributes)
        for name in (found[2] or found[3] or found[4] or "").split()
    )
    return ";".join(sheet[name] for name in names if name in sheet)


def _rules(page: str) -> Iterator[tuple[str, str]]:
    at = 0
    for _ in range(_MOST_BLOCKS):
        block = _BLOCK.search(page, at)
        if block is None:
            return
        end = _END.search(page, block.end())
        at = end.end() if end else len(page)
        content = page[block.end() : end.start() if end else at][:_LONGEST].lower()
        yield from _rules_in(_COMMENT.sub(" ", content))


def _rules_in(content: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations of the outermost blocks; what stands in an @-rule holds only at times."""
    depth, start, opened = 0, 0, 0
    for brace in _BRACE.finditer(content):
        if brace[0] == "{":
            opened = brace.start() if depth == 0 else opened
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                selectors = content[start:opened].rpartition(";")[2]
                if "@" not in selectors:
                    yield selectors, content[opened + 1 : brace.start()]
                start = brace.end()
