"""What a letter's template may name: every name with the value it has when the caller left it out.

A name that stands neither here nor in what the caller gave is undefined, and an undefined name is an error. The
names are described for a clerk in templates/README.md.
"""

from collections.abc import Callable, Mapping, Sequence

from maild.domain.letter import LetterKind
from maild.domain.wording import shown

Names = Mapping[str, object]

_ORIGINAL: Names = {"from": "", "date_text": "", "subject": "", "text": ""}
_FILE: Names = {"n": 0, "filename": "", "size_text": "", "attached": True, "risky": False, "large": False}
_REPLY: Names = {"label": "", "line": "", "href": ""}
_ROW: Names = {
    "number": "", "type_name": "", "summary": "", "unit_name": "", "handler_name": "", "age_text": "", "due_text": "",
    "urgency": "", "urgency_name": "", "from": "", "subject": "", "received_text": "", "late": False,
}  # fmt: skip
_LETTER: Names = {
    "others": [{**_ORIGINAL, "attachments": [_FILE]}],
    "letter": _ORIGINAL, "attachments": [_FILE], "fetched": False, "hidden": False, "remarks": [""],
    "linked": [{"name": "", "host": "", "size_text": "", "until": ""}], "cards": [""],
    "enclosed": [{"filename": "", "how": "", "text": ""}],
    "invitations": [{"summary": "", "time": "", "place": "", "organiser": "", "cancelled": False}],
}  # fmt: skip
_OUTWARD: Names = {"reason": "", "letters": [{"subject": "", "text": ""}], "files": [_FILE], "left": [_FILE]}
_RELEASED: Names = {"text": "", "abstract": False, "who": "", "files": [""]}
_REOPENED: Names = {**_LETTER, "confirmed": True, "members": [""], "decides": "", "times": 1}
_WHO: Names = {"name": "", "unit_name": "", "title": "", "address": ""}
_WORDS: Names = {"text": "", "unit_name": "", "question": ""}
_DONE: Names = {
    "verb": "", "verb_name": "", "number": "", "unit_name": "", "person_name": "", "due_text": "", "text": "",
    "visible_to": "", "missing": [""], "held_until_text": "", "hold_minutes": 10, "undo_until_text": "", "more": [""],
    "failed": "", "urgency": "", "ordered_text": "", "ready": "", "object": "", "files": "",
}  # fmt: skip
_RECEIVER: Names = {
    "unit_name": "",
    "person_name": "",
    "returned": False,
    "taken": [{"step": "", "at_text": ""}],
    "open": [""],
}
_FIELD: Names = {"n": 1, "name": "", "need": "", "row": 0}
_CELL: Names = {"text": "", "figure": ""}
_TABLE: Names = {
    "section": "", "title": "", "headers": [""], "rows": [[_CELL]], "total": [_CELL], "note": "",
    "chart": {"src": "", "alt": ""},
}  # fmt: skip
_FORGERY: Names = {"what": "", "from_text": "", "subject": "", "received_text": "", "claimed": ""}
_ENTRY: Names = {
    "n": 0, "id": 0, "ledger": "", "number": "", "name": "", "person_name": "", "alias": False, "unit_name": "",
    "points": 0, "amount": 0, "cause": "", "state": "", "date_text": "", "loss": "",
}  # fmt: skip
_TOP: Names = {
    "org": {"name": ""}, "recipient": {"name": "", "address": ""},
    "mailbox": {"address": "", "name": "", "signature": "", "phone": "", "logo": ""},
    "held": {"files": [{**_FILE, "kinds": [""], "shut": ""}], "mails": 0, "who": "", "round": 0},
    "case": {
        "number": "", "type": "", "type_name": "", "urgency": "normal", "urgency_name": "",
        "state": "", "state_name": "", "unit_name": "", "handler_name": "", "received_text": "", "subject": "",
        "summary": "", "requester": "", "alias": "",
        "confidential": False, "customer_kind_name": "", "missing": [""], "linked": [""], "absorbed": [""],
        "deadlines": [{"kind": "", "kind_name": "", "due_text": "", "provisional": False}],
    },
    "token": "", "replies": [_REPLY],
}  # fmt: skip
_DATA: Mapping[LetterKind, Names] = {
    LetterKind.ACKNOWLEDGEMENT: {
        "arrived_text": "", "handler_unit": "", "due_text": "", "missing": [""],
        "phones": [{"label": "", "number": ""}], "critical": False, "help": False,
        "together": 1, "numbers": [""], "asks": [""],
    },
    LetterKind.ADDED: {},
    LetterKind.ANSWER: {**_WORDS, "closing": False, "decision": ""},
    LetterKind.QUESTION: _WORDS,
    LetterKind.CORRECTION: _WORDS,
    LetterKind.PLANNED: {"date": "", "date_text": "", "text": "", "unit_name": "", "changed": False},
    LetterKind.CLOSED: {"outcome": "", "closing": False},
    LetterKind.STILL_WAITING: {},
    LetterKind.CONTACT: {},
    LetterKind.REOPENED_ACK: {"due_text": ""},
    LetterKind.CIRCULATION: {**_LETTER, "order": "", "by": "", "steps": [""], "stand_in_for": "", "unit_name": "",
                             "relay_text": "", "done_text": ""},
    LetterKind.CIRCULATED: {"what": "started", "rows": [_RECEIVER]},
    LetterKind.FORM: {"title": "", "note": "", "fields": [_FIELD], "many": False, "several": False, "filed": False,
                      "may_be_empty": False, "due_text": "", "owner_name": "", "stand_in_for": ""},
    LetterKind.FORM_RETURNED: {"what": "whole", "title": "", "version": 1, "nth": 1, "several": False, "late": False,
                               "rows": 1, "many": False, "faults": [""], "fields": [_FIELD], "due_text": ""},
    LetterKind.ROUND: {
        "what": "due", "title": "", "receivers": 0, "returned": 0, "late": 0, "missing": [""], "due_text": "",
        "text": "", "by": "", "asks": False, "more": 0, "analysis": "", "instruction": "",
        "rows": [{"unit_name": "", "person_name": "", "at_text": "", "late": False, "version": 1,
                  "said": [{"name": "", "text": ""}]}],
        "filed": False,
    },
    LetterKind.RETEST: {"analysis": "", "measure": "", "handler_name": "", "handler_unit": "", "due_text": "",
                        "times": 0},
    LetterKind.ROUND_RESULT: {"title": "", "text": "", "by": "", "analysis": ""},
    LetterKind.AWAY: {"who": "", "delegate": "", "until": "", "due_text": ""},
    LetterKind.ASSIGNMENT: {**_LETTER, "order": "", "ordered_by": "", "reason": "new", "abstract_only": False,
                             "for_information": False, "unverified": False, "released_words": _RELEASED},
    LetterKind.BY_HAND: _LETTER,
    LetterKind.ADDITION: {**_LETTER, "confirmed": True, "stopped": False, "withdrawn": False, "merged": "",
                          "released_words": _RELEASED},
    LetterKind.REOPENED: _REOPENED,
    LetterKind.AGAIN: _REOPENED,
    LetterKind.WITHDRAWN: {"letter_name": "", "by": "", "hidden": False},
    LetterKind.WAITED: {"hidden": False},
    LetterKind.MOVED: {"what": "handler", "handler_unit": "", "due_text": ""},
    LetterKind.INSTRUCTION: {"files": [_FILE], "text": "", "by": "", "due_text": "", "role": "handler",
                             "report_back": False, "hidden": False, "correct": False},
    LetterKind.PLAN_LIST: {"items": [_ROW], "more": 0, "count": 0, "late": 0, "filed": False},
    LetterKind.PLAN_REVIEW: {
        "items": [{"number": "", "type_name": "", "summary": "", "date_text": "", "late": False}], "example": "",
    },
    LetterKind.EXTENSION: {"text": "", "by": "", "due_text": "", "hidden": False},
    LetterKind.EXTENSION_DECIDED: {"text": "", "by": "", "due_text": "", "granted": False, "hidden": False},
    LetterKind.TYPE_PROPOSAL: {"type_name": "", "by": "", "hidden": False},
    LetterKind.PROPOSAL: {"what": "merge", "other": "", "text": "", "by": "", "hidden": False},
    LetterKind.PROPOSAL_DECLINED: {"what": "merge", "other": "", "text": "", "by": "", "hidden": False},
    LetterKind.GATHERED: {
        "items": [{"number": "", "kind": "", "type_name": "", "summary": "", "due_text": "", "order": "", "text": "",
                   "token": "", "replies": [_REPLY]}], "count": 0, "newcomers": False, "hidden": False,
    },
    LetterKind.SPLIT: {"numbers": [""], "text": "", "by": "", "hidden": False},
    LetterKind.MERGED: {"into": "", "by": "", "hidden": False},
    LetterKind.REGROUPED: {"what": "merged", "other": "", "numbers": [""]},
    LetterKind.TYPE_DECLINED: {"type_name": "", "by": "", "text": "", "hidden": False},
    LetterKind.HAND_UP: {**_LETTER, "text": "", "by": ""},
    LetterKind.WITHDRAWAL: {"hidden": False},
    LetterKind.SEALED: {"by": "", "handles": False},
    LetterKind.UNSEALED: {"names": [""], "addresses": [""], "numbers": [""], "lines": [""], "reason": "", "told": "",
                          "supervisors": False},
    LetterKind.UNSEAL_TOLD: {"by": "", "at_text": "", "reason": "", "supervisors": False},
    LetterKind.ERASED: {"by": "", "numbers": [""], "reason": "", "why_not": "", "mails": 0,
                        "left": [{"what": "", "where": ""}], "supervisors": False},
    LetterKind.HOLD_TOLD: {"by": "", "at_text": "", "reason": "", "lifted": False, "supervisors": False},
    LetterKind.NOTICE: {
        **_LETTER, "unverified": False, "custodian": False, "triage": False, "moved_because": "",
        "reasons": [{"text": "", "why": "", "weight": 0}],
        "alternatives": [{"type": "", "type_name": ""}],
        "perhaps_same": [{"number": "", "summary": "", "offer": False}],
        "who": {"names": [""], "people": [{"name": "", "unit_name": "", "title": ""}], "more": 0},
        "proposals": [{"verb": "", "object": "", "who": "", "meant": False}],
    },
    LetterKind.REMINDER: {"clock": "", "clock_name": "", "due_text": "", "asked_by": "", "by": "", "text": "",
                          "hidden": False},
    LetterKind.ESCALATION: {
        "clock": "", "clock_name": "", "due_text": "", "handler_name": "", "handler_unit": "", "role": "handler",
        "rung": 0, "hidden": False,
    },
    LetterKind.PROGRESS: {"what": "note", "follows": False, "by": "", "text": "", "hidden": False},
    LetterKind.COMBINED: {
        "items": [{"number": "", "type_name": "", "summary": "", "clock": "", "clock_name": "", "due_text": "",
                   "what": "reminder", "role": "handler"}],
    },
    LetterKind.BUNDLE: {
        "items": [{"number": "", "kind": "", "type_name": "", "summary": "", "due_text": "", "order": "", "text": "",
                   "token": "", "replies": [_REPLY]}],
    },
    LetterKind.HANDED_OVER: {
        "items": [{"number": "", "kind": "", "role": "", "before": "", "by": "", "wish": "", "type_name": "",
                   "summary": "", "state": "", "due_text": "", "outgoing_text": "", "order": "", "text": "",
                   "token": "", "replies": [_REPLY]}],
        "people": [""], "handled": 0,
    },
    LetterKind.LEAVERS: {
        "left": [_WHO], "back": [_WHO], "stopped": [{"kind": "", "count": 0}],
        "items": [{"number": "", "type_name": "", "before": "", "handler_name": ""}],
        "named": [{"what": "", "whose": "", "who": "", "place": ""}],
    },
    LetterKind.DOUBTFUL: {"place": "", "count": 0, "before": 0, "names": [""], "more": 0},
    LetterKind.ECHO: {**_DONE, "done": [_DONE]},
    LetterKind.REFUSAL: {"yours": "", "command": "", "reason": "", "detail": "", "missing": [""], "fix": [""]},
    LetterKind.FILES: {"files": [_FILE], "left": [_FILE], "part": 1, "parts": 1},
    LetterKind.SHEET: {"hidden": False, "printed": True},
    LetterKind.CONFIRMATION: {"command_line": "", "what": "", "expires_text": "", "twice": False, "items": [_ENTRY],
                              "erase": {"numbers": [""], "reason": ""}},
    LetterKind.UNREAD_COMMAND: {"text": ""},
    LetterKind.CHOICES: {"text": "", "readings": [_REPLY]},
    LetterKind.RECORDED: {"requester_name": "", "requester_address": "", "asks": False, "missing": [""]},
    LetterKind.STATUS: {"items": [{**_ROW, "record": False, "state": ""}], "more": False, "search": "",
                        "register": [_RECEIVER]},
    LetterKind.ADOPTED: {},
    LetterKind.POLITE: {},
    LetterKind.EXPERT: _OUTWARD,
    LetterKind.PUBLISHING: {
        "question": "", "answer": "", "unit_name": "", "own": False, "by": "", "expires_text": "", "hidden": False,
    },
    LetterKind.PUBLISHED: {"publications": [{"question": "", "answer": "", "unit_name": "", "day": ""}]},
    LetterKind.FORWARD_PREVIEW: {**_OUTWARD, "to": "", "tells": [""], "expires_text": "", "hidden": False},
    LetterKind.SEAL_PREVIEW: {
        "verb": "", "to": [{"name": "", "unit_name": ""}], "by": "", "order": "", "abstract": False, "changed": "",
        "parts": [{"n": 0, "text": ""}], "cuts": [{"part": 0, "what": "", "count": 0}], "expires_text": "",
        "files": [{"n": 0, "filename": "", "size_text": "", "cleanable": False}], "hidden": False,
    },
    LetterKind.SEAL_LAPSED: {"asks": False, "verb": "", "to": [{"name": "", "unit_name": ""}], "at_text": ""},
    LetterKind.EXPERT_REPLY: {**_LETTER, "confirmed": True, "expert": ""},
    LetterKind.STATUS_OUTSIDE: {"items": [{**_ROW, "state": ""}]},
    LetterKind.HELP: {"groups": [{"group": "", "verbs": [""]}], "pack": "", "interprets": "", "approved": "",
                      "since": ""},
    LetterKind.FRESH_KEY: {"command_line": ""},
    LetterKind.BOUNCE: {"failed_address": "", "letter_name": "", "diagnostic": "", "resent_to": ""},
    LetterKind.QUARANTINE: {
        "items": [{"from": "", "subject": "", "received_text": "", "reason": ""}], "more": 0, "due_text": "",
    },
    LetterKind.SECURITY: _FORGERY,
    LetterKind.SECURITY_PERSON: _FORGERY,
    LetterKind.MISDIRECTED: {"from_text": "", "text": ""},
    LetterKind.DIGEST: {
        "date_text": "", "counts": {"open": 0, "overdue": 0, "idle": 0, "set_aside": 0, "left_behind": 0,
                                    "triage": 0, "new": 0, "queue": 0, "would_send": 0, "junk": 0},
        "held_back": [], "misuse": [], "noted": [], "overdue": [_ROW], "triage": [_ROW], "idle": [_ROW], "new": [_ROW],
        "quarantined": [{**_ROW, "reason": ""}],
        "set_aside": [_ROW], "queue": [_ROW], "observing": False, "would_send": [],
        "junk": [{"entry": "", "from": "", "subject": ""}], "junk_replies": [_REPLY], "aside_replies": [_REPLY],
        "same": [{"number": "", "other": "", "summary": ""}], "same_replies": [_REPLY],
    },
    LetterKind.WEEKLY: {"role": "head", "date_text": "", "counts": {"open": 0, "overdue": 0, "new": 0},
                         "overdue": [_ROW], "open": [_ROW]},
    LetterKind.AFTERMATH: {},
    LetterKind.AWARD: {"what": "ready", "ledger": "", "amount": 0, "until_text": "", "code": "", "unit_name": ""},
    LetterKind.PAYMENT: {"items": [{"ledger": "", "amount": 0}]},
    LetterKind.PUBLICATION: {"what": "asked", "problem": "", "items": [_ENTRY]},
    LetterKind.PUBLIC_NOTICE: {"items": [_ENTRY], "by": ""},
    LetterKind.REPORT: {
        "name": "", "period_name": "", "unit_name": "", "lead": "", "example": "", "tables": [_TABLE],
        "no_charts": False, "has_file": False,
    },
    LetterKind.FIGURE: {
        "period_name": "", "figures": "", "count": 0, "unknown": "", "example": "",
        "parts": [{"label": "", "count": 0, "before": None, "more": 0}],
        "rows": [{**_ROW, "part": 1, "state": "", "whys": [{"why": "", "count": 1}]}],
    },
    LetterKind.LEDGER: {
        "what": "asked", "problem": "", "more": 0, "code": "",
        "items": [_ENTRY],
    },
    LetterKind.RELEASE: {
        "items": [{"n": 0, "number": "", "type_name": "", "summary": "", "received_text": "",
                   "letters": [{"kind": "", "to": ""}]}],
        "more": 0, "problem": "", "is_done": False, "released": [], "dropped": [],
    },
    LetterKind.TRIAGE_AGAIN: {"items": [_ROW], "more": 0},
    LetterKind.ALARM: {"role": "", "hidden": False, "crisis": []},
    LetterKind.TROUBLE: {"trouble": "", "where": "", "since_text": "", "is_well": False, "is_again": False},
    LetterKind.RULE_FAULT: {"place": "", "line": "", "mend": ""},
}  # fmt: skip


