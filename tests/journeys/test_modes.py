"""The first day: watching, asking first, sending; and the change from one to the next (casework 1)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.journeys.desk import Letter, TestDesk, open_desk
from tests.journeys.letters import INSIDE, of_kind, telling, whole
from tests.journeys.post import CUSTOMER, mail

SHANGHAI = ZoneInfo("Asia/Shanghai")
COORDINATOR = "lin.xiaoyue@corp.example"
HANDLER = "tang.ning@corp.example"
MORNING = datetime(2026, 11, 24, 9, tzinfo=SHANGHAI)
OTHER = "投诉：收到的锅是坏的"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """A fresh installation at nine on a Tuesday."""
    with open_desk(tmp_path) as made:
        made.now = MORNING
        yield made


def in_mode(desk: TestDesk, mode: str) -> None:
    """Write the mode into maild.toml and start anew."""
    file = desk.folder / "maild.toml"
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("mode =")]
    at = lines.index('since = "all"')
    file.write_text("\n".join([*lines[:at], f'mode = "{mode}"', *lines[at:]]), "utf-8")
    desk.restart()


def answer(letter: Letter, text: str, *, sender: str = COORDINATOR) -> bytes:
    """A reply from a mail client: key in subject and Reply-To address."""
    return mail(
        f"Re: {letter.subject}", text, sender=sender, to=letter.reply_to, In_Reply_To=str(letter.message["Message-ID"])
    )


def reply(desk: TestDesk, letter: Letter, text: str) -> list[Letter]:
    """The coordinator answers, and what leaves by it."""
    desk.now += timedelta(minutes=1)
    return desk.receive(answer(letter, text), authentication=INSIDE.format(COORDINATOR))


def listed(letters: list[Letter]) -> Letter:
    """The one list of waiting letters among these."""
    (found,) = of_kind(letters, "manager.release")
    return found


def due(desk: TestDesk) -> list[tuple[str, str]]:
    """The handler's open clocks: kind and start on the office's clock."""
    found = desk.rows("select kind, start from clock where state = 'open' and kind not in ('idle') order by id")
    return [(kind, str(start)) for kind, start in found]


def test_observing_sends_nothing_but_the_digest(desk: TestDesk) -> None:
    """The digest names what would have gone out: to whom, with which subject and first line."""
    in_mode(desk, "observe")

    (digest,) = desk.receive(mail())
    (_, *more) = desk.later(timedelta(days=1))

    assert more == []
    assert (digest.to, digest.kind) == (COORDINATOR, "manager.digest")
    text = whole(digest)
    assert "除本简报外，没有发出任何邮件" in text
    assert all(word in text for word in (CUSTOMER, HANDLER, "受理回执", "主题", "首句"))
    assert desk.rows("select count(*) from outbox where kind <> 'manager.digest'") == [(0,)]


def test_what_gathered_while_observing_is_offered_and_never_sent_by_itself(desk: TestDesk) -> None:
    """Live after two weeks of watching: one list to the coordinator, no old letter, no clock that rings."""
    in_mode(desk, "observe")
    desk.receive(mail(), mail(OTHER, sender="wu@mail-w.example"))
    desk.later(timedelta(days=14))
    in_mode(desk, "live")

    letters = desk.later(timedelta(minutes=1))
    much_later = desk.later(timedelta(days=10))

    assert [letter.kind for letter in letters] == ["manager.release"]
    assert {letter.to for letter in much_later} == {COORDINATOR}
    assert telling(much_later, "督办") == []
    assert {case["state"] for case in desk.cases()} == {"assigned"}
    assert due(desk) == []


def test_an_acknowledgement_owed_while_observing_is_never_sent(desk: TestDesk) -> None:
    """Two mails of one sender within ten minutes, then live: the second one's owed acknowledgement does not leave."""
    in_mode(desk, "observe")
    desk.receive(mail())
    desk.receive(mail(OTHER), at=MORNING + timedelta(minutes=2))
    in_mode(desk, "live")

    letters = desk.later(timedelta(hours=1))

    assert CUSTOMER not in {letter.to for letter in letters}


def test_a_letter_from_the_time_of_watching_is_let_go_by_number(desk: TestDesk) -> None:
    """What nobody answered meanwhile goes out with the day of its arrival and fresh deadlines; the rest is closed."""
    in_mode(desk, "observe")
    desk.receive(mail(), mail(OTHER, sender="wu@mail-w.example"))
    in_mode(desk, "live")
    offered = listed(desk.later(timedelta(days=7)))

    letters = reply(desk, offered, "放行 1，其余不发")

    assert {(one.to, one.kind) for one in letters} >= {
        (CUSTOMER, "requester.acknowledgement"),
        (HANDLER, "handler.assignment"),
    }
    assert "11月24日" in whole(of_kind(letters, "requester.acknowledgement")[0])
    assert telling(letters, OTHER) == []
    assert sorted(case["state"] for case in desk.cases()) == ["assigned", "closed"]
    assert {start[:10] for _, start in due(desk)} == {"2026-12-01"}


def test_live_takes_new_mail_at_once_after_the_change(desk: TestDesk) -> None:
    """Only what came in while watching waits; a mail after the change is acknowledged and assigned as ever."""
    in_mode(desk, "observe")
    desk.receive(mail())
    in_mode(desk, "live")

    letters = desk.receive(mail(OTHER, sender="wu@mail-w.example"))

    assert [one.to for one in of_kind(letters, "requester.acknowledgement")] == ["wu@mail-w.example"]


