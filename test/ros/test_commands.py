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

from noetra_ros.core.trajectory import Trajectory, TrajectoryPoint
from noetra_ros.core.types import CommandKind
from noetra_ros.ros.commands import (
    CommandWriter,
    command_from_message,
    trajectory_from_message,
    trajectory_message,
)

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


def test_several_points_are_no_single_command():
    """Where no whole trajectory is taken (joint velocities), their number is wrong."""
    points = [JointTrajectoryPoint(positions=[1.0, 2.0, 3.0])] * 2
    message = JointTrajectory(joint_names=list(JOINTS), points=points)
    assert trajectory_from_message(message, CommandKind.JOINT_VELOCITY, 0) is None
    assert command_from_message(message, CommandKind.JOINT_VELOCITY, 0).values.shape == (6,)


def test_one_point_is_a_single_command_and_none_is_a_whole_trajectory():
    one = JointTrajectory(joint_names=["a"], points=[JointTrajectoryPoint(positions=[1.0])])
    assert trajectory_from_message(one, CommandKind.JOINT_POSITION, 0) is None
    none = trajectory_from_message(JointTrajectory(), CommandKind.JOINT_POSITION, 7)
    assert (none.names, none.points, none.arrival_ns, none.stamp_ns) == ((), (), 7, None)
    assert trajectory_from_message(Float64MultiArray(data=[1.0]), CommandKind.JOINT_POSITION, 0) is None


rows = st.lists(st.floats(), max_size=4).map(np.array)  # NaN, infinity, too few and too many among them
whole_points = st.builds(
    TrajectoryPoint, st.integers(-(10**6), 10**6).map(lambda ms: ms / 1000), rows, rows, rows
)
many = st.lists(whole_points, max_size=5).filter(lambda points: len(points) != 1).map(tuple)


@given(names=st.lists(st.sampled_from("abc"), max_size=4), points=many, stamp_ns=st.integers(0, 2 * 10**18))
def test_whole_trajectories_come_back_whatever_they_hold(names, points, stamp_ns):
    sent = Trajectory(tuple(names), points, 77, stamp_ns or None)
    back = trajectory_from_message(trajectory_message(sent), CommandKind.JOINT_POSITION, 77)
    assert (back.names, back.arrival_ns, back.stamp_ns) == (sent.names, 77, sent.stamp_ns)
    assert len(back.points) == len(points)
    for one, other in zip(back.points, points, strict=True):
        assert one.time_s == pytest.approx(other.time_s, abs=1e-9)
        for name in ("positions", "velocities", "accelerations"):
            assert np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True)


def test_a_twist_out_of_the_plane_is_not_a_number():
    twist = Twist()
    twist.linear.x, twist.angular.x = 0.1, 0.2
    assert np.isnan(command_from_message(twist, CommandKind.BASE_TWIST, 0).values).all()
