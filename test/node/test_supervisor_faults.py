"""What goes wrong around the supervisor: a killed source, a broken check, a wrong set-up."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import rclpy
from noetra_ros.msg import SafetyEvent, SafetyState
from std_msgs.msg import Float64MultiArray
from supervisor_bench import CONTROLLER, HOME, SupervisorBench, joint_values, start_supervisor

from noetra_ros.core.resources import config_names

pytestmark = pytest.mark.ros

TOPIC = "forward_position_controller/commands"
PERIOD_S, TIMEOUT_S = 0.01, 0.1
# What a shared machine may be late by; the bar itself is the period and the time-out.
SLACK_S = 0.05
KILLS, TRIALS = 3, 10
PAUSES = 6


def test_a_killed_source_is_answered_by_a_stop():
    bench = SupervisorBench("so101", Float64MultiArray, TOPIC)
    try:
        bench.start_source()
        bench.wait_mode(SafetyState.MODE_STANDBY)
        delays_s = []
        for _ in range(TRIALS):
            begin_s = time.monotonic()
            assert bench.call("arm").success
            bench.wait_mode(SafetyState.MODE_ACTIVE)
            bench.spin_for(0.5)
            bench.wait_mode(SafetyState.MODE_ACTIVE)  # a busy machine may have starved the source for a while
            bench.kill_source()
            bench.wait_mode(SafetyState.MODE_PROTECTIVE_STOP)
            bench.spin_for(0.3)
            last_input_s = bench.inputs[-1][0]
            told_s = [at_s for at_s, _ in bench.outputs if at_s > last_input_s + TIMEOUT_S / 2]
            # Of an arm that stood before, since the machine kept somebody from speaking, it tells nothing.
            assert told_s or bench.was_held_up(begin_s, SLACK_S), "no stop command came"
            if told_s:
                delays_s.append(told_s[0] - last_input_s)
                assert bench.events_of("stale")[-1].subject == "command"
            steps = np.abs(np.diff(joint_values(bench.outputs), axis=0)).max()
            assert steps <= 2.5 * PERIOD_S * (1.0 + 1e-6)
            assert bench.call("disarm").success
            if len(delays_s) == KILLS:
                break
            bench.start_source()
            bench.wait_mode(SafetyState.MODE_STANDBY)
        assert len(delays_s) == KILLS, f"the machine was held up in the others of {TRIALS} trials"
        # The best one: a machine that others keep busy holds up this test and the supervisor alike.
        assert min(delays_s) <= TIMEOUT_S + PERIOD_S + SLACK_S, delays_s
    finally:
        assert bench.close() == 0


def test_a_machine_that_stood_still_is_no_silence_of_the_source():
    """Who would have been hurt: whoever stands beside an arm whose owner made its time-out five times longer,
    since a short one stopped it for every pause of his computer.
    """
    bench = SupervisorBench("so101", Float64MultiArray, TOPIC, "command_timeout_s:=0.03")
    try:
        bench.start_source()
        bench.wait_mode(SafetyState.MODE_STANDBY)
        stops = [_stops_in_pause(bench, is_source_alive=True) for _ in range(PAUSES)]
        assert not all(stops), "commands were on their way each time"
        assert _stops_in_pause(bench, is_source_alive=False)
        assert bench.events_of("stale")[-1].subject == "command"
    finally:
        assert bench.close() == 0


def _stops_in_pause(bench, is_source_alive):
    """The supervisor and the source of an arm that moves stand still for 60 ms; who looks wakes first."""
    bench.spin_until(lambda: bench.mode == SafetyState.MODE_ACTIVE or bench.call("arm").success, "arming")
    bench.wait_mode(SafetyState.MODE_ACTIVE)
    bench.spin_for(0.3)
    bench.wait_mode(SafetyState.MODE_ACTIVE)
    states = len(bench.states)
    for process in (bench.source, bench.process):
        process.send_signal(signal.SIGSTOP)
    time.sleep(0.06)
    bench.process.send_signal(signal.SIGCONT)
    if is_source_alive:
        time.sleep(0.001)
        bench.source.send_signal(signal.SIGCONT)
    bench.spin_for(0.3)
    is_stop = any(state.mode == SafetyState.MODE_PROTECTIVE_STOP for state in bench.states[states:])
    if is_stop:
        assert bench.call("disarm").success
        bench.wait_mode(SafetyState.MODE_STANDBY)
    return is_stop


def test_a_check_that_raises_is_a_latched_fault():
    program = str(Path(__file__).with_name("supervisor_with_failing_check.py"))
    checks = "checks:=[fails_on_sight, stale]"
    bench = SupervisorBench("so101", Float64MultiArray, TOPIC, checks, program=program)
    try:
        bench.start_commands(lambda: Float64MultiArray(data=list(HOME)))
        bench.next_command = lambda: Float64MultiArray(data=[0.06, *HOME[1:]])
        bench.wait_mode(SafetyState.MODE_FAULT)
        bench.spin_until(lambda: bench.events_of("fails_on_sight"), "the event")
        event = bench.events_of("fails_on_sight")[0]
        assert event.action == SafetyEvent.ACTION_FAULT
        assert "this check is broken" in event.reason
        assert not bench.states[-1].is_armed
        bench.spin_for(0.2)
        count = len(bench.outputs)
        bench.spin_for(0.3)
        assert len(bench.outputs) == count
    finally:
        assert bench.close() == 0


def test_a_command_is_not_sent_when_the_supervisor_hung_over_it():
    """Found by the fault campaign. Who would have been hurt: whoever reached for an arm that stood because
    its supervisor hung; going on, that sent the step which it had judged before.
    """
    program = str(Path(__file__).with_name("supervisor_with_failing_check.py"))
    checks = "checks:=[hangs_on_sight, stale, clock]"
    bench = SupervisorBench("so101", Float64MultiArray, TOPIC, checks, program=program)
    try:
        bench.start_commands(lambda: Float64MultiArray(data=list(HOME)))
        count = len(bench.outputs)
        bench.next_command = lambda: Float64MultiArray(data=[0.06, *HOME[1:]])
        bench.wait_mode(SafetyState.MODE_PROTECTIVE_STOP)
        bench.spin_until(lambda: bench.events_of("clock"), "the event")
        assert all("was held up for 0.4" in event.reason for event in bench.events_of("clock")[:2])
        bench.spin_for(0.2)
        assert {message.data[0] for _, message in bench.outputs[count:]} <= {HOME[0]}
        assert any("over a command: it is not sent" in event.reason for event in bench.events_of("clock"))
    finally:
        assert bench.close() == 0


def test_who_commands_the_controller_past_the_gate_stops_it():
    """A joystick program that somebody forgot: its commands are judged by nobody."""
    bench = SupervisorBench("so101", Float64MultiArray, TOPIC)
    try:
        bench.start_commands(lambda: Float64MultiArray(data=list(HOME)))
        other = rclpy.create_node("forgotten_joystick", context=bench.context)
        publisher = other.create_publisher(Float64MultiArray, CONTROLLER, 1)
        bench.wait_mode(SafetyState.MODE_PROTECTIVE_STOP)
        bench.spin_until(lambda: bench.events_of("sole_writer"), "the event")
        assert "/forgotten_joystick" in bench.events_of("sole_writer")[0].reason
        assert bench.call("disarm").success
        refused = bench.call("arm")
        assert not refused.success and "/forgotten_joystick" in refused.message
        other.destroy_publisher(publisher)
        other.destroy_node()
        bench.spin_until(lambda: bench.call("arm").success, "the other to be gone")
    finally:
        assert bench.close() == 0


SET_UPS = {
    "unknown robot": (["robot:=r2d2"], f"one of {', '.join(config_names('robots'))}"),
    "no robot": ([], "robot: got nothing"),
    "unknown channel": (["robot:=so101", "channel:=legs"], "one of arm, arm_trajectory"),
    "unknown check": (["robot:=so101", "checks:=[telepathy]"], "got 'telepathy', expected one of"),
    "no check": (["robot:=so101", 'checks:=[""]'], "at least one"),
    "checks that cannot judge": (["robot:=diffbot", "checks:=[position]"], "none that can judge"),
    "threshold out of range": (["robot:=so101", "command_timeout_s:=0.0"], "command_timeout_s: got 0.0 s"),
    "unknown parameter": (["robot:=so101", "comand_timeout_s:=0.1"], "comand_timeout_s: got an unknown key"),
    "armed at start": (["robot:=so101", "arm_at_start:=true"], "arm_at_start: got true on a real robot"),
    "lock-step without simulated time": (["robot:=so101", "lock_step:=true"], "use_sim_time"),
    "audit log that cannot be written": (["robot:=so101", "audit_path:=/proc/none/a"], "audit_path"),
}


@pytest.mark.parametrize(("parameters", "told"), SET_UPS.values(), ids=SET_UPS)
def test_a_wrong_set_up_ends_with_one_clear_message(parameters, told):
    process = start_supervisor(*parameters)
    _, errors = process.communicate(timeout=30.0)
    assert process.returncode == 2
    assert told in errors
    assert "Traceback" not in errors


def test_torch_is_not_imported():
    program = (
        "import sys, noetra_ros.ros.supervisor_node as n, noetra_ros.safety.check as c\n"
        "[c.check_registry.get(name) for name in c.check_registry.names()]\n"
        "print([m for m in ('torch', 'torchvision', 'open3d') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
