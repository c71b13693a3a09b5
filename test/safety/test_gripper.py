"""A gripper under the supervisor: force and speed keep their limits, whatever is asked for."""

import dataclasses
import math

import numpy as np
import pytest
from finite_difference_judge import assert_position_limits
from made_snapshots import GRIPPER, gripping
from supervised import SETTINGS, Supervised

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.types import Command, CommandKind
from noetra_ros.robots import load_robot
from noetra_ros.robots.channels import Channel, OpeningLimits
from noetra_ros.safety.check import build_checks
from noetra_ros.safety.checks.grip_force import GripForce
from noetra_ros.safety.limits import channel_limits
from noetra_ros.safety.modes import Mode
from noetra_ros.safety.verdict import Action

CHECKS = (*SETTINGS.checks, "grip_force")
PARALLEL = Channel(  # a parallel gripper whose knuckle opens it: 85 mm at 0 rad, closed at 0.85 rad
    kind=CommandKind.GRIPPER, topic="hand", message="sensor_msgs/JointState", rate_hz=100.0,
    joints=("gripper",), force_n=40.0,
    opening=OpeningLimits(0.0, 0.085, 0.1, 1.0, 50.0, 0.085, at_zero_m=0.085, per_joint_m=-0.1),
)  # fmt: skip


def hand(limits=GRIPPER, start=0.5):
    """A gripper that is armed; joint states are those of the whole arm."""
    supervised = Supervised(limits, (start,), checks=CHECKS)
    supervised.play_position = lambda: np.array([0.0] * 5 + [joint_of(supervised, limits, start)])
    supervised.start()
    return supervised


def joint_of(supervised, limits, start):
    value = supervised.sent[-1][0] if supervised.sent else start
    if limits.opening is None:
        return value
    at_zero_m, per_joint_m = limits.opening
    return (value - at_zero_m) / per_joint_m


def grip(supervised, value, *efforts):
    """One period with a command."""
    supervised.step()
    given = np.array(efforts) if efforts else None
    command = Command(CommandKind.GRIPPER, np.array([value]), supervised.now_ns, efforts=given)
    return supervised.take(supervised.supervisor.on_command(command))


def told(supervised, check):
    return [e.verdict for e in supervised.events if e.verdict.check == check]


@pytest.mark.parametrize(
    ("efforts", "action"),
    [
        (None, Action.PASS),
        ((0.0,), Action.PASS),
        ((1.0,), Action.PASS),
        ((1.0000001,), Action.CLAMP),
        ((math.inf,), Action.STOP),
        ((math.nan,), Action.STOP),
        ((-0.1,), Action.STOP),
        ((0.5, 0.5), Action.STOP),
    ],
)
def test_an_effort_is_judged(efforts, action):
    assert GripForce().evaluate(gripping(efforts=efforts)).action is action


def test_a_grip_is_no_harder_than_the_profile_allows():
    supervised = hand()
    assert grip(supervised, 0.5, 0.4).effort == 0.4
    assert grip(supervised, 0.5, 7.0).effort == 1.0
    (verdict,) = told(supervised, "grip_force")
    assert (verdict.measured, verdict.limit, verdict.unit) == (7.0, 1.0, "Nm")
    assert grip(supervised, 0.5).effort == 1.0  # says nothing of it: the limit


@pytest.mark.parametrize("bad", [math.nan, -0.1, math.inf])
@pytest.mark.parametrize("checks", [CHECKS, SETTINGS.checks])
def test_an_effort_that_is_none_stops_even_without_the_check(bad, checks):
    supervised = Supervised(GRIPPER, (0.5,), checks=checks)
    supervised.play_position = lambda: np.array([0.0] * 5 + [0.5])
    supervised.start()
    grip(supervised, 0.5, 0.3)
    decision = grip(supervised, 0.6, bad)
    assert supervised.supervisor.mode is Mode.PROTECTIVE_STOP
    assert decision.values.tolist() == [0.5] and decision.effort == 0.3  # what is held is not let go


def test_a_stop_keeps_the_effort_of_the_last_command():
    supervised = hand()
    for k in range(20):
        grip(supervised, 0.5 + 0.01 * k, 0.3)
    stop = supervised.take(supervised.supervisor.estop(supervised.now_ns, "pressed"))
    assert stop.effort == 0.3 and stop.values is not None


def test_the_fingers_close_within_their_limits():
    supervised, sent = hand(), []
    for _ in range(150):
        grip(supervised, -5.0, 0.5)
        sent.append(supervised.sent[-1])
    (axis,) = GRIPPER.axes
    limits = (axis.lower, axis.upper, axis.velocity, axis.acceleration, axis.jerk)
    assert_position_limits(np.array([[0.5], *sent]), 0.01, *limits)
    assert sent[-1][0] == pytest.approx(-0.16) and (axis.velocity, axis.lower) == (2.0, -0.16)


def test_an_opening_is_measured_by_its_joint_and_kept_in_m():
    robot = load_robot("so101")
    limits = channel_limits(robot, PARALLEL)
    supervised = hand(limits, start=0.05)
    assert supervised.supervisor.inputs.measured() == pytest.approx((0.05,))
    for _ in range(200):
        grip(supervised, 1.0, 100.0)
    values = np.array(supervised.sent)
    assert_position_limits(values, 0.01, 0.0, 0.085, 0.1, 1.0, 50.0)
    assert values[-1][0] == pytest.approx(0.085)
    assert told(supervised, "grip_force")[0].unit == "N"


def test_a_message_without_a_force_says_that_nobody_keeps_it():
    array = dataclasses.replace(
        load_robot("so101").channel("gripper"), message="std_msgs/Float64MultiArray", effort_nm=None
    )
    limits = channel_limits(load_robot("so101"), array)
    checks = build_checks(["grip_force", "shape"], {}, limits)
    assert "nothing of a force" in checks.unmet["grip_force"]
    supervised = hand(limits)
    assert math.isnan(grip(supervised, 0.5).effort)
    grip(supervised, 0.5, 0.2)
    assert supervised.supervisor.mode is Mode.PROTECTIVE_STOP
    assert "the channel carries none" in told(supervised, "shape")[0].reason


def test_checks_that_cannot_judge_a_gripper_say_so():
    names = ["position", "workspace", "tool_travel", "reduced_speed", "footprint", "tracking_error"]
    values = {
        "tracking_slow_share": 0.6,
        "controller_latency_s": 0.1,
        "reduced_speed_mps": 0.25,
        **dict.fromkeys(("footprint_margin_m", "blind_speed_mps"), 0.06),
        "approach_share": 0.5,
        **dict.fromkeys(("human_speed_mps", "max_track_std_m", "sensor_uncertainty_m"), 0.1),
        "uncertainty_factor": 2.0,
        "touch_labels": [],
    }
    checks = build_checks(names, values, GRIPPER)
    assert [*checks.running] == ["position", "tracking_error"]
    assert [*checks.unmet] == ["workspace", "tool_travel", "reduced_speed", "footprint"]


@pytest.mark.parametrize("channel", ["gripper", "tool"])
def test_people_are_not_watched_around_such_channels(channel):
    robot = load_robot("so101")
    with pytest.raises(ConfigError, match="watch_people: got true, expected false for"):
        channel_limits(robot, robot.channel(channel), watch_people=True)
