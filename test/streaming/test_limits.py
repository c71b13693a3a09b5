"""Limits of a stream, out of the profile."""

import pytest

from noetra_ros.streaming.limits import channel_limits


def test_positions_use_a_share_of_the_rates_and_keep_a_reserve_of_the_range(arm):
    limits = channel_limits(arm, arm.channel("arm"), 0.9, 0.01)
    assert limits.names == arm.joint_names
    assert (limits.lower[0], limits.upper[0]) == (-1.89, 1.89)
    assert (limits.first[0], limits.second[0], limits.third[0]) == pytest.approx(
        (0.8 * 1.8, 0.8 * 18.0, 0.8 * 900.0)
    )


def test_twists_are_bounded_by_speed_acceleration_and_jerk(base):
    limits = channel_limits(base, base.channel("base"), 0.5, 0.02)
    assert limits.names == ("vx", "vy", "wz")
    assert limits.upper.tolist() == pytest.approx([0.3, 0.0, 0.75])
    assert limits.first.tolist() == pytest.approx([0.5, 0.5, 1.5])
    assert limits.second.tolist() == pytest.approx([10.0, 10.0, 30.0])
