"""The explanation of one mail as a page of its own or as text for a terminal, from templates and catalogues."""

from pathlib import Path

from maild.adapters.explanation import Explained
from maild.adapters.lettersandbox import LetterSandbox, Medium
from maild.adapters.lettertools import tools
from maild.adapters.sentences import Sentence
from maild.adapters.shipped import shipped
from maild.adapters.templates import JinjaTemplates
from maild.adapters.yamlfile import YamlFile
from maild.domain.message import Mail
from maild.domain.value import value
from maild.domain.wording import catalogue_language
from maild.workflow.judge import Judgement
from maild.workflow.office import Office

_COLOURS = {"for": "1;30;43", "other": "30;46", "fact": "30;42", "name": "1;37;41", "head": "1"}
_LANG = {"zh": "zh-CN", "en": "en"}


@value
class _Catalogue:
    words: dict[str, dict[str, str]]
    sentences: dict[str, str]


class Explainer:
    """Writes explanations in one language; `folder` is the office's own templates, laid over the shipped ones."""

    def __init__(self, language: str, folder: Path | None = None) -> None:
        self._language = catalogue_language(language)
        self._folders = [*([folder] if folder and folder.is_dir() else []), shipped("templates")]
        self._templates = JinjaTemplates(office=folder)
        self._said = self._catalogue()

    def html(self, mail: Mail, judgement: Judgement, office: Office) -> str:
        """One self-contained page, everything in it escaped."""
        return self._page("html", mail, judgement, office, colours=False)

    def text(self, mail: Mail, judgement: Judgement, office: Office, *, colours: bool = False) -> str:
        """Plain lines; `colours` for a terminal that shows them."""
        return self._page("txt", mail, judgement, office, colours=colours)

    def _page(self, medium: Medium, mail: Mail, judgement: Judgement, office: Office, *, colours: bool) -> str:
        groups = self._said.words | {"sentences": self._said.sentences}
        explained = Explained(
            mail=mail, judgement=judgement, office=office, templates=self._templates, words=groups,
            language=self._language,
        )  # fmt: skip
        sandbox = LetterSandbox(medium, self._folders, tools(medium))
        template = sandbox.get_template(f"explain.{medium}.j2")
        return template.render(e=explained.shown(), t=self._say, lang=_LANG[self._language], paint=_painter(on=colours))

    def _say(self, key: str, **names: object) -> str:
        text = self._said.sentences[key]
        return Sentence(text, lambda: f"explain.{self._language}.yaml: {key}").plain(names) if names else text

    def _catalogue(self) -> _Catalogue:
        """The shipped words, and the office's own over them entry by entry."""
        said = _Catalogue(words={}, sentences={})
        for folder in reversed(self._folders):
            path = folder / f"explain.{self._language}.yaml"
            if path.is_file():
                more = YamlFile(path).read(_Catalogue)
                groups = {name: said.words.get(name, {}) | words for name, words in more.words.items()}
                said = _Catalogue(words=said.words | groups, sentences=said.sentences | more.sentences)
        return said


class _painter:  # noqa: N801  called like the function it stands for
    """Colours words for a terminal, or leaves them."""

    def __init__(self, *, on: bool) -> None:
        self._on = on

    def __call__(self, text: str, kind: str) -> str:
        return f"\x1b[{_COLOURS[kind]}m{text}\x1b[0m" if self._on and text.strip() else text
