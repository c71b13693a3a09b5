"""A path is judged before it starts: limits by numbers, stops that begin on the way, the box, barriers."""

import dataclasses

import numpy as np
import pytest
from made_snapshots import TWO_JOINTS
from made_trajectories import NAMES, lines, smooth, smooth_points
from supervised import SETTINGS

from noetra_ros.core.trajectory import Trajectory
from noetra_ros.robots.keep_out import KeepOutBox
from noetra_ros.robots.profile import WorkspaceBox, load_robot
from noetra_ros.safety.limits import AxisLimits, channel_limits
from noetra_ros.safety.projection.answer import Held, Projected
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


def rehearse(goal, duration_s, names, start=HOME - SIDE, profile=ARM, settings=SETTINGS):
    """All of a rehearsal of the SO-101, from one side of a post to the other."""
    trajectory = Trajectory(ARM_LIMITS.names, smooth_points(start, goal, duration_s), 0)
    path = path_of(trajectory, tuple(start), ARM_LIMITS)
    assert judge_limits(path, ARM_LIMITS) is None
    projection = build_projection(names, profile, profile.channel(), ARM_LIMITS, settings) if names else None
    rehearsal = Rehearsal(path, ARM_LIMITS, projection, start)
    count, found = 0, None
    while found is None and not rehearsal.is_over:
        found, count = rehearsal.go_on(), count + 1
    return found, count


def test_a_path_on_which_the_tool_is_too_fast_is_refused_with_the_speed():
    settings = dataclasses.replace(SETTINGS, tool_speed_mps=0.2)
    found, _ = rehearse(HOME + SIDE, 3.0, ("tool_speed",), settings=settings)
    assert "refused: the speed of the tool at " in found.reason and found.reason.endswith(
        "m/s, limit 0.2 m/s"
    )
    assert (found.subject, found.limit, found.unit) == ("the speed of the tool", 0.2, "m/s")
    assert found.measured > 0.2
    assert rehearse(HOME + SIDE, 6.0, ("tool_speed",), settings=settings)[0] is None


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


class Straight:
    """A path in figures: setpoints of the second joint, at rest before them."""

    def __init__(self, *values, period_s=1.0):
        self.setpoints = np.array([(0.0, value) for value in values])
        self.times_s = np.arange(len(values)) * period_s
        self.begin_s = 0.0

    def before(self, periods):
        return tuple(self.setpoints[0].tolist())

    def at(self, time_s):
        return tuple(self.setpoints[0].tolist())


SECONDS = dataclasses.replace(
    TWO_JOINTS,
    period_s=1.0,
    axes=(TWO_JOINTS.axes[0], AxisLimits("elbow", "rad", -2.0, 2.0, 0.5, 8.0, 99.0, 0.25)),
)


@pytest.mark.parametrize(("gap", "is_refused"), [(0.25, False), (-0.25, False), (0.26, True), (-0.26, True)])
def test_it_may_begin_as_far_off_as_a_joint_may_lag(gap, is_refused):
    verdict = judge_start(Straight(0.5), (0.0, 0.5 + gap), SECONDS)
    assert (verdict is not None) is is_refused
    if is_refused:
        assert (verdict.measured, verdict.unit) == (pytest.approx(0.26), "rad")


def test_joints_of_another_number_are_no_start():
    with pytest.raises(ValueError, match="longer"):
        judge_start(Straight(0.5), (0.0,), SECONDS)


@pytest.mark.parametrize(("over", "is_refused"), [(0.5e-12, False), (1.8e-12, True)])
@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_position_limit_is_kept_but_for_rounding(over, is_refused, side):
    slow = dataclasses.replace(
        SECONDS, axes=(SECONDS.axes[0], dataclasses.replace(SECONDS.axes[1], velocity=9.0))
    )
    verdict = judge_limits(Straight(side * (2.0 + over), side * (2.0 + over)), slow)
    assert (verdict is not None) is is_refused
    if is_refused:
        assert verdict.limit == side * 2.0 and "is at" in verdict.reason


@pytest.mark.parametrize(("over", "is_refused"), [(0.5e-7, False), (1.5e-7, True)])
def test_a_rate_is_kept_but_for_rounding(over, is_refused):
    """0.5 rad/s: its ten-millionth may be added."""
    speed = 0.5 * (1.0 + over)
    verdict = judge_limits(Straight(0.0, speed, 2.0 * speed), SECONDS)
    assert (verdict is not None) is is_refused
    if is_refused:
        assert "elbow at 1.000 s moves at 0.5 rad/s, limit 0.5 rad/s" in verdict.reason


