"""The process dies at any point: nothing is lost, nothing is done twice (casework 1, promises 1 to 3)."""

import random
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from tests.dovecot import Dovecot
from tests.journeys import points
from tests.journeys.post import mail
from tests.journeys.varied import (
    KILLED,
    Launcher,
    Outcome,
    channel,
    committed,
    copies,
    doubled,
    filed,
    launching,
    office,
    on_dovecot,
    outcome,
    trace,
    unaccounted,
    varied,
    varied_office,
)

SENT_TWICE = {"SMTP data after", "settle.Settler._commit before"}
"""Points behind which the server has a mail whose answer is not committed: it goes out once more, the same."""
TOLD_TWICE = {"Robot.tell after", "herald.Herald._settle before"}
"""Points behind which the second channel has a message whose answer is not committed: it is told once more."""
NEVER_AGAIN = {"IMAP subscribe after", "herald.Herald._tell after"}
"""A folder that was made and not subscribed is there already at the next start: people find it by listing. And the
second channel is busy only once: whoever dies before that is written down finds it free."""
IN_A_FLOOD = [
    ("receive.Receiver._take after", 1, 0), ("pipeline.Pipeline._commit before", 5, 0), ("IMAP move after", 2, 0),
    ("receive.Receiver._file_done before", 1, 0), ("SMTP data after", 6, 1), ("settle.Settler._commit after", 6, 0),
]  # fmt: skip
"""Points that a run passes often, the how manieth time it comes there, and how many mails then go out twice."""
EIGHT = Counter({"new-case": 3, "quarantined": 1, "duplicate": 1, "machine-mail": 1, "appended": 1,
                 "report-unmatched": 1})  # fmt: skip
"""What becomes of the eight mails of the varied mailbox when they come alone."""
BOTH = pytest.mark.parametrize("kind", ["sqlite", "postgres"], indirect=True)


@pytest.fixture(scope="module")
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of database."""
    if request.param == "postgres":
        request.getfixturevalue("postgres")
    return str(request.param)


@pytest.fixture(scope="module")
def maild() -> Iterator[Launcher]:
    """One launcher for all tests of this module."""
    with launching() as launcher:
        yield launcher


@pytest.fixture(scope="module")
def undisturbed(
    kind: str, maild: Launcher, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Outcome, set[str]]]:
    """What becomes of the varied run when nothing dies, and the points that are passed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    with varied_office(folder, kind) as desk:
        maild.play(desk)
        assert [] == unaccounted(desk)
        yield outcome(desk), set(trace(desk))


def test_every_effect_of_the_program_is_a_point() -> None:
    """Whoever writes a new transaction, IMAP command, hand-over or port finds it missing from the list of points."""
    assert points.COMMITS | points.APART.keys() == points.written_commits()
    assert points.covered_effects() == points.written_effects()
    named = {port: points.PORTS.get(port, set()) | points.READING.get(port, set()) for port in points.written_ports()}
    assert named == points.written_ports()


@pytest.mark.slow
@BOTH
def test_the_varied_run_passes_every_point(kind: str, undisturbed: tuple[Outcome, set[str]]) -> None:
    """No point of the list is there in name only: the run at whose points the process is killed comes to each."""
    assert points.points(kind) == points.listed(undisturbed[1])


@pytest.mark.slow
@BOTH
def test_killed_once_at_every_point_nothing_is_lost_or_doubled(
    kind: str, maild: Launcher, undisturbed: tuple[Outcome, set[str]], tmp_path: Path
) -> None:
    """After SIGKILL at each point and a new start after each, all is as if nothing had happened.

    Only a mail whose SMTP answer was lost arrives once more, the same to the byte; no copy of it lies in Sent twice.
    An alarm reaches the second channel, and once more only where its answer was lost.
    """
    with varied_office(tmp_path, kind) as desk:
        deaths = maild.play(desk, hit=1)

        assert points.points(kind) - NEVER_AGAIN == points.listed(set(deaths)) - NEVER_AGAIN
        assert [] == unaccounted(desk)
        assert undisturbed[0] == outcome(desk)
        assert len(SENT_TWICE & set(deaths)) == doubled(desk)
        assert {1} == set(copies(desk).values())
        assert 1 + len(TOLD_TWICE & set(deaths)) == len(channel(desk).texts)
        assert len(set(channel(desk).texts)) == 1


@pytest.mark.slow
@pytest.mark.dovecot
def test_killed_at_every_point_on_a_real_server_nothing_is_lost_or_doubled(
    dovecot: Dovecot, maild: Launcher, tmp_path: Path
) -> None:
    """On Dovecot too each of the eight mails is what it should be and filed once, wherever the process was killed."""
    with office(tmp_path, "sqlite", []) as desk:
        box = on_dovecot(desk, dovecot)
        mails = varied()
        box.deliver(*mails)
        deaths: list[str] = []
        maild.come_to_rest(desk, deaths)
        lying = [*box.raws("maild/Processed"), *box.raws("maild/Quarantine")]

        assert {"IMAP move after", "receive.Receiver._file_done before", "SMTP data after"} <= set(deaths)
        assert [] == unaccounted(desk)
        assert EIGHT == outcome(desk).dispositions
        assert (len(SENT_TWICE & set(deaths)), sorted(mails)) == (doubled(desk), sorted(lying))
        assert [] == box.raws()


@pytest.mark.slow
@pytest.mark.parametrize(("point", "hit", "twice"), IN_A_FLOOD)
def test_killed_in_the_midst_of_the_work_nothing_is_lost_or_doubled(
    point: str, hit: int, twice: int, maild: Launcher, tmp_path: Path
) -> None:
    """When the process dies no mail has left the inbox whose case was not committed; then all comes to its end."""
    with office(tmp_path, "sqlite", varied()) as desk:
        assert maild.once(desk, point=point, hit=hit) == KILLED
        assert filed(desk) <= committed(desk)

        maild.finish(desk)

        assert [] == unaccounted(desk)
        assert EIGHT == outcome(desk).dispositions
        assert (twice, len(varied())) == (doubled(desk), filed(desk))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("stride", [21, 25])
