"""Attachments of a sealed letter without what tells who made them, each cleaned once, as it takes a process."""

from collections import OrderedDict
from collections.abc import Callable, Sequence

from maild.domain.cleaned import Cleaned, How
from maild.mail.compose import AttachedFile

_KEPT = 8


class Bare:
    """Cleans attachments by their names in `Letter.attachments`; the last few stay in memory."""

    def __init__(
        self, attached: Callable[[Sequence[str]], tuple[AttachedFile, ...]], clean: Callable[[bytes, str], Cleaned]
    ) -> None:
        self._attached, self._clean = attached, clean
        self._done: OrderedDict[str, Cleaned] = OrderedDict()

    def cleaned(self, pair: str) -> Cleaned:
        """The file, or why it could not be cleaned."""
        if pair not in self._done:
            found = self._attached((pair,))
            self._done[pair] = self._clean(found[0].content, found[0].filename) if found else Cleaned(how=How.DAMAGED)
            if len(self._done) > _KEPT:
                self._done.popitem(last=False)
        return self._done[pair]

    def files(self, released: Sequence[tuple[str, str]]) -> tuple[AttachedFile, ...]:
        """Files that a seal-holder released, each under the name that it leaves with; none that cannot be cleaned."""
        done = ((name, self.cleaned(pair)) for pair, name in released)
        return tuple(
            AttachedFile(filename=name, content_type="application/octet-stream", content=one.content)
            for name, one in done if one.how is How.CLEAN
        )  # fmt: skip
