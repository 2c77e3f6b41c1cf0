"""An award without a name: the complainant collects or declines it by mail, and nobody but HR hands it out (security.md)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.casework import Casework
from tests.journeys.desk import Letter, open_desk
from tests.journeys.letters import of_kind, telling, to, whole
from tests.journeys.test_ledger import CONFIRM, GM, HR, LEDGER, WRITER, found_true, listed, lists

FINANCE = "zheng.wen@corp.example"
AWARD = "requester.award"
NAMES = ("刘洋", WRITER)


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Casework]:
    """An installation, and nothing in it."""
    with open_desk(tmp_path) as desk:
        for name, value in desk.environ.items():
            monkeypatch.setenv(name, value)
        yield Casework(desk=desk)


def approved(work: Casework) -> list[Letter]:
    """A complaint found true whose reward the GM approved; what left with that."""
    found_true(work)
    lists(work, GM)
    work.says(GM, "全部同意", answering=LEDGER)
    return work.says(GM, "确认", answering=CONFIRM)


def state_of(work: Casework, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """State and note of the reward."""
    row = next(row for row in listed(work, capsys) if row["amount"] == 200)
    return row["state"], row["note"]


def test_the_writer_hears_of_the_award_and_finance_of_number_and_sum(work: Casework) -> None:
    """On approval the complainant gets the number, the sum and a year's time; finance the number and the sum alone."""
    letters = approved(work)

    (ready,), (payment,) = to(of_kind(letters, AWARD), WRITER), of_kind(letters, "manager.payment")
    assert all(word in ready.text for word in ("200元", "L-2026-000", "2027年", "领取", "放弃"))
    assert FINANCE == payment.to
    assert "200元" in payment.text
    assert [] == [word for word in (*NAMES, "来信人-", work.case["number"], "王强", "投诉") if word in whole(payment)]


def test_who_collects_gets_a_code_and_hr_the_same(work: Casework, capsys: pytest.CaptureFixture[str]) -> None:
    """领取 brings the writer a code, and HR the code without a name; HR's 已发放 ends it."""
    approved(work)

    letters = work.says(WRITER, "领取", answering=AWARD)
    (mine,), (theirs,) = of_kind(letters, AWARD), to(of_kind(letters, LEDGER), HR)
    code = mine.text.split("领取码")[1].split()[0].strip("* ")
    assert code in theirs.text
    assert [] == telling([theirs], *NAMES)
    work.says(HR, "全部已发放", answering=LEDGER)

    assert "paid" == state_of(work, capsys)[0]
    assert "已经发放" in of_kind(work.says(WRITER, "领取", answering=AWARD), AWARD)[0].text


def test_asking_twice_bothers_hr_once(work: Casework) -> None:
    """领取 said again brings the writer the same code, and HR no second mail."""
    approved(work)
    first = of_kind(work.says(WRITER, "领取", answering=AWARD), AWARD)[0]

    letters = work.says(WRITER, "我要领取，谢谢", answering=AWARD)

    assert [AWARD] == [one.kind for one in letters]
    assert first.text.split("领取码")[1][:12] == letters[0].text.split("领取码")[1][:12]


def test_who_declines_ends_it_with_a_note(work: Casework, capsys: pytest.CaptureFixture[str]) -> None:
    """放弃 cancels the entry with a note; HR hears that the sum goes back, and no later 领取 brings it."""
    approved(work)

    letters = work.says(WRITER, "放弃，不用了。", answering=AWARD)

    assert ("renounced", "declined-by-writer") == state_of(work, capsys)
    assert "退回财务" in to(of_kind(letters, LEDGER), HR)[0].text
    assert [] == telling(to(letters, HR), *NAMES)


def test_an_award_waits_a_year_and_reminds_before_it_lapses(work: Casework, capsys: pytest.CaptureFixture[str]) -> None:
    """Its key lives longer than the case: after eleven months a reminder, which can still be answered."""
    approved(work)
    reminded = _until(work, days=350)

    letters = work.says(WRITER, "领取", answering=AWARD)

    assert ["作废" in one.text for one in reminded] == [True]
    assert "领取码" in of_kind(letters, AWARD)[0].text
    assert "approved" == state_of(work, capsys)[0]


def test_what_nobody_collects_lapses(work: Casework, capsys: pytest.CaptureFixture[str]) -> None:
    """After a year without a word the entry is cancelled, and writer and HR hear so, once."""
    approved(work)

    letters = _until(work, days=400)

    assert 2 == len(letters)
    assert "已经作废" in letters[-1].text
    assert ("lapsed", "not-collected") == state_of(work, capsys)


def _until(work: Casework, *, days: int) -> list[Letter]:
    """What the writer hears of the award while so many days go by, twenty-five at a step."""
    steps = (work.later(timedelta(days=25)) for _ in range(days // 25))
    return [letter for letters in steps for letter in to(of_kind(letters, AWARD), WRITER)]


def test_nobody_else_collects_it(work: Casework, capsys: pytest.CaptureFixture[str]) -> None:
    """A stranger who has the key gets nothing and changes nothing."""
    approved(work)
    own = to(of_kind(work.letters, AWARD), WRITER)[0]
    work.letters.append(Letter(to="somebody@mail-a.example", raw=own.raw, message=own.message, _kind=AWARD))

    letters = work.says("somebody@mail-a.example", "放弃", answering=AWARD)

    assert [] == of_kind(letters, AWARD)
    assert "approved" == state_of(work, capsys)[0]


@pytest.mark.parametrize("words", ["怎么领取？", "领取要什么手续？", "我先想想要不要领取"])
def test_a_question_about_it_is_a_letter_of_its_own(
    work: Casework, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    """What is neither 领取 nor 放弃 goes to the handler as more of the case, and decides nothing."""
    approved(work)

    letters = work.says(WRITER, words, answering=AWARD)

    assert [] == of_kind(letters, AWARD)
    assert "approved" == state_of(work, capsys)[0]