_OURS = frozenset({"type_name", "unit_name", "handler_unit", "missing", "label"})
"""Names behind which words of the pack and the directory stand."""
_MAY_BE_NONE = frozenset({"case", "letter", "released_words"})
_ABSENT = object()


def complete(kind: LetterKind, context: Names) -> dict[str, object]:
    """The context with every name of this letter, all text made safe to show; `case` and `letter` may be None."""
    return _filled_mapping({"data": _DATA.get(kind, {}), **_TOP}, context)


def in_hant(context: dict[str, object], convert: Callable[[str], str]) -> dict[str, object]:
    """The context with the pack's and the directory's words in traditional characters; a mail's words stay."""
    return {name: _in_hant(name, given, convert) for name, given in context.items()}


def _in_hant(name: str, given: object, convert: Callable[[str], str]) -> object:
    if isinstance(given, Mapping):
        return {key: _in_hant(str(key), item, convert) for key, item in given.items()}
    if isinstance(given, list):
        return [_in_hant(name, item, convert) for item in given]
    return convert(given) if name in _OURS and isinstance(given, str) else given


def _filled_mapping(default: Names, given: Names) -> dict[str, object]:
    done = {name: _filled(name, value, given.get(name, _ABSENT)) for name, value in default.items()}
    return done | {name: _safe(value) for name, value in given.items() if name not in default}


def _filled(name: str, default: object, given: object) -> object:
    """What was given, with the names it lacks; what was not given at all is empty."""
    if isinstance(default, Mapping):
        if given in (None, _ABSENT) and name in _MAY_BE_NONE:
            return None
        return _filled_mapping(default, given if isinstance(given, Mapping) else {})
    if isinstance(default, list):
        items = given if isinstance(given, Sequence) and not isinstance(given, str) else ()
        return [_filled("", default[0], item) if default else _safe(item) for item in items]
    return default if given in (None, _ABSENT) else _safe(given)


def _safe(value: object) -> object:
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, Mapping):
        return {str(name): _safe(item) for name, item in value.items()}
    return [_safe(item) for item in value] if isinstance(value, list | tuple) else value
