"""A case that lives in memory: orders, letters and time change it by the same functions as in production."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache

from maild.adapters.trial import trial_office
from maild.domain.case import Case, Clock, ClockState, Event, Requester, State
from maild.domain.command import Command
from maild.domain.letter import LetterKind
from maild.domain.message import Mail
from maild.domain.sla import clocks_for
from maild.domain.verb import COORDINATOR, HANDLER, HEAD, SUPERVISOR
from maild.mail.parse import parse_anyway
from maild.settings import MailboxSettings
from maild.workflow.append import add_confirmed
from maild.workflow.arrival import answer_arrived, answer_returned
from maild.workflow.deeds.table import carried_out
from maild.workflow.nopast import NoPast
from maild.workflow.office import Office
from maild.workflow.ordering import Order, Result
from maild.workflow.originals import Originals
from maild.workflow.plan import Key, Plan, Ready, Received, Sent
from maild.workflow.sweep import due_clock
from tests.journeys.post import CUSTOMER, mail

MORNING = datetime.fromisoformat("2026-11-24T09:00:00+08:00")
HANDLER_ADDRESS, COORDINATOR_ADDRESS = "he.zhiqiang@corp.example", "lin.xiaoyue@corp.example"
GM = "gm@corp.example"
EVERY_ROLE = frozenset({HANDLER, HEAD, COORDINATOR, SUPERVISOR, "reviewer", "finder", "asked", "party", "staff"})
_ANSWER = "您的订单今天已从仓库重新发出，运单号 SF100200300，预计11月26日送达。"
LETTER = "各部门负责人：\n请于11月30日前完成消防通道自查。"
COMMANDS: dict[str, Command] = {
    "route": Command(verb="route", unit="质量部"), "reply": Command(verb="reply", text=_ANSWER),
    "ask": Command(verb="ask", text="请提供收货地址和方便收货的时间。"), "note": Command(verb="note", text="已联系仓库。"),
    "told": Command(verb="told", text=_ANSWER), "plan": Command(verb="plan", date="2027-01-15", text="改版排期"),
    "extend": Command(verb="extend", duration="P2D", reason="等供应商"),
    "hand-up": Command(verb="hand-up", reason="需要协调仓库和销售"), "type": Command(verb="type", type="not-feedback"),
    "urgency": Command(verb="urgency", level="high"), "join": Command(verb="join", unit="质量部"),
    "lead": Command(verb="lead", unit="质量部"), "instruct": Command(verb="instruct", text="三天内答复客户。"),
    "resolve": Command(verb="resolve", analysis="面单破损被退回", measure="改用防水面单并当天重发", text=_ANSWER),
    "merge": Command(verb="merge", case="GM-2026-000002"), "link": Command(verb="link", case="GM-2026-000002"),
    "followers": Command(verb="followers", person="feng.xia@corp.example", level="add"),
    "correction": Command(verb="correction", text="应为11月27日送达。"), "record": Command(verb="record", text="走访仓库。"),
    "circulate": Command(verb="circulate", list="物流部、质量部"), "reply-all": Command(verb="reply-all", text=_ANSWER),
    "reject": Command(verb="reject", reason="明年统一更换系统，现在改会重复投入。"),
}  # fmt: skip
"""A good order of each verb; the others need no words."""


@dataclass
class Past(NoPast):
    """What happened to the case so far."""

    cases: dict[str, Case] = field(default_factory=dict)
    running: list[Clock] = field(default_factory=list)
    happened: list[tuple[str, Event]] = field(default_factory=list)
    left: list[Sent] = field(default_factory=list)

    def case(self, number: str) -> Case | None:
        """The case."""
        return self.cases.get(number)

    def clocks(self, number: str) -> Sequence[Clock]:
        """Its open clocks."""
        return [clock for clock in self.running if clock.case == number and clock.state is ClockState.OPEN]

    def events(self, number: str) -> Sequence[Event]:
        """Its events."""
        return [event for one, event in self.happened if one == number]

    def mails(self, number: str) -> Sequence[Received]:
        """Its one letter."""
        return [Received(message_id="<1@a.example>", sha256="1", number=number, author=CUSTOMER, subject="投诉",
                         received=MORNING)]  # fmt: skip

    def sent_for(self, number: str, recipient: str) -> Sequence[Sent]:
        """What left for somebody."""
        return [one for one in self.left if (one.number, one.recipient) == (number, recipient)]


@cache
def _office() -> Office:
    return trial_office("gm-mailbox", MORNING, box=MailboxSettings(address=GM))


class _Letters(Originals):
    """The one letter there is."""

    def __init__(self, letter: Mail) -> None:
        self._one = letter

    def mail(self, sha256: str) -> Mail:  # noqa: ARG002  there is one
        """The letter."""
        return self._one


class Life:
    """One case, a second one of the same writer beside it, and time."""

    def __init__(self, kind: str = "customer-complaint", text: str = "我的订单三周没有发货。") -> None:
        self.office = _office()
        self.letter = parse_anyway(mail("投诉", text))
        writer = Requester(address=CUSTOMER, name="赵磊")
        self.past = Past()
        for number in ("GM-2026-000001", "GM-2026-000002"):
            case = Case(number=number, pack="gm-mailbox", mailbox=GM, type=kind, state=State.ASSIGNED, requester=writer,
                        received=MORNING, unit="logistics", handler=HANDLER_ADDRESS, last_human_event=MORNING)  # fmt: skip
            clocks = clocks_for(case, text=text, deadlines=self.office.pack.deadlines, calendar=self.office.calendar)
            self.keep(Plan(cases=(case,), clocks=clocks))
        self.moves: set[tuple[State, State, str]] = set()

    @property
    def case(self) -> Case:
        """The case as it stands."""
        return self.past.cases["GM-2026-000001"]

    @property
    def running(self) -> list[Clock]:
        """Its open clocks."""
        return list(self.past.clocks(self.case.number))

    def takes(self, verb: str) -> Command:
        """A good order of this verb, for the state of the case."""
        if verb == "type" and self.case.state is State.SET_ASIDE:
            return Command(verb="type", type="customer-suggestion")
        return COMMANDS.get(verb, Command(verb=verb))

    def become(self, state: State) -> None:
        """The case put into this state as production leaves it there."""
        case, now = self.case, self.office.now
        self.past.cases[case.number] = replace(
            case, state=state, waiting_since=now if state is State.WAITING else None,
            asked_by=HANDLER_ADDRESS if state is State.WAITING else "", handler=None if state is State.NEW else case.handler,
            closed_at=now if state in {State.CLOSED, State.MERGED} else None,
            merged_into="GM-2026-000002" if state is State.MERGED else case.merged_into,
        )  # fmt: skip

    def orders(self, verb: str, *, roles: frozenset[str] = EVERY_ROLE, who: str = COORDINATOR_ADDRESS) -> Result:
        """An order of somebody, carried out where it may be."""
        person = self.office.index.person(who)
        assert person is not None
        key = Key(number=self.case.number, recipient=who, purpose=LetterKind.ASSIGNMENT.value, role="staff")
        order = Order(command=self.takes(verb), case=self.case, clocks=tuple(self.running),
                      mail=self.letter, person=person, office=self.office, facts=self.past,
                      originals=_Letters(self.letter), key=key, roles=roles)  # fmt: skip
        result = carried_out(order)
        if not result.refusal:
            self.changes(result.plan, verb)
        return result

    def writes(self, text: str) -> None:
        """The requester's next mail."""
        more = parse_anyway(mail("Re: 投诉", text))
        self.changes(add_confirmed(self.case, more, self.office, facts=self.past), "requester")

    def delivered(self, *, bounces: bool = False) -> None:
        """What waits for the requester is accepted by the server, or comes back."""
        if self.case.state is State.MERGED:
            return
        if bounces:
            sent = next((one for one in self.past.left if one.kind == LetterKind.ANSWER.value), None)
            if sent:
                self.changes(answer_returned(sent, self.case, self.office), "bounce")
            return
        ready = Ready(id=1, maild_id="1", number=self.case.number, kind=LetterKind.ANSWER.value, recipient=CUSTOMER,
                      lane=1, raw=b"", attempts=0, first_try=None)  # fmt: skip
        self.changes(answer_arrived(ready, self.office, facts=self.past), "delivery")

    def passes(self, length: timedelta) -> None:
        """Time; every clock that is due is looked at."""
        self.office = self.office.at(self.office.now + length)
        for clock in self.running:
            if clock.next_at is not None and clock.next_at <= self.office.now:
                self.changes(due_clock(clock, self.case, self.office, facts=self.past), "time")

    def changes(self, plan: Plan, by: str) -> None:
        """Keep a plan, and the move that it makes."""
        before = self.case.state
        self.keep(plan)
        if self.case.state is not before:
            self.moves.add((before, self.case.state, by))

    def keep(self, plan: Plan) -> None:
        """What one commit would write."""
        for case in plan.cases:
            self.past.cases[case.number] = case
        by_id = {clock.id: clock for clock in self.past.running}
        for clock in plan.clocks:
            known = clock.id if clock.id > 0 else max(by_id, default=0) + 1
            by_id[known] = replace(clock, id=known)
        self.past.running = list(by_id.values())
        self.past.happened += [(one.number, one.event) for one in plan.happenings]
        self.past.left += [
            Sent(maild_id=str(n), message_id="", number=x.case, kind=x.kind.value, recipient=x.to.address, fallback="",
                 state="sent", queued_at=self.office.now, sent_at=self.office.now)
            for n, x in enumerate(plan.letters, len(self.past.left)) if x.to.address == CUSTOMER
        ]  # fmt: skip
