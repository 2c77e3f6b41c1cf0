"""The seal-holder's answer to a preview: 放行, 摘要：…, 删 第2段, own words, 不放行 (security.md, "The seal").

Exactly what was shown leaves, once, by the order that waited for it; what was changed is shown again first, but for an
abstract that the holder has just written. The event says who released what, with its hash.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from maild.domain.closing import without_closing
from maild.domain.letter import Letter, LetterKind
from maild.domain.spelling import fold_address
from maild.workflow.deeds.route import route
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.deeds.together import join, lead
from maild.workflow.goingout import Ready, history, why_inside, with_words
from maild.workflow.notify import lane, to_person
from maild.workflow.ordering import Order, Result
from maild.workflow.plan import Plan
from maild.workflow.preview import preview
from maild.workflow.sight import is_barred
from maild.workflow.wouldleave import (
    LAPSED,
    PASS,
    RELEASED,
    WITHHELD,
    Asked,
    asked_by,
    leaving,
    may_release,
    outside,
)


def release(order: Order) -> Result:
    """What was shown leaves, with the attachments that are named one by one, cleaned of what tells who made them."""
    if "shorten" in order.beside:
        # What is left is shown first, and released by the answer to that.
        return Result()
    ready, why = _ready(order)
    if ready is None:
        return Result(refusal=why)
    if ready.shown.mark != ready.asked.shown:
        return _again(ready.asked, order, "changed")
    return _let_go(ready, order, (order.command.list or "").split(",") if order.command.list else [])


def abstract(order: Order) -> Result:
    """These words leave in place of the letter: at once where nothing had to be cut out of them."""
    ready, why = _ready(order)
    words = _own(order)
    if ready is None or not words:
        return Result(refusal=why or "abstract-empty")
    asked = replace(ready.asked, instead=words, without=())
    shown = leaving(asked, order.case, order.office, facts=order.facts, originals=order.originals)
    return _again(asked, order, "cut") if shown.cuts else _let_go(Ready(asked=asked, shown=shown), order, [])


def shorten(order: Order) -> Result:
    """The letter without these paragraphs, shown again."""
    ready, why = _ready(order)
    if ready is None:
        return Result(refusal=why)
    gone, there = {int(one) for one in (order.command.list or "").split(",")}, {n for n, _ in ready.shown.parts}
    if not gone <= there:
        return Result(refusal="no-such-paragraph", detail=", ".join(str(n) for n in sorted(there)))
    if gone == there:
        return Result(refusal="nothing-left")
    return _again(replace(ready.asked, without=(*ready.asked.without, *sorted(gone))), order, "shortened")


def own_words(order: Order) -> Result:
    """A text without an order: perhaps meant in place of the letter, so it is shown and nothing leaves."""
    ready, why = _ready(order)
    if ready is None:
        return Result(refusal=why)
    return _again(replace(ready.asked, instead=_own(order), without=()), order, "own-words")


def answered(order: Order, yes: bool) -> Result:
    """同意 is 放行; 不放行: nothing leaves, and the request is over."""
    if yes:
        return release(order)
    ready, why = _ready(order)
    if ready is None:
        return Result(refusal=why)
    data: dict[str, object] = {"request": ready.asked.request, "to": list(ready.asked.to)}
    plan = Plan(cases=(replace(order.case, last_human_event=order.office.now),),
                happenings=(happened(order, WITHHELD, data),))  # fmt: skip
    return Result(plan=plan, echo=echo(order, order.clocks) | {"verb": "withhold", "text": ""})


def _ready(order: Order) -> tuple[Ready | None, str]:
    """What this answer speaks of, or why it counts for nothing: only the holder's own fresh key does."""
    asked, case, office = asked_by(order.key), order.case, order.office
    if asked is None:
        return None, "no-preview"
    own = fold_address(order.key.recipient) in map(fold_address, order.person.addresses)
    if not own or not may_release(order.person, case, office):
        return None, "not-yours"
    if any(is_barred(case, one, office.index) for one in asked.to):
        return None, "conflict-of-interest"
    ends = {e.kind for e in order.facts.events(case.number) if e.data.get("request") == asked.request}
    if LAPSED in ends:
        return None, "no-preview"
    if ends & {RELEASED, WITHHELD}:
        return None, "used-key"
    if asked.verb == PASS and not set(asked.to) & set(outside(case)):
        return None, "nobody-outside"
    shown = leaving(asked, case, office, facts=order.facts, originals=order.originals)
    return Ready(asked=asked, shown=shown), ""


def _own(order: Order) -> str:
    return without_closing(order.command.text, order.office.index, spared=1).strip()


def _again(asked: Asked, order: Order, changed: str) -> Result:
    return Result(plan=Plan(letters=(preview(asked, order, order.person, changed=changed),)))


def _let_go(ready: Ready, order: Order, numbers: Sequence[str]) -> Result:
    asked, shown = ready.asked, ready.shown
    if not shown.text:
        return Result(refusal="nothing-left")
    files = [one for one in shown.files if str(one.number) in numbers]
    if len(files) < len(set(numbers)):
        known = ", ".join(str(one.number) for one in shown.files)
        return Result(refusal="no-such-attachment" if known else "no-attachments", detail=known)
    if why := why_inside(files, order):
        return Result(refusal=why[0], detail=why[1])
    case = replace(order.case, released=tuple(dict.fromkeys((*order.case.released, *asked.to))))
    going = replace(order, case=case, command=asked.command, released=asked.to)
    done = _passed(asked, going) if asked.verb == PASS else _DEEDS[asked.verb](going)
    if done.refusal or not any(one.to.address in asked.to for one in done.plan.letters):
        # Somebody else has that seat by now: what the order makes of it is shown again.
        return done
    letters = tuple(with_words(one, ready, files, case) if one.to.address in asked.to else one
                    for one in done.plan.letters)  # fmt: skip
    event = happened(order, RELEASED, history(ready, files, order))
    plan = replace(done.plan, letters=letters, happenings=(*done.plan.happenings, event))
    more = [f"released-{'abstract' if asked.instead else 'text'}", *(["released-files"] if files else [])]
    return replace(done, plan=plan, echo=done.echo | {"verb": "release", "text": shown.text, "more": more,
                                                      "visible_to": "receiver"})  # fmt: skip


def _passed(asked: Asked, order: Order) -> Result:
    """A new letter goes on to those outside who still work on the case."""
    people = [order.office.index.person(one) for one in outside(order.case) if one in asked.to]
    letters = tuple(
        Letter(kind=LetterKind.ADDITION, to=to_person(one), language=one.language, case=order.case.number,
               data={"letter": None, "attachments": [], "confirmed": True, "hidden": True}, lane=lane(order.case),
               keyed=True)
        for one in people if one is not None
    )  # fmt: skip
    plan = Plan(cases=(replace(order.case, last_human_event=order.office.now),), letters=letters)
    return Result(plan=plan, echo=echo(order, order.clocks, person_name=", ".join(one.to.name for one in letters)))


_DEEDS: Mapping[str, Callable[[Order], Result]] = {"route": route, "join": join, "lead": lead}
