"""A history edited.

Somebody with the database in hand changes what was done: a word of an event, its time or actor, its order, an event
less, one more, the last ones cut off. Held: each case's events are chained by hash, the case knows the last one, and
`maild audit verify` names the first broken link.

Elsewhere: each field of an event in `tests/domain/test_audit.py`; an exported case and its own script in
`tests/journeys/test_export.py`.
"""

from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest

from maild.adapters.chains import broken_chains
from maild.cli.main import main
from tests.journeys.casework import ANSWER, HANDLER, MORNING, Casework
from tests.journeys.desk import open_desk

EDITS = {
    "a word": "update event set data = replace(data, 'route', 'note') where seq = 3",
    "who did it": "update event set actor = 'zhou.min@corp.example' where seq = 3",
    "when": "update event set at = datetime(at, '-1 day') where seq = 3",
    "what": "update event set kind = 'noted' where seq = 3",
    "a person's as the program's": "update event set human = 1 - human where seq = 3",
    "one taken out": "delete from event where seq = 3",
    "one taken out and closed up": "delete from event where seq = 3; update event set seq = seq - 1 where seq > 3",
    "two exchanged": "update event set seq = 90 where seq = 3; update event set seq = 3 where seq = 4; update event set seq = 4 where seq = 90",
    "one put in": "insert into event (number, seq, at, kind, actor, human, data, previous, hash) "
                  "select number, 99, at, kind, actor, human, data, hash, hash from event order by seq desc limit 1",
    "the end cut off": "delete from event where seq > 2",
    "all of them": "delete from event",
    "a hash": "update event set hash = previous where seq = 3",
}  # fmt: skip


def test_each_edit_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever is done to the rows of a case's events, verifying says which case; untouched, that all hold."""
    with open_desk(tmp_path, database=f"sqlite:///{tmp_path / 'maild.db'}", seal="") as desk:
        desk.now = MORNING
        work = Casework(desk)
        work.open()
        work.says(HANDLER, ANSWER)
        number = str(work.case["number"])
        assert broken_chains(desk.workshop().store)[2] == []
        desk.restart()
        whole = (tmp_path / "maild.db").read_bytes()
        for name, statements in EDITS.items():
            (tmp_path / "maild.db").write_bytes(whole)
            with closing(connect(tmp_path / "maild.db")) as connection, connection:
                connection.executescript(statements)

            found = broken_chains(desk.workshop().store)[2]
            desk.restart()

            assert [number] == [row[0] for row in found], name
        for variable, said in desk.environ.items():
            monkeypatch.setenv(variable, said)
        assert main(["audit", "verify", "-c", str(tmp_path / "maild.toml")]) == 1
        assert number in capsys.readouterr().err
