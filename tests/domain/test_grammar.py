"""Replies are read as their writers mean them, and nothing is done on a guess."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.adapters.packfile import read_pack
from maild.domain.command import Answers, Command, Decision, Understanding
from maild.domain.grammar import understand
from maild.domain.typewords import type_words
from maild.domain.verbs import EVERY, IN_FORCE, VERBS
from tests.domain.replies import ACCEPTS, ANSWERED, ASKED_BACK, EMPTY_CLAIMS, NEVER_DONE, ORDERS, ROUTES, SILENT
from tests.domain.sample import PACK, index

TYPES = type_words(read_pack(PACK, index()).policy.types)
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def read(text: str, answers: str = "assignment", state: str = "assigned") -> Understanding:
    """How a reply of today is understood, every verb in force."""
    return understand(text, answers=Answers(answers), names=index(), now=NOW, state=state, types=TYPES,
                      in_force=EVERY, many_cases=True)  # fmt: skip


def understood(commands: tuple[Command, ...], between: str = " & ") -> str:
    """Commands in short: verb, unit, person, times."""
    return between.join(_short(one) for one in commands)


def _short(one: Command) -> str:
    person = (one.person or "").removesuffix("@corp.example")
    parts = (one.verb, one.unit, person, one.date, one.duration, "报我" if one.report_back else "")
    return " ".join(part for part in parts if part)


@pytest.mark.parametrize(("text", "meant"), ROUTES)
def test_an_order_to_route_is_done(text: str, meant: str) -> None:
    """A case goes to whom the words name, with the date they set."""
    result = read(text, "notice")

    assert (Decision.ACT, meant) == (result.decision, understood(result.commands))


@pytest.mark.parametrize("text", ACCEPTS)
def test_taking_a_case(text: str) -> None:
    """接 and 收到 take an assignment, whatever courtesies stand around."""
    result = read(text)

    assert (result.decision, understood(result.commands)) == (Decision.ACT, "accept")


@pytest.mark.parametrize(("text", "leaves"), ANSWERED)
def test_an_answer_leaves_as_it_is_written(text: str, leaves: str) -> None:
    """The words behind 答复 leave; verb, signature and quotation do not."""
    result = read(text)

    assert (result.decision, understood(result.commands)) == (Decision.ACT, "reply")
    assert leaves == result.commands[0].text


@pytest.mark.parametrize("text", SILENT)
def test_what_is_no_order_does_nothing(text: str) -> None:
    """Negations, conditions, reports, questions and ordinary speech are kept inside and nothing more."""
    assert read(text, "notice" if "确认" in text else "assignment").decision is Decision.NOTE


@pytest.mark.parametrize("text", NEVER_DONE)
def test_what_only_sounds_like_an_order_is_not_done(text: str) -> None:
    """What begins like an order and goes on as a tale, or holds inside words, is never carried out."""
    assert read(text).decision is not Decision.ACT


@pytest.mark.parametrize(("text", "readings"), ASKED_BACK)
def test_what_may_be_an_order_is_asked_back(text: str, readings: str) -> None:
    """Several readings, or a doubtful one, go back to the writer; nothing is done."""
    result = read(text)

    assert (Decision.CHOOSE, readings) == (result.decision, understood(result.readings, " | "))
    assert result.commands == ()


@pytest.mark.parametrize(("text", "verbs"), ORDERS)
def test_every_other_verb_is_known(text: str, verbs: str) -> None:
    """A verb of the table is read as what it is, never as another."""
    result = read(text)

    assert (Decision.ACT, verbs) == (result.decision, understood(result.commands))


@pytest.mark.parametrize("text", ["结案：已退款", "特急", "转物流部，特急"])
def test_verbs_not_in_force_are_refused(text: str) -> None:
    """A verb that is not in force is refused, and nothing else of its mail is done."""
    result = understand(text, names=index(), now=NOW, in_force=frozenset({"route", "note"}))

    assert (Decision.REFUSE, "not-available") == (result.decision, result.why)


OWN = ("GM-2026-000142", "GM-2026-000140")


@pytest.mark.parametrize(
    "text",
    [
        "142 转物流部",
        "GM-2026-000142 转物流部",
        "142：转物流部",
        "#142 转物流部",
        "142号转物流部",
        "事项142，转物流部",
        "140 转物流部",
    ],
)
def test_the_number_of_the_own_case_names_it(text: str) -> None:
    """In a mail about 142, which 140 was merged into, a line that begins with either number is about that case."""
    result = understand(text, names=index(), now=NOW, answers=Answers.NOTICE, own=OWN)

    assert (Decision.ACT, "route 物流部") == (result.decision, understood(result.commands))


@pytest.mark.parametrize("text", ["143 转物流部", "GM-2025-000142 转物流部", "142、143 转物流部"])
def test_the_number_of_another_case_is_refused(text: str) -> None:
    """In a mail about 142 an order for another case is not done, and told why."""
    result = understand(text, names=index(), now=NOW, answers=Answers.NOTICE, own=OWN)

    assert (Decision.REFUSE, "other-case") == (result.decision, result.why)


@pytest.mark.parametrize("text", EMPTY_CLAIMS)
@pytest.mark.parametrize("answers", ["assignment", "reopened", "hand-up", "reminder"])
def test_a_bare_claim_is_an_empty_answer(text: str, answers: str) -> None:
    """A handler's bare 已处理 is refused: it says no result (P3.4.1)."""
    assert (read(text, answers).decision, read(text, answers).why) == (Decision.REFUSE, "empty-answer")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("转火星部处理", "outside-directory"),
        ("转法务处理", "outside-directory"),
        ("转王大锤", "outside-directory"),
        ("转相关部门处理", "outside-directory"),
        ("Route to Legal", "outside-directory"),
        ("转 abc@outside.example", "outside-directory"),
        ("答复：", "empty-answer"),
        ("回复客户", "empty-answer"),
    ],
)
def test_orders_that_cannot_be_done(text: str, why: str) -> None:
    """Who orders something impossible hears why."""
    assert (Decision.REFUSE, why) == (read(text).decision, read(text).why)


