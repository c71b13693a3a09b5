"""What is held before walls in joint space, in figures: 2 rad/s, 20 rad/s2, 1000 rad/s3 at 100 Hz."""

import dataclasses
import math

import numpy as np
import pytest
from linear_walls import JOINTS, SPEEDS, Held, SeenWalls, Walls
from made_snapshots import TWIST
from supervised import SETTINGS

from noetra_ros.robots.profile import load_robot
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.projection.answer import UNKNOWN
from noetra_ros.safety.projection.projection import Projection, build_projection, unheld

WALL = (0.5, -1.0, 0.0)  # before the first joint, at 0.5 rad
ROUNDING = 1e-6
BOTH = pytest.mark.parametrize("limits", [JOINTS, SPEEDS], ids=["positions", "velocities"])


def rests(held):
    """Where a stop begun now ends."""
    stop = held.motion.stop_step()
    return np.array(held.motion.rest_after(stop))


@BOTH
@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_joint_comes_up_to_a_wall_and_the_other_goes_on(limits, side):
    """An arm that slid on along the wall while it pressed would scrape whoever stands there."""
    arm = Held((0.5, -side, 0.0), limits=limits)
    wanted = (side * 3.0, 0.7) if limits is JOINTS else (side * 2.0, 0.35)
    for _ in range(200):
        arm.step(wanted)
        assert side * rests(arm)[0] <= 0.5 + 2.0 * ROUNDING
    assert side * arm.at[0] == pytest.approx(0.5, abs=2e-3)
    assert arm.at[1] == pytest.approx(0.7, abs=0.05)
    assert arm.names() == {"wall 0"} and sum(answer.is_stopping for _, answer in arm.answers) <= 12


@BOTH
def test_what_keeps_clear_passes_bit_for_bit(limits):
    arm = Held(WALL, limits=limits)
    goal = (0.4, -0.3) if limits is JOINTS else (0.2, -0.15)
    arm.go(goal, 150)
    assert all(answer.values == proposed and not answer.held for proposed, answer in arm.answers)


def test_it_is_held_as_late_as_it_may_be():
    """From 2 rad/s 0.12 rad until it rests: up to there it goes as fast as it is told."""
    arm = Held(WALL)
    arm.go((3.0, 0.0), 200)
    first = next(k for k, (proposed, answer) in enumerate(arm.answers) if answer.values != proposed)
    free, other = Held((99.0, -1.0, 0.0)), Held(WALL)
    free.go((3.0, 0.0), first)
    other.go((3.0, 0.0), first)
    assert other.at.tolist() == free.at.tolist()
    assert rests(other)[0] > 0.5 - 0.06, "one period more and it would be too late"


def test_what_would_be_left_is_told_of_the_wall_that_held():
    arm = Held(WALL)
    arm.go((3.0, 0.0), 200)
    answer = next(answer for _, answer in arm.answers if answer.held)
    held = answer.held[0]
    assert (held.name, held.unit) == ("wall 0", "m")
    assert -0.1 < held.room < -ROUNDING


def test_of_two_walls_the_one_with_the_least_room_is_told_first():
    arm = Held((0.5, -1.0, 0.0), (0.5, 0.0, -1.0), start=(0.5, 0.45))
    answer = arm.step((3.0, 3.0))
    names = [held.name for held in answer.held]
    rooms = [held.room for held in answer.held]
    assert rooms == sorted(rooms) and names[0] == "wall 0"


def test_a_wall_that_only_the_answer_leans_on_is_told_too():
    """Held away from one, the arm comes up to another."""
    slanted = (0.0, -1.0, 0.4)
    other = (0.001, 0.0, -1.0)
    arm = Held(slanted, other)
    names = set()
    for _ in range(60):
        names |= {held.name for held in arm.step((1.0, 0.3)).held}
    assert names == {"wall 0", "wall 1"}


