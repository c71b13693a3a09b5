"""What latches: emergency stop, faults, failing checks; and how a person leaves it."""

import math

import pytest
from made_snapshots import TWO_JOINTS
from supervised import Arm

from noetra_ros.core.errors import ConfigError
from noetra_ros.safety.checks.estop_chain import EstopChain
from noetra_ros.safety.inputs import Inputs
from noetra_ros.safety.modes import Mode
from noetra_ros.safety.supervisor import Supervisor
from noetra_ros.safety.verdict import Action, Verdict, passed

SWING = [0.1 * (1.0 - math.cos(2.0 * math.pi * 0.25 * 0.01 * k)) for k in range(400)]


@pytest.fixture
def arm():
    return Arm()


@pytest.fixture
def armed():
    arm = Arm()
    arm.start()
    return arm


def test_estop_brakes_then_sends_nothing_and_latches(armed):
    for value in SWING[:100]:
        armed.step([value, 0.0])
    armed.take(armed.supervisor.on_estop("button", True, armed.now_ns))
    armed.hold([SWING[100], 0.0], 40)
    sent = len(armed.sent)
    armed.hold([SWING[100], 0.0], 40)
    assert armed.supervisor.mode is Mode.EMERGENCY_STOP
    assert len(armed.sent) == sent
    armed.judge()


def test_reset_is_refused_while_pressed_and_never_starts_motion(armed):
    armed.take(armed.supervisor.on_estop("button", True, armed.now_ns))
    armed.hold([0.5, 0.0], 20)
    assert "button is still pressed" in armed.supervisor.reset(armed.now_ns).refusal
    armed.take(armed.supervisor.on_estop("button", False, armed.now_ns))
    assert armed.supervisor.mode is Mode.EMERGENCY_STOP
    sent = len(armed.sent)
    assert armed.supervisor.reset(armed.now_ns).refusal == ""
    armed.hold([0.5, 0.0], 50)
    assert armed.supervisor.mode is Mode.STANDBY
    assert len(armed.sent) == sent


def test_reset_is_refused_while_the_robot_still_moves(armed):
    for value in SWING[:100]:
        armed.step([value, 0.0])
    armed.take(armed.supervisor.estop(armed.now_ns, "called"))
    assert "still moves" in armed.supervisor.reset(armed.now_ns).refusal


def test_arming_does_not_leave_a_latch(armed):
    armed.take(armed.supervisor.estop(armed.now_ns, "called"))
    assert "EMERGENCY_STOP" in armed.supervisor.arm(armed.now_ns).refusal


def test_a_clock_that_jumps_back_is_a_fault_and_brakes(armed):
    for value in SWING[:100]:
        armed.step([value, 0.0])
    armed.now_ns -= 10**10
    armed.hold([SWING[100], 0.0], 40)
    assert armed.supervisor.mode is Mode.FAULT
    assert armed.supervisor.report(armed.now_ns).is_at_rest
    armed.judge()
    assert armed.supervisor.reset(armed.now_ns).refusal == ""


def test_a_ros_clock_that_jumps_back_is_a_fault(armed):
    armed.supervisor.on_ros_clock(2 * 10**9)
    armed.supervisor.on_ros_clock(10**9)
    armed.step([0.0, 0.0])
    assert armed.supervisor.mode is Mode.FAULT


class Raises:
    """Fails once it is let."""

    is_let = False

    def evaluate(self, snapshot):
        if self.is_let:
            raise ZeroDivisionError("division by zero")
        return passed("raises")


class AnswersRubbish(Raises):
    def evaluate(self, snapshot):
        return "fine" if self.is_let else passed("raises")


class NanScale(Raises):
    def evaluate(self, snapshot):
        return Verdict("raises", Action.SLOW, "why", math.nan) if self.is_let else passed("raises")


@pytest.mark.parametrize("kind", [Raises, AnswersRubbish, NanScale])
def test_a_check_that_fails_is_a_fault_stop(kind):
    check = kind()
    arm = Arm(extra={"raises": check})
    arm.start()
    for value in SWING[:100]:
        arm.step([value, 0.0])
    check.is_let = True
    arm.hold([SWING[100], 0.0], 40)
    assert arm.supervisor.mode is Mode.FAULT
    assert "raises failed" in arm.supervisor.report(arm.now_ns).reason
    assert arm.supervisor.report(arm.now_ns).is_at_rest
    arm.judge()
    assert arm.supervisor.reset(arm.now_ns).report.mode is Mode.FAULT  # it still fails


