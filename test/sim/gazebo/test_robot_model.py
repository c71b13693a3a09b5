"""A URDF as an SDF model: what cannot be had is named, marks become frames, casters slide."""

from xml.etree import ElementTree

import pytest
from arm_on_table import urdf_text

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.gazebo.chassis import chassis_urdf
from noetra_ros.sim.gazebo.robot_model import robot_model
from noetra_ros.sim.scene_description import Mount

BASE = load_robot("diffbot")


def model_of(text, mount=Mount.DRIVING):
    return robot_model(BASE, ElementTree.fromstring(text), mount)


def test_a_link_without_mass_that_is_fixed_is_a_frame():
    model = model_of(urdf_text())
    (frame,) = model.findall("frame")
    assert (frame.get("name"), frame.get("attached_to")) == ("flange", "link_7")
    assert frame.find("pose").get("relative_to") == "link_7"
    assert "flange" not in [link.get("name") for link in model.findall("link")]


def test_a_link_that_moves_without_mass_is_refused():
    text = urdf_text().replace('<mass value="0.59', '<mass value="0.000000')
    with pytest.raises(ConfigError, match="link link_7: got no mass, expected mass and inertia"):
        model_of(text)


def test_a_joint_of_another_type_is_refused():
    text = urdf_text().replace('name="joint_3" type="revolute"', 'name="joint_3" type="planar"')
    with pytest.raises(ConfigError, match="joint joint_3: got planar, expected revolute, prismatic"):
        model_of(text)


def test_only_a_fixed_base_is_bolted_to_the_world():
    joints = {j.get("name"): j for j in model_of(urdf_text(), Mount.FIXED).findall("joint")}
    assert joints["mount"].findtext("parent") == "world"
    assert "mount" not in [j.get("name") for j in model_of(urdf_text()).findall("joint")]


def test_without_a_servo_the_urdfs_effort_holds():
    joint = model_of(urdf_text()).find("joint[@name='joint_1']")
    assert float(joint.findtext("axis/limit/effort")) == 80.0
    assert joint.find("axis/dynamics") is None


def test_a_base_stands_on_two_wheels_and_two_balls_that_slide():
    chassis = BASE.sim.chassis
    model = robot_model(BASE, chassis_urdf(BASE, chassis), Mount.DRIVING)
    balls = model.findall("link[@name='base_link']/collision/geometry/sphere")
    assert [float(ball.findtext("radius")) for ball in balls] == [chassis.wheel_radius_m / 2] * 2
    casters = [c for c in model.iter("collision") if c.get("name").startswith("caster")]
    assert [float(c.findtext("surface/friction/ode/mu")) for c in casters] == [0.0, 0.0]
    wheels = [j.findtext("child") for j in model.findall("joint")]
    assert wheels == ["left_wheel", "right_wheel"]
