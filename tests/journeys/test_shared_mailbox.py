"""People in the same mailbox: what they send by hand, junk, our copies, folders that are read and left (casework 1)."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from maild.sandbox.servers import Account, EmbeddedServers
from tests.journeys.desk import CONFIG, GM, PASSWORD, Letter, TestDesk
from tests.journeys.letters import INSIDE, of_kind, whole
from tests.journeys.post import CUSTOMER, mail

MORNING = datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
COORDINATOR, HANDLER = "lin.xiaoyue@corp.example", "tang.ning@corp.example"
ASKED = mail(Message_ID="<asked@pc.example>")
ANSWER = (
    "Re: 投诉：订单 88231 三周没有发货",
    "您好：空气炸锅已于今天补发，单号 SF123456，预计周四送达，另退运费20元。",
)
Open = Callable[..., TestDesk]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """An installation whose mailbox has folders for sent mail and junk; `folders` are lines of [mailbox.folders]."""
    with EmbeddedServers([Account(address=GM, password=PASSWORD, folders=("Sent", "Junk", "Team"))]) as servers:
        made: list[TestDesk] = []

        def start(folders: str = "") -> TestDesk:
            head, _, rest = CONFIG.partition("[mailbox.imap]")
            text = f"{head}[mailbox.folders]\n{folders}\n[mailbox.imap]{rest}"
            text = text.format(plus="false", hold="0", imap=servers.imap_port, smtp=servers.smtp_port)
            (tmp_path / "maild.toml").write_text(text, "utf-8")
            made.append(TestDesk(servers=servers, folder=tmp_path, environ={"GM_PASSWORD": PASSWORD}, now=MORNING))
            return made[-1]

        yield start
        for desk in made:
            desk.restart()


def by_hand(desk: TestDesk, *, to: str = CUSTOMER, at: datetime | None = None, **fields: str) -> None:
    """Somebody answers from the shared mailbox with Outlook, which files its copy in Sent."""
    raw = mail(*ANSWER, sender=GM, to=to, **({"In_Reply_To": "<asked@pc.example>"} | fields))
    desk.servers.append(GM, "Sent", raw, internal_date=at)


def clocks(desk: TestDesk) -> dict[str, str]:
    """The state of each of the handler's clocks by kind."""
    return {
        str(kind): str(state)
        for kind, state in desk.rows("select kind, state from clock where kind <> 'idle' order by id")
    }


def test_an_answer_by_hand_is_the_cases_answer(opened: Open) -> None:
    """Found in Sent by In-Reply-To: the case is answered, its clock is met, the history says so, the handler hears."""
    desk = opened()
    desk.receive(ASKED)
    by_hand(desk)

    letters = desk.later(timedelta(minutes=5))

    (case,) = desk.cases()
    assert case["state"] == "answered"
    assert {kind: state for kind, state in clocks(desk).items() if kind != "resolve"} == {
        "accept": "met", "first-answer": "met",
    }  # fmt: skip
    (event,) = [e for e in case["events"] if e["kind"] == "answered"]
    assert (event["actor"], event["data"]["by"]) == (GM, "hand")
    assert [(one.to, one.kind) for one in letters if one.to == HANDLER] == [(HANDLER, "handler.by-hand")]
    assert "SF123456" in whole(of_kind(letters, "handler.by-hand")[0])


def test_an_answer_in_time_that_is_found_late_is_in_time(opened: Open) -> None:
    """The clock is met by when the answer was sent, not by when maild saw it; nothing chases the handler after it."""
    desk = opened()
    desk.receive(ASKED)
    by_hand(desk, at=datetime.now(UTC) - timedelta(days=8, hours=23))
    desk.later(timedelta(days=9))

    assert clocks(desk)["first-answer"] == "met"


def test_the_customers_reply_to_it_finds_the_case(opened: Open) -> None:
    """What a person sent by hand is known by its Message-ID: the answer to it is no new case."""
    desk = opened()
    desk.receive(ASKED)
    by_hand(desk, Message_ID="<hand@corp.example>")
    desk.later(timedelta(minutes=5))

    desk.receive(mail("Re: 补发", "还是没有收到，请核实。", In_Reply_To="<hand@corp.example>"))

    assert [case["state"] for case in desk.cases()] == ["reopened"]


def test_a_mail_to_somebody_else_is_only_noted(opened: Open) -> None:
    """Forwarded by hand to the warehouse: a line in the history, the clock runs on, nobody is told."""
    desk = opened()
    desk.receive(ASKED)
    by_hand(desk, to="store@partner-x.example")

    letters = desk.later(timedelta(minutes=5))

    (case,) = desk.cases()
    assert (case["state"], case["events"][-1]["kind"]) == ("assigned", "sent-by-hand")
    assert of_kind(letters, "handler.by-hand") == []
    assert clocks(desk)["first-answer"] == "open"


def test_a_forged_answer_in_the_inbox_stops_no_clock(opened: Open) -> None:
    """From says the shared address, the mail came in from outside and no check vouches for it: no answer."""
    desk = opened()
    desk.receive(ASKED)

    desk.receive(
        mail(*ANSWER, sender=GM, to=CUSTOMER, In_Reply_To="<asked@pc.example>"),
        authentication="spf=fail smtp.mailfrom=corp.example; dmarc=fail header.from=corp.example",
    )

    assert clocks(desk)["first-answer"] == "open"
    assert "answered" not in {case["state"] for case in desk.cases()}


def test_a_letter_from_the_shared_address_to_itself_is_a_case(opened: Open) -> None:
    """A colleague records a visit by writing from the shared mailbox to itself: it is not lost."""
    desk = opened()

    desk.receive(
        mail("来访：顾客投诉收银", "上午有顾客来访，投诉收银多收钱，要求退款。", sender=GM),
        authentication=INSIDE.format(GM),
    )

    assert len(desk.cases()) == 1


