"""Whatever people write in whatever order: inside words stay inside, and no case is left alone (casework 4 and 5)."""

from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from tests.journeys.anyoffice import AnyOffice, played
from tests.journeys.casework import COORDINATOR
from tests.journeys.letters import telling
from tests.journeys.post import CUSTOMER

pytestmark = pytest.mark.slow
MARK = "内情"
DONE = {"closed", "merged", "set-aside"}
INSIDE = (
    "备注：{0}",
    "转质量部处理，{0}",
    "转物流部，{0}",
    "已电话告知：{0}",
    "结案：\n原因：{0}\n措施：{0}",
    "结案：\n原因：{0}",
    "结案：\n原因：{0}\n措施：{0}\n答复来信人：已于{1}重新发出，预计后天送达。",
    "答复：已于{1}重新发出，预计后天送达。\n备注：{0}",
    "纳入计划 2027-03-31，{0}",
    "我再问问仓库，{0}",
    "结案：无法联系。{0}",
)
"""What people write that holds words for the inside."""
OUTSIDE = ("收到", "询问：请提供{1}的收货地址。", "答复：已于{1}重新发出，预计后天送达。", "更正：应为{1}送达。", "撤销",
           "仍然发送", "答复：已处理。")  # fmt: skip
REQUESTER = ("还是没有收到，请尽快处理。", "谢谢，收到了。", "满意", "不满意：{1}也没有人联系我。", "撤回投诉",
             "补充：订单是{1}下的。")  # fmt: skip


class Office(AnyOffice):
    """One complaint, its writer, its handlers and the coordinator, and time."""

    def __init__(self) -> None:
        super().__init__()
        self.told = 0

    @initialize(hold=st.sampled_from(["0", "10 minutes"]))
    def begin(self, hold: str) -> None:
        """A complaint comes and is routed."""
        self.opened(hold)
        self.work.open()

    @rule(words=st.sampled_from(INSIDE + OUTSIDE))
    def handler_writes(self, words: str) -> None:
        """Whoever handles the case answers the newest mail they have."""
        handler = str(self.work.case["handler"])
        if self.work.got(handler):
            self.says(handler, words)

    @rule(words=st.sampled_from(INSIDE + OUTSIDE))
    def coordinator_writes(self, words: str) -> None:
        """The coordinator steps in."""
        self.says(COORDINATOR, words)

    @rule(words=st.sampled_from(REQUESTER))
    @precondition(lambda self: len(self.work.desk.cases()) == 1)
    def requester_writes(self, words: str) -> None:
        """The writer answers the newest mail they have."""
        self.says(CUSTOMER, words)

    @rule(length=st.sampled_from([timedelta(minutes=4), timedelta(minutes=11), timedelta(days=2), timedelta(days=9)]))
    def time_passes(self, length: timedelta) -> None:
        """Minutes or days."""
        self.work.later(length)

    def says(self, who: str, words: str) -> None:
        """A reply with a mark of its own where it is for the inside."""
        self.told += 1
        self.work.says(who, words.format(f"{MARK}{self.told}号", f"第{self.told}天"))

    @invariant()
    def inside_words_stay_inside(self) -> None:
        """No letter to an address outside the directory holds a word that was for the inside."""
        assert [] == telling([x for x in self.work.letters if x.to == CUSTOMER], MARK)

    @invariant()
    def no_case_is_left_alone(self) -> None:
        """An open case has somebody and a clock that runs; a closed one has neither reminder nor escalation ahead."""
        for case in self.work.desk.cases():
            running = [clock for clock in case["clocks"] if clock["state"] == "open"]
            if case["state"] in DONE:
                assert [] == running, case["state"]
            else:
                assert case["handler"], case["state"]
                assert running, case["state"]


TestAnyOrder = Office.TestCase
TestAnyOrder.settings = played(12)
