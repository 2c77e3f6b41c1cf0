"""Words for search: pairs of Chinese characters, other words whole."""

from maild.domain.bigrams import LONGEST, is_beginning, phrases, tokens


def test_chinese_is_cut_into_pairs_and_latin_words_stay_whole() -> None:
    """A text becomes the tokens that any database can match; traditional and full-width spelling is the same word."""
    assert ["热水", "水壶", "sf123456", "跳闸"] == tokens("热水壶 SF123456，跳闸")
    assert tokens("熱水壺 ＳＦ１") == tokens("热水壶 sf1")


def test_a_query_is_phrases() -> None:
    """Each word of a query is a phrase of neighbouring tokens; a lone character stands for what begins with it."""
    assert [["热水", "水壶"], ["refund"]] == phrases("热水壶  Refund")
    assert is_beginning("壶")
    assert not is_beginning("a")
    assert [] == phrases("，。 ")


def test_a_long_text_is_cut() -> None:
    """No mail costs more than its first part."""
    assert len(tokens("好" * (LONGEST * 3))) < LONGEST
