"""The office's own rules laid over the shipped ones: entry by entry, safe against typing faults and upgrades."""

import json
import shutil
from pathlib import Path

import pytest

from maild import cli as office_seeds
from maild.adapters.directoryfile import read_directory
from maild.adapters.overlay import Overlay
from maild.adapters.packfile import find_pack, office_folder, pack_names, read_pack
from maild.adapters.rulebook import read_laid, read_policy
from maild.adapters.shipped import shipped
from maild.cli.main import main
from maild.domain.lookup import Index
from maild.domain.policy import Policy
from maild.domain.rule import Rule
from maild.errors import Misconfigured

SHIPPED = shipped("rules") / "gm-mailbox"


@pytest.fixture(name="office")
def _office(tmp_path: Path) -> Path:
    """An office's folder that changes nothing yet."""
    folder = tmp_path / "rules"
    folder.mkdir()
    write(folder, "pack.yaml", "extends: gm-mailbox@1\n")
    return folder


def write(office: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    """Write one of the office's files."""
    path = office / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding)
    return path


def read(office: Path) -> Policy:
    """The pack as this office has it."""
    return read_policy(SHIPPED, office)


def rule(policy: Policy, ident: str) -> Rule | None:
    """The rule of this id, if there is one."""
    return next((one for one in policy.rules if one.id == ident), None)


def said(office: Path) -> str:
    """What the first mistake is called."""
    with pytest.raises(Misconfigured) as caught:
        read(office)
    return caught.value.sentence


def test_a_folder_that_only_extends_changes_nothing(office: Path) -> None:
    """The comments that `maild init` writes leave every rule as it was shipped."""
    seed = Path(office_seeds.__file__).parent / "office" / "pack.yaml"
    write(office, "pack.yaml", seed.read_text("utf-8"))

    assert read_policy(SHIPPED) == read(office)


def test_a_word_is_added_to_a_shipped_rule(office: Path) -> None:
    """`add:` puts words into the rule's list and leaves its weight, reasons and other words alone."""
    before = rule(read_policy(SHIPPED), "operational-broken")
    write(office, "mine.yaml", "rules:\n  - {id: operational-broken, add: [罢工]}\n")

    after = rule(read(office), "operational-broken")

    assert before is not None
    assert after is not None
    assert ("罢工",) == tuple(sorted(set(after.groups[0]) - set(before.groups[0])))
    assert (before.weight, before.why, before.votes_for) == (after.weight, after.why, after.votes_for)


def test_a_changed_key_replaces_the_shipped_one(office: Path) -> None:
    """An entry of a shipped id changes the keys that it gives, and no other."""
    write(office, "mine.yaml", "rules:\n  - {id: operational-broken, weight: 3.5}\n")

    changed = rule(read(office), "operational-broken")

    assert changed is not None
    assert 3.5 == changed.weight
    assert changed.groups


def test_a_new_rule_counts(office: Path) -> None:
    """A new id adds a rule for the file's type, in a folder `rules` as well as beside pack.yaml."""
    new = "type: customer-complaint\nrules:\n  - {id: locker, why: {zh: 柜, en: locker}, weight: 2, any: [丰巢]}\n"
    write(office, "rules/parcels.yaml", new)

    added = rule(read(office), "locker")

    assert added is not None
    assert "type/customer-complaint" == added.votes_for


def test_a_rule_is_taken_out(office: Path) -> None:
    """`remove: true` at an entry, or its id under `remove:`, takes a shipped rule out."""
    write(office, "a.yaml", "rules:\n  - {id: operational-broken, remove: true}\n")
    write(office, "b.yaml", "remove: [operational-fix-it]\n")

    policy = read(office)

    assert rule(policy, "operational-broken") is None
    assert rule(policy, "operational-fix-it") is None


def test_a_list_may_keep_the_shipped_words(office: Path) -> None:
    """A list of a shipped name replaces it; `"@name"` in it stands for the shipped words; rules follow."""
    write(office, "words.yaml", 'lists:\n  broken: ["@broken", 罢工]\n')
    before, after = rule(read_policy(SHIPPED), "operational-broken"), rule(read(office), "operational-broken")

    assert before is not None
    assert after is not None
    assert {"罢工"} == set(after.groups[0]) - set(before.groups[0])


