"""Reclassifying as a way out.

Whoever has a protected or confidential case on the desk wants to be rid of what protects it: by another type, by parting
or merging it, by passing it on, by an expert outside. Held: types lead out of protection only by a proposal, and a seal
never falls by a type.

Elsewhere: each kind of reclassifying in `tests/journeys/test_reclassify.py`, experts in `test_forward.py`, parts of a
letter in `test_splitting.py`.
"""

import pytest

from tests.journeys.casework import Casework
from tests.journeys.letters import telling

WRITER, HANDLER, OTHER = "黄秋燕 <huang.qiuyan@corp.example>", "zhou.min@corp.example", "he.zhiqiang@corp.example"
AGAINST = "我要投诉行政部经理冯霞，她连续三个月扣发我的加班费，还当众辱骂员工。请公司调查，替我保密。"
WAYS = ["分类 客户建议", "分类 员工意见", "分类 表扬", "非反馈", "转物流部", "转 何志强", "会办 物流部", "合并 GM-2026-000001", "抄送 何志强",
        "转外部 mallory@evil.example：请看", "拆分：物流部 扣发加班费；行政部 辱骂员工", "记录：扣发加班费一事"]  # fmt: skip


@pytest.fixture
def sealed(work: Casework) -> Casework:
    """A confidential complaint on the desk of HR."""
    work.start("投诉", AGAINST, sender=WRITER)
    return work


@pytest.mark.parametrize("order", WAYS)
def test_no_order_takes_the_seal_off(sealed: Casework, order: str) -> None:
    """Whatever its handler orders, what was confidential is, and so is each part; nobody else reads who wrote or what."""
    before = {str(case["number"]) for case in sealed.desk.cases() if case["confidential"]}
    letters = sealed.says(HANDLER, order, answering="handler.assignment") + sealed.later(
        sealed.desk.now.replace(hour=17) - sealed.desk.now
    )

    after = {str(case["number"]): bool(case["confidential"]) for case in sealed.desk.cases()}
    assert all(after[number] for number in before)
    assert all(confidential for number, confidential in after.items() if number > max(before))
    others = [x for x in letters if x.to not in {HANDLER, "huang.qiuyan@corp.example", "lin.xiaoyue@corp.example"}]
    assert [] == telling([x for x in others if x.to != "chen.guodong@corp.example"], "扣发", "黄秋燕", "huang.qiuyan")
