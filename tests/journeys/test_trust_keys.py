"""security.md, "Commands with a key" and "Confirmed by a second mail": a test for each sentence."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest

from tests.journeys.casework import ANSWER, COORDINATOR, HANDLER, Casework
from tests.journeys.desk import Letter
from tests.journeys.letters import INSIDE, of_kind, to
from tests.journeys.post import CUSTOMER, mail

pytestmark = pytest.mark.slow
DELEGATE, BOSS, SECRETARY = "wang.lei@corp.example", "chen.guodong@corp.example", "ding.ning@corp.example"
QUALITY = "luo.jianping@corp.example"


def under(work: Casework, letter: Letter, who: str, text: str, *, results: str = "pass", **fields: str) -> list[Letter]:
    """A reply of `who` under the key of this letter; "pass" is a login of the writer's own."""
    work.desk.now += timedelta(minutes=1)
    date = work.desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800")
    made = mail(f"Re: {letter.subject}", text, sender=who, **{"date": date, **fields})
    if results not in {"", "pass"}:
        made = f"Authentication-Results: {results}\r\n".encode() + made
    letters = work.desk.receive(made, authentication=INSIDE.format(who) if results == "pass" else None)
    work.letters += letters
    return letters


def last(work: Casework) -> str:
    """What became of the last mail."""
    return str(work.desk.rows("select disposition from journal order by id desc limit 1")[0][0])


def rotated(work: Casework, *, drop: bool) -> None:
    """A second secret becomes the current one; the first stays, or is taken out."""
    path = work.desk.folder / "var" / "secrets.json"
    data = json.loads(path.read_text("utf-8"))
    data["keys"]["b2"] = base64.b64encode(b"another secret of thirty-two byte").decode()
    data["current"] = "b2"
    if drop:
        del data["keys"]["a1"]
    path.write_text(json.dumps(data), "utf-8")
    work.desk.restart()


# -- commands with a key


def test_keys_of_an_old_secret_go_on_counting_until_it_is_taken_out(work: Casework) -> None:
    """“The key is an HMAC over case, recipient entry and validity (key ids, rotation)”: a rotation orphans no mail."""
    old = work.got(HANDLER)[-1]
    rotated(work, drop=False)

    letters = under(work, old, HANDLER, "收到")
    assert "in-progress" == work.state
    new = of_kind(letters, "staff.echo")[0]
    assert new.reply_to.partition("+")[2].startswith("b2")

    rotated(work, drop=True)
    under(work, old, HANDLER, "转质量部", In_Reply_To=str(old.message["Message-ID"]))
    assert HANDLER == work.case["handler"]
    under(work, new, HANDLER, "转质量部")
    assert QUALITY == work.case["handler"]


WRITERS: list[Any] = [
    pytest.param(HANDLER, "command", id="the-person"),
    pytest.param(DELEGATE, "command", id="a-delegate"),
    pytest.param("feng.xia@corp.example", "misdirected", id="another-colleague"),
    pytest.param("anna@mail-b.example", "misdirected", id="a-stranger"),
]


@pytest.mark.parametrize(("who", "outcome"), WRITERS)
def test_from_is_the_person_or_a_delegate(work: Casework, who: str, outcome: str) -> None:
    """“... and From is that person, a delegate, a listed assistant, or a member of the unit”; others move nothing."""
    under(work, work.got(HANDLER)[-1], who, ANSWER)

    assert outcome == last(work)
    assert ("answered" if outcome == "command" else "assigned") == work.state


SENDERS: list[Any] = [
    pytest.param(SECRETARY, "mx.corp.example; auth=pass smtp.auth=ding.ning@corp.example", "command", id="assistant"),
    pytest.param(SECRETARY, "mx.corp.example; dmarc=pass header.from=corp.example", "command", id="assistant-by-domain"),
    pytest.param(SECRETARY, "mx.corp.example; auth=pass smtp.auth=tan.hao", "confirm-first", id="not-their-login"),
    pytest.param("you.jia@corp.example", "mx.corp.example; dmarc=pass header.from=corp.example", "misdirected",
                 id="no-assistant"),
    pytest.param("anna@mail-b.example", "mx.corp.example; dmarc=pass header.from=corp.example", "misdirected",
                 id="a-stranger"),
]  # fmt: skip


