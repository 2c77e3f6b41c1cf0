"""`maild policy` lists the packs and tells a clerk every mistake with file, line and mend."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from maild.adapters.shipped import shipped
from tests.cli.trying import COMPLAINT, classified, own_rules, run, write_lines

Captured = pytest.CaptureFixture[str]
COMPLAINTS = "rules/customer-complaint.yaml"
NEW_RULE = "  - id: own-rule\n    why: {zh: 自己加的, en: our own}\n    weight: 2\n"


def _append(text: str) -> Callable[[str], str]:
    return lambda before: before.rstrip("\n") + "\n" + text


def _swap(pattern: str, replacement: str) -> Callable[[str], str]:
    def change(before: str) -> str:
        after, count = re.subn(pattern, replacement, before, count=1, flags=re.MULTILINE)
        assert count == 1, pattern
        return after

    return change


def _edit(rules: Path, name: str, change: Callable[[str], str]) -> Path:
    path = rules / "gm-mailbox" / name
    path.write_text(change(path.read_text("utf-8")), "utf-8")
    return path


def _check(capsys: Captured, rules: Path, *words: object) -> tuple[int, list[dict[str, str]]]:
    status, out, err = run(capsys, "policy", "check", "gm-mailbox", "--rules", rules, "--json", *words)
    assert err == ""
    return status, json.loads(out)


def test_a_pack_says_who_stands_behind_it(capsys: Captured) -> None:
    """`policy list` shows version, name, who interprets it, who approved it and since when it holds (P2.7)."""
    status, out, _ = run(capsys, "policy", "list")

    assert status == 0
    for words in (
        "gm-mailbox@1",
        "总经理信箱",
        "interpreted by 总经办 / GM office",
        "approved by 总经理",
        "in force since 2026-01-01",
    ):
        assert words in out


RULE = "rules:\n  - {{id: {}, name: {{zh: 甲, en: a}}, types: [{}], when: [{}], decides: gm}}\n"
OFFICES_OWN = [
    pytest.param("circulation.yaml", "types: [directve]\n", ":1:9: 'directve' is no type", "directive", id="type"),
    pytest.param("circulation.yaml", "types: []\nby: [gm-ofice]\n", ":2:6: 'gm-ofice' is no unit, role", "", id="role"),
    pytest.param("circulation.yaml", "steps: [relaid]\n", ":1:9: there is no step 'relaid'", "relayed", id="step"),
    pytest.param("circulation.yaml", "step: [relayed]\n", ":1:7: unknown key 'step'", "steps", id="key"),
    pytest.param("ledger.yaml", RULE.format("a", "retalation", "idle"), ":2:43: 'retalation' is no type",
                 "retaliation", id="ledger-type"),
    pytest.param("ledger.yaml", RULE.format("a", "retaliation", "idel"), ":2:", "idle", id="cause"),
    pytest.param("ledger.yaml", RULE.format("a", "", "idle") + RULE.format("a", "", "idle").partition("\n")[2],
                 ":3:10: 'a' stands here twice", "", id="id"),
    pytest.param("forms.yaml", "rounds:\n  - {id: experience-quarterly, when: montly}\n",
                 ":2:38: 'montly' is no time of the calendar", "monthly", id="when"),
    pytest.param("forms.yaml", "rounds:\n  - {id: experience-quarterly, due: soon}\n", ":2:37: 'soon' is no length",
                 "3 working days", id="due"),
    pytest.param("forms.yaml", "rounds:\n  - {id: experience-quarterly, to: [markting]}\n",
                 ":2:37: 'markting' is no unit, role", "", id="to"),
    pytest.param("forms.yaml", "rounds:\n  - {id: experience-quarterly, owner: nobody}\n",
                 ":2:39: 'nobody' is no unit, role", "", id="owner"),
    pytest.param("forms.yaml", "rounds:\n  - {id: experience-quarterly, form: tests}\n", ":2:38: there is no form 'tests'",
                 "experience-test", id="form"),
    pytest.param("forms.yaml", "rounds:\n  - {id: experience-quarterly, type: staff-report}\n",
                 ":2:38: 'staff-report' is confidential", "", id="form-type"),
    pytest.param("forms.yaml", "rounds:\n  - {id: experience-quartely, enabled: false}\n",
                 ":2:5: there is no 'experience-quartely'", "experience-quarterly", id="form-id"),
    pytest.param("forms.yaml", "forms:\n  - {id: f, name: {zh: 甲, en: a}, fields: [{id: x, name: {zh: 乙, en: b}, kind: numbr}]}\n",
                 ":2:", "number", id="kind"),
    pytest.param("forms.yaml", "forms:\n  - {id: f, name: {zh: 甲, en: a}, fields: [{id: x, name: {zh: '乙：', en: b}}]}\n",
                 ":2:63: '乙：' holds a colon", "", id="colon"),
    pytest.param("forms.yaml", "rounds:\n  - {id: experience-quarterly, findings: {where: probelm, type: experience-test}}\n",
                 ":2:50: the form 'experience-test' has no field 'probelm'", "problem", id="finding"),
    pytest.param("retention.yaml", "retention: [{after: 三年, erase: person}]\n", ":1:21: '三年' is no length of time",
                 "90 days, 6 months or 3 years", id="age"),
    pytest.param("retention.yaml", "retention: [{types: [retalation], after: 3 年, erase: person}]\n",
                 ":1:22: 'retalation' is no type", "retaliation", id="kept-type"),
    pytest.param("retention.yaml", "retention: [{after: 3 年, erase: persons}]\n", ":1:", "person", id="erase"),
    pytest.param("retention.yaml", "retention:\n  - {after: 3 年, erase: person}\n  - {after: 1 年, erase: person}\n",
                 ":3:5: a row above holds for all of these", "", id="never"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "said", "mend"), OFFICES_OWN)
def test_a_slip_in_the_offices_circulations_or_ledger_is_named(
    capsys: Captured, tmp_path: Path, name: str, text: str, said: str, mend: str
) -> None:
    """`policy check` names it with line, column and the mend, in the office's own file as in a pack's."""
    (tmp_path / "pack.yaml").write_text("extends: gm-mailbox@1\n", "utf-8")
    (tmp_path / name).write_text(text, "utf-8")

    status, out, _ = run(capsys, "policy", "check", "gm-mailbox", "--rules", tmp_path)

    assert status == 2
    assert f"{tmp_path / name}{said}" in out
    assert mend in out


def test_packs_are_listed_for_programs(capsys: Captured) -> None:
    """With --json each pack is an object with its facts and counts."""
    _, out, _ = run(capsys, "policy", "list", "--json")

    pack = next(one for one in json.loads(out) if one["id"] == "gm-mailbox")
    assert set(pack) == {
        "id",
        "version",
        "name",
        "interprets",
        "approved",
        "in_force_since",
        "types",
        "rules",
        "folder",
    }
    assert pack["types"] == 14
    assert pack["rules"] > 50


def test_the_shipped_packs_are_well(capsys: Captured) -> None:
    """What ships has no mistake and no warning."""
    status, out, _ = run(capsys, "policy", "check")

    assert (status, out.strip().splitlines()) == (
        0,
        [f"{p.parent.name}: ok" for p in sorted(shipped("rules").glob("*/types.yaml"))],
    )


def test_a_clerk_adds_a_keyword_and_the_verdict_changes(tmp_path: Path, capsys: Captured) -> None:
    """A word added to one rule of one's own copy is enough; no program is touched."""
    rules = own_rules(tmp_path)
    odd = COMPLAINT | {"subject": "关于紫色大象", "body": "上周在你们那里遇到紫色大象，特此来信。"}
    mails = write_lines(tmp_path / "mails.jsonl", [odd])
    before = classified(capsys, "--rules", rules, mails)[0]

    _edit(
        rules,
        "rules/experience-test.yaml",
        _append(NEW_RULE.replace("weight: 2", "weight: 15") + "    any: [紫色大象]\n"),
    )
    after = classified(capsys, "--rules", rules, mails)[0]

    assert before["type"] != "experience-test"
    assert after["type"] == "experience-test"
    assert {"text": "紫色大象", "why": "自己加的", "weight": 15.0} in after["reasons"]
    assert _check(capsys, rules) == (0, [])


