"""Every point at which a process may die with an effect half done: the list, and what puts the points into maild.

An effect is what outlives the process: a commit, an archived mail, a command that changes a mailbox, a mail handed to
an SMTP server, a message to the second channel. Each is a point twice, `before` and `after`. Points are put around the effects from outside, so that
they cost nothing in production; `written()` reads the program's text, and a test compares it with this list.
"""

import ast
import functools
import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import local
from types import FrameType
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.default import DefaultDialect

import maild

Pass = Callable[[str], None]
PROGRAM = Path(maild.__file__).parent

EFFECTS = {
    "FileArchive.put": "maild.adapters.archive:FileArchive.put",
    "IMAP create": "imapclient:IMAPClient.create_folder",
    "IMAP subscribe": "imapclient:IMAPClient.subscribe_folder",
    "IMAP move": "imapclient:IMAPClient.move",
    "IMAP copy": "imapclient:IMAPClient.copy",
    "IMAP flag": "imapclient:IMAPClient.add_flags",
    "IMAP expunge": "imapclient:IMAPClient.uid_expunge",
    "IMAP append": "imapclient:IMAPClient.append",
    "SMTP data": "aiosmtplib:SMTP.data",
    "Robot.tell": "maild.adapters.robots:Robot.tell",
}
"""Effects beside the database: point, and the call that it stands around."""

COMMITS = frozenset({
    "receive.Receiver._free_held", "receive.Receiver._again", "receive.Receiver.begin", "receive.Receiver.take_all",
    "receive.Receiver._take", "receive.Receiver._file_done",
    "pipeline.Pipeline._commit", "pipeline.Pipeline._quarantine", "pipeline.Pipeline._set_apart",
    "rounds.Rounds._resolved", "rounds.Rounds._sent", "rounds.Rounds._file_copies",
    "keeping.Keeper._once_a_day", "keeping.Keeper._in_folder",
    "tick.Ticker._mode", "tick.Ticker._people", "tick.Ticker._sweep", "tick.Ticker._rest",
    "recalendar.recalendar", "recalendar._batch",
    "deliver.Courier._look", "deliver.Courier._let_go", "settle.Settler._commit",
    "herald.Herald.tell_all", "herald.Herald._tell", "herald.Herald._settle",
    "leases.Leases.beat", "leases.Leases.end", "migrate.upgrade",
})  # fmt: skip
"""Functions whose transaction is a point: all that a running daemon commits in a varied run."""

ON_POSTGRES_ALONE = frozenset({"leases.Leases.beat", "leases.Leases.end"})
"""Where several daemons share the work."""
ON_SQLITE_ALONE = frozenset({"migrate.upgrade"})
"""The databases of these tests are made from a migrated one on PostgreSQL."""

APART = {
    "tick.Ticker.tell": "one transaction behind an event that comes again at the next reading of the rules",
    "tick.Ticker._kept_clean": "one transaction; a case in barred hands is found again at the next reading of the directory",
    "selfwatch.SelfWatch._look": "one transaction; trouble that lasts is found again at the next look",
    "nightly.reconcile_at_night": "one transaction; the books are compared again the next night",
    "nightly.seal_at_night": "remembers that the archive is encrypted; forgotten, it is looked through once more",
    "form._start": "`maild form start`, one small fact for the daemon; started again by its user",
    "casefiles._telling": "`maild case export --with-identity`, one transaction before anything is written out",
    "caseexport.CaseExport._note": "`maild case export`, one transaction before anything is written out",
    "erasing.Eraser.erase": "`maild erase`, `maild retain` and an order by mail, whose line goes in it: one transaction; a raw mail that a death leaves is named by it",
    "forgetting.Forgetting._refused": "one transaction that ends an order; not written, it is asked again at the next look",
    "erasing.Eraser._clean": "remembers that pages are still to be cleaned; forgotten, the next erasure cleans them",
    "erasing.Eraser.finish": "one transaction, at night; what it does not come to is found the next night",
    "erasures._remember": "`maild restore`, started again by its user",
    "legalhold.hold": "`maild retain hold`, one transaction, started again by its user",
    "backup.run": "remembers where the last backup lies",
    "sealedaway.SealedAway._passed": "how far a folder was looked through; forgotten, it is looked through once more",
    "anchors.Anchors.keep": "remembers that heads are kept outside; the next night says it again",
    "whoknew._books": "`maild directory import`, one transaction, started again by its user",
    "vault.open_vault": "the key of what belongs to no case, made at the first start with a key or not at all",
    "vault.rewrap": "`maild seal rotate`, one transaction, started again by its user",
    "store.Store.seal": "remembers that all is sealed; forgotten, it is looked for once more",
    "store.Store._unsealed": "a case and its key, or some hundred rows, sealed whole or left for the next start",
    "reindex.reindex": "the search's own table, read anew by `maild db index`; what a death left unread is read the next time",
    "restore.restore": "`maild restore`, into an empty database, started again by its user",
    "alarm.Alarms.alarm": "one transaction; an alarm that was not written is raised again by its cause",
    "sending.Reporter._queue": "one reader's report a transaction, in which it is remembered that it was made",
    "settle.Settler._commit_alone": "the same commit as Settler._commit, when that one failed",
    "firsttry._keep": "`maild init`, asked again by its user",
    "reprocess.Reprocess._one": "`maild reprocess`, started again by its user",
    "backfill.Importer._one": "`maild import`, started again by its user; what it took in is known by content",
}
"""Commits that no varied run comes to, and why nothing is lost there."""

