"""ros2_control: a controller for each channel that has one, mock hardware that begins at home."""

from xml.etree import ElementTree

import pytest
import yaml

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots.controllers import controllers_yaml, mock_urdf
from noetra_ros.robots.profile import load_robot


def test_controllers_have_the_joints_of_their_channel_in_its_order():
    profile = load_robot("so101")
    parameters = yaml.safe_load(controllers_yaml(profile))
    assert set(parameters) == {
        "controller_manager",
        "forward_position_controller",
        "joint_trajectory_controller",
    }
    for name in ("forward_position_controller", "joint_trajectory_controller"):
        assert parameters[name]["ros__parameters"]["joints"] == list(profile.channel().joints)


def test_a_base_has_none():
    with pytest.raises(ConfigError, match=r"none of ros2_control"):
        controllers_yaml(load_robot("diffbot"))


def test_mock_hardware_begins_at_home_within_the_limits(tmp_path):
    profile = load_robot("fr3")
    root = ElementTree.fromstring(mock_urdf(profile))
    joint = root.find("ros2_control/joint[@name='fr3_joint4']")
    assert joint.find("state_interface[@name='position']/param").text == "-2.3562"
    assert joint.find("command_interface/param[@name='max']").text == "-0.1518"
    assert root.find("ros2_control/hardware/plugin").text == "mock_components/GenericSystem"


def test_its_meshes_are_found_from_anywhere():
    root = ElementTree.fromstring(mock_urdf(load_robot("fr3")))
    names = {mesh.get("filename") for mesh in root.iter("mesh")}
    assert all(name.startswith("file:///") for name in names)
