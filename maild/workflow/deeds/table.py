"""Which function carries out which verb of casework 5; `domain/verbs.py` says which are in force."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from maild.domain.case import State
from maild.domain.transitions import MoveRefused
from maild.workflow.deeds.accept import accept
from maild.workflow.deeds.along import ALONG, along
from maild.workflow.deeds.aside import block_sender, polite, unblock_sender
from maild.workflow.deeds.ask import ask
from maild.workflow.deeds.asking import helped, search, status
from maild.workflow.deeds.attachment import attachment
from maild.workflow.deeds.away import away
from maild.workflow.deeds.charge import charge
from maild.workflow.deeds.circulate import circulate
from maild.workflow.deeds.correct import correct, rectified
from maild.workflow.deeds.decision import approve, decline
from maild.workflow.deeds.erase import erase
from maild.workflow.deeds.extend import extend
from maild.workflow.deeds.finding import unfounded, upheld
from maild.workflow.deeds.followers import followers
from maild.workflow.deeds.forward import forward, send_forward
from maild.workflow.deeds.handup import hand_up
from maild.workflow.deeds.instruct import instruct
from maild.workflow.deeds.legal_hold import hold, lift
from maild.workflow.deeds.link import link
from maild.workflow.deeds.malicious import malicious
from maild.workflow.deeds.merge import merge
from maild.workflow.deeds.note import note
from maild.workflow.deeds.plan_item import plan_item
from maild.workflow.deeds.print_sheet import print_sheet
from maild.workflow.deeds.publish import publish, send_publication, unpublish
from maild.workflow.deeds.receipt import receipt
from maild.workflow.deeds.record import record
from maild.workflow.deeds.releasing import abstract, own_words, release, shorten
from maild.workflow.deeds.remind import remind
from maild.workflow.deeds.reply import reply
from maild.workflow.deeds.reply_all import reply_all
from maild.workflow.deeds.resolve import resolve
from maild.workflow.deeds.review import adopt, reject
from maild.workflow.deeds.route import route
from maild.workflow.deeds.secrecy import seal, unseal
from maild.workflow.deeds.split import split
from maild.workflow.deeds.start_round import start_round
from maild.workflow.deeds.together import join, lead
from maild.workflow.deeds.told import told
from maild.workflow.deeds.type import reclassify
from maild.workflow.deeds.undo import correction, undo
from maild.workflow.deeds.urgency import urgency
from maild.workflow.deeds.widen import widen
from maild.workflow.ordering import Order, Result, clocks_after, numbered
from maild.workflow.plan import Plan
from maild.workflow.waiting import awake

Deed = Callable[[Order], Result]

DEEDS: Mapping[str, Deed] = {
    "abstract": abstract,
    "accept": accept,
    "adopt": adopt,
    "approve": approve,
    "ask": ask,
    "attachment": attachment,
    "away": away,
    "block": block_sender,
    "charge": charge,
    "circulate": circulate,
    "correct": correct,
    "correction": correction,
    "decline": decline,
    "done": receipt,
    "erase": erase,
    "extend": extend,
    "followers": followers,
    "forward": forward,
    "hand-up": hand_up,
    "help": helped,
    "hold": hold,
    "instruct": instruct,
    "join": join,
    "lead": lead,
    "lift-hold": lift,
    "link": link,
    "malicious": malicious,
    "merge": merge,
    "note": note,
    "plan": plan_item,
    "received": receipt,
    "polite": polite,
    "print": print_sheet,
    "publish": publish,
    "record": record,
    "rectified": rectified,
    "reject": reject,
    "relayed": receipt,
    "release": release,
    "remind": remind,
    "reply": reply,
    "reply-all": reply_all,
    "resolve": resolve,
    "route": route,
    "seal": seal,
    "search": search,
    "shorten": shorten,
    "split": split,
    "start-round": start_round,
    "status": status,
    "studied": receipt,
    "told": told,
    "type": reclassify,
    "unblock": unblock_sender,
    "undo": undo,
    "unfounded": unfounded,
    "unpublish": unpublish,
    "unseal": unseal,
    "upheld": upheld,
    "urgency": urgency,
}
"""By the name of the verb, in the order of the alphabet."""
_OF_ONE_LETTER: Mapping[str, Deed] = {
    "own-words": own_words, "send-forward": send_forward, "send-publication": send_publication, "widen": widen,
}  # fmt: skip
"""Without words of their own: what 确认 means in answer to one kind of letter."""


_WAKES_NOBODY = frozenset({"link", "split", "seal", "unseal", "erase", "hold", "lift-hold"})
"""They leave a case that waits for its sender as it is."""


def carried_out(order: Order) -> Result:
    """What this order changes, or why it is refused: nobody carries the verb out, or the case's state forbids it."""
    deed = DEEDS.get(order.command.verb) or _OF_ONE_LETTER.get(order.command.verb)
    if deed is None:
        return Result(refusal="not-available")
    try:
        result = _awake(order, deed) or deed(order)
        return along(order, result, deed) if order.command.verb in ALONG else result
    except MoveRefused as refusal:
        return Result(refusal="case-closed" if refusal.state is State.CLOSED else "wrong-state")


def _awake(order: Order, deed: Deed) -> Result | None:
    """The deed done on a case whose clocks run on; None where the case goes on waiting for its sender."""
    if order.case.waiting_since is None or order.command.verb in _WAKES_NOBODY:
        return None
    going, changed = awake(order.case, order.clocks, order.office)
    result = deed(replace(order, case=going, clocks=clocks_after(order.clocks, changed)))
    after = _state_after(result, order)
    if after in {None, State.WAITING}:
        return None
    if after is going.state:
        # Nothing that shows: it goes on waiting, but where the same on the waiting case would take it out of that.
        waiting = deed(order)
        if _state_after(waiting, order) in {None, order.case.state}:
            return waiting
    return replace(result, plan=Plan(clocks=numbered(changed, order.clocks)) + result.plan)


def _state_after(result: Result, order: Order) -> State | None:
    """The state in which the deed leaves the case; None where it does not touch it."""
    return next((c.state for c in result.plan.cases if c.number == order.case.number), None)
