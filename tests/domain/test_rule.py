"""The rule language: what a term, a group and a rule find and what they miss."""

import pytest

from maild.domain.match import Matcher
from maild.domain.page import lay_out
from maild.domain.rule import Bilingual, Hit, Rule
from maild.domain.script import fold
from maild.domain.term import BadTerm, compile_term
from maild.domain.verdict import Writing

WHY = Bilingual(zh="因为", en="because")


def hits(rule: Rule, text: str, subject: str = "", negations: tuple[str, ...] = ("不是",)) -> list[Hit]:
    """What the rule says of this mail."""
    matcher = Matcher([rule], negations)
    writing = Writing(subject=subject, text=text, author_address="a@b.example")
    return matcher.hits(matcher.find(lay_out(writing)))


def rule(*groups: tuple[str, ...], **more: object) -> Rule:
    """A rule with these groups."""
    return Rule(id="r", votes_for="type/x", why=WHY, groups=groups, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        ("投诉", "我要投诉", True),
        ("投诉", "我要投訴你們", True),
        ("test", "the latest news", False),
        ("test", "a TEST, please", True),
        ("complain*", "he complained", True),
        ("被(调岗|降职)", "我被降职了", True),
        ("被(调岗|降职)", "我被表扬了", False),
        ("(请|)尽快", "尽快修", True),
        ("扣…奖金", "他扣了我的奖金", True),
        ("扣…奖金", "扣分。奖金照发", False),
        ("扣…奖金", "扣掉了整整一年十二个月里每个月应当按时发给我们的奖金", False),
        ("#天了", "等了11天了", True),
        ("# days", "after 19 days", True),
        ("ＷＭＳ", "wms 坏了", True),
    ],
)
def test_a_term_finds_what_its_notation_says(term: str, text: str, found: bool) -> None:
    """A term finds traditional and simplified, wide and narrow, whole words, alternatives, gaps and numbers."""
    assert bool(hits(rule((term,)), text)) is found


@pytest.mark.parametrize(
    ("term", "mend"),
    [
        ("被(调岗", "brackets"),
        ("调岗|降职", "outside of brackets"),
        ("#", "no fixed word"),
        ("扣…", "both sides of the gap"),
        ("((a|b)|c)", "brackets"),
        ("(a|b|c|d|e)(a|b|c|d|e)(a|b|c|d|e)(a|b|c|d|e)(a|b|c|d|e)", "spellings"),
    ],
)
def test_a_bad_term_says_how_to_write_it(term: str, mend: str) -> None:
    """A term that cannot be used says what is wrong with it."""
    with pytest.raises(BadTerm, match=mend):
        compile_term(term)


def test_folding_keeps_every_place() -> None:
    """Folding never adds or removes a character, so reasons can be shown in the words of the mail."""
    text = "總經理ＡＢ：\r\n“請\u3000查”\nthe line\nis down İ"
    assert len(fold(text)) == len(text)


def test_a_wrapped_english_sentence_is_one_sentence() -> None:
    """A line break inside an English sentence does not end it."""
    assert hits(rule(("printer",), ("broken",), near=True), "the label printer\nis broken again")


def test_all_groups_must_be_found() -> None:
    """Each group needs one of its terms."""
    both = rule(("奖金", "工资"), ("没发", "扣"))
    assert hits(both, "工资两个月没发。")
    assert not hits(both, "工资涨了。")


def test_near_means_the_same_sentence() -> None:
    """`near` holds within one sentence only."""
    near = rule(("反映",), ("调岗",), near=True)
    assert hits(near, "我反映以后被调岗")
    assert not hits(near, "我反映了食堂。昨天有人调岗")


def test_within_counts_characters() -> None:
    """`within` counts the characters between, across sentences."""
    close = rule(("反映",), ("调岗",), within=8)
    assert hits(close, "我反映了。他调岗")
    assert not hits(close, "我反映了食堂的问题很多次了。后来他调岗")


