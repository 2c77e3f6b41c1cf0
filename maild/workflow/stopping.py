"""A requester's mail within the hold stops the words that were on their way to them (casework 5, "Undo")."""

from dataclasses import replace

from maild.domain.case import Case, Clock, Event
from maild.domain.letter import LetterKind
from maild.domain.value import value
from maild.workflow.deeds.undo import undone_serials
from maild.workflow.facts import Facts
from maild.workflow.memory import WORDS, Memory, as_before, letters_of, memories
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Plan


@value
class Stopped:
    """The case as it is once the words are stopped, its clocks, and the order that had written them."""

    case: Case
    clocks: tuple[Clock, ...]
    plan: Plan
    words: Memory | None = None


def stop_words(case: Case, office: Office, facts: Facts) -> Stopped:
    """Keep back what was written to this requester and has not left; state and clocks return by a new event."""
    clocks = tuple(facts.clocks(case.number))
    memory = _held(case, facts)
    if memory is None:
        return Stopped(case=case, clocks=clocks, plan=Plan())
    waiting = tuple(mail.maild_id for mail in letters_of(memory, facts) if _is_held(mail.kind, mail.state))
    cases, changed = as_before(memory, facts)
    before = next((one for one in cases if one.number == case.number), case)
    data: dict[str, object] = {"order": memory.mail, "serial": memory.serial}
    event = Event(kind="answer-stopped", at=office.now, actor="maild", data=data)
    back = replace(before, names=case.names, excluded=case.excluded)
    by_id = {clock.id: clock for clock in (*clocks, *changed) if clock.case == case.number}
    plan = Plan(cases=(back,), clocks=tuple(c for c in changed if c.case == case.number), withdrawn=waiting,
                happenings=(Happening(number=case.number, event=event),))  # fmt: skip
    running = tuple(clock for clock in by_id.values() if clock.state == "open")
    return Stopped(case=back, clocks=running, plan=plan, words=memory)


def _held(case: Case, facts: Facts) -> Memory | None:
    """The newest order whose words to the requester still wait."""
    done = undone_serials(facts, case.number)
    for memory in memories(facts, case.number):
        mails = letters_of(memory, facts)
        if (memory.mail, memory.serial) not in done and any(_is_held(m.kind, m.state) for m in mails):
            return memory
    return None


def _is_held(kind: str, state: str) -> bool:
    return state == "ready" and LetterKind(kind) in WORDS - {LetterKind.EXPERT}
