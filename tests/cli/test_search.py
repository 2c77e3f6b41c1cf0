"""`maild search`: the words that people remember of a case lead to it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from maild.cli.main import main
from tests.journeys.desk import TestDesk, open_desk
from tests.journeys.post import CUSTOMER, mail

MORNING = datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
FIRST, SECOND = "GM-2026-000001", "GM-2026-000002"
Search = Callable[..., list[str]]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestDesk]:
    """Two cases of two people."""
    with open_desk(tmp_path_factory.mktemp("office")) as made:
        made.receive(mail(), at=MORNING)
        made.receive(mail("投诉：收到的锅是坏的", "订单 SF-77 的锅底裂了。", sender="wu@mail-w.example"))
        made.restart()
        yield made


@pytest.fixture
def search(desk: TestDesk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Search:
    """`maild search`; the numbers that it printed."""
    monkeypatch.setenv("GM_PASSWORD", desk.environ["GM_PASSWORD"])

    def run(*words: str, status: int = 0) -> list[str]:
        config: Path = desk.folder / "maild.toml"
        assert main(["search", "-c", str(config), *words]) == status
        return [line.split()[0] for line in capsys.readouterr().out.splitlines() if line]

    return run


def test_words_numbers_and_people_find_a_case(search: Search) -> None:
    """Subject, number, address; several words must all occur; upper and lower case are the same."""
    assert search("88231") == [FIRST]
    assert search(SECOND.lower()) == [SECOND]
    assert search(CUSTOMER) == [FIRST]
    assert search("投诉", "坏的") == [SECOND]


def test_the_text_of_a_mail_is_found(search: Search) -> None:
    """What stands in the text of a mail alone is found, by the index and by reading every mail again."""
    assert search("锅底裂了") == [SECOND]
    assert search("sf-77", "--bodies") == [SECOND]


def test_nothing_found_is_exit_status_one(search: Search) -> None:
    """Scripts can tell."""
    assert search("没有这回事", status=1) == []
