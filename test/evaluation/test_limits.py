"""The oracle's limits are those of the profile file."""

import numpy as np
import pytest

from noetra_ros.evaluation.limits import limits_of
from noetra_ros.robots.profile import load_robot


def test_arm_limits_come_from_the_profile_in_joint_order():
    limits = limits_of(load_robot("so101"))
    assert limits.names[0] == "shoulder_pan"
    assert limits.names[-1] == "gripper"
    assert limits.lower[0] == load_robot("so101").joints["shoulder_pan"].lower_rad
    assert limits.position_unit == ("rad",) * 6


def test_a_finger_that_slides_is_judged_in_metres():
    limits = limits_of(load_robot("aloha"))
    assert [name for name, unit in zip(limits.names, limits.position_unit, strict=True) if unit == "m"] == [
        "left_gripper", "right_gripper",
    ]  # fmt: skip


def test_base_limits_are_a_twist_without_position():
    limits = limits_of(load_robot("diffbot"))
    assert limits.names == ("vx", "vy", "wz")
    assert limits.velocity[0] == load_robot("diffbot").base.linear_mps
    assert np.isinf(limits.upper).all()
    assert [limits.target_unit(axis) for axis in range(3)] == ["m/s", "m/s", "rad/s"]


def test_braking_time_is_that_of_the_slowest_axis():
    limits = limits_of(load_robot("diffbot"))
    assert limits.braking_time_s == pytest.approx(0.6 / 1.0 + 1.0 / 20.0)


def test_select_reorders():
    limits = limits_of(load_robot("diffbot")).select(("wz", "vx"))
    assert limits.names == ("wz", "vx")
    assert limits.position_unit == ("rad", "m")
