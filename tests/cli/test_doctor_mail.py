"""`maild doctor --mail` and `--reconcile`: what becomes of mail on its way, and whether the books agree."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.adapters.finding import Finding
from maild.adapters.mailcheck import check_mail, judged, posted_to
from maild.adapters.reconciling import PARTS, damaged, differences, part_of
from maild.cli.main import main
from maild.mail.parse import parse
from maild.nightly import reconcile_at_night
from tests.journeys.desk import GM, TestDesk, open_desk
from tests.journeys.post import mail

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
WORDS = "检查 / check\n无须回复。\nNo reply needed."
AUTH = (
    b"Authentication-Results: mx.corp.example; spf=pass smtp.mailfrom=corp.example;"
    b" dkim=pass header.d=other.example; dmarc=fail header.from=corp.example\r\n"
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """An installation whose mailboxes are on real embedded servers."""
    with open_desk(tmp_path, people=("boss@corp.example",)) as opened:
        opened.now = NOW
        yield opened


def _by(findings: list[Finding], word: str) -> list[str]:
    return [one.status for one in findings if word in one.check]


def test_mail_to_ourselves_is_read_where_it_arrives(desk: TestDesk) -> None:
    """The mail to the shared address is found and judged; of another address its reader must look."""
    box = desk.workshop().settings.mailbox[0]
    found = list(check_mail(box, "boss@corp.example", (box,), WORDS, now=NOW, patience=20))

    own = [one for one in found if GM in one.check]
    assert _by(own, "Message-ID") == _by(own, "Reply-To") == _by(own, "text") == ["ok"]
    assert [one.status for one in found if "boss" in one.check] == ["warn"]
    assert len(desk.servers.inbox("boss@corp.example")) == 1


def test_what_was_changed_on_the_way_is_told(desk: TestDesk) -> None:
    """A provider's own Message-ID, a dropped Reply-To, a banner, and results that do not align are each one line."""
    box = desk.workshop().settings.mailbox[0]
    posted = posted_to(box, GM, WORDS, NOW)
    raw = AUTH + posted.raw.replace(posted.message_id.encode(), b"<new@provider.example>")
    raw = raw.replace(b"Reply-To: gm+probe@corp.example\r\n", b"")
    head, _, _ = raw.partition(b"Content-Transfer-Encoding")
    body = b"Content-Transfer-Encoding: 8bit\r\n\r\n[EXTERNAL] be careful\r\n" + posted.text.encode()
    found = list(judged(posted, parse(head + body), box, box, check="m"))

    said = {one.check: one.status for one in found}
    assert said["m, SPF"] == "ok"
    assert said["m, DKIM"] == "warn"
    assert said["m, DMARC"] == "BAD"
    assert (said["m, Message-ID"], said["m, Reply-To"], said["m, text"]) == ("warn", "warn", "warn")


def test_a_mail_that_never_arrives_is_told(desk: TestDesk) -> None:
    """Where the server takes the mail and it does not come back, that is bad, and nothing waits for ever."""
    box = desk.workshop().settings.mailbox[0]
    desk.servers.refuse(GM, 550, "5.1.1 no such user")
    found = list(check_mail(box, GM, (box,), WORDS, now=NOW, patience=1))

    assert [one.status for one in found] == ["BAD"]


def test_the_command_line_asks_for_both(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`maild doctor --mail --reconcile` prints a line for each way and for the books."""
    desk.receive(mail(), authentication="pass")
    for name, said in desk.environ.items():
        monkeypatch.setenv(name, said)
    desk.restart()
    main(["doctor", "-c", str(desk.folder / "maild.toml"), "--mail", GM, "--reconcile"])

    out = capsys.readouterr().out
    assert f"ok   mail to {GM}: sent and arrived" in out
    assert f"ok   books of {GM}: server, journal, archive, cases and outbox agree" in out


def test_books_that_agree_have_no_differences(desk: TestDesk) -> None:
    """After mail came, was answered and filed, nothing is reported."""
    desk.receive(mail(), mail(sender="c2@mail-a.example"), authentication="pass")
    workshop = desk.workshop()

    assert [] == list(
        differences(workshop.settings.mailbox[0], workshop.store, workshop.archive, day=NOW.date(), whole=True)
    )


def test_each_difference_is_found(desk: TestDesk) -> None:
    """A mail that was passed over, an archived mail that changed, a case that is gone: each is named."""
    desk.receive(mail(), authentication="pass")
    workshop = desk.workshop()
    box = workshop.settings.mailbox[0]
    uid = desk.servers.append(GM, "INBOX", mail("另一封", sender="c3@mail-a.example"))
    with workshop.store.writing() as books:
        books.connection.exec_driver_sql("update cursor set last_uid = ?", (uid,))
        books.connection.exec_driver_sql('delete from "case"')
    [(sha256,)] = desk.rows("select sha256 from journal")
    next(desk.folder.rglob(sha256)).write_bytes(b"something else")
    found = {one.kind: one for one in differences(box, workshop.store, workshop.archive, day=NOW.date(), whole=True)}

    assert set(found) == {"unjournalled", "archive-damaged", "case-lost"}
    assert found["unjournalled"].example == f"UID {uid} in INBOX"
    assert found["archive-damaged"].example == sha256


def test_every_archived_mail_is_read_within_thirty_days(desk: TestDesk) -> None:
    """Whatever its hash, a damaged mail is found on exactly one of thirty nights."""
    desk.receive(mail(), authentication="pass")
    workshop = desk.workshop()
    [(sha256,)] = desk.rows("select sha256 from journal")
    next(desk.folder.rglob(sha256)).unlink()
    nights = [NOW.date() + timedelta(days=day) for day in range(PARTS)]
    box = workshop.settings.mailbox[0]
    found = [damaged(box, workshop.store, workshop.archive, part=part_of(night)) for night in nights]

    assert sorted(found) == [[]] * (PARTS - 1) + [[sha256]]


def test_the_night_tells_of_a_difference_once_a_night(desk: TestDesk) -> None:
    """From three o'clock on, once: a line for the digest, and the second channel where it is grave."""
    desk.receive(mail(), authentication="pass")
    workshop = desk.workshop()
    box = workshop.settings.mailbox[0]
    assert reconcile_at_night(workshop, box) is None
    with workshop.store.writing() as books:
        books.connection.exec_driver_sql('delete from "case"')
    desk.now = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
    assert reconcile_at_night(workshop, box) is None
    desk.now = datetime(2026, 11, 24, 21, 30, tzinfo=UTC)
    assert [one.kind for one in reconcile_at_night(workshop, box) or ()] == ["case-lost"]
    assert reconcile_at_night(workshop, box) is None

    assert [("differs-case-lost",)] == desk.rows("select kind from line where kind like 'differs%'")
    assert [(1,)] == desk.rows("select count(*) from instant")
