from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from noetra_ros.core.types import CameraFrame
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.history import PRESENT, History
from noetra_ros.policy.observation import joints_in_order, joints_over_time, picture, pictures
from noetra_ros.policy.spec import CameraNeed

FRONT = CameraNeed("front", 96, 96)


def test_joints_come_in_the_order_asked_for(observation):
    got = joints_in_order(observation, ("gripper", "shoulder_pan"))
    assert got.tolist() == [observation.joints.positions[5], observation.joints.positions[0]]


def test_missing_joints_are_all_named(observation):
    with pytest.raises(PolicyError, match="lacks joints thumb, toe"):
        joints_in_order(observation, ("thumb", "gripper", "toe"))


def test_a_joint_that_is_not_finite_is_refused(observation):
    bad = replace(observation.joints, positions=np.array([0, 0, np.nan, 0, 0, 0]))
    with pytest.raises(PolicyError, match="not finite"):
        joints_in_order(replace(observation, joints=bad), ("elbow_flex",))


def test_a_missing_camera_is_named(without_camera):
    with pytest.raises(PolicyError, match="lacks camera 'wrist'; it has front"):
        picture(without_camera, CameraNeed("wrist", 96, 96))


@pytest.mark.parametrize("wrong", [np.zeros((48, 96, 3), np.uint8), np.zeros((96, 96, 3), np.float32)])
def test_another_size_or_type_is_refused(observation, wrong):
    frames = {"front": CameraFrame(0, "front", wrong)}
    with pytest.raises(PolicyError, match="expected \\(96, 96, 3\\) uint8"):
        picture(replace(observation, frames=frames), FRONT)


def test_a_model_that_resizes_by_itself_takes_any_size(observation):
    need = replace(FRONT, width_px=512, height_px=512, resizes_itself=True)
    assert picture(observation, need).shape == (96, 96, 3)


def test_joints_over_time_come_oldest_first(observation):
    before = replace(observation.joints, positions=observation.joints.positions - 1.0)
    seen = replace(observation, past_joints=(before,))
    got = joints_over_time(seen, ("gripper",), History(2, 0.1))
    assert got.tolist() == [[before.positions[5]], [observation.joints.positions[5]]]


def test_a_missing_instant_is_not_made_up(observation):
    with pytest.raises(PolicyError, match="joints at 1 instants, expected 2"):
        joints_over_time(observation, ("gripper",), History(2, 0.1))
    with pytest.raises(PolicyError, match="0 frames of camera 'front', expected 2"):
        pictures(observation, replace(FRONT, history=History(2, 0.1)))


def test_pictures_over_time_are_those_of_the_video(observation):
    front = observation.frames["front"]
    before = replace(front, rgb=front.rgb // 2)
    seen = replace(observation, videos={"front": (before, front)})
    got = pictures(seen, replace(FRONT, history=History(2, 0.1)))
    np.testing.assert_array_equal(got, [before.rgb, front.rgb])
    np.testing.assert_array_equal(pictures(seen, replace(FRONT, history=PRESENT)), [front.rgb])
