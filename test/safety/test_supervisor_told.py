"""What the supervisor counts, refuses and tells, call by call, in a few periods each."""

import dataclasses
import math

import numpy as np
import pytest
from made_snapshots import TWIST, TWO_JOINTS
from made_trajectories import NAMES, smooth
from obstacles_around import scene
from supervised import PERIOD_NS, SETTINGS, Arm, Supervised

from noetra_ros.core.planar_scan import PlanarScan
from noetra_ros.core.trajectory import Trajectory
from noetra_ros.core.types import Command
from noetra_ros.safety.judged_separation import SeparationJudgement
from noetra_ros.safety.modes import Mode
from noetra_ros.safety.separation import SeparationTerms
from noetra_ros.safety.verdict import Action, Verdict


class Told:
    """A check that says what the test says."""

    action, scale = Action.PASS, 1.0

    def evaluate(self, snapshot):
        self.seen = snapshot
        return Verdict("told", self.action, "the test says so" if self.action else "", self.scale)


@pytest.fixture
def arm():
    told = Told()
    made = Arm(extra={"told": told})
    made.told = told
    made.start()
    return made


def counts(arm):
    report = arm.supervisor.report(arm.now_ns)
    return report.commands_judged, report.commands_sent, report.interventions


def reasons(decision):
    return [event.verdict.reason for event in decision.events]


def test_commands_that_pass_are_counted_and_change_nothing(arm):
    for k in range(1, 6):
        arm.step((0.0002 * k, 0.0))
    assert counts(arm)[0] == 5 and arm.supervisor.report(arm.now_ns).active_checks == ()


def test_a_command_that_is_changed_is_counted_and_explained_once(arm):
    decision = arm.step((0.5, 0.0))
    assert counts(arm) == (1, 1, 1)
    assert any("shoulder" in reason for reason in reasons(decision))
    assert {event.verdict.check for event in decision.events} >= {"velocity", "jerk"}
    assert "limiter" not in {event.verdict.check for event in decision.events}, "a check has said why"


def test_a_change_that_no_check_explains_is_explained_by_the_supervisor():
    """Without the checks of rates: the limits of the axes hold all the same, and say so."""
    arm = Arm(checks=("clock", "estop", "finite", "shape", "stale"))
    arm.start()
    decision = arm.step((0.5, 0.0))
    assert [e.verdict.check for e in decision.events] == ["limiter"]
    assert "is 0.499 rad from its command" in reasons(decision)[0]
    arm.step((0.5, 0.0))
    assert counts(arm) == (2, 2, 2)


def test_a_flood_without_the_check_of_rates_is_refused_by_the_supervisor():
    arm = Arm(checks=("clock", "estop", "finite", "shape", "stale"))
    arm.start()
    arm.step((0.0001, 0.0))
    decisions = [arm.command((0.0001, 0.0)) for _ in range(4)]
    sent = [decision.values is not None for decision in decisions]
    assert counts(arm) == (5, 1 + sum(sent), len(sent) - sum(sent)) and not sent[-1]
    assert any("ahead of real time: this one is refused" in r for d in decisions for r in reasons(d))


def test_a_flood_that_a_check_refuses_is_told_by_that_alone(arm):
    arm.step((0.0001, 0.0))
    told = [e.verdict.check for _ in range(4) for e in arm.command((0.0001, 0.0)).events]
    assert told == ["rate"]


@pytest.mark.parametrize("is_on", [True, False])
def test_who_turns_reduced_speed_on_is_told(arm, is_on):
    decision = arm.supervisor.reduce_speed(is_on, arm.now_ns)
    assert reasons(decision) == [f"reduced speed is {'on' if is_on else 'off'}"]
    assert decision.events[0].is_operator and decision.report.is_speed_reduced is is_on


def test_a_pressed_button_latches_and_a_released_one_changes_nothing(arm):
    pressed = arm.supervisor.on_estop("line", True, arm.now_ns)
    assert arm.supervisor.mode is Mode.EMERGENCY_STOP
    assert reasons(pressed) == ["emergency stop line is pressed"] and pressed.report.is_estop_pressed
    refused = arm.supervisor.reset(arm.now_ns).refusal
    assert refused.startswith("cannot reset: ") and "emergency stop line is still pressed" in refused
    released = arm.supervisor.on_estop("line", False, arm.now_ns)
    assert (released.values, reasons(released)) == (None, []) and not released.report.is_estop_pressed
    assert arm.supervisor.mode is Mode.EMERGENCY_STOP
    assert arm.supervisor.reset(arm.now_ns).refusal == "" and arm.supervisor.mode is Mode.STANDBY


