"""Two channels of one robot through one running supervisor: real messages over real DDS."""

import pytest
import supervisor_bench
from geometry_msgs.msg import TwistStamped
from noetra_ros.msg import SafetyState
from std_msgs.msg import Float64MultiArray
from supervisor_bench import SupervisorBench

from noetra_ros.cli.main import main
from noetra_ros.robots.profile import load_robot

pytestmark = pytest.mark.ros
ROBOT = "mobile_ur5e"


def ahead(speed_mps):
    message = TwistStamped()
    message.header.frame_id = "base_link"
    message.twist.linear.x = speed_mps
    return message


@pytest.fixture
def bench(monkeypatch, tmp_path):
    stowed = load_robot(ROBOT).together.stowed
    monkeypatch.setattr(supervisor_bench, "JOINTS", list(stowed))
    monkeypatch.setattr(supervisor_bench, "HOME", list(stowed.values()))
    topic = "forward_position_controller/commands"
    made = SupervisorBench(ROBOT, Float64MultiArray, topic, f"replay_path:={tmp_path}")
    made.twists, made.wanted_mps = [], None
    base = made.node.create_publisher(TwistStamped, "command_in/base", 10)
    made.node.create_subscription(TwistStamped, "cmd_vel", made.twists.append, 2000)
    made.base_commands = base

    def drive():
        if made.wanted_mps is not None:
            message = ahead(made.wanted_mps)
            message.header.stamp = made.node.get_clock().now().to_msg()
            base.publish(message)

    made.node.create_timer(0.01, drive)
    yield made
    assert made.close() == 0
    assert main(["replay", str(tmp_path)]) == 0  # each test's calls are decided again bit for bit


def stand(bench):
    """The arm is told to stay where it is stowed."""
    return lambda: Float64MultiArray(data=supervisor_bench.HOME)


def test_both_channels_pass_and_one_call_stops_them(bench):
    bench.spin_until(lambda: bench.base_commands.get_subscription_count() >= 1, "command_in/base")
    bench.start_commands(stand(bench))
    bench.wanted_mps = 0.2
    bench.spin_until(lambda: bench.twists and bench.twists[-1].twist.linear.x == 0.2, "the wanted speed")
    assert bench.outputs[-1][1].data.tolist() == supervisor_bench.HOME
    assert bench.call("estop").success
    bench.wait_mode(SafetyState.MODE_EMERGENCY_STOP)
    bench.spin_until(lambda: bench.twists[-1].twist.linear.x == 0.0, "the base to be stopped")
    bench.spin_until(lambda: bench.call("reset").success, "a reset once the base rests")
    told = len(bench.twists)
    bench.spin_for(0.5)
    assert {message.twist.linear.x for message in bench.twists[told:]} <= {0.0}
    assert bench.mode == SafetyState.MODE_STANDBY


def test_rubbish_for_the_arm_stops_the_driving_base(bench):
    bench.spin_until(lambda: bench.base_commands.get_subscription_count() >= 1, "command_in/base")
    bench.start_commands(stand(bench))
    bench.wanted_mps = 0.2
    bench.spin_until(lambda: bench.twists and bench.twists[-1].twist.linear.x == 0.2, "the wanted speed")
    bench.next_command = lambda: Float64MultiArray(data=[float("nan")] * 6)
    bench.wait_mode(SafetyState.MODE_PROTECTIVE_STOP)
    bench.spin_until(lambda: bench.twists[-1].twist.linear.x == 0.0, "the base to be stopped")
    bench.spin_until(lambda: bench.events_of("together"), "the event")
    assert "stops with arm: command of shoulder_pan_joint is nan" in bench.events_of("together")[0].reason
