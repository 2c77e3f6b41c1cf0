"""Mails that the search does not know yet are read into it, once, and never those of confidential cases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.adapters.reindex import reindex
from maild.mail.parse import parse_anyway
from tests.journeys.desk import GM, TestDesk, open_desk
from tests.journeys.post import mail


@pytest.fixture(name="desk")
def _desk(tmp_path: Path, each_database: str) -> Iterator[TestDesk]:
    """An installation whose search was emptied, with an open case and a confidential one."""
    with open_desk(tmp_path, database=each_database) as desk:
        desk.receive(mail("空气炸锅坏了", "炸锅用了两天就不加热，请换货。"))
        accusing = mail("投诉", "班长何勇昨晚当众辱骂我，还扣了我的加班费。", sender="tang.ning@corp.example")
        desk.servers.deliver(accusing, GM, authentication="pass")
        desk.one_pass()
        with desk.workshop().store.writing() as books:
            books.connection.exec_driver_sql("delete from search_text")
        yield desk


def found(desk: TestDesk, words: str) -> list[str]:
    """The subjects of the cases whose mails say these words."""
    with desk.workshop().store.reading() as books:
        numbers = books.found(words, [GM])
    return [str(case["subject"]) for case in desk.cases() if case["number"] in numbers]


def test_what_was_taken_in_before_is_found(desk: TestDesk) -> None:
    """The open case is found by words of its letter; the confidential one by none."""
    workshop = desk.workshop()
    before = found(desk, "炸锅")

    reindex(workshop.store, workshop.archive, parse_anyway)

    assert [] == before
    assert ["空气炸锅坏了"] == found(desk, "不加热")
    assert [] == found(desk, "辱骂")


def test_a_second_time_adds_nothing(desk: TestDesk) -> None:
    """A mail that is found already is not found twice."""
    workshop = desk.workshop()

    counts = []
    for _ in range(2):
        reindex(workshop.store, workshop.archive, parse_anyway)
        counts.append(desk.rows("select count(*) from search_text")[0][0])

    assert [1, 1] == counts
