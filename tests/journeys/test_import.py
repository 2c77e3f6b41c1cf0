"""Old mail as history: found and followed, counted apart, silent; interrupted and repeated without harm."""

import mailbox
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from maild.cli.main import main
from tests.journeys.desk import GM, TestDesk, open_desk
from tests.journeys.letters import of_kind
from tests.journeys.post import CUSTOMER, absence, bounce, mail

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 11, 24, 9, tzinfo=SHANGHAI)
COORDINATOR = "lin.xiaoyue@corp.example"
ADVERT = ("特价办公家具", "本公司专营办公家具，厂家直销，量大从优，欢迎来电洽谈合作，回复TD退订。")
FIRST = mail(date="Mon, 04 Mar 2024 09:00:00 +0800", Message_ID="<old-1@pc.example>")
ANSWER = mail(
    "Re: 投诉", "已为您补发，请查收。", sender=GM, to=CUSTOMER, date="Tue, 05 Mar 2024 10:00:00 +0800",
    Message_ID="<old-2@corp.example>", In_Reply_To="<old-1@pc.example>",
)  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """A fresh installation."""
    with open_desk(tmp_path) as made:
        made.now = MORNING
        yield made


@pytest.fixture
def run(desk: TestDesk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> "Import":
    """`maild import` into it, by the clock of the office under test."""
    monkeypatch.setattr("maild.daemon.machine_clock", lambda: desk.now)
    monkeypatch.setenv("GM_PASSWORD", desk.environ["GM_PASSWORD"])
    return Import(desk, capsys)


class Import:
    """One installation's `maild import`."""

    def __init__(self, desk: TestDesk, capsys: pytest.CaptureFixture[str]) -> None:
        self._desk, self._capsys = desk, capsys

    def __call__(self, path: Path, *words: str, status: int = 0) -> str:
        """Run it; what it printed."""
        self._desk.restart()
        assert main(["import", str(path), "-c", str(self._desk.folder / "maild.toml"), *words]) == status
        done = self._capsys.readouterr()
        return done.out + done.err


def eml(folder: Path, *raws: bytes) -> Path:
    """A folder of .eml files, in an order that is not that of time."""
    folder.mkdir(exist_ok=True)
    for number, raw in enumerate(raws):
        (folder / f"{9 - number}.eml").write_bytes(raw)
    return folder


def test_old_mail_becomes_closed_cases_and_nothing_is_sent(desk: TestDesk, run: Import, tmp_path: Path) -> None:
    """A complaint of 2024 and its answer are one closed case of 2024, and no clock rings in the weeks after."""
    said = run(eml(tmp_path / "old", FIRST, ANSWER))
    letters = [*desk.later(timedelta(minutes=1)), *desk.later(timedelta(days=30))]

    (case,) = desk.cases()
    assert (case["number"], case["state"], case["origin"]) == ("GM-2024-000001", "closed", "imported")
    assert [e["kind"] for e in case["events"]][-1] == "answered"
    assert case["clocks"] == []
    assert [letter.to for letter in letters if letter.kind != "manager.digest"] == []
    assert "nothing was sent" in said


def test_an_interrupted_import_goes_on_and_twice_is_once(desk: TestDesk, run: Import, tmp_path: Path) -> None:
    """What is known already is left out; what the daemon took in is known too, and the other way round."""
    folder = eml(tmp_path / "old", FIRST)
    run(folder)
    new = mail(sender="wu@mail-w.example")
    desk.receive(FIRST, new)

    said = run(eml(folder, FIRST, ANSWER, new))

    assert "2 known already" in said
    assert len(desk.cases()) == 2


def test_a_late_reply_to_an_old_mail_begins_a_linked_case(desk: TestDesk, run: Import, tmp_path: Path) -> None:
    """Two years after the answer the customer replies to it: a new case with its own clocks, linked to the old one."""
    run(eml(tmp_path / "old", FIRST, ANSWER))

    letters = desk.receive(mail("Re: 投诉", "补发的锅又坏了，要求退款，请给答复。", In_Reply_To="<old-2@corp.example>"))

    old, new = desk.cases()
    assert (old["state"], new["links"]) == ("closed", [old["number"]])
    assert [letter.to for letter in of_kind(letters, "requester.acknowledgement")] == [CUSTOMER]


def test_a_reply_to_mail_of_last_week_opens_its_case_again(desk: TestDesk, run: Import, tmp_path: Path) -> None:
    """Within 30 days the imported case itself is opened again, as after any closing."""
    run(eml(tmp_path / "old", mail(date="Fri, 20 Nov 2026 09:00:00 +0800", Message_ID="<new-1@pc.example>")))

    desk.receive(mail("Re: 投诉", "还是没有收到，要求退款。", In_Reply_To="<new-1@pc.example>"))

    (case,) = desk.cases()
    assert case["state"] == "reopened"


def test_every_form_of_export_is_read(desk: TestDesk, run: Import, tmp_path: Path) -> None:
    """An mbox, a maildir and .eml files in one tree: each mail once, oldest first."""
    tree = tmp_path / "export"
    (tree / "eml").mkdir(parents=True)
    (tree / "eml" / "a.eml").write_bytes(FIRST)
    box = mailbox.mbox(tree / "Archive")
    box.add(mail("投诉：第二单", sender="li@mail-l.example", date="Wed, 06 Mar 2024 09:00:00 +0800"))
    box.add(ANSWER)
    box.flush()
    box.close()
    maildir = mailbox.Maildir(tree / "Maildir")
    maildir.add(mail("投诉：第三单", sender="wu@mail-w.example", date="Sun, 03 Mar 2024 09:00:00 +0800"))

    said = run(tree)

    assert said.startswith("4 mails: 1 answered-by-hand, 3 new-case")
    assert ["wu@mail-w.example", CUSTOMER, "li@mail-l.example"] == [case["requester"] for case in desk.cases()]


def test_machines_and_advertisements_open_nothing(desk: TestDesk, run: Import, tmp_path: Path) -> None:
    """Delivery reports, absences and our own outgoing mail are no cases; an advertisement stands aside."""
    ours = mail("通知", "各位：", sender=GM, to=CUSTOMER)
    run(
        eml(
            tmp_path / "old",
            bounce(CUSTOMER, original=ours),
            absence(CUSTOMER),
            ours,
            mail(*ADVERT, sender="ad@mail-z.example"),
        )
    )

    assert {case["state"] for case in desk.cases()} <= {"set-aside"}


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(desk: TestDesk, run: Import, tmp_path: Path) -> None:
    """Exit status 1, one sentence with the file, and the other mails are in."""
    from tests.journeys.post import poison

    said = run(eml(tmp_path / "old", poison(), FIRST), status=1)

    assert "9.eml" in said
    assert len(desk.cases()) == 1


def test_open_since_offers_what_is_still_to_be_answered(desk: TestDesk, run: Import, tmp_path: Path) -> None:
    """Cases since that day are open and stand on the coordinator's list; nothing is sent before the release."""
    week = mail("投诉：第二单", sender="li@mail-l.example", date="Fri, 20 Nov 2026 09:00:00 +0800")
    run(eml(tmp_path / "old", FIRST, week), "--open-since", "2026-11-01")

    letters = desk.one_pass()

    assert [case["state"] for case in desk.cases()] == ["closed", "assigned"]
    assert {letter.to for letter in letters} == {COORDINATOR}
    assert len(of_kind(letters, "manager.release")) == 1


def test_a_path_without_mail_is_told(desk: TestDesk, run: Import, tmp_path: Path) -> None:
    """An empty folder or a wrong path is one sentence and exit status 2."""
    (tmp_path / "empty").mkdir()

    assert "no mail is found" in run(tmp_path / "empty", status=2)
    shutil.rmtree(tmp_path / "empty")
    assert "no such file" in run(tmp_path / "empty", status=2)
    assert desk.cases() == []
