"""Forms: when they come round, what may be written into them, and what a mail or a spreadsheet brings back."""

from dataclasses import replace
from datetime import date, datetime
from itertools import islice

import pytest

from maild.domain.form import FieldKind, Form, FormField, checked
from maild.domain.formread import answers_in, answers_in_quoted, corrected, rows_of
from maild.domain.formround import Entry, Round
from maild.domain.formsheet import rows_in
from maild.domain.formterm import due_anew
from maild.domain.recurrence import openings, parse_recurrence
from maild.domain.rule import Bilingual
from maild.domain.worktime import WorkCalendar
from tests.domain.office import index

TODAY = date(2026, 11, 26)
CALENDAR = WorkCalendar()
WORDS = [
    ("monthly", "2026-12-01", ""), ("每月", "2026-12-01", ""), ("quarterly", "2027-01-01", ""),
    ("每周五", "2026-11-27", ""), ("every Friday", "2026-11-27", ""), ("day 28 of every month", "2026-11-30", ""),
    ("每月25日", "2026-12-25", ""), ("3rd working day of the quarter", "2027-01-05", ""),
    ("每季度最后一个工作日", "2026-12-31", ""), ("last 7 days of the quarter", "2026-12-25", "2026-12-31"),
    ("within the last 7 days of the quarter", "2026-12-25", "2026-12-31"), ("每季度最后7天", "2026-12-25", "2026-12-31"),
    ("in the last 5 days of January, April, July, October", "2027-01-27", "2027-01-31"),
    ("last 5 days of month 1,4,7,10", "2027-01-27", "2027-01-31"),
    ("1月、4月、7月、10月的最后5天", "2027-01-27", "2027-01-31"), ("每月最后3个工作日", "2026-11-26", "2026-11-30"),
    ("2026-12-15", "2026-12-15", ""), ("每年3月15日", "2027-03-15", ""), ("every year on 02-29", "2027-03-01", ""),
]  # fmt: skip


def _text(zh: str, en: str) -> Bilingual:
    return Bilingual(zh=zh, en=en)


FORM = Form(
    id="f", name=_text("表", "form"), many=True,
    fields=(
        FormField(id="item", name=_text("测试项目", "Item"), required=True),
        FormField(id="kind", name=_text("类别", "Kind"), kind=FieldKind.CHOICE,
                  choices=(_text("平台功能", "site"), _text("服务流程（售后）", "flow"))),
        FormField(id="score", name=_text("得分", "Score"), kind=FieldKind.SCORE),
        FormField(id="day", name=_text("日期", "Date"), kind=FieldKind.DATE),
        FormField(id="cost", name=_text("金额", "Cost"), kind=FieldKind.NUMBER, least=0),
        FormField(id="ok", name=_text("是否合格", "OK"), kind=FieldKind.YES_NO),
        FormField(id="unit", name=_text("责任部门", "Unit"), kind=FieldKind.UNIT),
    ),
)  # fmt: skip


@pytest.mark.parametrize(("words", "first", "last"), WORDS)
def test_the_calendar_is_read_in_both_languages(words: str, first: str, last: str) -> None:
    """Each form of the calendar's words leads to the days that it names, a day off to the next working day."""
    (one,) = islice(openings(parse_recurrence(words), TODAY, CALENDAR), 1)

    assert (str(one.first), str(one.last or "")) == (first, last)


@pytest.mark.parametrize("words", ["", "soon", "last 40 days of the quarter", "2026-02-30", "day 32 of every month"])
def test_what_names_no_time_is_refused(words: str) -> None:
    """Words that name no day are told, with words that do."""
    with pytest.raises(ValueError, match="write for instance monthly"):
        parse_recurrence(words)


@pytest.mark.parametrize(
    ("field", "said", "taken"),
    [
        ("kind", "2", "服务流程（售后）"), ("kind", "site", "平台功能"), ("kind", "平台", "平台功能"),
        ("score", "４分", "4"), ("score", "五", "5"), ("day", "12月1日", "2026-12-01"), ("day", "2026/12/1", "2026-12-01"),
        ("day", "2026-12-01 00:00:00", "2026-12-01"), ("cost", "1,200.50 元", "1200.5"), ("ok", "√", "yes"),
        ("ok", "没有", "no"), ("unit", "物流部", "logistics"),
    ],
)  # fmt: skip
def test_a_cell_is_kept_in_one_spelling(field: str, said: str, taken: str) -> None:
    """Full-width, numerals, either language, a date without its year: what is meant is what is kept."""
    rows, faults = checked([{"item": "搜索", field: said}], FORM, index(), TODAY)

    assert not faults
    assert rows[0][field] == taken


