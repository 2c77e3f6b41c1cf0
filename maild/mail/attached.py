"""When the attachments of a mail speak for it, and which of them can be read (casework 2)."""

import re

from maild.domain.message import Mail

SHORT = 20
_SHORT_REFERENCE = 80
_REFERS = re.compile(
    r"附件|附檔|附档|随信附|随附|attach|enclosed|see (?:the )?(?:file|document|letter)|siehe anhang|pièce jointe",
    re.IGNORECASE,
)
UNREAD = "unread"
KINDS = {
    **dict.fromkeys(("docx", "xlsx", "pptx", "pdf", "rtf")), **dict.fromkeys(("odt", "ods", "odp"), "odf"),
    **dict.fromkeys(("txt", "csv", "html", "htm", "md"), "text"),
    **dict.fromkeys(("doc", "xls", "ppt", "wps", "et", "dps", "ofd", "zip", "rar", "7z", "pages", "numbers"), UNREAD),
}  # fmt: skip
"""By the ending of the name; None: the ending itself is the kind."""


def wants_attachments(mail: Mail) -> bool:
    """Whether a mail says so little, or so plainly points to its attachments, that they are read for triage."""
    if mail.automatic is not None or mail.report is not None or mail.locked is not None or not mail.files:
        return False
    words = "".join(mail.fresh_text.split())
    return len(words) < SHORT or (len(words) < _SHORT_REFERENCE and bool(_REFERS.search(mail.fresh_text)))


def kind_of(filename: str) -> str:
    """Which reader a file wants, `unread` where there is none; "" for what is no document."""
    ending = filename.lower().rstrip(". ").rpartition(".")[2]
    return (KINDS[ending] or ending) if ending in KINDS else ""
