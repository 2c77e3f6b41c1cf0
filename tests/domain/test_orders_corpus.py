"""Replies as managers write them from phones are read as they are meant, and wrapped in doubt they are never done."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.adapters.replyfile import FiledReply
from maild.domain.command import Command, Decision
from maild.domain.verb import Takes
from maild.domain.verbs import OUTSIDE, TAKES, VERBS
from tests.domain.reading import corpus, read_for


def _begins_with_its_order(reply: FiledReply, expected: dict[str, Any]) -> bool:
    """Whether the first clause of a line is the only order of it, so that a wrapper around it is one around the order."""
    if expected["decision"] != "act" or "\n" in reply.text or reply.subject or len(expected["commands"]) > 1:
        return False
    if re.match(r"(?:[这這]个?個?)?我|好的?|嗯|行|ok|got it|we |i |please can you", reply.text.lower()):
        return False
    first = re.split(r"[，,。.!！；;]| - ", reply.text)[0]
    return read_for(replace(reply, text=first)).decision is Decision.ACT


ONE_LINERS = tuple(reply for reply, expected in corpus() if _begins_with_its_order(reply, expected))
"""Orders of one line, to be wrapped."""


@pytest.mark.parametrize(("reply", "expected"), corpus(), ids=lambda one: one.id if isinstance(one, FiledReply) else "")
def test_the_corpus_is_read_as_meant(reply: FiledReply, expected: dict[str, Any]) -> None:
    """Decision, orders with their objects, and what is missing are those that the writer meant."""
    result = read_for(reply)
    read = result.readings if expected["decision"] == "choose" else result.commands
    meant = expected.get("readings", expected.get("commands", []))

    assert expected["decision"] == result.decision
    assert meant == [_shown(one, like) for one, like in zip(read, meant, strict=True)]
    assert expected.get("missing", list(result.missing)) == list(result.missing)
    assert expected.get("why", result.why) == result.why


def _shown(command: Command, like: dict[str, Any]) -> dict[str, Any]:
    return {key: getattr(command, key) or (None if key == "text" else getattr(command, key)) for key in like}


WRAPPERS = (
    "先不要{}", "暂时不要{}", "先别{}", "不要{}", "别{}", "如果客户同意，{}", "如果客户同意就{}", "等客户回复后{}", "要是客户不满意就{}",
    "除非客户同意，否则不要{}", "王经理说{}", "客户说：{}", "他问我要不要{}", "要不要{}？", "是不是应该{}？", "能不能{}？", "有人建议{}",
    "万一客户再来，{}", "客户要求{}", "他们让我{}", "不是说好{}吗？", "谁说要{}？", "为什么要{}？",
)  # fmt: skip
WRAPPERS_EN = (
    "Don't {}", "Please do not {}", "Never {}", "If the customer agrees, {}", "If she agrees: {}", "He said: {}",
    "The customer asked me to {}", "Should we {}?", "Once the lab confirms, {}", "Unless they object, {}",
    "I was told to {}", "They want us to {}", "Why {}?",
)  # fmt: skip


BEHIND = (
    "{}，还是先等等",
    "{}，算了不用了",
    "{}，我说错了，不要",
    "{}，如果客户同意的话",
    "{}。算了，先不弄了",
    "{}？",
    "{}吗？",
)
BEHIND_EN = ("{}, if she agrees", "{}, only if the lab confirms", "{} - no wait, don't", "{}. Never mind.", "{}?")
FREE = frozenset({Takes.TEXT, Takes.REASON, Takes.WORDS})
"""What takes free words: a doubt behind them may be a part of them."""


def _is_firm(reply: FiledReply) -> bool:
    if re.search(r"[。.!！]\s*\S", reply.text):
        return False
    return all(TAKES[one.verb] not in FREE and one.verb != "circulate" for one in read_for(reply).commands)


FIRM = tuple(reply for reply in ONE_LINERS if _is_firm(reply))
"""Orders of one sentence without free words."""


def _in_latin(text: str) -> bool:
    return not re.search(r"[\u3400-\u9fff]", text)


def _behind(text: str) -> tuple[str, ...]:
    """What takes an order back; a polite request ("can you ...") is one with its question mark too."""
    if not _in_latin(text):
        return BEHIND
    return BEHIND_EN[:-1] if re.match(r"(?:please )?(?:can|could|would|will) you\b", text, re.IGNORECASE) else BEHIND_EN


def _done_in(reply: FiledReply, wrappers: tuple[str, ...]) -> list[str]:
    """What would be carried out of these wrappings of a reply; `do not release` is a no, and no release."""
    wrapped = [wrapper.format(reply.text.rstrip("。.!！ ")) for wrapper in wrappers]
    read = ((text, read_for(replace(reply, text=text))) for text in wrapped)
    released = "release" in {one.verb for one in read_for(reply).commands}
    return [text for text, one in read if one.decision is Decision.ACT
            and not (released and {"decline"} == {command.verb for command in one.commands})]  # fmt: skip


def test_a_wrapped_order_is_never_done() -> None:
    """Negated, conditional, reported or asked, no order is carried out: every order in every wrapping."""
    done = [text for one in ONE_LINERS for text in _done_in(one, WRAPPERS_EN if _in_latin(one.text) else WRAPPERS)]

    assert not done


def test_an_order_that_is_taken_back_is_never_done() -> None:
    """Taken back in the same breath, hung on a condition, or asked behind, no order is carried out."""
    done = [text for one in FIRM for text in _done_in(one, _behind(one.text))]

    assert not done


PARTS = tuple(part for reply, _ in corpus() for part in re.split(r"([，,。.！!？?\n：:、 ])", reply.text) if part)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=14).map("".join), st.sampled_from([one for one, _ in corpus()]))
def test_no_medley_of_replies_breaks_the_reading(text: str, reply: FiledReply) -> None:
    """Whatever pieces of replies are thrown together, they are read, and what leaves stands in the mail."""
    result = read_for(replace(reply, text=text))

    assert (result.decision is Decision.CHOOSE) <= bool(result.readings)
    assert all(one.text in text for one in result.commands if one.verb in OUTSIDE)


def test_what_may_follow_each_verb_is_a_pattern() -> None:
    """Every row of the table can be asked for what may follow its verb."""
    assert [verb.name for verb in VERBS] == [verb.name for verb in VERBS if re.compile(verb.glue)]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(ONE_LINERS), st.sampled_from(["备注：秘密甲乙丙", "内部备注：秘密甲乙丙", "Note: 秘密甲乙丙"]))
def test_a_note_never_leaves(reply: FiledReply, note: str) -> None:
    """The words of a note under whatever order are in nothing that leaves."""
    result = read_for(replace(reply, text=f"{reply.text}\n{note}"))

    assert all("秘密" not in one.text for one in result.commands if one.verb in OUTSIDE or one.verb == "resolve")
