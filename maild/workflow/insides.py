"""Which personal data files and whole mails hold, each looked into once, as it takes a process."""

from collections import OrderedDict
from collections.abc import Callable, Sequence

from maild.domain.looked import Looked, Shut
from maild.domain.masks import Look
from maild.mail.compose import AttachedFile

LookInto = Callable[[str, Sequence[AttachedFile], Look], Sequence[Looked]]
"""Looks into files that came with the mail of this hash; all of one mail together take a few seconds at most."""
_KEPT = 1000


class Insides:
    """Remembers what was found by the file's name in `Letter.attachments`."""

    def __init__(
        self,
        attached: Callable[[Sequence[str]], tuple[AttachedFile, ...]],
        raw: Callable[[Sequence[object]], tuple[AttachedFile, ...]],
        look_into: LookInto,
    ) -> None:
        self._attached, self._raw, self._look_into = attached, raw, look_into
        self._done: OrderedDict[tuple[str, Look], Looked] = OrderedDict()

    def files(self, pairs: Sequence[str], look: Look) -> dict[str, Looked]:
        """What these attachments hold of the kinds of `look`, which is the whole of a pack's."""
        missing: dict[str, list[str]] = {}
        for pair in dict.fromkeys(pairs):
            if (pair, look) not in self._done:
                missing.setdefault(pair.partition(":")[0], []).append(pair)
        for mail, wanted in missing.items():
            files = self._attached(wanted)
            found = self._look_into(mail, files, look) if len(files) == len(wanted) else ()
            for pair, one in zip(wanted, found, strict=False):
                self._keep(pair, look, one)
        return {pair: self._done.get((pair, look), Looked(shut=Shut.DAMAGED)) for pair in pairs}

    def mail(self, sha256: str, look: Look) -> Looked:
        """The same of a whole mail with all that it carries."""
        if (sha256, look) not in self._done:
            (file,) = self._raw((sha256,))
            self._keep(sha256, look, self._look_into(sha256, (file,), look)[0])
        return self._done[sha256, look]

    def _keep(self, name: str, look: Look, found: Looked) -> None:
        self._done[name, look] = found
        if len(self._done) > _KEPT:
            self._done.popitem(last=False)
