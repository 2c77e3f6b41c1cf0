"""The shipped sample organisation and its routes, read once for the tests of the domain."""

from datetime import date
from functools import cache

from maild.adapters.directoryfile import read_directory
from maild.adapters.routefile import read_routes
from maild.adapters.shipped import shipped
from maild.domain.assign import Assignment, choose_handler
from maild.domain.conflict import Exclusion, excluded
from maild.domain.lookup import Index
from maild.domain.route import Matter, Routes

PACK = shipped("rules") / "gm-mailbox"
TODAY = date(2026, 11, 24)


@cache
def index() -> Index:
    """Look-ups over the sample organisation."""
    return Index(read_directory(PACK / "directory.yaml"), domain="corp.example")


@cache
def routes() -> Routes:
    """The shipped routes of gm-mailbox."""
    return read_routes(PACK, index())


def staff(name: str) -> str:
    """The company address of a member of staff."""
    return f"{name}@corp.example"


def out_of(matter: Matter) -> Exclusion:
    """Who is out of a matter."""
    return excluded(index(), kind=matter.kind, names=matter.names, writer=matter.writer)


def handled(matter: Matter, *, today: date = TODAY) -> Assignment:
    """Who gets a matter in the sample organisation."""
    return choose_handler(matter, routes=routes(), index=index(), exclusion=out_of(matter), today=today)
