from __future__ import annotations

import numpy as np

from noetra_ros.perception.training.targets import LabelTable, Weighing

TABLE = LabelTable.of(("background", "floor", "table", "robot", "cup", "hand", "hand"))


def targets(ids):
    return TABLE.targets(np.asarray(ids, np.uint8), Weighing(small_area_px=16.0, most=4.0, people=2.0))


def test_surroundings_are_one_class_the_robot_another_and_things_the_rest():
    assert TABLE.things == ("cup", "hand")
    assert TABLE.class_of.tolist() == [0, 0, 0, 1, 2, 3, 3]


def test_votes_lead_from_every_pixel_of_a_thing_to_its_centre():
    ids = np.zeros((12, 16))
    ids[2:6, 4:12] = 4
    made = targets(ids)
    rows, columns = np.nonzero(made.vote_weights)
    ends = np.stack([2 * columns + 0.5, 2 * rows + 0.5]) + made.votes[:, rows, columns]
    assert len(rows) == 8
    np.testing.assert_allclose(ends, np.array([[7.5], [3.5]]).repeat(8, axis=1))


def test_a_centre_is_one_cell_of_its_class_with_a_bell_around_it():
    ids = np.zeros((12, 16))
    ids[2:6, 4:12] = 5
    heat = targets(ids).centres
    assert np.argwhere(heat == 1.0).tolist() == [[1, 1, 3]]
    assert 0.1 < heat[1, 1, 4] < 0.9 and heat[0].max() == 0.0


def test_two_hands_have_two_centres():
    ids = np.zeros((12, 16))
    ids[0:4, 0:4], ids[8:12, 12:16] = 5, 6
    assert np.argwhere(targets(ids).centres == 1.0).tolist() == [[1, 0, 0], [1, 4, 6]]


def test_small_things_and_people_weigh_more():
    ids = np.zeros((12, 16))
    ids[0, 0], ids[4:12, 4:12] = 4, 5
    weights = targets(ids).weights
    assert weights[0, 0] == 4.0 and weights[8, 8] == 2.0 and weights[0, 8] == 1.0


def test_pictures_with_people_are_known():
    ids = np.zeros((3, 4, 4), np.uint8)
    ids[0, 0, 0], ids[1, 0, 0] = 4, 6
    assert TABLE.shows_people(ids).tolist() == [False, True, False]


def test_an_odd_picture_and_an_empty_one():
    made = targets(np.zeros((7, 9)))
    assert made.votes.shape == (2, 4, 5) and made.vote_weights.max() == 0.0 and made.centres.max() == 0.0
    corner = np.zeros((7, 9))
    corner[6, 8] = 4
    assert targets(corner).centres[0, 3, 4] == 1.0
