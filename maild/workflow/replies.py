"""Ready-made replies: one-click links to the shared address, and the line that works everywhere (casework 5)."""

from collections.abc import Mapping, Sequence

from maild.domain.command import short_number
from maild.domain.letter import Letter, LetterKind
from maild.mail.oneclick import mailto
from maild.workflow.ledgerletters import PAYS
from maild.workflow.office import Office
from maild.workflow.previewreplies import of_preview
from maild.workflow.view import Names

_DECIDED = (LetterKind.WITHDRAWAL, LetterKind.EXTENSION, LetterKind.TYPE_PROPOSAL, LetterKind.PROPOSAL,
            LetterKind.PUBLICATION)  # fmt: skip
_CONFIRMED = (LetterKind.RECORDED, LetterKind.CONFIRMATION, LetterKind.CONTACT, LetterKind.FORWARD_PREVIEW,
              LetterKind.DOUBTFUL)  # fmt: skip
_LINES: dict[LetterKind, tuple[str, ...]] = {
    **dict.fromkeys(_DECIDED, ("approve", "decline")),
    **dict.fromkeys(_CONFIRMED, ("confirm",)),
    LetterKind.ASSIGNMENT: ("accept", "reply", "ask", "resolve", "route", "note"),
    LetterKind.CIRCULATION: ("received", "relayed", "done", "note"),
    LetterKind.CIRCULATED: ("status", "remind", "note"),
    LetterKind.AWAY: ("status", "note"),
    LetterKind.RETEST: ("retest-passed", "retest-failed", "note"),
    LetterKind.ADDITION: ("reply", "ask", "resolve", "route", "note"),
    LetterKind.REOPENED: ("reply", "ask", "resolve", "route", "note"),
    LetterKind.AGAIN: ("route", "reply", "note"),
    LetterKind.WAITED: ("reply", "resolve", "ask", "note"),
    LetterKind.SEALED: ("reply", "ask", "resolve", "note"),
    LetterKind.TYPE_DECLINED: ("reply", "resolve", "route", "note"),
    LetterKind.GATHERED: ("reply-all", "resolve", "accept", "take-out", "note"),
    LetterKind.SPLIT: ("reply", "resolve", "route", "note"),
    LetterKind.PROPOSAL_DECLINED: ("reply", "resolve", "route", "note"),
    LetterKind.EXTENSION_DECIDED: ("reply", "resolve", "hand-up", "note"),
    LetterKind.INSTRUCTION: ("reply", "resolve", "extend", "note"),
    LetterKind.HAND_UP: ("route", "reply", "instruct", "note"),
    LetterKind.ECHO: ("undo",),
    LetterKind.CLOSED: ("satisfied", "dissatisfied"),
    LetterKind.BY_HAND: ("resolve", "note"),
    **dict.fromkeys((LetterKind.NOTICE, LetterKind.SEAL_LAPSED), ("route", "note")),
    LetterKind.REMINDER: ("accept", "reply", "extend", "hand-up", "route"),
    LetterKind.ESCALATION: ("accept", "reply", "extend", "hand-up", "route"),
    LetterKind.ALARM: ("accept", "reply", "route", "note"),
    LetterKind.PROGRESS: ("instruct", "route", "note"),
    LetterKind.UNREAD_COMMAND: ("accept", "reply", "route"),
    LetterKind.REFUSAL: ("reply", "route", "note"),
    LetterKind.BOUNCE: ("told", "note"),
    LetterKind.SHEET: ("instruct", "note"),
    LetterKind.PUBLISHING: ("confirm", "decline"),
    LetterKind.EXPERT_REPLY: ("reply", "ask", "resolve", "route", "note"),
    LetterKind.LEDGER: ("approve-all", "approve-some", "decline-some"),
    LetterKind.AWARD: ("collect", "renounce"),
    LetterKind.AFTERMATH: ("aftermath-none", "aftermath-some"),
    LetterKind.QUARANTINE: ("release", "show-original"),
    LetterKind.TRIAGE_AGAIN: ("triage-again",),
    LetterKind.RELEASE: ("release-all", "release-some", "drop-some", "drop-all"),
}
"""The orders that are likely in answer to each kind of letter."""
_OF_A_ROUND = {"report": ("instruct", "note"), "started": ("remind", "status"), "due": ("remind", "note")}
_CHASES = frozenset({LetterKind.REMINDER, LetterKind.ESCALATION})
_SIGNED = frozenset({"relay", "receipt"})
"""Clocks that a receiver of a circulation is chased by."""
_ABOVE = ("instruct", "route", "extend", "note")
"""What a head, a coordinator or a supervisor may order of a case that is another's."""
_ALARM_LINES = {"duty-widen": ("widen", *_LINES[LetterKind.ALARM]), "crisis": ("note",)}


