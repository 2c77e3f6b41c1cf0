"""Who left, who came back and whose address changed, from two readings of a directory."""

import pytest

from maild.domain.directory import Directory, Person
from maild.domain.leaving import Known, compare, is_doubtful, word_for


def person(address: str, name: str, *more: str, unit: str = "hr", title: str = "") -> Person:
    """Somebody with one address or several."""
    return Person(addresses=(address, *more), name=name, unit=unit, title=title)


def known(*people: Person, left: tuple[Person, ...] = ()) -> Known:
    """What an earlier reading remembers."""
    return Known(before=Directory(people=people), left=left)


ANN, BO, CY, DI = (person(f"{name.lower()}@x.example", name) for name in ("Ann", "Bo", "Cy", "Di"))


def test_who_is_in_both_stays() -> None:
    """Neither a new title nor a new unit makes somebody a leaver."""
    change = compare(known(ANN, BO), (person("ann@x.example", "Ann", unit="it", title="Head"), BO))

    assert () == change.left
    assert {} == change.renamed


def test_who_is_missing_has_left_and_is_remembered() -> None:
    """A leaver stays known with every address, until one of them is somebody's again."""
    change = compare(known(ANN, person("bo@x.example", "Bo", "bo2@x.example")), (ANN,))

    assert ["Bo"] == [one.name for one in change.left]
    assert ("bo@x.example", "bo2@x.example") == change.gone[0].addresses
    again = compare(Known(before=Directory(people=(ANN,)), left=change.gone), (ANN, BO))
    assert ["Bo"] == [one.name for one in again.back]
    assert ("bo2@x.example",) == again.gone[0].addresses


@pytest.mark.parametrize(
    "after",
    [
        person("new@x.example", "Bo", "bo@x.example"),
        person("new@x.example", "Bo"),
        person("new@x.example", "Bo Li", "bo@x.example"),
    ],
    ids=["second address kept", "same name, unit and title", "same address under another name"],
)
def test_a_changed_address_is_the_same_person(after: Person) -> None:
    """An old address that is kept, or the same name in the same place, is no leaver; the old address is remembered."""
    change = compare(known(ANN, BO), (ANN, after))

    assert () == change.left
    assert {"bo@x.example": "new@x.example"} == dict(change.renamed)
    assert ("bo@x.example" in change.people[1].former) is ("bo@x.example" not in after.addresses)


def test_two_of_one_name_are_not_guessed() -> None:
    """Where two had the same name, unit and title, a new address of that name is a new person."""
    change = compare(
        known(ANN, person("a@x.example", "Bo"), person("b@x.example", "Bo")), (person("c@x.example", "Bo"),)
    )

    assert ["ann@x.example", "a@x.example", "b@x.example"] == [one.address for one in change.left]


def test_an_address_that_passed_to_a_new_colleague_carries_nobody_along() -> None:
    """Bo has another address, and a newcomer has Bo's old one: Bo is Bo, and the newcomer is not."""
    change = compare(known(ANN, BO), (ANN, person("bo.li@x.example", "Bo"), person("bo@x.example", "Di")))

    assert {"bo@x.example": "bo.li@x.example"} == dict(change.renamed)
    assert () == change.people[1].former
    assert () == change.left


def test_members_of_the_supervisory_body_leave_too() -> None:
    """Somebody outside the list who was in the supervisory body and is not any more has left."""
    before = Known(before=Directory(people=(ANN,), supervisory_body=("out@y.example", "ann@x.example")))

    assert ["out@y.example"] == [one.address for one in compare(before, (ANN,), ("ann@x.example",)).left]


@pytest.mark.parametrize(("left", "doubtful"), [(0, False), (1, False), (2, True), (4, True)])
def test_more_than_a_third_is_doubtful(left: int, doubtful: bool) -> None:
    """Of four, one may go without a word; two may not, and never all."""
    before = known(ANN, BO, CY, DI)
    assert before.before is not None

    change = compare(before, (ANN, BO, CY, DI)[left:])

    assert doubtful is is_doubtful(before.before, change)


def test_a_word_is_for_one_loss_alone() -> None:
    """What was confirmed of some people is not confirmed of others, in whatever order they stood."""
    first, second = compare(known(ANN, BO, CY), (CY,)), compare(known(BO, ANN, CY), (CY,))
    third = compare(known(ANN, BO, CY), (BO,))

    assert word_for(first) == word_for(second) != word_for(third)