@BOTH
def test_a_slanted_wall_is_followed_along(limits):
    """Nearest to what is asked for, each joint as a share of its speed: not less of both."""
    arm = Held((0.3, -1.0, -1.0), limits=limits)
    wanted = (3.0, 0.1) if limits is JOINTS else (1.0, -0.3)
    for _ in range(150):
        arm.step(wanted)
        assert rests(arm).sum() <= 0.3 + 2.0 * ROUNDING
    assert arm.at.sum() == pytest.approx(0.3, abs=5e-3)
    if limits is SPEEDS:
        assert arm.at[1] < -0.3 and arm.at[0] > 0.6, "it slides along"


def test_in_a_corner_of_two_walls_it_rests():
    arm = Held((0.2, -1.0, 0.0), (0.2, 0.0, -1.0))
    assert arm.go((3.0, 3.0), 200) == pytest.approx([0.2, 0.2], abs=3e-3)
    assert arm.motion.is_at_rest or max(map(abs, arm.motion.velocity())) < 1e-3


@pytest.mark.parametrize("goal", [(0.2, 0.0), (0.6, 0.3)])
def test_who_stands_in_a_wall_may_come_out_and_go_along(goal):
    """Armed where a person has put it by hand."""
    arm = Held(WALL, start=(0.6, 0.0))
    assert arm.go(goal, 60) == pytest.approx(goal, abs=1e-3)


def test_who_stands_in_a_wall_does_not_go_deeper():
    arm = Held(WALL, start=(0.6, 0.0))
    assert arm.go((3.0, 0.0), 40)[0] <= 0.6 + 1e-4
    assert all(answer.held for _, answer in arm.answers)


def test_two_walls_that_leave_no_room_between_them_stop_the_arm():
    arm = Held((0.5, -1.0, 0.0), (-0.7, 1.0, 0.0), start=(0.6, 0.0))
    arm.go((3.0, 0.0), 30)
    assert arm.at[0] == pytest.approx(0.6, abs=1e-4)
    arm.go((-3.0, 0.0), 30)
    assert arm.at[0] == pytest.approx(0.6, abs=1e-4)


def test_a_wall_that_comes_at_a_moving_arm_stops_it_along_its_way():
    """It was not there before: no motion keeps clear, the arm brakes as hard as it may."""
    arm = Held(walls=SeenWalls())
    arm.go((3.0, 0.0), 30)
    assert arm.motion.velocity()[0] == pytest.approx(2.0, abs=0.2)
    arm.projection.see(arm.at[0] + 0.01)
    stop = arm.motion.stop_step()
    answer = arm.step((3.0, 0.0))
    assert answer.is_stopping and answer.values == stop and answer.held[0].room < 0.0
    for _ in range(40):
        arm.step((3.0, 0.0))
    assert abs(arm.motion.velocity()[0]) < 1e-3


@pytest.mark.parametrize("scale", [1.0, 0.3, 0.05])
def test_the_speed_scale_holds_also_for_what_slides_along_a_wall(scale):
    arm = Held((0.1, -1.0, -0.5))
    for _ in range(60):
        arm.step((3.0, -3.0), scale)
        assert max(map(abs, arm.motion.velocity())) <= 2.0 * scale * (1.0 + 1e-6)


@BOTH
def test_a_room_that_cannot_be_measured_stops(limits):
    arm = Held((math.nan, -1.0, 0.0), limits=limits)
    answer = arm.step((0.1, 0.1))
    assert answer.is_stopping and answer.held == (UNKNOWN,)
    assert answer.values == (0.0, 0.0)


ASIDE = (0.1, 0.0)


@pytest.mark.parametrize(("beside", "end"), [(ASIDE, 0.4), ((-0.1, 0.0), 0.5)])
def test_where_the_arm_was_measured_counts_as_well_as_where_it_was_told_to_be(beside, end):
    """It leans on the table and gives way to the wall: what was sent keeps clear, the gripper does not."""
    arm = Held(WALL)
    assert arm.go((3.0, 0.0), 70, beside=beside)[0] == pytest.approx(end, abs=5e-3)