def test_types_points_voices_and_settings_change(office: Path) -> None:
    """Types, points, voices and the settings of pack.yaml are laid over key by key."""
    write(office, "pack.yaml", "extends: gm-mailbox@1\nthreshold: 0.25\n")
    types = "types:\n  - {id: customer-complaint, urgency: high}\n  - {id: praise, name: {zh: 表扬, en: praise}, "
    write(office, "types.yaml", types + "outcome: noted}\n  - {id: experience-test, remove: true}\n")
    write(office, "voices.yaml", "voices:\n  - {id: outside, start: 3}\n")

    policy = read(office)

    assert 0.25 == policy.threshold
    assert "high" == policy.types_by_id["customer-complaint"].urgency
    assert policy.types_by_id["customer-complaint"].needs
    assert "noted" == policy.types_by_id["praise"].outcome
    assert "experience-test" not in policy.types_by_id
    assert not [one for one in policy.rules if one.votes_for == "type/experience-test"]
    assert not [one for one in policy.examples if one.type == "experience-test"]
    assert 3 == next(voice.start for voice in policy.voices if voice.id == "outside")


def test_routes_deadlines_and_phones_change(office: Path) -> None:
    """Routes, deadlines and telephone numbers of the office stand over the shipped ones in the whole pack."""
    write(
        office,
        "routes.yaml",
        "routes:\n  - {id: lockers, types: customer-complaint, words: {zh: [丰巢]}, to: logistics}\n",
    )
    write(office, "deadlines.yaml", "types:\n  customer-complaint: {accept: 2 working hours}\n")
    write(office, "phones.yaml", 'phones:\n  - {zh: 值班, en: on duty, number: "0755-1"}\n')
    index = Index(read_directory(SHIPPED / "directory.yaml"), domain="corp.example")

    pack = read_pack(SHIPPED, index, office)

    assert "lockers" in {route.id for route in pack.routes.routes}
    assert "2 working hours" == str(next(iter(pack.deadlines.types["customer-complaint"].values())).span)
    assert ["0755-1"] == [phone.number for phone in pack.phones]


def test_files_of_a_windows_editor_are_read(office: Path) -> None:
    """GB18030 and UTF-8 with a byte order mark are read as what they are."""
    text = "rules:\n  - {id: operational-broken, add: [罢工]}\n"
    for codec in ("gb18030", "utf-8-sig"):
        write(office, "mine.yaml", text, codec)
        found = rule(read(office), "operational-broken")

        assert found is not None
        assert "罢工" in found.groups[0]


@pytest.mark.parametrize(
    ("text", "place", "mend"),
    [
        ("rules:\n  - {id: operational-brokn, add: [罢工]}\n", ":2:5:", "did you mean 'operational-broken'"),
        ("rules:\n  - {id: operational-broken, ad: [罢工]}\n", ":2:", "unknown key 'ad'"),
        ("rules:\n  - {id: operational-broken, add: 罢工}\n", ":2:", "write a list"),
        ("rules:\n  - {id: operational-broken, weight: heavy}\n", ":2:", "write a number"),
        ("rules:\n  - {id: operational-broken, remove: true, weight: 2}\n", ":2:5:", "its id and nothing else"),
        ("rules:\n  - {add: [罢工]}\n", ":2:5:", "'id' is missing"),
        ("rules:\n  - {id: new, why: {zh: 因, en: why}, any: [罢工]}\n", ":1:1:", "add `type:` or `group:`"),
        ("type: complaint\nrules:\n  - {id: new, why: {zh: 因, en: why}, any: [罢工]}\n", ":1:", "no type of this pack"),
        ("rules:\n  - {id：operational-broken}\n", ":2:", "':' with a space"),
        ("rule:\n  - {id: operational-broken}\n", ":1:1:", "unknown key 'rule'"),
    ],
)  # fmt: skip
def test_typing_faults_are_told_with_their_place(office: Path, text: str, place: str, mend: str) -> None:
    """Each fault in the office's file names that file, the line, and how to mend it."""
    path = write(office, "mine.yaml", text)

    sentence = said(office)

    assert sentence.startswith(f"{path}{place}")
    assert mend in sentence


