"""Who inside hears of a mail that belongs to no case, and how much (security.md, "Conflict of interest").

A forgery, a quarantined mail or a machine's may complain of somebody as well as any other: the coordinator hears of
it only where it does not complain of the coordinator, and confidential matter is announced without its words.
"""

import re

from maild.domain.conflict import Exclusion, excluded
from maild.domain.directory import Person
from maild.domain.message import Mail
from maild.domain.value import value
from maild.workflow.office import Office
from maild.workflow.triage import Triage, writing_of

_KEY = re.compile(r"(-\d{4}-\d{4,9})-[0-9A-Za-z]{8}(?![0-9A-Za-z])")
_SHOWN = 80


@value
class Watch:
    """Who hears of it, and whether without sender and subject."""

    reader: Person | None
    private: bool = False


def watch_over(mail: Mail, office: Office, triage: Triage) -> Watch:
    """The coordinator; else the gm; else a member of the supervisory body whom the mail does not complain of."""
    writing = writing_of(mail)
    verdict = triage(writing, office)
    names = verdict.names or triage.blamed(writing, office)
    out = excluded(office.index, kind=verdict.type, names=names)
    private = verdict.confidential or verdict.type in office.pack.routes.protected
    reader = _first_free(out, office)
    return Watch(reader=reader, private=private or reader != office.coordinator_person())


def shown_subject(subject: str) -> str:
    """The beginning of a subject without the short key in it: a key is nobody's but its person's."""
    return _KEY.sub(r"\1", subject[: 4 * _SHOWN])[:_SHOWN]


def _first_free(out: Exclusion, office: Office) -> Person | None:
    index = office.index
    body = (index.person(address) for address in index.directory.supervisory_body)
    row = (office.coordinator_person(), index.gm(), *body)
    return next((one for one in row if one is not None and not out.bars(one.address)), None)
