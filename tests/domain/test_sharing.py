"""Daemons share mailboxes out: about as many each, none left alone, none going to and fro."""

from maild.domain.sharing import Sharing

BOXES = [f"box{n}@corp.example" for n in range(8)]


def settled(workers: dict[str, list[str]], holders: dict[str, str]) -> dict[str, str]:
    """Who holds what when each daemon has looked a hundred times; the last look changed nothing."""
    changed = True
    for _ in range(100):
        changed = False
        for me in workers:
            sharing = Sharing(me=me, workers=workers, holders=holders)
            for box in sharing.to_take():
                holders, changed = holders | {box: me}, True
            if (given := Sharing(me=me, workers=workers, holders=holders).to_give()) is not None:
                holders, changed = holders | {given: ""}, True
    assert not changed
    return holders


def counts(holders: dict[str, str]) -> list[int]:
    """How many each holds, the fewest first."""
    return sorted(list(holders.values()).count(worker) for worker in set(holders.values()))


def test_the_first_daemon_takes_everything() -> None:
    """A daemon that is alone holds every mailbox of its configuration."""
    assert dict.fromkeys(BOXES, "a") == settled({"a": BOXES}, {})


def test_a_second_and_a_third_get_their_share() -> None:
    """Who has more gives one after another until nobody has two more than another."""
    two = settled({"a": BOXES, "b": BOXES}, dict.fromkeys(BOXES, "a"))
    three = settled({"a": BOXES, "b": BOXES, "c": BOXES}, two)

    assert ([4, 4], [2, 3, 3]) == (counts(two), counts(three))


def test_what_the_dead_held_is_taken_over() -> None:
    """The living divide what a dead daemon had."""
    holders = settled({"a": BOXES, "b": BOXES}, {box: "dead" if n % 2 else "a" for n, box in enumerate(BOXES)})

    assert [4, 4] == counts(holders)


def test_a_mailbox_that_only_one_daemon_knows_stays_with_it() -> None:
    """Nothing is given to a daemon that cannot serve it."""
    holders = settled({"a": BOXES, "b": BOXES[:1]}, {})

    assert dict.fromkeys(BOXES[1:], "a") | {BOXES[0]: "b"} == holders


def test_for_a_guest_nothing_is_given_up() -> None:
    """A pass beside a daemon takes no mailbox away from it."""
    assert dict.fromkeys(BOXES, "a") == settled({"a": BOXES, "guest": []}, dict.fromkeys(BOXES, "a"))
