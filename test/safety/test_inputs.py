"""What was heard, and how old it is: each input with its time, on the clock of the time-outs."""

import dataclasses
import math

import numpy as np
import pytest
from made_snapshots import TWIST, TWO_JOINTS

from noetra_ros.core.planar_scan import PlanarScan
from noetra_ros.core.types import Command, CommandKind
from noetra_ros.safety.inputs import Inputs
from noetra_ros.safety.reckoning import Pose, Reckoning

S = 10**9
GRIPPER = dataclasses.replace(TWO_JOINTS, opening=(0.08, -0.1))


def commanded(arrival_ns, delay_s=0.0, limits=TWO_JOINTS):
    inputs = Inputs(limits)
    command = Command(CommandKind.JOINT_POSITION, np.zeros(2), arrival_ns)
    inputs.hear_command(command, delay_s)
    assert inputs.command is command
    return inputs


def scan(*ranges_m):
    return PlanarScan((0.0, 0.0), 0.0, 0.1, np.array(ranges_m))


def test_nothing_heard_has_no_age_and_runs_out_never():
    inputs = Inputs(TWO_JOINTS)
    assert math.isnan(inputs.stream_ages_s(S)["joint_states"]) and math.isnan(inputs.command_age_s(S))
    assert math.isnan(inputs.command_age_s(S, since_armed=True)) and math.isnan(inputs.trust_age_s(S))
    assert (inputs.heartbeat_ages_s(S), inputs.estop_ages_s(S), inputs.measured()) == ({}, {}, None)
    assert inputs.next_timeout_s(S, 0.1, 0.2, 0.3) == math.inf
    assert (inputs.is_estop_pressed, inputs.pressed_sources) == (False, ())


@pytest.mark.parametrize(("delay_s", "age_s"), [(0.0, 2.0), (0.5, 2.5), (-0.5, 2.5)])
def test_a_stamp_ahead_is_as_old_as_one_behind(delay_s, age_s):
    inputs = Inputs(TWO_JOINTS)
    inputs.hear_joint_state(np.array([0.1, 0.2]), S, delay_s)
    assert inputs.stream_ages_s(3 * S) == {"joint_states": age_s}
    assert inputs.measured() == (0.1, 0.2)


@pytest.mark.parametrize(("delay_s", "age_s"), [(0.0, 2.0), (0.5, 2.5), (-0.5, 2.0)])
def test_a_command_that_begins_in_the_future_is_as_old_as_its_arrival(delay_s, age_s):
    assert commanded(S, delay_s).command_age_s(3 * S) == age_s


def test_measured_values_are_those_of_the_channel_in_its_order():
    turned = dataclasses.replace(TWO_JOINTS, joint_indices=(2, 0))
    inputs = Inputs(turned)
    inputs.hear_joint_state(np.array([0.1, 0.2, 0.3]), S)
    assert inputs.measured() == (0.3, 0.1)
    base = Inputs(TWIST)
    base.hear_joint_state(np.array([0.1]), S)
    assert base.measured() is None


def test_a_gripper_is_measured_by_its_opening():
    inputs = Inputs(GRIPPER)
    inputs.hear_joint_state(np.array([0.0, 0.5]), S)
    assert inputs.measured() == pytest.approx((0.08, 0.03))


def test_streams_without_a_method_of_their_own_age_too():
    inputs = Inputs(TWIST)
    inputs.hear_stream("odom", S)
    ages_s = inputs.stream_ages_s(2 * S)
    assert ages_s["odom"] == 1.0 and math.isnan(ages_s["scan"])
    inputs.hear_scan("scan", scan(1.0), S, 0.25)
    assert inputs.stream_ages_s(2 * S)["scan"] == 1.25


def test_a_scan_that_repeats_itself_counts_from_its_first_time():
    """The base drives at 1 m/s meanwhile: what the scan says is as old as the way since it was new."""
    inputs, way = Inputs(TWIST), Reckoning()
    way.go((1.0, 0.0, 0.0), 0)
    for second, said in ((1, 2.0), (2, 3.0), (4, 3.0)):
        inputs.hear_scan("scan", scan(said), second * S)
    seen = inputs.scans_seen(5 * S, way)["scan"]
    assert seen.moved == Pose(1.0) and seen.repeated == Pose(2.0)
    inputs.hear_scan("scan", scan(3.5), 5 * S)
    assert inputs.scans_seen(5 * S, way)["scan"].repeated == Pose(0.0)


def test_any_source_presses_and_only_its_own_release_counts():
    inputs = Inputs(TWO_JOINTS)
    for source, is_pressed in (("wall", True), ("hand", True), ("foot", False)):
        inputs.hear_estop(source, is_pressed, S)
    assert inputs.is_estop_pressed and inputs.pressed_sources == ("hand", "wall")
    inputs.hear_estop("wall", False, 2 * S)
    assert inputs.pressed_sources == ("hand",)
    assert inputs.estop_ages_s(3 * S) == {"wall": 1.0, "hand": 2.0, "foot": 2.0}


def test_a_silence_of_a_source_that_has_ended_is_told_once():
    inputs = Inputs(TWO_JOINTS)
    for now_s in (1.0, 1.1, 1.5, 1.6):
        inputs.hear_estop("wall", False, round(now_s * S))
    inputs.hear_estop("hand", False, round(1.5 * S))
    now_ns = round(1.7 * S)
    assert inputs.estop_silences_s(now_ns) == pytest.approx({"wall": 0.4, "hand": 0.2})
    assert inputs.estop_silences_s(now_ns) == pytest.approx({"wall": 0.1, "hand": 0.2})
    assert inputs.estop_ages_s(now_ns) == pytest.approx({"wall": 0.1, "hand": 0.2})


