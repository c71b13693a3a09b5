"""What can be read of a trajectory, and why the rest is refused."""

import dataclasses
import math

import numpy as np
import pytest
from made_snapshots import TWIST, TWO_JOINTS
from made_trajectories import NAMES, NOTHING, lines, smooth

from noetra_ros.core.trajectory import Trajectory, TrajectoryPoint
from noetra_ros.core.types import CommandKind
from noetra_ros.safety.trajectory.reading import MOST_POINTS, Plan, read
from noetra_ros.safety.verdict import Action, Verdict

GOOD = smooth((0.8, -1.2))


def point(time_s, positions=(0.0, 0.0), velocities=NOTHING, accelerations=NOTHING):
    return TrajectoryPoint(time_s, np.array(positions, float), np.array(velocities), np.array(accelerations))


def of(*points, names=NAMES):
    return Trajectory(names, points, 5)


def test_joints_come_into_the_order_of_the_channel():
    turned = of(
        point(0.0, (1.0, 2.0), (3.0, 4.0), (5.0, 6.0)), point(1.0, (7.0, 8.0)), names=("elbow", "shoulder")
    )
    plan = read(turned, 0.0, TWO_JOINTS)
    assert plan.positions.tolist() == [[2.0, 1.0], [8.0, 7.0]]
    assert (plan.velocities[0].tolist(), plan.accelerations[0].tolist()) == ([4.0, 3.0], [6.0, 5.0])
    assert np.isnan(plan.velocities[1]).all()


@pytest.mark.parametrize(
    ("delay_s", "start_ns", "begun_s"), [(0.0, 5, 0.0), (-2.0, 2 * 10**9 + 5, 0.0), (0.5, 5, 0.5)]
)
def test_its_stamp_says_when_it_starts_or_how_much_of_it_is_over(delay_s, start_ns, begun_s):
    plan = read(dataclasses.replace(GOOD, arrival_ns=5), delay_s, TWO_JOINTS)
    assert (plan.start_ns, plan.begun_s) == (start_ns, begun_s)


def test_before_a_first_point_that_is_due_later_the_way_comes_from_where_the_robot_rests():
    plan = read(of(point(1.0, (0.4, 0.4)), point(2.0, (0.4, 0.4))), 0.0, TWO_JOINTS)
    assert plan.spline((0.0, 0.2)).at(0.5).tolist() == [0.2, pytest.approx(0.3)]


BAD = {
    "of other joints": (of(point(0.0), point(1.0), names=("shoulder", "wrist")), 0.0, "names shoulder, wr"),
    "of too few joints": (of(point(0.0, (1.0,)), point(1.0, (1.0,)), names=("elbow",)), 0.0, "names elbow"),
    "a joint twice": (of(point(0.0), point(1.0), names=("elbow", "elbow")), 0.0, "each of shoulder, elbow"),
    "no names": (of(point(0.0), point(1.0), names=()), 0.0, "names no joint"),
    "positions missing": (of(point(0.0), point(1.0, ())), 0.0, "point 1 has 0 positions for 2 joints"),
    "velocities of one joint": (of(point(0.0, (0, 0), (1.0,)), point(1.0)), 0.0, "point 0 has 1 velocities"),
    "NaN": (of(point(0.0), point(1.0, (0.0, math.nan))), 0.0, "elbow at 1.000 s is nan"),
    "infinite speed": (of(point(0.0, (0, 0), (math.inf, 0.0)), point(1.0)), 0.0, "shoulder at 0.000 s is"),
    "two points at once": (of(point(0.0), point(1.0), point(1.0)), 0.0, "point 2 is due at 1.000 s, aft"),
    "time goes back": (of(point(0.0), point(1.0), point(0.5)), 0.0, "point 2 is due at 0.500 s"),
    "a time before the start": (of(point(-0.1), point(1.0)), 0.0, "point 0 is due at -0.100 s, expected 0"),
    "all over": (GOOD, 1.7, "it came 1.700 s after its start and is over after 1.600 s"),
    "of another clock": (GOOD, -1e9, "a stamp of another clock"),
    "too long": (of(point(0.0), point(400.0)), 0.0, "it takes 400 s, at most 300 s"),
    "too many points": (lines([(0.0, 0.0)] * (MOST_POINTS + 1), 0.01), 0.0, "it has 5001 points, at most"),
}  # fmt: skip


@pytest.mark.parametrize(("trajectory", "delay_s", "words"), BAD.values(), ids=BAD.keys())
def test_it_is_refused_with_a_reason(trajectory, delay_s, words):
    verdict = read(trajectory, delay_s, TWO_JOINTS)
    assert isinstance(verdict, Verdict) and verdict.action is Action.CLAMP and verdict.scale == 0.0
    assert words in verdict.reason


def test_only_joint_positions_are_trajectories():
    assert "the channel takes base_twist" in read(GOOD, 0.0, TWIST).reason


def test_the_good_one_is_read():
    assert isinstance(read(GOOD, 0.0, TWO_JOINTS), Plan)


@pytest.mark.parametrize("kind", [CommandKind.GRIPPER, CommandKind.JOINT_VELOCITY])
def test_channels_of_other_kinds_take_single_commands_only(kind):
    """A gripper's setpoints carry a force; those of a trajectory would go out without one."""
    found = read(GOOD, 0.0, dataclasses.replace(TWO_JOINTS, kind=kind))
    assert isinstance(found, Verdict) and f"the channel takes {kind.value}" in found.reason


@pytest.mark.parametrize(("delay_s", "is_refused"), [(-60.0, False), (-60.1, True), (math.nan, True)])
def test_it_may_start_within_a_minute(delay_s, is_refused):
    found = read(GOOD, delay_s, TWO_JOINTS)
    assert isinstance(found, Verdict) is is_refused
    if delay_s == -60.1:
        assert "it starts in 60.1 s, later than 60 s" in found.reason
        assert (found.measured, found.limit, found.unit) == (60.1, 60.0, "s")


def test_one_that_is_just_over_is_refused():
    assert isinstance(read(GOOD, 1.6, TWO_JOINTS), Verdict)
    assert isinstance(read(GOOD, 1.5999, TWO_JOINTS), Plan)


def test_the_longest_and_the_one_of_most_points_are_read():
    assert isinstance(read(of(point(0.0), point(300.0)), 0.0, TWO_JOINTS), Plan)
    assert isinstance(read(of(point(0.0), point(300.001)), 0.0, TWO_JOINTS), Verdict)
    assert isinstance(read(lines([(0.0, 0.0)] * MOST_POINTS, 0.01), 0.0, TWO_JOINTS), Plan)


def test_a_time_that_does_not_ascend_is_told_with_the_one_before():
    found = read(of(point(0.0), point(1.0), point(2.0), point(1.5)), 0.0, TWO_JOINTS)
    assert "point 3 is due at 1.500 s, after 2.000 s: times have to ascend" in found.reason
