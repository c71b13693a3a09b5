"""What the limits of a channel say of it, beside its axes: made from the shipped robots and changed ones."""

import dataclasses
import math

import pytest
from made_snapshots import TWIST, TWO_JOINTS

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots import load_robot
from noetra_ros.robots.channels import OpeningLimits
from noetra_ros.safety.limits import EffortLimit, channel_limits


def of(robot, channel="", **changes):
    profile = load_robot(robot)
    return channel_limits(profile, dataclasses.replace(profile.channel(channel), **changes))


def test_an_arm_commands_every_joint_in_order():
    arm, gripper = of("so101"), of("so101", "gripper")
    assert arm.is_every_joint and not gripper.is_every_joint and not of("diffbot").is_every_joint
    assert not of("so101", joints=("gripper", "elbow_flex")).is_every_joint
    assert not dataclasses.replace(arm, tool=None).is_every_joint
    assert not dataclasses.replace(TWIST, joint_indices=()).is_every_joint
    assert not dataclasses.replace(TWIST, joint_indices=(0,)).is_every_joint


def test_only_what_moves_the_tool_has_a_workspace():
    for channel, has_tool in (("arm", True), ("tool", True), ("gripper", False)):
        limits = of("so101", channel)
        assert ((limits.tool is not None), (limits.workspace is not None)) == (has_tool, has_tool)
    assert of("diffbot").workspace is None
    profile = dataclasses.replace(load_robot("so101"), workspace=None)
    assert channel_limits(profile, profile.channel("arm")).tool is None


def test_only_a_base_has_a_footprint_and_corners():
    base, arm = of("diffbot"), of("so101")
    assert base.footprint is not None and base.cornering_mps2 == 0.8
    assert arm.footprint is None and arm.cornering_mps2 == math.inf
    profile = load_robot("diffbot")
    anyhow = dataclasses.replace(profile, base=dataclasses.replace(profile.base, cornering_mps2=None))
    assert channel_limits(anyhow, anyhow.channel()).cornering_mps2 == math.inf


def test_a_twist_has_its_frame_and_positions_have_none():
    tool = of("so101", "tool")
    assert (tool.frame, tool.is_tool_frame) == ("base_link", False)
    assert (of("so101").frame, of("so101").is_tool_frame) == ("", False)
    profile = load_robot("so101")
    twist = dataclasses.replace(profile.channel("tool").twist, frame=profile.workspace.tool_link)
    assert of("so101", "tool", twist=twist).is_tool_frame


def test_a_tool_frame_needs_a_box_to_know_the_tool():
    profile = load_robot("so101")
    twist = dataclasses.replace(profile.channel("tool").twist, frame=profile.workspace.tool_link)
    channel = dataclasses.replace(profile.channel("tool"), twist=twist)
    assert channel_limits(dataclasses.replace(profile, workspace=None), channel).is_tool_frame is False


def test_the_hardest_grip_is_a_force_or_a_torque():
    assert of("so101", "gripper").effort == EffortLimit(1.0, "Nm")
    assert of("so101", "gripper", force_n=15.0, effort_nm=None).effort == EffortLimit(15.0, "N")
    assert of("so101").effort is None and of("so101", "gripper", effort_nm=None).effort is None


def test_only_an_arm_may_be_sent_for_long():
    assert of("so101", "arm_trajectory").takes_trajectories is True
    assert of("so101").takes_trajectories is False
    message = "trajectory_msgs/JointTrajectory"
    assert of("so101", "gripper", message=message).takes_trajectories is False


def test_positions_are_no_openings_unless_told():
    opening = OpeningLimits(0.0, 0.08, 0.2, 1.0, 20.0, 0.01, 0.004, 0.05)
    assert of("so101", "gripper").opening is None
    limits = of("so101", "gripper", opening=opening)
    assert limits.opening == (opening.at_zero_m, opening.per_joint_m)


def test_the_arm_of_a_mobile_robot_has_no_ground_of_its_own():
    profile = dataclasses.replace(load_robot("so101"), base=load_robot("diffbot").base)
    arm = channel_limits(profile, profile.channel("arm"))
    assert (arm.footprint, arm.cornering_mps2) == (None, math.inf)


def test_people_are_watched_around_joints_alone():
    profile = load_robot("so101")
    body = channel_limits(profile, profile.channel("arm"), watch_people=True).body
    assert body is not None and (body.joint_indices, body.base_frame) == (
        (0, 1, 2, 3, 4, 5),
        profile.base_frame,
    )
    assert channel_limits(profile, profile.channel("arm")).body is None
    with pytest.raises(ConfigError, match="joint positions only"):
        channel_limits(profile, profile.channel("gripper"), watch_people=True)


def test_a_base_stands_after_its_controller_and_its_slowest_braking():
    """0.5 s; 0.6 m/s at 1 m/s2 and 0.05 s of jerk, against 1.5 rad/s at 3 rad/s2 and 0.05 s."""
    timed = dataclasses.replace(TWIST, controller_timeout_s=0.5)
    assert timed.standing_after_s == pytest.approx(0.5 + 0.6 + 0.05)
    assert TWIST.standing_after_s == math.inf
    assert dataclasses.replace(TWO_JOINTS, controller_timeout_s=0.5).standing_after_s == math.inf
    assert (TWO_JOINTS.is_tool_frame, TWO_JOINTS.takes_trajectories) == (False, False)
