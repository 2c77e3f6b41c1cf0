"""Who handles a case, who is told of it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.domain.assign import choose_handler, may_handle, refusal, unit_handler, upwards
from maild.domain.conflict import NOBODY, excluded
from maild.domain.directory import Absence, Deliver, Directory, Person, Unit
from maild.domain.lookup import Index
from maild.domain.route import Matter, Route, Routes
from tests.domain.sample import TODAY, handled, index, out_of, routes, staff

ENTITLED = {"gm", "hr", "gm-office"}
KINDS = [
    "directive", "operational-problem", "staff-suggestion", "staff-complaint", "staff-report", "important-issue",
    "customer-suggestion", "customer-opinion", "customer-complaint", "experience-test", "unit-dispute", "retaliation",
    "unclassified",
]  # fmt: skip
PEOPLE = index().directory.people


@pytest.mark.parametrize(
    ("matter", "unit", "person"),
    [
        (
            Matter(kind="customer-complaint", customer_kind="consumer", subject="炸锅到货就是坏的"),
            "customer-service",
            "tang.ning",
        ),
        (
            Matter(kind="customer-complaint", customer_kind="consumer", subject="物流9天没动静，到底发没发？"),
            "customer-service",
            "tang.ning",
        ),
        (Matter(kind="staff-suggestion", writer=staff("wen.zhiyuan")), "quality", "luo.jianping"),
        (Matter(kind="staff-complaint", writer="bailu@mail-163.example", names=("组长佟海",)), "hr", "zhou.min"),
        (Matter(kind="retaliation", writer=staff("yin.hang"), names=("高翔",)), "gm", "chen.guodong"),
        (
            Matter(
                kind="customer-complaint", customer_kind="partner", subject="投诉：发票开错不给重开", text="9月货款发票"
            ),
            "finance",
            "zheng.wen",
        ),
        (
            Matter(kind="customer-complaint", customer_kind="consumer", text="我在城西店买的电饭锅"),
            "customer-service",
            "tang.ning",
        ),
        (Matter(kind="directive", writer=staff("chen.guodong")), "gm-office", "lin.xiaoyue"),
        (
            Matter(kind="customer-complaint", customer_kind="partner", subject="投诉函：9月对账差异"),
            "finance",
            "zheng.wen",
        ),
        (Matter(kind="staff-report", names=("采购部主管黎军",)), "hr", "zhou.min"),
        (
            Matter(
                kind="operational-problem",
                writer=staff("huang.qiuyan"),
                subject="2号装卸平台坏了",
                text="成品仓2号装卸平台的液压往下掉，今天装车差点夹到人。报修单还没有人来。",
            ),
            "logistics",
            "he.zhiqiang",
        ),
        (Matter(kind="customer-opinion", customer_kind="partner", text="总体愿意继续合作"), "sales", "ma.jun"),
        (Matter(kind="important-issue", writer=staff("ma.jun")), "gm-office", "lin.xiaoyue"),
        (
            Matter(kind="unit-dispute", writer=staff("wei.dahai"), names=("质量部",)),
            "deputy-gm-production",
            "wu.jianhua",
        ),
        (Matter(kind="unclassified", writer="a@mail-q.example"), "gm-office", "lin.xiaoyue"),
        (Matter(kind="staff-suggestion", writer="luren@mail-q.example"), "hr", "zhou.min"),
        (
            Matter(kind="operational-problem", writer=staff("han.dong"), text="宿舍楼热水停了四天"),
            "administration",
            "feng.xia",
        ),
        (
            Matter(
                kind="operational-problem",
                writer=staff("huang.qiuyan"),
                subject="ERP出库单打不出来",
                text="系统升级以后打印跳空白页",
            ),
            "it",
            "gao.xiang",
        ),
    ],
)
def test_a_new_case_goes_where_its_matter_belongs(matter: Matter, unit: str, person: str) -> None:
    """The shipped routes bring each kind of letter to the unit that can answer it."""
    given_to = handled(matter)
    assert (given_to.unit, given_to.person) == (unit, staff(person))
    assert given_to.moved == ""
    assert given_to.route


def test_what_is_no_feedback_goes_to_nobody() -> None:
    """Advertising has no handler and nobody is told of it."""
    given_to = handled(Matter(kind="not-feedback"))
    assert given_to.nobody
    assert (given_to.person, given_to.told) == (None, ())


@pytest.mark.parametrize(
    ("matter", "person"),
    [
        (Matter(kind="customer-complaint", customer_kind="consumer", names=("唐宁",)), "shen.lan"),
        (Matter(kind="customer-complaint", customer_kind="consumer", names=("白雪",)), "tang.ning"),
        (Matter(kind="customer-complaint", customer_kind="consumer", names=("网络客服部",)), "tang.ning"),
        (Matter(kind="operational-problem", text="ERP 系统", names=("高翔",)), "chen.guodong"),
        (Matter(kind="staff-complaint", names=("人力资源部",)), "lin.xiaoyue"),
        (Matter(kind="staff-complaint", names=("周敏", "林晓月")), "chen.guodong"),
        (Matter(kind="retaliation", names=("周敏",)), "chen.guodong"),
        (Matter(kind="unit-dispute", names=("质量部", "采购部", "吴建华")), "chen.guodong"),
        (Matter(kind="staff-complaint", names=("陈国栋",)), "shi.yuan"),
        (Matter(kind="customer-complaint", customer_kind="partner", names=("陈总",)), "shi.yuan"),
    ],
)
def test_an_excluded_handler_loses_the_case_upwards(matter: Matter, person: str) -> None:
    """P3: open types go to the nearest superior not excluded, protected ones to hr, gm-office, gm, then the board."""
    given_to = handled(matter)
    assert given_to.person == staff(person)


def test_a_case_that_complains_of_the_gm_is_told_to_nobody_of_the_company() -> None:
    """The supervisory body gets it, and neither gm nor coordinator hears of it."""
    given_to = handled(Matter(kind="staff-report", names=("陈国栋",)))
    assert given_to.moved_because_of_conflict
    assert given_to.told == ()
    assert given_to.full_letter_to == (staff("shi.yuan"),)


def test_where_nobody_is_left_nobody_gets_it() -> None:
    """With gm and the whole supervisory body excluded the case waits; nobody is guessed."""
    given_to = handled(Matter(kind="staff-report", names=("陈国栋", "施远", "简石")))
    assert given_to.waits
    assert (given_to.person, given_to.deliver_to, given_to.full_letter_to) == (None, None, ())


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("customer-complaint", ["lin.xiaoyue"]),
        ("staff-complaint", ["lin.xiaoyue"]),
        ("staff-report", ["lin.xiaoyue", "chen.guodong"]),
        ("important-issue", ["chen.guodong"]),
        ("retaliation", []),
    ],
)
def test_coordinator_and_gm_are_told_as_the_pack_says(kind: str, told: list[str]) -> None:
    """The coordinator hears of each new case but retaliation, the gm of reports and important issues."""
    assert handled(Matter(kind=kind, customer_kind="consumer")).told == tuple(map(staff, told))


def test_a_case_naming_somebody_of_the_gm_office_only_exists_for_its_head() -> None:
    """The coordinator hears that there is a case, and does not read it."""
    given_to = handled(Matter(kind="staff-complaint", names=("尤佳",)))
    assert given_to.existence_only == (staff("lin.xiaoyue"),)
    assert given_to.full_letter_to == (staff("zhou.min"),)


def test_a_case_naming_who_could_read_the_raw_mail_is_announced_to_the_gm() -> None:
    """Of a complaint about a custodian the gm hears without content."""
    given_to = handled(Matter(kind="staff-complaint", names=("雷鸣",)))
    assert staff("chen.guodong") in given_to.told
    assert staff("chen.guodong") not in given_to.full_letter_to


@pytest.mark.parametrize("kind", ["staff-complaint", "staff-report", "retaliation"])
def test_confidential_types_are_handled_by_gm_hr_and_gm_office_alone(kind: str) -> None:
    """Casework 3: anybody else is refused, the supervisory body is not."""
    allowed = {person.address for person in PEOPLE if may_handle(index(), person.address, kind)}
    entitled = {person.address for person in PEOPLE if not ENTITLED.isdisjoint(person.roles)}
    assert allowed == entitled | set(index().directory.supervisory_body)


@pytest.mark.parametrize(
    ("address", "kind", "names", "reason"),
    [
        (staff("he.zhiqiang"), "staff-report", (), "confidential"),
        (staff("sun.li"), "staff-report", ("孙立",), "excluded"),
        (staff("he.zhiqiang"), "customer-complaint", ("何志强",), "excluded"),
        ("who@else.example", "operational-problem", (), "unknown"),
        (staff("he.zhiqiang"), "operational-problem", (), None),
        (staff("zhou.min"), "staff-report", (), None),
        ("jian.shi@mail-a.example", "staff-report", ("陈国栋",), None),
    ],
)
def test_an_order_to_route_is_refused_with_its_reason(
    address: str, kind: str, names: tuple[str, ...], reason: str | None
) -> None:
    """A route to a stranger, to the accused, or of a confidential type to others is refused with its reason."""
    out = out_of(Matter(kind=kind, names=names))
    assert refusal(index(), out, address=address, kind=kind) == reason


@pytest.mark.parametrize(
    ("name", "kind", "names", "person", "deliver_to"),
    [
        ("物流部", "customer-complaint", (), "he.zhiqiang", "he.zhiqiang"),
        ("城西门店", "customer-complaint", (), "ma.jun", "store.chengxi"),
        ("物流部", "customer-complaint", ("何志强",), None, None),
        ("物流部", "staff-report", (), None, None),
        ("城北分部", "customer-complaint", (), None, None),
    ],
)
def test_a_unit_that_gets_a_case_by_order_has_somebody_who_answers_for_it(
    name: str, kind: str, names: tuple[str, ...], person: str | None, deliver_to: str | None
) -> None:
    """A unit's case goes to its head, or by its own address where it wants that; never past an excluded head."""
    matter = Matter(kind=kind, names=names)
    found = unit_handler(name, matter, index=index(), exclusion=out_of(matter), today=TODAY)
    expected = (person and staff(person), deliver_to and staff(deliver_to))
    assert (found.person, found.deliver_to) == expected