@pytest.mark.parametrize(("sender", "results", "outcome"), SENDERS)
def test_another_sender_only_of_a_listed_assistant(work: Casework, sender: str, results: str, outcome: str) -> None:
    """“`Sender:` different from From is allowed only for a listed assistant”, who then acts in the own name."""
    mine = to(work.says(COORDINATOR, "转 陈国栋", answering="manager.notice"), BOSS)[-1]

    went = under(work, mine, BOSS, "转采购部", results=results, Sender=sender)

    assert outcome == last(work)
    if outcome in {"command", "confirm-first"}:
        assert {SECRETARY} & {x.to for x in went} == {SECRETARY}
    assert [] == [x for x in went if x.to == sender and sender != SECRETARY]


ROWS: list[Any] = [
    pytest.param("requester.acknowledgement", CUSTOMER, "不满意", True, "reopened", id="requesters-key-requester"),
    pytest.param("requester.acknowledgement", "anna@mail-b.example", "不满意", True, "appended-unconfirmed",
                 id="requesters-key-anybody"),
    pytest.param("handler.assignment", HANDLER, "转质量部", True, "command", id="staff-key-its-person"),
    pytest.param("handler.assignment", "anna@mail-b.example", "转质量部", True, "misdirected", id="staff-key-anybody"),
    pytest.param("handler.assignment", HANDLER, "转质量部", False, "inside-note", id="reference-party"),
    pytest.param("requester.acknowledgement", CUSTOMER, "不满意", False, "reopened", id="reference-requester"),
    pytest.param("handler.assignment", "wu.fang@mail-b.example", "我也要反映快递把东西摔坏了，请赔偿。", False, "new-case",
                 id="reference-no-party"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "who", "text", "keyed", "outcome"), ROWS)
def test_the_table_of_casework_2(work: Casework, kind: str, who: str, text: str, *, keyed: bool, outcome: str) -> None:
    """“The table in casework 2 says what happens otherwise”: each row, by what leads to the case and who wrote."""
    work.says(HANDLER, ANSWER)
    letter = of_kind(work.letters, kind)[-1]
    subject = f"Re: {letter.subject}" if keyed else "Re: 关于贵司来信"
    work.desk.now += timedelta(minutes=1)
    made = mail(subject, text, sender=who, date=work.desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800"),
                In_Reply_To=str(letter.message["Message-ID"]))  # fmt: skip

    letters = work.desk.receive(made, authentication=INSIDE.format(who) if "corp" in who else None)

    assert outcome == last(work)
    if outcome in {"appended-unconfirmed", "misdirected"}:
        assert [] == to(letters, who)
    if outcome == "inside-note":
        assert ["staff.fresh-key"] == [x.kind for x in letters]


@pytest.mark.parametrize("date", ["Tue, 24 Nov 2026 09:30:00 +0800", ""])
def test_each_command_mail_counts_once(work: Casework, date: str) -> None:
    """“Each command mail counts once”: captured and sent again under another Message-ID, with a date or without."""
    mine = work.got(HANDLER)[-1]
    for n in range(2):
        under(work, mine, HANDLER, "转质量部", date=date, Message_ID=f"<{n}@replay.example>")
        if n == 0:
            work.says(QUALITY, "转物流部")

    assert "duplicate" == last(work)
    assert HANDLER == work.case["handler"]


def test_a_requesters_word_counts_once(work: Casework) -> None:
    """An old 不满意 that somebody sends again does not open the case a second time."""
    ack = of_kind(work.letters, "requester.acknowledgement")[0]
    for n in range(2):
        work.says(HANDLER, f"答复：您的订单今天已重新发出，预计11月2{n + 6}日送达。")
        under(work, ack, CUSTOMER, "不满意", date="Tue, 24 Nov 2026 09:30:00 +0800", Message_ID=f"<{n}@replay.example>")

    assert "duplicate" == last(work)
    assert "answered" == work.state


