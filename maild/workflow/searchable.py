"""Which mails can be found by their words: those of cases that are not sealed, from the commit on that holds them."""

from maild.domain.message import Mail
from maild.workflow.books import Books
from maild.workflow.filedrecords import is_record
from maild.workflow.plan import Plan


def keep_searchable(plan: Plan, mail: Mail, books: Books, *, pack: str) -> None:
    """The words of a remembered mail of a case, unless the case is confidential; those of a filed record."""
    case = next((c for c in reversed(plan.cases) if c.number == plan.number), None)
    case = case or (books.case(plan.number) if plan.number else None)
    is_kept = is_record(plan.number or "") or (case is not None and not case.confidential)
    if is_kept and plan.number:
        names = " ".join(attachment.filename for attachment in mail.attachments)
        words = "\n".join((plan.number, str(mail.author), mail.subject, mail.fresh_text or mail.text, names))
        books.keep_words(words, fingerprint=mail.fingerprint, pack=pack)


def forget_sealed(plan: Plan, books: Books) -> None:
    """What becomes confidential by this plan is found no more."""
    for case in plan.cases:
        before = books.case(case.number)
        if case.confidential and before is not None and not before.confidential:
            books.forget_words(case.number)
