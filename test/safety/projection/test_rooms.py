"""Rows of several barriers: each is told as it is, and measured again only when it may have come near."""

import numpy as np
import pytest
from linear_walls import SeenWalls, Walls

from noetra_ros.safety.projection.rooms import Rooms

# Of three joints the channel moves the last two.
FIRST = Walls((1.0, 0.0, 1.0, 0.0), (2.0, 0.5, 0.0, -1.0), name="first")
COLUMNS = (1, 2)


def rooms(*others):
    made = Walls((1.0, 0.0, 1.0, 0.0), (2.0, 0.5, 0.0, -1.0), name="first")
    second = Walls(
        (0.5, 0.0, -1.0, 0.0), (0.2, 0.0, 0.0, 1.0), (5.0, 2.0, 1.0, 1.0), name="second", unit="rad"
    )
    both = Rooms([made, second, *others], COLUMNS)
    both.begin(np.array([0.1, 0.0, 0.0]))
    return both, made, second


def true_room(barriers, posture):
    return np.concatenate([b.offsets + b.normals @ posture for b in barriers])


def test_every_row_has_its_name_and_unit():
    both, _, _ = rooms()
    told = [both.named(row) for row in range(5)]
    assert told == [
        ("first 0", "m"), ("first 1", "m"), ("second 0", "rad"), ("second 1", "rad"), ("second 2", "rad"),
    ]  # fmt: skip


def test_reach_is_that_of_the_joints_of_the_channel():
    both, made, second = rooms()
    assert np.array_equal(both.reach, np.vstack([made.reach, second.reach])[:, [1, 2]])


def test_gradients_are_those_of_the_joints_of_the_channel_row_by_row():
    both, made, second = rooms()
    normals = np.vstack([made.normals, second.normals])[:, [1, 2]]
    for rows in ([0], [1], [2], [4], [0, 1, 3], [1, 2, 4], [0, 1, 2, 3, 4], [2, 3], []):
        assert np.array_equal(both.gradient(rows), normals[rows])
    assert both.gradient([]).shape == (0, 2)


class Bounded(Walls):
    """Walls of which a bound is quickly told: half of the room, less a little."""

    def bound(self, positions, rows):
        return 0.5 * (self.offsets[rows] + self.normals[rows] @ positions) - 0.01


@pytest.mark.parametrize("ask", ["at", "now"])
@pytest.mark.parametrize("seed", range(3))
def test_what_is_within_is_told_as_it_is_and_what_is_beyond_never_too_far(ask, seed):
    """Else somebody who stands near would count as far because they were far a while ago."""
    both, made, second = rooms()
    draw, at = np.random.default_rng(seed), np.zeros(2)
    for _ in range(300):
        at = at + draw.normal(size=2) * 0.1
        within = draw.uniform(0.0, 1.0, 5)
        told = getattr(both, ask)(at, within)
        truth = true_room([made, second], np.array([0.1, *at]))
        is_within = truth <= (within if ask == "at" else 0.0)
        assert told[is_within] == pytest.approx(truth[is_within], abs=1e-12)
        assert (told <= truth + 1e-12).all()
        if ask == "at" or (truth > within).all():
            assert (told[~is_within] > within[~is_within]).all()


def test_what_is_certain_is_told_of_what_was_measured_not_of_bounds():
    """A bound that is within says nothing: the room may be far beyond."""
    slow = Bounded(*((1.0 + 0.2 * k, 0.0, 0.1, 0.0) for k in range(12)), name="slow")
    both = Rooms([slow], COLUMNS)
    both.begin(np.zeros(3))
    for within in (0.2, 0.9):
        told = both.now(np.zeros(2), np.full(12, within))
        assert (told > within).all()


@pytest.mark.parametrize("seed", range(3))
def test_rows_of_which_bounds_are_told_are_told_as_truly_and_measured_seldom(seed):
    draw, at = np.random.default_rng(seed), np.zeros(2)
    slow = Bounded(*((1.0 + 0.2 * k, 0.0, *draw.normal(size=2)) for k in range(12)), name="slow")
    both = Rooms([slow], COLUMNS, memories=2)
    both.begin(np.array([0.1, 0.0, 0.0]))
    for count in range(300):
        at = at + draw.normal(size=2) * 0.05
        within = draw.uniform(0.0, 0.3, 12)
        told, truth = both.at(at, within, memory=count % 2), true_room([slow], np.array([0.1, *at]))
        is_within = truth <= within
        assert told[is_within] == pytest.approx(truth[is_within], abs=1e-12)
        assert (told[~is_within] > within[~is_within]).all() and (told <= truth + 1e-12).all()
    assert 0 < sum(map(len, slow.asked)) < 0.5 * 300 * 12


