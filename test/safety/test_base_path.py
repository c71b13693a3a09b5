"""The way of a base until it rests: no gap that a leg fits into, and the end that the limiter gives."""

import numpy as np
import pytest
from made_snapshots import TWIST

from noetra_ros.safety import base_path
from noetra_ros.safety.base_path import (
    STEP_M,
    placed_at,
    poses_until_rest,
    seen_from_poses,
    speeds_until_rest,
)
from noetra_ros.safety.limiter import AxisMotion, stop_velocity
from noetra_ros.safety.reckoning import Pose

REACH_M, GOES_ON_S = 0.4, 0.12
RIM = REACH_M * np.column_stack([np.cos(np.linspace(0, 6.2, 16)), np.sin(np.linspace(0, 6.2, 16))])


def motions(rng):
    return [
        AxisMotion(0.0, rng.uniform(-axis.velocity, axis.velocity), rng.uniform(-1, 1) * axis.acceleration)
        for axis in TWIST.axes
    ]


@pytest.mark.parametrize("seed", range(20))
def test_no_point_of_the_rim_goes_farther_than_a_step_between_two_poses(seed):
    rng = np.random.default_rng(seed)
    poses, _ = poses_until_rest(motions(rng), TWIST.axes, TWIST.period_s, GOES_ON_S, REACH_M)
    rims = np.array([placed_at(RIM, pose) for pose in poses])
    assert np.hypot(*np.moveaxis(np.diff(rims, axis=0), -1, 0)).max() <= STEP_M * (1 + 1e-9)
    assert len(poses) < 120


@pytest.mark.parametrize("seed", range(5))
def test_it_ends_where_the_limiter_brings_it_to_rest(seed):
    """Each axis stepped by hand, the pose added up in a thousand pieces of each period."""
    state = motions(np.random.default_rng(seed))
    poses, _ = poses_until_rest(state, TWIST.axes, TWIST.period_s, GOES_ON_S, REACH_M)
    place, yaw, twist, duration_s = 0j, 0.0, [m.velocity for m in state], GOES_ON_S
    while any(abs(v) > 1e-12 for v in twist):
        for _ in range(1000):
            yaw += twist[2] * duration_s / 2000
            place += (twist[0] + 1j * twist[1]) * np.exp(1j * yaw) * duration_s / 1000
            yaw += twist[2] * duration_s / 2000
        sent = [stop_velocity(m, axis, TWIST.period_s) for m, axis in zip(state, TWIST.axes, strict=True)]
        state = [
            AxisMotion(0.0, v, (v - m.velocity) / TWIST.period_s) for m, v in zip(state, sent, strict=True)
        ]
        twist, duration_s = sent, TWIST.period_s
    assert poses[-1] == pytest.approx([place.real, place.imag, yaw], abs=1e-4)


def test_a_base_at_rest_stays_where_it_is():
    poses, _ = poses_until_rest([AxisMotion()] * 3, TWIST.axes, TWIST.period_s, GOES_ON_S, REACH_M)
    assert not poses.any()


def test_what_is_seen_from_a_pose_and_placed_back_is_the_same():
    points = np.array([[1.0, 0.2], [-0.4, 2.0]])
    pose = Pose(0.3, -0.2, 0.7)
    assert placed_at(seen_from_poses(points, np.array([pose]))[0], pose) == pytest.approx(points)


def poses(speed, goes_on_s, turning=0.0, reach_m=REACH_M):
    moved = [AxisMotion(0.0, speed, 0.0), AxisMotion(), AxisMotion(0.0, turning, 0.0)]
    return poses_until_rest(moved, TWIST.axes, TWIST.period_s, goes_on_s, reach_m)[0]


def test_a_held_twist_is_looked_at_every_two_centimetres():
    """0.5 m/s for 0.2 s: 10 cm in five steps, and then the stop."""
    way = poses(0.5, 0.2)[:, 0]
    assert way[:6] == pytest.approx([0.0, 0.02, 0.04, 0.06, 0.08, 0.1])
    assert np.diff(way[6:-1]).min() > 0.009, "no more poses than it takes"
    assert np.diff(way).max() <= STEP_M + 1e-12 and STEP_M == 0.02


def test_a_turn_is_looked_at_by_the_way_of_the_rim():
    """1 rad/s for 0.19 s with 0.4 m of reach: 7.6 cm of the rim in four steps."""
    assert poses(0.0, 0.19, 1.0)[:5, 2] == pytest.approx([0.0, 0.0475, 0.095, 0.1425, 0.19])
    both = poses(0.3, 0.19, 1.0)
    assert both[7, 2] == pytest.approx(0.19), "13.3 cm in seven steps"


def test_what_is_left_of_a_held_way_counts_for_the_next_pose():
    """3 cm in two steps, then 2.8 mm a period: no pose is due yet."""
    assert poses(0.15, 0.2)[:3, 0] == pytest.approx([0.0, 0.015, 0.0328], abs=3e-4)


def test_a_way_of_exactly_one_step_is_one_step():
    assert poses(0.5, 0.04)[1, 0] == pytest.approx(0.02)


def test_a_stop_goes_on_from_the_speed_of_the_step_before():
    """From rest with an acceleration under way: the base still moves."""
    speeds = speeds_until_rest(AxisMotion(0.0, 0.0, 0.5), TWIST.axes[0], TWIST.period_s)
    assert speeds[0] > 0.0 and speeds[-1] == pytest.approx(0.0, abs=1e-12)
    assert speeds_until_rest(AxisMotion(), TWIST.axes[0], TWIST.period_s) == []


def test_a_stop_without_end_has_a_bound(monkeypatch):
    monkeypatch.setattr(base_path, "MAX_BRAKING_STEPS", 5)
    assert len(speeds_until_rest(AxisMotion(0.0, 0.5, 0.0), TWIST.axes[0], TWIST.period_s)) == 5


def test_each_pose_comes_with_its_time():
    """0.5 m/s for 0.2 s: a pose each 0.04 s; then the stop, which the limiter ends after as many periods."""
    moved = [AxisMotion(0.0, 0.5, 0.0), AxisMotion(), AxisMotion()]
    way, times_s = poses_until_rest(moved, TWIST.axes, TWIST.period_s, 0.2, REACH_M)
    assert times_s[:6] == pytest.approx([0.0, 0.04, 0.08, 0.12, 0.16, 0.2])
    periods = len(speeds_until_rest(moved[0], TWIST.axes[0], TWIST.period_s))
    assert times_s[-1] == pytest.approx(0.2 + periods * TWIST.period_s)
    assert len(way) == len(times_s) and (np.diff(times_s) > 0.0).all()
    assert np.interp(0.1, times_s, way[:, 0]) == pytest.approx(0.05)
