"""Loops, floods and forgeries: how little leaves, and how nobody is forgotten (casework 8, security.md)."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.desk import GM, Letter, TestDesk, open_desk
from tests.journeys.post import CUSTOMER, mail

MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
"""Tuesday 09:30 in the office."""
MINUTE = timedelta(minutes=1)
OFFICE = "lin.xiaoyue@corp.example"
"""The coordinator."""
GENERAL_MANAGER = "chen.guodong@corp.example"


@pytest.fixture
def desk(tmp_path: Path, each_database: str) -> Iterator[TestDesk]:
    """An installation whose clock stands at Tuesday 09:30, the digest of the day gone."""
    with open_desk(tmp_path, database=each_database) as opened:
        opened.now = MORNING
        opened.one_pass()
        yield opened


def complaint(number: int, **fields: Any) -> bytes:
    """One of many different complaints."""
    return mail(
        f"投诉：第 {number} 张订单没有发货", f"第 {number} 张订单三周没有发货，客服不理，要求退款并答复。", **fields
    )


def acks(letters: list[Letter]) -> list[Letter]:
    """The acknowledgements among these."""
    return [letter for letter in letters if letter.kind == "requester.acknowledgement"]


def outside(letters: list[Letter]) -> list[Letter]:
    """What left the organisation."""
    return [letter for letter in letters if not letter.to.endswith("@corp.example")]


def digest_words(desk: TestDesk) -> str:
    """The text of the next morning's digest."""
    letters = desk.later(timedelta(days=1))
    return "\n".join(letter.text for letter in letters if letter.kind == "manager.digest")


# -- rates of acknowledgements


def test_acknowledgements_of_ten_minutes_go_together(desk: TestDesk) -> None:
    """The second and third mail of one sender are acknowledged in one mail, ten minutes after the first."""
    first = desk.receive(complaint(1))
    others = desk.receive(complaint(2)) + desk.receive(complaint(3))
    early = desk.later(9 * MINUTE)
    together = desk.later(2 * MINUTE)

    assert [1, 0, 0, 1] == [len(acks(letters)) for letters in (first, others, early, together)]
    _, *waiting = sorted(str(case["number"]) for case in desk.cases())
    assert all(number in acks(together)[0].text for number in waiting)
    assert [] == acks(desk.later(30 * MINUTE))


def test_five_acknowledgements_a_day(desk: TestDesk) -> None:
    """Eight mails of one sender within a day are eight cases and five acknowledgements; the digest says so."""
    count = [len(acks(desk.receive(complaint(n)) + desk.later(20 * MINUTE))) for n in range(8)]

    assert (8, 5) == (len(desk.cases()), sum(count))
    assert 3 == desk.rows("select count(*) from line where kind = 'not-acknowledged'")[0][0]
    assert 1 == len(acks(desk.receive(complaint(9), at=MORNING + timedelta(days=2))))


def test_what_comes_within_the_ten_minutes_counts_for_the_day_too(desk: TestDesk) -> None:
    """Bursts of mail are acknowledged five times a day, not once more for each burst."""
    count = 0
    for burst in range(7):
        raws = [complaint(10 * burst + n) for n in range(3)]
        count += (
            len(acks(desk.receive(*raws))) + len(acks(desk.later(11 * MINUTE))) + len(acks(desk.later(11 * MINUTE)))
        )

    assert (21, 5) == (len(desk.cases()), count)


NOT_ACKNOWLEDGED: list[Any] = [
    pytest.param({"to": ", ".join([GM, *(f"p{n}@mail-z.example" for n in range(10))])}, None, id="eleven-recipients"),
    pytest.param({"to": "someone@mail-z.example", "Cc": GM}, None, id="only-in-cc"),
    pytest.param({"to": "someone@mail-z.example"}, None, id="only-in-bcc"),
    pytest.param({}, "fail", id="not-authenticated"),
    pytest.param({"sender": '"chen.guodong@corp.example" <boss@mail-x.example>'}, None, id="lying-display-name"),
]