@pytest.mark.parametrize(
    ("text", "answers", "decision", "verb"),
    [
        ("收到", "escalation", Decision.ACT, "accept"),
        ("收到", "circulation", Decision.ACT, "received"),
        ("收到", "notice", Decision.NOTE, ""),
        ("收到。", "question", Decision.NOTE, ""),
        ("接", "answer", Decision.NOTE, ""),
        ("转物流部", "acknowledgement", Decision.NOTE, ""),
        ("满意", "rating", Decision.ACT, "satisfied"),
        ("确认", "approval-request", Decision.ACT, "confirm"),
        ("Confirm", "approval-request", Decision.ACT, "confirm"),
        ("确认", "notice", Decision.NOTE, ""),
        ("同意", "approval-request", Decision.ACT, "approve"),
        ("不同意", "extension-request", Decision.ACT, "decline"),
    ],
)
def test_the_mail_that_is_answered_decides(text: str, answers: str, decision: Decision, verb: str) -> None:
    """One word means different things in answer to different mails, and nothing in a requester's."""
    result = read(text, answers)

    assert (decision, verb) == (result.decision, understood(result.commands))


def test_several_commands_in_one_mail() -> None:
    """Each line that begins with a verb is a command of its own, and has its own words."""
    result = read("转物流部\n备注：客户很急\n答复：您好，我们在查。")

    assert re.sub(" 物流部", "", understood(result.commands)) == "route & note & reply"
    assert [one.text for one in result.commands] == ["", "客户很急", "您好，我们在查。"]


def test_a_note_under_an_answer_never_leaves() -> None:
    """备注 below an answer is inside, and is no part of the answer."""
    result = read("答复：宋女士您好，已退款329元。\n备注：客户情绪激动，下次让何经理打电话")

    assert [one.text for one in result.commands] == ["宋女士您好，已退款329元。", "客户情绪激动，下次让何经理打电话"]


def test_numbered_commands() -> None:
    """A numbered list of commands is read item by item."""
    result = read("1. 转物流部处理\n2. 备注：客户很急")

    assert [(one.verb, one.text) for one in result.commands] == [("route", ""), ("note", "客户很急")]


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("转物流部处理", ""),
        ("转物流部处理，谢谢", ""),
        ("转物流部，请今天回复客户", "请今天回复客户"),
        ("请转物流部处理：1. 查原因；2. 今天答复客户", "1. 查原因；2. 今天答复客户"),
        ("转物流部。请答复客户，包裹何时到。", "请答复客户，包裹何时到"),
        ("转物流部\n周五前换好，报我。\n\n林晓月\n总经办", "周五前换好，报我"),
        ("转人力资源部周敏查，一周内报我。信息技术部任何人不得看到。", "一周内报我。信息技术部任何人不得看到"),
    ],
)
def test_words_under_a_route_are_its_order(text: str, order: str) -> None:
    """What stands beside and under a route goes to the new handler; 回复客户 in it is an order, no answer."""
    result = read(text, "notice")

    assert [("route", order)] == [(one.verb, one.text) for one in result.commands]


