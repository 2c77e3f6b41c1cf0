"""The last look at what leaves for the inside: no letter tells who wrote a confidential one, whichever stage wrote it.

What a reader sees of a case is the guard's; here every text of it is held to the alias (P3.5.7).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from maild.domain.alias import hidden, hidden_lines, requester_of
from maild.domain.case import Case
from maild.domain.letter import OUTSIDE, Letter, LetterKind, Rendered
from maild.domain.message import Address, Mail
from maild.domain.value import value
from maild.domain.wording import attachment_word
from maild.mail.compose import AttachedFile
from maild.workflow.facts import Facts

NAMING = frozenset({LetterKind.UNSEALED})
"""Letters that say who wrote a confidential one; the guard lets them go to a seal-holder and to nobody else."""


@value
class Hiding:
    """The confidential cases that a letter to the inside speaks of."""

    cases: tuple[Case, ...]
    language: str

    def page(self, page: Rendered) -> Rendered:
        """The words of the letter without what would tell who wrote."""
        return Rendered(subject=self._text(page.subject), text=self._text(page.text), html=self._text(page.html))

    def unchained(self, letter: Letter, facts: Facts) -> Letter:
        """The letter without Message-IDs of the requester's own mails, which may name a machine or a provider."""
        theirs = {mail.message_id for case in self.cases for mail in facts.mails(case.number)
                  if mail.author in {case.requester.address, *case.requester.earlier}}  # fmt: skip
        kept = tuple(one for one in letter.references if one not in theirs)
        return replace(
            letter, references=kept, in_reply_to="" if letter.in_reply_to in theirs else letter.in_reply_to
        )  # fmt: skip

    def files(self, files: Sequence[AttachedFile]) -> tuple[AttachedFile, ...]:
        """Attachments under names that tell nothing."""
        if not self.cases:
            return tuple(files)
        named = ((one, neutral(one.filename, n, self.language)) for n, one in enumerate(files, 1))
        return tuple(replace(one, filename=name) for one, name in named)

    def _text(self, text: str) -> str:
        for case in self.cases:
            text = hidden(text, case, self.language)
        return text


def hiding(letter: Letter, facts: Facts) -> Hiding:
    """What must be hidden in this letter; nothing in one to the requester, nor in one that was asked for the name."""
    if letter.kind in OUTSIDE | NAMING:
        return Hiding(cases=(), language=letter.language)
    found = (facts.case(number) for number in numbers_in(letter))
    return Hiding(cases=tuple(case for case in found if case and case.confidential), language=letter.language)


def numbers_in(letter: Letter) -> tuple[str, ...]:
    """The numbers of the cases that a letter speaks of, each once."""
    return tuple(dict.fromkeys(filter(None, (letter.case, *_numbers(letter.data)))))


def _numbers(said: object) -> Iterator[str]:
    """The numbers of cases anywhere in a letter's data."""
    if isinstance(said, Mapping):
        number = said.get("number")
        if isinstance(number, str):
            yield number
        for one in said.values():
            yield from _numbers(one)
    elif isinstance(said, list | tuple):
        for one in said:
            yield from _numbers(one)


def as_known(mail: Mail, letter: Letter, case: Case | None, first: int = 1) -> Mail:
    """The mail as this letter's reader may have it: of a confidential case without what tells who wrote it.

    `first` is the number of its first attachment among those of the case.
    """
    if case is None or not case.confidential or letter.kind in OUTSIDE:
        return mail
    said = letter.language
    files = [replace(one, filename=neutral(one.filename, n, said)) for n, one in enumerate(mail.files, first)]
    return replace(
        mail, author=Address(address="", name=requester_of(case, said)), subject=hidden(mail.subject, case, said),
        tagless=hidden(mail.topic, case, said), text=hidden_lines(mail.text, case, said), html="",
        fresh_text=hidden_lines(mail.fresh_text, case, said), attachments=tuple(files), unpacked=(), enclosures=(),
        linked_files=(), invitations=(), cards=(),
    )  # fmt: skip


def neutral(filename: str, place: int, language: str = "zh") -> str:
    """The name of an attachment that tells nothing but its kind: 附件1.pdf."""
    ending = filename.lower().rpartition(".")[2] if "." in filename else ""
    return f"{attachment_word(language)}{place}" + (f".{ending}" if ending.isascii() and ending.isalnum() else "")
