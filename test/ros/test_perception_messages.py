"""Obstacles keep every value on their way through the message; what cannot be judged is refused."""

import math

import numpy as np
import pytest
from noetra_ros.msg import Obstacle as ObstacleMessage
from noetra_ros.msg import SensorReport as SensorReportMessage

from noetra_ros.core.obstacles import (
    DetectedObject,
    Obstacle,
    ObstacleKind,
    ObstacleScene,
    SensorReport,
    SensorVerdict,
    Shape,
)
from noetra_ros.ros.perception_messages import objects_to_message, scene_from_message, scene_to_message


def obstacle(**changes):
    values = {
        "track_id": 7,
        "kind": ObstacleKind.PERSON,
        "shape": Shape.CAPSULE,
        "position_m": (0.5, -0.1, 0.2),
        "quat_xyzw": (0.0, 0.0, 0.0, 1.0),
        "size_m": (0.05, 0.4, 0.0),
        "velocity_mps": (0.1, 0.2, -0.3),
        "position_std_m": 0.01,
        "score": 0.9,
        "seen_ns": 1_500_000_000,
        "labels": ("bowl", "red_cube"),
    }
    return Obstacle(**(values | changes))


def scene(*obstacles):
    reports = (SensorReport("overhead", SensorVerdict.FROZEN, "12 frames alike"),)
    return ObstacleScene(1_400_000_000, "base_link", obstacles, reports)


def test_a_scene_comes_back_as_it_went():
    back = scene_from_message(scene_to_message(scene(obstacle())))
    assert (back.stamp_ns, back.frame, back.sensors) == (1_400_000_000, "base_link", scene().sensors)
    for name, value in vars(obstacle()).items():
        assert np.array_equal(getattr(back.obstacles[0], name), value), name


def test_an_unknown_velocity_stays_unknown():
    unknown = obstacle(velocity_mps=(math.nan,) * 3)
    back = scene_from_message(scene_to_message(scene(unknown)))
    assert np.isnan(back.obstacles[0].velocity_mps).all()


@pytest.mark.parametrize("field", ["pose.position.x", "size.y", "pose.orientation.w"])
def test_a_pose_or_size_that_is_no_number_is_refused(field):
    message = scene_to_message(scene(obstacle()))
    *path, last = field.split(".")
    part = message.obstacles[0]
    for name in path:
        part = getattr(part, name)
    setattr(part, last, math.nan)
    with pytest.raises(ValueError, match="NaN"):
        scene_from_message(message)


def test_a_negative_size_and_an_unknown_kind_are_refused():
    message = scene_to_message(scene(obstacle()))
    message.obstacles[0].size.x = -0.1
    with pytest.raises(ValueError, match="expected >= 0"):
        scene_from_message(message)
    message.obstacles[0].size.x, message.obstacles[0].kind = 0.1, 9
    with pytest.raises(ValueError, match="9"):
        scene_from_message(message)


def test_what_is_not_known_to_be_a_thing_counts_as_a_person():
    protected = {kind for kind in ObstacleKind if obstacle(kind=kind).is_protected}
    assert protected == {ObstacleKind.PERSON, ObstacleKind.UNKNOWN}


@pytest.mark.parametrize(
    ("message", "prefix", "values"),
    [
        (ObstacleMessage, "KIND", ObstacleKind),
        (ObstacleMessage, "SHAPE", Shape),
        (SensorReportMessage, "VERDICT", SensorVerdict),
    ],
)
def test_the_numbers_are_those_of_the_message(message, prefix, values):
    for value in values:
        assert getattr(message, f"{prefix}_{value.name}") == value.value


def test_an_object_without_depth_says_so():
    thing = DetectedObject(
        label="red_cube",
        score=0.8,
        camera="front",
        box_px=np.array([1.0, 2.0, 3.0, 4.0]),
        position_m=np.full(3, np.nan),
        quat_xyzw=np.array([0.0, 0.0, 0.0, 1.0]),
        size_m=np.full(3, np.nan),
    )
    message = objects_to_message([thing], 5, "base_link")
    assert message.objects[0].label == "red_cube" and math.isnan(message.objects[0].pose.position.x)
    assert list(message.objects[0].box) == [1.0, 2.0, 3.0, 4.0]
