"""Closest points, turns and holding capsules in figures that can be reckoned by hand."""

import numpy as np
import pytest
from obstacles_around import obstacle

from noetra_ros.core.obstacles import Shape
from noetra_ros.safety.distance import closest_points, obstacle_capsules, rotation

ALONG_X = ((0.0, 0.0, 0.0), (1.0, 0.0, 0.0))


@pytest.mark.parametrize("length", [1e-6, 1.5e-6, 1.0, 7.0])
def test_a_quaternion_of_any_length_turns_alike(length):
    quat = length * np.array((1.0, 2.0, 3.0, 4.0)) / np.sqrt(30.0)
    expected = np.array([[2.0, -10.0, 11.0], [14.0, 5.0, 2.0], [-5.0, 10.0, 10.0]]) / 15.0
    assert rotation(quat * (1.0 + 1e-12)) == pytest.approx(expected)


def test_a_quaternion_next_to_nothing_is_refused():
    assert rotation(np.array((0.0, 0.0, 0.0, 1e-6))) == pytest.approx(np.eye(3))
    with pytest.raises(ValueError, match="unit quaternion"):
        rotation(np.array((0.0, 0.0, 0.0, 0.9e-6)))


@pytest.mark.parametrize(
    ("theirs", "on_ours", "on_theirs"),
    [
        (((0.2, 1.0, 0.0), (0.2, 3.0, 0.0)), (0.2, 0.0, 0.0), (0.2, 1.0, 0.0)),
        (((0.2, -1.0, 0.5), (0.2, 3.0, 0.5)), (0.2, 0.0, 0.0), (0.2, 0.0, 0.5)),  # one above the other
        (((0.0, 0.0, 1.0), (1.0, 0.0, 1.0)), (0.5, 0.0, 0.0), (0.5, 0.0, 1.0)),  # side by side: the middles
        (((2.0, 0.0, 0.0), (5.0, 0.0, 0.0)), (1.0, 0.0, 0.0), (2.0, 0.0, 0.0)),  # one behind the other
        (((-3.0, 1.0, 0.0), (-2.0, 0.0, 0.0)), (0.0, 0.0, 0.0), (-2.0, 0.0, 0.0)),
        (((0.7, 0.0, 2.0), (0.7, 0.0, 2.0)), (0.7, 0.0, 0.0), (0.7, 0.0, 2.0)),  # a sphere
        (((3.0, 2.0, 0.0), (1.0, 4.0, 0.0)), (1.0, 0.0, 0.0), (3.0, 2.0, 0.0)),
    ],
)
def test_known_pairs(theirs, on_ours, on_theirs):
    ours, theirs = np.array([ALONG_X]), np.array([theirs])
    first, second = closest_points(ours, theirs)
    assert (first[0, 0], second[0, 0]) == (pytest.approx(on_ours), pytest.approx(on_theirs))
    second, first = closest_points(theirs, ours)  # the same whoever is named first
    assert np.linalg.norm(first - second) == pytest.approx(np.linalg.norm(np.subtract(on_ours, on_theirs)))


def test_a_link_without_length_is_a_point():
    point = np.array([[(0.3, 0.0, 1.0), (0.3, 0.0, 1.0)]])
    first, second = closest_points(point, np.array([ALONG_X]))
    assert first[0, 0] == pytest.approx((0.3, 0.0, 1.0)) and second[0, 0] == pytest.approx((0.3, 0.0, 0.0))


def test_a_box_is_held_along_its_longest_edge_by_half_its_diagonal_across():
    box = obstacle((1.0, 2.0, 3.0), size_m=(0.3, 0.6, 0.4), shape=Shape.BOX)
    segments, radii = obstacle_capsules([box])
    assert segments[0] == pytest.approx(np.array([(1.0, 1.7, 3.0), (1.0, 2.3, 3.0)]))
    assert radii == pytest.approx([0.25])
