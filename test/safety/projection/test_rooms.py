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


@pytest.mark.parametrize("is_kept", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_what_is_within_is_told_as_it_is_and_what_is_beyond_never_too_far(is_kept, seed):
    """Else somebody who stands near would count as far because they were far a while ago."""
    both, made, second = rooms()
    draw, at = np.random.default_rng(seed), np.zeros(2)
    for _ in range(300):
        at = at + draw.normal(size=2) * 0.1
        within = draw.uniform(0.0, 1.0, 5)
        told = both.at(at, within, is_kept)
        truth = true_room([made, second], np.array([0.1, *at]))
        is_within = truth <= within
        assert told[is_within] == pytest.approx(truth[is_within], abs=1e-12)
        assert (told[~is_within] > within[~is_within]).all()
        assert (told <= truth + 1e-12).all()


def test_a_row_with_much_room_is_measured_once_until_that_may_be_used_up():
    both, made, second = rooms()
    within = np.full(5, 0.1)
    both.at(np.zeros(2), within, is_kept=True)
    assert (made.asked, second.asked) == ([[0, 1]], [[0, 1, 2]])
    both.at(np.zeros(2), within, is_kept=True)
    assert (made.asked, second.asked) == ([[0, 1]], [[0, 1, 2]]), "nothing has moved"
    both.at(np.array([0.0, -0.099]), within, is_kept=True)
    assert (made.asked, second.asked) == ([[0, 1]], [[0, 1, 2]]), "0.2 less 0.099 is still above 0.1"
    both.at(np.array([0.0, -0.1]), within, is_kept=True)
    assert (made.asked[1:], second.asked[1:]) == ([], [[1]]), "on the bound it is looked at"
    both.at(np.array([-0.8, -0.1]), within, is_kept=True)
    assert (made.asked[1:], second.asked[1:]) == ([], [[1], [0, 1]])


def test_a_posture_that_is_only_thought_of_is_not_kept():
    both, made, _ = rooms()
    within = np.full(5, 0.1)
    both.at(np.array([9.0, 0.0]), within)
    both.at(np.array([9.0, 0.0]), within)
    assert len(made.asked) == 2


def test_joints_that_others_move_count_where_they_are_measured():
    both, made, second = rooms()
    within = np.full(5, 99.0)
    both.begin(np.array([-3.0, 7.0, 7.0]))
    told = both.at(np.zeros(2), within, is_kept=True)
    assert told == pytest.approx(true_room([made, second], np.array([-3.0, 0.0, 0.0])))
    assert told[4] < 0.0, "the other arm has come too near"


def test_what_was_measured_is_not_changed_by_where_the_robot_goes_next():
    """Places are kept by value: else a row would count as measured here for ever."""
    both, made, _ = rooms()
    within = np.full(5, 0.1)
    both.at(np.zeros(2), within, is_kept=True)
    both.begin(np.array([0.1, 0.0, 0.0]))
    assert both.at(np.array([-0.95, 0.0]), within, is_kept=True)[0] == pytest.approx(0.05)
    assert made.asked[1:] == [[0]]


def test_with_another_scene_the_rows_are_others_and_the_rest_is_kept():
    seen = SeenWalls(joints=3)
    both, made, second = rooms(seen)
    within = np.full(5, 0.1)
    both.at(np.zeros(2), within, is_kept=True)
    both.see(0.05)
    told = both.at(np.zeros(2), np.full(6, 0.1), is_kept=True)
    assert (len(told), both.named(5)) == (6, ("seen 0", "m"))
    assert told[5] == pytest.approx(0.05 - 0.1)
    assert (made.asked, second.asked, seen.asked) == ([[0, 1]], [[0, 1, 2]], [[0]])
    both.see(0.05)
    both.at(np.zeros(2), np.full(6, 0.1), is_kept=True)
    assert seen.asked == [[0], [0]], "it has too little room to be left alone"
    both.see(9.0)
    assert both.at(np.zeros(2), np.full(6, 0.1), is_kept=True)[5] > 0.1
    both.at(np.zeros(2), np.full(6, 0.1), is_kept=True)
    assert seen.asked == [[0]], "the wall is a new one, seen once"
    both.see(None)
    assert len(both.at(np.zeros(2), within)) == 5


def test_a_scene_that_tells_nothing_new_leaves_all_as_it_is():
    near, far = SeenWalls(joints=3), SeenWalls(joints=3)
    both, _, _ = rooms(near, far)
    both.see(8.0)
    before = both.at(np.zeros(2), np.full(7, 0.1), is_kept=True)
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
