import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots import load_robot
from noetra_ros.robots.kinematics import ToolKinematics, tool_kinematics

TWO_LINKS = """<robot name="two">
<link name="base"/><link name="upper"/><link name="tip"/><link name="far"/>
<joint name="first" type="revolute"><parent link="base"/><child link="upper"/><axis xyz="0 0 1"/>
<limit lower="-3" upper="3" velocity="1" effort="1"/></joint>
<joint name="endless" type="continuous"><parent link="upper"/><child link="tip"/><origin xyz="0.5 0 0"/>
<axis xyz="0 0 1"/><limit velocity="1" effort="1"/></joint>
<joint name="fixed" type="fixed"><parent link="tip"/><child link="far"/><origin xyz="0.25 0 0"/></joint>
</robot>"""


@pytest.fixture
def two_links(tmp_path):
    path = tmp_path / "two.urdf"
    path.write_text(TWO_LINKS)
    return path


def test_tool_of_a_known_arm(two_links):
    tool = ToolKinematics(two_links, ("first", "endless"), "far", "base")
    assert tool.tool_position(np.array([0.0, 0.0])) == pytest.approx([0.75, 0.0, 0.0])
    assert tool.tool_position(np.array([np.pi / 2, 0.0])) == pytest.approx([0.0, 0.75, 0.0])
    assert tool.tool_position(np.array([0.0, np.pi / 2])) == pytest.approx([0.5, 0.25, 0.0])


def test_order_is_the_callers(two_links):
    tool = ToolKinematics(two_links, ("endless", "first"), "far", "base")
    assert tool.tool_position(np.array([0.0, np.pi / 2])) == pytest.approx([0.0, 0.75, 0.0])


def test_joints_that_are_not_named_stay_at_zero(two_links):
    tool = ToolKinematics(two_links, ("first",), "far", "base")
    assert tool.tool_position(np.array([np.pi])) == pytest.approx([-0.75, 0.0, 0.0])


def test_pose_and_position_agree():
    profile = load_robot("so101")
    tool = tool_kinematics(profile)
    positions = np.array([0.3, -0.8, 0.7, 0.5, -0.2, 0.1])
    assert tool.tool_pose(positions)[:3, 3] == pytest.approx(tool.tool_position(positions))


@pytest.mark.parametrize("seed", range(3))
def test_jacobian_is_the_derivative_of_the_position(seed):
    tool = tool_kinematics(load_robot("so101"))
    positions = np.random.default_rng(seed).uniform(-1.0, 1.0, 6)
    numeric = [
        (tool.tool_position(positions + step) - tool.tool_position(positions - step)) / 2e-6
        for step in 1e-6 * np.eye(6)
    ]
    assert tool.tool_jacobian(positions)[:3] == pytest.approx(np.array(numeric).T, abs=1e-8)


@pytest.mark.parametrize("robot", ["so101", "fr3", "aloha", "mobile_ur5e"])
def test_the_linear_rows_alone_are_those_of_all(robot):
    tool = tool_kinematics(load_robot(robot))
    positions = np.random.default_rng(4).uniform(-1.0, 1.0, tool.joint_count)
    linear = tool.tool_jacobian(positions)[:3]
    assert np.abs(linear).max() > 0.1
    assert tool.tool_linear_jacobian(positions) == pytest.approx(linear, abs=1e-14)


def test_the_gripper_does_not_move_the_tool():
    tool = tool_kinematics(load_robot("so101"))
    assert tool.tool_jacobian(np.zeros(6))[:, 5] == pytest.approx(np.zeros(6))


def test_unknown_names_are_all_told(two_links):
    with pytest.raises(ConfigError) as caught:
        ToolKinematics(two_links, ("first", "third"), "nose", "ground")
    assert [fault.key for fault in caught.value.faults] == [
        "joints.third",
        "workspace.tool_link",
        "workspace.frame",
    ]


def test_a_robot_without_urdf_and_workspace_is_refused():
    with pytest.raises(ConfigError) as caught:
        tool_kinematics(load_robot("diffbot"))
    assert [fault.key for fault in caught.value.faults] == ["urdf", "workspace"]
