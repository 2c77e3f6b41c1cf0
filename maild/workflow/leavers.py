"""People who leave the directory, and addresses that change in it: everything that follows, in one commit.

Asked once when the directory was read and at every look at time for what came to somebody who has left since: an
order that was undone, a case reopened. What is done is found done the next time (interfaces.md).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from maild.domain.case import Case, Clock, ClockKind, Event, State
from maild.domain.directory import Directory
from maild.domain.leaving import Change, Known, compare
from maild.domain.letter import OUTSIDE, LetterKind
from maild.domain.remembered import name_for, read_known, written
from maild.domain.sla import dropped, start_clock
from maild.domain.succession import NO_CHANGE, Handover, Succession
from maild.workflow.books import Books
from maild.workflow.handover import Given, decider, handover_letters, questions, readdressed
from maild.workflow.holding import HELD, NOBODYS, held_letter, held_line
from maild.workflow.leftreport import report
from maild.workflow.leftround import goes_on
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Plan, Sent
from maild.workflow.sight import exclusion_of

_ACCEPTED_ANEW = frozenset({State.ASSIGNED, State.REOPENED})


def changed_people(directory: Directory, office: Office, books: Books) -> Plan:
    """What the directory in force changes against the one remembered; nothing where both have the same people."""
    name = name_for(office.box.address)
    known = read_known(books.kept_text(name))
    change = compare(known, directory.people, directory.supervisory_body)
    now = Known(before=directory, left=change.gone)
    if known == now:
        return Plan()
    kept = Plan(texts=((name, written(now)),))
    if known.before is None or not (change.left or change.renamed or change.back):
        return kept
    return kept + _Leaving(change, office, books).plan()


def held_by_leavers(office: Office, books: Books) -> list[str]:
    """Open cases that came into the hands of somebody who has left, whatever brought them there: an undo, a race."""
    gone = [address for person in office.index.gone for address in person.addresses]
    return [case.number for case in books.cases_with(office.box.address, gone)] if gone else []


def came_to_leavers(office: Office, books: Books) -> Plan:
    """These cases handed over, with one mail to each who takes over."""
    numbers = held_by_leavers(office, books)
    return _Leaving(NO_CHANGE, office, books).cases_of(numbers) if numbers else Plan()


class _Leaving:
    """One change of people on its way through the books of one mailbox."""

    def __init__(self, change: Change, office: Office, books: Books) -> None:
        self.change, self.office, self.books = change, office, books
        today = office.now.astimezone(office.zone).date()
        self.succession = Succession(office.index, office.pack.routes, today, change)
        self.given: dict[tuple[str, str], Given] = {}
        self.left = tuple(a for person in change.left for a in (*person.addresses, *person.former))
        given_up = (old for old, new in change.renamed.items() if not self._is_still(old, new))
        self.lost = tuple(dict.fromkeys((*self.left, *given_up)))
        """Addresses that were somebody's until now and are not any more."""

    def plan(self) -> Plan:
        """Everything that follows, with one mail to each who takes over and one to the coordinator."""
        box, office = self.office.box.address, self.office
        firsts = [*(person.address for person in self.change.left), *self.change.renamed]
        cases = {case.number for case in self.books.cases_with(box, firsts)}
        cases |= {case.number for case in self.books.cases_known_to(box, self.lost)}
        plan = self._cases(sorted(cases))
        stopped = self._stopped()
        plan += Plan(dead_keys=self._dead(), withdrawn=tuple(mail.maild_id for mail in stopped))
        plan += self._lines()
        given = tuple(self.given.values())
        plan += Plan(letters=handover_letters(given, office, self.books))
        return plan + report(self.change, plan.cases, given, stopped, office=office, books=self.books)

    def cases_of(self, numbers: Sequence[str]) -> Plan:
        """These cases handed over, with one mail to each who takes over."""
        plan = self._cases(sorted(numbers))
        return plan + Plan(letters=handover_letters(tuple(self.given.values()), self.office, self.books))

    def _cases(self, numbers: Iterable[str]) -> Plan:
        plan = Plan()
        for number in numbers:
            case = self.books.case(number)
            if case is not None:
                plan += self._case(case)
        return plan

    def _case(self, case: Case) -> Plan:
        out = exclusion_of(case, self.office.index)
        done = self.succession.of(case, out)
        self._pending(done.case if done else case)
        if done is None:
            return Plan()
        clocks = self._clocks(done)
        running = {clock.id: clock for clock in self.books.clocks(case.number)} | {c.id: c for c in clocks}
        opened = tuple(clock for clock in running.values() if clock.state == "open")
        for to, role in done.roles.items():
            had = case.handler if role == "handler" else next(iter(done.left), None)
            self._give(Given(to=to, case=done.case, clocks=opened, role=role, before=self._name(had)))
        data: dict[str, object] = {"left": list(done.left), "unit": done.case.unit, "handler": done.case.handler}
        event = Event(kind="handed-over", at=self.office.now, actor="maild", data=data)
        plan = Plan(cases=(done.case,), clocks=clocks, happenings=(Happening(number=case.number, event=event),))
        return plan + goes_on(case, done, self.office, clocks=opened, returns=self.books.returns(case.number))

    def _clocks(self, done: Handover) -> tuple[Clock, ...]:
        """A new handler has the time that everybody has to accept; what the requester was promised stays."""
        running = [clock for clock in self.books.clocks(done.case.number) if clock.subject not in done.received_for]
        owed = [clock for clock in self.books.clocks(done.case.number) if clock.subject in done.received_for]
        passed = tuple(
            replace(clock, subject=to) if (to := done.received_for[clock.subject]) else dropped(clock) for clock in owed
        )
        if not done.moved or done.case.state not in _ACCEPTED_ANEW or not running:
            return passed
        office = self.office
        old = tuple(dropped(clock) for clock in running if clock.kind is ClockKind.ACCEPT)
        calendar = office.calendar_of(done.case)
        new = start_clock(done.case, ClockKind.ACCEPT, start=office.now, deadlines=office.pack.deadlines,
                          calendar=calendar) if done.case.handler else None  # fmt: skip
        return (*passed, *old, *((new,) if new else ()))

    def _pending(self, case: Case) -> None:
        """Questions that wait for the decision of somebody who is gone are asked of who decides now."""
        for key in questions(case, frozenset(self.lost), self.books):
            if to := decider(key, case, self.office):
                self._give(Given(to=to, case=case, clocks=tuple(self.books.clocks(case.number)), role="decision",
                                 before=self._name(key.recipient), asked=key))  # fmt: skip

    def _stopped(self) -> list[Sent]:
        """Letters that still wait for somebody who is gone: they stay in the books, and who has the matter hears."""
        inside = [m for m in self.books.waiting_for(self.office.box.address, self.lost)
                  if LetterKind(m.kind) not in OUTSIDE]  # fmt: skip
        for mail in inside:
            self._tell(mail.number, mail.recipient)
        return inside

    def _lines(self) -> Plan:
        """Lines that wait for a mail to somebody who is gone; a letter that waits for its release goes to the heir."""
        plan, lost = Plan(), set(self.lost)
        for ident, _, line in self.books.lines(self.office.box.address):
            if line.kind == HELD and line.who == NOBODYS and (letter := held_letter(line)).to.address in lost:
                case = self.books.case(line.number or "")
                heir = self._heir(letter.to.address, case) if case else None
                again = (held_line(readdressed(letter, heir, self.office)),) if heir else ()
                plan += Plan(settled=(ident,), lines=again)
            elif line.who in lost:
                self._tell(line.number, line.who)
                plan += Plan(settled=(ident,))
        return plan

    def _tell(self, number: str | None, recipient: str) -> None:
        case = self.books.case(number) if number else None
        heir = self._heir(recipient, case) if case else None
        if case is not None and heir and (heir, case.number) not in self.given:
            self._give(Given(to=heir, case=case, clocks=tuple(self.books.clocks(case.number)), role="told",
                             before=self._name(recipient)))  # fmt: skip

    def _heir(self, address: str, case: Case) -> str | None:
        return self.succession.heir(address, case, exclusion_of(case, self.office.index))

    def _give(self, one: Given) -> None:
        """A decision has a row of its own; of the rest each case is told once."""
        place = one.case.number if one.asked is None else f"{one.case.number} {one.asked.purpose} {one.asked.serial}"
        self.given.setdefault((one.to, place), one)

    def _name(self, address: str | None) -> str:
        person = self.succession.leaver(address)
        return (person.name or person.address) if person else ""

    def _dead(self) -> tuple[str, ...]:
        """Whose keys die: all of who left, and an old address that is somebody else's now."""
        taken = (a for a in self.lost if a in self.change.renamed and self.office.index.person(a))
        return tuple(dict.fromkeys((*self.left, *taken)))

    def _is_still(self, old: str, new: str) -> bool:
        person = self.office.index.person(old)
        return person is not None and person.address == new
