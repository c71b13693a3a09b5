"""The supervisor's answers, with time given by the test."""

import math

import numpy as np
import pytest
from finite_difference_judge import assert_position_limits
from supervised import PERIOD_NS, Arm

from noetra_ros.safety.modes import Mode
from noetra_ros.safety.verdict import Action, Verdict

SWING = [0.1 * (1.0 - math.cos(2.0 * math.pi * 0.25 * 0.01 * k)) for k in range(400)]


@pytest.fixture
def arm():
    return Arm()


@pytest.fixture
def armed():
    arm = Arm()
    arm.start()
    return arm


def test_starts_stopped_and_becomes_ready_when_streams_are_there(arm):
    assert arm.supervisor.mode is Mode.STARTUP
    assert arm.supervisor.tick(arm.now_ns).report.reason == "waiting: joint_states was never seen"
    arm.step()
    assert arm.supervisor.mode is Mode.STANDBY


def test_arming_is_refused_before_streams_are_there(arm):
    decision = arm.supervisor.arm(arm.now_ns)
    assert "cannot arm in STARTUP" in decision.refusal
    assert not decision.report.is_armed


def test_nothing_passes_in_standby(arm):
    for _ in range(20):
        assert arm.step([0.0, 0.0]).values is None
    assert arm.supervisor.mode is Mode.STANDBY


def test_arming_is_refused_while_the_robot_is_not_seen(arm):
    arm.step()
    arm.now_ns += 10**9
    assert "joint_states is" in arm.supervisor.arm(arm.now_ns).refusal


def test_arming_is_refused_with_nan_positions(arm):
    arm.step()
    arm.supervisor.on_joint_state(np.array([math.nan, 0.0]), arm.now_ns)
    assert "NaN" in arm.supervisor.arm(arm.now_ns).refusal


def test_allowed_commands_pass_bit_for_bit(armed):
    for value in SWING:
        assert armed.step([value, 0.0]).values.tolist() == [value, 0.0]
    assert armed.supervisor.counters.interventions == 0
    assert armed.events == []


def test_what_was_judged_sent_and_changed_is_counted(armed):
    """What /safety/state and the diagnostics show."""
    armed.hold((0.0, 0.0), 5)
    armed.step((9.0, 0.0))
    armed.step((float("nan"), 0.0))
    report = armed.supervisor.report(armed.now_ns)
    sent = len(armed.sent) - 1  # one of them is the reference that the test began with
    assert (report.commands_judged, report.commands_sent, report.interventions) == (7, sent, 2)


def test_the_first_command_is_reached_from_the_measured_position():
    arm = Arm(start=[0.4, -0.2])
    arm.start()
    first = arm.step([0.0, 0.0]).values
    assert np.abs(first - [0.4, -0.2]).max() <= 0.001 + 1e-9  # one step at full jerk
    arm.hold([0.0, 0.0], 100)
    assert arm.sent[-1].tolist() == [0.0, 0.0]
    arm.judge()


def test_out_of_range_is_clamped_and_explained(armed):
    for _ in range(150):
        armed.step([9.0, 0.0])
    assert armed.supervisor.mode is Mode.ACTIVE
    assert max(values[0] for values in armed.sent) <= 1.0
    first = next(event.verdict for event in armed.events if event.verdict.check == "position")
    assert (first.action, first.measured, first.limit, first.unit) == (Action.CLAMP, 9.0, 1.0, "rad")
    armed.judge()


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_no_number_stops(armed, bad):
    for value in SWING[:80]:
        armed.step([value, 0.0])
    armed.step([bad, 0.0])
    assert armed.supervisor.mode is Mode.PROTECTIVE_STOP
    armed.hold([bad, 0.0], 100)
    armed.judge()
    assert armed.supervisor.report(armed.now_ns).is_at_rest