@pytest.mark.parametrize(("beside_rad", "is_used"), [(0.003, False), (0.0031, True), (-0.0031, True)])
def test_what_it_sags_is_in_the_margin_already(beside_rad, is_used):
    arm = Held(WALL)
    besides = arm.projection._besides(np.array([beside_rad, 0.0]), np.zeros(2))
    assert len(besides) == (2 if is_used else 1)


def test_what_the_controller_makes_of_velocities_is_measured_anyway():
    arm = Held(WALL, limits=SPEEDS)
    assert len(arm.projection._besides(np.array([0.5, 0.0]), np.zeros(2))) == 1


def test_one_that_gave_way_into_a_wall_goes_no_deeper_and_comes_out():
    arm = Held(WALL, start=(0.45, 0.0))
    assert arm.go((3.0, 0.0), 60, beside=ASIDE)[0] <= 0.45 + 1e-4
    assert arm.go((0.0, 0.0), 200, beside=ASIDE)[0] == pytest.approx(0.0, abs=1e-6)


def test_joints_of_other_channels_count_where_they_are():
    limits = JOINTS
    walls = Walls((0.5, -1.0, 0.0, -1.0))
    for other, end in ((0.0, 0.5), (0.3, 0.2)):
        arm = Held(limits=limits, walls=walls)
        for _ in range(80):
            arm.step((3.0, 0.0), joints=(other,), beside=(0.0, 0.0, 0.0))
        assert arm.at[0] == pytest.approx(end, abs=5e-3)


def test_what_is_seen_holds_from_then_on_and_no_longer_than_it_is_there():
    arm = Held(walls=SeenWalls())
    arm.projection.see(0.3)
    arm.go((3.0, 0.0), 100)
    assert arm.at[0] == pytest.approx(0.3, abs=2e-3)
    arm.projection.see(None)
    arm.go((0.6, 0.0), 150)
    assert arm.at[0] == pytest.approx(0.6, abs=1e-6)


def test_a_twin_has_the_same_walls_and_no_body():
    """Of a motion in thought the place that the arm is measured at says nothing."""
    arm = Held(WALL)
    twin = arm.projection.twin()
    motion = ChannelMotion(JOINTS)
    motion.start_at((0.0, 0.0))
    proposed = motion.propose((0.001, 0.0), (0.0, 0.0), 1.0)
    assert twin.apply(motion, proposed, 1.0, np.array([0.7, 0.0])).values == proposed
    assert arm.projection.apply(motion, proposed, 1.0, np.array([0.7, 0.0])).values != proposed
    assert twin.left_out == arm.projection.left_out == ("wall: nobody",)


class Round(Walls):
    """Room to a round post in joint space: its rows are not straight."""

    def __init__(self, middle, radius):
        super().__init__((0.0, 1.0, 1.0))
        self.reach = np.array([[1.0, 1.0]])
        self._middle, self._radius = np.array(middle), radius

    def room(self, positions, rows):
        self._away = positions - self._middle
        return np.array([np.linalg.norm(self._away) - self._radius])[: len(rows)]

    def gradient(self, rows):
        return (self._away / np.linalg.norm(self._away))[np.newaxis][: len(rows)]


@pytest.mark.parametrize("start", [(0.0, 0.05), (0.0, -0.05), (0.0, 0.2)])
def test_round_things_are_gone_around_without_being_met(start):
    arm = Held(walls=Round((0.5, 0.0), 0.2), start=start)
    for _ in range(300):
        arm.step((1.0, start[1]))
        assert np.hypot(*(arm.at - (0.5, 0.0))) >= 0.2 - 5e-6
        assert np.hypot(*(rests(arm) - (0.5, 0.0))) >= 0.2 - 5e-6
    assert bool(arm.names()) is (abs(start[1]) < 0.2)


