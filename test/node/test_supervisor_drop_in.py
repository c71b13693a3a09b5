"""The supervisor alone, as the README shows it: two remaps, between any source and any controller."""

import math
from pathlib import Path

import numpy as np
import pytest
from geometry_msgs.msg import Twist
from noetra_ros.msg import SafetyEvent, SafetyState
from std_msgs.msg import Bool, Float64MultiArray
from supervisor_bench import HOME, SupervisorBench, joint_values

from noetra_ros.ros.kept_in_memory import is_locking_granted

pytestmark = pytest.mark.ros


@pytest.fixture
def arm():
    bench = SupervisorBench("so101", Float64MultiArray, "forward_position_controller/commands")
    yield bench
    assert bench.close() == 0


@pytest.fixture
def base():
    bench = SupervisorBench("diffbot", Twist, "cmd_vel")
    yield bench
    assert bench.close() == 0


def swing():
    """Commands that stay within every limit: the first joint swings by 0.2 rad at 0.25 Hz, from rest."""
    step = -1
    while True:
        step += 1
        values = list(HOME)
        values[0] = 0.1 * (1.0 - math.cos(2.0 * math.pi * 0.25 * 0.01 * step))
        yield Float64MultiArray(data=values)


@pytest.mark.skipif(not is_locking_granted(), reason="locked memory is not granted here")
def test_its_pages_stay_in_memory(arm):
    arm.wait_mode(SafetyState.MODE_STANDBY)
    status = Path(f"/proc/{arm.process.pid}/status").read_text()
    locked_kib, used_kib = (int(status.split(name)[1].split()[0]) for name in ("VmLck:", "VmRSS:"))
    assert locked_kib >= used_kib > 0


def test_allowed_commands_pass_bit_for_bit(arm):
    arm.start_commands(swing().__next__)

    def have_twenty_passed():
        sent = {tuple(message.data) for _, message in arm.inputs}
        received = ["=" if tuple(message.data) in sent else "x" for _, message in arm.outputs]
        return "=" * 20 in "".join(received)

    # A late source is bridged and caught up with; one on time passes unchanged (in lock-step all of it does).
    arm.spin_until(lambda: len(arm.outputs) % 50 == 49 and have_twenty_passed(), "twenty in a row")


def test_nothing_passes_before_arming(arm):
    arm.spin_until(lambda: arm.commands.get_subscription_count() >= 2, "command_in to be connected")
    arm.wait_mode(SafetyState.MODE_STANDBY)
    arm.next_command = swing().__next__
    arm.spin_until(lambda: arm.states[-1].commands_judged > 50, "judged commands")
    assert arm.outputs == []


def test_out_of_range_is_clamped_with_a_reason(arm):
    far = Float64MultiArray(data=[9.0, *HOME[1:]])
    arm.start_commands(lambda: far)
    arm.spin_until(lambda: arm.events_of("position"), "an event of the check position")
    event = arm.events_of("position")[0]
    assert (event.action, event.subject, event.unit) == (SafetyEvent.ACTION_CLAMP, "shoulder_pan", "rad")
    assert event.measured == 9.0
    arm.spin_for(0.5)
    values = joint_values(arm.outputs)
    assert np.abs(np.diff(values[:, 0])).max() <= 2.0 * 0.01 * (1 + 1e-6)
    assert values[:, 0].max() <= event.limit < 1.9  # short of the joint limit by the reserve


def test_nan_flood_stops_the_robot(arm):
    motion = swing()
    arm.start_commands(motion.__next__)
    arm.spin_until(lambda: len(arm.outputs) > 50, "outputs")
    nan = Float64MultiArray(data=[math.nan] * 6)
    arm.next_command = lambda: nan
    arm.wait_mode(SafetyState.MODE_PROTECTIVE_STOP)
    arm.spin_for(0.3)
    count = len(arm.outputs)
    arm.spin_for(0.3)
    assert len(arm.outputs) == count  # at rest nothing more is sent
    assert np.isfinite(joint_values(arm.outputs)).all()
    assert arm.events_of("finite")[0].action == SafetyEvent.ACTION_STOP
    assert len(arm.events_of("finite")) <= 3  # a flood does not flood the events


def test_motion_goes_on_when_the_cause_is_gone(arm):
    hold = Float64MultiArray(data=list(HOME))
    arm.start_commands(lambda: hold)
    arm.next_command = lambda: None
    arm.wait_mode(SafetyState.MODE_PROTECTIVE_STOP)
    arm.next_command = lambda: hold
    arm.wait_mode(SafetyState.MODE_ACTIVE)


def test_estop_latches_until_released_and_reset(arm):
    hold = Float64MultiArray(data=list(HOME))
    arm.start_commands(lambda: hold)
    arm.estop.publish(Bool(data=True))
    arm.wait_mode(SafetyState.MODE_EMERGENCY_STOP)
    refused = arm.call("reset")
    assert not refused.success and "still pressed" in refused.message
    arm.estop.publish(Bool(data=False))
    arm.spin_until(lambda: not arm.states[-1].is_estop_pressed, "the release")
    assert arm.mode == SafetyState.MODE_EMERGENCY_STOP
    count = len(arm.outputs)
    assert arm.call("reset").success
    arm.wait_mode(SafetyState.MODE_STANDBY)
    arm.spin_for(0.3)
    assert len(arm.outputs) == count  # a reset never starts motion


def test_twists_are_ramped_within_acceleration(base):
    base.start_commands(fast_forward)
    base.spin_until(lambda: base.outputs and base.outputs[-1][1].linear.x >= 0.6, "full speed")
    speeds = np.array([message.linear.x for _, message in base.outputs])
    assert speeds.max() <= 0.6
    assert np.diff(speeds, prepend=0.0).max() <= 1.0 * 0.02 * (1 + 1e-6)
    base.next_command = lambda: None
    base.spin_until(lambda: base.outputs[-1][1].linear.x == 0.0, "standstill")


def fast_forward() -> Twist:
    """Faster than the robot may."""
    twist = Twist()
    twist.linear.x = 5.0
    return twist