def test_a_plan_item_may_be_done() -> None:
    """已完成 of a planned case is its resolution, no empty answer."""
    assert understood(read("已完成", "reminder", "planned").commands) == "resolve"


def test_every_row_of_the_table_is_read() -> None:
    """Each Chinese form of the table with a colon and words is recognised as its verb, after the mail it belongs to."""
    for verb in VERBS:
        answers = min(verb.after) if verb.after else Answers.NOTICE
        for form in verb.zh if verb.takes in {"text", "nothing"} else ():
            result = read(f"{form}：测试文字一二三" if verb.takes == "text" else form, answers.value)
            names = {one.verb for one in (*result.commands, *result.readings)}
            assert names <= {verb.name, "reply"}, form
            assert names, form


WORDS = st.sampled_from(
    [
        *[
            "转",
            "物流部",
            "，",
            "。",
            "处理",
            "的",
            "了",
            "吗",
            "？",
            "如果",
            "不",
            "请",
            "route",
            "to",
            "Logistics",
            "please",
            "reply",
            ":",
            "：",
            "答复",
            "客户",
            "备注",
            "结案",
            "周五",
            "前",
        ],
        *[
            "三天内",
            "何经理",
            "张三",
            "142",
            "已",
            "收到",
            ">",
            "谢谢",
            "due",
            "Friday",
            "承办",
            "交",
            "办",
            "和",
            "质量部",
            "、",
            "(",
            ")",
            "abc@corp.example",
            "🙏",
            "1.",
            "-",
        ],
        *("\n", " ", "\t", "\u3000"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=25).map("".join)), st.sampled_from(list(Answers)))
def test_no_text_breaks_the_reading(text: str, answers: Answers) -> None:
    """Whatever is written, it is read; what acts is in force and what leaves stands in the mail."""
    result = understand(text, answers=answers, names=index(), now=NOW)

    if result.decision is Decision.ACT:
        assert {one.verb for one in result.commands} <= IN_FORCE
        assert all(one.text in text for one in result.commands if one.verb == "reply")
    assert bool(result.readings) == (result.decision is Decision.CHOOSE)


FORM = re.compile("|".join(re.escape(form) for verb in VERBS for form in verb.forms), re.IGNORECASE)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="物流部质量处理客户何经理的是在有我们今天周五前，。\n abcdfgjz", max_size=80))
def test_nothing_acts_without_a_verb(text: str) -> None:
    """A text in which no verb stands orders nothing."""
    if not FORM.search(text):
        assert read(text).decision in {Decision.NOTE, Decision.CHOOSE, Decision.REFUSE}
        assert all(one.verb == "reply" for one in read(text).commands)


@pytest.mark.parametrize(
    "unit",
    [
        "，",
        "转",
        "请",
        "转物流部。",
        "转物流部，",
        "答复：\n",
        "\n",
        "如果",
        "周五",
        "三天内",
        "何经理，",
        '"',
        "1. ",
        "from:\n",
        "抄送",
        "结案\n",
        "同意，",
        "142、",
        "会办：质量部、",
    ],
)
def test_reading_grows_with_the_text_alone(unit: str) -> None:
    """Ten times the text makes at most some thirty times the questions to the directory, for any pattern."""
    small, large = _questions(unit * 400), _questions(unit * 4000)

    assert large <= 30 * small + 2000


class Counting:
    """A directory that counts what it is asked."""

    def __init__(self) -> None:
        self.count = 0

    def __getattr__(self, name: str) -> object:
        def ask(text: str) -> object:
            self.count += 1
            return getattr(index(), name)(text)

        return ask


def _questions(text: str) -> int:
    names = Counting()
    understand(text, answers=Answers.ASSIGNMENT, names=names, now=NOW)  # type: ignore[arg-type]
    return names.count