# -- confirmed by a second mail


@pytest.fixture
def asked(work: Casework) -> Casework:
    """An order that nobody vouches for, asked back."""
    under(work, work.got(HANDLER)[-1], HANDLER, "转质量部，请今天答复客户", results="")
    assert "confirm-first" == last(work)
    return work


@pytest.mark.parametrize(
    "word",
    ["确认", "确认。\n\n发自我的iPhone", "confirm", "确认\n\n在 2026年11月24日，示例公司 写道：\n> 请回复“确认”"],
)
def test_one_word_back_does_it(asked: Casework, word: str) -> None:
    """“A fresh key, one word back, works from a phone”: what was ordered first is done, with its text."""
    letters = under(asked, asked.got(HANDLER)[-1], HANDLER, word, results="")

    assert QUALITY == asked.case["handler"]
    assert "请今天答复客户" in of_kind(letters, "handler.assignment")[0].text


@pytest.mark.parametrize(
    ("late", "handler"), [(timedelta(hours=23, minutes=50), QUALITY), (timedelta(hours=24), HANDLER)]
)
def test_it_lasts_a_day(asked: Casework, late: timedelta, handler: str) -> None:
    """“Lasts 24 hours”: after that the word does nothing."""
    question = asked.got(HANDLER)[-1]
    asked.desk.now += late

    under(asked, question, HANDLER, "确认", results="")

    assert handler == asked.case["handler"]


def test_it_works_once(asked: Casework) -> None:
    """The same key confirms nothing a second time."""
    question = asked.got(HANDLER)[-1]
    under(asked, question, HANDLER, "确认", results="")
    asked.says(QUALITY, "转物流部")

    letters = under(asked, question, HANDLER, "确认！", results="")

    assert HANDLER == asked.case["handler"]
    assert asked.refusal(letters)


@pytest.mark.parametrize("who", ["feng.xia@corp.example", "anna@mail-b.example"])
def test_nobody_else_confirms(asked: Casework, who: str) -> None:
    """The fresh key is of no use in another's hand."""
    under(asked, asked.got(HANDLER)[-1], who, "确认")

    assert ("misdirected", HANDLER) == (last(asked), asked.case["handler"])


@pytest.mark.parametrize("word", ["不是我发的", "先不要确认", "转采购部"])
def test_another_word_confirms_nothing(asked: Casework, word: str) -> None:
    """Only the word does it; another order of doubtful origin is asked back again."""
    under(asked, asked.got(HANDLER)[-1], HANDLER, word, results="")

    assert HANDLER == asked.case["handler"]


def test_what_was_refused_is_not_sent_anyway_by_a_doubtful_mail(work: Casework) -> None:
    """仍然发送 that nobody vouches for is asked back as well, and then done."""
    refused = of_kind(work.says(HANDLER, "答复：已处理。"), "staff.refusal")[0]

    letters = under(work, refused, HANDLER, "仍然发送", results="")
    assert [("staff.confirmation", HANDLER)] == [(x.kind, x.to) for x in letters]

    letters = under(work, of_kind(letters, "staff.confirmation")[0], HANDLER, "确认", results="")
    assert ["requester.answer"] == [x.kind for x in to(letters, CUSTOMER)]


def test_a_delegate_confirms_what_the_delegate_ordered(work: Casework) -> None:
    """Under the key of the absent person the delegate is asked, at the delegate's own address, and has those rights."""
    letters = under(work, work.got(HANDLER)[-1], DELEGATE, ANSWER, results="")
    assert [("staff.confirmation", DELEGATE)] == [(x.kind, x.to) for x in letters]

    under(work, letters[0], DELEGATE, "确认", results="")

    assert "answered" == work.state
