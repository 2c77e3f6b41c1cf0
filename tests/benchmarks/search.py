"""Search by words, as a clerk asks: Chinese and English words and case numbers over a million messages."""

import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from maild.adapters.reading import TABLES
from maild.adapters.store import Store, Writing
from tests.benchmarks.stand import run

SIZE, QUICK = 1_000_000, 50_000
BOX = "gm@corp.example"
_CHARS = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所"
_THINGS = ("热水壶", "空气炸锅", "电饭煲", "退款", "发票", "物流", "客服", "赔偿", "漏电", "包装破损")
_WORDS = ("refund", "invoice", "delivery", "blender", "warranty", "Shenzhen", "broken", "order")
ROUNDS = 200


def measure(quick: bool) -> dict[str, Any]:
    """Milliseconds a query, by kind, in a store of so many mails."""
    size, seed = QUICK if quick else SIZE, random.Random(7)
    with tempfile.TemporaryDirectory() as scratch:
        store = Store.open(f"sqlite:///{scratch}/maild.db", Path(scratch))
        try:
            begin = time.perf_counter()
            _fill(store, size, seed)
            filled = time.perf_counter() - begin
            kinds = {"chinese": _THINGS, "english": _WORDS, "two words": tuple(f"{a} {b}" for a in _THINGS[:4] for b in _WORDS[:4]),
                     "numbers": tuple(f"GM-2026-{seed.randrange(size):06d}" for _ in range(50))}  # fmt: skip
            times = {kind: _times(store, words, seed) for kind, words in kinds.items()}
        finally:
            store.close()
    every = sorted(at for own in times.values() for at in own)
    return {"mails": size, "mails_a_second_in": round(size / filled), "p95_ms": round(every[len(every) * 95 // 100], 2),
            **{f"p95_ms {kind}": round(own[len(own) * 95 // 100], 2) for kind, own in times.items()}}  # fmt: skip


def _times(store: Store, words: tuple[str, ...], seed: random.Random) -> list[float]:
    found = []
    for _ in range(ROUNDS):
        word = seed.choice(words)
        begin = time.perf_counter()
        with store.reading() as books:
            books.found(word, [BOX])
        found.append(1000 * (time.perf_counter() - begin))
    return sorted(found)


def _fill(store: Store, size: int, seed: random.Random) -> None:
    for first in range(0, size, 5_000):
        with store.writing() as books:
            for at in range(first, first + 5_000):
                _add(books, at, seed)


def _add(books: Writing, at: int, seed: random.Random) -> None:
    number, print_ = f"GM-2026-{at:06d}", f"f{at}"
    row = {"mailbox": BOX, "pack": "gm-mailbox", "fingerprint": print_, "message_id": f"<{at}@x>", "sha256": "",
           "author": "a@x.example", "subject": "", "received": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=at),
           "disposition": "new-case", "number": number, "command_done": False}  # fmt: skip
    books.connection.execute(insert(TABLES["mail"]), row)
    said = "".join(seed.choices(_CHARS, k=120)) + (seed.choice(_THINGS) if at % 20 == 0 else "")
    latin = " ".join(seed.choices(_WORDS, k=3)) if at % 25 == 0 else "hello"
    books.keep_words(f"{number} {said} {latin}", fingerprint=print_, pack="gm-mailbox")


if __name__ == "__main__":
    run("search", __doc__ or "", measure)
