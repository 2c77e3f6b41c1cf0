"""routes.yaml is read against the directory, the office's own entries laid over it."""

from pathlib import Path

import pytest
import yaml

from maild.adapters.routefile import read_routes
from maild.domain.directory import Directory
from maild.domain.lookup import Index
from maild.domain.route import FALLBACK, Matter, Routes, Special
from maild.errors import Misconfigured
from tests.domain.sample import PACK, index, routes, staff

SHIPPED = """\
routes:
  - id: money
    types: customer-complaint
    customer_kind: partner
    to: 财务部
    words: {zh: [发票, 对账], en: [invoice*]}
  - id: rest
    types: [customer-complaint]
    to: customer-service
"""


def _routes(tmp_path: Path, shipped: str = SHIPPED, own: str | None = None, *, strict: bool = True) -> Routes:
    (tmp_path / "pack").mkdir()
    (tmp_path / "own").mkdir()
    (tmp_path / "pack" / "routes.yaml").write_text(shipped, encoding="utf-8")
    if own is not None:
        (tmp_path / "own" / "routes.yaml").write_text(own, encoding="utf-8")
    return read_routes(tmp_path / "pack", index(), office=tmp_path / "own", strict=strict)


@pytest.mark.parametrize(
    ("text", "kind", "route"),
    [
        ("发票开错", "partner", "money"),
        ("發票開錯", "partner", "money"),
        ("two invoices are wrong", "partner", "money"),
        ("发票开错", "consumer", "rest"),
        ("坏了", "partner", "rest"),
    ],
)
def test_words_decide_within_the_conditions(tmp_path: Path, text: str, kind: str, route: str) -> None:
    """A route fits where its conditions hold and one of its words stands in the letter, in any writing."""
    matter = Matter(kind="customer-complaint", customer_kind=kind, text=text)
    assert _routes(tmp_path).choose(matter, index()).route.id == route


def test_no_route_means_the_coordinator(tmp_path: Path) -> None:
    """What no route foresees goes to the coordinator."""
    choice = _routes(tmp_path).choose(Matter(kind="directive"), index())
    assert choice.route == FALLBACK
    assert choice.route.to == Special.COORDINATOR


@pytest.mark.parametrize(
    ("own", "ids"),
    [
        (None, ["money", "rest"]),
        ("routes: [{id: money, remove: true}]", ["rest"]),
        ("routes: [{id: rest, to: sales}]", ["money", "rest"]),
        ("routes: [{id: first, to: hr}]", ["first", "money", "rest"]),
    ],
)
def test_the_offices_own_entries_are_laid_over_the_shipped_ones(
    tmp_path: Path, own: str | None, ids: list[str]
) -> None:
    """An own entry adds, changes or removes one route and leaves the others."""
    assert [route.id for route in _routes(tmp_path, own=own).routes] == ids


def test_an_own_setting_replaces_the_shipped_one_alone(tmp_path: Path) -> None:
    """Settings that the office does not give stay as shipped."""
    found = _routes(tmp_path, shipped="members: least-loaded\ngm_hears: [directive]\n", own="members: round-robin\n")
    assert found.members == "round-robin"
    assert found.gm_hears == {"directive"}


@pytest.mark.parametrize(
    ("old", "new", "place", "word"),
    [
        ("to: 财务部", "to: 财务处", ":5:9:", "财务处"),
        ("to: 财务部", "too: 财务部", ":5:10:", "too"),
        ("id: rest", "id: money", ":7:9:", "second time"),
        ("types: customer-complaint", "units: [nowhere]", ":3:12:", "nowhere"),
        ("routes:", "members: anyhow\nroutes:", ":1:10:", "members"),
    ],
)
def test_a_mistake_names_file_line_column_and_mend(tmp_path: Path, old: str, new: str, place: str, word: str) -> None:
    """Every unit and person that a route names is in the directory, or the clerk reads where it is not."""
    with pytest.raises(Misconfigured) as caught:
        _routes(tmp_path, SHIPPED.replace(old, new, 1))
    assert f"routes.yaml{place}" in caught.value.sentence
    assert word in caught.value.sentence


def test_a_shipped_route_for_a_unit_that_the_organisation_lacks_is_left_out(tmp_path: Path) -> None:
    """A small office needs no 财务部: its letters fall to the next route."""
    found = _routes(tmp_path, SHIPPED.replace("财务部", "财务处"), strict=False)
    assert [route.id for route in found.routes] == ["rest"]


def test_a_wrong_unit_in_the_offices_own_file_is_a_mistake(tmp_path: Path) -> None:
    """What the office itself wrote is never left out in silence."""
    with pytest.raises(Misconfigured, match="财务处"):
        _routes(tmp_path, own="routes: [{id: own, to: 财务处}]", strict=False)


def test_every_shipped_route_leads_somewhere_in_the_sample_organisation() -> None:
    """Nothing in the shipped file is left out for the organisation that ships with it."""
    assert read_routes(PACK, index(), strict=True) == routes()


def test_a_role_leads_to_whoever_bears_it(tmp_path: Path) -> None:
    """`to: gm` finds the general manager also where no unit has that id."""
    people = tuple(person for person in index().directory.people if person.name in {"陈国栋", "林晓月"})
    small = Index(Directory(people=people))
    (tmp_path / "routes.yaml").write_text("routes: [{id: top, to: gm}, {id: office, to: hr}]", encoding="utf-8")
    assert [(route.id, route.to) for route in read_routes(tmp_path, small).routes] == [("top", staff("chen.guodong"))]


def test_each_shipped_route_says_why_in_chinese_and_english() -> None:
    """The reason that a clerk reads is there in both languages."""
    assert all({"zh", "en"} <= set(route.why) for route in routes().routes)


def test_the_shipped_words_of_each_route_are_given_in_simplified_traditional_and_english() -> None:
    """A letter in any of the three writings finds its unit."""
    shipped = yaml.safe_load((PACK / "routes.yaml").read_text(encoding="utf-8"))
    assert all({"zh", "zh-Hant", "en"} == set(route["words"]) for route in shipped["routes"] if "words" in route)
