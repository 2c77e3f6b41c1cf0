"""Several daemons share the work: each mail once, and whoever dies is replaced within ten seconds."""

import subprocess
import sys
from pathlib import Path

import pytest

from maild.adapters.chains import broken_chains
from tests.journeys.desk import GM, open_desk
from tests.journeys.fleet import PASSWORD, ROOT, Fleet, open_fleet
from tests.journeys.post import mail


def deliver(fleet: Fleet, first: int, last: int) -> None:
    """New mails, one after another into the mailboxes in turn."""
    for n in range(first, last):
        box = fleet.boxes[n % len(fleet.boxes)]
        raw = mail(
            f"投诉：第 {n} 台机器坏了", sender=f"customer{n}@mail-a.example", to=box, Message_ID=f"<{n}@pc.example>"
        )
        fleet.servers.deliver(raw, box)


def wrong(fleet: Fleet, mails: int) -> list[str]:
    """What is not as it must be when so many mails from different people have been handled."""
    found = [f"{count} cases" for (count,) in fleet.rows('select count(*) from "case"') if count != mails]
    found += [f"chain {broken}" for broken in broken_chains(fleet.store)[2]]
    found += [str(row) for row in fleet.rows("select uid, state, reason from journal where state <> 'filed'")]
    found += [str(row) for row in fleet.rows("select kind, state from outbox where state <> 'sent'")]
    found += [f"{ident} never arrived" for (ident,) in fleet.rows("select message_id from outbox")
              if ident not in fleet.arrivals()]  # fmt: skip
    found += [f"in {box}" for box in fleet.boxes if fleet.servers.inbox(box)]
    acknowledged = fleet.rows(
        "select count(*), count(distinct recipient) from outbox where kind = 'requester.acknowledgement'"
    )
    return found if acknowledged == [(mails, mails)] else [*found, f"acknowledged {acknowledged}"]


@pytest.mark.slow
@pytest.mark.postgres
def test_daemons_share_mailboxes_and_the_living_replace_the_dead(postgres_url: str, tmp_path: Path) -> None:
    """Three daemons over four mailboxes; one is killed with mail under way: within ten seconds all goes on.

    Nothing is lost and no case is doubled; only a mail whose SMTP answer died with the daemon arrives twice, the same.
    """
    with open_fleet(tmp_path, postgres_url, boxes=4, connections=2) as fleet:
        fleet.start(3)
        fleet.until(lambda: len(fleet.holders()) == 4 and len(set(fleet.holders().values())) == 3)
        deliver(fleet, 0, 12)
        fleet.until(lambda: bool(fleet.rows("select 1 from journal limit 1")))

        fleet.kill(0)
        died = f"process {fleet.daemons[0].pid} on"
        deliver(fleet, 12, 24)
        replaced = fleet.until(
            lambda: len(fleet.holders()) == 4 and not any(who.startswith(died) for who in fleet.holders().values())
        )
        fleet.until(lambda: fleet.at_rest(24))

        twice = sum(count - 1 for count in fleet.arrivals().values())
        assert [] == wrong(fleet, 24)
        assert (replaced < 10, twice <= 2 * 4) == (True, True)
        assert [0, 0] == fleet.stop()[1:]


@pytest.mark.slow
@pytest.mark.postgres
def test_a_daemon_that_ends_in_good_order_hands_over_at_once(postgres_url: str, tmp_path: Path) -> None:
    """SIGTERM gives the mailboxes back; the other daemon has them within a few seconds, and nothing arrives twice."""
    with open_fleet(tmp_path, postgres_url, boxes=2) as fleet:
        fleet.start(2)
        fleet.until(lambda: len(set(fleet.holders().values())) == 2)
        deliver(fleet, 0, 8)
        fleet.daemons[0].terminate()
        assert fleet.daemons[0].wait(30) == 0
        left = f"process {fleet.daemons[1].pid} on"
        seconds = fleet.until(
            lambda: len(fleet.holders()) == 2 and all(who.startswith(left) for who in fleet.holders().values())
        )
        fleet.until(lambda: fleet.at_rest(8))

        assert seconds < 8
        assert [] == wrong(fleet, 8)
        assert {1} == set(fleet.arrivals().values())


def test_a_second_maild_on_an_sqlite_file_says_so(tmp_path: Path) -> None:
    """`maild run` and `maild once` beside a running maild end at once with one sentence and status 1."""
    from maild.tenure import Tenure

    with open_desk(tmp_path, database="sqlite:///var/maild.db") as desk, Tenure(desk.workshop()):
        for command in ("run", "once"):
            ended = subprocess.run(
                [sys.executable, "-m", "maild", command, "-c", str(tmp_path / "maild.toml")],
                cwd=ROOT, env=desk.environ | {"PATH": "/usr/bin"}, capture_output=True, text=True, timeout=60,
            )  # fmt: skip
            assert (1, "another maild is working on this database" in ended.stderr) == (ended.returncode, True)


@pytest.mark.postgres
def test_a_pass_beside_a_daemon_says_who_has_the_mailbox(postgres_url: str, tmp_path: Path) -> None:
    """`maild once` leaves a living daemon its mailbox, sends what waits, and names the daemon."""
    from maild.tenure import Tenure

    with open_desk(tmp_path, database=postgres_url) as desk, Tenure(desk.workshop()) as tenure:
        assert tenure.holds(GM)
        ended = subprocess.run(
            [sys.executable, "-m", "maild", "once", "-c", str(tmp_path / "maild.toml")],
            cwd=ROOT, env=desk.environ | {"GM_PASSWORD": PASSWORD, "PATH": "/usr/bin"}, capture_output=True, text=True,
            timeout=60,
        )  # fmt: skip

    assert ended.returncode == 1
    assert "takes in the mail of this mailbox" in ended.stderr