@pytest.mark.parametrize(("fields", "authentication"), NOT_ACKNOWLEDGED)
def test_a_case_without_an_acknowledgement(desk: TestDesk, fields: dict[str, str], authentication: str | None) -> None:
    """Such a mail is a case that the inside sees, and nothing leaves the organisation."""
    letters = desk.receive(complaint(1, **fields), authentication=authentication)

    assert (1, []) == (len(desk.cases()), outside(letters))
    assert letters


def test_for_information_no_clock_runs(desk: TestDesk) -> None:
    """With the shared address only in Cc no deadline runs until somebody gives it one."""
    desk.receive(complaint(1, to="someone@mail-z.example", Cc=GM))

    assert [] == desk.cases()[0]["clocks"]


# -- machines that answer each other


@pytest.mark.parametrize("threaded", [True, False])
def test_a_responder_that_hides_gets_few_answers(desk: TestDesk, threaded: bool) -> None:
    """A machine that answers each of our mails at once, without a sign of being one, hears five times a day at most."""
    letters = outside(desk.receive(complaint(0)))
    heard, turn = Counter(letter.to for letter in letters), 0
    while letters and turn < 30:
        turn += 1
        thread = {"In_Reply_To": str(letters[-1].message["Message-ID"])} if threaded else {}
        text = f"您的来信编号 {turn} 我们已经登记，本系统将在三个工作日内与您取得联系，请提供订单号。"
        letters = outside(desk.receive(mail(f"服务单 {turn}", text, **thread)) + desk.later(11 * MINUTE))
        heard.update(letter.to for letter in letters)

    assert turn < 30
    assert {CUSTOMER} == set(heard)
    assert heard[CUSTOMER] <= 6


def test_two_responders_that_hide_play_ping_pong(desk: TestDesk) -> None:
    """Two machines without a sign of being one answer each letter of ours, and each other: all comes to rest.

    Each hears six times a day at most, next morning the digest names what was held back, and no case is lost.
    """
    pair = ("desk@mail-p.example", "service@mail-q.example")
    letters = outside(desk.receive(*(complaint(0, sender=who) for who in pair)))
    heard, turn = Counter(letter.to for letter in letters), 0
    while letters and turn < 40:
        turn += 1
        raws = []
        for letter in letters:
            other = pair[1 - pair.index(letter.to)]
            raws.append(complaint(10 * turn + pair.index(other), sender=letter.to, Reply_To=other))
        letters = outside(desk.receive(*raws) + desk.later(11 * MINUTE))
        heard.update(letter.to for letter in letters)

    assert turn < 40
    assert set(pair) == set(heard)
    assert max(heard.values()) <= 6
    assert "未发受理回执" in digest_words(desk)
    assert {"filed"} == {row[0] for row in desk.rows("select state from journal")}


SILENT: list[Any] = [
    pytest.param({"List_Id": "<all.mail-a.example>", "List_Post": "<mailto:all@mail-a.example>"}, id="list"),
    pytest.param({"Precedence": "bulk"}, id="bulk"),
    pytest.param({"Precedence": "Bulk"}, id="bulk-in-capitals"),
    pytest.param({"Auto_Submitted": "auto-generated"}, id="generated"),
    pytest.param({"Auto_Submitted": "auto-replied"}, id="replied"),
    pytest.param({"X_Autoreply": "yes"}, id="x-autoreply"),
    pytest.param({"Return_Path": "<>"}, id="null-path"),
    pytest.param({"sender": "noreply@mail-a.example"}, id="noreply"),
    pytest.param({"sender": "MAILER-DAEMON@mail-a.example"}, id="mailer-daemon"),
]


