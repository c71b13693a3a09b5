"""From the supervisor's reports to the streamer's gate."""

import pytest
from noetra_ros.msg import SafetyState

from noetra_ros.ros.conversions import ns_to_stamp
from noetra_ros.ros.safety_gate import LiveGate, SteppedGate, gate_of
from noetra_ros.streaming.streamer import Gate

pytestmark = pytest.mark.ros
S = 1_000_000_000


def state(mode, is_armed=True, stamp_ns=0, judged=0):
    message = SafetyState(mode=mode, is_armed=is_armed, commands_judged=judged)
    message.header.stamp = ns_to_stamp(stamp_ns)
    return message


@pytest.mark.parametrize(
    ("mode", "is_armed", "gate"),
    [
        (SafetyState.MODE_UNKNOWN, True, Gate.CLOSED),
        (SafetyState.MODE_STARTUP, False, Gate.CLOSED),
        (SafetyState.MODE_STANDBY, False, Gate.CLOSED),
        (SafetyState.MODE_ACTIVE, True, Gate.OPEN),
        (SafetyState.MODE_SLOWED, True, Gate.OPEN),
        (SafetyState.MODE_PROTECTIVE_STOP, True, Gate.PAUSED),
        (SafetyState.MODE_PROTECTIVE_STOP, False, Gate.CLOSED),
        (SafetyState.MODE_EMERGENCY_STOP, False, Gate.CLOSED),
        (SafetyState.MODE_FAULT, False, Gate.CLOSED),
    ],
)
def test_modes(mode, is_armed, gate):
    assert gate_of(state(mode, is_armed)) is gate


def test_a_silent_supervisor_closes_the_gate():
    gate = LiveGate(timeout_ns=S // 2)
    assert gate.gate(0) is Gate.CLOSED
    gate.take(state(SafetyState.MODE_ACTIVE), steady_ns=S)
    assert gate.gate(S + S // 2) is Gate.OPEN
    assert gate.gate(S + S // 2 + 1) is Gate.CLOSED


def test_a_tick_takes_the_last_report_on_the_tick_before():
    gate = SteppedGate()
    gate.take(state(SafetyState.MODE_STANDBY, False, 1 * S, 1))
    gate.take(state(SafetyState.MODE_ACTIVE, True, 1 * S, 1))
    gate.take(state(SafetyState.MODE_PROTECTIVE_STOP, True, 2 * S, 1))
    assert gate.gate(2 * S) is Gate.OPEN


def test_a_tick_is_settled_when_its_command_was_judged():
    gate = SteppedGate()
    gate.take(state(SafetyState.MODE_ACTIVE, True, 1 * S, 5))
    assert gate.gate(2 * S) is Gate.OPEN
    gate.take(state(SafetyState.MODE_ACTIVE, True, 2 * S, 5))
    assert not gate.is_settled()
    gate.take(state(SafetyState.MODE_ACTIVE, True, 2 * S, 6))
    assert gate.is_settled()


def test_the_newest_report_is_told_before_a_tick_takes_it():
    gate = SteppedGate()
    assert gate.newest is Gate.CLOSED
    gate.take(state(SafetyState.MODE_ACTIVE, True, 5 * S, 1))
    assert gate.newest is Gate.OPEN
    assert gate.gate(5 * S) is Gate.CLOSED, "the report is about this tick, not the one before"
