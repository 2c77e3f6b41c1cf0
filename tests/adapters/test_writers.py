"""Several real processes write to one database at once: nothing is lost, given twice or done twice."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from maild.adapters.chains import broken_chains
from maild.adapters.store import Store
from maild.domain.case import Case
from maild.workflow.plan import Line, Plan
from tests.adapters.hammer import FIRST, GM, NOW, ROUNDS, SECOND, prepare

ROOT = Path(__file__).resolve().parents[2]


class Writers:
    """Starts processes over one database."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url, self._folder = url, folder
        self.store = Store.open(url, folder)
        with self.store.writing() as books:
            prepare(books)

    def run(self, task: str, count: int = 2) -> list[Any]:
        """What each of so many processes did, all begun at the same moment."""
        arguments = [sys.executable, "-m", "tests.adapters.hammer", self._url, str(self._folder), task]
        processes = [
            subprocess.Popen([*arguments, str(n)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for n in range(count)
        ]
        for process in processes:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        said = [process.communicate(timeout=60)[0] for process in processes]
        return [json.loads(one) for one in said]

    def case(self, number: str) -> Case:
        """A case as it stands."""
        with self.store.reading() as books:
            case = books.case(number)
        assert case
        return case


@pytest.fixture
def writers(each_database: str, tmp_path: Path) -> Iterator[Writers]:
    """Processes over a database with two cases."""
    made = Writers(each_database, tmp_path)
    yield made
    made.store.close()


def test_case_numbers_are_given_once_and_without_gaps(writers: Writers) -> None:
    """Each process gets numbers of its own, and none is left out."""
    first, second = writers.run("numbers")

    assert [f"GM-2026-{n + 1:06d}" for n in range(2 * ROUNDS)] == sorted(first + second)


def test_one_content_is_one_case_a_pack_and_linked(writers: Writers) -> None:
    """Of one content in two mailboxes one case is made, and in two packs two, of which the second knows the first."""
    opened = writers.run("content", 3)

    assert Counter({f"{n} {links}": 1 for n in range(ROUNDS) for links in (0, 1)}) == Counter(chain(*opened))


def test_no_change_of_a_case_is_lost_and_its_history_holds(writers: Writers) -> None:
    """Who reads a case in order to change it has it alone; the chain has every event in one order."""
    writers.run("history")

    assert 2 * ROUNDS == len(set(writers.case(FIRST).links))
    assert (2, 4 * ROUNDS, []) == broken_chains(writers.store)


def test_two_cases_in_opposite_order_are_both_written(writers: Writers) -> None:
    """Two transactions that wait for each other are told so; one goes first and the other does it again."""
    writers.run("crossed")

    for number in (FIRST, SECOND):
        assert Counter({"0": ROUNDS, "1": ROUNDS}) == Counter(writers.case(number).links)


def test_a_rate_is_never_exceeded(writers: Writers) -> None:
    """Who counts in order to add to the count counts alone."""
    assert 50 == sum(writers.run("rates"))


def test_what_counts_once_counts_once(writers: Writers) -> None:
    """A confirmation that two mailboxes see at the same moment is carried out by one."""
    assert ROUNDS == sum(writers.run("single use"))


def test_a_line_is_told_once_and_a_digest_made_once(writers: Writers) -> None:
    """Each waiting line stands in one digest, each day has one."""
    with writers.store.writing() as books:
        books.save(Plan(lines=(Line(kind="machine"),) * 2 * ROUNDS), (), mailbox=GM, now=NOW)

    told = Counter(chain(*writers.run("lines")))

    assert ROUNDS == told.pop(-1)
    assert [1] * 2 * ROUNDS == list(told.values())


def test_each_due_clock_is_decided_by_one_sweep(writers: Writers) -> None:
    """No clock climbs two rungs because two daemons looked at it."""
    decided = Counter(chain(*writers.run("sweep")))

    assert [1] * 40 == list(decided.values())
    assert (20, 20) == (len(writers.case(FIRST).links), len(writers.case(SECOND).links))
    assert (2, 40, []) == broken_chains(writers.store)


def test_a_sweep_and_mails_do_not_undo_each_other(writers: Writers) -> None:
    """What a mail changes at the moment of a sweep stays, and so does what the sweep changes."""
    decided, _ = writers.run("mails against the sweep")

    assert 40 == len(set(decided))
    assert ROUNDS + 40 == len(writers.case(FIRST).links) + len(writers.case(SECOND).links)
    with writers.store.reading() as books:
        assert [1] * 40 == [clock.rung for number in (FIRST, SECOND) for clock in books.clocks(number)]
