"""The digest's list of what is no feedback: thank, take in after all, or block the sender (casework 7)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.casework import COORDINATOR, MORNING, Casework
from tests.journeys.desk import Letter, open_desk
from tests.journeys.letters import INSIDE, of_kind, to
from tests.journeys.post import mail

pytestmark = pytest.mark.slow
SELLER = "li.sales@fair.example"
SURE = "dmarc=pass header.from=fair.example"
OFFER = "尊敬的负责人：诚邀贵公司参加第十二届家电展览会，展位八折优惠，欢迎来电洽谈，期待与贵公司合作。"


@dataclass
class Aside:
    """An advertisement that was set aside, and the digest that lists it."""

    work: Casework
    number: str

    def says(self, line: str) -> list[Letter]:
        """A line of the coordinator in answer to the newest digest."""
        return self.work.says(COORDINATOR, line, answering="manager.digest")

    def writes(
        self, text: str = OFFER, *, subject: str = "展会邀请函", checked: str | None = SURE, **fields: str
    ) -> list[Letter]:
        """Another mail of the same sender."""
        desk = self.work.desk
        desk.now += timedelta(minutes=11)
        date = desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800")
        letters = desk.receive(mail(subject, text, sender=SELLER, date=date, **fields), authentication=checked)
        self.work.letters += letters
        return letters

    def digest(self) -> Letter:
        """The next morning's."""
        self.work.letters += self.work.desk.receive(
            at=self.work.desk.now.replace(hour=0, minute=40) + timedelta(days=1)
        )
        return self.work.got(COORDINATOR, "manager.digest")[-1]


@pytest.fixture
def aside(tmp_path: Path) -> Iterator[Aside]:
    """The advertisement came yesterday."""
    with open_desk(tmp_path) as desk:
        yield begun(Casework(desk), checked=SURE)


def begun(work: Casework, *, checked: str | None) -> Aside:
    """An advertisement whose sender was vouched for, or not; then the digest."""
    work.desk.now = MORNING.astimezone(tz=None)
    made = Aside(work, "")
    made.writes(checked=checked)
    case = work.case
    assert "set-aside" == case["state"]
    assert [] == to(work.letters, SELLER)
    made.number = str(case["number"])
    made.digest()
    return made


CRIES = [
    ("我不想活了，你们逼我走投无路，今晚就从你们楼上跳下去。", "self-harm"),
    ("你们再不退钱，我就把你们公司烧了，同归于尽。", "threat"),
    ("We will take legal action within 7 days, see the attached letter of my solicitor.", "lawyer"),
]


@pytest.mark.parametrize(("text", "crisis"), CRIES, ids=[one for _, one in CRIES])
def test_crisis_words_of_a_blocked_sender_break_through(aside: Aside, text: str, crisis: str) -> None:
    """A case is made, whom the pack names is told at once, and the sender stays blocked for everything else."""
    aside.says(f"{aside.number} 屏蔽")

    letters = aside.writes(text, subject="最后一次")

    assert 2 == len(aside.work.desk.cases())
    case = aside.work.desk.cases()[-1]
    told = [event["data"]["crisis"] for event in case["events"] if event["kind"] == "crisis-told"]
    assert ("set-aside" != case["state"], told) == (True, [[crisis]])
    assert of_kind(letters, "manager.alarm")
    aside.writes(subject="再次邀请")
    assert 2 == len(aside.work.desk.cases())


def test_one_polite_sentence_goes_once(aside: Aside) -> None:
    """客气话 sends a sentence of thanks and no more; the case stays set aside, and a second one is refused."""
    assert f"{aside.number} 客气话" in aside.work.got(COORDINATOR, "manager.digest")[-1].text

    letters = aside.says(f"{aside.number} 客气话")

    assert ["requester.polite"] == [x.kind for x in to(letters, SELLER)]
    assert "感谢您的来信" in to(letters, SELLER)[0].text
    assert aside.number not in to(letters, SELLER)[0].text
    assert "auto-replied" in str(to(letters, SELLER)[0].message["Auto-Submitted"])
    assert "set-aside" == aside.work.state
    again = aside.says(f"{aside.number} 客气话 ")
    assert [] == to(again, SELLER)
    assert "已经回过一次" in of_kind(again, "staff.echo")[0].text


def test_no_sentence_goes_where_nobody_vouches_for_the_sender(tmp_path: Path) -> None:
    """An address that may be forged is not written to."""
    with open_desk(tmp_path) as desk:
        made = begun(Casework(desk), checked=None)

        letters = made.says(f"{made.number} 客气话")

        assert [] == to(letters, SELLER)
        assert "未能确认来信确由该地址发出" in of_kind(letters, "staff.echo")[0].text


