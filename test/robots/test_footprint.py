"""Distances from the outline of a base, against shapely-free hand cases: circle, stadium, rectangle."""

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots.footprint import Footprint

RECTANGLE = Footprint(((-0.3, -0.2), (0.4, -0.2), (0.4, 0.2), (-0.3, 0.2)), 0.0)


@pytest.mark.parametrize(
    ("point", "distance"),
    [((0.5, 0.0), 0.1), ((0.0, 0.0), -0.2), ((0.7, 0.6), 0.5), ((0.39, 0.0), -0.01), ((-0.3, 0.1), 0.0)],
)
def test_distance_from_a_rectangle(point, distance):
    assert RECTANGLE.distance_m(np.array(point)) == pytest.approx(distance, abs=1e-12)


def test_one_corner_is_a_circle_and_two_are_a_stadium():
    points = np.array([[0.5, 0.0], [0.1, 0.1], [-0.5, 0.0]])
    assert Footprint(((0.0, 0.0),), 0.2).distance_m(points) == pytest.approx(np.hypot(*points.T) - 0.2)
    assert Footprint(((0.0, 0.0), (0.4, 0.0)), 0.1).distance_m(points) == pytest.approx([0.0, 0.0, 0.4])


def test_its_outline_lies_on_its_rim_and_its_reach_is_the_farthest_point():
    for shape in (RECTANGLE, Footprint(((0.0, 0.0),), 0.18), Footprint(RECTANGLE.corners_m, 0.05)):
        ring = shape.outline_m[:-4] if shape.radius_m and len(shape.corners_m) > 1 else shape.outline_m[:32]
        assert np.abs(shape.distance_m(ring)).max() < 1e-9
        assert np.hypot(*ring.T).max() == pytest.approx(shape.reach_m, rel=0.01)


@pytest.mark.parametrize(
    ("corners", "radius", "words"),
    [
        ((), 0.1, "one corner or more"),
        (((0.0, 0.0),), 0.0, "above 0"),
        (((0.0, 0.0), (1.0, 0.0)), 0.0, "above 0"),
        (((0.0, 0.0), (0.0, 1.0), (1.0, 0.0)), 0.0, "counter-clockwise"),
        (((0.0, 0.0), (1.0, 0.0), (0.2, 0.2), (0.0, 1.0)), 0.0, "convex"),
    ],
)
def test_what_is_no_outline_is_refused(corners, radius, words):
    with pytest.raises(ConfigError, match=words):
        Footprint(corners, radius)


@pytest.mark.parametrize("height", [(0.3, 0.3), (0.3, 0.0), (0.0, float("nan"))])
def test_a_height_without_room_is_refused(height):
    with pytest.raises(ConfigError, match=r"height_m: got .*, expected the lower one, then"):
        Footprint(((0.0, 0.0),), 0.2, height)
    assert Footprint(((0.0, 0.0),), 0.2).height_m is None