def test_a_post_beside_the_way_of_a_stop_is_not_clipped():
    """The next posture and the last are clear; between them, while both joints brake, it would be met."""
    arm = Held(walls=Round((0.22, 0.24), 0.05))
    least = math.inf
    for k in range(80):
        arm.step((3.0, 3.0) if k > 3 else (3.0, 0.0))
        after = np.array(arm.motion.positions())
        least = min(least, float(np.hypot(*(after - (0.22, 0.24)))))
    assert least >= 0.05 - 5e-6


def test_it_belongs_to_joints_alone():
    robot, base = load_robot("so101"), load_robot("diffbot")
    channel = robot.channel("gripper")
    assert build_projection(("self_collision",), robot, channel, JOINTS, SETTINGS) is None
    assert build_projection((), robot, robot.channel(), JOINTS, SETTINGS) is None
    assert unheld(("workspace",), base.channel()).endswith("they hold joints, the channel takes base_twist")
    assert unheld(("workspace",), robot.channel()) == ""
    assert TWIST.kind is base.channel().kind


def test_what_it_cannot_watch_is_handed_on():
    assert Projection([Walls(WALL, name="a"), Walls(WALL, name="b")], JOINTS).left_out == (
        "a: nobody", "b: nobody",
    )  # fmt: skip


def test_an_axis_that_does_not_move_at_all_is_no_hindrance():
    stiff = dataclasses.replace(
        JOINTS, axes=(JOINTS.axes[0], dataclasses.replace(JOINTS.axes[1], velocity=0.0))
    )
    arm = Held(WALL, limits=stiff)
    assert arm.go((3.0, 0.5), 200) == pytest.approx([0.5, 0.0], abs=2e-3)


@pytest.mark.parametrize(("over", "is_held"), [(0.5e-6, False), (1.5e-6, True)])
def test_a_millionth_is_forgiven_and_no_more(over, is_held):
    arm = Held(WALL, start=(0.5, 0.0))
    proposed = (0.5 + over, 0.0)
    answer = arm.projection.apply(arm.motion, proposed, 1.0, np.array([0.5, 0.0]))
    assert (answer.values != proposed) is is_held and bool(answer.held) is is_held


def test_inside_a_wall_rounding_does_not_add_up():
    """Else an arm that is told to go deeper a thousand times a minute would, a little each time."""
    arm = Held(WALL, start=(0.6, 0.0))
    assert arm.go((3.0, 0.0), 20)[0] <= 0.6 + 1e-9


@pytest.mark.parametrize("speeds", [(2.0, 0.5), (0.5, -2.0), (1.0, 0.0)])
def test_the_way_of_the_stop_is_looked_at_as_it_is_gone(speeds):
    arm = Held((99.0, -1.0, 0.0), limits=SPEEDS)
    arm.go(speeds, 40)
    arm.motion.observe((0.0, 0.0))
    looks = arm.projection._looks(arm.motion, speeds)
    stopped = ChannelMotion(SPEEDS)
    stopped.start_at((0.0, 0.0))
    stopped._take(*zip(*arm.motion._after(speeds), strict=True))
    way = [np.array(stopped.positions())]
    while not stopped.is_at_rest:
        stopped.commit(stopped.stop_step())
        way.append(np.array(stopped.positions()))
    periods = [look.period for look in looks]
    assert periods[0] == 0 and len(set(periods)) == len(periods) >= 6
    for look in looks:
        assert look.posture == pytest.approx(way[look.period], abs=1e-12)
    assert looks[-1].posture == pytest.approx(way[-1], abs=1e-12)
    steps = np.diff([look.posture for look in looks], axis=0)
    assert np.linalg.norm(steps, axis=1).max() < 0.3 * np.linalg.norm(way[-1])


def test_a_motion_that_still_brakes_is_let_on_by_as_much_as_it_can():
    """Nothing else is found in time: part of what is asked for is better than a stop before every wall."""
    arm = Held((0.3, -1.0, -1.0))
    arm.go((3.0, 0.1), 120)
    assert sum(answer.is_stopping for _, answer in arm.answers) <= 8
    assert arm.at[0] > 0.29 and arm.at.sum() == pytest.approx(0.3, abs=5e-3)
