"""Who sees which personal data in full: the masks of a pack (masks.yaml; P6.5.3, P7.3.3)."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from maild.domain.masks import PLAIN, Kind, Look, Minors, Numbered
from maild.domain.value import value

PLACES = ("handler", "head", "unit", "supervisor", "coordinator", "expert")
"""Whoever has this place in the case: who handles it, who leads or belongs to its unit, who supervises it, who
coordinates it, an expert outside to whom it was forwarded."""


@value
class Mask:
    """One row: these kinds are seen in full by these places, roles, units and addresses, and by nobody else."""

    kinds: tuple[str, ...]
    seen_by: tuple[str, ...] = ()


@value
class Masks:
    """What masks.yaml may hold."""

    masks: tuple[Mask, ...] = ()
    records: tuple[Numbered, ...] = ()
    """How numbers of the house's own look, for the kind `record-number`."""
    minors: Minors = Minors()
    """By which words a child's name is known, for the kind `minor-name`."""

    def look(self, is_reader: Callable[[str], bool]) -> Look:
        """What must be masked for a reader of whom `is_reader` says whether a name of `seen_by` means them."""
        hidden = {Kind(kind) for mask in self.masks if not any(map(is_reader, mask.seen_by)) for kind in mask.kinds}
        return Look(kinds=frozenset(hidden), records=self.records, minors=self.minors)

    def for_nobody(self) -> Look:
        """What is masked for readers of whom nothing is known, such as a command line or everybody at once."""
        look = self.look(lambda _name: False)
        return replace(look, kinds=look.kinds | PLAIN.kinds)


def together(looks: Iterable[Look]) -> Look:
    """What any of these masks."""
    every = tuple(looks)
    minors = Minors(
        before=tuple(dict.fromkeys(word for one in every for word in one.minors.before)),
        behind=tuple(dict.fromkeys(word for one in every for word in one.minors.behind)),
    )
    records = tuple(dict.fromkeys(number for one in every for number in one.records))
    return Look(kinds=PLAIN.kinds.union(*(one.kinds for one in every)), records=records, minors=minors)
