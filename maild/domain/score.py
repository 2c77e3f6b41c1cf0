"""How well verdicts agree with labels: accuracy, precision and recall of each type, and what was taken for what."""

from collections import Counter
from collections.abc import Sequence

from maild.domain.value import value


@value
class Judged:
    """One labelled mail and what was said of it."""

    id: str
    expected: str
    said: str
    confidence: float = 0.0
    subject: str = ""
    reasons: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """Whom the verdict says that the mail complains of."""
    names_expected: tuple[str, ...] | None = None
    """Whom the label says; None where it says nothing."""

    @property
    def right(self) -> bool:
        """Whether both agree."""
        return self.expected == self.said


@value
class TypeScore:
    """One type: how many there are, how many were found, how often it was said."""

    type: str
    mails: int
    said: int
    right: int

    @property
    def precision(self) -> float | None:
        """Of those said, the part that is so; None when it was never said."""
        return self.right / self.said if self.said else None

    @property
    def recall(self) -> float | None:
        """Of those there are, the part found; None when there is none."""
        return self.right / self.mails if self.mails else None


@value
class NamesScore:
    """Names of all mails whose label has them, counted one by one, exactly as written."""

    labelled: int
    said: int
    right: int

    @property
    def precision(self) -> float | None:
        """Of the names said, the part that is so; None when none was said."""
        return self.right / self.said if self.said else None

    @property
    def recall(self) -> float | None:
        """Of the names there are, the part found; None when there is none."""
        return self.right / self.labelled if self.labelled else None


@value
class Score:
    """All of it."""

    mails: int
    right: int
    types: tuple[TypeScore, ...]
    confusion: tuple[tuple[str, str, int], ...]
    """(label, said, mails) where they differ, most first."""
    wrong: tuple[Judged, ...]
    names: NamesScore

    @property
    def accuracy(self) -> float:
        """The part that is right; 0 without mails."""
        return self.right / self.mails if self.mails else 0.0


def score(judged: Sequence[Judged]) -> Score:
    """Count agreement."""
    labels = Counter(one.expected for one in judged)
    said = Counter(one.said for one in judged)
    right = Counter(one.said for one in judged if one.right)
    wrong = [one for one in judged if not one.right]
    confusion = Counter((one.expected, one.said) for one in wrong)
    ordered = sorted(confusion.items(), key=lambda item: (-item[1], item[0]))
    return Score(
        mails=len(judged),
        right=sum(right.values()),
        types=tuple(
            TypeScore(type=name, mails=labels[name], said=said[name], right=right[name])
            for name in sorted(labels | said)
        ),
        confusion=tuple((label, instead, number) for (label, instead), number in ordered),
        wrong=tuple(wrong),
        names=_names(judged),
    )


def _names(judged: Sequence[Judged]) -> NamesScore:
    pairs = [(set(one.names), set(one.names_expected)) for one in judged if one.names_expected is not None]
    return NamesScore(
        labelled=sum(len(expected) for _, expected in pairs),
        said=sum(len(said) for said, _ in pairs),
        right=sum(len(said & expected) for said, expected in pairs),
    )
