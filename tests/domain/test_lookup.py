"""Questions to the directory."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.domain.directory import Absence, Directory, Duty, Person, Unit
from maild.domain.lookup import Index
from maild.domain.spelling import Phrases, fold
from tests.domain.sample import index, staff

DAY = date(2026, 11, 24)


def _person(name: str, *, unit: str | None = None, delegate: str | None = None, away: bool = False) -> Person:
    absences = (Absence(start=DAY, end=DAY),) if away else ()
    return Person(addresses=(f"{name}@x.example",), name=name, unit=unit, delegate=delegate, absences=absences)


@pytest.mark.parametrize(
    "address", ["He.Zhiqiang@Corp.Example", "he.zhiqiang+k7@corp.example", "he.zhiqiang@corp.example"]
)
def test_a_person_is_found_by_address_in_any_case_and_with_a_plus_tag(address: str) -> None:
    """An address names its person whatever its case, with or without a plus-tag."""
    person = index().person(address)
    assert person is not None
    assert person.name == "何志强"


@pytest.mark.parametrize("address", ["", "nobody@corp.example", "he.zhiqiang", None])
def test_nobody_is_found_by_an_address_that_is_nobodys(address: str | None) -> None:
    """An unknown or broken address is nobody, never somebody similar."""
    assert index().person(address) is None


@pytest.mark.parametrize("name", ["logistics", "物流部", "物流", "Logistics", "LOGISTICS"])
def test_a_unit_is_found_by_id_name_or_alias(name: str) -> None:
    """A unit answers to its id, its name and its aliases in any case."""
    unit = index().unit(name)
    assert unit is not None
    assert unit.id == "logistics"


@pytest.mark.parametrize("name", ["物流部的", "转物流部", "", None])
def test_a_unit_is_not_found_by_more_than_its_name(name: str | None) -> None:
    """An exact look-up takes no part of a sentence for a unit."""
    assert index().unit(name) is None


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("转人力资源部周敏查，信息技术部任何人不得看到", ["hr", "it"]),
        ("it works, please route to IT", ["it"]),
        ("採購部和質量部", ["purchasing", "quality"]),
        ("logisticsworld", []),
        ("副总经理(生产)", ["deputy-gm-production"]),
    ],
)
def test_units_are_found_in_a_text_in_order(text: str, units: list[str]) -> None:
    """Units named in a text are found as words, in order, in simplified and traditional characters."""
    assert [unit.id for unit in index().units_named(text)] == units


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("转何经理处理", ["he.zhiqiang"]),
        ("请老何看一下", ["he.zhiqiang"]),
        ("交林主任办", ["lin.xiaoyue"]),
        ("转王强", ["wang.qiang", "wang.qiang2"]),
        ("route to Zhiqiang He, please", ["he.zhiqiang"]),
        ("请 tang.ning@corp.example 跟进", ["tang.ning"]),
        ("由周敏和高翔商定", ["zhou.min", "gao.xiang"]),
        ("提高工资，最高总额不变", []),
        ("老何志强不在", ["he.zhiqiang"]),
    ],
)
def test_people_are_found_in_a_text(text: str, people: list[str]) -> None:
    """People are found by name, nickname, surname with title, pinyin and address; a common name fits several."""
    assert [person.address for person in index().people_named(text)] == [staff(name) for name in people]


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("采购部主管黎军", ["li.jun"]),
        ("张三(物流部)", ["zhang.san"]),
        ("Mr. He Zhiqiang", ["he.zhiqiang"]),
        ("副店長周啟明", ["chow.kaiming"]),
        ("副店长周启明", ["chow.kaiming"]),
        ("陳國棟", ["chen.guodong"]),
        ("Kevin 何", ["he.kaiwen"]),
        ("韩主管", ["han.peng"]),
        ("收银组长小岳", ["yue.ting"]),
        ("财务部经理", ["zheng.wen"]),
        ("质量部副经理", ["song.tao"]),
        ("物流部何经理", ["he.zhiqiang"]),
        ("王副经理", ["wang.lei"]),
        ("欧阳副经理", ["ouyang.qian"]),
        ("Webb", ["marcus.webb"]),
        ("Marcus", ["marcus.webb"]),
        ("Kevin", ["he.kaiwen"]),
        ("宋女士", ["song.tao"]),
        ("老孙", ["sun.li"]),
        ("叉车班长", ["wang.qiang"]),
        ("sun.li@corp.example", ["sun.li"]),
        ("Tom 孙", ["sun.li"]),
        ("王主任", []),
        ("安装师傅", []),
        ("Grace Lau", []),
        ("李小明", []),
    ],
)
def test_a_name_as_written_fits_those_who_may_be_meant(written: str, people: list[str]) -> None:
    """A complaint's name leads to the people it may mean, and to nobody where it is nobody's."""
    assert [person.address for person in index().fitting(written)] == [staff(name) for name in people]


@pytest.mark.parametrize(
    ("address", "role"),
    [
        (staff("chen.guodong"), "gm"),
        (staff("lin.xiaoyue"), "gm-office"),
        (staff("gm-office"), "gm-office"),
        (staff("zhou.min"), "hr"),
        (staff("tang.ning"), "customer-service"),
        (staff("wu.jianhua"), "department-head"),
        (staff("store.chengxi"), "staff"),
        (staff("huang.qiuyan"), "staff"),
        (staff("somebody.new"), "staff"),
        ("a@partner-x.example", "partner"),
        ("a@mail-x.example", "consumer"),
        ("jian.shi@mail-a.example", "supervisory-body"),
        ("a@elsewhere.example", "unknown"),
        ("", "unknown"),
    ],
)
def test_an_address_has_the_weightiest_role_that_directory_or_domain_gives(address: str, role: str) -> None:
    """The directory is believed before the domain, and the role that says most wins."""
    assert index().role_of(address) == role


@pytest.mark.parametrize(
    ("person", "superiors"),
    [
        ("huang.qiuyan", ["he.zhiqiang", "wu.jianhua", "chen.guodong"]),
        ("wei.dahai", ["zhao.weidong", "wu.jianhua", "chen.guodong"]),
        ("tong.hai", ["ma.jun", "shen.lan", "chen.guodong"]),
        ("qian.li", ["ma.jun", "shen.lan", "chen.guodong"]),
        ("lei.ming", ["gao.xiang", "chen.guodong"]),
        ("chen.guodong", []),
        ("shi.yuan", []),
    ],
)
def test_superiors_go_up_the_tree_to_the_gm(person: str, superiors: list[str]) -> None:
    """A person's superiors are the head of the own unit and of each parent; a head's begin at the parent."""
    assert [p.address for p in index().superiors(staff(person))] == [staff(name) for name in superiors]


def test_below_a_head_stand_all_of_the_units_under_it() -> None:
    """Everybody of a unit and of the units under it is below its head, and nobody else is."""
    look = index()
    assert look.is_below(staff("miao.qing"), staff("zhao.weidong"))
    assert look.is_below(staff("ruan.wenfeng"), staff("tian.guoqiang"))
    assert not look.is_below(staff("zhao.weidong"), staff("tian.guoqiang"))
    assert not look.is_below(staff("shi.yuan"), staff("chen.guodong"))
    assert look.below(staff("huang.qiuyan")) == frozenset()


def test_below_a_deputy_stand_the_others_but_not_the_head() -> None:
    """A deputy leads the unit in the head's place, never the head."""
    assert index().is_below(staff("huang.qiuyan"), staff("wang.lei"))
    assert not index().is_below(staff("he.zhiqiang"), staff("wang.lei"))


