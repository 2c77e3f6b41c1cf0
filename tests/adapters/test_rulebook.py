"""Reading a policy pack: the shipped one is right, and every mistake of a clerk is told with line and mend."""

import shutil
from pathlib import Path

import pytest

from maild.adapters.rulebook import read_policy
from maild.adapters.shipped import shipped
from maild.errors import Misconfigured

TYPES = {
    "directive", "operational-problem", "staff-suggestion", "staff-complaint", "staff-report", "important-issue",
    "customer-suggestion", "customer-opinion", "customer-complaint", "experience-test", "unit-dispute", "retaliation",
    "not-feedback", "unclassified",
}  # fmt: skip


@pytest.fixture(name="pack")
def _pack(tmp_path: Path) -> Path:
    """A small pack in a folder of its own."""
    pack = tmp_path / "small"
    (pack / "rules").mkdir(parents=True)
    (pack / "pack.yaml").write_text("id: small\nname: {zh: 小, en: small}\n", encoding="utf-8")
    types = "types:\n  - {id: noise, name: {zh: 杂, en: noise}}\n  - {id: unclassified, name: {zh: 待, en: open}}\n"
    (pack / "types.yaml").write_text(types, encoding="utf-8")
    (pack / "voices.yaml").write_text("voices:\n  - {id: all, roles: [staff]}\n", encoding="utf-8")
    return pack


def rule(pack: Path, text: str) -> Path:
    """Write a rule file into the pack."""
    path = pack / "rules" / "noise.yaml"
    path.write_text(text, encoding="utf-8")
    return path


GOOD = "type: noise\nrules:\n  - id: a\n    why: {zh: 因, en: why}\n    weight: 2\n    any: [发票, invoice]\n"


def test_the_shipped_pack_is_right() -> None:
    """The shipped pack reads without a mistake and knows the fourteen types of policies.md."""
    policy = read_policy(shipped("rules") / "gm-mailbox")
    assert {kind.id for kind in policy.types} == TYPES
    assert policy.coordinator == "gm-office"
    assert policy.rules
    assert policy.examples


def test_every_rule_says_why_in_both_languages() -> None:
    """Each shipped rule, type and point has its words in zh and en."""
    policy = read_policy(shipped("rules") / "gm-mailbox")
    words = [one.why for one in policy.rules] + [kind.name for kind in policy.types]
    words += [point.question for point in policy.points]
    assert all(word.zh.strip() and word.en.strip() for word in words)


def test_every_type_has_rules() -> None:
    """A type without a rule could never be found."""
    policy = read_policy(shipped("rules") / "gm-mailbox")
    assert {rule.votes_for for rule in policy.rules} >= {f"type/{name}" for name in TYPES}


def test_a_small_pack_reads(pack: Path) -> None:
    """A pack of three files and one rule is a pack; files of other readers do not disturb."""
    rule(pack, GOOD)
    (pack / "routes.yaml").write_text("anything: [at, all]\n", encoding="utf-8")
    policy = read_policy(pack)
    assert [one.id for one in policy.rules] == ["a"]
    assert policy.rules[0].votes_for == "type/noise"


def test_lists_are_looked_up(pack: Path) -> None:
    """@name stands for the whole list."""
    rule(pack, "type: noise\nlists:\n  ads: [贷款, 展会]\n" + GOOD.split("\n", 1)[1].replace("[发票", '["@ads", 发票'))
    assert read_policy(pack).rules[0].groups == (("贷款", "展会", "发票", "invoice"),)