def test_none_silences_a_rule() -> None:
    """A term of `none` anywhere silences the rule."""
    guarded = rule(("建议",), none=("投诉建议",))
    assert hits(guarded, "建议改一下")
    assert not hits(guarded, "按投诉建议菜单")


def test_a_negated_word_does_not_count() -> None:
    """A word right behind a negation does not count, unless the rule lifts the guard."""
    assert not hits(rule(("投诉",)), "我不是要投诉谁")
    assert hits(rule(("投诉",), guard=False), "我不是要投诉谁")


def test_a_name_in_quotation_marks_does_not_count() -> None:
    """What stands in short quotation marks is the name of a thing, not the writer's word."""
    assert not hits(rule(("建议",)), "菜单里“投诉建议”在第四层")


def test_the_subject_counts_only_where_the_rule_looks_there() -> None:
    """Words of the subject do not count for a rule about the text."""
    long = "这封信的正文写得足够长，所以标题不能替它说话。"
    assert not hits(rule(("投诉",)), long, subject="投诉")
    assert hits(rule(("投诉",), look_in=("subject",)), long, subject="投诉")


def test_a_short_text_lets_its_subject_speak() -> None:
    """Under 20 characters the subject counts as text (casework 2)."""
    assert hits(rule(("退款",)), "11天了", subject="退款")


def test_more_words_weigh_more_but_not_without_end() -> None:
    """Each further word adds `more`, three times at most."""
    many = rule(("骂", "吼", "扔", "摔", "踢", "甩"), weight=2.0, more=0.5)
    assert hits(many, "他骂")[0].weight == pytest.approx(2.0)
    assert hits(many, "又骂又吼又扔又摔又踢又甩")[0].weight == pytest.approx(3.5)


def test_length_can_be_a_reason() -> None:
    """A rule may speak for very short texts."""
    short = rule(longest=5)
    assert hits(short, "在吗")
    assert not hits(short, "在吗，我想问一下")


def test_reasons_are_in_the_words_of_the_mail() -> None:
    """A hit quotes the mail as written, with what it means and its weight."""
    matcher = Matcher([rule(("工资",), ("没发",), near=True, weight=4.0)])
    page = lay_out(Writing(subject="", text="三月的工資到現在沒發", author_address="a@b.example"))
    reason = matcher.hits(matcher.find(page))[0].reason(page)
    assert (reason.text, reason.why, reason.weight) == ("工資到現在沒發", "因为", 4.0)
    assert (reason.why_for("zh-Hant"), reason.why_for("en")) == ("因为", "because")


def test_a_rule_for_some_senders_is_silent_for_others() -> None:
    """`roles` keeps a rule to some senders."""
    matcher = Matcher([rule(("好",), roles=("partner",))])
    evidence = matcher.find(lay_out(Writing(subject="", text="很好", author_address="a@b.example")))
    assert matcher.hits(evidence, role="partner")
    assert not matcher.hits(evidence, role="staff")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("六月我举报过刷单。七月换了领导。八月把我调去扫地。", True),
        ("八月把我调去扫地。六月我举报过刷单。", False),
        ("六月我举报过刷单，查实了。", False),
        ("调去扫地之前我举报过，举报过以后又调去看门。", True),
    ],
)
def test_a_story_has_an_order(text: str, found: bool) -> None:
    """`then` wants its groups one after the other, however many sentences lie between them."""
    assert bool(hits(rule(("举报过",), ("调去",), then=True), text)) is found


def test_a_story_may_be_kept_short() -> None:
    """`within` bounds the characters between the first part of a story and the last."""
    text = "我举报过刷单。后来的事说来话长，容我慢慢讲。结果把我调去扫地。"
    assert hits(rule(("举报过",), ("调去",), then=True, within=40), text)
    assert not hits(rule(("举报过",), ("调去",), then=True, within=10), text)


def test_the_longest_spelling_is_found() -> None:
    """Where one spelling begins like another, the mail's longer words are shown."""
    found = hits(rule(("退(款|款金额|款金额和运费)",)), "请退款金额和运费给我")
    start, end = found[0].spans[0]
    assert end - start == len("退款金额和运费")
