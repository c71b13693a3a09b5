"""Caps of the place of use: speeds and grip are what they leave, never more than the profile's."""

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noetra_ros.robots.profile import load_robot
from noetra_ros.safety.capping import capped
from noetra_ros.safety.limit_settings import LimitSettings
from noetra_ros.safety.limits import channel_limits

ROBOTS = {name: load_robot(name) for name in ("so101", "diffbot")}
LIMITS = [channel_limits(robot, channel) for robot in ROBOTS.values() for channel in robot.channels.values()]


def limits_of(robot, channel=""):
    return channel_limits(ROBOTS[robot], ROBOTS[robot].channel(channel))


def test_a_share_of_speed_leaves_everything_else():
    own = limits_of("so101")
    left = capped(own, LimitSettings(speed_share=0.5))
    assert left.axes[0].velocity == pytest.approx(0.8)  # 2.0 rad/s, of which commands may use 0.8
    assert dataclasses.replace(left, axes=own.axes) == own
    assert dataclasses.replace(left.axes[0], velocity=own.axes[0].velocity) == own.axes[0]


def test_without_caps_nothing_changes():
    assert all(capped(own, LimitSettings()) == own for own in LIMITS)


def test_the_speed_of_a_base_is_capped_and_its_turning_is_not():
    left = capped(limits_of("diffbot"), LimitSettings(base_speed_mps=0.25))
    assert [axis.velocity for axis in left.axes] == [0.25, 0.0, 1.5]
    assert capped(limits_of("diffbot"), LimitSettings(base_speed_mps=9.0)).axes[0].velocity == 0.6


def test_a_base_that_goes_sideways_too_keeps_the_cap_across():
    base = dataclasses.replace(ROBOTS["diffbot"].base, lateral_mps=0.6)
    robot = dataclasses.replace(ROBOTS["diffbot"], base=base)
    left = capped(channel_limits(robot, robot.channel()), LimitSettings(base_speed_mps=0.5))
    assert math.hypot(left.axes[0].velocity, left.axes[1].velocity) == pytest.approx(0.5)


def test_a_cap_of_the_base_is_none_of_a_tool():
    own = limits_of("so101", "tool")
    assert capped(own, LimitSettings(base_speed_mps=0.01)) == own


def test_the_speed_of_a_tool_caps_its_twist_in_any_direction():
    own = limits_of("so101", "tool")
    left = capped(own, LimitSettings(), 0.09)
    assert math.hypot(*(axis.velocity for axis in left.axes[:3])) == pytest.approx(0.09)
    assert left.axes[3:] == own.axes[3:] and left.axes[0].acceleration == own.axes[0].acceleration
    assert capped(own, LimitSettings(), 9.0) == own
    for robot in ("so101", "diffbot"):  # joints: a barrier
        own = limits_of(robot)
        assert capped(own, LimitSettings(), 0.09).axes == own.axes


def test_grip_is_a_share_and_a_force_only_where_it_is_told_in_newton():
    own = limits_of("so101", "gripper")
    caps = LimitSettings(grip_share=0.5, grip_force_n=0.1)
    assert capped(own, caps).effort == (0.5, "Nm")
    in_newton = dataclasses.replace(own, effort=own.effort._replace(most=40.0, unit="N"))
    assert capped(in_newton, LimitSettings(grip_force_n=35.0)).effort == (35.0, "N")
    assert capped(in_newton, LimitSettings(grip_share=0.5, grip_force_n=35.0)).effort == (20.0, "N")


@given(
    st.sampled_from(LIMITS),
    st.floats(0.05, 1.0),
    st.none() | st.floats(0.01, 20.0),
    st.floats(0.05, 1.0),
    st.none() | st.floats(0.1, 1000.0),
    st.floats(0.01, 20.0),
)
def test_caps_never_widen(own, speed_share, base_speed_mps, grip_share, grip_force_n, tool_speed_mps):
    caps = LimitSettings(
        speed_share=speed_share,
        base_speed_mps=base_speed_mps,
        grip_share=grip_share,
        grip_force_n=grip_force_n,
    )
    left = capped(own, caps, tool_speed_mps)
    assert all(a.velocity <= b.velocity for a, b in zip(left.axes, own.axes, strict=True))
    assert own.effort is None or left.effort.most <= own.effort.most
