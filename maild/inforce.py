"""The rules in force: changed files are taken over while the daemon runs, wrong ones are told and leave the old."""

import logging
from collections.abc import Sequence
from functools import partial

from maild.adapters.faultwords import fault_said
from maild.adapters.filewatch import FileWatch, place_of
from maild.assembly import Workshop
from maild.errors import MaildError
from maild.settings import MailboxSettings
from maild.workflow.rulefault import rule_fault
from maild.workflow.tick import Ticker

log = logging.getLogger("maild")


class RulesInForce:
    """Rules, templates and directory of one daemon (interfaces.md, "Own rules")."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._files = FileWatch(workshop.watched())
        self._fault = ""

    def changed(self) -> bool:
        """Whether a file changed and rests again, said once a change; or a person said that a loss of many is meant."""
        return self._files.changed() or self._workshop.confirmed()

    def reload(self, boxes: Sequence[tuple[MailboxSettings, Ticker]]) -> bool:
        """Read everything again; False where something is wrong: the coordinators are told and the old stays."""
        try:
            self._workshop.reload()
        except MaildError as error:
            log.error("the old rules stay in force: %s", error.sentence)
            if error.sentence != self._fault:
                self._fault = error.sentence
                self._tell(error, boxes)
            return False
        self._fault = ""
        log.info("rules, templates and directory were read again")
        return True

    def _tell(self, error: MaildError, boxes: Sequence[tuple[MailboxSettings, Ticker]]) -> None:
        """One mail a person, where several mailboxes have one coordinator."""
        place, line, mend = place_of(error)
        told = set[str]()
        for box, ticker in boxes:
            said = partial(fault_said, mend)
            plan = rule_fault(self._workshop.office(box), place=place, line=line, mend=said)
            if told.isdisjoint(letter.to.address for letter in plan.letters):
                ticker.tell(plan)
                told.update(letter.to.address for letter in plan.letters)