def test_no_silence_is_longer_because_the_clock_went_back():
    inputs = Inputs(TWO_JOINTS)
    inputs.hear_estop("wall", False, 5 * S)
    inputs.hear_estop("wall", False, 2 * S)
    assert inputs.estop_silences_s(2 * S) == {"wall": 0.0}


def test_trust_has_its_age():
    inputs = Inputs(TWO_JOINTS)
    inputs.hear_trust(0.75, S)
    assert (inputs.policy_trust, inputs.trust_age_s(3 * S)) == (0.75, 2.0)


@pytest.mark.parametrize(
    ("command_s", "armed_s", "age_s"), [(1, 3, 2.0), (3, 1, 2.0), (None, 4, 1.0), (2, None, 3.0)]
)
def test_the_time_out_of_commands_runs_from_arming_where_that_is_later(command_s, armed_s, age_s):
    inputs = Inputs(TWO_JOINTS) if command_s is None else commanded(command_s * S)
    if armed_s is not None:
        inputs.note_armed(armed_s * S)
    assert inputs.command_age_s(5 * S, since_armed=True) == age_s


def test_since_the_last_command_arming_does_not_count():
    inputs = commanded(S)
    inputs.note_armed(3 * S)
    assert inputs.command_age_s(5 * S) == 4.0


def test_goals_tell_how_fast_they_move():
    inputs = Inputs(TWO_JOINTS)
    assert inputs.aim((0.5, 0.5)) == (0.0, 0.0)
    assert inputs.aim((0.51, 0.49)) == pytest.approx((1.0, -1.0))
    assert inputs.aim((0.54, 0.48)) == pytest.approx((0.0, -1.0))  # 3 rad/s is a jump, no motion
    inputs.note_armed(0)
    assert inputs.target is None and inputs.aim((0.0, 0.0)) == (0.0, 0.0)
    with pytest.raises(ValueError, match="3 values beside 2"):
        inputs.aim((0.0, 0.0, 0.0))


def test_a_goal_on_the_speed_limit_moves():
    inputs = Inputs(dataclasses.replace(TWO_JOINTS, period_s=0.25))
    inputs.aim((0.0, 0.0))
    assert inputs.aim((0.5, -0.5)) == (2.0, -2.0)


def test_a_trajectory_is_a_command_that_forgets_the_goal():
    inputs = Inputs(TWO_JOINTS)
    inputs.aim((0.5, 0.5))
    inputs.hear_trajectory(2 * S)
    assert (inputs.command_age_s(3 * S), inputs.target) == (1.0, None)


def test_steps_of_both_clocks_are_told_once():
    inputs = Inputs(TWO_JOINTS)
    inputs.hear_ros_clock(10 * S)
    assert inputs.step_clock(S) == (0.0, 0.0)
    for ros_s in (9, 12, 11):
        inputs.hear_ros_clock(ros_s * S)
    inputs.hear_ros_clock(11 * S + S // 2)
    assert inputs.step_clock(3 * S) == (2.0, -1.0)
    assert inputs.step_clock(2 * S) == (-1.0, 0.0)


def heard_at_ten():
    inputs = commanded(10 * S)
    inputs.note_armed(10 * S)
    inputs.hear_trust(1.0, 10 * S)
    inputs.hear_joint_state(np.zeros(2), 10 * S)
    inputs.hear_heartbeat("policy", 10 * S)
    inputs.hear_estop("wall", False, 10 * S)
    return inputs


def ages_s(inputs, now_ns):
    held = [inputs.stream_ages_s(now_ns)["joint_states"], inputs.heartbeat_ages_s(now_ns)["policy"]]
    held += [inputs.estop_ages_s(now_ns)["wall"], inputs.trust_age_s(now_ns)]
    return [*held, inputs.command_age_s(now_ns), inputs.command_age_s(now_ns, since_armed=True)]


def test_after_a_jump_back_nothing_stays_fresh_until_its_old_time_comes_again():
    inputs = heard_at_ten()
    inputs.step_clock(10 * S)
    inputs.step_clock(4 * S)
    assert ages_s(inputs, 5 * S) == [1.0] * 6


@pytest.mark.parametrize("steps_s", [(4, 4), (3, 4)])
def test_a_clock_that_does_not_go_back_changes_no_age(steps_s):
    inputs = heard_at_ten()
    for step_s in steps_s:
        inputs.step_clock(step_s * S)
    assert ages_s(inputs, 12 * S) == [2.0] * 6


def test_the_first_time_out_is_told():
    """Of streams 0.1 s, of commands 0.4, of heartbeats 0.2, of e-stop sources 0.3."""
    inputs, asked = heard_at_ten(), (0.4, 0.2, 0.3)
    left_s = [inputs.next_timeout_s(10 * S + ms * 1_000_000, *asked) for ms in (40, 150, 250, 350, 450)]
    assert left_s == pytest.approx([0.06, 0.05, 0.05, 0.05, math.inf])


def test_what_runs_out_now_is_told_and_arming_counts():
    inputs = Inputs(TWO_JOINTS)
    inputs.note_armed(S)
    assert inputs.next_timeout_s(S + S // 2, 0.5, 1.0, 1.0) == 0.0
