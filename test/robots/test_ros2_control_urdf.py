"""The URDF's part for ros2_control: mock hardware that begins at home and takes what the channels command."""

import dataclasses
from xml.etree import ElementTree

import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.types import CommandKind
from noetra_ros.robots.profile import load_robot
from noetra_ros.robots.ros2_control_urdf import mock_urdf


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


def control_of(*channels):
    """The part for ros2_control of an FR3 that has these channels."""
    arm = load_robot("fr3")
    own = {channel.topic: channel for channel in channels}
    profile = dataclasses.replace(arm, channels=own, default_channel=channels[0].topic)
    return ElementTree.fromstring(mock_urdf(profile)).find("ros2_control")


def commands_of(control, joint):
    return [c.get("name") for c in control.findall(f"joint[@name='{joint}']/command_interface")]


POSITION = load_robot("fr3").channel()
VELOCITY = dataclasses.replace(POSITION, kind=CommandKind.JOINT_VELOCITY, topic="speeds/commands")


def test_mock_hardware_takes_what_the_channels_command():
    wrist = dataclasses.replace(VELOCITY, joints=("fr3_joint7",))
    assert commands_of(control_of(POSITION), "fr3_joint7") == ["position"]
    assert commands_of(control_of(VELOCITY), "fr3_joint7") == ["velocity"]
    both = control_of(POSITION, wrist)
    assert commands_of(both, "fr3_joint7") == ["position", "velocity"]
    assert commands_of(both, "fr3_joint6") == ["position"]


def test_a_joint_that_no_channel_commands_can_be_told_a_position():
    arm = dataclasses.replace(VELOCITY, joints=("fr3_joint1",))
    assert commands_of(control_of(arm), "fr3_joint2") == ["position"]


def test_speeds_have_their_limits_and_move_the_joint():
    control = control_of(VELOCITY)
    command = control.find("joint[@name='fr3_joint1']/command_interface")
    limit = load_robot("fr3").joints["fr3_joint1"].velocity_radps
    assert [float(param.text) for param in command] == [-limit, limit]
    assert control.findtext("hardware/param[@name='calculate_dynamics']") == "true"
    assert control_of(POSITION).find("hardware/param") is None


def test_what_the_urdf_said_of_other_hardware_is_gone(tmp_path):
    arm = load_robot("fr3")
    path = tmp_path / "fr3.urdf"
    text = arm.urdf_path.read_text().replace('"meshes/', f'"{arm.urdf_path.parent}/meshes/')
    path.write_text(text.replace("</robot>", '<ros2_control name="real" type="system"/></robot>'))
    root = ElementTree.fromstring(mock_urdf(dataclasses.replace(arm, urdf=str(path))))
    assert [part.get("name") for part in root.findall("ros2_control")] == ["fr3"]


def test_without_a_urdf_there_is_no_mock():
    with pytest.raises(ConfigError, match="urdf: got nothing, expected a URDF"):
        mock_urdf(load_robot("diffbot"))
