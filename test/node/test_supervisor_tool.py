"""Twists of a tool and a gripper through a running supervisor: real messages over real DDS."""

import pytest
from geometry_msgs.msg import TwistStamped
from noetra_ros.msg import SafetyState
from sensor_msgs.msg import JointState
from supervisor_bench import SupervisorBench

pytestmark = pytest.mark.ros


def twist(speed_mps, frame="base_link"):
    message = TwistStamped()
    message.header.frame_id = frame
    message.twist.linear.z, message.twist.angular.y = speed_mps, 0.1
    return message


def test_twists_of_a_tool_are_gated_in_their_frame():
    bench = SupervisorBench("so101", TwistStamped, "servo_node/delta_twist_cmds", "channel:=tool")
    try:
        bench.start_commands(lambda: twist(0.05))
        bench.spin_until(
            lambda: bench.outputs and bench.outputs[-1][1].twist.linear.z == 0.05, "the wanted speed"
        )
        out = bench.outputs[-1][1]
        assert out.header.frame_id == "base_link" and out.twist.angular.y == 0.1
        bench.next_command = lambda: twist(0.05, "camera")
        bench.wait_mode(SafetyState.MODE_PROTECTIVE_STOP)
        bench.spin_until(lambda: bench.events_of("shape"), "the event")
        assert "the frame 'camera', expected 'base_link'" in bench.events_of("shape")[0].reason
        bench.spin_until(lambda: bench.outputs[-1][1].twist.linear.z == 0.0, "the stop")
    finally:
        assert bench.close() == 0


def test_a_gripper_is_gated_with_its_effort():
    bench = SupervisorBench("so101", JointState, "gripper_controller/command", "channel:=gripper")
    efforts = [0.2]
    try:
        bench.start_commands(lambda: JointState(name=["gripper"], position=[0.6], effort=efforts))
        bench.spin_until(lambda: bench.outputs and list(bench.outputs[-1][1].effort) == [0.2], "the effort")
        out = bench.outputs[-1][1]
        assert (list(out.name), list(out.position)) == (["gripper"], [0.6])
        efforts[:] = [50.0]
        bench.spin_until(lambda: list(bench.outputs[-1][1].effort) == [1.0], "the clamped effort")
        bench.spin_until(lambda: bench.events_of("grip_force"), "the event")
        assert bench.events_of("grip_force")[0].unit == "Nm"
        efforts[:] = [-1.0]
        bench.wait_mode(SafetyState.MODE_PROTECTIVE_STOP)
    finally:
        assert bench.close() == 0