@pytest.mark.parametrize(
    ("handler", "kind", "names", "above"),
    [
        ("he.zhiqiang", "operational-problem", (), ["wu.jianhua", "chen.guodong"]),
        ("he.zhiqiang", "operational-problem", ("吴建华",), ["chen.guodong"]),
        ("tang.ning", "customer-complaint", ("陈国栋",), ["shi.yuan"]),
        ("chen.guodong", "operational-problem", (), []),
        ("zhou.min", "staff-report", (), ["lin.xiaoyue", "chen.guodong", "shi.yuan"]),
        ("zhou.min", "staff-report", ("林晓月",), ["chen.guodong", "shi.yuan"]),
        ("chen.guodong", "retaliation", (), ["shi.yuan"]),
    ],
)
def test_a_case_goes_up_past_everybody_excluded(
    handler: str, kind: str, names: tuple[str, ...], above: list[str]
) -> None:
    """Open types climb the tree, protected ones the row to the supervisory body; the accused are left out."""
    out = out_of(Matter(kind=kind, names=names))
    found = upwards(staff(handler), kind, routes=routes(), index=index(), exclusion=out)
    assert [one for one in found if one != "jian.shi@mail-a.example"] == [staff(name) for name in above]


def test_a_small_office_without_units_still_finds_its_coordinator() -> None:
    """Where the pack's coordinator unit is missing, who has its role gets what nobody else can."""
    clerk = Person(addresses=("clerk@x.example",), name="林一", roles=("gm-office", "staff"))
    boss = Person(addresses=("boss@x.example",), name="陈一", roles=("gm",))
    look = Index(Directory(people=(boss, clerk)))
    found = choose_handler(Matter(kind="directive"), routes=Routes(), index=look, exclusion=NOBODY, today=TODAY)
    assert (found.person, found.told) == ("clerk@x.example", ())


