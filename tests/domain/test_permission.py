"""Who may give which order in a case (casework 5)."""

import pytest

from maild.domain.case import Case
from maild.domain.command import Command
from maild.domain.directory import Directory, Person, Unit
from maild.domain.lookup import Index
from maild.domain.permission import is_management, may, to_present_handler
from tests.domain.office import COORDINATOR, GM, HR, LOGISTICS, MARKETING_DEPUTY, PRODUCTION_DEPUTY, SALES, case, index

DEPUTY_HEAD, MEMBER, OUTSIDER = "wang.lei@corp.example", "huang.qiuyan@corp.example", "su.lan@corp.example"
ASSISTANT = "ding.ning@corp.example"


def why(verb: str, who: str, of: Case | None = None, acting_for: str = "", **target: str) -> str | None:
    """The reason against an order, in a complaint at logistics."""
    actor = index().person(who)
    assert actor is not None
    command = Command(verb=verb, **target)  # type: ignore[arg-type]
    return may(command, actor=actor, case=of or case(), index=index(), coordinator=COORDINATOR, acting_for=acting_for)


@pytest.mark.parametrize(
    ("verb", "allowed", "refused"),
    [
        ("accept", [LOGISTICS, DEPUTY_HEAD, GM, PRODUCTION_DEPUTY], [COORDINATOR, MEMBER, SALES, OUTSIDER]),
        ("reply", [LOGISTICS, DEPUTY_HEAD, GM], [COORDINATOR, MEMBER, SALES, HR]),
        ("note", [LOGISTICS, DEPUTY_HEAD, COORDINATOR, GM, MARKETING_DEPUTY, MEMBER], []),
        ("urgency", [COORDINATOR, LOGISTICS, GM], [MEMBER, SALES]),
        ("adopt", [HR, COORDINATOR], [LOGISTICS, MEMBER]),
        ("correct", ["shi.yuan@corp.example"], [LOGISTICS, HR]),
        ("confirm", [LOGISTICS, MEMBER], []),
        ("status", [MEMBER], []),
        ("withdraw", [], [LOGISTICS, GM]),
    ],
)
def test_the_table_of_verbs(verb: str, allowed: list[str], refused: list[str]) -> None:
    """Each verb is for those whom the table names."""
    assert [None] * len(allowed) == [why(verb, who) for who in allowed]
    assert ["not-yours"] * len(refused) == [why(verb, who) for who in refused]


def test_who_may_route() -> None:
    """Handler, head and coordinator route; a member or another unit does not."""
    assert [why("route", who, unit="质量部") for who in (LOGISTICS, DEPUTY_HEAD, COORDINATOR, GM)] == [None] * 4
    assert [why("route", who, unit="质量部") for who in (MEMBER, SALES)] == ["not-yours"] * 2


def test_a_supervisor_routes_and_notes_but_does_not_answer() -> None:
    """Whom an escalation added may route, order and note; the handler stays the one who answers."""
    watched = case(supervisors=(SALES,))

    assert [
        why("route", SALES, watched, unit="质量部"),
        why("note", SALES, watched),
        why("reply", SALES, watched),
    ] == [None, None, "not-yours"]


def test_the_coordinator_answers_what_nobody_has() -> None:
    """A case without a handler is the coordinator's."""
    assert why("reply", COORDINATOR, case(handler=None, unit=None)) is None


def test_an_assistant_has_the_listed_verbs() -> None:
    """An assistant accepts, notes and routes for a person, and never answers for them."""
    of = case(unit="gm", handler=GM)

    verbs = {verb: why(verb, ASSISTANT, of, GM, unit="质量部") for verb in ("accept", "note", "route", "reply")}

    assert verbs == {"accept": None, "note": None, "route": None, "reply": "not-yours"}


