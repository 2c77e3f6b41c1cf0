"""How a case ends: what each outcome needs, and what a case still lacks for it (the table of casework 4)."""

import re
from dataclasses import replace

from maild.domain.case import Answered, Case
from maild.domain.command import Command
from maild.domain.script import fold

NEEDS: dict[str, tuple[str, ...]] = {
    "resolved": ("analysis", "measure", "answer"),
    "decided": ("decision", "reason", "answer"),
    "noted": ("analysis", "answer"),
    "carried-out": ("receipts", "measure"),
}
"""By outcome; `reason` counts for a rejection alone, `receipts` where a directive went round."""
BY_COORDINATOR = ("unreachable", "no-details", "abusive", "out-of-scope")
"""Outcomes that the coordinator states with a reason; nobody need be answered."""
TOLD_TO_SENDER = frozenset({"no-details", "out-of-scope", "withdrawn"})
"""Those whose sender hears of the end all the same (P3.5.9)."""
_STATED = {
    "unreachable": r"无法联系|联系不上|联系不到(?:来信人|客户|本人)?|无法联络|unreachable|cannot be reached",
    "no-details": r"(?:缺少|没有|缺乏|无)(?:可供?核查的?)?(?:情况|线索|细节)|(?:情况|线索)不足|no[- ]details",
    "abusive": r"内容辱骂|辱骂|谩骂|恶意辱骂|abusive|abuse",
    "out-of-scope": r"不属(?:于)?(?:本信箱)?受理范围|(?:不在|超出)受理范围|不属本单位(?:职责)?|out[- ]of[- ]scope",
}
_FIRST = re.compile(
    r"\s*(?:" + "|".join(f"(?P<{name.replace('-', '_')}>{words})" for name, words in _STATED.items()) + r")"
    r"(?:来信人|客户|本人)?(?P<rest>(?:[\s,.:;!。，：；、]|$).*)",
    re.DOTALL,
)
_ADOPTED = re.compile(r"\s*(?:决定)?(?:予以|建议|同意)?采纳|adopt", re.IGNORECASE)
_REJECTED = re.compile(r"\s*(?:决定)?(?:暂不|不予|不|未)采纳|reject(?:ed)?|not adopted", re.IGNORECASE)
_EDGES = " \t\r\n,，.。:：;；"


def stated(command: Command) -> tuple[str, str]:
    """One of the coordinator's outcomes and its reason, where the words begin with it; else two empty words."""
    words = "\n".join(part for part in (command.reason, command.analysis, command.measure) if part)
    found = _FIRST.match(fold(words))
    if found is None:
        return "", ""
    name = next(name for name in BY_COORDINATOR if found[name.replace("-", "_")])
    return name, words[found.start("rest") :].strip(" \t\r\n,，.。:：;；、")


def with_words(case: Case, command: Command) -> Case:
    """The case with what was written for its end; what is left out stays as it was."""
    analysis, measure = command.analysis or "", command.measure or ""
    known = replace(case, analysis=analysis or case.analysis, measure=measure or case.measure)
    said = command.reason or analysis
    if _REJECTED.match(said):
        return replace(known, decision="rejected", reason=_REJECTED.sub("", said, count=1).strip(_EDGES) or measure)
    return replace(known, decision="adopted") if _ADOPTED.match(said) else known


def lacking(case: Case, outcome: str, *, answering: bool = False, receipts_open: bool = False) -> tuple[str, ...]:
    """What the outcome still needs; `answering`: the same mail brings the answer."""
    has = {
        "analysis": bool(case.analysis), "measure": bool(case.measure), "decision": bool(case.decision),
        "reason": bool(case.reason) or case.decision != "rejected", "receipts": not receipts_open,
        "answer": answering or case.answer in {Answered.QUEUED, Answered.SENT, Answered.TOLD},
    }  # fmt: skip
    return tuple(point for point in NEEDS.get(outcome, NEEDS["resolved"]) if not has[point])


def arrived(case: Case) -> bool:
    """Whether the requester has the answer: the mail was accepted and not returned, or it was told."""
    return case.answer in {Answered.SENT, Answered.TOLD}