def test_a_coordinators_order_may_give_a_problem_back_to_its_writer() -> None:
    """The rule that a head does not answer the own problem binds the routes, not a person's order."""
    matter = Matter(kind="operational-problem", writer=staff("he.zhiqiang"))
    found = unit_handler("物流部", matter, index=index(), exclusion=NOBODY, today=TODAY)
    assert found.person == staff("he.zhiqiang")


def test_a_head_does_not_answer_the_own_problem() -> None:
    """What a head hands in about the own unit goes to the superior (P3.3.7)."""
    given_to = handled(Matter(kind="operational-problem", writer=staff("he.zhiqiang"), text="承运商要求运费上调"))
    assert (given_to.person, given_to.moved) == (staff("wu.jianhua"), "own-matter")


def test_a_complaint_by_the_head_of_hr_is_not_hers_to_handle() -> None:
    """A protected case moves on from its own writer."""
    assert handled(Matter(kind="staff-complaint", writer=staff("zhou.min"))).person == staff("lin.xiaoyue")


def _away(*names: str) -> Index:
    gone = (Absence(start=TODAY, end=TODAY),)
    people = tuple(replace(p, absences=gone) if p.address in map(staff, names) else p for p in PEOPLE)
    return Index(replace(index().directory, people=people), domain="corp.example")


