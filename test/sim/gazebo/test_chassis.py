"""A chassis alone and under an arm: what it replaces of a URDF, what it weighs, what is refused."""

import dataclasses
from xml.etree import ElementTree

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.gazebo.chassis import chassis_urdf, urdf_on_chassis
from noetra_ros.sim.gazebo.folder import scene_of, write_folder

PROFILE = load_robot("mobile_ur5e")
CHASSIS = PROFILE.sim.chassis
INERTIAL = """<inertial><origin xyz="0.02 0 0.2" rpy="0 0 0.3"/><mass value="{mass}"/>
  <inertia ixx="{roll}" iyy="{pitch}" izz="{yaw}" ixy="0" ixz="0" iyz="0"/></inertial>"""
LINK = """<robot name="own"><material name="body"><color rgba="1 0 0 1"/></material>
  <link name="base_link">{inertial}<visual><geometry><mesh filename="no_such.stl"/></geometry></visual>
    <collision><geometry><box size="1 1 1"/></geometry></collision></link>
  <link name="arm"/>
  <joint name="weld" type="fixed"><parent link="base_link"/><child link="arm"/></joint>{more}</robot>"""


def urdf(mass=100.0, roll=5.0, pitch=6.0, yaw=8.0, more=""):
    inertial = INERTIAL.format(mass=mass, roll=roll, pitch=pitch, yaw=yaw)
    return ElementTree.fromstring(LINK.format(inertial=inertial, more=more))


def masses(robot):
    return {link.get("name"): float(link.find("inertial/mass").get("value")) for link in with_mass(robot)}


def with_mass(robot):
    return [link for link in robot.findall("link") if link.find("inertial") is not None]


def test_what_the_urdf_draws_at_the_base_gives_way_and_the_rest_stays():
    given = urdf()
    robot = urdf_on_chassis(given, PROFILE, CHASSIS)
    assert [link.get("name") for link in robot.findall("link")] == [
        "base_link", "arm", "left_wheel", "right_wheel",
    ]  # fmt: skip
    assert list(robot.iter("mesh")) == []
    names = [shape.get("name") for shape in robot.find("link").findall("collision")]
    assert names == ["body", "caster_front", "caster_back"]
    assert robot.find("link/visual/material").get("name") == "chassis_body"  # the URDF's `body` is red
    assert given.find("link/visual/geometry/mesh") is not None  # the URDF itself is not changed


def test_the_base_weighs_what_its_urdf_says_and_alone_what_the_chassis_says():
    on_it = masses(urdf_on_chassis(urdf(mass=100.0), PROFILE, CHASSIS))
    assert on_it == pytest.approx({"base_link": 92.0, "left_wheel": 4.0, "right_wheel": 4.0})
    alone = masses(chassis_urdf(PROFILE, CHASSIS))
    assert alone == pytest.approx({"base_link": 82.8, "left_wheel": 3.6, "right_wheel": 3.6})


def test_the_middle_of_all_stays_where_the_urdf_has_it():
    robot = urdf_on_chassis(urdf(mass=100.0), PROFILE, CHASSIS)
    body = np.array([float(word) for word in robot.find("link/inertial/origin").get("xyz").split()])
    assert 0.92 * body + 0.08 * np.array([0.0, 0.0, 0.1]) == pytest.approx([0.02, 0.0, 0.2])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (urdf(mass=0.0), "link base_link: got no mass, expected a mass"),
        (urdf(more='<link name="left_wheel"/>'), "link: got left_wheel, expected another name"),
        (urdf(more='<joint name="right_wheel_joint"/>'), "joint: got right_wheel_joint, expected another"),
        (urdf(roll=0.1, pitch=0.1, yaw=0.1), "sim.chassis.wheel_gap_m: got .* kg m2, expected moments"),
        (ElementTree.fromstring('<robot name="r"/>'), "link base_link: got nothing, expected a mass"),
    ],
)
def test_what_cannot_stand_on_a_chassis_is_refused(given, said):
    with pytest.raises(ConfigError, match=said):
        urdf_on_chassis(given, PROFILE, CHASSIS)


def test_without_a_chassis_there_is_no_scene(tmp_path):
    bare = dataclasses.replace(PROFILE, sim=dataclasses.replace(PROFILE.sim, chassis=None))
    with pytest.raises(ConfigError, match=r"sim.chassis: got nothing, expected it"):
        scene_of(bare, 0)


def test_a_base_of_the_room_is_its_chassis_whatever_its_urdf_draws(tmp_path):
    """As in MuJoCo, which does not read the URDF there."""
    (tmp_path / "own.urdf").write_text(ElementTree.tostring(urdf(), encoding="unicode"), encoding="utf-8")
    base = dataclasses.replace(load_robot("diffbot"), urdf=str(tmp_path / "own.urdf"))
    files = write_folder(base, scene_of(base, 0), tmp_path / "out")
    links = ElementTree.parse(files.path("robot.urdf")).getroot().findall("link")
    assert [link.get("name") for link in links] == ["base_link", "left_wheel", "right_wheel"]
