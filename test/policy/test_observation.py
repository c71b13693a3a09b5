from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from noetra_ros.core.types import CameraFrame
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.observation import joints_in_order, picture
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