@pytest.mark.parametrize("fields", SILENT)
def test_a_machine_is_never_answered(desk: TestDesk, fields: dict[str, str]) -> None:
    """Lists, bulk mail, automatic replies and senders that nobody reads open no case and get nothing; none is lost."""
    letters = desk.receive(complaint(1, **fields)) + desk.later(20 * MINUTE)

    assert ([], []) == (outside(letters), desk.cases())
    assert [("machine-mail", "filed")] == desk.rows("select disposition, state from journal")


def test_our_own_mail_coming_back_is_known(desk: TestDesk) -> None:
    """Each letter that returns by an alias, a rule or a list is filed without a case, a letter or an end of its kind."""
    letters = desk.receive(complaint(1))
    again = desk.receive(*(b"Received: by alias.example\r\nX-Loop: 1\r\n" + letter.raw for letter in letters))

    assert ([], 1) == (again, len(desk.cases()))
    assert {"new-case": 1, "own-mail": len(letters)} == Counter(
        r[0] for r in desk.rows("select disposition from journal")
    )


def test_a_stranger_with_our_mark_is_a_stranger(desk: TestDesk) -> None:
    """A copied X-Maild-Id does not make a mail invisible."""
    first = acks(desk.receive(complaint(1)))[0]

    desk.receive(complaint(2, sender="wu@mail-w.example", X_Maild_Id=str(first.message["X-Maild-Id"])))

    assert 2 == len(desk.cases())


def test_six_automatic_mails_a_day_to_one_address_of_a_case(desk: TestDesk) -> None:
    """However often a case is answered and opened again on one day, its requester gets six automatic mails at most."""
    first = desk.receive(complaint(1))
    assignment = next(letter for letter in first if letter.kind == "handler.assignment")
    automatic = {"requester.acknowledgement", "requester.reopened", "requester.added"}
    heard = [letter for letter in first if letter.kind in automatic]
    for turn in range(9):
        answer = f"答复：\n第 {turn} 次答复：我们已于 11 月 2{turn % 8} 日补发，单号 SF{turn}，因为仓库漏单。"
        subject = f"Re: [{assignment.token}]"
        desk.receive(mail(subject, answer, sender=assignment.to, to=assignment.reply_to), authentication="pass")
        desk.later(12 * MINUTE)
        again = mail(f"Re: [{heard[0].token}]", f"不满意！第 {turn} 次：还是没有收到货，请重新处理。")
        letters = desk.receive(again)
        heard += [letter for letter in letters if letter.kind in automatic]

    (case,) = desk.cases()
    assert len([event for event in case["events"] if event["kind"] == "reopened"]) > 6
    assert 6 == len(heard)
    assert desk.rows("select count(*) from line where kind = 'held-back'")[0][0] > 0


# -- forgeries


def test_wrong_keys_five_times(desk: TestDesk) -> None:
    """After five wrong keys within an hour the writer's mails with keys wait for a person; those without do not."""
    desk.receive(complaint(1))
    number = desk.cases()[0]["number"]
    thief = "thief@mail-x.example"
    for turn in range(5):
        desk.receive(complaint(10 + turn, sender=thief, Subject=f"[{number}-0000000{turn}]"))
    desk.receive(complaint(20, sender=thief, Subject=f"[{number}-00000009]"))
    desk.receive(complaint(21, sender=thief))
    later = desk.now + timedelta(hours=2)
    desk.receive(complaint(22, sender=thief, Subject=f"[{number}-00000008]"), at=later)

    found = [row[0] for row in desk.rows("select disposition from journal order by id")]
    assert ["new-case"] * 6 + ["quarantined", "new-case", "new-case"] == found
    (victim,) = [case for case in desk.cases() if case["number"] == number]
    assert [] == [event for event in victim["events"] if event["kind"] in {"appended", "accepted", "misdirected"}]


