"""directory.yaml is read, and each mistake in it is told with its place."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

from maild.adapters.directoryfile import read_directory, warnings
from maild.domain.directory import Absence, Deliver, Directory, Person
from maild.domain.lookup import Index
from maild.errors import Misconfigured
from tests.domain.sample import PACK, index, staff

GOOD = """\
units:
  - {id: top, name: 总部, head: a@x.example}
  - {id: low, name: 物流部, aliases: [物流], parent: top, head: b@x.example, deliver: unit, address: low@x.example}
people:
  - {address: a@x.example, name: 甲, unit: top}
  - address: [B@x.example, b2@y.example]
    name: 乙
    unit: low
    delegate: a@x.example
    absences: [{from: 2026-02-16, to: 2026-02-20}]
domains:
  - {pattern: "partner-*.example", role: partner}
duty:
  - {from: 2026-11-20T18:00, to: 2026-11-23T08:00, person: b@x.example, phone: "+86 10"}
supervisory_body: [a@x.example, c@y.example]
"""


def _read(tmp_path: Path, text: str) -> Directory:
    path = tmp_path / "directory.yaml"
    path.write_text(text, encoding="utf-8")
    return read_directory(path)


def test_every_key_of_the_format_is_read(tmp_path: Path) -> None:
    """One address or several, absences by from and to, duty in the organisation's zone."""
    directory = _read(tmp_path, GOOD)
    second = directory.people[1]
    assert second.addresses == ("b@x.example", "b2@y.example")
    assert second.absences == (Absence(start=date(2026, 2, 16), end=date(2026, 2, 20)),)
    assert directory.units[1].deliver is Deliver.UNIT
    assert directory.duty[0].start == datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    assert directory.supervisory_body == ("a@x.example", "c@y.example")


@pytest.mark.parametrize(
    ("old", "new", "at", "word"),
    [
        ("name: 甲", "name: 甲, titel: 主任", "主任", "unknown key 'titel'"),
        ("name: 甲", "title: 甲", "{address: a@x.example, title", "'name' is missing"),
        ("head: b@x.example", "head: z@x.example", "z@x.example", "nobody in people"),
        ("head: b@x.example", "head: b2@y.example", "b2@y.example, deliver", "name the person by the first"),
        ("parent: top", "parent: topp", "topp", "no unit id"),
        ("name: 总部,", "name: 总部, parent: low,", "low, head", "above itself"),
        ("b2@y.example]", "a@x.example]", "a@x.example]\n    name", "two people"),
        ("b2@y.example]", "b2]", "b2]", "no mail address"),
        ("aliases: [物流]", "aliases: [物流, 总部]", "总部], parent", "two units"),
        ("id: low", "id: top", "top, name: 物流部", "used twice"),
        ("delegate: a@x.example", "delegate: z@x.example", "z@x.example", "nobody in people"),
        ("delegate: a@x.example", "assistants: [a@x.example, z@x.example]", "z@x.example", "nobody in people"),
        ("unit: low\n", "unit: lov\n", "lov", "no unit with the id"),
        ("to: 2026-02-20", "to: 2026-02-10", "{from: 2026-02-16", "ends before it begins"),
        ("to: 2026-11-23T08:00", "to: 2026-11-20T08:00", "{from: 2026-11-20", "ends before it begins"),
        ("person: b@x", "person: q@x", "q@x", "nobody in people"),
        ("deliver: unit", "deliver: boss", "boss", "deliver"),
        ("address: low@x.example", "address: a@x.example", "a@x.example}\npeople", "a person's address"),
        ("name: 乙", "name：乙", "：", "full-width"),
        ("c@y.example]", "c]", "c]", "no mail address"),
    ],
)
def test_a_mistake_names_file_line_column_and_mend(tmp_path: Path, old: str, new: str, at: str, word: str) -> None:
    """A clerk who mistypes reads where it stands and what to do."""
    text = GOOD.replace(old, new, 1)
    before = text[: text.index(at)].split("\n")
    with pytest.raises(Misconfigured) as caught:
        _read(tmp_path, text)
    assert f"directory.yaml:{len(before)}:{len(before[-1]) + 1}: " in caught.value.sentence
    assert word in caught.value.sentence


def test_a_missing_file_is_told_with_its_path(tmp_path: Path) -> None:
    """No file, no traceback: a sentence with the path."""
    with pytest.raises(Misconfigured, match=r"nowhere\.yaml"):
        read_directory(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (("a@corp.example",), ["fewer than two", "inside corp.example"]),
        (("a@corp.example", "b@sub.corp.example"), ["inside corp.example"]),
        (("a@corp.example", "b@else.example"), []),
        ((), ["fewer than two"]),
    ],
)
def test_a_weak_supervisory_body_is_a_warning(body: tuple[str, ...], words: list[str]) -> None:
    """Fewer than two, or all inside the company's domain: said, not refused."""
    gm = Person(addresses=("gm@corp.example",), name="gm", roles=("gm",))
    said = warnings(Directory(people=(gm,), supervisory_body=body), "corp.example")
    assert len(said) == len(words)
    assert all(word in sentence for word, sentence in zip(words, said, strict=True))


