"""What happens in an office in a year besides its daily mail: people go away, leave, are moved; rules change; it burns."""

import re
from collections.abc import Callable
from datetime import date, time, timedelta
from functools import partial
from pathlib import Path

from tests.journeys.post import bounce
from tests.simulation.year.almanac import instant
from tests.simulation.year.letters import Draft
from tests.simulation.year.play import Year
from tests.simulation.year.post import letter

DIRECTIVE = (
    "各部门负责人：\n经总经理办公会研究，决定本月开展安全生产自查，编号{token}，请今天传达到班组，{month}月28日18点前完成。\n\n"
    "发：生产部、物流部、质量部、行政部。\n\n陈国栋"
)
GM = "chen.guodong@corp.example"
MERGED_ROUTES = """
routes:
  - {id: problem-purchasing, why: {zh: 供应链的问题由物流部办, en: "supply chain: Logistics"}, types: operational-problem, to: logistics, words: {zh: [缺料, 供应商, 来料, 采购]}}
  - {id: partner-supplies, why: {zh: 供应商由物流部答复, en: "suppliers: Logistics"}, types: [customer-complaint, customer-suggestion], customer_kind: partner, to: logistics, words: {zh: [供应商, 采购部]}}
"""


def prepare(year: Year) -> None:
    """Put everything that will happen on the calendar."""
    for month in range(1, 13):
        _on(year, date(2026, month, 8), time(9, 20), partial(directive, year, month))
        _on(year, date(2026, month, 19), time(23, 40), partial(bounced, year))
        _on(year, date(2026, month, 22), time(10, 10), partial(forged, year))
    _on(
        year,
        date(2026, 3, 9),
        time(8, 10),
        lambda: away(year, "wang.lei@corp.example", "何志强", "he.zhiqiang@corp.example"),
    )
    _on(
        year,
        date(2026, 4, 15),
        time(12, 40),
        lambda: left(year, "luo.jia@corp.example", {"luo.jia@corp.example": "sofia.lindqvist@corp.example"}),
    )
    _on(year, date(2026, 6, 8), time(12, 40), lambda: holiday(year, date(2026, 6, 15), date(2026, 7, 10)))
    _on(year, date(2026, 7, 1), time(12, 40), lambda: reorganised(year))
    _on(year, date(2026, 8, 12), time(2, 10), lambda: fire(year))
    _on(
        year,
        date(2026, 9, 3),
        time(12, 40),
        lambda: left(year, "zheng.wen@corp.example", {"zheng.wen@corp.example": "jiang.li@corp.example"}),
    )
    _on(year, date(2026, 10, 14), time(12, 40), lambda: vague_words(year))


def _on(year: Year, day: date, at: time, act: Callable[[], None]) -> None:
    if year.first <= day < year.first + timedelta(days=year.days):
        year.at(instant(day, at), act)


def directive(year: Year, month: int) -> None:
    """The general manager sends a directive round."""
    token = year.letters.token()
    draft = Draft(kind="directive", sender=GM, name="陈国栋", subject=f"关于{month}月安全自查的决定",
                  text=DIRECTIVE.format(token=token, month=month), token=token)  # fmt: skip
    year.write(letter(draft, year.office.now), GM, draft=draft)


def bounced(year: Year) -> None:
    """The newest acknowledgement outside comes back."""
    sent = [one for one in year.arrived if one.kind == "requester.acknowledgement" and "mail-" in one.to]
    if sent:
        head = sent[-1].raw.partition(b"\r\n\r\n")[0]
        year.write(bounce(sent[-1].to, original=head), "mailer-daemon@mx.mail-a.example")


def forged(year: Year) -> None:
    """Somebody sends an order in the general manager's name."""
    token = year.letters.token()
    draft = Draft(
        kind="forgery",
        sender=GM,
        name="陈国栋",
        subject="请财务立即付款",
        text=f"请财务部今天把货款付到新账号，合同{token}。",
        token=token,
    )
    year.write(letter(draft, year.office.now), GM, draft=draft, authentic=False)


