"""Flooding by one sender: the excess waits its turn, nothing is dropped, nobody else waits (security.md)."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.journeys.desk import TestDesk, open_desk
from tests.journeys.letters import of_kind, to
from tests.journeys.post import CUSTOMER, mail

MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
"""Tuesday 09:30 in the office."""
HOUR = timedelta(hours=1)
INTAKE = "[mailbox.intake]\nper_sender = {sender}\nper_domain = {domain}\nroomy_domains = [{roomy}]\n"


@contextmanager
def office(folder: Path, *, sender: int = 60, domain: int = 600, roomy: str = "") -> Iterator[TestDesk]:
    """An installation with these budgets whose clock stands at Tuesday 09:30."""
    with open_desk(folder) as desk:
        config = folder / "maild.toml"
        config.write_text(config.read_text() + INTAKE.format(sender=sender, domain=domain, roomy=roomy))
        desk.now = MORNING
        desk.one_pass()
        desk.now += timedelta(minutes=1)
        yield desk


def letter(number: int, sender: str = CUSTOMER) -> bytes:
    """One of many different mails."""
    text = f"第 {number} 张订单三周没有发货，客服不理，要求退款并答复。"
    return mail(f"投诉：第 {number} 张订单没有发货", text, sender=sender)


def states(desk: TestDesk) -> Counter[str]:
    """How many journal lines are in which state."""
    return Counter(row[0] for row in desk.rows("select state from journal"))


def test_three_hundred_mails_of_one_sender(tmp_path: Path) -> None:
    """Sixty are cases at once, a neighbour's mail behind them too; the rest come one a minute, in order, none lost.

    They are few letters to the flooder, stay in the inbox until they are handled, and one line of the digest tells.
    """
    with office(tmp_path) as desk:
        first = desk.receive(*(letter(n) for n in range(300)), letter(999, "wu@mail-w.example"))
        at_once, waiting = len(desk.cases()), len(desk.servers.inbox("gm@corp.example"))
        neighbour = of_kind(to(first, "wu@mail-w.example"), "requester.acknowledgement")
        letters = desk.later(HOUR)
        after_an_hour = len(desk.cases())
        for _ in range(3):
            letters += desk.later(HOUR + timedelta(minutes=1))
        subjects = [row[0] for row in desk.rows("select subject from mail order by id")]
        digest = of_kind(desk.later(timedelta(hours=20)), "manager.digest")[0].text

        assert (61, 240, 1) == (at_once, waiting, len(neighbour))
        assert 121 == after_an_hour
        assert {"filed": 301} == states(desk)
        own = [n for n in (int(s.split()[1]) for s in subjects) if n != 999]
        assert list(range(300)) == own
        assert len(to(first + letters, CUSTOMER)) <= 5
        (line,) = [line for line in digest.splitlines() if "来信过多" in line]
        assert CUSTOMER in line
        assert "240" in line


def test_many_senders_of_one_domain_share_its_budget(tmp_path: Path) -> None:
    """A flood of invented addresses of one domain is held by the domain's budget; another domain goes on."""
    with office(tmp_path, domain=10) as desk:
        desk.receive(*(letter(n, f"bot{n}@mail-a.example") for n in range(30)), letter(99, "wu@mail-w.example"))

        assert 11 == len(desk.cases())
        assert 20 == states(desk)["held"]


def test_a_flooder_does_not_use_up_the_budget_of_his_colleagues(tmp_path: Path) -> None:
    """What one sender's own budget holds back is not charged to the domain."""
    with office(tmp_path, sender=5, domain=10) as desk:
        desk.receive(*(letter(n, "bot@mail-a.example") for n in range(40)), letter(99, "wu@mail-a.example"))

        assert {"bot@mail-a.example": 5, "wu@mail-a.example": 1} == Counter(c["requester"] for c in desk.cases())


@pytest.mark.parametrize("domain", ["corp.example", "branch.corp.example", "qq.com", "163.com", "gmail.com",
                                    "bigcustomer.example", "shop.bigcustomer.example"])  # fmt: skip
def test_a_domain_that_many_share_has_no_budget(tmp_path: Path, domain: str) -> None:
    """The organisation's own domain, mail providers', and those in the settings are not throttled as one flooder."""
    with office(tmp_path, domain=3, roomy='"bigcustomer.example"') as desk:
        desk.receive(*(letter(n, f"person{n}@{domain}") for n in range(8)))

        assert 8 == len(desk.cases())


def test_people_of_the_directory_have_no_budget(tmp_path: Path) -> None:
    """A colleague may send as many mails an hour as the work asks for."""
    with office(tmp_path, sender=2) as desk:
        raws = [letter(n, "he.zhiqiang@corp.example") for n in range(6)]
        desk.receive(*raws, authentication="pass")

        assert 0 == states(desk)["held"]


def test_no_limit_where_the_settings_say_so(tmp_path: Path) -> None:
    """0 switches a budget off."""
    with office(tmp_path, sender=0, domain=0) as desk:
        desk.receive(*(letter(n) for n in range(70)))

        assert 70 == len(desk.cases())


def test_what_waits_survives_a_restart(tmp_path: Path) -> None:
    """The turn of each mail is committed: after a restart all of them are handled, once."""
    with office(tmp_path, sender=2) as desk:
        desk.receive(*(letter(n) for n in range(5)))
        desk.restart()
        for _ in range(3):
            desk.later(HOUR)
            desk.restart()

        assert (5, {"filed": 5}) == (len(desk.cases()), states(desk))
