import math
from pathlib import Path

import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots.urdf import (
    followers,
    mesh_folders,
    position_units,
    read_urdf_joints,
    resolve_urdf,
)

URDF = """<robot name="r"><link name="a"/>
<joint name="turn" type="revolute"><limit lower="-1.5" upper="2.5" velocity="3" effort="1"/></joint>
<joint name="slide" type="prismatic"><limit lower="0" upper="0.1" effort="1"/></joint>
<joint name="wheel" type="continuous"><limit velocity="7" effort="1"/></joint>
<joint name="bare" type="revolute"/>
<joint name="weld" type="fixed"/></robot>"""


@pytest.fixture
def joints(tmp_path):
    path = tmp_path / "r.urdf"
    path.write_text(URDF)
    return read_urdf_joints(path)


def test_movable_joints_only(joints):
    assert list(joints) == ["turn", "slide", "wheel", "bare"]


def test_limits_as_written(joints):
    turn = joints["turn"]
    assert (turn.lower_rad, turn.upper_rad, turn.velocity_radps) == (-1.5, 2.5, 3.0)


def test_missing_limits_are_infinite(joints):
    assert joints["slide"].velocity_radps == math.inf
    assert (joints["wheel"].upper_rad, joints["wheel"].velocity_radps) == (math.inf, 7.0)
    assert joints["bare"].lower_rad == -math.inf


def test_a_file_that_is_no_xml(tmp_path):
    path = tmp_path / "r.urdf"
    path.write_text("<robot>")
    with pytest.raises(ConfigError, match="a URDF in XML"):
        read_urdf_joints(path)


def test_an_unknown_file():
    with pytest.raises(ConfigError, match="an existing URDF file"):
        resolve_urdf("nobody/nothing.urdf")


def test_a_prefix_that_nothing_declares_is_taken(tmp_path):
    path = tmp_path / "r.urdf"
    path.write_text(URDF.replace('velocity="3"', 'velocity="3" drake:acceleration="9"'))
    assert read_urdf_joints(path)["turn"].velocity_radps == 3.0


def test_a_joint_that_follows_another(tmp_path):
    path = tmp_path / "r.urdf"
    path.write_text(
        URDF.replace(
            '<joint name="slide" type="prismatic">',
            '<joint name="slide" type="prismatic"><mimic joint="turn" multiplier="-0.5"/>',
        )
    )
    joints = read_urdf_joints(path)
    assert (joints["slide"].mimics, joints["slide"].ratio, joints["slide"].offset) == ("turn", -0.5, 0.0)
    assert followers(joints, ["turn"]) == (joints["slide"],)
    assert followers(joints, ["turn", "slide"]) == followers(joints, []) == ()


def test_xacro_is_refused_with_the_remedy(tmp_path):
    path = tmp_path / "r.urdf.xacro"
    path.write_text('<robot name="r" xmlns:xacro="http://www.ros.org/wiki/xacro"><xacro:arm/></robot>')
    with pytest.raises(ConfigError, match=r"xacro r.urdf.xacro > r.urdf"):
        read_urdf_joints(path)


def test_meshes_are_looked_for_around_the_file_and_in_ros_packages(monkeypatch):
    monkeypatch.setenv("AMENT_PREFIX_PATH", "/opt/ros/x")
    monkeypatch.setenv("ROS_PACKAGE_PATH", "/src/robots")
    folders = mesh_folders(Path("/a/b/urdf/r.urdf"))
    assert folders == ["/a/b/urdf", "/a/b", "/a", "/", "/opt/ros/x/share", "/src/robots"]


def test_what_slides_is_told_in_metres(tmp_path):
    path = tmp_path / "r.urdf"
    path.write_text(URDF)
    assert position_units(path, ("turn", "slide", "wheel")) == ("rad", "m", "rad")
    assert position_units(None, ("slide",)) == ("rad",)
