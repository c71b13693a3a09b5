"""Whole trajectories through the supervisor: carried out, slowed, stopped, replaced, refused."""

import dataclasses
import math

import numpy as np
import pytest
from made_snapshots import TWO_JOINTS
from made_trajectories import NAMES, lines, smooth, smooth_points, way
from obstacles_around import obstacle, scene
from supervised import PERIOD_NS, WATCHING, Arm

from noetra_ros.core.obstacles import ObstacleKind, Shape
from noetra_ros.core.trajectory import Trajectory
from noetra_ros.robots.profile import load_robot
from noetra_ros.safety.limits import channel_limits
from noetra_ros.safety.modes import Mode
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.projection.projection import build_projection
from noetra_ros.safety.trajectory.execution import Execution
from noetra_ros.safety.verdict import Action, Verdict

GOAL = (0.8, -1.2)
LENGTH = np.array(GOAL)
TRACK_RAD = 0.004  # a slowed motion keeps its path by this


class Told:
    """A check that says what the test says."""

    action, scale = Action.PASS, 1.0

    def evaluate(self, _):
        return Verdict("told", self.action, "the test says so" if self.action else "", self.scale)


@pytest.fixture
def arm():
    told = Told()
    arm = Arm(extra={"told": told})
    arm.told = told
    arm.start()
    return arm


def give(arm, trajectory, delay_s=0.0):
    """It arrives now."""
    trajectory = dataclasses.replace(trajectory, arrival_ns=arm.now_ns)
    return arm.take(arm.supervisor.on_trajectory(trajectory, delay_s))


def steps(arm, count):
    for _ in range(count):
        arm.step()


def told_of(arm):
    return [event.verdict.reason for event in arm.events if event.verdict.check == "trajectory"]


def off_line_rad(arm):
    """Largest distance of what was sent from the straight way between 0 and `GOAL` on which it should be."""
    sent = np.array(arm.sent)
    share = sent @ LENGTH / (LENGTH @ LENGTH)
    return float(np.abs(sent - share[:, np.newaxis] * LENGTH).max())


def test_it_is_sent_setpoint_by_setpoint_and_left_at_rest(arm):
    give(arm, smooth(GOAL, 1.6))
    steps(arm, 8)  # 163 setpoints are judged in parts of 20: none is sent before all are
    assert len(arm.sent) == 1
    steps(arm, 292)
    first = next(i for i, values in enumerate(arm.sent) if values.any())
    for k, values in enumerate(arm.sent[first : first + 160], start=1):
        assert values == pytest.approx(LENGTH * way(k / 160)[0], abs=1e-12)
    assert arm.sent[-1].tolist() == list(GOAL)
    assert told_of(arm) == [
        "a trajectory of 9 points begins, 1.600 s", "the trajectory is done after 1.600 s of path",
    ]  # fmt: skip
    assert arm.supervisor.counters.interventions == 0
    arm.judge()


def test_no_command_is_missing_while_it_runs_and_after_it(arm):
    give(arm, smooth(GOAL, 1.6))
    steps(arm, 1000)
    assert arm.supervisor.mode is Mode.ACTIVE
    arm.step(GOAL)
    steps(arm, 20)  # a single command: from it on they have to keep coming
    assert arm.supervisor.mode is Mode.PROTECTIVE_STOP
    assert "no command for" in arm.supervisor.report(arm.now_ns).reason


def test_a_channel_of_trajectories_waits_for_the_first_one():
    for takes, mode in ((True, Mode.ACTIVE), (False, Mode.PROTECTIVE_STOP)):
        arm = Arm()
        limits = dataclasses.replace(TWO_JOINTS, takes_trajectories=takes)
        arm.supervisor._execution._limits = limits
        arm.start()
        steps(arm, 30)
        assert arm.supervisor.mode is mode


@pytest.mark.parametrize("scale", [0.05, 0.3, 0.7])
@pytest.mark.parametrize("first", [25, 60, 90, 130])
def test_slowed_down_it_keeps_its_path_and_picks_up_again(arm, first, scale):
    give(arm, smooth(GOAL, 1.6))
    steps(arm, first)
    arm.told.action, arm.told.scale = Action.SLOW, scale
    steps(arm, 60)
    speed = np.abs(arm.sent[-1] - arm.sent[-2]) / 0.01
    assert (speed <= scale * np.array(TWO_JOINTS.column("velocity")) + 1e-6).all()
    arm.told.action, arm.told.scale = Action.PASS, 1.0
    steps(arm, 400)
    assert arm.sent[-1].tolist() == list(GOAL)
    assert off_line_rad(arm) < TRACK_RAD
    assert "is done" in told_of(arm)[-1]
    arm.judge()


