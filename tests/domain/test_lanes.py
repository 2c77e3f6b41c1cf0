"""How lanes share an account."""

import pytest

from maild.domain.lanes import day_share, minute_share, slots
from maild.domain.letter import Lane


@pytest.mark.parametrize("connections", [2, 3, 4, 8])
def test_a_better_lane_always_finds_a_connection(connections: int) -> None:
    """What a lane and those below it may occupy leaves at least one connection to the first lane."""
    assert slots(Lane.ECHO, connections) == connections
    assert all(slots(lane, connections) < connections for lane in Lane if lane is not Lane.ECHO)


def test_each_lane_has_a_connection_of_its_own_where_there_are_four() -> None:
    """With four connections no lane waits for a mail of a lane below it."""
    assert [slots(lane, 4) for lane in Lane] == [4, 3, 2, 1]


@pytest.mark.parametrize("connections", [1, 2, 3])
def test_no_lane_is_shut_out(connections: int) -> None:
    """With few connections a lane still gets one."""
    assert min(slots(lane, connections) for lane in Lane) == 1


def test_a_fifth_of_the_day_is_kept_for_the_first_two_lanes() -> None:
    """Echoes and answers may use the whole day's budget, work and rounds four fifths of it, rounded down."""
    assert [day_share(lane, 200) for lane in Lane] == [200, 200, 160, 160]
    assert day_share(Lane.BULK, 101) == 80
    assert day_share(Lane.BULK, 1) == 1


def test_each_lane_leaves_some_of_the_minute_to_those_above() -> None:
    """However many mails of a lower lane left in this minute, a better one may follow at once."""
    shares = [minute_share(lane, 10) for lane in Lane]

    assert shares == [10, 9, 8, 7]
    assert [minute_share(lane, 1) for lane in Lane] == [1, 1, 1, 1]
