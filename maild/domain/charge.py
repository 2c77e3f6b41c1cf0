"""What an order to enter somebody in the ledger says: concealed, false or late reporting, who, and the loss (P3.6.5).

`记入台账：瞒报 王强 损失3万元` · `enter in the ledger: concealed, Wang Qiang, loss 30,000 CNY`
"""

import re

from maild.domain.value import value

_KINDS = (
    ("concealed", r"瞒报|隐瞒|漏报|不报|conceal\w*|withheld|not reported"),
    ("false", r"虚报|谎报|假报|编造|false|falsified|made up"),
    ("late", r"迟报|晚报|缓报|拖延不报|late|delayed"),
)
_LOSS = re.compile(
    r"(?:造成|带来)?(?:经济)?损失\s*(?:约|共|合计|为|[:：])?\s*(?P<zh>[\d,.]+\s*(?:万|千|百)?\s*元?)"
    r"|loss(?: of)?\s*(?:about|:)?\s*(?P<en>(?:CNY|RMB|¥)?\s*[\d,.]+\s*(?:CNY|RMB|yuan)?)",
    re.IGNORECASE,
)


@value
class Charge:
    """One charge as it was written."""

    kind: str
    """concealed, false or late."""
    loss: str = ""
    """The loss in the words of the order; "" where none is named."""


def read_charge(text: str) -> Charge | None:
    """The charge of a text; None where it says neither concealed, false nor late."""
    kind = next((name for name, words in _KINDS if re.search(words, text, re.IGNORECASE)), None)
    found = _LOSS.search(text)
    loss = " ".join((found["zh"] or found["en"]).split()).strip(" ,.，。") if found else ""
    return Charge(kind=kind, loss=loss) if kind else None