@pytest.mark.parametrize(
    ("change", "line", "mend"),
    [
        (("type: noise", "type: niose"), 1, "no type of this pack"),
        (("weight: 2", "weight: heavy"), 5, "weight"),
        (("weight: 2", 'weight: "2"'), 5, "weight"),
        (("any: [发票, invoice]", "any: []"), 6, "any"),
        (("any: [发票, invoice]", "any: 发票"), 6, "any"),
        (("any: [发票, invoice]", "any: [发票, [票]]"), 6, "any"),
        (("any: [发票, invoice]", "any: [发票, 發票]"), 6, "twice"),
        (("any: [发票, invoice]", "any: [发(票]"), 6, "brackets"),
        (("any: [发票, invoice]", 'any: ["@nolist"]'), 6, "no list 'nolist'"),
        (("any: [发票, invoice]", "longest: none"), 6, "longest"),
        (("    any: [发票, invoice]\n", ""), 3, "looks for nothing"),
        (("why: {zh: 因, en: why}", "why: {zh: 因}"), 4, "'en' is missing"),
        (("why: {zh: 因, en: why}", 'why: {zh: 因, en: ""}'), 3, "empty why"),
        (("weight: 2", "wieght: 2"), 5, "unknown key 'wieght'"),
        (("weight: 2", "weight: 2\n    look_in: [body]"), 6, "no part of a mail"),
        (("weight: 2", "weight: 2\n    voices: [nobody]"), 6, "no voice"),
        (("weight: 2", "weight: 2\n    within: 5"), 6, "add `near:`"),
        (("weight: 2", "weight: 2\n    near: [甲, 乙]\n    then: [丙, 丁]"), 7, "keep one of them"),
        (("weight: 2", "weight: 2\n    then: [丙]"), 6, "then"),
        (("weight: 2", "weight: 2\n    votes_for: colour/red"), 3, "does not know"),
        (("type: noise\n", ""), 1, "`type:` or `group:`"),
    ],
)
def test_every_mistake_is_told_with_its_line(pack: Path, change: tuple[str, str], line: int, mend: str) -> None:
    """A wrong rule names file, line and mend."""
    path = rule(pack, GOOD.replace(*change))
    with pytest.raises(Misconfigured) as told:
        read_policy(pack)
    assert told.value.sentence.startswith(f"{path}:{line}:"), told.value.sentence
    assert mend in told.value.sentence


def test_a_rule_id_stands_once(pack: Path) -> None:
    """A second rule with the same id names the file that has the first."""
    rule(pack, GOOD)
    (pack / "rules" / "other.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(Misconfigured, match=r"other\.yaml:3:.*'a' stands in .*noise\.yaml already"):
        read_policy(pack)


@pytest.mark.parametrize(
    ("types", "mend"),
    [
        ("types:\n  - {id: noise, name: {zh: 杂, en: noise}}\n", "'unclassified' is missing"),
        (
            "types:\n  - {id: a, name: {zh: 杂, en: a}, needs: [where]}\n  - {id: unclassified, name: {zh: 待, en: o}}\n",
            "no point 'where'",
        ),
        (
            "types:\n  - {id: unclassified, name: {zh: 杂, en: a}}\n  - {id: unclassified, name: {zh: 待, en: o}}\n",
            "stands here twice",
        ),
        ("types:\n  - {id: a, name: {zh: 杂, en: a}, urgency: soon}\n", "urgency"),
    ],
)
def test_mistakes_among_the_types_are_told(pack: Path, types: str, mend: str) -> None:
    """A wrong list of types names the file and the mend."""
    (pack / "types.yaml").write_text(types, encoding="utf-8")
    with pytest.raises(Misconfigured, match=r"types\.yaml") as told:
        read_policy(pack)
    assert mend in told.value.sentence


def test_a_lean_for_an_unknown_type_is_told(pack: Path) -> None:
    """A voice can lean only to types of the pack."""
    (pack / "voices.yaml").write_text("voices:\n  - {id: all, leans: {nosie: 1}}\n", encoding="utf-8")
    with pytest.raises(Misconfigured, match=r"voices\.yaml:2:.*'nosie' is no type"):
        read_policy(pack)


@pytest.mark.parametrize(
    ("line", "mend"),
    [
        ('{"type": "noise"}', "no example mail"),
        ("[1]", "no example mail"),
        ('{"type": "nosie", "text": "x"}', "no type of this pack"),
    ],
)
def test_a_wrong_example_is_told(pack: Path, line: str, mend: str) -> None:
    """A wrong example mail names its line."""
    good = '{"type": "noise", "text": "展会"}\n'
    (pack / "examples.jsonl").write_text(good + line + "\n", encoding="utf-8")
    with pytest.raises(Misconfigured, match=r"examples\.jsonl:2: ") as told:
        read_policy(pack)
    assert mend in told.value.sentence


def test_a_pack_may_be_gb18030(pack: Path) -> None:
    """A file that an old editor saved as GB18030 reads the same."""
    path = rule(pack, GOOD)
    path.write_bytes(GOOD.encode("gb18030"))
    assert read_policy(pack).rules[0].groups == (("发票", "invoice"),)


def test_common_rules_belong_to_every_pack(pack: Path) -> None:
    """Rules in the folder `common` beside the pack hold for it too."""
    shutil.copytree(shipped("rules") / "common", pack.parent / "common")
    rule(pack, GOOD)
    votes = {one.votes_for for one in read_policy(pack).rules}
    assert {"urgency/critical", "crisis/self-harm", "type/noise"} <= votes