def away(year: Year, delegate: str, name: str, who: str) -> None:
    """A head is away for a week, and says so by mail."""
    draft = Draft(
        kind="absence",
        sender=who,
        name=name,
        subject="外出",
        text="外出 3月10日至3月13日 王磊",
        token=year.letters.token(),
    )
    year.write(letter(draft, year.office.now), who, draft=draft)
    year.people.away.add(who)
    year.at(instant(date(2026, 3, 14), time(0, 10)), lambda: year.people.away.discard(who))
    year.known_delegates.add(delegate)


def left(year: Year, who: str, instead: dict[str, str]) -> None:
    """Somebody leaves; where they were head, somebody else is from now on."""
    lines = year.office.directory.read_text("utf-8").splitlines()
    lines = [line for line in lines if not line.strip().startswith(f"- {{address: {who},")]
    text = "\n".join(lines) + "\n"
    for old, new in instead.items():
        text = text.replace(f"head: {old}", f"head: {new}").replace(f", deputy: {new}", "")
    text = re.sub(rf", delegate: {re.escape(who)}", "", text)
    _directory(year, text)
    year.people.gone.add(who)


def holiday(year: Year, *days: date) -> None:
    """The clerk writes days off of the office's own into calendar.yaml."""
    own = year.office.folder / "rules" / "calendar.yaml"
    own.write_text(f"off: [{', '.join(map(str, days))}]\n", "utf-8")
    year.changes.append(year.office.now)
    for day in days:
        year.almanac.add_off(day)
    year.office.read_again()


def reorganised(year: Year) -> None:
    """Purchasing becomes a part of Logistics, which is renamed; IT gets another name and another head."""
    text = year.office.directory.read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.strip().startswith("- {id: purchasing,")]
    text = "\n".join(lines).replace("unit: purchasing", "unit: logistics") + "\n"
    text = text.replace(
        "name: 物流部, aliases: [物流, Logistics]",
        "name: 供应链部, aliases: [物流部, 物流, 采购部, 采购, Logistics, Purchasing]",
    )
    text = text.replace("name: 信息技术部, aliases: [", "name: 数字化部, aliases: [信息技术部, ")
    text = text.replace(
        "head: gao.xiang@corp.example, deputy: lei.ming@corp.example",
        "head: lei.ming@corp.example, deputy: gao.xiang@corp.example",
    )
    (_own_rules(year) / "routes.yaml").write_text(MERGED_ROUTES, "utf-8")
    _directory(year, text)


def vague_words(year: Year) -> None:
    """The clerk teaches a rule one word more."""
    rules = _own_rules(year) / "rules"
    rules.mkdir(exist_ok=True)
    (rules / "mine.yaml").write_text(
        "type: operational-problem\nrules:\n  - {id: parcel-locker, why: {zh: 快递柜坏了, en: a parcel locker fails}, weight: 2, any: [丰巢, 驿站柜]}\n",
        "utf-8",
    )
    year.office.read_again()


def fire(year: Year) -> None:
    """A night with an emergency."""
    token = year.letters.token()
    draft = Draft(kind="emergency", sender="mei.yonggang@corp.example", name="梅永刚", subject="紧急：车间起火",
                  text=f"三号车间配电柜起火，浓烟很大，有人被困，请马上派人！编号{token}", token=token)  # fmt: skip
    year.write(letter(draft, year.office.now), draft.sender, draft=draft)


def _own_rules(year: Year) -> Path:
    """The office's own part of the pack; without a pack.yaml nothing in it would be read."""
    rules = year.office.folder / "rules" / "gm-mailbox"
    rules.mkdir(exist_ok=True)
    (rules / "pack.yaml").write_text("extends: gm-mailbox\n", "utf-8")
    return rules


def _directory(year: Year, text: str) -> None:
    year.office.directory.write_text(text, "utf-8")
    year.changes.append(year.office.now)
    year.office.read_again()
    year.look()
