"""Annotated pictures: outlines where things are, a red frame for a sensor that lies."""

import numpy as np
import pytest

from noetra_ros.core.obstacles import (
    DetectedObject,
    Obstacle,
    ObstacleKind,
    SensorReport,
    SensorVerdict,
    Shape,
)
from noetra_ros.perception.annotation import ALARM, COLOURS, RECOGNISED, Annotator, annotated, outline
from noetra_ros.perception.frames import Pinhole

LENS = Pinhole(100.0, 100.0, 95.5, 71.5)
DOWN = np.array([[0.0, -1.0, 0, 0], [-1.0, 0, 0, 0], [0, 0, -1.0, 1.0], [0, 0, 0, 1.0]])  # 1 m above the base
GREY = np.full((144, 192, 3), 90, np.uint8)
UP = np.array([0.0, 0.0, 0.0, 1.0])
STILL = np.zeros(3)


def sphere(position_m, kind=ObstacleKind.PERSON, radius_m=0.1):
    return Obstacle(1, kind, Shape.SPHERE, position_m, UP, (radius_m, 0, 0), STILL, 0.01, 1.0, 0)


def drawn(obstacles=(), objects=(), report=None, pose=DOWN):
    return annotated(Annotator(GREY, LENS, pose), obstacles, objects, report)


def places(rgb, colour):
    """(rows, columns) of a colour."""
    return np.nonzero((rgb == colour).all(axis=2))


def test_a_person_is_outlined_in_red_where_it_is():
    rows, columns = places(drawn([sphere((0.0, 0.2, 0.0))]), COLOURS[ObstacleKind.PERSON])
    left = 4 * (95.5 - 20.0)  # 0.2 m to the left (y is left), four times enlarged
    assert abs((columns.min() + columns.max()) / 2 - left) < 8
    assert rows.min() == pytest.approx(4 * (71.5 - 10.0), abs=8)


def test_what_lies_behind_the_lens_is_not_drawn():
    assert (drawn([sphere((0.0, 0.0, 1.5))]) == 90).all()


def test_without_a_pose_obstacles_are_left_out():
    assert (drawn([sphere((0.0, 0.0, 0.0))], pose=None) == 90).all()


def test_a_box_around_what_was_recognised():
    nan = np.full(3, np.nan)
    thing = DetectedObject("red_cube", 0.9, "eye", np.array([20.0, 30.0, 40.0, 50.0]), nan, UP, nan)
    rows, columns = places(drawn(objects=[thing]), RECOGNISED)
    assert (columns.min(), columns.max(), rows.max()) == (80, 160, 200)


@pytest.mark.parametrize(("verdict", "is_framed"), [(SensorVerdict.OK, False), (SensorVerdict.FROZEN, True)])
def test_a_sensor_that_lies_has_a_red_frame(verdict, is_framed):
    rgb = drawn(report=SensorReport("eye", verdict, "3 in a row"))
    assert (tuple(rgb[0, 0]) == ALARM) == is_framed


def test_outlines_reach_as_far_as_the_shapes():
    capsule = Obstacle(1, ObstacleKind.OBJECT, Shape.CAPSULE, STILL, UP, (0.1, 0.4, 0.0), STILL, 0.0, 1.0, 0)
    box = Obstacle(1, ObstacleKind.OBJECT, Shape.BOX, STILL, UP, (0.2, 0.4, 0.6), STILL, 0.0, 1.0, 0)
    assert np.ptp(outline(capsule), axis=0) == pytest.approx([0.2, 0.2, 0.6], abs=0.01)
    assert np.ptp(outline(box), axis=0) == pytest.approx([0.2, 0.4, 0.6])
