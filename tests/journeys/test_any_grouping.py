"""Whatever is merged, linked, split and taken back in whatever order: nothing leaks, nothing is left alone or doubled."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from tests.journeys.anyoffice import AnyOffice, played
from tests.journeys.casework import COORDINATOR, HANDLER, MORNING
from tests.journeys.letters import telling, to
from tests.journeys.post import COMPLAINT, CUSTOMER, LETTER, mail

pytestmark = pytest.mark.slow
OTHER = "qian.fang@mail-b.example"
ACCUSING = "投诉物流部何志强，他在电话里骂我是骗子，态度恶劣，还威胁不给我退款。请处理。"
MARK = "内情"
DONE = {"closed", "merged", "set-aside"}
NUMBERS = tuple(f"GM-2026-{n:06d}" for n in range(1, 8))
ORDERS = (
    "合并到 {0}", "和 {0} 是同一件事，合并", "关联 {0}", "拆分：物流部 {1}送货慢；财务部 {1}发票没开", "拆分：财务部 {1}发票没开",
    "拆分 {0}", "撤销", "同意", "不同意", "转质量部，{1}", "收到", "答复：已于今天重新发出，运单号SF1234，预计后天送达。", "备注：{1}",
    "答复全部：已于今天重新发出，运单号SF1234，预计后天送达。", "结案：\n原因：{1}\n措施：{1}\n答复来信人：已于今天重新发出，预计后天送达。",
)  # fmt: skip


def goes_on_as(number: str, cases: dict[str, dict[str, Any]]) -> str:
    """The case itself, or the one that goes on for it."""
    while cases[number]["merged_into"]:
        number = cases[number]["merged_into"]
    return number


class Grouping(AnyOffice):
    """Three letters of one writer, one of which names a handler, and one of somebody else."""

    def __init__(self) -> None:
        super().__init__()
        self.turn = 0

    @initialize(hold=st.sampled_from(["0", "10 minutes"]))
    def begin(self, hold: str) -> None:
        """The letters come, an hour apart; the coordinator gives the first to logistics."""
        desk = self.opened(hold)
        desk.now = MORNING
        for sender, text in ((CUSTOMER, LETTER), (CUSTOMER, LETTER + "急。"), (CUSTOMER, ACCUSING), (OTHER, LETTER)):
            self.turn += 1
            made = mail(f"{COMPLAINT}（{self.turn}）", text, sender=sender,
                        date=desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800"))  # fmt: skip
            self.work.letters += desk.receive(made)
            desk.now += timedelta(hours=1)
        self.work.says(COORDINATOR, "转物流部", answering="manager.notice")

    @rule(
        who=st.sampled_from(["coordinator", "handler"]), of=st.integers(0, 5), words=st.sampled_from(ORDERS),
        other=st.integers(0, 5),
    )  # fmt: skip
    def somebody_orders(self, who: str, of: int, words: str, other: int) -> None:
        """The coordinator or a case's handler answers the newest letter they have about some case."""
        cases = self.work.desk.cases()
        case = cases[of % len(cases)]
        address = COORDINATOR if who == "coordinator" else str(case["handler"])
        own = [x for x in to(self.work.letters, address) if case["number"] in x.subject and x.token]
        if own:
            self.turn += 1
            self.work.letters.append(own[-1])
            self.work.says(address, words.format(NUMBERS[other], f"{MARK}{self.turn}号"), answering=own[-1].kind)

    @rule(of=st.integers(0, 3))
    def the_requester_answers(self, of: int) -> None:
        """The writer answers one of the letters they have, old acknowledgements too."""
        own = to(self.work.letters, CUSTOMER)
        if own:
            self.turn += 1
            self.work.letters.append(own[of % len(own)])
            self.work.says(CUSTOMER, f"补充第{self.turn}点：收货城市是深圳。", answering=own[of % len(own)].kind)

    @rule(length=st.sampled_from([timedelta(minutes=4), timedelta(minutes=11), timedelta(days=2)]))
    def time_passes(self, length: timedelta) -> None:
        """Minutes or days."""
        self.work.later(length)

    def by_number(self) -> dict[str, dict[str, Any]]:
        """All cases."""
        return {case["number"]: case for case in self.work.desk.cases()}

    @invariant()
    def inside_words_stay_inside(self) -> None:
        """No requester reads a word that was for the inside, nor hears of another's case."""
        outside = [x for x in self.work.letters if x.to in {CUSTOMER, OTHER}]
        assert [] == telling(outside, MARK)
        cases = self.by_number()
        for one, other in ((CUSTOMER, OTHER), (OTHER, CUSTOMER)):
            theirs = [number for number, case in cases.items() if case["requester"] == other]
            assert [] == telling([x for x in outside if x.to == one], other, *theirs)

    @invariant()
    def whoever_is_accused_hears_nothing(self) -> None:
        """No letter to somebody whom a case excludes speaks of it, of its words, or of what it was merged into since."""
        assert [] == telling(to(self.work.letters, HANDLER), "骗子", "骂我", NUMBERS[2])
        for case in self.by_number().values():
            assert not set(case["excluded"]) & {case["handler"], *case["supervisors"]}

    @invariant()
    def no_case_is_left_alone_or_doubled(self) -> None:
        """An open case has a person and a clock; a merged one has neither, and one open case goes on for it."""
        cases = self.by_number()
        for number, case in cases.items():
            running = [clock for clock in case["clocks"] if clock["state"] == "open"]
            if case["state"] in DONE:
                assert [] == running, case["state"]
            else:
                assert case["handler"], case["state"]
                assert running, case["state"]
            if case["state"] == "merged":
                goes_on = cases[case["merged_into"]]
                assert goes_on["requester"] == case["requester"]
                assert set(case["excluded"]) <= set(goes_on["excluded"])
            for linked in case["links"] if case["state"] != "merged" else ():
                assert number in {goes_on_as(one, cases) for one in cases[goes_on_as(linked, cases)]["links"]} | {
                    goes_on_as(linked, cases)
                }


TestAnyGrouping = Grouping.TestCase
TestAnyGrouping.settings = played(8)
