"""Loops and storms.

The attacker, or just another machine, answers each of our mails, or tells us falsely that they came back, were read, or
that somebody is away. Held: our own mails are known, machines are never answered, reports count only for the mail and
the reader they speak of, and rates stop what nothing else knew.

Elsewhere: machines that give no sign of being one in `tests/journeys/test_storms.py`; every form of report and
automatic mail in `tests/mail/test_dsn.py` and `test_automatic.py`; letters that come back as they are in
`test_hostile.py`; notices in a storm in `test_rates.py`.
"""

from pathlib import Path

from tests.hostile.attack import EVIL, attack, last, outside, raw, standing
from tests.journeys.casework import ANSWER, HANDLER, MORNING, Casework
from tests.journeys.desk import GM, Letter, open_desk
from tests.journeys.letters import INSIDE, of_kind, to
from tests.journeys.post import COMPLAINT, CUSTOMER, LETTER, absence, bounce, mail

PARTNER = "gm@partner.example"


def crossed(letters: list[Letter], there: str) -> list[bytes]:
    """What one installation sent to the shared mailbox of the other."""
    local, _, domain = there.partition("@")
    return [x.raw for x in letters if x.to.startswith(local) and x.to.endswith(f"@{domain}")]


def test_two_installations_come_to_rest(tmp_path: Path) -> None:
    """A partner's clerk complains from the partner's shared mailbox, which maild reads too: a few mails, then silence."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with open_desk(tmp_path / "a") as ours, open_desk(tmp_path / "b", people=[PARTNER]) as theirs:
        settings = theirs.folder / "maild.toml"
        text = settings.read_text("utf-8").replace(GM, PARTNER).replace('"corp.example"', '"partner.example"')
        settings.write_text(text, "utf-8")
        ours.now = theirs.now = MORNING
        theirs.one_pass()
        work = Casework(ours)
        work.open(sender=PARTNER)
        work.says(HANDLER, ANSWER)
        waiting, count = crossed(work.letters, PARTNER), 0
        while waiting and count < 30:
            count += len(waiting)
            for one in waiting:
                theirs.servers.deliver(one, PARTNER)
            back = crossed(theirs.one_pass(), GM)
            count += len(back)
            for one in back:
                ours.servers.deliver(one, GM)
            waiting = crossed(ours.one_pass(), PARTNER)

        assert 2 <= count < 12


def test_two_installations_that_refuse_each_other_come_to_rest(work: Casework) -> None:
    """Each letter of ours to a partner comes back as a report, and the report on the notice too: it ends inside."""
    letters, rounds = work.got(CUSTOMER), 0
    while letters and rounds < 10:
        rounds += 1
        letters = attack(work, *(bounce(one.to, original=one.raw) for one in letters))
        assert [] == [one for one in outside(letters) if one[0] != CUSTOMER]

    assert rounds < 4


def test_a_requester_returns_no_mail_but_the_own(work: Casework) -> None:
    """A forged report under the requester's key that names the handler's address marks nothing as returned."""
    token = work.got(CUSTOMER)[0].token
    report = bounce(HANDLER, original=f"Subject: Re: [{token}]\r\nFrom: {GM}".encode())

    letters = attack(work, report)

    assert "report-unmatched" == last(work.desk)
    assert [] == letters
    assert [] == work.desk.rows("select id from outbox where state = 'bounced'")


def test_a_forged_report_of_anothers_case_marks_nothing(work: Casework) -> None:
    """By number, by subject, by an id that we never used, for five hundred recipients at once."""
    number, before = work.case["number"], standing(work.desk)
    for original in (
        f"Subject: 受理回执 {number}", f"Subject: Re: [{number}-00000000]", "Message-ID: <maild.x@corp.example>",
        f"X-Maild-Id: {number}", "X-Maild-Id: 1", "X-Maild-Id: %", "Message-ID: <%>",
    ):  # fmt: skip
        report = bounce(HANDLER, original=original.encode())
        many = b"".join(b"Final-Recipient: rfc822; u%d@corp.example\r\nAction: failed\r\n\r\n" % n for n in range(500))
        letters = attack(work, report, report.replace(b"Final-Recipient: rfc822", many + b"Final-Recipient: rfc822", 1))

        assert (before, []) == (standing(work.desk), letters), original
    assert [] == work.desk.rows("select id from outbox where state = 'bounced'")


def test_a_read_receipt_is_no_report_and_no_answer(work: Casework) -> None:
    """It says that a mail was deleted unread, or read, or bears a command in its text: nothing happens (RFC 8098)."""
    before, assignment = standing(work.desk), work.got(HANDLER)[-1]
    for kind in ("displayed", "deleted", "dispatched", "failed"):
        parts = (
            "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n转 质量部\r\n"
            "--b\r\nContent-Type: message/disposition-notification\r\n\r\n"
            f"Final-Recipient: rfc822; {HANDLER}\r\nOriginal-Message-ID: {assignment.message['Message-ID']}\r\n"
            f"Disposition: manual-action/MDN-sent-manually; {kind}\r\n--b--"
        )
        head = f"From: {HANDLER}\r\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b"
        results = [f"mx.corp.example; {INSIDE.format(HANDLER)}"]
        letters = attack(work, raw(head, parts, subject=f"Re: {assignment.subject}", results=results))

        assert (before, [], "machine-mail") == (standing(work.desk), letters, last(work.desk)), kind


def test_a_forged_absence_moves_nothing_and_brings_no_stranger_in(work: Casework) -> None:
    """In the handler's name without a proof, for a year, with a stand-in of the forger's choice in its text."""
    assignment = work.got(HANDLER)[-1]
    made = absence(HANDLER, answers=str(assignment.message["Message-ID"])).replace(
        b"\r\n\r\n", b"\r\nX-Autoreply: yes\r\n\r\n", 1
    )

    letters = attack(work, made.replace(b"Message-ID", b"X-Note: mallory@evil.example\r\nMessage-ID", 1))

    assert HANDLER == work.case["handler"]
    assert [] == [one for one in outside(letters) if "evil" in one[0]]


def test_our_marks_in_a_strangers_mail_hide_nothing(work: Casework) -> None:
    """A copied X-Maild-Id, Message-ID or From does not make a complaint vanish, and opens no case of another."""
    ours = work.got(CUSTOMER)[0].message
    for n, head in enumerate((
        f"From: {EVIL}\r\nX-Maild-Id: {ours['X-Maild-Id']}", f"From: {EVIL}\r\nX-Maild-Id: {ours['X-Maild-Id']}\r\nSender: {GM}",
        f"From: {EVIL}\r\nReturn-Path: <{GM}>\r\nX-Maild-Id: x",
    )):  # fmt: skip
        attack(work, raw(head, f"投诉：第 {n} 张订单三周没有发货，要求退款。"))

        assert "new-case" == last(work.desk), head
    copied = mail(COMPLAINT + "二", LETTER + "二", sender=EVIL, Message_ID=str(ours["Message-ID"]))
    attack(work, copied)
    assert "new-case" == last(work.desk)


def test_a_stranger_who_answers_as_a_machine_is_never_the_requester(work: Casework) -> None:
    """An automatic reply under the requester's key from elsewhere is kept, and sends nothing to anybody outside."""
    token = work.got(CUSTOMER)[0].token

    letters = attack(work, raw(f"From: {EVIL}\r\nAuto-Submitted: auto-replied", "不满意", subject=f"[{token}]"))

    assert ([], "assigned") == (to(letters, EVIL) + of_kind(letters, "requester.reopened"), work.state)