def _rule(more: str) -> Callable[[str], str]:
    return _append(f"{NEW_RULE}{more}\n")


TYPOS: list[tuple[str, str, Callable[[str], str], str]] = [
    ("a full-width colon", COMPLAINTS, _rule("    any：[漏水]"), "full-width '：'"),
    ("a full-width comma", COMPLAINTS, _rule("    any: [漏水，漏电]"), "full-width '，'"),
    ("a tab", COMPLAINTS, _rule("\tany: [漏水]"), "a tab stands here"),
    ("a key twice", COMPLAINTS, _rule("    any: [漏水]\n    weight: 3"), "'weight' stands here a second time"),
    ("on", COMPLAINTS, _rule("    any: [漏水]\n    guard: on"), "misread on"),
    ("no", COMPLAINTS, _rule("    any: [no]"), "misread no"),
    ("a missing why", COMPLAINTS, _append("  - id: own-rule\n    any: [漏水]\n"), "the key 'why' is missing here; add"),
    ("a misspelt key", COMPLAINTS, _rule("    ayn: [漏水]"), "unknown key 'ayn'; did you mean 'any'?"),
    ("nothing to look for", COMPLAINTS, _append(NEW_RULE), "'own-rule' looks for nothing; add `any:`"),
    ("an open bracket in a term", COMPLAINTS, _rule("    any: [被(调岗|降职]"), "brackets do not match"),
    ("a list that is not there", COMPLAINTS, _rule('    any: ["@redres"]'), "'redres'.*did you mean 'redress'"),
    ("a type", COMPLAINTS, _swap("^type: .*$", "type: custmer-complaint"), "did you mean 'customer-complaint'"),
    ("a voice", COMPLAINTS, _rule("    any: [漏水]\n    voices: [custmer]"), "did you mean 'customer'"),
    ("an id twice", COMPLAINTS, _append((NEW_RULE + "    any: [漏水]\n") * 2), "'own-rule' stands in .* already"),
    ("a unit", "routes.yaml", _append("  - {id: own, to: 物留部}\n"), "'物留部' is no unit.*did you mean '物流部'"),
    ("a type in a route", "routes.yaml", _append("  - {id: own, types: retaliaton, to: hr}\n"), "mean 'retaliation'"),
    ("a length", "deadlines.yaml", _swap("4 working hours$", "4 working huors"), "huors"),
    ("a clock", "deadlines.yaml", _swap("accept: 4", "acept: 4"), "'acept' is not known here"),
    ("a type with deadlines", "deadlines.yaml", _swap("^  unit-dispute:", "  unit-disput:"), "mean 'unit-dispute'"),
    ("a post of the ladder", "ladder.yaml", _swap(r"\[gm-office\]", "[gm-ofice]"), "'gm-ofice' is not known here"),
    ("a coordinator", "pack.yaml", _swap("^coordinator: .*$", "coordinator: gm-ofice"), "did you mean 'gm-office'"),
    ("a body", "pack.yaml", _swap("^supervisory_body: .*$", "supervisory_body: 监视会"), "did you mean '监事会'"),
    ("a head", "directory.yaml", _swap("head: he.zhiqiang@", "head: he.zhiqian@"), "he.zhiqian@.* is nobody in people"),
    ("a point", "types.yaml", _swap(r"needs: \[what,", "needs: [waht,"), "no point 'waht'"),
    ("a question", "types.yaml", _swap(r"question: \{zh: [^,]+,", 'question: {zh: "",'), "in zh are empty"),
]


