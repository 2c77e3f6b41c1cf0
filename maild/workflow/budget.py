"""How much mail of one sender, and of one domain, is handled at once (security.md, "flooding by one sender").

What is above waits in the journal and has its turn, oldest first, while everybody else's mail goes on. Nothing is
dropped, and a line of the digest tells. People of the directory and our own mail have no budget; nor has the
organisation's own domain, one of a mail provider, or one that the settings call roomy. A forger who comes in such a
name has one, apart from the real person's; delivery reports, which anybody can make up, have that of their domain.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from maild.domain.message import Authentication, Mail
from maild.domain.pacing import turn
from maild.mail.authentication import authentication
from maild.workflow.books import Books
from maild.workflow.office import Office
from maild.workflow.plan import Line, Plan, Tally

HELD = "held-intake"
_TOLD = "held-intake-told"
DAY = timedelta(days=1)
IsPublic = Callable[[str], bool]


def waits_until(
    mail: Mail, office: Office, books: Books, *, received: datetime, is_public: IsPublic
) -> tuple[datetime, str] | None:
    """Until when a mail waits and whose budget is used up; None where it is handled now.

    Mails are counted by their arrival, so that what gathered during an outage waits no more than it would have.
    What its sender's own budget holds does not use up the domain's: colleagues of a flooder go on undelayed.
    """
    sender, domain = mail.author.address, mail.author.address.rpartition("@")[2]
    forged = authentication(mail, office.box.trusted_authserv_ids) is Authentication.FAILED
    if not forged and (office.own(sender) or office.index.person(sender) is not None):
        return None
    intake, purse = office.box.intake, "forged:" if forged else "reports:" if mail.report else ""
    if forged or mail.report is None:
        until = _turn(f"{purse}{sender}", intake.per_sender, received, office=office, books=books)
        if until is not None:
            return until, sender
    if not domain or (not forged and _is_roomy(domain, office, is_public)):
        return None
    until = _turn(f"{purse}@{domain}", intake.per_domain, received, office=office, books=books)
    return None if until is None else (until, f"@{domain}")


def told(who: str, office: Office, books: Books) -> Plan:
    """What tells of a mail that waits: counted, and one line in each digest."""
    plan = Plan(tallies=(Tally(kind=HELD, who=who),))
    last, digest = books.last(_TOLD, who), books.marked_time(f"digest:{office.box.address}")
    if last is not None and (digest is None or last >= digest):
        return plan
    line = Line(kind=HELD, data={"from": who})
    return plan + Plan(lines=(line,), tallies=(Tally(kind=_TOLD, who=who),))


def _turn(who: str, an_hour: int, received: datetime, *, office: Office, books: Books) -> datetime | None:
    if an_hour < 1:
        return None
    name = f"intake:{office.box.address}:{who}"
    at, mark = turn(books.marked_time(name), received, an_hour)
    books.mark_time(name, mark)
    return at if at > office.now else None


def _is_roomy(domain: str, office: Office, is_public: IsPublic) -> bool:
    own = office.organisation.domain.lower()
    roomy = (own, *(one.lower().lstrip("@") for one in office.box.intake.roomy_domains))
    return is_public(domain) or any(domain == one or domain.endswith(f".{one}") for one in roomy)