def test_a_machine_that_dies_again_and_again_comes_to_an_end(
    kind: str, stride: int, maild: Launcher, tmp_path: Path
) -> None:
    """A process that dies after every few steps finishes all the same, each start a little further."""
    with office(tmp_path, kind, varied()) as desk:
        deaths = 0
        while maild.once(desk, point="any", hit=stride) == KILLED:
            deaths += 1
            assert deaths < 60

        maild.finish(desk)

        assert deaths > 1
        assert [] == unaccounted(desk)
        assert EIGHT == outcome(desk).dispositions
        assert (deaths >= doubled(desk), len(varied())) == (True, filed(desk))


@pytest.mark.slow
@BOTH
def test_the_daemon_killed_at_random_moments_loses_and_doubles_nothing(
    kind: str, maild: Launcher, tmp_path: Path
) -> None:
    """Five times kill -9 of `maild run` over fifteen mails: each is one case or what it should be, each letter came."""
    dice = random.Random(20261124)
    people = [mail(f"投诉：第 {n} 台机器坏了", sender=f"customer{n}@mail-a.example") for n in range(7)]
    with office(tmp_path, kind, [*varied(), *people]) as desk:
        moments = [dice.randint(3, 40) for _ in range(5)]
        ends = [maild.start(desk, "run", point="any", hit=hit, seconds=8) for hit in moments]
        maild.start(desk, "once")
        assert maild.start(desk, "once") == 0

        assert [KILLED] * 5 == ends
        assert [] == unaccounted(desk)
        assert EIGHT + Counter({"new-case": 7}) == outcome(desk).dispositions
        assert len(desk.cases()) == 10
        assert max(outcome(desk).letters.values()) <= 12
        assert (doubled(desk) <= 5, filed(desk)) == (True, 15)


def test_a_mail_that_kills_its_reader_is_set_apart_after_three_deaths(maild: Launcher, tmp_path: Path) -> None:
    """A mail whose reading ends the process is quarantined unread at the fourth start, and the mails behind it go on.

    The coordinator is told that it exists, and nothing of it: nobody could look whom it complains of.
    """
    deadly = mail("投诉：林晓月", X_Test="kills its reader")
    with office(tmp_path, "sqlite", [deadly, mail("投诉：发票开错了", sender="qian@mail-b.example")]) as desk:
        ends = [maild.once(desk) for _ in range(3)]
        handled = committed(desk)
        maild.finish(desk)

        states = desk.rows("select state, disposition, reason from journal order by id")
        with desk.workshop().store.reading() as books:
            reason = books.seals.open("journal", {"reason": states[0][2]})["reason"]
        told = [letter for letter in desk.new_letters() if letter.kind == "manager.quarantine"]

    assert ([KILLED] * 3, 1) == (ends, handled)
    assert [("shelved", "quarantined"), ("filed", "new-case")] == [row[:2] for row in states]
    assert "3 times" in reason
    assert ["lin.xiaoyue@corp.example"] == [letter.to for letter in told]
    assert "多次意外中止" in told[0].text
    assert "投诉" not in told[0].subject + told[0].text


@pytest.mark.parametrize("point", ["receive.Receiver._again after", "pipeline.Pipeline._commit before"])
def test_a_mail_that_others_killed_the_program_over_is_handled(point: str, maild: Launcher, tmp_path: Path) -> None:
    """Killed from outside each time while the same harmless mail is at hand, it is a case all the same, at once."""
    with office(tmp_path, "sqlite", [mail()]) as desk:
        ends = [maild.once(desk, point=at) for at in ("receive.Receiver._take after", point, point)]
        starts = desk.rows("select starts from journal")
        maild.finish(desk)
        states = desk.rows("select state, disposition from journal")

    assert ([KILLED] * 3, [(2,)]) == (ends, starts)
    assert [("filed", "new-case")] == states


def test_a_released_killer_counts_anew(maild: Launcher, tmp_path: Path) -> None:
    """Released by the coordinator it is tried again, and set apart once more before it can end the program for ever."""
    with office(tmp_path, "sqlite", [mail(X_Test="kills its reader")]) as desk:
        for _ in range(3):
            maild.once(desk)
        maild.finish(desk)
        with desk.workshop().store.writing() as books:
            books.release([1])
        desk.restart()

        ends = [maild.once(desk) for _ in range(4)]
        states = desk.rows("select state, disposition from journal")

    assert [KILLED, KILLED, 0, 0] == ends
    assert [("shelved", "quarantined")] == states


def test_a_mail_whose_archived_bytes_are_gone_stops_nothing(maild: Launcher, tmp_path: Path) -> None:
    """It is quarantined with that reason at the next start, and the mail behind it is a case."""
    lost = mail(sender="li@mail-d.example")
    with office(tmp_path, "sqlite", [lost, mail("投诉：发票开错了", sender="qian@mail-b.example")]) as desk:
        assert KILLED == maild.once(desk, point="receive.Receiver._take after")
        (copy,) = [path for path in (tmp_path / "var" / "archive").rglob("*") if path.is_file() and _holds(path, lost)]
        copy.unlink()
        maild.finish(desk)

        states = desk.rows("select state, disposition from journal order by id")

    assert [("shelved", "quarantined"), ("filed", "new-case")] == states


def _holds(path: Path, raw: bytes) -> bool:
    content = path.read_bytes()
    return sha256(raw).hexdigest() in path.name or content == raw