def test_no_check_is_an_error(arm):
    with pytest.raises(ConfigError, match="an empty list"):
        Supervisor(arm.supervisor.limits, {}, arm.settings)


def test_a_reason_that_no_check_sees_hinders_arming_until_it_is_gone(arm):
    arm.step()
    arm.supervisor.hinder_arming("audit log cannot be written")
    assert "audit log cannot be written" in arm.supervisor.arm(arm.now_ns).refusal
    arm.supervisor.hinder_arming("")
    assert arm.supervisor.arm(arm.now_ns).refusal == ""


def test_a_reason_that_no_check_sees_hinders_resetting_until_it_is_gone(arm):
    arm.step()
    arm.supervisor.estop(arm.now_ns, "pressed")
    arm.supervisor.hinder_resetting("the key is not turned")
    assert arm.supervisor.reset(arm.now_ns).refusal == "cannot reset: the key is not turned"
    assert arm.supervisor.mode is Mode.EMERGENCY_STOP
    arm.supervisor.hinder_resetting("")
    assert arm.supervisor.reset(arm.now_ns).report.mode is Mode.STANDBY


def test_what_is_not_armed_cannot_be_disarmed_and_nothing_is_reset_that_is_not_latched(arm):
    arm.step()
    assert arm.supervisor.disarm(arm.now_ns).refusal == "not armed: STANDBY"
    assert arm.supervisor.reset(arm.now_ns).refusal == "nothing to reset in STANDBY"


def test_arming_while_the_last_stop_still_moves_the_robot_is_refused(armed):
    for value in SWING[:100]:
        armed.step([value, 0.0])
    armed.take(armed.supervisor.disarm(armed.now_ns))
    assert armed.supervisor.arm(armed.now_ns).refusal == "cannot arm: the robot still moves"
    armed.hold([0.0, 0.0], 40)
    assert armed.supervisor.arm(armed.now_ns).refusal == ""


def test_a_wire_that_nobody_listened_to_counts_as_pressed_whatever_is_read_first():
    """Found by the fault campaign (a frozen supervisor that goes on). Who would have been hurt: whoever
    pressed and released while it hung; what it read first decided whether the robot went on by itself.
    """
    wired = Arm(extra={"estop_chain": EstopChain(("line",), 0.25)})
    wired.supervisor.on_estop("line", False, wired.now_ns)
    wired.start()
    for _ in range(20):
        wired.supervisor.on_estop("line", False, wired.now_ns)
        wired.hold([0.0, 0.0], 1)
    assert wired.supervisor.mode is Mode.ACTIVE
    wired.now_ns += 300_000_000
    wired.supervisor.on_estop("line", False, wired.now_ns)
    wired.step([0.0, 0.0])
    assert wired.supervisor.mode is Mode.EMERGENCY_STOP
    assert any("was not heard for 0.3" in event.verdict.reason for event in wired.events)


def test_what_was_heard_before_the_clock_went_back_keeps_nothing_fresh(armed):
    """Found by fuzzing. Who would have been hurt: whoever is near an arm that was armed again after a clock
    fault while nobody heard its joints any more: their last state lay in the future and never grew old.
    """
    armed.hold([0.0, 0.0], 5)
    armed.now_ns -= 3 * 10**9
    armed.has_joint_states = False
    armed.step()
    assert armed.supervisor.mode is Mode.FAULT
    armed.hold([0.0, 0.0], 12)
    assert armed.supervisor.reset(armed.now_ns).refusal == ""
    assert "joint_states is 0.1" in armed.supervisor.arm(armed.now_ns).refusal


def test_no_source_stays_fresh_when_the_clock_goes_back():
    inputs = Inputs(TWO_JOINTS)
    inputs.step_clock(10 * 10**9)
    inputs.hear_heartbeat("policy", 10 * 10**9)
    inputs.hear_estop("wire", False, 10 * 10**9)
    inputs.hear_trust(1.0, 10 * 10**9)
    inputs.note_armed(10 * 10**9)
    inputs.step_clock(7 * 10**9)
    now_ns = 8 * 10**9
    assert inputs.heartbeat_ages_s(now_ns) == {"policy": 1.0}
    assert inputs.estop_ages_s(now_ns) == {"wire": 1.0}
    assert (inputs.trust_age_s(now_ns), inputs.command_age_s(now_ns, since_armed=True)) == (1.0, 1.0)
    inputs.step_clock(now_ns)
    assert inputs.heartbeat_ages_s(now_ns) == {"policy": 1.0}
