"""A path is judged before it starts: limits by numbers, stops that begin on the way, the box, barriers."""

import dataclasses

import numpy as np
import pytest
from made_snapshots import TWO_JOINTS
from made_trajectories import NAMES, lines, smooth, smooth_points
from supervised import SETTINGS

from noetra_ros.core.trajectory import Trajectory
from noetra_ros.robots.keep_out import KeepOutBox
from noetra_ros.robots.profile import load_robot
from noetra_ros.safety.limits import channel_limits
from noetra_ros.safety.projection.projection import build_projection
from noetra_ros.safety.trajectory.judging import Rehearsal, judge_limits, judge_start
from noetra_ros.safety.trajectory.path import Path
from noetra_ros.safety.trajectory.reading import read

REST = (0.0, 0.0)
POST = KeepOutBox((0.18, -0.03, 0.0), (0.24, 0.03, 0.30))
ARM = dataclasses.replace(load_robot("so101"), keep_out={"post": POST})
ARM_LIMITS = channel_limits(ARM, ARM.channel())
HOME = np.array([ARM.sim.home[name] for name in ARM.joint_names])
SIDE = np.array([1.0, 0.0, 0.0, 0.0, 0.0, 0.0])


def path_of(trajectory, start=REST, limits=TWO_JOINTS, delay_s=0.0):
    plan = read(trajectory, delay_s, limits)
    return Path(plan.spline(start), plan.begun_s, limits)


def test_a_path_within_all_limits_has_nothing_against_it():
    path = path_of(smooth((0.8, -1.2)))
    assert judge_start(path, REST, TWO_JOINTS) is None
    assert judge_limits(path, TWO_JOINTS) is None


def test_it_begins_where_the_robot_is():
    verdict = judge_start(path_of(smooth((0.8, -1.2))), (0.0, 0.31), TWO_JOINTS)
    assert "elbow begins at 0 rad, the robot is at 0.31 rad: 0.31 rad apart, limit 0.3 rad" in verdict.reason
    assert (verdict.subject, verdict.limit) == ("elbow", 0.3)
    assert judge_start(path_of(smooth((0.8, -1.2))), (0.0, 0.29), TWO_JOINTS) is None


@pytest.mark.parametrize(
    ("trajectory", "words", "limit"),
    [
        # Beyond the position limit of 1 rad while the limit of 2 rad/s is far: 1.1 rad in 3 s.
        (smooth((1.1, 0.0), 3.0), "shoulder at 2.", 1.0),
        # A quintic from rest to rest is fastest in the middle: 1.875 times its mean.
        (smooth((0.0, 1.6), 1.4), "elbow at 0.", 2.0),
        # Its acceleration is at most 5.774 times length over time squared: 0.2 rad in 0.22 s is 23.9.
        (smooth((0.2, 0.0), 0.22), "shoulder at 0.", 20.0),
    ],
    ids=["position", "velocity", "acceleration"],
)
def test_beyond_a_limit_joint_time_found_and_limit_are_told(trajectory, words, limit):
    verdict = judge_limits(path_of(trajectory), TWO_JOINTS)
    assert words in verdict.reason and f"limit {limit:.4g} rad" in verdict.reason
    assert verdict.limit == limit and verdict.measured > limit


def test_the_corner_between_two_lines_is_a_jump_of_the_velocity():
    """0.05 rad in 0.5 s is 0.1 rad/s from rest: 10 rad/s2 within one period, and 1000 rad/s3."""
    assert judge_limits(path_of(lines([REST, (0.05, 0.0)], 0.5)), TWO_JOINTS) is None
    verdict = judge_limits(path_of(lines([REST, (0.051, 0.0)], 0.5)), TWO_JOINTS)
    assert "shoulder at 0.010 s has a jerk of 1020 rad/s3, limit 1000 rad/s3" in verdict.reason


def test_a_motion_that_does_not_end_at_rest_is_refused():
    points = smooth_points(REST, (0.5, 0.0), 1.0)
    verdict = judge_limits(path_of(Trajectory(NAMES, points[:6], 0)), TWO_JOINTS)
    assert "shoulder at 0.630 s accelerates at 42.67 rad/s2, limit 20 rad/s2" in verdict.reason


