"""Every verb of the table as a line in answer to the digest: done and echoed, asked back, or refused (casework 5)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from maild.adapters.shipped import shipped
from maild.domain.verbs import IN_FORCE, VERBS
from tests.journeys.casework import COORDINATOR, MORNING, Casework
from tests.journeys.desk import TestDesk, open_desk
from tests.journeys.letters import of_kind
from tests.journeys.post import mail

pytestmark = pytest.mark.slow

CASES = 12
ELSEWHERE, NOT_YOURS = "只在问到它的那封邮件上有效", "不在您的权限之内"
LINES = (
    ("route", "转质量部", "已转质量部罗建平承办"), ("route", "转", "缺少部门或人员"), ("route", "转火星部", "不在通讯录内"),
    ("accept", "接", NOT_YOURS), ("accept", "收到", "可以有不同理解"),
    ("reply", "答复：11月26日已经补发，另补20元券", NOT_YOURS), ("reply", "答复", "指令后面缺少内容"),
    ("note", "备注：客户来电", "备注已保存"), ("note", "备注", "指令后面缺少内容"),
    ("note", "客户今早又来电", "没有写明要办什么"),
    ("confirm", "确认", ELSEWHERE), ("send-anyway", "仍然发送", ELSEWHERE), ("undo", "撤销", "没有可以撤销"),
    ("ask", "询问：请提供单号", NOT_YOURS), ("ask", "询问", "指令后面缺少内容"),
    ("told", "已电话告知：明天补发", NOT_YOURS),
    ("plan", "计划 12月20日", "已列入计划"), ("plan", "计划", "指令后面缺少日期"),
    ("extend", "延期三天", NOT_YOURS), ("extend", "延期", "指令后面缺少日期"),
    ("hand-up", "上报：我们定不了", NOT_YOURS),
    ("type", "分类 客户建议", "类别已改为客户建议"), ("type", "应为", "指令后面缺少类别"),
    ("urgency", "加急", "紧急程度已调为加急"),
    ("join", "会办 采购部", "已请采购部孙立会办"), ("join", "会办", "缺少部门或人员"),
    ("lead", "主办 质量部", "主办"), ("lead", "主办", "缺少部门或人员"),
    ("link", "关联 2", "已与 GM-2026-000002 关联"), ("link", "关联", "缺少另一事项的编号"),
    ("merge", "合并", "缺少另一事项的编号"), ("merge", "合并到2", "只有同一来信人的事项才能合并"),
    ("split", "拆分：物流部 送货慢；财务部 发票没开", "已拆出"), ("split", "拆分", "请写明拆成哪几件"),
    ("adopt", "采纳", "只有建议类事项"), ("reject", "不采纳：没有预算", "只有建议类事项"),
    ("upheld", "属实", "已认定属实"), ("unfounded", "不属实", "已认定不属实"),
    ("approve", "同意", ELSEWHERE), ("decline", "不同意", ELSEWHERE),
    ("instruct", "批示：三天内办结", "批示已送"),
    ("seal", "保密", "未执行"), ("unseal", "解除保密", "未执行"),
    ("circulate", "下发 物流部：通知", "已下发何志强"), ("circulate", "下发", "未执行"),
    ("start-round", "发起 季度体验测试", "季度体验测试已发起"), ("start-round", "发起：春游", "没有这个填报轮次"),
    ("received", "已收到", "未执行"), ("studied", "已学习", ELSEWHERE), ("relayed", "已传达", ELSEWHERE),
    ("done", "已落实", "指令后面缺少内容"),
    ("record", "记录：电话沟通", "记录已存入"), ("followers", "抄送 质量部", "抄送已更改"),
    ("followers", "抄送", "缺少部门或人员"), ("remind", "催办", "已催办"),
    ("withdraw", "撤回来信", NOT_YOURS), ("satisfied", "满意", NOT_YOURS), ("dissatisfied", "不满意", NOT_YOURS),
    ("correct", "责令整改：三日内报告", NOT_YOURS), ("rectified", "整改情况：已双人复核", NOT_YOURS), ("correction", "更正：是明天", NOT_YOURS),
    ("attachment", "附件 1", "没有附件"), ("attachment", "附件", "缺少附件的编号"),
    ("polite", "客气话", "不允许此项操作"), ("block", "屏蔽", "不允许此项操作"), ("unblock", "解除屏蔽", "不允许此项操作"),
    ("release", "放行", ELSEWHERE), ("original", "看原件", ELSEWHERE), ("on-behalf", "代录 张三", ELSEWHERE),
    ("print", "处理单", "staff.sheet"), ("status", "状态", "staff.status"), ("help", "帮助", "staff.help"),
    ("search", "查 88231", "staff.status"), ("search", "查", "指令后面缺少内容"),
    ("away", "外出 12月1日至12月5日 王磊", "外出已登记"), ("away", "外出", "指令后面缺少日期"),
    ("reply-all", "答复全部：已修好", NOT_YOURS), ("reply-all", "答复全部", "指令后面缺少内容"),
    ("forward", "转外部 a@mail-b.example：请鉴定", "manager.forward"), ("forward", "转外部", "缺少对方的邮箱地址"),
    ("malicious", "恶意诬告：查无此事", "由人力资源部提出"), ("malicious", "恶意", "指令后面缺少内容"),
    ("publish", "公示", "尚未答复来信人"), ("unpublish", "撤下公示", "本事项没有公示"),
    ("charge", "记入台账：迟报", "已提请把"), ("charge", "记入台账", "请写明瞒报"),
    ("abstract", "摘要：两句话", ELSEWHERE), ("shorten", "删 第2段", ELSEWHERE),
    ("resolve", "结案", NOT_YOURS),
    ("erase", "删除个人信息", "未执行"), ("hold", "保全：涉诉", "已保全"), ("lift-hold", "解除保全", "未执行"),
)  # fmt: skip
"""Verb, the line behind the number, and what its reader hears: of the echo, or the kind of letter that is the answer."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestDesk]:
    """An office with as many complaints as a mail here has lines, and the coordinator's digest of them."""
    with open_desk(tmp_path_factory.mktemp("lines")) as desk:
        desk.now = MORNING
        for turn in range(1, CASES + 1):
            text = f"第 {turn} 张订单三周没有发货，客服不理，要求退款并答复。"
            desk.receive(mail(f"投诉：第 {turn} 张订单没有发货", text, sender=f"c{turn}@mail-a.example"))
        yield desk