def test_while_the_robot_moves_it_is_neither_reset_nor_armed(arm):
    for k in range(1, 30):
        arm.step((0.0005 * k * k, 0.0))
    arm.take(arm.supervisor.estop(arm.now_ns, "a person"))
    assert arm.supervisor.reset(arm.now_ns).refusal == "cannot reset: the robot still moves"
    assert not arm.supervisor.report(arm.now_ns).is_at_rest
    for _ in range(60):
        arm.step()
    assert arm.supervisor.report(arm.now_ns).is_at_rest
    assert arm.supervisor.reset(arm.now_ns).refusal == ""
    assert arm.supervisor.reset(arm.now_ns).refusal == "nothing to reset in STANDBY"


def test_who_disarms_a_moving_robot_waits_until_it_rests(arm):
    for k in range(1, 30):
        arm.step((0.0005 * k * k, 0.0))
    arm.take(arm.supervisor.disarm(arm.now_ns))
    assert arm.supervisor.arm(arm.now_ns).refusal == "cannot arm: the robot still moves"
    assert arm.supervisor.disarm(arm.now_ns).refusal == "not armed: STANDBY"


def test_what_hinders_arming_is_all_told(arm):
    arm.supervisor.disarm(arm.now_ns)
    arm.told.action = Action.STOP
    arm.supervisor.hinder_arming("the audit log is full")
    refusal = arm.supervisor.arm(arm.now_ns).refusal
    assert refusal == "cannot arm: the test says so; the audit log is full"
    assert arm.supervisor.report(arm.now_ns).active_checks == ("told",)
    arm.told.action = Action.PASS
    arm.supervisor.hinder_arming("")
    assert arm.supervisor.arm(arm.now_ns).refusal == ""


def test_after_an_emergency_only_what_latches_hinders_a_reset(arm):
    arm.supervisor.estop(arm.now_ns, "a person")
    arm.told.action = Action.STOP
    assert arm.supervisor.reset(arm.now_ns).refusal == ""
    arm.supervisor.estop(arm.now_ns, "a person")
    for action in (Action.ESTOP, Action.FAULT):
        arm.told.action = action
        assert arm.supervisor.reset(arm.now_ns).refusal == "cannot reset: the test says so"
    arm.told.action = Action.PASS
    arm.supervisor.hinder_resetting("the audit log is full")
    assert arm.supervisor.reset(arm.now_ns).refusal == "cannot reset: the audit log is full"


def test_an_exception_is_a_fault_of_the_check_that_raised_it(arm):
    arm.told.evaluate = lambda snapshot: 1 / 0
    decision = arm.step((0.0001, 0.0))
    assert arm.supervisor.mode is Mode.FAULT and decision.report.reason.startswith(
        "told failed: ZeroDivision"
    )


def test_an_exception_outside_of_the_checks_is_one_of_the_supervisor(arm):
    arm.supervisor._execution.next = lambda *about: 1 / 0
    arm.step((0.0, 0.0))
    for _ in range(3):
        arm.step()
    assert (
        arm.supervisor.report(arm.now_ns).reason == "supervisor failed: ZeroDivisionError: division by zero"
    )


def test_the_scale_rises_slowly_again_after_it_was_armed_anew(arm):
    """Armed while slowed: the first motion is as slow as the robot was left."""
    arm.told.action, arm.told.scale = Action.SLOW, 0.1
    arm.step((0.0, 0.0))
    arm.told.action, arm.told.scale = Action.PASS, 1.0
    arm.supervisor.disarm(arm.now_ns)
    arm.step()
    arm.supervisor.arm(arm.now_ns)
    arm.step((0.0, 0.0))
    assert arm.supervisor.report(arm.now_ns).scale == 1.0


@pytest.mark.parametrize("scale", [0.5, 1.0])
def test_what_a_slowed_robot_is_sent_keeps_the_scale(arm, scale):
    arm.told.action, arm.told.scale = Action.SLOW, scale
    for _ in range(40):
        arm.step((0.9, 0.0))
    speed = (arm.sent[-1] - arm.sent[-2])[0] / 0.01
    assert speed == pytest.approx(2.0 * scale, rel=0.02)
    assert arm.supervisor.mode is (Mode.SLOWED if scale < 1.0 else Mode.ACTIVE)


def test_between_commands_a_goal_that_was_held_back_is_gone_to(arm):
    """Commands come at 10 Hz, the channel has 100 Hz: the supervisor goes on by itself and says so."""
    arm.step((0.005, 0.0))
    before = len(arm.sent)
    decisions = [arm.step() for _ in range(5)]
    assert len(arm.sent) > before
    assert any("goes on to the last command" in r for d in decisions for r in reasons(d))
    clamped = [e.verdict for d in decisions for e in d.events if e.verdict.check == "velocity"]
    assert clamped == [], "what a check clamps whole, without a share, is not told again"


