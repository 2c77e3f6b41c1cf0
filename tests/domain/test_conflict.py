"""Conflict of interest: who is out of a case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.domain.conflict import Exclusion, excluded, kept
from maild.domain.directory import Directory, Person, Unit
from maild.domain.lookup import Index
from tests.domain.sample import index, staff

NAMES = sorted({person.name for person in index().directory.people})
PROTECTED = ["staff-complaint", "staff-report", "retaliation"]


def _out(kind: str, *names: str, writer: str = "") -> Exclusion:
    return excluded(index(), kind=kind, names=names, writer=writer)


def test_the_person_named_and_all_below_are_out() -> None:
    """A case is closed to the person it complains of and to everybody below."""
    out = _out("staff-complaint", "赵卫东")
    assert out.named == (staff("zhao.weidong"),)
    assert all(out.bars(staff(name)) for name in ["zhao.weidong", "shi.jun", "wei.dahai", "miao.qing"])
    assert not any(out.bars(staff(name)) for name in ["wu.jianhua", "chen.guodong", "zhou.min", "luo.jianping"])


def test_every_address_of_an_excluded_person_is_barred_in_any_spelling() -> None:
    """Another address, capitals or a plus-tag open nothing."""
    person = Person(addresses=("wang@x.example", "boss@private.example"), name="王一")
    out = excluded(Index(Directory(people=(person,))), kind="staff-report", names=["王一"])
    assert out.excluded == ("boss@private.example", "wang@x.example")
    assert out.bars("Boss+news@Private.example")


def test_the_writer_stays_a_party_wherever_in_the_tree() -> None:
    """One who complains of the own head is below that head and yet not out."""
    out = _out("retaliation", "高翔", writer=staff("yin.hang"))
    assert not out.bars(staff("yin.hang"))
    assert out.bars(staff("gao.xiang"))
    assert out.bars(staff("lei.ming"))


@pytest.mark.parametrize("kind", PROTECTED)
def test_a_unit_complained_of_by_staff_is_out_as_a_whole(kind: str) -> None:
    """In the protected types a unit's head and members are out."""
    out = _out(kind, "人力资源部")
    assert out.units == ("hr",)
    assert out.bars(staff("zhou.min"))
    assert out.bars(staff("lu.qing"))
    assert not out.bars(staff("lin.xiaoyue"))


@pytest.mark.parametrize("kind", ["customer-complaint", "operational-problem", "unit-dispute"])
def test_a_unit_keeps_a_complaint_about_its_work(kind: str) -> None:
    """P3.3.9: outside the protected types a unit that is named is not out."""
    assert _out(kind, "物流部").excluded == ()


def test_a_person_named_with_the_unit_does_not_take_the_unit_out() -> None:
    """采购部主管黎军 is a person; his head is not out."""
    out = _out("staff-report", "采购部主管黎军")
    assert out.excluded == (staff("li.jun"),)
    assert out.units == ()


def test_a_shared_address_that_reaches_an_excluded_person_is_out() -> None:
    """A store's shared mailbox is closed where one of its people is complained of."""
    assert _out("staff-complaint", "组长佟海").bars(staff("store.chengxi"))
    assert _out("staff-complaint", "尤佳").bars(staff("gm-office"))
    assert not _out("staff-complaint", "尤佳").bars(staff("lin.xiaoyue"))


def test_a_list_that_holds_the_list_of_the_accused_is_out() -> None:
    """The list of a division reaches its shifts: out, up to the house; the lists beside and below are not."""
    tree = {"house": None, "plant": "house", "shift": "plant", "crew": "shift", "office": "house"}
    units = tuple(Unit(id=one, name=f"部门{one}", parent=above, address=f"all-{one}@x.example")
                  for one, above in tree.items())  # fmt: skip
    people = (Person(addresses=("a@x.example",), name="丁一", unit="shift"),)

    out = excluded(Index(Directory(units=units, people=people)), kind="staff-report", names=["丁一"])

    lists = ("all-house@x.example", "all-plant@x.example", "all-shift@x.example")
    assert out.excluded == ("a@x.example", *lists)


@pytest.mark.parametrize("names", [("李小明",), ("Victor Hsu",), ("安装师傅",), ("",), ()])
def test_a_name_that_is_nobodys_excludes_nobody(names: tuple[str, ...]) -> None:
    """An unknown name is reported, not guessed."""
    out = _out("staff-report", *names)
    assert out.excluded == ()
    assert out.unmatched == tuple(name for name in names if name)


def _namesakes(count: int) -> Index:
    units = tuple(Unit(id=f"u{n}", name=f"部门{n}", head=f"h{n}@x.example", parent=None) for n in range(count))
    heads = tuple(Person(addresses=(f"h{n}@x.example",), name="王强", unit=f"u{n}") for n in range(count))
    clerk = Person(addresses=("clerk@x.example",), name="林一", unit="u0")
    return Index(Directory(units=units, people=(*heads, clerk)))


def test_a_name_that_fits_up_to_five_excludes_all_of_them() -> None:
    """Five namesakes are all out, and nobody need be asked."""
    out = excluded(_namesakes(5), kind="staff-report", names=["王强"], writer="clerk@x.example")
    assert out.excluded == tuple(f"h{n}@x.example" for n in range(5))
    assert not out.ask_coordinator


def test_a_name_that_fits_more_than_five_excludes_those_near_the_writer() -> None:
    """Of six namesakes the one in the writer's line is out, and the coordinator is asked."""
    out = excluded(_namesakes(6), kind="staff-report", names=["王强"], writer="clerk@x.example")
    assert out.excluded == ("h0@x.example",)
    assert out.ask_coordinator


def test_delegates_and_assistants_of_an_excluded_person_are_out_but_not_a_superior() -> None:
    """Who acts for an excluded person is out too; a superior's say does not come from below."""
    head = Person(addresses=("head@x.example",), name="丁一", unit="u")
    named = Person(
        addresses=("a@x.example",), name="丁二", unit="u", delegate="b@x.example", assistants=("c@x.example",)
    )
    other = Person(addresses=("b@x.example",), name="丁三", delegate="head@x.example")
    helper = Person(addresses=("c@x.example",), name="丁四")
    units = (Unit(id="u", name="部门", head="head@x.example"),)
    out = excluded(
        Index(Directory(units=units, people=(head, named, other, helper))), kind="staff-report", names=["丁二"]
    )
    assert out.excluded == ("a@x.example", "b@x.example", "c@x.example")


def test_what_a_case_kept_bars_the_same_addresses() -> None:
    """The addresses written into a case are enough to bar again."""
    out = _out("staff-complaint", "赵卫东")
    again = kept(out.excluded)
    assert again.addresses == out.addresses


@given(st.sampled_from(NAMES), st.sampled_from([*PROTECTED, "customer-complaint", "operational-problem"]))
def test_nobody_named_nor_below_ever_hears_of_a_case(name: str, kind: str) -> None:
    """For every person of the directory: named means out, with all below, in every type."""
    out = _out(kind, name)
    assert out.named
    for one in out.named:
        assert out.bars(one)
        assert all(out.bars(address) for address in index().below(one))
