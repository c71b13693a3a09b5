"""What may be sent next, as shares of the speed limits: against the motions that the shares stand for."""

import dataclasses

import numpy as np
import pytest
from linear_walls import JOINTS, SPEEDS

from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.projection.next_values import NextValues

BOTH = pytest.mark.parametrize("limits", [JOINTS, SPEEDS], ids=["positions", "velocities"])
FULL = np.array(JOINTS.column("velocity"))


def moving(limits):
    """Two joints on their way, one of them backwards."""
    motion = ChannelMotion(limits)
    motion.start_at((0.1, 0.2))
    wanted = (3.0, -3.0) if limits is JOINTS else (1.0, -1.0)
    for _ in range(8):
        motion.commit(motion.propose(wanted, (0.0, 0.0), 1.0))
    return motion


@BOTH
def test_the_bounds_are_those_of_the_limits(limits):
    motion = moving(limits)
    may = NextValues(motion, limits, 1.0)
    lows, highs = motion.extremes(1.0)
    assert (may.values(may.low), may.values(may.high)) == (lows, highs)
    assert may.low * FULL == pytest.approx(motion.velocity_after(lows))
    assert may.high * FULL == pytest.approx(motion.velocity_after(highs))
    assert may.values(may.high + 0.5) == highs and may.values(may.low - 0.5) == lows


@BOTH
def test_shares_and_values_are_the_same_thing(limits):
    motion = moving(limits)
    may = NextValues(motion, limits, 1.0)
    middle = 0.5 * (may.low + may.high)
    assert may.shares(may.values(middle)) == pytest.approx(middle)


def test_the_speed_scale_holds():
    may = NextValues(moving(JOINTS), JOINTS, 0.3)
    assert np.abs(may.high).max() <= 1.0
    motion = ChannelMotion(JOINTS)
    motion.start_at((0.0, 0.0))
    assert NextValues(motion, JOINTS, 0.001).high == pytest.approx([0.001, 0.001])


@BOTH
def test_it_tells_how_far_every_posture_of_the_stop_goes_with_the_shares(limits):
    motion = moving(limits)
    may = NextValues(motion, limits, 1.0)
    low, high = (motion.postures_after(may.values(shares)) for shares in (may.low, may.high))
    count = max(len(low), len(high))
    for period in range(count):
        apart = high[min(period, len(high) - 1)] - low[min(period, len(low) - 1)]
        assert may.follows(period) * (may.high - may.low) == pytest.approx(apart)
    assert may.follows(0) == pytest.approx(0.01 * FULL)
    assert (may.follows(count // 2) > 3.0 * may.follows(0)).all(), "a stop carries on what a period begins"
    assert may.follows(-1).tolist() == may.follows(count + 5).tolist()
    rests = np.array(motion.rest_after(may.values(may.high))) - motion.rest_after(may.values(may.low))
    assert may.span == pytest.approx(np.abs(rests))


def test_an_axis_that_must_not_move_follows_nothing():
    axes = (JOINTS.axes[0], dataclasses.replace(JOINTS.axes[1], velocity=0.0))
    limits = dataclasses.replace(JOINTS, axes=axes)
    motion = ChannelMotion(limits)
    motion.start_at((0.0, 0.0))
    may = NextValues(motion, limits, 1.0)
    assert may.span[1] == may.follows(-1)[1] == may.low[1] == may.high[1] == 0.0
    assert may.follows(-1)[0] > 0.0