def test_between_commands_what_a_check_leaves_of_it_is_kept(arm):
    arm.step((0.01, 0.0))
    arm.told.action, arm.told.scale = Action.CLAMP, 0.0
    for _ in range(4):
        arm.step()
    assert arm.told.seen.command is None
    assert arm.sent[-1][0] < 0.004, "a stop, and not the way to the goal"
    assert any(e.verdict.check == "told" for e in arm.events)


@pytest.mark.parametrize(("scale", "is_told"), [(0.5, True), (1.0, False)])
def test_a_check_that_holds_back_what_nobody_commanded_is_told(arm, scale, is_told):
    """It saw no command, and looks at what the supervisor would send by itself."""
    clamp = Verdict("told", Action.CLAMP, "too near", scale)
    arm.step((0.005, 0.0))
    arm.told.evaluate = lambda s: Verdict("told", Action.PASS) if s.proposed is None else clamp
    told = [e.verdict.check for _ in range(4) for e in arm.step().events]
    assert ("told" in told) is is_told and "limiter" in told


def test_at_its_goal_a_robot_is_sent_nothing_more(arm):
    for _ in range(10):
        arm.step((0.0, 0.0))
    sent = len(arm.sent)
    for _ in range(5):
        arm.step()
    assert len(arm.sent) == sent


def test_a_trajectory_is_not_taken_while_no_command_passes(arm):
    arm.supervisor.disarm(arm.now_ns)
    decision = arm.supervisor.on_trajectory(smooth((0.4, -0.4), arrival_ns=arm.now_ns), 0.0)
    assert any("is refused: STANDBY" in reason for reason in reasons(decision))
    assert counts(arm)[2] == 1


def test_a_trajectory_counts_as_judged_and_as_heard(arm):
    decision = arm.supervisor.on_trajectory(smooth((0.4, -0.4), arrival_ns=arm.now_ns), 0.0)
    assert counts(arm) == (1, 0, 0) and decision.report.command_age_s == 0.0
    arm.step()
    empty = arm.supervisor.on_trajectory(Trajectory(NAMES, (), arm.now_ns), 0.0)
    assert any("without points" in reason for reason in reasons(empty)) and counts(arm)[2] == 1


def test_a_single_command_takes_a_trajectory_back(arm):
    arm.supervisor.on_trajectory(smooth((0.4, -0.4), arrival_ns=arm.now_ns), 0.0)
    decision = arm.step((0.0, 0.0))
    assert any("a single command came" in reason for reason in reasons(decision))


def test_what_is_gone_is_told_while_a_trajectory_runs(arm):
    arm.step((0.0005, 0.0))
    arm.told.action = Action.CLAMP
    arm.step((0.0005, 0.0))
    arm.told.action = Action.PASS
    arm.supervisor.on_trajectory(smooth((0.4, -0.4), 2.0, arrival_ns=arm.now_ns), 0.0)
    told = [reason for _ in range(90) for reason in reasons(arm.step())]
    assert "gone: the test says so" in told


def test_before_anything_is_known_nothing_is_told():
    arm = Arm()
    arm.has_joint_states = False
    assert arm.step().events == () and arm.supervisor.mode is Mode.STARTUP


def test_all_that_is_heard_is_seen_by_the_checks():
    """A stream that is heard and dropped would look alive, or dead, for ever."""
    told = Told()
    base = Supervised(TWIST, (0.0, 0.0, 0.0), extra={"told": told})
    supervisor, now_ns = base.supervisor, 10**10 + PERIOD_NS
    scan = PlanarScan((0.0, 0.0), 0.0, 1.0, np.array([1.0, 2.0]))
    supervisor.on_scan("scan", scan, now_ns, 0.05)
    supervisor.on_scene(scene(), now_ns, 0.25)
    supervisor.on_heartbeat("policy", now_ns)
    supervisor.on_trust(0.5, now_ns)
    supervisor.on_other_writers(("/joystick",))
    supervisor.on_estop("line", False, now_ns)
    supervisor.tick(now_ns)
    seen = told.seen
    assert seen.scans["scan"].scan is scan and seen.stream_age_s["scan"] == pytest.approx(0.05)
    assert seen.scene is not None and seen.scene_age_s == pytest.approx(0.25) and seen.scene_fault == ""
    assert seen.heartbeat_age_s == {"policy": 0.0} and seen.policy_trust == 0.5
    assert seen.other_writers == ("/joystick",) and seen.estop_age_s == {"line": 0.0}
    supervisor.on_unreadable_scene("kind 9")
    supervisor.on_ros_clock(5 * 10**9)
    supervisor.on_ros_clock(4 * 10**9)
    supervisor.tick(now_ns + PERIOD_NS)
    assert told.seen.scene_fault == "kind 9" and told.seen.ros_clock_step_s == -1.0


