"""How many mails may go where: rates that stop a loop or a storm even where nothing else knew it (casework 8).

What a limit holds back is one line in the digest, never silence.
"""

from dataclasses import replace
from datetime import timedelta

from maild.domain.letter import Letter, LetterKind
from maild.workflow.facts import Facts
from maild.workflow.office import Office
from maild.workflow.plan import Line, Plan, Tally

OUTSIDE_A_DAY = 6
"""Automatic mails of one case to one address outside."""
ECHOES_AN_HOUR = 60
_AUTOMATIC = frozenset(
    {
        LetterKind.ACKNOWLEDGEMENT,
        LetterKind.ADDED,
        LetterKind.REOPENED_ACK,
        LetterKind.STATUS_OUTSIDE,
        LetterKind.POLITE,
    }
)
_ECHOES = frozenset(
    {
        LetterKind.ECHO,
        LetterKind.REFUSAL,
        LetterKind.UNREAD_COMMAND,
        LetterKind.CHOICES,
        LetterKind.FRESH_KEY,
        LetterKind.STATUS,
        LetterKind.HELP,
        LetterKind.FILES,
        LetterKind.SHEET,
    }
)


def within_limits(plan: Plan, office: Office, facts: Facts) -> Plan:
    """The plan without the letters that a limit holds back, and with a line for each of those."""
    letters, lines, tallies = [], list(plan.lines), list(plan.tallies)
    for letter in plan.letters:
        if _is_too_much(letter, office, facts):
            held: dict[str, object] = {"letter": letter.kind.value, "to": letter.to.address}
            lines.append(Line(kind="held-back", number=letter.case, data=held))
            continue
        letters.append(letter)
        if letter.kind in _ECHOES:
            tallies.append(Tally(kind="echo", who=letter.to.address, number=letter.case))
    return replace(plan, letters=tuple(letters), tallies=tuple(tallies), lines=tuple(lines))


def _is_too_much(letter: Letter, office: Office, facts: Facts) -> bool:
    if letter.kind in _AUTOMATIC and letter.case:
        since = office.now - timedelta(days=1)
        earlier = facts.sent_for(letter.case, letter.to.address)
        return len([s for s in earlier if s.queued_at > since and LetterKind(s.kind) in _AUTOMATIC]) >= OUTSIDE_A_DAY
    if letter.kind in _ECHOES:
        return facts.count("echo", letter.to.address, office.now - timedelta(hours=1)) >= ECHOES_AN_HOUR
    return False
