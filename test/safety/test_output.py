"""The way out of a channel: pace, pauses, and what tells a stop to the controller."""

import dataclasses
import math

import pytest
from made_snapshots import TWIST, TWO_JOINTS

from noetra_ros.core.types import CommandKind
from noetra_ros.safety.limits import EffortLimit
from noetra_ros.safety.output import Output

MS = 1_000_000
TOOL = dataclasses.replace(TWIST, kind=CommandKind.EE_TWIST, axes=TWIST.axes * 2)


def moving(limits=TWO_JOINTS):
    """Sent 0.01 more every period, five times."""
    out, period_ns = Output(limits, 1.5), round(limits.period_s * 1e9)
    out.start_at((0.0,) * len(limits.axes), 0)
    for k in range(1, 6):
        out.send((0.01 * k,) * len(limits.axes), k * period_ns)
    return out


def test_it_begins_with_nothing_sent():
    out = Output(TWO_JOINTS, 1.5)
    assert (out.count, out.is_stopping, out.gap_s(2 * 10**9)) == (0, False, 2.0)
    assert out.stop_step(0) is None


def test_a_stop_is_told_once_even_to_a_robot_that_rests():
    out = Output(TWO_JOINTS, 1.5)
    out.start_at((0.5, -0.5), 0)
    out.begin_stop()
    assert out.is_stopping
    assert out.stop_step(0).tolist() == [0.5, -0.5]
    assert (out.count, out.is_stopping) == (1, False)
    assert out.stop_step(20 * MS) is None


@pytest.mark.parametrize(("held_up_ms", "is_told"), [(30, True), (31, False)])
def test_joints_are_told_nothing_that_their_controller_may_not_have_got(held_up_ms, is_told):
    """Found by the fault campaign. Who would have been hurt: whoever reached for an arm that stood because
    its supervisor hung; going on, that told it the setpoint which it had not come to send: the arm twitched.
    """
    out = moving()
    out.settle(50 * MS)
    out.begin_stop()
    assert (out.stop_step((50 + held_up_ms) * MS) is not None) == is_told
    assert out.is_stopping == is_told  # not held up, it brakes


def test_what_follows_a_hold_up_is_told_again():
    out = moving()
    out.settle(50 * MS)
    out.settle(5_000 * MS)
    out.send((0.05, 0.05), 5_000 * MS)
    out.begin_stop()
    assert out.stop_step(5_010 * MS).tolist() == [0.05, 0.05]


def test_a_base_is_told_to_stand_after_a_hold_up():
    out = moving(TWIST)
    out.settle(50 * MS)
    out.begin_stop()
    assert out.stop_step(5_000 * MS) is not None


@pytest.mark.parametrize(("max_lead", "lead_ms", "is_due"), [
    (1.5, 15.0, True), (1.5, 15.1, False), (2.0, 15.0, True), (2.0, 15.1, False),
    (1.0, 10.0, True), (1.0, 10.1, False),
])  # fmt: skip
def test_a_stop_step_waits_for_its_time(max_lead, lead_ms, is_due):
    """One and a half periods of 10 ms ahead at most, less where commands may lead by less."""
    out = Output(TWO_JOINTS, max_lead)
    out.start_at((0.0, 0.0), 0)
    out.send((0.0, 0.0), 0)
    out.send((0.0, 0.0), 0)
    now_ns = round((20.0 - lead_ms) * MS)
    assert out.lead_s(now_ns) == pytest.approx(lead_ms / 1000.0)
    assert out.is_due(now_ns) is is_due


def test_arming_forgets_the_pace():
    out = Output(TWO_JOINTS, 1.5)
    for _ in range(3):
        out.send((0.0, 0.0), 0)
    assert out.lead_s(0) == pytest.approx(0.03)
    out.start_at((0.0, 0.0), 5 * MS)
    assert (out.lead_s(5 * MS), out.gap_s(6 * MS)) == (0.0, 0.001)


@pytest.mark.parametrize(("pause_ms", "speed"), [(30, 1.0), (31, 0.0)])
def test_joints_rest_after_a_pause_of_three_periods(pause_ms, speed):
    out = moving()
    out.settle((50 + pause_ms) * MS)
    assert out.motion.velocity() == pytest.approx((speed, speed))


def test_a_stop_after_a_pause_begins_from_what_the_controller_holds():
    out = moving()
    out.begin_stop()
    assert out.stop_step(150 * MS).tolist() == [0.05, 0.05]


@pytest.mark.parametrize(("pause_s", "is_standing"), [(1.0, False), (1.001, True)])
def test_a_base_that_was_sent_nothing_for_long_stands(pause_s, is_standing):
    """The controller's own 0.35 s, then 0.6 m/s at 1 m/s2 and a ramp of 1 m/s2 at 20 m/s3: 1 s in all."""
    limits = dataclasses.replace(TWIST, controller_timeout_s=0.35)
    out = moving(limits)
    out.settle(round((0.1 + pause_s) * 1e9))
    assert out.motion.is_at_rest is is_standing
    assert (out.motion.velocity() == (0.0, 0.0, 0.0)) is is_standing


def test_the_way_of_a_base_is_reckoned_and_ends_where_its_controller_stops_it():
    out = Output(dataclasses.replace(TWIST, controller_timeout_s=0.35), 1.5)
    out.send((0.5, 0.0, 0.0), 0)
    out.settle(5 * 10**9)  # stands since 0.35 + 0.65 s
    assert out.reckoning.pose_at(5 * 10**9).x_m == pytest.approx(0.5)


def test_joints_are_not_reckoned_like_a_base():
    assert moving().reckoning.pose_at(10**9) == (0.0, 0.0, 0.0)


def test_only_a_tool_has_a_trail():
    assert Output(TWO_JOINTS, 1.5).trail is None and Output(TWIST, 1.5).trail is None
    out = Output(TOOL, 1.5)
    out.send((0.1, 0.0, 0.0, 0.0, 0.0, 0.0), 0)
    assert out.trail.since(10 * MS, 1.0)[0, :2].tolist() == [0.01, 0.1]


def test_a_gripper_presses_as_hard_as_it_may_until_it_is_told():
    gripping = dataclasses.replace(TWO_JOINTS, effort=EffortLimit(12.0, "N"))
    assert Output(gripping, 1.5).effort == 12.0
    assert math.isnan(Output(TWO_JOINTS, 1.5).effort)
