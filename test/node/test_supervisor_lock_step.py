"""Lock-step: time is the stamp of the joint states, one command belongs to one tick."""

import math

import pytest
from builtin_interfaces.msg import Time
from noetra_ros.msg import SafetyState
from sensor_msgs.msg import JointState
from std_msgs.msg import Float64MultiArray
from supervisor_bench import HOME, JOINTS, SupervisorBench, joint_values

pytestmark = pytest.mark.ros

PERIOD_NS = 10_000_000


class LockStep(SupervisorBench):
    """The bench, with time given by `tick`."""

    def __init__(self):
        topic = "forward_position_controller/commands"
        super().__init__("so101", Float64MultiArray, topic, "lock_step:=true", "use_sim_time:=true")
        self.has_streams = False
        self.now_ns = 5 * 10**9
        self.spin_until(lambda: self.commands.get_subscription_count() >= 2, "command_in")
        self.spin_until(lambda: self._joint_states.get_subscription_count() >= 1, "joint_states")

    def tick(self, values=None, is_command_first=False):
        """One tick and its command; returns the state that answers it."""
        self.now_ns += PERIOD_NS
        judged = self.states[-1].commands_judged if self.states else 0
        if is_command_first:
            self.commands.publish(Float64MultiArray(data=values))
        stamp = Time(sec=self.now_ns // 10**9, nanosec=self.now_ns % 10**9)
        message = JointState(name=JOINTS, position=HOME)
        message.header.stamp = stamp
        self._joint_states.publish(message)
        if values is not None and not is_command_first:
            self.commands.publish(Float64MultiArray(data=values))
        wanted = judged + (values is not None)
        self.spin_until(lambda: self.answers(stamp, wanted), f"the answer to tick {self.now_ns}")
        sent = self.states[-1].commands_sent
        self.spin_until(lambda: len(self.outputs) >= sent, f"{sent} commands")
        return self.states[-1]

    def answers(self, stamp, judged):
        return (
            bool(self.states)
            and self.states[-1].header.stamp == stamp
            and self.states[-1].commands_judged >= judged
        )

    def ready(self):
        self.tick()
        assert self.call("arm").success


@pytest.fixture
def lock_step():
    bench = LockStep()
    yield bench
    assert bench.close() == 0


def motion(k):
    return [0.1 * (1.0 - math.cos(0.015 * k)), *HOME[1:]]


def test_one_command_passes_for_each_tick_whatever_came_first(lock_step):
    lock_step.ready()
    wanted = [motion(k) for k in range(60)]
    for k, values in enumerate(wanted):
        state = lock_step.tick(values, is_command_first=k % 3 == 0)
        assert state.clock == "simulated"
    assert joint_values(lock_step.outputs).tolist() == wanted


def test_commands_of_before_arming_do_not_put_off_those_of_after(lock_step):
    """A graph that comes up late sends two in a tick; each later one was judged at the tick after its own."""
    lock_step.tick(HOME)
    lock_step.commands.publish(Float64MultiArray(data=HOME))
    lock_step.spin_for(0.2)
    assert lock_step.states[-1].commands_judged == 1, "it waits for its tick"
    assert lock_step.call("arm").success
    for k in range(5):
        lock_step.tick(motion(k))
        assert joint_values(lock_step.outputs)[-1].tolist() == motion(k)


def test_wall_time_does_not_count(lock_step):
    lock_step.ready()
    lock_step.tick(motion(0))
    lock_step.spin_for(0.5)
    assert lock_step.tick(motion(1)).mode == SafetyState.MODE_ACTIVE


def test_simulated_time_without_commands_stops(lock_step):
    lock_step.ready()
    for k in range(30):
        lock_step.tick(motion(k))
    modes = [lock_step.tick().mode for _ in range(12)]
    assert modes[9] == SafetyState.MODE_ACTIVE
    assert modes[10] == SafetyState.MODE_PROTECTIVE_STOP  # 0.1 s is not more than 0.1 s; 0.11 s is


def test_a_stop_between_two_ticks_begins_at_the_next_one(lock_step):
    lock_step.ready()
    for k in range(30):
        lock_step.tick(motion(k))
    assert lock_step.call("disarm").success
    lock_step.spin_for(0.1)
    assert len(lock_step.outputs) == 30
    for k in range(30, 40):
        lock_step.tick(motion(k))
    assert len(lock_step.outputs) == 32  # slow enough to rest after one step; the second tells that it rests
    assert not lock_step.events_of("rate")


def test_simulated_time_that_goes_back_is_a_fault(lock_step):
    lock_step.ready()
    lock_step.tick(motion(0))
    lock_step.now_ns -= 10**9
    assert lock_step.tick(motion(1)).mode == SafetyState.MODE_FAULT
