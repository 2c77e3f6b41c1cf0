"""Units as handlers, by their own address, their head or their members; assistants, and copies to lists (casework 5)."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from maild.adapters.shipped import shipped
from tests.hostile.attack import attack, raw
from tests.journeys.casework import ANSWER, COORDINATOR, HANDLER, MORNING, Casework
from tests.journeys.desk import Letter, open_desk
from tests.journeys.letters import INSIDE, of_kind, to
from tests.journeys.post import CUSTOMER, mail

pytestmark = pytest.mark.slow
DEPUTY, DESK = "wang.lei@corp.example", "logistics@corp.example"
OUTSIDER = "feng.xia@corp.example"
UNIT = "head: he.zhiqiang@corp.example, deputy: wang.lei@corp.example"


def office(folder: Path, *changes: tuple[str, str], rules: str = "") -> None:
    """The sample directory with changes, and the office's own routes, in the folder of the installation."""
    text = (shipped("rules") / "gm-mailbox" / "directory.yaml").read_text("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    (folder / "directory.yaml").write_text(text, "utf-8")
    config = folder / "maild.toml"
    lines = 'directory = "directory.yaml"\n' + ('rules = "rules"\n' if rules else "")
    domain = 'domain = "corp.example"\n'
    config.write_text(config.read_text("utf-8").replace(domain, domain + lines, 1), "utf-8")
    if rules:
        (folder / "rules").mkdir()
        (folder / "rules" / "pack.yaml").write_text("extends: gm-mailbox@1\n", "utf-8")
        (folder / "rules" / "routes.yaml").write_text(rules, "utf-8")


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Casework]:
    """Logistics gets its cases at the unit's own address."""
    with open_desk(tmp_path) as desk:
        office(tmp_path, (UNIT, f"{UNIT}, address: {DESK}, deliver: unit"))
        work = Casework(desk)
        work.open()
        yield work


