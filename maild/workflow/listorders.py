"""Replies to a list of cases, such as the digest or the answer to 状态: questions, and lines for cases (casework 5).

`142 转物流部` acts on the case of that number, where the list's key knows it. All lines have one echo, and a line that
fails stops none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from maild.domain.case import Case
from maild.domain.command import NAMING, Command, line_of
from maild.domain.directory import Person
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Mail
from maild.domain.unfinished import ELSEWHERE
from maild.workflow.asked import found_letter, help_letter, status_letter
from maild.workflow.doing import Reply, denied, do
from maild.workflow.facts import Facts
from maild.workflow.lists import list_key, listed
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.openlines import Row, refused_row
from maild.workflow.originals import Originals
from maild.workflow.plan import Key, Plan, Tally
from maild.workflow.recognise import Recognition
from maild.workflow.related import surviving
from maild.workflow.roundasked import VERB, answered_start
from maild.workflow.sight import Sight, sight
from maild.workflow.twice import is_sensitive

SAFE = frozenset({"note", "accept"})
"""What counts with a key alone when the checks say nothing (security.md)."""
_ALONE = frozenset({"undo_until_text", "held_until_text", "hold_minutes"})
"""What an echo says of undoing, which goes by the key of one case's echo."""


def answer_to(command: Command, mail: Mail, person: Person, office: Office, *, facts: Facts) -> Plan | None:
    """The answer to 状态, 帮助, 查 or 发起; None where the command is none of these."""
    if command.verb == VERB:
        return answered_start(command, mail, person, office, facts=facts)
    letter = _letter(command, person, office, facts)
    if letter is None:
        return None
    said = replace(letter, in_reply_to=mail.message_id, references=(*mail.references, mail.message_id))
    return Plan(disposition="asked", letters=(said,), command=True)


def orders_to_cases(
    commands: Sequence[Command], mail: Mail, recognition: Recognition, office: Office, *, facts: Facts,
    originals: Originals, left: Sequence[Row] = (),
) -> Plan:  # fmt: skip
    """Each line to its case, with one echo, in which also stands what is `left`: lines that order nothing yet."""
    key, person = recognition.key, recognition.person
    assert key is not None and person is not None  # noqa: S101, PT018  a key holder has both
    mark = sha256("\n".join((mail.author.address, str(mail.date), mail.fresh_text, key.number)).encode()).hexdigest()
    if facts.count("command", mark, office.now - office.pack.deadlines.after.staff_key):
        return Plan(disposition="duplicate", reason="these orders were taken before")
    plan, rows = Plan(disposition="command", command=True, tallies=(Tally(kind="command", who=mark),)), list[Row]()
    for written, case, own in _by_case(commands, key, person, office=office, facts=facts):
        if case is None:
            rows += [{"verb": command.verb, "number": written, "failed": "no-case"} for command in own]
            continue
        reply = Reply(mail=mail, case=case, key=replace(key, number=case.number), person=person, office=office,
                      recognition=replace(recognition, case=case), facts=facts, originals=originals)  # fmt: skip
        done, said = _done(reply, own)
        if {one.number for one in plan.cases} & {case.number, *(one.number for one in done.cases)}:
            rows += [{"verb": command.verb, "number": case.number, "failed": "one-at-a-time"} for command in own]
            continue
        plan, rows = plan + done, rows + said
    if not rows and not left:
        # What was asked for is the answer.
        return plan
    every = [*rows, *left]
    data: dict[str, object] = {"done": every}
    # A line that was asked back is answered under the same list.
    again = any(row.get("ready") for row in every)
    echo = Letter(kind=LetterKind.ECHO, to=to_person(person), language=person.language, lane=Lane.ECHO, keyed=again,
                  data=data | (list_key(listed(key), office) if again else {}), in_reply_to=mail.message_id,
                  references=(*mail.references, mail.message_id))  # fmt: skip
    return plan + Plan(letters=(echo,))


def _of_its_case(command: Command) -> Command:
    """The order as it is given in a mail about its own case."""
    return replace(command, of=None) if command.verb in NAMING else replace(command, case=None)


def _by_case(
    commands: Sequence[Command], key: Key, person: Person, *, office: Office, facts: Facts
) -> list[tuple[str, Case | None, list[Command]]]:
    """The orders to each case in the order of its lines, however its number is written; None where it is none."""
    found: dict[str, tuple[str, Case | None, list[Command]]] = {}
    for command in commands:
        written = str(line_of(command))
        case = _case(written, key, person, office=office, facts=facts)
        found.setdefault(case.number if case else written, (written, case, []))[2].append(_of_its_case(command))
    return list(found.values())


def _done(reply: Reply, commands: Sequence[Command]) -> tuple[Plan, list[Row]]:
    """What the lines of one case change, without their own echo, and what the common one says of them.

    They are carried out one after the other; one that may not be stops none of the others.
    """
    number, fit, rows = reply.case.number, list[Command](), list[Row]()
    for command in commands:
        if why := _why_not(reply, command):
            rows.append({"verb": command.verb, "number": number, "failed": why})
        else:
            fit.append(command)
    plan = do(reply, fit) if fit else Plan()
    if _refusal(plan) is not None:
        fit, refused = _compatible(reply, fit)
        plan, rows = (do(reply, fit) if fit else Plan()), rows + refused
    *others, last = plan.letters or (None,)
    if last is None or last.kind is not LetterKind.ECHO:
        return plan, rows
    kept = replace(plan, letters=tuple(one for one in others if one), number=None)
    told = last.data["done"]
    said = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    return kept, [*({"number": number} | {k: v for k, v in one.items() if k not in _ALONE} for one in said), *rows]


def _why_not(reply: Reply, command: Command) -> str:
    """Why a line is no order of this person's in a list; "" where it may be tried."""
    if is_sensitive((command,)):
        return "not-in-lists"
    if command.verb == "send-anyway":
        return ELSEWHERE
    why = denied(reply, (command,), reply.key.recipient)
    return why[1] if why else ""


def _compatible(reply: Reply, commands: Sequence[Command]) -> tuple[list[Command], list[Row]]:
    """The orders that can be carried out one after the other, and a row for each that cannot behind those before."""
    fit, rows = list[Command](), list[Row]()
    for command in commands:
        if said := _refusal(do(reply, [*fit, command])):
            row = refused_row(command.verb, reply.case.number, str(said["reason"]), said["missing"])
            rows.append(row)
        else:
            fit.append(command)
    return fit, rows


def _refusal(plan: Plan) -> Mapping[str, object] | None:
    """What the letter of a refusal says; None where the orders were carried out."""
    last = plan.letters[-1] if plan.letters else None
    return last.data if last is not None and last.kind is LetterKind.REFUSAL else None


def _case(written: str, key: Key, person: Person, *, office: Office, facts: Facts) -> Case | None:
    """The case that a line means: of those that the list showed, and that its reader may act on."""
    short = written.lstrip("#").lstrip("0")
    fits = [one for one in listed(key) if one == written or one.rpartition("-")[2].lstrip("0") == short]
    case = surviving(facts.case(fits[0]), facts) if len(fits) == 1 else None
    return case if case is not None and sight(case, person, office) > Sight.EXISTS else None


def _letter(command: Command, person: Person, office: Office, facts: Facts) -> Letter | None:
    if command.verb == "status":
        return status_letter(person, office, facts)
    if command.verb == "help":
        return help_letter(person, office)
    if command.verb == "search" and command.text.strip():
        return found_letter(command.text.strip(), person, office, facts)
    return None
