"""Cut the line at every command of a pass: `python -m tests.cutpoints [--json]`.

To the embedded IMAP and SMTP servers and a real Dovecot, on SQLite and on PostgreSQL; before the server heard the
command and when its answer was lost. The suite plays a sample. The last line is a JSON object; exit status 1 when a
promise was broken.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from tests.dovecot import BINARY, Dovecot
from tests.journeys.cuts import Deliver, Swept, sweep_commands, through
from tests.journeys.desk import GM, TestDesk
from tests.journeys.proxy import BadLine
from tests.journeys.varied import office, on_dovecot

LINES = ("imap", "smtp", "dovecot")


def main() -> int:
    """Play, print, and say whether all promises held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="the last line alone")
    options = parser.parse_args()
    begin, cuts, broken = time.monotonic(), 0, list[str]()
    with ExitStack() as stack:
        server = stack.enter_context(Dovecot()) if BINARY.exists() else None
        for kind in ("sqlite", "postgres"):
            for which in LINES if server else LINES[:2]:
                for reaches in (False, True):
                    swept = played(kind, which, server, reaches=reaches)
                    name = f"{which}, {kind}, {'answer lost' if reaches else 'unheard'}"
                    cuts, broken = cuts + swept.harmed, broken + [f"{name}, {one}" for one in swept.broken]
                    if not options.json:
                        print(f"{name}: {swept.harmed} cuts, {len(swept.broken)} promises broken", flush=True)
    print(json.dumps({"cuts": cuts, "broken": broken, "seconds": round(time.monotonic() - begin)}))
    return 1 if broken else 0


def played(kind: str, which: str, server: Dovecot | None, *, reaches: bool, places: slice = slice(None)) -> Swept:
    """Every picked command of a pass, cut once."""
    with (
        tempfile.TemporaryDirectory() as folder,
        office(Path(folder), kind, []) as desk,
        cut_line(desk, which, server) as (line, deliver),
    ):
        return sweep_commands(desk, line, deliver, reaches=reaches, places=places)


@contextmanager
def cut_line(desk: TestDesk, which: str, server: Dovecot | None) -> Iterator[tuple[BadLine, Deliver]]:
    """The line to one of the servers, and what puts a mail into the mailbox."""
    port = desk.servers.smtp_port if which == "smtp" else desk.servers.imap_port
    deliver: Deliver = partial(desk.servers.deliver, to=GM)
    if which == "dovecot":
        assert server is not None
        deliver, port = on_dovecot(desk, server).deliver, server.port
    with BadLine(port) as line:
        through(desk, port, line)
        yield line, deliver


if __name__ == "__main__":
    sys.exit(main())