@pytest.mark.parametrize(
    ("away", "names", "person"),
    [
        (["tang.ning"], (), "jin.xin"),
        (["tang.ning"], ("金鑫",), "tang.ning"),
        (["tang.ning", "jin.xin"], (), "tang.ning"),
        (["tang.ning"], ("唐宁",), "shen.lan"),
    ],
)
def test_the_delegate_stands_in_unless_excluded(away: list[str], names: tuple[str, ...], person: str) -> None:
    """An absent head's delegate gets the case; one who is excluded or away too does not."""
    look = _away(*away)
    matter = Matter(kind="customer-complaint", customer_kind="consumer", names=names)
    out = excluded(look, kind=matter.kind, names=names)
    found = choose_handler(matter, routes=routes(), index=look, exclusion=out, today=TODAY)
    assert found.person == staff(person)


def test_the_gm_away_keeps_retaliation_from_a_delegate_who_may_not_read_it() -> None:
    """A confidential case never falls to a delegate outside gm, hr, gm-office."""
    found = choose_handler(
        Matter(kind="retaliation"), routes=routes(), index=_away("chen.guodong"), exclusion=NOBODY, today=TODAY
    )
    assert found.person == staff("chen.guodong")


def test_members_share_cases_by_load() -> None:
    """A unit that delivers to its members gives the next case to the one with the fewest."""
    people = tuple(Person(addresses=(f"{name}@x.example",), name=name, unit="u") for name in "abc")
    look = Index(Directory(units=(Unit(id="u", name="u", deliver=Deliver.MEMBERS),), people=people))
    rules = Routes(routes=(Route(id="all", to="u"),))
    load = {"a@x.example": 2, "b@x.example": 0, "c@x.example": 1}
    found = choose_handler(
        Matter(kind="any"), routes=rules, index=look, exclusion=NOBODY, today=date(2026, 1, 5), load=load
    )
    assert found.person == "b@x.example"


@given(
    kind=st.sampled_from(KINDS),
    names=st.lists(st.sampled_from([*(p.name for p in PEOPLE), "物流部", "人力资源部", "李小明"]), max_size=4),
    writer=st.sampled_from([*(p.address for p in PEOPLE), "a@mail-q.example", "b@partner-x.example", ""]),
    customer_kind=st.sampled_from(["partner", "consumer", None]),
    text=st.sampled_from(["", "发票对账", "物流部仓库发货", "ERP 系统", "市场部和销售部争议"]),
)
def test_no_excluded_person_ever_handles_or_hears(
    kind: str, names: list[str], writer: str, customer_kind: str | None, text: str
) -> None:
    """Whatever is written by whomever: nobody excluded gets case, notice or letter; confidential ones stay inside."""
    matter = Matter(kind=kind, names=tuple(names), writer=writer, customer_kind=customer_kind, text=text)
    out, found = out_of(matter), handled(matter)
    reached = [found.person, found.deliver_to, *found.told, *found.full_letter_to, *found.existence_only]
    assert not any(out.bars(address) for address in reached)
    assert (found.person is None) == found.waits
    if kind in {"staff-complaint", "staff-report", "retaliation"} and found.person:
        assert may_handle(index(), found.person, kind)
