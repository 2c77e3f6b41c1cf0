"""`maild command` says how a reply would be read, in the keys that other people's scripts read."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.trying import NOW, run, write_lines

KEYS = ["id", "decision", "why", "commands", "readings", "missing"]
COMMAND_KEYS = {"verb", "unit", "person", "type", "case", "date", "until", "duration", "level", "list", "reason", "text",
                "proposed"}  # fmt: skip
HANDLER, COORDINATOR, HR = "he.zhiqiang@corp.example", "lin.xiaoyue@corp.example", "zhou.min@corp.example"

Captured = pytest.CaptureFixture[str]


def command(capsys: Captured, tmp_path: Path, *replies: dict[str, Any]) -> list[dict[str, Any]]:
    """What `maild command --json` prints for these replies."""
    lines = write_lines(tmp_path / "replies.jsonl", [{"id": f"r-{n}"} | reply for n, reply in enumerate(replies)])
    status, out, err = run(capsys, "command", "--json", "--pack", "gm-mailbox", "--now", NOW, lines)
    assert (status, err) == (0, "")
    return [json.loads(line) for line in out.splitlines()]


def test_the_keys_are_exactly_those_promised(capsys: Captured, tmp_path: Path) -> None:
    """Every object has the keys of the interface, and every order has all of its own, null where one does not apply."""
    (found,) = command(capsys, tmp_path, {"as": COORDINATOR, "text": "转物流部，周五前报我", "answers": "notice"})

    assert list(found) == KEYS
    assert set(found["commands"][0]) >= COMMAND_KEYS
    assert (
        found["commands"][0] | {"verb": "route", "unit": "物流部", "date": "2026-11-27", "person": None}
        == (found["commands"][0])
    )


def test_missing_keys_mean_an_assignment(capsys: Captured, tmp_path: Path) -> None:
    """Without `answers` and `state` it is a new assignment's handler who writes."""
    (found,) = command(capsys, tmp_path, {"as": HANDLER, "text": "收到"})

    assert ("act", "accept") == (found["decision"], found["commands"][0]["verb"])


@pytest.mark.parametrize(
    ("who", "answers", "text", "decision", "why"),
    [
        (HANDLER, "assignment", "转质量部", "act", None),
        ("huang.qiuyan@corp.example", "assignment", "特急", "refuse", "not-yours"),
        (HANDLER, "assignment", "属实", "refuse", "not-yours"),
        (HANDLER, "assignment", "采纳", "refuse", "not-yours"),
        (HANDLER, "assignment", "解除保密：想看是谁", "refuse", "not-yours"),
        (HANDLER, "circulation", "转质量部", "refuse", "not-yours"),
        (HR, "notice", "属实", "act", None),
        (HR, "notice", "解除保密：移送需要", "act", None),
        ("su.lan@corp.example", "notice", "采纳", "act", None),
        ("shi.yuan@corp.example", "notice", "责令整改：12月10日前补齐台账", "act", None),
        (HANDLER, "notice", "责令整改：12月10日前补齐台账", "refuse", "not-yours"),
        ("stranger@mail-a.example", "assignment", "转质量部", "refuse", "not-yours"),
        ("stranger@mail-a.example", "rating", "不满意", "act", None),
        (HANDLER, "none", "转质量部", "refuse", "no-key"),
        (HANDLER, "none", "状态", "act", None),
        (HANDLER, "assignment", "先不要转", "note", None),
        (HANDLER, "assignment", "转张三", "choose", None),
        (HANDLER, "assignment", "转火星部", "refuse", "outside-directory"),
        (HANDLER, "assignment", "结案", "refuse", "incomplete"),
        (HANDLER, "assignment", "结案：无法联系，电话三次未接", "refuse", "incomplete"),
        (COORDINATOR, "notice", "结案：无法联系，电话三次未接", "act", None),
    ],
)
def test_who_may_say_what(
    capsys: Captured, tmp_path: Path, who: str, answers: str, text: str, decision: str, why: str | None
) -> None:  # fmt: skip
    """The directory and the answered mail decide who may give which order."""
    (found,) = command(capsys, tmp_path, {"as": who, "answers": answers, "text": text})

    assert (decision, why) == (found["decision"], found["why"])


