"""Commands as the five message types of controller channels, there and back."""

import math

import numpy as np
import pytest
from geometry_msgs.msg import Twist, TwistStamped
from hypothesis import given
from hypothesis import strategies as st
from sensor_msgs.msg import JointState
from std_msgs.msg import Float64MultiArray
from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

from noetra_ros.core.types import CommandKind
from noetra_ros.ros.commands import CommandWriter, command_from_message

pytestmark = pytest.mark.ros
JOINTS = ("a", "b", "c")
values3 = st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=3)


@pytest.mark.parametrize("kind", [Twist, TwistStamped])
@given(values=st.lists(st.floats(-1e3, 1e3), min_size=6, max_size=6))
def test_twists_of_a_tool_come_back_whole(kind, values):
    message = CommandWriter(kind, (), 0.01, "tool0").message(np.array(values), 5)
    command = command_from_message(message, CommandKind.EE_TWIST, 77)
    assert command.values.tolist() == values and command.kind is CommandKind.EE_TWIST
    assert command.frame == ("tool0" if kind is TwistStamped else "")


@given(value=st.floats(-1e3, 1e3), effort=st.one_of(st.just(math.nan), st.floats(0.0, 1e3)))
def test_a_grip_comes_back_with_its_effort(value, effort):
    message = CommandWriter(JointState, ("jaw",), 0.01).message(np.array([value]), 5, effort)
    command = command_from_message(message, CommandKind.GRIPPER, 77)
    assert (command.values.tolist(), command.names, command.stamp_ns) == ([value], ("jaw",), 5)
    assert command.efforts is None if math.isnan(effort) else command.efforts.tolist() == [effort]


def test_the_effort_of_a_trajectory_counts_for_a_gripper_only():
    point = JointTrajectoryPoint(positions=[0.5], effort=[3.0])
    message = JointTrajectory(joint_names=["jaw"], points=[point])
    assert command_from_message(message, CommandKind.GRIPPER, 0).efforts.tolist() == [3.0]
    assert command_from_message(message, CommandKind.JOINT_POSITION, 0).efforts is None


@pytest.mark.parametrize("kind", [Float64MultiArray, JointTrajectory, JointState, Twist, TwistStamped])
@given(values=values3)
def test_values_come_back(kind, values):
    meaning = CommandKind.BASE_TWIST if "Twist" in kind.__name__ else CommandKind.JOINT_POSITION
    message = CommandWriter(kind, JOINTS, 0.01, "base_link").message(np.array(values), 5)
    assert isinstance(message, kind)
    command = command_from_message(message, meaning, 77)
    assert command.values.tolist() == values
    assert (command.arrival_ns, command.kind) == (77, meaning)


def test_stamps_and_names_where_the_type_has_them():
    trajectory = CommandWriter(JointTrajectory, JOINTS, 0.02).message(np.zeros(3), 1_000_000_005)
    assert trajectory.points[0].time_from_start.nanosec == 20_000_000
    command = command_from_message(trajectory, CommandKind.JOINT_POSITION, 0)
    assert (command.names, command.stamp_ns) == (JOINTS, 1_000_000_005)
    twist = CommandWriter(TwistStamped, (), 0.02, "base_link").message(np.zeros(3), 9)
    assert (twist.header.frame_id, command_from_message(twist, CommandKind.BASE_TWIST, 0).stamp_ns) == (
        "base_link",
        9,
    )
    array = command_from_message(Float64MultiArray(data=[1.0]), CommandKind.JOINT_POSITION, 0)
    assert (array.names, array.stamp_ns) == ((), None)


def test_what_is_wrong_goes_through_to_be_judged():
    nan = command_from_message(Float64MultiArray(data=[math.nan, 1.0]), CommandKind.JOINT_POSITION, 0)
    assert np.isnan(nan.values[0]) and nan.values.shape == (2,)
    empty = command_from_message(JointTrajectory(), CommandKind.JOINT_POSITION, 0)
    assert empty.values.shape == (0,)


def test_a_trajectory_of_two_points_has_the_wrong_size():
    points = [JointTrajectoryPoint(positions=[1.0, 2.0, 3.0])] * 2
    command = command_from_message(
        JointTrajectory(joint_names=list(JOINTS), points=points), CommandKind.JOINT_POSITION, 0
    )
    assert command.values.shape == (6,)


def test_a_twist_out_of_the_plane_is_not_a_number():
    twist = Twist()
    twist.linear.x, twist.angular.x = 0.1, 0.2
    assert np.isnan(command_from_message(twist, CommandKind.BASE_TWIST, 0).values).all()