@pytest.mark.parametrize(
    ("units", "nearest"),
    [
        (["quality", "purchasing"], "wu.jianhua"),
        (["huizhou-factory", "production"], "wu.jianhua"),
        (["marketing", "sales"], "shen.lan"),
        (["logistics", "customer-service"], "chen.guodong"),
        (["wanxiang-store", "chengxi-store"], "ma.jun"),
    ],
)
def test_the_nearest_common_superior_stands_above_both_heads(units: list[str], nearest: str) -> None:
    """P3.5.3: a dispute goes to the nearest superior above all units in it, never to one of their own heads."""
    assert index().common_superior(units)[0].address == staff(nearest)


def test_assistants_and_shared_addresses_are_known() -> None:
    """The directory says who may act for a person and whose a shared address is."""
    assert [one.address for one in index().assistants(staff("chen.guodong"))] == [staff("ding.ning")]
    unit = index().unit_at(staff("store.chengxi"))
    assert unit is not None
    assert unit.id == "chengxi-store"
    assert index().superiors("nobody@else.example") == ()
    assert index().below("nobody@else.example") == frozenset()


def test_the_delegate_of_an_absent_delegate_stands_in() -> None:
    """Delegation is followed to the first who is there."""
    people = (
        _person("a", delegate="b@x.example", away=True),
        _person("b", delegate="c@x.example", away=True),
        _person("c"),
    )
    assert Index(Directory(people=people)).present("a@x.example", DAY) == people[2]


