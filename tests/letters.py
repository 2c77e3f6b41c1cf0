"""Sheets to look at: every sample letter as a phone and a desk show it, in light and in dark, and as plain text.

    python -m tests.letters --out DIR [--chromium PROGRAM]

Without Chromium the sheets stay HTML pages; with it each is a picture as well, and a letter that is wider than its
screen is named and makes the exit status 1.
"""

import argparse
import html
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from maild.adapters.templatecheck import Sample, read_samples
from maild.adapters.templates import JinjaTemplates

LANGUAGES = ("zh", "zh-Hant", "en")
WIDTHS = {390: 4, 1100: 2}
"""Pixels of a phone and of a desk, and how many letters stand side by side."""
ROWS = 2
SCHEMES = {"light": "1", "dark": "0"}
_FIT = (
    "<script>addEventListener('load',()=>{for(const f of document.querySelectorAll('iframe')){"
    "const d=f.contentDocument.documentElement;f.style.height=Math.min(d.scrollHeight,1400)+'px';"
    "if(d.scrollWidth>f.clientWidth)f.previousElementSibling.className='wide'}})</script>"
)


@dataclass(frozen=True)
class Sheet:
    """One page of letters, side by side."""

    name: str
    width: int
    columns: int
    scheme: str
    page: str


def sheets(languages: tuple[str, ...] = LANGUAGES) -> Iterator[Sheet]:
    """Every sheet: language by language, phone and desk, light and dark, and the plain text on a phone."""
    templates = JinjaTemplates()
    for language in languages:
        frames = list(_frames(templates, language))
        for width, columns in WIDTHS.items():
            for scheme in SCHEMES:
                pages = _groups([page for page, _ in frames], columns * ROWS)
                for number, group in enumerate(pages, start=1):
                    yield _sheet(f"{language}-{width}-{scheme}-{number:02}", width, columns, scheme, group)
        for number, group in enumerate(_groups([text for _, text in frames], 8), start=1):
            yield _sheet(f"{language}-text-{number:02}", 390, 4, "light", group)


def _groups(frames: list[str], size: int) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(frames), size):
        yield tuple(frames[start : start + size])


def _frames(templates: JinjaTemplates, language: str) -> Iterator[tuple[str, str]]:
    for sample in read_samples():
        if sample.letter.language == ("en" if language == "en" else "zh"):
            yield _both(templates, sample, language)


def _both(templates: JinjaTemplates, sample: Sample, language: str) -> tuple[str, str]:
    letter = replace(sample.letter, language=language)
    done = templates.render(letter, sample.context)
    title = f"{sample.letter.kind.value} · {done.subject}"
    plain = f"<meta charset=utf-8><pre style='font:15px/1.5 sans-serif;white-space:pre-wrap'>{html.escape(done.text)}"
    return _frame(title, done.html), _frame(title, plain)


def _frame(title: str, page: str) -> str:
    return (
        f"<figure><figcaption>{html.escape(title)}</figcaption><iframe srcdoc='{html.escape(page)}'></iframe></figure>"
    )


def _sheet(name: str, width: int, columns: int, scheme: str, frames: tuple[str, ...]) -> Sheet:
    style = (
        f"body{{margin:8px;display:grid;grid-template-columns:repeat({columns},{width}px);gap:10px;"
        f"background:#bbb}}figure{{margin:0}}figcaption{{font:12px sans-serif}}iframe{{width:{width}px;border:0}}"
    )
    head = f"<!DOCTYPE html><meta charset=utf-8><title>{name}</title><style>{style}</style>{_FIT}"
    return Sheet(name=name, width=width, columns=columns, scheme=scheme, page=head + "".join(frames))


def wide_letters(chromium: str, sheet: Path, scheme: str) -> list[str]:
    """The letters of a sheet that are wider than their screen, as Chromium lays them out."""
    done = _run(chromium, scheme, "--dump-dom", sheet.as_uri())
    return re.findall(r'<figcaption class="wide">([^<]*)<', done)


def _picture(chromium: str, sheet: Sheet, path: Path) -> None:
    size = f"--window-size={sheet.columns * (sheet.width + 10) + 16},2000"
    _run(chromium, sheet.scheme, size, f"--screenshot={path.with_suffix('.png')}", path.as_uri())


def _run(chromium: str, scheme: str, *more: str) -> str:
    quiet = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars")
    still = ("--disable-background-networking", "--disable-component-update", "--disable-sync")
    look = f"--blink-settings=preferredColorScheme={SCHEMES[scheme]}"
    with tempfile.TemporaryDirectory() as profile:
        command = [chromium, *quiet, *still, look, f"--user-data-dir={profile}", *more]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


def main(arguments: list[str] | None = None) -> int:
    """Write the sheets; exit status 1 when a letter is cut off."""
    parser = argparse.ArgumentParser(prog="python -m tests.letters", description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default="", help="names of sheets begin with this, for instance zh-390")
    parser.add_argument("--chromium", default=shutil.which("chromium") or "")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    wide: list[str] = []
    for sheet in sheets():
        if not sheet.name.startswith(options.only):
            continue
        path = options.out.resolve() / f"{sheet.name}.html"
        path.write_text(sheet.page, "utf-8")
        if options.chromium:
            _picture(options.chromium, sheet, path)
            wide += [f"{sheet.name}: {title}" for title in wide_letters(options.chromium, path, sheet.scheme)]
    print("\n".join([*wide, f"{options.out}: {'no letter is' if not wide else f'{len(wide)} letters are'} cut off"]))
    return 1 if wide else 0


if __name__ == "__main__":
    sys.exit(main())