def test_assist_waits_for_one_click_and_then_sends(desk: TestDesk) -> None:
    """Acknowledgement and assignment wait, the coordinator gets list and notice; `全部放行` sends both, with an echo."""
    in_mode(desk, "assist")
    first = desk.receive(mail())

    letters = reply(desk, listed(first), "全部放行")

    assert {one.to for one in first} == {COORDINATOR}
    assert "mailto:gm@corp.example" in listed(first).raw.decode("utf-8", "replace") or "全部放行" in whole(
        listed(first)
    )
    assert {(one.to, one.kind) for one in letters} == {
        (CUSTOMER, "requester.acknowledgement"), (HANDLER, "handler.assignment"), (COORDINATOR, "manager.release"),
    }  # fmt: skip
    assert "已放行1件" in whole(listed(letters))


def test_the_wait_is_nobodys_time(desk: TestDesk) -> None:
    """While a letter waits the coordinator has four working hours; the handler's time begins with the release."""
    in_mode(desk, "assist")
    first = desk.receive(mail())
    waiting = due(desk)
    chased = desk.later(timedelta(hours=7))
    desk.later(timedelta(days=1, hours=-7))

    letters = reply(desk, listed(first), "release all")

    assert [kind for kind, _ in waiting] == ["triage"]
    assert {one.to for one in chased} == {COORDINATOR}
    assert "triage" not in [kind for kind, _ in due(desk)]
    assert {start[:10] for _, start in due(desk)} == {"2026-11-25"}
    assert "11月25日" in whole(of_kind(letters, "handler.assignment")[0])


def test_a_dropped_case_is_silent_and_can_be_found(desk: TestDesk) -> None:
    """`不发 1`: nobody outside hears, no clock rings, and the case stands aside with its history."""
    in_mode(desk, "assist")
    first = desk.receive(mail())

    letters = reply(desk, listed(first), "不发 1")

    assert [one.kind for one in letters] == ["manager.release"]
    assert [case["state"] for case in desk.cases()] == ["set-aside"]
    assert due(desk) == []


def test_what_cannot_be_read_in_one_way_releases_nothing(desk: TestDesk) -> None:
    """A number that is not on the list: nothing leaves, and the list comes back with what went wrong."""
    in_mode(desk, "assist")
    first = desk.receive(mail())

    (again,) = reply(desk, listed(first), "放行 1、7")
    letters = reply(desk, again, "放行 1")

    assert "没有读懂" in whole(again)
    assert CUSTOMER in {one.to for one in letters}


def test_the_same_release_twice_sends_once(desk: TestDesk) -> None:
    """A second click, or an older list, sends nothing twice."""
    in_mode(desk, "assist")
    first = desk.receive(mail())
    reply(desk, listed(first), "全部放行")
    desk.now += timedelta(minutes=5)

    letters = reply(desk, listed(first), "放行 1")

    assert [one.kind for one in letters] == ["manager.release"]


def test_a_stranger_releases_nothing(desk: TestDesk) -> None:
    """The list's key in another's hand: no effect."""
    in_mode(desk, "assist")
    first = desk.receive(mail())

    letters = desk.receive(answer(listed(first), "全部放行", sender="mallory@evil.example"))

    assert CUSTOMER not in {one.to for one in letters}
    assert HANDLER not in {one.to for one in letters}


def test_the_coordinator_may_route_instead(desk: TestDesk) -> None:
    """A route goes at once; what waited for the first handler never leaves, the acknowledgement still may."""
    in_mode(desk, "assist")
    first = desk.receive(mail())
    routed = reply(desk, of_kind(first, "manager.notice")[0], "转物流部")

    letters = reply(desk, listed(first), "全部放行")

    assert [one.to for one in of_kind(routed, "handler.assignment")] != [HANDLER]
    assert of_kind(letters, "handler.assignment") == []
    assert [one.to for one in of_kind(letters, "requester.acknowledgement")] == [CUSTOMER]


def test_a_life_in_danger_waits_for_nobody(desk: TestDesk) -> None:
    """A critical mail is acknowledged and assigned at once, in assist too."""
    in_mode(desk, "assist")

    letters = desk.receive(
        mail("燃气泄漏，有人受伤", "门店燃气泄漏，两名顾客受伤昏迷，正在送医院，情况危急，请立即处理！")
    )

    assert desk.cases()[0]["urgency"] == "critical"
    assert of_kind(letters, "handler.assignment") or of_kind(letters, "manager.notice")
    assert CUSTOMER in {one.to for one in letters}


def test_back_to_observing_withdraws_what_still_waits(desk: TestDesk) -> None:
    """Mails that a slow server had kept in the outbox never leave later, and stand in the digest."""
    desk.servers.refuse(CUSTOMER, 451, "4.7.1 later")
    desk.receive(mail())
    in_mode(desk, "observe")
    desk.servers.accept(CUSTOMER)

    letters = desk.later(timedelta(days=1))
    in_mode(desk, "live")
    afterwards = desk.later(timedelta(days=1))

    assert [one.kind for one in letters] == ["manager.digest"]
    assert CUSTOMER in whole(letters[0])
    assert CUSTOMER not in {one.to for one in afterwards}