def test_the_shipped_sample_organisation_has_no_warning() -> None:
    """What ships is an example to follow."""
    assert warnings(index().directory, "corp.example") == ()


REQUIRED = (
    "gm-office hr production purchasing logistics sales marketing finance it customer-service quality administration"
)


@pytest.mark.parametrize("unit", [*REQUIRED.split(), "stores", "factory"])
def test_each_unit_of_the_sample_organisation_has_head_deputy_and_members(unit: str) -> None:
    """The organisation of the packs is complete (interfaces.md)."""
    found = index().units[unit]
    assert found.head
    assert found.deputy
    assert len(index().members(unit)) > 1


THREADS = """\
- {unit: 总经理, name: 陈国栋, address: chen.guodong, role: gm, above: null}
- {unit: 总经办, name: 林晓月, address: lin.xiaoyue, role: gm-office, above: chen.guodong}
- {unit: 人力资源部, name: 周敏, address: zhou.min, role: hr, above: chen.guodong}
- {unit: 财务部, name: 郑文, address: zheng.wen, role: department-head, above: chen.guodong}
- {unit: 信息技术部, name: 高翔, address: gao.xiang, role: department-head, above: chen.guodong}
- {unit: 行政部, name: 冯霞, address: feng.xia, role: department-head, above: chen.guodong}
- {unit: 副总经理(生产), name: 吴建华, address: wu.jianhua, role: department-head, above: chen.guodong}
- {unit: 生产部, name: 赵卫东, address: zhao.weidong, role: department-head, above: wu.jianhua}
- {unit: 质量部, name: 罗建平, address: luo.jianping, role: department-head, above: wu.jianhua}
- {unit: 采购部, name: 孙立, address: sun.li, role: department-head, above: wu.jianhua}
- {unit: 物流部, name: 何志强, address: he.zhiqiang, role: department-head, above: wu.jianhua}
- {unit: 惠州工厂, name: 韦大海, address: wei.dahai, role: department-head, above: zhao.weidong}
- {unit: 副总经理(营销), name: 沈岚, address: shen.lan, role: department-head, above: chen.guodong}
- {unit: 销售部, name: 马骏, address: ma.jun, role: department-head, above: shen.lan}
- {unit: 市场部, name: 苏岚, address: su.lan, role: department-head, above: shen.lan}
- {unit: 网络客服部, name: 唐宁, address: tang.ning, role: customer-service, above: shen.lan}
- {unit: 万象店, name: 钱丽, address: qian.li, role: staff, above: ma.jun}
- {unit: 城西门店, name: 佟海, address: tong.hai, role: staff, above: ma.jun}
- {unit: 网络客服部, name: 白雪, address: bai.xue, role: customer-service, above: tang.ning}
- {unit: 信息技术部, name: 尹航, address: yin.hang, role: staff, above: gao.xiang}
- {unit: 信息技术部, name: 雷鸣, address: lei.ming, role: staff, above: gao.xiang}
- {unit: 质量部, name: 温志远, address: wen.zhiyuan, role: staff, above: luo.jianping}
- {unit: 物流部, name: 黄秋燕, address: huang.qiuyan, role: staff, above: he.zhiqiang}
- {unit: 采购部, name: 黎军, address: li.jun, role: staff, above: sun.li}
"""


@pytest.mark.parametrize("row", yaml.safe_load(THREADS), ids=lambda row: row["address"])
def test_the_people_of_the_sample_conversations_stand_where_these_say(row: dict[str, str | None]) -> None:
    """Same names, addresses, roles and superiors as the recorded conversations."""
    person = index().person(staff(str(row["address"])))
    unit = index().unit(row["unit"])
    assert person is not None
    assert unit is not None
    assert (person.name, person.unit, index().role_of(person.address)) == (row["name"], unit.id, row["role"])
    above = [superior.address for superior in index().superiors(person.address)]
    assert above[:1] == ([staff(row["above"])] if row["above"] else [])


def test_a_directory_of_five_thousand_people_answers_alike() -> None:
    """Size changes nothing: the last of 5,000 people is found by name, and every superior is there."""
    units = ["units:", "  - {id: u0, name: 部门0, head: p0@x.example}"]
    units += [f"  - {{id: u{n}, name: 部门{n}, parent: u{(n - 1) // 4}, head: p{n}@x.example}}" for n in range(1, 200)]
    look = Index(read_directory(PACK / "directory.yaml"), domain="corp.example")
    people = tuple(
        Person(addresses=(f"q{n}@x.example",), name=f"{chr(0x4E00 + n)}{chr(0x5E00 + n)}明", unit="logistics")
        for n in range(5000)
    )
    large = Index(Directory(units=look.directory.units, people=(*look.directory.people, *people)))
    assert large.people_named(f"请转{people[-1].name}办") == (people[-1],)
    assert large.superiors(people[-1].address)[0].address == staff("he.zhiqiang")
    assert len(large.below(staff("he.zhiqiang"))) >= len(people)
