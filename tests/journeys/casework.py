"""One case at a desk, its people writing: what a test of casework needs to say in a line."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.journeys.desk import Letter, TestDesk
from tests.journeys.letters import INSIDE, of_kind, to
from tests.journeys.post import COMPLAINT, CUSTOMER, LETTER, mail

COORDINATOR = "lin.xiaoyue@corp.example"
HANDLER = "he.zhiqiang@corp.example"
MORNING = datetime.fromisoformat("2026-11-24T09:00:00+08:00")
ANSWER = "答复：赵先生，您的订单因面单破损被退回仓库，今天已重新发出，预计11月26日送达，另补20元券。"


@dataclass
class Casework:
    """A complaint that the coordinator routed to logistics; everything that leaves is collected."""

    desk: TestDesk
    letters: list[Letter] = field(default_factory=list)
    _count: int = 0

    def open(self, *, subject: str = COMPLAINT, text: str = LETTER, sender: str = CUSTOMER) -> None:
        """The requester's first mail, and the coordinator's route."""
        self.start(subject, text, sender=sender)
        self.says(COORDINATOR, "转物流部处理", answering="manager.notice")

    def start(self, subject: str, text: str, *, sender: str) -> list[Letter]:
        """The requester's first mail, and nothing more."""
        self.desk.now = MORNING
        sure = INSIDE.format(sender) if "corp" in sender else None
        return self._take(self.desk.receive(mail(subject, text, sender=sender), authentication=sure))

    def says(self, who: str, text: str, *, answering: str = "", **fields: Any) -> list[Letter]:
        """A reply to the newest letter that `who` has, or the newest of that kind; returns what left in that pass."""
        self._count += 1
        self.desk.now += timedelta(minutes=1)
        found = [x for x in to(self.letters, who) if not answering or x.kind == answering]
        assert found, f"{who} has no {answering or 'letter'} to answer"
        made = mail(
            f"Re: {found[-1].subject}", text, sender=who, date=self.desk.now.strftime("%a, %d %b %Y %H:%M:%S +0800"),
            **fields,
        )  # fmt: skip
        return self._take(self.desk.receive(made, authentication=INSIDE.format(who) if "corp" in who else None))

    def later(self, length: timedelta) -> list[Letter]:
        """Time goes by."""
        return self._take(self.desk.later(length))

    @property
    def case(self) -> dict[str, Any]:
        """The first case as it stands."""
        return self.desk.cases()[0]

    @property
    def state(self) -> str:
        """Its state."""
        return str(self.case["state"])

    @property
    def clocks(self) -> set[str]:
        """The kinds of clocks that run."""
        return {clock["kind"] for clock in self.case["clocks"] if clock["state"] == "open"}

    def got(self, who: str, kind: str = "") -> list[Letter]:
        """What somebody got so far."""
        return [x for x in to(self.letters, who) if not kind or x.kind == kind]

    def refusal(self, letters: list[Letter]) -> str:
        """The text of the refusal among these."""
        found = of_kind(letters, "staff.refusal")
        return found[-1].text if found else ""

    def _take(self, letters: list[Letter]) -> list[Letter]:
        self.letters += letters
        return letters
