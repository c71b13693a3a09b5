"""Where a base has gone since a scan, by what was sent: against the arc in closed form."""

import dataclasses
import math

import pytest
from made_snapshots import TWIST

from noetra_ros.safety.output import Output
from noetra_ros.safety.reckoning import REMEMBERED, Pose, Reckoning


def test_a_quarter_of_a_circle_in_small_steps():
    """0.5 m/s and 1 rad/s: a circle of 0.5 m."""
    way = Reckoning()
    for k in range(158):
        way.go((0.5, 0.0, 1.0), round(k * 1e7))
    end_ns = round(math.pi / 2 * 1e9)
    assert way.pose_at(end_ns) == pytest.approx((0.5, 0.5, math.pi / 2), abs=1e-5)


def test_what_was_gone_since_is_in_the_frame_of_then():
    way = Reckoning()
    way.go((0.0, 0.0, 1.0), 0)
    way.go((0.4, 0.0, 0.0), round(math.pi / 2 * 1e9))
    began_ns = round(math.pi / 2 * 1e9) + 10**9
    assert way.moved_since(began_ns, began_ns + 10**9) == pytest.approx((0.4, 0.0, 0.0), abs=1e-6)


def test_before_anything_was_sent_nothing_has_moved():
    assert Reckoning().moved_since(0, 10**9) == Pose()


def test_a_base_that_was_sent_nothing_for_long_has_not_driven_on_for_ever():
    """The supervisor was held up for five seconds; the controller stopped the base after half of one."""
    limits = dataclasses.replace(TWIST, controller_timeout_s=0.5)
    output = Output(limits, max_lead_periods=1.5)
    for k in range(1, 4):
        output.send((0.02 * k, 0.0, 0.0), k * 20_000_000)
    output.settle(5_000_000_000)
    assert output.motion.sent() == (0.0, 0.0, 0.0)
    ahead_m = output.reckoning.pose_at(5_000_000_000).x_m
    assert 0.06 * 0.5 < ahead_m < 0.06 * (limits.standing_after_s + 0.1)


@pytest.mark.parametrize("yaw", [0.0, math.pi / 2, -0.7])
def test_a_pose_seen_from_another_one(yaw):
    """Ahead of and to the left of a base that looks along its yaw."""
    base = Pose(1.0, 2.0, yaw)
    ahead = Pose(
        1.0 + math.cos(yaw) - 0.5 * math.sin(yaw), 2.0 + math.sin(yaw) + 0.5 * math.cos(yaw), yaw + 0.3
    )
    assert ahead.seen_from(base) == pytest.approx((1.0, 0.5, 0.3))


def test_at_an_instant_the_twist_that_began_then_holds():
    way = Reckoning()
    way.go((1.0, 0.0, 0.0), 10**9)
    way.go((3.0, 0.0, 0.0), 2 * 10**9)
    for at_s, x_m in ((0.5, 0.0), (1.0, 0.0), (1.5, 0.5), (2.0, 1.0), (2.5, 2.5)):
        assert way.pose_at(round(at_s * 1e9)).x_m == pytest.approx(x_m)


def test_what_is_forgotten_began_where_the_rest_begins():
    way = Reckoning()
    for k in range(REMEMBERED + 10):
        way.go((1.0, 0.0, 0.0), k * 10**9)
    assert way.pose_at(0) == way.pose_at(10 * 10**9) == Pose(10.0, 0.0, 0.0)
    assert REMEMBERED == 256