def test_an_answer_by_hand_that_copies_the_mailbox_counts_once(opened: Open) -> None:
    """Cc to the shared address itself: the copy in the inbox, vouched for, and the one in Sent are one answer."""
    desk = opened()
    desk.receive(ASKED)
    answer = mail(*ANSWER, sender=GM, to=CUSTOMER, Cc=GM, In_Reply_To="<asked@pc.example>")
    desk.servers.append(GM, "Sent", answer)

    letters = desk.receive(answer, authentication=INSIDE.format(GM))

    (case,) = desk.cases()
    assert case["state"] == "answered"
    assert [event["kind"] for event in case["events"]].count("answered") == 1
    assert len(of_kind(letters, "handler.by-hand")) == 1


def test_our_own_copies_are_filed_once_and_known(opened: Open) -> None:
    """Every mail that left lies in Sent once, unread by maild: no journal line, no case, no second copy."""
    desk = opened()
    desk.receive(mail())
    letters = desk.receive(mail(sender="wu@mail-w.example"))
    desk.later(timedelta(minutes=5))
    desk.later(timedelta(minutes=5))

    lying = desk.servers.folder(GM, "Sent")
    assert {letter.raw for letter in letters} <= set(lying)
    assert len(lying) == len(set(lying))
    assert desk.rows("select count(*) from journal where folder = 'Sent'") == [(0,)]
    assert len(desk.cases()) == 2


def test_a_provider_that_files_copies_itself_gets_no_second_one(opened: Open) -> None:
    """A copy that is there already, with another Message-ID: none is appended, and a reply to that id finds the case."""
    desk = opened()
    desk.receive(mail())
    (ack,) = of_kind(desk.receive(mail(sender="wu@mail-w.example")), "requester.acknowledgement")
    old = str(ack.message["Message-ID"])
    desk.servers.append(GM, "Sent", ack.raw.replace(old.encode(), b"<changed@provider.example>"))
    desk.later(timedelta(minutes=5))

    desk.receive(
        mail("Re: ", "补充一点：我要退货。", sender="wu@mail-w.example", In_Reply_To="<changed@provider.example>")
    )

    marked = [raw for raw in desk.servers.folder(GM, "Sent") if str(ack.message["X-Maild-Id"]).encode() in raw]
    assert len(marked) == 1
    assert len(desk.cases()) == 2


def test_junk_is_never_acknowledged_and_one_click_away(opened: Open) -> None:
    """A complaint in the junk folder: a row of the digest, nothing else; `是反馈 N` has it handled like any other."""
    desk = opened()
    desk.servers.append(GM, "Junk", ASKED)
    (digest,) = of_kind(desk.one_pass(), "manager.digest")
    before = desk.cases()
    print(digest.text)
    (row,) = re.findall(r"回复“是反馈 (\d+)”", digest.text)

    letters = reply(desk, digest, f"是反馈 {row}")

    assert before == []
    assert CUSTOMER in whole(digest)
    assert [one.to for one in of_kind(letters, "requester.acknowledgement")] == [CUSTOMER]
    assert [case["requester"] for case in desk.cases()] == [CUSTOMER]
    assert desk.servers.folder(GM, "Junk") == []
    assert ASKED in desk.servers.folder(GM, "maild/Processed")


def test_only_rows_of_that_digest_are_released(opened: Open) -> None:
    """A number that the digest did not show releases nothing."""
    desk = opened()
    desk.servers.append(GM, "Junk", ASKED)
    (digest,) = of_kind(desk.one_pass(), "manager.digest")

    reply(desk, digest, "是反馈 999")

    assert desk.cases() == []


@pytest.mark.parametrize("after", ["leave", "keyword", "move"])
def test_done_mail_goes_where_the_settings_say(opened: Open, after: str) -> None:
    """leave: untouched; keyword: marked; move: in maild/Processed; handled once each way."""
    desk = opened(f'after = "{after}"')
    desk.receive(ASKED)
    desk.later(timedelta(minutes=5))

    inbox = desk.servers.stored(GM)
    assert len(desk.cases()) == 1
    assert len(inbox) == (0 if after == "move" else 1)
    assert [("$maild" in {str(flag) for flag in one.flags}) for one in inbox] == {
        "leave": [False],
        "keyword": [True],
        "move": [],
    }[after]


def test_a_read_only_mailbox_is_left_by_itself(opened: Open) -> None:
    """Opened read-only, the mail is handled once and stays where and as it is."""
    desk = opened()
    desk.servers.deliver(ASKED, GM)
    desk.servers.make_read_only(GM)
    desk.one_pass()
    desk.later(timedelta(minutes=5))

    assert (len(desk.cases()), desk.servers.folder(GM, "INBOX")) == (1, [ASKED])


def test_several_inboxes_are_read(opened: Open) -> None:
    """Mail that a filter of the provider sorted into another folder is taken in too."""
    desk = opened('inbox = ["INBOX", "Team"]')
    desk.servers.append(GM, "Team", ASKED)
    desk.receive(mail(sender="wu@mail-w.example"))

    assert {CUSTOMER, "wu@mail-w.example"} == {case["requester"] for case in desk.cases()}


def reply(desk: TestDesk, letter: Letter, text: str) -> list[Letter]:
    """The coordinator answers a letter; what leaves in the two passes after it."""
    desk.now += timedelta(minutes=1)
    raw = mail(f"Re: {letter.subject}", text, sender=COORDINATOR, In_Reply_To=str(letter.message["Message-ID"]))
    return [*desk.receive(raw, authentication=INSIDE.format(COORDINATOR)), *desk.later(timedelta(minutes=1))]