def test_a_motion_that_is_slow_enough_already_is_not_slowed(arm):
    """1.2 rad in 3 s is at most 0.75 rad/s, 38 percent of 2 rad/s."""
    arm.told.action, arm.told.scale = Action.SLOW, 0.4
    give(arm, smooth(GOAL, 3.0))
    steps(arm, 16 + 300 + 3)
    assert arm.sent[-1].tolist() == list(GOAL)


def test_with_a_scale_of_zero_it_waits_on_its_path(arm):
    give(arm, smooth(GOAL, 1.6))
    steps(arm, 80)
    arm.told.action, arm.told.scale = Action.SLOW, 0.0
    steps(arm, 300)
    assert arm.supervisor.report(arm.now_ns).is_at_rest and arm.supervisor.mode is Mode.SLOWED
    assert 0.2 < arm.sent[-1][0] < 0.7
    arm.told.action, arm.told.scale = Action.PASS, 1.0
    steps(arm, 500)
    assert arm.sent[-1].tolist() == list(GOAL) and off_line_rad(arm) < TRACK_RAD
    arm.judge()


@pytest.mark.parametrize(
    "stop",
    [
        lambda arm: arm.take(arm.supervisor.estop(arm.now_ns, "a person")),
        lambda arm: arm.take(arm.supervisor.disarm(arm.now_ns)),
        lambda arm: setattr(arm.told, "action", Action.STOP),
        lambda arm: setattr(arm.told, "evaluate", lambda _: 1 / 0),
    ],
    ids=["e-stop", "disarmed", "protective stop", "an exception"],
)
def test_a_stop_ends_near_the_path_and_nothing_goes_on_by_itself(arm, stop):
    give(arm, smooth(GOAL, 1.6))
    steps(arm, 80)
    stop(arm)
    steps(arm, 60)
    assert arm.supervisor.report(arm.now_ns).is_at_rest
    assert off_line_rad(arm) < 0.01
    rest = arm.sent[-1].tolist()
    assert "is dropped at 0." in told_of(arm)[-1]
    arm.told.action = Action.PASS
    arm.told.evaluate = lambda _: Verdict("told", Action.PASS)
    steps(arm, 100)
    if arm.supervisor.mode in (Mode.EMERGENCY_STOP, Mode.FAULT):
        assert arm.take(arm.supervisor.reset(arm.now_ns)).refusal == ""
    if arm.supervisor.mode is Mode.STANDBY:
        assert arm.take(arm.supervisor.arm(arm.now_ns)).refusal == ""
    steps(arm, 9)
    assert arm.supervisor.mode is Mode.ACTIVE
    assert arm.sent[-1].tolist() == rest
    arm.judge()


def test_what_comes_while_nothing_passes_is_refused_and_comes_too_late_for_nothing(arm):
    arm.told.action = Action.STOP
    arm.step()
    give(arm, smooth(GOAL))
    assert "is refused: PROTECTIVE_STOP: the test says so" in told_of(arm)[-1]
    arm.told.action = Action.PASS
    steps(arm, 200)
    assert arm.supervisor.mode is Mode.ACTIVE and arm.sent[-1].tolist() == [0.0, 0.0]


def test_a_new_one_stops_the_old_one_and_starts_from_where_that_ends(arm):
    give(arm, smooth(GOAL, 1.6))
    steps(arm, 60)
    there = arm.sent[-1]
    give(arm, Trajectory(NAMES, smooth_points(there, (0.0, 0.0), 1.6), 0))
    steps(arm, 350)
    assert "is dropped" in told_of(arm)[1] and "another one came" in told_of(arm)[1]
    assert arm.sent[-1].tolist() == [0.0, 0.0]
    arm.judge()


def test_one_without_points_is_a_controlled_stop(arm):
    give(arm, smooth(GOAL, 1.6))
    steps(arm, 80)
    give(arm, Trajectory((), (), 0))
    steps(arm, 60)
    assert arm.supervisor.mode is Mode.ACTIVE and arm.supervisor.report(arm.now_ns).is_at_rest
    assert "it is cancelled" in told_of(arm)[-2]
    assert off_line_rad(arm) < 0.01
    arm.judge()


def test_a_refused_one_stops_what_runs(arm):
    give(arm, smooth(GOAL, 1.6))
    steps(arm, 80)
    give(arm, smooth((math.nan, 0.0)))
    steps(arm, 60)
    assert "shoulder at 0.000 s is nan" in told_of(arm)[-1]
    assert arm.supervisor.report(arm.now_ns).is_at_rest and arm.sent[-1][0] < 0.7


def test_a_single_command_takes_over(arm):
    give(arm, smooth(GOAL, 1.6))
    steps(arm, 80)
    arm.hold((0.0, 0.0), 200)
    assert "a single command came" in told_of(arm)[-1]
    assert arm.sent[-1].tolist() == [0.0, 0.0]
    arm.judge()


