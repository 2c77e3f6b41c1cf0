"""Likeness to example mails: learned the same each time, explained by words, and hard to game."""

import subprocess
import sys
from dataclasses import replace

from maild.domain.learning import learn
from maild.domain.likeness import Example, Likeness, tokens
from maild.domain.script import fold
from tests.domain.triage_desk import CONSUMER, STAFF, policy, say

FEW = (
    Example(type="fault", text="空压机坏了，请派人修。"),
    Example(type="fault", text="The press is broken, please repair it."),
    Example(type="fault", text="热水器又坏了，没有热水。"),
    Example(type="idea", text="建议在门口加一面镜子。"),
    Example(type="idea", text="We could put a mirror beside the door."),
    Example(type="idea", text="不如把两个会合成一个，省时间。"),
)


def test_examples_are_told_by_what_was_learned() -> None:
    """Every example is most like its own type."""
    likeness = Likeness(FEW, learn(FEW))
    for example in FEW:
        scores = likeness.scores(fold(example.text))
        assert max(scores, key=lambda name: scores[name]) == example.type


def test_words_of_one_stem_are_alike() -> None:
    """An English word is recognised in another form of it."""
    scores = Likeness(FEW, learn(FEW)).scores(fold("Repairs and repairing"))
    assert scores["fault"] > scores["idea"]


def test_the_words_that_speak_are_words_of_the_mail() -> None:
    """A likeness is explained by words that stand in the text."""
    text = fold("空压机坏了，建议早修。")
    words = Likeness(FEW, learn(FEW)).words(text, "fault")
    assert words
    assert all(word in text for word in words)


def test_an_example_counts_before_it_was_learned() -> None:
    """A clerk's new example takes effect at once, without learning all of them anew."""
    marks = learn(FEW)
    new = Example(type="idea", text="饮水机旁放个垃圾桶。")
    text = fold("饮水机旁放个垃圾桶吧")
    before, after = Likeness(FEW, marks).scores(text), Likeness((*FEW, new), marks).scores(text)
    assert after["idea"] - after["fault"] > before.get("idea", 0) - before.get("fault", 0)


def test_nothing_is_said_of_words_never_seen() -> None:
    """A text without a known word is like nothing."""
    assert Likeness(FEW, learn(FEW)).scores("zzz") == {}


def test_learning_is_the_same_each_time() -> None:
    """Another hash seed teaches the same."""
    code = "from tests.domain.test_likeness import FEW; from maild.domain.learning import learn; print(learn(FEW))"
    said = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, env={"PYTHONHASHSEED": seed, "PATH": ""}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


def test_the_shipped_pack_was_learned() -> None:
    """What the shipped examples teach is kept beside them, so that nothing is learned at the start."""
    assert policy().unlearned == 0


def test_without_kept_marks_the_examples_are_learned_when_needed() -> None:
    """A pack without learned.tsv works too."""
    small = replace(policy(), examples=FEW, marks={})
    assert small.likeness.scores(fold("空压机坏了"))["fault"] > 0


def test_repeating_a_word_changes_nothing() -> None:
    """A word counts once, however often it stands there."""
    assert tokens("建议建议建议") - tokens("建议") == {"议建"}
    text = "收到的水壶是碎的，联系客服三天没人理，请退款。"
    assert say(text + "建议" * 300, CONSUMER).type == say(text + "建议", CONSUMER).type


def test_a_huge_mail_is_judged_by_its_beginning() -> None:
    """What is judged of a mail is bounded: 900 kB more of anything change nothing."""
    text = "组长天天骂人，请公司管管。\n" + " ".join(f"词{number}表" for number in range(4_000))
    assert say(text, STAFF) == say(text + "加班费 discount 建议 " * 40_000, STAFF)