@pytest.mark.parametrize("values", [[], [0.0], [0.0, 0.0, 0.0], [0.0] * 4])
def test_a_wrong_size_stops(armed, values):
    armed.step(values)
    assert armed.supervisor.mode is Mode.PROTECTIVE_STOP
    assert armed.supervisor.report(armed.now_ns).active_checks == ("shape",)


def test_input_that_ends_is_answered_within_time_out_and_period(armed):
    for value in SWING[:100]:
        armed.step([value, 0.0])
    last_ns = armed.now_ns
    while armed.supervisor.mode is not Mode.PROTECTIVE_STOP:
        decision = armed.step()
    assert armed.now_ns - last_ns <= 100_000_000 + PERIOD_NS
    assert decision.values is not None
    armed.judge()


def test_a_stop_command_is_sent_even_from_a_standstill(armed):
    armed.step([0.0, 0.0])
    sent = len(armed.sent)
    for _ in range(12):
        armed.step()
    assert armed.supervisor.mode is Mode.PROTECTIVE_STOP
    assert len(armed.sent) == sent + 1
    assert armed.sent[-1].tolist() == [0.0, 0.0]


def test_at_rest_nothing_more_is_sent(armed):
    armed.hold([math.nan, 0.0], 60)
    sent = len(armed.sent)
    armed.hold([math.nan, 0.0], 60)
    assert len(armed.sent) == sent


def test_a_pause_of_a_motion_is_bridged_by_braking(armed):
    for value in SWING[:100]:
        armed.step([value, 0.0])
    for _ in range(5):
        armed.step()
    assert armed.supervisor.mode is Mode.ACTIVE
    for value in SWING[105:200]:
        armed.step([value, 0.0])
    armed.judge()
    assert armed.sent[-1][0] == SWING[199]


def test_motion_resumes_when_the_cause_is_gone_without_a_jump(armed):
    for value in SWING[:100]:
        armed.step([value, 0.0])
    armed.hold([math.nan, 0.0], 30)
    for k in range(49):
        armed.step([0.9, 0.0])
        assert armed.supervisor.mode is Mode.PROTECTIVE_STOP, k
    armed.hold([0.9, 0.0], 150)
    assert armed.supervisor.mode is Mode.ACTIVE
    assert armed.sent[-1][0] == 0.9
    armed.judge()


def test_the_mode_is_told_before_the_first_command_passes(armed):
    armed.hold([math.nan, 0.0], 30)
    armed.hold([0.0, 0.0], 49)
    assert armed.step().report.mode is Mode.ACTIVE
    assert armed.command([0.0, 0.0]).values is not None


def test_a_goal_from_before_a_stop_is_forgotten(armed):
    armed.hold([0.9, 0.0], 10)
    armed.hold([math.nan, 0.0], 30)
    for _ in range(60):
        armed.step([armed.sent[-1][0], 0.0])
        sent = len(armed.sent)
    for _ in range(5):
        armed.step()
    assert armed.supervisor.mode is Mode.ACTIVE
    assert len(armed.sent) == sent
    armed.judge()


def test_a_cause_that_comes_back_keeps_the_stop(armed):
    for k in range(300):
        armed.step([math.nan if k % 40 == 0 else 0.0, 0.0])
    assert armed.supervisor.mode is Mode.PROTECTIVE_STOP


def test_stale_joint_states_stop(armed):
    armed.has_joint_states = False
    armed.hold([0.0, 0.0], 12)
    report = armed.supervisor.report(armed.now_ns)
    assert report.mode is Mode.PROTECTIVE_STOP
    assert "joint_states is 0.1" in report.reason


def test_a_clock_that_stands_still_makes_no_stream_fresh(armed):
    """Stamps run away from a stopped ROS clock; what was old on arrival would pass for new."""
    armed.has_joint_states = False
    for period in range(1, 13):
        armed.supervisor.on_joint_state(np.array(armed.measured()), armed.now_ns, delay_s=-0.01 * period)
        armed.step([0.0, 0.0])
    report = armed.supervisor.report(armed.now_ns)
    assert report.mode is Mode.PROTECTIVE_STOP and "ahead of our clock" in report.reason
    armed.supervisor.disarm(armed.now_ns)
    armed.supervisor.on_joint_state(np.array(armed.measured()), armed.now_ns, delay_s=-0.2)
    assert "cannot arm" in armed.supervisor.arm(armed.now_ns).refusal