def test_this_is_feedback_makes_the_case_and_acknowledges_it(aside: Aside) -> None:
    """是反馈 and a type: a handler, clocks, and an acknowledgement that names the day on which the letter came."""
    letters = aside.says(f"{aside.number} 是反馈：客户建议")

    ack = to(letters, SELLER)
    assert ["requester.acknowledgement"] == [x.kind for x in ack]
    assert "11月24日" in ack[0].text
    assert aside.number in ack[0].text
    assert "customer-suggestion" == aside.work.case["type"]
    assert aside.work.state in {"new", "assigned"}
    assert aside.work.clocks


def test_what_is_routed_by_hand_is_feedback(aside: Aside) -> None:
    """转 sends the acknowledgement, of no type yet rather than of none, and the case is watched like any other."""
    letters = aside.says(f"{aside.number} 转质量部")

    ack = to(letters, SELLER)
    assert ["requester.acknowledgement"] == [x.kind for x in ack]
    assert "11月24日" in ack[0].text
    assert "非反馈" not in "".join(x.text for x in letters)
    assert ("unclassified", "assigned") == (aside.work.case["type"], aside.work.state)
    assert aside.work.clocks == {"accept", "first-answer", "idle"}


def test_what_is_routed_by_hand_is_acknowledged_once(aside: Aside) -> None:
    """On to the next unit no second acknowledgement goes."""
    aside.says(f"{aside.number} 转质量部")

    assert [] == to(aside.says(f"{aside.number} 转物流部"), SELLER)


def test_no_acknowledgement_goes_where_the_checks_failed(tmp_path: Path) -> None:
    """A mail that is not its sender's is routed for what it tells; nothing goes to the address in its From."""
    with open_desk(tmp_path) as desk:
        made = begun(Casework(desk), checked="dmarc=fail header.from=fair.example")

        letters = made.says(f"{made.number} 转质量部")

        assert "质量部" == made.work.case["unit"]
        assert [] == to(letters, SELLER)


def test_a_blocked_sender_is_archived_and_counted_and_nothing_more(aside: Aside) -> None:
    """屏蔽: no case, no answer, a line of the next digest with its count; after 30 days it ends by itself."""
    echo = of_kind(aside.says(f"{aside.number} 屏蔽"), "staff.echo")[0].text
    assert SELLER in echo
    assert "12月25日" in echo

    letters = [*aside.writes(subject="再次邀请"), *aside.writes(subject="最后一次邀请")]

    assert [] == letters
    assert 1 == len(aside.work.desk.cases())
    digest = aside.digest().text
    assert SELLER in digest
    assert "共2次" in digest
    assert [("blocked",), ("blocked",)] == aside.work.desk.rows(
        "select disposition from journal where disposition = 'blocked'"
    )
    aside.work.desk.now += timedelta(days=31)
    aside.writes(subject="新一年的邀请")
    assert 2 == len(aside.work.desk.cases())


def test_a_block_is_lifted_by_a_word(aside: Aside) -> None:
    """解除屏蔽 in answer to a digest that tells of the sender: the next mail is handled like any other."""
    aside.says(f"{aside.number} 屏蔽30天")
    aside.writes(subject="再次邀请")
    aside.digest()

    echo = of_kind(aside.says(f"{aside.number} 解除屏蔽"), "staff.echo")[0].text
    aside.writes(subject="第三次邀请")

    assert "已解除" in echo
    assert 2 == len(aside.work.desk.cases())


def test_english_lines_do_the_same(aside: Aside) -> None:
    """Block sender, unblock sender, polite sentence."""
    aside.says(f"{aside.number} block sender 30 days")
    assert [] == aside.writes(subject="again")
    aside.says(f"{aside.number} unblock sender")
    assert ["requester.polite"] == [x.kind for x in to(aside.says(f"{aside.number} polite sentence"), SELLER)]


def test_a_person_of_the_directory_cannot_be_blocked(tmp_path: Path) -> None:
    """A colleague's newsletter may be set aside; the colleague is not shut out."""
    with open_desk(tmp_path) as desk:
        work = Casework(desk)
        made = Aside(work, "")
        desk.now = MORNING
        colleague = "zhou.min@corp.example"
        work.letters += desk.receive(
            mail("展会邀请函", OFFER, sender=colleague), authentication=INSIDE.format(colleague)
        )
        made.number = str(work.case["number"])
        if work.state != "set-aside":
            work.says(COORDINATOR, "应为 非反馈来信", answering="manager.notice")
        assert "set-aside" == work.state
        made.digest()

        echo = of_kind(made.says(f"{made.number} 屏蔽"), "staff.echo")[0].text

        assert "本单位人员，不能屏蔽" in echo