def test_it_waits_for_its_start(arm):
    give(arm, smooth(GOAL, 1.6), -1.0)
    steps(arm, 99)
    assert len(arm.sent) == 1
    steps(arm, 200)
    assert arm.sent[-1].tolist() == list(GOAL)


def test_one_that_is_partly_over_is_begun_where_it_should_be(arm):
    """0.1 s late: both joints are near that place of the path, go there and then along it."""
    give(arm, smooth(GOAL, 1.6), 0.1)
    steps(arm, 400)
    assert arm.sent[-1].tolist() == list(GOAL) and off_line_rad(arm) < TRACK_RAD
    give(arm, smooth(GOAL, 1.6, start=(-0.8, 1.2)), 0.8)
    arm.step()
    assert "apart, limit 0.3 rad" in told_of(arm)[-1]


def test_a_small_way_to_its_begin_is_gone_first(arm):
    give(arm, smooth(GOAL, 1.6, start=(0.1, -0.2)))
    steps(arm, 400)
    assert arm.sent[-1].tolist() == list(GOAL)
    arm.judge()


def test_refusals_are_told_as_events_and_nothing_moves(arm):
    decision = give(arm, lines([(0.0, 0.0), (0.5, 0.0), (0.0, 0.0)], 0.5))
    assert decision.events == ()  # it is judged at the next tick
    decision = arm.step()
    (event,) = decision.events
    assert (event.verdict.check, event.verdict.action, event.verdict.subject) == (
        "trajectory", Action.CLAMP, "shoulder",
    )  # fmt: skip
    assert "shoulder at 0.010 s accelerates at 100 rad/s2, limit 20 rad/s2" in event.verdict.reason
    steps(arm, 50)
    assert arm.supervisor.mode is Mode.ACTIVE and len(arm.sent) == 1


def test_after_a_hole_of_the_ticks_it_goes_on_smoothly(arm):
    give(arm, smooth(GOAL, 1.6))
    steps(arm, 80)
    arm.sent += [arm.sent[-1]] * 3  # what the controller holds meanwhile
    arm.now_ns += 6 * PERIOD_NS
    begin = len(arm.sent)
    steps(arm, 300)
    assert arm.sent[-1].tolist() == list(GOAL) and off_line_rad(arm) < TRACK_RAD
    arm.sent = arm.sent[begin - 3 :]
    arm.judge()


def test_a_blocked_robot_is_not_run_away_from(arm):
    give(arm, smooth(GOAL, 1.6))
    steps(arm, 50)
    held = arm.sent[-1]
    arm.play_position = lambda: held
    steps(arm, 300)
    assert arm.supervisor.mode is Mode.SLOWED
    assert np.abs(arm.sent[-1] - held).max() < 0.3  # the limit of tracking_error
    assert off_line_rad(arm) < TRACK_RAD


def test_held_by_a_check_for_long_it_is_given_up(arm):
    give(arm, smooth(GOAL, 1.6))
    steps(arm, 80)
    arm.told.action, arm.told.scale = Action.CLAMP, 0.0
    steps(arm, 200)
    assert "it did not get on for 1 s" in told_of(arm)[-1]
    arm.told.action, arm.told.scale = Action.PASS, 1.0
    rest = arm.sent[-1].tolist()
    steps(arm, 50)
    assert arm.sent[-1].tolist() == rest
    arm.judge()


@pytest.mark.parametrize(("is_seen", "words"), [(True, "post"), (False, "begins")])
def test_a_thing_seen_in_the_middle_of_the_path_is_found_before_it_starts(is_seen, words):
    """The SO-101 reaches forward and turns from one side to the other."""
    robot = load_robot("so101")
    limits, motion = (
        channel_limits(robot, robot.channel()),
        ChannelMotion(channel_limits(robot, robot.channel())),
    )
    post = obstacle(
        (0.21, 0.0, 0.15),
        kind=ObstacleKind.FIXTURE,
        shape=Shape.BOX,
        size_m=(0.06, 0.06, 0.3),
        labels=("post",),
    )
    sides = [np.array([pan, 0.2, 0.2, 0.6, 0.0, 0.3]) for pan in (1.2, -1.2)]
    motion.start_at(sides[0].tolist())
    projection = build_projection(["obstacles"], robot, robot.channel(), limits, WATCHING)
    execution = Execution(limits, motion, projection)
    assert execution.take(Trajectory(limits.names, smooth_points(*sides, 4.0), 0), 0.0, "")
    told = []
    for _ in range(25):  # 400 setpoints in parts of 20: judged, or refused; nothing is committed here
        execution.next(0, 1.0, sides[0], scene(post) if is_seen else None)
        told += [verdict.reason for verdict in execution.take_verdicts()]
    assert len(told) == 1 and words in told[0] and ("refused" in told[0]) is is_seen