def test_a_loop_of_delegates_ends_with_the_person() -> None:
    """Two who name each other and are both away: the person stays, nothing hangs."""
    people = (_person("a", delegate="b@x.example", away=True), _person("b", delegate="a@x.example", away=True))
    look = Index(Directory(people=people))
    assert look.present("a@x.example", DAY) == people[0]
    assert look.stand_ins("a@x.example") == (people[1],)


@pytest.mark.parametrize(("day", "away"), [(15, False), (16, True), (20, True), (21, False)])
def test_both_days_of_an_absence_count(day: int, *, away: bool) -> None:
    """An absence holds from its first to its last day."""
    person = Person(
        addresses=("a@x.example",), name="a", absences=(Absence(start=date(2026, 2, 16), end=date(2026, 2, 20)),)
    )
    assert Index(Directory(people=(person,))).is_away(person, date(2026, 2, day)) is away


def test_the_duty_table_changes_at_its_minute() -> None:
    """Who begins at eight is on duty at eight, who ends at eight is not."""
    eight = datetime(2026, 11, 21, 8, tzinfo=UTC)
    first = Duty(start=datetime(2026, 11, 20, 18, tzinfo=UTC), end=eight, person="a@x.example")
    second = Duty(start=eight, end=datetime(2026, 11, 22, tzinfo=UTC), person="b@x.example")
    look = Index(Directory(duty=(first, second)))
    assert look.on_duty(eight) == second
    assert look.on_duty(datetime(2026, 11, 21, 7, 59, tzinfo=UTC)) == first
    assert look.on_duty(datetime(2026, 11, 23, tzinfo=UTC)) is None


def test_the_coordinator_is_the_head_of_the_gm_office_or_who_stands_in() -> None:
    """The coordinator is who leads the pack's coordinator unit today."""
    coordinator = index().coordinator("gm-office", DAY)
    assert coordinator is not None
    assert coordinator.address == staff("lin.xiaoyue")


@given(st.text(max_size=80))
def test_folding_never_changes_the_length(text: str) -> None:
    """Places found in a folded text are places of the text itself."""
    assert len(fold(text)) == len(text)


@given(st.text(alphabet="何志强经理老转物流部IThrAB 张三()", max_size=30))
def test_every_place_that_is_found_holds_its_phrase(text: str) -> None:
    """What is found at a place stands there, and no two places overlap."""
    phrases = Phrases([("何志强", 1), ("何经理", 1), ("物流部", 2), ("物流", 2), ("IT", 3), ("HR", 4)])
    end = 0
    for hit in phrases.find(text):
        assert hit.start >= end
        assert fold(text)[hit.start : hit.end] == hit.phrase
        end = hit.end


@given(st.lists(st.sampled_from(["u0", "u1", "u2", "u3", "u4", None]), min_size=5, max_size=5))
def test_a_look_up_ends_even_in_a_tree_with_a_loop(parents: list[str | None]) -> None:
    """A directory that was never checked cannot make a look-up hang."""
    units = tuple(Unit(id=f"u{n}", name=f"u{n}", parent=up, head=f"p{n}@x.example") for n, up in enumerate(parents))
    look = Index(Directory(units=units, people=tuple(_person(f"p{n}", unit=f"u{n}") for n in range(5))))
    for n in range(5):
        assert f"p{n}@x.example" not in {p.address for p in look.superiors(f"p{n}@x.example")}
        assert f"p{n}@x.example" not in look.below(f"p{n}@x.example")
