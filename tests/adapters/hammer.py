"""One of several processes that write to the same database at once: `python -m tests.adapters.hammer URL FOLDER TASK`.

It says `ready`, waits for a line, works, and prints what it did as JSON.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from maild.adapters.store import Store, Writing
from maild.domain.case import Case, Clock, ClockKind, Event, Requester, State
from maild.workflow.again import again
from maild.workflow.plan import Happening, Plan, Received, Tally

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
GM, HR = "gm@corp.example", "hr@corp.example"
FIRST, SECOND = "GM-2026-900001", "GM-2026-900002"
ROUNDS = 60
Work = Callable[[Store, str], object]


def a_case(number: str, **more: object) -> Case:
    """A case as good as any."""
    case = Case(
        number=number, pack="gm-mailbox", mailbox=GM, type="customer-complaint", state=State.ASSIGNED,
        requester=Requester(address="song@mail-gm.example", name="宋慧"), received=NOW, last_human_event=NOW,
    )  # fmt: skip
    return replace(case, **more)  # type: ignore[arg-type]


def a_clock(number: str = FIRST) -> Clock:
    """A clock that is due."""
    return Clock(case=number, kind=ClockKind.ACCEPT, start=NOW, due=NOW, next_at=NOW)


def happened(number: str, who: str) -> Happening:
    """Something that happened to a case."""
    return Happening(number=number, event=Event(kind="noted", at=NOW, actor=who))


def _numbers(store: Store, _who: str) -> list[str]:
    taken = []
    for _ in range(ROUNDS):
        with store.writing() as books:
            taken.append(books.new_number("GM", 2026))
    return taken


def _content(store: Store, who: str) -> list[str]:
    """The same mails come into two mailboxes, of packs of their own or of one."""
    pack = "gm-mailbox" if who in {"0", "1"} else "school"
    opened = []
    for n in range(ROUNDS):
        with store.writing() as books:
            if books.known(pack, f"content{n}") is not None:
                continue
            elsewhere = books.known_elsewhere(pack, f"content{n}")
            number = books.new_number("GM", 2026)
            links = (elsewhere.number,) if elsewhere and elsewhere.number else ()
            books.save(Plan(cases=(a_case(number, links=links),)), (), mailbox=GM, now=NOW)
            mail = Received(message_id=f"<{n}@b>", sha256="a", number=number, author="x@y", subject="", received=NOW)
            books.remember(mail, mailbox=GM, pack=pack, fingerprint=f"content{n}")
            opened.append(f"{n} {len(links)}")
    return opened


def _history(store: Store, who: str) -> int:
    """Both read the case, change it by what they read, and write down what happened."""
    for n in range(ROUNDS):
        with store.writing() as books:
            case = books.case(FIRST)
            assert case
            changed = replace(case, links=(*case.links, f"{who}-{n}"))
            books.save(Plan(cases=(changed,), happenings=(happened(FIRST, who),)), (), mailbox=GM, now=NOW)
        with store.writing() as books:
            books.save(Plan(happenings=(happened(FIRST, who),)), (), mailbox=GM, now=NOW)
    return ROUNDS


def _crossed(store: Store, who: str) -> int:
    """Two mails touch the same two cases, one in this order, one in the other."""
    order = (FIRST, SECOND) if who == "0" else (SECOND, FIRST)

    def work() -> None:
        with store.writing() as books:
            for number in order:
                case = books.case(number)
                assert case
                books.save_case(replace(case, links=(*case.links, who)))

    for _ in range(ROUNDS):
        again(work)
    return ROUNDS


def _rates(store: Store, _who: str) -> int:
    """At most fifty an hour."""
    return sum(_once_more(store, "echo", "li@corp.example", 50) for _ in range(ROUNDS))


def _single_use(store: Store, _who: str) -> int:
    """A confirmation counts once."""
    return sum(_once_more(store, "confirmed", f"hash{n}", 1) for n in range(ROUNDS))


def _once_more(store: Store, kind: str, who: str, most: int) -> int:
    with store.writing() as books:
        if books.count(kind, who, NOW - timedelta(hours=1)) >= most:
            return 0
        books.save(Plan(tallies=(Tally(kind=kind, who=who),)), (), mailbox=GM, now=NOW)
        return 1


def _lines(store: Store, _who: str) -> list[int]:
    """A line is told once, and a digest is made once."""
    told = []
    for day in range(ROUNDS):
        with store.writing() as books:
            today = NOW + timedelta(days=day)
            last = books.marked_time("digest:gm")
            if last is None or last < today:
                books.mark_time("digest:gm", today)
                told.append(-1)
            waiting = books.lines(GM, "machine")[:2]
            books.lines_told([ident for ident, _, _ in waiting], NOW)
            told += [ident for ident, _, _ in waiting]
    return told


def _sweep(store: Store, who: str) -> list[int]:
    """Due clocks, each decided by one sweep alone, its case changed with it."""
    decided: list[int] = []
    while _is_due(store):
        # What another process has at this moment is left to it, so that there may be nothing to take.
        decided += again(lambda: _swept(store, who))
    return decided


def _is_due(store: Store) -> bool:
    with store.reading() as books:
        return bool(books.due_clocks(GM, NOW, 1))


def _swept(store: Store, who: str) -> list[int]:
    with store.writing() as books:
        clocks = books.due_clocks(GM, NOW, 5)
        for clock in clocks:
            case = books.case(clock.case)
            assert case
            later = replace(clock, next_at=NOW + timedelta(days=1), rung=clock.rung + 1)
            changed = replace(case, links=(*case.links, str(clock.id)))
            books.save(
                Plan(cases=(changed,), clocks=(later,), happenings=(happened(clock.case, who),)),
                (),
                mailbox=GM,
                now=NOW,
            )
        return [clock.id for clock in clocks if clock.id]


def _mails_against_the_sweep(store: Store, who: str) -> object:
    """One sweeps, the other works the same cases by mail."""
    if who == "0":
        return _sweep(store, who)
    for n in range(ROUNDS):
        number = FIRST if n % 2 else SECOND
        again(lambda number=number: _worked(store, number))  # type: ignore[misc]
    return []


def _worked(store: Store, number: str) -> None:
    with store.writing() as books:
        case = books.case(number)
        assert case
        clocks = tuple(replace(clock, reminded=True) for clock in books.clocks(number))
        changed = replace(case, links=(*case.links, "mail"))
        books.save(Plan(cases=(changed,), clocks=clocks), (), mailbox=GM, now=NOW)


TASKS: dict[str, Work] = {
    "numbers": _numbers, "content": _content, "history": _history, "crossed": _crossed, "rates": _rates,
    "single use": _single_use, "lines": _lines, "sweep": _sweep, "mails against the sweep": _mails_against_the_sweep,
}  # fmt: skip


def prepare(books: Writing) -> None:
    """What the tasks find: two cases, each with due clocks, and lines that wait."""
    books.save(Plan(cases=(a_case(FIRST), a_case(SECOND))), (), mailbox=GM, now=NOW)
    books.save(Plan(clocks=tuple(a_clock(number) for number in (FIRST, SECOND) * 20)), (), mailbox=GM, now=NOW)


def main(url: str, folder: str, task: str, who: str) -> None:
    """Run one task."""
    store = Store.open(url, Path(folder))
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(TASKS[task](store, who)), flush=True)
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:5])