def test_where_something_is_near_anyway_no_more_is_measured_than_what_is_met():
    both, made, second = rooms()
    both.at(np.zeros(2), np.full(5, 9.0))
    asked = [len(barrier.asked) for barrier in (made, second)]
    told = both.now(np.array([0.05, 0.0]), np.full(5, 9.0))
    assert [len(barrier.asked) for barrier in (made, second)] == asked
    assert (told <= true_room([made, second], np.array([0.1, 0.05, 0.0]))).all() and (told > 0.0).all()
    met = both.now(np.array([0.6, 0.0]), np.full(5, 9.0))
    assert met[2] == pytest.approx(-0.1) and second.asked[-1] == [0]


def test_each_memory_is_of_its_own_postures():
    both = Rooms([Walls((1.0, 0.0, 1.0, 0.0), name="only")], COLUMNS, memories=2)
    (wall,) = both._barriers
    both.begin(np.zeros(3))
    for place, memory in ((0.0, 0), (5.0, 1), (0.01, 0), (5.01, 1)):
        both.at(np.array([place, 0.0]), np.full(1, 0.5), memory)
    assert wall.asked == [[0], [0]], "a posture near to one that was looked at before is not measured again"


def test_a_row_with_much_room_is_measured_once_until_that_may_be_used_up():
    both, made, second = rooms()
    within = np.full(5, 0.1)
    both.at(np.zeros(2), within)
    assert (made.asked, second.asked) == ([[0, 1]], [[0, 1, 2]])
    both.at(np.zeros(2), within)
    assert (made.asked, second.asked) == ([[0, 1]], [[0, 1, 2]]), "nothing has moved"
    both.at(np.array([0.0, -0.099]), within)
    assert (made.asked, second.asked) == ([[0, 1]], [[0, 1, 2]]), "0.2 less 0.099 is still above 0.1"
    both.at(np.array([0.0, -0.1]), within)
    assert (made.asked[1:], second.asked[1:]) == ([], [[1]]), "on the bound it is looked at"
    both.at(np.array([-0.8, -0.1]), within)
    assert (made.asked[1:], second.asked[1:]) == ([], [[1], [0, 1]])


def test_joints_that_others_move_count_where_they_are_measured():
    both, made, second = rooms()
    within = np.full(5, 99.0)
    both.begin(np.array([-3.0, 7.0, 7.0]))
    told = both.at(np.zeros(2), within)
    assert told == pytest.approx(true_room([made, second], np.array([-3.0, 0.0, 0.0])))
    assert told[4] < 0.0, "the other arm has come too near"


def test_what_was_measured_is_not_changed_by_where_the_robot_goes_next():
    """Places are kept by value: else a row would count as measured here for ever."""
    both, made, _ = rooms()
    within = np.full(5, 0.1)
    both.at(np.zeros(2), within)
    both.begin(np.array([0.1, 0.0, 0.0]))
    assert both.at(np.array([-0.95, 0.0]), within)[0] == pytest.approx(0.05)
    assert made.asked[1:] == [[0]]


def test_with_another_scene_the_rows_are_others_and_the_rest_is_kept():
    seen = SeenWalls(joints=3)
    both, made, second = rooms(seen)
    within = np.full(5, 0.1)
    both.at(np.zeros(2), within)
    both.see(0.05)
    told = both.at(np.zeros(2), np.full(6, 0.1))
    assert (len(told), both.named(5)) == (6, ("seen 0", "m"))
    assert told[5] == pytest.approx(0.05 - 0.1)
    assert (made.asked, second.asked, seen.asked) == ([[0, 1]], [[0, 1, 2]], [[0]])
    both.see(0.05)
    both.at(np.zeros(2), np.full(6, 0.1))
    assert seen.asked == [[0], [0]], "it has too little room to be left alone"
    both.see(9.0)
    assert both.at(np.zeros(2), np.full(6, 0.1))[5] > 0.1
    both.at(np.zeros(2), np.full(6, 0.1))
    assert seen.asked == [[0]], "the wall is a new one, seen once"
    both.see(None)
    assert len(both.at(np.zeros(2), within)) == 5


def test_a_scene_that_tells_nothing_new_leaves_all_as_it_is():
    near, far = SeenWalls(joints=3), SeenWalls(joints=3)
    both, _, _ = rooms(near, far)
    both.see(8.0)
    before = both.at(np.zeros(2), np.full(7, 0.1))
    both.see(8.0)
    assert np.array_equal(both.at(np.zeros(2), np.full(7, 0.1)), before)
    assert (near.asked, far.asked) == ([[0]], [[0]])


def test_one_of_two_that_sees_something_new_is_enough():
    """A second barrier that looks at the same scene and finds nothing does not hide what the first found."""

    class Careless(SeenWalls):
        def see(self, scene):
            return False

    seen, careless = SeenWalls(joints=3), Careless(joints=3)
    for order in ((seen, careless), (careless, seen)):
        both, _, _ = rooms(*order)
        both.see(0.05)
        assert len(both.at(np.zeros(2), np.full(6, 0.1))) == 6
        both.see(None)
