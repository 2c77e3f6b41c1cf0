"""A mail that nobody can read stays unclassified for that reason, by whatever road it is judged (casework 2)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.cli.main import main
from tests.journeys.casework import MORNING
from tests.journeys.desk import TestDesk, open_desk
from tests.journeys.letters import INSIDE, of_kind
from tests.journeys.test_reappeared import again, drag_back

pytestmark = pytest.mark.slow
CORPUS = Path(__file__).parents[1] / "corpus" / "odd"
SHELL = "Subject: =?utf-8?b?5oqV6K+J77ya5LiJ5ZGo5rKh5pyJ5Y+R6LSn77yM6KaB5rGC6YCA5qy+?="
"""投诉：三周没有发货，要求退款."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """A fresh installation."""
    with open_desk(tmp_path, plus="false") as made:
        made.now = MORNING
        made.one_pass()
        yield made


def sealed(*, sender: str = "zhao.lei@mail-a.example", subject: str = SHELL) -> bytes:
    """An S/MIME mail whose subject alone can be read."""
    raw = (CORPUS / "smime-enveloped.eml").read_bytes()
    head, _, rest = raw.partition(b"Subject: ")
    return (
        head.replace(b"zhao.lei@mail-a.example", sender.encode()) + subject.encode() + b"\n" + rest.partition(b"\n")[2]
    )


def kinds(desk: TestDesk) -> list[str]:
    """The types of all cases."""
    return [case["type"] for case in desk.cases()]


def reason(desk: TestDesk) -> str:
    """The reason of the newest verdict."""
    events = [event for event in desk.cases()[0]["events"] if event["kind"] == "classified"]
    return str(events[-1]["data"].get("reasons", ""))


def run(desk: TestDesk, *words: str) -> None:
    """A command of the same installation."""
    desk.restart()
    assert 0 == main([*words, "-c", str(desk.folder / "maild.toml")])


def test_reprocess_types_it_by_no_shell(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Derived again from the archive it is what it was."""
    monkeypatch.setenv("GM_PASSWORD", desk.environ["GM_PASSWORD"])
    desk.receive(sealed())
    assert ["unclassified"] == kinds(desk)

    run(desk, "reprocess", "--write")

    assert "0 differences" in "".join(capsys.readouterr())
    assert ["unclassified"] == kinds(desk)


def test_import_types_it_by_no_shell(desk: TestDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Old mail too: unclassified, and the history says why."""
    monkeypatch.setattr("maild.daemon.machine_clock", lambda: desk.now)
    monkeypatch.setenv("GM_PASSWORD", desk.environ["GM_PASSWORD"])
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "1.eml").write_bytes(sealed())

    run(desk, "import", str(tmp_path / "old"))

    assert ["unclassified"] == kinds(desk)
    assert "smime" in reason(desk).lower()


def test_triage_again_types_it_by_no_shell(desk: TestDesk) -> None:
    """重新分办 leaves it with the coordinator."""
    desk.receive(sealed())
    drag_back(desk)
    (notice,) = desk.one_pass()

    desk.receive(again(notice), authentication="pass")
    desk.one_pass()

    assert ["unclassified"] == kinds(desk)
    assert "triage-ordered" in [event["kind"] for event in desk.cases()[0]["events"]]


def test_on_behalf_types_it_by_no_shell(desk: TestDesk) -> None:
    """A colleague who records it for a customer opens an unclassified case of that customer."""
    clerk = "bai.xue@corp.example"
    subject = "Subject: =?utf-8?b?5Luj5b2VIOWtmeengOWFsCA8c3VuQG1haWwtZ20uZXhhbXBsZT7vvJrmipXor4nkuInlkajmsqHlj5HotKfvvIzopoHmsYLpgIDmrL4=?="

    letters = desk.receive(sealed(sender=clerk, subject=subject), authentication=INSIDE.format(clerk))

    assert ["unclassified"] == kinds(desk)
    assert "sun@mail-gm.example" == desk.cases()[0]["requester"]
    assert [clerk] == [x.to for x in of_kind(letters, "staff.recorded")]
