"""A changed rule, template or directory file is wrong: the old ones stay in force, and the coordinator is told."""

from collections.abc import Callable

from maild.domain.letter import Letter, LetterKind
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Plan


def rule_fault(office: Office, *, place: str, line: str, mend: Callable[[str], str]) -> Plan:
    """One mail with file and line, the line itself, and how to mend it, said by `mend` in the reader's language."""
    person = office.coordinator_person()
    if person is None:
        return Plan()
    data: dict[str, object] = {"place": place, "line": line, "mend": mend(person.language)}
    letter = Letter(kind=LetterKind.RULE_FAULT, to=to_person(person), language=person.language, data=data)
    return Plan(letters=(letter,))