def test_some_may_only_propose(capsys: Captured, tmp_path: Path) -> None:
    """A handler proposes another type or a merger; the coordinator orders them."""
    found = command(
        capsys, tmp_path,
        {"as": HANDLER, "text": "应为员工投诉"}, {"as": COORDINATOR, "text": "应为员工投诉", "answers": "notice"},
        {"as": HANDLER, "text": "合并 143"},
    )  # fmt: skip

    assert [True, False, True] == [one["commands"][0]["proposed"] for one in found]
    assert "staff-complaint" == found[0]["commands"][0]["type"]


def test_what_a_resolve_still_lacks(capsys: Captured, tmp_path: Path) -> None:
    """The missing parts are named; an answer that was sent before, or comes with the same mail, is not missing."""
    parts = "结案\n原因：面单破损\n措施：更换耗材"
    found = command(
        capsys, tmp_path,
        {"as": HANDLER, "text": "结案"}, {"as": HANDLER, "text": parts}, {"as": HANDLER, "text": parts, "state": "answered"},
        {"as": HANDLER, "text": f"{parts}\n答复来信人：您好，已退款。"},
    )  # fmt: skip

    assert [["analysis", "measure", "answer"], ["answer"], [], []] == [one["missing"] for one in found]
    assert "您好，已退款。" == found[3]["commands"][0]["text"]


def test_a_closed_case_is_not_moved(capsys: Captured, tmp_path: Path) -> None:
    """Of a closed case nothing is routed, answered or closed again; a note is kept."""
    found = command(
        capsys, tmp_path,
        *({"as": HANDLER, "text": text, "state": "closed"} for text in ("转质量部", "答复：您好，已退款。", "结案", "备注：客户来电")),
    )  # fmt: skip

    assert [("refuse", "case-closed")] * 3 + [("act", None)] == [(one["decision"], one["why"]) for one in found]


def test_lines_for_several_cases(capsys: Captured, tmp_path: Path) -> None:
    """Each line is an order to its own case, and a doubtful line stops none."""
    text = "142 转物流部\nGM-2026-000143 接\n144、145 转质量部\n146 转张三"
    (found,) = command(capsys, tmp_path, {"as": COORDINATOR, "answers": "digest", "text": text})

    assert [("142", "route"), ("GM-2026-000143", "accept"), ("144", "route"), ("145", "route")] == [
        (one["case"], one["verb"]) for one in found["commands"]
    ]
    assert {"146"} == {one["case"] for one in found["readings"]}


def test_a_line_for_a_person(capsys: Captured, tmp_path: Path) -> None:
    """Without --json one line says what would be done."""
    lines = write_lines(tmp_path / "r.jsonl", [{"id": "a", "as": HANDLER, "text": "转张三"}])

    status, out, _ = run(capsys, "command", "--pack", "gm-mailbox", "--now", NOW, lines)

    assert (0, "a: choose") == (status, out[:9])


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('{"text": "转物流部", "answers": "letter"}', "write one of assignment"),
        ('{"text": "转物流部", "state": "lost"}', "write one of new"),
        ('{"text": ["转物流部"]}', "is a text"),
        ("转物流部", "not JSON"),
    ],
)
def test_a_wrong_line_is_told(capsys: Captured, tmp_path: Path, line: str, sentence: str) -> None:
    """A line that cannot be read is named with file and number, and ends with status 2."""
    path = tmp_path / "r.jsonl"
    path.write_text("\n" + line + "\n", "utf-8")

    status, _, err = run(capsys, "command", "--json", "--pack", "gm-mailbox", path)

    assert 2 == status
    assert f"{path}:2:" in err
    assert sentence in err
