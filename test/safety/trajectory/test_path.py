"""Setpoints of a path, and what is said of its speed: never less than it takes anywhere."""

import dataclasses

import numpy as np
import pytest
from made_snapshots import TWO_JOINTS
from made_trajectories import lines, smooth

from noetra_ros.safety.trajectory.path import HELD, Path
from noetra_ros.safety.trajectory.reading import read

DT_S = 0.01


def path_of(trajectory, start=(0.0, 0.0), delay_s=0.0, limits=TWO_JOINTS):
    plan = read(trajectory, delay_s, limits)
    return Path(plan.spline(start), plan.begun_s, limits)


@pytest.mark.parametrize(
    ("duration_s", "delay_s", "count"),
    [(1.6, 0.0, 161), (1.604, 0.0, 162), (1.6, 0.4, 121), (1.6, 0.405, 121), (0.3, 0.0, 31)],
)
def test_setpoints_reach_from_the_begin_to_the_end_and_hold_it(duration_s, delay_s, count):
    path = path_of(smooth((0.4, -0.6), duration_s), delay_s=delay_s)
    assert HELD == 3 and len(path.times_s) == len(path.setpoints) == count + HELD
    assert path.times_s[:2] == pytest.approx([delay_s, delay_s + DT_S])
    assert path.times_s[-1 - HELD] >= path.end_s - 1e-9 > path.times_s[-2 - HELD]
    assert path.setpoints[-1].tolist() == [0.4, -0.6]
    assert path.setpoints[0] == pytest.approx(path.at(delay_s))


def test_before_its_begin_it_is_where_it_was_then():
    path = path_of(smooth((0.4, -0.6)), delay_s=0.8)
    assert path.before(2) == path.at(0.78) != path.at(0.8)
    assert path_of(smooth((0.4, -0.6))).before(3) == (0.0, 0.0)


LINE = lines([(0.0, 0.0), (0.5, 0.0), (0.5, -0.8), (0.5, -0.8)], 1.0)  # 0.5 rad/s, 0.8 rad/s, rest


@pytest.mark.parametrize(
    ("time_s", "share"),
    [(0.5, 0.4), (1.5, 0.4), (1.95, 0.4), (2.5, 0.0), (9.0, 0.0), (-5.0, 0.6)],
)
def test_the_share_is_the_highest_from_there_on(time_s, share):
    """Of 2 rad/s; where a part begins or ends half of the change is added: 0.4 + 0.5 * 0.4 at most."""
    told = path_of(LINE).speed_share_from(time_s)
    assert share <= told <= (0.6 if share else 0.0) + 1e-9
    if 0.0 < time_s < 1.9:
        assert told == pytest.approx(0.6)


def test_what_is_said_at_a_setpoint_counts_from_the_one_before():
    """A slowed run is not in step with the setpoints: between two of them it may meet the faster part."""
    path = path_of(LINE)
    last = max(k for k in range(400) if path.speed_share_from(k * DT_S + 1e-6) > 0.0)
    assert 201 <= last <= 203


def test_a_corner_adds_half_of_its_change_on_both_sides():
    path = path_of(lines([(0.0, 0.0), (0.5, 0.0), (0.5, 0.0)], 1.0))
    shares = [path.speed_share_from(0.995), path.speed_share_from(0.5)]
    assert shares == pytest.approx([0.25 + 0.125, 0.375])
    assert path.speed_share_from(1.5) == 0.0


def test_the_pace_changes_by_what_the_slowest_axis_leaves():
    """0.5 rad/s of the first joint with 20 rad/s2 and 1000 rad/s3: 40 and 2000 per s of the path."""
    path = path_of(lines([(0.0, 0.0), (0.5, 0.25)], 1.0))
    assert (path.slowing.acceleration, path.slowing.jerk) == pytest.approx((40.0, 2000.0))
    assert (path.speeding_up.acceleration, path.speeding_up.jerk) == pytest.approx((20.0, 1000.0))
    assert (path.slowing.lower, path.slowing.upper, path.slowing.velocity) == (0.0, np.inf, 1.0)
    weak = dataclasses.replace(TWO_JOINTS.axes[1], acceleration=5.0, jerk=100.0)
    limits = dataclasses.replace(TWO_JOINTS, axes=(TWO_JOINTS.axes[0], weak))
    slow = path_of(lines([(0.0, 0.0), (0.5, 0.25)], 1.0), limits=limits)
    assert (slow.slowing.acceleration, slow.slowing.jerk) == pytest.approx((20.0, 400.0))


def test_a_path_that_stands_still_may_change_its_pace_at_once():
    path = path_of(lines([(0.0, 0.0), (0.0, 0.0)], 1.0))
    assert path.slowing.acceleration == pytest.approx(20.0 / 1e-9) and path.speed_share_from(0.0) == 0.0
