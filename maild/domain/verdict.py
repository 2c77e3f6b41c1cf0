"""What triage says of one mail: type, confidence, reasons in the words of the mail, and what follows from them."""

from maild.domain.value import value


@value
class Writing:
    """What triage reads: the newest text and the plain facts around it. Labels are never part of it."""

    subject: str
    text: str
    """Fresh text; without any, the whole text."""
    author_address: str
    author_name: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    attachment_names: tuple[str, ...] = ()
    attached: str = ""
    """Text of the attachments, where the mail itself says too little."""
    quoted: str = ""
    """Older text below the fresh one; it never votes for a type."""


@value
class Reason:
    """Why a rule spoke: the words of the mail, what they mean to the clerk, and their weight."""

    text: str
    why: str
    """For Chinese readers, and where there is no other."""
    weight: float
    rule: str = ""
    field: str = "text"
    why_en: str = ""

    def why_for(self, language: str) -> str:
        """What the words mean, in the language of the reader; English for all that is not Chinese."""
        return self.why if language.startswith("zh") or not self.why_en else self.why_en


@value
class Alternative:
    """Another type that the mail may have."""

    type: str
    confidence: float


@value
class Verdict:
    """The result of triage. `confidence` is 0 to 1; under the pack's threshold `type` is `unclassified`."""

    type: str
    confidence: float
    reasons: tuple[Reason, ...] = ()
    misses: tuple[str, ...] = ()
    """Rules of the winning type that did not fire, for `maild explain`."""
    alternatives: tuple[Alternative, ...] = ()
    urgency: str = "normal"
    sender_role: str = "unknown"
    customer_kind: str | None = None
    subject_class: str | None = None
    names: tuple[str, ...] = ()
    """People and units whose conduct is complained of, exactly as written."""
    posts: tuple[str, ...] = ()
    """Posts without a name whose holder is complained of, folded: no names, yet their holder is excluded too."""
    confidential: bool = False
    acknowledge: bool = True
    missing: tuple[str, ...] = ()
    """Ids of required points that the mail does not give."""
    crisis: tuple[str, ...] = ()
    """Ids of crisis words found (rules/common/crisis.yaml)."""
    summary: str = ""
    """One line."""