@pytest.mark.parametrize(
    ("field", "said", "code"),
    [("item", "", "required"), ("kind", "别的", "choice"), ("score", "很好", "score"), ("score", "6", "score"),
     ("score", "4.5", "score"), ("day", "2月30日", "date"), ("cost", "-1", "range"), ("cost", "不少", "number"),
     ("ok", "也许", "yes-no"), ("unit", "火星部", "unit")],
)  # fmt: skip
def test_a_faulty_cell_is_named(field: str, said: str, code: str) -> None:
    """What does not fit is a fault of that cell alone, kept as it was written."""
    rows, faults = checked([{"item": "搜索"} | {field: said}], FORM, index(), TODAY)

    assert [(one.row, one.field, one.code, one.said) for one in faults] == [(1, field, code, said)]
    assert rows[0].get(field, "") == said


def test_lines_become_rows() -> None:
    """A field that comes again begins the next row; numbers, hints, greetings and a signature are no matter."""
    text = "林主任：\n已填。\n1. 测试项目（文字，必填）：搜索\n结果不准\n3、得分: 2\n\n测试项目：退款\n类别（平台功能／服务流程（售后） 选一：填名称）：2\n得分：5\n\n孙涛"

    rows = rows_of(answers_in(text, FORM), FORM)

    assert rows == ({"item": "搜索\n结果不准", "score": "2"}, {"item": "退款", "kind": "2", "score": "5"})


def test_rows_may_be_numbered() -> None:
    """第2行 before a line or alone on one says which row is meant."""
    text = "第2行\nItem: refund\nrow 1 Item: search\n第2行 得分：3"

    assert rows_of(answers_in(text, FORM), FORM) == ({"item": "search"}, {"item": "refund", "score": "3"})


def test_only_what_stands_between_the_marks_is_read_in_a_quote() -> None:
    """A quoted form counts as far as it was filled in; our other words quoted below do not."""
    quoted = "> 得分：9\n> ------ 填写开始 ------\n> 1. 测试项目（必填）：搜索\n> 3. 得分：\n> ------ 填写结束 ------\n> 金额：7"

    assert rows_of(answers_in_quoted(quoted, FORM), FORM) == ({"item": "搜索"},)
    assert answers_in_quoted("> 测试项目：搜索", FORM) == ()


def test_a_mended_line_goes_to_the_row_that_needs_it() -> None:
    """Without a number a line mends the one faulty row; a whole new form of many rows replaces them all."""
    before = ({"item": "搜索", "score": "2"}, {"item": "退款", "score": "很好"})
    _, faults = checked(before, FORM, index(), TODAY)

    assert corrected(before, answers_in("得分：4", FORM), FORM, faults)[1] == {"item": "退款", "score": "4"}
    assert corrected(before, answers_in("第1行 得分：1", FORM), FORM, ())[0]["score"] == "1"
    assert corrected(before, answers_in("测试项目：登录", FORM), FORM, ()) == ({"item": "登录"},)


def test_a_spreadsheet_is_read_wherever_its_names_stand() -> None:
    """Columns that were moved, a title above, blank rows between; or names under each other with values beside."""
    table = [["体验测试"], [], ["得分 (1 到 5 的整数)", "测试项目*"], ["4", "搜索"], ["", ""], ["2", "退款"]]
    beside = [["体验测试"], ["测试项目", "搜索", "文字，必填"], ["得分", "3", "1 到 5"], ["类别", "", "选一"]]

    assert rows_in(table, FORM) == ({"score": "4", "item": "搜索"}, {"score": "2", "item": "退款"})
    assert rows_in(beside, FORM) == ({"item": "搜索", "score": "3"},)
    assert rows_in([["谢谢"]], FORM) == ()


@pytest.mark.parametrize(
    ("when", "due", "period", "opened", "ends"),
    [
        ("monthly", "3 working days", "2026-12", "2026-12-01T08:30", "2026-12-07T18:00"),
        ("monthly", "3 working days", "2026-12", "2026-12-02T11:00", "2026-12-07T18:00"),
        ("last 3 days of the month", "", "2026-12", "2026-12-29T08:30", "2026-12-30T18:00"),
        ("monthly", "3 working days", "2026-12-02", "2026-12-02T11:00", "2026-12-08T18:00"),
        ("quarterly", "2 working days", "2026-12-02", "2026-12-02T19:00", "2026-12-08T18:00"),
        ("2026-12-02", "2 working days", "2026-12-02", "2026-12-02T08:30", "2026-12-07T18:00"),
    ],
)
def test_a_round_ends_anew_by_the_calendar_that_changed(
    when: str, due: str, period: str, opened: str, ends: str
) -> None:
    """Of the calendar's own rounds the day counts that they opened for, be it late; of a started one that moment."""
    closed = replace(CALENDAR, special={date(2026, 12, 3): (), date(2026, 12, 31): ()})
    entry = Entry(id="r", name=_text("轮", "round"), form="f", type="directive", when=when, due=due or "1 day",
                  to=("hr",), owner="hr")  # fmt: skip
    begun = datetime.fromisoformat(f"{opened}+08:00")
    found = due_anew(Round(entry=entry, form=FORM, period=period, opened=begun, due=begun), closed)

    assert f"{CALENDAR.local(found.at):%Y-%m-%dT%H:%M}" == ends
