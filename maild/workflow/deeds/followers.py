"""`followers` 抄送 / 取消抄送: who hears of the case's answers, never one whom it excludes (casework 5)."""

import re
from dataclasses import replace

from maild.domain.assign import handled_as, refusal
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.ordering import Order, Result, running_after
from maild.workflow.plan import Plan
from maild.workflow.sight import exclusion_of
from maild.workflow.supervise import is_list, why_no_copies

_REFUSALS = {"unknown": "outside-directory", "excluded": "conflict-of-interest", "confidential": "confidential-type"}


def followers(order: Order) -> Result:
    """People of the directory, added or dropped; a unit stands for its head."""
    case, command = order.case, order.command
    people, lists = _people(order), _lists(order)
    if lists and command.level != "drop" and (no := why_no_copies(case)):
        return Result(refusal=no, detail="、".join(lists))
    if not people and not lists:
        return Result(refusal="outside-directory", detail=command.list or "")
    drops = command.level == "drop"
    for address in () if drops else people:
        why = refusal(order.office.index, exclusion_of(case, order.office.index), address=address,
                      kind=handled_as(case.type, case.confidential))  # fmt: skip
        if why:
            return Result(refusal=_REFUSALS[why], detail=address)
    kept = [one for one in case.followers if one not in people]
    listed = [one for one in case.lists if one not in lists]
    changed = replace(case, followers=tuple(kept if drops else (*kept, *people)),
                      lists=tuple(listed if drops else (*listed, *lists)),
                      last_human_event=order.office.now)  # fmt: skip
    people += lists
    event = happened(order, "followers", {"added": [] if drops else people, "dropped": people if drops else []})
    index = order.office.index
    names = "、".join(found.name if (found := index.person(one)) else one for one in people)
    return Result(plan=Plan(cases=(changed,), happenings=(event,)),
                  echo=echo(order, running_after(order, ()), person_name=names))  # fmt: skip


def _lists(order: Order) -> list[str]:
    """Mailing lists of the house, which the directory need not know: they get copies, never a key (casework 5)."""
    written = re.split(r"[,，、;；\s<>]+", f"{order.command.list or ''} {order.command.text}".lower())
    return [one for one in dict.fromkeys(written) if is_list(one, order.office)]


def _people(order: Order) -> list[str]:
    index, command = order.office.index, order.command
    written = [part.strip() for part in re.split(r"[,，、;；\s]+", command.list or "") if part.strip()]
    found = [*(index.person(one) for one in (command.person, *written) if one)]
    heads = [
        index.person(unit.head) for one in (command.unit, *written) if one and (unit := index.unit(one)) and unit.head
    ]
    named = [person for one in written if not index.person(one) for person in index.people_named(one)]
    return list(dict.fromkeys(person.address for person in (*found, *heads, *named) if person))
