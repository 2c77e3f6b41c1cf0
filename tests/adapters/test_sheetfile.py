"""The case sheet is one A4 page in Chinese or English, however long the case."""

import io
from importlib import util
from typing import Any

import pytest
from pypdf import PdfReader

from maild.adapters import sheetfile
from maild.adapters.sheetfile import can_print, check_printing, sheet_file
from maild.errors import Misconfigured
from maild.workflow.sheet import Sheet

A4 = (595, 842)


def sheet(rows: int = 3, **changes: Any) -> Sheet:
    """A sheet with that many rows of history."""
    history = tuple(
        (f"11月24日（周二）09:{n % 60:02}", "何志强", f"备注：第{n}次联系客户，面单“SF-100”破损") for n in range(rows)
    )
    usual: dict[str, Any] = {
        "title": "事项处理单", "organisation": "示例公司", "number": "GM-2026-000142",
        "facts": (("事项编号", "GM-2026-000142"), ("类别", "客户投诉"), ("承办人", "何志强")),
        "wide": (("来信人", "宋慧 <songhui.sz@mail-gm.example>"), ("内容摘要", "破壁机发货9天物流停滞")),
        "history_label": "办理经过", "history": history, "cut": f"…共{rows}条", "instruction": "批示", "signature": "签名",
        "date": "日期", "foot": "批示后请拍照",
    }  # fmt: skip
    return Sheet(**usual | changes)


def read(content: bytes) -> tuple[int, tuple[int, int], str]:
    """How many pages, how large, and what they say."""
    pages = PdfReader(io.BytesIO(content)).pages
    return len(pages), (round(pages[0].mediabox.width), round(pages[0].mediabox.height)), pages[0].extract_text()


def test_a_sheet_is_one_page_and_says_everything() -> None:
    """Facts, summary, history, and the field with its lines."""
    pages, size, text = read(sheet_file(sheet()))

    assert (1, A4) == (pages, size)
    for words in (
        "事项处理单",
        "GM-2026-000142",
        "何志强",
        "宋慧",
        "songhui.sz@mail-gm.example",
        "第2次联系",
        "批示",
        "签名",
        "日期",
    ):
        assert words in text


@pytest.mark.parametrize("rows", [0, 1, 12, 40, 200])
def test_a_long_history_is_cut_to_the_page(rows: int) -> None:
    """The first and the newest rows stay, what lies between is counted, and the field keeps its room."""
    pages, _, text = read(sheet_file(sheet(rows)))

    assert 1 == pages
    assert (f"共{rows}条" in text) == (rows > 12)
    assert not rows or f"第{rows - 1}次" in text
    assert not rows or "第0次" in text


def test_a_wall_of_words_still_leaves_one_page() -> None:
    """Four hundred characters of summary, long names and rare characters break nothing."""
    pages, _, text = read(sheet_file(sheet(60, wide=(("来信人", "𠮷" * 20 + "x" * 90), ("内容摘要", "破" * 400)))))

    assert 1 == pages
    assert "〓" in text
    assert "共60条" in text


def test_markup_in_a_letter_stays_text() -> None:
    """What a writer puts into angle brackets is printed as it stands."""
    _, _, text = read(sheet_file(sheet(wide=(("内容摘要", "<b>a</b> & <font size=90>c</font>"),))))

    assert "<b>a</b> & <font size=90>c</font>" in text


def test_an_english_sheet_reads_as_one() -> None:
    """Latin words with their marks, and a Chinese name among them."""
    _, _, text = read(
        sheet_file(sheet(language="en", title="Case sheet", wide=(("Summary", "the café’s “offer” for 宋慧"),)))
    )

    assert "Case sheet" in text
    assert "café’s “offer” for" in text
    assert "宋慧" in text


def test_without_the_library_the_mend_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence and `doctor` name the extra."""
    monkeypatch.setattr(sheetfile, "find_spec", lambda _name: None)

    assert not can_print()
    with pytest.raises(Misconfigured, match=r"maild\[print\]"):
        sheet_file(sheet())
    assert ("warn", "pip install 'maild[print]'") == (check_printing().status, check_printing().mend)
    assert util.find_spec("reportlab")