@pytest.mark.parametrize("goes_on", [True, False], ids=["with a command", "without"])
def test_a_supervisor_that_was_held_up_does_not_push_a_standing_arm_on(armed, goes_on):
    """Its process hung for a second (SIGSTOP); the servos have long stood where it last sent them."""
    for value in SWING[:100]:
        armed.step([value, 0.0])
    before = armed.sent[-1].copy()
    armed.now_ns += 1_000_000_000
    armed.command([SWING[100], 0.0]) if goes_on else armed.step()
    armed.hold([SWING[100], 0.0], 20)
    assert armed.supervisor.mode is Mode.PROTECTIVE_STOP
    np.testing.assert_array_equal(armed.sent[-1], before)


def test_a_blocked_joint_slows_and_then_stops(armed):
    armed.is_blocked = True
    modes = []
    for k in range(200):
        armed.step([min(0.004 * k, 0.8), 0.0])
        modes.append(armed.supervisor.mode)
    assert Mode.SLOWED in modes
    assert modes[-1] in (Mode.SLOWED, Mode.PROTECTIVE_STOP)
    assert armed.sent[-1][0] <= 0.3
    armed.judge()


def test_disarm_brakes_and_ends_in_standby(armed):
    for value in SWING[:100]:
        armed.step([value, 0.0])
    armed.take(armed.supervisor.disarm(armed.now_ns))
    armed.hold([SWING[100], 0.0], 40)
    assert armed.supervisor.mode is Mode.STANDBY
    armed.judge()


def test_a_flood_does_not_move_the_robot_faster(armed):
    """1 kHz of the fastest allowed motion for 0.5 s of real time."""
    armed.has_ticks = False
    for k in range(500):
        armed.now_ns += 1_000_000
        armed.supervisor.on_joint_state(np.array(armed.measured()), armed.now_ns)
        armed.command([0.02 * k, 0.0])
    assert len(armed.sent) - 1 <= 0.5 / 0.01 + 2.5
    assert armed.sent[-1][0] <= 2.0 * (0.5 + 0.025)
    refused = [event.verdict for event in armed.events if event.verdict.check == "rate"]
    assert refused[0].action is Action.CLAMP
    armed.judge()


def test_a_flood_of_rubbish_does_not_flood_the_events(armed):
    for _ in range(1000):
        armed.step([math.nan, 9.0])
    told = [event for event in armed.events if event.verdict.check == "finite"]
    assert told[0].repeats == 1
    assert [event.repeats for event in told[1:]] == [100, 200, 400]


def test_the_end_of_a_cause_is_told(armed):
    armed.hold([9.0, 0.0], 5)
    armed.hold([0.0, 0.0], 200)
    gone = [e.verdict for e in armed.events if e.verdict.action is Action.PASS and not e.is_operator]
    assert "position" in [verdict.check for verdict in gone]


def test_names_in_another_order_are_put_right(armed):
    decision = armed.command([0.0, 0.0005], names=("elbow", "shoulder"))
    assert decision.values.tolist() == [0.0005, 0.0]


def test_a_position_outside_its_limits_may_only_come_back():
    arm = Arm(start=[1.1, 0.0])
    arm.start()
    arm.hold([1.5, 0.0], 20)
    assert all(values[0] <= 1.1 for values in arm.sent)
    arm.hold([0.5, 0.0], 200)
    assert arm.sent[-1][0] == 0.5


