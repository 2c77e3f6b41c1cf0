"""Letters into words: one template a letter for text and HTML, one catalogue a language (casework 8).

A letter `audience.event` is written once, in `audience.event.j2`, out of parts (paragraph, facts, quote, replies)
that `parts.txt.j2` and `parts.html.j2` turn into text and HTML. Its sentences stand in `zh.yaml` and `en.yaml`. The
office's folder is laid over the shipped one: file by file for templates, entry by entry for the catalogues.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

from jinja2 import Template, TemplateError, TemplateNotFound, TemplateSyntaxError

from maild.adapters.catalogue import COMMON, HANT, LANGUAGES, Catalogue, hant_converter
from maild.adapters.lettercontext import complete, in_hant
from maild.adapters.lettersandbox import LetterSandbox, Medium
from maild.adapters.lettertools import tools
from maild.adapters.shipped import shipped
from maild.domain.letter import Letter, LetterKind, Rendered
from maild.domain.wording import catalogue_language, is_hant
from maild.errors import Misconfigured

_MEDIA: tuple[Medium, ...] = ("txt", "html")
_TROUBLE = (TemplateError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)
_BLANK_LINES = re.compile(r"\n{3,}")
_INCLUDED = ("case-facts.j2", "held.j2", "original.j2", "outward.j2")
_LANG = {"zh": "zh-CN", "en": "en", HANT: "zh-Hant"}
_Parts = dict[str, object]


class JinjaTemplates:
    """The office's letters; keeps the port `Templates`. Every template is read and compiled once, at the start."""

    def __init__(self, *, office: Path | None = None, brand: Path | None = None) -> None:
        """`office`: its own templates folder, perhaps of one sentence alone; `brand`: one mailbox's, laid over it."""
        folders = [shipped("templates"), *(folder for folder in (office, brand) if folder and folder.is_dir())]
        self._sources = folders
        self._convert: Callable[[str], str] | None = None
        self._catalogues = {language: Catalogue(language, folders) for language in LANGUAGES}
        self._media = {m: LetterSandbox(m, folders[::-1], tools(m)) for m in _MEDIA}
        self._voices: dict[tuple[Medium, str, str], _Parts] = {}
        self._folders = tuple(str(folder) for folder in folders)
        self._compile()
        self._parts = {(m, lang): self._make_parts(m, lang) for m in _MEDIA for lang in LANGUAGES}

    def words(self, language: str) -> Mapping[str, Mapping[str, str]]:
        """The catalogue's words of a language: group, code, words."""
        return self._catalogues[self._spoken(language)].words

    def render(self, letter: Letter, context: dict[str, object]) -> Rendered:
        """Subject, text and HTML of a letter in its language; an undefined name is `Misconfigured`."""
        language = self._spoken(letter.language)
        names = complete(letter.kind, context)
        if language == HANT and self._convert:
            names = in_hant(names, self._convert)
        try:
            subject = self._subject(letter.kind, language, names)
            text = self._whole("txt", letter.kind, language, names | {"title": subject})
            html = self._whole("html", letter.kind, language, names | {"title": subject})
        except _TROUBLE as error:
            self._explain(error, letter.kind)
        return Rendered(subject=subject, text=_tidy(text), html=html.strip() + "\n")

    def _spoken(self, language: str) -> str:
        """The catalogue for a reader of this language; the traditional one is made when it is first needed."""
        if not is_hant(language):
            return catalogue_language(language)
        if HANT not in self._catalogues:
            self._convert = hant_converter()
            if self._convert is None:
                return "zh"
            self._catalogues[HANT] = Catalogue(HANT, self._sources, below="zh", convert=self._convert)
            self._parts |= {(medium, HANT): self._make_parts(medium, HANT) for medium in _MEDIA}
        return HANT

    def _whole(self, medium: Medium, kind: LetterKind, language: str, names: _Parts) -> str:
        context = self._parts[medium, language] | self._voice(medium, kind.value, language) | names
        return self._template(medium, kind).render(context)

    def _subject(self, kind: LetterKind, language: str, names: _Parts) -> str:
        """The block `subject`, on one line."""
        template = self._template("txt", kind)
        context = self._parts["txt", language] | self._voice("txt", kind.value, language) | names
        block = template.blocks.get("subject")
        if block is None:
            raise Misconfigured(f"{template.filename}:1: {{% block subject %}} is missing; every letter needs one.")
        try:
            return " ".join("".join(block(template.new_context(context))).split())
        except _TROUBLE:
            template.environment.handle_exception()

    def _template(self, medium: Medium, kind: LetterKind) -> Template:
        return self._media[medium].get_template(f"{kind.value}.j2")

    def _voice(self, medium: Medium, letter: str, language: str) -> _Parts:
        """How a template says a catalogue's sentences and words in this medium and language; kept once made."""
        voice = self._voices.get((medium, letter, language))
        if voice is None:
            catalogue = self._catalogues[language]
            wording = catalogue.letter(letter)
            say = wording.html if medium == "html" else wording.plain
            voice = {
                "t": say, "says": wording.says, "word": catalogue.word, "reworded": catalogue.reworded,
                "lang": _LANG[language],
            }  # fmt: skip
            self._voices[medium, letter, language] = voice
        return voice

    def _make_parts(self, medium: Medium, language: str) -> _Parts:
        """The macros that letters are made of: small phrases, then the parts, which use them."""
        parts: _Parts = {}
        for name in ("phrases.j2", f"parts.{medium}.j2"):
            try:
                template = self._media[medium].get_template(name)
                module = template.make_module(self._voice(medium, COMMON, language) | parts)
            except _TROUBLE as error:
                self._explain(error)
            parts |= {key: part for key, part in vars(module).items() if not key.startswith("_")}
        return parts

    def _compile(self) -> None:
        """Compile every letter and what letters include, so that a mistake shows at the start and not with a mail.

        Text and HTML have one grammar: the HTML of a letter is compiled when it is first needed.
        """
        letters = [f"{kind.value}.j2" for kind in LetterKind]
        sources: dict[Medium, list[str]] = {"html": ["layout.html.j2"], "txt": ["layout.txt.j2", *_INCLUDED, *letters]}
        for medium, names in sources.items():
            for name in names:
                try:
                    self._media[medium].get_template(name)
                except TemplateNotFound as error:
                    raise Misconfigured(f"{self._folders[0]}/{name}: is not there; put it back.") from error
                except TemplateSyntaxError as error:
                    self._explain(error)

    def _explain(self, error: Exception, kind: LetterKind | None = None) -> NoReturn:
        """Say in which file and line of the office's templates it went wrong."""
        own = f"{kind.value}.j2" if kind else ""
        if isinstance(error, TemplateSyntaxError):
            raise Misconfigured(f"{error.filename or own}:{error.lineno}: {error.message}") from error
        place = self._place(error, own)
        raise Misconfigured(f"{place}: {str(error).rstrip('.')}; check the name in templates/README.md.") from error

    def _place(self, error: BaseException, own: str) -> str:
        """The deepest line of the letter's own template; else of any template."""
        frames, trace = [], error.__traceback__
        while trace is not None:
            filename = trace.tb_frame.f_code.co_filename
            if filename.startswith(self._folders):
                frames.append((filename, trace.tb_lineno))
            trace = trace.tb_next
        mine = [frame for frame in frames if Path(frame[0]).name == own]
        return ":".join(map(str, (mine or frames or [(own, 1)])[-1]))


def _tidy(text: str) -> str:
    """Plain text without blanks at line ends and without double empty lines."""
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", lines).strip() + "\n"
