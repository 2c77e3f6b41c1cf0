"""In which language a command tells what is wrong: `--lang`, else MAILD_LANG, else the locale's; else English."""

import argparse
import os
from collections.abc import Mapping

LANGUAGES = ("zh", "zh-Hant", "en")
_LOCALE = ("MAILD_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
"""Asked in this order, as POSIX does; the first that says something decides."""


def language_argument(parser: argparse.ArgumentParser) -> None:
    """Add --lang."""
    parser.add_argument("--lang", choices=LANGUAGES, help="the language of what is told (default: the locale's)")


def spoken(args: argparse.Namespace, environ: Mapping[str, str] = os.environ) -> str:
    """The language of this command's sentences."""
    said = getattr(args, "lang", None) or next((environ[name] for name in _LOCALE if environ.get(name)), "")
    return _tag(said) if said[:2].lower() == "zh" else "en"


def _tag(locale: str) -> str:
    """`zh_CN.UTF-8`, `zh-Hant`, `zh_TW` as a language of ours."""
    from maild.domain.wording import is_hant

    return "zh-Hant" if is_hant(locale.partition(".")[0].partition("@")[0]) else "zh"