def ready_replies(letter: Letter, mark: str, office: Office, names: Names) -> list[dict[str, str]]:
    """Each likely order with its label, the line to write, and a link that writes it; none without a key."""
    if not letter.keyed:
        return []
    if letter.kind is LetterKind.FRESH_KEY:
        line = str(letter.data.get("command_line", ""))
        return [one_click(line, line, letter, mark, office=office)]
    likely = [
        one_click(names("reply_label", verb), names("reply_line", verb), letter, mark, office=office)
        for verb in _verbs(letter)
    ]
    ready = [one(letter, mark, office, names) for one in (_proposed, _offered, _mergers, _left, _to_fill_in)]
    return [*(reply for some in ready for reply in some), *likely]


def _proposed(letter: Letter, mark: str, office: Office, names: Names) -> list[dict[str, str]]:
    """Answers to the question who is meant, each with what it does: 转物流部（何志强）."""
    proposals = letter.data.get("proposals", ())
    result = []
    for one in proposals if isinstance(proposals, Sequence) else ():
        if isinstance(one, Mapping):
            ready = _choice(str(one["verb"]), str(one["object"]), letter, mark, office=office, names=names)
            result.append(ready | {"label": f"{ready['label']} ({one['who']})"})
    return result


def _to_fill_in(letter: Letter, mark: str, office: Office, names: Names) -> list[dict[str, str]]:
    """A form as one click that opens a mail with its lines."""
    line = str(letter.data.get("blank", ""))
    return [one_click(names("reply_label", "fill-in"), line, letter, mark, office=office)] if line else []


def _offered(letter: Letter, mark: str, office: Office, names: Names) -> list[dict[str, str]]:
    """The other members of the unit, each as one click."""
    members = letter.data.get("members", ())
    people = [str(one) for one in members] if isinstance(members, Sequence) else []
    return [_choice("route", one, letter, mark, office=office, names=names) for one in people]


def choices(letter: Letter, mark: str, office: Office, names: Names) -> list[dict[str, str]]:
    """The readings of an order that could be read in several ways, each as a ready-made reply."""
    readings = letter.data.get("readings", ())
    found = [one for one in readings if isinstance(one, Mapping)] if isinstance(readings, Sequence) else []
    return [_choice(str(one["verb"]), str(one["object"]), letter, mark, office=office, names=names) for one in found]


def _choice(verb: str, what: str, letter: Letter, mark: str, *, office: Office, names: Names) -> dict[str, str]:
    label, line = f"{names('command', verb)} {what}".strip(), f"{names('reply_line', verb)}{what}"
    return one_click(label, line, letter, mark, office=office)


def _mergers(letter: Letter, mark: str, office: Office, names: Names) -> list[dict[str, str]]:
    """The cases that this one is perhaps the same as, each as one click that merges it."""
    rows = letter.data.get("perhaps_same", ())
    found = [one for one in rows if isinstance(one, Mapping)] if isinstance(rows, Sequence) else []
    return [
        _choice("merge", str(one["number"]), letter, mark, office=office, names=names)
        for one in found if one.get("offer")
    ]  # fmt: skip


