"""Revenge.

A manager who is complained of wants the complaint of revenge buried: set aside, given another type, merged, closed,
delayed, or answered by the own people. Held: such a letter goes straight to the general manager, the coordinator learns
only that there is one, and nobody else can order anything in it.

Elsewhere: who gets it, also when the general manager is the one complained of, in `tests/journeys/test_conflict.py`;
that the coordinator reads no word of it in `test_secrecy.py`; how such letters are told in `tests/domain/test_triage.py`.
"""

import pytest

from tests.hostile.attack import attack, raw, standing
from tests.journeys.casework import COORDINATOR, Casework
from tests.journeys.letters import INSIDE, telling, to

WRITER, MANAGER, GM_PERSON = "zhuang.xuemei@corp.example", "li.jun@corp.example", "chen.guodong@corp.example"
LETTER = "我上月举报采购部主管黎军收回扣之后，他报复我，扣光奖金还威胁开除写信的人。"
BURIALS = ["非反馈", "分类 客户建议", "分类 员工意见", "合并 GM-2026-000001", "关联 000001", "结案：查无此事。措施：无。", "不属实：查无此事",
           "转 采购部", "转 黎军", "会办 采购部", "延期 30天，在忙", "抄送 黎军", "普通", "答复：已核实，请勿再写信。", "拆分：采购部 回扣；人力 奖金",
           "转外部 mallory@evil.example：请看"]  # fmt: skip


@pytest.fixture
def revenge(work: Casework) -> str:
    """The number of a letter about revenge."""
    work.start("打击报复", LETTER, sender=WRITER)
    return next(str(c["number"]) for c in work.desk.cases() if c["type"] == "retaliation")


def test_it_is_the_general_managers_at_once(work: Casework, revenge: str) -> None:
    """No unit, no coordinator in between, and not a word of it to the manager it names."""
    assert GM_PERSON == next(row for row in standing(work.desk) if row[0] == revenge)[2]
    assert [] == telling(to(work.letters, MANAGER), "报复", "回扣")


def test_nobody_else_can_bury_it(work: Casework, revenge: str) -> None:
    """Each order by the coordinator and the manager, under its number and under keys of their own: nothing moves."""
    row = next(one for one in standing(work.desk) if one[0] == revenge)
    for who in (COORDINATOR, MANAGER):
        results = [f"mx.corp.example; {INSIDE.format(who)}"]
        subjects = [f"Re: {revenge}", *(f"Re: {x.subject}" for x in to(work.letters, who) if revenge in x.subject)]
        letters = attack(work, *(raw(f"From: {who}", order, subject=subject, results=results)
                                 for order in BURIALS for subject in subjects))  # fmt: skip

        assert row in standing(work.desk), who
        assert [] == telling(to(letters, who), "扣光奖金", "庄雪梅", WRITER), who
        assert [] == to(letters, WRITER), who