def test_numbers_too_large_to_reckon_with_are_refused():
    with np.errstate(all="ignore"):
        verdict = judge_limits(path_of(lines([REST, (1e308, -1e308), REST], 1e-9)), TWO_JOINTS)
    assert verdict is not None and verdict.scale == 0.0


def test_of_a_trajectory_that_is_partly_over_only_the_rest_is_judged():
    """The first second leads out of the limits; the rest begins at rest within them."""
    there, back = smooth_points(REST, (1.3, 0.0), 1.5), smooth_points((1.3, 0.0), (0.5, 0.0), 1.5)
    late = [dataclasses.replace(p, time_s=p.time_s + 1.5) for p in back[1:]]
    both = Trajectory(NAMES, (*there, *late), 0)
    assert judge_limits(path_of(both), TWO_JOINTS) is not None
    assert judge_limits(path_of(both, delay_s=2.9), TWO_JOINTS) is None


def rehearse(goal, duration_s, names, start=HOME - SIDE, profile=ARM):
    """All of a rehearsal of the SO-101, from one side of a post to the other."""
    trajectory = Trajectory(ARM_LIMITS.names, smooth_points(start, goal, duration_s), 0)
    path = path_of(trajectory, tuple(start), ARM_LIMITS)
    assert judge_limits(path, ARM_LIMITS) is None
    projection = build_projection(names, profile, profile.channel(), ARM_LIMITS, SETTINGS) if names else None
    rehearsal = Rehearsal(path, ARM_LIMITS, projection, start)
    count, found = 0, None
    while found is None and not rehearsal.is_over:
        found, count = rehearsal.go_on(), count + 1
    return found, count


def test_a_barrier_in_the_middle_of_the_path_is_found_before_it_starts():
    found, count = rehearse(HOME + SIDE, 4.0, ("keep_out",))
    assert found.subject.endswith("post") and found.unit == "m" and "of room" in found.reason
    assert 0 < count < 4.0 / 0.01 / 20  # looked at in parts; not one of them is the end


def test_both_sides_of_the_barrier_are_free():
    assert rehearse(HOME - 0.5 * SIDE, 4.0, ("keep_out",)) == (None, 21)


def test_the_box_of_the_tool_is_looked_at_without_barriers_too():
    down = HOME + np.array([0.0, 0.9, 0.3, 0.0, 0.0, 0.0])
    found, _ = rehearse(down, 4.0, (), start=HOME)
    assert "outside the workspace" in found.reason and found.subject == "tool"


def test_where_the_robot_is_not_known_nothing_near_a_box_starts():
    path = path_of(
        Trajectory(ARM_LIMITS.names, smooth_points(HOME, HOME - SIDE, 4.0), 0), tuple(HOME), ARM_LIMITS
    )
    assert "no joint states" in Rehearsal(path, ARM_LIMITS, None, None).go_on().reason


@pytest.mark.parametrize("duration_s", [0.06, 0.11, 0.5, 1.6])
@pytest.mark.parametrize("shift_s", [0.0, 0.003, 0.005])
def test_no_instant_of_a_path_is_faster_than_it_says(duration_s, shift_s):
    """At reduced speed setpoints lie closer on the path, and one pair of them on its fastest part."""
    path = path_of(smooth((0.02, -0.01), duration_s), delay_s=shift_s)
    times_s = np.arange(path.begin_s, path.end_s, 1e-4)
    places = np.array([path.at(time_s) for time_s in times_s])
    speeds = np.abs(np.diff(places, axis=0)) / 1e-4
    shares = (speeds / np.array(TWO_JOINTS.column("velocity"))).max(axis=1)
    from_here = np.maximum.accumulate(shares[::-1])[::-1]
    said = np.array([path.speed_share_from(time_s) for time_s in times_s[:-1]])
    assert (said >= from_here - 1e-9).all()