def test_a_command_out_of_order_is_sorted_by_its_names(arm):
    arm.step()
    arm.command((-0.0001, 0.0002), ("elbow", "shoulder"))
    assert arm.sent[-1].tolist() == [0.0002, -0.0001]


def test_a_command_that_fits_nothing_stops_though_no_check_looks():
    arm = Arm(checks=("clock", "estop", "stale"))
    arm.start()
    arm.step((0.0, math.nan))
    assert arm.supervisor.mode is Mode.PROTECTIVE_STOP
    assert "does not fit the channel or holds NaN" in arm.supervisor.report(arm.now_ns).reason
    assert counts(arm)[2] == 1


def test_one_that_fits_nothing_stops_though_a_check_clamps():
    told = Told()
    arm = Arm(checks=("clock", "estop", "stale"), extra={"told": told})
    arm.start()
    told.action = Action.CLAMP
    decision = arm.step((0.0, math.nan))
    assert arm.supervisor.mode is Mode.PROTECTIVE_STOP
    assert "the command does not fit the channel or holds NaN" in reasons(decision)


def test_a_command_that_a_check_has_stopped_for_is_told_by_that_alone(arm):
    decision = arm.step((0.0, math.nan))
    assert [e.verdict.check for e in decision.events] == ["finite"]


@pytest.mark.parametrize("values", [(0.0, 0.0), (0.9, -1.5)])
def test_commands_to_a_robot_that_is_not_armed_are_no_interventions(values):
    """Nor is anything told of their speed or their number: none of them is sent."""
    arm = Arm()
    arm.step()
    for _ in range(3):
        decision = arm.supervisor.on_command(Command(TWO_JOINTS.kind, np.array(values), arm.now_ns))
        assert (decision.events, decision.values, decision.report.active_checks) == ((), None, ())
    assert counts(arm) == (3, 0, 0)


def test_a_robot_that_watches_people_tells_the_nearest_pair(arm):
    assert arm.supervisor.report(arm.now_ns).separation is None
    settings = dataclasses.replace(SETTINGS, reduced_speed=True)
    assert type(arm.supervisor)(TWO_JOINTS, {"told": Told()}, settings).report(0).is_speed_reduced


def test_the_next_time_out_is_that_of_what_is_awaited(arm):
    arm.step((0.0, 0.0))
    assert 0.0 < arm.supervisor.next_timeout_s(arm.now_ns) <= 0.1


def test_of_several_that_slow_the_slowest_counts():
    quick, slow = Told(), Told()
    arm = Arm(extra={"quick": quick, "slow": slow})
    arm.start()
    quick.action, quick.scale, slow.action, slow.scale = Action.SLOW, 0.5, Action.SLOW, 0.2
    arm.step((0.0, 0.0))
    assert arm.supervisor.report(arm.now_ns).scale == 0.2


def test_speed_that_comes_back_slowly_is_told(arm):
    """A person has stepped back: the robot does not leap, and says why it is slow."""
    arm.told.action, arm.told.scale = Action.SLOW, 0.25
    arm.step((0.0, 0.0))
    arm.told.action, arm.told.scale = Action.PASS, 1.0
    decision = arm.step((0.0, 0.0))
    assert decision.report.scale == pytest.approx(0.26) and decision.report.active_checks == ("limiter",)
    assert "speed comes back: 26% of the limits" in [event.verdict.reason for event in arm.events]
    arm.told.action, arm.told.scale = Action.SLOW, 0.1
    assert arm.step((0.0, 0.0)).report.active_checks == ("told",), "less at once"


def test_the_pair_that_was_judged_is_told_while_it_is_there(arm):
    terms = SeparationTerms(*[0.1] * 6)
    pairs = [SeparationJudgement(link, 7, 1.0, terms, 0.5, 0.1, 1.0, True) for link in ("hand", "elbow")]
    arm.told.evaluate = lambda _: Verdict("told", Action.PASS, details=pairs[0])
    arm.step((0.0, 0.0))
    assert arm.supervisor.report(arm.now_ns).separation is pairs[0]
    arm.told.evaluate = lambda _: Verdict("told", Action.PASS, details="of another kind")
    arm.step((0.0, 0.0))
    assert arm.supervisor.report(arm.now_ns).separation is None