@pytest.mark.parametrize(("name", "change", "mend"), [row[1:] for row in TYPOS], ids=[row[0] for row in TYPOS])
def test_each_typo_is_named(
    name: str, change: Callable[[str], str], mend: str, tmp_path: Path, capsys: Captured
) -> None:
    """A clerk's typo is told with its file, the line it stands in and how to mend it; exit status 2."""
    rules = own_rules(tmp_path)
    path = rules / "gm-mailbox" / name
    before = path.read_text("utf-8").rstrip("\n").split("\n")
    after = _edit(rules, name, change).read_text("utf-8").rstrip("\n").split("\n")

    status, found = _check(capsys, rules)

    errors = [one for one in found if one["level"] == "error" and one["file"] == str(path)]
    changed = {number for number, line in enumerate(after, 1) if number > len(before) or line != before[number - 1]}
    assert status == 2
    assert len(errors) == 1
    assert int(errors[0]["line"]) in changed
    assert re.search(mend, errors[0]["sentence"])


def test_the_mistakes_of_all_files_are_told(tmp_path: Path, capsys: Captured) -> None:
    """One mistake hides no other: each file's first one is told, as file:line:column: sentence."""
    rules = own_rules(tmp_path)
    files = [
        COMPLAINTS,
        "rules/staff-complaint.yaml",
        "routes.yaml",
        "deadlines.yaml",
        "ladder.yaml",
        "pack.yaml",
        "phones.yaml",
    ]
    for name in files:
        _edit(rules, name, _append("wrnog: 1\n"))

    status, out, _ = run(capsys, "policy", "check", "gm-mailbox", "--rules", rules)

    lines = out.splitlines()
    assert status == 2
    assert sorted(line.split(":")[0] for line in lines[:-1]) == sorted(
        str(rules / "gm-mailbox" / name) for name in files
    )
    assert all(re.match(r"[^:]+:\d+:\d+: \S.*[.?]$", line) for line in lines[:-1])
    assert lines[-1] == f"gm-mailbox: {len(files)} to mend"


