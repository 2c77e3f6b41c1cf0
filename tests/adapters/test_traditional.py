"""Letters in traditional characters: the zh catalogue converted by a library, a mail's own words left alone."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from maild.adapters import templates
from maild.adapters.templatecheck import read_samples
from maild.adapters.templates import JinjaTemplates
from maild.domain.letter import Letter, LetterKind
from maild.domain.message import Address
from maild.domain.wording import date_text
from maild.mail.language import letter_language


def acknowledgement(office: Path | None = None, language: str = "zh-Hant") -> str:
    """The acknowledgement of the sample case, to a reader of this language."""
    sample = next(
        one for one in read_samples() if one.letter.kind is LetterKind.ACKNOWLEDGEMENT and one.letter.language == "zh"
    )
    letter = replace(sample.letter, language=language)
    return JinjaTemplates(office=office).render(letter, dict(sample.context)).text


def test_a_letter_to_a_reader_of_traditional_chinese() -> None:
    """The catalogue's sentences, the type and the unit stand in traditional characters."""
    text = acknowledgement()

    assert "受理" in text
    assert "您的來信" in text
    assert "您的来信" not in text


def test_the_office_may_say_it_in_its_own_words(tmp_path: Path) -> None:
    """A sentence in the office's zh-Hant.yaml is taken as it stands."""
    words = 'letters:\n  requester.acknowledgement:\n    opening: "閣下來函經已收悉，編號 {number}。"\n'
    (tmp_path / "zh-Hant.yaml").write_text(words, "utf-8")

    assert "閣下來函經已收悉" in acknowledgement(tmp_path)


def test_without_the_library_the_letter_is_simplified(monkeypatch: pytest.MonkeyPatch) -> None:
    """The light core writes such a reader in simplified characters; nothing fails."""
    monkeypatch.setattr(templates, "hant_converter", lambda: None)

    assert acknowledgement() == acknowledgement(language="zh")


def test_a_persons_words_are_never_converted() -> None:
    """An answer that a person wrote leaves as it was written, whatever the requester reads."""
    letter = Letter(
        kind=LetterKind.ANSWER, to=Address(address="a@mail-a.example"), language="zh-Hant",
        data={"text": "货已于周二发出。", "unit_name": "物流部", "question": "请问发货了吗", "closing": False},
    )  # fmt: skip
    sample = next(one for one in read_samples() if one.letter.kind is LetterKind.ANSWER and one.letter.language == "zh")
    context = {**sample.context, "data": dict(letter.data)}

    text = JinjaTemplates().render(letter, context).text

    assert "货已于周二发出。" in text
    assert "請問" not in text


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("貴公司的產品質素一向不錯，惟今次送貨遲了兩天。", "zh", "zh-Hant"),
        ("贵公司的产品质量一向不错，只是这次送货晚了两天。", "zh", "zh"),
        ("客户来信写道“請盡快處理”，请你们看一下这件事该怎么答复。", "zh", "zh"),
        ("收到", "zh", "zh"),
        ("", "", "zh"),
        ("The parcel has not moved.", "en", "en"),
        ("Das Paket ist nicht da.", "de", "en"),
    ],
)
def test_the_language_of_an_answer(text: str, lang: str, expected: str) -> None:
    """Who writes in traditional characters is answered in them; a quoted phrase decides nothing."""
    assert expected == letter_language(text, lang)


def test_the_weekday_is_written_as_the_reader_writes_it() -> None:
    """週 stands before the day of the week."""
    assert "週" in date_text(datetime(2026, 11, 24, 10, tzinfo=UTC), ZoneInfo("Asia/Shanghai"), "zh-Hant")
    assert "周" in date_text(datetime(2026, 11, 24, 10, tzinfo=UTC), ZoneInfo("Asia/Shanghai"), "zh")
