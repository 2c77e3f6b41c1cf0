"""security.md, "When a mail is believed" and "Commands that may begin a conversation": a test for each sentence."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.casework import COORDINATOR, HANDLER, Casework
from tests.journeys.desk import Letter, open_desk
from tests.journeys.letters import INSIDE, of_kind, telling, to
from tests.journeys.post import COMPLAINT, CUSTOMER, LETTER, mail

pytestmark = pytest.mark.slow
BOSS, STAFF, STORE = "chen.guodong@corp.example", "wen.zhiyuan@corp.example", "store.chengxi@corp.example"
FORGED = "mx.corp.example; dmarc=fail header.from={0}; spf=fail smtp.mailfrom={0}"
DIRECTIVE = "请各部门于11月30日前完成消防通道自查，并把自查结果报总经办。各单位负责人要传达到每一位员工，落实到位。"
SIGNED = "帮助\n\n林晓月\n总经办主任\n电话 0755-12345678 手机 13800138000\n深圳市南山区科技园路1号示例大厦20层"
MATTER = "顾客来电反映在城西店买的热水壶漏电跳闸，要求退款129元，并问有没有危险。"


@pytest.fixture
def unchecked(tmp_path: Path) -> Iterator[Casework]:
    """The same at a provider that writes no results: none are configured."""
    with open_desk(tmp_path, trusted="") as desk:
        made = Casework(desk)
        made.open()
        yield made


def writes(work: Casework, who: str, subject: str, text: str, *, results: str = "", **fields: str) -> list[Letter]:
    """A mail that begins a conversation, with these results of our server; "pass" is a login of the writer's own."""
    work.desk.now += timedelta(minutes=1)
    made = mail(subject, text, sender=who, date=work.desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800"), **fields)
    bare = who.rpartition("<")[2].rstrip(">")
    if results and results != "pass":
        made = f"Authentication-Results: {results}\r\n".encode() + made
    letters = work.desk.receive(made, authentication=INSIDE.format(bare) if results == "pass" else None)
    work.letters += letters
    return letters


def answers(work: Casework, who: str, text: str, results: str = "", **fields: str) -> list[Letter]:
    """A reply to the newest letter that somebody has, by its key."""
    return writes(work, who, f"Re: {work.got(who)[-1].subject}", text, results=results, **fields)


def last(work: Casework) -> str:
    """What became of the last mail."""
    return str(work.desk.rows("select disposition from journal order by id desc limit 1")[0][0])


# -- when a mail is believed

BELIEVED: list[Any] = [
    pytest.param("mx.corp.example; auth=pass smtp.auth=he.zhiqiang@corp.example", "command", id="login"),
    pytest.param("mx.corp.example; auth=pass smtp.auth=he.zhiqiang", "command", id="local-part"),
    pytest.param("mx.corp.example; dmarc=pass header.from=corp.example", "command", id="dmarc"),
    pytest.param("mx.corp.example; dkim=pass header.d=corp.example", "command", id="dkim-aligned"),
    pytest.param("mx.corp.example; spf=pass smtp.mailfrom=bounce@corp.example", "command", id="spf-aligned"),
    pytest.param("mx.corp.example; dmarc=fail header.from=corp.example", "refused", id="dmarc-fail"),
    pytest.param("mx.corp.example; spf=fail smtp.mailfrom=corp.example", "refused", id="spf-fail"),
    pytest.param("mx.corp.example; dkim=fail header.d=corp.example", "refused", id="dkim-fail"),
    pytest.param("mx.corp.example; spf=softfail smtp.mailfrom=corp.example", "confirm-first", id="softfail"),
    pytest.param("mx.corp.example; dkim=temperror header.d=corp.example", "confirm-first", id="temperror"),
    pytest.param("mx.corp.example; none", "confirm-first", id="none"),
    pytest.param("", "confirm-first", id="no-header"),
    pytest.param("mx.other.example; dmarc=pass header.from=corp.example", "confirm-first", id="another-host"),
    pytest.param("mx.other.example; dmarc=fail header.from=corp.example", "confirm-first", id="another-hosts-fail"),
]


@pytest.mark.parametrize(("results", "outcome"), BELIEVED)
def test_authenticated_failed_unknown_by_the_topmost_trusted_header(work: Casework, results: str, outcome: str) -> None:
    """Authenticated, failed and unknown by the topmost trusted header: an order is done, refused, or asked back once.

    "A mail is authenticated when the topmost Authentication-Results ... Failed ... Unknown ... Headers of other hosts
    are ignored."
    """
    answers(work, HANDLER, "转质量部处理", results)

    assert outcome == last(work)
    assert ("质量部" if outcome == "command" else "物流部") == work.case["unit"]


@pytest.mark.parametrize("who", [HANDLER, STORE])
def test_failed_in_a_colleagues_name_has_no_effect_and_two_hear_of_it(work: Casework, who: str) -> None:
    """“Failed, From is a directory person's address: no case, no effect”; the two named hear at once, nobody else.

    “Nothing to From, Reply-To or envelope; a security notice at once to the coordinator and to the real person at the
    directory's address”; a unit's own address is one too.
    """
    letters = writes(work, who, "急件", "转质量部处理，马上。", results=FORGED.format("corp.example"),
                     Reply_To="forger@mail-b.example", Return_Path="<forger@mail-b.example>")  # fmt: skip

    assert 1 == len(work.desk.cases())
    assert {("manager.security", COORDINATOR), ("staff.security", who)} == {(x.kind, x.to) for x in letters}


def test_failed_of_anybody_else_is_a_case_that_is_not_acknowledged(work: Casework) -> None:
    """“Failed, any other From: a case, never acknowledged”; and the digest says so."""
    letters = writes(work, "wu.fang@mail-b.example", COMPLAINT, LETTER, results=FORGED.format("mail-b.example"))

    assert 2 == len(work.desk.cases())
    assert [] == to(letters, "wu.fang@mail-b.example")
    assert telling(work.later(timedelta(days=1)), "发件身份校验未通过")


@pytest.mark.parametrize(("sender", "text"), [
    pytest.param('"陈国栋 chen.guodong@corp.example" <anna@mail-b.example>', LETTER, id="another-address-in-the-name"),
    pytest.param("anna@mail-b.example", "转物流部", id="nothing-but-a-command"),
])  # fmt: skip
def test_who_pretends_becomes_unclassified_and_the_coordinator_hears(work: Casework, sender: str, text: str) -> None:
    """“No party, and ...: unclassified, never acknowledged, coordinator told”.

    “Either the display name contains an address other than From's, or the fresh text is nothing but a command.”
    """
    letters = writes(work, sender, "请处理", text)

    new = max(work.desk.cases(), key=lambda case: str(case["number"]))
    assert ("unclassified", "anna@mail-b.example") == (new["type"], new["requester"])
    assert [] == to(letters, "anna@mail-b.example")
    assert COORDINATOR in {x.to for x in of_kind(letters, "manager.security")}


def test_another_own_address_in_the_name_is_no_lie(work: Casework) -> None:
    """A colleague whose client shows the colleague's own address in the name is not suspected."""
    letters = writes(work, f'"{COORDINATOR}" <{COORDINATOR}>', "帮助", "帮助")

    assert [("staff.help", COORDINATOR)] == [(x.kind, x.to) for x in letters]


@pytest.mark.parametrize(("text", "outcome"), [
    ("备注：已电话核实。", "command"), ("收到", "command"), ("状态", "command"),
    ("答复：今天已从仓库重新发出，运单号SF1002。", "confirm-first"), ("转质量部", "confirm-first"),
    ("上报：需要协调仓库。", "confirm-first"), ("延期三天，等供应商回复。", "confirm-first"), ("撤销", "confirm-first"),
    ("仍然发送", "confirm-first"), ("结案\n原因：面单破损\n措施：重新发出", "confirm-first"),
])  # fmt: skip
def test_unknown_note_accept_status_count_others_are_asked_once(work: Casework, text: str, outcome: str) -> None:
    """“Unknown: note, accept, status count with a key, every other command asks for one confirmation”.

    “... by a fresh key sent to the directory's address”; nothing has happened before.
    """
    before = (work.state, work.case["handler"])

    letters = answers(work, HANDLER, text)

    assert outcome == last(work)
    if outcome == "confirm-first":
        assert [("staff.confirmation", HANDLER)] == [(x.kind, x.to) for x in letters]
        assert before == (work.state, work.case["handler"])


def test_the_question_goes_to_the_directorys_address(work: Casework) -> None:
    """The fresh key is sent to the address of the directory, wherever From and Reply-To say that the answer goes."""
    letters = answers(work, HANDLER, "转质量部", Reply_To="forger@mail-b.example")

    assert [HANDLER] == [x.to for x in letters]


def test_orders_to_a_list_of_cases_are_asked_once_too(work: Casework) -> None:
    """Lines under a list's key that nobody vouches for wait for one word, and are done then, once."""
    writes(work, COORDINATOR, "状态", "状态", results="pass")
    number = str(work.case["number"]).rpartition("-")[2].lstrip("0")

    asked = answers(work, COORDINATOR, f"{number} 转质量部")

    assert [("staff.confirmation", COORDINATOR)] == [(x.kind, x.to) for x in asked]
    assert HANDLER == work.case["handler"]
    answers(work, COORDINATOR, "确认")
    assert "luo.jianping@corp.example" == work.case["handler"]
    work.letters += asked
    answers(work, COORDINATOR, "确认")
    assert "duplicate" == last(work)


def test_none_configured_key_and_from_suffice(unchecked: Casework) -> None:
    """“With none configured: key + From suffice except for the sensitive commands”."""
    answers(unchecked, HANDLER, "转质量部处理")

    assert "command" == last(unchecked)
    assert "luo.jianping@corp.example" == unchecked.case["handler"]


# -- commands that may begin a conversation


@pytest.mark.parametrize("body", ["帮助", SIGNED, "help"])
@pytest.mark.parametrize("who", [COORDINATOR, "feng.xia@corp.example"])
def test_help_needs_no_results(unchecked: Casework, who: str, body: str) -> None:
    """`help` of a directory person is answered at the directory's address; no case, no alarm."""
    letters = writes(unchecked, who, "", body, Reply_To="elsewhere@mail-b.example")

    assert [("staff.help", who)] == [(x.kind, x.to) for x in letters]
    assert 1 == len(unchecked.desk.cases())


def test_help_in_answer_to_a_mail_whose_key_was_lost(work: Casework) -> None:
    """A colleague whose client drops the subject asks for help under a mere reference, and gets it."""
    digest = of_kind(work.later(timedelta(hours=24)), "manager.digest")[0]

    letters = writes(work, COORDINATOR, "Re:", "帮助", results="pass",
                     In_Reply_To=str(digest.message["Message-ID"]))  # fmt: skip

    assert ["staff.help"] == [x.kind for x in letters]
    assert 1 == len(work.desk.cases())


def test_a_directive_of_the_packs_roles_counts_where_it_is_authenticated(work: Casework) -> None:
    """“They count only when From is an address of a directory person and the mail is authenticated”: a directive."""
    writes(work, BOSS, "通知：消防通道自查", f"各部门负责人：\n{DIRECTIVE}", results="pass")

    case = max(work.desk.cases(), key=lambda one: str(one["number"]))
    assert ("directive", "circulating") == (case["type"], case["state"])


@pytest.mark.parametrize(("who", "results"), [(BOSS, ""), ("wang.lei@corp.example", "pass")])
def test_a_directive_that_does_not_count_is_a_proposal(work: Casework, who: str, results: str) -> None:
    """“Not authenticated: a directive ... becomes a proposal that the coordinator starts with one click”.

    Nor does one count of somebody without the role; where nobody vouches for it, the coordinator is warned.
    """
    letters = writes(work, who, "通知：消防通道自查", f"各部门负责人：\n{DIRECTIVE}", results=results)

    assert [] == of_kind(letters, "receiver.circulation")
    proposal = next(x for x in letters if x.to == COORDINATOR and x.kind in {"handler.assignment", "manager.notice"})
    assert "下发" in proposal.text
    assert ("未能核实" in proposal.text) == (results == "")
    started = answers(work, COORDINATOR, "下发 各部门", results="pass")
    assert HANDLER in {x.to for x in of_kind(started, "receiver.circulation")}


def test_a_directive_counts_once(work: Casework) -> None:
    """A captured directive under a new Message-ID opens no second case."""
    for n in range(2):
        made = mail("通知：消防通道自查", DIRECTIVE, sender=BOSS, Message_ID=f"<copy{n}@pc.example>")
        work.desk.receive(made, authentication=INSIDE.format(BOSS))

    assert 2 == len(work.desk.cases())
    assert "duplicate" == last(work)


def test_on_behalf_not_authenticated_is_the_writers_own_case(work: Casework) -> None:
    """“代录 becomes a case of the writer himself”; the person spoken of hears nothing."""
    letters = writes(work, "bai.xue@corp.example", "代录 孙秀兰 <sun@mail-gm.example>", f"代录 孙秀兰\n{MATTER}")

    case = max(work.desk.cases(), key=lambda one: str(one["number"]))
    assert "bai.xue@corp.example" == case["requester"]
    assert [] == to(letters, "sun@mail-gm.example")


def test_away_not_authenticated_is_asked_back_once_at_the_directorys_address(work: Casework) -> None:
    """“`away` is asked back once at the directory's address”; the same mail again asks nothing again."""
    asked = [writes(work, HANDLER, "外出", "外出 11月25日到11月27日 冯霞代理", Reply_To="forger@mail-b.example",
                    Date="Tue, 24 Nov 2026 10:00:00 +0800", Message_ID=f"<{n}@x.example>") for n in (1, 2)]  # fmt: skip

    assert [("staff.confirmation", HANDLER)] == [(x.kind, x.to) for x in asked[0]]
    assert [] == asked[1]
    confirmed = answers(work, HANDLER, "确认")
    assert "冯霞" in of_kind(confirmed, "staff.echo")[0].text


def test_status_goes_to_the_address_on_file_and_never_to_reply_to(work: Casework) -> None:
    """“`status` is answered only to the address the case has on file, never to Reply-To”."""
    for who in (CUSTOMER, HANDLER):
        letters = writes(work, who, "状态", "状态", Reply_To="elsewhere@mail-b.example")

        assert [who] == [x.to for x in letters]


def test_status_looks_the_same_where_there_is_no_case(work: Casework) -> None:
    """“... and the answer looks the same when there is no case”: to a colleague, whatever number the mail names."""
    number = str(work.case["number"])
    texts = [
        writes(work, "feng.xia@corp.example", f"状态 {asked}", "状态", results="pass")[0].text
        for asked in (number, "GM-2026-000777")
    ]

    assert texts[0] == texts[1]
    assert number not in texts[0]


def test_a_colleague_who_sends_in_anothers_name_begins_nothing(work: Casework) -> None:
    """`Sender:` of another hand, in a mail of our own domain: it is not the person of From who speaks."""
    letters = writes(work, HANDLER, "外出", "外出 11月25日到11月27日 冯霞代理",
                     results="mx.corp.example; dmarc=pass header.from=corp.example", Sender=STAFF)  # fmt: skip

    assert [("staff.confirmation", HANDLER)] == [(x.kind, x.to) for x in letters]