def test_an_assistant_decides_nothing_that_was_asked_of_the_person() -> None:
    """Under the general manager's key neither 同意 nor 不同意 counts from an assistant, a delegate's does."""
    of = case(unit="gm", handler=GM)

    assert [why(verb, ASSISTANT, of, GM) for verb in ("approve", "decline")] == ["not-yours"] * 2
    assert why("approve", "wu.jianhua@corp.example", of, GM) is None


def test_a_delegate_has_the_rights_of_the_absent() -> None:
    """A delegate does all that the key's person may."""
    of = case(unit="hr", handler=HR, type="staff-report", confidential=True)

    assert why("reply", "fu.rong@corp.example", of, HR) is None


def test_a_member_acts_by_the_units_key() -> None:
    """For the key of a unit's address every member may act, and nobody else."""
    of = case(unit="chengxi-store", handler=None)
    shared = "store.chengxi@corp.example"

    assert why("accept", "yue.ting@corp.example", of, shared) is None
    assert why("accept", MEMBER, of, shared) == "not-yours"


def test_the_excluded_may_nothing() -> None:
    """Whoever a case excludes can't even note, nor act for somebody who could."""
    of = case(excluded=(LOGISTICS, DEPUTY_HEAD))

    assert [why(verb, LOGISTICS, of) for verb in ("note", "accept", "status")] == ["conflict-of-interest"] * 3
    assert why("note", COORDINATOR, of, LOGISTICS) == "conflict-of-interest"


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ({"unit": "人力资源部"}, None),
        ({"unit": "物流部"}, None),
        ({"person": SALES}, None),
        ({"person": HR}, None),
        ({"unit": "火星部"}, "unknown-unit"),
        ({"person": "x@outside.example"}, "outside-directory"),
    ],
)
def test_no_case_leaves_the_directory(target: dict[str, str], reason: str | None) -> None:
    """Whom outside the seal a confidential case may reach its seal-holder decides; nobody outside the directory."""
    of = case(type="staff-report", confidential=True, unit="gm", handler=GM)

    assert reason == why("route", GM, of, **target)


def test_a_deputy_manager_has_no_say_in_confidential_cases() -> None:
    """All rights of heads do not open a confidential case."""
    of = case(type="staff-complaint", confidential=True, unit="hr", handler=HR)

    assert why("reply", PRODUCTION_DEPUTY, of) == "not-yours"


def test_no_route_to_the_excluded() -> None:
    """A case never goes to a person whom it complains of, or to a unit with nobody else to lead it."""
    of = case(excluded=(SALES, "qiu.ting@corp.example"))

    assert why("route", COORDINATOR, of, person=SALES) == "conflict-of-interest"
    assert why("route", COORDINATOR, of, unit="销售部") == "conflict-of-interest"


def test_the_present_handler_again() -> None:
    """A route to who has the case already is the assignment again."""
    assert to_present_handler(Command(verb="route", unit="物流"), case(), index())
    assert to_present_handler(Command(verb="route", person=LOGISTICS), case(), index())
    assert not to_present_handler(Command(verb="route", person=MEMBER), case(), index())


def test_management_is_gm_and_deputies() -> None:
    """The gm and the deputy general managers, and no department's deputy."""
    people = {who: index().person(who) for who in (GM, PRODUCTION_DEPUTY, MARKETING_DEPUTY, LOGISTICS, DEPUTY_HEAD)}

    assert [who for who, p in people.items() if p and is_management(p)] == [GM, PRODUCTION_DEPUTY, MARKETING_DEPUTY]


def test_second_addresses_count() -> None:
    """A person is excluded and recognised by any of the addresses."""
    twice = Person(addresses=("a@corp.example", "b@corp.example"), name="A", unit="u")
    tree = Index(Directory(units=(Unit(id="u", name="U", head="a@corp.example"),), people=(twice,)))
    of = case(unit="u", handler="a@corp.example", excluded=("b@corp.example",))

    reason = may(Command(verb="note"), actor=twice, case=of, index=tree)

    assert reason == "conflict-of-interest"
