"""Jacobians of many postures at once, against pinocchio's of one after the other."""

import numpy as np
import pytest

from noetra_ros.core.resources import config_names
from noetra_ros.robots import load_robot
from noetra_ros.robots.kinematics import ToolKinematics, tool_kinematics

ARMS = [
    name
    for name in config_names("robots")
    if load_robot(name).workspace is not None and load_robot(name).urdf_path is not None
]

# Every kind of joint, axes and frames askew; one that goes along with another, one that nobody names, one
# that goes along with that.
MANY_KINDS = """<robot name="many">
<link name="world"/><link name="base"/><link name="a"/><link name="b"/><link name="c"/><link name="d"/>
<link name="e"/><link name="f"/><link name="g"/><link name="tip"/><link name="aside"/>
<joint name="foot" type="fixed"><parent link="world"/><child link="base"/>
<origin xyz="0.1 0.2 0.3" rpy="0.3 -0.2 0.5"/></joint>
<joint name="turning" type="revolute"><parent link="base"/><child link="a"/><axis xyz="0.6 0 0.8"/>
<origin xyz="0 0 0.2" rpy="0.1 0.2 0.3"/><limit lower="-3" upper="3" velocity="1" effort="1"/></joint>
<joint name="sliding" type="prismatic"><parent link="a"/><child link="b"/><axis xyz="0 0.6 0.8"/>
<origin xyz="0.3 0 0" rpy="0 0.4 0"/><limit lower="-1" upper="1" velocity="1" effort="1"/></joint>
<joint name="endless" type="continuous"><parent link="b"/><child link="c"/><axis xyz="0 0 1"/>
<origin xyz="0 0.2 0.1" rpy="1.1 0 0"/><limit velocity="1" effort="1"/></joint>
<joint name="going_along" type="revolute"><parent link="c"/><child link="d"/><axis xyz="0 1 0"/>
<mimic joint="turning" multiplier="-0.7" offset="0.2"/><origin xyz="0.2 0 0"/>
<limit lower="-3" upper="3" velocity="1" effort="1"/></joint>
<joint name="nobodys" type="continuous"><parent link="d"/><child link="e"/><axis xyz="1 0 0"/>
<origin xyz="0.1 0 0"/><limit velocity="1" effort="1"/></joint>
<joint name="along_with_nobody" type="continuous"><parent link="e"/><child link="f"/><axis xyz="0 1 0"/>
<mimic joint="nobodys" multiplier="2.0" offset="0.4"/><origin xyz="0.1 0 0.1"/>
<limit velocity="1" effort="1"/></joint>
<joint name="loose" type="floating"><parent link="f"/><child link="g"/><origin xyz="0 0 0.1"/></joint>
<joint name="flange" type="fixed"><parent link="g"/><child link="tip"/><origin xyz="0.05 0.1 0.15"/></joint>
<joint name="elsewhere" type="revolute"><parent link="base"/><child link="aside"/><axis xyz="0 0 1"/>
<limit lower="-3" upper="3" velocity="1" effort="1"/></joint>
</robot>"""
NAMES = ("elsewhere", "endless", "turning", "sliding")


def one_by_one(tool, postures):
    return np.array([tool.tool_linear_jacobian(posture) for posture in postures])


@pytest.mark.parametrize("robot", ARMS)
def test_of_every_shipped_arm(robot):
    profile = load_robot(robot)
    tool = tool_kinematics(profile)
    ends = np.array([(joint.lower_rad, joint.upper_rad) for joint in profile.joints.values()]).T
    postures = np.random.default_rng(3).uniform(*ends, (40, tool.joint_count))
    jacobians = tool.tool_linear_jacobians(postures)
    assert jacobians == pytest.approx(one_by_one(tool, postures), abs=1e-12)
    assert np.abs(jacobians).max() > 0.1


def test_of_every_kind_of_joint(tmp_path):
    path = tmp_path / "many.urdf"
    path.write_text(MANY_KINDS)
    postures = np.random.default_rng(4).uniform(-1.0, 1.0, (40, len(NAMES)))
    for base in ("world", "base"):
        tool = ToolKinematics(path, NAMES, "tip", base)
        jacobians = tool.tool_linear_jacobians(postures)
        assert jacobians == pytest.approx(one_by_one(tool, postures), abs=1e-12)
        assert (np.abs(jacobians).max(axis=(0, 1)) > 0.1).tolist() == [False, True, True, True]


def test_a_link_that_no_joint_moves_does_not_move(tmp_path):
    path = tmp_path / "many.urdf"
    path.write_text(MANY_KINDS)
    tool = ToolKinematics(path, NAMES, "base", "world")
    assert tool.tool_linear_jacobians(np.ones((2, 4))).tolist() == np.zeros((2, 3, 4)).tolist()


def test_a_joint_that_is_no_number_makes_no_number_of_its_posture_alone():
    tool = tool_kinematics(load_robot("so101"))
    postures = np.zeros((3, 6))
    postures[1, 2] = np.nan
    jacobians = tool.tool_linear_jacobians(postures)
    assert np.isnan(jacobians[1]).any() and np.isfinite(jacobians[[0, 2]]).all()