PORTS = {
    "Archive": {"put"},
    "MailServer": {"file", "flag", "append", "remove"},
    "Sender": {"send"},
    "Channel": {"tell"},
}
"""The methods of the workflow's ports that have effects."""
READING = {
    "Archive": {"get"},
    "MailServer": {"select", "waiting", "fetch", "marks", "exists", "older", "quota", "special", "wait", "close"},
    "Sender": {"close"},
    "Channel": {"pause", "way"},
    "Now": {"__call__"},
    "Templates": {"render"},
}
"""The methods that have none."""

_CHANGING = frozenset({
    "append", "multiappend", "copy", "move", "add_flags", "set_flags", "remove_flags", "delete_messages", "expunge",
    "uid_expunge", "create_folder", "delete_folder", "rename_folder", "subscribe_folder", "unsubscribe_folder",
    "data", "sendmail", "send_message", "setacl", "add_gmail_labels", "set_gmail_labels", "remove_gmail_labels",
})  # fmt: skip
"""What changes a mailbox or hands a mail over, in the words of IMAPClient and aiosmtplib."""
_UNDER = ("sqlalchemy", "contextlib", "points.py", "maild/adapters/engine.py")
_BETWEEN = ("Store.writing", "Store.taking", "Leased.writing", "Leased.taking")


def both(names: Iterator[str] | frozenset[str]) -> set[str]:
    """The two points of each effect."""
    return {f"{name} {side}" for name in names for side in ("before", "after")}


def listed(passed: set[str]) -> set[str]:
    """Those of the points passed that a varied run must come to: a commit of `APART` may be among them or not."""
    return passed - both(frozenset(APART))


def points(kind: str) -> set[str]:
    """All points of a varied run on this kind of database."""
    commits = COMMITS - (ON_SQLITE_ALONE if kind == "postgres" else ON_POSTGRES_ALONE)
    return both(commits | set(EFFECTS))


# -- putting them in


def arm(pass_by: Pass) -> None:
    """Let this process say `pass_by(point)` at every point from now on."""
    for name, call in EFFECTS.items():
        module, _, path = call.partition(":")
        owner = functools.reduce(getattr, path.split(".")[:-1], importlib.import_module(module))
        _around(owner, path.rpartition(".")[2], name, pass_by)
    _around_commits(pass_by)


def _around(owner: Any, method: str, name: str, pass_by: Pass) -> None:
    original = getattr(owner, method)

    @functools.wraps(original)
    def traced(*args: Any, **options: Any) -> Any:
        pass_by(f"{name} before")
        result = original(*args, **options)
        pass_by(f"{name} after")
        return result

    @functools.wraps(original)
    async def traced_later(*args: Any, **options: Any) -> Any:
        pass_by(f"{name} before")
        result = await original(*args, **options)
        pass_by(f"{name} after")
        return result

    setattr(owner, method, traced_later if name.startswith("SMTP") else traced)


def _around_commits(pass_by: Pass) -> None:
    """Around the driver's COMMIT of each transaction that writes, named by the function that it belongs to."""
    here = local()

    def about_to(connection: Connection) -> None:
        writes = connection.get_execution_options().get("write", False)
        here.name = _committer(sys._getframe(1)) if writes else ""

    event.listen(Engine, "commit", about_to)
    do_commit = DefaultDialect.do_commit

    def traced(self: DefaultDialect, connection: Any) -> None:
        name, here.name = getattr(here, "name", ""), ""
        if name:
            pass_by(f"{name} before")
        do_commit(self, connection)  # type: ignore[no-untyped-call]
        if name:
            pass_by(f"{name} after")

    DefaultDialect.do_commit = traced  # type: ignore[method-assign]


def _committer(frame: FrameType | None) -> str:
    while frame is not None:
        code = frame.f_code
        if not any(part in code.co_filename for part in _UNDER) and code.co_qualname not in _BETWEEN:
            return f"{Path(code.co_filename).stem}.{code.co_qualname.partition('.<locals>')[0]}"
        frame = frame.f_back
    return "?"


# -- reading the program


def written_commits() -> set[str]:
    """Every function of the program that opens a transaction which writes."""
    return {
        name
        for path in PROGRAM.rglob("*.py")
        for name, function in _functions(path)
        if name.partition(".")[2] not in _BETWEEN and any(_opens(node) for node in ast.walk(function))
    }


def written_effects() -> set[str]:
    """Every call by which the adapters change a mailbox or hand a mail over, in the words of the libraries."""
    return {
        node.func.attr
        for path in (PROGRAM / "adapters").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGING
        and any(word in ast.unparse(node.func.value) for word in ("client", "_selected", "_connect"))
    }  # fmt: skip


def covered_effects() -> set[str]:
    """What of it the points stand around."""
    return {call.rpartition(".")[2] for call in EFFECTS.values()} & _CHANGING


def written_ports() -> dict[str, set[str]]:
    """The methods of each port of the workflow."""
    tree = ast.parse((PROGRAM / "workflow" / "ports.py").read_text("utf-8"))
    return {
        node.name: {one.name for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}
        for node in tree.body
        if isinstance(node, ast.ClassDef) and "Protocol" in {ast.unparse(base) for base in node.bases}
    }


def _functions(path: Path) -> Iterator[tuple[str, ast.AST]]:
    for node in ast.parse(path.read_text("utf-8")).body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        for one in inside:
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
                prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
                yield f"{path.stem}.{prefix}{one.name}", one


def _opens(node: ast.AST) -> bool:
    """Whether this is a call that opens a transaction which writes."""
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute):
        return node.func.attr in {"writing", "taking"} and not node.args
    options = {option.arg: ast.unparse(option.value) for option in node.keywords}
    return isinstance(node.func, ast.Name) and node.func.id == "transaction" and options.get("write") == "True"
