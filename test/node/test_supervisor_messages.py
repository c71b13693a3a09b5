"""The other message types of channels, the audit log, diagnostics."""

import pytest
from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import TwistStamped
from noetra_ros.msg import SafetyState
from rclpy.duration import Duration
from std_msgs.msg import Float64MultiArray
from supervisor_bench import HOME, JOINTS, SupervisorBench
from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

from noetra_ros.safety import KERNEL
from noetra_ros.safety.audit.keys import PublicKey
from noetra_ros.safety.audit.lines import record_of
from noetra_ros.safety.audit.segments import segments_of
from noetra_ros.safety.audit.verification import verify

pytestmark = pytest.mark.ros


@pytest.fixture
def trajectory():
    topic = "joint_trajectory_controller/joint_trajectory"
    bench = SupervisorBench("so101", JointTrajectory, topic, "channel:=arm_trajectory")
    yield bench
    assert bench.close() == 0


def one_point(names):
    positions = dict(zip(JOINTS, HOME, strict=True))
    point = JointTrajectoryPoint(positions=[positions[name] for name in names])
    return JointTrajectory(joint_names=names, points=[point])


def test_a_trajectory_of_one_point_passes_in_any_order(trajectory):
    trajectory.start_commands(lambda: one_point(JOINTS[::-1]))
    trajectory.spin_until(lambda: len(trajectory.outputs) > 10, "outputs")
    message = trajectory.outputs[-1][1]
    assert message.joint_names == JOINTS
    assert message.points[0].positions.tolist() == HOME
    assert message.points[0].time_from_start.nanosec == 10_000_000


def stamped(node, age_s, speed_mps):
    message = TwistStamped()
    message.header.stamp = (node.get_clock().now() - Duration(nanoseconds=round(age_s * 1e9))).to_msg()
    message.twist.linear.x = speed_mps
    return message


def test_stamped_twists_pass_and_old_ones_stop():
    bench = SupervisorBench("diffbot", TwistStamped, "cmd_vel_stamped", "channel:=base_stamped")
    try:
        bench.start_commands(lambda: stamped(bench.node, 0.0, 0.2))
        bench.spin_until(
            lambda: bench.outputs and bench.outputs[-1][1].twist.linear.x == 0.2, "the wanted speed"
        )
        assert bench.outputs[-1][1].header.frame_id == "base_link"
        bench.next_command = lambda: stamped(bench.node, 0.5, 0.2)
        bench.wait_mode(SafetyState.MODE_PROTECTIVE_STOP)
        bench.spin_until(lambda: "no command for 0.5" in bench.states[-1].reason, "the reason")
    finally:
        assert bench.close() == 0


def test_audit_log_and_diagnostics(tmp_path):
    path, key = tmp_path / "audit", tmp_path / "key.pem"
    topic = "forward_position_controller/commands"
    bench = SupervisorBench("so101", Float64MultiArray, topic, f"audit_path:={path}", f"audit_key:={key}")
    diagnostics = []
    bench.node.create_subscription(DiagnosticArray, "/diagnostics", diagnostics.append, 10)
    bench.start_commands(lambda: Float64MultiArray(data=list(HOME)))
    bench.spin_until(lambda: diagnostics and diagnostics[-1].status[0].message == "ACTIVE", "diagnostics")
    values = {pair.key: pair.value for pair in diagnostics[-1].status[0].values}
    assert int(values["commands judged"]) > 0
    assert float(values["gate time p50 (us)"]) > 0.0
    bench.call("estop")
    assert bench.close() == 0
    verdict = verify(path, PublicKey.read(path / "public_key.pem"))
    assert verdict.fault is None and verdict.is_ended
    records = [record_of(line) for segment in segments_of(path) for line in segment.lines()]
    (start,) = [record for record in records if record["kind"] == "start"]
    assert start["kernel"] == KERNEL.words() and start["kernel_sha256"] == KERNEL.sources
    assert start["robot"] == "so101" and start["parameters"]["command_timeout_s"] > 0
    assert "EMERGENCY_STOP" in [record["after"] for record in records if record["kind"] == "mode"]


def refusal(bench):
    """Why the robot cannot be armed; empty = it could, and is disarmed again."""
    answer = bench.call("arm")
    if answer.success:
        bench.call("disarm")
    return "" if answer.success else answer.message


def test_no_arming_while_the_audit_log_cannot_be_written(tmp_path):
    """What happens to a robot has to be on record: a disk that is gone is no way round it."""
    topic, folder = "forward_position_controller/commands", tmp_path / "audit"
    parameters = f"audit_path:={folder}", f"audit_key:={tmp_path / 'key.pem'}"
    bench = SupervisorBench("so101", Float64MultiArray, topic, *parameters)
    try:
        bench.start_commands(lambda: Float64MultiArray(data=list(HOME)))
        folder.rename(tmp_path / "elsewhere")
        folder.write_text("no folder")  # the next signature fails
        bench.call("disarm")
        bench.wait_mode(SafetyState.MODE_STANDBY)
        bench.spin_until(lambda: "audit log" in refusal(bench), "the refusal")
        folder.unlink()
        (tmp_path / "elsewhere").rename(folder)
        bench.spin_until(lambda: bench.call("arm").success, "arming")
    finally:
        assert bench.close() == 0
    assert verify(folder, PublicKey.read(folder / "public_key.pem")).fault is None