def test_a_type_needs_a_route_and_a_deadline(tmp_path: Path, capsys: Captured) -> None:
    """A new type without a deadline is a mistake; one that only the last route takes is a warning."""
    rules = own_rules(tmp_path)
    _edit(rules, "types.yaml", _swap("^types:$", "types:\n  - {id: praise, name: {zh: 表扬, en: praise}}"))

    status, found = _check(capsys, rules)

    assert status == 2
    assert [one["sentence"] for one in found] == ["the type 'praise' has no deadline; add it to deadlines.yaml."]
    _edit(rules, "deadlines.yaml", _swap("^types:$", "types:\n  praise:\n    accept: 1 working day"))
    status, found = _check(capsys, rules)
    assert status == 0
    assert [(one["level"], "no route names the type 'praise'" in one["sentence"]) for one in found] == [
        ("warning", True)
    ]
    _edit(rules, "routes.yaml", lambda before: before[: before.index("  - id: otherwise")])
    status, found = _check(capsys, rules)
    assert status == 2
    assert "the type 'praise' has no route; add one to routes.yaml." in [one["sentence"] for one in found]


def test_a_keyword_twice_in_one_rule_is_a_warning(tmp_path: Path, capsys: Captured) -> None:
    """It is told, and the pack can be used; the same word in two types' rules is the clerk's business."""
    rules = own_rules(tmp_path)
    twice = NEW_RULE + "    any: [漏水]\n    all: [漏水, 赔偿]\n"
    _edit(rules, COMPLAINTS, _append(twice))
    _edit(rules, "rules/customer-opinion.yaml", _append(NEW_RULE.replace("own-rule", "own-two") + "    any: [漏水]\n"))

    status, found = _check(capsys, rules)

    assert status == 0
    assert [(one["level"], "'漏水' stands twice in the rule 'own-rule'" in one["sentence"]) for one in found] == [
        ("warning", True)
    ]


def test_a_directory_without_a_body_outside_is_a_warning(tmp_path: Path, capsys: Captured) -> None:
    """The supervisory body should have an address outside the company's domain (security.md)."""
    rules = own_rules(tmp_path)
    body = "supervisory_body: [shi.yuan@corp.example, feng.xia@corp.example]"
    path = _edit(rules, "directory.yaml", _swap("^supervisory_body: .*$", body))

    status, found = _check(capsys, rules, "--directory", path)

    assert status == 0
    assert any("outside" in one["sentence"] for one in found)


def test_rules_are_checked_without_any_secret(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clerk without password or chat robot's address checks the office that init wrote, and it is in order."""
    assert run(capsys, "init", "--dir", tmp_path, "--no-try")[0] == 0
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MAILD_NOTIFY_URGENT", raising=False)

    status, told, err = run(capsys, "policy", "check")

    assert (status, err) == (0, "")
    assert "gm-mailbox: ok" in told
    assert "warning: '监事会' is no unit" in told


def test_an_unknown_pack_is_told_with_those_there_are(capsys: Captured) -> None:
    """A pack that does not exist is one sentence and exit status 2."""
    status, out, err = run(capsys, "policy", "check", "gm-mailbx")

    assert (status, out) == (2, "")
    assert "choose one of: " in err
    assert "gm-mailbox" in err


def test_new_examples_are_told_and_learned(tmp_path: Path, capsys: Captured) -> None:
    """`policy check` warns of examples newer than what was learned; `policy learn` learns them and the warning goes."""
    rules = own_rules(tmp_path)
    pack = rules / "gm-mailbox"
    lines = (pack / "examples.jsonl").read_text(encoding="utf-8").splitlines()[:60]
    (pack / "examples.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert run(capsys, "policy", "learn", "gm-mailbox", "--rules", rules)[0] == 0
    lines.append('{"type": "directive", "text": "各部门：周五停电检修，请转告值班人员。"}')
    (pack / "examples.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")

    status, found = _check(capsys, rules)

    assert status == 0
    assert [one["sentence"] for one in found if "learned.tsv" in one["file"]] == [
        "1 example mails are newer than this file; run `maild policy learn gm-mailbox`."
    ]
    status, out, _ = run(capsys, "policy", "learn", "gm-mailbox", "--rules", rules)
    assert status == 0
    assert out.endswith("learned.tsv: 61 example mails learned\n")
    assert not [one for one in _check(capsys, rules)[1] if "learned.tsv" in one["file"]]


def test_a_damaged_learned_file_is_told(tmp_path: Path, capsys: Captured) -> None:
    """A line of learned.tsv that cannot be read is told with its number and the mend."""
    rules = own_rules(tmp_path)
    path = rules / "gm-mailbox" / "learned.tsv"
    path.write_text(path.read_text(encoding="utf-8") + "abc\tx:y\n", encoding="utf-8")

    status, found = _check(capsys, rules)

    assert status == 2
    assert [one["sentence"] for one in found] == [
        "this line is damaged; write the file anew with `maild policy learn`."
    ]