def test_no_line_of_any_verb_is_lost(desk: TestDesk) -> None:
    """Each line under a number, with its words or without, one mail full of them after the other, is told what became of it."""
    work = Casework(desk)
    work.later(timedelta(hours=23, minutes=45))
    assert {verb.name for verb in VERBS} <= {verb for verb, _, _ in LINES}

    for first in range(0, len(LINES), CASES):
        part = LINES[first : first + CASES]
        text = "\n".join(f"{number} {line}" for number, (_, line, _) in enumerate(part, 1))
        letters = work.says(COORDINATOR, text, answering="manager.digest")

        echoes = of_kind(letters, "staff.echo")
        said = [letter.kind for letter in letters] + [letter.text for letter in echoes]
        assert len(echoes) == 1, text
        assert [line for _, line, heard in part if not any(heard in one for one in said)] == [], echoes[0].text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_verb_in_force_has_a_line_ready(language: str) -> None:
    """What a line lacks its reader gets in their own language, whichever verb it is."""
    words = yaml.safe_load((shipped("templates") / f"{language}.yaml").read_text("utf-8"))

    assert sorted(IN_FORCE - set(words["reply_line"]) - {"on-behalf"}) == []
    assert sorted({verb.name for verb in VERBS} - set(words["command"])) == []


def two_complaints(desk: TestDesk) -> Casework:
    """Two complaints of one customer, and the coordinator's digest of them."""
    work = Casework(desk)
    desk.now = MORNING
    for turn in range(2):
        text = f"第 {turn} 张订单三周没有发货，客服不理，要求退款并答复。"
        desk.receive(mail(f"投诉：第 {turn} 张订单没有发货", text, sender="c@mail-a.example"))
    work.later(timedelta(hours=23, minutes=45))
    return work


def test_a_line_without_its_words_comes_back_ready(tmp_path: Path) -> None:
    """`1 备注` is asked back with the line to write, and that line, in answer to the echo, is done."""
    with open_desk(tmp_path) as desk:
        work = two_complaints(desk)

        asked = of_kind(work.says(COORDINATOR, "1 备注\n2 合并", answering="manager.digest"), "staff.echo")[0]

        assert "1 备注：" in asked.text
        assert "2 合并" in asked.text
        assert all(event["kind"] != "note" for event in work.case["events"])
        work.says(COORDINATOR, "1 备注：客户来电", answering="staff.echo")
        first = min(desk.cases(), key=lambda case: str(case["number"]))
        assert "note" in [event["kind"] for event in first["events"]]


def test_a_merger_by_a_line_names_both_cases(tmp_path: Path) -> None:
    """`2 合并到1` in answer to the digest merges, and the echo names what went into what."""
    with open_desk(tmp_path) as desk:
        work = two_complaints(desk)

        echo = of_kind(work.says(COORDINATOR, "2 合并到1", answering="manager.digest"), "staff.echo")[0]

        assert "merged" in [case["state"] for case in desk.cases()]
        assert "GM-2026-000002 已并入" in echo.text
        assert "事项编号：GM-2026-000001" in echo.text
