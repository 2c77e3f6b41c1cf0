"""A preview of a sealed letter that nobody answers: told once to its holder and to who had asked, and nothing leaves."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.casework import Casework
from tests.journeys.desk import Letter, open_desk
from tests.journeys.letters import of_kind, to, whole
from tests.journeys.test_seal_release import (
    GM,
    HOLDER,
    MARK,
    ORDER,
    OTHER_HOLDER,
    RECEIVER,
    answer,
    asked,
    begun,
    clean,
    events,
    writes,
)

LAPSED, PREVIEW = "manager.seal-lapsed", "manager.seal-release"
OF_THE_LETTER = ("热水", "报修", "辱骂", "加班费", MARK)


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Casework]:
    """A complaint in HR's hands."""
    with open_desk(tmp_path) as desk:
        yield begun(Casework(desk), {})


def passes(work: Casework, hours: float) -> list[Letter]:
    """Time goes by, and the process is started anew; who hears that a preview lapsed."""
    work.desk.restart()
    return of_kind(work.later(timedelta(hours=hours)), LAPSED)


def test_who_asked_learns_only_that_nothing_left(work: Casework) -> None:
    """The GM asked, HR did not answer: a mail each, once, over restarts and a clock that jumps; then it is asked anew."""
    work.says(HOLDER, "上报：需要总经理决定", answering="handler.assignment")
    work.says(OTHER_HOLDER, "转陈国栋", answering="manager.hand-up")
    letters = work.says(GM, ORDER, answering="handler.assignment")
    assert [HOLDER] == [one.to for one in of_kind(letters, PREVIEW)]
    assert [] == passes(work, 23.9)

    told = passes(work, 1)

    assert {HOLDER, GM} == {one.to for one in told}
    assert 2 == len(told)
    (asker,) = to(told, GM)
    assert "没有任何内容转出" in asker.text
    assert "何志强" in asker.text
    assert [] == [word for word in OF_THE_LETTER for one in told if word in whole(one)]
    assert [] == clean(work.letters)
    assert [GM, "maild"] == [events(work, kind)[0]["actor"] for kind in ("release-asked", "seal-lapsed")]
    assert [] == passes(work, -3)
    assert "24小时作废" in work.refusal(answer(work, "放行"))
    assert [] == [*passes(work, 3), *passes(work, 48)]
    assert [] == work.got(RECEIVER)

    again = of_kind(work.says(GM, ORDER, answering=LAPSED), PREVIEW)
    assert [HOLDER] == [one.to for one in again]
    assert to(answer(work, "放行"), RECEIVER)
    assert [] == passes(work, 25)


def test_a_preview_that_was_shown_once_more_lasts_a_day_anew(work: Casework) -> None:
    """删 after 20 hours: nothing lapses after 25, and after two days the holder who asked hears it in one mail."""
    asked(work)
    passes(work, 20)
    assert of_kind(answer(work, "删 第2段"), PREVIEW)

    assert [] == passes(work, 5)
    assert [HOLDER] == [one.to for one in passes(work, 23)]


def test_a_new_letter_that_nobody_released_is_told_to_the_holder_alone(work: Casework) -> None:
    """The writer writes again, nobody answers the preview: its holder hears it, the receiver, HR's other half do not."""
    asked(work)
    answer(work, "放行")
    writes(work, "补充：热水到今天还没有。")

    told = passes(work, 25)

    assert [HOLDER] == [one.to for one in told]
    assert "新来信" in told[0].text
    assert [] == [one for one in told if one.to in {RECEIVER, OTHER_HOLDER}]
    assert "今天还没有" not in whole(told[0])