def test_a_mail_set_apart_for_wrong_keys_is_handled_once_released(desk: TestDesk) -> None:
    """放行 makes a case of it, in the same hour too; the same mail a second time is then a duplicate."""
    desk.receive(complaint(1))
    number = desk.cases()[0]["number"]
    thief = "thief@mail-x.example"
    for turn in range(5):
        desk.receive(complaint(10 + turn, sender=thief, Subject=f"[{number}-0000000{turn}]"))
    apart = complaint(20, sender=thief, Subject=f"[{number}-00000009]")
    (notice,) = [x for x in desk.receive(apart) if x.kind == "manager.quarantine"]
    before = len(desk.cases())
    order = mail(f"Re: {notice.subject}", "放行", sender=OFFICE, To=notice.reply_to, Message_ID="<go@corp.example>",
                 date=f"{desk.now:%a, %d %b %Y %H:%M:%S} +0000")  # fmt: skip
    desk.receive(order, authentication="pass")
    desk.one_pass()

    assert before + 1 == len(desk.cases())
    desk.receive(apart)
    assert before + 1 == len(desk.cases())
    last = desk.rows("select disposition from journal order by id")
    assert ["new-case", "duplicate"] == [last[6][0], last[-1][0]]


def test_a_forged_person_of_the_office_has_no_effect(desk: TestDesk) -> None:
    """No case and nothing to the forger; the coordinator and the real person are told at once."""
    raw = mail("批示", "请把这件事转给财务部。", sender=GENERAL_MANAGER, Reply_To="thief@mail-x.example")

    letters = desk.receive(raw, authentication="fail")

    assert ([], ["refused"]) == (desk.cases(), [row[0] for row in desk.rows("select disposition from journal")])
    assert {(OFFICE, "manager.security"), (GENERAL_MANAGER, "staff.security")} == {(x.to, x.kind) for x in letters}


def test_a_stolen_key_opens_nothing(desk: TestDesk) -> None:
    """The handler's key in another's hand does nothing; the writer hears nothing, key's person and coordinator do."""
    first = desk.receive(complaint(1))
    assignment = next(letter for letter in first if letter.kind == "handler.assignment")
    raw = mail(f"Re: [{assignment.token}]", "结案：已处理", sender="thief@mail-x.example", to=assignment.reply_to)

    letters = desk.receive(raw)

    assert [] == outside(letters)
    assert {assignment.to, OFFICE} == {letter.to for letter in letters}
    assert "assigned" == desk.cases()[0]["state"]


# -- after an outage


def test_a_week_of_silence_ends_in_one_mail_each(desk: TestDesk) -> None:
    """A daemon that was down for a week sends each person one combined mail on what came due, beside lists and reports."""
    desk.receive(*(complaint(n, sender=f"c{n}@mail-a.example") for n in range(12)))
    letters = desk.later(timedelta(days=7))
    for _ in range(5):
        letters += desk.later(MINUTE)

    mornings = {"manager.digest", "manager.ledger"}
    chases = Counter(letter.to for letter in letters if letter.kind not in {*mornings, "manager.report"})
    assert chases
    assert {1} == set(chases.values())
    assert mornings == {letter.kind for letter in letters if letter.kind in mornings}
    assert 2 == len([letter for letter in letters if letter.kind in mornings])
    handlers = {case["handler"] for case in desk.cases()}
    assert handlers <= set(chases)
    combined = [letter for letter in letters if letter.kind == "manager.combined" and letter.to in handlers]
    assert 12 == len(set(re.findall(r"GM-\d{4}-\d{6}", " ".join(letter.text for letter in combined))))


def test_a_flood_costs_nobody_else_anything(desk: TestDesk) -> None:
    """Thirty mails of one sender are cases with one acknowledgement, and the person behind them gets hers at once."""
    flood = [complaint(n) for n in range(30)]

    letters = desk.receive(*flood, complaint(99, sender="wu@mail-w.example"))

    assert 31 == len(desk.cases())
    assert [CUSTOMER, "wu@mail-w.example"] == sorted((x.to for x in acks(letters)), key=lambda to: to != CUSTOMER)
