"""A reply to a letter of a form round, and everything that its reading may look at."""

from maild.domain.case import Case
from maild.domain.circulation import Item, item_meant
from maild.domain.directory import Person
from maild.domain.letter import Letter, LetterKind
from maild.domain.message import Mail
from maild.domain.value import value
from maild.workflow.facts import Facts
from maild.workflow.notes import staff_letter
from maild.workflow.office import Office
from maild.workflow.plan import Key, Plan


@value
class Reply:
    """A mail of somebody who holds a key of a round."""

    mail: Mail
    case: Case
    key: Key
    person: Person
    office: Office
    facts: Facts

    @property
    def item(self) -> Item | None:
        """The receiver for whom this person may fill in the form."""
        addresses = (self.key.recipient, *self.person.addresses)
        return item_meant(self.case.circulation, self.key.data.get("receiver"), addresses)

    def echo(self, case: Case, verb: str, other: Person | None = None) -> Letter:
        """What was done, to who wrote."""
        done: dict[str, object] = {"verb": verb, "person_name": other.name if other else "", "visible_to": "inside"}
        return staff_letter(LetterKind.ECHO, case, self.person, {"done": [done]}, mail=self.mail)

    def refused(self, why: str) -> Plan:
        """Nothing changes, and the writer hears why."""
        data: dict[str, object] = {"command": "note", "reason": why, "detail": "", "missing": [], "fix": [],
                                   "yours": self.mail.fresh_text.strip()[:400]}  # fmt: skip
        letter = staff_letter(LetterKind.REFUSAL, self.case, self.person, data, mail=self.mail)
        return Plan(disposition="refused", number=self.case.number, reason=why, command=True, letters=(letter,))
