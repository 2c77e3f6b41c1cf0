"""How long a hostile mail keeps the mail behind it waiting, and how much memory it takes (quality.md, "Reliability").

    python -m tests.hostile.delay [--quick] [--only NAME] [--json]

Each bomb lies in a mailbox of a real Dovecot with an honest complaint behind it, and a fresh installation, a process of
its own, makes one pass; the same without the bomb is the floor. `delay` is by how many seconds the bomb makes that pass
longer, until the complaint is acknowledged; `work` the same in seconds of processor time, which a busy machine does not
change; `memory_mb` by how much the peak of the process rose. The last line is one JSON object; the exit status is 1
when a bomb delays by more than 5 seconds, of which it worked as long, or a complaint was not acknowledged.
"""

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from maild.assembly import Workshop
from maild.config import load
from maild.daemon import machine_clock
from maild.onepass import once
from tests.benchmarks.sink import sink
from tests.benchmarks.stand import ENVIRON, deliver, write_config
from tests.dovecot import Dovecot
from tests.hostile.bombs import BOMBS
from tests.journeys.post import mail

LIMIT = 5.0
QUICK = 6
_ACKNOWLEDGED = "select count(*) from outbox where kind = 'requester.acknowledgement' and state = 'sent'"


def measured(server: Dovecot, smtp: int, *raws: bytes) -> dict[str, Any]:
    """One pass over these mails: its seconds, by how much the peak rose, what became of each."""
    user = server.user()
    with tempfile.TemporaryDirectory() as folder:
        config = write_config(Path(folder), server, user, smtp)
        command = [sys.executable, "-m", "tests.hostile.delay", "--child", str(config)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout
            child.stdout.readline()
            for raw in raws:
                deliver(server, user, [raw])
            said, _ = child.communicate("go\n", timeout=600)
    if child.returncode:
        return {"seconds": 0.0, "work": 0.0, "memory_mb": 0, "acknowledged": 0, "became": f"DIED {child.returncode}"}
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found


def _child(config: str) -> None:
    """A pass over the empty mailbox, so that all is loaded; then the one that counts."""
    workshop = Workshop(load(Path(config), ENVIRON), now=machine_clock, machine=machine_clock)
    asyncio.run(once(workshop))
    print("ready", flush=True)
    sys.stdin.readline()
    before, began, worked = _peak(), time.monotonic(), _work()
    asyncio.run(once(workshop))
    seconds, work = time.monotonic() - began, _work() - worked
    with workshop.store.reading() as reading:
        acknowledged = reading.connection.exec_driver_sql(_ACKNOWLEDGED).scalar()
        became = reading.connection.exec_driver_sql("select disposition from journal order by uid").scalars()
        print(json.dumps({"seconds": seconds, "work": work, "memory_mb": _peak() - before, "acknowledged": acknowledged,
                          "became": " ".join(map(str, became))}))  # fmt: skip
    workshop.close()


def _work() -> float:
    """Seconds of processor time, also of the processes that read attachments."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 1 when somebody waited too long."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.delay", description=__doc__)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--only", help="this bomb alone")
    parser.add_argument("--quick", action="store_true", help=f"every {QUICK}th bomb")
    parser.add_argument("--json", action="store_true", help="nothing but the JSON line")
    options = parser.parse_args(arguments)
    if options.child:
        _child(options.child)
        return 0
    names = [options.only] if options.only else list(BOMBS)[:: QUICK if options.quick else 1]
    rows = []
    with Dovecot() as server, sink() as smtp:
        floors = [measured(server, smtp, mail()) for _ in range(2)]
        floor, work = (min(row[name] for row in floors) for name in ("seconds", "work"))
        for name in names:
            raw = BOMBS[name]()
            row = measured(server, smtp, raw, mail()) | {"name": name}
            row |= {"delay": round(row["seconds"] - floor, 2), "work": round(row["work"] - work, 2)}
            rows.append(row)
            if not options.json:
                figures = f"{row['delay']:7.2f} s {row['work']:6.2f} s {row['memory_mb']:5} MB {len(raw) >> 10:7} KB"
                print(f"{figures}  {name}: {row['became']}")
                sys.stdout.flush()
    worst = max(rows, key=lambda row: row["delay"])
    late = [row["name"] for row in rows if min(row["delay"], row["work"]) > LIMIT or not row["acknowledged"]]
    print(json.dumps({"floor": round(floor, 2), "worst": worst["name"], "delay": worst["delay"], "limit": LIMIT,
                      "work": max(row["work"] for row in rows),
                      "memory_mb": max(row["memory_mb"] for row in rows), "bombs": len(rows), "late": late}))  # fmt: skip
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
