"""The people of the year: how they answer what reaches them: well, late, emptily, wrongly, in passing, or not at all."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.simulation.dice import Dice
from tests.simulation.year.almanac import Almanac
from tests.simulation.year.letters import Letters
from tests.simulation.year.office import Arrived

INSIDE = "@corp.example"
STYLES = (
    *("prompt",) * 46, *("steps",) * 12, *("late",) * 9, *("silent",) * 5, *("empty",) * 7, *("passing",) * 5,
    *("wrong",) * 3, *("ask",) * 5, *("extend",) * 4, *("hand-up",) * 2, *("plan",) * 2,
)  # fmt: skip
"""How a handler takes an assignment, of a hundred."""
SUGGESTIONS = ("staff-suggestion", "customer-suggestion")
SEALED = ("staff-complaint", "staff-report", "retaliation")


@dataclass
class Words:
    """What somebody will write, in answer to which letter, and what must become of it."""

    to: Arrived
    at: datetime
    text: str
    sender: str = ""
    inside: tuple[str, ...] = ()
    """Numbers that stand in words for the inside alone."""
    outside: tuple[str, ...] = ()
    """Numbers that stand in words for the requester."""
    machine: bool = False
    about: str = ""
    """What it is: order, rating, thanks, addition, contradiction, absence."""


@dataclass
class People:
    """Everybody who reads our letters."""

    dice: Dice
    almanac: Almanac
    letters: Letters
    type_of: Callable[[str], str]
    """The type of a case."""
    handler_of: Callable[[str], str]
    away: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    """Whoever has left answers nothing."""
    _style: dict[tuple[str, str], str] = field(default_factory=dict)
    _done: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def read(self, letter: Arrived) -> Iterator[Words]:
        """What the reader of this letter will write because of it."""
        if letter.to in self.gone:
            return
        if letter.to in self.away and letter.kind == "handler.assignment" and self._first("away", letter):
            yield self._words(letter, 0.02, "我正在外出差，回来后尽快回复。", machine=True, about="absence")
            return
        react = getattr(self, "_" + letter.kind.replace(".", "_").replace("-", "_"), None)
        if react is not None:
            yield from react(letter)

    # -- handlers ---------------------------------------------------------------------------------------------------

    def _handler_assignment(self, letter: Arrived) -> Iterator[Words]:
        kind = self.type_of(letter.number)
        if kind == "directive" or not letter.number:
            return
        if kind == "unclassified":
            yield self._words(letter, self._hours(0.5, 3), "转网络客服部处理")
            return
        style = self._style.setdefault((letter.number, letter.to), self.dice.pick(STYLES))
        if style in {"late", "silent"}:
            return
        if style in {"steps", "extend"}:
            yield self._words(letter, self._hours(0.5, 3), "收到")
        if style == "steps":
            token = self.letters.token(63)
            yield self._words(
                letter,
                self._hours(5, 9),
                f"答复：您好，您反映的事项已核实，今天已安排专人处理，两个工作日内完成，回执{token}。",
                outside=(token,),
            )
            yield self._end(letter, self._hours(12, 20))
        elif style == "empty":
            yield self._words(
                letter, self._hours(1, 3), self.dice.pick(("已处理", "正在核实", "知道了，会处理的", "noted"))
            )
        elif style == "passing":
            yield self._words(letter, self._hours(1, 3), "这个事儿我让小张去看看咋回事，回头再说吧")
            yield self._end(letter, self._hours(9, 16))
        elif style == "wrong":
            yield self._words(
                letter, self._hours(1, 3), self.dice.pick(("转火星事业部处理", "转给张三丰", "延期", "结案"))
            )
            yield self._end(letter, self._hours(9, 16))
        elif style == "ask":
            token = self.letters.token(63)
            yield self._words(
                letter, self._hours(1, 3), f"询问：请问您方便提供购买日期和照片吗？登记{token}", outside=(token,)
            )
        elif style == "extend":
            token = self.letters.token(72)
            yield self._words(letter, self._hours(4, 7), f"延期三天，配件还在路上，采购单{token}", inside=(token,))
            yield self._end(letter, self._hours(17, 36))
        elif style == "hand-up":
            token = self.letters.token(72)
            yield self._words(
                letter, self._hours(1, 6), f"上报：本部门没有权限，需要上级协调，内部记录{token}", inside=(token,)
            )
        elif style == "plan":
            token = self.letters.token(72)
            day = self.almanac.steps_later(letter.at, 30)
            yield self._words(
                letter,
                self._hours(2, 8),
                f"计划 {day.month}月{day.day}日：将列入改造项目分批实施，计划号{token}。",
                inside=(token,),
            )
        else:
            if self.dice.hits(0.2):
                token = self.letters.token(72)
                yield self._words(letter, self._hours(0.3, 1), f"备注：已电话核实，内部台账{token}", inside=(token,))
            yield self._words(letter, self._hours(0.3, 2), "收到")
            yield self._end(letter, self._hours(3, 14))

    def _handler_reopened(self, letter: Arrived) -> Iterator[Words]:
        if self.handler_of(letter.number) != letter.to:
            return
        yield self._words(letter, self._hours(0.5, 2), "收到")
        yield self._end(letter, self._hours(3, 12))

    def _handler_addition(self, letter: Arrived) -> Iterator[Words]:
        if self._first("addition", letter) and self.dice.hits(0.8):
            yield self._end(letter, self._hours(2, 10))

    def _handler_waited(self, letter: Arrived) -> Iterator[Words]:
        yield self._end(letter, self._hours(2, 10))

    def _handler_instruction(self, letter: Arrived) -> Iterator[Words]:
        if self.dice.hits(0.9):
            yield self._end(letter, self._hours(2, 10))

    def _handler_handed_over(self, letter: Arrived) -> Iterator[Words]:
        yield self._words(letter, self._hours(0.5, 2), "收到")
        yield self._end(letter, self._hours(4, 12))

    def _handler_plan_review(self, letter: Arrived) -> Iterator[Words]:
        if self.dice.hits(0.6):
            token, note = self.letters.token(63), self.letters.token(72)
            yield self._words(
                letter, self._hours(2, 20),
                f"已完成\n原因：原设计没有考虑\n措施：改造完成并验收，内部验收单{note}\n答复来信人：您好，您建议的改造已完成，编号{token}，谢谢您。",
                outside=(token,), inside=(note,),
            )  # fmt: skip

    def _staff_refusal(self, letter: Arrived) -> Iterator[Words]:
        if (
            letter.number
            and self.handler_of(letter.number) == letter.to
            and self._first("refusal", letter)
            and self.dice.hits(0.9)
        ):
            yield self._end(letter, self._hours(1, 5))

    def _manager_extension(self, letter: Arrived) -> Iterator[Words]:
        yield self._words(letter, self._hours(0.5, 4), self.dice.pick(("同意", "同意", "同意", "不同意")))

    def _manager_hand_up(self, letter: Arrived) -> Iterator[Words]:
        yield self._words(letter, self._hours(0.5, 3), "收到")
        yield self._end(letter, self._hours(4, 12))

    def _manager_escalation(self, letter: Arrived) -> Iterator[Words]:
        number = letter.number
        if not number or self.type_of(number) == "directive":
            return
        style = self._style.get((number, letter.to))
        if style == "late" and self._first("late", letter):
            yield self._words(letter, self._hours(1, 4), "收到")
            yield self._end(letter, self._hours(5, 16))
        elif style is None and self._times("above", letter) <= 2 and self.dice.hits(0.35):
            token = self.letters.token(72)
            yield self._words(
                letter, self._hours(1, 5), f"批示：请两个工作日内办结，不得再拖，督办{token}", inside=(token,)
            )
        elif style == "silent" and self._times("silent", letter) > 3:
            yield self._end(letter, self._hours(1, 9))

    _manager_combined = _manager_escalation

    def _manager_notice(self, letter: Arrived) -> Iterator[Words]:
        if letter.number and self.type_of(letter.number) == "unclassified" and self._first("triage", letter):
            yield self._words(letter, self._hours(0.3, 3), "转网络客服部处理")

    def _manager_withdrawal(self, letter: Arrived) -> Iterator[Words]:
        yield self._words(letter, self._hours(1, 5), "同意")

    def _manager_ledger(self, letter: Arrived) -> Iterator[Words]:
        if self.dice.hits(0.3):
            yield self._words(letter, self._hours(1, 5), "全部同意", about="ledger")

    def _staff_confirmation(self, letter: Arrived) -> Iterator[Words]:
        yield self._words(letter, self._hours(0.3, 2), "确认", about="confirmation")

    def _receiver_circulation(self, letter: Arrived) -> Iterator[Words]:
        if self.dice.hits(0.85):
            yield self._words(letter, self._hours(0.3, 2), "已传达到各班组")
        if self.dice.hits(0.85):
            yield self._words(letter, self._hours(9, 30), "已落实")

    # -- requesters -------------------------------------------------------------------------------------------------

    def _requester_acknowledgement(self, letter: Arrived) -> Iterator[Words]:
        if self.dice.hits(0.08):
            token = self.letters.token(82)
            yield self._words(
                letter,
                self._hours(0.5, 10),
                f"补充一点：照片编号{token}，请一并处理。",
                about="addition",
                outside=(token,),
            )
        elif self.dice.hits(0.01):
            yield self._words(letter, self._hours(0.5, 10), "不投诉了，已经解决", about="withdrawal")

    def _requester_question(self, letter: Arrived) -> Iterator[Words]:
        if self.dice.hits(0.7):
            token = self.letters.token(82)
            yield self._words(
                letter,
                self._hours(2, 20),
                f"您好，是上个月初买的，照片编号{token}。",
                about="addition",
                outside=(token,),
            )

    def _requester_closed(self, letter: Arrived) -> Iterator[Words]:
        said, about = self.dice.pick((
            *(("满意", "satisfied"),) * 7, *(("不满意，问题还是没有解决", "dissatisfied"),) * 2, *(("谢谢！", "thanks"),) * 3, *(("", ""),) * 8,
        ))  # fmt: skip
        if said:
            yield self._words(letter, self._hours(1, 20), said, about=about)

    def _requester_answer(self, letter: Arrived) -> Iterator[Words]:
        yield from self._requester_closed(letter) if "不满意" in letter.text else iter(())
        if self.dice.hits(0.15):
            yield self._words(letter, self._hours(1, 6), "好的，谢谢", about="thanks")

    # -- how it is written ------------------------------------------------------------------------------------------

    def _end(self, letter: Arrived, hours: float) -> Words:
        """The case is brought to its end, with all that its outcome needs."""
        kind = self.type_of(letter.number)
        why, done, said = self.letters.token(72), self.letters.token(72), self.letters.token(63)
        answer = f"您好，您反映的事项已办结：已更换配件并完成复查，结果登记{said}，感谢您的来信。"
        lines = f"结案\n原因：交接时漏登记，内部核查单{why}\n措施：补办并增加双人复核，内部整改单{done}\n答复来信人：{answer}"
        if kind in SUGGESTIONS:
            lines = (
                f"结案\n原因：采纳，方案可行，内部评审{why}\n措施：列入下月实施，内部任务{done}\n答复来信人：{answer}"
            )
        elif kind == "customer-opinion":
            lines = f"结案\n分析：外观偏好，内部归档{why}\n答复来信人：{answer}"
            return self._words(letter, hours, lines, inside=(why,), outside=(said,))
        elif kind in SEALED and self.dice.hits(0.5):
            lines = lines.replace("结案", "属实，经查情况存在", 1)
        return self._words(letter, hours, lines, inside=(why, done), outside=(said,))

    def _words(
        self, letter: Arrived, hours: float, text: str, *, inside: tuple[str, ...] = (), outside: tuple[str, ...] = (),
        machine: bool = False, about: str = "order",
    ) -> Words:  # fmt: skip
        at = (
            self.almanac.plus_hours(letter.at, hours)
            if letter.to.endswith(INSIDE) and not machine
            else letter.at + timedelta(hours=hours)
        )
        return Words(to=letter, at=at, text=text, inside=inside, outside=outside, machine=machine, about=about)

    def _hours(self, least: float, most: float) -> float:
        return least + (most - least) * self.dice.below(1000) / 1000

    def _first(self, what: str, letter: Arrived) -> bool:
        return self._times(what, letter) == 1

    def _times(self, what: str, letter: Arrived) -> int:
        mark = (what, letter.number, letter.to)
        self._done[mark] = self._done.get(mark, 0) + 1
        return self._done[mark]
