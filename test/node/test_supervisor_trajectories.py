"""Whole trajectories over DDS: carried out, cancelled, refused, dropped by an emergency stop."""

import numpy as np
import pytest
from builtin_interfaces.msg import Duration
from noetra_ros.msg import SafetyState
from sensor_msgs.msg import JointState
from std_msgs.msg import Bool
from supervisor_bench import HOME, JOINTS, SupervisorBench
from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

pytestmark = pytest.mark.ros
TOPIC = "joint_trajectory_controller/joint_trajectory"
WAY = np.array([0.5, 0.2, -0.3, 0.1, 0.3, 0.2])
DURATION_S = 1.5


class TrajectoryBench(SupervisorBench):
    """The robot that it plays is where it was last told to be."""

    def _play(self):
        if self.has_streams:
            message = JointState(name=JOINTS, position=self.told_positions())
            message.header.stamp = self.node.get_clock().now().to_msg()
            self._joint_states.publish(message)

    def told_positions(self):
        return list(self.outputs[-1][1].points[0].positions) if self.outputs else HOME

    def ready(self):
        self.spin_until(lambda: self.commands.get_subscription_count() >= 2, "command_in to be connected")
        self.wait_mode(SafetyState.MODE_STANDBY)
        response = self.call("arm")
        assert response.success, response.message
        self.wait_mode(SafetyState.MODE_ACTIVE)

    def reasons(self):
        return [event.reason for event in self.events_of("trajectory")]

    def wait_reason(self, words):
        self.spin_until(lambda: any(words in reason for reason in self.reasons()), words)

    def sent(self):
        return np.array([message.points[0].positions.tolist() for _, message in self.outputs])


@pytest.fixture
def bench():
    bench = TrajectoryBench("so101", JointTrajectory, TOPIC, "channel:=arm_trajectory")
    yield bench
    assert bench.close() == 0


def planned(way=WAY, start=HOME, duration_s=DURATION_S, count=10):
    """As a motion planner sends it: rest to rest, joints in an order of its own."""
    order = [3, 1, 0, 2, 5, 4]
    message = JointTrajectory(joint_names=[JOINTS[i] for i in order])
    for x in np.linspace(0.0, 1.0, count).tolist():
        place = np.array(start) + (10 * x**3 - 15 * x**4 + 6 * x**5) * way
        speed = (30 * x**2 - 60 * x**3 + 30 * x**4) * way / duration_s
        change = (60 * x - 180 * x**2 + 120 * x**3) * way / duration_s**2
        since_ns = round(x * duration_s * 1e9)
        message.points.append(
            JointTrajectoryPoint(
                positions=place[order].tolist(),
                velocities=speed[order].tolist(),
                accelerations=change[order].tolist(),
                time_from_start=Duration(sec=since_ns // 10**9, nanosec=since_ns % 10**9),
            )
        )
    return message


def off_way(sent):
    """Largest distance of setpoints from the straight way between `HOME` and its end."""
    gone = sent - HOME
    return np.abs(gone - np.outer(gone @ WAY / (WAY @ WAY), WAY)).max()


def test_it_is_carried_out_and_the_robot_stays_armed_at_its_end(bench):
    bench.ready()
    bench.spin_for(0.5)  # no command is missing: the channel waits for its first trajectory
    assert bench.mode == SafetyState.MODE_ACTIVE and bench.outputs == []
    bench.commands.publish(planned())
    bench.wait_reason("is done after 1.500 s")
    bench.spin_for(0.5)
    assert bench.mode == SafetyState.MODE_ACTIVE
    sent = bench.sent()
    assert sent[-1] == pytest.approx(np.array(HOME) + WAY, abs=1e-12)
    assert len(sent) >= DURATION_S / 0.01 and off_way(sent) < 0.005
    assert bench.outputs[-1][1].joint_names == JOINTS  # one point each, as for any command
    assert all(len(message.points) == 1 for _, message in bench.outputs)
    assert any("a trajectory of 10 points begins" in reason for reason in bench.reasons())


def test_one_without_points_stops_it_and_the_next_one_goes_from_there(bench):
    bench.ready()
    bench.commands.publish(planned())
    bench.spin_until(lambda: len(bench.outputs) > 60, "motion")
    bench.commands.publish(JointTrajectory())
    bench.wait_reason("it is cancelled")
    bench.spin_for(0.5)
    there = bench.told_positions()
    assert bench.mode == SafetyState.MODE_ACTIVE and 0.0 < there[0] < 0.45
    bench.commands.publish(planned(start=there, way=np.array(HOME) - there))
    bench.wait_reason("is done")
    assert bench.told_positions() == pytest.approx(HOME)


def test_a_refused_one_is_told_and_moves_nothing(bench):
    bench.ready()
    bench.commands.publish(planned(way=np.array([9.0, 0, 0, 0, 0, 0]), duration_s=20.0))
    bench.wait_reason("is refused: shoulder_pan at")
    (event,) = bench.events_of("trajectory")
    assert (event.subject, event.unit) == ("shoulder_pan", "rad")
    assert event.limit == pytest.approx(1.89) and event.measured > event.limit
    bench.spin_for(0.3)
    assert bench.outputs == [] and bench.mode == SafetyState.MODE_ACTIVE


def test_an_emergency_stop_drops_it_for_good(bench):
    bench.ready()
    bench.commands.publish(planned())
    bench.spin_until(lambda: len(bench.outputs) > 60, "motion")
    bench.estop.publish(Bool(data=True))
    bench.wait_mode(SafetyState.MODE_EMERGENCY_STOP)
    bench.wait_reason("is dropped at")
    bench.spin_for(0.5)
    there = bench.told_positions()
    bench.estop.publish(Bool(data=False))
    bench.spin_for(0.2)
    for service in ("reset", "arm"):
        bench.spin_until(lambda name=service: bench.call(name).success, service)
    bench.spin_for(0.5)
    assert bench.told_positions() == there
    assert off_way(bench.sent()) < 0.02