@pytest.mark.parametrize(("jump", "is_refused"), [(1.9e-12, False), (2.3e-12, True)])
def test_of_an_axis_that_may_not_move_rounding_alone_moves(jump, is_refused):
    """Two differences of positions, each off by a millionth of a millionth."""
    still = dataclasses.replace(SECONDS.axes[1], velocity=0.0)
    limits = dataclasses.replace(SECONDS, axes=(SECONDS.axes[0], still))
    assert (judge_limits(Straight(0.0, jump), limits) is not None) is is_refused


def test_the_first_instant_beyond_a_limit_is_told_whatever_limit_it_is():
    """Speed at 1 s, position at 2 s; and both at once: the position."""
    both = judge_limits(Straight(1.0, 1.6, 2.1), SECONDS)
    assert "elbow at 1.000 s moves at 0.6" in both.reason and both.limit == 0.5
    at_once = judge_limits(Straight(1.9, 2.5), SECONDS)
    assert "elbow at 1.000 s is at 2.5 rad, limit 2 rad" in at_once.reason
    low = judge_limits(Straight(-1.9, -2.3), SECONDS)
    assert low.limit == -2.0 and low.measured == pytest.approx(-2.3)


def judged_until(path, limits, projection, joints):
    rehearsal, found = Rehearsal(path, limits, projection, joints), None
    while found is None and not rehearsal.is_over:
        found = rehearsal.go_on()
    return found


def test_a_stop_on_the_way_that_ends_beyond_a_limit_is_refused():
    """It turns round just before its limit: as it is, it keeps it; stopped on the way up, it would not."""
    axis = dataclasses.replace(TWO_JOINTS.axes[1], upper=0.2501)
    limits = dataclasses.replace(TWO_JOINTS, axes=(TWO_JOINTS.axes[0], axis))
    there = smooth((0.0, 0.25), 0.4)
    assert judged_until(path_of(there, limits=limits), limits, None, np.zeros(2)) is None
    early = dataclasses.replace(axis, upper=0.1)
    tight = dataclasses.replace(TWO_JOINTS, axes=(TWO_JOINTS.axes[0], early))
    found = judged_until(path_of(there, limits=tight), tight, None, np.zeros(2))
    assert "a stop begun at 0." in found.reason and "would end beyond a position limit" in found.reason


class Counting:
    """A projection that holds from an instant on, and tells how it was asked."""

    def __init__(self, from_call):
        self.calls, self._from = [], from_call

    def apply(self, motion, proposed, scale, joints):
        self.calls.append((motion.sent(), proposed, scale))
        if len(self.calls) < self._from:
            return Projected(proposed)
        return Projected((9.0, 9.0), (Held("the post", "m", -0.25),))


def test_every_setpoint_is_held_against_the_barriers_from_the_one_before():
    barrier, path = Counting(999), path_of(smooth((0.4, -0.6), 1.0))
    assert judged_until(path, TWO_JOINTS, barrier, np.zeros(2)) is None
    assert len(barrier.calls) == len(path.setpoints) - 1
    for row, (sent, proposed, scale) in enumerate(barrier.calls, start=1):
        assert sent == tuple(path.setpoints[row - 1].tolist()) and scale == 1.0
        assert proposed == tuple(path.setpoints[row].tolist())


def test_what_a_barrier_holds_is_told_with_its_instant():
    found = judged_until(path_of(smooth((0.4, -0.6), 1.0)), TWO_JOINTS, Counting(12), np.zeros(2))
    assert found.reason.endswith(
        "the post at 0.120 s: the posture, or a stop begun there, would leave -0.25 m of room"
    )
    assert (found.subject, found.measured, found.limit, found.unit) == ("the post", -0.25, 0.0, "m")


def test_without_joint_states_only_a_robot_without_box_and_barriers_is_rehearsed():
    path = path_of(smooth((0.4, -0.6), 1.0))
    assert judged_until(path, TWO_JOINTS, None, None) is None
    assert "no joint states" in judged_until(path, TWO_JOINTS, Counting(999), None).reason


class PlacedTool:
    """Kinematics of a tool whose height is the second joint."""

    joint_count = 2

    def tool_position(self, values):
        return np.array([0.0, 0.0, values[1]])


@pytest.mark.parametrize(
    ("start", "goal", "is_refused"),
    [(0.0, 0.3, False), (0.0, 0.32, True), (0.5, 0.2, False), (0.5, 0.6, True)],
)
def test_the_tool_stays_in_its_box_or_comes_no_farther_out(start, goal, is_refused):
    box = WorkspaceBox("base", "tool", (-1.0, -1.0, -1.0), (1.0, 1.0, 0.31))
    limits = dataclasses.replace(TWO_JOINTS, tool=PlacedTool(), workspace=box)
    path = path_of(smooth((0.0, goal), 1.0, start=(0.0, start)), (0.0, start), limits)
    found = judged_until(path, limits, None, np.array([0.0, start]))
    assert (found is not None) is is_refused
    if is_refused:
        assert (found.subject, found.limit, found.unit) == ("tool", 0.0, "m") and found.measured > 0.0
