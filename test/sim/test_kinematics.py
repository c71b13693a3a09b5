"""The expert's kinematics agree with the physics, and solutions keep to the limits."""

import numpy as np
import pytest

from noetra_ros.sim.kinematics import ArmKinematics, ToolPose, pointing_down


@pytest.fixture(scope="module")
def kinematics(arm_profile):
    return ArmKinematics(arm_profile)


def test_tool_point_is_the_same_in_kinematics_and_physics(arm_world, kinematics):
    arm_world.reset(4, "train")
    pose = kinematics.tool_pose(arm_world.joint_state().positions)
    assert pose.point_m == pytest.approx(arm_world.truth().tool_point_m, abs=1e-5)


def test_the_pads_part_as_the_gripper_opens(kinematics):
    assert kinematics.hand.gap_m(0.14) == pytest.approx(0.0285, abs=0.001)
    assert kinematics.hand.gap_m(0.60) > 0.055


@pytest.mark.parametrize("radius_m", [0.17, 0.20, 0.24])
@pytest.mark.parametrize("azimuth_rad", [-0.8, 0.0, 0.8])
def test_solve_reaches_a_grasp(kinematics, radius_m, azimuth_rad):
    start = np.array([0.0, -1.0, 0.9, 0.9, 0.0, 0.6])
    point = np.array([radius_m * np.cos(azimuth_rad), radius_m * np.sin(azimuth_rad), 0.016])
    q = start
    for _ in range(5):
        q = kinematics.solve(q, ToolPose(point, pointing_down(azimuth_rad, 0.0, 0.2)))
    reached = kinematics.tool_pose(q)
    assert reached.point_m == pytest.approx(point, abs=1e-3)
    assert reached.rotation[2, 2] > 0.99  # fingers straight down


def test_out_of_reach_stays_within_limits(kinematics, arm_profile):
    far = ToolPose(np.array([0.9, 0.0, 0.9]), np.eye(3))
    q = kinematics.solve(np.array([0.0, -1.0, 0.9, 0.9, 0.0, 0.6]), far)
    for value, limits in zip(q[:5], arm_profile.joints.values(), strict=False):
        assert limits.lower_rad < value < limits.upper_rad
