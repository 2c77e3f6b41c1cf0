"""Personal data.

Nobody attacks here but curiosity: an identity number, a bank card or a member's number that a letter holds travels with
it to everybody who hears of the case. Held: masks in all that goes to the inside, for those who need not know, as the
pack says; the original stays, and who needs to know reads it.

Elsewhere: what looks like personal data and what only seems to in `tests/domain/test_masks.py`; the identity of
confidential writers in `tests/journeys/test_seal.py`.
"""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from maild.adapters.casebook import Casebook
from maild.adapters.shipped import shipped
from maild.cli.main import main
from tests.journeys.casework import COORDINATOR, HANDLER, MORNING, Casework
from tests.journeys.desk import open_desk
from tests.journeys.letters import of_kind, telling, to, whole
from tests.journeys.post import CUSTOMER

IDENTITY, CARD, PHONE, RECORD = "110101199003077774", "6222021234567890128", "13800138000", "A0012345"
LETTER = (
    f"我三周前下单的空气炸锅一直没有发货，订单 88231，运单号 4111111111111111。要求退款，退到银行卡 {CARD}，"
    f"身份证 {IDENTITY}，手机 {PHONE}，会员号 {RECORD}。"
)
SUPERIOR, DEPUTY = "wu.jianhua@corp.example", "wang.lei@corp.example"
OWN = """
masks:
  - {kinds: [id-card, bank-card], seen_by: [hr]}
  - {kinds: [phone, record-number], seen_by: [unit]}
records: [{words: [会员号]}]
"""


@pytest.fixture
def own() -> str:
    """The office's own masks.yaml; "" for those of the pack."""
    return ""


@pytest.fixture
def work(tmp_path: Path, own: str) -> Iterator[Casework]:
    """A complaint that holds all kinds of numbers, routed to logistics."""
    with open_desk(tmp_path) as desk:
        if own:
            (tmp_path / "rules").mkdir()
            (tmp_path / "rules" / "pack.yaml").write_text("extends: gm-mailbox\n", "utf-8")
            (tmp_path / "rules" / "masks.yaml").write_text(own, "utf-8")
            settings = tmp_path / "maild.toml"
            settings.write_text('rules = "rules"\n' + settings.read_text("utf-8"), "utf-8")
        desk.now = MORNING
        made = Casework(desk)
        made.open(subject=f"投诉：没有发货，身份证{IDENTITY}", text=LETTER)
        yield made


def test_who_handles_it_reads_it_in_full(work: Casework) -> None:
    """Handler and GM office have every number; the number of an order or a parcel is masked for nobody."""
    for who in (HANDLER, COORDINATOR):
        assert [IDENTITY, CARD, "88231", "4111111111111111"] == [
            word for word in (IDENTITY, CARD, "88231", "4111111111111111") if telling(to(work.letters, who), word)
        ]


def test_everybody_else_inside_reads_stars(work: Casework) -> None:
    """Superiors of the ladder, the deputy's status, the gm's notice, lists: no number of a person, the order's number."""
    letters = work.says(HANDLER, "上报：需要上级协调退款", answering="handler.assignment")
    for day in (27, 30):
        letters += work.later(work.desk.now.replace(day=day, hour=10) - work.desk.now)

    others = [x for x in letters if x.to.endswith("@corp.example") and x.to not in {HANDLER, COORDINATOR}]
    assert telling(others, "110***********7774", "88231")
    assert [] == telling([x for x in others if work.case["handler"] != x.to], IDENTITY, CARD)


def test_what_leaves_for_an_expert_is_masked_and_shown_so_before(work: Casework) -> None:
    """The coordinator sees beforehand what the expert will see: stars."""
    preview = work.says(COORDINATOR, "转外部 lawyer@law.example：请看能否退款", answering="manager.notice")
    sent = work.says(COORDINATOR, "确认", answering="manager.forward") + work.later(timedelta(hours=1))

    shown = [*of_kind(preview, "manager.forward"), *to(sent, "lawyer@law.example")]
    assert len(shown) == 2
    assert [] == telling(shown, IDENTITY, CARD)
    assert all("110***********7774" in whole(letter) for letter in shown)


def test_the_requester_gets_the_own_numbers_back(work: Casework) -> None:
    """What the handler writes to the requester leaves as it was written."""
    letters = work.says(HANDLER, f"答复：赵先生，今天已退到您的卡 {CARD}，请查收。", answering="handler.assignment")

    assert telling(to(letters, CUSTOMER), CARD)


def test_the_command_line_shows_stars(work: Casework) -> None:
    """Cases as `maild case` lists and shows them: who needs the number opens the letter."""
    facts = Casebook(work.desk.workshop().store, {}).one(str(work.case["number"]))

    assert facts is not None
    assert IDENTITY not in str(facts)
    assert "110***********7774" in str(facts["subject"])


@pytest.mark.parametrize("own", [OWN])
def test_an_office_says_itself_who_sees_what(work: Casework, own: str) -> None:
    """With its own masks.yaml the handler reads telephone and record number, but neither identity nor card."""
    assert own
    assignment = of_kind(to(work.letters, HANDLER), "handler.assignment")[-1]
    notice = of_kind(to(work.letters, COORDINATOR), "manager.notice")[-1]

    assert [PHONE, RECORD] == [word for word in (PHONE, RECORD, IDENTITY, CARD) if word in whole(assignment)]
    assert [] == telling([notice], PHONE, RECORD, IDENTITY, CARD)
    assert "138****8000" in whole(notice)


FAULTS = {
    "masks:\n  - {kinds: [idcard], seen_by: [handler]}": ("idcard", "id-card"),
    "masks:\n  - {kinds: [phone], seen_by: [storage-room]}": ("storage-room", "3"),
    "masks:\n  - {kinds: [phone]}\n  - {kinds: [phone]}": ("phone", "两行"),
    "masks:\n  - {kinds: [record-number]}": ("record-number", "records"),
    "masks:\n  - {kinds: [record-number]}\nrecords: [{shape: '##'}]": ("6", "词"),
    "masks:\n  - {kinds: [phone], seenby: [hr]}": ("seenby", "seen_by"),
}  # fmt: skip


@pytest.mark.parametrize("text", FAULTS)
def test_a_clerks_mistake_is_told(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`maild policy check` names file, line, what is wrong and what to write, in Chinese and in English."""
    pack = Path(shutil.copytree(shipped("rules"), tmp_path / "rules")) / "gm-mailbox"
    (pack / "masks.yaml").write_text(text + "\n", "utf-8")
    for language in ("zh", "en"):
        assert main(["policy", "check", str(pack), "--lang", language]) == 2
        said = capsys.readouterr()
        assert "masks.yaml:" in said.out + said.err
        assert FAULTS[text][0] in said.out + said.err
        if language == "zh" and FAULTS[text][1] != "3":
            assert FAULTS[text][1] in said.out + said.err
