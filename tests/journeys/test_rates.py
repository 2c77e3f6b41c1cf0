"""Notices to people inside: never dropped, and above twenty an hour bundled (casework 8, "Rates")."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.domain.replykey import find_tokens
from tests.journeys.desk import GM, Letter, TestDesk, open_desk
from tests.journeys.letters import of_kind, to
from tests.journeys.post import mail

MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
"""Tuesday 09:30 in the office."""
MINUTE = timedelta(minutes=1)
OFFICE = "lin.xiaoyue@corp.example"
"""The coordinator."""
BUNDLE = "staff.bundle"
NUMBER = re.compile(r"GM-2026-\d{6}")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """An installation whose clock stands at Tuesday 09:30, without plus-addresses."""
    with open_desk(tmp_path, plus="false") as opened:
        opened.now = MORNING
        opened.one_pass()
        yield opened


def complaint(number: int) -> bytes:
    """One of many complaints, each of another customer."""
    text = f"第 {number} 张订单三周没有发货，客服不理，要求退款并答复。"
    return mail(f"投诉：第 {number} 张订单没有发货", text, sender=f"c{number}@mail-{number}.example")


def storm(desk: TestDesk, *, cases: int = 40, minutes: int = 20) -> list[Letter]:
    """So many new cases in so many minutes; what left."""
    each = cases // minutes
    letters = []
    for minute in range(minutes):
        letters += desk.receive(*(complaint(minute * each + n) for n in range(each)))
        desk.now += MINUTE
    return letters


def numbers(letters: list[Letter]) -> Counter[str]:
    """The cases that these letters speak of, each counted once a letter."""
    return Counter(number for letter in letters for number in set(NUMBER.findall(letter.subject + letter.text)))


def test_forty_new_cases_in_twenty_minutes(desk: TestDesk) -> None:
    """Of forty notices twenty come at once and the rest in bundles, one each fifteen minutes; none is missing."""
    letters = storm(desk)
    for _ in range(4):
        letters += desk.later(5 * MINUTE)
    own = to(letters, OFFICE)

    assert 20 == len(of_kind(own, "manager.notice"))
    assert len(of_kind(own, BUNDLE)) in {1, 2}
    assert {1} == set(numbers([*of_kind(own, "manager.notice"), *of_kind(own, BUNDLE)]).values())
    assert 40 == len(numbers(own))


def test_a_bundle_has_an_end(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too much for one mail comes with the next bundle, fifteen minutes later, in the order it came."""
    monkeypatch.setattr("maild.workflow.pace.MOST_IN_ONE", 15)
    letters = storm(desk, cases=50, minutes=10)
    bundles = []
    for _ in range(6):
        bundles += of_kind(to(desk.later(8 * MINUTE), OFFICE), BUNDLE)

    assert [15, 15] == [len(set(NUMBER.findall(bundle.text))) for bundle in bundles]
    assert 50 == len(numbers([*to(letters, OFFICE), *bundles]))
    first, second = (NUMBER.findall(bundle.text)[0] for bundle in bundles)
    assert first < second


def test_the_handlers_bundle_says_what_each_case_needs(desk: TestDesk) -> None:
    """Each case in a bundle has its number, its deadline, a key of its own and the customer's words."""
    letters = storm(desk) + desk.later(16 * MINUTE)
    (handler,) = {case["handler"] for case in desk.cases()}
    bundles = of_kind(to(letters, handler), BUNDLE)

    text = "\n".join(bundle.text for bundle in bundles)
    assert 20 == len(set(re.findall(r"GM-2026-\d{6}-[0-9A-Z]{8}", text)))
    assert 20 == text.count("办理期限：11月")
    assert "张订单三周没有发货" in text


def test_each_case_of_a_bundle_can_be_acted_on_by_its_key(desk: TestDesk) -> None:
    """A new mail with the key of one case in its subject is an order to that case alone."""
    letters = storm(desk) + desk.later(16 * MINUTE)
    (handler,) = {case["handler"] for case in desk.cases()}
    bundle = of_kind(to(letters, handler), BUNDLE)[0]
    token = re.findall(r"GM-2026-\d{6}-[0-9A-Z]{8}", bundle.text)[3]

    echo = desk.receive(mail(token, "收到", sender=handler, to=GM), authentication="pass")

    assert ["staff.echo"] == [letter.kind for letter in echo]
    busy = [case["number"] for case in desk.cases() if case["state"] == "in-progress"]
    assert [token.rpartition("-")[0]] == busy


def test_a_bundle_has_a_key_of_its_own(desk: TestDesk) -> None:
    """The bundle's key is its reader's and knows the cases that it shows, in their order."""
    bundle = of_kind(to(storm(desk) + desk.later(16 * MINUTE), OFFICE), BUNDLE)[0]
    (token,) = find_tokens(bundle.subject)

    with desk.workshop().store.reading() as books:
        (key,) = books.keys(token.number)

    shown = list(dict.fromkeys(NUMBER.findall(bundle.text)))
    assert (OFFICE, "staff", shown) == (key.recipient, key.role, key.data["cases"])


def test_critical_is_never_bundled(desk: TestDesk) -> None:
    """In the middle of a storm the notice of a critical case leaves at once."""
    storm(desk)

    letters = desk.receive(mail("紧急", "仓库起火，有人受伤，请立即派人。", sender="x@mail-x.example"))

    (number,) = [case["number"] for case in desk.cases() if case["urgency"] == "critical"]
    assert number in numbers(to(letters, OFFICE))


def test_a_bundle_tells_no_more_than_its_reader_may_know(desk: TestDesk) -> None:
    """Of a case of retaliation the coordinator's bundle says number and kind, with neither key nor words."""
    letters = storm(desk)
    letters += desk.receive(mail("打击报复", "我上月举报采购部经理后被调岗降薪，请查处。", sender="y@mail-y.example"))
    letters += desk.later(16 * MINUTE)

    secret = next(case["number"] for case in desk.cases() if case["type"] == "retaliation")
    text = "\n".join(bundle.text for bundle in of_kind(to(letters, OFFICE), BUNDLE))
    assert "调岗降薪" not in "\n".join(letter.text for letter in to(letters, OFFICE))
    assert f"{secret}-" not in text


def test_an_hour_later_notices_come_alone_again(desk: TestDesk) -> None:
    """When the storm is over, a new case's notice is a mail of its own at once."""
    storm(desk)
    desk.later(20 * MINUTE)
    desk.now += timedelta(hours=1)

    letters = desk.receive(complaint(99))

    assert 1 == len(of_kind(to(letters, OFFICE), "manager.notice"))