@pytest.mark.parametrize("seed", range(4))
def test_random_commands_noise_and_pauses_never_pass_a_limit(seed):
    arm, rng = Arm(), np.random.default_rng(seed)
    arm.start()
    for _ in range(1500):
        kind = rng.integers(0, 6)
        if kind == 0:
            arm.step()
        elif kind == 1:
            arm.step(rng.normal(0.0, 10.0 ** rng.integers(-3, 12), 2))
        elif kind == 2 and rng.random() < 0.02:
            arm.step([math.nan, 0.0])
        else:
            arm.step(np.array(arm.sent[-1]) + rng.normal(0.0, 0.02, 2))
    assert len(arm.sent) > 500
    arm.hold([math.nan, 0.0], 100)
    assert arm.supervisor.report(arm.now_ns).is_at_rest
    arm.judge()


def test_a_wall_is_not_passed_by_limits_of_positions():
    arm = Arm()
    arm.start()
    for k in range(200):
        arm.step([0.019 * k, 0.0])
    columns = np.array(arm.sent)
    assert_position_limits(columns[:, [0]], 0.01, -1.0, 1.0, 2.0, 20.0, 1000.0)


@pytest.mark.parametrize("values", [[math.nan, 0.0], [0.0]])
def test_an_unusable_command_stops_even_without_a_check_for_it(values):
    arm = Arm(checks=("stale",))
    arm.start()
    arm.step(values)
    assert arm.supervisor.mode is Mode.PROTECTIVE_STOP
    assert arm.events[-1].verdict.check == "limiter"


def test_a_flood_is_refused_even_without_a_check_for_it():
    arm = Arm(checks=("stale",))
    arm.start()
    arm.step([0.0, 0.0])
    decisions = [arm.command([0.0, 0.0]) for _ in range(3)]
    assert [decision.values is None for decision in decisions] == [False, True, True]
    assert "ahead of real time" in arm.events[-1].verdict.reason


def test_a_pause_that_is_bridged_is_explained(armed):
    for value in SWING[:100]:
        armed.step([value, 0.0])
    for _ in range(3):
        armed.step()
    reasons = [event.verdict.reason for event in armed.events]
    assert reasons == ["no command for 0.020 s: the supervisor brakes until the next one"]


def test_says_when_the_next_input_becomes_too_old(armed):
    armed.step((0.0, 0.0))
    now_ns = armed.now_ns
    assert armed.supervisor.next_timeout_s(now_ns) == pytest.approx(0.1)
    assert armed.supervisor.next_timeout_s(now_ns + 97_000_000) == pytest.approx(0.003)
    assert armed.supervisor.next_timeout_s(now_ns + 101_000_000) == math.inf  # found already, not due


def test_says_that_a_command_is_overdue_when_a_look_would_stop_for_it(armed):
    armed.step((0.0, 0.0))
    last_ns = armed.now_ns
    assert not armed.supervisor.is_command_overdue(last_ns + 100_000_000)
    assert armed.supervisor.is_command_overdue(last_ns + 100_000_001)
    armed.supervisor.tick(last_ns + 100_000_001)
    assert armed.supervisor.mode is Mode.PROTECTIVE_STOP
    assert not armed.supervisor.is_command_overdue(last_ns + 100_000_002), "found already"


def test_before_arming_no_command_is_overdue(arm):
    arm.step()
    assert not arm.supervisor.is_command_overdue(arm.now_ns + 10**9)


def test_before_anything_was_heard_nothing_is_due(arm):
    assert arm.supervisor.next_timeout_s(arm.now_ns) == math.inf


class Wall:
    """A check that leaves nothing of any command, as the workspace does at its wall."""

    def evaluate(self, _):
        return Verdict("wall", Action.CLAMP, "the test says so", 0.0)


def test_of_several_clamps_the_one_that_leaves_least_counts():
    """A mutant that took the one that leaves most was not noticed."""
    arm = Arm(extra={"wall": Wall()})
    arm.start()
    arm.hold([0.9, 0.0], 10)  # too fast as well: the check velocity clamps with the whole share
    assert {"wall", "velocity"} <= {event.verdict.check for event in arm.events}
    assert all(values.tolist() == [0.0, 0.0] for values in arm.sent)
