"""The parts of a closing reply: 原因 / 分析, 措施, 答复来信人; and what it still lacks (casework 4 and 5).

Only what follows 答复来信人: leaves. Without labels two paragraphs are analysis and measure.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from maild.domain.command import Command
from maild.domain.sentences import fold_lines
from maild.domain.value import value

ANALYSIS, MEASURE, ANSWER = "analysis", "measure", "answer"
_LABELS = {
    ANALYSIS: r"(?:问题|主要|根本|产生)?原因(?:分析)?|(?:问题|情况|原因)?分析|根因|调查(?:情况|结果|结论)"
              r"|核[查实](?:情况|结果)|(?:root )?cause|analysis|reason|why|findings?",
    MEASURE: r"(?:整改|处理|改进|解决|纠正|预防|后续|采取的?)?措施|处理(?:结果|情况|意见|办法|方案)?|整改(?:情况)?|改进"
             r"|measures?(?: taken)?|actions?(?: taken)?|remedy|corrective actions?",
    ANSWER: r"(?:答复|回复|答覆|回覆)(?:给)?(?:来信人|客户|投诉人|建议人|举报人|反映人|顾客|用户|员工|对方|本人)?"
            r"(?:内容|如下)?|给(?:来信人|客户)的?(?:答复|回复)"
            r"|(?:answer|reply|message) to (?:the )?(?:sender|customer|requester|writer|client)"
            r"|to (?:the )?(?:sender|customer)|answer|reply",
    "note": r"(?:内部)?备注|internal note|note",
}  # fmt: skip
_LABEL = re.compile(
    r"(?:^|(?<=[\n。;；.!！，,]))[ \t]*(?:\d{1,2}[.、)]|[一二三四五][、.]|[-*•·●(【\[])?[ \t]*(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _LABELS.items())
    + r")[ \t]*[】\])]?(?:[ \t]*:|(?<=原因|分析|措施)[ \t])[ \t]*"
)
_SHOWN = 4_000
_EDGES = " \t\r\n,，;；"


@value
class Parts:
    """What a closing reply says, by part."""

    before: str = ""
    """What stands above the first label: a finding, or everything."""
    analysis: str = ""
    measure: str = ""
    answer: str = ""
    mixed: bool = False
    """An inside part may stand within the words that leave: the writer is asked."""


def parts_of(words: str) -> Parts:
    """The labelled parts; unlabelled text is `before`."""
    plain = fold_lines(words)
    marks = list(_LABEL.finditer(plain))
    if not marks:
        return Parts(before=words.strip(_EDGES))
    said: dict[str, str] = {}
    ends = [*(mark.start() for mark in marks[1:]), len(words)]
    mixed = False
    for mark, end in zip(marks, ends, strict=True):
        name = str(mark.lastgroup)
        starts_line = not plain[: mark.start()].rstrip(" \t") or plain[: mark.start()].rstrip(" \t").endswith("\n")
        mixed = mixed or (ANSWER in said and not starts_line)
        said[name] = "\n".join(filter(None, (said.get(name, ""), words[mark.end() : end].strip(_EDGES))))
    return Parts(before=words[: marks[0].start()].strip(_EDGES), analysis=said.get(ANALYSIS, ""),
                 measure=said.get(MEASURE, ""), answer=said.get(ANSWER, ""), mixed=mixed)  # fmt: skip


def closed_with(command: Command, parts: Parts, *, planned: bool) -> Command:
    """`resolve`, `upheld` or `unfounded` with its parts; of a plan item the whole text is the answer."""
    analysis, measure, answer, before = parts.analysis, parts.measure, parts.answer, parts.before
    if command.verb != "resolve":
        return replace(command, reason=before or None, analysis=analysis or None, measure=measure or None, text=answer)
    if planned and not (analysis or measure or answer):
        return replace(command, text=before)
    if before and not analysis:
        analysis, rest = (before, "") if measure else _paragraphs(before)
        measure = measure or rest
    return replace(command, reason=before or None if parts.analysis else None, analysis=analysis or None,
                   measure=measure or None, text=answer)  # fmt: skip


def _paragraphs(text: str) -> tuple[str, str]:
    """The first paragraph, and the rest; single lines are paragraphs where no line is empty."""
    found = [part.strip() for part in re.split(r"\n[ \t]*\n", text) if part.strip()]
    found = found if len(found) > 1 else [part.strip() for part in text.split("\n") if part.strip()]
    return (found[0], "\n".join(found[1:])) if found else ("", "")


def missing_of(commands: Sequence[Command], state: str) -> tuple[str, ...]:
    """What a `resolve` among these commands still lacks; an answer counts wherever the same mail gives it."""
    resolve = next((one for one in commands if one.verb == "resolve"), None)
    if resolve is None:
        return ()
    answered = state == "answered" or any(one.verb in {"reply", "told"} and one.text for one in commands)
    has_answer = bool(resolve.text) or answered
    if state == "planned":
        return () if has_answer or resolve.analysis else (ANSWER,)
    has = {ANALYSIS: resolve.analysis, MEASURE: resolve.measure, ANSWER: has_answer}
    return tuple(part for part, given in has.items() if not given)


def is_closing(text: str) -> bool:
    """Whether words for the other side hold 原因： and 措施： as lines, which are the inside parts of a closing."""
    text = text[:_SHOWN]
    found = {mark.lastgroup for mark in _LABEL.finditer(fold_lines(text)) if _starts_line(text, mark.start())}
    return {ANALYSIS, MEASURE} <= found


def _starts_line(text: str, at: int) -> bool:
    return not text[:at].strip() or text[:at].rstrip(" \t").endswith("\n")