def reply(work: Casework, letter: Letter, who: str, text: str) -> bytes:
    """A reply of somebody under this letter's key."""
    return mail(f"Re: {letter.subject}", text, sender=who, date=work.desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800"))


def says(work: Casework, letter: Letter, who: str, text: str) -> list[Letter]:
    """The same, delivered."""
    work.desk.now += timedelta(minutes=1)
    return work._take(work.desk.receive(reply(work, letter, who, text), authentication=INSIDE.format(who)))


def last(work: Casework) -> str:
    """What became of the last mail."""
    return str(work.desk.rows("select disposition from journal order by id desc limit 1")[0][0])


# -- deliver: unit


def test_the_units_address_gets_the_mail(shared: Casework) -> None:
    """“The unit's address gets the mail”: assignment, reminder and the sender's next letter, until somebody accepts."""
    assert [DESK] == [x.to for x in of_kind(shared.letters, "handler.assignment")][-1:]

    added = shared.says(CUSTOMER, "订单号是 88231，请尽快。")
    assert [DESK] == [x.to for x in of_kind(added, "handler.addition")]
    reminded = [x for n in range(2) for x in shared.later(timedelta(hours=3)) if x.kind == "handler.reminder"]
    assert DESK in {x.to for x in reminded}

    says(shared, of_kind(shared.letters, "handler.assignment")[-1], DEPUTY, "收到")
    assert [DEPUTY] == [x.to for x in of_kind(shared.says(CUSTOMER, "还有发票也没有收到。"), "handler.addition")]


@pytest.mark.parametrize(
    ("who", "outcome"), [(HANDLER, "command"), (DEPUTY, "command"), (DESK, "command"), (OUTSIDER, "misdirected")]
)
def test_for_a_units_key_every_current_member_may_act(shared: Casework, who: str, outcome: str) -> None:
    """“For a unit's key every current member may act”, also from the unit's own address; nobody else."""
    says(shared, of_kind(shared.letters, "handler.assignment")[-1], who, ANSWER)

    assert outcome == last(shared)
    assert ("answered" if outcome == "command" else "assigned") == shared.state


def test_the_first_accept_takes_the_case_and_the_other_is_told(shared: Casework) -> None:
    """“The first `accept` takes the case”: of two in the same second one has it, the other hears who."""
    letter = of_kind(shared.letters, "handler.assignment")[-1]
    shared.desk.now += timedelta(minutes=1)
    for who in (DEPUTY, HANDLER):
        shared.desk.servers.deliver(reply(shared, letter, who, "收到"), "gm@corp.example",
                                    authentication=INSIDE.format(who))  # fmt: skip

    letters = shared.desk.one_pass()

    assert (DEPUTY, "in-progress") == (shared.case["handler"], shared.state)
    assert ["staff.echo"] == [x.kind for x in to(letters, DEPUTY)]
    told = to(letters, HANDLER)
    assert ["staff.refusal"] == [x.kind for x in told]
    assert "王磊" in told[0].text


def test_after_a_reopening_the_first_accept_takes_it_again(shared: Casework) -> None:
    """A case that was opened again is anybody's of the unit until one accepts."""
    letter = of_kind(shared.letters, "handler.assignment")[-1]
    says(shared, letter, DEPUTY, "收到")
    says(shared, letter, DEPUTY, ANSWER)
    shared.says(CUSTOMER, "不满意：还是没有收到货。")
    assert "reopened" == shared.state

    says(shared, letter, HANDLER, "收到。")

    assert (HANDLER, "in-progress") == (shared.case["handler"], shared.state)


def test_whoever_leaves_the_unit_can_act_no_more(tmp_path: Path) -> None:
    """“Every current member”: the directory of today decides, not that of the day when the key was made."""
    with open_desk(tmp_path) as desk:
        office(tmp_path, (UNIT, f"{UNIT}, address: {DESK}, deliver: unit"))
        work = Casework(desk)
        work.open()
        path = tmp_path / "directory.yaml"
        gone = path.read_text("utf-8").replace(", deputy: wang.lei@corp.example", "", 1)
        lines = [line.replace("unit: logistics", "unit: sales") if "[wang.lei" in line or "wang.lei@corp.example, name" in line else line
                 for line in gone.splitlines()]  # fmt: skip
        path.write_text("\n".join(lines) + "\n", "utf-8")
        desk.reread()

        says(work, of_kind(work.letters, "handler.assignment")[-1], DEPUTY, ANSWER)

        assert ("misdirected", "assigned") == (last(work), work.state)


# -- deliver: members

MEMBERS = (UNIT, f"{UNIT}, deliver: members")


def _handlers(work: Casework, count: int) -> list[str]:
    """Whom this many complaints go to, one after the other, by the coordinator's route."""
    found = []
    for n in range(count):
        work.desk.now += timedelta(minutes=20)
        made = mail(f"投诉：订单 {n}", f"我的订单 {n} 三周没有发货，要求立即退款。", sender=f"kunde{n}@mail-a.example",
                    date=work.desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800"))  # fmt: skip
        letters = work._take(work.desk.receive(made))
        notice = next(x for x in letters if x.kind == "manager.notice")
        went = says(work, notice, COORDINATOR, "转物流部")
        found += [x.to for x in of_kind(went, "handler.assignment")]
    return found


@pytest.mark.parametrize("members", ["least-loaded", "round-robin"])
def test_members_share_cases_as_the_pack_says(tmp_path: Path, members: str) -> None:
    """“Round robin or least loaded, as the pack says”: with one closed at once, the first goes on in turn."""
    with open_desk(tmp_path) as desk:
        office(tmp_path, MEMBERS, rules=f"members: {members}\n")
        work = Casework(desk)
        desk.now = MORNING
        first = _handlers(work, 1)
        done = "结案\n原因：面单破损\n措施：当天重发\n答复来信人：您的订单今天已重新发出，预计11月26日送达。"
        says(work, of_kind(work.letters, "handler.assignment")[-1], first[0], done)
        assert "closed" == work.state

        second = _handlers_again(work)

        assert (first == second) == (members == "least-loaded")


def _handlers_again(work: Casework) -> list[str]:
    work.desk.now += timedelta(hours=1)
    made = mail("投诉：另一个订单", "我的另一个订单两周没有发货，要求退款。", sender="other@mail-b.example",
                date=work.desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800"))  # fmt: skip
    letters = work._take(work.desk.receive(made))
    notice = next(x for x in letters if x.kind == "manager.notice")
    return [x.to for x in of_kind(says(work, notice, COORDINATOR, "转物流部"), "handler.assignment")]


def test_in_turn_everybody_has_as_many(tmp_path: Path) -> None:
    """Round robin over four cases: each member twice, never the same one twice in a row."""
    with open_desk(tmp_path) as desk:
        office(tmp_path, MEMBERS, rules="members: round-robin\n")
        work = Casework(desk)
        desk.now = MORNING

        found = _handlers(work, 2 * len(_members(work)))

        assert {2} == {found.count(one) for one in found}
        assert all(one != other for one, other in pairwise(found))


def _members(work: Casework) -> list[str]:
    index = next(iter(work.desk.workshop().house.desks.values())).index
    return [person.address for person in index.members("logistics")]


def test_absent_members_are_skipped(tmp_path: Path) -> None:
    """“Members absent are skipped”, by the directory or by 外出."""
    with open_desk(tmp_path) as desk:
        office(tmp_path, MEMBERS)
        work = Casework(desk)
        desk.now = MORNING
        for who in [one for one in _members(work) if one != DEPUTY]:
            made = mail("外出", "外出 11月24日到11月27日 王磊代理", sender=who, date="Tue, 24 Nov 2026 09:00:00 +0800")
            work._take(desk.receive(made, authentication=INSIDE.format(who)))

        assert [DEPUTY, DEPUTY] == _handlers(work, 2)


# -- assistants

ASSISTED = "signed: false"
LISTS: list[Any] = [
    pytest.param(f"[{OUTSIDER}]", "收到", "command", id="default-accept"),
    pytest.param(f"[{OUTSIDER}]", "备注：已电话联系仓库。", "command", id="default-note"),
    pytest.param(f"[{OUTSIDER}]", "转质量部", "command", id="default-route"),
    pytest.param(f"[{OUTSIDER}]", ANSWER, "refused", id="default-no-answer"),
    pytest.param(f"[{{address: {OUTSIDER}, verbs: [note, reply]}}]", ANSWER, "command", id="listed-answer"),
    pytest.param(f"[{{address: {OUTSIDER}, verbs: [note, reply]}}]", "转质量部", "refused", id="listed-no-route"),
]


@pytest.mark.parametrize(("listed", "text", "outcome"), LISTS)
def test_assistants_act_with_the_listed_verbs(tmp_path: Path, listed: str, text: str, outcome: str) -> None:
    """“`assistants:` act for a person with listed verbs (default accept, note, route, remind) ... events name both”."""
    with open_desk(tmp_path) as desk:
        place = "roles: [department-head, staff], delegate: wang.lei@corp.example"
        office(tmp_path, (place, f"{place}, assistants: {listed}"))
        work = Casework(desk)
        work.open()

        says(work, to(of_kind(work.letters, "handler.assignment"), HANDLER)[-1], OUTSIDER, text)

        assert outcome == last(work)
        if outcome == "command":
            events = [e for e in work.case["events"] if e["actor"] == OUTSIDER]
            assert HANDLER == events[-1]["data"]["for"]


@pytest.mark.parametrize("verb", ["approve", "unseal", "upheld", "fly"])
def test_some_verbs_are_no_assistants(tmp_path: Path, verb: str) -> None:
    """“Never approve, unseal, upheld”: the directory says so with the line, as of a verb that there is not."""
    place = "roles: [department-head, staff], delegate: wang.lei@corp.example"
    with open_desk(tmp_path) as desk:
        office(tmp_path, (place, f"{place}, assistants: [{{address: {OUTSIDER}, verbs: [{verb}]}}]"))

        with pytest.raises(Exception, match=f"'{verb}'"):
            desk.workshop()


# -- lists


def test_a_list_gets_copies_and_never_a_key(tmp_path: Path) -> None:
    """“A list that is not in the directory can get copies, never a key”, and none of what names somebody."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        work.open()
        work.says(COORDINATOR, "抄送 wuliu-all@corp.example", answering="manager.notice")

        copies = to(work.says(HANDLER, ANSWER), "wuliu-all@corp.example")

        assert ["manager.progress"] == [x.kind for x in copies]
        assert "" == copies[0].token
        assert "+" not in copies[0].reply_to
        refused = work.says(COORDINATOR, "抄送 list@mail-b.example", answering="manager.notice")
        assert "通讯录" in work.refusal(refused)
        own, inside = f"From: {HANDLER}", [f"mx.corp.example; {INSIDE.format(HANDLER)}"]
        answers = f"Re: {work.got(HANDLER, 'handler.assignment')[-1].subject}"
        both = [raw(own, text, subject=answers, results=inside)
                for text in ("已电话告知：客户同意11月28日收货。", "备注：涉及 马骏")]  # fmt: skip
        assert [] == to(attack(work, *both), "wuliu-all@corp.example"), "a copy that waits is taken back"
        assert [] == to(work.says(HANDLER, "已电话告知：客户改到11月29日收货。"), "wuliu-all@corp.example")
        work.says(COORDINATOR, "取消抄送 wuliu-all@corp.example", answering="manager.notice")
        assert "wuliu-all@corp.example" not in str(work.desk.rows('select data from "case"'))