def _left(letter: Letter, mark: str, office: Office, names: Names) -> list[dict[str, str]]:
    """The ready line of each row of a list's echo that ordered nothing yet: `142 备注：`."""
    done = letter.data.get("done", ())
    rows = [one for one in done if isinstance(one, Mapping) and one.get("ready")] if isinstance(done, Sequence) else []
    return [
        one_click(f"{short_number(str(row['number']))} {names('command', str(row['verb']))}",
                  f"{short_number(str(row['number']))} {names('reply_line', str(row['ready']))}{row.get('object', '')}",
                  letter, mark, office=office)
        for row in rows
    ]  # fmt: skip


def _verbs(letter: Letter) -> tuple[str, ...]:
    data = letter.data
    if letter.kind in _CHASES and data.get("role", "handler") == "handler":
        if data.get("clock") == "return":
            return ("note",)
        if data.get("retest"):
            return _LINES[LetterKind.RETEST]
    if letter.kind in _CHASES and data.get("clock") in _SIGNED and data.get("role", "handler") == "handler":
        return _LINES[LetterKind.CIRCULATION]
    if letter.kind is LetterKind.INSTRUCTION and data.get("correct"):
        return ("rectified", "note")
    if letter.kind is LetterKind.CIRCULATION or (letter.kind is LetterKind.UNREAD_COMMAND and data.get("steps")):
        return tuple(
            v for v in (*_LINES[LetterKind.CIRCULATION], "studied") if v in {"received", "note", *_steps(data)}
        )
    if letter.kind is LetterKind.LEDGER and data.get("what") in PAYS:
        return ("paid-all", "paid-some")
    if (letter.kind is LetterKind.CIRCULATED and data.get("what") == "complete") or (
        (letter.kind is LetterKind.SEALED and not data.get("handles"))
        or (letter.kind is LetterKind.ECHO and data.get("for_good"))
    ):
        return ("note",)
    if letter.kind is LetterKind.ROUND:
        return _OF_A_ROUND.get(str(data.get("what")), ())
    if letter.kind is LetterKind.AWARD and data.get("what") not in {"ready", "reminder"}:
        return ()
    if letter.kind in {LetterKind.CLOSED, LetterKind.ANSWER}:
        return _LINES[LetterKind.CLOSED] if data.get("closing") else ()
    if letter.kind is LetterKind.ALARM and data.get("role") in _ALARM_LINES:
        return _ALARM_LINES[str(data["role"])]
    if letter.kind is LetterKind.RECORDED and not data.get("asks"):
        return ()
    if letter.kind is LetterKind.SEAL_PREVIEW:
        return of_preview(data)
    if letter.kind is LetterKind.ECHO and ("key_data" not in data or letter.case is None):
        return ()
    if letter.kind is LetterKind.ADDITION and data.get("stopped"):
        return ("send-anyway", *_LINES[letter.kind])
    if letter.kind is LetterKind.REFUSAL and letter.case is None:
        return ()
    if letter.kind is LetterKind.REFUSAL and "key_data" in data:
        return (*_LINES[letter.kind], "send-anyway")
    if letter.kind is LetterKind.UNREAD_COMMAND and data.get("anothers"):
        return _ABOVE
    if letter.kind is LetterKind.ESCALATION and letter.data.get("role") != "handler":
        return _ABOVE
    return _LINES.get(letter.kind, ())


def _steps(data: Mapping[str, object]) -> tuple[str, ...]:
    """What the receiver of a circulation owes."""
    steps = data.get("steps", ())
    return tuple(str(step) for step in steps) if isinstance(steps, Sequence) else ()


def one_click(label: str, line: str, letter: Letter, mark: str, *, office: Office) -> dict[str, str]:
    """A label, the line to write, and the link that writes it into a mail with the letter's key."""
    subject = " ".join(part for part in ("Re:", letter.case or "", f"[{mark}]" if mark else "") if part)
    return {"label": label, "line": line, "href": mailto(office.box.address, subject, line)}
