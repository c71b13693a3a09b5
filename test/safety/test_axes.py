"""Limits of each kind of axis: those of the profile, less the share and the reserve that commands leave."""

import dataclasses
import math

import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.types import CommandKind
from noetra_ros.robots import load_robot
from noetra_ros.robots.channels import Channel, OpeningLimits
from noetra_ros.safety.axes import axes_of

ARM, BASE = load_robot("so101"), load_robot("diffbot")
SHARE = 0.25


def shared(profile, name="", **changes):
    channel = profile.channel(name)
    return dataclasses.replace(channel, command_share=SHARE, **changes)


def rates(axis):
    return (axis.velocity, axis.acceleration, axis.jerk)


def test_joints_leave_their_share_and_stay_off_their_ends():
    """The reserve lies inside: an arm that overshoots by it still does not hit its stop."""
    channel = shared(ARM, position_reserve_rad=0.05)
    for axis, name in zip(axes_of(ARM, channel), channel.joints, strict=True):
        joint = ARM.joints[name]
        assert (axis.name, axis.unit) == (name, "rad")
        assert axis.lower == joint.lower_rad + 0.05 and axis.upper == joint.upper_rad - 0.05
        told = (joint.velocity_radps, joint.acceleration_radps2, joint.jerk_radps3)
        assert rates(axis) == pytest.approx([SHARE * rate for rate in told])
        assert axis.tracking_error == joint.tracking_error_rad


def test_a_joint_that_slides_is_told_in_metres():
    arms = load_robot("aloha")
    units = {axis.name: axis.unit for axis in axes_of(arms, arms.channel())}
    assert {name for name, unit in units.items() if unit == "m"} == {"left_gripper", "right_gripper"}
    (finger,) = axes_of(arms, arms.channel("left_gripper"))
    assert (finger.unit, finger.lower, finger.upper) == ("m", pytest.approx(0.01844), pytest.approx(0.058))


def test_the_opening_of_a_gripper_has_limits_of_its_own():
    jaw = Channel(
        kind=CommandKind.GRIPPER, topic="hand", message="sensor_msgs/JointState", rate_hz=100.0,
        joints=("gripper",), force_n=40.0, command_share=SHARE,
        opening=OpeningLimits(0.0, 0.08, 0.1, 2.0, 50.0, 0.06, at_zero_m=0.08, per_joint_m=-0.1),
    )  # fmt: skip
    (axis,) = axes_of(ARM, jaw)
    assert (axis.name, axis.unit, axis.lower, axis.upper) == ("gripper", "m", 0.0, 0.08)
    assert rates(axis) == pytest.approx((0.025, 0.5, 12.5)) and axis.tracking_error == 0.06


def test_a_base_has_three_rates_and_no_ends():
    axes, limits = axes_of(BASE, shared(BASE)), BASE.base
    assert [(axis.unit, axis.lower, axis.upper) for axis in axes] == [
        ("m", -math.inf, math.inf), ("m", -math.inf, math.inf), ("rad", -math.inf, math.inf),
    ]  # fmt: skip
    assert rates(axes[0]) == pytest.approx(
        [SHARE * rate for rate in (limits.linear_mps, limits.linear_mps2, limits.linear_mps3)]
    )
    assert rates(axes[2]) == pytest.approx(
        [SHARE * rate for rate in (limits.angular_radps, limits.angular_radps2, limits.angular_radps3)]
    )
    assert axes[1].velocity == SHARE * limits.lateral_mps


def test_three_parts_of_a_twist_together_keep_the_limit_of_the_vector():
    """A tool that goes aslant is as fast as the root of the sum of the squares."""
    axes, limits = axes_of(ARM, shared(ARM, "tool")), ARM.channel("tool").twist
    assert [axis.unit for axis in axes] == ["m"] * 3 + ["rad"] * 3
    told = (limits.linear_mps, limits.linear_mps2, limits.linear_mps3)
    for order, limit in enumerate(told):
        assert math.hypot(*(rates(axis)[order] for axis in axes[:3])) == pytest.approx(SHARE * limit)
    turning = (limits.angular_radps, limits.angular_radps2, limits.angular_radps3)
    for order, limit in enumerate(turning):
        assert math.hypot(*(rates(axis)[order] for axis in axes[3:])) == pytest.approx(SHARE * limit)


def test_a_twist_without_limits_is_an_error():
    with pytest.raises(ConfigError, match="base: got nothing"):
        axes_of(ARM, BASE.channel())
    with pytest.raises(ConfigError, match="twist: got nothing"):
        axes_of(ARM, dataclasses.replace(ARM.channel("tool"), twist=None))