def test_what_an_upgrade_took_away_is_a_warning(office: Path) -> None:
    """Removing a rule that is gone, or rules written over an older version, never keep maild from starting."""
    write(office, "pack.yaml", "extends: gm-mailbox@0\n")
    write(office, "mine.yaml", "rules:\n  - {id: long-gone, remove: true}\n")
    overlay = Overlay(office)

    policy = read_laid(SHIPPED, overlay)

    assert read_policy(SHIPPED) == policy
    assert ["gm-mailbox@0", "long-gone"] == [
        next(word for word in ("gm-mailbox@0", "long-gone") if word in one.sentence) for one in overlay.warnings
    ]


def test_the_types_of_every_pack_stay(office: Path) -> None:
    """`unclassified` and `not-feedback` cannot be taken out."""
    write(office, "types.yaml", "types:\n  - {id: not-feedback, remove: true}\n")

    assert "'not-feedback' is missing" in said(office)


def test_a_pack_may_be_extended_under_a_name_of_its_own(office: Path) -> None:
    """A folder of its own name in the office's rules is a pack that mailboxes can choose."""
    write(office, "complaints/pack.yaml", "extends: gm-mailbox@1\n")

    assert SHIPPED == find_pack("complaints", office)
    assert office / "complaints" == office_folder("complaints", office)
    assert office == office_folder("gm-mailbox", office)
    assert {"complaints", "gm-mailbox"} <= set(pack_names(office))


def test_an_unknown_pack_to_extend_is_told(office: Path) -> None:
    """A wrong name behind `extends:` names file, line and the packs there are."""
    write(office, "complaints/pack.yaml", "# ours\nextends: gm-malbox@1\n")

    with pytest.raises(Misconfigured, match=r"pack.yaml:2:\d+: there is no policy pack 'gm-malbox'; .*gm-mailbox"):
        find_pack("complaints", office)


def test_policy_diff_shows_both_sides(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`maild policy diff` lists every entry that differs, with the shipped and the office's value, as JSON too."""
    write(
        office,
        "mine.yaml",
        "rules:\n  - {id: operational-broken, add: [罢工]}\n  - {id: operational-fix-it, remove: true}\n",
    )
    write(office, "deadlines.yaml", "types:\n  customer-complaint: {accept: 2 working hours}\n")

    assert 0 == main(["policy", "diff", "--rules", str(office)])
    text = capsys.readouterr().out
    assert 0 == main(["policy", "diff", "--rules", str(office), "--json"])
    (pack,) = json.loads(capsys.readouterr().out)

    assert "groups: + 罢工" in text
    assert "accept: 4 working hours -> 2 working hours" in text
    assert [
        ("changed", "operational-broken"),
        ("removed", "operational-fix-it"),
        ("changed", "customer-complaint"),
    ] == [(entry["how"], entry["id"]) for entry in pack["entries"]]


def test_policy_check_reads_the_office(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`maild policy check` tells faults and warnings of the office's files and takes right ones without a word."""
    write(office, "mine.yaml", "rules:\n  - {id: operational-broken, add: [罢工]}\n")
    assert 0 == main(["policy", "check", "gm-mailbox", "--rules", str(office)])
    assert "gm-mailbox: ok" in capsys.readouterr().out
    write(office, "mine.yaml", "rules:\n  - {id: gone, remove: true}\n")
    assert 0 == main(["policy", "check", "gm-mailbox", "--rules", str(office)])
    assert "warning: there is no 'gone'" in capsys.readouterr().out
    write(office, "mine.yaml", "rules:\n  - {id: operational-broken, add: [罢工}\n")

    assert 2 == main(["policy", "check", "gm-mailbox", "--rules", str(office)])
    assert "mine.yaml:2:" in capsys.readouterr().out


def test_a_whole_pack_of_ones_own_still_counts(tmp_path: Path) -> None:
    """A complete copy of a pack in the office's folder stands by itself, as before."""
    shutil.copytree(SHIPPED, tmp_path / "ours")

    assert tmp_path / "ours" == find_pack("ours", tmp_path)
    assert office_folder("ours", tmp_path) is None
