"""A directory file that lost so many people that it waits for a word: the one before stays in force meanwhile.

A file that was emptied, cut off or mixed up must strip nobody of their cases (interfaces.md).
"""

from datetime import timedelta

from maild.domain.command import Answers
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Mail
from maild.domain.remembered import DIRECTORY_WORD
from maild.workflow.books import Books
from maild.workflow.facts import Facts
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Plan, Tally
from maild.workflow.reading import read
from maild.workflow.recognise import Recognition

_TOLD = "directory-doubtful"
_AGAIN = timedelta(days=1)
_MOST = 30


def doubtful_directory(office: Office, books: Books) -> Plan:
    """One mail to the coordinator while it waits, and one each day after: whether this is meant."""
    lost, person = office.withheld, office.coordinator_person() or office.index.gm()
    if lost is None or person is None:
        return Plan()
    mark = f"{person.address} {lost.word}"
    if books.count(_TOLD, mark, office.now - _AGAIN):
        return Plan()
    names = [one.name or one.address for one in lost.left]
    data: dict[str, object] = {
        "place": lost.place, "count": len(lost.left), "before": lost.before, "names": names[:_MOST],
        "more": max(0, len(names) - _MOST), "key_data": {"word": lost.word},
        "key_expires": office.now + office.pack.deadlines.after.staff_key,
    }  # fmt: skip
    letter = Letter(kind=LetterKind.DOUBTFUL, to=to_person(person), language=person.language, data=data,
                    lane=Lane.ECHO, keyed=True)  # fmt: skip
    return Plan(letters=(letter,), tallies=(Tally(kind=_TOLD, who=mark),))


def directory_confirmed(mail: Mail, recognition: Recognition, office: Office, *, facts: Facts) -> Plan | None:
    """确认 in answer to it: the file counts at the next look; None where the reply says something else."""
    key, person = recognition.key, recognition.person
    said = read(mail.fresh_text, office, by=mail.author.address, answers=Answers.APPROVAL_REQUEST)
    if key is None or person is None or [c.verb for c in said.commands] != ["confirm"]:
        return None
    word = str(key.data.get("word", ""))
    is_known = facts.kept_text(DIRECTORY_WORD) == word
    waits = office.withheld is not None and office.withheld.word == word
    done: dict[str, object] = {"verb": "confirm", "visible_to": "inside", "text": "", "more": ["directory-taken"]}
    no: dict[str, object] = {"command": mail.fresh_text[:200], "reason": "used-key", "detail": "", "fix": []}
    kind, data = (LetterKind.ECHO, {"done": [done]}) if waits or is_known else (LetterKind.REFUSAL, no)
    letter = Letter(kind=kind, to=to_person(person), language=person.language, data=data, lane=Lane.ECHO,
                    in_reply_to=mail.message_id, references=(*mail.references, mail.message_id))  # fmt: skip
    texts = ((DIRECTORY_WORD, word),) if waits else ()
    return Plan(disposition="command" if texts else "refused", letters=(letter,), texts=texts, command=True)
